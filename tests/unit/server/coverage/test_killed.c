/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/coverage/testbed.h"

/* The role stopped anywhere: killed, or dropped in good order. */

/* Where it is stopped: what another session holds, and the statement of the role that waits for it. */
static const struct {
	const char *hold, *statement;
} stops[] = {
    {"lock table region in access exclusive mode", "max(version) from region_whole"},
    {"lock table dirty in access exclusive mode", "marked as materialized"},
    {"lock table span in access exclusive mode", "u (requirement, place, n)"},
    {"select from map_head for update", "coverage_region"},
    {"lock table demand in share mode", "coverage_region"},
    {"lock table span in share mode", "coverage_commit"},
    {"lock table gap in share mode", "coverage_region"},
    {"lock table gap_event in share mode", "coverage_commit"},
    {"lock table source_seen in share mode", "coverage_commit"},
    {"lock table map_change in share mode", "coverage_commit"},
    {"select from flag_counter for update", "coverage_commit"},
};

/* holds: F1 */
static void
killed_anywhere_it_leaves_the_map_whole(void **state)
{
	(void)state;
	testbed_apply_region("", 1, true);
	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
		/* A change of every kind: a gap opens or closes, the source moves. */
		struct testbed_session *session;
		pid_t role;

		testbed_sql(
		    "select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(2, '09:00') + %zu * interval '1 hour'), shift_put('r2', "
		    "'b%zu', 'named', 'bob', d(3, '09:00') + %zu * interval '1 day', d(3, '19:00') + %zu * interval '1 day')",
		    i, i, i, i);
		testbed_sql("update feed set horizon = d(%zu, '00:00') where rota = 'r3'", 100 + i);
		session = testbed_hold(stops[i].hold);
		role = testbed_role_start();
		testbed_until_blocked(stops[i].statement);
		testbed_role_kill(&role);
		/* A step that was interrupted either takes place or does not. */
		testbed_let_go(session);
		testbed_until("0",
		    "select count(*) from pg_stat_activity where usename = 'crisiscover_coverage'");
		testbed_expect_sound();
		testbed_settle();
		testbed_expect_quiet();
		testbed_expect_sound();
	}
	testbed_expect_true_map();
}

/* The same stops, left in good order: what a process had in hand is freed (the leak check of this
 * program sees to it), and it ends at once though it waits for an answer. */
/* holds: F1 F8 */
static void
dropped_anywhere_it_leaves_nothing_over(void **state)
{
	(void)state;
	testbed_apply_region("", 1, true);
	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
		struct testbed_session *session;
		pid_t role;

		testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(2, "
			    "'09:00') + %zu * interval '1 hour')",
		    i);
		testbed_sql("update feed set horizon = d(%zu, '00:00') where rota = 'r3'", 200 + i);
		session = testbed_hold(stops[i].hold);
		testbed_drop_when_blocked(stops[i].statement);
		role = testbed_role_start();
		testbed_until_blocked(stops[i].statement);
		assert_int_equal(testbed_role_stop(&role), 0);
		testbed_let_go(session);
		testbed_until("0",
		    "select count(*) from pg_stat_activity where usename = 'crisiscover_coverage'");
		testbed_settle();
		testbed_expect_sound();
	}
	testbed_expect_true_map();
}

/* A first sweep of a region that is killed over and over gets there all the same. */
/* holds: F1 */
static void
killed_again_and_again_it_gets_there(void **state)
{
	(void)state;
	testbed_apply_region("", 1, true);
	testbed_sql(
	    "select shift_put('r1', 'k' || n, 'named', 'ann', d(n, '08:00'), d(n, '20:00')) from generate_series(-2, 300, 2) n");
	for (int i = 0; i < 12; i++) {
		pid_t role = testbed_role_start();

		testbed_sql(
		    "select shift_put('r2', 'k%d', 'named', 'bob', d(%d, '20:00'), d(%d, '08:00'))",
		    i, i, i + 1);
		testbed_until("t", "select count(*) > 0 from pg_stat_activity where usename = "
				   "'crisiscover_coverage'");
		testbed_role_kill(&role);
	}
	testbed_until(
	    "0", "select count(*) from pg_stat_activity where usename = 'crisiscover_coverage'");
	testbed_expect_sound();
	testbed_settle();
	testbed_expect_sound();
	testbed_expect_true_map();
}

#define TEST(name) cmocka_unit_test_setup(name, testbed_clean)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(killed_anywhere_it_leaves_the_map_whole),
	    TEST(dropped_anywhere_it_leaves_nothing_over),
	    TEST(killed_again_and_again_it_gets_there),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
