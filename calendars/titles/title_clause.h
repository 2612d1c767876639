/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* What a title says, and the warning about it. */
struct title_parts {
	VEC(struct title_part) list;
	enum fault warning;
	const char *warning_word;
	enum title_clock clock;
	int clock_from, clock_to; /* of title_when.h */
};

/* A clause as its readers share it: its items, and where they add what it says. */
struct title_clause {
	const struct titles *titles;
	const struct items *items;
	struct item *list;
	size_t count;
	struct title_parts *parts;
};

/* Reads one clause of a title without its times, and appends what it says to ${parts}. */
void title_clause(const struct titles *titles, const struct items *items, struct item *list,
    size_t count, struct title_parts *parts);
