/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

#include <poll.h>

/* Calendars for others: who may open them and by what, what an event says and what it never says, and what
 * becomes of a shift that changes or goes. */

#define ROTA "/v1/rotas/amhp-duty.ics"

static char *manager, *board;

static int
apply_and_sign_in(void **state)
{
	testbed_set_up(state);
	testbed_apply();
	testbed_good("amhp-duty", "now()");
	testbed_shift("amhp-duty", "a", "named", "jo-jones", -2, 5);
	testbed_shift("amhp-duty", "b", "named", "s-ahmed", 5, 12);
	manager = testbed_token("zfc-rotas");
	board = testbed_token("board");
	testbed_until(&(struct http_ask){.port = testbed_port(),
			  .path = "/v1/shifts?rota=amhp-duty",
			  .token = testbed_admin()},
	    "shifts.1.name", "S Ahmed");
	return 0;
}

static int
leave(void **state)
{
	free(manager);
	free(board);
	return testbed_tear_down(state);
}

static struct http_reply
get(const char *path, const char *token, const char *headers)
{
	return http(&(struct http_ask){
	    .port = testbed_port(), .path = path, .token = token, .headers = headers});
}

static void
expect_status(const char *path, const char *token, int status)
{
	struct http_reply reply = get(path, token, NULL);

	if (reply.status != status)
		fail_msg("%s: %d and not %d: %s", path, reply.status, status, reply.body);
	http_free(&reply);
}

/* The path of a new link to ${of}; free it. ${more}: members of the request, or "". */
static char *
link_to(const char *of, const char *more)
{
	char body[256];
	struct http_reply reply;
	char *path;

	snprintf(body, sizeof body, "{\"of\":%s%s}", of, more);
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "POST",
	    .path = "/v1/links",
	    .token = manager,
	    .body = body});
	if (reply.status != 201)
		fail_msg("%s: %d %s", body, reply.status, reply.body);
	path = strdup(http_at(&reply, "path"));
	http_free(&reply);
	return path;
}

/* The calendar at ${path}, unfolded; free it. */
static char *
calendar(const char *path, const char *token)
{
	struct http_reply reply = get(path, token, NULL);
	char *text, *to;

	if (reply.status != 200)
		fail_msg("%s: %d %s", path, reply.status, reply.body);
	text = to = strdup(reply.body);
	for (const char *at = reply.body; *at != '\0';)
		if (strncmp(at, "\r\n ", 3) == 0)
			at += 3;
		else
			*to++ = *at++;
	*to = '\0';
	http_free(&reply);
	return text;
}

/* Asks until the calendar has ${words}; free it. */
static char *
calendar_with(const char *path, const char *token, const char *words)
{
	char *text = NULL;

	/* A minute, on a busy machine. */
	for (int i = 0; i < 600; i++) {
		free(text);
		text = calendar(path, token);
		if (strstr(text, words) != NULL)
			return text;
		poll(NULL, 0, 100);
	}
	fail_msg("%s has no \"%s\": %s", path, words, text);
	return NULL;
}

/* The value of ${name} in the event of ${text} that has ${mark}; -1: there is none. */
static long long
number_of(const char *text, const char *mark, const char *name)
{
	const char *at = strstr(text, mark), *begin = NULL, *found;

	if (at == NULL)
		return -1;
	for (const char *event = strstr(text, "BEGIN:VEVENT"); event != NULL && event < at;
	     event = strstr(event + 1, "BEGIN:VEVENT"))
		begin = event;
	assert_non_null(begin);
	found = strstr(begin, name);
	assert_non_null(found);
	return atoll(found + strlen(name));
}

static size_t
count(const char *text, const char *words)
{
	size_t n = 0;

	for (; (text = strstr(text, words)) != NULL; text++)
		n++;
	return n;
}

/* -------------------------------------------------------------------------------- who opens */

