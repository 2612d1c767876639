/* SPDX-License-Identifier: MIT */
#include "tests/support/allocation.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

/* ------------------------------------------------------------------------ the allocator of the program */

/*
 * server/base/memory.c asks these for memory: AddressSanitizer's, where the program is built with it, else the C library's.
 * The linker puts ours before them (--wrap).
 */
void *__real___interceptor_malloc(size_t size) __attribute__((weak));
void *__real___interceptor_calloc(size_t count, size_t size) __attribute__((weak));
void *__real___interceptor_realloc(void *memory, size_t size) __attribute__((weak));
void __interceptor_free(void *memory) __attribute__((weak));
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void __libc_free(void *memory);

/* Counted only while a scenario runs. */
static bool counting, from_then_on;
static unsigned long counted, failing;
static long alive;

static bool
fails(void)
{
	if (!counting)
		return false;
	counted++;
	if (failing == 0 || counted < failing || (counted > failing && !from_then_on))
		return false;
	errno = ENOMEM;
	return true;
}

static void *
noted(void *memory)
{
	if (counting && memory != NULL)
		alive++;
	return memory;
}

void *
__wrap___interceptor_malloc(size_t size)
{
	if (fails())
		return NULL;
	return noted(__real___interceptor_malloc != NULL ? __real___interceptor_malloc(size)
							 : __libc_malloc(size));
}

void *
__wrap___interceptor_calloc(size_t count, size_t size)
{
	if (fails())
		return NULL;
	return noted(__real___interceptor_calloc != NULL ? __real___interceptor_calloc(count, size)
							 : __libc_calloc(count, size));
}

void *
__wrap___interceptor_realloc(void *memory, size_t size)
{
	void *moved;

	if (fails())
		return NULL;
	moved = __real___interceptor_realloc != NULL ? __real___interceptor_realloc(memory, size)
						     : __libc_realloc(memory, size);
	return memory == NULL ? noted(moved) : moved;
}

void
free(void *memory)
{
	if (counting && memory != NULL)
		alive--;
	if (__interceptor_free != NULL)
		__interceptor_free(memory);
	else
		__libc_free(memory);
}

/* AddressSanitizer has one of its own, which would not come here. */
char *
strdup(const char *string)
{
	size_t len = strlen(string) + 1;
	char *copy = malloc(len);

	return copy == NULL ? NULL : memcpy(copy, string, len);
}

char *
strndup(const char *string, size_t most)
{
	size_t len = strnlen(string, most);
	char *copy = malloc(len + 1);

	if (copy == NULL)
		return NULL;
	copy[len] = '\0';
	return memcpy(copy, string, len);
}

/* ----------------------------------------------------------------------------------------- one failure */

#define LEAKED 13
#define SAID_BYTES 4096

struct outcome {
	int status;
	char said[SAID_BYTES]; /* on standard error */
	unsigned long counted;
	long alive;
};

struct told {
	unsigned long counted;
	long alive;
};

static _Noreturn void
run_child(const struct allocation_scenario *scenario, const struct told *enough, int back)
{
	enum allocation_end end;
	struct told told;

	counting = true;
	end = scenario->run(scenario->ctx);
	counting = false;
	told = (struct told){counted, alive};
	if (write(back, &told, sizeof told) != (ssize_t)sizeof told)
		_exit(EX_IOERR);
	_exit(
	    end != ALLOCATION_WRONG && enough != NULL && alive > enough->alive ? LEAKED : (int)end);
}

/* Empties the pipe of the child's standard error: what does not fit is not kept. */
static void
hear(int fd, char said[SAID_BYTES])
{
	size_t len = 0;
	ssize_t got;
	char more[1024];

	while ((got = read(fd, more, sizeof more)) > 0) {
		size_t keep =
		    (size_t)got < SAID_BYTES - 1 - len ? (size_t)got : SAID_BYTES - 1 - len;

		memcpy(said + len, more, keep);
		len += keep;
	}
	said[len] = '\0';
	close(fd);
}

