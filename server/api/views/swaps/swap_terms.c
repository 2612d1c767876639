/* SPDX-License-Identifier: MIT */
#include "server/api/views/swaps/swap_terms.h"

#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/parts/manual.h"
#include "server/api/views/parts/members.h"

/* As far ahead as calendars are read: what is later is on no map. */
#define AHEAD_SECONDS (400 * (int64_t)86400)

/* ------------------------------------------------------------------------------------ a request */

static void
check_time(struct ask *ask, const struct ask_object *object, struct span_time time)
{
	const char *start = arena_printf(ask->arena, "%s.start", object->path);
	const char *end = arena_printf(ask->arena, "%s.end", object->path);

	if (time.start >= time.end)
		ask_fault(ask, end, "is not after start");
	else if (time.end > ask->now + AHEAD_SECONDS)
		ask_fault(ask, end, "is more than 400 days ahead");
	if (time.start <= ask->now)
		ask_fault(ask, start,
		    "is over or has begun: a swap is agreed before; put somebody on by an override");
}

static void
read_shift(struct ask *ask, const struct ask_object *object, struct swap_terms *terms)
{
	size_t faults = ask->faults.count;
	uint32_t nth = terms->sides.count++;

	terms->sides.rotas[nth] = member_rota(ask, object);
	terms->times[nth].start = member_time(ask, object, "start", INSTANT_NONE);
	terms->times[nth].end = member_time(ask, object, "end", INSTANT_NONE);
	/* Times that could not be read would give misleading faults about their order. */
	if (ask->faults.count == faults)
		check_time(ask, object, terms->times[nth]);
}

/* The shift that who takes the first one gives for it. */
static void
read_return(struct ask *ask, json_t *body, struct swap_terms *terms)
{
	static const char *const members[] = {"rota", "start", "end", NULL};
	struct ask_object object = {"$.in_return", json_object_get(body, "in_return")};

	if (object.json == NULL)
		return;
	if (!json_is_object(object.json)) {
		ask_fault(ask, object.path, "is not an object {\"rota\", \"start\", \"end\"}");
		return;
	}
	ask_object_known(ask, &object, members);
	read_shift(ask, &object, terms);
	/* The same two people the other way round: a swap is never among three. */
	terms->sides.gives[1] = terms->sides.takes[0];
	terms->sides.takes[1] = terms->sides.gives[0];
}

void
swap_terms_read(struct ask *ask, json_t *body, struct swap_terms *terms)
{
	struct ask_object object = {"$", body};
	struct swap_sides *sides = &terms->sides;

	*terms = (struct swap_terms){.sides = {0}};
	read_shift(ask, &object, terms);
	/* Who gives it need not say so: an account that is a person's gives that person's shift. */
	sides->gives[0] = member_person(ask, &object, "gives", ASK_OPTIONAL);
	if (json_object_get(body, "gives") == NULL)
		sides->gives[0] = rights_own_person(ask->region, ask->account);
	if (json_object_get(body, "gives") == NULL && sides->gives[0] == REGION_NONE)
		ask_fault(
		    ask, "$.gives", "is missing: who gives the shift? This account is no person's");
	sides->takes[0] = member_person(ask, &object, "takes", ASK_REQUIRED);
	if (sides->gives[0] != REGION_NONE && sides->gives[0] == sides->takes[0])
		ask_fault(ask, "$.takes", "is the same person as gives");
	read_return(ask, body, terms);
}

/* ------------------------------------------------------------------------------------- a row */

/* Copied, with an end: texts of an array have none, and rows are gone after the answer. */
static const char *
item(const struct ask *ask, const struct pg_rows *rows, size_t row, int column, size_t nth)
{
	struct slice text = pg_get_array_text(rows, row, (unsigned)column, nth);

	return arena_strndup(ask->arena, text.at, text.len);
}

static uint32_t
find(const struct table *table, const char *code)
{
	uint32_t index = table_get(table, code);

	return index == TABLE_NONE ? REGION_NONE : index;
}

static void
load_overruled(
    const struct ask *ask, const struct pg_rows *rows, size_t row, struct swap_terms *terms)
{
	size_t count = pg_get_array_count(rows, row, API_SWAPS_OVERRULED);
	const char **items = arena_array(ask->arena, count + 1, sizeof *items);

	for (size_t i = 0; i < count; i++)
		items[i] = item(ask, rows, row, API_SWAPS_OVERRULED, i);
	terms->overruled = items;
	terms->noverruled = count;
}

