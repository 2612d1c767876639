/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

#include <unistd.h>

#include "server/base/civil.h"
#include "server/base/clock.h"

/*
 * The same question about the same past instant has the same answer, to the byte, whatever is
 * changed afterwards: shifts, absences, sources, the region with its names and places, bank
 * holidays, gaps and who acknowledged them. And it is the answer that was given then.
 *
 * Random edits in rounds; after each round questions are asked about an instant that has just gone
 * by, and all the questions of the rounds before are asked again. PAST_SEED chooses another course.
 */

#define HOUR 3600
#define ROUNDS 7
#define EDITS 6
#define QUESTIONS 9
#define PATIENCE_SECONDS 120

static unsigned seed;
static char region_now[16384];
static const char *const rotas[] = {"amhp-duty", "amhp-second", "liaison-rota"};
static const char *const people[] = {"jo-jones", "s-ahmed", "p-lee"};

struct question {
	char path[400];
	char *body;
};
static struct question questions[ROUNDS * QUESTIONS];
static size_t nquestions;

static unsigned
dice(unsigned sides)
{
	return (unsigned)rand_r(&seed) % sides;
}

static int
set_up(void **state)
{
	const char *given = getenv("PAST_SEED");

	seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)clock_wall();
	print_message("PAST_SEED=%u\n", seed);
	nquestions = 0;
	snprintf(region_now, sizeof region_now, "%s", atlas_region);
	return testbed_set_up(state);
}

static int
tear_down(void **state)
{
	for (size_t i = 0; i < nquestions; i++)
		free(questions[i].body);
	return testbed_tear_down(state);
}

/* --------------------------------------------------------------------------------- the edits */

static void
edit_shift(void)
{
	const char *rota = rotas[dice(3)];
	unsigned key = dice(4);
	int from = (int)dice(60) - 50, hours = 1 + (int)dice(30);
	static const char *const classes[] = {
	    "named", "named", "named", "nobody", "undecided", "tentative"};
	const char *class = classes[dice(6)];

	testbed_sql(
	    "update shift set known_to = clock_timestamp() where rota = '%s' and key = 'k%u' and known_to = 'infinity'",
	    rota, key);
	if (dice(5) > 0)
		testbed_sql(
		    "insert into shift (rota, key, class, person, starts_at, ends_at) values ('%s', 'k%u', '%s', %s%s%s, "
		    "date_trunc('second', now()) + interval '%d hours', date_trunc('second', now()) + interval '%d hours')",
		    rota, key, class, class[0] == 'n' && class[1] == 'o' ? "null" : "'",
		    class[0] == 'n' && class[1] == 'o' ? "" : people[dice(3)],
		    class[0] == 'n' && class[1] == 'o' ? "" : "'", from, from + hours);
	testbed_moved(rota);
}

static void
edit_absence(void)
{
	testbed_sql(
	    "update shift set known_to = clock_timestamp() where rota = 'leave-fenmere' and known_to = 'infinity'; "
	    "insert into shift (rota, key, class, person, starts_at, ends_at) values ('leave-fenmere', 'a', 'absence', '%s', "
	    "now() - interval '%u hours', now() + interval '3 hours')",
	    people[dice(3)], dice(40));
	testbed_moved("leave-fenmere");
}

static void
edit_source(void)
{
	const char *rota = rotas[dice(3)];

	switch (dice(4)) {
	case 0:
		testbed_sql("update feed set state = 'failing', fault = 'It did not answer.', "
			    "updated_at = clock_timestamp() where rota = '%s'",
		    rota);
		break;
	case 1:
		testbed_sql(
		    "update feed set horizon = date_trunc('second', now()) + interval '%d hours', "
		    "updated_at = clock_timestamp() where rota = '%s'",
		    (int)dice(100) - 20, rota);
		break;
	default:
		testbed_sql(
		    "update feed set state = 'good', fault = null, last_attempt_at = clock_timestamp(), last_good_at = clock_timestamp(), "
		    "last_change_at = clock_timestamp(), horizon = coalesce(horizon, now() + interval '60 days'), "
		    "updated_at = clock_timestamp() where rota = '%s'",
		    rota);
	}
}

static void
replace(const char *from, const char *to)
{
	static char changed[sizeof region_now];
	const char *at = region_now, *found;
	size_t used = 0;

	while ((found = strstr(at, from)) != NULL) {
		used += (size_t)snprintf(
		    changed + used, sizeof changed - used, "%.*s%s", (int)(found - at), at, to);
		at = found + strlen(from);
	}
	snprintf(changed + used, sizeof changed - used, "%s", at);
	memcpy(region_now, changed, sizeof region_now);
}

