/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

#include <time.h>

#include "server/api/ask/totp.h"

/* Links, passwords, codes and signing in with them: the living role, with the process that works
 * passwords out. */

#define GOOD "correct horse battery staple"
#define BETTER "a quite different sentence"

static int
begin(void **state)
{
	testbed_set_up(state);
	testbed_passwords();
	testbed_apply();
	testbed_sql(
	    "insert into account (name, kind, role, by_hand) values ('nora', 'person', 'viewer', true), "
	    "('mary', 'person', 'rota_manager', true); update account_head set version = version + 1; notify "
	    "accounts_changed");
	free(testbed_token("mary")); /* the api knows them by then */
	return 0;
}

static struct http_reply
post(const char *path, const char *body, const char *token, const char *headers)
{
	return http(&(struct http_ask){.port = testbed_port(),
	    .method = "POST",
	    .path = path,
	    .token = token,
	    .headers = headers,
	    .body = body});
}

/* The path of the call that uses the link of ${kind} ("invite", "reset") for ${name}. */
static void
make_link(const char *name, const char *kind, const char *body, char out[128])
{
	char path[96];
	struct http_reply reply;
	const char *link;

	snprintf(path, sizeof path, "/v1/accounts/%s/%s", name, kind);
	reply = post(path, body, testbed_admin(), NULL);
	if (reply.status != 201)
		fail_msg("%s: %d %s", path, reply.status, reply.body);
	link = http_at(&reply, "link");
	assert_memory_equal(link, "/#invitation=", 13);
	snprintf(out, 128, "/v1/invitations/%s", link + 13);
	http_free(&reply);
}

/* A step that is still to come for at least a few seconds, so that a code stays what it is. */
static uint32_t
code_of(const uint8_t secret[TOTP_SECRET_BYTES], int64_t *last)
{
	int64_t step = time(NULL) / TOTP_STEP_SECONDS;

	if (step <= *last)
		step = *last + 1; /* the next is taken as well */
	*last = step;
	return totp_code(secret, step);
}

static void
read_secret(const char *text, uint8_t out[TOTP_SECRET_BYTES])
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	uint32_t bits = 0;
	unsigned have = 0;
	size_t len = 0;

	assert_int_equal(strlen(text), TOTP_SECRET_TEXT_LEN);
	for (; *text != '\0'; text++) {
		bits = (bits << 5) | (uint32_t)(strchr(letters, *text) - letters);
		have += 5;
		if (have >= 8) {
			out[len++] = (uint8_t)(bits >> (have - 8));
			have -= 8;
		}
	}
}

static void
use_link(const char *path, const char *body, int status, const char *says)
{
	struct http_reply reply = post(path, body, NULL, NULL);

	if (reply.status != status || (says != NULL && strstr(reply.body, says) == NULL))
		fail_msg("%s: %d %s", body, reply.status, reply.body);
	http_free(&reply);
}

static struct http_reply
try_sign_in(const char *name, const char *password, const char *code, const char *headers)
{
	char body[512];

	if (code == NULL)
		snprintf(
		    body, sizeof body, "{\"name\":\"%s\",\"password\":\"%s\"}", name, password);
	else
		snprintf(body, sizeof body, "{\"name\":\"%s\",\"password\":\"%s\",\"code\":\"%s\"}",
		    name, password, code);
	return post("/v1/session", body, NULL, headers);
}

static void
expect_sign_in(const char *name, const char *password, const char *code, int status)
{
	struct http_reply reply = try_sign_in(name, password, code, NULL);

	if (reply.status != status)
		fail_msg("%s: %d, not %d: %s", name, reply.status, status, reply.body);
	http_free(&reply);
}

