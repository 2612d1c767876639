/* SPDX-License-Identifier: MIT */
#include "server/rota/rota_candidates.h"

#include <stdlib.h>
#include <string.h>

#include "calendars/titles/tokens.h"

/* Suggests people for words of a title that no rule has read, for a person to choose from. It
 * decides nothing: a title that only resembles a name is never read as that name. */

/* The evidence of one word of a title for a person. */
enum {
	SAYS_INITIAL = 1,
	SAYS_PART = 2, /* the beginning of a name, or one wrong letter */
	SAYS_NAME = 4,
	SAYS_INITIALS = 5,
	LEAST = SAYS_PART,
	PART_MIN_BYTES = 3,
	WRONG_LETTER_MIN_BYTES = 4,
};

struct entry {
	uint32_t person;
	const char *name;
	VEC(const char *) words; /* of the name and the aliases */
	const char *initials;
};

struct rota_directory {
	struct arena *arena;
	const struct region *region;
	struct entry *entries; /* by name, then id */
	uint32_t *people;
	uint32_t count;
};

struct scored {
	uint32_t entry;
	unsigned score;
};

/* Initials are made of the name alone; the aliases would mix theirs in. */
static void
add_words(struct arena *arena, struct entry *entry, const char *text, struct buf *initials)
{
	struct tokens tokens;

	tokens_make(&tokens, arena, text);
	for (size_t i = 0; i < tokens.items.count; i++) {
		const struct token *token = &tokens.items.items[i];

		if (token->kind != TOKEN_WORD)
			continue;
		*VEC_PUSH(arena, &entry->words) = token->text;
		if (initials != NULL && token->text[0] != '\0')
			buf_add(initials, token->text, 1);
	}
}

static void
fill(struct arena *arena, struct entry *entry, const struct region_person *person, uint32_t index)
{
	struct buf initials = {0};

	*entry = (struct entry){.person = index, .name = person->name};
	add_words(arena, entry, person->name, &initials);
	for (const char *const *alias = person->aliases; *alias != NULL; alias++)
		add_words(arena, entry, *alias, NULL);
	entry->initials = arena_strndup(arena, initials.len > 0 ? initials.at : "", initials.len);
	buf_free(&initials);
}

static int
by_name(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	return order != 0 ? order : (a->person > b->person) - (a->person < b->person);
}

/* Only the people whom this rota may name. Others must not be suggested, as a decision for them
 * would be refused. */
struct rota_directory *
rota_directory_of(struct arena *arena, const struct region *region, const struct region_rota *rota)
{
	struct rota_directory *directory = arena_alloc(arena, sizeof *directory);

	directory->arena = arena;
	directory->region = region;
	directory->entries = arena_array(arena, region->npeople, sizeof *directory->entries);
	directory->people = arena_array(arena, region->npeople, sizeof *directory->people);
	for (uint32_t i = 0; i < region->npeople; i++)
		if (region_in_directory(region, rota, region_person(region, i)))
			fill(arena, &directory->entries[directory->count++],
			    region_person(region, i), i);
	if (directory->count > 1)
		qsort(directory->entries, directory->count, sizeof *directory->entries, by_name);
	for (uint32_t i = 0; i < directory->count; i++)
		directory->people[i] = directory->entries[i].person;
	return directory;
}

struct region_list
rota_directory_people(const struct rota_directory *directory)
{
	return (struct region_list){.items = directory->people, .count = directory->count};
}

/* Whether one letter too many, too few or another makes ${a} of ${b}; not so if they are equal.
 * Equal letters at the head and at the tail are skipped; at most one letter is left in the middle.
 * Swapped letters do not count: they are two. */
static bool
one_letter_apart(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b), longer = na > nb ? na : nb, head = 0, tail = 0;

	while (a[head] != '\0' && a[head] == b[head])
		head++;
	while (head + tail < na && head + tail < nb && a[na - 1 - tail] == b[nb - 1 - tail])
		tail++;
	return head + tail + 1 == longer;
}

/* Short words resemble too many names, so that a part needs three bytes and a wrong letter four. */
static unsigned
says(const char *word, const char *name)
{
	size_t len = strlen(word), full = strlen(name);

	if (strcmp(word, name) == 0)
		return len > 1 ? SAYS_NAME : SAYS_INITIAL;
	if (len == 1 || full == 1)
		return word[0] == name[0] ? SAYS_INITIAL : 0;
	if ((len >= PART_MIN_BYTES && strncmp(word, name, len) == 0) ||
	    (full >= PART_MIN_BYTES && strncmp(word, name, full) == 0))
		return SAYS_PART;
	if (len >= WRONG_LETTER_MIN_BYTES && one_letter_apart(word, name))
		return SAYS_PART;
	return 0;
}

/* The best match of each word is counted, so that a long name with many words gets no more than a
 * short one. */
static unsigned
score_of(const struct entry *entry, const struct tokens *tokens)
{
	unsigned score = 0;

	for (size_t i = 0; i < tokens->items.count; i++) {
		const struct token *token = &tokens->items.items[i];
		unsigned most = 0;

		if (token->kind != TOKEN_WORD)
			continue;
		for (size_t j = 0; j < entry->words.count; j++) {
			unsigned one = says(token->text, entry->words.items[j]);

			most = one > most ? one : most;
		}
		if (strlen(token->text) > 1 && strcmp(token->text, entry->initials) == 0)
			most = SAYS_INITIALS;
		score += most;
	}
	return score;
}

/* Equal scores keep the order of names, so that the list is the same each time. */
static int
by_score(const void *left, const void *right)
{
	const struct scored *a = left, *b = right;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return (a->entry > b->entry) - (a->entry < b->entry);
}

void
rota_candidates(
    const struct rota_directory *directory, const char *words, struct rota_candidates *out)
{
	struct arena *arena = arena_new(0);
	struct scored *found = arena_array(arena, directory->count, sizeof *found);
	struct tokens tokens;
	uint32_t count = 0;

	*out = (struct rota_candidates){.count = 0};
	tokens_make(&tokens, arena, words);
	for (uint32_t i = 0; i < directory->count; i++) {
		unsigned score = score_of(&directory->entries[i], &tokens);

		/* A single initial fits too many people to be a suggestion. */
		if (score >= LEAST)
			found[count++] = (struct scored){i, score};
	}
	if (count > 1)
		qsort(found, count, sizeof *found, by_score);
	for (uint32_t i = 0; i < count && i < ROTA_CANDIDATES_MAX; i++)
		out->people[out->count++] = directory->entries[found[i].entry].person;
	arena_free(arena);
}