/* Another name of a person, a place, another number; sometimes ZED01 is not there at all. */
static void
edit_region(void)
{
	static const char *const swaps[][2] = {
	    {"\"J Jones\"", "\"J Jones-Price\""},
	    {"\"S Ahmed\"", "\"Sara Ahmed\""},
	    {"St Oswin's Hospital, Alderbrook", "St Oswin's General"},
	    {"+441632960456", "+441632960999"},
	    {"\"ZED01\"", "\"ZED77\""},
	    {"\"count\": 2", "\"count\": 3"},
	};
	unsigned which = dice(6);
	bool there = strstr(region_now, swaps[which][0]) != NULL;
	struct http_reply reply;

	replace(swaps[which][!there], swaps[which][there]);
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "PUT",
	    .path = TESTBED_REGION,
	    .token = testbed_admin(),
	    .body = region_now});
	if (reply.status != 200)
		fail_msg("the region was not applied: %d %s", reply.status, reply.body);
	http_free(&reply);
	testbed_sql(
	    "insert into demand (requirement, place) select 'R01', "
	    "'ZED01' where exists (select from place where code = 'ZED01') on conflict do nothing; "
	    "update map_head set version = version + 1, region_version = (select max(version) from region), "
	    "at = clock_timestamp(); notify coverage_changed");
}

/* A file in which today is a bank holiday, or is not. */
static void
edit_holidays(void)
{
	testbed_sql(
	    "select bank_holidays_keep((select csv from bank_holidays order by id limit 1) || case when %u = 0 then '' else 'england-and-wales,' || (now() + "
	    "interval '%d days')::date || E',Proclaimed\\n"
	    "' end)",
	    dice(2), (int)dice(3) - 1);
}

/* Opened or acknowledged; and spans of the map, which coverage writes. */
static void
edit_gap(void)
{
	testbed_sql(
	    "insert into demand (requirement, place) select 'R01', "
	    "'ZED01' where exists (select from place where code = 'ZED01') on conflict do nothing; "
	    "with g as (insert into gap (requirement, place, function, starts_at, ends_at, state, cause, present, required, "
	    "severity, told) values ('R01', 'ZED01', 'amhp', now() - interval '1 hour', now() + interval '2 hours', 'gap', "
	    "'nobody', 0, 1, 'critical', true) returning *) insert into gap_event (gap, step, row_after) select id, 'opened', "
	    "to_jsonb(g) from g; select gap_acknowledge(id, 'rita', "
	    "'seen') from gap where acknowledged_at is null order by random() limit 1; "
	    "update span set known_to = clock_timestamp() where known_to = 'infinity'; insert into span (requirement, place, "
	    "starts_at, ends_at, state, cause, present, required, shifts, version, known_from) values ('R01', 'ZED01', "
	    "now() - interval '50 hours', now() - interval '%u hours', 'gap', 'none', 0, 1, '{}', 1, clock_timestamp())",
	    30 + dice(15));
}

static void
edit(void)
{
	static void (*const edits[])(void) = {edit_shift, edit_shift, edit_shift, edit_absence,
	    edit_source, edit_source, edit_region, edit_holidays, edit_gap};

	edits[dice(sizeof edits / sizeof *edits)]();
}

/* Somebody is on call all the time, so that what is said of sources is to be seen. */
static void
begin(void)
{
	for (size_t i = 0; i < 3; i++) {
		testbed_shift(rotas[i], "always", "named", people[i], -100, 100);
		testbed_good(rotas[i], i == 0 ? "now() - interval '20 minutes'" : "now()");
	}
}

/* ----------------------------------------------------------------------------- the questions */

/* Since when a place is known is told with a refusal as it is known today, for who asks about a time before that. */
static void
leave_out_since_when(char *body)
{
	char *from = strstr(body, " The place is known from ");
	char *end = from != NULL ? strstr(from, " on.") : NULL;

	if (end != NULL)
		memmove(from, end + 4, strlen(end + 4) + 1);
}

static char *
answer(const char *path)
{
	struct http_reply reply = testbed_get(path);
	char *body;

	/* The answer that ZED01 was not there is an answer as well. */
	if (reply.status != 200 && reply.status != 404)
		fail_msg("%s: %d %s", path, reply.status, reply.body);
	body = strdup(reply.body);
	http_free(&reply);
	leave_out_since_when(body);
	return body;
}

