/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/event.h"
#include "calendars/reading.h"

/* What a file is read with, and where what is wrong with it and what is to be asked goes. */
struct ical_with {
	const struct reading_tools *tools;
	const struct reading_options *options;
	struct arena *arena;
	struct faults *faults;
	struct questions *questions;
};

/* The events of an iCalendar file. */
struct ical {
	VEC(struct event *) events;
	uint32_t nevents;      /* VEVENTs in the file, readable or not */
	const char *zone_used; /* for people */
	const char *name;      /* X-WR-CALNAME, or NULL */
};

/* Reads ${bytes} into ${out}. The faults of ${with} may be refused afterwards; then the events are
 * those that came before the reason, and are not to be used. */
void ical_read(struct ical *out, const struct ical_with *with, struct slice bytes);
