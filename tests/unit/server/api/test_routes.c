/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

#include <poll.h>

#include "server/api/routes.h"
#include "server/base/clock.h"
#include "server/base/file.h"

/* Every route of the table: what it answers when asked well, and every way of asking it wrong. */

static char *device, *fenmere, *switchboard, *board, *manager, *auditor;

static int
apply_and_sign_in(void **state)
{
	testbed_set_up(state);
	testbed_apply();
	testbed_good("amhp-duty", "now()");
	testbed_good("amhp-second", "now()");
	testbed_shift("amhp-duty", "a", "named", "jo-jones", -2, 5);
	device = testbed_token("oswins-ed");
	fenmere = testbed_token("fenmere-all");
	switchboard = testbed_token("switch");
	board = testbed_token("board");
	manager = testbed_token("zfc-rotas");
	auditor = testbed_token("reviewer");
	return 0;
}

static int
leave(void **state)
{
	char **const tokens[] = {&device, &fenmere, &switchboard, &board, &manager, &auditor};

	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
		free(*tokens[i]);
	return testbed_tear_down(state);
}

/* The account that asks, as a word of the tables below. */
static const char *
token_of(const char *who)
{
	const struct {
		const char *name, *token;
	} tokens[] = {{"admin", testbed_admin()}, {"device", device}, {"fenmere", fenmere},
	    {"switch", switchboard}, {"board", board}, {"manager", manager}, {"auditor", auditor},
	    {"wrong", "cc_000000000000_0000000000000000000000000000000000000000000"}};

	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
		if (strcmp(tokens[i].name, who) == 0)
			return tokens[i].token;
	return NULL;
}

struct row {
	const char *who, *method, *path, *body;
	int status;
	const char *where, *wanted; /* in the answer; NULL: not looked at */
};

static void
run(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct http_reply reply = http(&(struct http_ask){.port = testbed_port(),
		    .method = rows[i].method,
		    .path = rows[i].path,
		    .token = token_of(rows[i].who),
		    .body = rows[i].body});
		char *type = http_header(&reply, "Content-Type");

		if (reply.status != rows[i].status ||
		    (rows[i].where && strcmp(http_at(&reply, rows[i].where), rows[i].wanted) != 0))
			fail_msg("%s %s %s: %d (not %d), %s is %s (not %s)\n%s", rows[i].who,
			    rows[i].method, rows[i].path, reply.status, rows[i].status,
			    rows[i].where ? rows[i].where : "-",
			    rows[i].where ? http_at(&reply, rows[i].where) : "-",
			    rows[i].wanted ? rows[i].wanted : "-", reply.body);
		if (reply.status >= 400) {
			assert_string_equal(type, "application/problem+json");
			assert_int_equal(atoi(http_at(&reply, "status")), reply.status);
			assert_string_not_equal(http_at(&reply, "detail"), "(none)");
		}
		free(type);
		http_free(&reply);
	}
}

#define RUN(rows) run(rows, sizeof(rows) / sizeof *(rows))

