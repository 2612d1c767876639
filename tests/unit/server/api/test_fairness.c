/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/expect.h"

#include "server/base/civil.h"
#include "server/base/clock.h"

/* /v1/rotas/{id}/fairness and /v1/me/shifts, of the record and of memory. How hours and nights are counted is a test
 * of the model. */

static char *jo, *manager, *other, *viewer;

static int
set_up(void **state)
{
	testbed_set_up(state);
	testbed_apply();
	put("/v1/accounts/jo",
	    "{\"kind\": \"person\", \"role\": \"viewer\", \"places\": [\"ZED02\"], \"person\": \"jo-jones\"}");
	put("/v1/accounts/zav-rotas",
	    "{\"kind\": \"person\", \"role\": \"rota_manager\", \"organisation\": \"ZAV\"}");
	put("/v1/people/k-lee?reason=x",
	    "{\"name\": \"K Lee\", \"organisation\": \"ZAV\", \"roles\": [\"amhp\"]}");
	testbed_good("amhp-duty", "now()");
	jo = testbed_token("jo");
	manager = testbed_token("zfc-rotas");
	other = testbed_token("zav-rotas");
	viewer = testbed_token("switch");
	return 0;
}

static int
tear_down(void **state)
{
	free(jo);
	free(manager);
	free(other);
	free(viewer);
	return testbed_tear_down(state);
}

#define FAIRNESS "/v1/rotas/amhp-duty/fairness"

static void
what_was_done_is_shared_out_for_the_rotas_own_managers(void **state)
{
	(void)state;
	/* Weeks ago, where memory does not reach: J Jones for 10 hours, of which S Ahmed took 4 by an override; K Lee 8, away
	 * for 2 of them, which is not theirs to know; something undecided; and J Jones once more before the 13 weeks. */
	testbed_shift("amhp-duty", "a", "named", "jo-jones", -24 * 30, -24 * 30 + 10);
	testbed_shift("amhp-duty", "b", "named", "k-lee", -24 * 40, -24 * 40 + 8);
	testbed_shift("amhp-duty", "c", "undecided", NULL, -24 * 41, -24 * 41 + 8);
	testbed_shift("amhp-duty", "d", "named", "jo-jones", -24 * 100, -24 * 100 + 10);
	testbed_shift("amhp-second", "e", "named", "jo-jones", -24 * 20, -24 * 20 + 10);
	testbed_sql(
	    "with s as (select starts_at from shift where key = 'a') select override_add('amhp-duty', 's-ahmed', 'jo-jones', starts_at, "
	    "starts_at + interval '4 hours', starts_at + interval '4 hours', 'late', true, 'zfc-rotas') from s");
	testbed_sql(
	    "insert into shift (rota, key, class, person, starts_at, ends_at) select 'absence:typed', 'absence:' || key, 'absence', person, "
	    "starts_at, starts_at + interval '2 hours' from shift where key in ('a', 'b')");
	expect(testbed_as(manager, FAIRNESS), 200, "fairness.0.name", "K Lee");
	expect(testbed_as(manager, FAIRNESS), 200, "fairness.0.hours", "8");
	/* His absence lay in the hours that S Ahmed took, so that 6 are left. */
	expect(testbed_as(manager, FAIRNESS), 200, "fairness.1.hours", "6");
	expect(testbed_as(manager, FAIRNESS), 200, "fairness.1.person", "jo-jones");
	expect(testbed_as(manager, FAIRNESS), 200, "fairness.2.hours", "4");
	expect(testbed_as(manager, FAIRNESS), 200, "fairness.2.person", "s-ahmed");
	expect(testbed_as(manager, FAIRNESS), 200, "fairness.3", "(none)");
	/* Theirs alone. */
	expect(testbed_as(other, FAIRNESS), 403, NULL, NULL);
	expect(testbed_as(viewer, FAIRNESS), 403, NULL, NULL);
	expect(testbed_as(jo, FAIRNESS), 403, NULL, NULL);
	expect(testbed_as(manager, "/v1/rotas/liaison-rota/fairness"), 403, NULL, NULL);
	expect(testbed_as(manager, FAIRNESS "?from=2020-01-01T00:00:00Z"), 400, "errors.0.path",
	    "query.from");
}

static void
who_has_done_nothing_is_in_it(void **state)
{
	(void)state;
	expect(testbed_as(manager, FAIRNESS), 200, "fairness.0.hours", "0");
	expect(testbed_as(manager, FAIRNESS), 200, "fairness.1.nights", "0");
	expect(testbed_as(manager, FAIRNESS), 200, "fairness.2", "(none)");
}

static void
ones_own_shifts_are_of_every_rota(void **state)
{
	struct http_reply reply;

	(void)state;
	testbed_shift("amhp-duty", "a", "named", "jo-jones", 24, 36);
	testbed_shift("amhp-duty", "b", "named", "s-ahmed", 36, 48);
	testbed_shift("liaison-rota", "c", "tentative", "jo-jones", 60, 70);
	testbed_shift("amhp-duty", "d", "named", "jo-jones", 90, 100);
	testbed_sql(
	    "select absence_add('jo-jones', now() + interval '89 hours', now() + interval '101 hours', 'zfc-rotas')");
	testbed_moved("absence:typed");
	testbed_until(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/me/shifts", .token = jo},
	    "shifts.2.away", "true");
	reply = testbed_as(jo, "/v1/me/shifts");
	/* Whatever places the account is kept to, and no matter who else is on. */
	assert_string_equal(http_at(&reply, "person"), "jo-jones");
	assert_string_equal(http_at(&reply, "shifts.0.rota"), "amhp-duty");
	assert_string_equal(http_at(&reply, "shifts.0.away"), "false");
	/* In the order of their times, whatever rota they are on. */
	assert_string_equal(http_at(&reply, "shifts.1.rota"), "liaison-rota");
	assert_string_equal(http_at(&reply, "shifts.1.class"), "tentative");
	assert_string_equal(http_at(&reply, "shifts.2.rota"), "amhp-duty");
	assert_string_equal(http_at(&reply, "shifts.3"), "(none)");
	assert_null(strstr(reply.body, "Ahmed"));
	http_free(&reply);
	reply = testbed_as(jo, "/v1/people/jo-jones.ics");
	assert_int_equal(reply.status, 200);
	assert_non_null(strstr(reply.body, "BEGIN:VCALENDAR"));
	http_free(&reply);
	reply = testbed_as(jo, "/v1/me/shifts?format=csv");
	assert_int_equal(reply.status, 200);
	assert_memory_equal(reply.body, "rota,service,class,", 19);
	http_free(&reply);
	expect(testbed_as(viewer, "/v1/me/shifts"), 404, NULL, NULL);
	expect(testbed_as(jo, "/v1/me/shifts?from=2020-01-01T00:00:00Z"), 400, "errors.0.path",
	    "query.from");
	expect(testbed_as(jo, "/v1/me"), 200, "person", "jo-jones");
	expect(testbed_as(viewer, "/v1/me"), 200, "person", "null");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(what_was_done_is_shared_out_for_the_rotas_own_managers),
	    TEST(who_has_done_nothing_is_in_it),
	    TEST(ones_own_shifts_are_of_every_rota),
	};

	return cmocka_run_group_tests_name("fairness", tests, testbed_open, testbed_close);
}
