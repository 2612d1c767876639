/* SPDX-License-Identifier: MIT */
#include "server/map/swaps.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"

/* As long as the record tells of a swap that is over (swaps_since). */
#define OVER_SECONDS 86400

static struct swaps *
new_of(size_t count, int64_t version)
{
	struct swaps *swaps = xcalloc(1, sizeof *swaps + count * sizeof *swaps->items);

	swaps->refs = 1;
	swaps->version = version;
	return swaps;
}

struct swaps *
swaps_none(void)
{
	return new_of(0, -1);
}

struct swaps *
swaps_ref(struct swaps *swaps)
{
	swaps->refs++;
	return swaps;
}

void
swaps_unref(struct swaps *swaps)
{
	if (swaps != NULL && --swaps->refs == 0)
		free(swaps);
}

int
swap_compare(const struct kept_swap *x, const struct kept_swap *y)
{
	if (x->leave != y->leave)
		return x->leave ? 1 : -1;
	return (x->id > y->id) - (x->id < y->id);
}

static void
add(struct swaps *to, const struct kept_swap *swap, int64_t now)
{
	if (swap->end + OVER_SECONDS > now)
		to->items[to->count++] = *swap;
}

struct swaps *
swaps_changed(const struct swaps *from, const struct swaps_change *change)
{
	struct swaps *to = new_of(from->count + change->count, change->version);
	size_t i = 0, j = 0;

	/* Both are in one order, so one pass merges them; of one id the newer row is taken. */
	while (i < from->count || j < change->count) {
		bool newer =
		    j < change->count &&
		    (i == from->count || swap_compare(&change->items[j], &from->items[i]) <= 0);

		if (newer && i < from->count &&
		    swap_compare(&from->items[i], &change->items[j]) == 0)
			i++;
		add(to, newer ? &change->items[j++] : &from->items[i++], change->now);
	}
	return to;
}

const char *
kept_swap_state(const struct kept_swap *swap, int64_t at)
{
	return strcmp(swap->state, "offered") == 0 && swap->expires <= at ? "expired" : swap->state;
}
