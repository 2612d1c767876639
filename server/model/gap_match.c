/* SPDX-License-Identifier: MIT */
#include "server/model/gap_match.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/vec.h"

/* Which hole is which gap. */

struct pair {
	bool closed; /* the gap was filled: matched only if no open gap is */
	int64_t overlap;
	size_t hole, gap;
};

/* The id decides between equal starts, so that the result does not depend on the order of the
 * rows. */
static int
by_start(const void *a, const void *b)
{
	const struct gap *left = a, *right = b;

	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	return strcmp(left->id, right->id);
}

/* Open gaps before closed ones, then the greatest overlap, then the gap that starts first, then the
 * hole that starts first. pair_up() takes pairs in this order. */
static int
by_overlap(const void *a, const void *b)
{
	const struct pair *left = a, *right = b;

	if (left->closed != right->closed)
		return left->closed ? 1 : -1;
	if (left->overlap != right->overlap)
		return left->overlap > right->overlap ? -1 : 1;
	if (left->gap != right->gap)
		return left->gap < right->gap ? -1 : 1;
	return left->hole < right->hole ? -1 : 1;
}

static int64_t
overlap_of(const struct gap_hole *hole, const struct gap *gap)
{
	struct span_time both = span_clip(
	    (struct span_time){hole->start, hole->end}, (struct span_time){gap->start, gap->end});

	return both.end - both.start;
}

/* Whether ${hole} may continue ${gap}. A gap that was filled opens again only for the same cause: a
 * hole for another cause is other news. */
static bool
may_be(const struct gap_match_state *m, const struct gap_hole *hole, const struct gap *gap)
{
	/* Touching is no overlap: a hole that begins where a gap ends is another gap. */
	if (overlap_of(hole, gap) <= 0)
		return false;
	return gap->closed_at == 0 ||
	       (m->now < gap->closed_at + GAP_REOPEN_SECONDS && hole->cause == gap->cause);
}

/* Takes the pairs that overlap, best first, so that no hole and no gap is in two of them. Both
 * lists are sorted by start: gaps at the front that end before a hole begins cannot overlap a
 * later hole either. A gap further on may end early too, so may_be() tests each pair. */
static void
pair_up(struct gap_match_state *m)
{
	struct {
		struct pair *items;
		size_t count, capacity;
	} pairs = {0};
	size_t i, j, first = 0;

	for (i = 0; i < m->nholes; i++) {
		while (first < m->ngaps && m->gaps[first].end <= m->holes[i].start)
			first++;
		for (j = first; j < m->ngaps && m->gaps[j].start < m->holes[i].end; j++)
			if (may_be(m, &m->holes[i], &m->gaps[j]))
				*VEC_PUSH(m->arena, &pairs) = (struct pair){
				    .closed = m->gaps[j].closed_at != 0,
				    .overlap = overlap_of(&m->holes[i], &m->gaps[j]),
				    .hole = i,
				    .gap = j,
				};
	}
	if (pairs.count > 1)
		qsort(pairs.items, pairs.count, sizeof *pairs.items, by_overlap);
	for (i = 0; i < pairs.count; i++) {
		const struct pair *pair = &pairs.items[i];

		/* One of the two has a better partner. */
		if (m->gap_of_hole[pair->hole] != GAP_UNMATCHED ||
		    m->hole_of_gap[pair->gap] != GAP_UNMATCHED)
			continue;
		m->gap_of_hole[pair->hole] = pair->gap;
		m->hole_of_gap[pair->gap] = pair->hole;
	}
}

/* Takes the holes that are not over. A hole that is over must not continue a gap of which a later
 * part is still open. */
static void
take_holes(struct gap_match_state *m, struct gap_holes holes)
{
	size_t i;

	m->holes = arena_array(m->arena, holes.count, sizeof *m->holes);
	for (i = 0; i < holes.count; i++)
		if (holes.items[i].end > m->now)
			m->holes[m->nholes++] = holes.items[i];
}

static size_t *
nothing_matched(struct arena *arena, size_t count)
{
	size_t *items = arena_array(arena, count, sizeof *items), i;

	for (i = 0; i < count; i++)
		items[i] = GAP_UNMATCHED;
	return items;
}

struct gap_steps
gap_match(struct arena *arena, struct gap_holes holes, const struct gap *gaps, size_t ngaps,
    const struct gap_asked *asked)
{
	struct gap_match_state m = {
	    .arena = arena,
	    .gaps = arena_array(arena, ngaps, sizeof *m.gaps),
	    .ngaps = ngaps,
	    .gap_of_hole = nothing_matched(arena, holes.count),
	    .hole_of_gap = nothing_matched(arena, ngaps),
	    .now = asked->now,
	    .policy = asked->policy,
	    .window = asked->window,
	    /* No instant yet: note_at() takes the earliest. */
	    .next = INT64_MAX,
	};

	take_holes(&m, holes);
	if (ngaps > 0) {
		memcpy(m.gaps, gaps, ngaps * sizeof *m.gaps);
		qsort(m.gaps, ngaps, sizeof *m.gaps, by_start);
	}
	pair_up(&m);
	gap_decide(&m);
	return (struct gap_steps){.items = m.steps.items, .count = m.steps.count, .next = m.next};
}