static void
a_link_opens_its_own_thing_and_no_other(void **state)
{
	char *rota = link_to("{\"rota\":\"amhp-duty\"}", "");
	char *service = link_to("{\"service\":\"fenmere-amhp\"}", "");
	char *person = link_to("{\"person\":\"jo-jones\"}", "");
	char *gaps = link_to("{\"gaps_of_place\":\"ZED01\"}", "");
	const char *paths[] = {ROTA, "/v1/rotas/amhp-second.ics", "/v1/services/fenmere-amhp.ics",
	    "/v1/people/jo-jones.ics", "/v1/people/s-ahmed.ics"};
	char *links[] = {rota, service, person, gaps};
	char path[256];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		const char *key = strstr(links[i], "key=");

		expect_status(links[i], NULL, 200);
		for (size_t j = 0; j < sizeof paths / sizeof *paths; j++) {
			snprintf(path, sizeof path, "%s?%s", paths[j], key);
			if (strncmp(path, links[i], strlen(path)) != 0)
				expect_status(path, NULL, 404);
		}
		snprintf(path, sizeof path, "/v1/gaps.ics?place=X06000001&%s", key);
		expect_status(path, NULL, 404);
		/* No other call takes it. */
		snprintf(path, sizeof path, "/v1/shifts?rota=amhp-duty&%s", key);
		expect_status(path, NULL, 401);
		snprintf(path, sizeof path, "%s0", links[i]);
		expect_status(path, NULL, 404);
		/* A key that is none does not fall back to the account beside it. */
		expect_status(path, testbed_admin(), 404);
		free(links[i]);
	}
	expect_status(ROTA, NULL, 401);
	expect_status(ROTA "?names=1", board, 403);
	expect_status(ROTA, board, 200);
	expect_status("/v1/people/jo-jones.ics", board, 404);
	expect_status("/v1/rotas/leave-fenmere.ics", testbed_admin(), 404);
	expect_status("/v1/rotas/none.ics", testbed_admin(), 404);
}

/* It ends when it is revoked, when it expires, and with the duty of the account that made it. */
static void
a_link_ends(void **state)
{
	char *revoked = link_to("{\"rota\":\"amhp-duty\"}", "");
	char *expired = link_to("{\"rota\":\"amhp-duty\"}", "");
	char *orphan = link_to("{\"rota\":\"amhp-duty\"}", "");
	char path[64];
	struct http_reply reply;

	(void)state;
	snprintf(path, sizeof path, "/v1/links/%.12s", strstr(revoked, "cl_") + 3);
	reply = http(&(struct http_ask){
	    .port = testbed_port(), .method = "DELETE", .path = path, .token = manager});
	assert_int_equal(reply.status, 204);
	http_free(&reply);
	expect_status(revoked, NULL, 404);
	testbed_sql("update token set expires_at = now() - interval '1 second' where id = '%.12s';"
		    "update account_head set version = version + 1; notify accounts_changed",
	    strstr(expired, "cl_") + 3);
	testbed_until_status(&(struct http_ask){.port = testbed_port(), .path = expired}, 404);
	expect_status(orphan, NULL, 200);
	testbed_sql("update account set role = 'viewer' where name = 'zfc-rotas';"
		    "update account_head set version = version + 1; notify accounts_changed");
	testbed_until_status(&(struct http_ask){.port = testbed_port(), .path = orphan}, 404);
	free(revoked);
	free(expired);
	free(orphan);
}

/* Under its former code and under the new one, and it is listed under the new one. */
static void
a_link_goes_on_when_its_thing_has_another_code(void **state)
{
	static const char was[] = "\"amhp-duty\"",
			  is[] = "\"amhp-east\", \"renamed_from\": \"amhp-duty\"";
	char *link = link_to("{\"rota\":\"amhp-duty\"}", ""), path[256];
	const char *region = testbed_region(), *at = strstr(region, was);
	struct http_reply reply;
	char *renamed = NULL;

	(void)state;
	assert_non_null(at);
	assert_true(asprintf(&renamed, "%.*s%s%s", (int)(at - region), region, is,
			at + sizeof was - 1) > 0);
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "PUT",
	    .path = TESTBED_REGION,
	    .token = testbed_admin(),
	    .body = renamed});
	if (reply.status != 200)
		fail_msg("%d %s", reply.status, reply.body);
	http_free(&reply);
	free(renamed);
	snprintf(path, sizeof path, "/v1/rotas/amhp-east.ics?%s", strstr(link, "key="));
	testbed_until_status(&(struct http_ask){.port = testbed_port(), .path = path}, 200);
	expect_status(link, NULL, 200);
	reply = get("/v1/links", manager, NULL);
	assert_string_equal(http_at(&reply, "links.0.of.rota"), "amhp-east");
	http_free(&reply);
	free(link);
}

