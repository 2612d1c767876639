/* SPDX-License-Identifier: MIT */
#include "server/map/changes_private.h"

#include <stdlib.h>
#include <string.h>

void
changes_touch(struct finding *finding, uint32_t place, uint32_t function)
{
	*VEC_PUSH(finding->arena, &finding->touched) = (struct touched){place, function};
}

/* An absence calendar serves no place: it touches the rotas of its people. */
void
changes_touch_rota(struct finding *finding, uint32_t rota)
{
	const struct region *region = finding->region;
	const struct region_service *service;

	if (finding->rotas[rota] || region->rotas[rota].service == REGION_NONE)
		return;
	finding->rotas[rota] = true;
	service = &region->services[region->rotas[rota].service];
	for (uint32_t i = 0; i < service->places.count; i++)
		changes_touch(finding, service->places.items[i], service->function);
}

/* ------------------------------------------------------------------------------------- gaps */

static bool
same_text(const struct gap_block *a, uint32_t in_a, const struct gap_block *b, uint32_t in_b)
{
	const char *one = gap_block_text(a, in_a), *other = gap_block_text(b, in_b);

	return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

static bool
same_gap(const struct gap_block *a, const struct kept_gap *before, const struct gap_block *b,
    const struct kept_gap *after)
{
	struct kept_gap one = *before, other = *after;

	if (!same_text(a, one.acknowledged_by, b, other.acknowledged_by) ||
	    !same_text(a, one.note, b, other.note) || !same_text(a, one.notes, b, other.notes) ||
	    !same_text(a, one.risk, b, other.risk) || !same_text(a, one.group, b, other.group))
		return false;
	return one.start == other.start && one.end == other.end &&
	       one.opened_at == other.opened_at && one.changed_at == other.changed_at &&
	       one.acknowledged_at == other.acknowledged_at &&
	       one.acknowledged_until == other.acknowledged_until &&
	       one.accepted_until == other.accepted_until &&
	       one.acknowledged_as == other.acknowledged_as && one.closed_at == other.closed_at &&
	       one.settle_at == other.settle_at && one.present == other.present &&
	       one.required == other.required && one.state == other.state &&
	       one.cause == other.cause && one.alerts_sent == other.alerts_sent &&
	       one.told == other.told && one.lead == other.lead;
}

/* The gap of ${block} with the id of ${gap}, which is at ${hint} as long as none begins or ends
 * before it. */
static const struct kept_gap *
find_gap(const struct gap_block *block, const struct kept_gap *gap, uint32_t hint)
{
	if (block == NULL)
		return NULL;
	if (hint < block->count && memcmp(block->gaps[hint].id, gap->id, sizeof gap->id) == 0)
		return &block->gaps[hint];
	for (uint32_t i = 0; i < block->count; i++)
		if (memcmp(block->gaps[i].id, gap->id, sizeof gap->id) == 0)
			return &block->gaps[i];
	return NULL;
}

static void
add_gap(struct finding *finding, uint32_t demand, const struct kept_gap *gap, enum gap_change how)
{
	const struct region_demand *of = &finding->region->demands[demand];
	struct change *change = VEC_PUSH(finding->arena, &finding->changes);

	*change = (struct change){
	    .kind = CHANGE_GAP,
	    .place = of->place,
	    .rota = REGION_NONE,
	    .functions = &of->function,
	    .nfunctions = 1,
	    .how = how,
	};
	memcpy(change->gap, gap->id, sizeof change->gap);
	changes_touch(finding, of->place, of->function);
}

static enum gap_change
gap_change_of(const struct kept_gap *before, const struct kept_gap *after)
{
	if (after->acknowledged_at != 0 && after->acknowledged_at != before->acknowledged_at)
		return GAP_ACKNOWLEDGED;
	return GAP_CHANGED;
}

static void
compare_gaps(struct finding *finding, uint32_t demand)
{
	const struct gap_block *before = finding->before->map->gaps[demand],
			       *after = finding->after->map->gaps[demand];

	for (uint32_t i = 0; before != NULL && i < before->count; i++)
		if (find_gap(after, &before->gaps[i], i) == NULL)
			add_gap(finding, demand, &before->gaps[i], GAP_CLOSED);
	for (uint32_t i = 0; after != NULL && i < after->count; i++) {
		const struct kept_gap *gap = &after->gaps[i], *was = find_gap(before, gap, i);

		if (was == NULL)
			add_gap(finding, demand, gap, GAP_OPENED);
		else if (!same_gap(before, was, after, gap))
			add_gap(finding, demand, gap, gap_change_of(was, gap));
	}
}

static void
find_gaps(struct finding *finding)
{
	for (uint32_t i = 0; i < finding->region->ndemands; i++)
		if (finding->before->map->gaps[i] != finding->after->map->gaps[i])
			compare_gaps(finding, i);
}

/* ---------------------------------------------------------------------------------- sources */

int32_t
changes_waiting(const struct kept_feed *feed)
{
	if (feed == NULL)
		return 0;
	return feed->facts.to_decide + (feed->facts.held_import != 0);
}

static enum feed_standing
standing_of(const struct kept_feed *feed)
{
	return feed == NULL ? FEED_NEVER : feed->facts.standing;
}

static const char *
fault_of(const struct kept_feed *feed)
{
	return feed == NULL ? "" : feed->fault;
}

/* Whether answers about the source differ. Not by when it was last checked, which changes with
 * each check: the freshness says what matters of it. */
static bool
told_differently(const struct kept_feed *a, int64_t then, const struct kept_feed *b, int64_t now)
{
	return standing_of(a) != standing_of(b) || strcmp(fault_of(a), fault_of(b)) != 0 ||
	       kept_feed_freshness(a, then) != kept_feed_freshness(b, now) ||
	       (a == NULL) != (b == NULL) ||
	       (a != NULL && (a->facts.upload != b->facts.upload ||
				 a->facts.held_import != b->facts.held_import ||
				 strcmp(a->warnings, b->warnings) != 0));
}

static void
compare_feeds(struct finding *finding, uint32_t rota)
{
	const struct kept_feed *before = finding->before->map->feeds[rota],
			       *after = finding->after->map->feeds[rota];
	struct change change = {
	    .place = REGION_NONE,
	    .rota = rota,
	    .standing = standing_of(after),
	    .freshness = kept_feed_freshness(after, finding->after->at),
	    .waiting = changes_waiting(after),
	};

	if (told_differently(before, finding->before->at, after, finding->after->at)) {
		change.kind = CHANGE_FEED;
		*VEC_PUSH(finding->arena, &finding->changes) = change;
		changes_touch_rota(finding, rota);
	}
	if (kept_feed_horizon(before) != kept_feed_horizon(after))
		changes_touch_rota(finding, rota);
	if (changes_waiting(before) != change.waiting) {
		change.kind = CHANGE_DECISION;
		*VEC_PUSH(finding->arena, &finding->changes) = change;
	}
}

/* Also where the snapshot is the same: a source loses its freshness as time passes. */
static void
find_feeds(struct finding *finding)
{
	for (uint32_t i = 0; i < finding->region->nrotas; i++)
		compare_feeds(finding, i);
}

/* ------------------------------------------------------------------------------------- whole */

static int
by_place(const void *left, const void *right)
{
	const struct touched *a = left, *b = right;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return (a->function > b->function) - (a->function < b->function);
}

/* One change for each place. */
static void
gather_places(struct finding *finding)
{
	const struct touched *items = finding->touched.items;
	size_t count = finding->touched.count;

	if (count > 1)
		qsort(finding->touched.items, count, sizeof *items, by_place);
	for (size_t first = 0, end; first < count; first = end) {
		uint32_t *functions, n = 0;

		for (end = first; end < count && items[end].place == items[first].place;)
			end++;
		functions = arena_array(finding->arena, end - first, sizeof *functions);
		for (size_t i = first; i < end; i++)
			if (i == first || items[i].function != items[i - 1].function)
				functions[n++] = items[i].function;
		*VEC_PUSH(finding->arena, &finding->changes) = (struct change){
		    .kind = CHANGE_COVERAGE,
		    .place = items[first].place,
		    .rota = REGION_NONE,
		    .functions = functions,
		    .nfunctions = n,
		};
	}
}

bool
changes_find(struct arena *arena, const struct map_look *before, const struct map_look *after,
    struct changes *out)
{
	struct finding finding = {
	    .arena = arena,
	    .before = before,
	    .after = after,
	    .region = after->map->setup->region,
	};

	*out = (struct changes){0};
	finding.rotas = arena_array(arena, finding.region->nrotas + 1, sizeof *finding.rotas);
	if (!changes_find_setup(&finding))
		return false;
	/* It is told at its places and all below them, and seldom changes. */
	if (before->map->closings != after->map->closings)
		return false;
	if (before->map != after->map) {
		changes_find_rotas(&finding);
		changes_find_shared(&finding);
		find_gaps(&finding);
		changes_find_remarks(arena, before, after, &finding.changes);
		changes_find_protocols(&finding);
	}
	find_feeds(&finding);
	changes_find_swaps(&finding);
	changes_find_ladders(&finding);
	gather_places(&finding);
	*out = (struct changes){finding.changes.items, finding.changes.count};
	return true;
}
