/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/gap.h"

/* Known emptiness by rota and run: which rota a hole is of, and which holes are one matter. */

#define HOUR INT64_C(3600)
#define DAY (24 * HOUR)
#define NIGHTS 30

#define ON(from, to)                                                                               \
	{                                                                                          \
		(from) * HOUR, (to)*HOUR, 1, 1, 0, SHIFT_NAMED, false, false                       \
	}
#define VACANT(from, to)                                                                           \
	{                                                                                          \
		(from) * HOUR, (to)*HOUR, 1, SWEEP_NOBODY, 0, SHIFT_NOBODY, false, false           \
	}
#define DOUBTFUL(from, to)                                                                         \
	{                                                                                          \
		(from) * HOUR, (to)*HOUR, 1, SWEEP_NOBODY, 0, SHIFT_UNDECIDED, false, false        \
	}
#define ROTA(name, on_call, list)                                                                  \
	{                                                                                          \
		name, on_call,                                                                     \
		{                                                                                  \
			list, sizeof list / sizeof *list, INT64_MAX, INT64_MAX, NULL               \
		}                                                                                  \
	}

static const struct gap_policy policy = {.severity = {24, 72}};

static int
arena_setup(void **state)
{
	*state = arena_new(0);
	return 0;
}

static int
arena_teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static struct gap_hole
hole_at(int64_t from, int64_t to, enum cover_cause cause)
{
	return (struct gap_hole){.start = from * HOUR,
	    .end = to * HOUR,
	    .state = COVER_GAP,
	    .cause = cause,
	    .required = 1};
}

static struct gap_steps
match(struct arena *arena, struct gap_holes holes, struct gap_rotas rotas, const struct gap *gaps,
    size_t ngaps)
{
	return gap_match(arena, gap_blame(arena, holes, rotas), gaps, ngaps,
	    &(struct gap_asked){0, {0, 400 * DAY}, &policy});
}

/* The group of one hole that is new. */
static const char *
group_of(struct arena *arena, struct gap_hole hole, const struct gap_rota *rotas, size_t nrotas)
{
	struct gap_steps steps =
	    match(arena, (struct gap_holes){&hole, 1}, (struct gap_rotas){rotas, nrotas}, NULL, 0);

	assert_int_equal(steps.count, 1);
	return steps.items[0].hole.group;
}

static void
test_the_rota_that_dated_places_empty_longest_is_named(void **state)
{
	static const struct shift week[] = {ON(0, 24), ON(60, 72)},
				  weekend[] = {ON(0, 12), ON(200, 212)},
				  vacant[] = {VACANT(24, 48), DOUBTFUL(48, 50), ON(100, 101)};
	static const struct gap_rota rotas[] = {
	    ROTA("a.week", 1, week), ROTA("b", 1, weekend), ROTA("c", 2, vacant)};
	static const struct span_time ended = {INT64_MIN, 20 * HOUR};
	struct gap_rota gone[] = {ROTA("gone", 1, weekend), ROTA("a.week", 1, week)};

	assert_string_equal(group_of(*state, hole_at(30, 40, CAUSE_SILENT), rotas, 3),
	    "b.empty-1970-01-01T12:00:00Z");
	/* One that says that it has nobody before those that are silent. */
	assert_string_equal(group_of(*state, hole_at(30, 40, CAUSE_NOBODY), rotas, 3), "c.empty");
	/* What is doubtful fills nothing. */
	assert_string_equal(
	    group_of(*state, hole_at(52, 55, CAUSE_SILENT), &rotas[2], 1), "c.empty");
	assert_string_equal(group_of(*state, hole_at(30, 40, CAUSE_SILENT), rotas, 1),
	    "a.week.empty-1970-01-02T00:00:00Z");
	/* Who does not serve any more has no say. */
	gone[0].sweep.serves = &ended;
	assert_string_equal(group_of(*state, hole_at(30, 40, CAUSE_SILENT), gone, 2),
	    "a.week.empty-1970-01-02T00:00:00Z");
}

/* Whoever comes while another is still on, or goes first. */
static void
test_a_run_begins_when_the_last_has_gone(void **state)
{
	static const struct shift over[] = {ON(0, 24), ON(20, 28)},
				  within[] = {ON(0, 28), ON(20, 24)};
	static const struct gap_rota rotas[] = {ROTA("over", 1, over), ROTA("within", 1, within)};

	assert_string_equal(group_of(*state, hole_at(30, 40, CAUSE_SILENT), &rotas[0], 1),
	    "over.empty-1970-01-02T04:00:00Z");
	assert_string_equal(group_of(*state, hole_at(30, 40, CAUSE_SILENT), &rotas[1], 1),
	    "within.empty-1970-01-02T04:00:00Z");
}

