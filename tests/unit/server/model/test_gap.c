/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/server/model/gap_story.h"

/* --- Holes. --- */

static const char *
holes_text(struct arena *arena, const char *map)
{
	struct gap_holes holes = gap_find(arena, story_spans(arena, map, 0));
	const char *text = "";
	size_t i;

	for (i = 0; i < holes.count; i++)
		text = arena_printf(arena, "%s%s%lld-%lld %s %s %d", text, i > 0 ? ", " : "",
		    (long long)(holes.items[i].start / HOUR),
		    (long long)(holes.items[i].end / HOUR), cover_state_name(holes.items[i].state),
		    cover_cause_name(holes.items[i].cause), holes.items[i].present);
	return text;
}

static void
test_holes(void **state)
{
	static const char *const cases[][2] = {
	    {"", ""},
	    {"CCC...", ""},
	    {"CGGC", "1-3 gap silent 0"},
	    {"GGSSUU", "0-2 gap silent 0, 2-4 short too_few 1, 4-6 unknown undecided 0"},
	    /* One state, two causes: one hole with the more telling cause, the least present. */
	    {"GGNNGG", "0-6 gap nobody 0"},
	    {"CVVUUC", "1-5 unknown undecided 0"},
	    /* The hours end a hole of the rota's own making, and not one of the source's. */
	    {"CGG..GGC", "1-3 gap silent 0, 5-7 gap silent 0"},
	    {"XX..XX..XX", "0-10 unknown source_unknown 0"},
	    {"..PP..PP", "2-8 unknown past_horizon 0"},
	    {"..RR..RR", "2-8 unknown never_read 0"},
	    {"ZZ..ZZ", "0-6 gap no_source 0"},
	    {"XX..PP", "0-6 unknown source_unknown 0"},
	    {"XX..UU", "0-2 unknown source_unknown 0, 4-6 unknown undecided 0"},
	    {"XX..CC..XX", "0-2 unknown source_unknown 0, 8-10 unknown source_unknown 0"},
	    {"ZZ..XX", "0-2 gap no_source 0, 4-6 unknown source_unknown 0"},
	    {"XX..", "0-2 unknown source_unknown 0"},
	};
	struct story *story = *state;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(holes_text(story->arena, cases[i][0]), cases[i][1]);
}

static void
test_severity_bands(void **state)
{
	(void)state;
	assert_int_equal(
	    gap_severity_of(REGION_SEVERITY_DEFAULT, COVER_GAP, 72 * HOUR), GAP_NORMAL);
	assert_int_equal(
	    gap_severity_of(REGION_SEVERITY_DEFAULT, COVER_GAP, 72 * HOUR - 1), GAP_HIGH);
	assert_int_equal(
	    gap_severity_of(REGION_SEVERITY_DEFAULT, COVER_SHORT, 24 * HOUR), GAP_HIGH);
	assert_int_equal(
	    gap_severity_of(REGION_SEVERITY_DEFAULT, COVER_SHORT, 24 * HOUR - 1), GAP_CRITICAL);
	assert_int_equal(gap_severity_of(REGION_SEVERITY_DEFAULT, COVER_GAP, -HOUR), GAP_CRITICAL);
	assert_int_equal(gap_severity_of(REGION_SEVERITY_DEFAULT, COVER_UNKNOWN, -HOUR), GAP_HIGH);
	assert_int_equal(
	    gap_severity_of(REGION_SEVERITY_DEFAULT, COVER_UNKNOWN, 72 * HOUR), GAP_NORMAL);
	assert_string_equal(gap_severity_name(GAP_CRITICAL), "critical");
	assert_string_equal(gap_severity_name(GAP_HIGH), "high");
	assert_string_equal(gap_severity_name(GAP_NORMAL), "normal");
}

/* --- Stories. --- */

