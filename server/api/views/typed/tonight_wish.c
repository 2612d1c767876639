/* SPDX-License-Identifier: MIT */
#include "server/api/views/typed/tonight_wish.h"

#include <stdlib.h>
#include <string.h>

#include "server/api/views/parts/on_rota.h"
#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/base/vec.h"

#define CODE_MAX_BYTES 64
#define REASON_MAX_BYTES 200
#define DAY_SECONDS 86400 /* an override that began longer ago is a correction */

/* ------------------------------------------------------------------------------- which rota it is */

static const char *
member(const struct ask *ask, const struct ask_object *object, const char *key)
{
	return arena_printf(ask->arena, "%s.%s", object->path, key);
}

/* A rota that the account may not change is passed over and not refused, so that the call finds the one it may. */
static bool
may_put_on(const struct ask *ask, uint32_t rota)
{
	return rights_change_rota(ask->region, ask->account, rota) &&
	       !ask->region->rotas[rota].absences;
}

/* Of the rotas of ${function} that serve the place, those of the first tier that the account may change. */
static size_t
find_rotas(const struct ask *ask, uint32_t place, uint32_t function, uint32_t **out)
{
	const struct region *region = ask->region;
	const struct region_list *services = &region->places[place].services;
	VEC(uint32_t) found = {0};
	int32_t tier = INT32_MAX;

	for (uint32_t i = 0; i < services->count; i++) {
		const struct region_service *service = &region->services[services->items[i]];

		for (uint32_t j = 0; service->function == function && j < service->rotas.count;
		     j++) {
			uint32_t rota = service->rotas.items[j];

			/* A second tier is rung only after the first: tonight's name is of the first. */
			if (!may_put_on(ask, rota) || region->rotas[rota].tier > tier)
				continue;
			if (region->rotas[rota].tier < tier)
				found.count = 0;
			tier = region->rotas[rota].tier;
			*VEC_PUSH(ask->arena, &found) = rota;
		}
	}
	*out = found.items;
	return found.count;
}

static uint32_t
rota_of_function(
    struct ask *ask, const struct ask_object *object, uint32_t place, uint32_t function)
{
	const struct region *region = ask->region;
	uint32_t *found;
	size_t count = find_rotas(ask, place, function, &found);
	const char *list = "";

	/* Never a guess: of two rotas the wrong one would have an override that nobody expects. */
	if (count == 1)
		return found[0];
	for (size_t i = 0; i < count; i++)
		list = arena_printf(
		    ask->arena, "%s%s%s", list, i > 0 ? ", " : "", region->rotas[found[i]].id);
	if (count == 0)
		ask_fault(ask, member(ask, object, "function"),
		    "has no rota at this place that this account may change");
	else
		ask_fault(ask, member(ask, object, "rota"),
		    "is missing: more than one rota has it here: %s", list);
	return REGION_NONE;
}

static uint32_t
rota_named(struct ask *ask, const struct ask_object *object, const char *id)
{
	uint32_t rota = table_get(&ask->region->rota_by_id, id);

	/* One answer for both: an account must not learn of a rota that it may not see. */
	if (rota == TABLE_NONE || !rights_rota(ask->region, ask->account, rota))
		ask_fault(ask, member(ask, object, "rota"), "there is no rota with this id");
	else if (!rights_change_rota(ask->region, ask->account, rota))
		ask_refuse(ask, 403, ASK_OTHERS_ROTA);
	else if (ask->region->rotas[rota].service == REGION_NONE)
		ask_fault(ask, member(ask, object, "rota"),
		    "is a leave calendar: nobody is on call by it");
	else
		return rota;
	return REGION_NONE;
}

