/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/server/coverage/testbed.h"

/* One process's handling of changes to shifts, sources and time. */

/* Ann on r1 without a break, in three shifts: until the day after tomorrow at 9, until 17, and ever
 * after. */
static void
cover_all(void)
{
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(2, '09:00')), "
		    "shift_put('r1', 'b', 'named', 'ann', d(2, '09:00'), d(2, '17:00')), "
		    "shift_put('r1', 'c', 'named', 'ann', d(2, '17:00'), d(403, '00:00'))");
	testbed_settle();
	testbed_expect(
	    "", "select state from span where known_to = 'infinity' and state <> 'covered'");
	testbed_expect("0", "select count(*) from flag");
}

static void
expect_flags(const char *kinds)
{
	testbed_expect(
	    kinds, "select coalesce(string_agg(kind, ' ' order by epoch, seq), '') from flag");
}

static void
expect_gap(const char *wanted)
{
	testbed_expect(wanted,
	    "select concat_ws(' ', requirement, state, cause, starts_at = d(2, '09:00'), ends_at = d(2, "
	    "'17:00')) from gap where closed_at is null");
}

/* holds: H17.1 */
static void
spans_tile_the_hours(void **state)
{
	(void)state;
	testbed_apply_region("", 1, true);
	testbed_sql(
	    "select shift_put('r1', 'k' || n, 'named', case n %% 2 when 0 then 'ann' else 'bob' end, d(n, '08:00'), d(n, "
	    "'20:00')), shift_put('r2', 'k' || n, 'named', 'cyd', d(n, '16:00'), d(n + 1, '02:00')) from generate_series(-2, 400, 3) n");
	testbed_settle();
	testbed_expect("0",
	    "select count(*) from (select starts_at, lag(ends_at) over (order by starts_at) as before from span where requirement = 'Q1' and known_to = "
	    "'infinity') x where before <> starts_at");
	testbed_expect("t t",
	    "select concat_ws(' ', min(starts_at) = d(-1, '00:00'), max(ends_at) = d(401, "
	    "'00:00')) from span where requirement = 'Q1' and known_to = 'infinity'");
}

static void
the_hours_of_a_working_week_are_tiled_too(void **state)
{
	(void)state;
	testbed_apply_region("", 1, true);
	testbed_sql(
	    "select shift_put('r1', 'k' || n, 'named', 'ann', d(n, '12:00'), d(n, '14:30')) from generate_series(-2, 400, 2) n");
	testbed_settle();
	/* Bank holidays are none of these days: there are eight or nine in any 400. */
	testbed_expect("t",
	    "select count(*) between 274 and 280 from (select distinct (starts_at at time zone 'Europe/London')::date from span where requirement = 'Q2' and "
	    "known_to = 'infinity') x");
	testbed_expect("0",
	    "select count(*) from (select (starts_at at time zone 'Europe/London')::date as day, "
	    "sum(ends_at - starts_at) as hours from span where requirement = 'Q2' and known_to = 'infinity' group by 1) x where hours <> '8 hours' or "
	    "extract(isodow from day) > 5");
}

static void
a_region_is_complete_when_every_demand_is_swept(void **state)
{
	char *more = strdup("");

	(void)state;
	for (int i = 0; i < 249; i++) {
		char *longer;

		assert_true(
		    asprintf(&longer,
			"%s,{\"id\":\"M%d\",\"place\":\"P1\",\"function\":\"amhp\",\"count\":1,"
			"\"hours\":[{\"days\":[\"mon\"],\"from\":\"09:00\",\"to\":\"10:00\"}]}",
			more, i) > 0);
		free(more);
		more = longer;
	}
	testbed_settle();
	testbed_expect("1 t", "select concat_ws(' ', region_version, version >= 1) from map_head");
	testbed_apply_region(more, 1, false);
	free(more);
	testbed_settle();
	testbed_expect("2", "select region_version from map_head");
	testbed_expect(
	    "250", "select count(*) from demand where region_version = 2 and retired_at is null");
	/* In commits of a hundred. */
	testbed_expect("3", "select count(distinct version) from span where requirement <> 'Q1'");
	testbed_expect("0",
	    "select count(*) from map_change c where not exists (select from map_head h where h.version >= c.version)");
}

