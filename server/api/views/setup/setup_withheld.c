/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/setup_withheld.h"

#include <string.h>

#include "server/model/region_protected.h"

static const struct region_person *
withheld_person(const struct setup_seer *seer, const char *id)
{
	uint32_t person = id == NULL ? TABLE_NONE : table_get(&seer->region->person_by_id, id);

	if (person == TABLE_NONE || !region_is_withheld(region_person(seer->region, person)))
		return NULL;
	return region_person(seer->region, person);
}

static bool
is_kind(const struct region_kind *kind, const char *name)
{
	return strcmp(kind->kind, name) == 0;
}

bool
setup_is_withheld(const struct setup_seer *seer, const struct region_kind *kind, const char *key)
{
	return is_kind(kind, "person") && withheld_person(seer, key) != NULL;
}

/* A list of what is shown, not of what is withheld: a member that a later version adds to a person is withheld
 * until somebody decides otherwise. */
static void
withhold_person(const struct region_person *person, json_t *item)
{
	static const char *const shown[] = {"organisation", "roles", "protected", NULL};
	json_t *was = json_copy(item);

	json_object_clear(item);
	json_object_set_new(item, "id", json_string(person->shown_id));
	json_object_set_new(item, "name", json_string(person->name));
	for (size_t i = 0; shown[i] != NULL; i++)
		if (json_object_get(was, shown[i]) != NULL)
			json_object_set(item, shown[i], json_object_get(was, shown[i]));
	json_decref(was);
}

/* Whether ${text}, or the person whom it stands for, would reveal somebody who is withheld. Either may be
 * NULL. */
static bool
tells(const struct setup_seer *seer, const char *text, const char *person)
{
	return withheld_person(seer, person) != NULL ||
	       (text != NULL && protection_view_text(seer->view, text) != text);
}

/* The same of an item of a list: its member ${text} and its "person". */
static bool
item_tells(const struct setup_seer *seer, const char *text, const json_t *item)
{
	return tells(seer, json_string_value(json_object_get(item, text)),
	    json_string_value(json_object_get(item, "person")));
}

/* The lists of "reading" that have a text of the rota in each item, and the text's key. */
static const struct {
	const char *list, *text;
} lists[] = {{"titles", "title"}, {"words", "words"}};
#define LISTS (sizeof lists / sizeof *lists)

static void
withhold_rota(const struct setup_seer *seer, json_t *item)
{
	json_t *reading = json_object_get(item, "reading"),
	       *aliases = json_object_get(reading, "aliases"), *person;
	const char *alias;
	void *next;

	json_object_foreach_safe(aliases, next, alias, person)
	{
		if (tells(seer, alias, json_string_value(person)))
			json_object_del(aliases, alias);
	}
	for (size_t n = 0; n < LISTS; n++) {
		json_t *list = json_object_get(reading, lists[n].list);

		/* From the end, so that those that are still to be looked at stay in place. */
		for (size_t i = json_array_size(list); i > 0; i--)
			if (item_tells(seer, lists[n].text, json_array_get(list, i - 1)))
				json_array_remove(list, i - 1);
	}
}

/* The text of the fallback of a service, if it would reveal somebody; otherwise NULL. */
static const json_t *
telling_fallback(const struct setup_seer *seer, const json_t *item)
{
	const json_t *text = json_object_get(json_object_get(item, "fallback"), "text");

	return tells(seer, json_string_value(text), NULL) ? text : NULL;
}

void
setup_withhold(
    const struct setup_seer *seer, const struct region_kind *kind, const char *key, json_t *item)
{
	const struct region_person *person =
	    is_kind(kind, "person") ? withheld_person(seer, key) : NULL;

	if (seer->view == NULL)
		return;
	if (person != NULL)
		withhold_person(person, item);
	else if (is_kind(kind, "rota"))
		withhold_rota(seer, item);
	else if (is_kind(kind, "service") && telling_fallback(seer, item) != NULL)
		json_object_set_new(
		    json_object_get(item, "fallback"), "text", json_string(REGION_WITHHELD_TEXT));
}

/* ---------------------------------------------------------------------------- putting it back */

/* The member ${key} of ${object}, made if it is not there. */
static json_t *
member(json_t *object, const char *key, json_t *(*make)(void))
{
	json_t *value = json_object_get(object, key);

	if (value == NULL) {
		value = make();
		json_object_set_new(object, key, value);
	}
	return value;
}

static bool
has_item(const json_t *list, const json_t *item)
{
	json_t *one;
	size_t i;

	json_array_foreach(list, i, one) if (json_equal(one, item)) return true;
	return false;
}

/* The asker's own change may have left it where it is. */
static void
put_back(json_t *wanted, const char *key, json_t *item)
{
	json_t *list = member(member(wanted, "reading", json_object), key, json_array);

	if (!has_item(list, item))
		json_array_append(list, item);
}

static void
put_back_fallback(const struct setup_seer *seer, const json_t *item, json_t *wanted)
{
	json_t *fallback = json_object_get(wanted, "fallback");
	const char *text = json_string_value(json_object_get(fallback, "text"));
	const json_t *was = telling_fallback(seer, item);

	if (was != NULL && text != NULL && strcmp(text, REGION_WITHHELD_TEXT) == 0)
		json_object_set_new(fallback, "text", json_deep_copy(was));
}

void
setup_put_back(const struct setup_seer *seer, const struct region_kind *kind, const json_t *item,
    json_t *wanted)
{
	json_t *was = json_object_get(item, "reading"), *one;
	const char *alias;
	size_t i;

	if (seer->view != NULL && is_kind(kind, "service"))
		put_back_fallback(seer, item, wanted);
	if (seer->view == NULL || !is_kind(kind, "rota"))
		return;
	json_object_foreach(json_object_get(was, "aliases"), alias, one)
	{
		if (tells(seer, alias, json_string_value(one)))
			json_object_set(
			    member(member(wanted, "reading", json_object), "aliases", json_object),
			    alias, one);
	}
	for (size_t n = 0; n < LISTS; n++)
		json_array_foreach(json_object_get(was, lists[n].list), i, one)
		{
			if (item_tells(seer, lists[n].text, one))
				put_back(wanted, lists[n].list, one);
		}
}
