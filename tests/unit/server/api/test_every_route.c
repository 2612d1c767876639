/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

#include <time.h>

#include "server/api/ask/rights.h"
#include "server/api/routes.h"

/*
 * Every call of the table, asked as every role: who lacks its right is refused, parameters it does
 * not have and values that are none of the parameter's kind are told so, and an answer that holds
 * somebody's name is noted for the audit with the account that saw it.
 */

static const struct {
	const char *account;
	enum account_role role;
} who[] = {
    {"oswins-ed", ROLE_VIEWER},
    {"switch", ROLE_SWITCHBOARD},
    {"board", ROLE_COMMISSIONER},
    {"zfc-rotas", ROLE_ROTA_MANAGER},
    {"reviewer", ROLE_AUDITOR},
    {"chief", ROLE_ADMINISTRATOR},
};
#define NWHO (sizeof who / sizeof *who)

static char *tokens[NWHO];
static char noted[64 * 1024]; /* what the audit must have: "account route", a line each */

static int
apply_and_sign_in(void **state)
{
	testbed_set_up(state);
	testbed_apply();
	testbed_good("amhp-duty", "now()");
	testbed_shift("amhp-duty", "a", "named", "jo-jones", -2, 5);
	testbed_shift("amhp-duty", "b", "named", "s-ahmed", 5, 12);
	testbed_sql(
	    "select override_add('amhp-duty', 'p-lee', null, now(), now() + interval '1 hour', now() + interval '1 hour', 'note', "
	    "false, 'zfc-rotas')");
	testbed_sql(
	    "select report_add('switch', 'ZED01', 'amhp', 'fenmere-amhp', 'amhp-duty', 'jo-jones', 'no_answer', 7200);"
	    "select note_add('{\"on\": \"service\", \"service\": \"fenmere-amhp\"}', 'ring J Jones', now() + interval '1 hour', 'switch', "
	    "'switchboard', 5)");
	testbed_moved("amhp-duty");
	for (size_t i = 0; i < NWHO; i++)
		tokens[i] = testbed_token(who[i].account);
	testbed_until(&(struct http_ask){.port = testbed_port(),
			  .path = "/v1/now?place=ZED01&function=amhp",
			  .token = testbed_admin()},
	    "functions.0.on_call.0.name", "J Jones");
	return 0;
}

static int
leave(void **state)
{
	for (size_t i = 0; i < NWHO; i++)
		free(tokens[i]);
	return testbed_tear_down(state);
}

/* Something that there is, for a {name} of a path. */
static const char *
thing(const char *pattern, const char *name)
{
	if (strcmp(name, "place") == 0)
		return "ZED01";
	if (strcmp(name, "rota") == 0 || strstr(pattern, "/rotas/{id}") != NULL)
		return "amhp-duty";
	return strcmp(name, "name") == 0 ? "switch" : "1";
}

