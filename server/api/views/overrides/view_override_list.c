/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/views/parts/manual.h"
#include "server/api/views/parts/override_words.h"
#include "server/api/views/views.h"
#include "server/rows/shift_read.h"

/* GET /v1/overrides: the overrides, and what became of them, from the record. */

#define AHEAD_SECONDS (400 * (int64_t)86400)

static bool
is_followed(const struct pg_rows *rows, size_t row)
{
	return strcmp(pg_get_text(rows, row, API_OVERRIDES_STANDING), "followed") == 0;
}

/* Whether its time is unknown on the map: the calendar contradicts it, and it replaces a person or
 * everybody. */
static bool
in_dispute(const struct pg_rows *rows, size_t row)
{
	return strcmp(pg_get_text(rows, row, API_OVERRIDES_STANDING), "conflicting") == 0 &&
	       (!pg_is_null(rows, row, API_OVERRIDES_INSTEAD) ||
		   pg_get_bool(rows, row, API_OVERRIDES_NOBODY));
}

/* Puts the row into the form in which overrides are in memory, so that the sentence is the same as
 * in the Now answer. */
static void
put_warning(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	struct kept_override kept = {
	    .start = (uint32_t)pg_get_time(rows, row, API_OVERRIDES_STARTS_AT),
	    .end = (uint32_t)pg_get_time(rows, row, API_OVERRIDES_EXPIRES_AT),
	    .person = shift_read_person(ask->region, rows, row, API_OVERRIDES_PERSON),
	    .instead = shift_read_person(ask->region, rows, row, API_OVERRIDES_INSTEAD),
	    .standing = (uint8_t)(is_followed(rows, row) ? OVERRIDE_TIMES_CHANGED
							 : override_standing_of(pg_get_text(
							       rows, row, API_OVERRIDES_DISPUTE))),
	    .kind = in_dispute(rows, row) ? OVERRIDE_DISPUTED : OVERRIDE_PUTS_ON,
	};
	struct buf words = {0};

	kept.nthird =
	    (uint8_t)shift_read_people(ask->region, rows, row, API_OVERRIDES_THIRD, kept.third);
	override_words_warning(&words, &(struct override_told){
					   ask->map->setup,
					   pg_get_text(rows, row, API_OVERRIDES_ROTA),
					   &kept,
					   rights_sight(ask->account) != SIGHT_COUNTS,
				       });
	out_text(out, "warning", words.at);
	buf_free(&words);
}

/* "state" is for people: withdrawn and over come before what the calendar says. "standing" is the
 * calendar's side alone. */
static void
put_override(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	bool named = rights_sight(ask->account) != SIGHT_COUNTS;
	const char *standing = pg_get_text(rows, row, API_OVERRIDES_STANDING);
	bool withdrawn = !pg_is_null(rows, row, API_OVERRIDES_WITHDRAWN_AT),
	     over = pg_get_time(rows, row, API_OVERRIDES_EXPIRES_AT) <= ask->now;

	out_object(out, NULL);
	out_int(out, "id", pg_get_int(rows, row, API_OVERRIDES_ID));
	out_text(out, "rota", pg_get_text(rows, row, API_OVERRIDES_ROTA));
	manual_put_person(out, ask, "person", pg_get_text(rows, row, API_OVERRIDES_PERSON));
	manual_put_person(out, ask, "instead", pg_get_text(rows, row, API_OVERRIDES_INSTEAD));
	out_bool(out, "nobody", pg_get_bool(rows, row, API_OVERRIDES_NOBODY));
	out_bool(out, "late", pg_get_bool(rows, row, API_OVERRIDES_LATE));
	out_time(out, "start", pg_get_time(rows, row, API_OVERRIDES_STARTS_AT));
	out_time(out, "end", pg_get_time(rows, row, API_OVERRIDES_ENDS_AT));
	out_time(out, "expires", pg_get_time(rows, row, API_OVERRIDES_EXPIRES_AT));
	out_text(out, "note",
	    named ? ask_shown_text(ask, pg_get_text(rows, row, API_OVERRIDES_NOTE)) : NULL);
	out_time(out, "made_at", pg_get_time(rows, row, API_OVERRIDES_MADE_AT));
	out_text(out, "made_by", named ? pg_get_text(rows, row, API_OVERRIDES_MADE_BY) : NULL);
	out_text(out, "state", withdrawn ? "withdrawn" : over ? "over" : standing);
	out_text(out, "standing", standing);
	out_bool(out, "in_dispute", !withdrawn && !over && in_dispute(rows, row));
	out_time(out, "standing_since", pg_get_time(rows, row, API_OVERRIDES_AT));
	if (pg_is_null(rows, row, API_OVERRIDES_READING))
		out_null(out, "reading");
	else
		out_int(out, "reading", pg_get_int(rows, row, API_OVERRIDES_READING));
	out_time(out, "withdrawn_at",
	    pg_get_time_or(rows, row, API_OVERRIDES_WITHDRAWN_AT, INSTANT_NEVER));
	out_text(
	    out, "withdrawn_by", named ? pg_get_text(rows, row, API_OVERRIDES_WITHDRAWN_BY) : NULL);
	if (!withdrawn && !over &&
	    (!pg_is_null(rows, row, API_OVERRIDES_DISPUTE) || is_followed(rows, row)))
		put_warning(out, ask, rows, row);
	else
		out_null(out, "warning");
	out_object_end(out);
}

static void
send_rotas(struct ask *ask, uint32_t rota, struct pg_args *args)
{
	const struct region *region = ask->region;
	const char **ids = arena_array(ask->arena, region->nrotas + 1, sizeof *ids);
	size_t count = 0;

	for (uint32_t i = 0; i < region->nrotas; i++)
		if ((rota == REGION_NONE || rota == i) && rights_rota(region, ask->account, i))
			ids[count++] = region->rotas[i].id;
	pg_text_array(args, ids, count);
}

void
view_overrides(struct ask *ask)
{
	struct manual_list list = {"overrides", put_override, READ_OVERRIDES, NULL};
	struct manual_wanted wanted;
	uint32_t rota;
	struct pg_args args = {0};

	rota = ask_rota(ask);
	wanted = manual_wanted_read(ask, AHEAD_SECONDS);
	if (!ask_fine(ask))
		return;
	if (rota != REGION_NONE)
		list.what = ask->region->rotas[rota].id;
	send_rotas(ask, rota, &args);
	manual_list_ask(ask, &API_OVERRIDES, &args, &wanted, &list);
}
