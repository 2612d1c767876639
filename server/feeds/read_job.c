/* SPDX-License-Identifier: MIT */
#include "server/feeds/read_job.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/instant.h"
#include "server/base/log.h"
#include "server/feeds/claimed.h"
#include "server/feeds/feeds_sql.h"
#include "server/feeds/notes.h"
#include "server/feeds/read_json.h"
#include "server/feeds/read_rows.h"
#include "server/feeds/read_weigh.h"
#include "server/model/guard.h"

/*
 * The attempt is counted and committed before the body is handed over, so that a body which takes
 * the reader down, or us with it, is not tried again and again.
 *
 *   COUNT --thrice before--> set aside
 *     |
 *   READ --the child died--> failed (the attempt stays counted)
 *     |
 *   FORGET the attempt --refused, or the reader was not there--> refused, later
 *     |
 *   RECALL what is remembered of the body in force <--+
 *     |                                               |
 *   COMPARE with the rows in force                    |
 *     |                                               | they have changed meanwhile
 *   WRITE --------------------------------------------+
 *     |
 *   written
 */
enum read_state {
	READ_COUNT,
	READ_READ,
	READ_FORGET,
	READ_RECALL,
	READ_COMPARE,
	READ_WRITE,
	READ_STATES
};

enum { ATTEMPTS_MAX = 3, COMPARISONS_MAX = 5 };

static const char set_aside[] =
    "Reading this calendar took too much time or memory three times; it is set aside for a day. "
    "Ask the publisher to make it shorter, or send it as a file.";
static const char reader_died[] =
    "Reading this calendar took too much time or memory, or what came of it made no sense.";
static const char too_large[] = "This calendar is larger than any rota needs to be.";
static const char not_kept[] =
    "This calendar was read, but what it says cannot be kept. Ask the operator of this server to look into its log.";

struct read_job {
	const struct feeds_env *env;
	struct arena *arena;
	const struct read_ask *ask;
	read_write_fn *write;
	read_done_fn *done;
	void *ctx;

	enum read_state state;
	struct pg_call *call;
	struct reader_call *reader;
	unsigned comparisons;
	enum status read; /* how the reader answered */
	struct read_rows rows;
	struct slice versions;        /* of the body in force; at NULL: none are known */
	struct slice address_content; /* of the address before an upload; at NULL: not known */
	struct read_found found;
};

void
body_hash(struct slice body, unsigned char hash[BODY_HASH_BYTES])
{
	crypto_hash_sha256(hash, (const unsigned char *)body.at, body.len);
}

/* --------------------------------------------------------------------------------- how it ends */

static void
finish(struct read_job *job, enum read_outcome outcome, const char *sentence, const char *answer)
{
	bool found = outcome == READ_WRITTEN || outcome == READ_REFUSED;
	struct read_end end = {
	    .outcome = outcome,
	    .answer = answer,
	    .sentence = sentence,
	    .found = found ? &job->found : NULL,
	};
	read_done_fn *done = job->done;
	void *ctx = job->ctx;

	/* The job itself is the owner's arena's. */
	done(ctx, &end);
}

void
read_job_cancel(struct read_job *job)
{
	if (job == NULL)
		return;
	pg_call_cancel(job->call);
	reader_call_cancel(job->reader);
	job->call = NULL;
	job->reader = NULL;
}

typedef void read_step_fn(struct read_job *job);
static void enter(struct read_job *job, enum read_state state);

/* --------------------------------------------------------------------------------------- count */

static void
on_counted(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct read_job *job = ctx;

	job->call = NULL;
	if (st != STATUS_OK)
		finish(job, READ_LOST, NULL, NULL);
	else if (pg_get_int(rows, 0, FEEDS_COUNT_ATTEMPT_ATTEMPTS) > ATTEMPTS_MAX)
		finish(job, READ_FAILED, set_aside, NULL);
	else
		enter(job, READ_READ);
}

static void
count_attempt(struct read_job *job)
{
	struct pg_args args = {0};

	pg_text(&args, job->ask->rota);
	pg_bytea(&args, job->ask->hash, BODY_HASH_BYTES);
	job->call = pg_call(job->env->pg, &FEEDS_COUNT_ATTEMPT, &args, on_counted, job);
}

