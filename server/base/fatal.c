/* SPDX-License-Identifier: MIT */
#include "server/base/fatal.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "server/base/log.h"

/* _exit: the handlers of a process whose promises are broken are not to be trusted either. */
void
fatal(const char *format, ...)
{
	/* On the stack: the heap may be what is broken. */
	char reason[512];
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof reason, format, args);
	va_end(args);
	/* One event for whatever ends a process, so that one search of the log finds them all. */
	log_event(LOG_ERROR, "process_failed", LOG_STR("reason", reason));
	_exit(EX_SOFTWARE);
}

void *
xmalloc(size_t size)
{
	/* malloc(0) may be NULL, which would look like the end of memory. */
	void *memory = malloc(size ? size : 1);

	if (memory == NULL)
		out_of_memory();
	return memory;
}

void *
xcalloc(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size ? size : 1);

	if (memory == NULL)
		out_of_memory();
	return memory;
}

void *
xrealloc(void *memory, size_t size)
{
	void *moved = realloc(memory, size ? size : 1);

	if (moved == NULL)
		out_of_memory();
	return moved;
}

char *
xstrdup(const char *string)
{
	size_t len = strlen(string) + 1;

	return memcpy(xmalloc(len), string, len);
}

char *
xvasprintf(const char *format, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, format, args) < 0)
		out_of_memory();
	return text;
}

char *
xasprintf(const char *format, ...)
{
	char *text;
	va_list args;

	va_start(args, format);
	text = xvasprintf(format, args);
	va_end(args);
	return text;
}
