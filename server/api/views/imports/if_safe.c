/* SPDX-License-Identifier: MIT */
#include "server/api/views/imports/if_safe.h"

#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/imports/import_judge.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/base/vec.h"

/* Imports that were sent with "if-safe" are put in force without a person if they open no gap soon
 * and dispute no override. The keeper of the machine judges them, since only the api has the map; it
 * asks the database for them each second. */

#define LOOK_MS 1000

struct waiting {
	int64_t id;
	const char *by;
};

struct if_safe {
	struct api *api;
	struct loop_timer *timer;
	struct pg_call *call;
	/* Of one round: */
	struct arena *arena;
	struct snapshot *map;
	VEC(struct waiting) waiting;
	size_t at;
	struct import_judged judged; /* the current one */
};

/* All imports of a round are judged against one map, which is kept until the round ends. */
static void
round_end(struct if_safe *if_safe)
{
	if (if_safe->map != NULL)
		snapshot_unref(if_safe->map);
	if_safe->map = NULL;
	arena_free(if_safe->arena);
	if_safe->arena = NULL;
	memset(&if_safe->waiting, 0, sizeof if_safe->waiting);
	if_safe->at = 0;
}

static void next(struct if_safe *if_safe);

static void
go_on(struct if_safe *if_safe)
{
	if_safe->at++;
	next(if_safe);
}

static void
on_left(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct if_safe *if_safe = ctx;

	(void)st;
	(void)rows;
	if_safe->call = NULL;
	go_on(if_safe);
}

/* Leaves the import to a person, with ${why}: from then on it is like any other, and waits for
 * somebody to confirm or discard it. */
static void
leave(struct if_safe *if_safe, const char *why)
{
	struct pg_args args = {0};

	log_event(
	    LOG_INFO, "if_safe_left", LOG_INT("import", if_safe->waiting.items[if_safe->at].id));
	pg_int8(&args, if_safe->waiting.items[if_safe->at].id);
	pg_int8(&args, if_safe->judged.read_us);
	pg_text(&args, why);
	if_safe->call = pg_call(if_safe->api->work, &API_IMPORT_NOT_SAFE, &args, on_left, if_safe);
}

static void
on_applied(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct if_safe *if_safe = ctx;

	if_safe->call = NULL;
	/* The database compares the verdict in its own transaction: something has changed in
	 * between, so a person decides. */
	if (st == STATUS_REFUSED) {
		leave(if_safe, pg_rows_refusal(rows));
		return;
	}
	log_event(LOG_INFO, "if_safe_applied",
	    LOG_INT("import", if_safe->waiting.items[if_safe->at].id),
	    LOG_STR("status", status_name(st)));
	go_on(if_safe);
}

/* Decides in the name of the account that sent the file, and without a reason, as that account
 * itself could. */
static void
on_judged(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct if_safe *if_safe = ctx;
	const struct waiting *one = &if_safe->waiting.items[if_safe->at];
	struct import_judged *judged = &if_safe->judged;
	struct import_question question = {
	    .map = if_safe->map, .now = snapshot_store_now(&if_safe->api->store, clock_read())};
	struct pg_args args = {0};

	if_safe->call = NULL;
	/* Nobody has seen a preview: it is compared with itself. */
	question.seen_at = question.now;
	*judged = (struct import_judged){.verdict = IMPORT_NO_MATTER};
	if (st == STATUS_OK)
		import_judge(if_safe->arena, &question, rows, judged);
	/* The candidate block is only needed for a page. */
	import_judged_drop(judged);
	if (judged->verdict == IMPORT_OPENS) {
		leave(if_safe, judged->why);
		return;
	}
	/* The map does not have the last change of the rota yet, or the import was decided
	 * meanwhile: the next round judges it again. */
	if (judged->verdict != IMPORT_NOTHING_OPENS) {
		go_on(if_safe);
		return;
	}
	pg_int8(&args, one->id);
	pg_bool(&args, false);
	pg_text(&args, one->by);
	pg_text(&args, NULL);
	pg_int8(&args, judged->read_us);
	pg_text_array(&args, judged->turns, judged->nturns);
	if_safe->call = pg_call(if_safe->api->work, &API_IMPORT_DECIDE, &args, on_applied, if_safe);
}

static void
next(struct if_safe *if_safe)
{
	struct pg_args args = {0};

	if (if_safe->at == if_safe->waiting.count) {
		round_end(if_safe);
		return;
	}
	import_judge_ask(&args, if_safe->waiting.items[if_safe->at].id, if_safe->map);
	if_safe->call = pg_call(if_safe->api->work, &API_IMPORT_JUDGED, &args, on_judged, if_safe);
}

static void
on_waiting(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct if_safe *if_safe = ctx;

	if_safe->call = NULL;
	if (st != STATUS_OK || pg_rows_count(rows) == 0)
		/* A fault of the database: the next round tries again. */
		return;
	if_safe->arena = arena_new(0);
	if_safe->map = snapshot_ref(if_safe->api->store.current);
	/* Copied, since the rows are freed before the first import is judged. */
	for (size_t i = 0; i < pg_rows_count(rows); i++)
		*VEC_PUSH(if_safe->arena, &if_safe->waiting) =
		    (struct waiting){pg_get_int(rows, i, API_IMPORTS_IF_SAFE_ID),
			arena_strdup(
			    if_safe->arena, pg_get_text(rows, i, API_IMPORTS_IF_SAFE_BY_ACCOUNT))};
	next(if_safe);
}

/* One round at a time. While the database is away nothing is started that would fail. */
static void
on_look(void *ctx)
{
	struct if_safe *if_safe = ctx;

	if (if_safe->call != NULL || if_safe->api->store.current == NULL ||
	    !pg_connected(if_safe->api->work))
		return;
	if_safe->call =
	    pg_call(if_safe->api->work, &API_IMPORTS_IF_SAFE, NULL, on_waiting, if_safe);
}

struct if_safe *
if_safe_open(struct api *api)
{
	struct if_safe *if_safe = xcalloc(1, sizeof *if_safe);

	if_safe->api = api;
	if_safe->timer = loop_every(api->loop, LOOK_MS, on_look, if_safe);
	return if_safe;
}

void
if_safe_close(struct if_safe *if_safe)
{
	if (if_safe == NULL)
		return;
	loop_timer_cancel(if_safe->timer);
	pg_call_cancel(if_safe->call);
	round_end(if_safe);
	free(if_safe);
}
