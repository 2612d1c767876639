/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* Reads one clause of a title without its times, and appends what it says to ${parts}. */
struct title_parts {
	VEC(struct title_part) list;
	enum fault warning;
	const char *warning_word;
	enum title_clock clock;
	int clock_from, clock_to; /* of title_when.h */
};

void title_clause(const struct titles *titles, const struct items *items, struct item *list,
    size_t count, struct title_parts *parts);
