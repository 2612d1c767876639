/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/expect.h"

#include "server/base/civil.h"
#include "server/base/clock.h"
#include "server/base/zone.h"

/* /closed/{id}?key=…: a service says by its own link that it is closed tonight. */

static char *manager, *path, *id;

static void
make_link(void)
{
	struct http_reply reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "POST",
	    .path = "/v1/links",
	    .token = manager,
	    .body = "{\"of\": {\"closing_of\": \"fenmere-amhp\"}, \"note\": \"The desk\"}"});

	if (reply.status != 201)
		fail_msg("%d %s", reply.status, reply.body);
	path = strdup(http_at(&reply, "path"));
	id = strdup(http_at(&reply, "id"));
	http_free(&reply);
	testbed_until_status(&(struct http_ask){.port = testbed_port(), .path = path}, 200);
}

static int
set_up(void **state)
{
	testbed_set_up(state);
	testbed_apply();
	testbed_good("amhp-duty", "now()");
	testbed_shift("amhp-duty", "a", "named", "jo-jones", -2, 30);
	manager = testbed_token("zfc-rotas");
	make_link();
	return 0;
}

static int
tear_down(void **state)
{
	free(manager);
	free(path);
	free(id);
	return testbed_tear_down(state);
}

static struct http_reply
say(const char *form)
{
	return http(&(struct http_ask){.port = testbed_port(),
	    .method = "POST",
	    .path = path,
	    .type = "application/x-www-form-urlencoded",
	    .body = form});
}

static void
expect_page(const char *words)
{
	struct http_reply reply = http(&(struct http_ask){.port = testbed_port(), .path = path});

	if (reply.status != 200 || strstr(reply.body, words) == NULL)
		fail_msg("%d, without \"%s\":\n%s", reply.status, words, reply.body);
	http_free(&reply);
}

static void
expect_said(struct http_reply reply, int status, const char *words)
{
	if (reply.status != status || (words != NULL && strstr(reply.body, words) == NULL))
		fail_msg("%d, not %d with \"%s\"\n%s", reply.status, status, words ? words : "",
		    reply.body);
	http_free(&reply);
}

/* "until=HH:MM" of ${hours} from now by the clocks of London. */
static const char *
in_hours(int hours)
{
	static char form[64];
	struct zonedb *zones;
	struct civil at;

	assert_int_equal(zonedb_open("/usr/share/zoneinfo", &zones), STATUS_OK);
	at = civil_of(
	    zone_local(zonedb_find(zones, "Europe/London"), clock_wall() + (int64_t)hours * 3600));
	zonedb_free(zones);
	snprintf(form, sizeof form, "say=closed&until=%02d%%3A%02d", at.hour, at.minute);
	return form;
}

static void
to_open_it_changes_nothing_and_to_send_it_does(void **state)
{
	char *where;
	struct http_reply reply;

	(void)state;
	expect_page("Nothing says that you are closed");
	expect_page("the rota managers of Fenmere");
	expect_page("everybody who looks at St Oswin");
	expect_sql("select count(*) from override", "0");
	reply = say(in_hours(2));
	where = http_header(&reply, "Location");
	assert_int_equal(reply.status, 303);
	assert_string_equal(where, path);
	free(where);
	http_free(&reply);
	/* All rotas of the service have nobody, on the link's word. */
	expect_sql(
	    "select string_agg(rota || ' ' || nobody || ' ' || (made_by like 'link/%') || ' ' || (expires_at between now() + "
	    "interval '110 minutes' and now() + interval '121 minutes'), ', ' order by rota) from override",
	    "amhp-duty true true true, amhp-second true true true");
	expect_sql(
	    "select object from audit where action = 'closing_said'", "service/fenmere-amhp");
	testbed_moved("amhp-duty");
	testbed_moved("amhp-second");
	testbed_until(&(struct http_ask){.port = testbed_port(),
			  .path = "/v1/now?place=ZED01&function=amhp",
			  .token = testbed_admin()},
	    "functions.0.state", "gap");
	expect_page("Closed until");
	/* Another hour takes the place of the first; it can be taken back, once. */
	expect_said(say(in_hours(3)), 303, NULL);
	expect_sql(
	    "select count(*) filter (where withdrawn_at is null) || ' of ' || count(*) from override",
	    "2 of 4");
	expect_said(say("say=open"), 303, NULL);
	expect_sql("select count(*) from override where withdrawn_at is null", "0");
	expect_page("Nothing says that you are closed");
}

static void
what_it_cannot_say(void **state)
{
	char other[200];

	(void)state;
	expect_said(say("say=closed&until=25%3A00"), 400, "must be a time such as 23:00");
	expect_said(say("say=maybe"), 400, "cannot be read");
	expect_said(say("{"), 400, "cannot be read");
	/* It is the link of one service and of nothing else, and no bearer token. */
	snprintf(other, sizeof other, "/closed/oswin-liaison%s", strchr(path, '?'));
	expect_said(http(&(struct http_ask){.port = testbed_port(), .path = other}), 404, NULL);
	snprintf(other, sizeof other, "/v1/services/fenmere-amhp.ics%s", strchr(path, '?'));
	expect_said(http(&(struct http_ask){.port = testbed_port(), .path = other}), 404, NULL);
	expect_said(http(&(struct http_ask){
			.port = testbed_port(), .path = "/closed/fenmere-amhp", .token = manager}),
	    404, NULL);
	/* Whom a person put on by hand is not taken off, and not named. */
	testbed_sql(
	    "select override_add('amhp-second', 's-ahmed', null, now(), now() + interval '1 hour', now() + interval '1 hour', "
	    "'x', false, 'zfc-rotas')");
	expect_said(say(in_hours(2)), 409, "put on this service by hand");
	expect_sql("select count(*) from override", "1");
}

static void
it_says_so_ten_times_a_day_and_ends_when_it_is_revoked(void **state)
{
	char revoke[80];

	(void)state;
	for (int i = 0; i < 10; i++)
		expect_said(say(in_hours(2)), 303, NULL);
	expect_said(say(in_hours(2)), 409, "ten times within a day");
	snprintf(revoke, sizeof revoke, "/v1/links/%s", id);
	expect_said(
	    http(&(struct http_ask){
		.port = testbed_port(), .method = "DELETE", .path = revoke, .token = manager}),
	    204, NULL);
	testbed_until_status(&(struct http_ask){.port = testbed_port(), .path = path}, 404);
	expect_said(say("say=open"), 404, NULL);
	/* What it said stands until its hour, or until its rota manager withdraws it. */
	expect_sql("select count(*) from override where withdrawn_at is null", "2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		to_open_it_changes_nothing_and_to_send_it_does, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_it_cannot_say, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		it_says_so_ten_times_a_day_and_ends_when_it_is_revoked, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("closed", tests, testbed_open, testbed_close);
}
