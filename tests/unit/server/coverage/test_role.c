#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/scratch_own.h"
#include "tests/unit/server/coverage/house.h"

/* The role as it runs: woken by hints, several at a time, killed anywhere. */

#define QUIET                                                                                      \
	"select not exists (select from dirty) and not exists (select from demand where "          \
	"retired_at is null and next_at <= now()) "                                                \
	"and (select region_version from map_head) = (select max(version) from region)"

/* What holds at any moment of the outbox and the gaps. */
static void
expect_sound(void)
{
	house_expect("0", "select coalesce(max(seq), 0) - count(*) from flag");
	house_expect("0", "select seq - (select count(*) from flag) from flag_counter");
	house_expect("0", "select count(*) from (select gap from flag where kind in ('opened', "
			  "'closed') group by gap, kind having count(*) > 1) x");
	house_expect("0", "select count(*) from gap g where told and not exists (select from flag "
			  "f where f.gap = g.id and f.kind = 'opened')");
	house_expect("0",
	    "select count(*) from gap g where told and closed_at is not null "
	    "and not exists (select from flag f where f.gap = g.id and f.kind = 'closed')");
	house_expect("0", "select count(*) from (select starts_at, lag(ends_at) over (partition by "
			  "requirement, place order by starts_at) as before "
			  "from span where known_to = 'infinity' and requirement = 'Q1') x where "
			  "before <> starts_at");
	house_expect("0", "select count(*) from (select version, lag(version) over (order by "
			  "known_from, version) as before from span) x "
			  "where version < before");
}

static void
a_hint_wakes_it(void **state)
{
	pid_t role;

	(void)state;
	role = house_role_start();
	house_until("t", QUIET);
	house_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(2, '09:00'))");
	house_until("d", "select case when starts_at = d(2, '09:00') then 'd' end from gap where "
			 "closed_at is null");
	house_apply_region("", 2, false);
	house_until("2", "select region_version from map_head");
	assert_int_equal(house_role_stop(&role), 0);
	expect_sound();
	house_expect_true_map();
}

static void
time_alone_wakes_it(void **state)
{
	pid_t role;

	(void)state;
	house_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), "
		  "date_trunc('second', clock_timestamp()) + interval '8 seconds')");
	role = house_role_start();
	house_until("opened started", "select string_agg(kind, ' ' order by seq) from flag");
	house_expect("t", "select started from gap where closed_at is null");
	/* At once, not at the next poll. */
	house_expect("t", "select f.at - g.starts_at < interval '3 seconds' from flag f join gap g "
			  "on g.id = f.gap where f.kind = 'started'");
	assert_int_equal(house_role_stop(&role), 0);
	expect_sound();
}

static void
no_database_is_no_reason_to_end(void **state)
{
	pid_t role;

	(void)state;
	role = house_role_start();
	house_until("t", QUIET);
	scratch_postgres_kill9(house_postgres());
	scratch_postgres_resume(house_postgres());
	house_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(2, '09:00'))");
	house_until(
	    "1", "select count(*) from gap where closed_at is null and starts_at = d(2, '09:00')");
	assert_int_equal(house_role_stop(&role), 0);
	expect_sound();
	house_expect_true_map();
}

/* A writer of its own session: a few hundred shifts that come and go by chance, each in a
 * transaction. */
static FILE *
start_writer(const char *rota, const char *person, unsigned seed)
{
	char *command = scratch_format("/usr/lib/postgresql/15/bin/psql -X -q -v ON_ERROR_STOP=1 "
				       "-h %s -U postgres -d crisiscover >/dev/null",
	    scratch_postgres_socket_folder(house_postgres()));
	FILE *psql = popen(command, "w");

	assert_non_null(psql);
	fprintf(psql,
	    "select setseed(%u / 100.0);\n"
	    "do $$ declare slot integer; begin for i in 1..150 loop\n"
	    "  slot := floor(random() * 40);\n"
	    "  if random() < 0.4 then perform shift_end('%s', 'k' || slot);\n"
	    "  else perform shift_put('%s', 'k' || slot, case when random() < 0.1 then 'nobody' "
	    "else 'named' end, '%s',\n"
	    "    d(slot / 4, '00:00') + slot %% 4 * interval '6 hours', d(slot / 4, '00:00') + "
	    "(slot %% 4 + 1) * interval '6 hours'); end if;\n"
	    "  commit; end loop; end $$;\n",
	    seed, rota, rota, person);
	fflush(psql);
	free(command);
	return psql;
}

static void
two_of_it_lose_no_update(void **state)
{
	pid_t roles[2];
	FILE *writers[3];

	(void)state;
	house_apply_region("", 1, true);
	roles[0] = house_role_start();
	roles[1] = house_role_start();
	writers[0] = start_writer("r1", "ann", 1);
	writers[1] = start_writer("r2", "bob", 2);
	writers[2] = start_writer("r3", "cyd", 3);
	house_sql("select shift_put('leave', 'x', 'absence', 'ann', d(2, '09:00'), d(3, '17:00'))");
	house_sql("update feed set last_good_at = clock_timestamp() - interval '7 hours', "
		  "updated_at = clock_timestamp() where rota = 'r1'");
	house_sql("select shift_put('leave', 'y', 'absence', 'bob', d(1, '09:00'), d(6, '17:00'))");
	house_sql("update feed set last_good_at = clock_timestamp(), updated_at = "
		  "clock_timestamp() where rota = 'r1'");
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(pclose(writers[i]), 0);
	house_until("t", QUIET);
	house_until("0", "select count(*) from coverage_sources_changed(clock_timestamp(), 21600)");
	house_until("t", QUIET);
	assert_int_equal(house_role_stop(&roles[0]), 0);
	assert_int_equal(house_role_stop(&roles[1]), 0);
	expect_sound();
	house_expect_true_map();
}

