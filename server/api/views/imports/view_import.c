/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/imports/import_judge.h"
#include "server/api/views/imports/import_put.h"
#include "server/api/views/parts/candidates.h"
#include "server/api/views/parts/to_decide.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"
#include "server/base/instant.h"

/*
 * GET /v1/imports/{id}: what was understood of a file, what would change, who is new, and the
 * effect on the map. The effect is computed with each request, against the shifts in force, since a
 * preview may be read long after it was made.
 */

struct shown_import {
	int64_t id;
	uint32_t rota; /* TABLE_NONE: it has left the region */
	const char *rota_id, *by, *format, *mode, *state, *why, *decided_by, *reason, *zone_used,
	    *sha256;
	const char *step;
	int64_t events_read, bytes;
	int64_t uploaded_at, read_at, decided_at, events, first_start, horizon;
	bool judged, safe;
	struct slice findings, counts, diff, same_file;
};

/* ----------------------------------------------------------------------------- its columns */

static struct slice
keep_json(struct arena *arena, const struct pg_rows *rows, unsigned column)
{
	struct slice json;

	if (pg_is_null(rows, 0, column))
		return (struct slice){0};
	json = pg_get_bytes(rows, 0, column);
	return (struct slice){arena_strndup(arena, json.at, json.len), json.len};
}

/* Rows are freed when the next call is made, so everything is copied. */
static void
keep_import(struct arena *arena, const struct region *region, const struct pg_rows *rows,
    struct shown_import *import)
{
	*import = (struct shown_import){
	    .id = pg_get_int(rows, 0, API_IMPORT_ID),
	    .rota_id = pg_copy_text(arena, rows, 0, API_IMPORT_ROTA),
	    .by = pg_copy_text(arena, rows, 0, API_IMPORT_BY_ACCOUNT),
	    .format = pg_copy_text(arena, rows, 0, API_IMPORT_FORMAT),
	    .mode = pg_copy_text(arena, rows, 0, API_IMPORT_MODE),
	    .state = pg_copy_text(arena, rows, 0, API_IMPORT_STATE),
	    .uploaded_at = pg_get_time_or(rows, 0, API_IMPORT_UPLOADED_AT, INSTANT_NEVER),
	    .read_at = pg_get_time_or(rows, 0, API_IMPORT_READ_AT, INSTANT_NEVER),
	    .judged = !pg_is_null(rows, 0, API_IMPORT_SAFE),
	    .why = pg_copy_text(arena, rows, 0, API_IMPORT_WHY),
	    .decided_at = pg_get_time_or(rows, 0, API_IMPORT_DECIDED_AT, INSTANT_NEVER),
	    .decided_by = pg_copy_text(arena, rows, 0, API_IMPORT_DECIDED_BY),
	    .reason = pg_copy_text(arena, rows, 0, API_IMPORT_REASON),
	    .findings = keep_json(arena, rows, API_IMPORT_FINDINGS),
	    .counts = keep_json(arena, rows, API_IMPORT_COUNTS),
	    .events = pg_get_int(rows, 0, API_IMPORT_EVENTS),
	    .first_start = pg_get_time_or(rows, 0, API_IMPORT_FIRST_START, INSTANT_NEVER),
	    .horizon = pg_get_time_or(rows, 0, API_IMPORT_HORIZON, INSTANT_NEVER),
	    .zone_used = pg_copy_text(arena, rows, 0, API_IMPORT_ZONE_USED),
	    .diff = keep_json(arena, rows, API_IMPORT_DIFF),
	    .same_file = keep_json(arena, rows, API_IMPORT_SAME_FILE),
	    .sha256 = pg_copy_text(arena, rows, 0, API_IMPORT_SHA256),
	    .step = pg_copy_text(arena, rows, 0, API_IMPORT_STEP),
	    .events_read = pg_is_null(rows, 0, API_IMPORT_EVENTS_READ)
			       ? -1
			       : pg_get_int(rows, 0, API_IMPORT_EVENTS_READ),
	    .bytes = pg_get_int(rows, 0, API_IMPORT_BYTES),
	};
	import->safe = import->judged && pg_get_bool(rows, 0, API_IMPORT_SAFE);
	import->rota = table_get(&region->rota_by_id, import->rota_id);
}

/* --------------------------------------------------------------------------------- writing */

/* Those who would be on this rota and are not on it now. They are the first sign of a wrong
 * file, so they have a list of their own. */
static void
put_joining(struct json_out *out, struct ask *ask, const struct rota_block *before,
    const struct rota_block *after)
{
	bool *known = arena_array(ask->arena, ask->region->npeople + 1, sizeof *known);

	for (uint32_t i = 0; i < before->count; i++)
		if (before->shifts[i].person != REGION_NONE)
			known[before->shifts[i].person] = true;
	out_array(out, "joining");
	for (uint32_t i = 0; i < after->count; i++) {
		uint32_t person = after->shifts[i].person;

		if (person == REGION_NONE || known[person])
			continue;
		known[person] = true;
		out_text(out, NULL, region_person(ask->region, person)->name);
	}
	out_array_end(out);
}

