/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "server/base/fatal.h"

/*
 * malloc() and its kin for the whole program, libraries included: they never return NULL for want of memory, but end the
 * process with a reason, as xmalloc() does.
 *
 * A library that is refused memory may leave out what it could not keep and go on: libical loses an EXDATE, and a shift that
 * was cancelled is read as cover. Others follow a NULL. glibc lets a program replace these functions ("Replacing malloc" in
 * its manual); free() and what asks for aligned memory stay its own.
 */

void *__libc_malloc(size_t size);                /* NOLINT(bugprone-reserved-identifier) */
void *__libc_calloc(size_t count, size_t size);  /* NOLINT(bugprone-reserved-identifier) */
void *__libc_realloc(void *memory, size_t size); /* NOLINT(bugprone-reserved-identifier) */

/* AddressSanitizer's, where the program is built with it: theirs must get what its free() takes. */
#define SANITIZER __attribute__((weak))
SANITIZER void *__interceptor_malloc(size_t size); /* NOLINT(bugprone-reserved-identifier) */
SANITIZER void *__interceptor_calloc(
    size_t count, size_t size); /* NOLINT(bugprone-reserved-identifier) */
SANITIZER void *__interceptor_realloc(
    void *memory, size_t size); /* NOLINT(bugprone-reserved-identifier) */

/* Without allocating, which fatal() may do. */
_Noreturn void
out_of_memory(void)
{
	static const char line[] = "{\"level\":\"error\",\"event\":\"process_failed\","
				   "\"reason\":\"out of memory\"}\n";
	ssize_t ignored = write(STDERR_FILENO, line, sizeof line - 1);

	(void)ignored;
	_exit(EX_OSERR);
}

void *
malloc(size_t size)
{
	void *memory =
	    __interceptor_malloc != NULL ? __interceptor_malloc(size) : __libc_malloc(size);

	if (memory == NULL)
		out_of_memory();
	return memory;
}

void *
calloc(size_t count, size_t size)
{
	void *memory = __interceptor_calloc != NULL ? __interceptor_calloc(count, size)
						    : __libc_calloc(count, size);

	if (memory == NULL)
		out_of_memory();
	return memory;
}

/* Of no size it is free(), and NULL no failure. */
void *
realloc(void *memory, size_t size)
{
	void *moved = __interceptor_realloc != NULL ? __interceptor_realloc(memory, size)
						    : __libc_realloc(memory, size);

	if (moved == NULL && size > 0)
		out_of_memory();
	return moved;
}
