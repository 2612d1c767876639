/* SPDX-License-Identifier: MIT */
#include "server/api/ask/protection_private.h"

#include <sodium.h>
#include <string.h>

#include "server/api/ask/withheld_words.h"
#include "server/base/fatal.h"
#include "server/model/region_protected.h"

#define SHOWN_ID_BYTES 10

/* ------------------------------------------------------------------------------ who is protected */

/* The id that is shown for a withheld person. With the same key it is the same in every process and after
 * every start, so that links and bookmarks work; without the key nobody can find the person of it. */
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

/* Adds ${person} to those who are protected, if the set-up or the one in force says so. A person who is
 * protected now is protected in answers about the past as well. */
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

/* Adds a word by which the person could be recognized, and what is written instead. Copied, since
 * ${text} may belong to the present set-up, which may be freed before the protection. */
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

/* Adds the names that rotas have for protected people: aliases and titles that were decided. */
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

/* The name of a place or a team may contain the full name of a protected person, which is still replaced.
 * Its single words are ordinary ones, and are not. */
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

/* Spares what also belongs to others: a telephone that a team shares, a person of the same name, a place.
 * To replace these would damage answers and reveal that somebody of that name is protected. */
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
	protection_views_free(protection);
	snapshot_region_unref(protection->setup);
	arena_free(protection->arena);
}

struct snapshot_region *
protection_whole(const struct protection *protection)
{
	return protection->setup;
}
