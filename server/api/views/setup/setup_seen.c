/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/setup_seen.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "server/api/views/setup/setup_withheld.h"
#include "server/base/breath.h"
#include "server/model/json_breath.h"

/* Of a personal number, readers learn only that the person is reached through the switchboard;
 * the number itself is for those who keep the object (docs/region.md). */
static void
hide_personal(json_t *item, const char *key)
{
	json_t *contact = json_object_get(item, key);

	if (!json_is_true(json_object_get(contact, "personal")))
		return;
	json_object_del(contact, "number");
	json_object_del(contact, "extension");
	json_object_del(contact, "personal");
	json_object_set_new(contact, "via_switchboard", json_true());
}

struct setup_seer
setup_seer_of(const struct ask *ask)
{
	return (struct setup_seer){ask->arena, ask->region, ask->account, ask->view};
}

/* Whether the account keeps what belongs to the organisation that ${item} names. */
static bool
keeps(const struct setup_seer *seer, const json_t *item)
{
	const char *organisation = json_string_value(json_object_get(item, "organisation"));

	/* Only an administrator keeps what belongs to no organisation. */
	return organisation != NULL ? rights_manages(seer->account, organisation)
				    : seer->account->role == ROLE_ADMINISTRATOR;
}

static void
see_person(const struct setup_seer *seer, const char *key, json_t *item)
{
	/* Those who keep the object see it whole: they have to send it back with PUT, and a hidden
	 * number would be lost. */
	if (keeps(seer, item))
		return;
	if (rights_setup_rings(seer->region, seer->account, key))
		hide_personal(item, "work_phone");
	else
		/* Without the right to ring somebody, the number is not there at all; a service's
		 * line is public, unless it is personal. */
		json_object_del(item, "work_phone");
}

static void
see_service(const struct setup_seer *seer, json_t *item)
{
	if (!keeps(seer, item))
		hide_personal(item, "phone");
}

static struct slice
written(const struct setup_seer *seer, json_t *value)
{
	size_t len;
	char *text = json_dump_breathing(value, &len);
	struct slice made = {arena_strndup(seer->arena, text, len), len};

	free(text);
	json_free_breathing(value);
	return made;
}

struct slice
setup_seen_object(const struct setup_seer *seer, const struct region_kind *kind, const char *key,
    struct slice item)
{
	bool person = strcmp(kind->kind, "person") == 0;
	json_t *value;

	/* No other kind has a telephone that could be personal. */
	if (seer->view == NULL && (seer->account->role == ROLE_ADMINISTRATOR ||
				      (!person && strcmp(kind->kind, "service") != 0)))
		return (struct slice){arena_strndup(seer->arena, item.at, item.len), item.len};
	value = json_loadb(item.at, item.len, 0, NULL);
	if (person)
		see_person(seer, key, value);
	else if (strcmp(kind->kind, "service") == 0)
		see_service(seer, value);
	setup_withhold(seer, kind, key, value);
	return written(seer, value);
}

struct slice
setup_seen_document(const struct setup_seer *seer, struct slice document)
{
	json_t *value, *item;
	size_t i;

	/* An administrator sees all of it, and gets the stored bytes without a copy. */
	if (seer->account->role == ROLE_ADMINISTRATOR)
		return document;
	value = json_load_breathing(document.at, document.len);
	json_array_foreach(json_object_get(value, "people"), i, item)
	{
		const char *key = json_string_value(json_object_get(item, "id"));

		breath();
		see_person(seer, key != NULL ? key : "", item);
	}
	json_array_foreach(json_object_get(value, "services"), i, item)
	{
		see_service(seer, item);
	}
	return written(seer, value);
}
