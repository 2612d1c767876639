/* SPDX-License-Identifier: MIT */
#include "server/api/views/elsewhere/areas.h"

#include <stdlib.h>
#include <string.h>

#include "calendars/titles/plain.h"
#include "server/api/views/elsewhere/postcode.h"
#include "server/base/fatal.h"
#include "server/base/vec.h"

/* A name in two forms: all of its words, and its own, without the common ones. Each word is followed
 * by a blank, so that a comparison of bytes is one of words. */
struct area {
	uint32_t index;
	bool is_district;
	const char *all, *own;
};

struct areas {
	struct arena *arena;
	int64_t version;
	const struct region_area *of; /* another region of one version has others */
	struct area *items;
	uint32_t count;
};

/* ------------------------------------------------------------------------------------ words */

/* Words of councils' names that do not tell one from another. */
static bool
is_common(struct slice word)
{
	static const char *const common[] = {"and", "authority", "borough", "city", "council",
	    "county", "district", "icb", "integrated", "care", "board", "metropolitan", "mbc",
	    "nhs", "of", "pcn", "primary", "network", "royal", "the", "unitary", NULL};

	for (size_t i = 0; common[i] != NULL; i++)
		if (slice_is(word, common[i]))
			return true;
	return false;
}

static bool
is_of_a_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
}

/* "Saint" and "St" are one word, whichever a table or a person writes. */
static void
add_word(struct buf *out, struct slice word)
{
	if (slice_is(word, "saint"))
		word = SLICE("st");
	buf_add(out, word.at, word.len);
	buf_add(out, " ", 1);
}

/* The words of ${text}, folded. ${own}: without those that are common. */
static const char *
words_of(struct arena *arena, const char *text, bool own)
{
	const char *folded = plain_fold(arena, slice_of(plain_text(arena, text)));
	struct buf out = {0};
	const char *words;

	while (*folded != '\0') {
		size_t len = 0;

		while (is_of_a_word(folded[len]))
			len++;
		if (len > 0 && !(own && is_common((struct slice){folded, len})))
			add_word(&out, (struct slice){folded, len});
		folded += len > 0 ? len : 1;
	}
	words = arena_strdup(arena, out.at != NULL ? out.at : "");
	buf_free(&out);
	return words;
}

/* ------------------------------------------------------------------------------------ table */

/* Made once for a set-up, and not for each question: folding thousands of names takes longer than to
 * compare them. */
struct areas *
areas_new(const struct region *region)
{
	struct areas *areas = xcalloc(1, sizeof *areas);

	*areas = (struct areas){
	    .arena = arena_new(0),
	    .version = region->version,
	    .of = region->areas,
	    .count = region->nareas,
	};
	areas->items = arena_array(areas->arena, region->nareas, sizeof *areas->items);
	for (uint32_t i = 0; i < region->nareas; i++)
		areas->items[i] = (struct area){
		    .index = i,
		    .is_district = strcmp(region->areas[i].kind, "postcode_district") == 0,
		    .all = words_of(areas->arena, region->areas[i].name, false),
		    .own = words_of(areas->arena, region->areas[i].name, true),
		};
	return areas;
}

void
areas_free(struct areas *areas)
{
	if (areas == NULL)
		return;
	arena_free(areas->arena);
	free(areas);
}

bool
areas_are_of(const struct areas *areas, const struct region *region)
{
	return areas != NULL && areas->version == region->version && areas->of == region->areas &&
	       areas->count == region->nareas;
}

/* ----------------------------------------------------------------------------------- search */

/* How well a name fits, the best first: all words equal; its own words equal; its own words begin so;
 * each word typed begins one of its words, in any order. */
enum { EXACT, OWN, BEGINS, WORDS, NOT_ALIKE };

struct hit {
	uint32_t index;
	int rank;
};
typedef VEC(struct hit) hit_list;

