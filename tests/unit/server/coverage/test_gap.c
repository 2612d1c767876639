/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/server/coverage/testbed.h"

/* The life of a gap after it was opened, and a commit that comes too late. */

/* Ann on r1 always, but for one hole that runs until tomorrow night, and one in five days. */
static int
with_two_gaps(void **state)
{
	testbed_clean(state);
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(-1, '09:00')), "
		    "shift_put('r1', 'b', 'named', 'ann', d(1, '23:00'), d(5, '09:00')), "
		    "shift_put('r1', 'c', 'named', 'ann', d(5, '17:00'), d(403, '00:00'))");
	testbed_settle();
	testbed_expect("critical normal",
	    "select string_agg(severity, ' ' order by starts_at) from gap where closed_at is null");
	return 0;
}

static void
expect_flags(const char *kinds)
{
	testbed_expect(
	    kinds, "select coalesce(string_agg(kind, ' ' order by epoch, seq), '') from flag");
}

/* Runs ${sql} as ${login}: psql's exit code, and that its output holds ${wanted}. */
static void
expect_as(const char *login, int code, const char *wanted, const char *sql)
{
	char *output;

	assert_int_equal(scratch_psql_try(testbed_postgres(), login, sql, &output), code);
	if (strstr(output, wanted) == NULL)
		fail_msg("%s is not in: %s", wanted, output);
	free(output);
}

static void
an_acknowledgement_is_written_once_and_told(void **state)
{
	(void)state;
	testbed_sql("delete from map_change");
	expect_as("crisiscover_api", 0, "t",
	    "select gap_acknowledge((select id from gap where severity = 'critical'), 'rita', "
	    "'ringing round')");
	expect_as("crisiscover_api", 0, "f",
	    "select gap_acknowledge((select id from gap where severity = 'critical'), 'sam', 'me too')");
	testbed_expect("rita ringing round t",
	    "select concat_ws(' ', acknowledged_by, note, remind_at is null) from gap where acknowledged_at is not null");
	expect_flags("opened opened acknowledged");
	testbed_expect("1", "select count(*) from gap_event where step = 'acknowledged'");
	testbed_expect("Q1 P1",
	    "select requirement || ' ' || place from map_change where version = "
	    "(select version from map_head)");
	testbed_expect("1", "select count(*) from audit where actor = 'rita' and action = "
			    "'gap_acknowledged' and object = "
			    "(select 'gap/' || id from gap where acknowledged_at is not null)");
	/* It stays acknowledged through a change of its edges, and is not reminded of. */
	testbed_sql("select shift_put('r1', 'b', 'named', 'ann', d(1, '22:00'), d(5, '09:00'))");
	testbed_settle();
	testbed_expect("rita t",
	    "select concat_ws(' ', acknowledged_by, remind_at is null) from gap where severity = 'critical'");
}

/* Who approved leave with a gap answers for it: told as any gap, and acknowledged as it opens; once, so that what a
 * person does about it afterwards stays. */
static void
a_gap_that_was_expected_is_acknowledged_as_it_opens(void **state)
{
	(void)state;
	testbed_sql(
	    "insert into gap_expected (requirement, place, starts_at, ends_at, who, reason, made_for) values "
	    "('Q1', 'P1', d(3, '09:00'), d(3, '17:00'), 'rita', 'nobody is free', 'leave/1'), "
	    "('Q1', 'P1', d(8, '09:00'), d(8, '17:00'), 'rita', 'another time', 'leave/2')");
	testbed_sql("select shift_put('r1', 'b', 'named', 'ann', d(1, '23:00'), d(3, '09:00')), "
		    "shift_put('r1', 'e', 'named', 'ann', d(3, '17:00'), d(5, '09:00'))");
	testbed_settle();
	testbed_expect("rita nobody is free t",
	    "select concat_ws(' ', acknowledged_by, note, starts_at = d(3, '09:00')) from gap where acknowledged_at is not null");
	expect_flags("opened opened opened acknowledged");
	testbed_expect("rita gap_acknowledged",
	    "select actor || ' ' || action from audit where action = 'gap_acknowledged'");
	/* Taken back: it is not acknowledged for her once more, whatever moves. */
	testbed_sql(
	    "select gap_take_back(array(select id from gap where acknowledged_at is not null), 'rita', 'found out')");
	testbed_sql("select shift_put('r1', 'e', 'named', 'ann', d(3, '18:00'), d(5, '09:00'))");
	testbed_settle();
	testbed_expect("0", "select count(*) from gap where acknowledged_at is not null");
	/* Of leave that was taken back no gap is expected. */
	testbed_sql("update gap_expected set ended_at = clock_timestamp()");
	testbed_sql("select shift_put('r1', 'c', 'named', 'ann', d(5, '17:00'), d(8, '09:00')), "
		    "shift_put('r1', 'f', 'named', 'ann', d(8, '17:00'), d(403, '00:00'))");
	testbed_settle();
	testbed_expect("1 0",
	    "select count(*) || ' ' || count(acknowledged_at) from gap where starts_at = d(8, '09:00') and closed_at is null");
}

