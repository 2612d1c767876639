/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/faults.h"
#include "calendars/titles/named_days.h"

/*
 * What a title says about when its event is. A title is read without its event, so it counts for
 * its people only on events that agree with it.
 */
struct title_hours_of_day {
	int from, to; /* minutes of the day; equal: none */
};

/* Hours in a title that say nothing if they are those of its event. */
enum title_clock {
	TITLE_NO_CLOCK,
	TITLE_HALF_CLOCK, /* "9-9": in the morning or in the evening */
	TITLE_CLOCK       /* "J Jones, S Ahmed 09:00-17:00": of both, or of S Ahmed? */
};

struct title_when {
	struct named_days days;
	int most_hours; /* the longest that the shift which it names can be; 0: it names none, or
			   several */
	struct title_hours_of_day part; /* when such a shift is, early to late: "Night", "AM" */
	enum title_clock clock;
	int clock_from, clock_to; /* minutes of the day */
	/* The times that are written alone, in minutes of the day and one: "J Jones 5pm", "09:00 | 21:00";
	 * 0: none; last is -1 if there are more than two. */
	int time, last_time;
};

/* The words of ${items} alone; the clock is for the caller. */
struct title_when title_when_of(const struct titles *titles, const struct items *items);

/* Why a title that says ${when} is not about all of an event from ${start} to ${end}, seconds of
 * local time; FAULT_NONE if it may be. */
enum fault title_when_fault(const struct title_when *when, int64_t start, int64_t end);
