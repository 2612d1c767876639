/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "server/map/lookup_private.h"

/* The order in which the functions of a place are read: what the place asks to see first, then what
 * is worst. */

/* The place of a function among those shown first; after all of them if it is not one. */
static uint32_t
place_in(const struct region_list *first, uint32_t function)
{
	uint32_t i = 0;

	while (i < first->count && first->items[i] != function)
		i++;
	return i;
}

bool
lookup_is_first(const struct lookup *lookup, const struct lookup_function *item)
{
	return place_in(&lookup->first, item->function) < lookup->first.count;
}

/* Functions that are shown first keep their order whatever their states, so that they are found
 * where they were yesterday. */
static int
by_order(const void *left, const void *right, void *ctx)
{
	const struct lookup_function *a = left, *b = right;
	const struct region_list *first = ctx;
	uint32_t at = place_in(first, a->function), other = place_in(first, b->function);
	int worst = cover_state_rank(a->state) - cover_state_rank(b->state);

	if (at != other)
		return at < other ? -1 : 1;
	if (worst != 0)
		return worst;
	return a->function < b->function ? -1 : 1;
}

void
lookup_sort(struct lookup *lookup, struct lookup_function *items)
{
	if (lookup->count > 1)
		qsort_r(items, lookup->count, sizeof *items, by_order, &lookup->first);
	lookup->items = items;
}
