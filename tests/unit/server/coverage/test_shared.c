/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/server/coverage/testbed.h"

/* People in several places, and places that end: that the map moves when, and only when, it must. */

/* Three councils, each with a service and a rota of its own. At P1 and P3 nobody counts who is on
 * in more than two; P2 does not mind. P1 becomes P4 in five days. */
static void
apply(void)
{
	char *day = testbed_ask("select (d(5, '00:00') at time zone 'Europe/London')::date");

	testbed_sql(
	    "select apply_region(replace(replace($r${'crisiscover':1,'organisations':[{'code':'ZFC','name':'F','kind':'local_authority'}],'functions':[{'code':'amhp','name':'AMHP'},{'code':'other','name':'Other'}],'places':[{'code':'P1','name':'West','kind':'council_area','until':'DAY','successors':['P4']},{'code':'P2','name':'East','kind':'council_area'},{'code':'P3','name':'North','kind':'council_area'},{'code':'P4','name':'New West','kind':'council_area','from':'DAY'}],'people':[{'id':'ann','name':'Ann','organisation':'ZFC','roles':['amhp','other']},{'id':'bob','name':'Bob','organisation':'ZFC','roles':['amhp','other']}],'services':[{'id':'S1','name':'S','function':'amhp','organisation':'ZFC','places':['P1','P4']},{'id':'S2','name':'S','function':'amhp','organisation':'ZFC','places':['P2']},{'id':'S3','name':'S','function':'amhp','organisation':'ZFC','places':['P3']},{'id':'S4','name':'S','function':'other','organisation':'ZFC','places':['P3']}],'rotas':[{'id':'r1','service':'S1','source':{'kind':'typed'}},{'id':'r2','service':'S2','source':{'kind':'typed'}},{'id':'r3','service':'S3','source':{'kind':'typed'}},{'id':'r4','service':'S4','source':{'kind':'typed'}}],'requirements':[{'id':'Q1','place':'P1','function':'amhp','count':1,'max_share':2,'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},{'id':'Q2','place':'P2','function':'amhp','count':1,'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},{'id':'Q3','place':'P3','function':'amhp','count':1,'max_share':2,'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},{'id':'Q4','place':'P4','function':'amhp','count':1,'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}]}$r$, '''', '\"'), 'DAY', '%s'))",
	    day);
	free(day);
	testbed_settle();
}

/* The state of ${requirement} at that time of the day after tomorrow. */
static void
expect_state(const char *requirement, const char *at, const char *wanted)
{
	testbed_expect(wanted,
	    "select state || ' ' || cause from span where requirement = '%s' and known_to = "
	    "'infinity' and starts_at <= d(2, '%s') and ends_at > d(2, '%s')",
	    requirement, at, at);
}

static char *
version_of(const char *requirement)
{
	return testbed_ask("select version from demand where requirement = '%s'", requirement);
}

static void
a_shift_on_another_rota_takes_a_shared_person_out(void **state)
{
	char *q2;

	(void)state;
	apply();
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(2, '08:00'), d(2, '20:00')), "
		    "shift_put('r2', 'a', 'named', 'ann', d(2, '08:00'), d(2, '20:00'))");
	testbed_settle();
	expect_state("Q1", "12:00", "covered none");
	expect_state("Q2", "12:00", "covered none");
	q2 = version_of("Q2");

	testbed_sql("select shift_put('r3', 'a', 'named', 'ann', d(2, '10:00'), d(2, '14:00'))");
	testbed_settle();
	expect_state("Q1", "09:00", "covered none");
	expect_state("Q1", "12:00", "gap shared_too_widely");
	expect_state("Q1", "15:00", "covered none");
	expect_state("Q3", "12:00", "gap shared_too_widely");
	expect_state("Q2", "12:00", "covered none");
	testbed_expect(q2, "select version from demand where requirement = 'Q2'");
	testbed_expect("t",
	    "select exists (select from flag where kind = 'opened' and payload::jsonb->>'cause' = 'shared_too_widely' and payload::jsonb->>'requirement' = 'Q1')");
	testbed_expect_true_map();
	free(q2);
	q2 = version_of("Q2");

	/* It moves, it goes, it comes back as a word that is no name. */
	testbed_sql("select shift_put('r3', 'a', 'named', 'ann', d(2, '16:00'), d(2, '18:00'))");
	testbed_settle();
	expect_state("Q1", "12:00", "covered none");
	expect_state("Q1", "17:00", "gap shared_too_widely");
	testbed_sql("select shift_put('r3', 'a', 'named', 'bob', d(2, '16:00'), d(2, '18:00'))");
	testbed_settle();
	expect_state("Q1", "17:00", "covered none");
	testbed_sql("select shift_put('r3', 'b', 'named', 'ann', d(2, '10:00'), d(2, '14:00'))");
	testbed_settle();
	expect_state("Q1", "12:00", "gap shared_too_widely");
	testbed_sql(
	    "select shift_put('r3', 'b', 'tentative', 'ann', d(2, '10:00'), d(2, '14:00'))");
	testbed_settle();
	expect_state("Q1", "12:00", "covered none");
	testbed_sql("select shift_put('r3', 'b', 'named', 'ann', d(2, '10:00'), d(2, '14:00'))");
	testbed_settle();
	testbed_sql("select shift_end('r3', 'b')");
	testbed_settle();
	expect_state("Q1", "12:00", "covered none");
	testbed_expect(q2, "select version from demand where requirement = 'Q2'");
	testbed_expect_true_map();
	free(q2);
}