/* ------------------------------------------------------------------------------------ names */

static void
protect(const char *person)
{
	char path[64], header[64], *etag;
	struct http_reply reply;

	snprintf(path, sizeof path, "/v1/people/%s", person);
	reply = get(path, testbed_admin(), NULL);
	etag = http_header(&reply, "etag");
	snprintf(header, sizeof header, "If-Match: %s\r\n", etag);
	free(etag);
	http_free(&reply);
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "PATCH",
	    .path = path,
	    .token = testbed_admin(),
	    .headers = header,
	    .type = "application/merge-patch+json",
	    .body = "{\"protected\":true}"});
	if (reply.status != 200)
		fail_msg("%d %s", reply.status, reply.body);
	http_free(&reply);
}

static void
nobody_is_named_unless_the_owner_says_so(void **state)
{
	char *plain = link_to("{\"rota\":\"amhp-duty\"}", "");
	char *named = link_to("{\"rota\":\"amhp-duty\"}", ",\"names\":true");
	char *text = calendar(plain, NULL), sql[256];

	(void)state;
	assert_non_null(strstr(text, "SUMMARY:On call\r\n"));
	assert_non_null(strstr(text, "+441632960456"));
	assert_null(strstr(text, "Jones"));
	assert_null(strstr(text, "Ahmed"));
	assert_null(strstr(text, "jo-jones"));
	free(text);
	text = calendar(named, NULL);
	assert_non_null(strstr(text, "SUMMARY:J Jones\r\n"));
	assert_non_null(strstr(text, "SUMMARY:S Ahmed\r\n"));
	free(text);
	text = calendar(ROTA, manager);
	assert_null(strstr(text, "Jones"));
	free(text);
	text = calendar(ROTA "?names=1", manager);
	assert_non_null(strstr(text, "SUMMARY:J Jones\r\n"));
	free(text);
	text = calendar("/v1/people/jo-jones.ics", manager);
	assert_non_null(strstr(text, "SUMMARY:On call: Fenmere AMHP duty\r\n"));
	assert_int_equal(count(text, "BEGIN:VEVENT"), 1);
	assert_null(strstr(text, "Jones"));
	free(text);
	/* A protected person not even then: the team's number instead. */
	protect("jo-jones");
	text = calendar_with(named, NULL, "SUMMARY:On call\r\n");
	assert_null(strstr(text, "Jones"));
	assert_non_null(strstr(text, "SUMMARY:S Ahmed\r\n"));
	free(text);
	/* The link itself looked. */
	snprintf(sql, sizeof sql,
	    "select count(*) > 0 from audit where action = 'read' and actor = 'link/%.12s' and detail->>'route' = '/v1/rotas/{id}.ics'",
	    strstr(named, "cl_") + 3);
	testbed_stop();
	testbed_start();
	scratch_psql_until(testbed_postgres(), sql, "t", 20);
	/* And the key is written nowhere: not in the audit, not in the state directory. */
	snprintf(sql, sizeof sql, "select count(*) from audit a where a::text like '%%%s%%'",
	    strstr(named, "cl_") + 16);
	scratch_psql_until(testbed_postgres(), sql, "0", 20);
	snprintf(sql, sizeof sql, "grep -rq '%s' %s", strstr(named, "cl_") + 16, testbed_folder());
	assert_int_not_equal(system(sql), 0);
	free(plain);
	free(named);
}

/* -------------------------------------------------------------------------------- never covered */

