/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"
#include "calendars/titles/named_days.h"

/* The dates of a title: the half of named_days.c that is about numbers of days and months. Internal to
 * these two files. */

/* A weekday, a date, or both: "Fri", "1 Jan", "Fri 1 Jan". */
struct mention {
	unsigned weekdays;
	VEC(struct named_range) dates;
};

struct finder {
	const struct titles *titles;
	const struct items *items;
	struct named_days days;
};

/* The item at ${at}; NULL after the last. */
const struct item *named_item(const struct finder *f, size_t at);

/* Whether there is a mark at ${at} and it is one of ${set}. */
bool named_is_mark(const struct finder *f, size_t at, const char *set);

/* The length of what joins two days at ${at}: "-", "to", a hyphen without blanks; ${range}: whether
 * the days between them are meant, too, which "/" and "and" do not say. */
bool named_joins_days(const struct finder *f, size_t at, size_t *len, bool *range);

/* "30th-2nd Jan", "28/12-3/1/2027": ${first} with the month and year that it leaves open and that
 * follow from ${last}. */
struct named_date named_before(struct named_date first, struct named_date last);

/* Adds to ${m} the date, dates or month at ${at}. Returns how many items it takes; 0: none is there. */
size_t named_read_date(struct finder *f, size_t at, struct mention *m);