static int
let_api_look(void **state)
{
	with_two_gaps(state);
	testbed_sql("grant select on gap to crisiscover_api");
	return 0;
}

static void
an_acknowledgement_of_nothing_is_refused_with_a_sentence(void **state)
{
	(void)state;
	expect_as("crisiscover_api", 3, "There is no gap 00000000-0000-0000-0000-000000000000.",
	    "select gap_acknowledge('00000000-0000-0000-0000-000000000000', 'rita', '')");
	testbed_sql("select shift_put('r1', 'x', 'named', 'bob', d(5, '08:00'), d(5, '18:00'))");
	testbed_settle();
	expect_as("crisiscover_api", 3, "This gap was closed at",
	    "select gap_acknowledge((select id from gap where closed_at is not null), 'rita', '')");
	expect_as("crisiscover_coverage", 3, "permission denied",
	    "select gap_acknowledge('00000000-0000-0000-0000-000000000000', 'rita', '')");
	expect_flags("opened opened closed");
}

static void
a_critical_gap_is_told_again_every_five_minutes(void **state)
{
	(void)state;
	testbed_expect(
	    "00:05:00", "select remind_at - opened_at from gap where severity = 'critical'");
	testbed_expect("t", "select remind_at is null from gap where severity = 'normal'");
	testbed_sql(
	    "update gap set remind_at = clock_timestamp() - interval '1 second' where severity = 'critical'");
	testbed_settle();
	expect_flags("opened opened reminder");
	testbed_expect("t",
	    "select remind_at between clock_timestamp() + interval '4 minutes' and clock_timestamp() + interval '5 minutes' from gap where severity = 'critical'");
	testbed_expect("t",
	    "select payload::jsonb->>'gap' = (select id::text from gap where severity = 'critical') from flag where kind = 'reminder'");
	testbed_settle();
	expect_flags("opened opened reminder");
	/* Edges that move do not put the next one off. */
	testbed_sql("update gap set remind_at = d(1, '00:00') where severity = 'critical'; "
		    "select shift_put('r1', 'b', 'named', 'ann', d(1, '22:00'), d(5, '09:00'))");
	testbed_settle();
	testbed_expect(
	    "t", "select remind_at = d(1, '00:00') from gap where severity = 'critical'");
	/* A gap that has closed is never told again. */
	testbed_sql("select shift_put('r1', 'x', 'named', 'bob', d(-2, '00:00'), d(2, '00:00'))");
	testbed_settle();
	testbed_expect("t", "select bool_and(remind_at is null) from gap");
}

static void
a_high_gap_is_told_again_every_day(void **state)
{
	(void)state;
	testbed_sql(
	    "update feed set last_good_at = clock_timestamp() - interval '7 hours' where rota = 'r1'");
	testbed_settle();
	testbed_expect("1 day", "select distinct remind_at - changed_at from gap where state = "
				"'unknown' and severity = 'high' and closed_at is null");
}

static void
a_gap_shorter_than_the_tolerance_is_kept_and_not_told(void **state)
{
	(void)state;
	testbed_apply_region(
	    ",{\"id\":\"T\",\"place\":\"P1\",\"function\":\"amhp\",\"count\":1,"
	    "\"tolerance_minutes\":600,"
	    "\"hours\":[{\"days\":[\"all\"],\"from\":\"00:00\",\"to\":\"24:00\"}]}",
	    1, false);
	testbed_settle();
	testbed_expect("f t",
	    "select concat_ws(' ', told, remind_at is null) from gap where requirement = 'T' and starts_at = d(5, '09:00')");
	testbed_expect("0",
	    "select count(*) from flag f join gap g on g.id = f.gap where g.requirement = 'T' and not g.told");
}

static void
a_check_of_a_true_map_finds_nothing(void **state)
{
	(void)state;
	testbed_check_all();
	testbed_expect("1 0", "select concat_ws(' ', checked, mismatched) from self_check");
}