/* Names that the set-up does not know: the reading's own list, kept with the diff. */
static void
put_unknown_names(struct json_out *out, const struct ask *ask, struct slice diff)
{
	json_t *kept = diff.len == 0 ? NULL : json_loadb(diff.at, diff.len, 0, NULL);
	json_t *name;
	size_t i;

	out_array(out, "new_people");
	json_array_foreach(json_object_get(kept, "new_people"), i, name)
	    out_text(out, NULL, ask_shown_text(ask, json_string_value(name)));
	out_array_end(out);
	json_decref(kept);
}

/* How far the reader has come, for a page that waits for it. */
static void
put_progress(struct json_out *out, const struct shown_import *import)
{
	bool waits = strcmp(import->state, "uploaded") == 0;

	out_object(out, "progress");
	out_text(out, "step", !waits ? "done" : import->step == NULL ? "queued" : import->step);
	out_int(out, "bytes", import->bytes);
	if (!waits && import->read_at != INSTANT_NEVER)
		out_int(out, "events", import->events);
	else if (import->events_read >= 0)
		out_int(out, "events", import->events_read);
	else
		out_null(out, "events");
	out_object_end(out);
}

/* A name that the reading could not match with one person, and whom it may mean. The candidates are
 * searched for with each request, since people come and go. */
static void
put_person_to_match(struct json_out *out, const struct ask *ask,
    const struct rota_directory *directory, json_t *kept)
{
	const char *first = json_string_value(json_object_get(kept, "first_start"));
	json_t *title;
	int64_t start;
	size_t i;

	out_object(out, NULL);
	out_text(
	    out, "name", ask_shown_text(ask, json_string_value(json_object_get(kept, "name"))));
	out_text(out, "kind", json_string_value(json_object_get(kept, "kind")));
	out_text(out, "fits", json_string_value(json_object_get(kept, "fits")));
	out_int(out, "count", json_integer_value(json_object_get(kept, "count")));
	out_array(out, "titles");
	json_array_foreach(json_object_get(kept, "titles"), i, title)
	    out_text(out, NULL, ask_shown_text(ask, json_string_value(title)));
	out_array_end(out);
	if (first == NULL || !civil_parse_rfc3339(slice_of(first), &start))
		start = INSTANT_NEVER;
	out_time(out, "first_start", start);
	candidates_put(
	    out, ask->region, directory, json_string_value(json_object_get(kept, "name")));
	out_object_end(out);
}

/* The reading's own lists of what is open, kept with the diff. */
static void
put_open(struct json_out *out, const struct ask *ask, const struct shown_import *import)
{
	json_t *diff =
	    import->diff.len == 0 ? NULL : json_loadb(import->diff.at, import->diff.len, 0, NULL);
	const json_t *to_decide = json_object_get(diff, "to_decide");
	struct rota_directory *directory = NULL;
	json_t *kept;
	size_t i;

	/* Without the rota there is no directory in which to search. */
	out_array(out, "people_to_match");
	if (import->rota != TABLE_NONE) {
		directory =
		    rota_directory_of(ask->arena, ask->region, &ask->region->rotas[import->rota]);
		json_array_foreach(json_object_get(diff, "people_to_match"), i, kept)
		    put_person_to_match(out, ask, directory, kept);
	}
	out_array_end(out);
	to_decide_put(out, ask, directory, directory == NULL ? NULL : to_decide);
	json_decref(diff);
}

/* Whether it can be confirmed without a reason, and if not, why: the objections of the guards
 * and those of the map (${against}; NULL: none, or it is no preview). The guards judged when the
 * file was read, the map is judged now; both must agree. */
static void
put_safe(struct json_out *out, const struct ask *ask, const struct shown_import *import,
    const char *against)
{
	const char *why = import->why;

	if (import->judged)
		out_bool(out, "safe", import->safe && against == NULL);
	else
		out_null(out, "safe");
	/* The same sentence of both is printed once. */
	if (why != NULL && against != NULL && strcmp(why, against) != 0)
		why = arena_printf(ask->arena, "%s %s", why, against);
	out_text(out, "why", why != NULL ? why : against);
}

/* The rota may have left the region; then only reviewers still see its imports. */
static bool
may_see(const struct ask *ask, uint32_t rota)
{
	return rights_reviews_rota(ask->region, ask->account, rota) ||
	       (rota != TABLE_NONE && rights_change_rota(ask->region, ask->account, rota));
}

/* What became of the same file on other rotas: each has a preview of its own, which is confirmed by itself. */
static void
put_same_file(struct json_out *out, const struct ask *ask, struct slice same)
{
	json_t *kept = same.len == 0 ? NULL : json_loadb(same.at, same.len, 0, NULL);
	json_t *other;
	size_t i;

	out_array(out, "same_file");
	json_array_foreach(kept, i, other)
	{
		const char *rota = json_string_value(json_object_get(other, "rota"));
		const json_t *safe = json_object_get(other, "safe");

		if (!may_see(ask, table_get(&ask->region->rota_by_id, rota)))
			continue;
		out_object(out, NULL);
		out_int(out, "id", json_integer_value(json_object_get(other, "id")));
		out_text(out, "rota", rota);
		out_text(out, "state", json_string_value(json_object_get(other, "state")));
		if (json_is_boolean(safe))
			out_bool(out, "safe", json_is_true(safe));
		else
			out_null(out, "safe");
		out_text(out, "why",
		    ask_shown_text(ask, json_string_value(json_object_get(other, "why"))));
		out_object_end(out);
	}
	out_array_end(out);
	json_decref(kept);
}

