/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/region_part.h"

#include <string.h>

#include "server/api/ask/rights_setup.h"
#include "server/api/views/setup/setup_withheld.h"
#include "server/base/fatal.h"

static const char *const kinds[] = {
    "organisation", "function", "place", "service", "person", "rota", "requirement", "account"};

bool
region_part_is_whole(const struct ask *ask)
{
	/* A token without the scope "numbers" gets a part even for an administrator: the whole file
	 * has work phones. */
	return ask->account->role == ROLE_ADMINISTRATOR && !ask->account->no_numbers;
}

/* Of accounts: an asker who is kept to some places sees those that are kept to one of them. */
static bool
is_account_of_places(const struct ask *ask, const json_t *item)
{
	const json_t *list = json_object_get(item, "places"), *place;
	size_t i;

	/* Kept to no places: sees every account that its role lets it see. */
	if (ask->account->nplaces == 0)
		return true;
	json_array_foreach(list, i, place)
	{
		uint32_t index = table_get(&ask->region->place_by_code, json_string_value(place));

		if (index != TABLE_NONE && rights_place(ask->region, ask->account, index))
			return true;
	}
	return false;
}

static bool
sees(const struct ask *ask, const struct region_kind *kind, const json_t *item)
{
	const char *key = json_string_value(json_object_get(item, kind->id));

	if (strcmp(kind->kind, "account") == 0 && !is_account_of_places(ask, item))
		return false;
	/* An object without a code cannot be judged, so it is left out. */
	return key != NULL && rights_setup_sees(ask->region, ask->account, kind, key);
}

static void
keep_part(const struct ask *ask, json_t *region, const struct region_kind *kind)
{
	json_t *list = json_object_get(region, kind->list);
	const struct setup_seer seer = setup_seer_of(ask);

	/* From the end, so that removing an item does not move those that are still to be
	 * handled. */
	for (size_t i = json_array_size(list); i > 0; i--) {
		json_t *item = json_array_get(list, i - 1);
		const char *key = json_string_value(json_object_get(item, kind->id));

		if (!sees(ask, kind, item)) {
			json_array_remove(list, i - 1);
			continue;
		}
		if (strcmp(kind->kind, "person") == 0 &&
		    !rights_setup_rings(ask->region, ask->account, key))
			json_object_del(item, "work_phone");
		setup_withhold(&seer, kind, key, item);
	}
}

char *
region_part(const struct ask *ask)
{
	struct slice document = snapshot_region_document(ask->arena, ask->whole->setup);
	json_t *region = json_loadb(document.at, document.len, 0, NULL);
	char *text;

	if (region == NULL)
		region = json_object(); /* none was ever applied */
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		keep_part(ask, region, region_kind_of(kinds[i]));
	text = json_dumps(region, JSON_INDENT(1));
	json_decref(region);
	/* Out of memory: an answer that lacks half of the set-up would be worse than none. */
	if (text == NULL)
		fatal("out of memory");
	return text;
}
