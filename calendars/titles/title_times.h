/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/title_clause.h"

/* Hours in a title: "17-21", "17:00 to 21:00", "until 22.00", "from 9am". */
struct title_hours {
	enum title_span kind;
	int from, to;
	bool vague;
	size_t at, len; /* items */
};

/* The hours at item ${at} of ${list}; false if there are none. */
bool title_find_hours(const struct items *items, const struct item *list, size_t count, size_t at,
    struct title_hours *out);

/* Reads the words of a title, each clause with its own hours. */
void title_read_words(const struct titles *titles, struct items *items, struct title_parts *parts);
