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
		name, on_call, {list, sizeof list / sizeof *list, INT64_MAX, INT64_MAX, NULL},     \
		    NULL, 0                                                                        \
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
test_the_rota_that_stays_empty_longest_is_named(void **state)
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
	/* A doubtful entry fills nothing. */
	assert_string_equal(
	    group_of(*state, hole_at(52, 55, CAUSE_SILENT), &rotas[2], 1), "c.empty");
	assert_string_equal(group_of(*state, hole_at(30, 40, CAUSE_SILENT), rotas, 1),
	    "a.week.empty-1970-01-02T00:00:00Z");
	/* A rota that no longer serves the place does not decide where the run begins. */
	gone[0].sweep.serves = &ended;
	assert_string_equal(group_of(*state, hole_at(30, 40, CAUSE_SILENT), gone, 2),
	    "a.week.empty-1970-01-02T00:00:00Z");
}

/* A run does not begin with a shift that starts while another is on, or that ends before it. */
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
	/* The two groups that were found stay two when the night between is lost. */
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

/* The shift before the run is older than what the map looks back to, and another demand has been
 * empty since. */
static void
test_a_later_demand_joins_the_run(void **state)
{
	static const struct shift none[] = {VACANT(0, 1)}, between[] = {ON(200, 210)},
				  before[] = {ON(0, 99)};
	static const char *const group = "r.empty-1970-01-05T03:00:00Z";
	static const struct gap_grouped open[] = {
	    {"r.empty-earlier", 100 * HOUR, 110 * HOUR}, {group, 124 * HOUR, 134 * HOUR}};
	struct gap_rota rota = ROTA("r", 1, none), cut = ROTA("r", 1, between),
			seen = ROTA("r", 1, before);
	struct gap_hole hole = hole_at(300, 310, CAUSE_SILENT),
			edge = hole_at(399 * 24, 399 * 24 + 10, CAUSE_SILENT);
	struct gap_steps steps;

	assert_string_equal(group_of(*state, hole, &rota, 1), "r.empty");
	rota.grouped = open;
	rota.ngrouped = 2;
	assert_string_equal(group_of(*state, hole, &rota, 1), group);
	assert_string_equal(
	    group_of(*state, hole_at(90, 95, CAUSE_SILENT), &rota, 1), "r.empty-earlier");
	/* The run may seem to begin elsewhere by now. */
	seen.grouped = open + 1;
	seen.ngrouped = 1;
	assert_string_equal(group_of(*state, hole, &seen, 1), group);
	/* Somebody was on between: that is another run. */
	cut.grouped = open;
	cut.ngrouped = 2;
	assert_string_equal(group_of(*state, hole, &cut, 1), "r.empty-1970-01-09T18:00:00Z");
	/* Everybody was told of the group, if not by this demand. */
	steps = match(*state, (struct gap_holes){&edge, 1}, (struct gap_rotas){&rota, 1}, NULL, 0);
	assert_true(steps.items[0].follows);
}

/*
 * The naive model: one rota whose shifts are known from the beginning to the end, so that the run
 * of each hole is known too; demands that find their holes at different times; and a map that
 * looks back a month and ahead a hundred days. However that comes about, two open gaps are of one
 * matter if and only if they are of one run.
 */
enum { DEMANDS = 5, HOLES = 120, SHIFTS = 12, STORY_DAYS = 420, BACK = 30, AHEAD = 100 };

struct story {
	struct arena *arena;
	struct shift shifts[SHIFTS];
	size_t nshifts;
	struct gap_hole holes[DEMANDS][HOLES]; /* sorted */
	size_t nholes[DEMANDS];
	int64_t from[DEMANDS]; /* the day on which the demand comes into the region */
	struct gap gaps[DEMANDS][HOLES];
	size_t ngaps[DEMANDS];
	unsigned seed;
};

static int64_t
draw(struct story *story, int64_t least, int64_t most)
{
	story->seed = story->seed * 1103515245u + 12345u;
	return least + (int64_t)(story->seed >> 8) % (most - least + 1);
}

static int
run_of(const struct story *story, int64_t at)
{
	int run = 0;

	for (size_t i = 0; i < story->nshifts; i++)
		run += story->shifts[i].start <= at;
	return run;
}

static bool
is_on(const struct story *story, int64_t start, int64_t end)
{
	for (size_t i = 0; i < story->nshifts; i++)
		if (story->shifts[i].start < end && story->shifts[i].end > start)
			return true;
	return false;
}

