/* SPDX-License-Identifier: MIT */
#include "server/model/bundle_sweep.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/vec.h"
#include "server/model/bundle_private.h"

/* ------------------------------------------------------------------------------ one instant */

/* The members that a part may be filled from. */
static uint64_t
members_of(const struct region_demand *demand, const struct region_part *part)
{
	uint64_t members = 0;

	for (uint32_t i = 0; i < demand->nmembers; i++)
		for (uint32_t j = 0; j < part->functions.count; j++)
			if (demand->members[i].function == part->functions.items[j])
				members |= UINT64_C(1) << i;
	return members;
}

static struct bundling
begin(struct arena *arena, const struct demand_asked *asked)
{
	const struct region *region = asked->context.region;
	const struct region_demand *demand = &region->demands[asked->demand];
	struct bundling b = {
	    .arena = arena,
	    .asked = asked,
	    .region = region,
	    .demand = demand,
	    .requirement = &region->requirements[demand->requirement],
	    .swept = arena_array(arena, demand->nmembers, sizeof *b.swept),
	    .at = arena_array(arena, demand->nmembers, sizeof *b.at),
	    .hours = demand_hours(arena, &asked->context, asked->demand, asked->window),
	};
	struct sweep_rota *rotas = arena_array(arena, demand->nsupplies, sizeof *rotas);

	INVARIANT(b.requirement->nparts <= REGION_PARTS_MAX && demand->nmembers <= 64);
	for (uint32_t i = 0; i < b.requirement->nparts; i++) {
		const struct region_part *part = &b.requirement->parts[i];

		b.needs[i] = (struct bundle_need){members_of(demand, part), part->count,
		    part->different_teams, part->team_counts};
	}
	demand_cut(arena, asked, rotas);
	for (uint32_t i = 0; i < demand->nmembers; i++)
		b.swept[i] = bundle_sweep_member(&b, i, rotas);
	return b;
}

static const struct cover_span *
span_of(const struct bundling *b, uint32_t member)
{
	return &b->swept[member].items[b->at[member]];
}

/* Each person once, whatever the functions and the shifts. A line is of one rota, and so of one
 * function. */
static void
add_head(const struct bundling *b, uint32_t member, uint64_t who, struct bundle_head *heads,
    uint32_t *count)
{
	uint32_t i = 0;

	if ((who & SWEEP_LINE) != 0)
		who += (uint64_t)b->demand->members[member].supplies << 32;
	while (i < *count && heads[i].who != who)
		i++;
	if (i == *count) {
		(*count)++;
		heads[i] = (struct bundle_head){.who = who};
		if ((who & SWEEP_LINE) == 0)
			heads[i].team = region_person(b->region, (uint32_t)who)->team;
	}
	heads[i].functions |= UINT64_C(1) << member;
}

static uint32_t
gather_heads(const struct bundling *b, struct bundle_head **out)
{
	uint32_t most = 0, count = 0;

	for (uint32_t i = 0; i < b->demand->nmembers; i++)
		most += span_of(b, i)->nshifts;
	*out = arena_array(b->arena, most, sizeof **out);
	for (uint32_t i = 0; i < b->demand->nmembers; i++)
		for (uint32_t j = 0; j < span_of(b, i)->nshifts; j++)
			add_head(b, i, cover_span_member(span_of(b, i), j), *out, &count);
	return count;
}

static uint64_t
doubts_of(const struct bundling *b)
{
	uint64_t doubts = 0;

	for (uint32_t i = 0; i < b->demand->nmembers; i++)
		if (span_of(b, i)->state == COVER_UNKNOWN)
			doubts |= UINT64_C(1) << i;
	return doubts;
}

/* The first cause, in the order of the enum, of the members that are in ${state}. That nobody serves
 * the place for one function says nothing where another would do. */
static enum cover_cause
cause_among(const struct bundling *b, uint64_t members, bool unknown)
{
	enum cover_cause first = CAUSE_NONE;

	for (uint32_t i = 0; i < b->demand->nmembers; i++) {
		const struct cover_span *span = span_of(b, i);

		if ((members >> i & 1) == 0 || (span->state == COVER_UNKNOWN) != unknown)
			continue;
		if (first == CAUSE_NONE || first == CAUSE_NO_SOURCE ||
		    (span->cause < first && span->cause != CAUSE_NO_SOURCE))
			first = span->cause;
	}
	return first;
}

/* Whether only lines are on, where they do not count. */
static bool
is_line_alone(const struct bundling *b, const struct bundle_moment *moment, uint32_t part)
{
	bool line = false;

	for (uint32_t i = 0; i < moment->nheads; i++) {
		if ((moment->heads[i].functions & b->needs[part].functions) == 0)
			continue;
		if ((moment->heads[i].who & SWEEP_LINE) == 0)
			return false;
		line = true;
	}
	return line && !b->needs[part].team_counts;
}

static enum cover_cause
cause_of_part(const struct bundling *b, const struct bundle_moment *moment, uint32_t part)
{
	const struct bundle_part_state *state = &moment->bundle.parts[part];
	uint64_t members = b->needs[part].functions;
	enum cover_cause own, cause;

	if (state->state == COVER_COVERED)
		return CAUSE_NONE;
	if (state->state == COVER_UNKNOWN)
		return state->want == BUNDLE_WANT_TEAM
			   ? CAUSE_TEAMS_UNKNOWN
			   : cause_among(
				 b, state->want == BUNDLE_WANT_OTHERS ? UINT64_MAX : members, true);
	own = cause_among(b, members, false);
	cause = state->want == BUNDLE_WANT_OTHER_TEAM    ? CAUSE_ONE_TEAM
		: state->want == BUNDLE_WANT_SAME_PERSON ? CAUSE_SAME_PERSON
		: is_line_alone(b, moment, part)         ? CAUSE_TEAM_ONLY
							 : own;
	return own < cause && own != CAUSE_NO_SOURCE ? own : cause;
}

