/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/region_risks.h"

#include "server/api/api_sql.h"

void
region_risks_take(struct arena *arena, const struct pg_rows *rows, struct region_risks *out)
{
	size_t count = pg_rows_count(rows);
	struct region_risk *risks = arena_array(arena, count + 1, sizeof *risks);

	for (size_t i = 0; i < count; i++)
		risks[i] = (struct region_risk){
		    .id = pg_get_int(rows, i, API_REGION_PUT_TRY_RISK),
		    .until = pg_get_time(rows, i, API_REGION_PUT_TRY_UNTIL),
		    .requirement = pg_copy_text(arena, rows, i, API_REGION_PUT_TRY_REQUIREMENT),
		    .place = pg_copy_text(arena, rows, i, API_REGION_PUT_TRY_PLACE),
		    .why = pg_copy_text(arena, rows, i, API_REGION_PUT_TRY_WHY),
		};
	*out = (struct region_risks){true, risks, count};
}

void
region_risks_put(struct json_out *out, const struct region_risks *risks)
{
	if (!risks->known) {
		out_null(out, "risks");
		return;
	}
	out_array(out, "risks");
	for (size_t i = 0; i < risks->count; i++) {
		out_object(out, NULL);
		out_int(out, "id", risks->items[i].id);
		out_text(out, "requirement", risks->items[i].requirement);
		out_text(out, "place", risks->items[i].place);
		out_time(out, "until", risks->items[i].until);
		out_text(out, "why", risks->items[i].why);
		out_object_end(out);
	}
	out_array_end(out);
}