static void
reads_answer(void **state)
{
	static const struct row rows[] = {
	    {"device", "GET", "/v1/now?place=ZED01", NULL, 200, "functions.0.function", "amhp"},
	    {"device", "GET", "/v1/now?place=ZED01&function=liaison", NULL, 200,
		"functions.0.state", "not_commissioned"},
	    {"device", "GET",
		"/v1/coverage?place=ZED01&from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z", NULL,
		200, "requirements.0.id", "R01"},
	    {"board", "GET", "/v1/gaps", NULL, 200, "gaps", "[]"},
	    {"board", "GET", "/v1/gaps?state=all&place=ZED01&function=amhp", NULL, 200, "gaps",
		"[]"},
	    {"device", "GET", "/v1/flags", NULL, 200, "head", "1-0"},
	    {"device", "GET", "/v1/flags?after=1-0&limit=5", NULL, 200, "flags", "[]"},
	    {"manager", "GET", "/v1/feeds", NULL, 200, "feeds.0.state", "good"},
	    {"manager", "GET", "/v1/feeds?limit=1", NULL, 200, "next_cursor", "amhp-duty"},
	    {"manager", "GET", "/v1/feeds?cursor=amhp-duty", NULL, 200, "feeds.0.rota",
		"amhp-second"},
	    {"device", "GET", "/v1/shifts?rota=amhp-duty", NULL, 200, "shifts.0.name", "J Jones"},
	    {"board", "GET", "/v1/shifts?rota=amhp-duty", NULL, 200, "shifts.0.name", "null"},
	    {"device", "GET", "/v1/places", NULL, 200, "places.0.code", "ZED01"},
	    {"device", "GET", "/v1/places", NULL, 200, "places.1", "(none)"},
	    {"switch", "GET", "/v1/places?q=north", NULL, 200, "places.0.code", "ZED02"},
	    {"switch", "GET", "/v1/people?q=jones", NULL, 200, "people.0.work_phone",
		"+441632960123"},
	    {"device", "GET", "/v1/people?q=jones", NULL, 200, "people.0.work_phone", "(none)"},
	    {"device", "GET", "/v1/services?place=ZED01", NULL, 200, "services.1.id",
		"oswin-liaison"},
	    {"manager", "GET", "/v1/rotas", NULL, 200, "rotas.0.may_change", "true"},
	    {"manager", "GET", "/v1/rotas", NULL, 200, "rotas.2.may_change", "false"},
	    {"device", "GET", "/v1/rotas", NULL, 200, "rotas.3", "(none)"},
	    {"device", "GET", "/v1/requirements", NULL, 200, "requirements.1.hours.0.from",
		"09:00"},
	    {"device", "GET", "/v1/requirements?function=liaison", NULL, 200, "requirements", "[]"},
	    {"device", "GET", "/v1/requirements", NULL, 200, "requirements.0.template", "false"},
	    {"device", "GET", "/v1/requirements", NULL, 200, "requirements.1.template", "true"},
	    {"device", "GET", "/v1/requirements", NULL, 200, "requirements.1.pack", "council-amhp"},
	    {"board", "GET",
		"/v1/coverage?place=ZED01&from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z", NULL,
		200, "requirements.1.template", "true"},
	    {"device", "GET", "/v1/bundles", NULL, 200, "bundles", "[]"},
	    {"board", "GET", "/v1/bundles?place=ZED01&state=missing", NULL, 200, "bundles", "[]"},
	    {"board", "GET", "/v1/bundles?state=half", NULL, 400, "errors.0.path", "query.state"},
	    {"device", "GET", "/v1/bundles?place=ZED02", NULL, 403, NULL, NULL},
	    {"board", "GET", "/v1/packs", NULL, 200, "packs.1.pack", "council-amhp"},
	    {"board", "GET", "/v1/packs", NULL, 200, "packs.5", "(none)"},
	    {"board", "GET", "/v1/packs/council-amhp", NULL, 200, "requirements.0.id", "R01"},
	    {"board", "GET", "/v1/packs/nobody-s", NULL, 404, "status", "404"},
	    {"auditor", "GET", "/v1/region", NULL, 200, "rotas.0.id", "amhp-duty"},
	    {"device", "GET", "/v1/me", NULL, 200, "places.0.code", "ZED01"},
	    {"auditor", "GET", "/v1/imports", NULL, 200, "imports", "[]"},
	    {"device", "GET", "/v1/version", NULL, 200, "version", CRISISCOVER_VERSION},
	    {"device", "GET", "/v1/version", NULL, 200, "api", "v1"},
	    {"nobody", "GET", "/v1/version", NULL, 401, NULL, NULL},
	    {"nobody", "GET", "/healthz", NULL, 200, NULL, NULL},
	    {"nobody", "GET", "/metrics", NULL, 200, NULL, NULL},
	    {"nobody", "GET", "/openapi.yaml", NULL, 200, NULL, NULL},
	    {"nobody", "GET", "/", NULL, 200, NULL, NULL},
	    {"nobody", "GET", "/now.html", NULL, 200, NULL, NULL},
	    {"device", "GET", "/now/ZED01.txt", NULL, 200, NULL, NULL},
	};

	(void)state;
	RUN(rows);
}