static void
ask_now(int64_t known_at, const char *place, int64_t at)
{
	struct question *question = &questions[nquestions++];
	char known[CIVIL_RFC3339_MAX], historical[CIVIL_RFC3339_MAX];

	civil_rfc3339(known_at, known);
	civil_rfc3339(at, historical);
	snprintf(question->path, sizeof question->path, "/v1/now?place=%s&at=%s&known_at=%s", place,
	    historical, known);
	question->body = answer(question->path);
}

/* Forty hours. */
static void
ask_coverage(int64_t known_at, const char *place, int64_t from)
{
	struct question *question = &questions[nquestions++];
	char known[CIVIL_RFC3339_MAX], start[CIVIL_RFC3339_MAX], end[CIVIL_RFC3339_MAX];

	civil_rfc3339(known_at, known);
	civil_rfc3339(from, start);
	civil_rfc3339(from + 40 * HOUR, end);
	snprintf(question->path, sizeof question->path,
	    "/v1/coverage?place=%s&from=%s&to=%s&known_at=%s", place, start, end, known);
	question->body = answer(question->path);
}

static void
ask_all(int64_t known_at)
{
	ask_now(known_at, "ZED01", known_at);
	ask_now(known_at, "ZED01", known_at - 30 * HOUR);
	ask_now(known_at, "ZED01", known_at + 5 * HOUR);
	ask_now(known_at, "ZED01&function=liaison", known_at - 5 * HOUR);
	ask_now(known_at, "ZED77", known_at);
	ask_coverage(known_at, "ZED01", known_at - 45 * HOUR);
	ask_coverage(known_at, "ZED01", known_at - 200 * HOUR);
	ask_coverage(known_at, "ZED01&function=amhp", known_at - 2 * HOUR);
	ask_coverage(known_at, "ZED77", known_at);
}

static void
ask_all_again(int round)
{
	for (size_t i = 0; i < nquestions; i++) {
		char *body = answer(questions[i].path);

		if (strcmp(body, questions[i].body) != 0)
			fail_msg("PAST_SEED, round %d: %s was\n%s\nand is\n%s", round,
			    questions[i].path, questions[i].body, body);
		free(body);
	}
}

/* The next whole second: what was written before it is known at it. It has gone by when the api
 * says so, by whose clock it is asked about: that one may be behind this program's. */
static int64_t
next_second(void)
{
	int64_t next = clock_wall() + 1, deadline = next + PATIENCE_SECONDS;
	char path[200], known[CIVIL_RFC3339_MAX];

	civil_rfc3339(next, known);
	snprintf(path, sizeof path, "/v1/now?place=ZED77&known_at=%s", known);
	for (;;) {
		struct http_reply reply = testbed_get(path);
		bool gone_by = reply.status != 400;

		if (!gone_by && clock_wall() > deadline)
			fail_msg("%s: %d %s", path, reply.status, reply.body);
		http_free(&reply);
		if (gone_by)
			break;
		usleep(5000);
	}
	/* The api's clock may be some milliseconds ahead of the database's: what is written from here on is later. */
	snprintf(
	    path, sizeof path, "select clock_timestamp() > to_timestamp(%lld)", (long long)next);
	scratch_psql_until(testbed_postgres(), path, "t", PATIENCE_SECONDS);
	return next;
}

/* The functions of an answer without what is fragile, of which nothing is said of another time. */
static json_t *
functions_of(const struct http_reply *reply)
{
	json_t *functions = json_object_get(reply->json, "functions"), *function;
	size_t i;

	json_array_foreach(functions, i, function) json_object_del(function, "warnings");
	return functions;
}

/* The record has what was answered: the live answer, once it has taken in the last edit, and the
 * answer about that very second agree in everything about the functions. */
static void
expect_remembered(const char *place)
{
	int64_t deadline = clock_wall() + PATIENCE_SECONDS;
	char path[200];

	for (;;) {
		struct http_reply live, historical;
		bool same;

		snprintf(path, sizeof path, "/v1/now?place=%s", place);
		live = testbed_get(path);
		snprintf(path, sizeof path, "/v1/now?place=%s&known_at=%s", place,
		    live.status == 200 ? http_at(&live, "at") : "2026-01-01T00:00:00Z");
		historical = testbed_get(path);
		same =
		    live.status == 200 && historical.status == 200 &&
		    json_equal(functions_of(&live), functions_of(&historical)) &&
		    strcmp(http_at(&live, "map.version"), http_at(&historical, "map.version")) == 0;
		if (!same && clock_wall() > deadline && live.status == 200)
			fail_msg("what was said:\n%s\nwhat is remembered:\n%s", live.body,
			    historical.body);
		http_free(&live);
		http_free(&historical);
		if (same || (clock_wall() > deadline && live.status != 200))
			return;
		usleep(100000);
	}
}