static void
test_the_life_of_a_gap(void **state)
{
	struct story *story = *state;
	const char *map = story_map(story->arena, 100, "GG", 400);

	assert_string_equal(
	    story_look(story, map, 0, 0), "open 100-102 gap silent 0/2 normal told: opened\n");
	assert_int_equal(story->next, 28 * HOUR + 1); /* less than 72 hours ahead */
	assert_string_equal(story_look(story, map, 0, 28), "");
	assert_string_equal(
	    story_look(story, map, 0, 29), "change g1 100-102 gap silent 0/2 high told: changed\n");
	assert_int_equal(story->next, 76 * HOUR + 1);
	assert_string_equal(story_look(story, map, 0, 77),
	    "change g1 100-102 gap silent 0/2 critical told: changed\n");
	assert_int_equal(story->next, 100 * HOUR);
	assert_string_equal(story_look(story, map, 0, 100),
	    "change g1 100-102 gap silent 0/2 critical started told: started\n");
	assert_int_equal(story->next, 102 * HOUR);
	assert_string_equal(story_look(story, map, 0, 101), "");
	assert_string_equal(story_look(story, map, 0, 102),
	    "close g1 100-102 gap silent 0/2 critical started told passed: closed\n");
	assert_int_equal(story->next, INT64_MAX);
	assert_string_equal(story_look(story, map, 0, 103), "");
}

static void
test_a_filled_gap_closes(void **state)
{
	struct story *story = *state;

	story_look(story, story_map(story->arena, 100, "GG", 400), 0, 50);
	assert_string_equal(story_look(story, story_run(story->arena, 'C', 400), 0, 51),
	    "close g1 100-102 gap silent 0/2 high told: closed\n");
	/* Filled from the middle on while it runs: what is left of it is the past. */
	story_look(story, story_map(story->arena, 100, "GG", 400), 0, 100);
	assert_string_equal(story_look(story, story_map(story->arena, 100, "G", 400), 0, 101),
	    "close g2 100-102 gap silent 0/2 critical started told: closed\n");
}

static void
test_edges_state_and_cause_change_the_same_gap(void **state)
{
	struct story *story = *state;

	story_look(story, story_map(story->arena, 100, "GGGG", 400), 0, 0);
	assert_string_equal(story_look(story, story_map(story->arena, 99, "GGGGGG", 400), 0, 0),
	    "change g1 99-105 gap silent 0/2 normal told: changed\n");
	assert_string_equal(story_look(story, story_map(story->arena, 101, "GG", 400), 0, 0),
	    "change g1 101-103 gap silent 0/2 normal told: changed\n");
	assert_string_equal(story_look(story, story_map(story->arena, 101, "NN", 400), 0, 0),
	    "change g1 101-103 gap nobody 0/2 normal told: changed\n");
	assert_string_equal(story_look(story, story_map(story->arena, 101, "SS", 400), 0, 0),
	    "change g1 101-103 short too_few 1/2 normal told: changed\n");
	assert_string_equal(story_look(story, story_map(story->arena, 101, "UU", 400), 0, 0),
	    "change g1 101-103 unknown undecided 0/2 normal told: changed\n");
	/* One person more makes no new flag. */
	assert_string_equal(story_look(story, story_map(story->arena, 101, "VV", 400), 0, 0),
	    "change g1 101-103 unknown undecided 1/2 normal told: -\n");
}

static void
test_a_gap_that_splits_goes_on_as_its_larger_part_and_joins_again(void **state)
{
	struct story *story = *state;

	story_look(story, story_map(story->arena, 100, "GGGGGGGG", 400), 0, 0);
	assert_string_equal(story_look(story, story_map(story->arena, 100, "GGCGGGGG", 400), 0, 0),
	    "open 100-102 gap silent 0/2 normal told: opened\n"
	    "change g1 103-108 gap silent 0/2 normal told: changed\n");
	/* They join again: the larger one goes on, the other is closed. */
	assert_string_equal(story_look(story, story_map(story->arena, 100, "GGGGGGGG", 400), 0, 0),
	    "close g2 100-102 gap silent 0/2 normal told: closed\n"
	    "change g1 100-108 gap silent 0/2 normal told: changed\n");
	/* Two equal parts: the one that starts first. */
	assert_string_equal(story_look(story, story_map(story->arena, 100, "GGGCCGGG", 400), 0, 0),
	    "change g1 100-103 gap silent 0/2 normal told: changed\n"
	    "open 105-108 gap silent 0/2 normal told: opened\n");
}

