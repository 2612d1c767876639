#include "server/api/views/import_effect.h"

#include <stdlib.h>

#include "server/api/views/touched.h"
#include "server/base/text.h"

#define OPENS_NAMED 3 /* the rest is counted */

/* What somebody has just put in force by hand is believed. */
static struct snapshot *
exchange(const struct snapshot *map, uint32_t rota, struct rota_block *block, int64_t horizon,
    int64_t now)
{
	struct snapshot *after = snapshot_copy(map);
	struct feed_facts facts =
	    map->feeds[rota] ? map->feeds[rota]->facts : (struct feed_facts){0};

	facts.horizon = horizon;
	facts.last_good_at = now;
	snapshot_set_rota(after, rota, rota_block_ref(block));
	snapshot_set_feed(after, rota, kept_feed_new(&facts, NULL, NULL));
	snapshot_gather_absences(after);
	return after;
}

void
import_effect(struct arena *arena, const struct snapshot *map, uint32_t rota,
    struct rota_block *block, int64_t horizon, int64_t now, struct import_effect *out)
{
	const struct region *region = map->setup->region;
	struct span_time window = {now, now + EFFECT_AHEAD_SECONDS};
	struct snapshot *after = exchange(map, rota, block, horizon, now);
	struct cover_asked is = {.map = map, .now = now}, would_be = {.map = after, .now = now};
	struct touched touched = touched_by(arena, map, after, rota);
	struct effect_gaps gaps = {0};

	for (uint32_t i = 0; i < region->ndemands; i++) {
		struct cover was, will;

		if (!touched_demand(&touched, i))
			continue;
		cover_demand(arena, &is, i, window, &was);
		cover_demand(arena, &would_be, i, window, &will);
		effect_gaps_compare(arena, &(struct effect_side){i, was.spans},
		    &(struct effect_side){i, will.spans}, &gaps);
	}
	effect_gaps_sort(&gaps);
	*out = (struct import_effect){
	    gaps.opens.items, gaps.closes.items, gaps.opens.count, gaps.closes.count};
	snapshot_unref(after);
}

/* --------------------------------------------------------------------------------- judging */

static void
add_gap(struct buf *out, const struct snapshot_region *setup, const struct effect_gap *gap)
{
	const struct region *region = setup->region;
	const struct region_demand *demand = &region->demands[gap->demand];
	char from[ZONE_TEXT_MAX], to[ZONE_TEXT_MAX];

	zone_text(setup->zone, gap->start, from);
	zone_text(setup->zone, gap->end, to);
	buf_printf(out, "%s at %s (%s), %s, from %s to %s",
	    region->functions[demand->function].name, region->places[demand->place].name,
	    region->places[demand->place].code, cover_state_name(gap->state), from, to);
}

const char *
import_opens_soon(struct arena *arena, const struct snapshot_region *setup,
    const struct import_effect *effect, int64_t now)
{
	struct buf out = {0};
	const char *said;
	size_t count = 0;

	while (count < effect->nopens && effect->opens[count].start < now + IMPORT_SOON_SECONDS)
		count++;
	if (count == 0)
		return NULL;
	buf_add_text(&out, "Within the next 7 days cover would be lost: ");
	for (size_t i = 0; i < count && i < OPENS_NAMED; i++) {
		buf_add_text(&out, i > 0 ? "; " : "");
		add_gap(&out, setup, &effect->opens[i]);
	}
	if (count > OPENS_NAMED)
		buf_printf(&out, "; and %zu more", count - OPENS_NAMED);
	buf_add_text(&out, ".");
	said = arena_strndup(arena, out.at, out.len);
	buf_free(&out);
	return said;
}

/* --------------------------------------------------------------------- the rota as it would be */

static int
by_number(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

int64_t *
import_superseded(struct arena *arena, const struct pg_rows *rows, unsigned column, size_t *count)
{
	int64_t *ids;

	*count = 0;
	if (pg_is_null(rows, 0, column))
		return NULL;
	*count = pg_get_array_count(rows, 0, column);
	ids = arena_array(arena, *count + 1, sizeof *ids);
	for (size_t i = 0; i < *count; i++)
		ids[i] = pg_get_array_int(rows, 0, column, i);
	qsort(ids, *count, sizeof *ids, by_number);
	return ids;
}

struct rota_block *
import_candidate(const struct snapshot *map, uint32_t rota, const struct import_rows *from)
{
	const struct region *region = map->setup->region;
	struct rota_builder *builder = rota_builder_new();
	const struct pg_rows *rows = from->rows;
	unsigned column = from->column;
	struct rota_block *block;

	rota_builder_add_block(builder, map->rotas[rota], from->superseded, from->nsuperseded);
	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		const char *person = pg_get_text(rows, i, column + 1);

		if (pg_is_null(rows, i, column))
			continue;
		rota_builder_add(builder,
		    &(struct shift_row){
			.id = -1 - (int64_t)i,
			.class = kept_class_of(pg_get_text(rows, i, column)),
			.person = person ? table_get(&region->person_by_id, person) : REGION_NONE,
			.team = pg_get_text(rows, i, column + 2),
			.title = pg_get_text(rows, i, column + 3),
			.start = pg_get_time(rows, i, column + 4),
			.end = pg_get_time(rows, i, column + 5),
		    });
	}
	block = rota_builder_take(builder);
	rota_builder_free(builder);
	return block;
}
