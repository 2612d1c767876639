/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "server/base/arena.h"
#include "server/base/instant.h"
#include "server/feeds/feeds_env.h"
#include "server/model/forget.h"
#include "server/model/merge.h"
#include "server/pg/pg.h"

/*
 * A job that makes shifts of one body. The attempt is counted, the body is read in the sandbox, compared with the
 * rows in force and judged by the guards, and the result is written. Feeds and imports share it; the caller
 * chooses the statement that writes.
 */
struct read_job;

#define BODY_HASH_BYTES 32

struct read_ask {
	const char *rota;
	struct reading_options options;
	struct read_with with;
	struct slice body;                   /* as it came, or what is kept of it */
	unsigned char hash[BODY_HASH_BYTES]; /* of the body as it came */
	bool stored;   /* the body in force is read again; if the rota has another by now, the job
			  ends with READ_LATER and writes nothing */
	bool guarded;  /* stored, and the reader has other rules than before: the guards judge what
			  it adds to cover, and never what it takes away */
	bool fetched;  /* it was fetched from the address just now */
	bool withheld; /* what it adds to cover waits for a person */
};

/* The result of reading the body, in the arena of the job's owner. */
struct read_found {
	const struct reading *reading;
	struct slice kept;    /* what to keep of the body; none: its hash alone */
	int64_t now;          /* the instant by which everything about it is judged */
	const char *document; /* of the reading, for reading_add() */
	int64_t base;         /* the reading in force that it was compared with; 0: there is none */
	const struct merge *merge;
	bool safe;                   /* the guards have nothing against it */
	const char *why;             /* what they have against it: a sentence; NULL if safe */
	const char *diff;            /* of the merge, for people */
	struct forget_memory memory; /* what is remembered of the calendar at the address */
	uint32_t fullest_day, fullest_week;
	struct forget forget; /* what becomes of what this one does not list */
	const char *withheld; /* stored: why cover that it would add is undecided; or NULL */
	/* When the upload that is in force instead of the address was confirmed; INSTANT_NONE: there
	 * is none. */
	int64_t uploaded_at;
	bool says_as_before; /* it has the content that the address had before that upload */
};

/* Returns the statement that writes ${found}, and appends its arguments. The statement returns one cell: `again`,
 * after which the comparison is repeated, or an answer for the owner. */
typedef const struct pg_stmt *read_write_fn(
    void *ctx, const struct read_found *found, struct pg_args *args);

enum read_outcome {
	READ_WRITTEN, /* answer: the statement's */
	READ_REFUSED, /* the calendar cannot be used: sentence; found has the reading */
	READ_FAILED,  /* the reader died of it, or it could not be kept: sentence */
	READ_LATER,   /* nobody's fault, nothing is written: try later */
	READ_LOST,    /* the database went away: it may or may not be written */
};

struct read_end {
	enum read_outcome outcome;
	const char *answer;
	const char *sentence;
	const struct read_found *found; /* READ_WRITTEN, READ_REFUSED */
};
typedef void read_done_fn(void *ctx, const struct read_end *end);

/* Called when the body has been read and is not refused, before it is compared. */
typedef void read_understood_fn(void *ctx, const struct reading *reading);

/* The owner of the body: the functions that it wants called, each with ${ctx}. */
struct read_owner {
	read_understood_fn *understood; /* or NULL */
	read_write_fn *write;
	read_done_fn *done;
	void *ctx;
};

/*
 * Keeps the six rules of loop.h, except the time limit, which is the sum of those of its calls.
 * ${ask} and what it points to are borrowed until the callback; the answers live in ${arena}.
 */
struct read_job *read_job_start(const struct feeds_env *env, struct arena *arena,
    const struct read_ask *ask, struct read_owner owner);
void read_job_cancel(struct read_job *job);

/* Adds a merge's superseded ids and then its added rows, in the order that every writing statement
 * takes them. */
void read_job_add_merge(struct pg_args *args, const struct merge *merge);

void body_hash(struct slice body, unsigned char hash[BODY_HASH_BYTES]);

/* What a person is told of a body of which no more than its hash was kept, and which was to be read again. */
extern const char read_not_kept[];
