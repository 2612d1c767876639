/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/series.h"

/* The recurrence set of one master: where its instances lie, which of them are taken out, and which
 * are moved. */

/* One place in the recurrence set. */
struct place {
	int64_t instant, local;
	struct lasting lasting;
	bool first;    /* DTSTART itself */
	bool own;      /* a PERIOD, with an end of its own */
	bool excluded; /* by EXDATE */
	bool doubt;    /* an EXDATE or a change of its day hits no place: it may be meant */
};

/* A changed shift, by what it changes. */
struct change {
	int64_t key; /* an instant, or a day's number */
	const struct event *event;
};

struct series_set {
	struct series *series;
	const struct event *master;
	const struct zone *zone;
	bool repeats, gap_told, zero_told, missed_told;
	int64_t ends;       /* from this instant on another event goes on with the series */
	int64_t doubt_from; /* from this one on its places are in doubt */
	int64_t reach;      /* how far shifted series may come from outside the window */
	VEC(struct place) places;
	VEC(struct change) by_instant;
	VEC(struct change) by_day;
	VEC(struct change) shifts; /* THISANDFUTURE without a rule of its own, ascending */
	VEC(int64_t) gone;         /* EXDATE as instants */
	VEC(int64_t) gone_days;
	VEC(int64_t) missed; /* days of EXDATEs and changes that hit no place, ascending */
};

/* Of ${overrides}, all of which say what they change, the one that goes on with the series by a
 * rule of its own (THISANDFUTURE), or NULL: none does, or more than one changes what is behind it.
 */
struct event *series_set_successor(struct event *const *overrides, size_t count);

/* Fills ${set}, whose series, master, zone and repeats are given, from the master and the changes
 * of it. */
void series_set_make(struct series_set *set, struct event *const *overrides, size_t count);

/* Whether ${place} is the master's own; excluded; or another event stands in its place, excluded or
 * not. */
enum place_fate { PLACE_STANDS, PLACE_EXCLUDED, PLACE_CHANGED };
enum place_fate series_set_fate(const struct series_set *set, const struct place *place);

/* The change that all instances from an earlier one up to ${instant} share (THISANDFUTURE), or
 * NULL; how the wall clock moves with it. */
const struct event *series_set_shift(const struct series_set *set, int64_t instant, int64_t *by);
