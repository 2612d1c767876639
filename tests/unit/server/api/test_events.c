/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/text.h"

/* GET /v1/events of the living role: what is heard, by whom, from where on, and when it ends. */

#define PATIENCE_MS 30000

/* ----------------------------------------------------------------------------- a listener */

struct listener {
	int fd;
	struct buf got;
	size_t seen; /* up to here it was asked about */
};

/* False: the other side has ended. */
static bool
read_more(struct listener *listener, int wait_ms)
{
	struct pollfd readable = {.fd = listener->fd, .events = POLLIN};
	char piece[4096];
	ssize_t got;

	if (poll(&readable, 1, wait_ms) <= 0)
		return true;
	got = recv(listener->fd, piece, sizeof piece, 0);
	if (got <= 0)
		return false;
	buf_add(&listener->got, piece, (size_t)got);
	return true;
}

/* Reads until ${text} has come after what was heard before; the test fails if it does not. */
static void
hear(struct listener *listener, const char *text)
{
	int64_t until = clock_mono_ms() + PATIENCE_MS;

	for (;;) {
		const char *found = listener->got.at == NULL
					? NULL
					: strstr(listener->got.at + listener->seen, text);

		if (found != NULL) {
			listener->seen = (size_t)(found - listener->got.at) + strlen(text);
			return;
		}
		if (clock_mono_ms() > until || !read_more(listener, 100))
			fail_msg("not heard: %s\nbut:\n%s", text, listener->got.at);
	}
}

static bool
has_heard(const struct listener *listener, const char *text)
{
	return listener->got.at != NULL && strstr(listener->got.at, text) != NULL;
}

/* Reads until the server hangs up. */
static void
hear_the_end(struct listener *listener)
{
	int64_t until = clock_mono_ms() + PATIENCE_MS;

	while (read_more(listener, 100))
		if (clock_mono_ms() > until)
			fail_msg("the stream goes on: %s", listener->got.at);
}

static void
leave(struct listener *listener)
{
	close(listener->fd);
	buf_free(&listener->got);
}

static struct listener
listen_with(const char *token, const char *headers, const char *query)
{
	struct listener listener = {0};
	char path[256];

	snprintf(path, sizeof path, "/v1/events%s", query);
	listener.fd = http_begin(&(struct http_ask){
	    .port = testbed_port(), .path = path, .token = token, .headers = headers});
	assert_true(listener.fd >= 0);
	hear(&listener, "event: heartbeat\ndata: {");
	return listener;
}

static struct listener
listen_as(const char *token, const char *query)
{
	return listen_with(token, NULL, query);
}

/* The last id of what was heard; borrowed until the next call. */
static const char *
last_id(struct listener *listener)
{
	static char id[64];
	const char *found = NULL;

	hear(listener, "\nid: ");
	while (listener->got.at[listener->got.len - 1] != '\n' ||
	       listener->got.at[listener->got.len - 2] != '\n')
		assert_true(read_more(listener, 1000));
	for (const char *at = listener->got.at; (at = strstr(at, "\nid: ")) != NULL; at++)
		found = at + 5;
	snprintf(id, sizeof id, "%.*s", (int)strcspn(found, "\n"), found);
	return id;
}

static int
status_of(const char *token, const char *query)
{
	char path[256];
	struct http_reply reply;
	int status;

	snprintf(path, sizeof path, "/v1/events%s", query);
	reply = testbed_as(token, path);
	status = reply.status;
	http_free(&reply);
	return status;
}

/* -------------------------------------------------------------------------------- the tests */

static char *ward, *above, *manager;

static int
set_up(void **state)
{
	testbed_set_up(state);
	testbed_apply();
	testbed_good("amhp-duty", "now()");
	ward = testbed_token("oswins-ed");
	above = testbed_token("fenmere-all");
	manager = testbed_token("zfc-rotas");
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/feeds", .token = testbed_admin()},
	    "feeds.0.state", "good");
	return 0;
}

static int
tear_down(void **state)
{
	free(ward);
	free(above);
	free(manager);
	return testbed_tear_down(state);
}

static void
a_stream_begins_with_how_new_the_map_is(void **state)
{
	struct listener listener = listen_as(ward, "?place=ZED01");

	(void)state;
	hear(&listener, "\"confidence\":\"live\"}");
	(void)last_id(&listener);
	assert_true(has_heard(&listener, "HTTP/1.1 200 OK\r\n"));
	assert_true(has_heard(&listener, "\r\nContent-Type: text/event-stream\r\n"));
	assert_true(has_heard(&listener, "\r\nCache-Control: no-store, no-transform\r\n"));
	assert_true(has_heard(&listener, "\r\nX-Accel-Buffering: no\r\n"));
	assert_true(has_heard(&listener, "\r\nContent-Security-Policy: "));
	assert_true(has_heard(&listener, "\nretry: "));
	assert_false(has_heard(&listener, "Content-Length"));
	assert_false(has_heard(&listener, "reset"));
	leave(&listener);
}