void
swap_terms_load(
    const struct ask *ask, const struct pg_rows *rows, size_t row, struct swap_terms *terms)
{
	/* By the ids that the record has, which an account may have been shown otherwise. An index
	 * means the same in both. */
	const struct region *region = ask->whole->setup->region;
	struct swap_sides *sides = &terms->sides;

	*terms = (struct swap_terms){.sides = {0}};
	sides->count = (uint32_t)pg_get_array_count(rows, row, API_SWAPS_ROTAS);
	for (uint32_t i = 0; i < sides->count; i++) {
		sides->rotas[i] =
		    find(&region->rota_by_id, item(ask, rows, row, API_SWAPS_ROTAS, i));
		sides->gives[i] =
		    find(&region->person_by_id, item(ask, rows, row, API_SWAPS_GIVES, i));
		sides->takes[i] =
		    find(&region->person_by_id, item(ask, rows, row, API_SWAPS_TAKES, i));
		terms->times[i] =
		    (struct span_time){pg_get_array_int(rows, row, API_SWAPS_STARTS, i),
			pg_get_array_int(rows, row, API_SWAPS_ENDS, i)};
		terms->overrides[i] = pg_get_array_int(rows, row, API_SWAPS_OVERRIDES, i);
	}
	load_overruled(ask, rows, row, terms);
}

const char *
swap_terms_json(const struct ask *ask, const struct swap_terms *terms)
{
	const struct region *region = ask->whole->setup->region;
	struct json_out out = {0};
	const char *text;

	out_array(&out, NULL);
	/* By ids of the record: the function that reads it keeps it. */
	for (uint32_t i = 0; i < terms->sides.count; i++) {
		out_object(&out, NULL);
		out_text(&out, "rota", region->rotas[terms->sides.rotas[i]].id);
		out_text(&out, "gives", region_person(region, terms->sides.gives[i])->id);
		out_text(&out, "takes", region_person(region, terms->sides.takes[i])->id);
		out_time(&out, "starts_at", terms->times[i].start);
		out_time(&out, "ends_at", terms->times[i].end);
		out_object_end(&out);
	}
	out_array_end(&out);
	text = arena_strndup(ask->arena, out.buf.at, out.buf.len);
	out_free(&out);
	return text;
}

/* ------------------------------------------------------------------------------------ an answer */

/* Of who has left the region nothing is known but that there was somebody. */
static void
put_person(struct json_out *out, const struct ask *ask, const char *key, uint32_t person)
{
	manual_put_person(out, ask, key,
	    person == REGION_NONE ? NULL : region_person(ask->whole->setup->region, person)->id);
}

void
swap_put_shifts(struct json_out *out, const struct ask *ask, const struct swap_terms *terms)
{
	const struct zone *zone = ask->map->setup->zone;

	out_array(out, "shifts");
	for (uint32_t i = 0; i < terms->sides.count; i++) {
		uint32_t rota = terms->sides.rotas[i];

		out_object(out, NULL);
		out_text(out, "rota", rota == REGION_NONE ? NULL : ask->region->rotas[rota].id);
		put_person(out, ask, "gives", terms->sides.gives[i]);
		put_person(out, ask, "takes", terms->sides.takes[i]);
		out_time(out, "start", terms->times[i].start);
		out_time(out, "end", terms->times[i].end);
		out_local(out, "start_local", zone, terms->times[i].start);
		out_local(out, "end_local", zone, terms->times[i].end);
		if (terms->overrides[i] == 0)
			out_null(out, "override");
		else
			out_int(out, "override", terms->overrides[i]);
		out_object_end(out);
	}
	out_array_end(out);
}

void
swap_put(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row)
{
	struct swap_terms terms;

	swap_terms_load(ask, rows, row, &terms);
	out_int(out, "id", pg_get_int(rows, row, API_SWAPS_ID));
	out_text(out, "state", pg_get_text(rows, row, API_SWAPS_STATE));
	swap_put_shifts(out, ask, &terms);
	out_time(out, "offered_at", pg_get_time(rows, row, API_SWAPS_OFFERED_AT));
	/* A commissioner sees counts, and the name of an account may be that of a person. */
	out_text(out, "offered_by",
	    rights_sight(ask->account) == SIGHT_COUNTS
		? NULL
		: pg_get_text(rows, row, API_SWAPS_OFFERED_BY));
	out_time(out, "expires", pg_get_time(rows, row, API_SWAPS_EXPIRES_AT));
	out_array(out, "overruled");
	for (size_t i = 0; i < terms.noverruled; i++)
		out_text(out, NULL, terms.overruled[i]);
	out_array_end(out);
}
