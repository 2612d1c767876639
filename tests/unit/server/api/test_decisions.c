/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/expect.h"

/* Decisions about the titles of a rota, as its managers see them. The reading by decisions is the
 * feeds role's part, and is not tested here. */

static char *manager, *switchboard, *reviewer;

#define PATH "/v1/rotas/amhp-duty/decisions"

static int
set_up(void **state)
{
	testbed_set_up(state);
	testbed_apply();
	testbed_good("amhp-duty", "now()");
	manager = testbed_token("zfc-rotas");
	switchboard = testbed_token("switch");
	reviewer = testbed_token("reviewer");
	return 0;
}

static int
tear_down(void **state)
{
	free(manager);
	free(switchboard);
	free(reviewer);
	return testbed_tear_down(state);
}

static struct http_reply
ask(const char *token, const char *method, const char *path, const char *body)
{
	return http(&(struct http_ask){
	    .port = testbed_port(), .method = method, .path = path, .token = token, .body = body});
}

/* A shift of the rota whose title nobody understands. */
static void
undecided(const char *key, const char *title, double from_hours)
{
	testbed_shift("amhp-duty", key, "undecided", NULL, from_hours, from_hours + 8);
	testbed_sql("begin; set local session_replication_role = replica; update shift set title = "
		    "'%s' where key = '%s'; commit",
	    title, key);
	testbed_moved("amhp-duty");
}

static void
lists_what_is_left_to_decide(void **state)
{
	const struct http_ask open = {.port = testbed_port(), .path = PATH, .token = manager};

	(void)state;
	undecided("a", "AMHP - Zed", 1);
	undecided("b", "AMHP - Zed", 30);
	undecided("c", "Jonez", 60);
	undecided("d", "Over", -20);
	testbed_until(&open, "undecided_titles", "2");
	testbed_until(&open, "undecided.0.title", "AMHP - Zed");
	testbed_until(&open, "undecided.0.count", "2");
	testbed_until(&open, "undecided.0.candidates", "[]");
	testbed_until(&open, "undecided.1.title", "Jonez");
	testbed_until(&open, "undecided.1.candidates.0.id", "jo-jones");
	expect(ask(manager, "POST", PATH, "{\"title\": \"Jonez\", \"reads\": \"undecided\"}"), 201,
	    "reads", "undecided");
	testbed_until(&open, "undecided_titles", "1");
	testbed_until(&open, "may_change", "true");
	expect(testbed_as(reviewer, PATH), 200, "may_change", "false");
}

static void
keeps_words_as_they_are_shown(void **state)
{
	(void)state;
	expect(ask(manager, "POST", PATH,
		   "{\"title\": \"Zed 07700 900123\", \"reads\": \"named\", \"person\": "
		   "\"jo-jones\"}"),
	    201, "title", "Zed");
	expect(ask(manager, "POST", PATH,
		   "{\"title\": \"Zed \\u2013 off sick\", \"reads\": \"absence\", \"person\": "
		   "\"jo-jones\"}"),
	    201, "title", "Zed - unavailable");
	expect(testbed_as(manager, PATH), 200, "decisions.1.title", "Zed");
	expect(testbed_as(manager, PATH), 200, "decisions.1.by", "zfc-rotas");
	expect(testbed_as(manager, PATH), 200, "decisions.1.name", "J Jones");
	expect(testbed_as(manager, PATH), 200, "decisions.1.stands", "true");
	expect(testbed_as(manager, PATH), 200, "decisions.2", "(none)");
}

static void
decides_zones_and_dates(void **state)
{
	(void)state;
	expect(
	    ask(manager, "POST", PATH, "{\"zone\": \" Fen Time \", \"means\": \"Europe/London\"}"),
	    201, "zone", "Fen Time");
	expect(ask(manager, "POST", PATH, "{\"date_order\": \"dmy\"}"), 201, "reads", "dmy");
	expect(testbed_as(manager, PATH), 200, "decisions.1.kind", "zone");
	expect(testbed_as(manager, PATH), 200, "decisions.1.means", "Europe/London");
	expect(testbed_as(manager, PATH), 200, "decisions.0.date_order", "dmy");
	expect(
	    ask(manager, "POST", PATH, "{\"zone\": \"Fen Time\", \"means\": \"Europe/Fenmere\"}"),
	    400, "errors.0.path", "$.means");
	expect(ask(manager, "POST", PATH, "{\"zone\": \"Fen Time\"}"), 400, "errors.0.path",
	    "$.means");
	expect(ask(manager, "POST", PATH, "{\"date_order\": \"ymd\"}"), 400, "errors.0.path",
	    "$.date_order");
	expect(ask(manager, "POST", PATH, "{\"date_order\": \"dmy\", \"person\": \"jo-jones\"}"),
	    400, "errors.0.path", "$.person");
	expect(ask(manager, "POST", PATH,
		   "{\"alias\": \"JJ\", \"person\": \"jo-jones\", \"means\": \"x\"}"),
	    400, "errors.0.path", "$.means");
}

