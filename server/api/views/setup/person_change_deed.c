/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/person_change.h"

#include "server/api/api_sql.h"
#include "server/api/keep/snapshot_load.h"
#include "server/api/views/setup/object.h"
#include "server/map/snapshot_move.h"

/*
 * The last steps of a merge or a split:
 *   what was decided about the person      -> to whom each decision goes, and what is unclear
 *   the titles of rotas that may name them -> which will have another meaning when they are read again
 *   the change, rolled back                -> the effect on cover
 *   the change, unless it is a dry run
 */

/* How often it begins again because the set-up was changed meanwhile. A write cannot starve: its transaction
 * holds the lock on the set-up from its first attempt on. */
#define TURNS_MAX 8

/* Another version is in force than it was compared with. */
static void
again(struct job *job)
{
	struct person_change *change = job->data;
	struct region_put *put = &change->put;

	if (++change->turn > TURNS_MAX) {
		problem_reply_with(job->ask.exchange, 503,
		    "The set-up is being changed all the time: ask again.",
		    &(struct problem_more){.extra = "Retry-After: 1\r\n"});
		job_end(job);
		return;
	}
	snapshot_region_unref(put->setup);
	*put = (struct region_put){.dry_run = put->dry_run, .arena = put->arena};
	person_change_begin(job);
}

/* ------------------------------------------------------------------------------------ the deed */

static void
on_done(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct person_change *change = job->data;

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	if (pg_is_null(rows, 0, API_PERSON_MERGE_VERSION)) {
		again(job);
		return;
	}
	change->move = pg_get_int(rows, 0, API_PERSON_MERGE_MOVE);
	person_change_reply(job, pg_get_int(rows, 0, API_PERSON_MERGE_VERSION), true);
}

/* The arguments that the change and its preview have in common, in the order of person_merge() and
 * person_split(). */
static void
send(struct job *job, struct pg_args *args)
{
	struct person_change *change = job->data;

	pg_text(args, change->code);
	pg_text(args, change->other);
	pg_slice(args, change->items);
	if (change->split) {
		if (change->undoes != 0)
			pg_int8(args, change->undoes);
		else
			pg_null(args);
		pg_text_array(args, change->goes.items, change->goes.count);
		pg_text_array(args, change->stays.items, change->stays.count);
	}
	pg_int8(args, change->put.version);
	pg_text(args, job->ask.account->name);
	/* A dry run need not say why. */
	pg_text(args, change->reason != NULL ? change->reason : "-");
}

static void
do_it(struct job *job)
{
	const struct person_change *change = job->data;
	struct pg_args args = {0};

	if (change->put.dry_run) {
		person_change_reply(job, change->put.version, false);
		return;
	}
	send(job, &args);
	job_write(job, change->split ? &API_PERSON_SPLIT : &API_PERSON_MERGE, &args, on_done);
}

/* ---------------------------------------------------------------------------------- the effect */

/* Computes the effect from the shifts that the preview has returned. False: this process has not taken up the
 * set-up with which it was compared, so there is nothing to compare with. */
static bool
find_effect(struct job *job, const struct pg_rows *rows)
{
	struct person_change *change = job->data;
	struct region_put *put = &change->put;
	struct ask *ask = &job->ask;
	struct snapshot *after;

	if (ask->whole->setup->region->version != put->version ||
	    snapshot_region_read(&ask->api->tools, put->version, put->document, &put->setup) !=
		STATUS_OK)
		return false;
	after = snapshot_move(ask->whole, put->setup,
	    arena_array(ask->arena, put->setup->region->nrotas + 1, sizeof(bool)));
	snapshot_load_shifts(after, rows, NULL, 0);
	snapshot_gather_absences(after);
	region_effect(ask->arena,
	    &(struct region_effect_asked){
		.map = ask->whole,
		.setup = put->setup,
		.after = after,
		.changes = &put->changes,
		.other_source = NULL,
		.now = ask->now,
	    },
	    &put->effect);
	person_effect_turned(ask->arena, ask->whole, after, ask->now, &change->effect);
	snapshot_unref(after);
	return true;
}

static void
on_tried(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct person_change *change = job->data;

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	if (pg_rows_count(rows) > 0 && pg_is_null(rows, 0, API_SHIFTS_ROTA)) {
		again(job);
		return;
	}
	if (!find_effect(job, rows) && change->put.dry_run) {
		problem_reply_with(job->ask.exchange, 503,
		    "The set-up was changed a moment ago, and this process is still taking it up: ask again.",
		    &(struct problem_more){.extra = "Retry-After: 1\r\n"});
		job_end(job);
		return;
	}
	do_it(job);
}

static void
on_titles(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct person_change *change = job->data;
	const struct span_time *window = &job->ask.whole->window;
	struct pg_args args = {0};

	(void)st;
	person_effect_titles(job->ask.arena,
	    &(struct person_titles_asked){
		change->put.before, change->put.region, job->ask.api->tools.zones, rows},
	    &change->effect);
	send(job, &args);
	pg_time(&args, window->start);
	pg_time(&args, window->end);
	job_call(
	    job, change->split ? &API_PERSON_SPLIT_TRY : &API_PERSON_MERGE_TRY, &args, on_tried);
}

void
person_change_on_lots(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct person_change *change = job->data;
	const char *people[] = {change->code, change->other, NULL};
	struct pg_args args = {0};

	(void)st;
	person_lots_take(job, rows);
	if (change->split && !person_lots_may(job))
		return;
	person_effect_rotas(job->ask.arena, change->put.before, change->put.region, people, &args);
	job_call(job, &API_PEOPLE_TITLES, &args, on_titles);
}

/* ---------------------------------------------------------------------------------- the answer */

static void
put_questions(struct json_out *out, const struct ask *ask, const struct region_merge_questions *all)
{
	out_array(out, "questions");
	for (size_t i = 0; i < all->count; i++) {
		out_object(out, NULL);
		out_text(out, "key", all->items[i].key);
		out_text(out, "detail", all->items[i].detail);
		out_text(out, "from", ask_shown_id(ask, all->items[i].from));
		out_object_end(out);
	}
	out_array_end(out);
}

void
person_change_reply(struct job *job, int64_t version, bool applied)
{
	const struct person_change *change = job->data;
	struct arena *arena = job->ask.arena;
	struct json_out out = {0};

	out_object(&out, NULL);
	out_text(&out, "code", change->code);
	out_text(&out, "other", change->other);
	out_bool(&out, "applied", applied);
	out_bool(&out, "dry_run", change->put.dry_run);
	out_int(&out, "version", applied ? version : change->version);
	if (change->other_version != 0)
		out_int(&out, "other_version", change->other_version);
	else
		out_null(&out, "other_version");
	if (change->move != 0)
		out_int(&out, "merge", change->split ? change->undoes : change->move);
	else
		out_null(&out, "merge");
	out_raw(&out, "object", change->item);
	if (change->other_item.len > 0)
		out_raw(&out, "other_object", change->other_item);
	else
		out_null(&out, "other_object");
	put_questions(&out, &job->ask, &change->questions);
	person_lots_put(&out, job);
	person_effect_put(&out, &job->ask, &change->effect);
	region_put_dependents(&out, job);
	out_object_end(&out);
	ask_reply_with(&job->ask, 200, &out,
	    arena_printf(arena, "ETag: %s\r\n",
		setup_object_etag(arena, applied ? version : change->version)));
	job_end(job);
}
