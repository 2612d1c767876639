/* SPDX-License-Identifier: MIT */
/* The same bytes read again by other rules: what goes goes at once, what comes is looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/guard.h"

#define HOUR INT64_C(3600)
#define NOW (INT64_C(20000) * 24 * HOUR)

enum { PAST = 8, AHEAD = 40, ROWS = PAST + AHEAD };

struct rota {
	struct arena *arena;
	struct merge_row current[ROWS], reading[ROWS];
	const char *why;
};

/* Shifts of twelve hours on end, PAST of them over. */
static int
set_up(void **state)
{
	struct arena *arena = arena_new(0);
	struct rota *rota = arena_alloc(arena, sizeof *rota);

	rota->arena = arena;
	for (int i = 0; i < ROWS; i++) {
		rota->current[i] = (struct merge_row){.id = i + 1,
		    .key = arena_printf(arena, "k%d", i),
		    .start = NOW + (i - PAST) * 12 * HOUR,
		    .end = NOW + (i - PAST + 1) * 12 * HOUR,
		    .class = "named",
		    .person = i % 2 ? "jo" : "sam"};
		rota->reading[i] = rota->current[i];
		rota->reading[i].id = 0;
	}
	*state = rota;
	return 0;
}

static int
tear_down(void **state)
{
	arena_free(((struct rota *)*state)->arena);
	return 0;
}

static struct guard_input
input_of(const struct rota *rota, struct merge *merge)
{
	merge_make(rota->arena, (struct merge_rows){rota->current, ROWS},
	    (struct merge_rows){rota->reading, ROWS}, NOW - 2 * 24 * HOUR * 2, merge);
	return (struct guard_input){.now = NOW,
	    .current = rota->current,
	    .ncurrent = ROWS,
	    .reading = rota->reading,
	    .nreading = ROWS,
	    .events = ROWS,
	    .merge = merge};
}

static enum guard_verdict
again(struct rota *rota)
{
	struct merge merge;
	struct guard_input input = input_of(rota, &merge);

	rota->why = NULL;
	return guard_again(rota->arena, &input, &rota->why);
}

static void
doubt(struct merge_row *rows, size_t from, size_t until)
{
	for (size_t i = from; i < until; i++) {
		rows[i].class = "undecided";
		rows[i].person = NULL;
	}
}

static void
what_takes_cover_away_is_never_held(void **state)
{
	struct rota *rota = *state;
	struct merge merge;
	struct guard_input input;
	const char *why;

	doubt(rota->reading, 0, ROWS);
	assert_int_equal(again(rota), GUARD_APPLY);
	assert_null(rota->why);
	/* A body that came from outside would be. */
	input = input_of(rota, &merge);
	assert_int_equal(guard_reading(rota->arena, &input, &why), GUARD_HOLD);
	for (size_t i = 0; i < ROWS; i++)
		rota->reading[i].class = "unreadable";
	assert_int_equal(again(rota), GUARD_APPLY);
}

static void
what_it_adds_ahead_applies(void **state)
{
	struct rota *rota = *state;

	doubt(rota->current, PAST, ROWS);
	assert_int_equal(again(rota), GUARD_APPLY);
}

static void
an_hour_out_waits(void **state)
{
	struct rota *rota = *state;

	for (size_t i = PAST; i < ROWS; i++) {
		rota->reading[i].start += HOUR;
		rota->reading[i].end += HOUR;
	}
	assert_int_equal(again(rota), GUARD_HOLD);
	assert_non_null(strstr(rota->why, "40 of the 40 shifts that lie ahead"));
}

static void
a_past_that_counts_now_waits(void **state)
{
	struct rota *rota = *state;

	doubt(rota->current, 0, 2);
	assert_int_equal(again(rota), GUARD_APPLY);
	doubt(rota->current, 2, 3);
	assert_int_equal(again(rota), GUARD_HOLD);
	assert_non_null(strstr(rota->why, "3 of 8 shifts that are over already would count"));
	/* A shift that is over and no longer counts is no reason. */
	doubt(rota->reading, 0, PAST);
	assert_int_equal(again(rota), GUARD_APPLY);
}

/* A quarter of what is over may count now, as three of twelve are. */
static void
a_quarter_of_the_past_may_count_now(void **state)
{
	struct rota *rota = *state;

	for (size_t i = PAST; i < 12; i++) {
		rota->current[i].start = rota->reading[i].start = NOW - (12 - (int64_t)i) * HOUR;
		rota->current[i].end = rota->reading[i].end = rota->current[i].start + HOUR;
	}
	doubt(rota->current, 0, 3);
	assert_int_equal(again(rota), GUARD_APPLY);
	doubt(rota->current, 3, 4);
	assert_int_equal(again(rota), GUARD_HOLD);
	assert_non_null(strstr(rota->why, "4 of 12 shifts that are over already would count"));
}

static void
what_waits_is_doubtful_and_what_was_there_stays(void **state)
{
	struct rota *rota = *state;
	struct merge merge;
	struct guard_input input = input_of(rota, &merge);

	doubt(rota->current, 0, 3);
	rota->current[PAST].person = "kim";
	rota->reading[PAST + 1].class = "team";
	rota->reading[PAST + 1].person = NULL;
	rota->reading[PAST + 1].team = "Hub";
	rota->reading[PAST + 2].class = "absence";
	assert_int_equal(guard_withhold(rota->arena, &input, rota->reading), 5);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(rota->reading[i].class, "tentative");
		assert_string_equal(rota->reading[i].person, i % 2 ? "jo" : "sam");
	}
	assert_string_equal(rota->reading[3].class, "named");
	assert_string_equal(rota->reading[PAST].class, "tentative");
	assert_string_equal(rota->reading[PAST + 1].class, "undecided");
	assert_null(rota->reading[PAST + 1].team);
	/* It takes away. */
	assert_string_equal(rota->reading[PAST + 2].class, "absence");
	assert_int_equal(guard_withhold(rota->arena, &input, rota->reading), 0);
}

/* A person who is named on a team's line is somebody to ask. */
static void
a_withheld_team_line_keeps_its_person(void **state)
{
	struct rota *rota = *state;
	struct merge merge;
	struct guard_input input;

	doubt(rota->current, PAST, ROWS);
	for (size_t i = PAST; i < PAST + 3; i++) {
		rota->reading[i].class = "team";
		rota->reading[i].team = "Hub";
	}
	rota->reading[PAST].person = NULL;
	rota->reading[PAST + 2].team = NULL;
	input = input_of(rota, &merge);
	assert_int_equal(guard_withhold(rota->arena, &input, rota->reading), ROWS - PAST);
	assert_string_equal(rota->reading[PAST].class, "undecided");
	assert_string_equal(rota->reading[PAST + 1].class, "tentative");
	assert_string_equal(rota->reading[PAST + 2].class, "tentative");
	for (size_t i = PAST; i < PAST + 3; i++)
		assert_null(rota->reading[i].team);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_withheld_team_line_keeps_its_person),
	    TEST(what_takes_cover_away_is_never_held),
	    TEST(what_it_adds_ahead_applies),
	    TEST(an_hour_out_waits),
	    TEST(a_past_that_counts_now_waits),
	    TEST(a_quarter_of_the_past_may_count_now),
	    TEST(what_waits_is_doubtful_and_what_was_there_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