/* From 100-104 to every hole that shares an hour with it. */
static void
test_an_edge_may_move_any_way_while_they_overlap(void **state)
{
	struct story *story = *state;
	size_t start, end;

	for (start = 80; start < 104; start++)
		for (end = start > 100 ? start + 1 : 101; end < 130; end++) {
			story->ngaps = story->nfilled = 0;
			story->ids = 0;
			story_look(story, story_map(story->arena, 100, "GGGG", 400), 0, 0);
			story_look(story,
			    story_map(story->arena, start,
				story_run(story->arena, 'G', end - start), 400),
			    0, 0);
			assert_int_equal(story->ngaps, 1);
			assert_string_equal(story->gaps[0].id, "g1");
			assert_int_equal(story->gaps[0].start, (int64_t)start * HOUR);
			assert_int_equal(story->gaps[0].end, (int64_t)end * HOUR);
		}
}

static void
test_a_hole_beside_a_gap_is_another(void **state)
{
	struct story *story = *state;

	story_look(story, story_map(story->arena, 100, "GG", 400), 0, 0);
	assert_string_equal(story_look(story, story_map(story->arena, 102, "GG", 400), 0, 0),
	    "close g1 100-102 gap silent 0/2 normal told: closed\n"
	    "open 102-104 gap silent 0/2 normal told: opened\n");
}

static void
test_tolerance_holds_back_the_flag_not_the_row(void **state)
{
	struct story *story = *state;

	story->policy.tolerance = 2 * HOUR;
	assert_string_equal(story_look(story, story_map(story->arena, 100, "GG", 400), 0, 0),
	    "open 100-102 gap silent 0/2 normal: -\n");
	assert_string_equal(story_look(story, story_map(story->arena, 100, "GGG", 400), 0, 29),
	    "change g1 100-103 gap silent 0/2 high told: opened\n");
	/* Once told it stays told. */
	assert_string_equal(story_look(story, story_map(story->arena, 100, "G", 400), 0, 29),
	    "change g1 100-101 gap silent 0/2 high told: changed\n");
	assert_string_equal(story_look(story, story_run(story->arena, 'C', 400), 0, 30),
	    "close g1 100-101 gap silent 0/2 high told: closed\n");
	/* The tolerance alone is another: what was no news is told. */
	story_look(story, story_map(story->arena, 200, "GG", 400), 0, 90);
	assert_string_equal(story_look(story, story_map(story->arena, 200, "GG", 400), 0, 90), "");
	story->policy.tolerance = HOUR;
	assert_string_equal(story_look(story, story_map(story->arena, 200, "GG", 400), 0, 90),
	    "change g2 200-202 gap silent 0/2 normal told: opened\n");
	story->policy.tolerance = 2 * HOUR;
	story_look(story, story_run(story->arena, 'C', 400), 0, 90);
	/* Never told: neither its start nor its end is. */
	story_look(story, story_map(story->arena, 100, "GG", 400), 0, 90);
	assert_string_equal(story_look(story, story_map(story->arena, 100, "GG", 400), 0, 100),
	    "change g3 100-102 gap silent 0/2 critical started: -\n");
	assert_string_equal(story_look(story, story_map(story->arena, 100, "GG", 400), 0, 102),
	    "close g3 100-102 gap silent 0/2 critical started passed: -\n");
}

