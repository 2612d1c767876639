/* SPDX-License-Identifier: MIT */
#include "server/feeds/import_job.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/feeds/claimed.h"
#include "server/feeds/feeds_sql.h"
#include "server/feeds/read_job.h"
#include "server/model/guard.h"

/*
 * A straight line for each file:
 *
 *   claimed --no calendar, or no rota for it--> refused
 *      |
 *   read, compared --refused by its reading--> refused
 *      |
 *   previewed; applied at once where its mode says so
 *
 * Somebody waits for it, so a file that could not be read now is read again as soon as its claim
 * runs out. A decision about the rota's titles takes the claim away: what was read by the decisions
 * before it is not kept, and the file waits to be read again.
 */
enum { LOOK_MS = 5000, AT_ONCE = 2 };

#define JOB_MAX_BYTES ((size_t)256 << 20)

struct import_job {
	LIST_ENTRY(import_job) entry;
	struct imports *imports;
	struct arena *arena;
	struct rulebook *rulebook;
	int64_t id, claim;
	struct read_ask ask;
	struct read_job *read;
	struct pg_call *call;
	/* how far it is, for those who wait: answered before what follows it */
	struct pg_call *step;
};
LIST_HEAD(import_jobs, import_job);

struct imports {
	const struct feeds_env *env;
	struct import_jobs jobs;
	unsigned under_way;
	struct loop_timer *timer;
	struct pg_call *claim;
	bool look_again;
};

/* ------------------------------------------------------------------------------------ one file */

static void
arena_destroy(void *arena)
{
	arena_free(arena);
}

static void
job_free(struct import_job *job)
{
	LIST_REMOVE(job, entry);
	job->imports->under_way--;
	pg_call_cancel(job->call);
	pg_call_cancel(job->step);
	read_job_cancel(job->read);
	rulebook_unref(job->rulebook);
	/* The job itself is in it. */
	loop_free_later(job->imports->env->loop, job->arena, arena_destroy);
}

static void
finish(struct import_job *job, const char *outcome)
{
	struct imports *imports = job->imports;

	log_event(LOG_INFO, "import_read", LOG_INT("import", job->id),
	    LOG_STR("rota", job->ask.rota), LOG_STR("outcome", outcome));
	job_free(job);
	if (imports->look_again)
		imports_look(imports);
}

static void
on_refused(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct import_job *job = ctx;

	(void)rows;
	job->call = NULL;
	finish(job, st == STATUS_OK ? "refused" : "lost");
}

static void
refuse(struct import_job *job, const char *why, const char *document)
{
	struct pg_args args = {0};

	pg_int8(&args, job->id);
	pg_int8(&args, job->claim);
	pg_text(&args, why);
	pg_bytea(&args, job->ask.with.hash, sizeof job->ask.with.hash);
	pg_text(&args, document);
	job->call = pg_call(job->imports->env->pg, &FEEDS_REFUSE_IMPORT, &args, on_refused, job);
}

static const struct pg_stmt *
write_preview(void *ctx, const struct read_found *found, struct pg_args *args)
{
	const struct import_job *job = ctx;

	pg_int8(args, job->id);
	pg_int8(args, job->claim);
	if (found->base == 0)
		pg_null(args);
	else
		pg_int8(args, found->base);
	pg_bytea(args, job->ask.with.hash, sizeof job->ask.with.hash);
	pg_text(args, found->document);
	pg_bool(args, found->safe);
	pg_text(args, found->why);
	pg_text(args, found->diff);
	read_job_add_merge(args, found->merge);
	pg_bytea(args, job->ask.hash, sizeof job->ask.hash);
	pg_bytea(args, found->kept.at, found->kept.len);
	return &FEEDS_PREVIEW_IMPORT;
}

static void
on_read(void *ctx, const struct read_end *end)
{
	struct import_job *job = ctx;

	job->read = NULL;
	switch (end->outcome) {
	case READ_WRITTEN:
		finish(job, strcmp(end->answer, "done") == 0 ? "preview" : end->answer);
		return;
	case READ_REFUSED:
		refuse(job, end->sentence, end->found->document);
		return;
	case READ_FAILED:
		refuse(job, end->sentence, NULL);
		return;
	/* Not written, and no answer is sent: the claim runs out, and the file is read again. */
	case READ_LATER:
	case READ_LOST:
		finish(job, "later");
		return;
	}
}

static void
on_step(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct import_job *job = ctx;

	(void)st;
	(void)rows;
	job->step = NULL;
}

