/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/series.h"

/* The recurrence set of one master event: where its instances are, which of them are excluded, and
 * which are changed. */

/* One place in the recurrence set. */
struct place {
	int64_t instant, local;
	struct lasting lasting;
	bool first;    /* DTSTART */
	bool own;      /* a PERIOD, which has its own end */
	bool excluded; /* by EXDATE */
	bool doubt; /* an EXDATE or a change on its day matches no place, and may mean this one */
};

/* A changed shift, with the key of what it changes. */
struct change {
	int64_t key; /* an instant, or a day's number */
	const struct event *event;
};

struct series_set {
	struct series *series;
	const struct event *master;
	const struct zone *zone;
	bool repeats, gap_told, zero_told, missed_told;
	int64_t ends;       /* from this instant on, another event continues the series */
	int64_t doubt_from; /* from this instant on, its places are in doubt */
	int64_t reach;      /* seconds by which a THISANDFUTURE change may move an instance into the
			       window */
	VEC(struct place) places;
	VEC(struct change) by_instant;
	VEC(struct change) by_day;
	VEC(struct change) shifts; /* THISANDFUTURE without a rule of its own, ascending */
	VEC(int64_t) gone;         /* EXDATE as instants */
	VEC(int64_t) gone_days;
	VEC(int64_t) missed; /* days of EXDATEs and changes that match no place, ascending */
};

/* The event among ${overrides} that continues the series with a rule of its own (THISANDFUTURE).
 * NULL if there is none, or if there is another THISANDFUTURE change after it. Every override must
 * have a RECURRENCE-ID. */
struct event *series_set_successor(struct event *const *overrides, size_t count);

/* Fills ${set} from the master and its changes. The caller has set series, master, zone and
 * repeats. */
void series_set_make(struct series_set *set, struct event *const *overrides, size_t count);

/* What becomes of ${place}: an instance of the master, excluded, or replaced by another event. A
 * change comes before an EXDATE of the same place. */
enum place_fate { PLACE_STANDS, PLACE_EXCLUDED, PLACE_CHANGED };
enum place_fate series_set_fate(const struct series_set *set, const struct place *place);

/* The THISANDFUTURE change that is in force at ${instant}, and in ${by} the seconds by which it
 * moves the wall clock; NULL if there is none. */
const struct event *series_set_shift(const struct series_set *set, int64_t instant, int64_t *by);
