/* SPDX-License-Identifier: MIT */
#include "server/map/rota_block.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/sorted.h"

static const char *const class_names[KEPT_CLASSES] = {
    [KEPT_NAMED] = "named",
    [KEPT_TENTATIVE] = "tentative",
    [KEPT_TEAM] = "team",
    [KEPT_NOBODY] = "nobody",
    [KEPT_UNDECIDED] = "undecided",
    [KEPT_UNREADABLE] = "unreadable",
    [KEPT_ABSENCE] = "absence",
};

const char *kept_class_name(enum kept_class class)
{
	INVARIANT(class < KEPT_CLASSES);
	return class_names[class];
}

/* KEPT_UNREADABLE does not count and is shown: the safe reading of a class that a newer server
 * wrote. */
enum kept_class
kept_class_of(const char *name)
{
	for (int i = 0; i < KEPT_CLASSES; i++)
		if (strcmp(class_names[i], name) == 0)
			return (enum kept_class)i;
	return KEPT_UNREADABLE;
}

enum override_standing
override_standing_of(const char *dispute)
{
	if (dispute == NULL)
		return OVERRIDE_WAITING;
	if (strcmp(dispute, "shift_gone") == 0)
		return OVERRIDE_SHIFT_GONE;
	return strcmp(dispute, "times_changed") == 0 ? OVERRIDE_TIMES_CHANGED
						     : OVERRIDE_ANOTHER_PERSON;
}

enum kept_class
rota_block_kind_class(enum override_kind kind)
{
	if (kind == OVERRIDE_NOBODY)
		return KEPT_NOBODY;
	return kind == OVERRIDE_DISPUTED ? KEPT_UNDECIDED : KEPT_NAMED;
}

/* A Bloom filter with one bit for each person: it may say yes wrongly, never no. */
bool
rota_block_may_name(const struct rota_block *block, uint32_t person)
{
	return (block->crowd[rota_crowd_word(person)] & rota_crowd_bit(person)) != 0;
}

struct rota_block *
rota_block_empty(void)
{
	struct rota_block *block = xcalloc(1, sizeof *block);

	block->refs = 1;
	block->text = "";
	block->text_len = 1; /* offset 0, as in every block */
	return block;
}

struct rota_block *
rota_block_ref(struct rota_block *block)
{
	block->refs++;
	return block;
}

void
rota_block_unref(struct rota_block *block)
{
	if (block != NULL && --block->refs == 0)
		free(block);
}

/* Compares bytes, so that every byte of the structs must be set (they have no padding). A block
 * that is the same is not replaced, and the snapshots share the old one. */
bool
rota_block_same(const struct rota_block *a, const struct rota_block *b)
{
	return a->count == b->count && a->text_len == b->text_len &&
	       a->noverrides == b->noverrides &&
	       memcmp(a->shifts, b->shifts, a->count * sizeof a->shifts[0]) == 0 &&
	       (a->noverrides == 0 ||
		   memcmp(a->overrides, b->overrides, a->noverrides * sizeof *a->overrides) == 0) &&
	       memcmp(a->text, b->text, a->text_len) == 0;
}

static bool
starts_before(const void *item, const void *instant)
{
	return ((const struct kept_shift *)item)->start < *(const int64_t *)instant;
}

/* A shift that overlaps the instant starts at most the longest shift's length before it. So one
 * very long shift makes every search of this rota longer, but no answer wrong. */
uint32_t
rota_block_from(const struct rota_block *block, int64_t instant)
{
	int64_t earliest = instant - (int64_t)block->longest;

	return (uint32_t)sorted_first(
	    block->shifts, block->count, sizeof *block->shifts, starts_before, &earliest);
}

const char *
rota_block_text(const struct rota_block *block, uint32_t place)
{
	return place == 0 || place >= block->text_len ? NULL : block->text + place;
}

/* A rota has few overrides, and only shifts that come from one are searched for. */
const struct kept_override *
rota_block_override(const struct rota_block *block, const struct kept_shift *shift)
{
	for (uint32_t i = 0; shift->override && i < block->noverrides; i++)
		if (block->overrides[i].shift == shift->id)
			return &block->overrides[i];
	return NULL;
}
