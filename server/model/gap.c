/* SPDX-License-Identifier: MIT */
#include "server/model/gap_run.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/vec.h"

#define HOUR INT64_C(3600)

const char *
gap_severity_name(enum gap_severity severity)
{
	static const char *const names[] = {
	    [GAP_NORMAL] = "normal",
	    [GAP_HIGH] = "high",
	    [GAP_CRITICAL] = "critical",
	};

	return names[severity];
}

enum gap_severity
gap_severity_named(const char *name)
{
	int severity = GAP_NORMAL;

	while (name != NULL && severity < GAP_CRITICAL &&
	       strcmp(name, gap_severity_name((enum gap_severity)severity)) != 0)
		severity++;
	return (enum gap_severity)severity;
}

enum gap_severity
gap_severity_of(struct region_severity bands, enum cover_state state, int64_t lead_seconds)
{
	if (lead_seconds < bands.critical_hours * HOUR)
		return state == COVER_UNKNOWN ? GAP_HIGH : GAP_CRITICAL;
	return lead_seconds < bands.high_hours * HOUR ? GAP_HIGH : GAP_NORMAL;
}

/* The first second at which less than ${hours} are left before ${start}. */
static int64_t
below(int64_t start, int32_t hours)
{
	return start - hours * HOUR + 1;
}

int64_t
gap_alert_at(const struct region_alert *alert, int64_t start)
{
	return alert->lead_hours == 0 ? start : below(start, alert->lead_hours);
}

bool
gap_awaits(bool acknowledged, enum gap_severity as, enum gap_severity severity)
{
	return !acknowledged || severity > as;
}

struct gap_policy
gap_policy_of(const struct region_requirement *requirement)
{
	return (struct gap_policy){
	    .tolerance = (int64_t)requirement->tolerance_minutes * 60,
	    .severity = requirement->severity,
	    .alerts = requirement->alerts,
	    .nalerts = requirement->nalerts,
	};
}

/* ---- Holes. */

static bool
is_uncovered(enum cover_state state)
{
	return state == COVER_GAP || state == COVER_SHORT || state == COVER_UNKNOWN;
}

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

/* ---- Which hole is which gap. */

#define NO_GAP SIZE_MAX

struct pair {
	bool closed; /* the gap was filled: matched only if no open gap is */
	int64_t overlap;
	size_t hole, gap;
};

struct match {
	struct arena *arena;
	struct gap_hole *holes; /* a copy, because starts may be set back before the window */
	size_t nholes;
	struct gap *gaps; /* by start */
	size_t ngaps;
	size_t *gap_of_hole, *hole_of_gap; /* NO_GAP: none */
	int64_t now;
	const struct gap_policy *policy;
	struct span_time window;
	struct {
		struct gap_step *items;
		size_t count, capacity;
	} steps;
	int64_t next;
};

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

/* Whether ${hole} may continue ${gap}. */
static bool
may_be(const struct match *m, const struct gap_hole *hole, const struct gap *gap)
{
	if (overlap_of(hole, gap) <= 0)
		return false;
	return gap->closed_at == 0 ||
	       (m->now < gap->closed_at + GAP_REOPEN_SECONDS && hole->cause == gap->cause);
}

static void
pair_up(struct match *m)
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

		if (m->gap_of_hole[pair->hole] != NO_GAP || m->hole_of_gap[pair->gap] != NO_GAP)
			continue;
		m->gap_of_hole[pair->hole] = pair->gap;
		m->hole_of_gap[pair->gap] = pair->hole;
	}
}

/* ---- What to write and to tell. */

static enum gap_severity
severity_at(const struct match *m, const struct gap_hole *hole, int64_t instant)
{
	return gap_severity_of(m->policy->severity, hole->state, hole->start - instant);
}

static void
note_at(struct match *m, int64_t instant)
{
	if (instant > m->now && instant < m->next)
		m->next = instant;
}

