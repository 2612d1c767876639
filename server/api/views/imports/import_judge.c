/* SPDX-License-Identifier: MIT */
#include "server/api/views/imports/import_judge.h"

#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/imports/import_effect.h"

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

void
import_judge(struct arena *arena, const struct snapshot *map, int64_t now,
    const struct pg_rows *rows, struct import_judged *out)
{
	struct import_rows brings = {.rows = rows};
	struct import_effect effect;
	struct rota_block *after;
	uint32_t rota;

	*out = (struct import_judged){.verdict = IMPORT_NO_MATTER};
	if (pg_rows_count(rows) == 0 ||
	    strcmp(pg_get_text(rows, 0, API_IMPORT_JUDGED_STATE), "preview") != 0)
		return;
	rota = table_get(
	    &map->setup->region->rota_by_id, pg_get_text(rows, 0, API_IMPORT_JUDGED_IMPORT_ROTA));
	out->read_us = pg_get_int(rows, 0, API_IMPORT_JUDGED_READ_US);
	out->verdict = IMPORT_MAP_LAGS;
	if (rota == TABLE_NONE || pg_get_bool(rows, 0, API_IMPORT_JUDGED_MAP_LACKS))
		return;
	brings.superseded =
	    import_superseded(arena, rows, API_IMPORT_JUDGED_SUPERSEDED, &brings.nsuperseded);
	after = import_candidate(map, rota, &brings);
	import_effect(arena, map, rota, after,
	    pg_is_null(rows, 0, API_IMPORT_JUDGED_HORIZON)
		? INT64_MIN
		: pg_get_time(rows, 0, API_IMPORT_JUDGED_HORIZON),
	    now, &effect);
	out->why = import_objection(arena, map->setup, &effect, rows, now);
	out->verdict = out->why != NULL ? IMPORT_OPENS : IMPORT_NOTHING_OPENS;
	rota_block_unref(after);
}
