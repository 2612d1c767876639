/* SPDX-License-Identifier: MIT */
#include "server/map/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"

/* Each rota has an empty block from the start, so that readers need no check for NULL. */
struct snapshot *
snapshot_new(struct snapshot_region *setup, struct accounts *accounts)
{
	const struct region *region = setup->region;
	struct snapshot *snapshot = xcalloc(1, sizeof *snapshot);

	snapshot->refs = 1;
	snapshot->setup = setup;
	snapshot->accounts = accounts;
	/* One more, so that a region without rotas does not ask for zero bytes. */
	snapshot->rotas = xcalloc(region->nrotas + 1, sizeof(struct rota_block *));
	snapshot->feeds = xcalloc(region->nrotas + 1, sizeof(struct kept_feed *));
	snapshot->gaps = xcalloc(region->ndemands + 1, sizeof(struct gap_block *));
	snapshot->absences = xcalloc(1, sizeof *snapshot->absences);
	snapshot->absences->refs = 1;
	snapshot->remarks = remarks_none();
	snapshot->swaps = swaps_none();
	snapshot->protocols = protocols_none();
	snapshot->closings = closings_none();
	for (uint32_t i = 0; i < region->nrotas; i++)
		snapshot->rotas[i] = rota_block_empty();
	snapshot->typed = rota_block_empty();
	return snapshot;
}

/* Only the arrays of pointers are copied. The generation is copied too and is set again when the
 * copy is published. */
struct snapshot *
snapshot_copy(const struct snapshot *from)
{
	const struct region *region = from->setup->region;
	struct snapshot *copy = xmalloc(sizeof *copy);

	*copy = *from;
	copy->refs = 1;
	snapshot_region_ref(copy->setup);
	accounts_ref(copy->accounts);
	copy->absences->refs++;
	remarks_ref(copy->remarks);
	swaps_ref(copy->swaps);
	protocols_ref(copy->protocols);
	closings_ref(copy->closings);
	rota_block_ref(copy->typed);
	copy->rotas = xcalloc(region->nrotas + 1, sizeof(struct rota_block *));
	copy->feeds = xcalloc(region->nrotas + 1, sizeof(struct kept_feed *));
	copy->gaps = xcalloc(region->ndemands + 1, sizeof(struct gap_block *));
	for (uint32_t i = 0; i < region->nrotas; i++) {
		copy->rotas[i] = rota_block_ref(from->rotas[i]);
		copy->feeds[i] = kept_feed_ref(from->feeds[i]);
	}
	for (uint32_t i = 0; i < region->ndemands; i++)
		copy->gaps[i] = gap_block_ref(from->gaps[i]);
	return copy;
}

struct snapshot *
snapshot_ref(struct snapshot *snapshot)
{
	snapshot->refs++;
	return snapshot;
}

static void
absences_unref(struct absences *absences)
{
	if (--absences->refs == 0)
		free(absences);
}

void
snapshot_unref(struct snapshot *snapshot)
{
	if (snapshot == NULL || --snapshot->refs > 0)
		return;
	/* The set-up goes last: the lengths of the arrays are in it. */
	for (uint32_t i = 0; i < snapshot->setup->region->nrotas; i++) {
		rota_block_unref(snapshot->rotas[i]);
		kept_feed_unref(snapshot->feeds[i]);
	}
	for (uint32_t i = 0; i < snapshot->setup->region->ndemands; i++)
		gap_block_unref(snapshot->gaps[i]);
	absences_unref(snapshot->absences);
	remarks_unref(snapshot->remarks);
	swaps_unref(snapshot->swaps);
	protocols_unref(snapshot->protocols);
	closings_unref(snapshot->closings);
	rota_block_unref(snapshot->typed);
	snapshot_region_unref(snapshot->setup);
	accounts_unref(snapshot->accounts);
	free(snapshot->rotas);
	free(snapshot->feeds);
	free(snapshot->gaps);
	free(snapshot);
}

/* All setters are for a draft only. A snapshot that was published may be in use by an answer and is
 * never changed. */
void
snapshot_set_rota(struct snapshot *draft, uint32_t rota, struct rota_block *block)
{
	INVARIANT(rota < draft->setup->region->nrotas);
	rota_block_unref(draft->rotas[rota]);
	draft->rotas[rota] = block;
}

void
snapshot_set_typed(struct snapshot *draft, struct rota_block *block)
{
	rota_block_unref(draft->typed);
	draft->typed = block;
}

void
snapshot_set_feed(struct snapshot *draft, uint32_t rota, struct kept_feed *feed)
{
	INVARIANT(rota < draft->setup->region->nrotas);
	kept_feed_unref(draft->feeds[rota]);
	draft->feeds[rota] = feed;
}

