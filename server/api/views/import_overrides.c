#include "server/api/views/import_overrides.h"

#include <string.h>

#include "server/api/map/snapshot_load.h"
#include "server/api/views/import_effect.h"
#include "server/api/views/override_words.h"
#include "server/api/views/said.h"

/* Columns of a shift; of an override, its own time. */
enum { ROTA = 0, PERSON = 3, START = 6, END = 7, ID = 8, INSTEAD = 9, DISPUTE = 13, THIRD = 14 };

static uint32_t
person_of(const struct ask *ask, const struct pg_rows *rows, size_t row, unsigned column)
{
	const char *id = pg_get_text(rows, row, column);

	return id ? table_get(&ask->region->person_by_id, id) : REGION_NONE;
}

static void
put_text(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	const char *becomes = pg_get_text(rows, row, IMPORT_BECOMES);
	bool disputed = strcmp(becomes, "conflicting") == 0;
	/* One that replaces nobody stays on beside whom the calendar names. */
	bool beside = pg_is_null(rows, row, INSTEAD) && !pg_is_null(rows, row, PERSON);
	struct kept_override kept = {
	    .start = (uint32_t)pg_get_time(rows, row, START),
	    .end = (uint32_t)pg_get_time(rows, row, END),
	    .person = person_of(ask, rows, row, PERSON),
	    .instead = person_of(ask, rows, row, INSTEAD),
	    .standing = (uint8_t)override_standing_of(pg_get_text(rows, row, DISPUTE)),
	    .kind = disputed && !beside ? OVERRIDE_DISPUTED : OVERRIDE_PUTS_ON,
	};
	struct buf words = {0};

	if (!pg_is_null(rows, row, THIRD))
		kept.nthird =
		    (uint8_t)snapshot_load_people(ask->region, rows, row, THIRD, kept.third);
	override_words_becomes(&words, ask->map->setup, pg_get_text(rows, row, ROTA), &kept,
	    becomes, rights_sight(ask->account) != SIGHT_COUNTS);
	out_text(out, "text", words.at);
	buf_free(&words);
}

static void
put_override(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	out_object(out, NULL);
	out_int(out, "id", pg_get_int(rows, row, ID));
	said_put_person(out, ask, "person", pg_get_text(rows, row, PERSON));
	said_put_person(out, ask, "instead", pg_get_text(rows, row, INSTEAD));
	out_time(out, "start", pg_get_time(rows, row, START));
	out_time(out, "end", pg_get_time(rows, row, END));
	out_text(out, "was", pg_get_text(rows, row, IMPORT_WAS));
	out_text(out, "becomes", pg_get_text(rows, row, IMPORT_BECOMES));
	out_text(out, "dispute", pg_get_text(rows, row, DISPUTE));
	put_text(out, ask, rows, row);
	out_object_end(out);
}

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
