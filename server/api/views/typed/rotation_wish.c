/* SPDX-License-Identifier: MIT */
#include "server/api/views/typed/rotation_wish.h"

#include <stdlib.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/views/parts/on_rota.h"
#include "server/base/civil.h"
#include "server/base/instant.h"

#define TIME_MAX_BYTES 64

const char *
rotation_etag(struct arena *arena, int64_t version)
{
	return arena_printf(arena, "\"rotation-%lld\"", (long long)version);
}

/* ------------------------------------------------------------------------------------------ people */

/* Each once: the database locks them, so that nobody of the rotation leaves while it is written. */
static void
add_person(struct ask *ask, struct rotation_wish *wish, const char *id)
{
	for (size_t i = 0; i < wish->npeople; i++)
		if (strcmp(wish->people[i], id) == 0)
			return;
	wish->people[wish->npeople++] = id;
	(void)ask;
}

/* One participant, who must be able to count on the rota. The id is replaced by the region's: the sender may
 * know the person by another. */
static void
check_person(struct ask *ask, struct rotation_wish *wish, const char *path, json_t *text)
{
	uint32_t person = on_rota_person(ask, path, json_string_value(text));
	const char *objection;

	if (person == REGION_NONE)
		return;
	objection = on_rota_objection(ask, wish->rota, person);
	if (objection != NULL) {
		ask_read(ask, READ_ROTATION, ask->region->rotas[wish->rota].id, NULL, INSTANT_NONE);
		ask_fault(ask, path, "%s", objection);
	}
	json_string_set(text, region_person(ask->region, person)->id);
	add_person(ask, wish, region_person(ask->region, person)->id);
}

static void
check_people(struct ask *ask, struct rotation_wish *wish)
{
	json_t *layer, *one, *member;
	size_t i, j, k;

	/* As many as rotation_read() has let through at most. */
	wish->people = arena_array(ask->arena,
	    (size_t)ROTATION_LAYERS_MAX * ROTATION_GROUPS_MAX * ROTATION_GROUP_MAX,
	    sizeof *wish->people);
	json_array_foreach(wish->layers, i, layer)
	{
		json_array_foreach(json_object_get(layer, "participants"), j, one)
		{
			const char *path =
			    arena_printf(ask->arena, "$.layers[%zu].participants[%zu]", i, j);

			if (json_is_string(one))
				check_person(ask, wish, path, one);
			/* A list is a group that is on together; on a text the loop does nothing. */
			json_array_foreach(one, k, member) check_person(
			    ask, wish, arena_printf(ask->arena, "%s[%zu]", path, k), member);
		}
	}
}

/* ------------------------------------------------------------------------------------------- reading */

/* A day begins at the rotation's handover; today's may be over, then it holds from now on. */
static void
read_from(struct ask *ask, const char *path, struct rotation_wish *wish)
{
	const struct zone *zone = ask->map->setup->zone;
	int64_t day;

	wish->starts_at = ask->now;
	if (wish->from == NULL)
		return;
	if (civil_parse_day(slice_of(wish->from), &day)) {
		wish->starts_at = rotation_handover(&wish->rotation, zone, day);
		if (day < civil_day_of(zone_local(zone, ask->now)))
			ask_fault(ask, path, "is a day that is over: the past is not rewritten");
	} else if (!civil_parse_rfc3339(slice_of(wish->from), &wish->starts_at)) {
		ask_fault(ask, path,
		    "is neither a day such as 2026-12-07 nor an RFC 3339 time such as 2026-12-07T09:00:00Z");
	} else if (wish->starts_at < ask->now - 60) {
		ask_fault(ask, path, "is over: the past is not rewritten");
	}
	if (wish->starts_at > ask->now + ON_ROTA_AHEAD_SECONDS)
		ask_fault(ask, path, "is more than 400 days ahead");
	if (wish->starts_at < ask->now)
		wish->starts_at = ask->now;
}

/* Its faults have the paths of the body. The texts are copied: the body is kept for the record, and people in
 * it are exchanged. */
static void
read_layers(struct ask *ask, json_t *body, struct rotation_wish *wish)
{
	struct region_faults faults;

	if (rotation_read(ask->arena, body, &wish->rotation, &faults) != STATUS_OK) {
		for (size_t i = 0; i < faults.count; i++)
			ask_fault(ask, faults.items[i].path, "%s", faults.items[i].detail);
		return;
	}
	if (wish->rotation.nlayers == 0)
		ask_fault(ask, "$.layers", "has no layer: to end the rotation, DELETE it");
	/* Kept as JSON, for that is what the database keeps: an edition is shown as it was sent. */
	wish->layers = json_deep_copy(json_object_get(body, "layers"));
	check_people(ask, wish);
	/* Once more, with the ids that the region has. */
	if (ask->faults.count == 0) {
		json_t *again = json_pack("{s:O}", "layers", wish->layers);

		if (rotation_read(ask->arena, again, &wish->rotation, &faults) != STATUS_OK)
			ask_fault(ask, "$.layers", "%s", faults.items[0].detail);
		json_decref(again);
	}
}

