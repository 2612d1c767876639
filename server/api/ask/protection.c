/* SPDX-License-Identifier: MIT */
#include "server/api/ask/protection.h"

#include <sodium.h>
#include <string.h>

#include "server/api/ask/withheld_words.h"
#include "server/base/fatal.h"
#include "server/base/vec.h"
#include "server/model/region_protected.h"

#define SHOWN_ID_BYTES 10

struct protection_view {
	struct protection *protection;
	const char *own; /* or NULL */
	struct snapshot_region *setup;
};

/* Who is protected: in the set-up, or in the one that is in force now, whose organisation then says
 * who may know. */
struct guarded {
	uint32_t person; /* of ${setup} */
	const char *shown_id, *owner;
	const struct region_person *present; /* NULL: not in force any more */
};

struct protection {
	unsigned refs;
	struct arena *arena;
	struct snapshot_region *setup;
	VEC(struct guarded) guarded;
	struct table by_shown; /* to the index in ${guarded} */
	struct withheld_words *words;
	VEC(struct protection_view *) views;
};

/* ------------------------------------------------------------------------------ who is protected */

/* The same for one id wherever the same key is, and without the key not to be told from any other. */
static const char *
shown_id_of(struct arena *arena, const uint8_t *key, const char *id)
{
	uint8_t hash[crypto_generichash_BYTES];
	char hex[2 * SHOWN_ID_BYTES + 1];
	const char *text = arena_printf(arena, "protected person %s", id);

	crypto_generichash(
	    hash, sizeof hash, (const uint8_t *)text, strlen(text), key, KEY_FILE_BYTES);
	text_hex(hash, SHOWN_ID_BYTES, hex);
	return arena_printf(arena, "p-%s", hex);
}

static void
guard(struct protection *protection, const struct protection_made *made, uint32_t person)
{
	const struct region *region = made->setup->region;
	const struct region_person *then = &region->people[person], *now = NULL;
	const struct region *of = region;
	struct guarded *guarded;
	uint32_t found;

	if (made->present != NULL) {
		found = table_get(&made->present->person_by_id, then->id);
		now = found == TABLE_NONE ? NULL : &made->present->people[found];
		of = now == NULL ? region : made->present;
	}
	if (!then->protected && (now == NULL || !now->protected))
		return;
	guarded = VEC_PUSH(protection->arena, &protection->guarded);
	*guarded = (struct guarded){
	    .person = person,
	    .shown_id = shown_id_of(protection->arena, made->key, now != NULL ? now->id : then->id),
	    .owner = arena_strdup(protection->arena,
		of->organisations[(now != NULL ? now : then)->organisation].code),
	    .present = now,
	};
	table_put(&protection->by_shown, protection->arena, guarded->shown_id,
	    (uint32_t)protection->guarded.count - 1);
}

/* ------------------------------------------------------------------------------------- the words */

/* Of a set-up that may not live as long. */
static void
add_word(struct protection *protection, const struct guarded *guarded, enum withheld_kind kind,
    const char *text)
{
	const struct region *region = protection->setup->region;
	const char *instead = kind == WITHHELD_CODE ? guarded->shown_id
			      : kind == WITHHELD_NUMBER
				  ? REGION_WITHHELD_NUMBER
				  : region_withheld_name(protection->arena, region,
					&region->people[guarded->person], REGION_NONE);

	if (text != NULL && *text != '\0')
		withheld_words_add(protection->words, kind, arena_strdup(protection->arena, text),
		    instead, guarded->owner);
}

static void
add_person_words(struct protection *protection, const struct guarded *guarded,
    const struct region *region, const struct region_person *person)
{
	const char *const *code = region_codes(protection->arena, region, "person", person->id);

	add_word(protection, guarded, WITHHELD_NAME, person->name);
	for (const char *const *alias = person->aliases; *alias != NULL; alias++)
		add_word(protection, guarded, WITHHELD_NAME, *alias);
	for (; *code != NULL; code++)
		add_word(protection, guarded, WITHHELD_CODE, *code);
	if (person->contact != NULL)
		add_word(protection, guarded, WITHHELD_NUMBER, person->contact->number);
}

