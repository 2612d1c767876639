/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

#include <jansson.h>

#include "server/base/civil.h"
#include "server/base/clock.h"
#include "server/base/zone.h"

/*
 * One map, every state, every output: what /v1/now, /now/{place}.txt and /v1/coverage say of the
 * same shifts is the same, and unknown never looks like covered, gap or not commissioned in any of
 * them.
 */

/* A function of the map, and what each output must have. */
struct row {
	const char *function, *state, *cause; /* "" for none */
	int present, required;
	const char *words; /* in the text, in the paragraph of the function */
};

static const struct row rows[] = {
    {"covered", "covered", "", 1, 1, "COVERED (1 of 1 needed)"},
    {"short", "short", "too_few", 1, 2, "SHORT: fewer than needed (1 of 2 needed)"},
    {"gap", "gap", "silent", 0, 1, "GAP: NOBODY IS ON THE ROTA (0 of 1 needed)"},
    {"unknown", "unknown", "never_read", 0, 1, "We cannot confirm who is on call (0 of 1 needed)"},
    {"off", "not_commissioned", "", 0, 0, "Not commissioned at this hour"},
    /* Outside its hours somebody is on anyway. */
    {"off-but-on", "not_commissioned", "", 1, 0, "Not commissioned at this hour"},
    /* A team line, where it counts and where it does not. */
    {"team", "covered", "", 1, 1, "COVERED (1 of 1 needed)"},
    {"team-not", "gap", "team_only", 0, 1, "GAP: NOBODY IS ON THE ROTA (0 of 1 needed)"},
    /* A tolerance of a week holds back the flag, never the state. */
    {"tolerant", "gap", "silent", 0, 1, "GAP: NOBODY IS ON THE ROTA (0 of 1 needed)"},
    /* One person on two rotas, two people in a handover, and too many places for one. */
    {"twice", "short", "too_few", 1, 2, "SHORT: fewer than needed (1 of 2 needed)"},
    {"handover", "covered", "", 2, 2, "COVERED (2 of 2 needed)"},
    {"shared", "gap", "shared_too_widely", 0, 1, "GAP: NOBODY IS ON THE ROTA (0 of 1 needed)"},
    /* Somebody who does not hold the function, where it must be held and where not. */
    {"unheld", "gap", "role_not_held", 0, 1, "GAP: NOBODY IS ON THE ROTA (0 of 1 needed)"},
    /* One whose approval has ended, and one who is approved by somebody else. */
    {"ended", "gap", "approval_ended", 0, 1, "GAP: NOBODY IS ON THE ROTA (0 of 1 needed)"},
    {"elsewhere", "gap", "approval_ended", 0, 1, "GAP: NOBODY IS ON THE ROTA (0 of 1 needed)"},
    {"approved", "covered", "", 1, 1, "COVERED (1 of 1 needed)"},
    {"any", "covered", "", 1, 1, "COVERED (1 of 1 needed)"},
    {"any-short", "short", "too_few", 1, 2, "SHORT: fewer than needed (1 of 2 needed)"},
};
#define NROWS (sizeof rows / sizeof *rows)

#define ALWAYS "\"hours\":[{\"days\":[\"all\"],\"from\":\"00:00\",\"to\":\"24:00\"}]"

static void
add_list(struct buf *out, const char *key, void (*add)(struct buf *out, const struct row *row))
{
	buf_printf(out, ",\"%s\":[", key);
	for (size_t i = 0; i < NROWS; i++) {
		if (i > 0)
			buf_add_text(out, ",");
		add(out, &rows[i]);
	}
	buf_add_text(out, "]");
}

static void
add_function(struct buf *out, const struct row *row)
{
	buf_printf(
	    out, "{\"code\":\"%s\",\"name\":\"Function %s.\"}", row->function, row->function);
}

static void
add_service(struct buf *out, const struct row *row)
{
	buf_printf(out,
	    "{\"id\":\"s-%s\",\"name\":\"S\",\"function\":\"%s\",\"organisation\":\"O\","
	    "\"places\":[\"P\"%s]}",
	    row->function, row->function, strcmp(row->function, "shared") == 0 ? ",\"Q\"" : "");
}

