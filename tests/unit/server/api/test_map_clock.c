/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/api/keep/snapshot_store.h"

/* The map's time and its age, whatever happens to the machine's clock. */

#define SECOND ((int64_t)1000000)
#define THEN ((int64_t)1764000000)

/* A store whose database was seen at THEN by both clocks, when the machine had been up for 1,000 s. */
static struct snapshot_store
seen(void)
{
	struct snapshot_store store = {
	    .checked_at = THEN, .checked_boot_ms = 1000000, .seen_database = true};

	database_clock_look(&store.clock, THEN * SECOND, 1000000, 1000000);
	return store;
}

/* ${later} seconds after that, the wall clock ${step} seconds ahead of what it should be. */
static struct clock_reading
reading(int64_t later, int64_t step)
{
	return (struct clock_reading){(THEN + later + step) * SECOND, 1000000 + later * 1000};
}

static void
clocks_that_agree_are_live(void **state)
{
	struct snapshot_store store = seen();

	(void)state;
	assert_int_equal(snapshot_store_confidence(&store, reading(9, 0)), CONFIDENCE_LIVE);
	assert_int_equal(snapshot_store_confidence(&store, reading(10, 0)), CONFIDENCE_STALE);
	assert_int_equal(snapshot_store_clock_off(&store, reading(5, 0)), 0);
	assert_int_equal(snapshot_store_clock_off(&store, reading(5, 1)), 0);
	assert_int_equal(snapshot_store_now(&store, reading(5, 1)), THEN + 5);
}

/* holds: F12 H03.4 */
static void
a_difference_is_told_and_never_live(void **state)
{
	struct snapshot_store store = seen();

	(void)state;
	assert_int_equal(snapshot_store_clock_off(&store, reading(0, -2)), 2);
	assert_int_equal(snapshot_store_confidence(&store, reading(0, -29)), CONFIDENCE_LIVE);
	assert_int_equal(
	    snapshot_store_confidence(&store, reading(0, -30)), CONFIDENCE_CLOCK_DOUBTFUL);
	assert_int_equal(
	    snapshot_store_confidence(&store, reading(0, 30)), CONFIDENCE_CLOCK_DOUBTFUL);
	assert_int_equal(snapshot_store_clock_off(&store, reading(0, 3600)), -3600);
	assert_int_equal(snapshot_store_now(&store, reading(7, 3600)), THEN + 7);
	assert_int_equal(snapshot_store_now(&store, reading(7, -3600)), THEN + 7);
}

/* As the API's answers call them. */
static void
each_confidence_has_its_name(void **state)
{
	static const char *const names[] = {
	    [CONFIDENCE_LIVE] = "live",
	    [CONFIDENCE_STALE] = "stale",
	    [CONFIDENCE_LAST_GOOD] = "last_good",
	    [CONFIDENCE_CLOCK_DOUBTFUL] = "clock_doubtful",
	};

	(void)state;
	for (enum confidence i = CONFIDENCE_LIVE; i <= CONFIDENCE_CLOCK_DOUBTFUL; i++) {
		assert_non_null(confidence_name(i));
		assert_string_equal(confidence_name(i), names[i]);
	}
}

/* With the database away: neither a step back nor a suspended machine makes an old map young. */
static void
age_goes_by_how_long_it_has_been(void **state)
{
	struct snapshot_store store = seen();

	(void)state;
	assert_int_equal(snapshot_store_age(&store, reading(600, -3600)), 600);
	assert_int_equal(snapshot_store_age(&store, reading(600, -20)), 600);
	assert_int_equal(snapshot_store_confidence(&store, reading(20, -20)), CONFIDENCE_STALE);
	assert_int_equal(snapshot_store_as_of(&store, reading(20, -20)), THEN);
	assert_int_equal(
	    snapshot_store_confidence(&store, reading(600, -3600)), CONFIDENCE_CLOCK_DOUBTFUL);
}

/* The instant as of which an answer is known to be right stays the same until the database is asked
 * again, at whichever fraction of a second it is computed. */
/* holds: F12 */
static void
as_of_does_not_move_between_two_looks(void **state)
{
	struct snapshot_store store = seen();
	struct clock_reading later = reading(7, 0);

	(void)state;
	store.clock.database_us += 600000;
	for (int ms = 0; ms < 2000; ms += 100) {
		struct clock_reading at = later;

		at.boot_ms += ms;
		at.wall_us += ms * 1000;
		assert_int_equal(snapshot_store_as_of(&store, at), THEN);
	}
}

/* Before the database is seen there is only the file: one of the future tells that the clock is
 * behind. */
/* holds: F12 H02.4 */
static void
a_file_of_the_future_is_doubtful(void **state)
{
	struct snapshot_store store = {.checked_at = THEN};

	(void)state;
	assert_int_equal(snapshot_store_confidence(&store, reading(5, 0)), CONFIDENCE_LAST_GOOD);
	assert_int_equal(snapshot_store_age(&store, reading(5, 0)), 5);
	assert_int_equal(
	    snapshot_store_confidence(&store, reading(5, -3600)), CONFIDENCE_CLOCK_DOUBTFUL);
	assert_int_equal(snapshot_store_clock_off(&store, reading(0, -3600)), 3600);
	assert_int_equal(snapshot_store_age(&store, reading(5, -3600)), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(clocks_that_agree_are_live),
	    cmocka_unit_test(a_difference_is_told_and_never_live),
	    cmocka_unit_test(each_confidence_has_its_name),
	    cmocka_unit_test(age_goes_by_how_long_it_has_been),
	    cmocka_unit_test(as_of_does_not_move_between_two_looks),
	    cmocka_unit_test(a_file_of_the_future_is_doubtful),
	};

	return cmocka_run_group_tests_name("map_clock", tests, NULL, NULL);
}