/* ---------------------------------------------------------------------------------------- read */

static void
on_read(void *ctx, enum status st, const struct reading *reading)
{
	struct read_job *job = ctx;

	job->reader = NULL;
	job->read = st;
	job->found.reading = reading;
	if (st == STATUS_OK &&
	    read_rows_make(job->arena, reading, &job->ask->options, &job->rows) != STATUS_OK)
		job->read = STATUS_MALFORMED;
	if (job->read == STATUS_MALFORMED)
		finish(job, READ_FAILED, reader_died, NULL);
	else
		enter(job, READ_FORGET);
}

static void
hand_over(struct read_job *job)
{
	job->reader = reader_call(
	    job->env->reader, &job->ask->options, job->ask->body, job->arena, on_read, job);
}

/* -------------------------------------------------------------------------------------- forget */

static const char *
refusal(struct read_job *job)
{
	const struct reading *reading = job->found.reading;

	for (size_t i = 0; i < reading->nfindings; i++) {
		const struct reading_finding *finding = &reading->findings[i];

		if (finding->level == FINDING_REFUSED)
			return finding->remedy == NULL ? finding->text
						       : arena_printf(job->arena, "%s %s",
							     finding->text, finding->remedy);
	}
	return "The calendar cannot be used.";
}

static void
on_forgotten(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct read_job *job = ctx;

	(void)rows;
	job->call = NULL;
	if (st != STATUS_OK)
		finish(job, READ_LOST, NULL, NULL);
	else if (job->read == STATUS_LIMIT)
		finish(job, READ_FAILED, too_large, NULL);
	else if (job->read != STATUS_OK)
		finish(job, READ_LATER, NULL, NULL);
	else if (job->found.reading->refused) {
		job->found.document =
		    read_json_reading(job->arena, job->found.reading, &job->ask->options, NULL);
		finish(job, READ_REFUSED, refusal(job), NULL);
	} else {
		if (job->ask->understood != NULL)
			job->ask->understood(job->ctx, job->found.reading);
		enter(job, READ_RECALL);
	}
}

static void
forget_attempt(struct read_job *job)
{
	struct pg_args args = {0};

	pg_text(&args, job->ask->rota);
	pg_bytea(&args, job->ask->hash, BODY_HASH_BYTES);
	job->call = pg_call(job->env->pg, &FEEDS_FORGET_ATTEMPT, &args, on_forgotten, job);
}

/* -------------------------------------------------------------------------------------- recall */

static void
on_recalled(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct read_job *job = ctx;

	job->call = NULL;
	if (st != STATUS_OK) {
		finish(job, READ_LOST, NULL, NULL);
		return;
	}
	if (pg_rows_count(rows) > 0) {
		job->versions = claimed_copy_bytes(job->arena, rows, 0, FEEDS_VERSIONS_VERSIONS);
		job->address_content =
		    claimed_copy_bytes(job->arena, rows, 0, FEEDS_VERSIONS_ADDRESS_CONTENT);
		job->found.memory = (struct forget_memory){
		    .listed_over_at =
			pg_get_time_or(rows, 0, FEEDS_VERSIONS_LISTED_OVER_AT, INSTANT_NONE),
		    .dropped = (uint32_t)pg_get_int(rows, 0, FEEDS_VERSIONS_DROPPED),
		    .dropped_start =
			pg_get_time_or(rows, 0, FEEDS_VERSIONS_DROPPED_START, INSTANT_NONE),
		};
		job->found.fullest_day = (uint32_t)pg_get_int(rows, 0, FEEDS_VERSIONS_FULLEST_DAY);
		job->found.fullest_week =
		    (uint32_t)pg_get_int(rows, 0, FEEDS_VERSIONS_FULLEST_WEEK);
	}
	enter(job, READ_COMPARE);
}

static void
recall(struct read_job *job)
{
	struct pg_args args = {0};

	job->found.now = feeds_now(job->env);
	pg_text(&args, job->ask->rota);
	pg_int4(&args, (int32_t)guard_first_day(job->found.now));
	job->call = pg_call(job->env->pg, &FEEDS_VERSIONS, &args, on_recalled, job);
}

