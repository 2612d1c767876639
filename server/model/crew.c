/* SPDX-License-Identifier: MIT */
#include "server/model/crew.h"

#include <string.h>

#include "server/base/hash.h"

/* Room for 16 members at first: most demands have fewer people in all. */
#define CREW_FIRST_BITS 5

void
crew_init(struct crew *crew, struct arena *arena)
{
	*crew = (struct crew){.arena = arena, .bits = CREW_FIRST_BITS};
	crew->capacity = 1U << (CREW_FIRST_BITS - 1);
	crew->members = arena_array(arena, crew->capacity, sizeof *crew->members);
	crew->slots = arena_array(arena, (size_t)1 << crew->bits, sizeof *crew->slots);
}

/* Keys are small indexes, which one multiplication spreads well enough. */
static uint32_t *
slot_of(const struct crew *crew, uint64_t key)
{
	uint32_t mask = (1U << crew->bits) - 1;
	/* The upper bits: those of a product are spread best. */
	uint32_t at = (uint32_t)((hash_spread(key)) >> (64 - crew->bits));

	while (crew->slots[at] != 0 && crew->members[crew->slots[at] - 1].key != key)
		at = (at + 1) & mask;
	return &crew->slots[at];
}

/* Doubles slots and members, so that at most half of the slots are used. */
static void
grow(struct crew *crew)
{
	struct crew_member *members =
	    arena_array(crew->arena, (size_t)crew->capacity * 2, sizeof *members);
	uint32_t i;

	memcpy(members, crew->members, crew->count * sizeof *members);
	crew->members = members;
	crew->capacity *= 2;
	crew->bits++;
	crew->slots = arena_array(crew->arena, (size_t)1 << crew->bits, sizeof *crew->slots);
	for (i = 0; i < crew->count; i++)
		*slot_of(crew, members[i].key) = i + 1;
}

uint32_t
crew_member_of(struct crew *crew, uint64_t key, bool *fresh)
{
	uint32_t *slot = slot_of(crew, key);

	*fresh = *slot == 0;
	if (!*fresh)
		return *slot - 1;
	if (crew->count == crew->capacity) {
		grow(crew);
		slot = slot_of(crew, key);
	}
	crew->members[crew->count] = (struct crew_member){.key = key};
	*slot = ++crew->count;
	return crew->count - 1;
}

/* Why the member does not count, by the first reason that applies; CREW_OUTS: it counts. */
static enum crew_out
first_reason(const struct crew_member *member)
{
	enum crew_out reason = 0;

	while (reason < CREW_OUTS && member->out[reason] == 0)
		reason++;
	return reason;
}

/* Adds ${member} to the totals or removes it, according to its current counts. A person is counted
 * in one total only, the first that applies: who lacks the function lacks it whether or not they
 * are away. */
static void
tally(struct crew *crew, const struct crew_member *member, int by)
{
	enum crew_out reason = first_reason(member);

	if (member->lacks)
		crew->lacking += by;
	else if (reason < CREW_OUTS)
		crew->out[reason] += by;
	else
		crew->present += by;
}

bool
crew_counts(const struct crew_member *member)
{
	return !member->lacks && first_reason(member) == CREW_OUTS;
}

/* Before the member is first counted, so no total has to be corrected. */
void
crew_lacks(struct crew *crew, uint32_t member)
{
	crew->members[member].lacks = true;
}

void
crew_on(struct crew *crew, uint32_t member, int by)
{
	struct crew_member *m = &crew->members[member];
	bool before = m->on > 0;

	/* Counted, not set: two shifts of one person may overlap, and the person is on until both
	 * have ended. */
	m->on += (uint32_t)by;
	if (before != (m->on > 0))
		tally(crew, m, by);
}

/* Taken out of the totals and put back, because the person may go from one total to another. */
void
crew_out(struct crew *crew, uint32_t member, enum crew_out reason, int by)
{
	struct crew_member *m = &crew->members[member];

	if (m->on > 0)
		tally(crew, m, -1);
	m->out[reason] += (uint32_t)by;
	if (m->on > 0)
		tally(crew, m, 1);
}
