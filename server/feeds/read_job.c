/* SPDX-License-Identifier: MIT */
#include "server/feeds/read_job.h"

#include <sodium.h>

#include "server/base/log.h"
#include "server/feeds/feeds_sql.h"
#include "server/feeds/read_json.h"
#include "server/feeds/read_private.h"

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
enum { ATTEMPTS_MAX = 3 };

static const char set_aside[] =
    "Reading this calendar took too much time or memory three times; it is set aside for a day. "
    "Ask the publisher to make it shorter, or send it as a file.";
static const char reader_died[] =
    "Reading this calendar took too much time or memory, or what came of it made no sense.";
const char read_not_kept[] =
    "People or words of this rota have changed since this list of leave was read. It would read otherwise without the reasons "
    "that are in it, so it was not kept and cannot be read again. Send it again, or send one without reasons.";
static const char too_large[] = "This calendar is larger than any rota needs to be.";

void
body_hash(struct slice body, unsigned char hash[BODY_HASH_BYTES])
{
	crypto_hash_sha256(hash, (const unsigned char *)body.at, body.len);
}

/* --------------------------------------------------------------------------------- how it ends */

void
read_finish(
    struct read_job *job, enum read_outcome outcome, const char *sentence, const char *answer)
{
	bool found = outcome == READ_WRITTEN || outcome == READ_REFUSED;
	struct read_end end = {
	    .outcome = outcome,
	    .answer = answer,
	    .sentence = sentence,
	    .found = found ? &job->found : NULL,
	};

	job->owner.done(job->owner.ctx, &end);
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

/* --------------------------------------------------------------------------------------- count */

static void
on_counted(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct read_job *job = ctx;

	job->call = NULL;
	if (st != STATUS_OK)
		read_finish(job, READ_LOST, NULL, NULL);
	else if (pg_get_int(rows, 0, FEEDS_COUNT_ATTEMPT_ATTEMPTS) > ATTEMPTS_MAX)
		read_finish(job, READ_FAILED, set_aside, NULL);
	else
		read_enter(job, READ_READ);
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

static struct slice
what_to_keep(const struct read_job *job, const struct reading *reading)
{
	if (reading->hash_alone)
		return (struct slice){0};
	return reading->kept.len > 0 ? reading->kept : job->ask->body;
}

static void
on_read(void *ctx, enum status st, const struct reading *reading)
{
	struct read_job *job = ctx;

	job->reader = NULL;
	job->read = st;
	job->found.reading = reading;
	if (st == STATUS_OK)
		job->found.kept = what_to_keep(job, reading);
	if (st == STATUS_OK &&
	    read_rows_make(job->arena, reading, &job->ask->options, &job->rows) != STATUS_OK)
		job->read = STATUS_MALFORMED;
	if (job->read == STATUS_MALFORMED)
		read_finish(job, READ_FAILED, reader_died, NULL);
	else
		read_enter(job, READ_FORGET);
}

static void
hand_over(struct read_job *job)
{
	const struct reader_ask ask = {&job->ask->options, job->ask->body, job->arena};

	job->reader = reader_call(job->env->reader, &ask, on_read, job);
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
		read_finish(job, READ_LOST, NULL, NULL);
	else if (job->read == STATUS_LIMIT)
		read_finish(job, READ_FAILED, too_large, NULL);
	else if (job->read != STATUS_OK)
		read_finish(job, READ_LATER, NULL, NULL);
	else if (job->found.reading->refused) {
		job->found.document = read_json_reading(job->arena, job->found.reading,
		    &job->ask->options, read_format(job->ask), NULL);
		read_finish(job, READ_REFUSED, refusal(job), NULL);
	} else {
		if (job->owner.understood != NULL)
			job->owner.understood(job->owner.ctx, job->found.reading);
		read_enter(job, READ_RECALL);
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

/* --------------------------------------------------------------------------------------- steps */

static const struct {
	const char *name;
	void (*enter)(struct read_job *job);
} read_steps[READ_STATES] = {
    [READ_COUNT] = {"count", count_attempt},
    [READ_READ] = {"read", hand_over},
    [READ_FORGET] = {"forget", forget_attempt},
    [READ_RECALL] = {"recall", read_recall},
    [READ_COMPARE] = {"compare", read_compare},
    [READ_WRITE] = {"write", read_write},
};

void
read_enter(struct read_job *job, enum read_state state)
{
	log_event(LOG_DEBUG, "read_step", LOG_STR("rota", job->ask->rota),
	    LOG_STR("step", read_steps[state].name));
	job->state = state;
	read_steps[state].enter(job);
}

struct read_job *
read_job_start(const struct feeds_env *env, struct arena *arena, const struct read_ask *ask,
    struct read_owner owner)
{
	struct read_job *job = arena_alloc(arena, sizeof *job);

	job->env = env;
	job->arena = arena;
	job->ask = ask;
	job->owner = owner;
	read_enter(job, READ_COUNT);
	return job;
}
