/* SPDX-License-Identifier: MIT */
#include "server/feeds/rotations.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/base/vec.h"
#include "server/feeds/feeds_sql.h"
#include "server/model/rotation_fill.h"

/* A rotation is written a day further each day: an hour of delay is nothing to a window of 400 days, and
 * another set-up brings a look of its own. */
enum { LOOK_MS = 300000, RETRY_MS = 1000 };
#define STEP_SECONDS ((int64_t)86400)

struct rotations {
	const struct feeds_env *env;
	struct slice holidays_csv;
	struct loop_timer *timer;
	struct pg_call *call;
	bool again; /* a look was asked for during one */
	/* Of the rotation that is being written. */
	struct arena *arena;
	struct holidays holidays;
	const char *rota;
	int64_t seen;
	/* Those that this program cannot read, because a later one made them. */
	struct arena *kept;
	VEC(const char *) passed;
};

static void look(void *ctx);

static void
look_after(struct rotations *rotations, int64_t ms)
{
	arena_free(rotations->arena);
	rotations->arena = NULL;
	if (rotations->again)
		ms = 0;
	rotations->again = false;
	rotations->timer = loop_after(rotations->env->loop, ms, look, rotations);
}

/* ----------------------------------------------------------------------------------- writing one */

static void
on_written(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct rotations *rotations = ctx;

	(void)rows;
	rotations->call = NULL;
	/* Also if it was changed meanwhile: the next look finds it again. */
	look_after(rotations, st == STATUS_OK ? 0 : RETRY_MS);
}

static void
write(struct rotations *rotations, const struct rotation_edition *editions, size_t count)
{
	const struct region *region = rulebook_region(rotations->env->rulebook);
	struct arena *arena = rotations->arena;
	int64_t now = feeds_now(rotations->env);
	struct rotation_fill fill = rotation_fill(arena,
	    &(struct rotation_asked){zonedb_find(rotations->env->zones, region->time_zone),
		&rotations->holidays, editions, count},
	    zonedb_fingerprint(rotations->env->zones), now);
	size_t n = fill.shifts.count;
	const char **persons = arena_array(arena, n + 1, sizeof *persons);
	int64_t *starts = arena_array(arena, n + 1, sizeof *starts);
	int64_t *ends = arena_array(arena, n + 1, sizeof *ends);
	struct pg_args args = {0};

	for (size_t i = 0; i < n; i++) {
		persons[i] = fill.shifts.items[i].person;
		starts[i] = fill.shifts.items[i].start;
		ends[i] = fill.shifts.items[i].end;
	}
	pg_text(&args, rotations->rota);
	pg_int8(&args, rotations->seen);
	pg_time(&args, now);
	pg_time(&args, fill.filled_to);
	pg_time(&args, fill.reach);
	pg_text(&args, fill.made_with);
	pg_text_array(&args, persons, n);
	pg_time_array(&args, starts, n);
	pg_time_array(&args, ends, n);
	rotations->call =
	    pg_call(rotations->env->pg, &FEEDS_ROTATION_EXTEND, &args, on_written, rotations);
}

static bool
read_edition(
    struct arena *arena, const struct pg_rows *rows, size_t row, struct rotation_edition *out)
{
	struct slice text = pg_get_bytes(rows, row, FEEDS_ROTATION_EDITIONS_DEFINITION);
	json_t *value = json_loadb(text.at, text.len, 0, NULL);
	struct region_faults faults;
	enum status st = rotation_read(arena, value, &out->rotation, &faults);

	json_decref(value);
	out->starts_at = pg_get_time(rows, row, FEEDS_ROTATION_EDITIONS_STARTS_AT);
	return st == STATUS_OK;
}

static void
on_editions(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct rotations *rotations = ctx;
	size_t count = st == STATUS_OK ? pg_rows_count(rows) : 0;
	struct rotation_edition *editions =
	    arena_array(rotations->arena, count + 1, sizeof *editions);

	rotations->call = NULL;
	for (size_t i = 0; i < count; i++)
		if (!read_edition(rotations->arena, rows, i, &editions[i])) {
			log_event(LOG_ERROR, "rotation_not_readable",
			    LOG_STR("rota", rotations->rota),
			    LOG_STR("fix", "a later version of this program made it: start that"));
			*VEC_PUSH(rotations->kept, &rotations->passed) =
			    arena_strdup(rotations->kept, rotations->rota);
			count = 0;
		}
	if (count > 0)
		write(rotations, editions, count);
	else
		look_after(rotations, RETRY_MS);
}

/* -------------------------------------------------------------------------------- which one is due */

static void
on_due(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct rotations *rotations = ctx;
	struct pg_args args = {0};

	rotations->call = NULL;
	if (st != STATUS_OK || pg_rows_count(rows) == 0) {
		look_after(rotations, st == STATUS_OK ? LOOK_MS : RETRY_MS);
		return;
	}
	rotations->rota =
	    arena_strdup(rotations->arena, pg_get_text(rows, 0, FEEDS_ROTATIONS_DUE_ROTA));
	rotations->seen = pg_get_int(rows, 0, FEEDS_ROTATIONS_DUE_SEEN);
	pg_text(&args, rotations->rota);
	rotations->call =
	    pg_call(rotations->env->pg, &FEEDS_ROTATION_EDITIONS, &args, on_editions, rotations);
}

static void
look(void *ctx)
{
	struct rotations *rotations = ctx;
	const char *fault;
	struct pg_args args = {0};

	rotations->timer = NULL;
	/* The bank holidays are the region's. */
	if (rotations->env->rulebook == NULL) {
		look_after(rotations, RETRY_MS);
		return;
	}
	rotations->arena = arena_new(0);
	if (holidays_of(rotations->arena, rotations->holidays_csv,
		rulebook_region(rotations->env->rulebook), &rotations->holidays,
		&fault) != STATUS_OK)
		fatal("could not read the bank holidays: %s", fault);
	pg_time(&args, feeds_now(rotations->env) + ROTATION_AHEAD_SECONDS - STEP_SECONDS);
	pg_text(&args, rotation_made_with(rotations->arena, &rotations->holidays,
			   zonedb_fingerprint(rotations->env->zones)));
	pg_text_array(&args, rotations->passed.items, rotations->passed.count);
	rotations->call =
	    pg_call(rotations->env->pg, &FEEDS_ROTATIONS_DUE, &args, on_due, rotations);
}

void
rotations_look(struct rotations *rotations)
{
	if (rotations->timer == NULL) {
		rotations->again = true;
		return;
	}
	loop_timer_cancel(rotations->timer);
	rotations->timer = loop_after(rotations->env->loop, 0, look, rotations);
}

struct rotations *
rotations_new(const struct feeds_env *env, struct slice holidays)
{
	struct rotations *rotations = xcalloc(1, sizeof *rotations);

	rotations->env = env;
	rotations->holidays_csv = holidays;
	rotations->kept = arena_new(0);
	rotations->timer = loop_after(env->loop, 0, look, rotations);
	return rotations;
}

void
rotations_free(struct rotations *rotations)
{
	pg_call_cancel(rotations->call);
	loop_timer_cancel(rotations->timer);
	arena_free(rotations->arena);
	arena_free(rotations->kept);
	free(rotations);
}
