/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/forget.h"
#include "tests/unit/server/model/dice.h"

#define HOUR 3600
#define DAY (24 * HOUR)
#define NOW ((int64_t)20000 * DAY)

/* In force: one that is over, one that runs, and four days of what is to come. */
struct calendar {
	struct arena *arena;
	struct merge_row current[16], reading[16];
	struct forget_input input;
	struct forget out;
};

static struct merge_row
row(const char *key, int64_t start, int64_t end)
{
	return (struct merge_row){.id = 1,
	    .key = key,
	    .start = NOW + start * HOUR,
	    .end = NOW + end * HOUR,
	    .class = "named",
	    .person = key};
}

static int
set_up(void **state)
{
	struct arena *arena = arena_new(0);
	struct calendar *c = arena_alloc(arena, sizeof *c);
	static const char *const keys[] = {"d1", "d2", "d3", "d4"};

	c->arena = arena;
	c->current[0] = row("over", -16, -4);
	c->current[1] = row("runs", -4, 8);
	for (int i = 0; i < 4; i++)
		c->current[2 + i] = row(keys[i], 24 * (i + 1), 24 * (i + 1) + 12);
	memcpy(c->reading, c->current + 2, 4 * sizeof *c->reading);
	c->input = (struct forget_input){.now = NOW,
	    .current = c->current,
	    .ncurrent = 6,
	    .reading = c->reading,
	    .nreading = 4,
	    .fetched = true,
	    .memory = {INT64_MIN, 0, INT64_MIN}};
	*state = c;
	return 0;
}

static int
tear_down(void **state)
{
	arena_free(((struct calendar *)*state)->arena);
	return 0;
}

/* The row of a key after the reading; NULL: it goes. */
static const struct merge_row *
still_listed(struct calendar *c, const char *key)
{
	forget_make(c->arena, &c->input, &c->out);
	for (size_t i = c->input.nreading; i < c->out.nrows; i++)
		if (strcmp(c->out.rows[i].key, key) == 0)
			return &c->out.rows[i];
	return NULL;
}

/* holds: H08.3 */
static void
without_a_history_it_is_undecided_from_now_on(void **state)
{
	struct calendar *c = *state;
	const struct merge_row *left = still_listed(c, "left/runs"),
			       *before = still_listed(c, "runs");

	assert_string_equal(left->class, "undecided");
	assert_true(left->as_last_read && left->start == NOW && left->end == NOW + 8 * HOUR);
	assert_string_equal(left->person, "runs");
	assert_string_equal(before->class, "named");
	assert_true(!before->as_last_read && before->end == NOW);
	assert_true(c->out.doubted == 1 && c->out.kept == 0);
	assert_int_equal(c->out.dropped_start, NOW - 4 * HOUR);
	assert_false(c->out.listed_over || c->out.listed_begun);
	/* A shift that is over stays as it is. */
	assert_false(still_listed(c, "over")->as_last_read);
	/* Dropped once is no habit. */
	c->input.memory.dropped = FORGET_SURE - 1;
	assert_non_null(still_listed(c, "left/runs"));
	/* Another that began with the last one that was dropped is no further sign. */
	c->input.memory.dropped_start = NOW - 4 * HOUR;
	assert_non_null(still_listed(c, "left/runs"));
	assert_int_equal(c->out.dropped_start, INT64_MIN);
}

static void
a_calendar_that_forgets_keeps_it_on(void **state)
{
	struct calendar *c = *state;

	c->input.memory.dropped = FORGET_SURE;
	assert_true(still_listed(c, "runs")->as_last_read);
	assert_int_equal(still_listed(c, "runs")->end, NOW + 8 * HOUR);
	assert_string_equal(still_listed(c, "runs")->class, "named");
	assert_null(still_listed(c, "left/runs"));
	/* Not while most of what is to come goes as well. */
	c->input.nreading = 2;
	assert_non_null(still_listed(c, "left/runs"));
	/* Three of five are less than three quarters. */
	c->current[6] = row("d5", 120, 132);
	c->input.ncurrent = 7;
	c->input.nreading = 3;
	assert_non_null(still_listed(c, "left/runs"));
	c->input.ncurrent = 6;
	/* Nor while somebody puts another there. */
	c->input.nreading = 5;
	c->reading[4] = row("another", -1, 8);
	assert_non_null(still_listed(c, "left/runs"));
}

