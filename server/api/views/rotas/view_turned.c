/* SPDX-License-Identifier: MIT */
#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/views.h"
#include "server/base/instant.h"
#include "server/model/region_protected.h"

/* GET /v1/rotas/{id}/turned: each time that a rota's stored calendar was read again with another
 * result, with the shifts that differ. */

struct shown {
	uint32_t rota;
};

struct turned_row {
	const struct ask *ask;
	const struct pg_rows *rows;
	size_t row;
};

/* One side of a shift; no class: there was none, or there is none now. The three columns of a side
 * follow one another in the statement: class, person, team. */
static void
put_side(struct json_out *out, const char *key, const struct turned_row *of, unsigned class)
{
	const struct region *region = of->ask->region;
	const struct pg_rows *rows = of->rows;
	size_t row = of->row;
	const char *person = pg_get_text(rows, row, class + 1);
	uint32_t index = person == NULL ? TABLE_NONE : table_get(&region->person_by_id, person);

	if (pg_is_null(rows, row, class)) {
		out_null(out, key);
		return;
	}
	out_object(out, key);
	out_text(out, "class", pg_get_text(rows, row, class));
	out_text(out, "person", ask_shown_id(of->ask, person));
	out_text(out, "name", index == TABLE_NONE ? NULL : region_person(region, index)->name);
	out_text(out, "team", pg_get_text(rows, row, class + 2));
	out_object_end(out);
}

static bool
names_withheld(const struct turned_row *of, unsigned class)
{
	const char *person = pg_get_text(of->rows, of->row, class + 1);

	return person != NULL && ask_shown_id(of->ask, person) != person;
}

static void
put_shift(struct json_out *out, const struct job *job, const struct pg_rows *rows, size_t row)
{
	const struct turned_row of = {&job->ask, rows, row};
	int64_t start = pg_get_time(rows, row, API_TURNED_STARTS_AT);

	out_object(out, NULL);
	out_text(out, "title",
	    names_withheld(&of, API_TURNED_WAS_CLASS) || names_withheld(&of, API_TURNED_NOW_CLASS)
		? REGION_WITHHELD_TEXT
		: ask_shown_text(&job->ask, pg_get_text(rows, row, API_TURNED_TITLE)));
	out_time(out, "start", start);
	out_time(out, "end", pg_get_time(rows, row, API_TURNED_ENDS_AT));
	out_local(out, "local", job->ask.map->setup->zone, start);
	put_side(out, "before", &of, API_TURNED_WAS_CLASS);
	put_side(out, "after", &of, API_TURNED_NOW_CLASS);
	out_object_end(out);
}

/* All rows of the reread that row ${row} begins; answers the row after them. The statement joins
 * rereads with their shifts, so that the head of a reread comes once per shift. */
static size_t
put_reread(struct json_out *out, const struct job *job, const struct pg_rows *rows, size_t row)
{
	int64_t id = pg_get_int(rows, row, API_TURNED_ID),
		at = pg_get_time(rows, row, API_TURNED_AT);

	out_object(out, NULL);
	out_time(out, "at", at);
	out_local(out, "local", job->ask.map->setup->zone, at);
	out_text(out, "why", pg_get_text(rows, row, API_TURNED_WHY));
	out_int(out, "lost", pg_get_int(rows, row, API_TURNED_LOST));
	out_int(out, "gained", pg_get_int(rows, row, API_TURNED_GAINED));
	out_int(out, "other", pg_get_int(rows, row, API_TURNED_OTHER));
	out_int(out, "count", pg_get_int(rows, row, API_TURNED_TURNED));
	out_array(out, "shifts");
	for (; row < pg_rows_count(rows) && pg_get_int(rows, row, API_TURNED_ID) == id; row++)
		/* Retention has deleted this shift on both sides: only the counts are left of
		 * it. */
		if (!pg_is_null(rows, row, API_TURNED_STARTS_AT))
			put_shift(out, job, rows, row);
	out_array_end(out);
	out_object_end(out);
	return row;
}

/* Titles and names are shown, so it is noted in the audit, as for decisions. */
static void
on_turned(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct shown *shown = job->data;
	const char *rota = job->ask.region->rotas[shown->rota].id;
	struct json_out out = {0};

	(void)st;
	out_object(&out, NULL);
	out_text(&out, "rota", rota);
	out_array(&out, "turned");
	for (size_t row = 0; row < pg_rows_count(rows);)
		row = put_reread(&out, job, rows, row);
	out_array_end(&out);
	out_object_end(&out);
	ask_reply(&job->ask, &out);
	ask_read(&job->ask, READ_DECISIONS, rota, NULL, INSTANT_NONE);
	job_end(job);
}

void
view_turned(struct ask *ask)
{
	struct pg_args args = {0};
	struct job *job;
	uint32_t rota = ask_rota_reviewed(ask, "how a rota was read");

	if (!ask_fine(ask))
		return;
	pg_text(&args, ask->region->rotas[rota].id);
	job = job_new(ask, sizeof(struct shown));
	((struct shown *)job->data)->rota = rota;
	job_call(job, &API_TURNED, &args, on_turned);
}
