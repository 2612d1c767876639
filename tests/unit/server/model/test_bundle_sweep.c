/* SPDX-License-Identifier: MIT */
/*
 * The spans of a bundle: days by hand, one for each way in which it could be called covered and is
 * not, and random days against what holds every half hour, found by every way of filling the parts
 * (bundle_naive.h). On failure the seed is printed; run `test_bundle_sweep SEED` for that one alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "server/base/text.h"
#include "server/model/bundle_gaps.h"
#include "server/model/bundle_sweep.h"
#include "server/model/demand.h"
#include "tests/support/rounds.h"
#include "tests/unit/server/model/bundle_naive.h"
#include "tests/unit/server/model/dice.h"
#include "tests/unit/server/model/region_text.h"

#define HOUR INT64_C(3600)
#define GRAIN 1800
#define CASES 300
#define ROTAS 5
#define PEOPLE 6
#define SHIFTS 12

static uint64_t only_seed;
static const struct zone *zone;

/* The AMHPs' second rota serves the place, the hub's does not: it is where else somebody may be on. */
static const char base[] =
    "{'crisiscover': 1, 'organisations': [{'code': 'O', 'name': 'O', 'kind': 'nhs_trust'}],"
    "'functions': [{'code': 'amhp', 'name': 'AMHP'}, {'code': 's12', 'name': 'Doctor'},"
    "  {'code': 'hbpos', 'name': 'Place of safety'}, {'code': 'beds', 'name': 'Bed manager'},"
    "  {'code': 'mha', 'name': 'Assessment'}],"
    "'places': [{'code': 'P', 'name': 'P', 'kind': 'hospital' PLACE}, {'code': 'Q', 'name': 'Q', 'kind': 'hospital'}],"
    "'people': [{'id': 'ann', 'name': 'Ann', 'organisation': 'O', 'roles': ['amhp'], 'team': 'north'},"
    "  {'id': 'bob', 'name': 'Bob', 'organisation': 'O', 'roles': ['amhp', 's12'], 'team': 'north'},"
    "  {'id': 'cat', 'name': 'Cat', 'organisation': 'O', 'roles': [CAT], 'team': 'south'},"
    "  {'id': 'dan', 'name': 'Dan', 'organisation': 'O', 'roles': ['s12'], 'team': 'north'},"
    "  {'id': 'eve', 'name': 'Eve', 'organisation': 'O', 'roles': ['s12', 'beds']},"
    "  {'id': 'fay', 'name': 'Fay', 'organisation': 'O', 'roles': ['hbpos', 'beds'], 'team': 'south'}],"
    "'services': [{'id': 'a', 'name': 'A', 'function': 'amhp', 'organisation': 'O', 'places': ['P']},"
    "  {'id': 'd', 'name': 'D', 'function': 's12', 'organisation': 'O', 'places': ['P']},"
    "  {'id': 'h', 'name': 'H', 'function': 'hbpos', 'organisation': 'O', 'places': ['P']},"
    "  {'id': 'b', 'name': 'B', 'function': 'beds', 'organisation': 'O', 'places': ['P']},"
    "  {'id': 'hub', 'name': 'Hub', 'function': 's12', 'organisation': 'O', 'places': ['Q']}],"
    "'rotas': [{'id': 'a1', 'service': 'a', 'source': {'kind': 'typed'}},"
    "  {'id': 'd1', 'service': 'd', 'source': {'kind': 'typed'}}, {'id': 'd2', 'service': 'd', 'tier': 2, 'source': {'kind': 'typed'}},"
    "  {'id': 'h1', 'service': 'h', 'source': {'kind': 'typed'}}, {'id': 'b1', 'service': 'b', 'source': {'kind': 'typed'}},"
    "  {'id': 'hub1', 'service': 'hub', 'source': {'kind': 'typed'}}],"
    "'requirements': [MORE {'id': 'B', 'place': 'P', 'function': 'mha', 'needs': [{'function': 'amhp'},"
    "  {'function': 's12', 'count': 2, 'different_teams': true}, {'any_of': ['hbpos', 'beds'], 'team_counts': true}],"
    "  'hours': [{'days': ['all'], 'from': 'FROM', 'to': '24:00'}]}]}";

enum { ANN, BOB, CAT, DAN, EVE, FAY };
enum { AMHP, DOCTORS, SECOND, SAFETY, BEDS }; /* rotas of the bundle, in its order */

