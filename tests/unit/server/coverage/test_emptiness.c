/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/server/coverage/testbed.h"

/* A rota that was not filled in: many gaps, one matter. */

#define NIGHTS                                                                                     \
	",{\"id\":\"N1\",\"place\":\"P1\",\"function\":\"amhp\",\"count\":1,"                      \
	"\"hours\":[{\"days\":[\"all\"],\"from\":\"20:00\",\"to\":\"08:00\"}]}"                    \
	",{\"id\":\"N2\",\"place\":\"P1\",\"function\":\"amhp\",\"count\":1,"                      \
	"\"hours\":[{\"days\":[\"all\"],\"from\":\"20:00\",\"to\":\"02:00\"}]}"                    \
	",{\"id\":\"N3\",\"place\":\"P1\",\"function\":\"amhp\",\"count\":1,"                      \
	"\"hours\":[{\"days\":[\"all\"],\"from\":\"03:00\",\"to\":\"07:00\"}]}"

/* Ann on r1 always; three requirements of a night each. */
static int
all_is_filled(void **state)
{
	testbed_clean(state);
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(500, '00:00'))");
	testbed_apply_region(NIGHTS, 1, false);
	testbed_settle();
	testbed_expect("0", "select count(*) from gap");
	return 0;
}

/* Nobody from ${from} to ${to}, in days. */
static void
leave_empty(int from, int to)
{
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(%d, '12:00')), "
		    "shift_put('r1', 'z', 'named', 'ann', d(%d, '12:00'), d(500, '00:00'))",
	    from, to);
	testbed_settle();
}

/* The flags that call a person. */
#define CALLS                                                                                      \
	"select count(*) from flag where kind in ('opened', 'changed', 'started', 'reminder') "    \
	"and coalesce((payload::jsonb->>'lead')::boolean, true)"
/* The gap of the requirement that asks for somebody at all hours is another wherever a shift moves:
 * that of it is told. */
#define CALLS_OF_NIGHTS CALLS " and payload::jsonb->>'requirement' <> 'Q1'"
#define OPEN "select count(*) from gap where closed_at is null"
#define GROUPS "select count(distinct cause_group) from gap where closed_at is null"

static void
ninety_nights_are_one_matter(void **state)
{
	(void)state;
	leave_empty(10, 100);
	/* Each night of each requirement is a gap, told by a flag of its own. */
	testbed_expect("271", OPEN);
	testbed_expect("271", "select count(distinct gap) from flag where kind = 'opened'");
	testbed_expect("1", GROUPS);
	testbed_expect("1", CALLS);
	testbed_expect("271 t",
	    "select concat_ws(' ', payload::jsonb->>'members', "
	    "payload::jsonb->>'group' like 'r1.empty-%%') from flag where (payload::jsonb->>'lead')::boolean");
	testbed_expect("1", "select count(*) from gap where remind_at is not null or lead");
	testbed_expect(
	    "271 t", "select concat_ws(' ', told_members, tell_at is null) from gap_group");
	/* A demand is listed once among the changes of a version, who leads or not. */
	testbed_expect("0",
	    "select count(*) from (select from map_change where requirement is not null group by epoch, version, requirement, "
	    "place having count(*) > 1) x");
	testbed_settle();
	testbed_expect("1", CALLS);
	testbed_expect_sound();
}

static void
it_is_taken_on_once_and_for_each(void **state)
{
	(void)state;
	leave_empty(2, 92);
	testbed_expect(
	    "271", "select gap_acknowledge_all(array(select id from gap), 'rita', 'agency')");
	testbed_expect("0 271 1",
	    "select concat_ws(' ', count(remind_at), count(acknowledged_by), count(distinct acknowledged_until)) from gap");
	testbed_settle();
	testbed_expect("1", CALLS);
	/* A week later: one reminder of the matter. */
	testbed_sql("update gap set acknowledged_until = clock_timestamp() - interval '1 second'");
	testbed_settle();
	testbed_expect("1", "select count(*) from flag where kind = 'reminder'");
	testbed_expect("1", "select count(*) from gap where remind_at is not null");
	testbed_expect("271",
	    "select gap_acknowledge_all(array(select id from gap), 'rita', 'still the agency')");
	/* Taken back: one reminder. */
	testbed_expect(
	    "271", "select gap_take_back(array(select id from gap), 'rita', 'they are full')");
	testbed_settle();
	testbed_expect("2", "select count(*) from flag where kind = 'reminder'");
	testbed_expect(
	    "3", "select json_array_length(gap_notes((select id from gap where lead))::json)");
	testbed_expect_sound();
}

