/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/model/hours.h"
#include "server/model/navigator.h"
#include "server/model/region.h"
#include "server/model/region_contact.h"
#include "server/model/report.h"

/*
 * Whom to ring for a function at a place, one after the other, and who is next: the one rule of it. A
 * ladder of the set-up (`ladders` of the place, or of the nearest place above it that has one for the
 * function) says the order; those who are not on are passed over. It makes nobody count: a state of
 * cover is what the rotas say. Pure.
 */

/* What somebody reported of ringing, if it is still shown; all zero: nothing. */
struct ladder_report {
	bool told;
	enum report_outcome outcome;
	int64_t at;
};

/* Somebody whom the rotas put on call at the place. */
struct ladder_duty {
	uint32_t function, service;
	uint32_t person; /* REGION_NONE: a team's line */
	uint32_t rota;
	int32_t tier;
	struct ladder_report reported;
};

/* A number for when nobody answers, or nobody is on, as lookups have them. */
struct ladder_number {
	struct region_ring ring; /* without a number: only words say what to do */
	struct ladder_report reported;
};

/* What was reported of the line of ${service}. */
typedef struct ladder_report ladder_line_fn(const void *ctx, uint32_t service);
/* The time for which ${navigator} said that it is closed; empty: it did not. */
typedef struct span_time ladder_closed_fn(const void *ctx, uint32_t navigator);

struct ladder_asked {
	const struct region *region;
	const struct zone *zone;
	const struct holidays *holidays;
	uint32_t place, function;
	int64_t at;
	/* On call here, of the function and of those that its ladder names: the duties of one
	 * function by tier. */
	const struct ladder_duty *duties;
	size_t nduties;
	const struct ladder_number *numbers; /* of the function, in the order of an answer */
	size_t nnumbers;
	bool rings_people; /* where no ladder is set up: the state says that those on call are to be
			      rung before the numbers */
	bool sees_own;     /* the reader is shown people's own numbers */
	ladder_line_fn *line;
	ladder_closed_fn *closed;
	const void *ctx; /* for ${line} and ${closed} */
};

enum ladder_kind {
	LADDER_ON_CALL, /* ${duty} */
	LADDER_NUMBER,  /* ${number} */
	LADDER_LINE,    /* the line of ${rule->service} */
	LADDER_PLACE,   /* the switchboard of ${rule->place} */
	LADDER_OTHER,   /* ${rule->phone} of ${rule->name} */
	LADDER_CARD,    /* ${rule->navigator}, which is open, until ${until} */
};

/* Why somebody need not be rung now. */
enum ladder_passed {
	LADDER_TO_RING,
	LADDER_TRIED, /* reported: nobody answered (for a while), the wrong person, declined */
	LADDER_SAME_NUMBER, /* as that of another, where nobody answered */
};

struct ladder_step {
	enum ladder_kind kind;
	const struct region_step *rule; /* NULL: not of a ladder of the set-up */
	size_t duty, number;            /* index in ${asked}, by ${kind} */
	struct region_ring ring;
	int32_t wait_seconds;
	int64_t until; /* of a card: when it shuts; INSTANT_NONE: not within a week, or no card */
	struct ladder_report reported;
	enum ladder_passed passed;
};

struct ladder {
	uint32_t of; /* the place whose ladder it is; REGION_NONE: none is set up */
	const struct ladder_step *items;
	size_t count;
	size_t next; /* the one to ring now; ${count}: all were tried, or there is none */
};

/* The ladder of a function that holds at a place on a local day; NULL: none is set up. ${of} gets the
 * place whose ladder it is, or REGION_NONE. */
struct ladder_of {
	uint32_t place, function;
	int64_t day;
};
const struct region_ladder *ladder_set_up(
    struct arena *arena, const struct region *region, const struct ladder_of *asked, uint32_t *of);

/*
 * Each thing once, and each telephone number once beside those of people. Whom the rotas put on call for the function and no
 * step asks for comes after the last step that asks for people of the function, else after all steps. After the steps
 * come the numbers of ${asked} that it does not have, so that a ladder with nobody on still ends at a
 * number. Everything lives in ${arena}.
 */
void ladder_make(struct arena *arena, const struct ladder_asked *asked, struct ladder *out);

/* The first after ${index} that is to be rung; ${ladder->count}: none. */
size_t ladder_after(const struct ladder *ladder, size_t index);

/* Whether the ladder rings somebody of ${service}, or its line. */
bool ladder_rings(
    const struct region *region, const struct region_ladder *ladder, uint32_t service);