static void
an_event_that_says_on_call_counts_on_the_map(void **state)
{
	static const char *const states[][2] = {
	    {"tentative", "TBC - not known who is on call"},
	    {"undecided", "TBC - not known who is on call"},
	    {"unreadable", "TBC - not known who is on call"},
	    {"nobody", "NO COVER"},
	};
	char *text;

	(void)state;
	testbed_sql("delete from dirty");
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		testbed_sql(
		    "update shift set known_to = clock_timestamp() where known_to = 'infinity'");
		testbed_shift("amhp-duty", "c", states[i][0], "", 1, 9);
		text = calendar_with(ROTA "?names=1", manager, states[i][1]);
		assert_null(strstr(text, "SUMMARY:On call"));
		assert_null(strstr(text, "Jones"));
		free(text);
	}
	/* Without the role: P Lee is no AMHP. */
	testbed_sql("update shift set known_to = clock_timestamp() where known_to = 'infinity'");
	testbed_shift("amhp-duty", "d", "named", "p-lee", 1, 9);
	text = calendar_with(ROTA "?names=1", manager, "TBC - who is named does not count");
	assert_null(strstr(text, "P Lee"));
	free(text);
	/* Away for a part of it. */
	testbed_sql("update shift set known_to = clock_timestamp() where known_to = 'infinity'");
	testbed_shift("amhp-duty", "e", "named", "jo-jones", 1, 9);
	text = calendar_with(ROTA "?names=1", manager, "SUMMARY:J Jones\r\n");
	free(text);
	testbed_shift("leave-fenmere", "f", "absence", "jo-jones", 3, 5);
	text = calendar_with(ROTA "?names=1", manager, "SUMMARY:NO COVER\r\n");
	assert_int_equal(count(text, "SUMMARY:J Jones\r\n"), 2);
	assert_null(strstr(text, "away"));
	free(text);
	/* A source that could not be checked for hours. */
	testbed_good("amhp-duty", "now() - interval '7 hours'");
	testbed_moved("amhp-duty");
	text = calendar_with(ROTA "?names=1", manager, "could not be checked for hours");
	assert_null(strstr(text, "SUMMARY:J Jones"));
	free(text);
}

/* ------------------------------------------------------------------------------------ changes */

/* The UID of the event with ${mark}, in ${out}. */
static void
uid_of(const char *text, const char *mark, char out[80])
{
	const char *at = strstr(text, mark), *uid = NULL;

	assert_non_null(at);
	for (const char *found = strstr(text, "\r\nUID:"); found != NULL && found < at;
	     found = strstr(found + 1, "\r\nUID:"))
		uid = found + 2;
	assert_non_null(uid);
	snprintf(out, 80, "%.*s", (int)strcspn(uid, "@"), uid);
}

/* By another version of its entry, and by an override and its end; the UID stays. The calendar is not read by the
 * second: the versions are a second apart. */
static void
a_shift_keeps_its_uid_and_its_sequence_grows(void **state)
{
	char *text = calendar(ROTA "?names=1", manager), uid[80], other[80];
	long long before = number_of(text, "SUMMARY:S Ahmed", "SEQUENCE:"), after;

	(void)state;
	uid_of(text, "SUMMARY:S Ahmed", uid);
	free(text);
	testbed_sql(
	    "update shift set known_to = clock_timestamp() where known_to = 'infinity' and key = 'b';"
	    "insert into shift (rota, key, class, person, title, starts_at, ends_at, known_from) select rota, key, class, person, title, "
	    "starts_at, ends_at + interval '1 hour', clock_timestamp() + interval '2 seconds' from shift where key = 'b'");
	testbed_moved("amhp-duty");
	after = before;
	for (int i = 0; i < 600 && after == before; i++) {
		poll(NULL, 0, 100);
		text = calendar(ROTA "?names=1", manager);
		after = number_of(text, "SUMMARY:S Ahmed", "SEQUENCE:");
		uid_of(text, "SUMMARY:S Ahmed", other);
		free(text);
	}
	assert_true(after > before);
	assert_string_equal(uid, other);
	/* An override that takes the middle: two pieces, the first with the UID. Its end: one again. */
	before = after;
	testbed_sql(
	    "select override_add('amhp-duty', 'jo-jones', 's-ahmed', now() + interval '6 hours', now() + interval '7 hours', "
	    "now() + interval '7 hours', 'note', false, 'zfc-rotas')");
	testbed_moved("amhp-duty");
	text = calendar_with(ROTA "?names=1", manager, "Decided in place of");
	assert_int_equal(count(text, "SUMMARY:S Ahmed\r\n"), 2);
	assert_int_equal(count(text, uid), 2);
	uid_of(text, "SUMMARY:S Ahmed", other);
	assert_string_equal(uid, other);
	assert_true(number_of(text, "SUMMARY:S Ahmed", "SEQUENCE:") >= before);
	free(text);
}

