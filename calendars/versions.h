#pragma once

#include "calendars/event.h"

/*
 * Which of several events with one UID are meant: of those that stand for the same thing (the
 * series, or the change of one shift) the highest SEQUENCE, then the latest DTSTAMP; if neither
 * settles it, all of them, with a finding. Exact copies count once.
 */
struct versions {
	struct event **masters, **overrides;
	size_t nmasters, noverrides;
};

/* ${events} all have one UID, in the order of the file. */
void versions_choose(struct versions *out, struct arena *arena, struct faults *faults,
    struct event **events, size_t count);
