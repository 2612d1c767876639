/* SPDX-License-Identifier: MIT */
#include "server/feeds/in_force.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/figures.h"
#include "server/base/log.h"
#include "server/base/pulse.h"
#include "server/feeds/feeds_sql.h"
#include "server/rota/rota_options.h"

/*
 * Two small jobs, each at most one call at a time: check for a newer region and newer decisions;
 * mark what is outdated. The second compares hashes of every rota, which costs the whole directory,
 * so they are computed once for a region, its decisions and a day, and sent once a minute: a job
 * that was under way when they changed may have written with the old ones.
 */
enum { LOOK_MS = 10000, MARK_MS = 60000 };

struct marks {
	struct arena *arena; /* NULL: not computed */
	int64_t version, decided, from;
	const char **rotas;
	struct slice *calendar, *roster;
	size_t count;
};

struct in_force {
	struct feeds_env *env;
	loop_fire_fn *changed;
	void *ctx;
	struct loop_timer *look_timer, *mark_timer;
	struct pg_call *look, *mark;
	bool look_again, whole; /* the next look reads the region whole */
	struct rulebook *newer; /* of a region whose decisions are not known yet; or NULL */
	struct marks marks;
};

/* ------------------------------------------------------------------------------- what outdates */

static struct slice
hash_of(const struct rulebook *rulebook, struct arena *arena, struct reading_options *options,
    enum reading_kind kind)
{
	struct read_with *with = arena_alloc(arena, sizeof *with);

	options->kind = kind;
	*with = rulebook_read_with(rulebook, options);
	return (struct slice){(const char *)with->hash, sizeof with->hash};
}

static void
work_out(struct marks *marks, const struct rulebook *rulebook, int64_t now)
{
	const struct region *region = rulebook_region(rulebook);
	struct arena *scratch = arena_new(0);

	arena_free(marks->arena);
	marks->arena = arena_new(0);
	marks->version = rulebook_version(rulebook);
	marks->decided = rulebook_decided(rulebook);
	marks->count = region->nrotas;
	marks->rotas = arena_array(marks->arena, region->nrotas, sizeof *marks->rotas);
	marks->calendar = arena_array(marks->arena, region->nrotas, sizeof *marks->calendar);
	marks->roster = arena_array(marks->arena, region->nrotas, sizeof *marks->roster);
	for (uint32_t i = 0; i < region->nrotas; i++) {
		struct reading_options options;

		pulse_turn();
		options =
		    rulebook_options(rulebook, scratch, &region->rotas[i], READING_ICALENDAR, now);
		marks->rotas[i] = arena_strdup(marks->arena, region->rotas[i].id);
		marks->calendar[i] = hash_of(rulebook, marks->arena, &options, READING_ICALENDAR);
		marks->roster[i] = hash_of(rulebook, marks->arena, &options, READING_CSV);
		marks->from = options.from;
	}
	/* The options of all rotas are large; only their hashes are kept. */
	arena_free(scratch);
}

static bool
still_true(const struct marks *marks, const struct rulebook *rulebook, int64_t now)
{
	int64_t from, until;

	rulebook_window(rulebook, now, &from, &until);
	return marks->arena != NULL && marks->version == rulebook_version(rulebook) &&
	       marks->decided == rulebook_decided(rulebook) && marks->from == from;
}

static void
on_marked(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct in_force *in_force = ctx;

	in_force->mark = NULL;
	if (st == STATUS_OK && pg_get_int(rows, 0, FEEDS_MARK_OUTDATED_MARKED) > 0)
		log_event(LOG_INFO, "feeds_outdated",
		    LOG_INT("feeds", pg_get_int(rows, 0, FEEDS_MARK_OUTDATED_MARKED)));
}

static void
mark_outdated(void *ctx)
{
	struct in_force *in_force = ctx;
	struct marks *marks = &in_force->marks;
	struct pg_args args = {0};
	int64_t now = feeds_now(in_force->env);

	if (in_force->env->rulebook == NULL || in_force->mark != NULL)
		return;
	if (!still_true(marks, in_force->env->rulebook, now))
		work_out(marks, in_force->env->rulebook, now);
	pg_text_array(&args, marks->rotas, marks->count);
	pg_bytea_array(&args, marks->calendar, marks->count);
	pg_bytea_array(&args, marks->roster, marks->count);
	in_force->mark =
	    pg_call(in_force->env->pg, &FEEDS_MARK_OUTDATED, &args, on_marked, in_force);
}

/* ------------------------------------------------------------------- the region, the decisions */

