/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/zone.h"

/* The options of one command as a table: `--name value` or a bare `--name`, anywhere among the
 * words. */
struct option_row {
	const char *name;   /* without the dashes; NULL ends the table */
	const char **value; /* set when given; NULL for a bare one */
	bool *given;        /* set when given; for bare ones */
};

/*
 * Reads ${argv} (from index 1) by ${rows}; the other words, in order, go to ${words} (at most
 * ${max}; unset ones stay NULL). NULL if all is well, else what is wrong (static memory, valid
 * until the next call).
 */
const char *options_read(
    int argc, char **argv, const struct option_row *rows, const char **words, unsigned max);

/* The values of an option that may be given several times. */
enum { OPTION_VALUES_MAX = 200 };
struct option_values {
	const char *items[OPTION_VALUES_MAX];
	unsigned count;
};

/* Takes every `--name value` out of ${argv}, to be called before options_read. NULL, or what is
 * wrong, as there. */
const char *options_take(int *argc, char **argv, const char *name, struct option_values *values);

/*
 * The instant that ${text} means: RFC 3339 ("2026-11-22T03:10:00Z"), a day ("2026-11-22": its
 * midnight in ${zone}), or wall clock in ${zone} ("2026-11-22 20:00"). NULL if all is well, else
 * what is wrong, beginning with ${option} (static memory, valid until the next call): a time that
 * the clock skips, or has twice, is refused with both readings named. ${text} NULL: it is missing.
 */
const char *options_time(
    const char *option, const char *text, const struct zone *zone, int64_t *utc);