static void
add_rota(struct buf *out, const struct row *row)
{
	buf_printf(out,
	    "{\"id\":\"r-%s\",\"service\":\"s-%s\",\"source\":{\"kind\":\"file\"}},"
	    "{\"id\":\"r2-%s\",\"service\":\"s-%s\",\"tier\":2,\"source\":{\"kind\":\"file\"}}",
	    row->function, row->function, row->function, row->function);
}

static bool
is_about_approvers(const char *function)
{
	return strcmp(function, "approved") == 0 || strcmp(function, "elsewhere") == 0;
}

static bool
is_barred(const struct row *row)
{
	return strcmp(row->cause, "role_not_held") == 0 ||
	       strcmp(row->cause, "approval_ended") == 0;
}

static bool
takes_any(const struct row *row)
{
	return strncmp(row->function, "any", 3) == 0;
}

/* With an approval where the row is about approvals. */
static void
add_role(struct buf *out, const char *function)
{
	if (strcmp(function, "ended") == 0)
		buf_printf(out, "{\"function\":\"%s\",\"until\":\"2020-01-01\"}", function);
	else if (is_about_approvers(function))
		buf_printf(out, "{\"function\":\"%s\",\"approved_by\":\"%s\"}", function,
		    strcmp(function, "approved") == 0 ? "O" : "O2");
	else
		buf_printf(out, "\"%s\"", function);
}

/* People with roles hold every function but those that test people without it. */
static void
add_roles(struct buf *out)
{
	bool first = true;

	buf_add_text(out, "\"roles\":[");
	for (size_t i = 0; i < NROWS; i++) {
		if (takes_any(&rows[i]) || strcmp(rows[i].function, "unheld") == 0)
			continue;
		buf_printf(out, "%s", first ? "" : ",");
		add_role(out, rows[i].function);
		first = false;
	}
	buf_add_text(out, "]}");
}

/* Of what is off now: asked for on a day that is not near. */
static void
add_requirement(struct buf *out, const struct row *row)
{
	static const char *const names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
	int64_t day = clock_wall() / 86400 + 3;
	bool off = row->required == 0;

	buf_printf(out,
	    "{\"id\":\"R-%s\",\"place\":\"P\",\"function\":\"%s\",\"count\":%d%s%s%s%s%s,",
	    row->function, row->function, off ? 1 : row->required,
	    strcmp(row->function, "team") == 0 ? ",\"team_counts\":true" : "",
	    strcmp(row->function, "tolerant") == 0 ? ",\"tolerance_minutes\":10080" : "",
	    strcmp(row->function, "shared") == 0 ? ",\"max_share\":1" : "",
	    takes_any(row) ? ",\"role\":\"any\"" : "",
	    is_about_approvers(row->function) ? ",\"approvers\":[\"O\"]" : "");
	if (off)
		buf_printf(out,
		    "\"hours\":[{\"days\":[\"%s\"],\"from\":\"10:00\",\"to\":\"11:00\"}]}",
		    names[civil_weekday(day)]);
	else
		buf_add_text(out, ALWAYS "}");
}

static void
put_region(void)
{
	struct buf out = {0};
	struct http_reply reply;

	buf_add_text(&out,
	    "{\"crisiscover\":1,\"organisations\":[{\"code\":\"O\",\"name\":\"O\",\"kind\":\"nhs_trust\"},"
	    "{\"code\":\"O2\",\"name\":\"O2\",\"kind\":\"local_authority\"}],"
	    "\"places\":[{\"code\":\"P\",\"name\":\"Place\",\"kind\":\"hospital\"},"
	    "{\"code\":\"Q\",\"name\":\"Other\",\"kind\":\"hospital\"}],"
	    "\"people\":[{\"id\":\"ann\",\"name\":\"Ann A\",\"organisation\":\"O\",");
	add_roles(&out);
	buf_add_text(&out, ",{\"id\":\"bob\",\"name\":\"Bob B\",\"organisation\":\"O\",");
	add_roles(&out);
	buf_add_text(&out, "]");
	add_list(&out, "functions", add_function);
	add_list(&out, "services", add_service);
	add_list(&out, "rotas", add_rota);
	add_list(&out, "requirements", add_requirement);
	buf_add_text(&out, "}");
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "PUT",
	    .path = TESTBED_REGION,
	    .token = testbed_admin(),
	    .body = out.at});
	if (reply.status != 200)
		fail_msg("%d %s", reply.status, reply.body);
	http_free(&reply);
	buf_free(&out);
	testbed_until_status(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/now?place=P", .token = testbed_admin()},
	    200);
}

