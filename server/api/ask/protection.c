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

/* The person as others see them, without anything of the memory of ${region}. */
static const struct region_person *
withhold(struct arena *arena, const struct region *region, uint32_t index, const char *shown_id)
{
	struct region_person *seen = arena_alloc(arena, sizeof *seen);

	*seen = region_withhold(arena, region, region_person(region, index), shown_id);
	seen->id = arena_strdup(arena, seen->id);
	seen->roles.items =
	    arena_copy(arena, seen->roles.items, seen->roles.count * sizeof *seen->roles.items);
	seen->approvals =
	    arena_copy(arena, seen->approvals, seen->napprovals * sizeof *seen->approvals);
	return seen;
}

/* Adds ${person} to those who are protected, if the set-up or the one in force says so. A person who is
 * protected now is protected in answers about the past as well. */
static void
guard(struct protection_core *core, const struct protection_made *made, uint32_t person)
{
	const struct region *region = made->setup->region;
	const struct region_person *then = region_person(region, person), *now = NULL;
	const struct region *of = region;
	struct guarded *guarded;
	uint32_t found;

	if (made->present != NULL) {
		found = table_get(&made->present->person_by_id, then->id);
		now = found == TABLE_NONE ? NULL : region_person(made->present, found);
		of = now == NULL ? region : made->present;
	}
	if (!then->protected && (now == NULL || !now->protected))
		return;
	guarded = VEC_PUSH(core->arena, &core->guarded);
	*guarded = (struct guarded){
	    .person = person,
	    .shown_id = shown_id_of(core->arena, made->key, now != NULL ? now->id : then->id),
	    .owner = arena_strdup(
		core->arena, of->organisations[(now != NULL ? now : then)->organisation].code),
	    .shown_name = region_withheld_name(
		core->arena, region, region_person(region, person), REGION_NONE),
	    .present = now,
	};
	guarded->seen = withhold(core->arena, region, person, guarded->shown_id);
	table_put(
	    &core->by_shown, core->arena, guarded->shown_id, (uint32_t)core->guarded.count - 1);
}

/* ------------------------------------------------------------------------------------- the words */

/* Adds a word by which the person could be recognized, and what is written instead. Copied, since
 * ${text} may belong to the present set-up, which may be freed before the protection. */
static void
add_word(struct protection_core *core, const struct guarded *guarded, enum withheld_kind kind,
    const char *text)
{
	const char *instead = kind == WITHHELD_CODE     ? guarded->shown_id
			      : kind == WITHHELD_NUMBER ? REGION_WITHHELD_NUMBER
							: guarded->shown_name;

	if (text != NULL && *text != '\0')
		withheld_words_add(
		    core->words, kind, arena_strdup(core->arena, text), instead, guarded->owner);
}

static void
add_person_words(struct protection_core *core, const struct guarded *guarded,
    const struct region *region, const struct region_person *person)
{
	const char *const *code = region_codes(core->arena, region, "person", person->id);

	add_word(core, guarded, WITHHELD_NAME, person->name);
	for (const char *const *alias = person->aliases; *alias != NULL; alias++)
		add_word(core, guarded, WITHHELD_NAME, *alias);
	for (; *code != NULL; code++)
		add_word(core, guarded, WITHHELD_CODE, *code);
	if (person->contact != NULL)
		add_word(core, guarded, WITHHELD_NUMBER, person->contact->number);
}

/* Adds the names that rotas have for protected people: aliases and titles that were decided. */
static void
add_rota_words(struct protection_core *core, const struct region *region)
{
	uint32_t *at = arena_array(core->arena, region->npeople + 1, sizeof *at);

	for (size_t i = 0; i < core->guarded.count; i++)
		at[core->guarded.items[i].person] = (uint32_t)i + 1;
	for (uint32_t i = 0; i < region->nrotas; i++) {
		const struct region_rota *rota = &region->rotas[i];

		for (uint32_t j = 0; j < rota->naliases; j++)
			if (at[rota->aliases[j].person] > 0)
				add_word(core,
				    &core->guarded.items[at[rota->aliases[j].person] - 1],
				    WITHHELD_NAME, rota->aliases[j].alias);
		for (uint32_t j = 0; j < rota->ntitles; j++)
			if (rota->titles[j].person != REGION_NONE && at[rota->titles[j].person] > 0)
				add_word(core, &core->guarded.items[at[rota->titles[j].person] - 1],
				    WITHHELD_NAME, rota->titles[j].title);
	}
}