static void
test_one_flag_a_step(void **state)
{
	struct story *story = *state;

	/* It opens while it runs: opened, not started. */
	assert_string_equal(story_look(story, story_map(story->arena, 100, "GG", 400), 0, 101),
	    "open 100-102 gap silent 0/2 critical started told: opened\n");
	assert_string_equal(story_look(story, story_map(story->arena, 100, "NN", 400), 0, 101),
	    "change g1 100-102 gap nobody 0/2 critical started told: changed\n");
	/* Started and changed at once: started. */
	story_look(story, story_map(story->arena, 200, "GG", 400), 0, 199);
	assert_string_equal(story_look(story, story_map(story->arena, 200, "NNN", 400), 0, 200),
	    "change g2 200-203 gap nobody 0/2 critical started told: started\n");
	/* Its first hour is filled, so it starts once more. */
	assert_string_equal(story_look(story, story_map(story->arena, 201, "NN", 400), 0, 200),
	    "change g2 201-203 gap nobody 0/2 critical told: changed\n");
	assert_string_equal(story_look(story, story_map(story->arena, 201, "NN", 400), 0, 201),
	    "change g2 201-203 gap nobody 0/2 critical started told: started\n");
}

static void
test_the_window_rolls_over_an_open_end(void **state)
{
	struct story *story = *state;
	struct arena *arena = story->arena;
	const char *open_end =
	    arena_printf(arena, "%s%s", story_run(arena, 'C', 100), story_run(arena, 'X', 100));

	story_look(story, open_end, 0, 0);
	/* A day later the window reaches a day further: written, not told. */
	assert_string_equal(
	    story_look(story,
		arena_printf(arena, "%s%s", story_run(arena, 'C', 76), story_run(arena, 'X', 124)),
		24, 24),
	    "change g1 100-224 unknown source_unknown 0/2 normal told: -\n");
	/* Nor is it when the day that came into sight shows where it ends. */
	assert_string_equal(story_look(story,
				arena_printf(arena, "%s%s%s", story_run(arena, 'C', 75),
				    story_run(arena, 'X', 125), story_run(arena, 'C', 10)),
				25, 25),
	    "change g1 100-225 unknown source_unknown 0/2 normal told: -\n");
	/* An end far from the window's moves: told. */
	assert_string_equal(story_look(story,
				arena_printf(arena, "%s%s%s", story_run(arena, 'C', 75),
				    story_run(arena, 'X', 25), story_run(arena, 'C', 110)),
				25, 25),
	    "change g1 100-125 unknown source_unknown 0/2 normal told: changed\n");
	assert_string_equal(
	    story_look(story,
		arena_printf(arena, "%s%s", story_run(arena, 'C', 75), story_run(arena, 'X', 135)),
		25, 25),
	    "change g1 100-235 unknown source_unknown 0/2 normal told: changed\n");
}

static void
test_a_gap_from_before_the_window_keeps_its_start(void **state)
{
	struct story *story = *state;
	struct arena *arena = story->arena;

	story_look(story,
	    arena_printf(arena, "%s%s", story_run(arena, 'G', 10), story_run(arena, 'C', 200)), 0,
	    0);
	assert_string_equal(
	    story_look(story,
		arena_printf(arena, "%s%s", story_run(arena, 'G', 5), story_run(arena, 'C', 205)),
		5, 5),
	    "");
	assert_int_equal(story->gaps[0].start, 0);
	/* It began later after all: then it did. */
	assert_string_equal(
	    story_look(story,
		arena_printf(arena, "C%s%s", story_run(arena, 'G', 4), story_run(arena, 'C', 205)),
		5, 6),
	    "change g1 6-10 gap silent 0/2 critical started told: changed\n");
	/* A gap whose time came and went while nobody looked. */
	assert_string_equal(story_look(story, story_run(arena, 'C', 200), 20, 20),
	    "close g1 6-10 gap silent 0/2 critical started told passed: closed\n");
}

static void
test_gaps_after_the_window_are_left_alone(void **state)
{
	struct story *story = *state;

	story_look(story, story_map(story->arena, 100, "GG", 400), 0, 0);
	assert_string_equal(story_look(story, story_run(story->arena, 'C', 100), 0, 0), "");
	assert_int_equal(story->ngaps, 1);
	assert_string_equal(story_look(story, story_run(story->arena, 'C', 101), 0, 0),
	    "close g1 100-102 gap silent 0/2 normal told: closed\n");
}