/* The rotas are more than the api reads in one statement: that the last one is there does not say that
 * those before it are. */
static void
until_all_is_read(void)
{
	char *version = scratch_psql(
	    testbed_postgres(), "select format('%s-%s', epoch, version) from map_head");

	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/now?place=P", .token = testbed_admin()},
	    "map.version", version);
	free(version);
}

static int
set_up(void **state)
{
	static const char *const on[] = {"r-covered", "r-short", "r-off-but-on", "r-twice",
	    "r2-twice", "r-handover", "r-shared", "r-unheld", "r-any", "r-any-short", "r-ended",
	    "r-elsewhere", "r-approved"};

	testbed_set_up(state);
	put_region();
	for (size_t i = 0; i < NROWS; i++) {
		char rota[64];

		if (strcmp(rows[i].function, "unknown") == 0)
			continue; /* never read */
		for (int tier = 1; tier <= 2; tier++) {
			snprintf(
			    rota, sizeof rota, "r%s-%s", tier == 1 ? "" : "2", rows[i].function);
			testbed_good(rota, "now()");
		}
	}
	for (size_t i = 0; i < sizeof on / sizeof *on; i++)
		testbed_shift(on[i], "a", "named", "ann", -5, 9000);
	testbed_shift("r2-handover", "a", "named", "bob", -5, 9000);
	testbed_sql(
	    "insert into shift (rota, key, class, team, starts_at, ends_at) select rota, 'a', 'team', 'Hub', "
	    "now() - interval '5 hours', now() + interval '9000 hours' from unnest(array['r-team', 'r-team-not']) rota");
	testbed_moved("r-team");
	testbed_moved("r-team-not");
	until_all_is_read();
	return 0;
}

/* ------------------------------------------------------------------------------- the outputs */

/* Those of the worst state come first. */
static size_t
index_of(const struct http_reply *reply, const char *function)
{
	char path[64];

	for (size_t i = 0; i < NROWS; i++) {
		snprintf(path, sizeof path, "functions.%zu.function", i);
		if (strcmp(http_at(reply, path), function) == 0)
			return i;
	}
	fail_msg("%s is not in the answer", function);
	return 0;
}

/* holds: H16.2 */
static void
json_says_it(void **state)
{
	struct http_reply reply = testbed_get("/v1/now?place=P");

	(void)state;
	assert_int_equal(reply.status, 200);
	for (size_t i = 0; i < NROWS; i++) {
		static const char *const keys[] = {
		    "function", "state", "cause_code", "present", "required"};
		size_t at = index_of(&reply, rows[i].function);
		char want[5][64], path[64];

		snprintf(want[0], 64, "%s", rows[i].function);
		snprintf(want[1], 64, "%s", rows[i].state);
		snprintf(want[2], 64, "%s", rows[i].cause[0] ? rows[i].cause : "null");
		snprintf(want[3], 64, "%d", rows[i].present);
		snprintf(want[4], 64, "%d", rows[i].required);
		for (size_t k = 0; k < 5; k++) {
			snprintf(path, sizeof path, "functions.%zu.%s", at, keys[k]);
			if (strcmp(http_at(&reply, path), want[k]) != 0)
				fail_msg("%s: %s is %s, not %s", rows[i].function, keys[k],
				    http_at(&reply, path), want[k]);
		}
	}
	http_free(&reply);
}