static void
put_time(char out[32], int64_t after)
{
	time_t at = time(NULL) + (time_t)after;
	struct tm utc;

	gmtime_r(&at, &utc);
	strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

/* The path with what it needs filled in; what ${odd} (NULL: nothing) is put after it. */
static void
path_of(const struct route *route, const char *odd, char out[512])
{
	size_t len = 0;
	bool first = true;

	for (const char *at = route->pattern; *at != '\0';) {
		const char *end = *at == '{' ? strchr(at, '}') : NULL;
		char name[32];

		if (end == NULL) {
			out[len++] = *at++;
			continue;
		}
		snprintf(name, sizeof name, "%.*s", (int)(end - at - 1), at + 1);
		len += (size_t)snprintf(out + len, 512 - len, "%s", thing(route->pattern, name));
		at = end + 1;
	}
	out[len] = '\0';
	for (const struct param *param = route->params; param != NULL && param->kind != PARAM_END;
	     param++) {
		char value[32];

		if (!param->required)
			continue;
		if (param->kind == PARAM_TIME)
			put_time(value, strcmp(param->name, "to") == 0 ? 3600 : -30);
		else
			snprintf(value, sizeof value, "%s", thing(route->pattern, param->name));
		len += (size_t)snprintf(
		    out + len, 512 - len, "%s%s=%s", first ? "?" : "&", param->name, value);
		first = false;
	}
	if (odd != NULL)
		snprintf(out + len, 512 - len, "%s%s", first ? "?" : "&", odd);
}

static struct http_reply
call(const struct route *route, const char *token, const char *odd)
{
	const char *method = route->method == WEB_GET     ? "GET"
			     : route->method == WEB_POST  ? "POST"
			     : route->method == WEB_PUT   ? "PUT"
			     : route->method == WEB_PATCH ? "PATCH"
							  : "DELETE";
	char path[512];

	path_of(route, odd, path);
	return http(&(struct http_ask){
	    .port = testbed_port(), .method = method, .path = path, .token = token});
}

static bool
has_name(const char *body)
{
	static const char *const words[] = {"J Jones", "S Ahmed", "P Lee", "441632960123"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strstr(body, words[i]) != NULL)
			return true;
	return false;
}

/* An answer with a name in it: the audit must have it. */
static void
expect_note(const struct route *route, const char *account, const char *body)
{
	size_t len = strlen(noted);

	if (!has_name(body))
		return;
	if (route->reads == 0)
		fail_msg("%s tells %s a name, and notes nothing", route->pattern, account);
	snprintf(noted + len, sizeof noted - len, "%s %s\n", account, route->pattern);
}

static void
ask_as_everybody(const struct route *route)
{
	for (size_t i = 0; i < NWHO; i++) {
		const struct account account = {.role = who[i].role};
		bool may = rights_has(&account, route->right);
		struct http_reply reply;

		if (may && route->method != WEB_GET)
			continue;
		reply = call(route, tokens[i], NULL);
		if (!may && reply.status != 403)
			fail_msg("%s: %s gets %d, not 403", route->pattern, who[i].account,
			    reply.status);
		if (may && reply.status != 200 && reply.status != 403 && reply.status != 404)
			fail_msg("%s: %s gets %d: %s", route->pattern, who[i].account, reply.status,
			    reply.body);
		if (!may && has_name(reply.body))
			fail_msg("%s: a refusal of %s has a name", route->pattern, who[i].account);
		if (may && reply.status == 200)
			expect_note(route, who[i].account, reply.body);
		http_free(&reply);
	}
}

/* holds: H13.1 A10 */
static void
every_role_gets_what_its_right_allows_and_names_are_noted(void **state)
{
	size_t count;
	const struct route *routes = routes_rows(&count);
	char *line, *rest = noted;

	(void)state;
	noted[0] = '\0';
	for (size_t i = 0; i < count; i++)
		if (routes[i].open == NULL && strcmp(routes[i].pattern, "/v1/session") != 0)
			ask_as_everybody(&routes[i]);
	assert_non_null(strstr(noted, "reviewer /v1/now"));
	assert_null(strstr(noted, "board "));
	testbed_stop(); /* what is not written yet is written by the next */
	testbed_start();
	while ((line = strsep(&rest, "\n")) != NULL && *line != '\0') {
		char sql[512];

		snprintf(sql, sizeof sql,
		    "select count(*) > 0 from audit where action = 'read' and actor || ' ' || (detail->>'route') = '%s'",
		    line);
		scratch_psql_until(testbed_postgres(), sql, "t", 20);
	}
}

/* holds: H13.1 A10 */
static void
nobody_gets_anything_without_an_account(void **state)
{
	size_t count;
	const struct route *routes = routes_rows(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct http_reply reply;

		if (routes[i].open != NULL || routes[i].right == RIGHT_NONE)
			continue;
		reply = call(&routes[i], NULL, NULL);
		if (reply.status != 401)
			fail_msg("%s answers a stranger %d", routes[i].pattern, reply.status);
		http_free(&reply);
	}
}

/* Asks with one more parameter; the answer is 400 and names ${where}. */
static void
expect_fault(const struct route *route, const char *odd, const char *where)
{
	struct http_reply reply = call(route, testbed_admin(), odd);

	if (reply.status != 400 || strstr(reply.body, where) == NULL)
		fail_msg("%s with %s: %d, %s", route->pattern, odd, reply.status, reply.body);
	http_free(&reply);
}

static void
what_a_call_does_not_know_is_told_so(void **state)
{
	size_t count;
	const struct route *routes = routes_rows(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		if (routes[i].open != NULL || routes[i].method != WEB_GET)
			continue;
		expect_fault(&routes[i], "stranger=1", "there is no parameter");
		for (const struct param *param = routes[i].params;
		     param != NULL && param->kind != PARAM_END; param++) {
			char odd[64], where[64];

			if (param->required || param->kind == PARAM_TEXT)
				continue;
			snprintf(odd, sizeof odd, "%s=%%21", param->name);
			snprintf(where, sizeof where, "query.%s", param->name);
			if (param->kind == PARAM_CODE && strcmp(param->name, "rota") == 0)
				continue; /* 404: whether there is such a rota is nobody's business
					   */
			expect_fault(&routes[i], odd, where);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		every_role_gets_what_its_right_allows_and_names_are_noted, apply_and_sign_in,
		leave),
	    cmocka_unit_test_setup_teardown(
		nobody_gets_anything_without_an_account, apply_and_sign_in, leave),
	    cmocka_unit_test_setup_teardown(
		what_a_call_does_not_know_is_told_so, apply_and_sign_in, leave),
	};

	return cmocka_run_group_tests_name("every_route", tests, testbed_open, testbed_close);
}