static void
put_facts(struct json_out *out, const struct ask *ask, const struct shown_import *import,
    const char *against)
{
	out_int(out, "id", import->id);
	out_text(out, "rota", import->rota_id);
	out_text(out, "by", import->by);
	out_text(out, "format", import->format);
	out_text(out, "mode", import->mode);
	out_text(out, "state", import->state);
	out_time(out, "uploaded_at", import->uploaded_at);
	out_time(out, "read_at", import->read_at);
	out_text(out, "sha256", import->sha256);
	put_safe(out, ask, import, against);
	put_progress(out, import);
	out_time(out, "decided_at", import->decided_at);
	out_text(out, "decided_by", import->decided_by);
	out_text(out, "reason", ask_shown_text(ask, import->reason));
	out_int(out, "events", import->events);
	out_raw(out, "counts", import->counts);
	out_time(out, "first_start", import->first_start);
	out_time(out, "horizon", import->horizon);
	out_text(out, "zone_used", import->zone_used);
	out_raw(out, "findings", ask_shown_json(ask, import->findings));
	out_raw(out, "diff", ask_shown_json(ask, import->diff));
	put_unknown_names(out, ask, import->diff);
	put_open(out, ask, import);
	put_same_file(out, ask, import->same_file);
}

/* ${judged}, ${would}: NULL unless it is a preview. */
static void
reply(struct job *job, const struct import_judged *judged, const struct pg_rows *would)
{
	const struct shown_import *import = job->data;
	struct json_out out = {0};

	out_object(&out, NULL);
	put_facts(&out, &job->ask, import, judged != NULL ? judged->why : NULL);
	if (judged != NULL)
		put_joining(&out, &job->ask, job->ask.map->rotas[import->rota], judged->after);
	import_effect_put(&out, &job->ask, judged != NULL ? &judged->effect : NULL);
	import_overrides_put(&out, &job->ask, would);
	out_text(&out, "seen", judged != NULL ? judged->seen : NULL);
	out_object_end(&out);
	ask_reply(&job->ask, &out);
	/* Titles and names are in the findings, so it is noted in the audit. */
	if (rights_sight(job->ask.account) != SIGHT_COUNTS)
		ask_read(&job->ask, READ_IMPORT,
		    arena_printf(job->ask.arena, "%lld", (long long)import->id), NULL,
		    INSTANT_NONE);
	job_end(job);
}

/* ---------------------------------------------------------------------------------- effect */

static void
on_judged(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct import_judged judged;

	(void)st;
	import_judge(job->ask.arena,
	    &(struct import_question){
		.map = job->ask.map, .now = job->ask.now, .seen_at = job->ask.now},
	    rows, &judged);
	/* Decided since the first call: shown without an effect, and the next request has its
	 * state. */
	if (judged.verdict == IMPORT_NO_MATTER)
		reply(job, NULL, NULL);
	else
		reply(job, &judged, rows);
	import_judged_drop(&judged);
}

static void
on_import(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct shown_import *import = job->data;
	struct pg_args args = {0};

	(void)st;
	if (pg_rows_count(rows) == 0) {
		job_problem(job, 404, "There is no import with this number.");
		return;
	}
	keep_import(job->ask.arena, job->ask.region, rows, import);
	if (import->rota == TABLE_NONE && !may_see(&job->ask, import->rota)) {
		job_problem(job, 404, IMPORT_NO_ROTA);
		return;
	}
	if (!may_see(&job->ask, import->rota)) {
		job_problem(job, 403, ASK_OTHERS_ROTA);
		return;
	}
	if (strcmp(import->state, "preview") != 0 || import->rota == TABLE_NONE) {
		reply(job, NULL, NULL);
		return;
	}
	import_judge_ask(&args, import->id, job->ask.map);
	job_call(job, &API_IMPORT_JUDGED, &args, on_judged);
}

void
view_import(struct ask *ask)
{
	struct pg_args args = {0};
	int64_t id;

	id = ask_id_named(ask, web_param(ask->exchange, "id"), "import");
	/* First whether the role has the right at all; whether the rota is the account's own is
	 * known later. */
	if (!rights_has(ask->account, RIGHT_CHANGE) && !rights_has(ask->account, RIGHT_REVIEW))
		ask_refuse(ask, 403, "This account's role does not allow that.");
	if (!ask_fine(ask))
		return;
	pg_int8(&args, id);
	job_call(job_new(ask, sizeof(struct shown_import)), &API_IMPORT, &args, on_import);
}
