/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

/* An account's tokens and sessions: listed, revoked together, and dead without return once the
 * account has ended. */

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

/* The headers of a page in a session of ${token}; free it. */
static char *
sign_in(const char *token)
{
	struct http_reply reply = ask("POST", "/v1/session", token, NULL);
	char *cookie, *header = NULL;

	assert_int_equal(reply.status, 200);
	cookie = http_header(&reply, "set-cookie");
	assert_non_null(cookie);
	*strchr(cookie, ';') = '\0';
	assert_true(asprintf(&header, "Cookie: %s\r\nSec-Fetch-Site: same-origin\r\n", cookie) > 0);
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

/* holds: H13.5 */
static void
what_an_ended_account_had_stays_dead(void **state)
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
	assert_string_not_equal(http_at(&reply, "tokens.1.expires_at"), "null"); /* a year */
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

static struct http_reply
post(const char *path, const char *token, const char *body)
{
	return http(&(struct http_ask){
	    .port = testbed_port(), .method = "POST", .path = path, .token = token, .body = body});
}

/* A token of ${account} with these scopes; free it. */
static char *
scoped(const char *account, const char *scopes)
{
	char path[64], body[128], *token;
	struct http_reply reply;

	snprintf(path, sizeof path, "/v1/accounts/%s/tokens", account);
	snprintf(body, sizeof body, "{\"scopes\":[%s]}", scopes);
	reply = post(path, testbed_admin(), body);
	if (reply.status != 201)
		fail_msg("%d %s", reply.status, reply.body);
	token = strdup(http_at(&reply, "token"));
	http_free(&reply);
	return token;
}

static void
expect_as(const char *token, const char *method, const char *path, int status)
{
	struct http_reply reply = ask(method, path, token, NULL);

	if (reply.status != status)
		fail_msg("%s %s: %d, not %d: %s", method, path, reply.status, status, reply.body);
	http_free(&reply);
}

static void
until_known(const char *token, const char *path, int status)
{
	testbed_until_status(
	    &(struct http_ask){.port = testbed_port(), .path = path, .token = token}, status);
}

static void
a_token_does_what_its_scopes_say(void **state)
{
	char *reads, *reviews, *accounts;
	struct http_reply reply;

	(void)state;
	testbed_apply();
	reads = scoped("chief", "\"read\"");
	reviews = scoped("chief", "\"review\"");
	accounts = scoped("chief", "\"accounts\",\"read\"");
	until_known(reads, "/v1/places", 200);
	until_known(reviews, "/v1/region", 200);
	until_known(accounts, "/v1/places", 200);
	expect_as(reads, "GET", "/v1/now?place=ZED01", 200);
	expect_as(reads, "GET", "/v1/region", 403);
	expect_as(reads, "POST", "/v1/feeds/amhp-duty/refresh", 403);
	expect_as(reads, "DELETE", "/v1/accounts/switch", 403);
	expect_as(reads, "GET", "/v1/accounts/switch/tokens", 403);
	expect_as(reads, "POST", "/v1/session", 403);
	expect_as(reviews, "GET", "/v1/now?place=ZED01", 403); /* also by the quick way */
	expect_as(reviews, "GET", "/v1/audit", 200);
	expect_as(accounts, "POST", "/v1/session", 403); /* a browser has no scopes */
	/* It makes no token that may do more than itself. */
	reply = post("/v1/accounts/chief/tokens", accounts, "{}");
	assert_int_equal(reply.status, 403);
	http_free(&reply);
	reply = post("/v1/accounts/chief/tokens", accounts, "{\"scopes\":[\"write:setup\"]}");
	assert_int_equal(reply.status, 403);
	http_free(&reply);
	reply = post("/v1/accounts/chief/tokens", accounts,
	    "{\"scopes\":[\"read\"],\"expires_at\":\"never\"}");
	assert_int_equal(reply.status, 201);
	assert_string_equal(http_at(&reply, "scopes.0"), "read");
	assert_string_equal(http_at(&reply, "expires_at"), "null");
	http_free(&reply);
	reply = post("/v1/accounts/chief/tokens", testbed_admin(), "{\"scopes\":[\"everything\"]}");
	assert_int_equal(reply.status, 400);
	http_free(&reply);
	/* Scopes are in the last-good file. */
	testbed_stop();
	scratch_postgres_halt(testbed_postgres());
	testbed_start();
	until_known(reads, "/v1/places", 200);
	expect_as(reads, "GET", "/v1/region", 403);
	testbed_kill();
	scratch_postgres_resume(testbed_postgres());
	testbed_start();
	free(reads);
	free(reviews);
	free(accounts);
}

static void
numbers_are_a_scope(void **state)
{
	char *with, *without;
	struct http_reply reply;

	(void)state;
	testbed_apply();
	with = scoped("switch", "\"read\",\"numbers\"");
	without = scoped("switch", "\"read\"");
	until_known(with, "/v1/places", 200);
	until_known(without, "/v1/places", 200);
	reply = ask("GET", "/v1/people", with, NULL);
	assert_non_null(strstr(reply.body, "+441632960123"));
	http_free(&reply);
	reply = ask("GET", "/v1/people", without, NULL);
	assert_non_null(strstr(reply.body, "J Jones"));
	assert_null(strstr(reply.body, "+441632960123"));
	http_free(&reply);
	free(with);
	free(without);
}

/* An account that is no administrator's sees and ends its own tokens, and nobody else's. */
static void
an_account_ends_its_own_tokens(void **state)
{
	char own_id[13], lost_id[13], path[64], *own, *lost, *cookie, *reads, *audited;
	struct http_reply reply;

	(void)state;
	testbed_apply();
	reply = ask("POST", "/v1/accounts/switch/tokens", testbed_admin(), NULL);
	own = strdup(http_at(&reply, "token"));
	snprintf(own_id, sizeof own_id, "%s", http_at(&reply, "id"));
	http_free(&reply);
	reply = ask("POST", "/v1/accounts/switch/tokens", testbed_admin(), NULL);
	lost = strdup(http_at(&reply, "token"));
	snprintf(lost_id, sizeof lost_id, "%s", http_at(&reply, "id"));
	http_free(&reply);
	expect_status(own, NULL, 200);
	expect_status(lost, NULL, 200);
	cookie = sign_in(lost);

	reply = ask("GET", "/v1/me/tokens", own, NULL);
	assert_int_equal(reply.status, 200);
	assert_string_equal(http_at(&reply, "account"), "switch");
	assert_string_equal(http_at(&reply, "tokens.0.id"), own_id);
	assert_string_equal(http_at(&reply, "tokens.1.id"), lost_id);
	assert_string_equal(http_at(&reply, "tokens.2"), "(none)");
	assert_string_equal(http_at(&reply, "tokens.0.scopes"), "null");
	assert_null(strstr(reply.body, "sha256"));
	assert_null(strstr(reply.body, "cc_"));
	http_free(&reply);

	/* Another's is as one that there is not. */
	reads = scoped("zfc-rotas", "\"read\"");
	until_known(reads, "/v1/places", 200);
	reply = testbed_get("/v1/accounts/zfc-rotas/tokens");
	snprintf(path, sizeof path, "/v1/me/tokens/%s", http_at(&reply, "tokens.0.id"));
	http_free(&reply);
	expect_as(own, "DELETE", path, 404);
	expect_as(testbed_admin(), "DELETE", path, 404);
	expect_as(own, "DELETE", "/v1/me/tokens/1", 404);
	snprintf(path, sizeof path, "/v1/tokens/%s", lost_id);
	expect_as(own, "DELETE", path, 403);
	/* A token that may read alone neither lists nor ends any. */
	expect_as(reads, "GET", "/v1/me/tokens", 403);
	snprintf(path, sizeof path, "/v1/me/tokens/%s", lost_id);
	expect_as(reads, "DELETE", path, 403);

	/* By a session that the token itself made: that ends as well. */
	reply = ask("DELETE", path, NULL, cookie);
	assert_int_equal(reply.status, 204);
	http_free(&reply);
	expect_status(lost, NULL, 401);
	expect_status(NULL, cookie, 401);
	expect_as(own, "DELETE", path, 404);
	reply = ask("GET", "/v1/me/tokens", own, NULL);
	assert_string_equal(http_at(&reply, "tokens.1.revoked_by"), "switch");
	http_free(&reply);
	audited = scratch_psql(testbed_postgres(),
	    "select count(*) from audit where action = 'token_revoked' and actor = 'switch'");
	assert_string_equal(audited, "1");
	free(audited);
	free(own);
	free(lost);
	free(cookie);
	free(reads);
}

/* ------------------------------------------------------------------------------- auditors */

static const char audited[] =
    "{\"crisiscover\":1,\"organisations\":[{\"code\":\"O\",\"name\":\"Org\",\"kind\":\"nhs_trust\"}],"
    "\"functions\":[{\"code\":\"f\",\"name\":\"F\"}],"
    "\"places\":[{\"code\":\"A\",\"name\":\"Alder\",\"kind\":\"hospital\"},{\"code\":\"B\",\"name\":\"Birch\",\"kind\":\"hospital\"}],"
    "\"people\":[{\"id\":\"p\",\"name\":\"P Pine\",\"organisation\":\"O\",\"work_phone\":\"+441632960123\"}],"
    "\"services\":[{\"id\":\"sa\",\"name\":\"SA\",\"function\":\"f\",\"organisation\":\"O\",\"places\":[\"A\"]},"
    "{\"id\":\"sb\",\"name\":\"SB\",\"function\":\"f\",\"organisation\":\"O\",\"places\":[\"B\"]}],"
    "\"rotas\":[{\"id\":\"ra\",\"service\":\"sa\",\"tier\":1,\"source\":{\"kind\":\"file\"}},"
    "{\"id\":\"rb\",\"service\":\"sb\",\"tier\":1,\"source\":{\"kind\":\"file\"}}],"
    "\"accounts\":[{\"name\":\"whole\",\"kind\":\"person\",\"role\":\"auditor\"},"
    "{\"name\":\"desk\",\"kind\":\"device\",\"role\":\"viewer\",\"places\":[\"B\"]},"
    "{\"name\":\"part\",\"kind\":\"person\",\"role\":\"auditor\",\"places\":[\"A\"]}]}";

static void
upload(const char *rota)
{
	char path[64];
	struct http_reply reply;

	snprintf(path, sizeof path, "/v1/rotas/%s/imports", rota);
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "POST",
	    .path = path,
	    .token = testbed_admin(),
	    .type = "text/csv",
	    .body = "Staff Name,Date,Start,End\n"});
	if (reply.status != 202)
		fail_msg("%d %s", reply.status, reply.body);
	http_free(&reply);
}

