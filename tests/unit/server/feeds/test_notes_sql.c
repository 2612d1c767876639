/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libpq-fe.h>

#include "tests/unit/server/feeds/testbed.h"

/* The notes on a body or an import when it comes into force. */

/* As testbed_written() with two more things said of the reading, and without shifts of its own. */
#define NOTED(body, reading, fetched, base, ended)                                                 \
	"select feeds_apply('duty', testbed_claim('duty'), " base ", sha256('" body "'), '" body   \
	"', 'with', testbed_reading(0) || '" reading "', " fetched ", null, null, " ended          \
	", '{}', "                                                                                 \
	"'{}', '{}', '{}', '{}', '{}', '{}')"
#define BACK                                                                                       \
	"{\"versions\": \"0a0b\", \"zones\": \"z1\", \"moved\": 0, \"warnings\": [{\"kind\": "     \
	"\"versions\", \"text\": \"back\"}, {\"kind\": \"stamps\", \"text\": \"future\"}]}"
#define NOTHING "{\"versions\": \"0c\", \"zones\": \"z1\", \"moved\": 0, \"warnings\": []}"
#define TOLD                                                                                                   \
	"select coalesce(string_agg(w->>'text', '+'), '-') from feeds_since('-infinity') t left join lateral " \
	"jsonb_array_elements(t.warnings) w on true where t.rota = 'duty'"

static void
tells_what_is_wrong_with_what_is_applied(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed, "grant usage on schema crisiscover to crisiscover_api");
	testbed_have_duty(testbed);
	testbed_expect(testbed, "done", NOTED("two", BACK, "true", "1", "testbed_ids('duty')"));
	testbed_expect(
	    testbed, "\\x0a0b|z1", "select versions, zones from feed where rota = 'duty'");
	testbed_expect(testbed, "back+future", TOLD);
	testbed_expect(testbed, "back+future", "set role crisiscover_api; " TOLD);
	/* A note on a change stays while nothing changes; a note on the stamps is made again. */
	testbed_expect(testbed, "done", NOTED("three", NOTHING, "true", "2", "'{}'"));
	testbed_expect(testbed, "back", TOLD);
	testbed_run(testbed,
	    "select testbed_written('duty', testbed_claim('duty'), (select reading from feed where rota = 'duty'), 'four', true, "
	    "'{}', '{d}', '{2}')");
	testbed_expect(testbed, "done",
	    NOTED("five", NOTHING, "true", "(select reading from feed where rota = 'duty')",
		"testbed_ids('duty')"));
	testbed_expect(testbed, "-", TOLD);
	/* A clock that is wrong is told beside it, and is right again. */
	testbed_run(testbed, "select feeds_clock('duty', testbed_claim('duty'), -720)");
	testbed_expect(
	    testbed, "The clock of the address's server is 12 minutes behind ours.", TOLD);
	testbed_run(testbed, "select feeds_clock('duty', testbed_claim('duty'), null)");
	testbed_expect(testbed, "-", TOLD);
}

static void
tells_of_an_import_what_is_told_of_a_feed(void **state)
{
	struct testbed *testbed = *state;

	testbed_have_duty(testbed);
	testbed_run(testbed,
	    "update feed set versions = '\\x01', warnings = '[{\"kind\": \"versions\", \"text\": "
	    "\"old\"}]' where rota = 'duty'; select feeds_held('duty', testbed_claim('duty'), "
	    "1, "
	    "sha256('less'), 'less', 'with', testbed_reading(0) || '" BACK "', 'It shrinks.', "
	    "'{\"counts\": {}, \"changes\": []}', testbed_ids('duty'), '{}', '{}', '{}', '{}', "
	    "'{}', "
	    "'{}', '{}')");
	/* Not yet in force: the feed is told nothing new. */
	testbed_expect(testbed, "old|\\x01|\\x0a0b|2",
	    "select (" TOLD
	    "), f.versions, i.versions, jsonb_array_length(i.warnings) from feed f, "
	    "import i where f.rota = 'duty'");
	testbed_run(testbed, "select import_apply(1, 'manager', 'it is so')");
	testbed_expect(testbed, "back+future|\\x0a0b",
	    "select (" TOLD "), f.versions from feed f where f.rota = 'duty'");
	testbed_run(testbed, "select import_undo(1, 'manager', 'it is not')");
	testbed_expect(testbed, "old|\\x01|a b",
	    "select (" TOLD
	    "), f.versions, testbed_keys('duty') from feed f where f.rota = 'duty'");
}

/* When the tz database changes every rota is read again; what that moved is told, and never
 * deleted. */
static void
tells_what_other_time_zones_changed(void **state)
{
	struct testbed *testbed = *state;

	testbed_have_duty(testbed);
	testbed_expect(testbed, "done", NOTED("one", NOTHING, "false", "1", "'{}'"));
	testbed_expect(testbed, "0", "select count(*) from feed_event where fault ~ 'time zones'");
	testbed_expect(testbed, "done",
	    NOTED("one", "{\"zones\": \"z2\", \"moved\": 2, \"warnings\": []}", "false",
		"(select reading from feed where rota = 'duty')", "testbed_ids('duty')"));
	testbed_expect(testbed, "good|t|t",
	    "select state, fault ~ 'rules of time zones on this machine have changed', "
	    "fault ~ '2 shifts are at other times' from feed_event order by id desc limit 1");
	testbed_expect(testbed, "t", "select (" TOLD ") ~ '2 shifts are at other times'");
	/* One that moves nothing leaves its trace and no warning. */
	testbed_run(testbed, "update feed set warnings = '[]'");
	testbed_expect(testbed, "done",
	    NOTED("one", "{\"zones\": \"z3\", \"moved\": 0, \"warnings\": []}", "false",
		"(select reading from feed where rota = 'duty')", "'{}'"));
	testbed_expect(testbed, "2|-",
	    "select count(*), (" TOLD ") from feed_event where fault ~ 'time zones'");
}

static void
tells_how_far_an_upload_is(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed, "select testbed_send('edt', 'ask', 'file')");
	testbed_expect(testbed, "|", "select step, events_read from import");
	testbed_run(testbed, "select import_step(1, 'reading', null)");
	testbed_run(testbed, "select import_step(1, 'comparing', 12)");
	testbed_expect(testbed, "comparing|12", "select step, events_read from import");
	testbed_run(testbed,
	    "select testbed_preview(1, null, true, '{}', '{a}', '{1}'); select import_step(1, 'reading', null)");
	testbed_expect(
	    testbed, "comparing|12|preview", "select step, events_read, state from import");
}

#define TEST(name) cmocka_unit_test_setup(name, testbed_begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(tells_what_is_wrong_with_what_is_applied),
	    TEST(tells_of_an_import_what_is_told_of_a_feed),
	    TEST(tells_what_other_time_zones_changed),
	    TEST(tells_how_far_an_upload_is),
	};

	return cmocka_run_group_tests(tests, testbed_setup, testbed_teardown);
}
