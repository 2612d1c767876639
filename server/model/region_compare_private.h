/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region_compare.h"

/* Internal to region_compare_*.c: what the comparisons of several kinds of things share. */

/* Two set-ups, and the kind of things that are compared. */
struct region_pair_of_kind {
	const struct region *a, *b;
	const struct region_kind *kind;
};

/* Whether two references are to one thing, which may have been renamed between the two set-ups. */
bool region_same_ref(const struct region_pair_of_kind *pair, uint32_t i, uint32_t j);
/* The same of lists; the order counts. */
bool region_same_refs(
    const struct region_pair_of_kind *pair, struct region_list i, struct region_list j);

/* The things of one kind in both set-ups, for comparing references by code. */
#define PAIR(kind) (&(struct region_pair_of_kind){a, b, &region_kinds[REGION_KIND_##kind]})
#define SAME_REF(kind, i, j) region_same_ref(PAIR(kind), (i), (j))
#define SAME_REFS(kind, i, j) region_same_refs(PAIR(kind), (i), (j))

/* The number of a bit is the place of its key in the kind's list of keys (region_compare.c). */
#define BIT(n, differs) ((differs) ? 1U << (n) : 0U)

bool region_same_dated_places(const struct region *a, const struct region_dated_places *i,
    const struct region *b, const struct region_dated_places *j);
bool region_same_hours(
    const struct region_hours *a, uint32_t na, const struct region_hours *b, uint32_t nb);
