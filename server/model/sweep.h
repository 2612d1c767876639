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
 * The core of the model. Input: shifts, absences, how far each source is known, and a requirement's
 * hours. Output: spans of one state each, which tile the window without gap or overlap. Pure
 * arithmetic over sorted arrays; README.md states the rules (design 6).
 */

/* A NAMED shift counts whatever else its rota says for the same time: an unfilled row of a roster
 * says nothing about the filled row beside it. */
enum shift_class { SHIFT_NAMED, SHIFT_TEAM, SHIFT_NOBODY, SHIFT_UNDECIDED, SHIFT_CLASSES };

/*
 * The class of a row of the table shift, for every sweep. Only `named` counts as a person, and only
 * if the set-up has the person; this keeps promise 1 (never "covered" without a confirmed shift of
 * a named person). Everything that is not known emptiness is undecided. So is `tentative`, on every
 * rota: where tentative counts, the reader has already made it `named`, and what remains ("Dr Jones
 * TBC") names nobody for certain. Returns false for an absence, which is not a shift of its rota.
 */
bool shift_class_read(const char *kept, bool person_known, enum shift_class *out);

#define SWEEP_NOBODY UINT32_MAX

/* A current shift of one rota. UNDECIDED is everything that a person must still decide: tentative,
 * undecided, unreadable. */
struct shift {
	int64_t start, end;
	int64_t id;      /* of its row; spans list it */
	uint32_t person; /* NAMED: index into the region's people. Else the person whom the row may
			    mean (a tentative shift), or SWEEP_NOBODY; it does not count */
	uint32_t team;   /* distinguishes the team lines of one rota; 0 if there is only one */
	enum shift_class class;
	bool override; /* decided here (override.h): it counts whether or not the source is trusted
			*/
	bool disputed; /* UNDECIDED because an override and its source disagree */
};

/* The shifts of one rota, and the instant from which its silence is unknown. */
struct sweep_rota {
	const struct shift *shifts; /* sorted by start, then end, then id */
	size_t nshifts;
	int64_t horizon; /* from this instant on, silence is unknown. INSTANT_NEVER: never read.
			    INSTANT_END: no end */
	int64_t trusted_until; /* from this instant on, the source is `unknown` and its shifts do
				  not count: last good check + 6 h for a feed that is unknown now.
				  INSTANT_END for all others, and for sources that do not age */
	/* NULL: always. Outside of it the rota supplies nothing and causes no doubt; its shifts
	 * must lie inside (demand_cut). */
	const struct span_time *serves;
};

struct sweep_input {
	struct span_time window;
	struct span_times hours; /* of the requirement, normalised, inside the window */
	int32_t required;
	bool team_counts;
	const struct sweep_rota *rotas;
	size_t nrotas;
	struct person_times absences;   /* ABSENCE rows of all rotas: somebody who is on here may be
					 away by another rota's calendar */
	struct person_times spread;     /* when somebody serves more places than max_share allows */
	struct person_times unapproved; /* when somebody is not approved for the function
					   (approval.h) */
	const bool *holders; /* by person: whether the person holds the function. NULL: everybody
				who is on counts */
	bool members;        /* spans say whose the shifts that count are (cover_span_member) */
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

/* Rank from the worst: gap, unknown, short, covered, then not_commissioned. */
int cover_state_rank(enum cover_state state);

/* Why a span is not covered. If several causes apply, the first in this order is given. cause_text
 * gives the sentence for people. */
enum cover_cause {
	CAUSE_NONE,      /* covered, not commissioned */
	CAUSE_NO_SOURCE, /* no service lists this place at that time, or none of them has a rota */
	CAUSE_OVERRIDE_DISPUTED, /* unknown: a rota's source contradicts an override */
	CAUSE_SOURCE_UNKNOWN,    /* unknown: a source has not been confirmed for more than 6 h */
	CAUSE_NEVER_READ,        /* unknown: a source was never read */
	CAUSE_PAST_HORIZON,      /* unknown: the rota does not reach this time yet */
	CAUSE_UNDECIDED,     /* unknown: an event that a person must still decide, or that cannot be
			    read */
	CAUSE_TEAMS_UNKNOWN, /* unknown, of a bundle: those who are on may be of one team */
	CAUSE_SHARED,        /* somebody is on, but for more places at once than may share */
	CAUSE_NO_ROLE,       /* somebody is on, but does not hold the function */
	CAUSE_APPROVAL_ENDED, /* somebody is on, whose approval for the function has ended or is not
				 by those who must approve */
	CAUSE_NOBODY,         /* a rota says nobody */
	CAUSE_NOT_FREE,    /* somebody is on, but away. Everybody may read the cause, so it does not
			    say why: only the own organisation may know of leave */
	CAUSE_ONE_TEAM,    /* of a bundle: those who are on are of one team, and must not be */
	CAUSE_SAME_PERSON, /* of a bundle: somebody is on for two parts, and counts for one */
	CAUSE_SILENT,      /* no rota has a shift then */
	CAUSE_TOO_FEW,     /* short: fewer than required */
	CAUSE_TEAM_ONLY,   /* only a team line, which does not count here */
	CAUSE_CLOCK_DOUBTFUL, /* unknown: it is not known what time it is; only in lookups of the
				 current time */
	CAUSE_NO_RECORD,      /* unknown: from before the map was kept; only in answers about the
				 past */
	COVER_CAUSES
};
const char *cover_cause_name(enum cover_cause cause); /* "no_source", … : a code */
enum cover_cause cover_cause_of(const char *name);    /* COVER_CAUSES: no cause has this name */
const char *cover_cause_text(enum cover_cause cause); /* a sentence */

/* The most shifts that a span lists, so that a rota with thousands of concurrent shifts costs no
 * more than their number. */
#define SWEEP_SHIFTS_MAX 64

/* Neighbouring spans differ in state, present, cause or shifts. ${shifts} are the ids of the shifts
 * that count, ascending; where the sweep was asked for members, their members follow in the same
 * array. */
struct cover_span {
	int64_t start, end;
	enum cover_state state;
	enum cover_cause cause;
	int32_t present, required;
	const int64_t *shifts;
	uint32_t nshifts;
};

/* A member of who is on: a person, by index, or a team line of rota ${n} of the input. */
#define SWEEP_LINE ((uint64_t)1 << 63)
static inline uint64_t
sweep_line(uint32_t rota, uint32_t team)
{
	return SWEEP_LINE | (uint64_t)rota << 32 | team;
}

/* Whose shift ${span->shifts[i]} is, in a sweep that was asked for members. */
static inline uint64_t
cover_span_member(const struct cover_span *span, uint32_t i)
{
	return (uint64_t)span->shifts[span->nshifts + i];
}

struct cover_spans {
	const struct cover_span *items;
	size_t count;
};

/* Computes the spans of one demand over the window. They live in ${arena}, and tile the window
 * without gap or overlap. Outside the hours the state is not_commissioned and required is 0;
 * present and shifts still say who is on call. */
struct cover_spans sweep(struct arena *arena, const struct sweep_input *input);
