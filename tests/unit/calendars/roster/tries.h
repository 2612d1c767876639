/* SPDX-License-Identifier: MIT */
#pragma once

#include "tests/unit/calendars/support.h"

/* Fails unless each of the array ${wants} of rosters is read as it must be; those of TRY_BELOW are rows below ${head}. */
#define TRY_BELOW(head, wants, options)                                                            \
	support_try((head), (wants), sizeof(wants) / sizeof *(wants), (options))
#define TRY(wants, options) TRY_BELOW("", (wants), (options))

/* Options for a grid: ${own} (NULL: none is named) are the columns or rows of the rota, 09:00 to 17:00 its hours, LD, N and AL its
 * codes. */
static inline struct reading_options
grid_options(enum reading_layout layout, const char *const *own)
{
	static const struct reading_shift_code codes[] = {
	    {"LD", NULL, READING_CODE_HOURS, 7 * 3600 + 1800, 20 * 3600},
	    {"N", NULL, READING_CODE_HOURS, 20 * 3600, 8 * 3600},
	    {"AL", NULL, READING_CODE_ABSENCE, 0, 0},
	};
	struct reading_options options = support_roster_options();

	options.grid = (struct reading_grid){
	    .layout = layout, .own = own, .hours = {true, 9 * 3600, 17 * 3600}};
	options.shift_codes = codes;
	options.nshift_codes = sizeof codes / sizeof *codes;
	return options;
}
