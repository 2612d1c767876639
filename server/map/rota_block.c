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

static void *
put(void *at, const void *items, size_t count, size_t size)
{
	if (count > 0)
		memcpy(at, items, count * size);
	return (char *)at + count * size;
}

/* What is computed of the shifts. */
static void
sum_up(struct rota_block *block)
{
	for (uint32_t i = 0; i < block->count; i++) {
		const struct kept_shift *shift = &block->shifts[i];

		if (shift->end - shift->start > block->longest)
			block->longest = shift->end - shift->start;
		block->nabsences += shift->class == KEPT_ABSENCE;
		if (shift->person != REGION_NONE)
			block->crowd[rota_crowd_word(shift->person)] |=
			    rota_crowd_bit(shift->person);
	}
}

/* One allocation: shifts, overrides, traces, what is gone, texts in this order, which keeps each aligned. */
struct rota_block *
rota_block_new(const struct rota_parts *parts)
{
	struct rota_block *block = xmalloc(sizeof *block + parts->count * sizeof *parts->shifts +
					   parts->noverrides * sizeof *parts->overrides +
					   parts->ntraces * sizeof *parts->traces +
					   parts->ngone * sizeof *parts->gone + parts->text.len);
	void *at;

	*block = (struct rota_block){
	    .refs = 1,
	    .count = parts->count,
	    .text_len = (uint32_t)parts->text.len,
	    .noverrides = parts->noverrides,
	    .ntraces = parts->ntraces,
	    .ngone = parts->ngone,
	};
	at = put(block->shifts, parts->shifts, parts->count, sizeof *parts->shifts);
	block->overrides = at;
	at = put(at, parts->overrides, parts->noverrides, sizeof *parts->overrides);
	block->traces = at;
	at = put(at, parts->traces, parts->ntraces, sizeof *parts->traces);
	block->gone = at;
	at = put(at, parts->gone, parts->ngone, sizeof *parts->gone);
	block->text = at;
	put(at, parts->text.at, parts->text.len, 1);
	sum_up(block);
	return block;
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

bool
rota_block_same_traces(const struct rota_block *a, const struct rota_block *b)
{
	return a->ntraces == b->ntraces && a->ngone == b->ngone &&
	       (a->ntraces == 0 ||
		   memcmp(a->traces, b->traces, a->ntraces * sizeof *a->traces) == 0) &&
	       (a->ngone == 0 || memcmp(a->gone, b->gone, a->ngone * sizeof *a->gone) == 0);
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

static int
by_shift(const void *key, const void *item)
{
	int64_t id = *(const int64_t *)key, other = ((const struct kept_trace *)item)->shift;

	return (id > other) - (id < other);
}

const struct kept_trace *
rota_trace_of(const struct kept_trace *traces, size_t count, int64_t shift)
{
	/* An empty list has no address, which bsearch() may not be given. */
	if (count == 0)
		return NULL;
	return bsearch(&shift, traces, count, sizeof *traces, by_shift);
}

const struct kept_trace *
rota_block_trace(const struct rota_block *block, const struct kept_shift *shift)
{
	return rota_trace_of(block->traces, block->ntraces, shift->id);
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
