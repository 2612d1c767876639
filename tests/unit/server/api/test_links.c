/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

/* Secret links: who makes, sees and revokes them, what is kept of them, and what they are not: bearer tokens. */

static char *manager, *viewer, *chief;

static int
apply_and_sign_in(void **state)
{
	testbed_set_up(state);
	testbed_apply();
	manager = testbed_token("zfc-rotas");
	viewer = testbed_token("switch");
	chief = testbed_token("chief");
	return 0;
}

static int
leave(void **state)
{
	free(manager);
	free(viewer);
	free(chief);
	return testbed_tear_down(state);
}

static struct http_reply
ask(const char *method, const char *path, const char *token, const char *body)
{
	return http(&(struct http_ask){
	    .port = testbed_port(), .method = method, .path = path, .token = token, .body = body});
}

static void
expect(const char *method, const char *path, const char *token, const char *body, int status)
{
	struct http_reply reply = ask(method, path, token, body);

	if (reply.status != status)
		fail_msg("%s %s %s: %d and not %d: %s", method, path, body ? body : "",
		    reply.status, status, reply.body);
	http_free(&reply);
}

/* A link to ${of}, made by ${token}: its key; free it. ${id}: room for 13. */
static char *
make(const char *token, const char *of, char id[13])
{
	char body[256];
	struct http_reply reply;
	char *key;

	snprintf(body, sizeof body, "{\"of\":%s,\"note\":\"ward 7\"}", of);
	reply = ask("POST", "/v1/links", token, body);
	if (reply.status != 201)
		fail_msg("%s: %d %s", of, reply.status, reply.body);
	key = strdup(http_at(&reply, "key"));
	snprintf(id, 13, "%s", http_at(&reply, "id"));
	assert_non_null(strstr(http_at(&reply, "path"), key));
	http_free(&reply);
	return key;
}

static void
who_answers_for_a_thing_makes_and_revokes_its_links(void **state)
{
	char id[13], other[13], path[64];
	struct http_reply reply;
	char *key;

	(void)state;
	free(make(manager, "{\"rota\":\"amhp-duty\"}", id));
	free(make(chief, "{\"gaps_of_place\":\"ZED01\"}", other));
	expect("POST", "/v1/links", viewer, "{\"of\":{\"rota\":\"amhp-duty\"}}", 403);
	expect("POST", "/v1/links", viewer, "{\"of\":{\"gaps_of_place\":\"ZED01\"}}", 403);
	expect("POST", "/v1/links", manager, "{\"of\":{\"rota\":\"none-such\"}}", 403);
	expect("POST", "/v1/links", manager,
	    "{\"of\":{\"rota\":\"amhp-duty\",\"person\":\"jo-jones\"}}", 400);
	expect("POST", "/v1/links", manager, "{\"of\":{}}", 400);
	expect("POST", "/v1/links", manager, "{}", 400);
	expect("POST", "/v1/links", manager,
	    "{\"of\":{\"gaps_of_place\":\"ZED01\"},\"names\":true}", 400);
	expect("POST", "/v1/links", manager,
	    "{\"of\":{\"rota\":\"amhp-duty\"},\"expires_at\":\"2020-01-01T00:00:00Z\"}", 400);
	expect("POST", "/v1/links", manager,
	    "{\"of\":{\"rota\":\"amhp-duty\"},\"expires_at\":\"2090-01-01T00:00:00Z\"}", 400);

	reply = ask("GET", "/v1/links", viewer, NULL);
	assert_string_equal(http_at(&reply, "links.0"), "(none)");
	http_free(&reply);
	/* Also what somebody else has made, of a thing that both answer for. */
	reply = ask("GET", "/v1/links?limit=1", chief, NULL);
	assert_string_equal(http_at(&reply, "links.0.id"), id);
	assert_string_equal(http_at(&reply, "links.0.made_by"), "zfc-rotas");
	assert_string_equal(http_at(&reply, "links.0.of.rota"), "amhp-duty");
	assert_string_equal(http_at(&reply, "links.0.names"), "false");
	assert_string_equal(http_at(&reply, "links.0.used_at"), "null");
	assert_string_equal(http_at(&reply, "next_cursor"), id);
	assert_null(strstr(reply.body, "cl_"));
	http_free(&reply);
	snprintf(path, sizeof path, "/v1/links?cursor=%s", id);
	reply = ask("GET", path, chief, NULL);
	assert_string_equal(http_at(&reply, "links.0.id"), other);
	assert_string_equal(http_at(&reply, "next_cursor"), "null");
	http_free(&reply);

	snprintf(path, sizeof path, "/v1/links/%s", id);
	expect("DELETE", path, viewer, NULL, 404);
	expect("DELETE", path, chief, NULL, 204);
	expect("DELETE", path, chief, NULL, 404);
	expect("DELETE", "/v1/links/none", chief, NULL, 404);
	key = make(manager, "{\"person\":\"jo-jones\"}", id);
	free(key);
	/* An administrator who revokes all tokens of an account revokes its links. */
	expect("DELETE", "/v1/accounts/zfc-rotas/tokens", chief, NULL, 200);
	snprintf(path, sizeof path, "/v1/links/%s", id);
	expect("DELETE", path, chief, NULL, 404);
}

/* In no header, and with either prefix. */
static void
a_link_is_no_bearer_token(void **state)
{
	char id[13];
	char *key = make(manager, "{\"rota\":\"amhp-duty\"}", id);

	(void)state;
	expect("GET", "/v1/me", key, NULL, 401);
	expect("POST", "/v1/session", key, NULL, 401);
	expect("GET", "/v1/links", key, NULL, 401);
	key[1] = 'c';
	expect("GET", "/v1/me", key, NULL, 401);
	free(key);
}

static void
its_hash_alone_is_kept(void **state)
{
	char id[13], sql[256];
	char *key = make(manager, "{\"service\":\"fenmere-amhp\"}", id);

	(void)state;
	snprintf(sql, sizeof sql,
	    "select encode(sha256('%s'), 'hex') = encode(sha256, 'hex') and scopes = '{}' and link_kind = 'service' from token where id = '%s'",
	    key, id);
	scratch_psql_until(testbed_postgres(), sql, "t", 20);
	snprintf(sql, sizeof sql,
	    "select count(*) from (select t::text as line from token t union all select a::text from audit a) x where line like '%%%s%%'",
	    key + 16);
	scratch_psql_until(testbed_postgres(), sql, "0", 20);
	/* The audit says what was given out and to what, and not for whom. */
	scratch_psql_until(testbed_postgres(),
	    "select string_agg(actor || ' ' || object, ',') from audit where action = 'link_made' and detail::text not like '%ward 7%'",
	    "zfc-rotas service/fenmere-amhp", 20);
	free(key);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		who_answers_for_a_thing_makes_and_revokes_its_links, apply_and_sign_in, leave),
	    cmocka_unit_test_setup_teardown(a_link_is_no_bearer_token, apply_and_sign_in, leave),
	    cmocka_unit_test_setup_teardown(its_hash_alone_is_kept, apply_and_sign_in, leave),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
