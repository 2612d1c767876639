/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/event.h"
#include "calendars/reading.h"

/* The events of an iCalendar file. */
struct ical {
	VEC(struct event *) events;
	uint32_t nevents;            /* VEVENTs in the file, readable or not */
	const char *zone_used;       /* for people */
	const char *name;            /* X-WR-CALNAME, or NULL */
	struct questions *questions; /* given: what is asked goes there */
};

/* Reads ${bytes}; what is wrong with them goes to ${faults}, which may then be refused. */
void ical_read(struct ical *out, const struct reading_tools *tools,
    const struct reading_options *options, struct slice bytes, struct arena *arena,
    struct faults *faults);