struct story {
	struct arena *arena;
	const struct region *region;
	struct shift shifts[ROTAS][SHIFTS];
	size_t nshifts[ROTAS];
	struct sweep_rota rotas[ROTAS];
	struct person_time absences[PEOPLE];
	size_t nabsences;
	struct share_duty elsewhere[4];
	size_t nelsewhere;
	struct holidays holidays;
	int64_t midnight; /* of a day in winter */
	int64_t ids;
};

/* What differs from the usual region; NULL: nothing. */
struct changes {
	const char *place, *cat, *more, *from;
};

static struct story
begin(struct changes changes)
{
	struct story s = {.arena = arena_new(0)};
	struct region_faults faults;
	const char *text = base;

	text = region_text_with(s.arena, text, "PLACE", changes.place ? changes.place : "");
	text = region_text_with(s.arena, text, "CAT", changes.cat ? changes.cat : "'s12'");
	text = region_text_with(s.arena, text, "MORE", changes.more ? changes.more : "");
	text = region_text_with(s.arena, text, "FROM", changes.from ? changes.from : "00:00");
	s.region = region_text_read(s.arena, text, &faults);
	s.midnight = civil_days(2027, 1, 12) * 86400;
	for (int i = 0; i < ROTAS; i++)
		s.rotas[i] =
		    (struct sweep_rota){.horizon = INSTANT_END, .trusted_until = INSTANT_END};
	return s;
}

static void
on(struct story *s, int rota, uint32_t person, int from, int to)
{
	s->shifts[rota][s->nshifts[rota]++] = (struct shift){.start = s->midnight + from * HOUR,
	    .end = s->midnight + to * HOUR,
	    .id = ++s->ids,
	    .person = person,
	    .class = person == SWEEP_NOBODY ? SHIFT_TEAM : SHIFT_NAMED};
}