static void
test_the_past_opens_nothing(void **state)
{
	struct story *story = *state;

	assert_string_equal(story_look(story, story_map(story->arena, 10, "GG", 400), 0, 12), "");
	assert_string_equal(story_look(story, story_map(story->arena, 10, "GG", 400), 0, 11),
	    "open 10-12 gap silent 0/2 critical started told: opened\n");
}

/* --- Who is told further up, and when. --- */

static void
acknowledge(struct story *story, const char *id)
{
	struct gap *gap = story_gap(story, id);

	gap->acknowledged = true;
	gap->acknowledged_as = gap->severity;
}

static void
test_a_gap_nobody_takes_on_climbs_through_its_alerts(void **state)
{
	struct story *story = *state;
	const char *map = story_map(story->arena, 100, "GG", 400);

	story->policy.alerts = story_ladder;
	story->policy.nalerts = 3;
	story_look(story, map, 0, 0);
	assert_int_equal(story->next, 28 * HOUR + 1);
	story_look(story, map, 0, 29);
	/* The owner 60 hours ahead, the deputy 48, the commissioner when it begins. */
	assert_int_equal(story->next, 40 * HOUR + 1);
	assert_string_equal(story_look(story, map, 0, 41),
	    "change g1 100-102 gap silent 0/2 high told alerts 1: changed\n");
	assert_int_equal(story->next, 52 * HOUR + 1);
	assert_string_equal(story_look(story, map, 0, 53),
	    "change g1 100-102 gap silent 0/2 high told alerts 2: changed\n");
	assert_string_equal(story_look(story, map, 0, 77),
	    "change g1 100-102 gap silent 0/2 critical told alerts 2: changed\n");
	/* With its start, in one flag. */
	assert_string_equal(story_look(story, map, 0, 100),
	    "change g1 100-102 gap silent 0/2 critical started told alerts 3: started\n");
}

static void
test_a_gap_that_opens_late_opens_high_up(void **state)
{
	struct story *story = *state;

	story->policy.alerts = story_ladder;
	story->policy.nalerts = 3;
	assert_string_equal(story_look(story, story_map(story->arena, 100, "GG", 400), 0, 60),
	    "open 100-102 gap silent 0/2 high told alerts 2: opened\n");
	/* Moved far off it comes down, and climbs again when its time comes. */
	story_look(
	    story, story_map(story->arena, 100, story_run(story->arena, 'G', 60), 400), 0, 60);
	assert_string_equal(
	    story_look(
		story, story_map(story->arena, 150, story_run(story->arena, 'G', 10), 400), 0, 60),
	    "change g1 150-160 gap silent 0/2 normal told: changed\n");
	assert_string_equal(
	    story_look(
		story, story_map(story->arena, 150, story_run(story->arena, 'G', 10), 400), 0, 91),
	    "change g1 150-160 gap silent 0/2 high told alerts 1: changed\n");
}

static void
test_an_acknowledgement_ends_the_climb_until_it_is_worse(void **state)
{
	struct story *story = *state;
	const char *map = story_map(story->arena, 100, "GG", 400);

	story->policy.alerts = story_ladder;
	story->policy.nalerts = 3;
	story_look(story, map, 0, 41);
	acknowledge(story, "g1");
	assert_string_equal(story_look(story, map, 0, 53), "");
	assert_int_equal(
	    story->next, 76 * HOUR + 1); /* critical: no alert of the story_ladder before */
	/* Worse by a band than when it was taken on: the story_ladder is where it would have been. */
	assert_string_equal(story_look(story, map, 0, 77),
	    "change g1 100-102 gap silent 0/2 critical told alerts 2: changed\n");
	acknowledge(story, "g1");
	assert_string_equal(story_look(story, map, 0, 100),
	    "change g1 100-102 gap silent 0/2 critical started told alerts 2: started\n");
}

