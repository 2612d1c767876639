/* SPDX-License-Identifier: MIT */
#include "server/model/region_split.h"

#include <stdbool.h>
#include <string.h>

#include "server/base/vec.h"

/* The rota whose words are being split. */
struct splitting {
	struct arena *arena;
	const struct region_split_asked *asked;
	struct region_split_words *out;
	const char *rota;
	const json_t *then; /* the "reading" that the same rota had after the merge; NULL: none */
};

/* Whether ${person} is the one who is split, by the present code or a former one. */
static bool
is_from(const struct splitting *s, const json_t *person)
{
	const char *code = json_string_value(person);

	for (size_t i = 0; code != NULL && s->asked->from[i] != NULL; i++)
		if (strcmp(s->asked->from[i], code) == 0)
			return true;
	return false;
}

static bool
lists(const json_t *keys, const char *key)
{
	for (size_t i = 0; i < json_array_size(keys); i++) {
		const char *one = json_string_value(json_array_get(keys, i));

		if (one != NULL && strcmp(one, key) == 0)
			return true;
	}
	return false;
}

/* Decides whose the word is, and lists it. What the request says comes first. ${was}: the word named this person
 * just after the merge. */
static enum region_split_lot
judge(struct splitting *s, const char *kind, const char *words, bool was)
{
	const char *key = arena_printf(s->arena, "%s:%s:%s", kind, s->rota, words);
	enum region_split_lot lot = lists(s->asked->goes, key)           ? REGION_SPLIT_GOES
				    : lists(s->asked->stays, key) || was ? REGION_SPLIT_STAYS
									 : REGION_SPLIT_UNCLEAR;

	*VEC_PUSH(s->arena, s->out) =
	    (struct region_split_word){key, s->rota, arena_strdup(s->arena, words), lot};
	return lot;
}

static void
split_aliases(struct splitting *s, json_t *aliases)
{
	const json_t *then = json_object_get(s->then, "aliases");
	const char *alias;
	json_t *person;
	void *next;

	json_object_foreach_safe(aliases, next, alias, person)
	{
		if (!is_from(s, person))
			continue;
		switch (judge(s, "alias", alias, is_from(s, json_object_get(then, alias)))) {
		case REGION_SPLIT_GOES:
			json_object_set_new(aliases, alias, json_string(s->asked->to));
			break;
		case REGION_SPLIT_UNCLEAR:
			json_object_del(aliases, alias);
			break;
		case REGION_SPLIT_STAYS:
			break;
		}
	}
}

/* Whether the same title was decided in the same way just after the merge. */
static bool
title_was(const struct splitting *s, const json_t *title)
{
	const json_t *then = json_object_get(s->then, "titles");

	for (size_t i = 0; i < json_array_size(then); i++) {
		const json_t *one = json_array_get(then, i);

		if (json_equal(json_object_get(one, "title"), json_object_get(title, "title")) &&
		    json_equal(json_object_get(one, "reads"), json_object_get(title, "reads")) &&
		    is_from(s, json_object_get(one, "person")))
			return true;
	}
	return false;
}

static void
split_titles(struct splitting *s, json_t *titles)
{
	for (size_t i = 0; i < json_array_size(titles); i++) {
		json_t *title = json_array_get(titles, i);
		const char *words = json_string_value(json_object_get(title, "title"));

		if (!is_from(s, json_object_get(title, "person")))
			continue;
		switch (judge(s, "title", words, title_was(s, title))) {
		case REGION_SPLIT_GOES:
			json_object_set_new(title, "person", json_string(s->asked->to));
			break;
		case REGION_SPLIT_UNCLEAR:
			json_object_del(title, "person");
			json_object_set_new(title, "reads", json_string("undecided"));
			break;
		case REGION_SPLIT_STAYS:
			break;
		}
	}
}

/* By the present id of the rota: after a rename it finds nothing, and the words are unclear, which is safe. */
static const json_t *
reading_then(const struct region_split_asked *asked, const char *rota)
{
	const json_t *rotas = json_object_get(asked->then, "rotas");

	for (size_t i = 0; i < json_array_size(rotas); i++) {
		const json_t *one = json_array_get(rotas, i);

		if (strcmp(json_string_value(json_object_get(one, "id")), rota) == 0)
			return json_object_get(one, "reading");
	}
	return NULL;
}

void
region_split_words(struct arena *arena, json_t *document, const struct region_split_asked *asked,
    struct region_split_words *out)
{
	json_t *rotas = json_object_get(document, "rotas");

	*out = (struct region_split_words){0};
	for (size_t i = 0; i < json_array_size(rotas); i++) {
		json_t *rota = json_array_get(rotas, i),
		       *reading = json_object_get(rota, "reading");
		struct splitting s = {arena, asked, out, NULL, NULL};

		if (reading == NULL)
			continue;
		s.rota = arena_strdup(arena, json_string_value(json_object_get(rota, "id")));
		s.then = reading_then(asked, s.rota);
		split_aliases(&s, json_object_get(reading, "aliases"));
		split_titles(&s, json_object_get(reading, "titles"));
	}
}
