/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/map/cover.h"
#include "server/model/succession.h"

/*
 * The question of the night: who, here, at this instant? One entry for each function that anybody
 * asks of or offers to the place, in the order of the region file. Pure: a snapshot and two
 * instants in, a value out.
 */

/* Somebody on a rota at the instant. */
struct lookup_duty {
	uint32_t service, rota;
	const char *name; /* of the person or of the team line */
	uint32_t person;  /* REGION_NONE for a team line */
	bool holds;       /* the function is among the person's roles; true for a team line */
	const struct kept_shift *shift;
	const struct kept_override *override; /* by which; NULL: the source says so itself */
	struct span_time served; /* the shift, cut to the days on which the rota serves the place */
	struct region_list shared; /* other places of this kind that the person covers as well, for
				      the same function, by name */
	const char *next_name;     /* who follows on the same rota; NULL: nobody that we know of */
	int64_t next_from;
};

/* An override that the calendar speaks against at the instant. */
struct lookup_warning {
	uint32_t rota;
	const struct kept_override *override;
};

struct lookup_duties {
	const struct lookup_duty *items; /* by tier, then name */
	size_t count;
};

/* What a rota says at the instant that nobody has decided yet. */
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
	uint32_t service; /* REGION_NONE: the place's own, or of who answers instead of it */
	bool nobody;      /* of a line: nobody is on; else nobody is confirmed */
};

struct lookup_function {
	uint32_t function;
	enum cover_state state;
	enum cover_cause cause;
	int32_t required, present;
	struct lookup_duties on_call;
	struct lookup_duties not_counted; /* confirmed, but without the function, which must be held
					     here */
	struct lookup_duties last_known;  /* what sources that can no longer be believed said */
	const struct lookup_warning *warnings;
	size_t nwarnings;
	/* Where to go instead, as the service has it; NULL: none given. Of a place that is not
	 * there only the number, of who answers instead. */
	const char *fallback_text, *fallback_phone;
	/* Unless it is covered, the numbers to ring, in this order: the place's switchboard, the
	 * fallbacks of its services, and, where nobody is on, their own lines. */
	const struct lookup_number *numbers;
	size_t nnumbers;
	const struct lookup_entry *undecided; /* by rota, then start */
	size_t nundecided;
};

struct lookup {
	uint32_t place, function; /* as asked; REGION_NONE for all functions */
	int64_t at;
	struct succession succession; /* whether the place is there, and who answers instead */
	const struct lookup_function *items;
	size_t count;
};

const char *lookup_number_kind_name(enum lookup_number_kind kind); /* "switchboard", … */

struct lookup_asked {
	uint32_t place, function;
	int64_t at;
};

/* ${wanted}->function: REGION_NONE for all of the place's; of a place that is not there, also those
 * of the places that answer instead. ${asked}->now is when freshness is judged. */
void lookup_make(struct arena *arena, const struct cover_asked *asked,
    const struct lookup_asked *wanted, struct lookup *out);

/*
 * Nobody knows whether it is ${lookup}->at or ${other}->at; both are of the same place and
 * function. What is not alike at both is unknown in ${lookup}: its cause is the clock, and the
 * people who would be on call are only last known.
 */
void lookup_doubt(struct arena *arena, struct lookup *lookup, const struct lookup *other);
