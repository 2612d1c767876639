/* SPDX-License-Identifier: MIT */
#include "server/api/api_sql.h"
#include "server/api/views/parts/manual.h"
#include "server/api/views/swaps/swap_terms.h"
#include "server/api/views/views.h"

/* GET /v1/swaps and /v1/swaps/{id}: the swaps that concern the account, with what became of them. */

#define AHEAD_SECONDS (400 * (int64_t)86400)

_Static_assert(
    (int)API_SWAPS_ID == (int)API_OVERRIDES_ID, "manual.c reads the id of every list there");

/* ------------------------------------------------------------------------------------- the list */

static void
put_listed(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	out_object(out, NULL);
	swap_put(out, ask, rows, row);
	out_object_end(out);
}

/* The rotas that the account may change, and the people whose times it knows: rights_swap_sees() for a
 * list. */
static void
send_mine(const struct ask *ask, struct pg_args *args)
{
	const struct region *region = ask->whole->setup->region;
	/* One array for both lists: the first is sent before the second is written. */
	uint32_t most = region->nrotas > region->npeople ? region->nrotas : region->npeople;
	const char **ids = arena_array(ask->arena, most + 1, sizeof *ids);
	size_t count = 0;

	for (uint32_t i = 0; i < region->nrotas; i++)
		if (rights_change_rota(region, ask->account, i))
			ids[count++] = region->rotas[i].id;
	pg_text_array(args, ids, count);
	count = 0;
	for (uint32_t i = 0; i < region->npeople; i++)
		if (rights_knows_times(region, ask->account, i))
			ids[count++] = region_person(region, i)->id;
	pg_text_array(args, ids, count);
}

void
view_swaps(struct ask *ask)
{
	static const struct manual_list list = {"swaps", put_listed, READ_SWAPS, NULL};
	struct manual_wanted wanted = manual_wanted_read(ask, AHEAD_SECONDS);
	struct pg_args args = {0};

	if (!ask_fine(ask))
		return;
	send_mine(ask, &args);
	manual_list_ask(ask, &API_SWAPS, &args, &wanted, &list);
}

/* ------------------------------------------------------------------------------------- one */

/* The answer is of two statements, the swap and its history; it grows with the job. */
struct one {
	struct json_out out;
};

static void
drop(struct job *job)
{
	out_free(&((struct one *)job->data)->out);
}

static void
put_event(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	bool named = rights_sight(ask->account) != SIGHT_COUNTS;

	out_object(out, NULL);
	out_time(out, "at", pg_get_time(rows, row, API_SWAP_EVENTS_AT));
	out_text(out, "step", pg_get_text(rows, row, API_SWAP_EVENTS_STEP));
	out_text(out, "who", named ? pg_get_text(rows, row, API_SWAP_EVENTS_WHO) : NULL);
	out_text(out, "how", pg_get_text(rows, row, API_SWAP_EVENTS_HOW));
	out_bool(out, "forced", pg_get_bool(rows, row, API_SWAP_EVENTS_FORCED));
	/* A reason may name people: it is shown to those who see names, and filtered. */
	out_text(out, "reason",
	    named ? ask_shown_text(ask, pg_get_text(rows, row, API_SWAP_EVENTS_REASON)) : NULL);
	out_object_end(out);
}

static void
on_events(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct one *one = job->data;

	(void)st;
	out_array(&one->out, "history");
	for (size_t i = 0; i < pg_rows_count(rows); i++)
		put_event(&one->out, &job->ask, rows, i);
	out_array_end(&one->out);
	out_object_end(&one->out);
	ask_reply(&job->ask, &one->out);
	ask_read(&job->ask, READ_SWAP, NULL, NULL, INSTANT_NONE);
	job_end(job);
}

static void
on_found(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct one *one = job->data;
	struct pg_args args = {0};
	struct swap_terms terms;

	(void)st;
	if (pg_rows_count(rows) == 1)
		swap_terms_load(&job->ask, rows, 0, &terms);
	/* One answer for both, so that nobody counts the swaps of others. */
	if (pg_rows_count(rows) != 1 ||
	    !rights_swap_sees(job->ask.region, job->ask.account, &terms.sides)) {
		job_problem(job, 404, "There is no swap with this number.");
		return;
	}
	out_object(&one->out, NULL);
	swap_put(&one->out, &job->ask, rows, 0);
	pg_int8(&args, pg_get_int(rows, 0, API_SWAPS_ID));
	job_call(job, &API_SWAP_EVENTS, &args, on_events);
}

void
view_swap(struct ask *ask)
{
	int64_t id = ask_id_named(ask, web_param(ask->exchange, "id"), "swap");
	struct pg_args args = {0};
	struct job *job;

	if (!ask_fine(ask))
		return;
	pg_int8(&args, id);
	job = job_new(ask, sizeof(struct one));
	job->drop = drop;
	job_call(job, &API_SWAP, &args, on_found);
}
