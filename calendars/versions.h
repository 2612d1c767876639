/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/event.h"

/*
 * Which of several events with one UID are in force. Events that stand for the same thing (a shift
 * or a series with the same start, or a change of the same shift) are versions of it: the highest
 * SEQUENCE counts, then the latest DTSTAMP. If neither settles it, all of them count, with a
 * finding. Exact copies count once. Of events with two different starts the older is marked as
 * superseded, and a person must decide. With three or more starts all are in force.
 */
struct versions {
	struct event **masters, **overrides;
	size_t nmasters, noverrides;
};

/* Chooses among ${events}, which all have one UID and are in the order of the file. */
void versions_choose(struct versions *out, struct arena *arena, struct faults *faults,
    struct event **events, size_t count);
