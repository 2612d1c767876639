/* SPDX-License-Identifier: MIT */
#include <libpq-fe.h>

#include "tests/unit/server/api/testbed.h"

/* Sessions of the living role: made by a token, listed, ended, remembered over restarts with and
 * without the database. */

static struct http_reply
ask(const char *method, const char *path, const char *token, const char *headers)
{
	return http(&(struct http_ask){.port = testbed_port(),
	    .method = method,
	    .path = path,
	    .token = token,
	    .headers = headers});
}

/* The headers of a request by a new session of ${token}, from our own page; free it. ${extra}: more
 * of them when signing in. */
static char *
sign_in(const char *token, const char *extra)
{
	struct http_reply reply = ask("POST", "/v1/session", token, extra);
	char *cookie, *headers = NULL;

	if (reply.status != 200)
		fail_msg("%d %s", reply.status, reply.body);
	cookie = http_header(&reply, "set-cookie");
	assert_non_null(cookie);
	assert_non_null(strstr(cookie, "; HttpOnly; SameSite=Strict"));
	*strchr(cookie, ';') = '\0';
	assert_true(
	    asprintf(&headers, "Cookie: %s\r\nSec-Fetch-Site: same-origin\r\n", cookie) > 0);
	free(cookie);
	http_free(&reply);
	return headers;
}

static int
status_of(const char *method, const char *path, const char *headers)
{
	struct http_reply reply = ask(method, path, NULL, headers);
	int status = reply.status;

	http_free(&reply);
	return status;
}

static void
until(const char *headers, int status)
{
	testbed_until_status(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/me", .headers = headers},
	    status);
}

/* At once, before anybody can have read the new row. */
/* holds: H13.5 */
static void
a_session_opens_at_once_and_stays_ended(void **state)
{
	char *headers = sign_in(testbed_admin(), NULL);

	(void)state;
	assert_int_equal(status_of("GET", "/v1/me", headers), 200);
	assert_int_equal(status_of("DELETE", "/v1/session", headers), 204);
	until(headers, 401);
	testbed_stop();
	testbed_start();
	until(headers, 401);
	free(headers);
}

static void
sessions_are_listed_and_ended_one_by_one(void **state)
{
	char *one = sign_in(testbed_admin(), "User-Agent: Ward PC \xc3\xa9\r\n"),
	     *two = sign_in(testbed_admin(), NULL), path[64];
	struct http_reply reply = ask("GET", "/v1/sessions", NULL, one);
	int other;

	(void)state;
	assert_int_equal(reply.status, 200);
	assert_string_equal(http_at(&reply, "sessions.2"), "(none)");
	other = strcmp(http_at(&reply, "sessions.0.current"), "true") == 0 ? 1 : 0;
	assert_string_equal(
	    http_at(&reply, other == 1 ? "sessions.0.client" : "sessions.1.client"), "Ward PC ??");
	assert_string_equal(
	    http_at(&reply, other == 1 ? "sessions.1.current" : "sessions.0.current"), "false");
	assert_null(strstr(reply.body, "sha256"));
	snprintf(path, sizeof path, "/v1/sessions/%s",
	    http_at(&reply, other == 1 ? "sessions.1.id" : "sessions.0.id"));
	http_free(&reply);
	assert_int_equal(status_of("DELETE", path, one), 204);
	assert_int_equal(status_of("DELETE", path, one), 404);
	until(two, 401);
	until(one, 200);
	assert_int_equal(status_of("DELETE", "/v1/sessions/1", one), 404);
	free(one);
	free(two);
}

/* Nobody else's, even by an administrator's colleague. */
static void
another_accounts_session_is_not_there(void **state)
{
	char *mine = sign_in(testbed_admin(), NULL), *theirs, *token, path[64];
	struct http_reply reply;

	(void)state;
	testbed_apply();
	token = testbed_token("zfc-rotas");
	theirs = sign_in(token, NULL);
	reply = ask("GET", "/v1/sessions", NULL, theirs);
	assert_string_equal(http_at(&reply, "sessions.1"), "(none)");
	snprintf(path, sizeof path, "/v1/sessions/%s", http_at(&reply, "sessions.0.id"));
	http_free(&reply);
	assert_int_equal(status_of("DELETE", path, mine), 404);
	until(theirs, 200);
	free(mine);
	free(theirs);
	free(token);
}

/* holds: H13.5 */
static void
a_session_dies_with_its_token(void **state)
{
	char *token, *headers;

	(void)state;
	testbed_apply();
	token = testbed_token("zfc-rotas");
	headers = sign_in(token, NULL);
	until(headers, 200);
	testbed_sql("select tokens_revoke_all('zfc-rotas', 'test')");
	until(headers, 401);
	free(token);
	free(headers);
}

/* The row of the session that was used last has this. */
static void
row_is(const char *what, const char *wanted)
{
	char sql[256];

	snprintf(sql, sizeof sql, "select %s from session order by made_at desc limit 1", what);
	scratch_psql_until(testbed_postgres(), sql, wanted, 20);
}

/* The signed part of a cookie counts in its first seconds, in which nobody can have been idle: with a
 * signature that is none, only the row counts. */
static void
only_by_the_record(char *headers)
{
	char *last = strstr(headers, "\r\n") - 1;

	*last = *last == 'A' ? 'B' : 'A';
}

