/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/pulse.h"
#include "server/base/stack.h"

static struct pulse_page *page;

static void
counting_without_a_page_does_nothing(void **state)
{
	(void)state;
	pulse_turn();
	pulse_long(5);
	pulse_work(true);
	pulse_work(false);
	pulse_ready();
}

static void
what_the_role_counts_the_supervisor_reads(void **state)
{
	int fd = pulse_make(&page), given;

	(void)state;
	assert_true(fd >= 0);
	assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	given = dup(fd);
	assert_true(given >= 0);
	pulse_open(given);
	assert_int_equal(fcntl(given, F_GETFD), -1); /* closed */
	pulse_turn();
	pulse_turn();
	assert_int_equal(page->turns, 2);
	pulse_long(7);
	assert_int_equal(page->allowed_seconds, 7);
	pulse_turn();
	assert_int_equal(page->allowed_seconds, 0);
	pulse_work(true);
	assert_true(page->working && page->steps == 1);
	pulse_work(true);
	pulse_work(false);
	assert_true(!page->working && page->steps == 3);
	assert_false(page->ready);
	pulse_ready();
	assert_true(page->ready);
	/* Nobody who has the descriptor can take the page away under the supervisor. */
	assert_int_equal(ftruncate(fd, 0), -1);
	close(fd);
}

/* A child of a role reads what strangers have written. */
static void
a_child_has_no_pulse(void **state)
{
	uint64_t before = page->turns;
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		pulse_turn();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(page->turns, before);
}

/* What a process that is told to abort writes to its log; ${fd} is the end of a pipe for it. */
static _Noreturn void
abort_into(int fd, bool in_child)
{
	pid_t pid;
	int status;

	dup2(fd, STDERR_FILENO);
	stack_on_abort("tester");
	pid = in_child ? fork() : 0;
	if (pid == 0) {
		raise(SIGABRT);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	_exit(WIFSIGNALED(status) ? 10 + WTERMSIG(status) : 0);
}

static size_t
run_abort(bool in_child, char *text, size_t size, int *status)
{
	size_t len = 0;
	ssize_t got;
	int ends[2];
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0)
		abort_into(ends[1], in_child);
	close(ends[1]);
	while ((got = read(ends[0], text + len, size - 1 - len)) > 0)
		len += (size_t)got;
	close(ends[0]);
	text[len] = '\0';
	assert_int_equal(waitpid(pid, status, 0), pid);
	return len;
}

/* holds: F15 */
static void
an_abort_logs_the_stack_in_one_line(void **state)
{
	char text[32768];
	size_t len;
	int status;

	(void)state;
	len = run_abort(false, text, sizeof text, &status);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	assert_false(WCOREDUMP(status));
	assert_true(len > 0);
	assert_ptr_equal(strchr(text, '\n'), text + len - 1);
	assert_non_null(strstr(
	    text, "\"level\":\"error\",\"role\":\"tester\",\"event\":\"stack\",\"frames\":[\""));
	assert_non_null(strstr(text, "test_pulse"));
	assert_string_equal(text + len - 4, "\"]}\n");
}

static void
a_child_that_aborts_logs_nothing(void **state)
{
	char text[32768];
	int status;

	(void)state;
	assert_int_equal(run_abort(true, text, sizeof text, &status), 0);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 10 + SIGABRT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(counting_without_a_page_does_nothing),
	    cmocka_unit_test(what_the_role_counts_the_supervisor_reads),
	    cmocka_unit_test(a_child_has_no_pulse),
	    cmocka_unit_test(an_abort_logs_the_stack_in_one_line),
	    cmocka_unit_test(a_child_that_aborts_logs_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