static void
a_check_finds_a_span_that_somebody_has_put_in(void **state)
{
	(void)state;
	/* A false "covered" over the gap in five days, as a hand in the tables might leave it. */
	testbed_sql(
	    "update span set known_to = clock_timestamp() where known_to = 'infinity' and starts_at = d(5, '09:00'); "
	    "insert into span (requirement, place, starts_at, ends_at, state, cause, present, required, shifts, version, "
	    "known_from) values ('Q1', 'P1', d(5, '09:00'), d(5, '17:00'), 'covered', 'none', 1, 1, '{1}', 0, clock_timestamp())");
	testbed_check_all();
	testbed_expect("1 1", "select concat_ws(' ', checked, mismatched) from self_check");
	testbed_expect("gap",
	    "select state from span where known_to = 'infinity' and starts_at = d(5, '09:00')");
	testbed_check_all();
	testbed_expect("2 1", "select concat_ws(' ', checked, mismatched) from self_check");
	testbed_expect_true_map();
}

static void
a_check_finds_overlaps_and_holes(void **state)
{
	(void)state;
	testbed_sql(
	    "update span set known_to = clock_timestamp() where known_to = 'infinity' and starts_at = d(5, '17:00'); "
	    "insert into span (requirement, place, starts_at, ends_at, state, cause, present, required, shifts, version, "
	    "known_from) values ('Q1', 'P1', d(2, '03:00'), d(3, '09:00'), 'gap', 'silent', 0, 1, '{}', 0, clock_timestamp())");
	testbed_check_all();
	testbed_expect("1 1", "select concat_ws(' ', checked, mismatched) from self_check");
	testbed_expect("0",
	    "select count(*) from (select starts_at, lag(ends_at) over (order by starts_at) as before from span where known_to = 'infinity') x where before <> starts_at");
	testbed_expect_true_map();
}

/* coverage_commit for Q1 at P1 with nothing to write. */
#define COMMIT(check, region, version)                                                             \
	"select outcome from coverage_commit(clock_timestamp(), 21600, " check ", " region         \
	", d(401, '00:00'), array[('Q1', 'P1', 'amhp', " version                                   \
	", d(1, '00:00'))::commit_demand], '{}', '{}', '{}', '{\"(r1,1)\"}', '{}')"
#define REGION "(select max(version) from region)"
#define VERSION "(select version from demand where requirement = 'Q1')"

static void
a_commit_that_comes_too_late_is_refused_and_writes_nothing(void **state)
{
	char *before, *version;

	(void)state;
	testbed_sql("alter sequence dirty_mark restart; select shifts_changed('{r1}')");
	before = testbed_ask("select version from map_head");
	version = testbed_ask(VERSION);
	testbed_expect("stale", COMMIT("false", REGION, VERSION " - 1"));
	testbed_expect("stale", COMMIT("false", REGION " - 1", VERSION));
	testbed_expect("busy", COMMIT("true", REGION, VERSION));
	testbed_expect("1", "select count(*) from dirty");
	testbed_expect(before, "select version from map_head");
	testbed_expect(version, VERSION);
	testbed_expect("written", COMMIT("false", REGION, VERSION));
	testbed_expect("0", "select count(*) from dirty");
	free(before);
	free(version);
}

static void
a_mark_that_has_grown_is_not_cleared(void **state)
{
	(void)state;
	testbed_sql("alter sequence dirty_mark restart; select shifts_changed('{r1}')");
	testbed_expect("r1 1", "select rota || ' ' || n from dirty");
	testbed_sql("select shifts_changed('{r1}')");
	testbed_expect("written", COMMIT("false", REGION, VERSION));
	testbed_expect("r1 true", "select rota || ' ' || (n > 1) from dirty");
}

#define TEST(name) cmocka_unit_test_setup(name, with_two_gaps)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(an_acknowledgement_is_written_once_and_told, let_api_look),
	    cmocka_unit_test_setup(
		an_acknowledgement_of_nothing_is_refused_with_a_sentence, let_api_look),
	    TEST(a_gap_that_was_expected_is_acknowledged_as_it_opens),
	    TEST(a_critical_gap_is_told_again_every_five_minutes),
	    TEST(a_high_gap_is_told_again_every_day),
	    TEST(a_gap_shorter_than_the_tolerance_is_kept_and_not_told),
	    TEST(a_check_of_a_true_map_finds_nothing),
	    TEST(a_check_finds_a_span_that_somebody_has_put_in),
	    TEST(a_check_finds_overlaps_and_holes),
	    TEST(a_commit_that_comes_too_late_is_refused_and_writes_nothing),
	    TEST(a_mark_that_has_grown_is_not_cleared),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
