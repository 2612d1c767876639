/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/text.h"

/* Times of day as people and programs write them into rosters. */
struct roster_clock {
	int64_t seconds; /* after midnight */
	bool half;       /* it may be of either half of the day: "9:30" is also written at 21:30 */
	bool meridian;   /* "am" or "pm" stands beside it */
};

/* HH:MM, H:MM, HH.MM, HHMM, HMM, HH, HHhMM, each with am or pm; HH:MM:00, 24:00, 23:59:59, noon, midnight;
 * and the fraction of a day by which spreadsheets count ("0.375"). */
bool roster_clock_read(struct slice text, struct roster_clock *out);

/* The same, where which half of the day is meant is not asked: seconds after midnight. */
bool roster_time(struct slice text, int64_t *seconds);

/* "09:00-17:00", "9am to 5pm". */
bool roster_range_read(struct slice text, struct roster_clock *from, struct roster_clock *to);

/*
 * Whether it is certain which half of the day two times of one row are of. Of "9:00" to "5:00" it is not,
 * which is mostly an afternoon and would be read as 20 hours. A time from 13:00 on shows that the row is
 * written by 24 hours; ${by_24}: that such a time stands elsewhere in the file, which is enough where the end
 * comes after the start.
 */
bool roster_clocks_agree(
    const struct roster_clock *from, const struct roster_clock *to, bool by_24);