/* A place hears of itself and those below it; another does not. */
static void
a_changed_shift_is_heard_where_it_matters(void **state)
{
	struct listener here = listen_as(ward, ""), over = listen_as(above, "?place=X06000001"),
			elsewhere = listen_as(testbed_admin(), "?place=ZED02");

	(void)state;
	testbed_shift("amhp-duty", "a", "named", "jo-jones", -2, 5);
	hear(
	    &here, "event: coverage\ndata: {\"place\":\"ZED01\",\"functions\":[\"amhp\"],\"map\":");
	hear(&over, "\"place\":\"X06000001\"");
	hear(&over, "\"place\":\"ZED01\"");
	assert_false(has_heard(&here, "X06000001"));
	/* The answer that follows is the new one. */
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/now?place=ZED01&function=amhp", .token = ward},
	    "functions.0.on_call.0.name", "J Jones");
	/* What would have come to the others has come by now. */
	testbed_sql(
	    "update feed set state = 'failing', fault = 'Gone.', updated_at = now() where rota = 'amhp-duty'");
	hear(&here, "event: feed\ndata: {\"rota\":\"amhp-duty\",\"state\":\"failing\"");
	while (elsewhere.got.len == 0)
		(void)read_more(&elsewhere, 100);
	assert_false(has_heard(&elsewhere, "coverage"));
	assert_false(has_heard(&elsewhere, "event: feed"));
	assert_false(has_heard(&here, "Jones"));
	leave(&here);
	leave(&over);
	leave(&elsewhere);
}

static void
decisions_are_for_those_who_make_them(void **state)
{
	struct listener one = listen_as(manager, ""), other = listen_as(ward, "");

	(void)state;
	testbed_sql(
	    "update feed set to_decide = '[{},{}]', state = 'failing', fault = 'Gone.', updated_at = now() where rota = 'amhp-duty'");
	hear(&one, "event: decision\ndata: {\"rota\":\"amhp-duty\",\"waiting\":2}");
	hear(&other, "event: feed\ndata: {\"rota\":\"amhp-duty\",\"state\":\"failing\"");
	assert_false(has_heard(&other, "decision"));
	leave(&one);
	leave(&other);
}

/* Where they are shown, and nothing of what they say. */
static void
reports_and_notes_are_heard_where_they_are_shown(void **state)
{
	struct listener here = listen_as(ward, ""), keeper = listen_as(manager, ""),
			elsewhere = listen_as(testbed_admin(), "?place=ZED02");

	(void)state;
	testbed_sql(
	    "select report_add('switch', 'ZED01', 'amhp', 'fenmere-amhp', 'amhp-duty', 'jo-jones', 'no_answer', 7200)");
	hear(&here, "event: contact\ndata: {\"place\":\"ZED01\",\"function\":\"amhp\"}");
	hear(&keeper, "event: contact\ndata: {\"place\":\"ZED01\"");
	testbed_sql(
	    "select note_add('{\"on\": \"service\", \"service\": \"fenmere-amhp\"}', 'ring J Jones', now() + interval '1 hour', "
	    "'switch', 'switchboard', 5)");
	hear(&here, "event: note\ndata: {\"place\":\"ZED01\"}");
	testbed_sql("select report_settle(1, null, 'zfc-rotas')");
	hear(&keeper, "event: contact\ndata: {\"place\":\"ZED01\"");
	testbed_sql("select note_end(1, 'switch')");
	hear(&here, "event: note\ndata: {\"place\":\"ZED01\"}");
	while (elsewhere.got.len == 0)
		(void)read_more(&elsewhere, 100);
	assert_false(has_heard(&elsewhere, "contact"));
	assert_false(has_heard(&elsewhere, "event: note"));
	assert_false(has_heard(&here, "ones"));
	assert_false(has_heard(&here, "no_answer"));
	leave(&here);
	leave(&keeper);
	leave(&elsewhere);
}