/* holds: H08.3 */
static void
silence_takes_away_where_what_has_begun_is_listed(void **state)
{
	struct calendar *c = *state;

	c->input.memory.dropped = FORGET_SURE;
	c->input.nreading = 5;
	c->reading[4] = row("over", -16, -4);
	assert_null(still_listed(c, "runs"));
	assert_null(still_listed(c, "left/runs"));
	assert_true(c->out.listed_over && c->out.listed_begun);
	assert_int_equal(c->out.dropped_start, INT64_MIN);
	/* Or was, not long ago, by a calendar that has dropped nothing since. */
	c->input.nreading = 4;
	c->input.memory = (struct forget_memory){NOW - 3 * DAY, 0, INT64_MIN};
	assert_null(still_listed(c, "runs"));
	c->input.memory.listed_over_at = NOW - FORGET_MEMORY_SECONDS;
	assert_non_null(still_listed(c, "left/runs"));
	/* Also where what it lists has begun and is not over. */
	c->current[6] = c->reading[4] = row("beside", -3, 8);
	c->input.ncurrent = 7;
	c->input.nreading = 5;
	assert_null(still_listed(c, "runs"));
	assert_null(still_listed(c, "left/runs"));
	assert_true(c->out.listed_begun && !c->out.listed_over);
}

/* holds: H08.1 */
static void
a_cancellation_always_takes_away(void **state)
{
	struct calendar *c = *state;
	const char *spoken[] = {"runs"};

	c->input.memory.dropped = FORGET_SURE;
	c->input.spoken = spoken;
	c->input.nspoken = 1;
	assert_null(still_listed(c, "runs"));
	assert_null(still_listed(c, "left/runs"));
	assert_int_equal(c->out.dropped_start, INT64_MIN);
	/* Also what was kept on before, and what was doubted. */
	c->current[1].as_last_read = true;
	assert_null(still_listed(c, "runs"));
	c->current[1].key = "left/runs";
	assert_null(still_listed(c, "left/runs"));
}

/* A shift of several people has a key for each: "runs", "runs/1". */
static void
a_shift_that_is_spoken_of_is_so_with_all_its_parts(void **state)
{
	struct calendar *c = *state;
	const char *spoken[] = {"runs"};

	c->input.memory.dropped = FORGET_SURE;
	c->current[1].key = "runs/1";
	assert_true(still_listed(c, "runs/1")->as_last_read);
	c->input.spoken = spoken;
	c->input.nspoken = 1;
	assert_null(still_listed(c, "runs/1"));
	c->input.nspoken = 0;
	c->reading[4] = row("runs", 4, 8);
	c->input.nreading = 5;
	assert_null(still_listed(c, "runs/1"));
	/* A number at the end of a UID is no part of what is not listed. */
	c->current[1].key = "https://rota.example/runs/1";
	assert_non_null(still_listed(c, "https://rota.example/runs/1"));
	/* Nor is what is no number. */
	c->current[1].key = "runs/1a";
	assert_non_null(still_listed(c, "runs/1a"));
}

/* The event of "runs" still stands in the calendar, but yields nothing now: its end was moved, its
 * day, the end of its rule. */