static void
who_changes_things_is_signed_out_when_idle_and_who_reads_is_not(void **state)
{
	char *manager = sign_in(testbed_admin(), NULL), *reader, *token;

	(void)state;
	row_is("idle_seconds", "900");
	until(manager, 200);
	testbed_apply();
	token = testbed_token("reviewer");
	reader = sign_in(token, NULL);
	row_is("idle_seconds", "43200");
	only_by_the_record(manager);
	only_by_the_record(reader);
	/* Nobody has used them for twenty minutes; the processes that come know no better. */
	testbed_stop();
	testbed_sql(
	    "update session set used_at = now() - interval '20 minutes', version = session_turn()");
	testbed_start();
	until(reader, 200);
	until(manager, 401);
	free(manager);
	free(reader);
	free(token);
}

static void
a_use_is_written_down_once_a_minute(void **state)
{
	char *headers = sign_in(testbed_admin(), NULL);

	(void)state;
	until(headers, 200);
	testbed_sql(
	    "update session set used_at = now() - interval '3 minutes', version = session_turn()");
	testbed_stop();
	testbed_start();
	until(headers, 200);
	row_is("used_at > now() - interval '2 minutes'", "t");
	free(headers);
}

static void
reading_goes_on_without_the_database_and_what_was_ended_stays_so(void **state)
{
	char *stays = sign_in(testbed_admin(), NULL), *goes = sign_in(testbed_admin(), NULL);

	(void)state;
	/* A process that has just started knows both from the database or the file, and writes the
	 * file when it ends. */
	for (int i = 0; i < 2; i++) {
		testbed_stop();
		testbed_start();
		until(stays, 200);
		until(goes, 200);
	}
	assert_int_equal(status_of("DELETE", "/v1/session", goes), 204);
	until(goes, 401);
	testbed_kill(); /* no time to write it again */
	scratch_postgres_halt(testbed_postgres());
	testbed_start();
	until(stays, 200);
	assert_int_equal(status_of("GET", "/v1/me", goes), 401);
	assert_int_equal(status_of("DELETE", "/v1/session", stays), 503);
	testbed_kill();
	scratch_postgres_resume(testbed_postgres());
	testbed_start();
	free(stays);
	free(goes);
}

static void
over_tls_the_cookie_is_of_this_host_alone(void **state)
{
	static const char tls[] = "X-Forwarded-Proto: https\r\n";
	struct http_reply reply = ask("POST", "/v1/session", testbed_admin(), tls);
	char *cookie = http_header(&reply, "set-cookie"), *hsts, *headers = NULL;

	(void)state;
	assert_int_equal(reply.status, 200);
	assert_memory_equal(cookie, "__Host-crisiscover_session=", 27);
	assert_non_null(strstr(cookie, "; Secure"));
	assert_non_null(strstr(cookie, "; Path=/;"));
	assert_null(strstr(cookie, "Domain"));
	hsts = http_header(&reply, "strict-transport-security");
	assert_string_equal(hsts, "max-age=63072000");
	free(hsts);
	http_free(&reply);
	*strchr(cookie, ';') = '\0';
	assert_true(asprintf(&headers, "Cookie: %s\r\n", cookie) > 0);
	assert_int_equal(status_of("GET", "/v1/me", headers), 401); /* it came without TLS */
	free(headers);
	assert_true(asprintf(&headers, "%sCookie: %s\r\n", tls, cookie) > 0);
	assert_int_equal(status_of("GET", "/v1/me", headers), 200);
	free(headers);
	free(cookie);
	reply = ask("GET", "/v1/me", testbed_admin(), NULL);
	hsts = http_header(&reply, "strict-transport-security");
	assert_null(hsts);
	http_free(&reply);
}

/* Who is retired while somebody signs in as them is not signed in: the session waits for it. */
static void
no_session_opens_for_an_account_that_is_being_retired(void **state)
{
	PGconn *owner = PQconnectdb(scratch_postgres_conninfo(testbed_postgres()));
	PGconn *opener = PQconnectdb(scratch_postgres_conninfo(testbed_postgres()));
	PGresult *answer;

	(void)state;
	testbed_apply();
	PQclear(PQexec(owner,
	    "begin; update crisiscover.account set retired_at = now() where name = 'board'"));
	assert_int_equal(
	    PQsendQuery(opener,
		"select crisiscover.session_open('board', 'password', null, 'aaaaaaaaaaaa', "
		"sha256('x'), 'x', 1800, now() + interval '1 hour')"),
	    1);
	scratch_psql_until(testbed_postgres(),
	    "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like "
	    "'%session_open%'",
	    "1", 20);
	answer = PQexec(owner, "commit");
	assert_int_equal(PQresultStatus(answer), PGRES_COMMAND_OK);
	PQclear(answer);
	answer = PQgetResult(opener);
	assert_int_equal(PQresultStatus(answer), PGRES_TUPLES_OK);
	assert_string_equal(PQgetvalue(answer, 0, 0), "f");
	PQclear(answer);
	PQfinish(opener);
	PQfinish(owner);
}

#define TESTBED(test) cmocka_unit_test_setup_teardown(test, testbed_set_up, testbed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TESTBED(a_session_opens_at_once_and_stays_ended),
	    TESTBED(sessions_are_listed_and_ended_one_by_one),
	    TESTBED(another_accounts_session_is_not_there),
	    TESTBED(a_session_dies_with_its_token),
	    TESTBED(who_changes_things_is_signed_out_when_idle_and_who_reads_is_not),
	    TESTBED(a_use_is_written_down_once_a_minute),
	    TESTBED(reading_goes_on_without_the_database_and_what_was_ended_stays_so),
	    TESTBED(over_tls_the_cookie_is_of_this_host_alone),
	    TESTBED(no_session_opens_for_an_account_that_is_being_retired),
	};

	return cmocka_run_group_tests_name("sessions", tests, testbed_open, testbed_close);
}