/* holds: H16.2 */
static void
text_says_it(void **state)
{
	struct http_reply reply = testbed_get("/now/P.txt");

	(void)state;
	assert_int_equal(reply.status, 200);
	for (size_t i = 0; i < NROWS; i++) {
		char heading[64], *at, *end, after;

		snprintf(heading, sizeof heading, "Function %s.\n", rows[i].function);
		at = strstr(reply.body, heading);
		assert_non_null(at);
		end = strstr(at, "\n\n");
		assert_non_null(end);
		after = *end;
		*end = '\0';
		if (strstr(at, rows[i].words) == NULL)
			fail_msg("%s: no \"%s\" in:\n%s", rows[i].function, rows[i].words, at);
		/* Never two states of one function, nor somebody's name where nobody is. */
		for (size_t j = 0; j < NROWS; j++)
			if (strcmp(rows[j].state, rows[i].state) != 0)
				assert_null(strstr(at, rows[j].words));
		assert_int_equal(strstr(at, "Ann A") != NULL || strstr(at, "Hub") != NULL,
		    rows[i].present > 0 || strcmp(rows[i].cause, "team_only") == 0 ||
			strcmp(rows[i].cause, "shared_too_widely") == 0 || is_barred(&rows[i]));
		assert_int_equal(strstr(at, "not listed as holding this function:") != NULL,
		    takes_any(&rows[i]) || strcmp(rows[i].cause, "role_not_held") == 0);
		assert_int_equal(strstr(at, "On the rota, but does not count here:") != NULL,
		    is_barred(&rows[i]));
		assert_int_equal(strstr(at, "NOT APPROVED for this function here") != NULL,
		    strcmp(rows[i].cause, "approval_ended") == 0);
		*end = after;
	}
	http_free(&reply);
}

static struct http_reply
coverage(const char *function, int64_t from, int64_t to)
{
	char path[256], from_text[CIVIL_RFC3339_MAX], to_text[CIVIL_RFC3339_MAX];

	civil_rfc3339(from, from_text);
	civil_rfc3339(to, to_text);
	snprintf(path, sizeof path, "/v1/coverage?place=P%s%s&from=%s&to=%s",
	    function ? "&function=" : "", function ? function : "", from_text, to_text);
	return testbed_get(path);
}

/* Each answer says of the people on the rota whether they hold the function. A person without it is on
 * call only where the requirement counts any role, and then with a warning. */
static void
who_lacks_the_function_is_told(void **state)
{
	static const struct {
		const char *function, *on_call, *not_counted, *warning;
	} wanted[] = {
	    {"covered", "true", "(none)", "(none)"},
	    {"unheld", "(none)", "false", "(none)"},
	    {"any", "false", "(none)", "role_not_held"},
	    {"any-short", "false", "(none)", "role_not_held"},
	};
	int64_t now = clock_wall();

	(void)state;
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		char path[64];
		struct http_reply reply;

		snprintf(path, sizeof path, "/v1/now?place=P&function=%s", wanted[i].function);
		reply = testbed_get(path);
		assert_string_equal(
		    http_at(&reply, "functions.0.on_call.0.holds_function"), wanted[i].on_call);
		assert_string_equal(http_at(&reply, "functions.0.not_counted.0.holds_function"),
		    wanted[i].not_counted);
		assert_string_equal(
		    http_at(&reply, "functions.0.warnings.0.kind"), wanted[i].warning);
		http_free(&reply);
		reply = coverage(wanted[i].function, now, now + 60);
		assert_string_equal(http_at(&reply, "warnings.0.kind"), wanted[i].warning);
		http_free(&reply);
	}
}