static void
wrong_questions_are_told_so(void **state)
{
	static const struct row rows[] = {
	    {"device", "GET", "/v1/now", NULL, 400, "errors.0.path", "query.place"},
	    {"device", "GET", "/v1/now?place=ZED01&place=ZED01", NULL, 400, "errors.0.path",
		"query.place"},
	    {"device", "GET", "/v1/now?place=ZED01&colour=red", NULL, 400, "errors.0.path",
		"query"},
	    {"device", "GET", "/v1/now?place=%00", NULL, 400, NULL, NULL},
	    {"device", "GET", "/v1/now?place=..%2Fetc", NULL, 400, "errors.0.path", "query.place"},
	    {"device", "GET", "/v1/now?place=NOWHERE", NULL, 404, NULL, NULL},
	    {"device", "GET", "/v1/now?place=ZED01&function=nothing", NULL, 404, NULL, NULL},
	    {"device", "GET", "/v1/now?place=ZED01&at=yesterday", NULL, 400, "errors.0.path",
		"query.at"},
	    {"device", "GET", "/v1/now?place=ZED01&at=2126-01-01T00:00:00Z", NULL, 400,
		"errors.0.path", "query.at"},
	    {"device", "GET", "/v1/now?place=ZED01&known_at=2126-01-01T00:00:00Z", NULL, 400,
		"errors.0.path", "query.known_at"},
	    {"device", "GET", "/v1/now?place=ZED02", NULL, 403, NULL, NULL},
	    {"fenmere", "GET", "/v1/now?place=ZED01", NULL, 200, NULL, NULL},
	    {"nobody", "GET", "/v1/now?place=ZED01", NULL, 401, NULL, NULL},
	    {"wrong", "GET", "/v1/now?place=ZED01", NULL, 401, NULL, NULL},
	    {"device", "GET", "/v1/coverage?place=ZED01", NULL, 400, "errors.0.path", "query.from"},
	    {"device", "GET",
		"/v1/coverage?place=ZED01&from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z", NULL,
		400, "errors.0.path", "query.to"},
	    {"device", "GET",
		"/v1/coverage?place=ZED01&from=2026-01-01T00:00:00Z&to=2026-05-01T00:00:00Z", NULL,
		400, "errors.0.path", "query.to"},
	    {"device", "GET",
		"/v1/coverage?place=ZED01&from=2126-01-01T00:00:00Z&to=2126-01-02T00:00:00Z", NULL,
		400, "errors.0.path", "query.to"},
	    {"device", "GET",
		"/v1/coverage?place=ZED02&from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z", NULL,
		403, NULL, NULL},
	    {"board", "GET", "/v1/gaps?state=ajar", NULL, 400, "errors.0.path", "query.state"},
	    {"board", "GET", "/v1/gaps?limit=1001", NULL, 400, "errors.0.path", "query.limit"},
	    {"board", "GET", "/v1/gaps?cursor=x", NULL, 400, "errors.0.path", "query.cursor"},
	    {"board", "GET", "/v1/gaps?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z", NULL,
		400, "errors.0.path", "query.to"},
	    {"board", "GET", "/v1/flags?after=latest", NULL, 400, "errors.0.path", "query.after"},
	    {"device", "GET", "/v1/shifts", NULL, 400, "errors.0.path", "query.rota"},
	    {"device", "GET", "/v1/shifts?rota=none", NULL, 404, NULL, NULL},
	    {"device", "GET", "/v1/shifts?rota=amhp-duty&from=2020-01-01T00:00:00Z", NULL, 400,
		"errors.0.path", "query.from"},
	    {"device", "GET", "/v1/shifts?rota=amhp-duty&to=2126-01-01T00:00:00Z", NULL, 400,
		"errors.0.path", "query.to"},
	    {"board", "GET", "/v1/gaps?within=perhaps&place=ZED01", NULL, 400, "errors.0.path",
		"query.within"},
	    {"board", "GET", "/v1/gaps?within=true", NULL, 400, "errors.0.path", "query.within"},
	    {"device", "GET", "/v1/shifts?rota=leave-fenmere", NULL, 404, NULL, NULL},
	    {"device", "GET", "/v1/shifts?rota=amhp-duty&cursor=12", NULL, 400, "errors.0.path",
		"query.cursor"},
	    {"board", "GET", "/v1/people", NULL, 403, NULL, NULL},
	    {"device", "GET", "/v1/places?cursor=none", NULL, 400, "errors.0.path", "query.cursor"},
	    {"device", "GET", "/v1/region", NULL, 403, NULL, NULL},
	    {"device", "PUT", "/v1/region", "{}", 403, NULL, NULL},
	    {"admin", "PUT", "/v1/region", "", 400, "errors.0.path", "$"},
	    {"admin", "PUT", "/v1/region", "{", 422, "errors.0.path", "line 1, column 1"},
	    {"admin", "PUT", "/v1/region", "{\"crisiscover\": 2}", 422, "errors.0.path",
		"$.crisiscover"},
	    {"admin", "PUT", "/v1/region?dry_run=perhaps", "{}", 400, "errors.0.path",
		"query.dry_run"},
	    {"manager", "POST", "/v1/accounts/switch/tokens", "{}", 403, NULL, NULL},
	    {"admin", "POST", "/v1/accounts/none/tokens", "{}", 404, NULL, NULL},
	    {"admin", "POST", "/v1/accounts/switch/tokens", "{\"colour\": 1}", 400, "errors.0.path",
		"$"},
	    {"admin", "POST", "/v1/accounts/switch/tokens",
		"{\"expires_at\": \"2020-01-01T00:00:00Z\"}", 400, "errors.0.path", "$.expires_at"},
	    {"admin", "POST", "/v1/accounts/switch/tokens", "[]", 400, "errors.0.path", "$"},
	    {"admin", "DELETE", "/v1/tokens/nosuchtoken0", NULL, 404, NULL, NULL},
	    {"admin", "DELETE", "/v1/tokens/x", NULL, 404, NULL, NULL},
	    {"device", "POST", "/v1/feeds/amhp-duty/refresh", "", 403, NULL, NULL},
	    {"manager", "POST", "/v1/feeds/liaison-rota/refresh", "", 403, NULL, NULL},
	    {"manager", "POST", "/v1/feeds/amhp-second/refresh", "", 409, NULL, NULL},
	    {"manager", "POST", "/v1/feeds/none/refresh", "", 404, NULL, NULL},
	    {"device", "POST", "/v1/navigators/none/closing", "{}", 403, NULL, NULL},
	    {"manager", "POST", "/v1/navigators/none/closing", "{}", 404, NULL, NULL},
	    {"manager", "DELETE", "/v1/navigators/none/closing", NULL, 404, NULL, NULL},
	    {"manager", "POST", "/v1/feeds/amhp-duty/refresh", "", 202, "asked", "true"},
	    {"manager", "POST", "/v1/gaps/0f8fad5b-d9cb-469f-a165-70867728950e/acknowledge", "{}",
		404, NULL, NULL},
	    {"manager", "POST", "/v1/gaps/none/acknowledge", "{}", 404, NULL, NULL},
	    {"board", "POST", "/v1/gaps/0f8fad5b-d9cb-469f-a165-70867728950e/acknowledge", "{}",
		403, NULL, NULL},
	    {"manager", "POST", "/v1/rotas/amhp-duty/imports", "{}", 415, NULL, NULL},
	    {"device", "GET", "/v1/imports", NULL, 403, NULL, NULL},
	    {"manager", "GET", "/v1/imports/12", NULL, 404, NULL, NULL},
	    {"manager", "GET", "/v1/imports/x", NULL, 404, NULL, NULL},
	    {"manager", "POST", "/v1/imports/12/confirm", "{}", 404, NULL, NULL},
	    {"manager", "POST", "/v1/imports/12/confirm", "{\"reason\": 7}", 400, "errors.0.path",
		"$.reason"},
	    {"manager", "POST", "/v1/imports/12/discard", "{}", 404, NULL, NULL},
	    {"manager", "POST", "/v1/imports/12/undo", "{}", 404, NULL, NULL},
	    {"nobody", "POST", "/v1/session", "", 401, NULL, NULL},
	    {"nobody", "GET", "/v1/me", NULL, 401, NULL, NULL},
	    {"nobody", "GET", "/../etc/passwd", NULL, 404, NULL, NULL},
	    {"nobody", "GET", "/%2e%2e/etc/passwd", NULL, 404, NULL, NULL},
	    {"nobody", "GET", "/app.c", NULL, 404, NULL, NULL},
	    {"device", "GET", "/now/NOWHERE.txt", NULL, 404, NULL, NULL},
	    {"nobody", "GET", "/now/ZED01.txt", NULL, 401, NULL, NULL},
	};

	(void)state;
	RUN(rows);
}

