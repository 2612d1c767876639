/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/model/sweep.h"

/* The rota code under which typed absences are stored. A code of a region file cannot have a colon. */
#define OVERRIDE_ABSENCES "absence:typed"

/*
 * Lays overrides over what a rota's source says: for some time a person who was named here is on,
 * and the person replaced is not. Everything that sweeps, lists or shows shifts uses this rule, so
 * that no two answers name different people.
 */
#define OVERRIDE_THIRD_MAX 4

/*
 * The statement of one row of an override about its time: the stand-in is on; the stand-in is in
 * dispute, because the source has removed the replaced person's shift or names a third person; or
 * nobody is on this rota.
 */
enum override_kind { OVERRIDE_PUTS_ON, OVERRIDE_DISPUTED, OVERRIDE_NOBODY };

/* The kind of a row with this class in the table shift. */
enum override_kind override_kind_of(const char *class);

/* One row of an override. */
struct override {
	int64_t id; /* ids ascend in the order in which overrides were made */
	enum override_kind kind;
	int64_t start, end;
	int64_t shift;    /* id of the row of the stand-in's shift */
	uint32_t person;  /* the stand-in. SWEEP_NOBODY: a person whom the set-up no longer has,
			     which is undecided and never cover; or nobody (see kind) */
	uint32_t instead; /* the person replaced; SWEEP_NOBODY: nobody is */
	uint32_t third[OVERRIDE_THIRD_MAX]; /* people whom the source has since put in the place of
					       ${instead}; the first nthird are set. Ignored without
					       ${instead} */
	uint32_t nthird;
	bool took; /* output: the source has ${instead} on at some time at which this override takes
		      the shift away */
};

struct override_shifts {
	const struct shift *items; /* by start, end, id */
	size_t count;
};

/*
 * Lays ${overrides} (which it sorts, by id, then start) over one rota's ${shifts} (in any order,
 * none of an override). Each override in turn removes [start, end) from the shifts of ${person},
 * ${instead} and ${third} on this rota, whether named, tentative, or of an earlier override, and
 * adds the stand-in there; so a later override wins. The rest of a shift, one piece or two, keeps
 * its id. Team lines and entries that name nobody stay. In a dispute the stand-in's shift is
 * undecided, and so are the shifts of ${third} in that time: none of them counts, all are shown. An
 * override that says nobody removes everything on the rota. The result lives in ${arena}; without
 * overrides it is ${shifts} itself, which must then be sorted.
 */
struct override_shifts override_lay(struct arena *arena, const struct shift *shifts, size_t nshifts,
    struct override *overrides, size_t noverrides);
