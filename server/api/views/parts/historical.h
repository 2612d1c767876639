/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/api/views/parts/places.h"
#include "server/map/lookup.h"
#include "server/map/snapshot.h"

/*
 * The map as it was known at an instant, as far as one place needs it: the region, the bank
 * holidays and the version of that time, the shifts known then, how fresh their sources were
 * thought to be. Made from the record in a few calls, and from nothing else: the same question
 * about the same instant has the same answer, whatever has been corrected since. The same views
 * answer from it.
 *
 * The tz database and the wording of this version of the program are not recorded.
 */
struct historical_asked {
	const char *place_code;
	const char *function_code; /* NULL: all */
	int64_t at, known_at;
	struct span_time window;   /* the shifts that overlap it are wanted */
	enum places_within within; /* whether the places below it are meant, too */

	/* Filled in: indexes of the historical region; REGION_NONE: all functions. */
	uint32_t place, function;
	int64_t looks_begin; /* before, reads are no longer kept; INSTANT_NEVER: all are */
	int64_t map_begins;  /* the record of the map */
	struct historical_source
	    *sources; /* of the place's rotas, in the order of services and tiers */
	size_t nsources;
};

/* Where a rota's source stood, beside what the map has of it. */
struct historical_source {
	uint32_t rota;
	int64_t reading;  /* that its shifts came from; 0: not known */
	const char *body; /* its SHA-256 in hexadecimal; NULL: not known */
};

/* The parameter at, or ${absent}: at most 400 days ahead. */
int64_t historical_at(struct ask *ask, int64_t absent);

/*
 * The parameter known_at, or ${absent}. An instant that has not come by the clock that answers are
 * given by is refused with what that clock says, however little is missing (the clock of who asks
 * may be ahead): an answer about it could be another one a second later, and the past must not
 * move.
 */
int64_t historical_known_at(struct ask *ask, int64_t absent);

/* From here on ${job}->ask is historical: map, region, now, known_at. */
typedef void historical_ready_fn(struct job *job, const struct historical_asked *asked);

/* What the map says of the instant, by what was known then. A map looks back a day when it begins; of
 * a time before that, silence proves nothing. */
void historical_look_up(
    struct ask *ask, const struct historical_asked *asked, struct lookup *lookup);

/* How far ahead of the instant shifts are wanted to say who comes next. */
#define HISTORICAL_AHEAD_SECONDS (8 * (int64_t)86400)

/* Whether the answer to a call about then was refused, since retention has deleted what was known
 * then: what is left of it would make gaps of times whose shifts are gone, and cover of
 * people whose absence is. If so, 410 has been replied, and the job has ended. */
bool historical_refused(struct job *job, enum status st, const struct pg_rows *rows);

/* Ends with ${ready}, which replies and ends the job; or replies 403, 404, 410 or 503 and ends it
 * itself.
 * ${job}->data and ${job}->drop are free again when ${ready} is called. */
void historical_make(
    struct job *job, const struct historical_asked *asked, historical_ready_fn *ready);