/* A token is shown once, works until it is revoked, and leaves nothing but its hash. */
static void
tokens_come_and_go(void **state)
{
	struct http_reply reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "POST",
	    .path = "/v1/accounts/switch/tokens",
	    .token = testbed_admin(),
	    .body = "{}"});
	char token[128], path[256], *rows;

	(void)state;
	assert_int_equal(reply.status, 201);
	snprintf(token, sizeof token, "%s", http_at(&reply, "token"));
	snprintf(path, sizeof path, "/v1/tokens/%s", http_at(&reply, "id"));
	http_free(&reply);
	testbed_until_status(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/me", .token = token}, 200);
	rows = scratch_psql(testbed_postgres(), "select * from token; select * from audit");
	assert_null(strstr(rows, token + 16));
	free(rows);
	reply = http(&(struct http_ask){
	    .port = testbed_port(), .method = "DELETE", .path = path, .token = testbed_admin()});
	assert_int_equal(reply.status, 204);
	http_free(&reply);
	testbed_until_status(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/me", .token = token}, 401);
}

static int
with_cookie(const char *method, const char *path, const char *cookie, const char *more)
{
	char headers[512];
	struct http_reply reply;
	int status;

	snprintf(headers, sizeof headers, "Cookie: %s\r\n%s", cookie, more);
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = method,
	    .path = path,
	    .headers = headers,
	    .body = strcmp(method, "GET") == 0 ? NULL : ""});
	status = reply.status;
	http_free(&reply);
	return status;
}