/* Whether each word of ${typed} begins a word of ${name}. */
static bool
all_begin(const char *typed, const char *name)
{
	while (*typed != '\0') {
		size_t len = strcspn(typed, " ");
		const char *at = name;

		while (*at != '\0' && strncmp(at, typed, len) != 0)
			at += strcspn(at, " ") + 1;
		if (*at == '\0')
			return false;
		typed += len + 1;
	}
	return true;
}

/* The last word may be half typed, so its blank is not compared. */
static bool
begins(const char *name, const char *typed)
{
	return *typed != '\0' && strncmp(name, typed, strlen(typed) - 1) == 0;
}

static int
rank_of(const struct area *area, const char *all, const char *own)
{
	if (strcmp(area->all, all) == 0)
		return EXACT;
	/* Of common words alone, "City of", nothing is known but how the name begins. */
	if (*own == '\0')
		return begins(area->all, all) ? BEGINS : NOT_ALIKE;
	if (strcmp(area->own, own) == 0)
		return OWN;
	if (begins(area->own, own))
		return BEGINS;
	return all_begin(own, area->own) ? WORDS : NOT_ALIKE;
}

static int
by_rank(const void *left, const void *right)
{
	const struct hit *a = left, *b = right;

	if (a->rank != b->rank)
		return a->rank - b->rank;
	return (a->index > b->index) - (a->index < b->index);
}

static void
find_name(const struct areas *areas, struct arena *arena, const char *typed, hit_list *hits)
{
	const char *all = words_of(arena, typed, false), *own = words_of(arena, typed, true);

	if (*all == '\0')
		return;
	for (uint32_t i = 0; i < areas->count; i++) {
		const struct area *area = &areas->items[i];
		int rank = area->is_district ? NOT_ALIKE : rank_of(area, all, own);

		if (rank != NOT_ALIKE)
			*VEC_PUSH(arena, hits) = (struct hit){area->index, rank};
	}
}

/* A district may lie in more than one area: each is found. */
static void
find_district(const struct areas *areas, struct arena *arena, const char *district, hit_list *hits)
{
	const char *words = words_of(arena, district, false);

	for (uint32_t i = 0; i < areas->count; i++)
		if (areas->items[i].is_district && strcmp(areas->items[i].all, words) == 0)
			*VEC_PUSH(arena, hits) = (struct hit){areas->items[i].index, EXACT};
}

/* "ZF1A" where the table has "ZF1" alone: in some towns districts are divided by a letter. */
static const char *
without_letter(struct arena *arena, const char *district)
{
	size_t len = strlen(district);

	return district[len - 1] >= 'A' ? arena_strndup(arena, district, len - 1) : NULL;
}

static void
give(struct arena *arena, hit_list *hits, struct areas_found *out)
{
	uint32_t *items = arena_array(arena, AREAS_FOUND_MAX, sizeof *items);

	if (hits->count > 1)
		qsort(hits->items, hits->count, sizeof *hits->items, by_rank);
	out->count = hits->count < AREAS_FOUND_MAX ? hits->count : AREAS_FOUND_MAX;
	out->left_off = hits->count - out->count;
	for (size_t i = 0; i < out->count; i++)
		items[i] = hits->items[i].index;
	out->items = items;
}

void
areas_find(
    const struct areas *areas, struct arena *arena, const char *typed, struct areas_found *out)
{
	struct postcode postcode = postcode_find(arena, typed);
	hit_list hits = {0};

	*out = (struct areas_found){.district = postcode.district, .cut = postcode.cut};
	if (postcode.district == NULL) {
		find_name(areas, arena, typed, &hits);
	} else {
		const char *shorter = without_letter(arena, postcode.district);

		find_district(areas, arena, postcode.district, &hits);
		if (hits.count == 0 && shorter != NULL) {
			find_district(areas, arena, shorter, &hits);
			out->cut |= hits.count > 0;
			out->district = hits.count > 0 ? shorter : postcode.district;
		}
	}
	give(arena, &hits, out);
}
