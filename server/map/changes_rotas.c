/* SPDX-License-Identifier: MIT */
#include "server/map/changes_private.h"

/* Which rotas differ between two snapshots, by their shifts and by those of their people. */

static void
move_person(struct finding *finding, const struct kept_shift *shift)
{
	struct span_time *moved;

	if (shift->person == REGION_NONE)
		return;
	if (finding->moved == NULL)
		finding->moved =
		    arena_array(finding->arena, finding->region->npeople, sizeof *finding->moved);
	moved = &finding->moved[shift->person];
	/* All zero: none yet. */
	if (moved->end == 0) {
		*moved = kept_shift_time(shift);
	} else {
		moved->start = shift->start < moved->start ? shift->start : moved->start;
		moved->end = shift->end > moved->end ? shift->end : moved->end;
	}
	finding->crowd[rota_crowd_word(shift->person)] |= rota_crowd_bit(shift->person);
}

/* By start, end and id, as blocks are sorted. */
static int
in_order(const struct kept_shift *a, const struct kept_shift *b)
{
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->end != b->end)
		return a->end < b->end ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

/* Without the texts, which move within the block when others change. */
static bool
same_person(const struct kept_shift *a, const struct kept_shift *b)
{
	return a->person == b->person && a->class == b->class && a->override == b->override &&
	       a->disputed == b->disputed;
}

/* The people of the shifts that are in one of the blocks only. */
static void
move_people(
    struct finding *finding, const struct rota_block *before, const struct rota_block *after)
{
	uint32_t i = 0, j = 0;

	while (i < before->count || j < after->count) {
		const struct kept_shift *a = i < before->count ? &before->shifts[i] : NULL;
		const struct kept_shift *b = j < after->count ? &after->shifts[j] : NULL;
		int order = a == NULL ? 1 : b == NULL ? -1 : in_order(a, b);
		bool same = order == 0 && same_person(a, b);

		if (order <= 0 && !same)
			move_person(finding, a);
		if (order >= 0 && !same)
			move_person(finding, b);
		i += order <= 0;
		j += order >= 0;
	}
}

static bool
block_differs(const struct rota_block *before, const struct rota_block *after)
{
	return before != after && !rota_block_same(before, after);
}

void
changes_find_rotas(struct finding *finding)
{
	const struct snapshot *before = finding->before->map, *after = finding->after->map;

	for (uint32_t i = 0; i < finding->region->nrotas; i++) {
		if (!block_differs(before->rotas[i], after->rotas[i]))
			continue;
		changes_touch_rota(finding, i);
		move_people(finding, before->rotas[i], after->rotas[i]);
	}
	if (block_differs(before->typed, after->typed))
		move_people(finding, before->typed, after->typed);
}

static bool
may_have_moved(const struct finding *finding, const struct rota_block *block)
{
	for (size_t i = 0; i < ROTA_CROWD_WORDS; i++)
		if ((finding->crowd[i] & block->crowd[i]) != 0)
			return true;
	return false;
}

static bool
has_moved(const struct finding *finding, const struct rota_block *block)
{
	for (uint32_t i = 0; i < block->count; i++) {
		const struct kept_shift *shift = &block->shifts[i];

		if (shift->person != REGION_NONE &&
		    span_overlap(kept_shift_time(shift), finding->moved[shift->person]))
			return true;
	}
	return false;
}

/* Rotas that have not changed, and have one of the people whose time has. */
void
changes_find_shared(struct finding *finding)
{
	if (finding->moved == NULL)
		return;
	for (uint32_t i = 0; i < finding->region->nrotas; i++) {
		const struct rota_block *block = finding->after->map->rotas[i];

		if (!finding->rotas[i] && may_have_moved(finding, block) &&
		    has_moved(finding, block))
			changes_touch_rota(finding, i);
	}
}
