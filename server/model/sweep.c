/* SPDX-License-Identifier: MIT */
#include "server/model/sweep_span.h"

#include "server/base/fatal.h"
#include "server/base/instant.h"

/*
 * The sweep moves from one instant at which something may change to the next. Shifts are added at
 * their start (each rota is sorted) and wait in one heap for their end. Everything else that is
 * still to come (absences, the edges of what is known) waits in a second heap. Nothing changes
 * between two such instants, so the state is computed once for each stretch.
 */

/* Adds the times of one reason for which a person does not count; called once, with the person's
 * first shift. */
static void
add_times(struct sweeper *s, uint32_t member, enum crew_out reason, struct person_times times)
{
	int64_t now = s->now;

	for (size_t i = 0; i < times.count; i++) {
		const struct person_time *time = &times.items[i];

		if (time->end <= now || time->start >= time->end)
			continue;
		if (time->start > now) {
			due_push(s->arena, &s->dues, time->start, DUE_OUT_START, reason, member,
			    time->end);
			continue;
		}
		crew_out(&s->crew, member, reason, 1);
		due_push(s->arena, &s->dues, time->end, DUE_OUT_END, reason, member, 0);
	}
}

/* The times of a person are searched for once, with the first shift, and not again: so people who
 * are never on here cost nothing. crew_lacks() must come before the member is counted. */
static uint32_t
person_on(struct sweeper *s, uint32_t person)
{
	const struct sweep_input *input = s->input;
	bool fresh;
	uint32_t member = crew_member_of(&s->crew, person, &fresh);

	if (fresh) {
		if (input->holders != NULL && !input->holders[person])
			crew_lacks(&s->crew, member);
		add_times(s, member, CREW_UNAPPROVED, person_times_of(input->unapproved, person));
		add_times(s, member, CREW_AWAY, person_times_of(input->absences, person));
		add_times(s, member, CREW_SHARED, person_times_of(input->spread, person));
	}
	crew_on(&s->crew, member, 1);
	return member;
}

static uint32_t
team_on(struct sweeper *s, uint32_t rota, uint32_t team)
{
	bool fresh;
	/* The keys of people are below 2^32. The top bit keeps team lines apart from them. */
	uint32_t member = crew_member_of(&s->crew, sweep_line(rota, team), &fresh);

	crew_on(&s->crew, member, 1);
	return member;
}

static void
shift_begins(struct sweeper *s, uint32_t rota, const struct shift *shift)
{
	struct live *live = &s->rotas[rota];
	uint32_t member = NO_MEMBER;
	enum due_kind kind;

	switch (shift->class) {
	case SHIFT_NAMED:
		kind = shift->override ? DUE_OVERRIDE_END : DUE_NAMED_END;
		/* A shift that begins after trust is lost never joins the crew. Trust is not
		 * regained within a sweep. */
		if (live->trusted || shift->override)
			member = person_on(s, shift->person);
		break;
	case SHIFT_TEAM:
		kind = DUE_TEAM_END;
		live->team++;
		if (live->trusted && s->input->team_counts)
			member = team_on(s, rota, shift->team);
		break;
	case SHIFT_NOBODY:
		kind = shift->override ? DUE_RULED_END : DUE_NOBODY_END;
		live->nobody++;
		live->ruled += shift->override;
		break;
	default:
		INVARIANT(shift->class == SHIFT_UNDECIDED);
		kind = shift->disputed ? DUE_DISPUTED_END : DUE_UNDECIDED_END;
		live->undecided++;
		live->disputed += shift->disputed;
		break;
	}
	s->changed |= member != NO_MEMBER;
	due_push(s->arena, &s->on, shift->end, kind, rota, member, shift->id);
}

/* From now on the source's shifts do not count: their people leave the crew, and the shifts stay in
 * the heap until they end. Overrides are not from the source and still count. */
static void
lose_trust(struct sweeper *s, uint32_t rota)
{
	size_t i;

	s->rotas[rota].trusted = false;
	s->changed = true;
	for (i = 0; i < s->on.count; i++) {
		struct due *due = &s->on.items[i];

		/* The entries are changed in place: the heap is ordered by time, which stays. */
		if (due->kind == DUE_OVERRIDE_END || due->rota != rota || due->member == NO_MEMBER)
			continue;
		crew_on(&s->crew, due->member, -1);
		due->member = NO_MEMBER;
	}
}

static void
shift_ends(struct sweeper *s, const struct due *due)
{
	struct live *live = &s->rotas[due->rota];

	if (due->member != NO_MEMBER) {
		s->changed = true;
		crew_on(&s->crew, due->member, -1);
	}
	switch (due->kind) {
	case DUE_TEAM_END:
		live->team--;
		break;
	case DUE_NOBODY_END:
	case DUE_RULED_END:
		live->nobody--;
		live->ruled -= due->kind == DUE_RULED_END;
		break;
	case DUE_UNDECIDED_END:
	case DUE_DISPUTED_END:
		live->undecided--;
		live->disputed -= due->kind == DUE_DISPUTED_END;
		break;
	default:
		break;
	}
}