static uint32_t
read_rota(struct ask *ask, const struct ask_object *object, uint32_t place)
{
	const struct region *region = ask->region;
	const char *code = ask_object_text(ask, object, "function", CODE_MAX_BYTES, ASK_OPTIONAL);
	const char *id = ask_object_text(ask, object, "rota", CODE_MAX_BYTES, ASK_OPTIONAL);
	uint32_t function = code ? table_get(&region->function_by_code, code) : REGION_NONE, rota;

	if (code != NULL && function == TABLE_NONE) {
		ask_fault(
		    ask, member(ask, object, "function"), "there is no function with this code");
		return REGION_NONE;
	}
	if (code == NULL && id == NULL) {
		ask_fault(ask, member(ask, object, "function"),
		    "is missing: say which function, or which rota");
		return REGION_NONE;
	}
	if (id == NULL)
		return place == REGION_NONE ? REGION_NONE
					    : rota_of_function(ask, object, place, function);
	rota = rota_named(ask, object, id);
	if (rota != REGION_NONE && code != NULL &&
	    region->services[region->rotas[rota].service].function != function)
		ask_fault(ask, member(ask, object, "rota"), "is a rota of another function");
	return rota;
}

/* --------------------------------------------------------------------------------- one of the list */

static void
add_doubt(struct ask *ask, struct shift_wish *shift, const char *sentence)
{
	const char **items = arena_array(ask->arena, shift->doubts.count + 1, sizeof *items);

	for (size_t k = 0; k < shift->doubts.count; k++)
		items[k] = shift->doubts.items[k];
	items[shift->doubts.count++] = sentence;
	shift->doubts.items = items;
}

/* Of a calendar that is read it is said whom it has on then: that person stays on as well. */
static void
doubt_others(struct ask *ask, struct shift_wish *shift)
{
	const struct rota_block *block = ask->map->rotas[shift->rota];
	enum freshness freshness = kept_feed_freshness(ask->map->feeds[shift->rota], ask->now);

	/* A typed rota says an overlap itself; who a dead calendar names is not on anyway. */
	if (ask->region->rotas[shift->rota].source == REGION_SOURCE_TYPED ||
	    freshness == FRESHNESS_STALE || freshness == FRESHNESS_UNKNOWN)
		return;
	for (uint32_t i = rota_block_from(block, shift->time.start); i < block->count; i++) {
		const struct kept_shift *other = &block->shifts[i];

		if ((int64_t)other->start >= shift->time.end)
			return;
		/* Who does not count, or is the same person, is no second one beside. */
		if (other->class != KEPT_NAMED || other->person == shift->person ||
		    (int64_t)other->end <= shift->time.start)
			continue;
		add_doubt(ask, shift,
		    arena_printf(ask->arena,
			"%s is on the rota %s then, by its calendar. That is still read, so they stay on as well.",
			region_person(ask->region, other->person)->name,
			ask->region->rotas[shift->rota].id));
		return;
	}
}

/* Somebody who is known, or a new person; never both. */
static void
read_who(struct ask *ask, const struct ask_object *object, struct tonight_wish *wish, size_t i)
{
	struct shift_wish *shift = &wish->shifts[i];
	json_t *new = json_object_get(object->json, "new");
	const char *id = ask_object_text(ask, object, "person", CODE_MAX_BYTES, ASK_OPTIONAL);
	struct ask_object inner = {member(ask, object, "new"), new};
	static const char *const members[] = {"name", "role", "phone", "said", NULL};

	/* Before any fault: what is looked at later must not take index 0 for somebody. */
	shift->person = REGION_NONE;
	if ((id == NULL) == (new == NULL)) {
		ask_fault(ask, member(ask, object, "person"),
		    "give one of \"person\" and \"new\": who is on");
	} else if (id != NULL) {
		shift->person = on_rota_person(ask, member(ask, object, "person"), id);
	} else if (!json_is_object(new)) {
		ask_fault(ask, inner.path, "must be an object with a name");
		/* The rota says organisation and function; without it its fault is enough. */
	} else if (shift->rota != REGION_NONE) {
		ask_object_known(ask, &inner, members);
		wish->news[i] = &wish->people.items[wish->people.count++];
		new_person_read(ask, &inner, shift->rota, wish->news[i]);
	}
}

