#include "server/model/gap.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/vec.h"

#define HOUR INT64_C(3600)
#define CRITICAL_SECONDS (24 * HOUR)
#define HIGH_SECONDS (72 * HOUR)

const char *
gap_severity_name(enum gap_severity severity)
{
	static const char *const names[] = {"normal", "high", "critical"};

	return names[severity];
}

enum gap_severity
gap_severity_of(enum cover_state state, int64_t lead_seconds)
{
	if (lead_seconds < CRITICAL_SECONDS)
		return state == COVER_UNKNOWN ? GAP_HIGH : GAP_CRITICAL;
	return lead_seconds < HIGH_SECONDS ? GAP_HIGH : GAP_NORMAL;
}

/* --- Holes. --- */

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

/* Whether ${span} goes on with the hole whose last span was ${last}. */
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
	const struct cover_span *last = NULL; /* of the hole that may go on */
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

/* --- Which hole is which gap. --- */

#define NO_GAP SIZE_MAX

struct pair {
	int64_t overlap;
	size_t hole, gap;
};

struct match {
	struct arena *arena;
	struct gap_hole *holes; /* a copy: starts may go back before the window */
	size_t nholes;
	struct gap *gaps; /* by start */
	size_t ngaps;
	size_t *gap_of_hole, *hole_of_gap; /* NO_GAP: none */
	int64_t now, tolerance;
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

/* The greatest overlap first; then the gap, then the hole that starts first. */
static int
by_overlap(const void *a, const void *b)
{
	const struct pair *left = a, *right = b;

	if (left->overlap != right->overlap)
		return left->overlap > right->overlap ? -1 : 1;
	if (left->gap != right->gap)
		return left->gap < right->gap ? -1 : 1;
	return left->hole < right->hole ? -1 : 1;
}

static int64_t
overlap_of(const struct gap_hole *hole, const struct gap *gap)
{
	int64_t start = hole->start > gap->start ? hole->start : gap->start;
	int64_t end = hole->end < gap->end ? hole->end : gap->end;

	return end - start;
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
			if (overlap_of(&m->holes[i], &m->gaps[j]) > 0)
				*VEC_PUSH(m->arena, &pairs) = (struct pair){
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

/* --- What must be written and told. --- */

static enum gap_severity
severity_now(const struct match *m, const struct gap_hole *hole)
{
	return gap_severity_of(hole->state, hole->start - m->now);
}

/* When time alone makes the severity another, starts the hole or ends it. */
static void
note_next(struct match *m, const struct gap_hole *hole)
{
	const int64_t instants[] = {hole->start - HIGH_SECONDS + 1,
	    hole->start - CRITICAL_SECONDS + 1, hole->start, hole->end};
	enum gap_severity severity = severity_now(m, hole);
	size_t i;

	for (i = 0; i < 4; i++) {
		if (instants[i] <= m->now || instants[i] >= m->next)
			continue;
		if (i < 2 && gap_severity_of(hole->state, hole->start - instants[i]) == severity)
			continue;
		m->next = instants[i];
	}
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
	if (!gap || !gap->told)
		return GAP_FLAG_OPENED;
	if (step->started && !gap->started)
		return GAP_FLAG_STARTED;
	if (hole->start != gap->start || end_has_moved(m, hole, gap) || hole->state != gap->state ||
	    hole->cause != gap->cause || step->severity != gap->severity)
		return GAP_FLAG_CHANGED;
	return GAP_FLAG_NONE;
}

static bool
is_as_it_was(const struct gap_step *step, const struct gap *gap)
{
	const struct gap_hole *hole = &step->hole;

	return hole->start == gap->start && hole->end == gap->end && hole->state == gap->state &&
	       hole->cause == gap->cause && hole->present == gap->present &&
	       hole->required == gap->required && step->severity == gap->severity &&
	       step->started == gap->started && step->told == gap->told;
}

/* A hole that is there: ${gap} is what it was, or NULL. */
static void
keep(struct match *m, const struct gap_hole *hole, const struct gap *gap)
{
	struct gap_step step = {
	    .act = gap ? GAP_CHANGE : GAP_OPEN,
	    .id = gap ? gap->id : NULL,
	    .hole = *hole,
	    .severity = severity_now(m, hole),
	    .started = hole->start <= m->now,
	    .told = (gap && gap->told) || hole->end - hole->start > m->tolerance,
	};

	note_next(m, hole);
	step.flag = flag_of(m, &step, gap);
	if (!gap || !is_as_it_was(&step, gap))
		*VEC_PUSH(m->arena, &m->steps) = step;
}

static void
end(struct match *m, const struct gap *gap)
{
	*VEC_PUSH(m->arena, &m->steps) = (struct gap_step){
	    .act = GAP_CLOSE,
	    .id = gap->id,
	    .hole = {gap->start, gap->end, gap->state, gap->cause, gap->present, gap->required},
	    .severity = gap->severity,
	    .started = gap->started,
	    .told = gap->told,
	    .passed = gap->end <= m->now,
	    .flag = gap->told ? GAP_FLAG_CLOSED : GAP_FLAG_NONE,
	};
}

/* A hole that goes on from before the window began when its gap did. */
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
	/* What closes makes room for what opens. */
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
		keep(m, hole, gap);
	}
	for (i = 0; i < m->ngaps; i++) {
		const struct gap *gap = &m->gaps[i];

		if (m->hole_of_gap[i] != NO_GAP)
			continue;
		if (gap->start < m->window.end)
			end(m, gap);
	}
	if (m->steps.count > 1)
		qsort(m->steps.items, m->steps.count, sizeof *m->steps.items, by_step);
}

/* The holes that are not past. A past one must not take a gap from the one that is left of it. */
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
gap_match(struct arena *arena, struct gap_holes holes, const struct gap *open, size_t nopen,
    int64_t now, struct span_time window, int64_t tolerance)
{
	struct match m = {
	    .arena = arena,
	    .gaps = arena_array(arena, nopen, sizeof *m.gaps),
	    .ngaps = nopen,
	    .gap_of_hole = nothing_matched(arena, holes.count),
	    .hole_of_gap = nothing_matched(arena, nopen),
	    .now = now,
	    .tolerance = tolerance,
	    .window = window,
	    .next = INT64_MAX,
	};

	take_holes(&m, holes);
	if (nopen > 0) {
		memcpy(m.gaps, open, nopen * sizeof *m.gaps);
		qsort(m.gaps, nopen, sizeof *m.gaps, by_start);
	}
	pair_up(&m);
	decide(&m);
	return (struct gap_steps){.items = m.steps.items, .count = m.steps.count, .next = m.next};
}
