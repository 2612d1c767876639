/* SPDX-License-Identifier: MIT */
#include "server/map/snapshot_move.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"

/* By person of the old set-up: the index in the new one; REGION_NONE: removed. People are found by
 * their id, which a region file may keep while everything else about them changes. */
static uint32_t *
move_people(const struct region *before, const struct region *after)
{
	uint32_t *people = xcalloc(before->npeople + 1, sizeof *people);

	for (uint32_t i = 0; i < before->npeople; i++)
		people[i] = after->npeople == 0
				? REGION_NONE
				: table_get(&after->person_by_id, region_person(before, i)->id);
	return people;
}

/* A person who was removed becomes nobody, so that the shift cannot pass to the person who has the
 * same index in the new set-up. */
static uint32_t
moved(const uint32_t *people, uint32_t person)
{
	return person == REGION_NONE ? REGION_NONE : people[person];
}

static struct kept_override
moved_override(const struct kept_override *from, const uint32_t *people)
{
	struct kept_override to = *from;

	to.person = moved(people, to.person);
	to.instead = moved(people, to.instead);
	for (unsigned i = 0; i < to.nthird; i++)
		to.third[i] = moved(people, to.third[i]);
	return to;
}

/* Copies the block with the people of the new set-up. */
static struct rota_block *
move_block(const struct rota_block *from, const uint32_t *people)
{
	struct arena *arena = arena_new(0);
	struct kept_shift *shifts = arena_array(arena, from->count + 1, sizeof *shifts);
	struct kept_override *overrides =
	    arena_array(arena, from->noverrides + 1, sizeof *overrides);
	struct kept_gone *gone = arena_array(arena, from->ngone + 1, sizeof *gone);
	struct rota_block *block;

	for (uint32_t i = 0; i < from->count; i++) {
		shifts[i] = from->shifts[i];
		/* The shift keeps its class. A named shift without a person of the region is
		 * undecided and does not count (shift_class_read()). */
		shifts[i].person = moved(people, from->shifts[i].person);
	}
	for (uint32_t i = 0; i < from->noverrides; i++)
		overrides[i] = moved_override(&from->overrides[i], people);
	for (uint32_t i = 0; i < from->ngone; i++) {
		gone[i] = from->gone[i];
		gone[i].person = moved(people, from->gone[i].person);
	}
	block = rota_block_new(&(struct rota_parts){
	    .shifts = shifts,
	    .overrides = overrides,
	    .traces = from->traces,
	    .gone = gone,
	    .text = {from->text, from->text_len},
	    .count = from->count,
	    .noverrides = from->noverrides,
	    .ntraces = from->ntraces,
	    .ngone = from->ngone,
	});
	arena_free(arena);
	return block;
}

/* The feed of a rota with a new source, as feeds_sync() leaves it: its shifts stay until the new
 * source is read. Shifts of the old source stay in force until the new one was read or a person
 * decides: a change of an address must not open gaps. */
static struct kept_feed *
other_feed(const struct kept_feed *from, enum region_source source)
{
	struct feed_facts facts = from->facts;

	facts.kind = kept_feed_kind_from(source);
	facts.standing = facts.reading == 0 ? FEED_NEVER : FEED_GOOD;
	facts.held_import = 0;
	facts.failures = 0;
	return kept_feed_new(&facts, NULL, NULL);
}

struct moving {
	struct snapshot *to;
	const struct snapshot *from;
	const uint32_t *people; /* by the people of ${from}: who they are in ${to} */
};

static void
move_rota(const struct moving *moving, uint32_t rota, uint32_t was, bool other_source)
{
	struct snapshot *to = moving->to;
	const struct snapshot *from = moving->from;
	const struct region_rota *before = &from->setup->region->rotas[was];
	enum region_source source = to->setup->region->rotas[rota].source;

	/* Typed shifts end when the rota is no longer typed. */
	if (!other_source || before->source != REGION_SOURCE_TYPED)
		snapshot_set_rota(to, rota, move_block(from->rotas[was], moving->people));
	if (from->feeds[was] != NULL)
		snapshot_set_feed(to, rota,
		    other_source ? other_feed(from->feeds[was], source)
				 : kept_feed_ref(from->feeds[was]));
}

/* Gaps are not carried over: what is a gap under the other set-up is what the caller asks about. */
struct snapshot *
snapshot_move(const struct snapshot *from, struct snapshot_region *setup, const bool *other_source)
{
	const struct region *before = from->setup->region, *after = setup->region;
	struct snapshot *to =
	    snapshot_new(snapshot_region_ref(setup), accounts_ref(from->accounts));
	uint32_t *people = move_people(before, after);

	to->mark = from->mark;
	to->window = from->window;
	for (uint32_t i = 0; after->nrotas > 0 && i < before->nrotas; i++) {
		uint32_t rota = table_get(&after->rota_by_id, before->rotas[i].id);

		if (rota != TABLE_NONE)
			move_rota(&(struct moving){to, from, people}, rota, i, other_source[rota]);
	}
	snapshot_set_typed(to, move_block(from->typed, people));
	/* Last: it reads every block. */
	snapshot_gather_absences(to);
	free(people);
	return to;
}
