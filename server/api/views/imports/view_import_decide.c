/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/imports/import_judge.h"
#include "server/api/views/imports/import_put.h"
#include "server/api/views/views.h"

/*
 * The three decisions about an import: confirm, discard, undo. Confirm and undo are judged alike: a
 * reason is required if it would open a gap soon or dispute an override, and even with a reason the
 * effect must still be the one that was shown (`seen`). The transaction that carries it out
 * compares once more what becomes of the overrides.
 */

#define REASON_MAX_BYTES 1000
#define SEEN_MAX_BYTES 100
#define LAGS                                                                                       \
	"The last change of this rota is still being worked out. Whether this opens a gap "        \
	"cannot be said yet: "

enum deed_kind { CONFIRM, DISCARD, UNDO };

struct decision {
	int64_t id;
	enum deed_kind kind;
	const char *reason, *seen;
	int64_t seen_at;
	bool dry;
};

static const char *const becomes[] = {"applied", "discarded", "undone"};
static const char *const words[] = {"confirm", "discard", "undo"};

static void
on_decided(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct decision *decision = job->data;
	struct json_out out = {0};

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	out_object(&out, NULL);
	out_int(&out, "id", decision->id);
	out_text(&out, "state", becomes[decision->kind]);
	out_object_end(&out);
	ask_reply_with(&job->ask, 200, &out, NULL);
	job_end(job);
}

/* With a reason and without `seen`: the person decides against any objection, so none is searched
 * for. Likewise to discard. */
static void
write_unjudged(struct job *job)
{
	static const struct pg_stmt *const deeds[] = {
	    &API_IMPORT_APPLY, &API_IMPORT_DISCARD, &API_IMPORT_UNDO};
	const struct decision *decision = job->data;
	struct pg_args args = {0};

	pg_int8(&args, decision->id);
	pg_text(&args, job->ask.account->name);
	/* A discarded file needs no reason: nothing that is in force changes. */
	if (decision->kind != DISCARD)
		pg_text(&args, decision->reason);
	job_write(job, deeds[decision->kind], &args, on_decided);
}

static void
write_judged(struct job *job, const struct import_judged *judged)
{
	const struct decision *decision = job->data;
	struct pg_args args = {0};

	pg_int8(&args, decision->id);
	pg_bool(&args, decision->kind == UNDO);
	pg_text(&args, job->ask.account->name);
	pg_text(&args, decision->reason);
	pg_int8(&args, judged->read_us);
	pg_text_array(&args, judged->turns, judged->nturns);
	job_write(job, &API_IMPORT_DECIDE, &args, on_decided);
}

/* ------------------------------------------------------------------------------- the judgement */

/* Whether it is no longer what was shown. While the map lags, the gaps cannot be compared. */
static bool
has_changed(const struct decision *decision, const struct import_judged *judged)
{
	return decision->seen != NULL && judged->seen != NULL &&
	       !import_seen_same(decision->seen, judged->seen, judged->verdict != IMPORT_MAP_LAGS);
}

/* 412 before 409: a reason is for what would happen now, so the person must see that first. */
static void
decide_judged(struct job *job, const struct import_judged *judged)
{
	const struct decision *decision = job->data;
	struct arena *arena = job->ask.arena;
	const char *word = words[decision->kind];

	if (has_changed(decision, judged))
		job_problem(job, 412,
		    arena_printf(arena,
			"What this would do has changed since it was looked at. %s Look at it again.",
			judged->why != NULL
			    ? judged->why
			    : "It opens no gap in the next 7 days, and no override is in dispute by it."));
	else if (decision->reason == NULL && judged->verdict == IMPORT_OPENS)
		job_problem(job, 409,
		    arena_printf(arena, "a reason is needed to %s this: %s", word, judged->why));
	else if (decision->reason == NULL && judged->verdict == IMPORT_MAP_LAGS)
		job_problem(job, 409,
		    arena_printf(arena, LAGS "%s it again in a moment, or with a reason.", word));
	else
		/* Nothing opens, or there is a reason for it. */
		write_judged(job, judged);
}

/* An undo is previewed with the same parts as an import. */
static void
reply_dry(struct job *job, const struct import_judged *judged, const struct pg_rows *rows)
{
	const struct decision *decision = job->data;
	struct ask *ask = &job->ask;
	bool lags = judged->verdict == IMPORT_MAP_LAGS;
	struct json_out out = {0};

	out_object(&out, NULL);
	out_int(&out, "id", decision->id);
	out_bool(&out, "dry_run", true);
	out_text(&out, "rota", pg_get_text(rows, 0, API_IMPORT_JUDGED_IMPORT_ROTA));
	/* Unknown and not true: the gaps of a map that lags prove nothing. */
	if (lags && judged->why == NULL)
		out_null(&out, "safe");
	else
		out_bool(&out, "safe", judged->why == NULL);
	out_text(&out, "why",
	    judged->why != NULL ? judged->why
	    : lags              ? LAGS "ask again in a moment."
				: NULL);
	import_effect_put(&out, ask, &judged->effect);
	import_overrides_put(&out, ask, rows);
	out_text(&out, "seen", judged->seen);
	out_object_end(&out);
	ask_reply(ask, &out);
	if (rights_sight(ask->account) != SIGHT_COUNTS)
		ask_read(ask, READ_IMPORT,
		    arena_printf(ask->arena, "%lld", (long long)decision->id), NULL, INSTANT_NONE);
	job_end(job);
}