/* A stand-in elsewhere by an override is there; the person who is replaced there is not. */
static void
an_override_on_another_rota_is_where_somebody_is(void **state)
{
	(void)state;
	apply();
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(2, '08:00'), d(2, '20:00')), "
		    "shift_put('r2', 'a', 'named', 'ann', d(2, '08:00'), d(2, '20:00')), "
		    "shift_put('r3', 'a', 'named', 'bob', d(2, '08:00'), d(2, '20:00'))");
	testbed_settle();
	expect_state("Q1", "12:00", "covered none");
	testbed_sql("select override_add('r3', 'ann', 'bob', d(2, '10:00'), d(2, '14:00'), null, "
		    "null, false, 'manager')");
	testbed_settle();
	expect_state("Q1", "09:00", "covered none");
	expect_state("Q1", "12:00", "gap shared_too_widely");
	expect_state("Q3", "12:00", "gap shared_too_widely");
	expect_state("Q1", "15:00", "covered none");
	testbed_expect_true_map();

	/* The other way round: taken off in the East, she is in two places again. */
	testbed_sql("select override_add('r2', 'bob', 'ann', d(2, '11:00'), d(2, '13:00'), null, "
		    "null, false, 'manager')");
	testbed_settle();
	expect_state("Q1", "10:30", "gap shared_too_widely");
	expect_state("Q1", "12:00", "covered none");
	expect_state("Q1", "13:30", "gap shared_too_widely");
	testbed_expect_true_map();
	testbed_sql("select override_withdraw(2, false, 'manager')");
	testbed_settle();
	expect_state("Q1", "12:00", "gap shared_too_widely");
	testbed_expect_true_map();
	testbed_check_all();
	testbed_expect("0", "select mismatched from self_check");
}

static void
another_function_is_another_matter(void **state)
{
	char *q1;

	(void)state;
	apply();
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(2, '08:00'), d(2, '20:00')), "
		    "shift_put('r2', 'a', 'named', 'ann', d(2, '08:00'), d(2, '20:00'))");
	testbed_settle();
	q1 = version_of("Q1");
	testbed_sql("select shift_put('r4', 'a', 'named', 'ann', d(2, '10:00'), d(2, '14:00'))");
	testbed_settle();
	expect_state("Q1", "12:00", "covered none");
	testbed_expect(q1, "select version from demand where requirement = 'Q1'");
	free(q1);
}

/* The end of a place is no gap, and its successor's first day is not its predecessor's cover. */
static void
a_place_ends_at_midnight_and_its_successor_begins(void **state)
{
	(void)state;
	apply();
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(4, '12:00'), d(5, '12:00'))");
	testbed_settle();
	testbed_expect("d5 covered",
	    "select case ends_at when d(5, '00:00') then 'd5' end || ' ' || state from span where requirement = 'Q1' and known_to = 'infinity' order by starts_at "
	    "desc limit 1");
	testbed_expect("d5 covered",
	    "select case starts_at when d(5, '00:00') then 'd5' end || ' ' || state from span where requirement = 'Q4' and known_to = 'infinity' order by "
	    "starts_at limit 1");
	testbed_expect(
	    "0", "select count(*) from gap where requirement = 'Q1' and ends_at > d(5, '00:00')");
	testbed_expect(
	    "0", "select count(*) from gap where requirement = 'Q4' and starts_at < d(5, '00:00')");
	testbed_expect_true_map();
	testbed_check_all();
	testbed_expect("0", "select mismatched from self_check");
}

#define HOLIDAY_REGION                                                                             \
	"select apply_region(replace(replace($r${'crisiscover':1,'bank_holidays':%s,"              \
	"'organisations':[{'code':'ZFC','name':'F','kind':'local_authority'}],"                    \
	"'functions':[{'code':'amhp','name':'AMHP'}],"                                             \
	"'places':[{'code':'P1','name':'West','kind':'council_area'}],"                            \
	"'requirements':[{'id':'Q1','place':'P1','function':'amhp','count':1,"                     \
	"'hours':[{'days':['mon','tue','wed','thu','fri','sat','sun'],'from':'09:00',"             \
	"'to':'17:00'}]}]}$r$, '''', '\"'), 'DAY', '%s'))"

/* A holiday that is proclaimed moves the map as soon as it is applied, and what was known before is
 * kept. */
static void
an_applied_holiday_moves_the_map_at_once(void **state)
{
	char *day = testbed_ask("select (d(60, '00:00') at time zone 'Europe/London')::date"),
	     *before;

	(void)state;
	testbed_sql(HOLIDAY_REGION, "'england-and-wales'", day);
	testbed_settle();
	testbed_expect("gap",
	    "select state from span where requirement = 'Q1' and known_to = 'infinity' and starts_at = d(60, '09:00')");
	before = testbed_ask("select clock_timestamp()");
	testbed_sql(HOLIDAY_REGION,
	    "{'set':'england-and-wales','add':[{'date':'DAY','name':'Jubilee'}]}", day);
	testbed_settle();
	testbed_expect("0",
	    "select count(*) from span where requirement = 'Q1' and known_to = 'infinity' and starts_at = d(60, '09:00')");
	testbed_expect("1",
	    "select count(*) from span where requirement = 'Q1' and starts_at = d(60, "
	    "'09:00') and known_from <= '%s' and known_to > '%s'",
	    before, before);
	free(before);
	free(day);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, testbed_clean)
	const struct CMUnitTest tests[] = {
	    TEST(a_shift_on_another_rota_takes_a_shared_person_out),
	    TEST(an_override_on_another_rota_is_where_somebody_is),
	    TEST(another_function_is_another_matter),
	    TEST(a_place_ends_at_midnight_and_its_successor_begins),
	    TEST(an_applied_holiday_moves_the_map_at_once),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
