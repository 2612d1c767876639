/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/base/database_clock.h"

/* The time by the database's clock, whatever this machine's wall clock does. */

#define SECOND ((int64_t)1000000)
#define THEN ((int64_t)1764000000)
#define UP ((int64_t)1000000)

/* Looked at THEN, when the machine had been up for UP. */
static struct database_clock
seen(void)
{
	struct database_clock clock = {0};

	database_clock_look(&clock, THEN * SECOND, UP, UP);
	return clock;
}

/* ${later} seconds after that, the wall clock ${step} seconds ahead of the database's. */
static struct clock_reading
reading(int64_t later, int64_t step)
{
	return (struct clock_reading){(THEN + later + step) * SECOND, UP + later * 1000};
}

static int64_t
now(const struct database_clock *clock, int64_t later, int64_t step)
{
	return database_clock_now_us(clock, reading(later, step)) / SECOND - THEN;
}

/* holds: F12 H03.4 */
static void
a_step_of_the_machine_changes_nothing(void **state)
{
	struct database_clock clock = seen();

	(void)state;
	assert_int_equal(now(&clock, 600, 0), 600);
	assert_int_equal(now(&clock, 600, -3600), 600);
	assert_int_equal(now(&clock, 600, 40), 600);
	assert_int_equal(now(&clock, 600, 3600), 600);
}

/* holds: F12 */
static void
the_difference_is_told_from_two_seconds_on(void **state)
{
	struct database_clock clock = seen(), unknown = {0};

	(void)state;
	assert_int_equal(database_clock_off(&clock, reading(5, 1)), 0);
	assert_int_equal(database_clock_off(&clock, reading(5, -2)), 2);
	assert_int_equal(database_clock_off(&clock, reading(5, 3600)), -3600);
	assert_int_equal(database_clock_off(&unknown, reading(5, 3600)), 0);
	assert_false(database_clock_doubtful(-29));
	assert_true(database_clock_doubtful(30));
	assert_true(database_clock_doubtful(-30));
}

static void
a_slow_look_is_taken_in_its_middle(void **state)
{
	struct database_clock clock = {0};

	(void)state;
	database_clock_look(&clock, THEN * SECOND, 1000, 5000);
	assert_int_equal(
	    database_clock_now_us(&clock, (struct clock_reading){0, 5000}), (THEN + 2) * SECOND);
}

/* A call that waited for ten seconds after another one, and was answered at its very end. */
static void
a_slow_look_spoils_no_exact_one(void **state)
{
	struct database_clock clock = seen();

	(void)state;
	database_clock_look(&clock, (THEN + 30) * SECOND, UP + 20000, UP + 30000);
	assert_int_equal(now(&clock, 30, 0), 30);
	database_clock_look(&clock, (THEN + 35) * SECOND, UP + 35000, UP + 45000);
	assert_int_equal(now(&clock, 45, 0), 45);
}

/* The database's clock was set, or the machine stood still without its own knowing of it. */
static void
a_slow_look_that_proves_it_wrong_is_taken(void **state)
{
	struct database_clock clock = seen();

	(void)state;
	database_clock_look(&clock, (THEN + 3600) * SECOND, UP + 20000, UP + 30000);
	assert_int_equal(now(&clock, 25, 0), 3600);
	database_clock_look(&clock, (THEN + 40) * SECOND, UP + 40000, UP + 50000);
	assert_int_equal(now(&clock, 45, 0), 40);
}

static void
a_look_that_is_quick_is_taken_whatever_was_known(void **state)
{
	struct database_clock clock = seen();

	(void)state;
	database_clock_look(&clock, (THEN + 100) * SECOND + 700000, UP + 99800, UP + 100800);
	assert_int_equal(
	    database_clock_now_us(&clock, reading(101, 0)), (THEN + 101) * SECOND + 400000);
}

static void
what_was_told_is_told_again_once_it_has_changed(void **state)
{
	struct database_clock clock = seen();

	(void)state;
	database_clock_tell(&clock, reading(0, 1));
	assert_int_equal(clock.told, 0);
	database_clock_tell(&clock, reading(0, 40));
	assert_int_equal(clock.told, -40);
	database_clock_tell(&clock, reading(10, 41));
	assert_int_equal(clock.told, -40);
	database_clock_look(&clock, (THEN + 20) * SECOND, UP + 20000, UP + 20000);
	assert_int_equal(clock.told, -40);
	database_clock_tell(&clock, reading(20, 0));
	assert_int_equal(clock.told, 0);
}

static void
the_difference_is_known_to_the_millisecond(void **state)
{
	struct database_clock clock = seen(), unknown = {0};
	struct clock_reading early = reading(5, 0), late = reading(5, 40);

	(void)state;
	early.wall_us -= 1499;
	late.wall_us += 600;
	assert_int_equal(database_clock_ahead_ms(&clock, early), 1);
	assert_int_equal(database_clock_ahead_ms(&clock, late), -40001);
	assert_int_equal(database_clock_ahead_ms(&clock, reading(5, -3600)), 3600000);
	assert_int_equal(database_clock_ahead_ms(&unknown, reading(5, 40)), 0);
}

static void
it_is_written_when_it_moves_and_once_a_minute(void **state)
{
	struct database_clock_written never = {0}, last = {true, -40000, UP};

	(void)state;
	assert_true(database_clock_to_write(&never, 0, UP));
	assert_false(database_clock_to_write(&last, -40000, UP + 1000));
	assert_false(database_clock_to_write(&last, -40499, UP + 1000));
	assert_false(database_clock_to_write(&last, -39501, UP + 59999));
	assert_true(database_clock_to_write(&last, -40500, UP + 1000));
	assert_true(database_clock_to_write(&last, -39500, UP + 1000));
	assert_true(database_clock_to_write(&last, 40000, UP + 1000));
	assert_true(database_clock_to_write(&last, -40000, UP + 60000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_step_of_the_machine_changes_nothing),
	    cmocka_unit_test(the_difference_is_told_from_two_seconds_on),
	    cmocka_unit_test(a_slow_look_is_taken_in_its_middle),
	    cmocka_unit_test(a_slow_look_spoils_no_exact_one),
	    cmocka_unit_test(a_slow_look_that_proves_it_wrong_is_taken),
	    cmocka_unit_test(a_look_that_is_quick_is_taken_whatever_was_known),
	    cmocka_unit_test(what_was_told_is_told_again_once_it_has_changed),
	    cmocka_unit_test(the_difference_is_known_to_the_millisecond),
	    cmocka_unit_test(it_is_written_when_it_moves_and_once_a_minute),
	};

	return cmocka_run_group_tests_name("database_clock", tests, NULL, NULL);
}
