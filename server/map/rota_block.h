/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/text.h"
#include "server/model/override.h"
#include "server/model/region.h"
#include "server/model/span.h"

/*
 * The current shifts of one rota in little memory: those of the whole country must fit in 64 MiB.
 * Immutable and counted; a change of the rota makes a new block. Overrides are laid over the shifts
 * when the block is made (model/override.h), so that readers see the result. If an override cuts a
 * shift in two, both pieces have its id.
 */
enum kept_class {
	KEPT_NAMED,
	KEPT_TENTATIVE,
	KEPT_TEAM,
	KEPT_NOBODY,
	KEPT_UNDECIDED,
	KEPT_UNREADABLE,
	KEPT_ABSENCE,
	KEPT_CLASSES
};
const char *kept_class_name(enum kept_class class); /* as the table shift has it */
enum kept_class kept_class_of(const char *name);    /* KEPT_UNREADABLE for a name we do not know */

struct kept_shift {
	int64_t id;
	uint32_t start, end;  /* seconds since 1970, clamped to what fits: until 2106 */
	uint32_t person;      /* index into the region's people; REGION_NONE */
	uint32_t team, title; /* places in the block's text; 0: none */
	uint8_t class;
	uint8_t override;     /* 1: it comes from an override, not from the source */
	uint8_t disputed;     /* 1: undecided, in a dispute between an override and the calendar */
	uint8_t as_last_read; /* 1: its calendar no longer lists it (model/forget.h). The struct has
				 no padding, because blocks are compared as bytes */
};

/* When it is. */
static inline struct span_time
kept_shift_time(const struct kept_shift *shift)
{
	return (struct span_time){shift->start, shift->end};
}

/* How an override agrees with the calendar. OVERRIDE_TIMES_CHANGED: the shift has moved, and the
 * stand-in with it. A reconciled override has no shift. */
enum override_standing {
	OVERRIDE_WAITING,
	OVERRIDE_ANOTHER_PERSON,
	OVERRIDE_TIMES_CHANGED,
	OVERRIDE_SHIFT_GONE,
	OVERRIDE_STANDINGS
};
enum override_standing override_standing_of(
    const char *dispute); /* as the database has it, or NULL */

/* One row of an override, beside its shift: one override may have several. */
struct kept_override {
	int64_t id, shift, made_at;
	uint32_t start, end;
	uint32_t person, instead;           /* people of the region; REGION_NONE */
	uint32_t third[OVERRIDE_THIRD_MAX]; /* likewise, the first nthird */
	uint32_t made_by, note;             /* places in the block's text; 0: none */
	uint8_t standing;                   /* enum override_standing */
	uint8_t took;                       /* 1: the calendar still has ${instead} */
	uint8_t nthird;
	uint8_t kind; /* enum override_kind */
	uint8_t late; /* 1: a correction, made when this time was over */
	uint8_t unused[3];
};

/* The bit of a person in the filter below. */
#define ROTA_CROWD_WORDS 4
static inline size_t
rota_crowd_word(uint32_t person)
{
	return person / 64 % ROTA_CROWD_WORDS;
}

static inline uint64_t
rota_crowd_bit(uint32_t person)
{
	return (uint64_t)1 << person % 64;
}

struct rota_block {
	unsigned refs;
	uint32_t count;
	uint32_t longest; /* longest shift in seconds: how far back a running one may begin */
	uint32_t nabsences;
	uint32_t text_len;
	uint32_t noverrides;
	uint64_t crowd[ROTA_CROWD_WORDS]; /* a Bloom filter of the people named, one bit for each */
	const char *text;
	const struct kept_override *overrides; /* by id */
	struct kept_shift shifts[];            /* by start, end, id */
};

/* The class of rows of an override of this kind. */
enum kept_class rota_block_kind_class(enum override_kind kind);

/* An empty one. */
struct rota_block *rota_block_empty(void);
struct rota_block *rota_block_ref(struct rota_block *block);
void rota_block_unref(struct rota_block *block);

/* Whether two blocks have the same content in the same order. */
bool rota_block_same(const struct rota_block *a, const struct rota_block *b);

/* Whether a shift may name ${person}. For most people who are not on the rota it says no without
 * reading any shift. */
bool rota_block_may_name(const struct rota_block *block, uint32_t person);

/* Index of the first shift that may overlap ${instant} or start after it. */
uint32_t rota_block_from(const struct rota_block *block, int64_t instant);

/* NULL if the shift has none. */
const char *rota_block_text(const struct rota_block *block, uint32_t place);

/* The override that a shift comes from; NULL if it is not known, as in a block that was made from
 * rows without it. */
const struct kept_override *rota_block_override(
    const struct rota_block *block, const struct kept_shift *shift);