void
rotation_wish_read(struct ask *ask, struct rotation_wish *wish)
{
	static const char *const members[] = {"from", "layers", NULL};
	json_t *body;

	/* The end of a rotation is an edition without layers: what was before it stays readable. */
	if (wish->ends) {
		wish->from = ask_text(ask, "from");
		read_from(ask, "query.from", wish);
		return;
	}
	body = ask_body(ask, members);
	if (body == NULL)
		return;
	wish->from = ask_body_text(ask, body, "from", TIME_MAX_BYTES, ASK_OPTIONAL);
	if (ask->refused == 0)
		read_layers(ask, body, wish);
	if (ask->faults.count == 0 && ask->refused == 0)
		read_from(ask, "$.from", wish);
	json_decref(body);
}

/* --------------------------------------------------------------------------------- what is in force */

static enum status
read_edition(
    struct arena *arena, const struct pg_rows *rows, size_t row, struct rotation_edition *out)
{
	struct slice text = pg_get_bytes(rows, row, API_ROTATION_DEFINITION);
	json_t *value = json_loadb(text.at, text.len, 0, NULL);
	struct region_faults faults;
	/* What a later version of this program wrote may be none that this one knows. */
	enum status st = rotation_read(arena, value, &out->rotation, &faults);

	out->starts_at = pg_get_time(rows, row, API_ROTATION_STARTS_AT);
	json_decref(value);
	return st;
}

enum status
rotation_kept_read(struct arena *arena, const struct pg_rows *rows, struct rotation_kept *out)
{
	size_t count = pg_rows_count(rows);

	*out = (struct rotation_kept){
	    .version = pg_get_int(rows, 0, API_ROTATION_VERSION),
	    .filled_to = pg_get_time_or(rows, 0, API_ROTATION_FILLED_TO, INSTANT_NONE),
	    .reach = pg_get_time_or(rows, 0, API_ROTATION_REACH, INSTANT_NONE),
	    .editions = arena_array(arena, count + 1, sizeof *out->editions),
	};
	for (size_t i = 0; i < count && !pg_is_null(rows, i, API_ROTATION_ID); i++) {
		enum status st = read_edition(arena, rows, i, &out->editions[out->count++]);

		if (st != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

/* -------------------------------------------------------------------------------------- what will be */

struct rotation_fill
rotation_wish_fill(
    const struct ask *ask, const struct rotation_wish *wish, struct rotation_kept *kept)
{
	const struct snapshot_region *setup = ask->whole->setup;
	size_t count = 0;

	/* Later editions end with this one: who puts one in force from March says what holds from March on. */
	while (count < kept->count && kept->editions[count].starts_at < wish->starts_at)
		count++;
	kept->editions[count++] = (struct rotation_edition){wish->starts_at, wish->rotation};
	kept->count = count;
	return rotation_fill(ask->arena,
	    &(struct rotation_asked){setup->zone, &setup->holidays, kept->editions, count},
	    zonedb_fingerprint(ask->api->tools.zones), ask->now);
}

void
rotation_wish_args(const struct ask *ask, const struct rotation_wish *wish,
    const struct rotation_kept *kept, const struct rotation_fill *fill, struct pg_args *args)
{
	size_t count = fill->shifts.count;
	const char **persons = arena_array(ask->arena, count + 1, sizeof *persons);
	int64_t *starts = arena_array(ask->arena, count + 1, sizeof *starts);
	int64_t *ends = arena_array(ask->arena, count + 1, sizeof *ends);
	json_t *definition = wish->ends ? NULL : json_pack("{s:O}", "layers", wish->layers);
	char *text = wish->ends ? NULL : json_dumps(definition, JSON_COMPACT);

	for (size_t i = 0; i < count; i++) {
		persons[i] = fill->shifts.items[i].person;
		starts[i] = fill->shifts.items[i].start;
		ends[i] = fill->shifts.items[i].end;
	}
	pg_text(args, ask->region->rotas[wish->rota].id);
	/* The database compares it under its lock: the shifts below were made with that version. */
	pg_int8(args, kept->version);
	pg_time(args, wish->starts_at);
	pg_text(args, text);
	pg_text_array(args, wish->people, wish->npeople);
	pg_text(args, ask->account->name);
	pg_time(args, ask->now);
	pg_time(args, fill->filled_to);
	pg_time(args, fill->reach);
	pg_text(args, fill->made_with);
	pg_text_array(args, persons, count);
	pg_time_array(args, starts, count);
	pg_time_array(args, ends, count);
	free(text);
	json_decref(definition);
}