static void
fall_due(struct sweeper *s, struct due due)
{
	switch (due.kind) {
	case DUE_OUT_START:
		s->changed = true;
		/* The instant of its end is kept as the id (add_times). */
		crew_out(&s->crew, due.member, (enum crew_out)due.rota, 1);
		due_push(s->arena, &s->dues, due.id, DUE_OUT_END, due.rota, due.member, 0);
		break;
	case DUE_OUT_END:
		s->changed = true;
		crew_out(&s->crew, due.member, (enum crew_out)due.rota, -1);
		break;
	case DUE_UNTRUSTED:
		lose_trust(s, due.rota);
		break;
	/* An edge changes nothing itself: the state is judged again because the loop stops
	 * there. */
	default:
		INVARIANT(due.kind == DUE_EDGE);
		break;
	}
}

/* Shifts that were over before the window began are passed over. */
static void
shifts_begin(struct sweeper *s, uint32_t rota, int64_t now)
{
	struct live *live = &s->rotas[rota];
	const struct shift *shift = live->next;

	for (; shift < live->end && shift->start <= now; shift++)
		if (shift->end > now)
			shift_begins(s, rota, shift);
	live->next = shift;
	live->soon = shift < live->end ? shift->start : INSTANT_END;
}

/*
 * Brings everything up to ${now}. Returns the next instant at which something may change.
 *
 * Everything that falls due at ${now} is done before the state is judged, so the order in which it
 * is done makes no difference.
 */
static int64_t
advance(struct sweeper *s, int64_t now)
{
	const struct span_times *hours = &s->input->hours;
	int64_t next = s->input->window.end;
	uint32_t i;

	s->now = now;
	/* Ends before starts, so that a handover at one instant counts nobody twice. */
	while (s->on.count > 0 && s->on.items[0].at <= now) {
		shift_ends(s, &s->on.items[0]);
		due_pop(&s->on);
	}
	while (s->dues.count > 0 && s->dues.items[0].at <= now)
		fall_due(s, due_pop(&s->dues));
	for (i = 0; i < s->input->nrotas; i++) {
		if (s->rotas[i].soon <= now)
			shifts_begin(s, i, now);
		if (s->rotas[i].soon < next)
			next = s->rotas[i].soon;
	}
	if (s->on.count > 0 && s->on.items[0].at < next)
		next = s->on.items[0].at;
	if (s->dues.count > 0 && s->dues.items[0].at < next)
		next = s->dues.items[0].at;
	while (s->hour < hours->count && hours->items[s->hour].end <= now)
		s->hour++;
	if (s->hour < hours->count) {
		const struct span_time *line = &hours->items[s->hour];
		int64_t edge = line->start > now ? line->start : line->end;

		next = edge < next ? edge : next;
	}
	return next;
}

/* Adds an instant at which the state is judged again, although no shift begins or ends. */
static void
look_again(struct sweeper *s, int64_t at)
{
	if (at > s->input->window.start && at < s->input->window.end)
		due_push(s->arena, &s->dues, at, DUE_EDGE, 0, NO_MEMBER, 0);
}

static void
begin(struct sweeper *s)
{
	const struct span_time *window = &s->input->window;
	size_t nshifts = 0;
	uint32_t i;

	for (i = 0; i < s->input->nrotas; i++) {
		const struct sweep_rota *rota = &s->input->rotas[i];

		s->rotas[i] = (struct live){
		    .next = rota->shifts,
		    .end = rota->shifts + rota->nshifts,
		    .soon = rota->nshifts > 0 ? rota->shifts->start : INSTANT_END,
		    .trusted = rota->trusted_until > window->start,
		};
		/* A source that is not trusted at the start never is; one that is trusted to the
		 * end needs no entry. */
		if (s->rotas[i].trusted && rota->trusted_until < window->end)
			due_push(s->arena, &s->dues, rota->trusted_until, DUE_UNTRUSTED, i,
			    NO_MEMBER, 0);
		look_again(s, rota->horizon);
		if (rota->serves != NULL) {
			look_again(s, rota->serves->start);
			look_again(s, rota->serves->end);
		}
		nshifts += rota->nshifts;
	}
	/* Room for one span for every two shifts, as rotas usually need. Growing from nothing would
	 * take as long as the sweep itself. */
	s->spans.capacity = nshifts / 2 + s->input->hours.count + 8;
	s->spans.items = arena_array(s->arena, s->spans.capacity, sizeof *s->spans.items);
}

struct cover_spans
sweep(struct arena *arena, const struct sweep_input *input)
{
	struct sweeper s = {.arena = arena, .input = input};
	int64_t now = input->window.start, next;

	INVARIANT(input->nrotas < UINT32_MAX / 2);
	/* One more than there are, so that heap entries without a rota can refer to one. */
	s.rotas = arena_array(arena, input->nrotas + 1, sizeof *s.rotas);
	crew_init(&s.crew, arena);
	begin(&s);
	for (; now < input->window.end; now = next) {
		next = advance(&s, now);
		sweep_emit(&s, now, next);
	}
	return (struct cover_spans){.items = s.spans.items, .count = s.spans.count};
}