/* Where it is stopped: what another session holds, and the statement of the role that waits for it.
 */
static const struct {
	const char *hold, *statement;
} stops[] = {
    {"lock table region in access exclusive mode", "max(version) from region_without_addresses"},
    {"lock table dirty in access exclusive mode", "marked as materialized"},
    {"lock table span in access exclusive mode", "join span s"},
    {"select from map_head for update", "coverage_region"},
    {"lock table demand in share mode", "coverage_region"},
    {"lock table span in share mode", "coverage_commit"},
    {"lock table gap in share mode", "coverage_region"},
    {"lock table gap_event in share mode", "coverage_commit"},
    {"lock table source_seen in share mode", "coverage_commit"},
    {"lock table map_change in share mode", "coverage_commit"},
    {"select from flag_counter for update", "coverage_commit"},
};

static void
killed_anywhere_it_leaves_the_map_whole(void **state)
{
	(void)state;
	house_apply_region("", 1, true);
	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
		/* A change of every kind: a gap opens or closes, the source moves. */
		struct house_session *session;
		pid_t role;

		house_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(2, "
			  "'09:00') + %zu * interval '1 hour'), "
			  "shift_put('r2', 'b%zu', 'named', 'bob', d(3, '09:00') + %zu * interval "
			  "'1 day', d(3, '19:00') + %zu * interval '1 day')",
		    i, i, i, i);
		house_sql("update feed set horizon = d(%zu, '00:00') where rota = 'r3'", 100 + i);
		session = house_hold(stops[i].hold);
		role = house_role_start();
		house_until_blocked(stops[i].statement);
		house_role_kill(&role);
		/* What it was at either takes place or does not. */
		house_let_go(session);
		house_until("0",
		    "select count(*) from pg_stat_activity where usename = 'crisiscover_coverage'");
		expect_sound();
		house_settle();
		house_expect("t", QUIET);
		expect_sound();
	}
	house_expect_true_map();
}

static void
a_region_whose_taking_fails_is_taken_later(void **state)
{
	struct house_session *session;
	pid_t role;

	(void)state;
	session = house_hold("select from map_head for update");
	role = house_role_start();
	house_until_blocked("coverage_region");
	/* Its patience with a lock ends after two seconds, and it tries again. */
	house_until("t",
	    "select count(*) > 0 from pg_stat_activity where usename = 'crisiscover_coverage' "
	    "and wait_event_type = 'Lock' and query_start > backend_start + interval '2 seconds'");
	house_let_go(session);
	house_until("1", "select region_version from map_head");
	house_expect("1", "select count(*) from demand where retired_at is null");
	assert_int_equal(house_role_stop(&role), 0);
	house_expect_true_map();
}

/* The same stops, left in good order: what a process had in hand is freed (the leak check of this
 * program sees to it), and it ends at once though it waits for an answer. */
static void
dropped_anywhere_it_leaves_nothing_behind(void **state)
{
	(void)state;
	house_apply_region("", 1, true);
	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
		struct house_session *session;
		pid_t role;

		house_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(2, "
			  "'09:00') + %zu * interval '1 hour')",
		    i);
		house_sql("update feed set horizon = d(%zu, '00:00') where rota = 'r3'", 200 + i);
		session = house_hold(stops[i].hold);
		house_drop_when_blocked(stops[i].statement);
		role = house_role_start();
		house_until_blocked(stops[i].statement);
		assert_int_equal(house_role_stop(&role), 0);
		house_let_go(session);
		house_until("0",
		    "select count(*) from pg_stat_activity where usename = 'crisiscover_coverage'");
		house_settle();
		expect_sound();
	}
	house_expect_true_map();
}

/* A first sweep of a region that is killed over and over gets there all the same. */
static void
killed_again_and_again_it_gets_there(void **state)
{
	(void)state;
	house_apply_region("", 1, true);
	house_sql("select shift_put('r1', 'k' || n, 'named', 'ann', d(n, '08:00'), d(n, '20:00')) "
		  "from generate_series(-2, 300, 2) n");
	for (int i = 0; i < 12; i++) {
		pid_t role = house_role_start();

		house_sql(
		    "select shift_put('r2', 'k%d', 'named', 'bob', d(%d, '20:00'), d(%d, '08:00'))",
		    i, i, i + 1);
		house_until("t", "select count(*) > 0 from pg_stat_activity where usename = "
				 "'crisiscover_coverage'");
		house_role_kill(&role);
	}
	house_until(
	    "0", "select count(*) from pg_stat_activity where usename = 'crisiscover_coverage'");
	expect_sound();
	house_settle();
	expect_sound();
	house_expect_true_map();
}

#define TEST(name) cmocka_unit_test_setup(name, house_clean)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_hint_wakes_it),
	    TEST(time_alone_wakes_it),
	    TEST(no_database_is_no_reason_to_end),
	    TEST(two_of_it_lose_no_update),
	    TEST(killed_anywhere_it_leaves_the_map_whole),
	    TEST(a_region_whose_taking_fails_is_taken_later),
	    TEST(dropped_anywhere_it_leaves_nothing_behind),
	    TEST(killed_again_and_again_it_gets_there),
	};

	return cmocka_run_group_tests(tests, house_open, house_close);
}
