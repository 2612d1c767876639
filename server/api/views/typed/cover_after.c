/* SPDX-License-Identifier: MIT */
#include "server/api/views/typed/cover_after.h"

#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/keep/snapshot_load.h"
#include "server/api/views/parts/effect_gaps_put.h"
#include "server/api/views/parts/touched.h"
#include "server/base/instant.h"
#include "server/map/cover.h"
#include "server/map/snapshot_move.h"

/* What is asked after the statements of a change have run and before its transaction ends, so that a preview is
 * judged from the same rows that the deed would leave. */
struct finding {
	const struct cover_after_asked *asked;
	cover_after_fn *then;
	int64_t *horizons, *good; /* by rota of ${asked}; INSTANT_NEVER */
};

/* ------------------------------------------------------------------------------------ the map after */

static void
set_feed(struct snapshot *after, uint32_t rota, int64_t horizon, int64_t good)
{
	struct feed_facts facts =
	    after->feeds[rota] ? after->feeds[rota]->facts : (struct feed_facts){0};

	facts.horizon = horizon;
	facts.last_good_at = good;
	/* Without fault and warnings: the effect on cover does not depend on them. */
	snapshot_set_feed(after, rota, kept_feed_new(&facts, NULL, NULL));
}

/* ${base} with the shifts and horizons of the rotas as they are in the transaction. */
static struct snapshot *
map_after(struct job *job, struct snapshot *base, const uint32_t *rotas, const struct pg_rows *rows)
{
	const struct finding *finding = job->data;
	struct snapshot *after = snapshot_copy(base);

	snapshot_load_shifts(after, rows, rotas, finding->asked->nrotas);
	for (size_t i = 0; i < finding->asked->nrotas; i++)
		set_feed(after, rotas[i], finding->horizons[i], finding->good[i]);
	snapshot_gather_absences(after);
	return after;
}

/* -------------------------------------------------------------------------------------- the effect */

struct compared {
	const struct snapshot *before, *after;
	const struct touched *touched; /* by rota */
	size_t ntouched;
};

/* A demand that no changed rota touches is not computed twice: a region has thousands. */
static bool
may_change(const struct compared *c, uint32_t demand)
{
	for (size_t i = 0; i < c->ntouched; i++)
		if (touched_demand(&c->touched[i], demand))
			return true;
	return false;
}

static void
compare(const struct ask *ask, const struct compared *c, struct effect_gaps *gaps)
{
	const struct region *region = c->before->setup->region;
	struct span_time window = {ask->now, ask->now + EFFECT_AHEAD_SECONDS};
	struct cover_asked is = {.map = c->before, .now = ask->now};
	struct cover_asked would_be = {.map = c->after, .now = ask->now};

	for (uint32_t i = 0; i < region->ndemands; i++) {
		struct cover was, will;

		/* Of a place that the asker may not see nothing is said, not even that it changes. */
		if (!may_change(c, i) ||
		    !rights_place(region, ask->account, region->demands[i].place))
			continue;
		cover_demand(ask->arena, &is, i, window, &was);
		cover_demand(ask->arena, &would_be, i, window, &will);
		effect_gaps_compare(ask->arena, &(struct effect_side){i, was.spans},
		    &(struct effect_side){i, will.spans}, gaps);
	}
	effect_gaps_sort(gaps);
}

/* New people are in another set-up than the map has: both sides are put on it, so that an index means the same
 * person in both. */
static struct snapshot *
map_before(struct job *job, const struct cover_after_asked *asked)
{
	struct ask *ask = &job->ask;

	if (asked->setup == NULL)
		return snapshot_ref(ask->whole);
	return snapshot_move(ask->whole, asked->setup,
	    arena_array(ask->arena, asked->setup->region->nrotas + 1, sizeof(bool)));
}

static void
on_shifts(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct finding *finding = job->data;
	const struct cover_after_asked *asked = finding->asked;
	struct arena *arena = job->ask.arena;
	struct snapshot *before = map_before(job, asked), *after;
	const struct region *region = before->setup->region;
	uint32_t *rotas = arena_array(arena, asked->nrotas + 1, sizeof *rotas);
	struct touched *touched = arena_array(arena, asked->nrotas + 1, sizeof *touched);
	struct effect_gaps gaps = {0};

	(void)st;
	for (size_t i = 0; i < asked->nrotas; i++)
		rotas[i] = table_get(&region->rota_by_id, asked->rotas[i]);
	after = map_after(job, before, rotas, rows);
	for (size_t i = 0; i < asked->nrotas; i++)
		touched[i] = touched_by(arena, before, after, rotas[i]);
	compare(&job->ask, &(struct compared){before, after, touched, asked->nrotas}, &gaps);
	snapshot_unref(after);
	finding->then(job, region, &gaps);
	snapshot_unref(before);
}

static void
on_horizons(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct finding *finding = job->data;
	const struct cover_after_asked *asked = finding->asked;
	const struct span_time *window = &job->ask.whole->window;
	struct pg_args args = {0};

	(void)st;
	/* The rows come in an order of their own. */
	for (size_t i = 0; i < asked->nrotas; i++)
		for (size_t j = 0; j < pg_rows_count(rows); j++) {
			if (strcmp(asked->rotas[i],
				pg_get_text(rows, j, API_TYPED_HORIZONS_ROTA)) != 0)
				continue;
			finding->horizons[i] =
			    pg_get_time_or(rows, j, API_TYPED_HORIZONS_HORIZON, INSTANT_NEVER);
			finding->good[i] =
			    pg_get_time_or(rows, j, API_TYPED_HORIZONS_LAST_GOOD_AT, INSTANT_NEVER);
		}
	pg_text_array(&args, asked->rotas, asked->nrotas);
	pg_time(&args, window->start);
	pg_time(&args, window->end);
	job_call(job, &API_SHIFTS, &args, on_shifts);
}

void
cover_after_find(struct job *job, const struct cover_after_asked *asked, cover_after_fn *then)
{
	struct arena *arena = job->ask.arena;
	struct finding *finding = arena_alloc(arena, sizeof *finding);
	struct pg_args args = {0};

	*finding = (struct finding){
	    .asked = asked,
	    .then = then,
	    .horizons = arena_array(arena, asked->nrotas + 1, sizeof *finding->horizons),
	    .good = arena_array(arena, asked->nrotas + 1, sizeof *finding->good),
	};
	/* Without a row nothing is known: the rota then says nothing, and cannot be cover. */
	for (size_t i = 0; i < asked->nrotas; i++)
		finding->horizons[i] = finding->good[i] = INSTANT_NEVER;
	job->data = finding;
	pg_text_array(&args, asked->rotas, asked->nrotas);
	job_call(job, &API_TYPED_HORIZONS, &args, on_horizons);
}

void
cover_after_put(struct json_out *out, const struct region *region, const struct effect_gaps *gaps)
{
	out_object(out, "gaps");
	effect_gaps_put(out, "opens", region, gaps->opens.items, gaps->opens.count);
	effect_gaps_put(out, "closes", region, gaps->closes.items, gaps->closes.count);
	out_object_end(out);
}

/* The transaction has no answer to commit with, so the end of the job rolls it back (deed.h). */
void
cover_after_nothing_kept(struct job *job)
{
	job->ask.kept = NULL;
}
