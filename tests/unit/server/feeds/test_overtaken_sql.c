/* SPDX-License-Identifier: MIT */
/*
 * A file that comes with a region file takes the place of what it was compared with, and of nothing
 * that a person has put in force, or taken back, while it was on its way.
 */
#include <stdio.h>
#include <string.h>

#include <libpq-fe.h>

#include "tests/unit/server/feeds/testbed.h"

#define ADD_OVER(text, over)                                                                       \
	"select import_add_over('edt', 'apply', 'text/calendar', 'now', sha256('" text             \
	"'), '" text "', " over ")"

/* Import ${id} has been read, as a process that claimed it says: one shift, ${key}. */
#define READ(id, base, key)                                                                        \
	"update import set claim = 7 where id = " id ";"                                           \
	"select import_preview(" id ", 7, " base ", 'with', testbed_reading(1), true, null, "      \
	"'{\"counts\": {}, \"changes\": []}', testbed_ids('edt'), '{" key "}', '{named}', "        \
	"'{jo-jones}', '{null}', '{null}', array[now() + interval '1 day'], array[now() + "        \
	"interval '2 days'])"

static int
begin(void **state)
{
	struct testbed *testbed = *state;

	testbed_empty(testbed);
	testbed_apply(testbed, "[{\"id\": \"edt\", \"service\": \"fenmere-amhp\", \"tier\": 2, "
			       "\"source\": {\"kind\": \"file\"}}]");
	testbed_expect(testbed, "1", ADD_OVER("one", "null"));
	testbed_expect(testbed, "applied", READ("1", "null", "a"));
	/* A person's file waits to be confirmed: it came before the region file's next one. */
	testbed_run(testbed, "select testbed_send('edt', 'ask', 'hers')");
	testbed_expect(testbed, "done", READ("2", "1", "b"));
	testbed_expect(testbed, "3", ADD_OVER("two", "sha256('one')"));
	return 0;
}

static void
takes_the_place_of_what_it_was_compared_with(void **state)
{
	struct testbed *testbed = *state;

	testbed_expect(testbed, "applied", READ("3", "1", "c"));
	testbed_expect(testbed, "c", "select testbed_keys('edt')");
}

static void
leaves_what_was_confirmed_meanwhile(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed, "select import_apply(2, 'ann', null)");
	/* Whichever reading it was compared with. */
	testbed_expect(
	    testbed, "overtaken", READ("3", "(select reading from feed where rota = 'edt')", "c"));
	testbed_expect(testbed, "b|refused|t",
	    "select testbed_keys('edt'), state, why like '%%changed while the file was on its way%%' from import where id = 3");
	testbed_expect(testbed, "applied", "select state from import where id = 2");
}

static void
leaves_what_was_taken_back_meanwhile(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed, "select import_undo(1, 'ann', 'wrong month')");
	testbed_expect(
	    testbed, "overtaken", READ("3", "(select reading from feed where rota = 'edt')", "c"));
	testbed_expect(testbed, "-", "select testbed_keys('edt')");
}

static void
the_same_bytes_are_no_conflict(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed, "select testbed_send('edt', 'ask', 'two')");
	testbed_expect(testbed, "done", READ("4", "1", "d"));
	testbed_run(testbed, "select import_apply(4, 'ann', null)");
	testbed_expect(
	    testbed, "applied", READ("3", "(select reading from feed where rota = 'edt')", "c"));
}

/* What is being confirmed while the file is sent is waited for, and the file is not taken. */
static void
waits_for_what_is_being_confirmed(void **state)
{
	struct testbed *testbed = *state;
	PGconn *person = PQconnectdb(scratch_postgres_conninfo(testbed->pg));
	PGconn *sender = PQconnectdb(scratch_postgres_conninfo(testbed->pg));
	PGresult *answer;

	answer = PQexec(
	    person, "set search_path = crisiscover; begin; select import_apply(2, 'ann', null)");
	assert_int_equal(PQresultStatus(answer), PGRES_TUPLES_OK);
	PQclear(answer);
	PQclear(PQexec(sender, "set search_path = crisiscover"));
	assert_int_equal(PQsendQuery(sender, ADD_OVER("three", "sha256('one')")), 1);
	testbed_until(testbed, "1",
	    "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like "
	    "'%%import_add_over%%'");
	PQclear(PQexec(person, "commit"));
	answer = PQgetResult(sender);
	assert_int_equal(PQresultStatus(answer), PGRES_FATAL_ERROR);
	assert_non_null(strstr(PQresultErrorMessage(answer), "has changed since this file"));
	PQclear(answer);
	PQfinish(sender);
	PQfinish(person);
	testbed_expect(testbed, "3", "select max(id) from import");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, begin)
	const struct CMUnitTest tests[] = {
	    TEST(takes_the_place_of_what_it_was_compared_with),
	    TEST(leaves_what_was_confirmed_meanwhile),
	    TEST(leaves_what_was_taken_back_meanwhile),
	    TEST(the_same_bytes_are_no_conflict),
	    TEST(waits_for_what_is_being_confirmed),
	};

	return cmocka_run_group_tests(tests, testbed_setup, testbed_teardown);
}