static void
replace_rulebook(struct feeds_env *env, struct rulebook *rulebook)
{
	rulebook_unref(env->rulebook);
	env->rulebook = rulebook;
}

/* Takes ${rulebook} over. Jobs that have begun continue with the region that they have. */
static void
take(struct in_force *in_force, struct rulebook *rulebook)
{
	replace_rulebook(in_force->env, rulebook);
	log_event(LOG_INFO, "rules_taken", LOG_INT("region", rulebook_version(rulebook)),
	    LOG_INT("decisions", rulebook_decided(rulebook)));
	pg_call_cancel(in_force->mark);
	in_force->mark = NULL;
	mark_outdated(in_force);
	in_force->changed(in_force->ctx);
}

/* False: there is nothing about anybody's words in this row. */
static bool
decision_of(const struct pg_rows *rows, size_t row, struct rulebook_decision *out)
{
	if (pg_is_null(rows, row, FEEDS_DECISIONS_ROTA))
		return false;
	*out = (struct rulebook_decision){
	    .rota = pg_get_text(rows, row, FEEDS_DECISIONS_ROTA),
	    .decision = {.words = pg_get_text(rows, row, FEEDS_DECISIONS_WORDS),
		.person = pg_get_text(rows, row, FEEDS_DECISIONS_PERSON),
		.team = pg_get_text(rows, row, FEEDS_DECISIONS_TEAM),
		.zone = pg_get_text(rows, row, FEEDS_DECISIONS_ZONE)},
	};
	/* The database checks kinds and readings, so anything else is our bug. */
	INVARIANT(rota_decision_says(pg_get_text(rows, row, FEEDS_DECISIONS_KIND),
	    pg_get_text(rows, row, FEEDS_DECISIONS_READS), &out->decision));
	return true;
}

static struct rulebook *
decided(struct rulebook *rulebook, const struct pg_rows *rows)
{
	struct arena *arena = arena_new(0);
	struct rulebook_decision *decisions =
	    arena_array(arena, pg_rows_count(rows), sizeof *decisions);
	struct rulebook *out;
	size_t count = 0;

	for (size_t i = 0; i < pg_rows_count(rows); i++)
		count += decision_of(rows, i, &decisions[count]);
	out = rulebook_decide(
	    rulebook, pg_get_int(rows, 0, FEEDS_DECISIONS_VERSION), decisions, count);
	arena_free(arena);
	return out;
}

static void
look_done(struct in_force *in_force)
{
	rulebook_unref(in_force->newer);
	in_force->newer = NULL;
	pulse_work(false);
	if (in_force->look_again)
		in_force_look(in_force);
}

static void
on_decisions(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct in_force *in_force = ctx;
	struct rulebook *newest =
	    in_force->newer != NULL ? in_force->newer : in_force->env->rulebook;

	in_force->look = NULL;
	pulse_work(true);
	if (st == STATUS_OK && pg_rows_count(rows) > 0)
		take(in_force, decided(newest, rows));
	if (st == STATUS_OK)
		figure_done();
	look_done(in_force);
}

/* Those of a newer region are wanted whole, whatever their version. */
static void
look_at_decisions(struct in_force *in_force)
{
	struct feeds_env *env = in_force->env;
	struct pg_args args = {0};

	pg_int8(&args, in_force->newer != NULL ? 0 : rulebook_decided(env->rulebook));
	in_force->look = pg_call(env->pg, &FEEDS_DECISIONS, &args, on_decisions, in_force);
}

/* Whether rotas are read by other rules than before: the names of people, and what a rota says of
 * its titles. */
static bool
reads_otherwise(const struct region_takens *takens)
{
	return region_takens_touch(
		   takens, &region_kinds[REGION_KIND_PERSON], "name, aliases, former_names") ||
	       region_takens_touch(takens, &region_kinds[REGION_KIND_ROTA], "reading");
}

/* What has changed in the region. A telephone outdates no reading: what was worked out holds. False: it
 * is to be read whole. */
static bool
patch_region(struct in_force *in_force, int64_t version, struct slice changes)
{
	struct feeds_env *env = in_force->env;
	struct arena *scratch = arena_new(0);
	struct region_takens takens;
	struct region_shared *shared = region_shared_take(scratch, rulebook_shared(env->rulebook),
	    &(struct region_shared_since){version, changes, region_zones_of(env->zones)}, &takens);

	if (shared != NULL) {
		log_event(LOG_INFO, "region_patched", LOG_INT("region", version),
		    LOG_INT("objects", (int64_t)takens.count));
		if (reads_otherwise(&takens)) {
			take(in_force, rulebook_patched(env->rulebook, shared));
		} else {
			if (in_force->marks.version == rulebook_version(env->rulebook))
				in_force->marks.version = version;
			replace_rulebook(env, rulebook_patched(env->rulebook, shared));
			in_force->changed(in_force->ctx);
		}
	}
	arena_free(scratch);
	return shared != NULL;
}