/* What the rotas say that the person is called. */
static void
add_rota_words(struct protection *protection, const struct region *region)
{
	uint32_t *at = arena_array(protection->arena, region->npeople + 1, sizeof *at);

	for (size_t i = 0; i < protection->guarded.count; i++)
		at[protection->guarded.items[i].person] = (uint32_t)i + 1;
	for (uint32_t i = 0; i < region->nrotas; i++) {
		const struct region_rota *rota = &region->rotas[i];

		for (uint32_t j = 0; j < rota->naliases; j++)
			if (at[rota->aliases[j].person] > 0)
				add_word(protection,
				    &protection->guarded.items[at[rota->aliases[j].person] - 1],
				    WITHHELD_NAME, rota->aliases[j].alias);
		for (uint32_t j = 0; j < rota->ntitles; j++)
			if (rota->titles[j].person != REGION_NONE && at[rota->titles[j].person] > 0)
				add_word(protection,
				    &protection->guarded.items[at[rota->titles[j].person] - 1],
				    WITHHELD_NAME, rota->titles[j].title);
	}
}

static void
spare(struct protection *protection, const char *text)
{
	if (text != NULL)
		withheld_words_spare(protection->words, slice_of(text), false);
}

/* A name that a person has given to something: whole names in it may be of the person, single words
 * are of the language. */
static void
spare_words(struct protection *protection, const char *text)
{
	withheld_words_spare(protection->words, slice_of(text), true);
}

static void
spare_people(struct protection *protection, const struct region *region)
{
	bool *guarded = arena_array(protection->arena, region->npeople + 1, sizeof *guarded);

	for (size_t i = 0; i < protection->guarded.count; i++)
		guarded[protection->guarded.items[i].person] = true;
	for (uint32_t i = 0; i < region->npeople; i++) {
		const struct region_person *person = &region->people[i];

		if (guarded[i])
			continue;
		spare(protection, person->id);
		spare(protection, person->name);
		for (const char *const *alias = person->aliases; *alias != NULL; alias++)
			spare(protection, *alias);
		spare(protection, person->work_phone);
	}
}

/* Names and numbers that belong to others, too: a telephone that a team shares, a person of the same
 * name, a place. */
static void
spare_others(struct protection *protection, const struct region *region)
{
	spare_people(protection, region);
	for (uint32_t i = 0; i < region->norganisations; i++) {
		spare(protection, region->organisations[i].code);
		spare_words(protection, region->organisations[i].name);
	}
	for (uint32_t i = 0; i < region->nfunctions; i++) {
		spare(protection, region->functions[i].code);
		spare_words(protection, region->functions[i].name);
	}
	for (uint32_t i = 0; i < region->nplaces; i++) {
		spare(protection, region->places[i].code);
		spare_words(protection, region->places[i].name);
		spare(protection, region->places[i].switchboard);
	}
	for (uint32_t i = 0; i < region->nservices; i++) {
		spare(protection, region->services[i].id);
		spare_words(protection, region->services[i].name);
		spare(protection, region->services[i].phone);
		spare(protection, region->services[i].fallback_phone);
	}
	for (uint32_t i = 0; i < region->nrotas; i++)
		spare(protection, region->rotas[i].id);
	for (uint32_t i = 0; i < region->nrequirements; i++)
		spare(protection, region->requirements[i].id);
}

static void
gather_words(struct protection *protection, const struct protection_made *made)
{
	const struct region *region = made->setup->region;

	protection->words = withheld_words_new(protection->arena);
	for (size_t i = 0; i < protection->guarded.count; i++) {
		const struct guarded *guarded = &protection->guarded.items[i];

		add_person_words(protection, guarded, region, &region->people[guarded->person]);
		if (guarded->present != NULL)
			add_person_words(protection, guarded, made->present, guarded->present);
	}
	add_rota_words(protection, region);
	spare_others(protection, region);
	withheld_words_spare(protection->words, made->vocabulary, true);
}

/* ------------------------------------------------------------------------------------ the whole */

struct protection *
protection_new(const struct protection_made *made)
{
	struct arena *arena = arena_new(0);
	struct protection *protection = arena_alloc(arena, sizeof *protection);

	*protection = (struct protection){.refs = 1, .arena = arena, .setup = made->setup};
	table_init(&protection->by_shown, arena, 16);
	for (uint32_t i = 0; i < made->setup->region->npeople; i++)
		guard(protection, made, i);
	if (protection->guarded.count > 0)
		gather_words(protection, made);
	return protection;
}

