/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/api/ask/ask.h"
#include "server/api/openapi.h"
#include "server/base/fatal.h"
#include "server/model/region_protected.h"

/*
 * Protected people and who asks. All that a view reads from the map is as the asker may see it; what
 * comes to it another way (a row of the record, a text that somebody wrote) goes through the
 * functions here; and every answer goes through a filter on its way out, for what a view forgets.
 */

/* ---------------------------------------------------------------------- who may see whom */

/* Those who read a device's screen are not known, whatever organisation it is of. */
static const char *
organisation_of(const struct account *account)
{
	return account == NULL || strcmp(account->kind, "device") == 0 ? NULL
								       : account->organisation;
}

static struct protection *
make(const struct api *api, struct snapshot_region *setup, const struct region *present)
{
	return protection_new(&(struct protection_made){
	    .key = api->seal_key,
	    .setup = snapshot_region_ref(setup),
	    .present = present,
	    .vocabulary = openapi_text(),
	});
}

/* Of the set-up in force; made once for each. */
static struct protection *
in_force(struct api *api)
{
	struct snapshot_region *setup = api->store.current->setup;

	if (api->protection == NULL || protection_whole(api->protection) != setup) {
		protection_unref(api->protection);
		api->protection = make(api, setup, NULL);
	}
	return api->protection;
}

const struct protection_view *
ask_view_of(struct api *api, const struct account *account)
{
	return protection_view(in_force(api), organisation_of(account));
}

/* ------------------------------------------------------------------------------- the filter */

/* An answer may come after its ask has ended. */
struct filtering {
	struct protection *protection;
	const struct protection_view *view;
};

static bool
change(void *ctx, struct slice body, struct buf *out)
{
	return protection_view_replace(((struct filtering *)ctx)->view, body, out);
}

static void
drop(void *ctx)
{
	struct filtering *filtering = ctx;

	protection_view_release(filtering->view);
	protection_unref(filtering->protection);
	free(filtering);
}

static void
set_filter(struct ask *ask)
{
	struct filtering *filtering;

	if (ask->view == NULL) {
		web_filter(ask->exchange, NULL);
		return;
	}
	filtering = xmalloc(sizeof *filtering);
	*filtering = (struct filtering){protection_ref(ask->protection), ask->view};
	protection_view_hold(ask->view);
	web_filter(ask->exchange, &(struct web_filter){change, drop, filtering});
}

/* ------------------------------------------------------------------------------ what is shown */

/* The map as ${view} sees it: a shallow copy with another set-up, which nobody counts. */
static void
see(struct ask *ask, const struct protection_view *view)
{
	struct snapshot *seen;

	protection_view_hold(view);
	protection_view_release(ask->view);
	ask->view = view;
	ask->map = ask->whole;
	if (ask->view != NULL) {
		seen = arena_alloc(ask->arena, sizeof *seen);
		*seen = *ask->whole;
		seen->setup = protection_view_setup(ask->view);
		ask->map = seen;
	}
	ask->region = ask->map->setup->region;
	set_filter(ask);
}

void
ask_show(struct ask *ask, struct snapshot *map)
{
	struct protection *protection = in_force(ask->api);

	if (map->setup == protection_whole(protection))
		protection = protection_ref(protection);
	else
		protection = make(ask->api, map->setup, ask->api->store.current->setup->region);
	ask_show_nothing(ask);
	ask->whole = map;
	ask->protection = protection;
	see(ask, protection_view(protection, organisation_of(ask->account)));
}

void
ask_show_nothing(struct ask *ask)
{
	protection_view_release(ask->view);
	protection_unref(ask->protection);
	snapshot_unref(ask->whole);
	ask->view = NULL;
	ask->protection = NULL;
	ask->whole = NULL;
}

void
ask_as_outsider(struct ask *ask)
{
	see(ask, protection_view(ask->protection, NULL));
}

/* ----------------------------------------------------------------------------- one by one */

static bool
is_keeper(const struct account *account)
{
	return account->role == ROLE_ADMINISTRATOR && strcmp(account->kind, "device") != 0;
}

void
ask_as_keeper(struct ask *ask)
{
	if (is_keeper(ask->account))
		see(ask, NULL);
}

/* An administrator has the ids from the set-up itself, and may use either. */
uint32_t
ask_person(const struct ask *ask, const char *id)
{
	uint32_t person = TABLE_NONE;

	if (ask->view != NULL)
		person = protection_view_person(ask->view, id);
	if (person == TABLE_NONE && (ask->view == NULL || is_keeper(ask->account)))
		person = table_get(&ask->region->person_by_id, id);
	return person;
}

const char *
ask_shown_id(const struct ask *ask, const char *id)
{
	uint32_t person = id == NULL ? TABLE_NONE : table_get(&ask->region->person_by_id, id);

	if (person == TABLE_NONE || !region_is_withheld(&ask->region->people[person]))
		return id;
	return ask->region->people[person].shown_id;
}

const char *
ask_said(const struct ask *ask, const char *text)
{
	return ask->view == NULL ? text : protection_view_said(ask->view, text);
}

/* Members that have a word of the program as their value, and no text. */
static bool
is_of_program(const char *key)
{
	static const char *const keys[] = {"kind", "level", "state", "fits", "place", "cause",
	    "function", "requirement", "rota", "by", "account", NULL};

	for (size_t i = 0; keys[i] != NULL; i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static json_t *
said(const struct ask *ask, json_t *value)
{
	json_t *item;
	const char *key;
	size_t i;
	void *next;

	if (json_is_string(value) &&
	    ask_said(ask, json_string_value(value)) != json_string_value(value))
		return json_string(REGION_WITHHELD_TEXT);
	json_array_foreach(value, i, item)
	{
		json_array_set_new(value, i, said(ask, item));
	}
	json_object_foreach_safe(value, next, key, item)
	{
		if (!is_of_program(key))
			json_object_set_new(value, key, said(ask, item));
	}
	return json_incref(value);
}

struct slice
ask_said_json(const struct ask *ask, struct slice json)
{
	json_t *value, *shown;
	char *text;

	if (ask->view == NULL || json.len == 0)
		return json;
	value = json_loadb(json.at, json.len, JSON_DECODE_ANY, NULL);
	if (value == NULL)
		return json;
	shown = said(ask, value);
	text = json_dumps(shown, JSON_COMPACT | JSON_ENCODE_ANY);
	json.at = arena_strdup(ask->arena, text);
	json.len = strlen(text);
	free(text);
	json_decref(shown);
	json_decref(value);
	return json;
}

bool
ask_tells(const struct ask *ask, struct slice text)
{
	return ask->view != NULL && protection_view_tells(ask->view, text);
}

bool
ask_said_tells(const struct ask *ask, struct slice json)
{
	struct slice shown = ask_said_json(ask, json);
	bool tells = shown.at != json.at && shown.at != NULL;

	return tells && strstr(shown.at, REGION_WITHHELD_TEXT) != NULL;
}

void
ask_withhold(const struct ask *ask, struct json_out *out)
{
	struct buf masked = {0};

	if (ask->view == NULL ||
	    !protection_view_replace(ask->view, (struct slice){out->buf.at, out->buf.len}, &masked))
		return;
	buf_free(&out->buf);
	out->buf = masked;
}
