/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "server/base/vec.h"
#include "server/model/gap_match.h"
#include "server/model/gap_run.h"

/* The rows to write about each gap, and the flags about it. */

static enum gap_severity
severity_at(const struct gap_match_state *m, const struct gap_hole *hole, int64_t instant)
{
	return gap_severity_of(m->policy->severity, hole->state, hole->start - instant);
}

static void
note_at(struct gap_match_state *m, int64_t instant)
{
	if (instant > m->now && instant < m->next)
		m->next = instant;
}

/* Notes the instants at which something changes only because time passes: another severity, the
 * next alert, the start and the end of the hole. */
static void
note_next(struct gap_match_state *m, const struct gap_step *step, bool awaits)
{
	const struct gap_hole *hole = &step->hole;
	const int64_t bands[] = {gap_below(hole->start, m->policy->severity.high_hours),
	    gap_below(hole->start, m->policy->severity.critical_hours)};
	uint32_t i;

	/* An unknown gap is never critical, so its second band may change nothing. */
	for (i = 0; i < 2; i++)
		if (severity_at(m, hole, bands[i]) != step->severity)
			note_at(m, bands[i]);
	for (i = 0; awaits && step->told && i < m->policy->nalerts; i++)
		note_at(m, gap_alert_at(&m->policy->alerts[i], hole->start));
	note_at(m, hole->start);
	note_at(m, hole->end);
}

/* The number of alerts that are due. An acknowledged gap stays where it is. */
static int32_t
alerts_sent_of(const struct gap_match_state *m, const struct gap_step *step, const struct gap *gap,
    bool awaits)
{
	int32_t sent = 0;

	if (!awaits)
		return gap->alerts_sent;
	/* They are sorted by lead, so the first that is not due is the end of them. */
	while (step->told && (uint32_t)sent < m->policy->nalerts &&
	       gap_alert_at(&m->policy->alerts[sent], step->hole.start) <= m->now)
		sent++;
	return sent;
}

/* The window's far edge moves on with the clock, and with it the end of a hole that reaches it:
 * that is no change of the gap. An end that comes nearer always is. */
static bool
end_has_moved(const struct gap_match_state *m, const struct gap_hole *hole, const struct gap *gap)
{
	if (hole->end == gap->end)
		return false;
	return hole->end < gap->end || gap->end <= m->window.end - GAP_EDGE_SECONDS;
}

/* One flag for each step, the one that matters most, in the order of the contract. A gap whose
 * closing was announced must be announced as opened again, or its subscribers believe it closed. */
static enum gap_flag
flag_of(const struct gap_match_state *m, const struct gap_step *step, const struct gap *gap)
{
	const struct gap_hole *hole = &step->hole;

	if (!step->told)
		return GAP_FLAG_NONE;
	if (!gap || !gap->told || (gap->closed_at != 0 && !gap->closing_held))
		return GAP_FLAG_OPENED;
	if (step->started && !gap->started)
		return GAP_FLAG_STARTED;
	if (hole->start != gap->start || end_has_moved(m, hole, gap) || hole->state != gap->state ||
	    hole->cause != gap->cause || step->severity != gap->severity ||
	    step->alerts_sent > gap->alerts_sent)
		return GAP_FLAG_CHANGED;
	return GAP_FLAG_NONE;
}

static bool
same_group(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Whether nothing of the row would change, so that no step is written. */
static bool
is_as_it_was(const struct gap_step *step, const struct gap *gap)
{
	const struct gap_hole *hole = &step->hole;

	return hole->start == gap->start && hole->end == gap->end && hole->state == gap->state &&
	       hole->cause == gap->cause && hole->present == gap->present &&
	       hole->required == gap->required && step->severity == gap->severity &&
	       step->started == gap->started && step->told == gap->told &&
	       step->alerts_sent == gap->alerts_sent && same_group(hole->group, gap->group);
}

/* Whether a new hole came in at the far edge of the window, in a group that has open gaps already.
 * It is not announced, since the whole group was. */
static bool
follows(const struct gap_match_state *m, const struct gap_hole *hole)
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
keep(struct gap_match_state *m, const struct gap_hole *hole, const struct gap *gap)
{
	struct gap_step step = {
	    .act = !gap                  ? GAP_OPEN
		   : gap->closed_at != 0 ? GAP_REOPEN
					 : GAP_CHANGE,
	    .id = gap ? gap->id : NULL,
	    .hole = *hole,
	    .severity = severity_at(m, hole, m->now),
	    .started = hole->start <= m->now,
	    /* Once announced, always announced: a gap that shrinks below the tolerance stays so. */
	    .told = (gap && gap->told) || hole->end - hole->start > m->policy->tolerance,
	};
	bool awaits = !gap || gap_awaits(gap->acknowledged, gap->acknowledged_as, step.severity);

	step.follows = !gap && follows(m, hole);
	/* The flag compares alerts and severities, so it comes after both. */
	step.alerts_sent = alerts_sent_of(m, &step, gap, awaits);
	note_next(m, &step, awaits);
	step.flag = flag_of(m, &step, gap);
	if (step.act != GAP_CHANGE || !is_as_it_was(&step, gap))
		*VEC_PUSH(m->arena, &m->steps) = step;
}

/* An open gap that continues as no hole. The closing of a gap that flaps is held, unless its
 * time is over: then it cannot open again. */
static void
end(struct gap_match_state *m, const struct gap *gap)
{
	bool passed = gap->end <= m->now;
	/* A closing is held only if it would be announced, and while it may still open again. */
	bool held = gap->told && !passed && m->now < gap->quiet_until;

	*VEC_PUSH(m->arena, &m->steps) = (struct gap_step){
	    .act = GAP_CLOSE,
	    .id = gap->id,
	    .hole = {gap->start, gap->end, gap->state, gap->cause, gap->present, gap->required,
		gap->group, NULL, 0},
	    .severity = gap->severity,
	    .started = gap->started,
	    .told = gap->told,
	    .alerts_sent = gap->alerts_sent,
	    .passed = passed,
	    .held = held,
	    .flag = gap->told && !held ? GAP_FLAG_CLOSED : GAP_FLAG_NONE,
	};
}

/* A hole that the window cuts off at its start has the start of its gap. */
static void
restore_start(const struct gap_match_state *m, struct gap_hole *hole, const struct gap *gap)
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

void
gap_decide(struct gap_match_state *m)
{
	size_t i;

	for (i = 0; i < m->nholes; i++) {
		struct gap_hole *hole = &m->holes[i];
		const struct gap *gap =
		    m->gap_of_hole[i] == GAP_UNMATCHED ? NULL : &m->gaps[m->gap_of_hole[i]];

		restore_start(m, hole, gap);
		if (hole->nruns > 0)
			hole->group = gap_group_by_run(m->arena, hole, gap, m->gaps, m->ngaps);
		keep(m, hole, gap);
	}
	for (i = 0; i < m->ngaps; i++) {
		const struct gap *gap = &m->gaps[i];

		if (m->hole_of_gap[i] != GAP_UNMATCHED || gap->closed_at != 0)
			continue;
		/* The spans say nothing of the time after the window, so a gap there is left as
		 * it is. */
		if (gap->start < m->window.end)
			end(m, gap);
	}
	if (m->steps.count > 1)
		qsort(m->steps.items, m->steps.count, sizeof *m->steps.items, by_step);
}
