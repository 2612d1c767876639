/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/map/cover.h"
#include "server/model/ladder.h"
#include "server/model/navigator.h"
#include "server/model/succession.h"

/*
 * The main question: who is on here at this instant? One entry for each function that is required
 * at the place or offered to it: first those that the place's first screen shows first (first.h),
 * then the worst state, then in the order of the region file. Pure: the input is a snapshot and two
 * instants.
 */

/* Somebody on a rota at the instant. */
struct lookup_duty {
	uint32_t service, rota;
	const char *name; /* of the person or of the team line */
	uint32_t person;  /* REGION_NONE for a team line */
	bool holds;       /* the function is among the person's roles; true for a team line */
	bool approved;    /* for the function, here and then (approval.h); true for a team line */
	const struct kept_shift *shift;
	const struct kept_override *override; /* that puts the person on; NULL: the source does */
	struct span_time served; /* the shift, cut to the days on which the rota serves the place */
	struct region_list shared; /* other places of this kind that the person covers as well, for
				      the same function, by name */
	const char *next_name;     /* the next on the same rota; NULL: nobody is known */
	int64_t next_from;
	const struct kept_report *reported; /* that they were not reached; NULL: nothing */
	struct kept_notes notes;            /* on the person and on the shift */
};

/* An override that the calendar contradicts at the instant. */
struct lookup_warning {
	uint32_t rota;
	const struct kept_override *override;
};

struct lookup_duties {
	const struct lookup_duty *items; /* by tier, then name */
	size_t count;
};

/* An entry of a rota at the instant that is still undecided. */
struct lookup_entry {
	uint32_t rota;
	const struct kept_shift *shift;
	struct span_time served; /* cut to the days on which the rota serves the place */
};

/* A number to ring, and what it is. */
enum lookup_number_kind { LOOKUP_SWITCHBOARD, LOOKUP_FALLBACK, LOOKUP_LINE };
struct lookup_number {
	enum lookup_number_kind kind;
	const char *phone;
	/* whose number ${phone} is; NULL: nothing is dialled after it */
	const struct region_contact *line;
	uint32_t service; /* REGION_NONE: the place's own, or of who answers instead of it */
	bool nobody;      /* of a line: nobody is on; of other numbers: nobody is confirmed */
	const struct kept_report *reported; /* of a line: that it was not answered; NULL: nothing */
};

/* Somebody who fills a part of a bundle. */
struct lookup_filler {
	const char *name;  /* of the person or of the team line */
	uint32_t person;   /* REGION_NONE for a team line */
	uint32_t function; /* for which they count */
};

struct lookup_part {
	const struct region_part *part;
	enum cover_state state;
	enum cover_cause cause;
	int32_t present;
	const struct lookup_filler *people; /* in the order of its functions, then of their rotas */
	size_t npeople;
};

/* A bundle that is in its hours. */
struct lookup_bundle {
	uint32_t requirement;
	enum cover_state state;
	enum cover_cause cause;
	int32_t present, required;
	const struct lookup_part *parts; /* in the order of the region file */
	size_t nparts;
	/* Since when it is whole, or is not, and until when; INSTANT_NONE: not known, beyond what
	 * is looked at (LOOKUP_BUNDLE_DAYS). */
	int64_t since, until;
};
#define LOOKUP_BUNDLE_BACK_DAYS 7
#define LOOKUP_BUNDLE_DAYS 28

struct lookup_function {
	uint32_t function;
	enum cover_state state;
	enum cover_cause cause;
	int32_t required, present;
	struct lookup_duties on_call;
	struct lookup_duties not_counted; /* confirmed, but without the function, which must be held
					     here */
	struct lookup_duties last_known;  /* people named by sources that are no longer trusted */
	const struct lookup_warning *warnings;
	size_t nwarnings;
	/* The place to turn to instead, as the service says; NULL: it does not. For a place that
	 * does not exist at the instant: only the number of who answers instead. */
	const char *fallback_text, *fallback_phone;
	const struct region_contact *fallback_line; /* ${fallback_phone} is its number; or NULL */
	/* Unless it is covered: the numbers to ring, in this order: the place's switchboard, the
	 * fallbacks of its services and, if nobody is on, the services' own lines. */
	const struct lookup_number *numbers;
	size_t nnumbers;
	const struct lookup_entry *undecided; /* by rota, then start */
	size_t nundecided;
	struct kept_notes notes;         /* on the function at the place, then on its services */
	struct kept_protocols protocols; /* of the function, that hold at the place */
	/* Where it is the function of bundles: those of the place. The people above are on for their
	 * parts then, whether they fill one or not. */
	const struct lookup_bundle *bundles;
	size_t nbundles;
};