/* ------------------------------------------------------------------------------------- compare */

static struct merge_row
row_in_force(struct read_job *job, const struct pg_rows *rows, size_t row)
{
	return (struct merge_row){
	    .id = pg_get_int(rows, row, FEEDS_ROWS_ID),
	    .key = pg_copy_text(job->arena, rows, row, FEEDS_ROWS_KEY),
	    .start = pg_get_time(rows, row, FEEDS_ROWS_STARTS_AT),
	    .end = pg_get_time(rows, row, FEEDS_ROWS_ENDS_AT),
	    .class = pg_copy_text(job->arena, rows, row, FEEDS_ROWS_CLASS),
	    .person = pg_copy_text(job->arena, rows, row, FEEDS_ROWS_PERSON),
	    .title = pg_copy_text(job->arena, rows, row, FEEDS_ROWS_TITLE),
	    .team = pg_copy_text(job->arena, rows, row, FEEDS_ROWS_TEAM),
	    .as_last_read = pg_get_bool(rows, row, FEEDS_ROWS_AS_LAST_READ),
	};
}

/* Somebody may have confirmed another calendar while a stored one was being read again: it is not
 * the rota's any more, and must not come back. */
static bool
is_overtaken(const struct read_job *job, const struct pg_rows *rows)
{
	if (!job->ask->stored)
		return false;
	return pg_is_null(rows, 0, FEEDS_ROWS_BODY) ||
	       !hash_is(
		   pg_get_bytes(rows, 0, FEEDS_ROWS_BODY), job->ask->hash, sizeof job->ask->hash);
}

/* Whether an upload stands instead of the address, and whether this is what the address said before
 * it anyway. */
static void
note_upload(struct read_job *job, const struct pg_rows *rows)
{
	unsigned char content[NOTES_CONTENT_BYTES];

	job->found.uploaded_at = pg_get_time_or(rows, 0, FEEDS_ROWS_UPLOADED_AT, INSTANT_NONE);
	notes_content(job->found.reading, content);
	job->found.says_as_before = hash_is(job->address_content, content, sizeof content);
}

static void
on_compared(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct read_job *job = ctx;
	struct merge_row *current;
	size_t ncurrent = 0;

	job->call = NULL;
	if (st != STATUS_OK) {
		finish(job, READ_LOST, NULL, NULL);
		return;
	}
	/* The rota has left the region, or has another body. */
	if (pg_rows_count(rows) == 0 || is_overtaken(job, rows)) {
		finish(job, READ_LATER, NULL, NULL);
		return;
	}
	job->found.base = pg_get_int(rows, 0, FEEDS_ROWS_READING);
	note_upload(job, rows);
	current = arena_array(job->arena, pg_rows_count(rows), sizeof *current);
	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		if (pg_is_null(rows, i, FEEDS_ROWS_ID))
			continue;
		if (pg_get_time(rows, i, FEEDS_ROWS_ENDS_AT) > job->ask->options.from)
			current[ncurrent++] = row_in_force(job, rows, i);
		else
			read_rows_part_from_past(
			    job->arena, &job->rows, pg_get_text(rows, i, FEEDS_ROWS_KEY));
	}
	read_weigh(job->arena, job->ask, &job->rows, current, ncurrent, &job->found);
	enter(job, READ_WRITE);
}

static void
compare(struct read_job *job)
{
	const char **keys = arena_array(job->arena, job->rows.count, sizeof *keys);
	struct pg_args args = {0};

	for (size_t i = 0; i < job->rows.count; i++)
		keys[i] = job->rows.items[i].key;
	pg_text(&args, job->ask->rota);
	pg_time(&args, job->ask->options.from);
	pg_text_array(&args, keys, job->rows.count);
	job->call = pg_call(job->env->pg, &FEEDS_ROWS, &args, on_compared, job);
}

/* --------------------------------------------------------------------------------------- write */