static void
the_past_does_not_move(void **state)
{
	(void)state;
	testbed_apply();
	begin();
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < EDITS; i++)
			edit();
		/* All questions are of an instant after which edits go on. */
		ask_all(next_second());
		ask_all_again(round);
	}
}

static void
what_is_remembered_is_what_was_said(void **state)
{
	(void)state;
	testbed_apply();
	begin();
	for (int round = 0; round < 4; round++) {
		for (int i = 0; i < 3; i++) {
			edit_shift();
			edit_source();
		}
		edit_absence();
		expect_remembered("ZED01");
	}
}

/* The state of R02 at noon, ${days} days after today, as it was known at ${known_at}. */
static void
expect_at_noon(int64_t days, const char *known_at, const char *state)
{
	char path[256], from[CIVIL_RFC3339_MAX], to[CIVIL_RFC3339_MAX];
	int64_t day = (clock_wall() / 86400 + days) * 86400;
	struct http_reply reply;

	civil_rfc3339(day + 11 * HOUR, from);
	civil_rfc3339(day + 12 * HOUR, to);
	snprintf(path, sizeof path, "/v1/coverage?place=ZED01&from=%s&to=%s&known_at=%s", from, to,
	    known_at);
	reply = testbed_get(path);
	assert_string_equal(http_at(&reply, "requirements.1.id"), "R02");
	assert_string_equal(http_at(&reply, "requirements.1.spans.0.state"), state);
	http_free(&reply);
}

/* How many days from today the first day is, from the third on, that is no bank holiday in England. */
static int
days_to_working_day(void)
{
	char *days = scratch_psql(testbed_postgres(),
	    "select min(n) from generate_series(3, 13) n, bank_holidays"
	    " where csv not like '%england-and-wales,' || ((now() at time zone 'utc')::date + n)::text || ',%'");
	int found = atoi(days);

	free(days);
	return found;
}

/* Also if the file of bank holidays has changed since: the answer uses the file of that time. */
static void
bank_holidays_are_the_historical_ones(void **state)
{
	char before[CIVIL_RFC3339_MAX], after[CIVIL_RFC3339_MAX];
	struct http_reply reply;
	int days;

	(void)state;
	/* R02 as it stands: weekdays; tomorrow or the day after is one of them in any week but the
	 * last of it. */
	replace("\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"",
	    "\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"");
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "PUT",
	    .path = TESTBED_REGION,
	    .token = testbed_admin(),
	    .body = region_now});
	assert_int_equal(reply.status, 200);
	http_free(&reply);
	scratch_psql_until(testbed_postgres(), "select count(*) from bank_holidays", "1", 20);
	days = days_to_working_day();
	civil_rfc3339(next_second(), before);
	testbed_sql(
	    "select bank_holidays_keep((select csv from bank_holidays) || 'england-and-wales,' || "
	    "((now() at time zone 'utc')::date + %d)::text || E',Proclaimed\\n')",
	    days);
	civil_rfc3339(next_second(), after);
	expect_at_noon(days, before, "unknown");
	expect_at_noon(days, after, "not_commissioned");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

/* However little is missing, and with the clock that is meant: a client whose own is ahead can see
 * by how much. */
static void
what_has_not_come_is_refused_with_the_clock(void **state)
{
	static const char *const asked[] = {"/v1/now?place=ZED77",
	    "/v1/coverage?place=ZED77&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z",
	    "/v1/history?place=ZED77&at=2026-01-01T00:00:00Z"};

	(void)state;
	testbed_apply();
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		char path[300], known[CIVIL_RFC3339_MAX];
		const char *here;
		struct http_reply reply;
		int64_t now;

		civil_rfc3339(next_second() + 30, known);
		snprintf(path, sizeof path, "%s&known_at=%s", asked[i], known);
		reply = testbed_get(path);
		assert_int_equal(reply.status, 400);
		here = strstr(http_at(&reply, "errors.0.detail"), "Here it is ");
		assert_non_null(here);
		here += strlen("Here it is ");
		assert_true(civil_parse_rfc3339((struct slice){here, 20}, &now));
		assert_true(now <= clock_wall() + 1 && now >= clock_wall() - 30);
		http_free(&reply);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(the_past_does_not_move),
	    CASE(what_is_remembered_is_what_was_said),
	    CASE(bank_holidays_are_the_historical_ones),
	    CASE(what_has_not_come_is_refused_with_the_clock),
	};

	return cmocka_run_group_tests_name("past", tests, testbed_open, testbed_close);
}