struct lookup_asked {
	uint32_t place, function;
	int64_t at;
};

/* Somewhere to send somebody instead (navigator.h). */
struct lookup_navigator {
	uint32_t navigator;
	struct navigator_answer is;
	struct span_time closed; /* for which it said so itself; empty: it did not */
};

struct lookup {
	uint32_t place, function; /* as asked; REGION_NONE for all functions */
	int64_t at;
	struct succession succession; /* whether the place exists, and who answers instead */
	const struct lookup_function *items;
	size_t count;
	struct region_list first; /* functions that are shown first here */
	/* Where one function is asked for: others that its ladder rings. They are no part of the
	 * answer but by the ladder. */
	const struct lookup_function *aside;
	size_t naside;
	/* Those that hold here, of the function that was asked for: what is open first, then in the order of
	 * navigators_at(). */
	const struct lookup_navigator *navigators;
	size_t nnavigators;
};

/* Whom to ring for a function of a lookup, in order (ladder.h). */
struct lookup_ladder {
	const struct lookup_function *item; /* the function that it is of */
	struct ladder ladder;
	const struct lookup_duty *const *duties;    /* by ladder_step.duty */
	const struct lookup_number *const *numbers; /* by ladder_step.number; NULL: the fallback of
						       the function, which is on no list of numbers */
};

struct lookup_ladder_asked {
	const struct lookup_function *item; /* of the lookup, or looked at aside */
	bool sees_own;                      /* the reader is shown people's own numbers */
};

/* ${lookup} was made of ${asked}. */
void lookup_ladder_make(struct arena *arena, const struct cover_asked *asked,
    const struct lookup *lookup, struct lookup_ladder_asked wanted, struct lookup_ladder *out);

/* The navigators of a place at an instant, in order; ${function}: REGION_NONE for those of every function. In
 * ${arena}. Answers how many there are. */
size_t lookup_navigators(struct arena *arena, const struct snapshot *map,
    const struct lookup_asked *wanted, const struct lookup_navigator **out);

/* The bundle that ${demand} is, at an instant; false outside its hours, and if it is none. Lives in ${arena}. */
bool lookup_bundle_at(struct arena *arena, const struct cover_asked *asked, uint32_t demand,
    int64_t at, struct lookup_bundle *out);

/* What was reported of a service's line, as shown at an instant; NULL: nothing. */
const struct kept_report *lookup_line_report(
    const struct cover_asked *asked, uint32_t service, int64_t at);

/* Whether the function of ${item} is among those that are shown first. */
bool lookup_is_first(const struct lookup *lookup, const struct lookup_function *item);

const char *lookup_number_kind_name(enum lookup_number_kind kind); /* "switchboard", … */

/* ${wanted}->function: REGION_NONE for all functions of the place; if the place does not exist at
 * the instant, also those of the places that answer instead. Freshness is judged at ${asked}->now.
 */
void lookup_make(struct arena *arena, const struct cover_asked *asked,
    const struct lookup_asked *wanted, struct lookup *out);

/*
 * Merges two lookups of the same place and function if it is not known whether it is ${lookup}->at
 * or ${other}->at. Members that differ between them become unknown in ${lookup}: the cause is the
 * clock, and the people who would be on call become last known.
 */
void lookup_doubt(struct arena *arena, struct lookup *lookup, const struct lookup *other);

/* Makes unknown in ${lookup}, of a time before anything was recorded, what follows only from silence:
 * that nobody, or too few, were on. Who is known to have been on stays. */
void lookup_unrecorded(struct arena *arena, struct lookup *lookup);
