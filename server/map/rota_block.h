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

/* What a subscriber's calendar must know of a row of the table shift: which entry of its source it is, the
 * same for every version of it, and when what it shows last changed. */
struct kept_trace {
	int64_t shift;    /* id of the row */
	uint64_t entry;   /* hash of the rota and of the entry's key there */
	uint32_t changed; /* by the row itself, or by an override over it */
	uint32_t unused;
};

/* An entry that is not shown any more, for a while, so that subscribers are told that it is cancelled: its source
 * has dropped it, or names somebody else, or an override has taken all of it. */
struct kept_gone {
	uint64_t entry;      /* as in struct kept_trace */
	uint32_t start, end; /* as it was shown last */
	uint32_t person;     /* whom it named; REGION_NONE */
	uint32_t changed;    /* when it went */
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
	uint32_t ntraces, ngone;
	uint64_t crowd[ROTA_CROWD_WORDS]; /* a Bloom filter of the people named, one bit for each */
	const char *text;
	const struct kept_override *overrides; /* by id */
	const struct kept_trace *traces;       /* by shift; none in a block that was made otherwise
						  than from rows of the present */
	const struct kept_gone *gone;          /* by entry, then person; likewise */
	struct kept_shift shifts[];            /* by start, end, id */
};

/* The class of rows of an override of this kind. */
enum kept_class rota_block_kind_class(enum override_kind kind);

/* What a block is made of; each list in the order that the block has it. The texts are places in ${text}. */
struct rota_parts {
	const struct kept_shift *shifts;
	const struct kept_override *overrides;
	const struct kept_trace *traces;
	const struct kept_gone *gone;
	struct slice text;
	uint32_t count, noverrides, ntraces, ngone;
};

/* A block with copies of them. One reference, yours. */
struct rota_block *rota_block_new(const struct rota_parts *parts);

/* An empty one. */
struct rota_block *rota_block_empty(void);
struct rota_block *rota_block_ref(struct rota_block *block);
void rota_block_unref(struct rota_block *block);

/* Whether two blocks have the same content in the same order, traces apart: they say nothing of their own. */
bool rota_block_same(const struct rota_block *a, const struct rota_block *b);

/* Whether the traces, and what has gone, are the same. */
bool rota_block_same_traces(const struct rota_block *a, const struct rota_block *b);

/* Whether a shift may name ${person}. For most people who are not on the rota it says no without
 * reading any shift. */
bool rota_block_may_name(const struct rota_block *block, uint32_t person);

/* Index of the first shift that may overlap ${instant} or start after it. */
uint32_t rota_block_from(const struct rota_block *block, int64_t instant);

/* NULL if the shift has none. */
const char *rota_block_text(const struct rota_block *block, uint32_t place);

/* The trace of the row ${shift} among ${count} ones, which are by shift; NULL: none. */
const struct kept_trace *rota_trace_of(
    const struct kept_trace *traces, size_t count, int64_t shift);

/* The trace of a shift; NULL: none. */
const struct kept_trace *rota_block_trace(
    const struct rota_block *block, const struct kept_shift *shift);

/* The override that a shift comes from; NULL if it is not known, as in a block that was made from
 * rows without it. */
const struct kept_override *rota_block_override(
    const struct rota_block *block, const struct kept_shift *shift);