static void
read_one(struct ask *ask, const struct ask_object *object, struct tonight_wish *wish, size_t i)
{
	static const char *const members[] = {
	    "function", "rota", "person", "new", "from", "until", "note", NULL};
	struct shift_wish *shift = &wish->shifts[i];
	struct span_time usual = shift->time;

	ask_object_known(ask, object, members);
	shift->path = object->path;
	shift->rota = read_rota(ask, object, wish->place);
	read_who(ask, object, wish, i);
	shift_wish_times(
	    ask, object, usual.end == INSTANT_NONE ? ASK_REQUIRED : ASK_OPTIONAL, shift);
	if (shift->rota == REGION_NONE || ask->faults.count > 0 || ask->refused != 0)
		return;
	if (wish->news[i] == NULL && shift->person == REGION_NONE)
		return;
	/* Only of what could be read: a fault of a fault would hide the first. */
	shift_wish_check(ask, shift);
	if (ask->faults.count == 0)
		doubt_others(ask, shift);
}

static void
read_list(struct ask *ask, const json_t *list, struct span_time usual, struct tonight_wish *wish)
{
	size_t count = json_array_size(list);

	if (!json_is_array(list) || count == 0 || count > TONIGHT_MAX) {
		ask_fault(ask, "$.shifts", "must be a list of 1 to %d", TONIGHT_MAX);
		return;
	}
	/* All as long as the list, so that one index serves for each. */
	wish->count = count;
	wish->shifts = arena_array(ask->arena, count, sizeof *wish->shifts);
	wish->news = arena_array(ask->arena, count, sizeof *wish->news);
	wish->people.items = arena_array(ask->arena, count, sizeof *wish->people.items);
	for (size_t i = 0; i < count; i++) {
		struct ask_object one = {
		    arena_printf(ask->arena, "$.shifts[%zu]", i), json_array_get(list, i)};

		wish->shifts[i].time = usual;
		if (json_is_object(one.json))
			read_one(ask, &one, wish, i);
		else
			ask_fault(ask, one.path, "must be an object");
	}
}

/* --------------------------------------------------------------------------------------- the whole */

static uint32_t
read_place(struct ask *ask, const json_t *body)
{
	const char *code = ask_body_text(ask, body, "place", CODE_MAX_BYTES, ASK_REQUIRED);
	uint32_t place = code ? table_get(&ask->region->place_by_code, code) : TABLE_NONE;

	if (code == NULL)
		return REGION_NONE;
	if (place != TABLE_NONE && rights_place(ask->region, ask->account, place))
		return place;
	ask_fault(ask, "$.place", "is no place with this code that this account may ask about");
	return REGION_NONE;
}

static void
add_rota(struct tonight_wish *wish, const char *id)
{
	for (size_t i = 0; i < wish->nrotas; i++)
		if (strcmp(wish->rotas[i], id) == 0)
			return;
	wish->rotas[wish->nrotas++] = id;
}

/* The map does not have the others of this list yet: one person twice at a time is told here, and a new person
 * who comes twice is probably one. */
static bool
is_twice(const struct tonight_wish *wish, size_t i, size_t j)
{
	const struct new_person *a = wish->news[i], *b = wish->news[j];

	/* One person may be on twice that night at two times; the new names would be two people all the same. */
	if (!span_overlap(wish->shifts[i].time, wish->shifts[j].time))
		return a != NULL && b != NULL && strcmp(a->name, b->name) == 0;
	return a != NULL && b != NULL
		   ? strcmp(a->name, b->name) == 0
		   : a == NULL && b == NULL && wish->shifts[i].person == wish->shifts[j].person;
}

