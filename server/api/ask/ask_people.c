/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/api/ask/ask.h"
#include "server/api/openapi.h"
#include "server/base/fatal.h"
#include "server/model/region_protected.h"

/*
 * Withholds protected people from an account that may not see them, in three ways. The snapshot that a
 * view reads has them replaced already. What a view takes from elsewhere, such as a row of the record or a
 * text that somebody wrote, it passes through the functions here. And every answer passes through a
 * filter when it is sent, in case a view forgot one.
 */

/* ---------------------------------------------------------------------- who may see whom */

/* The organisation whose protected people ${account} may see; NULL: none. A device has none, whatever the
 * set-up says, because it is not known who reads its screen. */
static const char *
organisation_of(const struct account *account)
{
	return account == NULL || rights_is_device(account) ? NULL : account->organisation;
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

/* The protection of the set-up in force. To make one costs a walk over all people, so it is kept, and nearly
 * always taken over from the set-up before. */
static struct protection *
in_force(struct api *api)
{
	struct snapshot_region *setup = api->store.current->setup;
	struct protection *next = NULL;

	if (api->protection != NULL && protection_whole(api->protection) == setup)
		return api->protection;
	if (api->protection != NULL)
		next = protection_patched(api->protection, setup);
	if (next == NULL)
		next = make(api, setup, NULL);
	protection_unref(api->protection);
	api->protection = next;
	return next;
}

const struct protection_view *
ask_view_of(struct api *api, const struct account *account)
{
	return protection_view(in_force(api), organisation_of(account));
}

/* ------------------------------------------------------------------------------- the filter */

/* What the filter needs. It has references of its own, because an answer may be sent after its ask has
 * ended. */
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

/* The filter runs on the bytes of the answer when it is sent, and so also on those of a problem, which no
 * view has written. */
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

/* Makes the ask see the map as ${view} shows it. The map is a shallow copy with another set-up; it takes
 * no reference, because ${view} keeps that set-up. */
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

	/* A historical set-up gets a protection of its own, for this ask alone. */
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
	return account->role == ROLE_ADMINISTRATOR && !rights_is_device(account);
}

void
ask_as_keeper(struct ask *ask)
{
	if (is_keeper(ask->account))
		see(ask, NULL);
}

/* An administrator reads real ids in the set-up itself (ask_as_keeper), so both ids are accepted. */
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

	if (person == TABLE_NONE || !region_is_withheld(region_person(ask->region, person)))
		return id;
	return region_person(ask->region, person)->shown_id;
}

const char *
ask_shown_text(const struct ask *ask, const char *text)
{
	return ask->view == NULL ? text : protection_view_text(ask->view, text);
}

/* Members whose value is a word of the program or a code, and no text that somebody wrote: to search them
 * for names could only do harm. */
static bool
is_of_program(const char *key)
{
	static const char *const keys[] = {"kind", "level", "state", "fits", "place", "cause",
	    "function", "requirement", "rota", "by", "account", NULL};

	return text_is_one_of(key, keys);
}

/* A new reference to ${value}, in which each text that may name a withheld person is replaced. */
static json_t *
said(const struct ask *ask, json_t *value)
{
	json_t *item;
	const char *key;
	size_t i;
	void *next;

	if (json_is_string(value) &&
	    ask_shown_text(ask, json_string_value(value)) != json_string_value(value))
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
ask_shown_json(const struct ask *ask, struct slice json)
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

/* It is replaced or it is not: whether JSON reveals somebody is found by replacing it and looking for the
 * words of the replacement. */
bool
ask_tells_in_json(const struct ask *ask, struct slice json)
{
	struct slice shown = ask_shown_json(ask, json);
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
