/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/instant.h"
#include "server/model/person_time.h"
#include "server/model/span.h"

/*
 * The heart: shifts, absences, knowledge of the sources and a requirement's hours in; spans of one
 * state each out, tiling the window exactly. Pure arithmetic over sorted arrays; README.md beside
 * this file states the rules (design 6).
 */

/* NAMED counts whatever else its rota says over the same time: an unfilled row of a roster says
 * nothing of the filled row beside it. */
enum shift_class { SHIFT_NAMED, SHIFT_TEAM, SHIFT_NOBODY, SHIFT_UNDECIDED, SHIFT_CLASSES };

/*
 * What a row of the table shift means to the sweep, for everybody who sweeps. Promise 1 is kept
 * here: only `named` counts as a person, and only one whom the set-up knows. Whatever else is no
 * word of known emptiness is undecided; `tentative` too, on every rota: where tentative counts, the
 * reader has made it `named` already, and what is left ("Dr Jones TBC") is nobody's word. False: an
 * absence, which is not a shift of its rota.
 */
bool shift_class_read(const char *kept, bool person_known, enum shift_class *out);

#define SWEEP_NOBODY UINT32_MAX

/* One current shift of one rota. UNDECIDED stands for everything a person must still decide:
 * tentative, undecided, unreadable. */
struct shift {
	int64_t start, end;
	int64_t id; /* of its row; answers name it */
	uint32_t
	    person;    /* index into the region's people for NAMED. Else whom the row means, if
			  anybody (a tentative shift), or SWEEP_NOBODY: nothing is counted by it */
	uint32_t team; /* distinguishes team lines of one rota from each other; 0 is fine */
	enum shift_class class;
	bool override; /* said here (override.h): it counts whether or not the source is trusted */
	bool disputed; /* UNDECIDED since an override and its source speak against each other */
};

/* What one rota supplies, and for how long its silence means anything. */
struct sweep_rota {
	const struct shift *shifts; /* sorted by start, then end, then id */
	size_t nshifts;
	int64_t horizon; /* from here on silence is unknown; INSTANT_NEVER: nothing was ever read;
			    INSTANT_END: never ends */
	int64_t
	    trusted_until; /* from here on the source is `unknown` and what it says does not
			    * count: last good check + 6 h for a feed whose freshness is unknown
			    * now; INSTANT_END while it is not, and for sources that do not age */
	const struct span_time *serves; /* NULL: always. Outside of it the rota has no say here:
					 * neither cover nor doubt. Its shifts lie inside (demand.h
					 * cuts them) */
};

struct sweep_input {
	struct span_time window;
	struct span_times hours; /* of the requirement, normalised, inside the window */
	int32_t required;
	bool team_counts;
	const struct sweep_rota *rotas;
	size_t nrotas;
	struct person_times absences; /* ABSENCE rows of every rota, whoever's: also of people of
				       * other rotas */
	struct person_times spread;   /* when somebody serves more places than may share here */
	const bool *holders; /* by person: whether the person holds the function. NULL: whoever is
				on counts */
};

enum cover_state {
	COVER_COVERED,
	COVER_SHORT,
	COVER_GAP,
	COVER_UNKNOWN,
	COVER_NOT_COMMISSIONED,
	COVER_STATES
};
const char *cover_state_name(
    enum cover_state state); /* "covered", "short", "gap", "unknown", "not_commissioned" */

enum cover_state cover_state_of(const char *name); /* COVER_STATES: no state has this name */

/* The worst first: gap, unknown, short, covered (not_commissioned is none of these and ranks last).
 */
int cover_state_rank(enum cover_state state);

/* Why a span is not covered, most telling first. Texts for people are made from it (cause_text). */
enum cover_cause {
	CAUSE_NONE,      /* covered, not commissioned */
	CAUSE_NO_SOURCE, /* no service lists this place then, or none of its services has a rota */
	CAUSE_OVERRIDE_DISPUTED, /* unknown: a rota's source speaks against an override */
	CAUSE_SOURCE_UNKNOWN,    /* unknown: a source has not been confirmed for more than 6 h */
	CAUSE_NEVER_READ,        /* unknown: a source was never read */
	CAUSE_PAST_HORIZON,      /* unknown: the rota does not say anything about this time yet */
	CAUSE_UNDECIDED, /* unknown: an event that a person must still decide, or that cannot be
			    read */
	CAUSE_SHARED,    /* somebody is on, for more places at once than may share */
	CAUSE_NO_ROLE,   /* somebody is on who does not hold the function */
	CAUSE_NOBODY,    /* a rota says nobody */
	CAUSE_NOT_FREE,  /* somebody is on who is away. Everybody reads it, so it does not say why:
			    leave is known to the own organisation alone */
	CAUSE_SILENT,    /* no rota has a shift then */
	CAUSE_TOO_FEW,   /* short: fewer than required */
	CAUSE_TEAM_ONLY, /* only a team line, which does not count here */
	CAUSE_CLOCK_DOUBTFUL, /* unknown: nobody knows what time it is; only of lookups about now */
	COVER_CAUSES
};
const char *cover_cause_name(enum cover_cause cause); /* "no_source", … : a code */
enum cover_cause cover_cause_of(const char *name);    /* COVER_CAUSES: no cause has this name */
const char *cover_cause_text(enum cover_cause cause); /* a sentence */

/* A span lists at most so many of its shifts, so that a rota of thousands of concurrent shifts
 * costs no more than their number. */
#define SWEEP_SHIFTS_MAX 64

/* One span. Neighbours differ in state, present, cause or who. ${shifts} are the ids of the shifts
 * that count, ascending. */
struct cover_span {
	int64_t start, end;
	enum cover_state state;
	enum cover_cause cause;
	int32_t present, required;
	const int64_t *shifts;
	uint32_t nshifts;
};

struct cover_spans {
	const struct cover_span *items;
	size_t count;
};

/* The map of one demand over the window. The spans live in ${arena} and tile the window without
 * hole or overlap. Outside the hours the state is not_commissioned, required 0, and present and
 * shifts still say who is on call anyway. */
struct cover_spans sweep(struct arena *arena, const struct sweep_input *input);
