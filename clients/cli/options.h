/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/zone.h"

/* The options of one command, as a table: `--name value`, or `--name` alone. They may stand anywhere among
 * the words. */
struct option_row {
	const char *name;   /* without the dashes; NULL ends the table */
	const char **value; /* set when given; NULL for a bare one */
	bool *given;        /* set when given; for bare ones */
};

/*
 * Reads ${argv} (from index 1) by the table ${rows}. The other words, in order, go to ${words} (at most
 * ${max}; the rest is not changed). Returns NULL, or what is wrong (static memory, valid until the next
 * call).
 */
const char *options_read(
    int argc, char **argv, const struct option_row *rows, const char **words, unsigned max);

/* The values of an option that may be given several times. */
enum { OPTION_VALUES_MAX = 200 };
struct option_values {
	const char *items[OPTION_VALUES_MAX];
	unsigned count;
};

/* Removes every `--name value` from ${argv} and collects the values. Call it before options_read. Returns as
 * options_read does. */
const char *options_take(int *argc, char **argv, const char *name, struct option_values *values);

/*
 * Reads the instant ${text}: RFC 3339 ("2026-11-22T03:10:00Z"), a day ("2026-11-22": its first midnight in
 * ${zone}), or local time in ${zone} ("2026-11-22 20:00"). A local time that the clocks skip or have twice
 * is refused, and the message names both instants. Returns NULL, or what is wrong, beginning with ${option}
 * (static memory, valid until the next call). ${text} may be NULL: the option is missing.
 */
const char *options_time(
    const char *option, const char *text, const struct zone *zone, int64_t *utc);
