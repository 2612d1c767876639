/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdarg.h>
#include <stddef.h>

/*
 * Our own bugs and startup faults end the process: it says why in one line of the log and exits
 * with EX_SOFTWARE (70). The supervisor starts it again; PostgreSQL holds the truth. Never called
 * for what others did.
 */
_Noreturn void fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Asserts something that our own code promises. Stays on in production. */
#define INVARIANT(condition)                                                                       \
	((condition) ? (void)0                                                                     \
		     : fatal("broken invariant at %s:%d: %s", __FILE__, __LINE__, #condition))

/* Out of memory: says so in one line of the log and ends the process with EX_OSERR (71), for a role restarts sooner than it
 * half works. A sandbox's parent knows from that what its child died of. memory.c has malloc() end so for the libraries too. */
_Noreturn void out_of_memory(void);

/* Allocation that does not fail. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *memory, size_t size);
char *xstrdup(const char *string);

/* What asprintf() makes; free with free(). */
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *xvasprintf(const char *format, va_list args) __attribute__((format(printf, 1, 0)));
