/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/parts/candidates.h"
#include "server/api/views/parts/disputes.h"
#include "server/api/views/parts/to_decide.h"
#include "server/api/views/parts/undecided.h"
#include "server/api/views/views.h"
#include "server/base/instant.h"
#include "server/model/region_protected.h"

/* GET and DELETE /v1/rotas/{id}/decisions: what was decided about the titles and names of a rota,
 * and what is left to decide. Making one is view_decision_make.c. */

struct shown {
	uint32_t rota;
	struct rota_directory *directory;
	struct slice to_decide; /* JSON; at NULL: nothing was read */
};

/* Whether the decision can still be applied: people leave, teams are renamed. */
static bool
stands(const struct region *region, uint32_t rota, const char *person, const char *team)
{
	uint32_t index = person == NULL ? TABLE_NONE : table_get(&region->person_by_id, person);

	if (team != NULL)
		return region_team(&region->rotas[rota], team) != NULL;
	return person == NULL ||
	       (index != TABLE_NONE &&
		   region_in_directory(region, &region->rotas[rota], region_person(region, index)));
}

/* A decision that can no longer be applied is shown all the same: a person made it, so a person
 * must withdraw it. */
static void
put_decision(struct json_out *out, const struct job *job, const struct pg_rows *rows, size_t row)
{
	const struct region *region = job->ask.region;
	const struct shown *shown = job->data;
	const char *kind = pg_get_text(rows, row, API_DECISIONS_KIND),
		   *person = pg_get_text(rows, row, API_DECISIONS_PERSON),
		   *team = pg_get_text(rows, row, API_DECISIONS_TEAM),
		   *zone = pg_get_text(rows, row, API_DECISIONS_ZONE);
	uint32_t index = person == NULL ? TABLE_NONE : table_get(&region->person_by_id, person);
	int64_t at = pg_get_time(rows, row, API_DECISIONS_KNOWN_FROM);

	out_object(out, NULL);
	out_int(out, "id", pg_get_int(rows, row, API_DECISIONS_ID));
	out_text(out, "kind", kind);
	out_text(out, kind,
	    index != TABLE_NONE && region_is_withheld(region_person(region, index))
		? REGION_WITHHELD_TEXT
		: ask_shown_text(&job->ask, pg_get_text(rows, row, API_DECISIONS_WORDS)));
	if (strcmp(kind, "zone") == 0 || strcmp(kind, "word") == 0)
		out_text(out, "means",
		    zone != NULL ? zone : pg_get_text(rows, row, API_DECISIONS_READS));
	else
		out_text(out, "reads", pg_get_text(rows, row, API_DECISIONS_READS));
	out_text(out, "person", ask_shown_id(&job->ask, person));
	out_text(out, "name", index == TABLE_NONE ? NULL : region_person(region, index)->name);
	out_text(out, "team", team);
	out_bool(out, "stands", stands(region, shown->rota, person, team));
	out_text(out, "by", pg_get_text(rows, row, API_DECISIONS_DECIDED_BY));
	out_time(out, "at", at);
	out_local(out, "local", job->ask.map->setup->zone, at);
	out_object_end(out);
}

/* Titles that somebody has decided to leave undecided: they are not asked about again. */
static void
find_left(struct job *job, const struct pg_rows *rows, struct table *left)
{
	struct arena *arena = job->ask.arena;

	table_init(left, arena, 16);
	for (size_t i = 0; i < pg_rows_count(rows); i++)
		if (strcmp(pg_get_text(rows, i, API_DECISIONS_KIND), "title") == 0 &&
		    strcmp(pg_get_text(rows, i, API_DECISIONS_READS), "undecided") == 0)
			table_put(left, arena,
			    arena_strdup(arena, pg_get_text(rows, i, API_DECISIONS_WORDS)),
			    (uint32_t)i);
}

static void
put_undecided(struct json_out *out, struct job *job, const struct pg_rows *rows)
{
	const struct shown *shown = job->data;
	struct undecided_list list;
	struct table left;

	find_left(job, rows, &left);
	list = undecided_of(&job->ask, shown->rota, &left);

	out_array(out, "undecided");
	for (size_t i = 0; i < list.count; i++) {
		out_object(out, NULL);
		out_text(out, "title", ask_shown_text(&job->ask, list.items[i].title));
		out_int(out, "count", list.items[i].count);
		out_time(out, "next", list.items[i].next);
		out_local(out, "local", job->ask.map->setup->zone, list.items[i].next);
		candidates_put(out, job->ask.region, shown->directory, list.items[i].title);
		out_object_end(out);
	}
	out_array_end(out);
	out_int(out, "undecided_titles", (int64_t)list.all);
}