/* ${events} below 0: not known yet. */
static void
tell_step(struct import_job *job, const char *step, int64_t events)
{
	struct pg_args args = {0};

	/* The note before this one is still on its way. It is only for a person who waits, so this
	 * one is left out. */
	if (job->step != NULL)
		return;
	pg_int8(&args, job->id);
	pg_text(&args, step);
	if (events < 0)
		pg_null(&args);
	else
		pg_int4(&args, (int32_t)events);
	job->step = pg_call(job->imports->env->pg, &FEEDS_IMPORT_STEP, &args, on_step, job);
}

static void
on_understood(void *ctx, const struct reading *reading)
{
	tell_step(ctx, "comparing", reading->events);
}

/* Why ${rota} takes no files; NULL if it does. */
static const char *
no_files(const struct region_rota *rota)
{
	if (rota == NULL)
		return "There is no such rota in the region any more.";
	if (rota->source == REGION_SOURCE_TYPED)
		return "The shifts of this rota are typed in; it takes no files.";
	return NULL;
}

static void
begin(struct import_job *job, bool roster)
{
	const struct region_rota *rota = rulebook_rota(job->rulebook, job->ask.rota);
	const char *why = no_files(rota);

	if (why == NULL && job->ask.body.at == NULL)
		why = read_not_kept;
	if (why == NULL)
		why = guard_body(job->arena, job->ask.body, (struct slice){0}, roster);
	if (why != NULL) {
		refuse(job, why, NULL);
		return;
	}
	job->ask.options = rulebook_options(job->rulebook, job->arena, rota,
	    roster ? READING_CSV : READING_ICALENDAR, feeds_now(job->imports->env));
	job->ask.with = rulebook_read_with(job->rulebook, &job->ask.options);
	tell_step(job, "reading", -1);
	job->read = read_job_start(job->imports->env, job->arena, &job->ask,
	    (struct read_owner){
		.understood = on_understood, .write = write_preview, .done = on_read, .ctx = job});
}

static void
start_job(struct imports *imports, const struct pg_rows *rows, size_t row)
{
	struct arena *arena = arena_new(JOB_MAX_BYTES);
	struct import_job *job = arena_alloc(arena, sizeof *job);

	job->imports = imports;
	job->arena = arena;
	job->rulebook = rulebook_ref(imports->env->rulebook);
	job->id = pg_get_int(rows, row, FEEDS_CLAIM_IMPORTS_ID);
	job->ask.rota = arena_strdup(arena, pg_get_text(rows, row, FEEDS_CLAIM_IMPORTS_ROTA));
	memcpy(job->ask.hash, pg_get_bytes(rows, row, FEEDS_CLAIM_IMPORTS_BODY).at,
	    sizeof job->ask.hash);
	job->ask.body = claimed_copy_bytes(arena, rows, row, FEEDS_CLAIM_IMPORTS_BYTES);
	job->claim = pg_get_int(rows, row, FEEDS_CLAIM_IMPORTS_CLAIM);
	LIST_INSERT_HEAD(&imports->jobs, job, entry);
	imports->under_way++;
	begin(job, pg_get_bool(rows, row, FEEDS_CLAIM_IMPORTS_IS_ROSTER));
}

/* ----------------------------------------------------------------------------------------- all */

static void
on_claimed(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct imports *imports = ctx;

	imports->claim = NULL;
	if (st != STATUS_OK)
		return;
	for (size_t i = 0; i < pg_rows_count(rows); i++)
		start_job(imports, rows, i);
	if (pg_rows_count(rows) > 0)
		imports->look_again = true;
	if (imports->look_again)
		imports_look(imports);
}

void
imports_look(struct imports *imports)
{
	struct pg_args args = {0};

	if (imports->env->rulebook == NULL)
		return;
	/* A claim that is under way may have missed the file that this hint is about. */
	imports->look_again = imports->claim != NULL || imports->under_way == AT_ONCE;
	if (imports->look_again)
		return;
	pg_int4(&args, (int32_t)(AT_ONCE - imports->under_way));
	pg_int8(&args, rulebook_version(imports->env->rulebook));
	pg_int8(&args, rulebook_decided(imports->env->rulebook));
	imports->claim =
	    pg_call(imports->env->pg, &FEEDS_CLAIM_IMPORTS, &args, on_claimed, imports);
}

static void
on_timer(void *ctx)
{
	imports_look(ctx);
}

struct imports *
imports_new(const struct feeds_env *env)
{
	struct imports *imports = xcalloc(1, sizeof *imports);

	imports->env = env;
	LIST_INIT(&imports->jobs);
	imports->timer = loop_every(env->loop, LOOK_MS, on_timer, imports);
	return imports;
}

void
imports_free(struct imports *imports)
{
	while (!LIST_EMPTY(&imports->jobs))
		job_free(LIST_FIRST(&imports->jobs));
	pg_call_cancel(imports->claim);
	loop_timer_cancel(imports->timer);
	free(imports);
}
