/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/model/sweep.h"

/* What stands for the rota of absences that were typed in: no code of a region has a colon. */
#define OVERRIDE_ABSENCES "absence:typed"

/*
 * Overrides laid over what a rota's source says: for a time, somebody is on who was named here, and
 * whoever he stands in for is not. The one rule for everybody who sweeps, lists or shows shifts:
 * what comes out is what the rota says, so that nobody can show two names as if both were true.
 */
#define OVERRIDE_THIRD_MAX 4

/*
 * What one row of an override says of its time (0027_override_places.sql): its stand-in is on; it
 * is in dispute, since the source has taken the replaced person's shift away or names a third
 * person; or this rota has nobody.
 */
enum override_kind { OVERRIDE_PUTS_ON, OVERRIDE_DISPUTED, OVERRIDE_NOBODY };

/* As the row of the table shift has its class. */
enum override_kind override_kind_of(const char *class);

/* One row of an override. */
struct override {
	int64_t id; /* in the order of making */
	enum override_kind kind;
	int64_t start, end;
	int64_t shift;    /* the id of its row, for the stand-in's shift */
	uint32_t person;  /* the stand-in; SWEEP_NOBODY: somebody whom the set-up does not know any
			     more, which is undecided and never cover; or nobody (the kind) */
	uint32_t instead; /* SWEEP_NOBODY: nobody is replaced */
	uint32_t third[OVERRIDE_THIRD_MAX]; /* whom the source has put into the place of ${instead}
					       since; the first nthird. Nobody's place, nobody's:
					       without ${instead} they stay */
	uint32_t nthird;
	bool took; /* set if the source has ${instead} on where this takes him away */
};

struct override_shifts {
	const struct shift *items; /* by start, end, id */
	size_t count;
};

/*
 * One rota's ${shifts} (in any order, none of them of an override) with ${overrides} (sorted here,
 * by id, then start) laid over. One after another, each takes [start, end) out of what ${person},
 * ${instead} and ${third} have on this rota, be it named, tentative or by an earlier override, and
 * puts the stand-in there: so a later one wins. What is left of a shift keeps its id, in one piece
 * or two. Team lines and entries that name nobody stay. In dispute the stand-in is undecided, and
 * so is what ${third} have there: nobody of them counts, all are shown. One that says nobody takes
 * everything of the rota, whatever it is. Lives in ${arena}; without overrides the items are
 * ${shifts} themselves, and must be sorted already.
 */
struct override_shifts override_lay(struct arena *arena, const struct shift *shifts, size_t nshifts,
    struct override *overrides, size_t noverrides);