/* Worse by a band, a gap of a matter that was taken on is told, and called for. */
static void
one_that_becomes_worse_is_called_for(void **state)
{
	(void)state;
	leave_empty(2, 40);
	testbed_sql("select gap_acknowledge_all(array(select id from gap), 'rita', 'agency')");
	testbed_settle();
	testbed_expect("1", CALLS);
	/* As if the first had been far ahead then. */
	testbed_sql(
	    "update gap set severity = 'normal', acknowledged_severity = 'normal' where id = "
	    "(select id from gap where requirement = 'N1' order by starts_at limit 1); "
	    "update demand set next_at = '-infinity', version = version + 1");
	testbed_settle();
	testbed_expect("2", CALLS);
	testbed_expect("changed N1 true high",
	    "select concat_ws(' ', kind, p->>'requirement', p->>'lead', p->>'severity') from (select kind, "
	    "payload::jsonb as p from flag order by epoch desc, seq desc limit 1) x");
	testbed_expect("1", "select count(*) from gap where remind_at is not null");
	testbed_expect_sound();
}

/* Filling one night closes its gaps; the others are as they were, also in whose group. */
static void
one_night_that_is_filled_closes_alone(void **state)
{
	(void)state;
	leave_empty(10, 100);
	testbed_sql("create table before as select * from gap");
	testbed_sql("select shift_put('r1', 'n', 'named', 'bob', d(50, '20:00'), d(51, '08:00'))");
	testbed_settle();
	/* The gap of always goes on before and after. */
	testbed_expect("3", "select count(*) from gap where closed_at is not null");
	testbed_expect("1", GROUPS);
	testbed_expect("0", CALLS_OF_NIGHTS);
	testbed_expect("267",
	    "select count(*) from gap g join before b using (id) where g.closed_at is null and to_jsonb(g) = to_jsonb(b)");
	testbed_expect("1", "select count(*) from gap_group");
	/* It becomes empty again, later than a flap: the same matter. */
	testbed_sql(
	    "update gap set closed_at = closed_at - interval '20 minutes' where closed_at is not null; select shift_end('r1', 'n')");
	testbed_settle();
	testbed_expect("1", GROUPS);
	testbed_expect("0", CALLS_OF_NIGHTS);
	testbed_sql("drop table before");
	testbed_expect_sound();
}

/* Edges that move rename nothing, and put no reminder off. */
static void
edges_that_move_leave_the_matter_as_it_is(void **state)
{
	(void)state;
	leave_empty(10, 100);
	testbed_sql("update gap set remind_at = d(1, '09:00') where lead; "
		    "create table before as select cause_group, id, remind_at from gap where lead");
	leave_empty(10, 90);
	testbed_expect("1 0", "select concat_ws(' ', (" GROUPS "), (" CALLS_OF_NIGHTS "))");
	leave_empty(10, 110);
	testbed_expect("1 0", "select concat_ws(' ', (" GROUPS "), (" CALLS_OF_NIGHTS "))");
	leave_empty(11, 110);
	testbed_expect("1", GROUPS);
	testbed_expect("t",
	    "select count(*) = (" OPEN
	    ") from gap g join before b using (cause_group) where g.closed_at is null");
	/* The growth is told once, half an hour after the last word. */
	testbed_sql("update gap_group set tell_at = clock_timestamp() where tell_at is not null");
	testbed_settle();
	testbed_expect("1",
	    "select count(*) from flag where kind = 'changed' and (payload::jsonb->>'lead')::boolean and (payload::jsonb->>'members')::int = (" OPEN
	    ") and at > clock_timestamp() - interval '1 minute' and seq = (select max(seq) from flag)");
	testbed_sql("drop table before");
	testbed_expect_sound();
}

static void
two_runs_of_one_rota_are_two_matters(void **state)
{
	(void)state;
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(2, '12:00')), "
		    "shift_put('r1', 'm', 'named', 'ann', d(12, '12:00'), d(22, '12:00')), "
		    "shift_put('r1', 'z', 'named', 'ann', d(32, '12:00'), d(500, '00:00'))");
	testbed_settle();
	testbed_expect("62", OPEN);
	testbed_expect("2", GROUPS);
	testbed_expect("2", CALLS);
	testbed_expect("31 31", "select string_agg(told_members::text, ' ') from gap_group");
	/* One is taken on: the other is not. */
	testbed_expect("31",
	    "select gap_acknowledge_all(array(select id from gap where starts_at < "
	    "d(15, '00:00')), 'rita', null)");
	testbed_expect("0 31",
	    "select concat_ws(' ', count(remind_at), count(*) filter (where acknowledged_by is null)) from gap");
	testbed_expect_sound();
}