void
read_job_add_merge(struct pg_args *args, const struct merge *merge)
{
	size_t count = merge->nadded;
	/* One column after the other: keys, classes, persons, teams, titles. */
	const char **texts = xcalloc(count * 5 + 1, sizeof *texts);
	int64_t *times = xcalloc(count * 2 + 1, sizeof *times);

	for (size_t i = 0; i < count; i++) {
		const struct merge_row *row = merge->added[i];

		texts[i] = row->key;
		texts[count + i] = row->class;
		texts[count * 2 + i] = row->person;
		texts[count * 3 + i] = row->team;
		texts[count * 4 + i] = row->title;
		times[i] = row->start;
		times[count + i] = row->end;
	}
	pg_int8_array(args, merge->superseded, merge->nsuperseded);
	for (size_t column = 0; column < 5; column++)
		pg_text_array(args, texts + count * column, count);
	pg_time_array(args, times, count);
	pg_time_array(args, times + count, count);
	free(texts);
	free(times);
}

/* Each statement that writes a reading gives one column, what became of it. */
enum { WRITTEN_OUTCOME = FEEDS_APPLY_OUTCOME };
_Static_assert((int)FEEDS_HOLD_OUTCOME == WRITTEN_OUTCOME &&
		   (int)FEEDS_GOOD_OUTCOME == WRITTEN_OUTCOME &&
		   (int)FEEDS_PREVIEW_IMPORT_OUTCOME == WRITTEN_OUTCOME,
    "one column for all of them");

static void
on_written(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct read_job *job = ctx;
	const char *answer;

	job->call = NULL;
	switch (st) {
	case STATUS_OK:
		break;
	case STATUS_AGAIN:
	case STATUS_GONE:
		finish(job, READ_LOST, NULL, NULL);
		return;
	case STATUS_REFUSED:
		log_event(LOG_ERROR, "reading_not_kept", LOG_STR("rota", job->ask->rota),
		    LOG_STR("sqlstate", pg_rows_sqlstate(rows)));
		finish(job, READ_FAILED, not_kept, NULL);
		return;
	case STATUS_MALFORMED:
	case STATUS_LIMIT:
		finish(job, READ_FAILED, not_kept, NULL);
		return;
	}
	answer = arena_strdup(job->arena, pg_get_text(rows, 0, WRITTEN_OUTCOME));
	if (strcmp(answer, "again") != 0)
		finish(job, READ_WRITTEN, NULL, answer);
	else if (++job->comparisons < COMPARISONS_MAX)
		enter(job, READ_RECALL);
	else
		finish(job, READ_LATER, NULL, NULL);
}

static void
write_found(struct read_job *job)
{
	struct pg_args args = {0};
	const struct pg_stmt *stmt;

	struct notes_about about = {
	    .before = job->versions,
	    .now = job->found.now,
	    .zones = zonedb_fingerprint(job->env->zones),
	    .moved = job->found.merge->counts[MERGE_MOVED],
	    .withheld = job->found.withheld,
	    .forget = &job->found.forget,
	    .listed = job->rows.count,
	};

	job->found.document =
	    read_json_reading(job->arena, job->found.reading, &job->ask->options, &about);
	stmt = job->write(job->ctx, &job->found, &args);
	job->call = pg_call(job->env->pg, stmt, &args, on_written, job);
}

/* --------------------------------------------------------------------------------------- steps */

static const struct {
	const char *name;
	read_step_fn *enter;
} read_steps[READ_STATES] = {
    [READ_COUNT] = {"count", count_attempt},
    [READ_READ] = {"read", hand_over},
    [READ_FORGET] = {"forget", forget_attempt},
    [READ_RECALL] = {"recall", recall},
    [READ_COMPARE] = {"compare", compare},
    [READ_WRITE] = {"write", write_found},
};

static void
enter(struct read_job *job, enum read_state state)
{
	log_event(LOG_DEBUG, "read_step", LOG_STR("rota", job->ask->rota),
	    LOG_STR("step", read_steps[state].name));
	job->state = state;
	read_steps[state].enter(job);
}

struct read_job *
read_job_start(const struct feeds_env *env, struct arena *arena, const struct read_ask *ask,
    read_write_fn *write, read_done_fn *done, void *ctx)
{
	struct read_job *job = arena_alloc(arena, sizeof *job);

	job->env = env;
	job->arena = arena;
	job->ask = ask;
	job->write = write;
	job->done = done;
	job->ctx = ctx;
	enter(job, READ_COUNT);
	return job;
}
