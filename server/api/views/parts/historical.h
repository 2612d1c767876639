/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/api/views/parts/places.h"
#include "server/map/lookup.h"
#include "server/map/snapshot.h"

/*
 * Answers about the past: makes a snapshot of what was known at an instant, as much of it as one place
 * needs. It has the region and the bank holidays that were in force, the shifts that were known, and how
 * fresh their sources were. It is made from the record alone, so the same question about the same instant
 * always has the same answer, whatever has been corrected since. The views answer from it as from the
 * present snapshot.
 *
 * The tz database and the wording of answers are not recorded: those of the present are used.
 */
struct historical_asked {
	const char *place_code;
	const char *function_code; /* NULL: all */
	int64_t at, known_at;
	struct span_time window;   /* shifts that overlap it are read */
	enum places_within within; /* whether places below it are included */
	bool remarks;              /* whether reports, notes and protocols are shown */
	/* Of a place that the set-up did not have yet at ${known_at}: whether the question is about the
	 * first instant at which it had. historical_make() moves ${at}, ${known_at} and ${window}. */
	bool or_first;

	/* Filled in by historical_make(). */
	uint32_t place, function; /* indexes of the historical region; REGION_NONE: all functions */
	int64_t looks_begin; /* the record of reads begins here; INSTANT_NEVER: none was deleted */
	int64_t map_begins;  /* the record of the map begins here */
	/* reports and notes that ended before are gone; INSTANT_NEVER: none */
	int64_t remarks_begin;
	/* of the place's rotas, in the order of services and tiers */
	struct historical_source *sources;
	size_t nsources;
};

/* What the record has of a rota's source at that time, besides what is in the map. */
struct historical_source {
	uint32_t rota;
	int64_t reading;  /* that its shifts came from; 0: not known */
	const char *body; /* its SHA-256 in hexadecimal; NULL: not known */
};

/* The parameter "at", or ${absent}. More than 400 days ahead is noted as a fault. */
int64_t historical_at(struct ask *ask, int64_t absent);

/*
 * The parameter "known_at", or ${absent}. An instant in the future, by the database's clock, is noted as a
 * fault, even if by a second: the same question could have another answer a second later, and answers
 * about the past must not change. The message names the time of that clock, because the clock of the
 * client may be ahead of it.
 */
int64_t historical_known_at(struct ask *ask, int64_t absent);

/* Called when the map is made. From here on the ask of ${job} is historical: map, region, now, known_at. */
typedef void historical_ready_fn(struct job *job, const struct historical_asked *asked);

/* Looks up cover at the instant, in the historical map. Before the record of the map began (less the day that
 * a first map looks back) missing rows prove nothing, and the answer says so. */
void historical_look_up(
    struct ask *ask, const struct historical_asked *asked, struct lookup *lookup);

/* How far ahead of the instant shifts are read, to say who comes next. */
#define HISTORICAL_AHEAD_SECONDS (8 * (int64_t)86400)

/* Whether the database refused a call because retention has deleted what was known at that time. If so, the
 * job has been answered 410 and has ended. An answer from the rows that are left would be false: gaps where
 * shifts were deleted, cover by people whose absence was deleted. */
bool historical_refused(struct job *job, enum status st, const struct pg_rows *rows);

/* Makes the historical map, and then calls ${ready}, which must reply and end the job. If it cannot be made,
 * replies 403, 404, 410 or 503 and ends the job. It uses data and drop of ${job} until ${ready} is
 * called. */
void historical_make(
    struct job *job, const struct historical_asked *asked, historical_ready_fn *ready);