static void
test_what_nobody_was_told_of_does_not_climb(void **state)
{
	struct story *story = *state;

	story->policy.tolerance = 2 * HOUR;
	story->policy.alerts = story_ladder;
	story->policy.nalerts = 3;
	assert_string_equal(story_look(story, story_map(story->arena, 100, "GG", 400), 0, 60),
	    "open 100-102 gap silent 0/2 high: -\n");
	assert_string_equal(story_look(story, story_map(story->arena, 100, "GGG", 400), 0, 60),
	    "change g1 100-103 gap silent 0/2 high told alerts 2: opened\n");
}

static void
test_severity_is_as_the_requirement_says(void **state)
{
	struct story *story = *state;
	const char *map = story_map(story->arena, 100, "GG", 400);

	story->policy.severity = (struct region_severity){4, 12};
	assert_string_equal(
	    story_look(story, map, 0, 50), "open 100-102 gap silent 0/2 normal told: opened\n");
	assert_int_equal(story->next, 88 * HOUR + 1);
	assert_string_equal(
	    story_look(story, map, 0, 90), "change g1 100-102 gap silent 0/2 high told: changed\n");
	assert_int_equal(story->next, 96 * HOUR + 1);
	assert_string_equal(story_look(story, story_map(story->arena, 100, "UU", 400), 0, 99),
	    "change g1 100-102 unknown undecided 0/2 high told: changed\n");
	/* Another wish changes it at the next look. */
	story->policy.severity = (struct region_severity){24, 72};
	assert_string_equal(story_look(story, map, 0, 90),
	    "change g1 100-102 gap silent 0/2 critical told: changed\n");
}

/* --- What closes and opens again. --- */

static void
test_a_gap_that_opens_again_is_the_same(void **state)
{
	struct story *story = *state;
	const char *gone = story_run(story->arena, 'C', 400);
	const char *there = story_map(story->arena, 100, "GG", 400);
	const char *shifted = story_map(story->arena, 101, "GGG", 400);

	story_look(story, there, 0, 1);
	assert_string_equal(story_look_at(story, gone, 0, HOUR + 5 * MINUTE),
	    "close g1 100-102 gap silent 0/2 normal told: closed\n");
	assert_string_equal(story_look_at(story, shifted, 0, HOUR + 14 * MINUTE),
	    "reopen g1 101-104 gap silent 0/2 normal told: opened\n");
	assert_string_equal(story_look_at(story, gone, 0, 3 * HOUR),
	    "close g1 101-104 gap silent 0/2 normal told: closed\n");
	/* After ten minutes it is another. */
	assert_string_equal(story_look_at(story, there, 0, 3 * HOUR + 10 * MINUTE),
	    "open 100-102 gap silent 0/2 normal told: opened\n");
	story_look_at(story, gone, 0, 5 * HOUR);
	/* So it is with another cause, and beside the one that closed. */
	assert_string_equal(
	    story_look_at(story, story_map(story->arena, 100, "NN", 400), 0, 5 * HOUR + MINUTE),
	    "open 100-102 gap nobody 0/2 normal told: opened\n");
	story_look_at(story, gone, 0, 7 * HOUR);
	assert_string_equal(
	    story_look_at(story, story_map(story->arena, 102, "NN", 400), 0, 7 * HOUR + MINUTE),
	    "open 102-104 gap nobody 0/2 normal told: opened\n");
}

static void
test_what_passed_does_not_open_again(void **state)
{
	struct story *story = *state;

	story_look(story, story_map(story->arena, 100, "GG", 400), 0, 101);
	story_look(story, story_map(story->arena, 100, "GG", 400), 0, 102);
	assert_int_equal(story->nfilled, 0);
	assert_string_equal(
	    story_look_at(story, story_map(story->arena, 100, "GGG", 400), 0, 102 * HOUR + MINUTE),
	    "open 100-103 gap silent 0/2 critical started told: opened\n");
}

