/* SPDX-License-Identifier: MIT */
#include "server/pg/pg_clock.h"

#include <stdlib.h>

#include "server/base/clock.h"
#include "tests/unit/server/pg/ask.h"

/* A role's notes on the difference between the database's clock and its machine's. */

#define SECOND ((int64_t)1000000)

static const struct pg_stmt note = {
    "NOTE", "insert into noted (machine, ahead) values ($1::text, $2::bigint)", 0, NULL};
static const struct pg_stmt noted = {"NOTED",
    "select coalesce(string_agg(round(ahead / 1000.0)::text, ' ' order by n), '') || ' ' || count(distinct machine) from noted",
    0, NULL};

static struct loop *loop;
static struct pg *pg;
static struct pg_clock clock_kept;

static int
set_up_cluster(void **state)
{
	(void)state;
	return start_cluster("create table noted (machine text not null check (machine <> ''), "
			     "ahead bigint, n serial)");
}

static int
set_up(void **state)
{
	(void)state;
	free(scratch_psql(cluster, "truncate noted"));
	loop = loop_new();
	pg = pg_open(loop, &(struct pg_options){.conninfo = scratch_postgres_conninfo(cluster),
			       .application_name = "clock"});
	pg_clock_open(&clock_kept, pg, &note);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	pg_clock_close(&clock_kept);
	pg_close(pg);
	loop_free(loop);
	return 0;
}

/* A look that found the database's clock ${ahead} seconds ahead of this machine's. */
static void
look(int64_t ahead)
{
	pg_clock_asked(&clock_kept);
	pg_clock_answered(&clock_kept, clock_wall_us() + ahead * SECOND);
}

/* Calls are answered in order, so this one comes after the note. */
static void
assert_noted(const char *expected)
{
	assert_string_equal(ask(loop, pg, &noted, NULL).text, expected);
}

static void
a_difference_is_noted_when_it_moves_and_not_with_each_look(void **state)
{
	(void)state;
	look(40);
	assert_noted("40 1");
	look(40);
	look(40);
	assert_noted("40 1");
	look(-3600);
	assert_noted("40 -3600 1");
	look(0);
	assert_noted("40 -3600 0 1");
}

static void
it_is_noted_once_a_minute_though_it_has_not_moved(void **state)
{
	(void)state;
	look(40);
	assert_noted("40 1");
	clock_kept.written.boot_ms -= DATABASE_CLOCK_WRITTEN_AGAIN_MS;
	look(40);
	assert_noted("40 40 1");
}

static void
what_could_not_be_noted_is_noted_with_the_next_look(void **state)
{
	static const struct pg_stmt gone = {
	    "GONE", "select $1::text, $2::bigint from pg_sleep(5)", 50, NULL};
	static const struct pg_stmt wait = {"WAIT", "select pg_sleep(0.2)::text", 0, NULL};

	(void)state;
	clock_kept.note = &gone;
	look(40);
	ask(loop, pg, &wait, NULL);
	assert_false(clock_kept.written.written);
	clock_kept.note = &note;
	look(40);
	assert_noted("40 1");
}

/* holds: F12 H03.4 */
static void
the_clock_that_judges_is_the_databases(void **state)
{
	(void)state;
	look(-3600);
	assert_true(llabs(database_clock_now_us(&clock_kept.clock, clock_read()) - clock_wall_us() +
			  3600 * SECOND) < SECOND);
}

int
main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_difference_is_noted_when_it_moves_and_not_with_each_look),
	    TEST(it_is_noted_once_a_minute_though_it_has_not_moved),
	    TEST(what_could_not_be_noted_is_noted_with_the_next_look),
	    TEST(the_clock_that_judges_is_the_databases),
	};

	return cmocka_run_group_tests_name("pg_clock", tests, set_up_cluster, tear_down_cluster);
}