static void
a_browser_signs_in_and_out(void **state)
{
	static const char refresh[] = "/v1/feeds/amhp-duty/refresh";
	struct http_reply reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "POST",
	    .path = "/v1/session",
	    .token = manager,
	    .body = ""});
	char *set = http_header(&reply, "Set-Cookie"), cookie[256], origin[64];

	(void)state;
	assert_int_equal(reply.status, 200);
	assert_string_equal(http_at(&reply, "account"), "zfc-rotas");
	assert_non_null(strstr(set, "HttpOnly"));
	assert_non_null(strstr(set, "SameSite=Strict"));
	assert_null(strstr(set, "Secure"));
	snprintf(cookie, sizeof cookie, "%.*s", (int)strcspn(set, ";"), set);
	snprintf(origin, sizeof origin, "Origin: http://127.0.0.1:%d\r\n", testbed_port());
	assert_int_equal(with_cookie("GET", "/v1/me", cookie, ""), 200);
	assert_int_equal(with_cookie("GET", "/now/ZED01.txt", cookie, ""), 200);
	assert_int_equal(with_cookie("POST", refresh, cookie, ""), 403);
	assert_int_equal(
	    with_cookie("POST", refresh, cookie, "Origin: http://evil.example\r\n"), 403);
	assert_int_equal(
	    with_cookie("POST", refresh, cookie, "Sec-Fetch-Site: cross-site\r\n"), 403);
	assert_int_equal(
	    with_cookie("POST", refresh, cookie, "Sec-Fetch-Site: same-origin\r\n"), 202);
	assert_int_equal(with_cookie("POST", refresh, cookie, origin), 202);
	assert_int_equal(with_cookie("DELETE", "/v1/session", cookie, origin), 204);
	/* Every process knows within a second: no sooner, on a busy machine. */
	for (int64_t deadline = clock_mono_ms() + 10000;
	     with_cookie("GET", "/v1/me", cookie, "") != 401;)
		assert_true(clock_mono_ms() < deadline);
	free(set);
	http_free(&reply);
}

/* The set-up that was given back can be sent again, changes nothing, and never held an address. */
static void
a_region_goes_round(void **state)
{
	struct http_reply region = testbed_get("/v1/region"), reply;
	char *url;

	(void)state;
	assert_null(strstr(region.body, "secret-amhp"));
	assert_non_null(strstr(region.body, "https://address.invalid/"));
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "PUT",
	    .path = "/v1/region?dry_run=1",
	    .token = testbed_admin(),
	    .body = region.body});
	assert_int_equal(reply.status, 200);
	assert_string_equal(http_at(&reply, "changes"), "[]");
	assert_string_equal(http_at(&reply, "applied"), "false");
	http_free(&reply);
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "PUT",
	    .path = "/v1/region",
	    .token = testbed_admin(),
	    .body = region.body});
	assert_int_equal(reply.status, 200);
	url = testbed_address("amhp-duty");
	assert_string_equal(url, "https://example.org/secret-amhp.ics");
	free(url);
	http_free(&reply);
	http_free(&region);
}