static bool
is_in_hours(const struct bundling *b, int64_t instant)
{
	for (size_t i = 0; i < b->hours.count; i++)
		if (span_has(b->hours.items[i], instant))
			return true;
	return false;
}

/* The cause is that of the worst part; of several, the first in the order of the enum. */
static void
judge(const struct bundling *b, int64_t instant, struct bundle_moment *out)
{
	struct bundle_head *heads;
	const struct bundle_state *bundle = &out->bundle;

	*out = (struct bundle_moment){.nheads = gather_heads(b, &heads)};
	out->heads = heads;
	bundle_judge(b->arena,
	    &(struct bundle_asked){
		b->needs, b->requirement->nparts, heads, out->nheads, doubts_of(b)},
	    &out->bundle);
	for (uint32_t i = 0; i < b->requirement->nparts; i++) {
		enum cover_cause cause = cause_of_part(b, out, i);

		out->causes[i] = cause;
		if (cause != CAUSE_NONE && bundle->parts[i].state == bundle->state &&
		    (out->cause == CAUSE_NONE || cause < out->cause))
			out->cause = cause;
	}
	out->state = bundle->state;
	if (is_in_hours(b, instant))
		return;
	out->state = COVER_NOT_COMMISSIONED;
	out->cause = CAUSE_NONE;
}

void
bundle_look(struct arena *arena, const struct demand_asked *asked, struct bundle_moment *out)
{
	struct bundling b = begin(arena, asked);

	judge(&b, asked->window.start, out);
}

/* ------------------------------------------------------------------------------------ the spans */

/* The ids of the shifts that count for any function, ascending. */
static void
list_shifts(const struct bundling *b, struct cover_span *span)
{
	int64_t *ids = arena_array(b->arena, SWEEP_SHIFTS_MAX, sizeof *ids);
	uint32_t n = 0, at;

	for (uint32_t i = 0; i < b->demand->nmembers; i++)
		for (uint32_t j = 0; j < span_of(b, i)->nshifts && n < SWEEP_SHIFTS_MAX; j++) {
			int64_t id = span_of(b, i)->shifts[j];

			for (at = n++; at > 0 && ids[at - 1] > id; at--)
				ids[at] = ids[at - 1];
			ids[at] = id;
		}
	span->shifts = n > 0 ? ids : NULL;
	span->nshifts = n;
}

static bool
is_same(const struct cover_span *a, const struct cover_span *b)
{
	return a->state == b->state && a->cause == b->cause && a->present == b->present &&
	       a->nshifts == b->nshifts &&
	       (a->nshifts == 0 ||
		   memcmp(a->shifts, b->shifts, a->nshifts * sizeof *a->shifts) == 0);
}

/* The next instant at which a function or the hours change. */
static int64_t
next_edge(const struct bundling *b, int64_t now)
{
	int64_t next = b->asked->window.end;

	for (uint32_t i = 0; i < b->demand->nmembers; i++)
		if (span_of(b, i)->end < next)
			next = span_of(b, i)->end;
	for (size_t i = 0; i < b->hours.count; i++) {
		const struct span_time *line = &b->hours.items[i];
		int64_t edge = line->start > now ? line->start : line->end;

		if (edge > now && edge < next)
			next = edge;
		if (line->start > now)
			break;
	}
	return next;
}

/* The members of the parts that are as bad as the whole. */
static uint64_t
faults_of(const struct bundling *b, const struct bundle_moment *moment)
{
	uint64_t members = 0;

	if (moment->state == COVER_COVERED || moment->state == COVER_NOT_COMMISSIONED)
		return 0;
	for (uint32_t i = 0; i < b->requirement->nparts; i++)
		if (moment->bundle.parts[i].state == moment->state)
			members |= b->needs[i].functions;
	return members;
}

static struct cover_span
span_at(const struct bundling *b, int64_t start, int64_t end, uint64_t *fault)
{
	struct bundle_moment moment;
	struct cover_span span = {.start = start, .end = end};

	judge(b, start, &moment);
	span.state = moment.state;
	span.cause = moment.cause;
	span.present = moment.bundle.present;
	span.required = moment.state == COVER_NOT_COMMISSIONED ? 0 : moment.bundle.required;
	list_shifts(b, &span);
	*fault = faults_of(b, &moment);
	return span;
}

struct cover_spans
bundle_sweep(struct arena *arena, const struct demand_asked *asked, const uint64_t **faults)
{
	struct bundling b = begin(arena, asked);
	VEC(struct cover_span) spans = {0};
	VEC(uint64_t) at_fault = {0};
	int64_t now = asked->window.start, next;

	for (; now < asked->window.end; now = next) {
		struct cover_span span, *last;
		uint64_t fault;

		for (uint32_t i = 0; i < b.demand->nmembers; i++)
			while (span_of(&b, i)->end <= now)
				b.at[i]++;
		next = next_edge(&b, now);
		span = span_at(&b, now, next, &fault);
		last = spans.count > 0 ? &spans.items[spans.count - 1] : NULL;
		if (last != NULL && is_same(last, &span)) {
			last->end = next;
			at_fault.items[spans.count - 1] |= fault;
			continue;
		}
		*VEC_PUSH(arena, &spans) = span;
		*VEC_PUSH(arena, &at_fault) = fault;
	}
	if (faults != NULL)
		*faults = at_fault.items;
	return (struct cover_spans){spans.items, spans.count};
}