static void
begin_story(struct story *story, struct arena *arena, unsigned seed)
{
	*story = (struct story){.arena = arena, .seed = seed};
	for (int64_t day = 0; story->nshifts < SHIFTS && day < STORY_DAYS;
	     day += draw(story, 2, 90))
		story->shifts[story->nshifts++] = (struct shift)ON(24 * day, 24 * day + 12);
	for (size_t d = 0; d < DEMANDS; d++) {
		int64_t hour = 24 * draw(story, 0, 60);

		story->from[d] = draw(story, 0, STORY_DAYS / 2);
		while (story->nholes[d] < HOLES && hour < 24 * STORY_DAYS) {
			int64_t end = hour + draw(story, 1, 12);

			if (!is_on(story, hour * HOUR, end * HOUR))
				story->holes[d][story->nholes[d]++] =
				    hole_at(hour, end, CAUSE_SILENT);
			hour = end + 24 * draw(story, 0, 20) + 1;
		}
	}
}

/* The rota as the map sees it, and what the map has of its groups. */
static struct gap_rota
seen_by(struct story *story, struct span_time window)
{
	struct shift *shifts = arena_array(story->arena, SHIFTS, sizeof *shifts);
	struct gap_grouped *grouped = arena_array(story->arena, DEMANDS * HOLES, sizeof *grouped);
	struct gap_rota rota = {"r", 1, {shifts, 0, INT64_MAX, INT64_MAX, NULL}, grouped, 0};

	for (size_t i = 0; i < story->nshifts; i++)
		if (story->shifts[i].end > window.start && story->shifts[i].start < window.end)
			shifts[rota.sweep.nshifts++] = story->shifts[i];
	for (size_t d = 0; d < DEMANDS; d++)
		for (size_t i = 0; i < story->ngaps[d]; i++)
			grouped[rota.ngrouped++] = (struct gap_grouped){story->gaps[d][i].group,
			    story->gaps[d][i].start, story->gaps[d][i].end};
	return rota;
}

static struct gap_steps
steps_of(struct story *story, size_t d, struct span_time window, int64_t now)
{
	struct gap_rota rota = seen_by(story, window);
	struct gap_hole *holes = arena_array(story->arena, HOLES, sizeof *holes);
	size_t count = 0;

	for (size_t i = 0; i < story->nholes[d]; i++)
		if (story->holes[d][i].end > window.start && story->holes[d][i].start < window.end)
			holes[count++] = story->holes[d][i];
	return gap_match(story->arena,
	    gap_blame(story->arena, (struct gap_holes){holes, count}, (struct gap_rotas){&rota, 1}),
	    story->gaps[d], story->ngaps[d], &(struct gap_asked){now, window, &policy});
}

static void
sweep_one(struct story *story, size_t d, int64_t day)
{
	int64_t now = day * DAY;
	struct gap_steps steps =
	    steps_of(story, d, (struct span_time){now - BACK * DAY, now + AHEAD * DAY}, now);

	for (size_t i = 0; i < steps.count; i++) {
		const struct gap_step *step = &steps.items[i];

		if (step->act == GAP_OPEN)
			story->gaps[d][story->ngaps[d]++] = (struct gap){
			    .id = arena_printf(
				story->arena, "%zu-%lld", d, (long long)step->hole.start),
			    .start = step->hole.start,
			    .end = step->hole.end,
			    .state = step->hole.state,
			    .cause = step->hole.cause,
			    .required = 1,
			    .severity = step->severity,
			    .told = step->told,
			    .group = step->hole.group,
			};
		for (size_t j = 0; step->act == GAP_CLOSE && j < story->ngaps[d]; j++)
			if (strcmp(story->gaps[d][j].id, step->id) == 0)
				story->gaps[d][j--] = story->gaps[d][--story->ngaps[d]];
	}
}

static void
expect_one_matter_for_each_run(const struct story *story, unsigned seed, int64_t day)
{
	const struct gap *all[DEMANDS * HOLES];
	size_t count = 0;

	for (size_t d = 0; d < DEMANDS; d++)
		for (size_t i = 0; i < story->ngaps[d]; i++)
			all[count++] = &story->gaps[d][i];
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if ((run_of(story, all[i]->start) == run_of(story, all[j]->start)) !=
			    (strcmp(all[i]->group, all[j]->group) == 0))
				fail_msg("seed %u, day %lld: %s in %s, %s in %s", seed,
				    (long long)day, all[i]->id, all[i]->group, all[j]->id,
				    all[j]->group);
}

