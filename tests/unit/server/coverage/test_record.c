/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/server/coverage/testbed.h"

/* The tables themselves refuse these to every login: the record is only added to, and nothing
 * counts as cover that names nobody. */

static int
with_a_map(void **state)
{
	testbed_clean(state);
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(2, '09:00')); "
		    "insert into audit (actor, action, object) values ('rita', 'looked', 'P1'); "
		    "insert into feed_event (rota, state) values ('r1', 'good')");
	testbed_settle();
	return 0;
}

static void
expect_refused_as(const char *login, const char *why, const char *sql)
{
	char *output;

	assert_int_equal(scratch_psql_try(testbed_postgres(), login, sql, &output), 3);
	if (strstr(output, why) == NULL)
		fail_msg("\"%s\" is not in: %s", why, output);
	free(output);
}

static void
expect_refused(const char *why, const char *sql)
{
	expect_refused_as("postgres", why, sql);
}

/* holds: H13.3 */
static void
the_record_is_only_ever_added_to(void **state)
{
	static const char *const tables[] = {
	    "shift", "span", "region", "reading", "gap_event", "feed_event", "audit"};

	(void)state;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		char sql[200];

		snprintf(sql, sizeof sql, "truncate %s cascade", tables[i]);
		expect_refused("the record is only ever added to", sql);
	}
	expect_refused("delete on shift: the record is only ever added to", "delete from shift");
	expect_refused("delete on span: the record", "delete from span");
	expect_refused("delete on region: the record", "delete from region");
	expect_refused("delete on gap_event: the record", "delete from gap_event");
	expect_refused("delete on feed_event: the record", "delete from feed_event");
	expect_refused("delete on audit: the record", "delete from audit");
	expect_refused("update on audit: the record", "update audit set actor = 'somebody else'");
	expect_refused(
	    "update on region: the record", "update region set applied_by = 'somebody else'");
	expect_refused("delete on setup_item: the record", "delete from setup_item");
	expect_refused("update on setup_item: the record", "update setup_item set item = '{}'");
	expect_refused("update on gap_event: the record", "update gap_event set at = now()");
	expect_refused("update on feed_event: the record", "update feed_event set state = 'held'");
}

static void
a_row_may_only_be_superseded_and_only_once(void **state)
{
	(void)state;
	expect_refused("update on shift: the record", "update shift set person = 'bob'");
	expect_refused("update on shift: the record",
	    "update shift set person = 'bob', known_to = clock_timestamp()");
	expect_refused("update on span: the record", "update span set state = 'unknown'");
	testbed_sql("update shift set known_to = clock_timestamp()");
	expect_refused("update on shift: the record", "update shift set known_to = 'infinity'");
	expect_refused(
	    "update on shift: the record", "update shift set known_to = clock_timestamp()");
}

#define SPAN(state, present, shifts)                                                               \
	"insert into span (requirement, place, starts_at, ends_at, state, cause, present, "        \
	"required, shifts, version, known_from) "                                                  \
	"values ('Q1', 'P1', d(900, '00:00'), d(901, '00:00'), '" state "', 'none', " present      \
	", 1, '" shifts "', 1, now())"

/* holds: H16.4 */
static void
covered_rests_on_shifts(void **state)
{
	(void)state;
	expect_refused("violates check constraint", SPAN("covered", "1", "{}"));
	expect_refused("violates check constraint", SPAN("covered", "0", "{1}"));
	expect_refused("violates check constraint", SPAN("gap", "1", "{1}"));
	expect_refused("violates check constraint", SPAN("not_commissioned", "0", "{}"));
	testbed_sql(SPAN("covered", "1", "{1}"));
}

#define SHIFT(class, person, team)                                                                 \
	"insert into shift (rota, key, class, person, team, starts_at, ends_at) "                  \
	"values ('r1', 'z', '" class "', " person ", " team ", d(1, '00:00'), d(2, '00:00'))"

/* holds: H16.4 */
static void
what_counts_as_a_persons_cover_names_a_person(void **state)
{
	(void)state;
	expect_refused("violates check constraint", SHIFT("named", "null", "null"));
	expect_refused("violates check constraint", SHIFT("absence", "null", "null"));
	expect_refused("violates check constraint", SHIFT("team", "null", "null"));
	expect_refused("violates check constraint", SHIFT("cover", "'ann'", "null"));
	expect_refused(
	    "violates foreign key constraint", SHIFT("named", "'nobody-we-know'", "null"));
	testbed_sql(SHIFT("named", "'ann'", "null"));
	expect_refused("shift_in_force", SHIFT("named", "'bob'", "null"));
}

/* holds: H13.1 */
static void
the_role_can_do_what_it_must_and_nothing_else(void **state)
{
	static const char *const forbidden[] = {
	    "insert into shift (rota, key, class, starts_at, ends_at) values ('r1', 'q', 'nobody', "
	    "now(), now() + interval '1 hour')",
	    "update span set known_to = now()",
	    "update gap set told = false",
	    "insert into dirty (rota) values ('r1')",
	    "delete from dirty",
	    "update demand set version = 0",
	    "update map_head set version = 0",
	    "select box from feed_address",
	    "select item from setup_item",
	    "select head from region",
	    "select bytes from body",
	    "select * from token",
	    "select flag_add('opened', null, 'P1', 'amhp', 'Q1', 'gap', now(), now(), 'high', "
	    "'silent')",
	};

	(void)state;
	for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
		expect_refused_as("crisiscover_coverage", "permission denied", forbidden[i]);
	testbed_expect(
	    "0", "select count(*) from region_whole where document::text like '%%rotas.example%%'");
}

#define TEST(name) cmocka_unit_test_setup(name, with_a_map)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_record_is_only_ever_added_to),
	    TEST(a_row_may_only_be_superseded_and_only_once),
	    TEST(covered_rests_on_shifts),
	    TEST(what_counts_as_a_persons_cover_names_a_person),
	    TEST(the_role_can_do_what_it_must_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