static int
by_start(const void *a, const void *b)
{
	const struct shift *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static struct demand_asked
asked_of(struct story *s)
{
	uint32_t bundle = s->region->ndemands - 1;

	/* The place of the bundle is the first, so that its demand comes last there. */
	assert_int_equal(s->region->demands[bundle].nmembers, 4);
	assert_int_equal(s->region->demands[bundle].rotas.count, ROTAS);
	for (int i = 0; i < ROTAS; i++) {
		qsort(s->shifts[i], s->nshifts[i], sizeof *s->shifts[i], by_start);
		s->rotas[i].shifts = s->shifts[i];
		s->rotas[i].nshifts = s->nshifts[i];
	}
	person_times_sort(s->absences, s->nabsences);
	return (struct demand_asked){.context = {s->region, zone, &s->holidays},
	    .demand = bundle,
	    .window = {s->midnight, s->midnight + 24 * HOUR},
	    .rotas = s->rotas,
	    .absences = {s->absences, s->nabsences},
	    .elsewhere = {s->elsewhere, s->nelsewhere}};
}

/* "0 gap silent 1, 8 covered 4, …": from which hour on, the state, the cause and who is present. */
static void
tells(struct story *s, const char *wanted)
{
	struct demand_asked asked = asked_of(s);
	struct cover_spans spans = demand_sweep(s->arena, &asked);
	struct buf text = {0};

	for (size_t i = 0; i < spans.count; i++) {
		const struct cover_span *span = &spans.items[i];

		if (i > 0 && span[-1].state == span->state && span[-1].cause == span->cause &&
		    span[-1].present == span->present)
			continue; /* only the shifts differ */
		buf_printf(&text, "%s%d %s%s%s %d", i > 0 ? ", " : "",
		    (int)((span->start - s->midnight) / HOUR), cover_state_name(span->state),
		    span->cause == CAUSE_NONE ? "" : " ",
		    span->cause == CAUSE_NONE ? "" : cover_cause_name(span->cause), span->present);
	}
	if (strcmp(text.at, wanted) != 0)
		fail_msg("%s, and not %s", text.at, wanted);
	buf_free(&text);
	arena_free(s->arena);
}

/* All but the second doctor. */
static void
all_but_a_doctor(struct story *s)
{
	on(s, AMHP, ANN, 0, 24);
	on(s, DOCTORS, DAN, 0, 24);
	on(s, BEDS, FAY, 0, 24);
}

static void
it_is_whole_while_everybody_is_there(void **state)
{
	struct story s = begin((struct changes){0});

	(void)state;
	all_but_a_doctor(&s);
	on(&s, SECOND, CAT, 8, 16);
	tells(&s, "0 short too_few 3, 8 covered 4, 16 short too_few 3");
}

static void
outside_its_hours_nobody_asks(void **state)
{
	struct story s = begin((struct changes){.from = "06:00"});

	(void)state;
	all_but_a_doctor(&s);
	on(&s, SECOND, CAT, 8, 16);
	tells(&s, "0 not_commissioned 3, 6 short too_few 3, 8 covered 4, 16 short too_few 3");
}

/* A gap names the rotas of these members: nobody is at fault for hours that are covered, or in which nobody asks. */
static void
members_are_at_fault_for_gaps_alone(void **state)
{
	struct story s = begin((struct changes){.from = "06:00"});
	const uint64_t *faults;
	struct demand_asked asked;
	struct cover_spans spans;

	(void)state;
	all_but_a_doctor(&s);
	on(&s, SECOND, CAT, 8, 16);
	asked = asked_of(&s);
	spans = bundle_sweep(s.arena, &asked, &faults);
	assert_int_equal(spans.count, 4);
	assert_int_equal(faults[0], 0);
	assert_int_not_equal(faults[1], 0);
	assert_int_equal(faults[2], 0);
	assert_int_equal(faults[3], faults[1]);
	/* The shifts that count, of all functions. */
	assert_int_equal(spans.items[1].nshifts, 3);
	assert_int_equal(spans.items[2].nshifts, 4);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(spans.items[2].shifts[i], i + 1);
	arena_free(s.arena);
}

/* Where a function that nobody needs becomes unknown, nothing changes. */
static void
what_changes_nothing_begins_no_span(void **state)
{
	struct story s = begin((struct changes){0});
	const uint64_t *faults;
	struct demand_asked asked;

	(void)state;
	all_but_a_doctor(&s);
	on(&s, SECOND, CAT, 0, 24);
	s.rotas[SAFETY].horizon = s.midnight + 12 * HOUR;
	asked = asked_of(&s);
	assert_int_equal(bundle_sweep(s.arena, &asked, &faults).count, 1);
	arena_free(s.arena);
}

/* Of the five rotas the AMHPs' alone was not filled in. */
static void
a_gap_is_blamed_on_the_rotas_of_the_parts_that_are_empty(void **state)
{
	static const char *const ids[ROTAS] = {"a1", "d1", "d2", "h1", "b1"};
	struct story s = begin((struct changes){0});
	struct gap_rota rotas[ROTAS];
	const uint64_t *faults;
	struct demand_asked asked;
	struct cover_spans spans;
	struct gap_holes holes;

	(void)state;
	on(&s, DOCTORS, DAN, 0, 24);
	on(&s, SECOND, CAT, 0, 24);
	on(&s, BEDS, FAY, 0, 24);
	asked = asked_of(&s);
	spans = bundle_sweep(s.arena, &asked, &faults);
	for (int i = 0; i < ROTAS; i++)
		rotas[i] = (struct gap_rota){.id = ids[i], .tier = 1, .sweep = s.rotas[i]};
	holes = bundle_blame(s.arena, gap_find(s.arena, spans),
	    &(struct bundle_gaps_asked){s.region, asked.demand, {rotas, ROTAS}, spans, faults});
	assert_int_equal(holes.count, 1);
	assert_int_equal(holes.items[0].cause, CAUSE_SILENT);
	assert_int_equal(holes.items[0].nruns, 1);
	assert_string_equal(holes.items[0].runs[0].rota, "a1");
	arena_free(s.arena);
}

/* Where no rota is to blame, it is one gap with that of a requirement of the part's function, and of no other. */
static void
a_requirement_shares_the_group_of_a_bundle_that_needs_its_function(void **state)
{
	struct story s = begin((struct changes){
	    .more =
		"{'id': 'D', 'place': 'P', 'function': 's12', 'count': 1, 'hours': [{'days': ['all'], 'from': '00:00', 'to': '24:00'}]},"
		"{'id': 'E', 'place': 'P', 'function': 'mha', 'count': 1, 'hours': [{'days': ['all'], 'from': '00:00', 'to': '24:00'}]},"});
	struct gap_hole hole = {.start = s.midnight,
	    .end = s.midnight + HOUR,
	    .state = COVER_GAP,
	    .cause = CAUSE_NOT_FREE};
	const char *groups[2];

	(void)state;
	for (uint32_t demand = 0; demand < 2; demand++)
		groups[demand] = bundle_blame(s.arena, (struct gap_holes){&hole, 1},
		    &(struct bundle_gaps_asked){.region = s.region, .demand = demand})
				     .items[0]
				     .group;
	assert_string_equal(groups[0], "P.s12.not_free-2027-01-12T00:00:00Z");
	assert_null(groups[1]);
	arena_free(s.arena);
}

static void
a_doctor_whose_approval_ends_does_not_count(void **state)
{
	struct story s = begin((struct changes){
	    .cat = "{'function': 's12', 'approved_by': 'O', 'until': '2027-01-12'}"});

	(void)state;
	s.midnight -= 12 * HOUR;
	all_but_a_doctor(&s);
	on(&s, SECOND, CAT, 0, 24);
	tells(&s, "0 covered 4, 12 short approval_ended 3");
}

static void
a_requirement_of_the_function_says_who_counts(void **state)
{
	struct story s = begin((struct changes){.cat = "{'function': 's12', 'approved_by': 'O'}",
	    .more =
		"{'id': 'D', 'place': 'P', 'function': 's12', 'count': 1, 'approvers': ['O'], 'from': '2027-01-12', 'hours': [{'days': ['all'], 'from': '00:00', 'to': '01:00'}]},"});

	(void)state;
	/* Dan has no approval by anybody. From midnight on, and outside of that requirement's hours, too, he
	 * does not count. */
	s.midnight -= 12 * HOUR;
	all_but_a_doctor(&s);
	on(&s, SECOND, CAT, 0, 24);
	tells(&s, "0 covered 4, 12 short approval_ended 3");
}

/* Bob was not approved by those whom a requirement named until midnight, and Cat's approval ended then: each is found, whichever was found first. */
static void
one_is_approved_until_and_another_from_midnight(void **state)
{
	struct story s = begin((struct changes){
	    .cat = "{'function': 's12', 'approved_by': 'O', 'until': '2027-01-12'}",
	    .more =
		"{'id': 'D', 'place': 'P', 'function': 's12', 'count': 1, 'approvers': ['O'], 'until': '2027-01-12', 'hours': [{'days': ['all'], 'from': '00:00', 'to': '01:00'}]},"});

	(void)state;
	s.midnight -= 12 * HOUR;
	on(&s, AMHP, ANN, 0, 24);
	on(&s, DOCTORS, BOB, 0, 24);
	on(&s, SECOND, CAT, 0, 24);
	on(&s, BEDS, FAY, 0, 24);
	tells(&s, "0 short approval_ended 3");
}

static void
who_is_shared_too_widely_does_not_count(void **state)
{
	struct story s = begin((struct changes){
	    .more =
		"{'id': 'D', 'place': 'P', 'function': 's12', 'count': 1, 'max_share': 1, 'hours': [{'days': ['all'], 'from': '00:00', 'to': '24:00'}]},"});
	uint32_t hub = table_get(&s.region->rota_by_id, "hub1");

	(void)state;
	assert_true(demand_is_limited(s.region, s.region->ndemands - 1));
	all_but_a_doctor(&s);
	on(&s, SECOND, CAT, 0, 24);
	s.elsewhere[s.nelsewhere++] =
	    (struct share_duty){CAT, hub, s.midnight + 6 * HOUR, s.midnight + 9 * HOUR};
	tells(&s, "0 covered 4, 6 short shared_too_widely 3, 9 covered 4");
}

static void
at_a_handover_two_are_not_two_before_and_after(void **state)
{
	struct story s = begin((struct changes){0});

	(void)state;
	all_but_a_doctor(&s);
	on(&s, SECOND, CAT, 0, 13);
	on(&s, SECOND, BOB, 12, 24);
	/* Bob is of Dan's team. */
	tells(&s, "0 covered 4, 13 short one_team 3");
}

static void
one_person_on_two_rotas_fills_one_part(void **state)
{
	struct story s = begin((struct changes){.cat = "'s12', 'amhp'"});

	(void)state;
	all_but_a_doctor(&s);
	on(&s, SECOND, CAT, 0, 24);
	on(&s, AMHP, CAT, 0, 24);
	s.absences[s.nabsences++] =
	    (struct person_time){ANN, s.midnight + 10 * HOUR, s.midnight + 11 * HOUR};
	tells(&s, "0 covered 4, 10 short same_person 3, 11 covered 4");
}

static void
who_is_not_known_to_be_of_another_team_is_not(void **state)
{
	struct story s = begin((struct changes){0});

	(void)state;
	all_but_a_doctor(&s);
	on(&s, SECOND, EVE, 4, 20);
	on(&s, SECOND, CAT, 8, 10);
	tells(&s,
	    "0 short too_few 3, 4 unknown teams_unknown 3, 8 covered 4, 10 unknown teams_unknown 3, 20 short too_few 3");
}

static void
a_line_counts_only_where_lines_do(void **state)
{
	struct story s = begin((struct changes){0});

	(void)state;
	on(&s, AMHP, SWEEP_NOBODY, 0, 24);
	on(&s, DOCTORS, DAN, 0, 24);
	on(&s, SECOND, CAT, 0, 24);
	on(&s, SAFETY, SWEEP_NOBODY, 6, 24);
	on(&s, AMHP, ANN, 8, 24);
	tells(&s, "0 gap silent 2, 6 gap team_only 3, 8 covered 4");
}

static void
doubt_is_no_cover_and_a_gap_is_worse(void **state)
{
	struct story s = begin((struct changes){0});

	(void)state;
	all_but_a_doctor(&s);
	on(&s, SECOND, CAT, 0, 6);
	s.rotas[SECOND].horizon = s.midnight + 6 * HOUR;
	s.rotas[SAFETY].horizon = s.midnight + 6 * HOUR;
	s.nshifts[AMHP] = 0;
	on(&s, AMHP, ANN, 0, 20);
	tells(&s, "0 covered 4, 6 unknown past_horizon 3, 20 gap silent 2");
}

static void
a_place_that_ends_has_none(void **state)
{
	struct story s = begin((struct changes){.place = ", 'until': '2027-01-12'"});

	(void)state;
	s.midnight -= 12 * HOUR;
	all_but_a_doctor(&s);
	on(&s, SECOND, CAT, 0, 24);
	tells(&s, "0 covered 4, 12 not_commissioned 0");
}

/* -------------------------------------------------------------------------------- random days */

static void
dice_story(struct dice *dice, struct story *s)
{
	for (int rota = 0; rota < ROTAS; rota++) {
		int64_t n = dice_below(dice, 5);

		for (int64_t i = 0; i < n; i++) {
			struct shift *shift = &s->shifts[rota][s->nshifts[rota]++];
			int64_t start = s->midnight + (dice_below(dice, 50) - 4) * GRAIN;

			*shift = (struct shift){.start = start,
			    .end = start + (1 + dice_below(dice, 24)) * GRAIN,
			    .id = ++s->ids,
			    .person = (uint32_t)dice_below(dice, PEOPLE),
			    .class = SHIFT_NAMED};
			if (dice_below(dice, 8) == 0)
				shift->class = SHIFT_UNDECIDED;
			else if (dice_below(dice, 8) == 0)
				shift->class = SHIFT_TEAM;
		}
		if (dice_below(dice, 4) == 0)
			s->rotas[rota].horizon = s->midnight + dice_below(dice, 48) * GRAIN;
	}
	for (uint32_t i = 0; i < PEOPLE; i++)
		if (dice_below(dice, 4) == 0) {
			int64_t start = s->midnight + dice_below(dice, 48) * GRAIN;

			s->absences[s->nabsences++] = (struct person_time){
			    i, start, start + (1 + dice_below(dice, 12)) * GRAIN};
		}
}

/* By rota, the bit of its function. */
static const uint64_t bit_of[ROTAS] = {1, 2, 2, 4, 8};

static bool
is_away(const struct story *s, uint32_t person, int64_t t)
{
	for (size_t i = 0; i < s->nabsences; i++)
		if (s->absences[i].person == person && s->absences[i].start <= t &&
		    t < s->absences[i].end)
			return true;
	return false;
}

static void
note_head(struct bundle_head *heads, uint32_t *count, struct bundle_head head)
{
	for (uint32_t i = 0; i < *count; i++)
		if (heads[i].who == head.who) {
			heads[i].functions |= head.functions;
			return;
		}
	heads[(*count)++] = head;
}

static enum cover_state
naive_at(const struct story *s, int64_t t, int32_t *present)
{
	static const uint64_t roles[PEOPLE] = {1, 1 | 2, 2, 2, 2 | 8, 4 | 8};
	static const char *const teams[PEOPLE] = {
	    "north", "north", "south", "north", NULL, "south"};
	static const struct bundle_need needs[] = {
	    {1, 1, false, false}, {2, 2, true, false}, {4 | 8, 1, false, true}};
	struct bundle_head heads[PEOPLE + ROTAS];
	struct bundle_asked asked = {.needs = needs, .nneeds = 3, .heads = heads};

	for (int rota = 0; rota < ROTAS; rota++) {
		bool undecided = false;

		for (size_t i = 0; i < s->nshifts[rota]; i++) {
			const struct shift *shift = &s->shifts[rota][i];

			if (shift->start > t || shift->end <= t)
				continue;
			undecided |= shift->class == SHIFT_UNDECIDED;
			if (shift->class == SHIFT_TEAM)
				note_head(heads, &asked.nheads,
				    (struct bundle_head){
					SWEEP_LINE | (uint64_t)rota, bit_of[rota], NULL});
			if (shift->class == SHIFT_NAMED && !is_away(s, shift->person, t) &&
			    (roles[shift->person] & bit_of[rota]) != 0)
				note_head(heads, &asked.nheads,
				    (struct bundle_head){
					shift->person, bit_of[rota], teams[shift->person]});
		}
		/* A rota whose shift lies over its horizon has not said that nobody else is on. */
		if (undecided || t >= s->rotas[rota].horizon)
			asked.doubts |= bit_of[rota];
	}
	return naive_bundle(&asked, present);
}

static void
check(uint64_t seed)
{
	struct dice dice = dice_of(seed);
	struct story s = begin((struct changes){0});
	struct demand_asked asked;
	struct cover_spans spans;
	size_t i = 0;

	dice_story(&dice, &s);
	asked = asked_of(&s);
	spans = demand_sweep(s.arena, &asked);
	for (int64_t t = s.midnight; t < s.midnight + 24 * HOUR; t += GRAIN) {
		int32_t present;
		enum cover_state state = naive_at(&s, t, &present);

		while (spans.items[i].end <= t)
			i++;
		assert_in_range(t, spans.items[i].start, spans.items[i].end - 1);
		if (spans.items[i].state != state || spans.items[i].present != present)
			fail_msg("seed %llu, %d min: %s (%d) where the naive one has %s (%d)",
			    (unsigned long long)seed, (int)((t - s.midnight) / 60),
			    cover_state_name(spans.items[i].state), spans.items[i].present,
			    cover_state_name(state), present);
	}
	arena_free(s.arena);
}

/* holds: H01.2 */
static void
days_of_bundles_equal_the_naive_ones(void **state)
{
	(void)state;
	if (only_seed)
		check(only_seed);
	for (uint64_t seed = 1; !only_seed && seed <= rounds(CASES); seed++)
		check(seed);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_is_whole_while_everybody_is_there),
	    cmocka_unit_test(outside_its_hours_nobody_asks),
	    cmocka_unit_test(members_are_at_fault_for_gaps_alone),
	    cmocka_unit_test(what_changes_nothing_begins_no_span),
	    cmocka_unit_test(a_gap_is_blamed_on_the_rotas_of_the_parts_that_are_empty),
	    cmocka_unit_test(a_requirement_shares_the_group_of_a_bundle_that_needs_its_function),
	    cmocka_unit_test(a_doctor_whose_approval_ends_does_not_count),
	    cmocka_unit_test(a_requirement_of_the_function_says_who_counts),
	    cmocka_unit_test(one_is_approved_until_and_another_from_midnight),
	    cmocka_unit_test(who_is_shared_too_widely_does_not_count),
	    cmocka_unit_test(at_a_handover_two_are_not_two_before_and_after),
	    cmocka_unit_test(one_person_on_two_rotas_fills_one_part),
	    cmocka_unit_test(who_is_not_known_to_be_of_another_team_is_not),
	    cmocka_unit_test(a_line_counts_only_where_lines_do),
	    cmocka_unit_test(doubt_is_no_cover_and_a_gap_is_worse),
	    cmocka_unit_test(a_place_that_ends_has_none),
	    cmocka_unit_test(days_of_bundles_equal_the_naive_ones),
	};
	struct zonedb *zones;
	int failed;

	if (argc > 1)
		only_seed = strtoull(argv[1], NULL, 10);
	if (zonedb_open("/usr/share/zoneinfo", &zones) != STATUS_OK)
		return 1;
	zone = zonedb_find(zones, "Europe/London");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	zonedb_free(zones);
	return failed;
}
