/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/late_corrections.h"

#include "server/api/api_sql.h"
#include "server/base/instant.h"

/* An answer lists so many and counts all: a rota that was corrected for a year has hundreds. */
#define LISTED_MAX 200

/* Of the rotas of the demands, each once. Without known_at: all corrections up to the present. */
void
late_corrections_ask(
    struct job *job, struct region_list demands, struct span_time window, job_take_fn *take)
{
	struct ask *ask = &job->ask;
	const struct region *region = ask->region;
	bool *taken = arena_array(ask->arena, region->nrotas + 1, sizeof *taken);
	const char **rotas = arena_array(ask->arena, region->nrotas + 1, sizeof *rotas);
	struct pg_args args = {0};
	size_t count = 0;

	for (uint32_t i = 0; i < demands.count; i++) {
		const struct region_list *of = &region->demands[demands.items[i]].rotas;

		for (uint32_t j = 0; j < of->count; j++) {
			if (!taken[of->items[j]])
				rotas[count++] = region->rotas[of->items[j]].id;
			taken[of->items[j]] = true;
		}
	}
	pg_text_array(&args, rotas, count);
	pg_time(&args, window.start);
	pg_time(&args, window.end);
	pg_time(&args, ask->known_at == INSTANT_NONE ? PG_INFINITY : ask->known_at);
	job_call(job, &API_LATE_CORRECTIONS, &args, take);
}

struct late_corrections
late_corrections_read(struct ask *ask, const struct pg_rows *rows)
{
	size_t count = pg_rows_count(rows);
	struct late_correction *items = arena_array(ask->arena, count + 1, sizeof *items);

	for (size_t i = 0; i < count; i++)
		items[i] = (struct late_correction){
		    .override = pg_get_int(rows, i, API_LATE_CORRECTIONS_ID),
		    .rota = table_get(
			&ask->region->rota_by_id, pg_get_text(rows, i, API_LATE_CORRECTIONS_ROTA)),
		    .start = pg_get_time(rows, i, API_LATE_CORRECTIONS_STARTS_AT),
		    .end = pg_get_time(rows, i, API_LATE_CORRECTIONS_ENDS_AT),
		    .made_at = pg_get_time(rows, i, API_LATE_CORRECTIONS_MADE_AT),
		    .withdrawn_at =
			pg_get_time_or(rows, i, API_LATE_CORRECTIONS_WITHDRAWN_AT, INSTANT_NEVER),
		};
	return (struct late_corrections){items, count};
}

void
late_corrections_put(
    struct json_out *out, const struct ask *ask, const struct late_corrections *late)
{
	out_object(out, "late_corrections");
	out_int(out, "count", (int64_t)late->count);
	out_array(out, "overrides");
	for (size_t i = 0; i < late->count && i < LISTED_MAX; i++) {
		const struct late_correction *one = &late->items[i];

		out_object(out, NULL);
		out_int(out, "override", one->override);
		out_text(out, "rota", ask->region->rotas[one->rota].id);
		out_time(out, "start", one->start);
		out_time(out, "end", one->end);
		out_time(out, "made_at", one->made_at);
		out_time(out, "withdrawn_at", one->withdrawn_at);
		out_object_end(out);
	}
	out_array_end(out);
	out_object_end(out);
}

/* Whether the correction could have changed the cover of the demand in that time. */
static bool
touches(
    const struct late_correction *late, const struct region_demand *demand, struct span_time time)
{
	if (late->start >= time.end || late->end <= time.start)
		return false;
	for (uint32_t i = 0; i < demand->rotas.count; i++)
		if (demand->rotas.items[i] == late->rota)
			return true;
	return false;
}

/* A demand that the present region no longer has (REGION_NONE) cannot be compared, so nothing is listed. */
void
late_corrections_put_ids(struct json_out *out, const struct region *region,
    const struct late_corrections *late, uint32_t demand, struct span_time time)
{
	if (late == NULL) {
		out_null(out, "late_corrections");
		return;
	}
	out_array(out, "late_corrections");
	for (size_t i = 0; demand != REGION_NONE && i < late->count; i++)
		if (touches(&late->items[i], &region->demands[demand], time))
			out_int(out, NULL, late->items[i].override);
	out_array_end(out);
}
