#include "server/api/map/snapshot_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/model/override.h"

#define CODE_MAX_BYTES 64

static int64_t
time_or_never(const struct pg_rows *rows, size_t row, unsigned column)
{
	return pg_is_null(rows, row, column) ? NEVER : pg_get_time(rows, row, column);
}

static bool
contains(const index_list *list, uint32_t index)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i] == index)
			return true;
	return false;
}

static void
load_feed(const struct pg_rows *rows, size_t row, struct feed_facts *out)
{
	memset(out, 0, sizeof *out); /* compared as bytes */
	out->kind = kept_feed_kind_of(pg_get_text(rows, row, 1));
	out->standing = kept_feed_standing_of(pg_get_text(rows, row, 2));
	out->failures = (int32_t)pg_get_int(rows, row, 4);
	out->every_seconds = (int32_t)pg_get_int(rows, row, 5);
	out->last_attempt_at = time_or_never(rows, row, 6);
	out->last_good_at = time_or_never(rows, row, 7);
	out->last_change_at = time_or_never(rows, row, 8);
	out->horizon = time_or_never(rows, row, 9);
	out->next_at = time_or_never(rows, row, 10);
	out->reading = pg_get_int(rows, row, 11);
	out->held_import = pg_get_int(rows, row, 13);
	out->upload = pg_is_null(rows, row, 15) ? 0 : pg_get_int(rows, row, 15);
	out->upload_at = time_or_never(rows, row, 16);
}

static bool
same_feed(const struct kept_feed *feed, const struct feed_facts *facts, const char *fault,
    const char *warnings)
{
	return feed != NULL && memcmp(&feed->facts, facts, sizeof *facts) == 0 &&
	       strcmp(feed->fault, fault ? fault : "") == 0 &&
	       strcmp(feed->warnings, warnings) == 0;
}

bool
snapshot_load_feeds(struct snapshot *draft, const struct pg_rows *rows, struct arena *arena,
    index_list *moved, int64_t *newest_us)
{
	const struct region *region = draft->setup->region;
	bool differs = false;

	for (size_t i = 0; i < pg_rows_count(rows); i++) {
		uint32_t rota = table_get(&region->rota_by_id, pg_get_text(rows, i, 0));
		struct feed_facts facts;

		load_feed(rows, i, &facts);
		if (pg_get_time_us(rows, i, 12) > *newest_us)
			*newest_us = pg_get_time_us(rows, i, 12);
		if (rota == TABLE_NONE || same_feed(draft->feeds[rota], &facts,
					      pg_get_text(rows, i, 3), pg_get_text(rows, i, 14)))
			continue;
		differs = true;
		if ((draft->feeds[rota] == NULL ||
			draft->feeds[rota]->facts.reading != facts.reading) &&
		    !contains(moved, rota))
			*VEC_PUSH(arena, moved) = rota;
		snapshot_set_feed(draft, rota,
		    kept_feed_new(&facts, pg_get_text(rows, i, 3), pg_get_text(rows, i, 14)));
	}
	return differs;
}

static uint32_t
person_at(const struct region *region, const struct pg_rows *rows, size_t row, unsigned column)
{
	const char *person = pg_get_text(rows, row, column);

	return person ? table_get(&region->person_by_id, person) : REGION_NONE;
}

uint32_t
snapshot_load_people(const struct region *region, const struct pg_rows *rows, size_t row,
    unsigned column, uint32_t out[OVERRIDE_THIRD_MAX])
{
	size_t count = pg_get_array_count(rows, row, column);
	char id[CODE_MAX_BYTES + 1];

	INVARIANT(count <= OVERRIDE_THIRD_MAX); /* the table's own check */
	for (size_t i = 0; i < count; i++) {
		struct slice text = pg_get_array_text(rows, row, column, i);

		snprintf(id, sizeof id, "%.*s", (int)text.len, text.at);
		out[i] = table_get(&region->person_by_id, id);
	}
	return (uint32_t)count;
}

