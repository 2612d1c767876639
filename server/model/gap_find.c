/* SPDX-License-Identifier: MIT */
#include "server/base/vec.h"
#include "server/model/gap.h"

/* From spans to holes. */

static bool
is_uncovered(enum cover_state state)
{
	return state == COVER_GAP || state == COVER_SHORT || state == COVER_UNKNOWN;
}

/* Causes that last as long as the source stays as it is, whatever the time of day. */
static bool
is_of_the_source(enum cover_cause cause)
{
	return cause == CAUSE_NO_SOURCE || cause == CAUSE_SOURCE_UNKNOWN ||
	       cause == CAUSE_NEVER_READ || cause == CAUSE_PAST_HORIZON;
}

/* Whether ${span} continues the hole whose last span is ${last}. */
static bool
goes_on(const struct cover_span *last, const struct cover_span *span)
{
	if (!last || last->state != span->state)
		return false;
	return last->end == span->start ||
	       (is_of_the_source(last->cause) && is_of_the_source(span->cause));
}

static void
widen(struct gap_hole *hole, const struct cover_span *span)
{
	hole->end = span->end;
	/* The order of the enum: the most telling cause first. */
	if (span->cause < hole->cause)
		hole->cause = span->cause;
	if (span->present < hole->present)
		hole->present = span->present;
}

struct gap_holes
gap_find(struct arena *arena, struct cover_spans spans)
{
	struct {
		struct gap_hole *items;
		size_t count, capacity;
	} holes = {0};
	const struct cover_span *last = NULL; /* of the hole that may continue; NULL: none */
	size_t i;

	for (i = 0; i < spans.count; i++) {
		const struct cover_span *span = &spans.items[i];

		/* Hours that are not commissioned neither continue a hole nor end it: whether two
		 * nights are one hole depends on their cause alone (goes_on). */
		if (span->state == COVER_NOT_COMMISSIONED)
			continue;
		if (!is_uncovered(span->state)) {
			last = NULL;
			continue;
		}
		if (goes_on(last, span))
			widen(&holes.items[holes.count - 1], span);
		else
			*VEC_PUSH(arena, &holes) = (struct gap_hole){
			    .start = span->start,
			    .end = span->end,
			    .state = span->state,
			    .cause = span->cause,
			    .present = span->present,
			    .required = span->required,
			};
		last = span;
	}
	return (struct gap_holes){.items = holes.items, .count = holes.count};
}