void
snapshot_set_gaps(struct snapshot *draft, uint32_t demand, struct gap_block *gaps)
{
	INVARIANT(demand < draft->setup->region->ndemands);
	gap_block_unref(draft->gaps[demand]);
	draft->gaps[demand] = gaps;
}

void
snapshot_set_setup(struct snapshot *draft, struct snapshot_region *setup)
{
	INVARIANT(draft->setup->region->nrotas == setup->region->nrotas);
	INVARIANT(draft->setup->region->ndemands == setup->region->ndemands);
	INVARIANT(draft->setup->region->npeople == setup->region->npeople);
	snapshot_region_unref(draft->setup);
	draft->setup = setup;
}

void
snapshot_set_accounts(struct snapshot *draft, struct accounts *accounts)
{
	accounts_unref(draft->accounts);
	draft->accounts = accounts;
}

void
snapshot_set_swaps(struct snapshot *draft, struct swaps *swaps)
{
	swaps_unref(draft->swaps);
	draft->swaps = swaps;
}

void
snapshot_set_closings(struct snapshot *draft, struct closings *closings)
{
	closings_unref(draft->closings);
	draft->closings = closings;
}

void
snapshot_set_protocols(struct snapshot *draft, struct protocols *protocols)
{
	protocols_unref(draft->protocols);
	draft->protocols = protocols;
}

void
snapshot_set_remarks(struct snapshot *draft, struct remarks *remarks)
{
	remarks_unref(draft->remarks);
	draft->remarks = remarks;
}

/* Absences in calendars that name nobody of the region concern nobody. */
static size_t
gather_from(const struct rota_block *block, struct person_time *items)
{
	size_t count = 0;

	for (uint32_t i = 0; block->nabsences > 0 && i < block->count; i++) {
		const struct kept_shift *shift = &block->shifts[i];

		if (shift->class == KEPT_ABSENCE && shift->person != REGION_NONE)
			items[count++] = (struct person_time){
			    .person = shift->person, .start = shift->start, .end = shift->end};
	}
	return count;
}

/* Absences are collected from all rotas, since leave in the calendar of one rota takes the person
 * off every other one too. */
void
snapshot_gather_absences(struct snapshot *draft)
{
	uint32_t nrotas = draft->setup->region->nrotas;
	size_t most = draft->typed->nabsences;
	struct absences *absences;

	for (uint32_t i = 0; i < nrotas; i++)
		most += draft->rotas[i]->nabsences;
	absences = xmalloc(sizeof *absences + most * sizeof absences->items[0]);
	absences->refs = 1;
	absences->count = 0;
	for (uint32_t i = 0; i < nrotas; i++)
		absences->count += gather_from(draft->rotas[i], absences->items + absences->count);
	absences->count += gather_from(draft->typed, absences->items + absences->count);
	person_times_sort(absences->items, absences->count);
	absences_unref(draft->absences);
	draft->absences = absences;
}

/* Builds a list of its own; the other snapshots keep the one that they share. */
void
snapshot_hide_absences(struct snapshot *draft, uint32_t person)
{
	const struct absences *from = draft->absences;
	struct absences *absences =
	    xmalloc(sizeof *absences + from->count * sizeof absences->items[0]);

	absences->refs = 1;
	absences->count = 0;
	for (size_t i = 0; i < from->count; i++)
		if (from->items[i].person != person)
			absences->items[absences->count++] = from->items[i];
	absences_unref(draft->absences);
	draft->absences = absences;
}

struct person_times
snapshot_absences(const struct snapshot *snapshot)
{
	return (struct person_times){snapshot->absences->items, snapshot->absences->count};
}

bool
snapshot_away(const struct snapshot *snapshot, uint32_t person, int64_t instant)
{
	return person_times_has(snapshot_absences(snapshot), person, instant);
}

/* A requirement may apply to many places; together with the place it is one demand. */
uint32_t
snapshot_demand(const struct snapshot *snapshot, const char *requirement, const char *place)
{
	const struct region *region = snapshot->setup->region;
	uint32_t wanted = table_get(&region->requirement_by_id, requirement);
	uint32_t at = table_get(&region->place_by_code, place);

	if (wanted == TABLE_NONE || at == TABLE_NONE)
		return REGION_NONE;
	for (uint32_t i = 0; i < region->places[at].demands.count; i++) {
		uint32_t demand = region->places[at].demands.items[i];

		if (region->demands[demand].requirement == wanted)
			return demand;
	}
	return REGION_NONE;
}