static void
test_a_gap_that_flaps_is_told_opened_twice_an_hour(void **state)
{
	struct story *story = *state;
	const char *gone = story_run(story->arena, 'C', 400);
	const char *there = story_map(story->arena, 100, "GG", 400), *told = "";
	int64_t now = HOUR, flap;

	/* Ten times within the hour, each three minutes open and three closed. */
	for (flap = 0; flap < 10; flap++, now += 6 * MINUTE) {
		told =
		    arena_printf(story->arena, "%s%s", told, story_look_at(story, there, 0, now));
		told = arena_printf(
		    story->arena, "%s%s", told, story_look_at(story, gone, 0, now + 3 * MINUTE));
	}
	assert_string_equal(told, "open 100-102 gap silent 0/2 normal told: opened\n"
				  "close g1 100-102 gap silent 0/2 normal told: closed\n"
				  "reopen g1 100-102 gap silent 0/2 normal told: opened\n"
				  "close g1 100-102 gap silent 0/2 normal told held: -\n"
				  "reopen g1 100-102 gap silent 0/2 normal told: -\n"
				  "close g1 100-102 gap silent 0/2 normal told held: -\n"
				  "reopen g1 100-102 gap silent 0/2 normal told: -\n"
				  "close g1 100-102 gap silent 0/2 normal told held: -\n"
				  "reopen g1 100-102 gap silent 0/2 normal told: -\n"
				  "close g1 100-102 gap silent 0/2 normal told held: -\n"
				  "reopen g1 100-102 gap silent 0/2 normal told: -\n"
				  "close g1 100-102 gap silent 0/2 normal told held: -\n"
				  "reopen g1 100-102 gap silent 0/2 normal told: -\n"
				  "close g1 100-102 gap silent 0/2 normal told held: -\n"
				  "reopen g1 100-102 gap silent 0/2 normal told: -\n"
				  "close g1 100-102 gap silent 0/2 normal told held: -\n"
				  "reopen g1 100-102 gap silent 0/2 normal told: -\n"
				  "close g1 100-102 gap silent 0/2 normal told held: -\n"
				  "reopen g1 100-102 gap silent 0/2 normal told: -\n"
				  "close g1 100-102 gap silent 0/2 normal told held: -\n");
}

/* --- What one source makes. --- */

static void
test_what_a_source_makes_is_one_matter(void **state)
{
	static const struct shift undecided[] = {
	    {4 * HOUR, 6 * HOUR, 1, SWEEP_NOBODY, 0, SHIFT_UNDECIDED, false, false},
	    {12 * HOUR, 14 * HOUR, 2, SWEEP_NOBODY, 0, SHIFT_UNDECIDED, true, true}};
	static const struct span_time until = {INT64_MIN, 2 * HOUR};
	static const struct gap_rota rotas[] = {
	    /* does not serve any more; ends and has something to decide; never read; not confirmed
	     * any more */
	    {"gone", 1, {NULL, 0, 2 * HOUR, 1 * HOUR, &until}, NULL, 0},
	    {"a", 1, {undecided, 2, 40 * HOUR, INT64_MAX, NULL}, NULL, 0},
	    {"b", 1, {NULL, 0, INT64_MIN, INT64_MAX, NULL}, NULL, 0},
	    {"c", 1, {NULL, 0, INT64_MAX, 10 * HOUR, NULL}, NULL, 0},
	};
	const struct {
		struct gap_hole hole;
		const char *group;
	} cases[] = {
	    {{.start = 5 * HOUR, .end = 9 * HOUR, .cause = CAUSE_UNDECIDED}, "a.undecided"},
	    {{.start = 6 * HOUR, .end = 9 * HOUR, .cause = CAUSE_UNDECIDED}, NULL},
	    {{.start = 5 * HOUR, .end = 9 * HOUR, .cause = CAUSE_OVERRIDE_DISPUTED}, NULL},
	    {{.start = 12 * HOUR, .end = 13 * HOUR, .cause = CAUSE_OVERRIDE_DISPUTED},
		"a.override_disputed"},
	    {{.start = 5 * HOUR, .end = 9 * HOUR, .cause = CAUSE_NEVER_READ}, "b.never_read"},
	    {{.start = 9 * HOUR, .end = 11 * HOUR, .cause = CAUSE_SOURCE_UNKNOWN},
		"c.source_unknown"},
	    {{.start = 1 * HOUR, .end = 2 * HOUR, .cause = CAUSE_SOURCE_UNKNOWN},
		"gone.source_unknown"},
	    {{.start = 39 * HOUR, .end = 41 * HOUR, .cause = CAUSE_PAST_HORIZON}, "a.past_horizon"},
	    /* Known emptiness is no source's doing. */
	    {{.start = 5 * HOUR, .end = 6 * HOUR, .cause = CAUSE_NOBODY}, NULL},
	    {{.start = 5 * HOUR, .end = 6 * HOUR, .cause = CAUSE_SILENT}, NULL},
	    {{.start = 5 * HOUR, .end = 6 * HOUR, .cause = CAUSE_SHARED}, NULL},
	    {{.start = 5 * HOUR, .end = 6 * HOUR, .cause = CAUSE_NO_SOURCE}, NULL},
	};
	struct story *story = *state;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct gap_holes blamed = gap_blame(story->arena,
		    (struct gap_holes){&cases[i].hole, 1}, (struct gap_rotas){rotas, 4});

		if (cases[i].group == NULL)
			assert_null(blamed.items[0].group);
		else
			assert_string_equal(blamed.items[0].group, cases[i].group);
	}
	/* Another group is written down and not told. */
	story->rota = "r1";
	story_look(story, story_map(story->arena, 100, "XX", 400), 0, 0);
	assert_string_equal(story->gaps[0].group, "r1.source_unknown");
	story->rota = "r2";
	assert_string_equal(story_look(story, story_map(story->arena, 100, "XX", 400), 0, 0),
	    "change g1 100-102 unknown source_unknown 0/2 normal told: -\n");
	assert_string_equal(story->gaps[0].group, "r2.source_unknown");
}