static void
on_judged(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct decision *decision = job->data;
	struct import_judged judged;

	if (st == STATUS_REFUSED) {
		job_refuse(job, 409, rows);
		return;
	}
	import_judge(job->ask.arena,
	    &(struct import_question){
		.map = job->ask.map,
		.now = job->ask.now,
		.undo = decision->kind == UNDO,
		.seen_at = decision->seen != NULL ? decision->seen_at : job->ask.now,
	    },
	    rows, &judged);
	if (decision->dry && judged.verdict != IMPORT_NO_MATTER)
		reply_dry(job, &judged, rows);
	else if (decision->dry)
		job_problem(job, 409, IMPORT_NO_ROTA);
	else
		decide_judged(job, &judged);
	import_judged_drop(&judged);
}

/* ------------------------------------------------------------------------------------- the call */

static void
on_import(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct decision *decision = job->data;
	struct ask *ask = &job->ask;
	struct pg_args args = {0};
	uint32_t rota = TABLE_NONE;

	(void)st;
	if (pg_rows_count(rows) == 0) {
		job_problem(job, 404, "There is no import with this number.");
		return;
	}
	rota = table_get(&ask->region->rota_by_id, pg_get_text(rows, 0, API_IMPORT_ROTA));
	/* The database can be ahead of this process. Then the owner of the rota is not known here,
	 * and 403 for another organisation's rota would be false. */
	if (rota == TABLE_NONE) {
		job_problem(job, 409, IMPORT_NO_ROTA);
		return;
	}
	if (!rights_change_rota(ask->region, ask->account, rota)) {
		job_problem(job, 403, ASK_OTHERS_ROTA);
		return;
	}
	/* Nothing in force changes by discarding, so there is nothing to judge. */
	if (decision->kind == DISCARD ||
	    (decision->reason != NULL && decision->seen == NULL && !decision->dry)) {
		write_unjudged(job);
		return;
	}
	import_judge_ask(&args, decision->id, ask->map);
	job_call(job, decision->kind == UNDO ? &API_IMPORT_UNDO_JUDGED : &API_IMPORT_JUDGED, &args,
	    on_judged);
}

/* An effect that was shown long ago is not compared: the person would confirm something that
 * they no longer remembers. */
static void
check_seen(struct ask *ask, struct decision *decision)
{
	if (decision->seen == NULL)
		return;
	/* A time ahead of the present is not one that this server gave. */
	if (!import_seen_at(decision->seen, &decision->seen_at) || decision->seen_at > ask->now)
		ask_fault(ask, "$.seen",
		    "is not what an import gave as seen: send it back as it was, or leave it out");
	else if (decision->seen_at < ask->now - IMPORT_SEEN_SECONDS)
		ask_refuse(
		    ask, 412, "This was looked at more than 12 hours ago: look at it again.");
}

/* The right depends on the rota, which is known only when the import has been read. */
static void
decide(struct ask *ask, enum deed_kind kind)
{
	static const char *const members[] = {"reason", "seen", NULL};
	struct decision decision = {.kind = kind};
	struct pg_args args = {0};
	struct job *job;
	json_t *body;

	decision.id = ask_id_named(ask, web_param(ask->exchange, "id"), "import");
	decision.dry = kind == UNDO && ask_yes(ask, "dry_run");
	body = ask_body(ask, members);
	decision.reason = ask_body_text(ask, body, "reason", REASON_MAX_BYTES, ASK_OPTIONAL);
	decision.seen = ask_body_text(ask, body, "seen", SEEN_MAX_BYTES, ASK_OPTIONAL);
	json_decref(body);
	/* Blanks are no reason. */
	if (decision.reason != NULL && slice_trim(slice_of(decision.reason)).len == 0)
		decision.reason = NULL;
	check_seen(ask, &decision);
	if (!ask_fine(ask))
		return;
	pg_int8(&args, decision.id);
	job = job_new(ask, sizeof decision);
	*(struct decision *)job->data = decision;
	job_call(job, &API_IMPORT, &args, on_import);
}

void
view_import_confirm(struct ask *ask)
{
	decide(ask, CONFIRM);
}

void
view_import_discard(struct ask *ask)
{
	decide(ask, DISCARD);
}

void
view_import_undo(struct ask *ask)
{
	decide(ask, UNDO);
}