static void
who_comes_back_hears_what_was_missed(void **state)
{
	struct listener first = listen_as(ward, ""), again;
	char query[128], header[128];

	(void)state;
	/* By then the process has watched for longer than what is told again. */
	hear(&first, "event: heartbeat");
	snprintf(query, sizeof query, "?after=%s", last_id(&first));
	snprintf(header, sizeof header, "Last-Event-ID: %s\r\n", last_id(&first));
	leave(&first);
	testbed_shift("amhp-duty", "a", "named", "jo-jones", -2, 5);
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/now?place=ZED01&function=amhp", .token = ward},
	    "functions.0.on_call.0.name", "J Jones");
	again = listen_as(ward, query);
	hear(&again, "event: coverage\ndata: {\"place\":\"ZED01\"");
	assert_false(has_heard(&again, "reset"));
	leave(&again);
	/* What the browser says by itself is newer. */
	again = listen_with(ward, header, "?after=1-1");
	hear(&again, "event: coverage\ndata: {\"place\":\"ZED01\"");
	assert_false(has_heard(&again, "reset"));
	leave(&again);
	again = listen_as(ward, "?after=1-1");
	hear(&again, "event: reset\ndata: {}");
	leave(&again);
	again = listen_as(ward, "?after=nonsense");
	hear(&again, "event: reset\ndata: {}");
	leave(&again);
}

/* A process that ends says when to come back; the next does not know what was missed. */
static void
another_process_says_so_if_it_does_not_know(void **state)
{
	struct listener first = listen_as(ward, "");
	char query[128];

	(void)state;
	snprintf(query, sizeof query, "?after=%s", last_id(&first));
	testbed_stop();
	hear(&first, "retry: ");
	hear_the_end(&first);
	leave(&first);
	testbed_start();
	first = listen_as(ward, query);
	hear(&first, "event: reset\ndata: {}");
	hear(&first, "id: ");
	leave(&first);
}

static void
rename_northgate(void)
{
	struct http_reply reply = testbed_get("/v1/places/ZED02");
	char *etag = http_header(&reply, "etag"), *header = NULL;

	http_free(&reply);
	assert_true(asprintf(&header, "If-Match: %s\r\n", etag) > 0);
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "PATCH",
	    .path = "/v1/places/ZED02",
	    .token = testbed_admin(),
	    .headers = header,
	    .type = "application/merge-patch+json",
	    .body = "{\"name\":\"Northgate\"}"});
	if (reply.status != 200)
		fail_msg("%d %s", reply.status, reply.body);
	http_free(&reply);
	free(etag);
	free(header);
}

static void
another_set_up_is_a_reset(void **state)
{
	struct listener listener = listen_as(ward, "");

	(void)state;
	rename_northgate();
	hear(&listener, "event: reset\ndata: {}");
	/* And it goes on. */
	testbed_shift("amhp-duty", "a", "named", "jo-jones", -2, 5);
	hear(&listener, "event: coverage\ndata: {\"place\":\"ZED01\"");
	leave(&listener);
}

/* The headers of a session that ${token} opens; free it. */
static char *
open_session(const char *token)
{
	struct http_reply reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "POST",
	    .path = "/v1/session",
	    .token = token,
	    .body = "{}"});
	char *cookie = http_header(&reply, "set-cookie"), *headers = NULL;

	assert_int_equal(reply.status / 100, 2);
	*strchr(cookie, ';') = '\0';
	assert_true(
	    asprintf(&headers, "Cookie: %s\r\nSec-Fetch-Site: same-origin\r\n", cookie) > 0);
	free(cookie);
	http_free(&reply);
	return headers;
}

static void
signing_out_elsewhere_ends_it(void **state)
{
	char *headers = open_session(manager);
	struct listener listener = listen_with(NULL, headers, "");
	struct http_reply reply;

	(void)state;
	reply = http(&(struct http_ask){
	    .port = testbed_port(), .method = "DELETE", .path = "/v1/session", .headers = headers});
	assert_int_equal(reply.status / 100, 2);
	http_free(&reply);
	hear_the_end(&listener);
	leave(&listener);
	free(headers);
}

/* Only what a person asks keeps a session alive: in the record one that is used has been used just
 * now, and one that listens has not. */
static void
listening_is_no_use_of_a_session(void **state)
{
	char *listens = open_session(manager), *asks = open_session(above);
	struct listener listener;
	struct http_reply reply;

	(void)state;
	testbed_sql("update session set used_at = now() - interval '10 minutes'");
	listener = listen_with(NULL, listens, "");
	reply = http(&(struct http_ask){.port = testbed_port(), .path = "/v1/me", .headers = asks});
	assert_int_equal(reply.status, 200);
	http_free(&reply);
	scratch_psql_until(testbed_postgres(),
	    "select string_agg(account, ',') from session where used_at > now() - interval '5 minutes'",
	    "fenmere-all", 20);
	leave(&listener);
	free(listens);
	free(asks);
}