/* A requirement that finds its first gap when the shift before the run is older than the window. */
static void
a_demand_that_comes_later_is_of_the_same_matter(void **state)
{
	(void)state;
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(0, '00:00')), "
		    "shift_put('r1', 'z', 'named', 'ann', d(30, '12:00'), d(500, '00:00'))");
	testbed_settle();
	testbed_expect("1", GROUPS);
	testbed_sql(
	    "create table before as select distinct cause_group from gap where closed_at is null; "
	    "select shift_put('r1', 'a', 'named', 'ann', d(-30, '00:00'), d(-29, '00:00'))");
	testbed_apply_region(NIGHTS
	    ",{\"id\":\"N4\",\"place\":\"P1\",\"function\":\"amhp\",\"count\":1,"
	    "\"hours\":[{\"days\":[\"all\"],\"from\":\"21:00\",\"to\":\"23:00\"}]}",
	    2, false);
	testbed_settle();
	testbed_expect(
	    "t", "select count(*) >= 29 from gap where requirement = 'N4' and closed_at is null");
	testbed_expect("t",
	    "select bool_and(cause_group = (select cause_group from before)) from gap where closed_at is null");
	/* Nobody is called for the new ones: they are growth of the group. */
	testbed_expect("0", CALLS " and payload::jsonb->>'requirement' = 'N4'");
	testbed_expect("t",
	    "select told_members = gap_believed(id) or tell_at > clock_timestamp() from gap_group");
	testbed_sql("drop table before");
	testbed_expect_sound();
}

/* The first on call is named; the second is not, though nobody is on there either. A matter
 * stays the matter that it is when one of them says so. */
static void
the_first_on_call_is_named(void **state)
{
	(void)state;
	leave_empty(10, 20);
	testbed_expect("r1", "select distinct cause_group_rota(cause_group) from gap");
	testbed_sql("select shift_put('r2', 'n', 'nobody', null, d(15, '00:00'), d(16, '00:00'))");
	testbed_settle();
	testbed_expect("r1", "select distinct cause_group_rota(cause_group) from gap");
	testbed_expect("nobody silent", "select string_agg(distinct cause, ' ') from gap");
	testbed_expect("0", CALLS_OF_NIGHTS);
	testbed_expect_sound();
}

/* Vacant rows beside time with no row at all: one rota that was not filled in. */
static void
vacant_and_silent_nights_are_one_matter(void **state)
{
	(void)state;
	leave_empty(10, 30);
	testbed_sql(
	    "select shift_put('r1', 'v' || n, 'nobody', null, d(n, '20:00'), d(n + 1, '08:00')) from generate_series(12, 20) n");
	testbed_settle();
	testbed_expect("nobody silent",
	    "select string_agg(distinct cause, ' ') from gap where closed_at is null");
	testbed_expect("1", GROUPS);
	testbed_expect_sound();
}

/* As a release finds the gaps of the one before, which knew no such groups: nobody is called. */
static void
what_was_told_before_is_not_told_again(void **state)
{
	(void)state;
	leave_empty(2, 92);
	testbed_sql("update gap set cause_group = null, lead = true, remind_at = d(1, '09:00'); "
		    "delete from gap_group; "
		    "update demand set next_at = '-infinity', version = version + 1; "
		    "create table before as select count(*) as n from flag");
	testbed_settle();
	testbed_expect("1 1",
	    "select concat_ws(' ', (" GROUPS "), count(*)) from gap where remind_at is not null");
	testbed_expect("t", "select n = (select count(*) from flag) from before");
	testbed_expect(
	    "271 t", "select concat_ws(' ', told_members, tell_at is null) from gap_group");
	testbed_sql("drop table before");
	testbed_expect_sound();
}

/* Vacant for longer than the map looks ahead: each day brings a night more, and nobody is called. */
static void
what_the_window_brings_is_no_news(void **state)
{
	(void)state;
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(390, '12:00'))");
	testbed_settle();
	testbed_sql(
	    "select gap_acknowledge_all(array(select id from gap), 'rita', 'a year ahead')");
	testbed_settle();
	testbed_expect("1", CALLS);
	/* As if the window had ended a day earlier until now. */
	testbed_sql("create table last as select id from gap where starts_at >= d(400, '00:00')");
	testbed_expect("t", "select count(*) between 2 and 3 from last");
	testbed_sql("delete from flag where gap in (select id from last); "
		    "update flag_counter set seq = (select coalesce(max(seq), 0) from flag)");
	testbed_sql("set session_replication_role = replica; "
		    "delete from gap_note where gap in (select id from last); "
		    "delete from gap_event where gap in (select id from last); "
		    "delete from gap where id in (select id from last); "
		    "update gap_group set told_members = (select count(*) from gap); "
		    "update demand set next_at = '-infinity', version = version + 1");
	testbed_settle();
	testbed_expect("t",
	    "select count(*) = (select count(*) from last) from gap where starts_at >= "
	    "d(400, '00:00') and closed_at is null and told and acknowledged_by = 'rita'");
	testbed_expect("0", "select count(*) from gap where remind_at is not null");
	testbed_expect("1", CALLS);
	testbed_expect("t", "select bool_and(tell_at is null) from gap_group");
	testbed_sql("drop table last");
}