/* What its source drops, and what an override takes whole, is cancelled for those who have it. */
static void
a_shift_that_goes_is_cancelled(void **state)
{
	char *text = calendar(ROTA "?names=1", manager), uid[80], other[80];
	char *person = calendar("/v1/people/s-ahmed.ics", manager);

	(void)state;
	uid_of(text, "SUMMARY:S Ahmed", uid);
	assert_null(strstr(text, "CANCELLED"));
	assert_null(strstr(person, "CANCELLED"));
	free(text);
	free(person);
	testbed_sql(
	    "select override_add('amhp-duty', 'jo-jones', 's-ahmed', now() + interval '4 hours', now() + interval '13 hours', "
	    "now() + interval '13 hours', 'note', false, 'zfc-rotas')");
	testbed_moved("amhp-duty");
	text = calendar_with(ROTA "?names=1", manager, "STATUS:CANCELLED");
	uid_of(text, "SUMMARY:Cancelled", other);
	assert_string_equal(uid, other);
	assert_null(strstr(text, "S Ahmed"));
	free(text);
	person = calendar_with("/v1/people/s-ahmed.ics", manager, "STATUS:CANCELLED");
	free(person);
	testbed_sql(
	    "update shift set known_to = clock_timestamp() where known_to = 'infinity' and override is not null;"
	    "update shift set known_to = clock_timestamp() where known_to = 'infinity' and key = 'b'");
	testbed_moved("amhp-duty");
	text = calendar_with(ROTA "?names=1", manager, uid);
	assert_non_null(strstr(text, "SUMMARY:Cancelled"));
	free(text);
	/* The same entry with another person: theirs, and no longer hers. */
	testbed_shift("amhp-duty", "b", "named", "jo-jones", 5, 12);
	text = calendar_with(ROTA "?names=1", manager, "SUMMARY:J Jones\r\n");
	free(text);
	person = calendar_with("/v1/people/jo-jones.ics", manager, uid);
	assert_memory_equal(strstr(strstr(person, uid), "STATUS:"), "STATUS:CONFIRMED", 16);
	free(person);
	person = calendar_with("/v1/people/s-ahmed.ics", manager, uid);
	assert_memory_equal(strstr(strstr(person, uid), "STATUS:"), "STATUS:CANCELLED", 16);
	free(person);
}

static void
an_unchanged_calendar_costs_a_304(void **state)
{
	struct http_reply reply, again = {0};
	char *etag = NULL, header[128];

	(void)state;
	/* A quarter of an hour may end between the two. */
	for (int i = 0; i < 2 && again.status != 304; i++) {
		http_free(&again);
		free(etag);
		reply = get(ROTA, manager, NULL);
		etag = http_header(&reply, "etag");
		assert_non_null(etag);
		snprintf(header, sizeof header, "If-None-Match: %s\r\n", etag);
		again = get(ROTA, manager, header);
		http_free(&reply);
	}
	assert_int_equal(again.status, 304);
	http_free(&again);
	free(etag);
}

/* By the link too, whose row is in memory; and after a start without the database. */
static void
without_the_database_it_says_as_of_when_it_is(void **state)
{
	char *link = link_to("{\"rota\":\"amhp-duty\"}", ",\"names\":true");
	char *text = calendar(link, NULL), uid[80];

	(void)state;
	assert_non_null(strstr(text, "(as of "));
	assert_null(strstr(text, "not up to date"));
	uid_of(text, "SUMMARY:S Ahmed", uid);
	free(text);
	/* What has gone is in the file as well. */
	testbed_shift("amhp-duty", "c", "named", "jo-jones", 20, 22);
	free(calendar_with(link, NULL, "SUMMARY:J Jones\r\n"));
	testbed_sql(
	    "update shift set known_to = clock_timestamp() where known_to = 'infinity' and key = 'c'");
	testbed_moved("amhp-duty");
	free(calendar_with(link, NULL, "STATUS:CANCELLED"));
	testbed_stop(); /* it writes its file */
	scratch_postgres_halt(testbed_postgres());
	testbed_start();
	text = calendar_with(link, NULL, "not up to date");
	assert_non_null(strstr(text, "SUMMARY:S Ahmed\r\n"));
	assert_non_null(strstr(text, uid));
	assert_non_null(strstr(text, "This is a copy"));
	assert_non_null(strstr(text, "STATUS:CANCELLED"));
	free(text);
	scratch_postgres_resume(testbed_postgres());
	free(link);
}