static void
read_newer(struct in_force *in_force, int64_t version, struct slice document)
{
	log_event(LOG_INFO, "region_read", LOG_INT("region", version));
	pulse_long(PULSE_LONG_SECONDS);
	/* The api accepted it, so it is newer than we are. Jobs that have begun continue with the
	 * present region; no more feeds are claimed. */
	if (rulebook_read(in_force->env->zones, version, document, &in_force->newer) != STATUS_OK) {
		in_force->newer = NULL;
		log_event(LOG_ERROR, "region_not_read", LOG_INT("version", version));
		return;
	}
	rulebook_set_holidays(in_force->newer, in_force->env->holidays);
}

int64_t
feeds_now(const struct feeds_env *env)
{
	return database_clock_now_us(&env->clock.clock, clock_read()) / 1000000;
}

/* The first check is answered before there is a rulebook, so nothing is judged before. */
static void
see_clock(struct in_force *in_force, const struct pg_rows *rows)
{
	INVARIANT(pg_rows_count(rows) == 1);
	pg_clock_answered(&in_force->env->clock, pg_get_time_us(rows, 0, FEEDS_REGION_NOW));
}

static void
take_newer(struct in_force *in_force, const struct pg_rows *rows)
{
	int64_t version = pg_get_int(rows, 0, FEEDS_REGION_VERSION);

	if (pg_is_null(rows, 0, FEEDS_REGION_CHANGES))
		read_newer(in_force, version, pg_get_bytes(rows, 0, FEEDS_REGION_DOCUMENT));
	else if (!patch_region(in_force, version, pg_get_bytes(rows, 0, FEEDS_REGION_CHANGES)))
		in_force->whole = in_force->look_again = true;
}

/* There is no region yet, or it could not be asked for. */
static void
nothing_to_look_at(struct in_force *in_force, enum status st)
{
	if (st == STATUS_OK)
		figure_done();
	look_done(in_force);
}

static void
on_looked(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct in_force *in_force = ctx;

	in_force->look = NULL;
	pulse_work(true);
	if (st == STATUS_OK) {
		see_clock(in_force, rows);
		in_force->whole = false;
	}
	if (st == STATUS_OK && !pg_is_null(rows, 0, FEEDS_REGION_VERSION))
		take_newer(in_force, rows);
	if (st == STATUS_OK && (in_force->newer != NULL || in_force->env->rulebook != NULL))
		look_at_decisions(in_force);
	else
		nothing_to_look_at(in_force, st);
}

void
in_force_look(struct in_force *in_force)
{
	struct feeds_env *env = in_force->env;
	struct pg_args args = {0};

	/* A check that has begun may see an older state than the one just announced. */
	in_force->look_again = in_force->look != NULL;
	if (in_force->look != NULL)
		return;
	pulse_work(true);
	pg_int8(&args, env->rulebook == NULL ? 0 : rulebook_version(env->rulebook));
	pg_bool(&args, in_force->whole);
	pg_clock_asked(&env->clock);
	in_force->look = pg_call(env->pg, &FEEDS_REGION, &args, on_looked, in_force);
}

static void
on_look_timer(void *ctx)
{
	in_force_look(ctx);
}

struct in_force *
in_force_new(struct feeds_env *env, loop_fire_fn *changed, void *ctx)
{
	struct in_force *in_force = xcalloc(1, sizeof *in_force);

	in_force->env = env;
	pg_clock_open(&env->clock, env->pg, &FEEDS_ROLE_CLOCK);
	in_force->changed = changed;
	in_force->ctx = ctx;
	in_force->look_timer = loop_every(env->loop, LOOK_MS, on_look_timer, in_force);
	in_force->mark_timer = loop_every(env->loop, MARK_MS, mark_outdated, in_force);
	in_force_look(in_force);
	return in_force;
}

void
in_force_free(struct in_force *in_force)
{
	pg_call_cancel(in_force->look);
	pg_call_cancel(in_force->mark);
	pg_clock_close(&in_force->env->clock);
	loop_timer_cancel(in_force->look_timer);
	loop_timer_cancel(in_force->mark_timer);
	arena_free(in_force->marks.arena);
	rulebook_unref(in_force->newer);
	rulebook_unref(in_force->env->rulebook);
	in_force->env->rulebook = NULL;
	free(in_force);
}
