/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/feeds/claimed.h"
#include "server/feeds/fetch_job.h"
#include "server/feeds/read_job.h"

/* Shared by the files of a fetch: fetch_job.c begins and ends it and reads the stored body, fetch_ask.c asks the
 * address (fetch_collection.c that of a collection), fetch_answer.c judges what it answers, fetch_write.c decides
 * what is written about a reading. */
enum fetch_state { FETCH_LOAD, FETCH_REREAD, FETCH_FETCH, FETCH_READ, FETCH_TELL };

enum { LATER_SECONDS = 10, STRANGER_SECONDS = 60, VALIDATOR_MAX = 1000, CLOCK_MOVES_SECONDS = 120 };

struct fetch_job {
	const struct feeds_env *env;
	struct arena *arena;
	struct rulebook *rulebook;
	fetch_done_fn *done;
	void *ctx;
	struct claimed feed;

	enum fetch_state state;
	struct pg_call *call;
	struct pg_call *clock; /* the note about the clock of the feed's server, a call beside the
				  others; calls are answered in order, so it ends before them */
	struct web_fetch *fetch;
	struct read_job *read;
	struct read_ask ask;

	int64_t fetch_began_ms;
	bool asked_if_changed;
	bool refused;    /* the address's server wants another secret */
	bool unread;     /* what came was refused by the reader */
	const char *tag; /* of a collection, as it is now; NULL: it has none */
	bool held;       /* what came was written as something that a person must decide about */
	const char *etag, *last_modified; /* of what came */
};

/* Whether ${slice} is what the calendar would be read with now. */
bool fetch_is_current(const struct fetch_job *job, struct slice slice);

/* From now on the body is read as ${kind}. */
void fetch_mean(struct fetch_job *job, enum reading_kind kind);

/* Ends the job: it is gone afterwards. */
void fetch_finish(struct fetch_job *job);

/* Write the outcome and then end the job. Tell: by ${stmt}, whose ${args} are taken over. Release: nothing was
 * found out, and the feed is due again in ${seconds}. Fail: ${sentence} says why nothing came. */
void fetch_tell(struct fetch_job *job, const struct pg_stmt *stmt, struct pg_args *args);
void fetch_release(struct fetch_job *job, int32_t seconds);
void fetch_fail(struct fetch_job *job, const char *sentence);

/* Continues after a reading. The stored body and that of the address differ only in what follows a reading that
 * was written (${written}) and one that failed (${failed}). */
void fetch_after_reading(struct fetch_job *job, const struct read_end *end,
    void (*written)(struct fetch_job *, const struct read_end *),
    void (*failed)(struct fetch_job *, const char *sentence));

/* Has ${body} read; ${done} is called with what came of it. */
void fetch_start_reading(struct fetch_job *job, struct slice body, read_done_fn *done);

/* The arguments of FEEDS_GOOD after those of the claim. */
void fetch_add_good(
    const struct fetch_job *job, struct slice seen_body, bool whole, struct pg_args *args);

/* A read_write_fn: chooses the statement by whether the body is stored or fetched, and safe or held. */
const struct pg_stmt *fetch_write_found(
    void *ctx, const struct read_found *found, struct pg_args *args);

void fetch_log_written(const struct fetch_job *job, const struct read_end *end);

/* Asks the address; fetch_got is called with the answer. */
void fetch_ask(struct fetch_job *job);

/* Sends ${get} to the address of the feed, with its secret and by its way. */
void fetch_send(struct fetch_job *job, struct web_get *get, web_got_fn *done);

/* Judges the answer (a web_got_fn). */
void fetch_got(void *ctx, enum status st, const struct web_got *got);

/* Whether the answer is a fault whatever was asked for; then it is told, and the job ends. */
bool fetch_judge_fault(struct fetch_job *job, enum status st, const struct web_got *got);

/* Asks a collection whether it has changed, and then for what it has. */
void fetch_collection_ask(struct fetch_job *job);

/* The address still gives what is in force or held. ${whole}: it gave all of it. */
void fetch_unchanged(struct fetch_job *job, bool whole);
