/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/event.h"
#include "calendars/reading.h"

/*
 * Events that share a UID, as the instants they mean: (DTSTART and RRULE and RDATE) less EXDATE,
 * each changed shift in the place of the one it changes. The order of the file never matters.
 */
struct instance {
	int64_t start, end;
	const struct event *event;
	int64_t recurrence; /* the instant of the rule that this is or stands for; INT64_MIN: not of
			       a series */
	uint32_t part;      /* of a longer event that counts some hours of each day, from 0 */
	bool doubt;         /* when it is, or whether, is for a person to decide */
	bool no_length;     /* at midnight: a whole day if it is an absence, else nothing */
	bool excluded;      /* by EXDATE: there is none, and the calendar says so */
};

struct series {
	struct arena *arena;
	struct faults *faults;
	const struct reading_options *options;
	struct questions *questions;
	uint64_t work;
	bool *asked; /* by order of events: its zone is among the questions */
	VEC(struct instance) instances;
	VEC(struct reading_version) versions; /* of the events in force; of a roster none */
};

/* Lays out all ${count} events, whatever calendar of the file they are from. ${events} is put in
 * another order. */
void series_make(struct series *series, struct event **events, size_t count);
