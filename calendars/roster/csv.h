/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/event.h"
#include "calendars/reading.h"
#include "calendars/titles/title.h"

/* The rows of a roster (columns Unit, Staff Name, Grade, Shift, Start, End, Date, Status and
 * others), each as an event whose title has been read. */
struct roster {
	VEC(struct event *) events;
	uint32_t nrows;
	struct reading_date dates[READING_DATES_SHOWN]; /* the first that could be dd/mm or mm/dd */
	size_t ndates;                                  /* 0: it is known which */
};

/* Reads ${bytes}, a CSV file, into ${out}; memory is of the arena of ${titles}. Nothing is returned: what
 * could not be read is in ${faults}, which also say whether the file was refused as a whole. */
void csv_read(struct roster *out, struct titles *titles, struct slice bytes, struct faults *faults);