static void
an_auditor_is_kept_to_its_places_and_sees_no_work_mobiles(void **state)
{
	char *whole, *part;
	struct http_reply reply;

	(void)state;
	put(audited);
	whole = testbed_token("whole");
	part = testbed_token("part");
	upload("ra");
	upload("rb");
	expect_as(testbed_admin(), "GET", "/v1/now?place=A", 200);

	reply = ask("GET", "/v1/region", testbed_admin(), NULL);
	assert_non_null(strstr(reply.body, "+441632960123"));
	http_free(&reply);
	reply = ask("GET", "/v1/region", whole, NULL);
	assert_non_null(strstr(reply.body, "P Pine"));
	assert_non_null(strstr(reply.body, "\"rb\""));
	assert_null(strstr(reply.body, "+441632960123"));
	http_free(&reply);
	reply = ask("GET", "/v1/region", part, NULL);
	assert_int_equal(reply.status, 200);
	assert_non_null(strstr(reply.body, "\"ra\""));
	assert_null(strstr(reply.body, "\"rb\""));
	assert_null(strstr(reply.body, "Birch"));
	assert_null(strstr(reply.body, "desk"));
	assert_null(strstr(reply.body, "+441632960123"));
	http_free(&reply);

	reply = ask("GET", "/v1/imports", whole, NULL);
	assert_string_not_equal(http_at(&reply, "imports.1.rota"), "(none)");
	http_free(&reply);
	reply = ask("GET", "/v1/imports", part, NULL);
	assert_string_equal(http_at(&reply, "imports.0.rota"), "ra");
	assert_string_equal(http_at(&reply, "imports.1"), "(none)");
	http_free(&reply);
	expect_as(part, "GET", "/v1/imports/1", 200);
	expect_as(part, "GET", "/v1/imports/2", 403);

	testbed_sql(
	    "select audit_add('x', 'refresh_asked', 'rota/ra', null), audit_add('x', 'refresh_asked', 'rota/rb', null)");
	reply = ask("GET", "/v1/audit?limit=1000", whole, NULL);
	assert_non_null(strstr(reply.body, "rota/rb"));
	assert_null(strstr(reply.body, "withheld"));
	http_free(&reply);
	reply = ask("GET", "/v1/audit?limit=1000", part, NULL);
	assert_int_equal(reply.status, 200);
	assert_non_null(strstr(reply.body, "rota/ra"));
	assert_null(strstr(reply.body, "rota/rb"));
	assert_null(strstr(reply.body, "token_made"));
	assert_non_null(strstr(reply.body, "\"withheld\":true"));
	http_free(&reply);
	free(whole);
	free(part);
}

#define TESTBED(test) cmocka_unit_test_setup_teardown(test, testbed_set_up, testbed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TESTBED(what_an_ended_account_had_stays_dead),
	    TESTBED(tokens_are_revoked_together),
	    TESTBED(a_list_says_when_each_was_last_used),
	    TESTBED(a_token_does_what_its_scopes_say),
	    TESTBED(numbers_are_a_scope),
	    TESTBED(an_account_ends_its_own_tokens),
	    TESTBED(an_auditor_is_kept_to_its_places_and_sees_no_work_mobiles),
	};

	return cmocka_run_group_tests_name("account_tokens", tests, testbed_open, testbed_close);
}
