/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/map/remarks.h"

/* The order in which remarks are kept, by which they are found again. Internal to remarks*.c. */

/* How reports about ${person}, or the line of ${service}, stand to ${report}: negative before it, zero
 * with it. */
int remarks_compare_who(uint32_t person, uint32_t service, const struct kept_report *report);

/* What a note is on. */
struct note_key {
	uint8_t on;
	uint32_t first, second;
};
struct note_key remarks_key_of(const struct kept_note *note);
int remarks_compare_keys(struct note_key a, struct note_key b);

/* The whole order, as qsort() wants it: of struct kept_report, of struct kept_note. */
int remarks_compare_reports(const void *left, const void *right);
int remarks_compare_notes(const void *left, const void *right);
