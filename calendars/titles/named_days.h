/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/vec.h"

/*
 * The days that a title names: "Fri", "24th", "24/12", "7-13 Dec", "Boxing Day". What a
 * title leaves open fits every day: "24th" is the 24th of any month.
 */
struct named_date {
	int day, month, year; /* 0: not said */
};

struct named_range {
	struct named_date first, last;
};

struct named_days {
	unsigned weekdays; /* bit 0 is Monday; 0: no weekday is named */
	VEC(struct named_range) dates;
	int first_year,
	    last_year; /* of the rota that it was copied from: "2026 rota"; 0: not said */
};

struct items;
struct titles;

/* Collects the days that ${items} name. The list lives in the arena of ${titles}. */
struct named_days named_days_of(const struct titles *titles, const struct items *items);

/* Whether an event from ${start} to ${end}, seconds of local time, is on the days named; true if
 * none are. Of an event of up to a day its first day must be among them, or one that holds half of
 * it: a night has two. Of a longer one every whole day must be. */
bool named_days_fit(const struct named_days *days, int64_t start, int64_t end);

/* Whether "1/2" at item ${at} is a day and a month, and cannot be a half or one of several. */
bool named_days_is_short(const struct items *items, size_t at);