static void
an_event_that_still_stands_there_and_yields_nothing_takes_its_shift_away(void **state)
{
	static const char *const keys[] = {"runs", "runs/1", "runs~1", "again/1767225600/runs",
	    "again/1767225600/runs/1", "daily#2024-10-04T20:00:00Z", "daily#2024-10-04T20:00:00Z/2",
	    "daily#2024-10-04T20:00:00Z/2~1", "again/1767225600/daily#2024-10-04T20:00:00Z",
	    "a#b#2024-10-04T20:00:00Z"};
	static const struct forget_text texts[] = {{"a#b", NOW - DAY}, {"daily", NOW - 4 * HOUR},
	    {"other", NOW - DAY}, {"runs", INT64_MIN}};
	struct calendar *c = *state;

	c->input.memory.dropped = FORGET_SURE;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		c->current[1].as_last_read = false;
		c->current[1].key = keys[i];
		c->input.ntexts = 0;
		assert_true(still_listed(c, keys[i])->as_last_read);
		c->input.texts = texts;
		c->input.ntexts = sizeof texts / sizeof *texts;
		assert_null(still_listed(c, keys[i]));
		assert_true(c->out.kept + c->out.doubted == 0);
		/* It is no sign that the calendar drops what begins. */
		assert_int_equal(c->out.dropped_start, INT64_MIN);
		c->current[1].as_last_read = true;
		assert_null(still_listed(c, keys[i]));
	}
	/* A shift that is over is rewritten by nothing that falls out. */
	c->current[0].key = "daily#2024-10-04T08:00:00Z";
	assert_non_null(still_listed(c, "daily#2024-10-04T08:00:00Z"));
}

static void
a_series_that_does_not_tell_leaves_its_shift_undecided(void **state)
{
	static const char key[] = "daily#2024-10-04T20:00:00Z",
			  left[] = "left/daily#2024-10-04T20:00:00Z";
	/* It begins later now, cannot be read, or is a single shift. */
	static const int64_t from[] = {NOW, INT64_MAX, INT64_MIN};
	struct forget_text texts[] = {{"daily", INT64_MIN}, {"daily", INT64_MIN}};
	struct calendar *c = *state;

	c->current[1].key = key;
	c->input.memory.dropped = FORGET_SURE;
	for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
		texts[1].from = from[i];
		c->current[1].as_last_read = false;
		c->input.texts = texts;
		c->input.ntexts = 2;
		assert_string_equal(still_listed(c, left)->class, "undecided");
		c->current[1].as_last_read = true;
		assert_string_equal(still_listed(c, left)->class, "undecided");
		assert_int_equal(still_listed(c, key)->end, NOW);
	}
	/* Where silence takes away, it does so here too. */
	c->current[1].as_last_read = false;
	c->input.memory = (struct forget_memory){NOW - DAY, 0, INT64_MIN};
	assert_null(still_listed(c, left));
	/* A text of its own that cannot be read: undecided, not gone. */
	c->input.memory = (struct forget_memory){INT64_MIN, FORGET_SURE, INT64_MIN};
	c->input.texts = &(struct forget_text){key, INT64_MAX};
	c->input.ntexts = 1;
	assert_non_null(still_listed(c, left));
}

static void
other_events_say_nothing_of_it(void **state)
{
	static const struct forget_text texts[] = {{"dail", NOW - DAY}, {"daily", NOW - DAY},
	    {"daily-2", NOW - DAY}, {"run", INT64_MIN}, {"runs2", INT64_MIN},
	    {"runs#2024-10-04T20:00:00Z", INT64_MIN}};
	static const char *const keys[] = {
	    "runs", "daily-3#2024-10-04T20:00:00Z", "daily#other", "runs#2024-10-05T20:00:00Z"};
	struct calendar *c = *state;

	c->input.memory.dropped = FORGET_SURE;
	c->input.texts = texts;
	c->input.ntexts = sizeof texts / sizeof *texts;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		c->current[1].key = keys[i];
		assert_true(still_listed(c, keys[i])->as_last_read);
	}
}

