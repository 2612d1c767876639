/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/scratch_private.h"
#include "tests/unit/server/coverage/testbed.h"

/* The role as it runs: woken by hints, several at a time. */

static void
a_hint_wakes_it(void **state)
{
	pid_t role;

	(void)state;
	role = testbed_role_start();
	testbed_until_quiet();
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(2, '09:00'))");
	testbed_until("d",
	    "select case when starts_at = d(2, '09:00') then 'd' end from gap where closed_at is null");
	testbed_apply_region("", 2, false);
	testbed_until("2", "select region_version from map_head");
	assert_int_equal(testbed_role_stop(&role), 0);
	testbed_expect_sound();
	testbed_expect_true_map();
}

static void
time_alone_wakes_it(void **state)
{
	pid_t role;

	(void)state;
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), "
		    "date_trunc('second', clock_timestamp()) + interval '8 seconds')");
	role = testbed_role_start();
	testbed_until("opened started", "select string_agg(kind, ' ' order by seq) from flag");
	testbed_expect("t", "select started from gap where closed_at is null");
	/* At once, not at the next poll. */
	testbed_expect("t",
	    "select f.at - g.starts_at < interval '3 seconds' from flag f join gap g on g.id = f.gap where f.kind = 'started'");
	assert_int_equal(testbed_role_stop(&role), 0);
	testbed_expect_sound();
}

/* holds: F3 */
static void
no_database_is_no_reason_to_end(void **state)
{
	pid_t role;

	(void)state;
	role = testbed_role_start();
	testbed_until_quiet();
	scratch_postgres_kill9(testbed_postgres());
	scratch_postgres_resume(testbed_postgres());
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(2, '09:00'))");
	testbed_until(
	    "1", "select count(*) from gap where closed_at is null and starts_at = d(2, '09:00')");
	assert_int_equal(testbed_role_stop(&role), 0);
	testbed_expect_sound();
	testbed_expect_true_map();
}

/* A writer of its own session: a few hundred shifts that come and go by chance, each in a
 * transaction. */
static FILE *
start_writer(const char *rota, const char *person, unsigned seed)
{
	char *command = scratch_format(
	    "/usr/lib/postgresql/15/bin/psql -X -q -v ON_ERROR_STOP=1 -h %s -U postgres -d crisiscover >/dev/null",
	    scratch_postgres_socket_folder(testbed_postgres()));
	FILE *psql = popen(command, "w");

	assert_non_null(psql);
	fprintf(psql,
	    "select setseed(%u / 100.0);\n"
	    "do $$ declare slot integer; begin for i in 1..150 loop\n"
	    "  slot := floor(random() * 40);\n"
	    "  if random() < 0.4 then perform shift_end('%s', 'k' || slot);\n"
	    "  else perform shift_put('%s', 'k' || slot, case when random() < 0.1 then 'nobody' else 'named' end, '%s',\n"
	    "    d(slot / 4, '00:00') + slot %% 4 * interval '6 hours', d(slot / 4, "
	    "'00:00') + (slot %% 4 + 1) * interval '6 hours'); end if;\n"
	    "  commit; end loop; end $$;\n",
	    seed, rota, rota, person);
	fflush(psql);
	free(command);
	return psql;
}

/* holds: F1 */
static void
two_of_it_lose_no_update(void **state)
{
	pid_t roles[2];
	FILE *writers[3];

	(void)state;
	testbed_apply_region("", 1, true);
	roles[0] = testbed_role_start();
	roles[1] = testbed_role_start();
	writers[0] = start_writer("r1", "ann", 1);
	writers[1] = start_writer("r2", "bob", 2);
	writers[2] = start_writer("r3", "cyd", 3);
	testbed_sql(
	    "select shift_put('leave', 'x', 'absence', 'ann', d(2, '09:00'), d(3, '17:00'))");
	testbed_sql("update feed set last_good_at = clock_timestamp() - interval '7 hours', "
		    "updated_at = clock_timestamp() where rota = 'r1'");
	testbed_sql(
	    "select shift_put('leave', 'y', 'absence', 'bob', d(1, '09:00'), d(6, '17:00'))");
	testbed_sql("update feed set last_good_at = clock_timestamp(), updated_at = "
		    "clock_timestamp() where rota = 'r1'");
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(pclose(writers[i]), 0);
	testbed_until_quiet();
	testbed_until(
	    "0", "select count(*) from coverage_sources_changed(clock_timestamp(), 21600)");
	testbed_until_quiet();
	assert_int_equal(testbed_role_stop(&roles[0]), 0);
	assert_int_equal(testbed_role_stop(&roles[1]), 0);
	testbed_expect_sound();
	testbed_expect_true_map();
}

