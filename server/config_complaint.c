/* SPDX-License-Identifier: MIT */
#include "server/config_complaint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
config_complain(struct config_complaint *complaint, const char *key, const char *format, ...)
{
	va_list args;
	int used;

	if (complaint->made) /* the first is the one whose line inih reports */
		return;
	complaint->made = true;
	used = snprintf(complaint->text, sizeof complaint->text, "%.64s: ", key);
	va_start(args, format);
	vsnprintf(complaint->text + used, sizeof complaint->text - (size_t)used, format, args);
	va_end(args);
}

/* The exit code is that of a wrong command line. */
_Noreturn void
config_refuse(const char *where, int line, const struct config_complaint *complaint)
{
	if (line > 0)
		fprintf(stderr, "crisiscoverd: %s line %d: %s\n", where, line, complaint->text);
	else
		fprintf(stderr, "crisiscoverd: %s: %s\n", where, complaint->text);
	exit(CONFIG_USAGE_EXIT);
}
