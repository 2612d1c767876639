/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/map/changes_private.h"

/* Swaps, and leave, that are new or have another state; also where the snapshot is the same, since an offer runs out as time
 * passes. One that is gone is over, which is no news. */

static bool
is_news(
    const struct finding *finding, const struct kept_swap *before, const struct kept_swap *after)
{
	return before == NULL || before->version != after->version ||
	       strcmp(kept_swap_state(before, finding->before->at),
		   kept_swap_state(after, finding->after->at)) != 0;
}

void
changes_find_swaps(struct finding *finding)
{
	const struct swaps *before = finding->before->map->swaps,
			   *after = finding->after->map->swaps;
	size_t i = 0;

	/* Nothing was read yet: what is there now is no news. */
	if (before->version < 0)
		return;
	for (size_t j = 0; j < after->count; j++) {
		const struct kept_swap *swap = &after->items[j], *was;

		while (i < before->count && swap_compare(&before->items[i], swap) < 0)
			i++;
		was = i < before->count && swap_compare(&before->items[i], swap) == 0
			  ? &before->items[i]
			  : NULL;
		if (is_news(finding, was, swap))
			*VEC_PUSH(finding->arena, &finding->changes) = (struct change){
			    .kind = swap->leave ? CHANGE_LEAVE : CHANGE_SWAP,
			    .place = REGION_NONE,
			    .rota = REGION_NONE,
			    .swap = swap,
			    .state = kept_swap_state(swap, finding->after->at),
			};
	}
}
