/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region_patch.h"

/*
 * The region that a process keeps in memory: read as a whole once, and then patched object by object
 * (region_patch.h). Each version is immutable and reference-counted, because requests and sweeps that began
 * with it may end after the next one. A patched version shares everything that has not changed with the one
 * that was read as a whole.
 */
struct region_shared {
	unsigned refs;
	struct arena *arena;
	const struct region *region;
	struct region_shared *base; /* the version that was read as a whole; NULL: this one was */
	struct slice document;      /* the region file of that version */
	struct region_edit **edits; /* for each object that has changed since, its present form */
	size_t nedits;
};

/* How many different objects may have changed before the whole file must be read again: the memory of each is
 * kept in addition to that of the whole. */
#define REGION_EDITS_MAX 1000

/* Reads a whole region file. With STATUS_OK the caller owns one reference to ${out}; STATUS_MALFORMED: it has
 * faults. ${faults} (also warnings) are allocated from ${arena}. */
MUST_USE enum status region_shared_read(struct arena *arena, struct slice document,
    struct region_zones zones, struct region_shared **out, struct region_faults *faults);

/* Sets the version that the database gives it. Only before anybody else has a reference. */
void region_shared_number(struct region_shared *shared, int64_t version);

/* A new version of ${from} in which one object has changed, by region_patch(). ${patch} needs no arena of texts.
 * With REGION_PATCHED the caller owns one reference to the shared region in ${out}. Faults are allocated from
 * ${arena}. */
struct region_shared_made {
	struct region_shared *shared;
	uint32_t index;
	const char *keys; /* lives as long as ${shared} */
};
enum region_patched region_shared_patch(struct arena *arena, struct region_shared *from,
    const struct region_patch *patch, struct region_shared_made *out, struct region_faults *faults);

/* A change that was taken up, for callers that keep something computed from the region. */
struct region_taken {
	const struct region_kind *kind;
	uint32_t index;
	const char *keys; /* NULL: none differs */
};
struct region_takens {
	const struct region_taken *items;
	size_t count;
};

/*
 * A new version of ${from} with the changes that the database lists: ${changes} is a JSON list of {"kind",
 * "item"} (setup_since in 0001_set_up.sql). NULL: the region must be read as a whole. Otherwise the caller owns
 * one reference, and ${takens}, in ${arena}, says what has changed.
 */
struct region_shared_since {
	int64_t version;
	struct slice changes; /* empty: the database cannot say it object by object */
	struct region_zones zones;
};
struct region_shared *region_shared_take(struct arena *arena, struct region_shared *from,
    const struct region_shared_since *since, struct region_takens *takens);

/* Whether an object of ${kind} has changed in one of ${keys}; if that is NULL, in any key. */
bool region_takens_touch(
    const struct region_takens *takens, const struct region_kind *kind, const char *keys);

/* The objects that are others in ${to} than in ${from}, in ${arena}; one may be there
 * twice. False: the two were not patched from one that was read whole, so that nobody knows. */
struct region_edited {
	const struct region_kind *kind;
	uint32_t index;
};
struct region_edited_list {
	const struct region_edited *items;
	size_t count;
};
bool region_shared_edited(struct arena *arena, const struct region_shared *from,
    const struct region_shared *to, struct region_edited_list *out);

/* The region as a file, allocated from ${arena} or borrowed from ${shared}. */
struct slice region_shared_document(struct arena *arena, const struct region_shared *shared);

struct region_shared *region_shared_ref(struct region_shared *shared);
void region_shared_unref(struct region_shared *shared); /* NULL: nothing */