/* A hole that comes to belong to a source, and one that no longer does. */
static void
test_a_group_alone_is_a_change(void **state)
{
	struct story *story = *state;

	story_look(story, "CXXC", 0, 0);
	assert_null(story->gaps[0].group);
	story->rota = "r";
	assert_true(strncmp(story_look(story, "CXXC", 0, 0), "change g1 ", 10) == 0);
	assert_string_equal(story->gaps[0].group, "r.source_unknown");
	assert_string_equal(story_look(story, "CXXC", 0, 0), "");
	story->rota = NULL;
	assert_true(strncmp(story_look(story, "CXXC", 0, 0), "change g1 ", 10) == 0);
	assert_null(story->gaps[0].group);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_a_group_alone_is_a_change),
	    TEST(test_holes),
	    TEST(test_severity_bands),
	    TEST(test_the_life_of_a_gap),
	    TEST(test_a_filled_gap_closes),
	    TEST(test_edges_state_and_cause_change_the_same_gap),
	    TEST(test_a_gap_that_splits_goes_on_as_its_larger_part_and_joins_again),
	    TEST(test_an_edge_may_move_any_way_while_they_overlap),
	    TEST(test_a_hole_beside_a_gap_is_another),
	    TEST(test_tolerance_holds_back_the_flag_not_the_row),
	    TEST(test_one_flag_a_step),
	    TEST(test_the_window_rolls_over_an_open_end),
	    TEST(test_a_gap_from_before_the_window_keeps_its_start),
	    TEST(test_gaps_after_the_window_are_left_alone),
	    TEST(test_the_past_opens_nothing),
	    TEST(test_a_gap_nobody_takes_on_climbs_through_its_alerts),
	    TEST(test_a_gap_that_opens_late_opens_high_up),
	    TEST(test_an_acknowledgement_ends_the_climb_until_it_is_worse),
	    TEST(test_what_nobody_was_told_of_does_not_climb),
	    TEST(test_severity_is_as_the_requirement_says),
	    TEST(test_a_gap_that_opens_again_is_the_same),
	    TEST(test_what_passed_does_not_open_again),
	    TEST(test_a_gap_that_flaps_is_told_opened_twice_an_hour),
	    TEST(test_what_a_source_makes_is_one_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