static void
test_one_run_is_one_matter_for_every_demand(void **state)
{
	for (unsigned seed = 1; seed <= 60; seed++) {
		struct arena *arena = arena_new(0);
		struct story story;

		(void)state;
		begin_story(&story, arena, seed);
		for (int64_t day = 0; day < STORY_DAYS; day += draw(&story, 1, 4)) {
			for (size_t d = 0; d < DEMANDS; d++)
				if (story.from[d] <= day)
					sweep_one(&story, d, day);
			expect_one_matter_for_each_run(&story, seed, day);
		}
		arena_free(arena);
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

static void
test_a_rota_that_does_not_serve_yet_has_no_say(void **state)
{
	static const struct shift week[] = {ON(0, 24), ON(60, 72)},
				  weekend[] = {ON(0, 12), ON(200, 212)};
	static const struct span_time begins = {50 * HOUR, INT64_MAX};
	struct gap_rota rotas[] = {ROTA("to.come", 1, weekend), ROTA("a.week", 1, week)};

	rotas[0].sweep.serves = &begins;
	assert_string_equal(group_of(*state, hole_at(30, 40, CAUSE_SILENT), rotas, 2),
	    "a.week.empty-1970-01-02T00:00:00Z");
}

/* Of a rota that was never read nobody knows where its entries end. */
static void
test_a_rota_never_read_is_not_past_its_horizon(void **state)
{
	static const struct shift nights[] = {ON(0, 24)};
	struct gap_rota rotas[] = {
	    ROTA("never", 1, nights), ROTA("later", 1, nights), ROTA("past", 1, nights)};
	struct gap_hole hole = hole_at(30, 40, CAUSE_PAST_HORIZON);

	hole.state = COVER_UNKNOWN;
	rotas[0].sweep.horizon = INT64_MIN;
	rotas[1].sweep.horizon = 40 * HOUR;
	rotas[2].sweep.horizon = 35 * HOUR;
	assert_string_equal(group_of(*state, hole, rotas, 3), "past.past_horizon");
	rotas[1].sweep.horizon--;
	assert_string_equal(group_of(*state, hole, rotas, 3), "later.past_horizon");
}

/* A rota's name may be the beginning of another group's name. */
static void
test_a_group_of_a_longer_name_is_anothers(void **state)
{
	static const struct shift weekend[] = {ON(0, 12), ON(200, 212)};
	static const char *const groups[] = {"b.emptyish.empty", "b.empt", "bb.empty", NULL};
	static const struct gap_rota rota = ROTA("b", 1, weekend);

	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		struct gap_hole hole = hole_at(30, 40, CAUSE_SILENT);
		struct gap gap = {.id = "g1",
		    .start = 60 * HOUR,
		    .end = 70 * HOUR,
		    .state = COVER_GAP,
		    .cause = CAUSE_SILENT,
		    .required = 1,
		    .group = groups[i]};
		struct gap_steps steps = match(
		    *state, (struct gap_holes){&hole, 1}, (struct gap_rotas){&rota, 1}, &gap, 1);
		size_t at = 0;

		while (steps.items[at].act != GAP_OPEN)
			at++;
		assert_string_equal(steps.items[at].hole.group, "b.empty-1970-01-01T12:00:00Z");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_a_rota_that_does_not_serve_yet_has_no_say),
	    TEST(test_a_rota_never_read_is_not_past_its_horizon),
	    TEST(test_a_group_of_a_longer_name_is_anothers),
	    TEST(test_the_rota_that_stays_empty_longest_is_named),
	    TEST(test_a_run_begins_when_the_last_has_gone),
	    TEST(test_the_longest_of_three_is_named),
	    TEST(test_a_source_is_a_reason_only_before_the_end),
	    TEST(test_other_holes_have_no_run),
	    TEST(test_steps_come_in_the_order_of_their_holes),
	    TEST(test_a_matter_keeps_its_name_and_its_gaps),
	    TEST(test_a_later_demand_joins_the_run),
	    TEST(test_one_run_is_one_matter_for_every_demand),
	    TEST(test_two_runs_and_two_rotas_are_two_matters),
	    TEST(test_what_the_edge_brings_follows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