static void
what_is_kept_on_stays_until_it_is_listed_again(void **state)
{
	struct calendar *c = *state;

	c->current[1].as_last_read = true;
	assert_true(still_listed(c, "runs")->as_last_read);
	c->input.fetched = false;
	c->input.stored = true;
	assert_non_null(still_listed(c, "runs"));
	c->input.stored = false; /* a person's file says otherwise */
	assert_null(still_listed(c, "runs"));
	c->input.fetched = true;
	c->current[1].key = "left/runs";
	c->reading[4] = row("runs", -4, 8);
	c->input.nreading = 5;
	assert_null(still_listed(c, "left/runs"));
}

static void
an_absence_is_never_doubted(void **state)
{
	struct calendar *c = *state;

	c->current[1].class = "absence";
	assert_string_equal(still_listed(c, "runs")->class, "absence");
	assert_int_equal(still_listed(c, "runs")->end, NOW + 8 * HOUR);
}

static void
another_key_or_other_rules_are_no_silence(void **state)
{
	struct calendar *c = *state;

	c->reading[4] = c->current[1];
	c->reading[4].key = "export-2";
	c->input.nreading = 5;
	assert_null(still_listed(c, "runs"));
	assert_null(still_listed(c, "left/runs"));
	c->input.nreading = 4;
	c->input.fetched = false;
	c->input.stored = true;
	assert_null(still_listed(c, "runs"));
}

/* Whatever comes: nobody is kept on without a habit, and nothing to come is. */
static void
nobody_is_kept_on_without_a_habit(void **state)
{
	struct calendar *c = *state;

	for (uint64_t seed = 1; seed <= 2000; seed++) {
		struct dice dice = dice_of(seed);

		c->input.nreading = (size_t)dice_below(&dice, 5);
		c->input.memory = (struct forget_memory){
		    dice_below(&dice, 2) ? INT64_MIN : NOW - dice_below(&dice, 60) * DAY,
		    (uint32_t)dice_below(&dice, FORGET_SURE), INT64_MIN};
		for (int i = 0; i < 6; i++) {
			int64_t start = dice_below(&dice, 60) - 30;

			c->current[i] =
			    row(c->current[i].key, start, start + 1 + dice_below(&dice, 20));
		}
		forget_make(c->arena, &c->input, &c->out);
		assert_int_equal(c->out.kept, 0);
		for (size_t i = c->input.nreading; i < c->out.nrows; i++)
			assert_true(c->out.rows[i].start <= NOW &&
				    (c->out.rows[i].end <= NOW ||
					strcmp(c->out.rows[i].class, "undecided") == 0));
	}
}

/* A key that is a number throughout has no number of a part. */
static void
a_number_may_be_a_key(void **state)
{
	struct calendar *c = *state;

	c->input.memory.dropped = FORGET_SURE;
	c->current[1].key = "17";
	assert_true(still_listed(c, "17")->as_last_read);
	c->current[1].key = "/2";
	assert_true(still_listed(c, "/2")->as_last_read);
}

/* An entry that could not be read is no shift: it is no sign of anything, and it is never kept
 * on. */
static void
what_could_not_be_read_is_no_sign(void **state)
{
	struct calendar *c = *state;

	c->input.memory.dropped = FORGET_SURE;
	for (int i = 0; i < 4; i++) {
		c->current[6 + i] = row(arena_printf(c->arena, "x%d", i), 24 * i + 3, 24 * i + 4);
		c->current[6 + i].class = "unreadable";
	}
	c->input.ncurrent = 10;
	c->reading[4] = row("x9", -10, -5);
	c->reading[4].class = "unreadable";
	c->input.nreading = 5;
	/* In force too, so that the calendar was not edited. */
	c->current[10] = c->reading[4];
	c->input.ncurrent = 11;
	assert_true(still_listed(c, "runs")->as_last_read);
	assert_false(c->out.listed_begun || c->out.listed_over);
	c->current[1].class = "unreadable";
	assert_null(still_listed(c, "runs"));
	assert_int_equal(c->out.dropped_start, INSTANT_NEVER);
}

