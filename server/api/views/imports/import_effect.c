/* SPDX-License-Identifier: MIT */
#include "server/api/views/imports/import_effect.h"

#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/keep/snapshot_load.h"
#include "server/api/views/parts/touched.h"
#include "server/base/text.h"
#include "server/map/rota_builder.h"

#define OPENS_NAMED 3 /* the rest is counted */

/* The map as it would be after the import: the rota's shifts and the reach of its source are
 * replaced, everything else is shared. */
static struct snapshot *
exchange(const struct snapshot *map, const struct import_after *would)
{
	struct snapshot *after = snapshot_copy(map);
	uint32_t rota = would->rota;
	struct feed_facts facts =
	    map->feeds[rota] ? map->feeds[rota]->facts : (struct feed_facts){0};

	facts.horizon = would->horizon;
	facts.last_good_at = would->last_good_at;
	snapshot_set_rota(after, rota, rota_block_ref(would->block));
	/* Without fault and warnings: the effect on cover does not depend on them. */
	snapshot_set_feed(after, rota, kept_feed_new(&facts, NULL, NULL));
	snapshot_gather_absences(after);
	return after;
}

/* Only demands that the change can touch are swept, and only as far ahead as people plan: a
 * sweep of the whole region would take too long for one request. */
void
import_effect(struct arena *arena, const struct snapshot *map, const struct import_after *would,
    int64_t now, struct import_effect *out)
{
	const struct region *region = map->setup->region;
	struct span_time window = {now, now + EFFECT_AHEAD_SECONDS};
	struct snapshot *after = exchange(map, would);
	struct cover_asked is = {.map = map, .now = now}, would_be = {.map = after, .now = now};
	struct touched touched = touched_by(arena, map, after, would->rota);
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

/* Only gaps within a week call for a person. Shifts further ahead may still be added to the
 * calendar. */
static const char *
opens_soon(struct arena *arena, const struct snapshot_region *setup,
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

/* Sorted, as rota_builder_add_block() searches them. */
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

static bool
is_part(const struct pg_rows *rows, size_t row, const char *part)
{
	const char *is = pg_get_text(rows, row, API_IMPORT_JUDGED_PART);

	return is != NULL && strcmp(is, part) == 0;
}

bool
import_row_is_override(const struct pg_rows *rows, size_t row)
{
	return is_part(rows, row, "override");
}

/* Whether the rows are the whole rota, and not only what it would gain. */
static bool
is_whole(const struct pg_rows *rows)
{
	for (size_t i = 0; i < pg_rows_count(rows); i++)
		if (is_part(rows, i, "rota") || import_row_is_override(rows, i))
			return true;
	return false;
}

/* The rows are the whole rota as it would be, if overrides have to be laid over it again; otherwise
 * they are only the new ones, and the others are taken from the map. */
struct rota_block *
import_candidate(const struct snapshot *map, uint32_t rota, const struct import_rows *from)
{
	struct rota_builder *builder = rota_builder_new();
	struct rota_block *block;

	if (!from->whole && !is_whole(from->rows))
		rota_builder_add_block(
		    builder, map->rotas[rota], from->superseded, from->nsuperseded);
	for (size_t i = 0; i < pg_rows_count(from->rows); i++)
		if (is_part(from->rows, i, "rota") || is_part(from->rows, i, "brings"))
			snapshot_load_shift(map->setup->region, from->rows, i, builder);
	block = rota_builder_take(builder);
	rota_builder_free(builder);
	return block;
}

/* -------------------------------------------------------------------------------- all together */

/* "Override 12 would be in dispute. " of each; NULL: none would. */
static const char *
disputes(struct arena *arena, const struct pg_rows *rows)
{
	const char *said = NULL;

	for (size_t i = 0; i < pg_rows_count(rows); i++)
		if (import_row_is_override(rows, i) &&
		    strcmp(pg_get_text(rows, i, API_IMPORT_JUDGED_BECOMES), "conflicting") == 0)
			said = arena_printf(arena, "%s%sOverride %lld would be in dispute.",
			    said != NULL ? said : "", said != NULL ? " " : "",
			    (long long)pg_get_int(rows, i, API_IMPORT_JUDGED_ID));
	return said;
}

/* One sentence for each kind of harm; NULL if there is none. */
const char *
import_objection(struct arena *arena, const struct snapshot_region *setup,
    const struct import_effect *effect, const struct pg_rows *rows, int64_t now)
{
	const char *opens = opens_soon(arena, setup, effect, now);
	const char *disputed = disputes(arena, rows);

	if (opens == NULL || disputed == NULL)
		return opens != NULL ? opens : disputed;
	return arena_printf(arena, "%s %s", opens, disputed);
}