#define TAKEN_ON                                                                                   \
	"select concat_ws(' ', count(*), count(*) filter (where gap_awaits(gap)), count(remind_at)) from gap where closed_at is null"
#define NOT_AWAITED "select count(*) from gap where closed_at is null and not gap_awaits(gap)"
#define FAILS                                                                                      \
	"update feed set last_good_at = clock_timestamp() - interval '7 hours' where rota = 'r1'"
#define WORKS "update feed set last_good_at = clock_timestamp() where rota = 'r1'"
/* A flap is the same gap again by itself: as if all of it had been longer ago. */
#define LATER                                                                                                            \
	"set session_replication_role = replica; "                                                                       \
	"update gap set closed_at = closed_at - interval '20 minutes' where closed_at is not null; "                     \
	"update gap_note set at = at - interval '20 minutes'; "                                                          \
	"update span set known_from = known_from - interval '20 minutes', known_to = known_to - interval '20 minutes'; " \
	"set session_replication_role = origin"

/* While its calendar cannot be read, all that lies ahead is one hole, and all nights but one close.
 * When it is read again, the matter is the one that was taken on, each night of it. */
static void
what_was_taken_on_outlives_a_calendar_that_fails(void **state)
{
	(void)state;
	leave_empty(20, 110);
	testbed_expect(
	    "271", "select gap_acknowledge_all(array(select id from gap), 'rita', 'agency')");
	testbed_settle();
	testbed_sql(FAILS);
	testbed_settle();
	testbed_expect("t", "select count(*) < 20 from gap where closed_at is null");
	testbed_sql(LATER);
	testbed_sql(WORKS);
	testbed_settle();
	testbed_expect("271 0 0", TAKEN_ON);
	testbed_expect("rita agency",
	    "select distinct concat_ws(' ', acknowledged_by, note) from gap where closed_at is null and requirement <> 'Q1'");
	testbed_expect("t", "select bool_and(tell_at is null) from gap_group");
	testbed_expect_sound();
}

/* For nights that were filled meanwhile, and for those given back, somebody must acknowledge again. */
static void
what_was_filled_or_taken_back_is_acknowledged_again(void **state)
{
	(void)state;
	leave_empty(20, 30);
	testbed_sql("select gap_acknowledge_all(array(select id from gap), 'rita', 'agency')");
	testbed_settle();
	testbed_sql("select shift_put('r1', 'n', 'named', 'bob', d(22, '12:00'), d(27, '12:00'))");
	testbed_settle();
	testbed_sql(LATER);
	testbed_sql("select shift_end('r1', 'n')");
	testbed_settle();
	testbed_expect(
	    "t", "select count(*) >= 15 from gap where closed_at is null and gap_awaits(gap)");
	/* Taken back before the calendar fails, and while it does. */
	testbed_sql(
	    "select gap_acknowledge_all(array(select id from gap where closed_at is null), 'rita', null); "
	    "select gap_take_back(array(select id from gap where closed_at is null), 'rita', null); " FAILS);
	testbed_settle();
	testbed_sql(LATER);
	testbed_sql(WORKS);
	testbed_settle();
	testbed_expect("0", NOT_AWAITED);
	testbed_sql(
	    "select gap_acknowledge_all(array(select id from gap where closed_at is null), 'rita', null); " FAILS);
	testbed_settle();
	testbed_sql(
	    "select gap_take_back(array(select id from gap where closed_at is null), 'rita', null); " LATER);
	testbed_sql(WORKS);
	testbed_settle();
	testbed_expect("0", NOT_AWAITED);
	testbed_expect_sound();
}

#define TEST(name) cmocka_unit_test_setup(name, all_is_filled)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(ninety_nights_are_one_matter),
	    TEST(it_is_taken_on_once_and_for_each),
	    TEST(one_that_becomes_worse_is_called_for),
	    TEST(one_night_that_is_filled_closes_alone),
	    TEST(edges_that_move_leave_the_matter_as_it_is),
	    TEST(two_runs_of_one_rota_are_two_matters),
	    TEST(a_demand_that_comes_later_is_of_the_same_matter),
	    TEST(the_first_on_call_is_named),
	    TEST(vacant_and_silent_nights_are_one_matter),
	    TEST(what_was_told_before_is_not_told_again),
	    TEST(what_the_window_brings_is_no_news),
	    TEST(what_was_taken_on_outlives_a_calendar_that_fails),
	    TEST(what_was_filled_or_taken_back_is_acknowledged_again),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
