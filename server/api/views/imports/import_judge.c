/* SPDX-License-Identifier: MIT */
#include "server/api/views/imports/import_judge.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/base/instant.h"
#include "server/base/text.h"

/* The version of the map is sent, so that the database can say whether this map lacks a change of
 * the rota. */
void
import_judge_ask(struct pg_args *args, int64_t import, const struct snapshot *map)
{
	pg_int8(args, import);
	pg_int8(args, map->mark.epoch);
	pg_int8(args, map->mark.version);
	pg_int8(args, map->setup->region->version);
	pg_time(args, map->window.start);
	pg_time(args, map->window.end);
}

/* ---------------------------------------------------------------------------- what was shown */

#define SEEN_HASH 8 /* bytes: it guards against what has changed, not against forgery */

static void
add_hash(struct buf *out, const struct buf *of)
{
	uint8_t hash[crypto_generichash_BYTES];
	char hex[2 * SEEN_HASH + 1];

	crypto_generichash(hash, sizeof hash, (const uint8_t *)of->at, of->len, NULL, 0);
	sodium_bin2hex(hex, sizeof hex, hash, SEEN_HASH);
	buf_printf(out, "-%s", hex);
}

/* A token for what a person was shown: the instant ${at}, a hash of what becomes of overrides,
 * and a hash of the gaps that would open (${effect}, computed at ${at}). The client sends it
 * back when it confirms, and it is compared with one for what would happen by then. */
static const char *
seen_of(struct arena *arena, const struct region *region, const struct import_judged *judged,
    const struct import_effect *effect, int64_t at)
{
	struct buf out = {0}, what = {0};
	const char *word;

	buf_printf(&out, "%lld", (long long)at);
	buf_printf(&what, "%lld\n", (long long)judged->read_us);
	for (size_t i = 0; i < judged->nturns; i++)
		buf_printf(&what, "%s\n", judged->turns[i]);
	add_hash(&out, &what);
	buf_reset(&what);
	for (size_t i = 0; i < effect->nopens; i++) {
		const struct effect_gap *gap = &effect->opens[i];
		const struct region_demand *demand = &region->demands[gap->demand];

		buf_printf(&what, "%s %s %d %lld %lld\n",
		    region->requirements[demand->requirement].id,
		    region->places[demand->place].code, (int)gap->state, (long long)gap->start,
		    (long long)gap->end);
	}
	add_hash(&out, &what);
	word = arena_strndup(arena, out.at, out.len);
	buf_free(&what);
	buf_free(&out);
	return word;
}

bool
import_seen_at(const char *seen, int64_t *at)
{
	const char *dash = strchr(seen, '-');

	/* Two dashes and two hashes: a token of another shape is not from this server. */
	return dash != NULL && strlen(dash) == 2 * (1 + 2 * (size_t)SEEN_HASH) &&
	       text_int((struct slice){seen, (size_t)(dash - seen)}, 0, INT64_MAX, at);
}

/* The hash of the gaps is the last part of the token, so that it can be left out of the
 * comparison. */
bool
import_seen_same(const char *a, const char *b, bool gaps)
{
	size_t compared = strlen(a);

	if (compared != strlen(b))
		return false;
	return strncmp(a, b, gaps ? compared : compared - 2 * (size_t)SEEN_HASH) == 0;
}

/* ---------------------------------------------------------------------------------- judging */

static void
take_turns(struct arena *arena, const struct pg_rows *rows, struct import_judged *out)
{
	out->turns = arena_array(arena, pg_rows_count(rows) + 1, sizeof *out->turns);
	for (size_t i = 0; i < pg_rows_count(rows); i++)
		if (import_row_is_override(rows, i))
			out->turns[out->nturns++] =
			    arena_strdup(arena, pg_get_text(rows, i, API_IMPORT_JUDGED_TURN));
}

/* A calendar that a person puts in force is trusted as if it had been checked now; one that an undo
 * brings back is as old as it was. */
static int64_t
good_at(const struct import_question *question, const struct pg_rows *rows)
{
	if (!question->undo)
		return question->now;
	return pg_get_time_or(rows, 0, API_IMPORT_JUDGED_LAST_GOOD_AT, INSTANT_NEVER);
}

/* The effect is computed twice: at the present for the verdict, and at the instant at which it was
 * shown for the comparison, since a gap that has begun meanwhile must not look like a change. */
static void
work_out(struct arena *arena, const struct import_question *question, const struct pg_rows *rows,
    uint32_t rota, struct import_judged *out)
{
	const struct snapshot *map = question->map;
	struct import_rows brings = {.rows = rows, .whole = question->undo};
	struct import_after after = {.rota = rota, .last_good_at = good_at(question, rows)};
	struct import_effect seen;

	brings.superseded =
	    import_superseded(arena, rows, API_IMPORT_JUDGED_SUPERSEDED, &brings.nsuperseded);
	out->after = after.block = import_candidate(map, rota, &brings);
	after.horizon = pg_get_time_or(rows, 0, API_IMPORT_JUDGED_HORIZON, INSTANT_NEVER);
	import_effect(arena, map, &after, question->now, &out->effect);
	seen = out->effect;
	if (question->seen_at != question->now)
		import_effect(arena, map, &after, question->seen_at, &seen);
	take_turns(arena, rows, out);
	out->seen = seen_of(arena, map->setup->region, out, &seen, question->seen_at);
	out->why = import_objection(arena, map->setup, &out->effect, rows, question->now);
}

/* IMPORT_NO_MATTER: it is not waiting, or its rota has left the region. */
void
import_judge(struct arena *arena, const struct import_question *question,
    const struct pg_rows *rows, struct import_judged *out)
{
	const char *wanted = question->undo ? "applied" : "preview";
	uint32_t rota;

	*out = (struct import_judged){.verdict = IMPORT_NO_MATTER};
	if (pg_rows_count(rows) == 0 ||
	    strcmp(pg_get_text(rows, 0, API_IMPORT_JUDGED_STATE), wanted) != 0)
		return;
	rota = table_get(&question->map->setup->region->rota_by_id,
	    pg_get_text(rows, 0, API_IMPORT_JUDGED_IMPORT_ROTA));
	if (rota == TABLE_NONE)
		return;
	out->read_us = pg_get_int(rows, 0, API_IMPORT_JUDGED_READ_US);
	work_out(arena, question, rows, rota, out);
	/* Only now: a page shows the effect even while the map lags. */
	if (pg_get_bool(rows, 0, API_IMPORT_JUDGED_MAP_LACKS))
		out->verdict = IMPORT_MAP_LAGS;
	else
		out->verdict = out->why != NULL ? IMPORT_OPENS : IMPORT_NOTHING_OPENS;
}

void
import_judged_drop(struct import_judged *judged)
{
	if (judged->after != NULL)
		rota_block_unref(judged->after);
	judged->after = NULL;
}