/* Of a gap nobody is named who has acknowledged it. A rota's calendar has the gaps of its service. */
static void
gaps_are_events_of_their_own(void **state)
{
	char *link = link_to("{\"gaps_of_place\":\"X06000001\"}", ""), *text;

	(void)state;
	testbed_sql(
	    "insert into gap (id, requirement, place, function, starts_at, ends_at, state, cause, present, required, severity, opened_at, told, "
	    "acknowledged_by, acknowledged_at) "
	    "values ('11111111-1111-4111-8111-111111111111', 'R01', 'ZED01', 'amhp', now() + interval '12 hours', now() + interval '20 hours', "
	    "'gap', 'nobody_on_rota', 0, 1, 'high', now(), true, 'zfc-rotas', now()), "
	    "('22222222-1111-4111-8111-111111111111', 'R01', 'ZED01', 'amhp', now() + interval '20 hours', now() + interval '30 hours', "
	    "'unknown', 'undecided', 0, 1, 'high', now(), true, null, null)");
	testbed_sql(
	    "begin; update map_head set version = version + 1, at = clock_timestamp();insert into map_change (epoch, version, "
	    "requirement, place) select epoch, version, 'R01', 'ZED01' from map_head;notify coverage_changed; commit");
	/* Also of a place above it. */
	text = calendar_with(link, NULL, "UID:11111111-1111-4111-8111-111111111111@");
	assert_non_null(
	    strstr(text, "SUMMARY:NO COVER - AMHP\\, St Oswin's Hospital\\, Alderbrook\r\n"));
	assert_non_null(strstr(text, "SUMMARY:TBC - cover not known - AMHP"));
	assert_int_equal(count(text, "STATUS:TENTATIVE"), 1);
	assert_null(strstr(text, "zfc-rotas"));
	free(text);
	text = calendar(ROTA, manager);
	assert_non_null(strstr(text, "SUMMARY:NO COVER - AMHP"));
	free(text);
	text = calendar("/v1/services/fenmere-amhp.ics", manager);
	assert_non_null(strstr(text, "SUMMARY:NO COVER - AMHP"));
	free(text);
	free(link);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_link_opens_its_own_thing_and_no_other, apply_and_sign_in, leave),
	    cmocka_unit_test_setup_teardown(a_link_ends, apply_and_sign_in, leave),
	    cmocka_unit_test_setup_teardown(
		a_link_goes_on_when_its_thing_has_another_code, apply_and_sign_in, leave),
	    cmocka_unit_test_setup_teardown(
		nobody_is_named_unless_the_owner_says_so, apply_and_sign_in, leave),
	    cmocka_unit_test_setup_teardown(
		an_event_that_says_on_call_counts_on_the_map, apply_and_sign_in, leave),
	    cmocka_unit_test_setup_teardown(
		a_shift_keeps_its_uid_and_its_sequence_grows, apply_and_sign_in, leave),
	    cmocka_unit_test_setup_teardown(
		a_shift_that_goes_is_cancelled, apply_and_sign_in, leave),
	    cmocka_unit_test_setup_teardown(
		an_unchanged_calendar_costs_a_304, apply_and_sign_in, leave),
	    cmocka_unit_test_setup_teardown(
		without_the_database_it_says_as_of_when_it_is, apply_and_sign_in, leave),
	    cmocka_unit_test_setup_teardown(gaps_are_events_of_their_own, apply_and_sign_in, leave),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