static void
a_shift_that_goes_opens_one_gap_and_its_return_closes_it(void **state)
{
	(void)state;
	cover_all();
	testbed_sql("select shift_end('r1', 'b')");
	testbed_settle();
	expect_gap("Q1 gap silent t t");
	expect_flags("opened");
	testbed_expect("P1 amhp Q1 gap",
	    "select concat_ws(' ', payload::jsonb->>'place', payload::jsonb->>'function', "
	    "payload::jsonb->>'requirement', payload::jsonb->>'state') from flag");
	testbed_expect("t", "select payload::jsonb->>'gap' = (select id::text from gap) from flag");
	testbed_expect("0", "select count(*) from dirty");
	testbed_sql("select shift_put('r1', 'b', 'named', 'bob', d(2, '09:00'), d(2, '17:00'))");
	testbed_settle();
	testbed_expect("f", "select passed from gap where closed_at is not null");
	expect_flags("opened closed");
	testbed_expect("opened closed", "select string_agg(step, ' ' order by id) from gap_event");
	testbed_expect_true_map();
}

static void
a_gap_keeps_its_name_when_edges_and_cause_change(void **state)
{
	char *id;

	(void)state;
	cover_all();
	testbed_sql("select shift_end('r1', 'b')");
	testbed_settle();
	id = testbed_ask("select id from gap where closed_at is null");
	testbed_sql("select shift_put('r1', 'b', 'nobody', null, d(2, '09:00'), d(2, '17:00'))");
	testbed_settle();
	expect_gap("Q1 gap nobody t t");
	testbed_expect(id, "select id from gap where closed_at is null");
	testbed_sql("select shift_put('r1', 'b', 'named', 'bob', d(2, '09:00'), d(2, '10:00'))");
	testbed_settle();
	testbed_expect("t t", "select concat_ws(' ', starts_at = d(2, '10:00'), ends_at = d(2, "
			      "'17:00')) from gap where closed_at is null");
	testbed_expect(id, "select id from gap where closed_at is null");
	expect_flags("opened changed changed");
	free(id);
	testbed_expect_true_map();
}

static void
an_absence_takes_cover_away_wherever_the_person_has_it(void **state)
{
	(void)state;
	cover_all();
	testbed_sql(
	    "select shift_put('leave', 'x', 'absence', 'ann', d(2, '09:00'), d(2, '17:00'))");
	testbed_settle();
	expect_gap("Q1 gap not_free t t");
	testbed_expect("0", "select count(*) from dirty");
	testbed_sql(
	    "select shift_put('leave', 'y', 'absence', 'bob', d(4, '09:00'), d(4, '17:00'))");
	testbed_settle();
	testbed_sql("select shift_end('leave', 'x')");
	testbed_settle();
	expect_flags("opened closed");
	testbed_expect_true_map();
}

/* holds: H04.1 */
static void
an_unknown_name_is_no_cover(void **state)
{
	(void)state;
	cover_all();
	testbed_sql("insert into person (id) values ('gone'); "
		    "select shift_put('r1', 'b', 'named', 'gone', d(2, '09:00'), d(2, '17:00'))");
	testbed_settle();
	expect_gap("Q1 unknown undecided t t");
}

static void
classes_count_for_what_they_are(void **state)
{
	static const char *const wanted[][2] = {{"tentative", "Q1 unknown undecided t t"},
	    {"undecided", "Q1 unknown undecided t t"}, {"unreadable", "Q1 unknown undecided t t"},
	    {"team", "Q1 gap team_only t t"}, {"nobody", "Q1 gap nobody t t"}};

	(void)state;
	cover_all();
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		testbed_sql("select shift_put('r1', 'b', '%s', null, d(2, '09:00'), d(2, '17:00'))",
		    wanted[i][0]);
		testbed_settle();
		expect_gap(wanted[i][1]);
	}
}