static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS};

static void
run_once(
    const struct allocation_scenario *scenario, const struct told *enough, struct outcome *outcome)
{
	struct told told = {0, 0};
	int says[2], back[2];
	pid_t pid;

	if (pipe(says) != 0 || pipe(back) != 0)
		abort();
	fflush(NULL);
	counted = 0;
	alive = 0;
	pid = fork();
	if (pid == 0) {
		/* cmocka catches these, and would go on with the next test. */
		for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
			signal(crashes[i], SIG_DFL);
		dup2(says[1], STDERR_FILENO);
		close(says[0]);
		run_child(scenario, enough, back[1]);
	}
	close(says[1]);
	close(back[1]);
	hear(says[0], outcome->said);
	if (pid < 0 || waitpid(pid, &outcome->status, 0) != pid)
		abort();
	if (read(back[0], &told, sizeof told) != (ssize_t)sizeof told)
		told = (struct told){0, 0};
	close(back[0]);
	outcome->counted = told.counted;
	outcome->alive = told.alive;
}

/* -------------------------------------------------------------------------------------- all in turn */

/* The counter of the tally for this outcome. */
static unsigned *
counter(struct allocation_tally *tally, const struct outcome *outcome)
{
	int code = WIFEXITED(outcome->status) ? WEXITSTATUS(outcome->status) : -1;

	switch (code) {
	case ALLOCATION_RIGHT:
		return &tally->right;
	case ALLOCATION_REFUSED:
		return &tally->refused;
	case ALLOCATION_WRONG:
		return &tally->wrong;
	case LEAKED:
		return &tally->leaked;
	case EX_OSERR:
	case EX_SOFTWARE:
		if (strstr(outcome->said, "\"event\":\"process_failed\"") != NULL)
			return &tally->ended;
		return &tally->crashed;
	default:
		return &tally->crashed;
	}
}

static void
try_one(const struct allocation_scenario *scenario, const struct told *enough,
    struct allocation_tally *tally)
{
	struct outcome outcome;
	unsigned *count;

	run_once(scenario, enough, &outcome);
	count = counter(tally, &outcome);
	(*count)++;
	if (tally->first_bad == 0 &&
	    (count == &tally->wrong || count == &tally->leaked || count == &tally->crashed)) {
		tally->first_bad = failing;
		printf(
		    "%s: allocation %lu%s: status %x, %ld blocks left, %ld with memory enough\n%s\n",
		    scenario->name, failing, from_then_on ? " and all after it" : "",
		    (unsigned)outcome.status, outcome.alive, enough->alive, outcome.said);
	}
}

struct allocation_tally
allocation_fail_each(const struct allocation_scenario *scenario, unsigned long most)
{
	struct allocation_tally tally = {0};
	const char *all = getenv("CRISISCOVER_ALLOCATIONS");
	struct outcome enough = {0};
	struct told told;
	unsigned long step;

	if (scenario->run(scenario->ctx) != ALLOCATION_RIGHT)
		return (struct allocation_tally){.wrong = 1};
	failing = 0;
	run_once(scenario, NULL, &enough);
	told = (struct told){enough.counted, enough.alive > 0 ? enough.alive : 0};
	tally.allocations = enough.counted;
	if (all != NULL && strcmp(all, "all") == 0)
		most = enough.counted;
	step = most > 0 && enough.counted > most ? enough.counted / most : 1;
	for (failing = 1; failing <= enough.counted; failing += failing < most / 4 ? 1 : step) {
		from_then_on = false;
		try_one(scenario, &told, &tally);
		from_then_on = true;
		try_one(scenario, &told, &tally);
	}
	printf(
	    "%s: %lu allocations: %u right, %u refused, %u ended with a reason, %u wrong, %u leaked, %u crashed\n",
	    scenario->name, tally.allocations, tally.right, tally.refused, tally.ended, tally.wrong,
	    tally.leaked, tally.crashed);
	return tally;
}