/* Notes the instants at which something changes only because time passes: another severity, the
 * next alert, the start and the end of the hole. */
static void
note_next(struct match *m, const struct gap_step *step, bool awaits)
{
	const struct gap_hole *hole = &step->hole;
	const int64_t bands[] = {below(hole->start, m->policy->severity.high_hours),
	    below(hole->start, m->policy->severity.critical_hours)};
	uint32_t i;

	for (i = 0; i < 2; i++)
		if (severity_at(m, hole, bands[i]) != step->severity)
			note_at(m, bands[i]);
	for (i = 0; awaits && step->told && i < m->policy->nalerts; i++)
		note_at(m, gap_alert_at(&m->policy->alerts[i], hole->start));
	note_at(m, hole->start);
	note_at(m, hole->end);
}

/* The number of alerts of the ladder that are due. An acknowledged gap stays where it is. */
static int32_t
rung_of(const struct match *m, const struct gap_step *step, const struct gap *gap, bool awaits)
{
	int32_t rung = 0;

	if (!awaits)
		return gap->rung;
	while (step->told && (uint32_t)rung < m->policy->nalerts &&
	       gap_alert_at(&m->policy->alerts[rung], step->hole.start) <= m->now)
		rung++;
	return rung;
}

static bool
end_has_moved(const struct match *m, const struct gap_hole *hole, const struct gap *gap)
{
	if (hole->end == gap->end)
		return false;
	return hole->end < gap->end || gap->end <= m->window.end - GAP_EDGE_SECONDS;
}

static enum gap_flag
flag_of(const struct match *m, const struct gap_step *step, const struct gap *gap)
{
	const struct gap_hole *hole = &step->hole;

	if (!step->told)
		return GAP_FLAG_NONE;
	if (!gap || !gap->told || (gap->closed_at != 0 && !gap->closing_held))
		return GAP_FLAG_OPENED;
	if (step->started && !gap->started)
		return GAP_FLAG_STARTED;
	if (hole->start != gap->start || end_has_moved(m, hole, gap) || hole->state != gap->state ||
	    hole->cause != gap->cause || step->severity != gap->severity || step->rung > gap->rung)
		return GAP_FLAG_CHANGED;
	return GAP_FLAG_NONE;
}