static void
doubt_twice(struct ask *ask, struct tonight_wish *wish)
{
	for (size_t j = 1; j < wish->count; j++)
		for (size_t i = 0; i < j; i++) {
			const struct new_person *new = wish->news[j];

			if (!is_twice(wish, i, j))
				continue;
			add_doubt(ask, &wish->shifts[j],
			    arena_printf(ask->arena, "%s is in this list twice%s.",
				new ? new->name
				    : region_person(ask->region, wish->shifts[j].person)->name,
				new ? ", and would be two people" : " for one time"));
			break;
		}
}

static void
confirm(struct ask *ask, const struct tonight_wish *wish)
{
	if (wish->dry || wish->confirm || ask->faults.count > 0)
		return;
	for (size_t i = 0; i < wish->count; i++)
		shift_wish_confirm(ask, &wish->shifts[i]);
	for (size_t i = 0; i < wish->people.count; i++)
		if (wish->people.items[i].doubt != NULL)
			ask_doubt(ask, wish->people.items[i].doubt);
}

void
tonight_wish_read(struct ask *ask, struct tonight_wish *wish)
{
	static const char *const members[] = {
	    "place", "from", "until", "shifts", "reason", "confirm", NULL};
	json_t *body = ask_body(ask, members);
	struct span_time usual;

	if (body == NULL)
		return;
	wish->place = read_place(ask, body);
	wish->reason = ask_body_text(ask, body, "reason", REASON_MAX_BYTES, ASK_REQUIRED);
	/* It is the note of each shift that has none. */
	on_rota_reason_check(ask, "$.reason", wish->reason);
	/* What each shift has unless it says otherwise. */
	usual.start = ask_body_time(ask, body, "from", ASK_OPTIONAL, ask->now);
	usual.end = ask_body_time(ask, body, "until", ASK_OPTIONAL, INSTANT_NONE);
	wish->confirm = shift_wish_confirmed(ask, body);
	read_list(ask, json_object_get(body, "shifts"), usual, wish);
	/* Texts that are kept were copied into the arena. */
	json_decref(body);
	if (ask->faults.count == 0 && ask->refused == 0)
		doubt_twice(ask, wish);
	confirm(ask, wish);
	wish->rotas = arena_array(ask->arena, wish->count + 1, sizeof *wish->rotas);
	for (size_t i = 0; i < wish->count && ask->faults.count == 0 && ask->refused == 0; i++)
		add_rota(wish, ask->region->rotas[wish->shifts[i].rota].id);
}

size_t
tonight_wish_doubts(const struct tonight_wish *wish)
{
	size_t count = 0;

	for (size_t i = 0; i < wish->count; i++)
		count += wish->shifts[i].doubts.count;
	for (size_t i = 0; i < wish->people.count; i++)
		count += wish->people.items[i].doubt != NULL;
	return count;
}

static json_t *
item_of(const struct ask *ask, const struct tonight_wish *wish, size_t i)
{
	const struct shift_wish *shift = &wish->shifts[i];
	char from[CIVIL_RFC3339_MAX], until[CIVIL_RFC3339_MAX];

	civil_rfc3339(shift->time.start, from);
	civil_rfc3339(shift->time.end, until);
	/* By ids of the record. A correction of what is over is marked late, as every override is. */
	return json_pack("{s:s, s:s, s:s, s:s, s:s*, s:b}", "rota",
	    ask->region->rotas[shift->rota].id, "person",
	    wish->news[i] ? wish->news[i]->id : region_person(ask->region, shift->person)->id,
	    "from", from, "until", until, "note", shift->note, "late",
	    shift->time.end <= ask->now || shift->time.start < ask->now - DAY_SECONDS);
}

const char *
tonight_wish_items(const struct ask *ask, const struct tonight_wish *wish)
{
	json_t *list = json_array();
	const char *items;
	char *text;

	for (size_t i = 0; i < wish->count; i++)
		json_array_append_new(list, item_of(ask, wish, i));
	text = json_dumps(list, JSON_COMPACT);
	items = arena_strdup(ask->arena, text);
	free(text);
	json_decref(list);
	return items;
}
