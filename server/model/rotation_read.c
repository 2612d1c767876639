/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/model/region_field.h"
#include "server/model/region_parts.h"
#include "server/model/rotation.h"

/* Reads a rotation:
 * {"layers": [{"participants": ["jo-jones", ["s-ahmed", "k-lee"]], "start": "2026-12-07", "end": "2027-12-06",
 *   "turn": {"every": 1, "unit": "week"}, "handover": {"day": "mon", "at": "09:00"},
 *   "hours": [{"days": ["all"], "from": "20:00", "to": "08:00"}]}]} */

#define HOURS_MAX 50
#define HANDOVER_USUAL (9 * 3600) /* of turns that are one shift */
#define WEEKDAYS 7

static const char *
read_person(const struct region_field *item)
{
	const char *id = field_own_text(item);

	if (id != NULL && !text_is_code(slice_of(id)))
		field_fault(item, "is not a person's id");
	return id;
}

/* One person, or a list of those who are on together. */
static struct rotation_group
read_group(const struct region_field *item)
{
	const char **people = arena_array(item->reader->arena, ROTATION_GROUP_MAX, sizeof *people);
	struct rotation_group group = {people, 0};
	size_t count;

	if (!json_is_array(item->json)) {
		people[group.count++] = read_person(item);
		return group;
	}
	count = field_list(item, REGION_REQUIRED);
	if (count == 0 || count > ROTATION_GROUP_MAX) {
		field_fault(
		    item, "must name 1 to %d people who are on together", ROTATION_GROUP_MAX);
		return group;
	}
	for (size_t i = 0; i < count; i++) {
		struct region_field one = field_at(item, i);

		people[group.count++] = read_person(&one);
		for (uint32_t j = 0; j + 1 < group.count; j++)
			if (people[i] != NULL && people[j] != NULL &&
			    strcmp(people[i], people[j]) == 0)
				field_fault(&one, "is in this list already");
	}
	return group;
}

static void
read_groups(const struct region_field *layer, struct rotation_layer *out)
{
	struct region_field list = field_get(layer, "participants");
	size_t count = field_list(&list, REGION_REQUIRED);
	struct rotation_group *groups;

	if (list.json != NULL && (count == 0 || count > ROTATION_GROUPS_MAX)) {
		field_fault(&list, "must have 1 to %d entries, in the order of the turns",
		    ROTATION_GROUPS_MAX);
		return;
	}
	groups = arena_array(layer->reader->arena, count, sizeof *groups);
	for (size_t i = 0; i < count; i++) {
		struct region_field item = field_at(&list, i);

		groups[i] = read_group(&item);
	}
	out->groups = groups;
	out->ngroups = (uint32_t)count;
}

/* How long a turn is; a week's has a day on which it begins. */
static bool
read_turn(const struct region_field *layer, struct rotation_layer *out)
{
	static const char *const known[] = {"every", "unit", NULL};
	static const char *const units[] = {"day", "week", NULL};
	struct region_field turn = field_get(layer, "turn");
	const char *unit;
	int32_t every;
	bool weeks;

	out->turn_days = WEEKDAYS;
	if (turn.json == NULL || !field_object(&turn, known))
		return true;
	unit = field_choice(&turn, "unit", units);
	weeks = unit == NULL || strcmp(unit, "week") == 0;
	every = field_int(&turn, "every", REGION_OPTIONAL,
	    (struct field_range){1, ROTATION_TURN_DAYS_MAX / (weeks ? WEEKDAYS : 1), 1});
	out->turn_days = every * (weeks ? WEEKDAYS : 1);
	return weeks;
}

static void
read_handover(const struct region_field *layer, bool weeks, struct rotation_layer *out)
{
	static const char *const known[] = {"day", "at", NULL};
	static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};
	struct region_field handover = field_get(layer, "handover"), day, at;
	const char *name;

	/* Turns of hours change at midnight, so that each shift is whose day it begins on. */
	out->handover_day = weeks ? 0 : -1;
	out->handover_at = out->hours.count > 0 ? 0 : HANDOVER_USUAL;
	if (handover.json == NULL || !field_object(&handover, known))
		return;
	day = field_get(&handover, "day");
	at = field_get(&handover, "at");
	if (day.json != NULL && !weeks)
		field_fault(&day, "goes with turns of weeks: turns of days begin each day");
	name = day.json != NULL && weeks ? field_choice(&handover, "day", days) : NULL;
	for (int i = 0; name != NULL && days[i] != NULL; i++)
		if (strcmp(days[i], name) == 0)
			out->handover_day = i;
	if (at.json != NULL)
		out->handover_at = field_time(&handover, "at");
	if (out->handover_at == CIVIL_DAY_SECONDS)
		field_fault(&at, "must be before \"24:00\"");
}

static void
read_layer(const struct region_field *layer, struct rotation_layer *out)
{
	static const char *const known[] = {
	    "name", "participants", "start", "end", "turn", "handover", "hours", NULL};
	struct region_field hours = field_get(layer, "hours"), end = field_get(layer, "end");

	if (!field_object(layer, known))
		return;
	out->name = field_text(layer, "name", REGION_OPTIONAL);
	read_groups(layer, out);
	out->start = field_day(layer, "start", REGION_REQUIRED, 0);
	out->end = field_day(layer, "end", REGION_OPTIONAL, INSTANT_END);
	if (out->end <= out->start)
		field_fault(&end, "is not after start");
	if (hours.json != NULL)
		out->hours.count = region_hours_read(&hours, &out->hours.items);
	if (hours.json != NULL && (out->hours.count == 0 || out->hours.count > HOURS_MAX))
		field_fault(&hours,
		    "must have 1 to %d lines; leave it out for turns without a break", HOURS_MAX);
	read_handover(layer, read_turn(layer, out), out);
}

enum status
rotation_read(
    struct arena *arena, json_t *value, struct rotation *out, struct region_faults *faults)
{
	struct region_reader reader = {.arena = arena};
	struct region_field root = {.reader = &reader, .json = value};
	struct region_field list = field_get(&root, "layers");
	size_t count = field_list(&list, REGION_REQUIRED);
	struct rotation_layer *layers;

	if (count > ROTATION_LAYERS_MAX) {
		field_fault(&list, "must have at most %d layers", ROTATION_LAYERS_MAX);
		count = 0;
	}
	layers = arena_array(arena, count + 1, sizeof *layers);
	for (size_t i = 0; i < count; i++) {
		struct region_field layer = field_at(&list, i);

		read_layer(&layer, &layers[i]);
	}
	*out = (struct rotation){layers, (uint32_t)count};
	*faults = (struct region_faults){reader.faults.items, reader.faults.count};
	return reader.nfaults == 0 ? STATUS_OK : STATUS_MALFORMED;
}
