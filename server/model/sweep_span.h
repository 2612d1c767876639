/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/vec.h"
#include "server/model/crew.h"
#include "server/model/due.h"
#include "server/model/sweep.h"

/*
 * The facts that hold between two instants at which something changes: state, cause, and the shifts
 * that count. Internal to sweep.c, which moves from instant to instant and keeps struct sweeper up
 * to date. It is in a header so that it is inlined: as a file of its own it makes the sweep 5 %
 * slower.
 */

/* A rota at the instant that has been reached. */
struct live {
	const struct shift *next, *end; /* its shifts that begin later */
	int64_t soon;                   /* when ${next} begins; INSTANT_END: there is none */
	/* How many of its shifts that contain now say so. ${ruled} and ${disputed}: overrides that say nobody, and that are
	 * in dispute. */
	uint32_t nobody, undecided, team;
	uint32_t ruled, disputed;
	bool trusted; /* its source, now */
};

struct sweeper {
	struct arena *arena;
	const struct sweep_input *input;
	struct live *rotas;
	struct crew crew;
	struct dues on; /* shifts that contain now, by their ends */
	/* What else changes something later (enum due_kind); beginnings of shifts are in ${rotas}. */
	struct dues dues;
	int64_t now;  /* the instant that has been reached */
	size_t hour;  /* index in input->hours: the time that contains now, or the next one */
	bool changed; /* the shifts that count may differ from those of the last span */
	struct {
		struct cover_span *items;
		size_t count, capacity;
	} spans;
};

static inline bool
serves(const struct sweep_rota *rota, int64_t now)
{
	return rota->serves == NULL || span_has(*rota->serves, now);
}

/* Why this rota might supply more than is known; CAUSE_NONE if it might not. An entry over ${now}
 * makes the horizon irrelevant, since the rota has spoken. An undecided entry outweighs one that
 * says nobody. An override is valid even if the source is not trusted. */
static inline enum cover_cause
ignorance_of(const struct sweep_rota *rota, const struct live *live, int64_t now)
{
	if (!serves(rota, now))
		return CAUSE_NONE;
	if (live->disputed > 0)
		return CAUSE_OVERRIDE_DISPUTED;
	if (live->ruled > 0)
		return live->undecided > 0 ? CAUSE_UNDECIDED : CAUSE_NONE;
	if (!live->trusted)
		return rota->horizon == INSTANT_NEVER ? CAUSE_NEVER_READ : CAUSE_SOURCE_UNKNOWN;
	if (live->undecided > 0)
		return CAUSE_UNDECIDED;
	if (live->nobody > 0 || now < rota->horizon)
		return CAUSE_NONE;
	return rota->horizon == INSTANT_NEVER ? CAUSE_NEVER_READ : CAUSE_PAST_HORIZON;
}

/* The first cause, in the order of the enum, of any rota: one rota that might supply more is enough
 * for unknown, whatever is known of the others. */
static inline enum cover_cause
ignorance(const struct sweeper *s, int64_t now)
{
	enum cover_cause worst = CAUSE_NONE, cause;
	size_t i;

	for (i = 0; i < s->input->nrotas; i++) {
		cause = ignorance_of(&s->input->rotas[i], &s->rotas[i], now);
		if (cause != CAUSE_NONE && (worst == CAUSE_NONE || cause < worst))
			worst = cause;
	}
	return worst;
}

/* Why fewer than required are on although every source is known. Causes that explain the hole come
 * before those that only describe it (README.md, Causes). */
static inline enum cover_cause
emptiness(const struct sweeper *s, int64_t now)
{
	bool source = false, nobody = false, team = false;
	size_t i;

	for (i = 0; i < s->input->nrotas; i++) {
		source |= serves(&s->input->rotas[i], now);
		nobody |= s->rotas[i].nobody > 0;
		team |= s->rotas[i].team > 0;
	}
	if (!source)
		return CAUSE_NO_SOURCE;
	if (s->crew.out[CREW_SHARED] > 0)
		return CAUSE_SHARED;
	if (s->crew.lacking > 0)
		return CAUSE_NO_ROLE;
	if (s->crew.out[CREW_UNAPPROVED] > 0)
		return CAUSE_APPROVAL_ENDED;
	if (nobody)
		return CAUSE_NOBODY;
	if (s->crew.out[CREW_AWAY] > 0)
		return CAUSE_NOT_FREE;
	if (s->crew.present > 0)
		return CAUSE_TOO_FEW;
	return team ? CAUSE_TEAM_ONLY : CAUSE_SILENT;
}

