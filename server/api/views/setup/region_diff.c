/* SPDX-License-Identifier: MIT */
#include "server/api/views/setup/region_diff.h"

#include "server/model/region_compare.h"

void
region_diff_one(struct arena *arena, const struct region *before, const struct region *after,
    const struct region_diff_one *which, struct region_changes *out)
{
	struct region_change *change = arena_alloc(arena, sizeof *change);

	*change = (struct region_change){
	    .sign = '~',
	    .kind = which->kind->kind,
	    .code = region_kind_code(which->kind, after, which->index),
	    .what = region_compare_keys(arena, which->kind, before, after, which->index),
	};
	*out = (struct region_changes){change, change->what != NULL};
}
