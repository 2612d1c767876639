/* SPDX-License-Identifier: MIT */
#include "server/model/starter_pack.h"

#include <stdio.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/model/starter_pack_files.h"

#define ID_MAX 160

const char *
starter_pack_code(size_t index)
{
	return index < starter_pack_nfiles ? starter_pack_files[index].code : NULL;
}

json_t *
starter_pack_read(const char *code)
{
	for (size_t i = 0; i < starter_pack_nfiles; i++) {
		json_t *pack;

		if (strcmp(starter_pack_files[i].code, code) != 0)
			continue;
		/* The pack is part of the program and was parsed by a test, so only memory can be
		 * lacking. */
		pack = json_loadb(starter_pack_files[i].bytes, starter_pack_files[i].len,
		    JSON_REJECT_DUPLICATES, NULL);
		INVARIANT(pack != NULL);
		return pack;
	}
	return NULL;
}

bool
starter_pack_suits(const json_t *pack, const char *kind)
{
	json_t *place;
	size_t i;

	json_array_foreach(json_object_get(pack, "places"), i, place)
	{
		if (strcmp(json_string_value(place), kind) == 0)
			return true;
	}
	return false;
}

/* The region's own code for a function of the pack; NULL: the same as in the pack. */
static const char *
called(const struct starter_pack_wish *wish, const char *function)
{
	return json_string_value(json_object_get(wish->functions, function));
}

static const char *
wished(const struct starter_pack_wish *wish, const char *who)
{
	return strcmp(who, "owner") == 0    ? wish->owner
	       : strcmp(who, "deputy") == 0 ? wish->deputy
					    : wish->commissioner;
}

/* Only alerts whose receiver was named: an alert to nobody calls nobody, and looks as if it did. */
static json_t *
alerts_to_somebody(const struct starter_pack_wish *wish, const json_t *alerts)
{
	json_t *kept = json_array(), *alert;
	size_t i;

	json_array_foreach(alerts, i, alert)
	{
		if (wished(wish, json_string_value(json_object_get(alert, "to"))) != NULL)
			json_array_append(kept, alert);
	}
	return kept;
}

static json_t *
make_requirement(const json_t *pack, const struct starter_pack_wish *wish, const json_t *given)
{
	static const char *const people[] = {"owner", "deputy", "commissioner"};
	const char *function = json_string_value(json_object_get(given, "function"));
	json_t *made = json_deep_copy(given);
	char id[ID_MAX];

	/* The place is part of the id, so that one pack may be added for several places. */
	snprintf(
	    id, sizeof id, "%s-%s", json_string_value(json_object_get(given, "id")), wish->place);
	json_object_set_new(made, "id", json_string(id));
	json_object_set_new(made, "place", json_string(wish->place));
	if (called(wish, function) != NULL)
		json_object_set_new(made, "function", json_string(called(wish, function)));
	for (size_t i = 0; i < sizeof people / sizeof *people; i++)
		if (wished(wish, people[i]) != NULL)
			json_object_set_new(made, people[i], json_string(wished(wish, people[i])));
	json_object_set_new(
	    made, "alerts", alerts_to_somebody(wish, json_object_get(given, "alerts")));
	json_object_set(made, "pack", json_object_get(pack, "pack"));
	/* The reason belongs to the pack and is no key of a region file. */
	json_object_del(made, "why");
	return made;
}

json_t *
starter_pack_make(const json_t *pack, const struct starter_pack_wish *wish)
{
	json_t *functions = json_array(), *requirements = json_array(), *item;
	size_t i;

	json_array_foreach(json_object_get(pack, "functions"), i, item)
	{
		/* A function that the region has under a code of its own is not added again. */
		if (called(wish, json_string_value(json_object_get(item, "code"))) == NULL)
			json_array_append(functions, item);
	}
	json_array_foreach(json_object_get(pack, "requirements"), i, item)
	    json_array_append_new(requirements, make_requirement(pack, wish, item));
	return json_pack("{s:o, s:o}", "functions", functions, "requirements", requirements);
}