/* holds: H06.4 */
static void
past_its_horizon_a_rota_is_unknown(void **state)
{
	(void)state;
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(30, '09:00'))");
	testbed_sql("update feed set horizon = d(30, '09:00') where rota = 'r1'");
	testbed_settle();
	testbed_expect("unknown past_horizon",
	    "select state || ' ' || cause from span where known_to = 'infinity' and ends_at = d(401, '00:00')");
	testbed_expect(
	    "1", "select count(*) from gap where closed_at is null and starts_at = d(30, '09:00')");
	/* The horizon moves and no shift does: seen all the same. */
	testbed_sql("update feed set horizon = 'infinity' where rota = 'r1'");
	testbed_settle();
	testbed_expect("gap silent", "select state || ' ' || cause from span where known_to = "
				     "'infinity' and ends_at = d(401, '00:00')");
	testbed_expect_true_map();
}

/* holds: H02.1 */
static void
a_source_never_read_is_unknown(void **state)
{
	(void)state;
	testbed_sql(
	    "update feed set state = 'never', last_good_at = null, horizon = null where rota = 'r1'");
	testbed_settle();
	testbed_expect("unknown never_read",
	    "select state || ' ' || cause from span where known_to = 'infinity'");
	testbed_sql("update feed set state = 'good', last_good_at = clock_timestamp(), horizon = "
		    "'infinity' where rota = 'r1'");
	testbed_settle();
	testbed_expect(
	    "gap silent", "select state || ' ' || cause from span where known_to = 'infinity'");
}

static void
the_past_stays_when_a_feed_becomes_unknown(void **state)
{
	(void)state;
	cover_all();
	testbed_sql(
	    "update feed set last_good_at = date_trunc('second', clock_timestamp()) - interval '6 hours 1 second' where rota = 'r1'");
	testbed_settle();
	testbed_expect("covered",
	    "select distinct state from span where known_to = 'infinity' and starts_at < "
	    "(select last_good_at + interval '6 hours' from feed where rota = 'r1')");
	testbed_expect("unknown source_unknown",
	    "select distinct state || ' ' || cause from span where known_to = 'infinity' and ends_at > (select last_good_at + interval '6 hours' from feed where "
	    "rota = 'r1')");
	testbed_expect("1",
	    "select count(*) from span s, feed f where f.rota = 'r1' and s.known_to = 'infinity' and s.starts_at = f.last_good_at + interval '6 hours' and s.state = 'unknown'");
	expect_flags("opened");
	testbed_expect(
	    "unknown high", "select state || ' ' || severity from gap where closed_at is null");
	/* Back: one gap, closed. */
	testbed_sql("update feed set last_good_at = clock_timestamp() where rota = 'r1'");
	testbed_settle();
	expect_flags("opened closed");
	testbed_expect("covered", "select distinct state from span where known_to = 'infinity'");
	testbed_expect_true_map();
}

/* holds: H02.1 */
static void
a_failing_feed_keeps_its_shifts_until_then(void **state)
{
	(void)state;
	cover_all();
	testbed_sql(
	    "update feed set state = 'failing', fault = 'It did not answer.', failures = 9, "
	    "last_good_at = clock_timestamp() - interval '5 hours 59 minutes' where rota = 'r1'");
	testbed_settle();
	testbed_expect("covered", "select distinct state from span where known_to = 'infinity'");
	expect_flags("");
}

static void
what_is_no_longer_required_ends_now(void **state)
{
	(void)state;
	cover_all();
	testbed_apply_region("", 1, true);
	testbed_settle();
	testbed_expect("t", "select count(*) > 200 from gap where requirement = 'Q2' and state = "
			    "'short' and closed_at is null");
	testbed_apply_region("", 1, false);
	testbed_settle();
	testbed_expect(
	    "0", "select count(*) from gap where requirement = 'Q2' and closed_at is null");
	testbed_expect("0", "select count(*) from span where requirement = 'Q2' and known_to = "
			    "'infinity' and ends_at > clock_timestamp()");
	testbed_expect("t", "select retired_at is not null from demand where requirement = 'Q2'");
	testbed_expect("0",
	    "select count(*) from gap g where told and not exists (select from flag f where f.gap = g.id and f.kind = 'closed')");
	/* And comes back. */
	testbed_apply_region("", 1, true);
	testbed_settle();
	testbed_expect("t", "select count(*) > 200 from gap where requirement = 'Q2' and state = "
			    "'short' and closed_at is null");
	testbed_expect("4", "select region_version from map_head");
}