static void
a_viewer_sets_a_password_and_signs_in(void **state)
{
	char link[128], *cookie, *headers = NULL;
	struct http_reply reply;

	(void)state;
	make_link("nora", "invite", "{}", link);
	reply = post(link, "{}", NULL, NULL);
	assert_int_equal(reply.status, 200);
	assert_string_equal(http_at(&reply, "account"), "nora");
	assert_string_equal(http_at(&reply, "code_needed"), "false");
	assert_string_equal(http_at(&reply, "second_factor"), "null");
	http_free(&reply);
	use_link(link, "{\"password\":\"short\"}", 400, "$.password");
	use_link(link, "{\"password\":\"password2026!\"}", 400, "everybody");
	use_link(link, "{\"password\":\"" GOOD "\"}", 200, "recovery_codes");
	use_link(link, "{\"password\":\"" BETTER "\"}", 404, NULL); /* once */
	reply = try_sign_in("nora", GOOD, NULL, NULL);
	assert_int_equal(reply.status, 200);
	assert_string_equal(http_at(&reply, "account"), "nora");
	cookie = http_header(&reply, "set-cookie");
	*strchr(cookie, ';') = '\0';
	assert_true(asprintf(&headers, "Cookie: %s\r\n", cookie) > 0);
	http_free(&reply);
	reply = http(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/sessions", .headers = headers});
	assert_string_equal(http_at(&reply, "sessions.0.how"), "password");
	http_free(&reply);
	free(cookie);
	free(headers);
}

/* The same words and the same headers, whatever it is that is wrong. */
static void
what_is_wrong_is_not_told(void **state)
{
	static const struct {
		const char *name, *password, *code;
	} rows[] = {{"nora", BETTER, NULL}, {"nobody-at-all", GOOD, NULL}, {"mary", GOOD, NULL},
	    {"oswins-ed", GOOD, NULL}, {"not a code!", GOOD, NULL}, {"nora", BETTER, "123456"}};
	char link[128], *words = NULL;

	(void)state;
	make_link("nora", "invite", "{}", link);
	use_link(link, "{\"password\":\"" GOOD "\"}", 200, NULL);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct http_reply reply =
		    try_sign_in(rows[i].name, rows[i].password, rows[i].code, NULL);

		assert_int_equal(reply.status, 401);
		assert_null(strstr(reply.head, "Set-Cookie"));
		if (words == NULL)
			words = strdup(reply.body);
		assert_string_equal(words, reply.body);
		http_free(&reply);
	}
	free(words);
	expect_sign_in("nora", GOOD, NULL, 200);
}

static void
who_may_change_things_needs_a_code_and_each_works_once(void **state)
{
	char link[128], body[256], code[8], recovery[2][32];
	uint8_t secret[TOTP_SECRET_BYTES];
	struct http_reply reply;
	int64_t step = 0;

	(void)state;
	make_link("mary", "invite", "{}", link);
	reply = post(link, "{}", NULL, NULL);
	assert_string_equal(http_at(&reply, "code_needed"), "true");
	read_secret(http_at(&reply, "second_factor.secret"), secret);
	http_free(&reply);
	reply = post(link, "{}", NULL, NULL); /* the same, however often one looks */
	assert_non_null(strstr(reply.body, "otpauth://totp/Crisis%20Cover:mary?secret="));
	http_free(&reply);
	use_link(link, "{\"password\":\"" GOOD "\"}", 400, "$.code");
	use_link(link, "{\"password\":\"" GOOD "\",\"code\":\"000000\"}", 400, "$.code");
	snprintf(body, sizeof body, "{\"password\":\"" GOOD "\",\"code\":\"%06u\"}",
	    code_of(secret, &step));
	reply = post(link, body, NULL, NULL);
	if (reply.status != 200)
		fail_msg("%d %s", reply.status, reply.body);
	assert_string_equal(http_at(&reply, "recovery_codes.10"), "(none)");
	snprintf(recovery[0], sizeof *recovery, "%s", http_at(&reply, "recovery_codes.0"));
	snprintf(recovery[1], sizeof *recovery, "%s", http_at(&reply, "recovery_codes.9"));
	http_free(&reply);

	expect_sign_in("mary", GOOD, NULL, 401);
	snprintf(
	    code, sizeof code, "%06u", totp_code(secret, step)); /* shown with the link already */
	expect_sign_in("mary", GOOD, code, 401);
	snprintf(code, sizeof code, "%06u", code_of(secret, &step));
	expect_sign_in("mary", BETTER, code, 401);
	expect_sign_in("mary", GOOD, code, 200);
	expect_sign_in("mary", GOOD, code, 401);
	expect_sign_in("mary", GOOD, recovery[0], 200);
	expect_sign_in("mary", GOOD, recovery[0], 401);
	expect_sign_in("mary", GOOD, recovery[1], 200);
}