static void
a_team_is_doubted_as_a_person_is(void **state)
{
	struct calendar *c = *state;
	const struct merge_row *left;

	c->current[1].class = "team";
	c->current[1].person = NULL;
	c->current[1].team = "Hub";
	left = still_listed(c, "left/runs");
	assert_string_equal(left->class, "undecided");
	assert_null(left->team);
	/* An absence stays, whatever its event says. */
	c->current[1].class = "absence";
	c->input.texts = &(struct forget_text){"runs", INT64_MAX};
	c->input.ntexts = 1;
	assert_null(still_listed(c, "left/runs"));
	assert_string_equal(still_listed(c, "runs")->class, "absence");
	assert_int_equal(c->out.dropped_start, INSTANT_NEVER);
}

/* Shifts that have not begun, and those that another row gives, were not dropped because they
 * began. */
static void
what_goes_for_another_reason_is_no_sign(void **state)
{
	struct calendar *c = *state;

	/* d4 goes, and nothing runs. */
	c->current[1] = c->current[0];
	c->current[1].key = "over2";
	c->input.nreading = 3;
	assert_null(still_listed(c, "d4"));
	assert_int_equal(c->out.dropped_start, INSTANT_NEVER);
	/* Most of what lies ahead went as well. */
	c->current[1] = row("runs", -4, 8);
	c->input.nreading = 2;
	assert_non_null(still_listed(c, "left/runs"));
	assert_int_equal(c->out.dropped_start, INSTANT_NEVER);
	/* An earlier reading has decided about it. */
	c->input.nreading = 4;
	c->current[1].as_last_read = true;
	assert_non_null(still_listed(c, "runs"));
	assert_int_equal(c->out.dropped_start, INSTANT_NEVER);
	/* Another row that was in force gives its time now. */
	c->current[1] = row("runs", -1, 8);
	c->current[6] = row("export-2", 24 * 9, 24 * 9 + 12);
	c->input.ncurrent = 7;
	c->reading[4] = c->current[1];
	c->reading[4].key = "export-2";
	c->input.nreading = 5;
	assert_null(still_listed(c, "left/runs"));
	assert_int_equal(c->out.dropped_start, INSTANT_NEVER);
}

/* Of two that were dropped the later start is remembered, whichever stands first. */
static void
the_latest_of_those_that_were_dropped_is_remembered(void **state)
{
	struct calendar *c = *state;

	c->current[6] = row("runs2", -6, 8);
	c->input.ncurrent = 7;
	assert_non_null(still_listed(c, "left/runs2"));
	assert_int_equal(c->out.dropped_start, NOW - 4 * HOUR);
	c->current[6] = row("runs2", -3, 8);
	assert_non_null(still_listed(c, "left/runs2"));
	assert_int_equal(c->out.dropped_start, NOW - 3 * HOUR);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_number_may_be_a_key),
	    TEST(what_could_not_be_read_is_no_sign),
	    TEST(a_team_is_doubted_as_a_person_is),
	    TEST(what_goes_for_another_reason_is_no_sign),
	    TEST(the_latest_of_those_that_were_dropped_is_remembered),
	    TEST(without_a_history_it_is_undecided_from_now_on),
	    TEST(a_calendar_that_forgets_keeps_it_on),
	    TEST(silence_takes_away_where_what_has_begun_is_listed),
	    TEST(a_cancellation_always_takes_away),
	    TEST(a_shift_that_is_spoken_of_is_so_with_all_its_parts),
	    TEST(an_event_that_still_stands_there_and_yields_nothing_takes_its_shift_away),
	    TEST(a_series_that_does_not_tell_leaves_its_shift_undecided),
	    TEST(other_events_say_nothing_of_it),
	    TEST(what_is_kept_on_stays_until_it_is_listed_again),
	    TEST(an_absence_is_never_doubted),
	    TEST(another_key_or_other_rules_are_no_silence),
	    TEST(nobody_is_kept_on_without_a_habit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