static char *
region_with(const char *from, const char *to)
{
	const char *region = testbed_region();
	const char *at = strstr(region, from);
	char *made = NULL;

	assert_non_null(at);
	assert_true(
	    asprintf(&made, "%.*s%s%s", (int)(at - region), region, to, at + strlen(from)) > 0);
	return made;
}

static void
a_region_is_applied_whole_or_not_at_all(void **state)
{
	char *changed = region_with("Northgate Hospital", "Northgate General");
	char *moved = region_with("secret-amhp", "other-secret");
	char *masked = region_with("https://example.org/secret-amhp.ics",
	    "https://address.invalid/"
	    "0000000000000000000000000000000000000000000000000000000000000000");
	char *versions;
	const struct row rows[] = {
	    {"admin", "PUT", "/v1/region", testbed_region(), 200, "applied", "false"},
	    {"admin", "PUT", "/v1/region?dry_run=1", changed, 200, "changes.0.code", "ZED02"},
	    {"admin", "PUT", "/v1/region?dry_run=1", changed, 200, "version", "1"},
	    {"admin", "PUT", "/v1/region?dry_run=1", moved, 200, "changes.0.code", "amhp-duty"},
	    {"admin", "PUT", "/v1/region", masked, 422, NULL, NULL},
	    {"admin", "PUT", "/v1/region", changed, 200, "version", "2"},
	    {"admin", "PUT", "/v1/region", changed, 200, "applied", "false"},
	};

	(void)state;
	RUN(rows);
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/places?q=northgate", .token = testbed_admin()},
	    "places.0.name", "Northgate General");
	versions = scratch_psql(testbed_postgres(),
	    "select count(*) from region; select count(*) from audit where action = 'region_applied'");
	assert_string_equal(versions, "2\n2");
	free(versions);
	free(changed);
	free(moved);
	free(masked);
}

static void
same_bytes_are_not_sent_twice(void **state)
{
	struct http_reply reply = testbed_get("/v1/places");
	char *etag = http_header(&reply, "ETag"), headers[128];

	(void)state;
	assert_non_null(etag);
	snprintf(headers, sizeof headers, "If-None-Match: %s\r\n", etag);
	http_free(&reply);
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .path = "/v1/places",
	    .token = testbed_admin(),
	    .headers = headers});
	assert_int_equal(reply.status, 304);
	http_free(&reply);
	free(etag);
}

static void
figures_are_for_this_machine_or_a_token(void **state)
{
	const struct http_ask ask = {.port = testbed_port(),
	    .path = "/metrics",
	    .headers = "X-Forwarded-For: 203.0.113.9\r\n"};
	struct http_reply reply = http(&ask);

	(void)state;
	assert_int_equal(reply.status, 401);
	http_free(&reply);
	reply = http(&(struct http_ask){.port = testbed_port(), .path = "/metrics"});
	assert_non_null(
	    strstr(reply.body, "crisiscover_feeds{freshness=\"fresh\",state=\"good\"} 2\n"));
	assert_non_null(
	    strstr(reply.body, "crisiscover_gaps{state=\"gap\",severity=\"critical\"} 0\n"));
	assert_non_null(strstr(reply.body, "crisiscover_snapshot_age_seconds "));
	http_free(&reply);
}

static int
figures_for(const char *token)
{
	struct http_reply reply =
	    http(&(struct http_ask){.port = testbed_port(), .path = "/metrics", .token = token});
	int status = reply.status;

	http_free(&reply);
	return status;
}