static bool
same_group(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool
is_as_it_was(const struct gap_step *step, const struct gap *gap)
{
	const struct gap_hole *hole = &step->hole;

	return hole->start == gap->start && hole->end == gap->end && hole->state == gap->state &&
	       hole->cause == gap->cause && hole->present == gap->present &&
	       hole->required == gap->required && step->severity == gap->severity &&
	       step->started == gap->started && step->told == gap->told &&
	       step->rung == gap->rung && same_group(hole->group, gap->group);
}

/* Whether a new hole came in at the far edge of the window, in a group that has open gaps already.
 * It is no news then: everybody was told of the group. */
static bool
follows(const struct match *m, const struct gap_hole *hole)
{
	if (hole->nruns == 0 || hole->start < m->window.end - GAP_EDGE_SECONDS)
		return false;
	if (same_group(hole->runs[0].group, hole->group))
		return true;
	for (size_t i = 0; i < m->ngaps; i++)
		if (m->gaps[i].closed_at == 0 && same_group(m->gaps[i].group, hole->group))
			return true;
	return false;
}

/* A hole that exists. ${gap} is the gap that continues as it; NULL: it is new. */
static void
keep(struct match *m, const struct gap_hole *hole, const struct gap *gap)
{
	struct gap_step step = {
	    .act = !gap                  ? GAP_OPEN
		   : gap->closed_at != 0 ? GAP_REOPEN
					 : GAP_CHANGE,
	    .id = gap ? gap->id : NULL,
	    .hole = *hole,
	    .severity = severity_at(m, hole, m->now),
	    .started = hole->start <= m->now,
	    .told = (gap && gap->told) || hole->end - hole->start > m->policy->tolerance,
	};
	bool awaits = !gap || gap_awaits(gap->acknowledged, gap->acknowledged_as, step.severity);

	step.follows = !gap && follows(m, hole);
	step.rung = rung_of(m, &step, gap, awaits);
	note_next(m, &step, awaits);
	step.flag = flag_of(m, &step, gap);
	if (step.act != GAP_CHANGE || !is_as_it_was(&step, gap))
		*VEC_PUSH(m->arena, &m->steps) = step;
}

static void
end(struct match *m, const struct gap *gap)
{
	bool passed = gap->end <= m->now;
	bool held = gap->told && !passed && m->now < gap->quiet_until;

	*VEC_PUSH(m->arena, &m->steps) = (struct gap_step){
	    .act = GAP_CLOSE,
	    .id = gap->id,
	    .hole = {gap->start, gap->end, gap->state, gap->cause, gap->present, gap->required,
		gap->group, NULL, 0},
	    .severity = gap->severity,
	    .started = gap->started,
	    .told = gap->told,
	    .rung = gap->rung,
	    .passed = passed,
	    .held = held,
	    .flag = gap->told && !held ? GAP_FLAG_CLOSED : GAP_FLAG_NONE,
	};
}

/* A hole that the window cuts off at its start has the start of its gap. */
static void
restore_start(const struct match *m, struct gap_hole *hole, const struct gap *gap)
{
	if (gap && hole->start == m->window.start && gap->start < hole->start)
		hole->start = gap->start;
}

static int
by_step(const void *a, const void *b)
{
	const struct gap_step *left = a, *right = b;

	if (left->hole.start != right->hole.start)
		return left->hole.start < right->hole.start ? -1 : 1;
	/* Close before opening: so at most one gap is open for any instant. */
	return (right->act == GAP_CLOSE) - (left->act == GAP_CLOSE);
}

static void
decide(struct match *m)
{
	size_t i;

	for (i = 0; i < m->nholes; i++) {
		struct gap_hole *hole = &m->holes[i];
		const struct gap *gap =
		    m->gap_of_hole[i] == NO_GAP ? NULL : &m->gaps[m->gap_of_hole[i]];

		restore_start(m, hole, gap);
		if (hole->nruns > 0)
			hole->group = gap_group_by_run(m->arena, hole, gap, m->gaps, m->ngaps);
		keep(m, hole, gap);
	}
	for (i = 0; i < m->ngaps; i++) {
		const struct gap *gap = &m->gaps[i];

		if (m->hole_of_gap[i] != NO_GAP || gap->closed_at != 0)
			continue;
		if (gap->start < m->window.end)
			end(m, gap);
	}
	if (m->steps.count > 1)
		qsort(m->steps.items, m->steps.count, sizeof *m->steps.items, by_step);
}

/* Takes the holes that are not over. A hole that is over must not continue a gap of which a later
 * part is still open. */
static void
take_holes(struct match *m, struct gap_holes holes)
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
		items[i] = NO_GAP;
	return items;
}

struct gap_steps
gap_match(struct arena *arena, struct gap_holes holes, const struct gap *gaps, size_t ngaps,
    const struct gap_asked *asked)
{
	struct match m = {
	    .arena = arena,
	    .gaps = arena_array(arena, ngaps, sizeof *m.gaps),
	    .ngaps = ngaps,
	    .gap_of_hole = nothing_matched(arena, holes.count),
	    .hole_of_gap = nothing_matched(arena, ngaps),
	    .now = asked->now,
	    .policy = asked->policy,
	    .window = asked->window,
	    .next = INT64_MAX,
	};

	take_holes(&m, holes);
	if (ngaps > 0) {
		memcpy(m.gaps, gaps, ngaps * sizeof *m.gaps);
		qsort(m.gaps, ngaps, sizeof *m.gaps, by_start);
	}
	pair_up(&m);
	decide(&m);
	return (struct gap_steps){.items = m.steps.items, .count = m.steps.count, .next = m.next};
}