static inline bool
in_hours(const struct sweeper *s, int64_t now)
{
	const struct span_times *hours = &s->input->hours;

	return s->hour < hours->count && hours->items[s->hour].start <= now;
}

static inline void
judge(const struct sweeper *s, int64_t now, struct cover_span *span)
{
	span->present = s->crew.present;
	span->required = 0;
	span->cause = CAUSE_NONE;
	span->state = COVER_NOT_COMMISSIONED;
	if (!in_hours(s, now))
		return;
	span->required = s->input->required;
	/* Promise 1: nothing else in the sweep makes a state covered. present counts confirmed
	 * shifts of trusted sources, overrides, and team lines where the requirement counts them. */
	span->state = COVER_COVERED;
	/* Enough people are confirmed, so what is not known of other rotas makes no difference. */
	if (span->present >= span->required)
		return;
	span->state = COVER_UNKNOWN;
	span->cause = ignorance(s, now);
	if (span->cause != CAUSE_NONE)
		return;
	span->state = span->present > 0 ? COVER_SHORT : COVER_GAP;
	span->cause = emptiness(s, now);
}

static inline bool
counts(const struct sweeper *s, const struct due *due)
{
	return due->member != NO_MEMBER && crew_counts(&s->crew.members[due->member]);
}

/* Adds the members after the ids, each in the place of its shift. Ids may be equal: the pieces of a
 * shift that was cut, shifts of a preview that have none yet. Each entry is used once. */
static inline void
list_members(const struct sweeper *s, struct cover_span *span)
{
	int64_t *both = arena_array(s->arena, 2 * (size_t)span->nshifts, sizeof *both);
	bool *used = arena_array(s->arena, s->on.count, sizeof *used);

	for (uint32_t i = 0; i < span->nshifts; i++) {
		size_t at = 0;

		while (used[at] || s->on.items[at].id != span->shifts[i] ||
		       !counts(s, &s->on.items[at]))
			at++;
		used[at] = true;
		both[i] = span->shifts[i];
		both[span->nshifts + i] = (int64_t)s->crew.members[s->on.items[at].member].key;
	}
	span->shifts = both;
}

/* The ids of the shifts that count, ascending. Few are on at once, so each is inserted where it
 * belongs; sorting them afterwards would cost more. */
static inline void
list_shifts(struct sweeper *s, struct cover_span *span)
{
	size_t most = s->on.count < SWEEP_SHIFTS_MAX ? s->on.count : SWEEP_SHIFTS_MAX, i;
	int64_t *ids = arena_array(s->arena, most, sizeof *ids);
	uint32_t n = 0, at;

	for (i = 0; i < s->on.count && n < most; i++) {
		if (!counts(s, &s->on.items[i]))
			continue;
		for (at = n++; at > 0 && ids[at - 1] > s->on.items[i].id; at--)
			ids[at] = ids[at - 1];
		ids[at] = s->on.items[i].id;
	}
	span->shifts = n > 0 ? ids : NULL;
	span->nshifts = n;
	if (s->input->members)
		list_members(s, span);
}

/* Spans between which nothing changed share one list, so the pointers are compared first. */
static inline bool
same_shifts(const struct cover_span *a, const struct cover_span *b, bool members)
{
	uint32_t i;

	if (a->shifts == b->shifts || a->nshifts != b->nshifts)
		return a->shifts == b->shifts;
	for (i = 0; i < (members ? 2 * a->nshifts : a->nshifts); i++)
		if (a->shifts[i] != b->shifts[i])
			return false;
	return true;
}

/* Adds the span from ${start} to ${end}, over which nothing changes, or extends the last one if
 * nothing differs from it. The span is filled in place, field by field, because most of the sweep's
 * time is spent here. */
static inline void
sweep_emit(struct sweeper *s, int64_t start, int64_t end)
{
	struct cover_span *span = VEC_PUSH(s->arena, &s->spans);
	struct cover_span *last = s->spans.count > 1 ? span - 1 : NULL;

	span->start = start;
	span->end = end;
	judge(s, start, span);
	if (!last || s->changed) {
		list_shifts(s, span);
	} else {
		span->shifts = last->shifts;
		span->nshifts = last->nshifts;
	}
	s->changed = false;
	if (!last || last->state != span->state || last->cause != span->cause ||
	    last->present != span->present || !same_shifts(last, span, s->input->members))
		return;
	last->end = end;
	s->spans.count--;
}
