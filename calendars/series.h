/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/event.h"
#include "calendars/reading.h"

/*
 * Turns the events of one UID into instances: (DTSTART, RRULE and RDATE) less EXDATE, with each
 * changed shift in the place of the shift that it changes. The order of the file does not matter.
 */
struct instance {
	int64_t start, end;
	const struct event *event;
	int64_t recurrence; /* the instant in the rule that this is, or replaces; INSTANT_NONE: not
			       of a series */
	uint32_t part; /* number of this piece, if the rota counts some hours of each day; from 0 */
	bool doubt;    /* a person must decide whether it takes place, or when */
	bool no_length; /* begins and ends at one midnight: a whole day if it is an absence, else
			   nothing */
	bool excluded;  /* taken out by EXDATE: it does not take place, and the calendar says so */
};

struct series {
	struct arena *arena;
	struct faults *faults;
	const struct reading_options *options;
	struct questions *questions;
	uint64_t work;
	bool *asked; /* by order of events: the zone has been asked about */
	VEC(struct instance) instances;
	VEC(struct reading_version) versions; /* of the events in force; empty for a roster */
};

/* Expands all ${count} events, from whichever calendar of the file. Sorts ${events} in place. */
void series_make(struct series *series, struct event **events, size_t count);
