/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region_patch.h"

/*
 * The region that a process keeps: read whole once, then patched object by object (region_patch.h).
 * Each is immutable and counted, because work under way may outlive it; a patched one shares with
 * the one that was read whole all that has not changed since.
 */
struct region_shared {
	unsigned refs;
	struct arena *arena;
	const struct region *region;
	struct region_shared *base; /* NULL: it was read whole itself */
	struct slice document;      /* as it was read whole */
	struct region_edit **edits; /* since: for each object that changed, as it is now */
	size_t nedits;
};

/* So many different objects may have changed before the whole file is to be read again: what was
 * read of each is kept beside the whole. */
#define REGION_EDITS_MAX 1000

/* The caller owns one reference. STATUS_MALFORMED: it has ${faults}, which live in ${arena}. */
MUST_USE enum status region_shared_read(struct arena *arena, struct slice document,
    struct region_zones zones, struct region_shared **out, struct region_faults *faults);

/* For a version of the database: the region is version ${version}. Before others see it. */
void region_shared_number(struct region_shared *shared, int64_t version);

/* One object that has changed, as region_patch() has it. ${patch} needs no arena of texts. The
 * caller owns one reference; ${made}, ${faults} as there, but faults live in ${arena}. */
struct region_shared_made {
	struct region_shared *shared;
	uint32_t index;
	const char *keys; /* lives as long as ${shared} */
};
enum region_patched region_shared_patch(struct arena *arena, struct region_shared *from,
    const struct region_patch *patch, struct region_shared_made *out, struct region_faults *faults);

/* What a change was, for those who keep something beside the region. */
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
 * Takes up what the database says has changed since ${from}, as version ${version}: ${changes} is a
 * JSON list of {"kind", "item"} (setup_since in 0001_set_up.sql). NULL: it is to be read whole.
 * Else the caller owns one reference, and ${takens} in ${arena} says what was taken.
 */
struct region_shared_since {
	int64_t version;
	struct slice changes; /* empty: the database cannot say it object by object */
	struct region_zones zones;
};
struct region_shared *region_shared_take(struct arena *arena, struct region_shared *from,
    const struct region_shared_since *since, struct region_takens *takens);

/* Whether one of them differs in a key of ${kind} that is in ${keys}, or in any if that is NULL. */
bool region_takens_touch(
    const struct region_takens *takens, const struct region_kind *kind, const char *keys);

/* The region as a file. In ${arena}, or that of ${shared}. */
struct slice region_shared_document(struct arena *arena, const struct region_shared *shared);

struct region_shared *region_shared_ref(struct region_shared *shared);
void region_shared_unref(struct region_shared *shared); /* NULL: nothing */