/* The list was made when the calendar was read; candidates are computed now. */
static void
put_to_decide(struct json_out *out, struct job *job)
{
	const struct shown *shown = job->data;
	json_t *kept = shown->to_decide.at == NULL
			   ? NULL
			   : json_loadb(shown->to_decide.at, shown->to_decide.len, 0, NULL);

	to_decide_put(out, &job->ask, shown->directory, kept);
	json_decref(kept);
}

/* The people and teams that a decision of this rota may name. */
static void
put_choices(struct json_out *out, const struct job *job)
{
	const struct shown *shown = job->data;
	struct region_list people = rota_directory_people(shown->directory);
	const char *const *team = job->ask.region->rotas[shown->rota].team_names;

	out_array(out, "people");
	for (uint32_t i = 0; i < people.count; i++)
		candidate_put(out, job->ask.region, people.items[i]);
	out_array_end(out);
	out_array(out, "team_names");
	for (; *team != NULL; team++)
		out_text(out, NULL, *team);
	out_array_end(out);
}

/* Everything that the page for decisions needs is in this one answer. */
static void
on_decisions(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct shown *shown = job->data;
	const struct region_rota *rota = &job->ask.region->rotas[shown->rota];
	struct json_out out = {0};

	(void)st;
	shown->directory = rota_directory_of(job->ask.arena, job->ask.region, rota);
	out_object(&out, NULL);
	out_text(&out, "rota", rota->id);
	out_bool(
	    &out, "may_change", rights_change_rota(job->ask.region, job->ask.account, shown->rota));
	out_array(&out, "decisions");
	for (size_t i = 0; i < pg_rows_count(rows); i++)
		put_decision(&out, job, rows, i);
	out_array_end(&out);
	put_to_decide(&out, job);
	put_undecided(&out, job, rows);
	put_choices(&out, job);
	out_array(&out, "disputes");
	disputes_put(&out, &job->ask, shown->rota, (struct span_time){job->ask.now, INSTANT_END});
	out_array_end(&out);
	out_object_end(&out);
	ask_reply(&job->ask, &out);
	ask_read(&job->ask, READ_DECISIONS, rota->id, NULL, INSTANT_NONE);
	job_end(job);
}

static void
on_to_decide(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct shown *shown = job->data;
	struct pg_args args = {0};

	(void)st;
	/* No row: the rota was never read. */
	if (pg_rows_count(rows) == 1) {
		struct slice json = pg_get_bytes(rows, 0, API_TO_DECIDE_TO_DECIDE);

		/* Copied, since the rows are freed when this step ends. */
		shown->to_decide =
		    (struct slice){arena_strndup(job->ask.arena, json.at, json.len), json.len};
	}
	pg_text(&args, job->ask.region->rotas[shown->rota].id);
	job_call(job, &API_DECISIONS, &args, on_decisions);
}

/* Two calls, one after the other: what the last reading left to decide, then the decisions. */
void
view_decisions(struct ask *ask)
{
	struct pg_args args = {0};
	struct job *job;
	uint32_t rota = ask_rota_reviewed(ask, "what was decided about a rota");

	if (!ask_fine(ask))
		return;
	pg_text(&args, ask->region->rotas[rota].id);
	job = job_new(ask, sizeof(struct shown));
	((struct shown *)job->data)->rota = rota;
	job_call(job, &API_TO_DECIDE, &args, on_to_decide);
}

/* -------------------------------------------------------------------------------- withdrawing */

/* The rota is an argument too: a number of another rota's decision is not found. */
static void
on_withdrawn(struct job *job, enum status st, const struct pg_rows *rows)
{
	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	if (pg_get_bool(rows, 0, API_DECISION_WITHDRAW_WITHDRAWN))
		ask_reply_nothing(&job->ask, NULL);
	else
		problem_reply(job->ask.exchange, 404,
		    "There is no decision in force with this number on this rota.");
	job_end(job);
}

void
view_decision_withdraw(struct ask *ask)
{
	struct pg_args args = {0};
	uint32_t rota;
	int64_t id;

	rota = ask_rota_changed(ask, "id");
	id = ask_id_named(ask, web_param(ask->exchange, "decision"), "decision");
	if (!ask_fine(ask))
		return;
	pg_text(&args, ask->region->rotas[rota].id);
	pg_int8(&args, id);
	pg_text(&args, ask->account->name);
	job_write(job_new(ask, 0), &API_DECISION_WITHDRAW, &args, on_withdrawn);
}
