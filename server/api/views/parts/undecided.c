/* SPDX-License-Identifier: MIT */
#include "server/api/views/parts/undecided.h"

#include <stdlib.h>
#include <string.h>

/* The title that decides the most shifts comes first; of equal ones the one that is needed
 * soonest. */
static int
heaviest(const void *left, const void *right)
{
	const struct undecided *a = left, *b = right;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	if (a->next != b->next)
		return a->next < b->next ? -1 : 1;
	return strcmp(a->title, b->title);
}

/* Entries in a dispute are left out: a person decides those by withdrawing the override or
 * correcting the calendar, and a rule for the title would not help. */
struct undecided_list
undecided_of(struct ask *ask, uint32_t rota, const struct table *left)
{
	const struct rota_block *block = ask->map->rotas[rota];
	VEC(struct undecided) found = {0};
	struct table index;

	table_init(&index, ask->arena, 64);
	for (uint32_t i = rota_block_from(block, ask->now); i < block->count; i++) {
		const struct kept_shift *shift = &block->shifts[i];
		const char *title = rota_block_text(block, shift->title);
		uint32_t known;

		if (shift->class != KEPT_UNDECIDED || shift->disputed || title == NULL ||
		    (int64_t)shift->end <= ask->now || table_get(left, title) != TABLE_NONE)
			continue;
		known = table_put(&index, ask->arena, title, (uint32_t)found.count);
		/* Shifts are in the order of their starts: the first one is the next. */
		if (known == TABLE_NONE)
			*VEC_PUSH(ask->arena, &found) =
			    (struct undecided){.title = title, .count = 1, .next = shift->start};
		else
			found.items[known].count++;
	}
	if (found.count > 1)
		qsort(found.items, found.count, sizeof *found.items, heaviest);
	return (struct undecided_list){
	    .items = found.items,
	    .count = found.count < UNDECIDED_MAX ? found.count : UNDECIDED_MAX,
	    .all = found.count,
	};
}