/* A proxy that forgets to say for whom it asks would ask as this machine. */
static void
behind_a_proxy_figures_are_for_a_token(void **state)
{
	static const char secret[] = "0123456789abcdef0123456789abcdef";
	char path[256], other[256], socket[256];

	(void)state;
	snprintf(path, sizeof path, "%s/monitor.token", testbed_folder());
	snprintf(other, sizeof other, "%s/proxy.secret", testbed_folder());
	snprintf(socket, sizeof socket, "%s/identity", testbed_folder());
	assert_int_equal(file_replace(path, secret, strlen(secret), 0600), STATUS_OK);
	assert_int_equal(
	    file_replace(other, "another secret of 32 characters, at least", 41, 0600), STATUS_OK);
	testbed_stop();
	testbed_proxied(path, "", "");
	testbed_start();
	assert_int_equal(figures_for(NULL), 401);
	assert_int_equal(figures_for("0123456789abcdef0123456789abcdee"), 401);
	assert_int_equal(figures_for(secret), 200);
	assert_int_equal(figures_for(testbed_admin()), 200);
	/* It opens nothing else. */
	testbed_until_status(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/me", .token = secret}, 401);
	testbed_stop();
	testbed_proxied("", socket, other);
	testbed_start();
	assert_int_equal(figures_for(NULL), 401);
	assert_int_equal(figures_for(""), 401);
	assert_int_equal(figures_for(testbed_admin()), 200);
	testbed_stop();
	testbed_proxied("", "", "");
	testbed_start();
	assert_int_equal(figures_for(NULL), 200);
}

static bool
figures_hold(const char *line)
{
	struct http_reply reply =
	    http(&(struct http_ask){.port = testbed_port(), .path = "/metrics"});
	bool found = reply.status == 200 && strstr(reply.body, line) != NULL;

	http_free(&reply);
	return found;
}

static void
until_figures_hold(const char *line)
{
	int64_t late = clock_mono_ms() + 20000;

	while (!figures_hold(line) && clock_mono_ms() < late)
		poll(NULL, 0, 50);
	if (!figures_hold(line))
		fail_msg("/metrics never had %s", line);
}

/* Roles without a port note the difference in the database. Of two machines the worse counts, while
 * it is heard of. */
static void
figures_tell_how_far_the_clock_of_each_role_is_off(void **state)
{
	(void)state;
	testbed_sql(
	    "insert into role_clock (role, machine, ahead_ms, at) values "
	    "('feeds', 'a', -40012, now()), ('feeds', 'b', 7, now()), ('feeds', 'c', 99000, now() - interval '6 minutes'), "
	    "('coverage', 'a', 3600000, now() - interval '1 hour'), ('coverage', 'b', -5, now() - interval '2 hours'), "
	    "('flags', 'a', -9, now())");
	until_figures_hold("\ncrisiscover_clock_offset_seconds{role=\"feeds\"} -40.012\n");
	assert_true(
	    figures_hold("\ncrisiscover_clock_offset_seconds{role=\"coverage\"} 3600.000\n"));
	assert_true(figures_hold("\ncrisiscover_clock_offset_seconds{role=\"flags\"} -0.009\n"));
	assert_true(figures_hold("\ncrisiscover_clock_offset_seconds{role=\"api\"} "));
	assert_true(figures_hold("\ncrisiscover_clock_offset_age_seconds{role=\"coverage\"} 36"));
	testbed_sql("delete from role_clock where machine = 'a'");
	until_figures_hold("\ncrisiscover_clock_offset_seconds{role=\"feeds\"} 0.007\n");
	assert_true(figures_hold("\ncrisiscover_clock_offset_seconds{role=\"coverage\"} -0.005\n"));
	assert_false(figures_hold("role=\"flags\""));
}

/* Gaps of the map, a page at a time, and somebody takes one on. */
/* Those who pass its screen may read what a device is told. */
static void
tells_no_device(void)
{
	static const char *const paths[] = {"/v1/gaps?state=all&place=ZED01",
	    "/v1/gaps?place=ZED01", "/v1/gaps?place=ZED01&grouped=1", "/v1/flags?after=1-0",
	    "/v1/now?place=ZED01",
	    "/v1/coverage?place=ZED01&from=2026-10-25T00:00:00Z&to=2026-10-26T00:00:00Z"};

	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/gaps?place=ZED01", .token = device},
	    "gaps.0.acknowledged_by", "zfc-rotas");
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct http_reply reply = testbed_as(device, paths[i]);

		assert_int_equal(reply.status, 200);
		if (strstr(reply.body, "Bank asked") != NULL)
			fail_msg("%s tells a device the note", paths[i]);
		http_free(&reply);
	}
}

