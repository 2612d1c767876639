/* SPDX-License-Identifier: MIT */
#include "server/api/views/imports/import_put.h"

#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/imports/import_effect.h"
#include "server/api/views/parts/effect_gaps_put.h"
#include "server/api/views/parts/manual.h"
#include "server/api/views/parts/override_words.h"
#include "server/rows/shift_read.h"

/* Puts the row into the form in which overrides are in memory, so that the sentence is the same
 * as on every other page. */
static void
put_text(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	const char *becomes = pg_get_text(rows, row, API_IMPORT_JUDGED_BECOMES);
	bool disputed = strcmp(becomes, "conflicting") == 0;
	/* One that replaces nobody stays on, beside the person whom the calendar names. */
	bool beside =
	    pg_is_null(rows, row, API_SHIFTS_INSTEAD) && !pg_is_null(rows, row, API_SHIFTS_PERSON);
	struct kept_override kept = {
	    .start = (uint32_t)pg_get_time(rows, row, API_SHIFTS_STARTS_AT),
	    .end = (uint32_t)pg_get_time(rows, row, API_SHIFTS_ENDS_AT),
	    .person = shift_read_person(ask->region, rows, row, API_SHIFTS_PERSON),
	    .instead = shift_read_person(ask->region, rows, row, API_SHIFTS_INSTEAD),
	    .standing = (uint8_t)override_standing_of(pg_get_text(rows, row, API_SHIFTS_DISPUTE)),
	    .kind = disputed && !beside ? OVERRIDE_DISPUTED : OVERRIDE_PUTS_ON,
	};
	struct buf words = {0};

	kept.nthird =
	    (uint8_t)shift_read_people(ask->region, rows, row, API_SHIFTS_THIRD, kept.third);
	override_words_becomes(&words,
	    &(struct override_told){
		ask->map->setup,
		pg_get_text(rows, row, API_SHIFTS_ROTA),
		&kept,
		rights_sight(ask->account) != SIGHT_COUNTS,
	    },
	    becomes);
	out_text(out, "text", words.at);
	buf_free(&words);
}

static void
put_override(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	out_object(out, NULL);
	out_int(out, "id", pg_get_int(rows, row, API_SHIFTS_OVERRIDE));
	manual_put_person(out, ask, "person", pg_get_text(rows, row, API_SHIFTS_PERSON));
	manual_put_person(out, ask, "instead", pg_get_text(rows, row, API_SHIFTS_INSTEAD));
	out_time(out, "start", pg_get_time(rows, row, API_SHIFTS_STARTS_AT));
	out_time(out, "end", pg_get_time(rows, row, API_SHIFTS_ENDS_AT));
	out_text(out, "was", pg_get_text(rows, row, API_IMPORT_JUDGED_WAS));
	out_text(out, "becomes", pg_get_text(rows, row, API_IMPORT_JUDGED_BECOMES));
	out_text(out, "dispute", pg_get_text(rows, row, API_SHIFTS_DISPUTE));
	put_text(out, ask, rows, row);
	out_object_end(out);
}

/* NULL: it is no preview. That differs from an empty list, a preview that changes no override. */
void
import_overrides_put(struct json_out *out, const struct ask *ask, const struct pg_rows *rows)
{
	if (rows == NULL) {
		out_null(out, "overrides");
		return;
	}
	out_array(out, "overrides");
	for (size_t i = 0; i < pg_rows_count(rows); i++)
		if (import_row_is_override(rows, i))
			put_override(out, ask, rows, i);
	out_array_end(out);
}

/* --------------------------------------------------------------------------------------- gaps */

void
import_effect_put(struct json_out *out, const struct ask *ask, const struct import_effect *effect)
{
	if (effect == NULL) {
		out_null(out, "gaps");
		return;
	}
	out_object(out, "gaps");
	effect_gaps_put(out, "opens", ask->region, effect->opens, effect->nopens);
	effect_gaps_put(out, "closes", ask->region, effect->closes, effect->ncloses);
	out_object_end(out);
}
