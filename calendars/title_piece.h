/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/event.h"
#include "calendars/titles/title.h"

/* The stretch of an event that one part of its title is about: "Kim 9-5 / Lee 5-9" divides its
 * event in two. Wall clock throughout. */
struct piece {
	int64_t start, end;            /* empty if they are equal */
	const struct title_part *part; /* what is true of it; the caller's */
	size_t number; /* among the pieces of its instance, for its key; the caller's */
};

/* The stretch of ${whole} that ${part} of the title is about; empty if there is none, or if it is
 * not clear which. ${whole} is the event's own time. */
struct piece piece_of_part(
    const struct event *event, struct piece whole, const struct title_part *part);

/* Sorts by start. */
void pieces_sort(struct piece *pieces, size_t count);