/* Several at once: all or none. */
static void
decides_several_at_once(void **state)
{
	(void)state;
	expect(ask(manager, "POST", PATH,
		   "{\"decisions\": [{\"title\": \"Zed\", \"reads\": \"nobody\"}, {\"alias\": "
		   "\"Zeddy\", \"person\": \"jo-jones\"}]}"),
	    201, "decisions.1.alias", "Zeddy");
	expect(ask(manager, "POST", PATH,
		   "{\"decisions\": [{\"title\": \"Why\", \"reads\": \"nobody\"}, {\"title\": "
		   "\"TBC\", \"reads\": \"named\", \"person\": \"jo-jones\"}]}"),
	    400, "errors.0.path", "$.decisions[1].reads");
	expect(ask(manager, "POST", PATH,
		   "{\"decisions\": [{\"title\": \"Why\", \"reads\": \"nobody\"}, {\"title\": "
		   "\"why\", \"reads\": \"noise\"}]}"),
	    400, "errors.0.path", "$.decisions[1]");
	expect(
	    ask(manager, "POST", PATH, "{\"decisions\": []}"), 400, "errors.0.path", "$.decisions");
	expect(ask(manager, "POST", PATH, "{\"decisions\": [7]}"), 400, "errors.0.path",
	    "$.decisions[0]");
	expect(ask(manager, "POST", PATH, "{\"decisions\": [{\"titel\": \"x\"}]}"), 400,
	    "errors.0.path", "$.decisions[0]");
	expect(ask(manager, "POST", PATH,
		   "{\"title\": \"x\", \"decisions\": [{\"date_order\": \"dmy\"}]}"),
	    400, "errors.0.path", "$");
	expect(testbed_as(manager, PATH), 200, "decisions.2", "(none)");
	expect(testbed_as(manager, PATH), 200, "decisions.1.title", "Zed");
}

static void
refuses_an_account_without_the_right(void **state)
{
	static const char jj[] = "{\"alias\": \"JJ\", \"person\": \"jo-jones\"}";

	(void)state;
	expect(ask(switchboard, "POST", PATH, jj), 403, NULL, NULL);
	expect(ask(reviewer, "POST", PATH, jj), 403, NULL, NULL);
	expect(testbed_as(switchboard, PATH), 403, NULL, NULL);
	expect(ask(switchboard, "DELETE", PATH "/1", NULL), 403, NULL, NULL);
	/* A rota of another organisation. */
	expect(ask(manager, "POST", "/v1/rotas/liaison-rota/decisions", jj), 403, NULL, NULL);
	expect(ask(manager, "DELETE", "/v1/rotas/liaison-rota/decisions/1", NULL), 403, NULL, NULL);
	expect(ask(manager, "POST", "/v1/rotas/none/decisions", jj), 404, NULL, NULL);
	expect(ask(manager, "POST", PATH "?x=1", jj), 400, "errors.0.path", "query");
	expect(ask(manager, "POST", PATH, "[]"), 400, "errors.0.path", "$");
	expect(ask(manager, "POST", PATH, "{\"alias\": \"JJ\"}"), 400, "errors.0.path", "$.person");
	expect(ask(manager, "DELETE", PATH "/x", NULL), 404, NULL, NULL);
	expect(ask(manager, "DELETE", PATH "/1", NULL), 404, NULL, NULL);
	/* The person has left since the api looked. */
	testbed_sql("update person set retired_at = now() where id = 'jo-jones'");
	expect(ask(manager, "POST", PATH, jj), 409, NULL, NULL);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(lists_what_is_left_to_decide),
	    TEST(keeps_words_as_they_are_shown),
	    TEST(decides_zones_and_dates),
	    TEST(decides_several_at_once),
	    TEST(refuses_an_account_without_the_right),
	};

	return cmocka_run_group_tests_name("decisions", tests, testbed_open, testbed_close);
}