static void
a_region_whose_taking_fails_is_taken_later(void **state)
{
	struct testbed_session *session;
	pid_t role;

	(void)state;
	session = testbed_hold("select from map_head for update");
	role = testbed_role_start();
	testbed_until_blocked("coverage_region");
	/* Its patience with a lock ends after two seconds, and it tries again. */
	testbed_until("t",
	    "select count(*) > 0 from pg_stat_activity where usename = 'crisiscover_coverage' and wait_event_type = 'Lock' and query_start > backend_start + "
	    "interval '2 seconds'");
	testbed_let_go(session);
	testbed_until("1", "select region_version from map_head");
	testbed_expect("1", "select count(*) from demand where retired_at is null");
	assert_int_equal(testbed_role_stop(&role), 0);
	testbed_expect_true_map();
}

/* A promotion without the last commits, seen by a process that continues. */
static void
a_region_whose_taking_was_lost_is_taken_again(void **state)
{
	pid_t role;

	(void)state;
	testbed_apply_region("", 1, true);
	role = testbed_role_start();
	testbed_until("2", "select count(*) from demand where region_version = 2");
	testbed_until_quiet();
	testbed_sql(
	    "set session_replication_role = replica; delete from flag; delete from gap_event; "
	    "delete from gap where requirement = 'Q2'; delete from span where requirement = 'Q2'; "
	    "delete from demand where requirement = 'Q2'; update demand set region_version = 1; "
	    "update map_head set region_version = 1; notify shifts_changed");
	testbed_until("2", "select count(*) from demand where region_version = 2");
	testbed_until_quiet();
	assert_int_equal(testbed_role_stop(&role), 0);
}

/* As the settings say: here shifts for 400 days, the rest without end. */
static void
what_was_kept_long_enough_goes(void **state)
{
	pid_t role;

	(void)state;
	testbed_sql(
	    "insert into shift (rota, key, class, starts_at, ends_at, known_from, known_to) values ('r1', 'old', 'nobody', "
	    "'2020-01-01', '2020-01-02', '2020-01-01', '2020-01-03'); insert into span (requirement, place, starts_at, ends_at, "
	    "state, cause, present, required, version, known_from, known_to) values ('Q1', 'P1', '2020-01-01', '2020-01-02', "
	    "'gap', 'none', 0, 1, 1, '2020-01-01', '2020-01-03')");
	role = testbed_role_start();
	/* Where it waits for a month; who asks all of them may meet the round in there. */
	testbed_until("0", "select count(*) from shift_rest where known_to < '2020-02-01'");
	testbed_until("0", "select count(*) from shift where known_to < '2020-02-01'");
	testbed_expect("1", "select count(*) from span where known_to < '2020-02-01'");
	assert_int_equal(testbed_role_stop(&role), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, testbed_clean)

/* For the metrics of the api. A machine that is gone for a day is forgotten, the last of a role is
 * not. */
static void
how_far_its_clock_is_off_is_noted(void **state)
{
	pid_t role;

	(void)state;
	testbed_sql("insert into role_clock (role, machine, ahead_ms, at) values "
		    "('coverage', 'gone', 7, now() - interval '25 hours'), "
		    "('coverage', 'lately', 7, now() - interval '23 hours'), "
		    "('feeds', 'gone', 7, now() - interval '25 hours')");
	role = testbed_role_start();
	testbed_until("2", "select count(*) from role_clock where role = 'coverage'");
	testbed_until("t", "select abs(ahead_ms) < 2000 from role_clock where role = 'coverage' "
			   "and at > now() - interval '1 minute'");
	testbed_until("1", "select count(*) from role_clock where role = 'feeds'");
	testbed_sql(
	    "update role_clock set at = now() - interval '25 hours' where role = 'coverage'");
	testbed_sql(
	    "select role_clock_note('coverage', machine, 9) from role_clock where role = 'coverage' and machine <> 'lately'");
	testbed_until(
	    "9", "select string_agg(ahead_ms::text, ' ') from role_clock where role = 'coverage'");
	assert_int_equal(testbed_role_stop(&role), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_hint_wakes_it),
	    TEST(time_alone_wakes_it),
	    TEST(how_far_its_clock_is_off_is_noted),
	    TEST(no_database_is_no_reason_to_end),
	    TEST(two_of_it_lose_no_update),
	    TEST(a_region_whose_taking_fails_is_taken_later),
	    TEST(a_region_whose_taking_was_lost_is_taken_again),
	    TEST(what_was_kept_long_enough_goes),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