static void
a_token_that_is_taken_back_ends_it(void **state)
{
	struct listener listener = listen_as(ward, "");
	struct http_reply reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "DELETE",
	    .path = "/v1/accounts/oswins-ed/tokens",
	    .token = testbed_admin()});

	(void)state;
	assert_int_equal(reply.status / 100, 2);
	http_free(&reply);
	hear_the_end(&listener);
	assert_int_equal(status_of(ward, ""), 401);
	leave(&listener);
}

static void
an_account_that_loses_the_place_is_hung_up_on(void **state)
{
	struct listener here = listen_as(above, "?place=ZED01"), all = listen_as(above, "");

	(void)state;
	testbed_sql("update account set places = '{ZED02}' where name = 'fenmere-all'");
	testbed_sql("update account_head set version = version + 1");
	testbed_sql("select pg_notify('accounts_changed', '')");
	hear_the_end(&here);
	assert_int_equal(status_of(above, "?place=ZED01"), 403);
	/* It hears of what it may see from now on. */
	testbed_shift("amhp-duty", "a", "named", "jo-jones", -2, 5);
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/now?place=ZED01&function=amhp", .token = ward},
	    "functions.0.on_call.0.name", "J Jones");
	hear(&all, "event: heartbeat");
	assert_false(has_heard(&all, "coverage"));
	leave(&here);
	leave(&all);
}

static void
one_account_has_so_many(void **state)
{
	struct listener all[8];

	(void)state;
	for (int i = 0; i < 8; i++)
		all[i] = listen_as(ward, "");
	assert_int_equal(status_of(ward, ""), 429);
	assert_int_equal(status_of(manager, ""), 200);
	leave(&all[3]);
	testbed_until_status(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/events", .token = ward}, 200);
	for (int i = 0; i < 8; i++)
		if (i != 3)
			leave(&all[i]);
}

/* Half of them from one address, as a proxy on this machine says it. */
static void
one_address_has_half_of_all(void **state)
{
	static const char *const accounts[] = {"oswins-ed", "switch", "board"};
	struct listener all[20];
	struct http_reply reply;
	char *tokens[3];
	int n = 0;

	(void)state;
	for (int i = 0; i < 3; i++)
		tokens[i] = testbed_token(accounts[i]);
	for (int i = 0; i < 20; i++)
		all[n++] = listen_with(tokens[i / 7], "X-Forwarded-For: 192.0.2.7\r\n", "");
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .path = "/v1/events",
	    .token = manager,
	    .headers = "X-Forwarded-For: 192.0.2.7\r\n"});
	assert_int_equal(reply.status, 429);
	http_free(&reply);
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .path = "/v1/events",
	    .token = manager,
	    .headers = "X-Forwarded-For: 192.0.2.8\r\n"});
	assert_int_equal(reply.status, 200);
	http_free(&reply);
	while (n > 0)
		leave(&all[--n]);
	for (int i = 0; i < 3; i++)
		free(tokens[i]);
}

static void
refusals_are_answers(void **state)
{
	struct http_reply reply;

	(void)state;
	assert_int_equal(status_of(NULL, ""), 401);
	assert_int_equal(status_of(ward, "?place=NOWHERE"), 404);
	assert_int_equal(status_of(ward, "?place=ZED02"), 403);
	assert_int_equal(status_of(ward, "?since=1"), 400);
	reply = http(&(struct http_ask){
	    .port = testbed_port(), .method = "HEAD", .path = "/v1/events", .token = ward});
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply.body, "");
	http_free(&reply);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_stream_begins_with_how_new_the_map_is),
	    TEST(a_changed_shift_is_heard_where_it_matters),
	    TEST(decisions_are_for_those_who_make_them),
	    TEST(reports_and_notes_are_heard_where_they_are_shown),
	    TEST(who_comes_back_hears_what_was_missed),
	    TEST(another_process_says_so_if_it_does_not_know),
	    TEST(another_set_up_is_a_reset),
	    TEST(signing_out_elsewhere_ends_it),
	    TEST(listening_is_no_use_of_a_session),
	    TEST(a_token_that_is_taken_back_ends_it),
	    TEST(an_account_that_loses_the_place_is_hung_up_on),
	    TEST(one_account_has_so_many),
	    TEST(one_address_has_half_of_all),
	    TEST(refusals_are_answers),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