/* Somebody who was a viewer when the password was set. */
static void
who_was_given_more_since_sets_a_second_factor_first(void **state)
{
	char link[128];
	struct http_reply reply;

	(void)state;
	make_link("nora", "invite", "{}", link);
	use_link(link, "{\"password\":\"" GOOD "\"}", 200, NULL);
	testbed_sql(
	    "update account set role = 'rota_manager' where name = 'nora'; update account_head set version = version "
	    "+ 1; notify accounts_changed");
	testbed_until(&(struct http_ask){.port = testbed_port(),
			  .method = "POST",
			  .path = "/v1/session",
			  .body = "{\"name\":\"nora\",\"password\":\"" GOOD "\"}"},
	    "status", "403");
	make_link("nora", "reset", "{}", link);
	reply = post(link, "{}", NULL, NULL);
	assert_string_equal(http_at(&reply, "code_needed"), "true");
	http_free(&reply);
}

static void
a_new_password_signs_everybody_out(void **state)
{
	char link[128], first[128], *cookie, *headers = NULL;
	struct http_reply reply;

	(void)state;
	make_link("nora", "invite", "{}", first);
	make_link("nora", "invite", "{}", link);
	use_link(first, "{\"password\":\"" GOOD "\"}", 404, NULL); /* the newest counts */
	use_link(link, "{\"password\":\"" GOOD "\"}", 200, NULL);
	reply = try_sign_in("nora", GOOD, NULL, NULL);
	cookie = http_header(&reply, "set-cookie");
	*strchr(cookie, ';') = '\0';
	assert_true(asprintf(&headers, "Cookie: %s\r\n", cookie) > 0);
	http_free(&reply);
	make_link("nora", "reset", "{}", link);
	expect_sign_in("nora", GOOD, NULL, 200); /* the old one counts until then */
	use_link(link, "{\"password\":\"" BETTER "\"}", 200, NULL);
	testbed_until_status(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/me", .headers = headers}, 401);
	expect_sign_in("nora", GOOD, NULL, 401);
	expect_sign_in("nora", BETTER, NULL, 200);
	free(cookie);
	free(headers);
}

static void
links_end_and_are_for_people(void **state)
{
	char link[128];
	struct http_reply reply;

	(void)state;
	make_link("nora", "reset", "{}", link);
	testbed_sql("update invitation set expires_at = now() - interval '1 second'");
	use_link(link, "{}", 404, NULL);
	use_link("/v1/invitations/x", "{}", 404, NULL);
	reply = post("/v1/accounts/oswins-ed/invite", "{}", testbed_admin(), NULL);
	assert_int_equal(reply.status, 409);
	http_free(&reply);
	reply = post("/v1/accounts/nobody/invite", "{}", testbed_admin(), NULL);
	assert_int_equal(reply.status, 404);
	http_free(&reply);
}

/* Nothing of a secret is in the record, and who made the link is. */
static void
the_record_has_who_and_no_secret(void **state)
{
	char link[128], *text;

	(void)state;
	make_link("nora", "invite", "{}", link);
	use_link(link, "{\"password\":\"" GOOD "\"}", 200, NULL);
	expect_sign_in("nora", GOOD, NULL, 200);
	text = scratch_psql(testbed_postgres(),
	    "select string_agg(actor || ' ' || action || ' ' || split_part(object, '/', 1), ', ' order by seq) from audit "
	    "where action in ('invited', 'password_set', 'signed_in')");
	assert_string_equal(
	    text, "admin invited account, nora password_set account, nora signed_in session");
	free(text);
	text = scratch_psql(testbed_postgres(),
	    "select count(*) from audit where detail::text like '%argon2%' or detail::text like '%horse%'");
	assert_string_equal(text, "0");
	free(text);
	scratch_psql_until(testbed_postgres(),
	    "select has_table_privilege('crisiscover_api', 'credential', 'select') or "
	    "has_table_privilege('crisiscover_api', 'invitation', 'select')",
	    "f", 1);
}

static void
too_many_tries_wait_and_a_known_browser_does_not(void **state)
{
	char link[128], *cookie, *headers = NULL;
	struct http_reply reply;
	int waited = 0;

	(void)state;
	make_link("nora", "invite", "{}", link);
	use_link(link, "{\"password\":\"" GOOD "\"}", 200, NULL);
	reply = try_sign_in("nora", GOOD, NULL, NULL);
	for (cookie = reply.head; (cookie = strstr(cookie, "Set-Cookie: ")) != NULL;) {
		cookie += 12;
		if (strncmp(cookie, "crisiscover_browser=", 20) == 0)
			assert_true(asprintf(&headers, "Cookie: %.*s\r\n",
					(int)strcspn(cookie, ";"), cookie) > 0);
	}
	assert_non_null(headers);
	http_free(&reply);
	for (int i = 0; i < 16; i++) {
		reply = try_sign_in("nora", BETTER, NULL, NULL);
		waited += reply.status == 429;
		assert_true(reply.status == 429 || reply.status == 401);
		assert_true(reply.status == 401 || strstr(reply.head, "Retry-After: ") != NULL);
		http_free(&reply);
	}
	assert_true(waited > 0);
	reply = try_sign_in("nora", GOOD, NULL, headers);
	assert_int_equal(reply.status, 200);
	http_free(&reply);
	free(headers);
}

static void
another_site_signs_nobody_in(void **state)
{
	struct http_reply reply =
	    try_sign_in("nora", GOOD, NULL, "Origin: https://evil.example\r\n");

	(void)state;
	assert_int_equal(reply.status, 403);
	http_free(&reply);
	reply = try_sign_in("nora", GOOD, NULL, "Sec-Fetch-Site: cross-site\r\n");
	assert_int_equal(reply.status, 403);
	http_free(&reply);
}

static void
an_account_that_ends_has_no_password_any_more(void **state)
{
	char link[128];

	(void)state;
	make_link("nora", "invite", "{}", link);
	use_link(link, "{\"password\":\"" GOOD "\"}", 200, NULL);
	testbed_sql("update account set retired_at = now() where name = 'nora'");
	expect_sign_in("nora", GOOD, NULL, 401);
	testbed_sql(
	    "update account set retired_at = null where name = 'nora'; update account_head set version = version + 1; "
	    "notify accounts_changed");
	expect_sign_in("nora", GOOD, NULL, 401);
}

#define TESTBED(test) cmocka_unit_test_setup_teardown(test, begin, testbed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TESTBED(a_viewer_sets_a_password_and_signs_in),
	    TESTBED(what_is_wrong_is_not_told),
	    TESTBED(who_may_change_things_needs_a_code_and_each_works_once),
	    TESTBED(who_was_given_more_since_sets_a_second_factor_first),
	    TESTBED(a_new_password_signs_everybody_out),
	    TESTBED(links_end_and_are_for_people),
	    TESTBED(the_record_has_who_and_no_secret),
	    TESTBED(too_many_tries_wait_and_a_known_browser_does_not),
	    TESTBED(another_site_signs_nobody_in),
	    TESTBED(an_account_that_ends_has_no_password_any_more),
	};

	return cmocka_run_group_tests_name("passwords", tests, testbed_open, testbed_close);
}