static struct override_row
load_override(const struct region *region, const struct pg_rows *rows, size_t row)
{
	struct override_row override = {0};

	if (pg_is_null(rows, row, 8))
		return override;
	override = (struct override_row){
	    .id = pg_get_int(rows, row, 8),
	    .instead = person_at(region, rows, row, 9),
	    .made_at = pg_get_time(rows, row, 10),
	    .made_by = pg_get_text(rows, row, 11),
	    .note = pg_get_text(rows, row, 12),
	    .standing = override_standing_of(pg_get_text(rows, row, 13)),
	};
	override.late = pg_get_bool(rows, row, 15);
	if (!pg_is_null(rows, row, 14))
		override.nthird = snapshot_load_people(region, rows, row, 14, override.third);
	return override;
}

void
snapshot_load_shift(const struct region *region, const struct pg_rows *rows, size_t row,
    struct rota_builder *builder)
{
	rota_builder_add(builder, &(struct shift_row){
				      .id = pg_get_int(rows, row, 1),
				      .class = kept_class_of(pg_get_text(rows, row, 2)),
				      .person = person_at(region, rows, row, 3),
				      .team = pg_get_text(rows, row, 4),
				      .title = pg_get_text(rows, row, 5),
				      .start = pg_get_time(rows, row, 6),
				      .end = pg_get_time(rows, row, 7),
				      .as_last_read = pg_get_bool(rows, row, 16),
				      .override = load_override(region, rows, row),
				  });
}

/* A block that says the same stays: memory is not churned when everything is read again. */
static void
replace(struct snapshot *draft, uint32_t rota, struct rota_block *block)
{
	if (rota == TABLE_NONE || rota_block_same(draft->rotas[rota], block))
		rota_block_unref(block);
	else
		snapshot_set_rota(draft, rota, block);
}

/* Rows come rota by rota. */
void
snapshot_load_shifts(
    struct snapshot *draft, const struct pg_rows *rows, const uint32_t *rotas, size_t nrotas)
{
	const struct region *region = draft->setup->region;
	struct rota_builder *builder = rota_builder_new();
	size_t count = pg_rows_count(rows), row = 0;
	bool *filled = xcalloc(region->nrotas + 1, sizeof *filled);

	while (row < count) {
		const char *id = pg_get_text(rows, row, 0);
		uint32_t rota = table_get(&region->rota_by_id, id);
		size_t first = row;

		for (; row < count && strcmp(pg_get_text(rows, row, 0), id) == 0; row++)
			snapshot_load_shift(region, rows, row, builder);
		INVARIANT(row > first);
		if (strcmp(id, OVERRIDE_ABSENCES) == 0)
			snapshot_set_typed(draft, rota_builder_take(builder));
		else
			replace(draft, rota, rota_builder_take(builder));
		if (rota != TABLE_NONE)
			filled[rota] = true;
	}
	for (size_t i = 0; i < nrotas; i++)
		if (!filled[rotas[i]])
			replace(draft, rotas[i], rota_block_empty());
	free(filled);
	rota_builder_free(builder);
}

void
snapshot_load_typed(struct snapshot *draft, const struct pg_rows *rows)
{
	struct rota_builder *builder = rota_builder_new();

	for (size_t row = 0; row < pg_rows_count(rows); row++)
		snapshot_load_shift(draft->setup->region, rows, row, builder);
	snapshot_set_typed(draft, rota_builder_take(builder));
	rota_builder_free(builder);
}

void
snapshot_load_gap(const struct pg_rows *rows, size_t row, struct gap_row *out)
{
	*out = (struct gap_row){
	    .id = pg_get_text(rows, row, 2),
	    .start = pg_get_time(rows, row, 3),
	    .end = pg_get_time(rows, row, 4),
	    .state = pg_get_text(rows, row, 5),
	    .cause = pg_get_text(rows, row, 6),
	    .present = pg_get_int(rows, row, 7),
	    .required = pg_get_int(rows, row, 8),
	    .opened_at = pg_get_time(rows, row, 9),
	    .changed_at = pg_get_time(rows, row, 10),
	    .acknowledged_at = pg_get_time(rows, row, 11),
	    .acknowledged_by = pg_get_text(rows, row, 12),
	    .note = pg_get_text(rows, row, 13),
	    .rung = pg_get_int(rows, row, 14),
	    .acknowledged_as = pg_get_text(rows, row, 15),
	    .group = pg_get_text(rows, row, 16),
	    .lead = pg_get_bool(rows, row, 17),
	    .told = pg_get_bool(rows, row, 18),
	    .closed_at = pg_get_time(rows, row, 19),
	    .settle_at = pg_get_time(rows, row, 20),
	    .acknowledged_until = pg_get_time(rows, row, 21),
	    .notes = pg_get_text(rows, row, 22),
	};
}