static void
gaps_are_listed_and_acknowledged(void **state)
{
	struct http_ask list = {
	    .port = testbed_port(), .path = "/v1/gaps?limit=2", .token = testbed_admin()};
	struct http_reply reply;
	char path[256], cursor[128];

	(void)state;
	testbed_sql(
	    "insert into gap (requirement, place, function, starts_at, ends_at, state, cause, present, required, severity, "
	    "told) select 'R01', 'ZED01', 'amhp', date_trunc('hour', now()) + n * interval '1 day', date_trunc('hour', "
	    "now()) + n * interval '1 day' + interval '1 hour', 'gap', 'silent', 0, 1, 'high', true from generate_series(1, "
	    "3) n;begin; update map_head set version = version + 1;insert into map_change (epoch, version, requirement, "
	    "place) select epoch, version, 'R01', 'ZED01' from map_head; notify coverage_changed; commit");
	testbed_until(&list, "gaps.1.requirement", "R01");
	reply = http(&list);
	assert_string_equal(http_at(&reply, "gaps.2"), "(none)");
	assert_string_equal(http_at(&reply, "gaps.0.severity"), "critical");
	assert_string_equal(http_at(&reply, "gaps.0.owner"), "ZFC");
	assert_string_equal(http_at(&reply, "gaps.0.cause_code"), "silent");
	snprintf(
	    cursor, sizeof cursor, "/v1/gaps?limit=2&cursor=%s", http_at(&reply, "next_cursor"));
	snprintf(path, sizeof path, "/v1/gaps/%s/acknowledge", http_at(&reply, "gaps.0.id"));
	http_free(&reply);
	reply = testbed_get(cursor);
	assert_string_equal(http_at(&reply, "gaps.1"), "(none)");
	assert_string_equal(http_at(&reply, "next_cursor"), "null");
	http_free(&reply);
	const struct row rows[] = {
	    {"switch", "POST", path, "{\"note\": \"mine\"}", 403, NULL, NULL},
	    {"manager", "POST", path, "{\"note\": \"Bank asked\"}", 200, "changed", "true"},
	    {"admin", "POST", path, "{\"note\": \"again\"}", 200, "changed", "false"},
	    {"admin", "GET", "/v1/flags?after=1-0", NULL, 200, "flags.0.kind", "acknowledged"},
	    {"device", "GET", "/v1/flags?after=1-1", NULL, 200, "flags", "[]"},
	};
	RUN(rows);
	testbed_until(&list, "gaps.0.acknowledged_by", "zfc-rotas");
	testbed_until(&list, "as_of", "1-1");
	reply = testbed_get("/v1/gaps?state=all&place=ZED01");
	assert_string_equal(http_at(&reply, "gaps.0.note"), "Bank asked");
	http_free(&reply);
	tells_no_device();
}

/* Two requirements, a day of 24 hours each, before anything was recorded. */
static void
every_span_of_a_window_is_accounted_for(void **state)
{
	struct http_reply reply = testbed_get(
	    "/v1/"
	    "coverage?place=ZED01&function=amhp&from=2026-10-25T00:00:00Z&to=2026-10-26T00:00:00Z");
	double hours = 0;
	const char *state_name;
	json_t *value;

	(void)state;
	assert_int_equal(reply.status, 200);
	json_object_foreach(json_object_get(reply.json, "totals"), state_name, value) hours +=
	    json_number_value(value);
	assert_true(hours > 47.999 && hours < 48.001);
	assert_string_equal(
	    http_at(&reply, "requirements.0.spans.0.start"), "2026-10-25T00:00:00Z");
	assert_string_equal(http_at(&reply, "requirements.0.spans.0.cause_code"), "no_record");
	http_free(&reply);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_answer),
	    cmocka_unit_test(wrong_questions_are_told_so),
	    cmocka_unit_test(tokens_come_and_go),
	    cmocka_unit_test(a_browser_signs_in_and_out),
	    cmocka_unit_test(same_bytes_are_not_sent_twice),
	    cmocka_unit_test(figures_are_for_this_machine_or_a_token),
	    cmocka_unit_test(figures_tell_how_far_the_clock_of_each_role_is_off),
	    cmocka_unit_test(gaps_are_listed_and_acknowledged),
	    cmocka_unit_test(every_span_of_a_window_is_accounted_for),
	    cmocka_unit_test(a_region_is_applied_whole_or_not_at_all),
	    cmocka_unit_test(a_region_goes_round),
	    /* Last: the api is started again. */
	    cmocka_unit_test(behind_a_proxy_figures_are_for_a_token),
	};
	int failed;

	testbed_open(NULL);
	failed = cmocka_run_group_tests_name("api routes", tests, apply_and_sign_in, leave);
	testbed_close(NULL);
	return failed;
}
