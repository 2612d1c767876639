/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

/* What becomes of an account's tokens and sessions: listed, revoked together, and dead for good
 * once the account has ended. */

#define REGION(accounts)                                                                           \
	"{\"crisiscover\":1,\"places\":[{\"code\":\"A\",\"name\":\"Alder\",\"kind\":"              \
	"\"hospital\"}],\"accounts\":[" accounts "]}"
#define DESK "{\"name\":\"desk\",\"kind\":\"device\",\"role\":\"viewer\"}"

static void
put(const char *region)
{
	struct http_reply reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "PUT",
	    .path = "/v1/region",
	    .token = testbed_admin(),
	    .body = region});

	if (reply.status != 200)
		fail_msg("%d %s", reply.status, reply.body);
	http_free(&reply);
}

static struct http_reply
ask(const char *method, const char *path, const char *token, const char *headers)
{
	return http(&(struct http_ask){.port = testbed_port(),
	    .method = method,
	    .path = path,
	    .token = token,
	    .headers = headers});
}

/* A new token of the account; free it. ${id}, room for 13: its id. */
static char *
make_token(char *id)
{
	struct http_reply reply = ask("POST", "/v1/accounts/desk/tokens", testbed_admin(), NULL);
	char *token;

	if (reply.status != 201)
		fail_msg("%d %s", reply.status, reply.body);
	token = strdup(http_at(&reply, "token"));
	snprintf(id, 13, "%s", http_at(&reply, "id"));
	http_free(&reply);
	return token;
}

/* The Cookie header of a session of ${token}; free it. */
static char *
sign_in(const char *token)
{
	struct http_reply reply = ask("POST", "/v1/session", token, NULL);
	char *cookie, *header = NULL;

	assert_int_equal(reply.status, 200);
	cookie = http_header(&reply, "set-cookie");
	assert_non_null(cookie);
	*strchr(cookie, ';') = '\0';
	assert_true(asprintf(&header, "Cookie: %s\r\n", cookie) > 0);
	free(cookie);
	http_free(&reply);
	return header;
}

static void
expect_status(const char *token, const char *headers, int status)
{
	testbed_until_status(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/me", .token = token, .headers = headers},
	    status);
}

static void
what_an_ended_account_had_is_dead_for_good(void **state)
{
	char first_id[13], second_id[13];
	char *first, *second, *cookie;
	struct http_reply reply;

	(void)state;
	put(REGION(DESK));
	first = make_token(first_id);
	expect_status(first, NULL, 200);
	cookie = sign_in(first);
	expect_status(NULL, cookie, 200);
	put(REGION(""));
	expect_status(first, NULL, 401);
	put(REGION(DESK));
	second = make_token(second_id);
	expect_status(second, NULL, 200); /* the account is back */
	expect_status(first, NULL, 401);
	expect_status(NULL, cookie, 401);

	reply = testbed_get("/v1/accounts/desk/tokens");
	assert_int_equal(reply.status, 200);
	assert_string_equal(http_at(&reply, "account"), "desk");
	assert_string_equal(http_at(&reply, "tokens.0.id"), first_id);
	assert_string_not_equal(http_at(&reply, "tokens.0.revoked_at"), "null");
	assert_string_equal(
	    http_at(&reply, "tokens.0.revoked_by"), http_at(&reply, "tokens.0.made_by"));
	assert_string_equal(http_at(&reply, "tokens.1.id"), second_id);
	assert_string_equal(http_at(&reply, "tokens.1.revoked_at"), "null");
	assert_string_equal(http_at(&reply, "tokens.1.expires_at"), "null");
	assert_string_equal(http_at(&reply, "tokens.2"), "(none)");
	assert_null(strstr(reply.body, "sha256"));
	assert_null(strstr(reply.body, "cc_"));
	http_free(&reply);
	free(first);
	free(second);
	free(cookie);
}

/* To the hour, also by a session; what is noted late does not go back. */
static void
a_list_says_when_each_was_last_used(void **state)
{
	char used_id[13], idle_id[13], *used, *idle, *cookie;
	static const char when[] =
	    "select coalesce(string_agg(id || ' ' || (used_at = date_trunc('hour', "
	    "used_at) and used_at between now() - interval '2 hours' and now()), ','), "
	    "'') from crisiscover.token where account = 'desk' and used_at is not null";
	char wanted[32];
	struct http_reply reply;
	int at;

	(void)state;
	put(REGION(DESK));
	used = make_token(used_id);
	idle = make_token(idle_id);
	expect_status(used, NULL, 200);
	snprintf(wanted, sizeof wanted, "%s true", used_id);
	scratch_psql_until(testbed_postgres(), when, wanted, 20);
	reply = testbed_get("/v1/accounts/desk/tokens");
	at = strcmp(http_at(&reply, "tokens.0.id"), used_id) == 0 ? 0 : 1;
	assert_string_not_equal(
	    http_at(&reply, at == 0 ? "tokens.0.used_at" : "tokens.1.used_at"), "null");
	assert_string_equal(
	    http_at(&reply, at == 0 ? "tokens.1.used_at" : "tokens.0.used_at"), "null");
	http_free(&reply);
	testbed_sql(
	    "select tokens_used('{%s}', date_trunc('hour', now()) - interval '9 hours')", used_id);
	scratch_psql_until(testbed_postgres(), when, wanted, 5);
	/* A session is a use of its token. */
	testbed_stop();
	testbed_sql("update token set used_at = null");
	testbed_start();
	cookie = sign_in(used);
	scratch_psql_until(testbed_postgres(), when, wanted, 20);
	free(cookie);
	free(used);
	free(idle);
}

static void
tokens_are_revoked_together(void **state)
{
	char id[13], *one, *two, *audited;
	struct http_reply reply;

	(void)state;
	put(REGION(DESK));
	one = make_token(id);
	two = make_token(id);
	expect_status(two, NULL, 200);
	reply = ask("DELETE", "/v1/accounts/desk/tokens", one, NULL);
	assert_int_equal(reply.status, 403);
	http_free(&reply);
	reply = ask("GET", "/v1/accounts/desk/tokens", one, NULL);
	assert_int_equal(reply.status, 403);
	http_free(&reply);
	reply = ask("DELETE", "/v1/accounts/desk/tokens", testbed_admin(), NULL);
	assert_int_equal(reply.status, 200);
	assert_string_equal(http_at(&reply, "revoked"), "2");
	http_free(&reply);
	expect_status(one, NULL, 401);
	expect_status(two, NULL, 401);
	reply = ask("DELETE", "/v1/accounts/desk/tokens", testbed_admin(), NULL);
	assert_string_equal(http_at(&reply, "revoked"), "0");
	http_free(&reply);
	reply = ask("DELETE", "/v1/accounts/nobody/tokens", testbed_admin(), NULL);
	assert_int_equal(reply.status, 404);
	http_free(&reply);
	reply = testbed_get("/v1/accounts/nobody/tokens");
	assert_int_equal(reply.status, 404);
	http_free(&reply);
	audited = scratch_psql(testbed_postgres(),
	    "select count(*) from audit where action = 'token_revoked' and detail->>'account' = "
	    "'desk' and actor <> ''");
	assert_string_equal(audited, "2");
	free(audited);
	free(one);
	free(two);
}

#define TESTBED(test) cmocka_unit_test_setup_teardown(test, testbed_set_up, testbed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TESTBED(what_an_ended_account_had_is_dead_for_good),
	    TESTBED(tokens_are_revoked_together),
	    TESTBED(a_list_says_when_each_was_last_used),
	};

	return cmocka_run_group_tests_name("account_tokens", tests, testbed_open, testbed_close);
}