/* In whatever order three rotas are looked at. */
static void
test_the_longest_of_three_is_named(void **state)
{
	static const struct shift one[] = {ON(0, 12), ON(100, 112)},
				  two[] = {ON(0, 12), ON(200, 212)},
				  three[] = {ON(0, 12), ON(300, 312)};
	static const struct gap_rota all[] = {
	    ROTA("one", 1, one), ROTA("two", 1, two), ROTA("three", 1, three)};
	static const size_t orders[][3] = {
	    {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
		const struct gap_rota rotas[] = {
		    all[orders[i][0]], all[orders[i][1]], all[orders[i][2]]};

		assert_string_equal(group_of(*state, hole_at(30, 40, CAUSE_SILENT), rotas, 3),
		    "three.empty-1970-01-01T12:00:00Z");
	}
}

/* A source that is trusted, or read, up to the hole's end is not the reason for it. */
static void
test_a_source_is_a_reason_only_before_the_end(void **state)
{
	static const struct shift on[] = {ON(0, 1)};
	struct gap_rota rotas[] = {ROTA("r", 1, on), ROTA("other", 1, on)};
	const char *alone;

	rotas[0].sweep.trusted_until = 35 * HOUR;
	rotas[1].sweep.trusted_until = 40 * HOUR;
	alone = group_of(*state, hole_at(30, 40, CAUSE_SOURCE_UNKNOWN), rotas, 1);
	assert_non_null(alone);
	assert_string_equal(
	    group_of(*state, hole_at(30, 40, CAUSE_SOURCE_UNKNOWN), rotas, 2), alone);
	assert_null(group_of(*state, hole_at(30, 40, CAUSE_SOURCE_UNKNOWN), &rotas[1], 1));
	rotas[0].sweep.horizon = 35 * HOUR;
	rotas[1].sweep.horizon = 40 * HOUR;
	alone = group_of(*state, hole_at(30, 40, CAUSE_PAST_HORIZON), rotas, 1);
	assert_non_null(alone);
	assert_string_equal(group_of(*state, hole_at(30, 40, CAUSE_PAST_HORIZON), rotas, 2), alone);
	assert_null(group_of(*state, hole_at(30, 40, CAUSE_PAST_HORIZON), &rotas[1], 1));
}

static void
test_other_holes_have_no_run(void **state)
{
	static const struct shift none[] = {ON(0, 1)};
	static const struct gap_rota rota = ROTA("r", 1, none);
	static const enum cover_cause causes[] = {CAUSE_NO_SOURCE, CAUSE_SHARED, CAUSE_NO_ROLE,
	    CAUSE_NOT_FREE, CAUSE_TOO_FEW, CAUSE_TEAM_ONLY};
	struct gap_hole shorter = hole_at(30, 40, CAUSE_NOBODY);

	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
		assert_null(group_of(*state, hole_at(30, 40, causes[i]), &rota, 1));
	shorter.state = COVER_SHORT;
	assert_null(group_of(*state, shorter, &rota, 1));
}

static void
test_steps_come_in_the_order_of_their_holes(void **state)
{
	struct gap_hole holes[] = {hole_at(30, 40, CAUSE_NO_SOURCE), hole_at(40, 50, CAUSE_NO_ROLE),
	    hole_at(50, 60, CAUSE_NO_SOURCE), hole_at(70, 80, CAUSE_NO_ROLE)};
	struct gap_steps steps =
	    match(*state, (struct gap_holes){holes, 4}, (struct gap_rotas){NULL, 0}, NULL, 0);

	assert_int_equal(steps.count, 4);
	for (size_t i = 1; i < steps.count; i++)
		assert_true(steps.items[i - 1].hole.start < steps.items[i].hole.start);
}

/* Thirty nights, from the first of which the rota is empty. */
static struct gap_holes
thirty_nights(struct arena *arena)
{
	struct gap_hole *nights = arena_array(arena, NIGHTS, sizeof *nights);

	for (int64_t i = 0; i < NIGHTS; i++)
		nights[i] = hole_at(24 * i + 100, 24 * i + 110, CAUSE_SILENT);
	return (struct gap_holes){nights, NIGHTS};
}

static struct gap *
gaps_of(struct arena *arena, struct gap_steps steps)
{
	struct gap *gaps = arena_array(arena, steps.count, sizeof *gaps);

	for (size_t i = 0; i < steps.count; i++)
		gaps[i] = (struct gap){
		    .id = arena_printf(arena, "g%02zu", i),
		    .start = steps.items[i].hole.start,
		    .end = steps.items[i].hole.end,
		    .state = steps.items[i].hole.state,
		    .cause = steps.items[i].hole.cause,
		    .required = 1,
		    .severity = steps.items[i].severity,
		    .told = steps.items[i].told,
		    .group = steps.items[i].hole.group,
		};
	return gaps;
}

static void
test_a_matter_keeps_its_name_and_its_gaps(void **state)
{
	static const struct shift before[] = {ON(0, 99), ON(900, 901)},
				  moved[] = {ON(0, 90), ON(950, 951)},
				  one_more[] = {ON(0, 99), ON(340, 350), ON(900, 901)};
	static const struct gap_rota as_it_was = ROTA("r", 1, before), later = ROTA("r", 1, moved),
				     filled = ROTA("r", 1, one_more);
	struct gap_holes nights = thirty_nights(*state);
	struct gap_steps steps = match(*state, nights, (struct gap_rotas){&as_it_was, 1}, NULL, 0);
	struct gap *gaps = gaps_of(*state, steps);
	const char *group = gaps[0].group;
	struct gap_hole *left;

	assert_string_equal(group, "r.empty-1970-01-05T03:00:00Z");
	for (size_t i = 0; i < NIGHTS; i++)
		assert_string_equal(gaps[i].group, group);
	/* Shifts beside it move: nothing is to be written. */
	assert_int_equal(
	    match(*state, nights, (struct gap_rotas){&later, 1}, gaps, NIGHTS).count, 0);
	/* The eleventh night is filled: that one closes, and nothing else. */
	left = arena_array(*state, NIGHTS - 1, sizeof *left);
	memcpy(left, nights.items, 10 * sizeof *left);
	memcpy(left + 10, nights.items + 11, (NIGHTS - 11) * sizeof *left);
	steps = match(*state, (struct gap_holes){left, NIGHTS - 1}, (struct gap_rotas){&filled, 1},
	    gaps, NIGHTS);
	assert_int_equal(steps.count, 1);
	assert_int_equal(steps.items[0].act, GAP_CLOSE);
	assert_string_equal(steps.items[0].id, "g10");
	/* A night becomes empty that was not: it joins those beside it. */
	steps = match(
	    *state, (struct gap_holes){left, NIGHTS - 1}, (struct gap_rotas){&filled, 1}, gaps, 20);
	assert_int_equal(steps.count, NIGHTS - 20 + 1);
	for (size_t i = 1; i < steps.count; i++) {
		assert_int_equal(steps.items[i].act, GAP_OPEN);
		assert_string_equal(steps.items[i].hole.group, group);
		assert_false(steps.items[i].follows);
	}
}

static void
test_two_runs_and_two_rotas_are_two_matters(void **state)
{
	static const struct shift twice[] = {ON(0, 99), ON(340, 350), ON(900, 901)},
				  other[] = {ON(0, 99), ON(900, 901)};
	static const struct gap_rota rota = ROTA("r", 1, twice), second = ROTA("s", 1, other);
	struct gap_hole holes[] = {hole_at(100, 110, CAUSE_SILENT), hole_at(124, 134, CAUSE_SILENT),
	    hole_at(364, 374, CAUSE_SILENT)};
	struct gap_steps steps =
	    match(*state, (struct gap_holes){holes, 3}, (struct gap_rotas){&rota, 1}, NULL, 0);

	assert_string_equal(steps.items[0].hole.group, steps.items[1].hole.group);
	assert_string_not_equal(steps.items[1].hole.group, steps.items[2].hole.group);
	/* At another place, of another rota over the same time. */
	assert_string_equal(group_of(*state, holes[0], &second, 1), "s.empty-1970-01-05T03:00:00Z");
	assert_string_not_equal(steps.items[0].hole.group, group_of(*state, holes[0], &second, 1));
	/* What the two groups had when they were found stays two when the night between is lost. */
	{
		static const struct shift once[] = {ON(0, 99), ON(900, 901)};
		static const struct gap_rota lost = ROTA("r", 1, once);
		struct gap *gaps = gaps_of(*state, steps);

		assert_int_equal(match(*state, (struct gap_holes){holes, 3},
				     (struct gap_rotas){&lost, 1}, gaps, 3)
				     .count,
		    0);
	}
}

/* A night that comes into the window at its far edge, where the run is a matter already. */
static void
test_what_the_edge_brings_follows(void **state)
{
	static const struct shift before[] = {ON(0, 99)};
	static const struct gap_rota rota = ROTA("r", 1, before);
	struct gap_hole holes[] = {
	    hole_at(100, 110, CAUSE_SILENT), hole_at(399 * 24, 399 * 24 + 10, CAUSE_SILENT)};
	struct gap_steps steps =
	    match(*state, (struct gap_holes){holes, 1}, (struct gap_rotas){&rota, 1}, NULL, 0);
	struct gap *gaps = gaps_of(*state, steps);

	steps = match(*state, (struct gap_holes){holes, 2}, (struct gap_rotas){&rota, 1}, gaps, 1);
	assert_int_equal(steps.count, 1);
	assert_int_equal(steps.items[0].flag, GAP_FLAG_OPENED);
	assert_string_equal(steps.items[0].hole.group, gaps[0].group);
	assert_true(steps.items[0].follows);
	/* Where there is no matter yet, it is one. */
	steps =
	    match(*state, (struct gap_holes){holes + 1, 1}, (struct gap_rotas){&rota, 1}, NULL, 0);
	assert_false(steps.items[0].follows);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_the_rota_that_dated_places_empty_longest_is_named),
	    TEST(test_a_run_begins_when_the_last_has_gone),
	    TEST(test_the_longest_of_three_is_named),
	    TEST(test_a_source_is_a_reason_only_before_the_end),
	    TEST(test_other_holes_have_no_run),
	    TEST(test_steps_come_in_the_order_of_their_holes),
	    TEST(test_a_matter_keeps_its_name_and_its_gaps),
	    TEST(test_two_runs_and_two_rotas_are_two_matters),
	    TEST(test_what_the_edge_brings_follows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