struct protection *
protection_ref(struct protection *protection)
{
	protection->refs++;
	return protection;
}

void
protection_unref(struct protection *protection)
{
	if (protection == NULL || --protection->refs > 0)
		return;
	/* Who has the set-up of a view has the protection, too. */
	for (size_t i = 0; i < protection->views.count; i++)
		INVARIANT(protection->views.items[i]->setup->refs == 1);
	snapshot_region_unref(protection->setup);
	arena_free(protection->arena);
}

struct snapshot_region *
protection_whole(const struct protection *protection)
{
	return protection->setup;
}

/* ------------------------------------------------------------------------------------- a view */

static bool
is_own(const struct guarded *guarded, const char *own)
{
	return own != NULL && strcmp(guarded->owner, own) == 0;
}

/* Whom to ring instead is a text that somebody wrote. */
static const struct region_service *
services_seen(const struct protection_view *view, const struct region *whole)
{
	struct region_service *services =
	    arena_array(view->protection->arena, whole->nservices + 1, sizeof *services);

	if (whole->nservices > 0)
		memcpy(services, whole->services, whole->nservices * sizeof *services);
	for (uint32_t i = 0; i < whole->nservices; i++)
		services[i].fallback_text = protection_view_said(view, services[i].fallback_text);
	return services;
}

static struct protection_view *
make_view(struct protection *protection, const char *own)
{
	struct arena *arena = protection->arena;
	const struct region *whole = protection->setup->region;
	struct protection_view *view = arena_alloc(arena, sizeof *view);
	struct region *seen = arena_alloc(arena, sizeof *seen);
	struct region_person *people = arena_array(arena, whole->npeople, sizeof *people);

	memcpy(people, whole->people, whole->npeople * sizeof *people);
	for (size_t i = 0; i < protection->guarded.count; i++) {
		const struct guarded *guarded = &protection->guarded.items[i];

		if (!is_own(guarded, own))
			people[guarded->person] = region_withhold(
			    arena, whole, &whole->people[guarded->person], guarded->shown_id);
	}
	*seen = *whole;
	seen->people = people;
	view->protection = protection;
	view->own = own == NULL ? NULL : arena_strdup(arena, own);
	seen->services = services_seen(view, whole);
	view->setup = arena_alloc(arena, sizeof *view->setup);
	*view->setup = *protection->setup;
	view->setup->refs = 1;
	view->setup->arena = NULL;
	view->setup->region = seen;
	*VEC_PUSH(arena, &protection->views) = view;
	return view;
}

const struct protection_view *
protection_view(struct protection *protection, const char *organisation)
{
	size_t own = 0;

	for (size_t i = 0; i < protection->guarded.count; i++)
		own += is_own(&protection->guarded.items[i], organisation);
	if (own == protection->guarded.count)
		return NULL;
	if (own == 0)
		organisation = NULL;
	for (size_t i = 0; i < protection->views.count; i++) {
		const char *other = protection->views.items[i]->own;

		if (other == organisation ||
		    (other != NULL && organisation != NULL && strcmp(other, organisation) == 0))
			return protection->views.items[i];
	}
	return make_view(protection, organisation);
}

const char *
protection_view_own(const struct protection_view *view)
{
	return view->own;
}

struct snapshot_region *
protection_view_setup(const struct protection_view *view)
{
	return view->setup;
}

uint32_t
protection_view_person(const struct protection_view *view, const char *id)
{
	const struct protection *protection = view->protection;
	uint32_t shown = table_get(&protection->by_shown, id), person;

	if (shown != TABLE_NONE)
		return protection->guarded.items[shown].person;
	person = table_get(&view->setup->region->person_by_id, id);
	return person != TABLE_NONE && region_is_withheld(&view->setup->region->people[person])
		   ? TABLE_NONE
		   : person;
}

const char *
protection_view_said(const struct protection_view *view, const char *text)
{
	return text != NULL && withheld_words_told(view->protection->words, view->own, text)
		   ? REGION_WITHHELD_TEXT
		   : text;
}

bool
protection_view_replace(const struct protection_view *view, struct slice bytes, struct buf *out)
{
	return withheld_words_change(view->protection->words, view->own, bytes, out);
}

bool
protection_view_tells(const struct protection_view *view, struct slice text)
{
	struct buf out = {0};
	bool tells = protection_view_replace(view, text, &out);

	buf_free(&out);
	return tells;
}
