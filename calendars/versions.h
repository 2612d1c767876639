/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/event.h"

/*
 * Which of several events with one UID are meant: of those that stand for the same thing (a shift
 * or series that begins at one time, or the change of one shift) the highest SEQUENCE, then the
 * latest DTSTAMP; if neither settles it, all of them, with a finding. Exact copies count once. Of
 * events that begin at two times the older is marked as superseded, which is for a person to
 * decide; at three times or more all are meant.
 */
struct versions {
	struct event **masters, **overrides;
	size_t nmasters, noverrides;
};

/* ${events} all have one UID, in the order of the file. */
void versions_choose(struct versions *out, struct arena *arena, struct faults *faults,
    struct event **events, size_t count);