static bool
same_demand(const struct pg_rows *rows, size_t a, size_t b)
{
	return strcmp(pg_get_text(rows, a, 0), pg_get_text(rows, b, 0)) == 0 &&
	       strcmp(pg_get_text(rows, a, 1), pg_get_text(rows, b, 1)) == 0;
}

void
snapshot_load_gaps(
    struct snapshot *draft, const struct pg_rows *rows, const uint32_t *demands, size_t ndemands)
{
	size_t count = pg_rows_count(rows), row = 0;
	struct gap_row *found = xcalloc(count + 1, sizeof *found);

	for (size_t i = 0; i < ndemands; i++)
		snapshot_set_gaps(draft, demands[i], NULL);
	while (row < count) {
		uint32_t demand =
		    snapshot_demand(draft, pg_get_text(rows, row, 0), pg_get_text(rows, row, 1));
		size_t first = row, n = 0;

		for (; row < count && same_demand(rows, first, row); row++)
			snapshot_load_gap(rows, row, &found[n++]);
		INVARIANT(demand != REGION_NONE);
		snapshot_set_gaps(draft, demand, gap_block_new(found, n));
	}
	free(found);
}

static void
load_account(struct arena *arena, const struct pg_rows *rows, size_t row, struct account *out)
{
	uint32_t count = (uint32_t)pg_get_array_count(rows, row, 4);
	const char **places = arena_array(arena, count + 1, sizeof *places);
	const char *organisation = pg_get_text(rows, row, 3);

	for (uint32_t i = 0; i < count; i++) {
		struct slice place = pg_get_array_text(rows, row, 4, i);

		places[i] = arena_strndup(arena, place.at, place.len);
	}
	*out = (struct account){
	    .name = arena_strdup(arena, pg_get_text(rows, row, 0)),
	    .kind = arena_strdup(arena, pg_get_text(rows, row, 1)),
	    .organisation = organisation ? arena_strdup(arena, organisation) : NULL,
	    .places = places,
	    .nplaces = count,
	};
	/* The table's own check lists the same roles. */
	INVARIANT(account_role_of(pg_get_text(rows, row, 2), &out->role));
}

const struct account *
snapshot_load_accounts(struct arena *arena, const struct pg_rows *rows, uint32_t *count)
{
	size_t n = pg_rows_count(rows);
	struct account *items = arena_array(arena, n + 1, sizeof *items);

	for (size_t i = 0; i < n; i++)
		load_account(arena, rows, i, &items[i]);
	*count = (uint32_t)n;
	return items;
}

static int
by_name(const void *name, const void *item)
{
	const struct account *account = item;

	return strcmp(name, account->name);
}

/* An account that came between the two reads is found by the next look, whose version has moved:
 * its tokens wait for that. */
const struct token *
snapshot_load_tokens(struct arena *arena, const struct pg_rows *rows,
    const struct account *accounts, uint32_t naccounts, uint32_t *count)
{
	size_t n = pg_rows_count(rows);
	struct token *items = arena_array(arena, n + 1, sizeof *items);

	*count = 0;
	for (size_t i = 0; i < n; i++) {
		const struct account *account = bsearch(
		    pg_get_text(rows, i, 1), accounts, naccounts, sizeof *accounts, by_name);
		struct slice sha256 = pg_get_bytes(rows, i, 2);
		const char *id = pg_get_text(rows, i, 0);
		struct token *token = &items[*count];

		if (account == NULL)
			continue;
		INVARIANT(strlen(id) == TOKEN_ID_LEN && sha256.len == sizeof token->sha256);
		memcpy(token->id, id, TOKEN_ID_LEN + 1);
		memcpy(token->sha256, sha256.at, sha256.len);
		token->expires_at = pg_get_time(rows, i, 3);
		token->account = (uint32_t)(account - accounts);
		++*count;
	}
	return items;
}