/* What also belongs to others: a telephone that a team shares, a person of the same name, a place. To replace
 * these would damage answers and reveal that somebody of that name is protected. */
static void
spare(void *ctx, const char *text, bool single)
{
	withheld_words_except(ctx, slice_of(text), single);
}

static void
spare_people(struct protection_core *core, const struct region *region)
{
	const struct region_kind *kind = &region_kinds[REGION_KIND_PERSON];
	bool *guarded = arena_array(core->arena, region->npeople + 1, sizeof *guarded);

	for (size_t i = 0; i < core->guarded.count; i++)
		guarded[core->guarded.items[i].person] = true;
	for (uint32_t i = 0; i < region->npeople; i++)
		if (!guarded[i])
			protection_texts(region, kind, i, spare, core->words);
}

static void
spare_others(struct protection_core *core, const struct region *region)
{
	spare_people(core, region);
	for (int kind = 0; kind < REGION_KINDS; kind++)
		for (uint32_t i = 0; kind != REGION_KIND_PERSON &&
				     i < region_kind_count(&region_kinds[kind], region);
		     i++)
			protection_texts(region, &region_kinds[kind], i, spare, core->words);
}

static void
gather_words(struct protection_core *core, const struct protection_made *made)
{
	const struct region *region = made->setup->region;

	core->words = withheld_words_new(core->arena);
	for (size_t i = 0; i < core->guarded.count; i++) {
		const struct guarded *guarded = &core->guarded.items[i];

		add_person_words(core, guarded, region, region_person(region, guarded->person));
		if (guarded->present != NULL)
			add_person_words(core, guarded, made->present, guarded->present);
	}
	add_rota_words(core, region);
	spare_others(core, region);
	withheld_words_except(core->words, made->vocabulary, true);
}

/* ------------------------------------------------------------------------------------ the whole */

static struct protection *
protection_of(struct protection_core *core, struct snapshot_region *setup)
{
	struct arena *arena = arena_new(0);
	struct protection *protection = arena_alloc(arena, sizeof *protection);

	*protection = (struct protection){.refs = 1, .arena = arena, .setup = setup, .core = core};
	return protection;
}

struct protection *
protection_new(const struct protection_made *made)
{
	struct arena *arena = arena_new(0);
	struct protection_core *core = arena_alloc(arena, sizeof *core);

	*core = (struct protection_core){.refs = 1, .arena = arena};
	table_init(&core->by_shown, arena, 16);
	for (uint32_t i = 0; i < made->setup->region->npeople; i++)
		guard(core, made, i);
	if (core->guarded.count > 0)
		gather_words(core, made);
	return protection_of(core, made->setup);
}

struct protection *
protection_patched(const struct protection *from, struct snapshot_region *setup)
{
	struct arena *scratch = arena_new(0);
	struct region_edited_list edited;
	bool same = region_shared_edited(scratch, from->setup->shared, setup->shared, &edited);

	for (size_t i = 0; same && i < edited.count; i++)
		same = protection_is_apart(from->core, from->setup->region, &edited.items[i]) &&
		       protection_is_apart(from->core, setup->region, &edited.items[i]);
	arena_free(scratch);
	if (!same)
		return NULL;
	from->core->refs++;
	return protection_of(from->core, snapshot_region_ref(setup));
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
	if (--protection->core->refs == 0)
		arena_free(protection->core->arena);
	arena_free(protection->arena);
}

struct snapshot_region *
protection_whole(const struct protection *protection)
{
	return protection->setup;
}