static void
more_people_required_makes_it_short(void **state)
{
	(void)state;
	cover_all();
	testbed_apply_region("", 2, false);
	testbed_settle();
	testbed_expect("short too_few 1 2", "select distinct concat_ws(' ', state, cause, present, "
					    "required) from span where known_to = 'infinity'");
	testbed_expect_true_map();
}

static void
versions_and_changes_tell_readers_what_moved(void **state)
{
	(void)state;
	cover_all();
	testbed_sql("delete from map_change");
	testbed_sql("select shift_end('r1', 'b')");
	testbed_settle();
	testbed_expect("r1|| |Q1|P1",
	    "select string_agg(concat_ws('|', coalesce(rota, ''), coalesce(requirement, ''), coalesce(place, '')), "
	    "' ' order by rota) from map_change where version = (select version from map_head)");
	testbed_sql("delete from map_change");
	/* A change that leaves the map as it is is a change of the rota all the same. */
	testbed_sql("select shift_put('r2', 'z', 'nobody', null, d(9, '00:00'), d(9, '01:00'))");
	testbed_settle();
	testbed_expect(
	    "r2", "select string_agg(concat_ws(' ', rota, requirement), ',') from map_change");
	testbed_expect("0", "select count(*) from span where known_from > known_to");
	testbed_expect("t",
	    "select bool_and(known_from >= before) from (select known_from, lag(known_from) over (order by version, "
	    "known_from) as before from span) x where before is not null");
	/* Nothing at all: no version. */
	testbed_sql("delete from map_change");
	testbed_settle();
	testbed_expect("0", "select count(*) from map_change");
}

#define TEST(name) cmocka_unit_test_setup(name, testbed_clean)

/* A feed becomes unknown; before anybody looks at the sources, its demand is swept because of
 * another rota; then the feed is good again, as the map had always seen it. */
static void
a_source_that_was_only_passed_by_is_looked_at_again(void **state)
{
	(void)state;
	cover_all();
	testbed_settle_then_hint(
	    "update feed set last_good_at = clock_timestamp() - interval '7 hours' where rota = "
	    "'r1'; select shift_put('r2', 'x', 'nobody', null, d(5, '09:00'), d(5, '10:00'))");
	testbed_expect("t", "select count(*) > 0 from span where known_to = 'infinity' and state = "
			    "'unknown'");
	testbed_sql("update feed set last_good_at = clock_timestamp() where rota = 'r1'");
	testbed_settle();
	testbed_expect(
	    "", "select state from span where known_to = 'infinity' and state <> 'covered'");
	testbed_expect_true_map();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(spans_tile_the_hours),
	    TEST(the_hours_of_a_working_week_are_tiled_too),
	    TEST(a_region_is_complete_when_every_demand_is_swept),
	    TEST(a_shift_that_goes_opens_one_gap_and_its_return_closes_it),
	    TEST(a_gap_keeps_its_name_when_edges_and_cause_change),
	    TEST(an_absence_takes_cover_away_wherever_the_person_has_it),
	    TEST(an_unknown_name_is_no_cover),
	    TEST(classes_count_for_what_they_are),
	    TEST(past_its_horizon_a_rota_is_unknown),
	    TEST(a_source_never_read_is_unknown),
	    TEST(the_past_stays_when_a_feed_becomes_unknown),
	    TEST(a_source_that_was_only_passed_by_is_looked_at_again),
	    TEST(a_failing_feed_keeps_its_shifts_until_then),
	    TEST(what_is_no_longer_required_ends_now),
	    TEST(more_people_required_makes_it_short),
	    TEST(versions_and_changes_tell_readers_what_moved),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