static void
coverage_says_it(void **state)
{
	int64_t now = clock_wall();
	struct http_reply reply = coverage(NULL, now, now + 60);
	double totals[5] = {0};
	static const char *const states[] = {
	    "covered", "short", "gap", "unknown", "not_commissioned"};

	(void)state;
	assert_int_equal(reply.status, 200);
	for (size_t i = 0; i < NROWS; i++) {
		char path[64], want[64];
		size_t found = 0;

		/* They come in the order of the functions. */
		snprintf(path, sizeof path, "requirements.%zu.function", i);
		assert_string_equal(http_at(&reply, path), rows[i].function);
		snprintf(path, sizeof path, "requirements.%zu.spans.1", i);
		assert_string_equal(http_at(&reply, path), "(none)");
		snprintf(path, sizeof path, "requirements.%zu.spans.0.state", i);
		assert_string_equal(http_at(&reply, path), rows[i].state);
		snprintf(path, sizeof path, "requirements.%zu.spans.0.cause_code", i);
		assert_string_equal(
		    http_at(&reply, path), rows[i].cause[0] ? rows[i].cause : "null");
		snprintf(path, sizeof path, "requirements.%zu.spans.0.present", i);
		snprintf(want, sizeof want, "%d", rows[i].present);
		assert_string_equal(http_at(&reply, path), want);
		snprintf(path, sizeof path, "requirements.%zu.spans.0.required", i);
		snprintf(want, sizeof want, "%d", rows[i].required);
		assert_string_equal(http_at(&reply, path), want);
		while (strcmp(states[found], rows[i].state) != 0)
			found++;
		totals[found] += 60.0 / 3600;
	}
	for (size_t i = 0; i < 5; i++) {
		char path[64];
		double got;

		snprintf(path, sizeof path, "totals.%s", states[i]);
		got = strtod(http_at(&reply, path), NULL);
		assert_true(got > totals[i] - 0.01 && got < totals[i] + 0.01);
	}
	http_free(&reply);
}

/* A night of both clock changes to come, as hours of coverage: 11 in spring, 13 in autumn. */
/* holds: H03.2 */
static void
nights_of_the_clock_change_in_coverage(void **state)
{
	struct zonedb *zones;
	const struct zone *zone;
	struct http_reply reply;
	int64_t day, at = clock_wall() + 2 * 86400;
	int seen = 0;

	(void)state;
	assert_int_equal(zonedb_open("/usr/share/zoneinfo", &zones), STATUS_OK);
	zone = zonedb_find(zones, "Europe/London");
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "PUT",
	    .path = TESTBED_REGION,
	    .token = testbed_admin(),
	    .body = "{\"crisiscover\":1,\"organisations\":[{\"code\":\"O\",\"name\":\"O\","
		    "\"kind\":\"nhs_trust\"}],\"functions\":[{\"code\":\"night\",\"name\":\"N\"}],"
		    "\"places\":[{\"code\":\"P\",\"name\":\"P\",\"kind\":\"hospital\"}],"
		    "\"requirements\":[{\"id\":\"RN\",\"place\":\"P\",\"function\":\"night\","
		    "\"count\":1,\"hours\":[{\"days\":[\"all\"],\"from\":\"21:00\",\"to\":"
		    "\"09:00\"}]}]}"});
	assert_int_equal(reply.status, 200);
	http_free(&reply);
	testbed_until_status(&(struct http_ask){.port = testbed_port(),
				 .path = "/v1/now?place=P&function=night",
				 .token = testbed_admin()},
	    200);
	for (day = zone_local(zone, at) / 86400; seen < 2; day++) {
		int64_t noon = zone_instant(zone, day * 86400 + 12 * 3600, NULL);
		int64_t next = zone_instant(zone, (day + 1) * 86400 + 12 * 3600, NULL);
		double want;

		if (next - noon == 86400)
			continue;
		seen++;
		want = next - noon < 86400 ? 11 : 13;
		reply = coverage("night", noon, next);
		assert_int_equal(reply.status, 200);
		assert_string_equal(http_at(&reply, "requirements.0.spans.1.state"), "gap");
		assert_string_equal(http_at(&reply, "requirements.0.spans.3.state"), "(none)");
		assert_true(strtod(http_at(&reply, "totals.gap"), NULL) == want);
		assert_true(strtod(http_at(&reply, "totals.not_commissioned"), NULL) == 12);
		http_free(&reply);
	}
	zonedb_free(zones);
}

#define TESTBED(test) cmocka_unit_test_setup_teardown(test, set_up, testbed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TESTBED(json_says_it),
	    TESTBED(text_says_it),
	    TESTBED(who_lacks_the_function_is_told),
	    TESTBED(coverage_says_it),
	    TESTBED(nights_of_the_clock_change_in_coverage),
	};

	return cmocka_run_group_tests_name("states", tests, testbed_open, testbed_close);
}
