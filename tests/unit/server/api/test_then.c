/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

#include <libpq-fe.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/civil.h"
#include "server/base/clock.h"

/* Knowledge at another time, and the record of the map. */

#define DAY 86400

static int64_t now;

static int
set_up(void **state)
{
	testbed_set_up(state);
	/* Thirty days ago another region was in force: Northgate had another name. The record has
	 * masks in place of addresses. */
	testbed_sql(
	    "select setup_keep(regexp_replace(replace($r$%s$r$, 'Northgate Hospital', 'Old Northgate'), '(\"url\": *\")[^\"]*', "
	    "'\\1https://address.invalid/' || repeat('0', 64), 'g'), 'admin', now() - interval '30 days')",
	    testbed_region());
	testbed_apply();
	testbed_good("amhp-duty", "now()");
	testbed_good("amhp-second", "now()");
	testbed_sql(
	    "insert into feed_event (rota, at, state, last_good_at) values ('amhp-duty', now() - interval '29 days', 'good', "
	    "now() - interval '29 days'), ('amhp-second', now() - interval '29 days', 'good', now() - interval '29 days'), "
	    "('amhp-duty', now() - interval '3 days', 'failing', now() - interval '3 days'), ('amhp-duty', "
	    "now() - interval '1 day', 'good', now() - interval '1 day')");
	/* Ten days ago at this hour J Jones was on call; since five days ago we know it was S
	 * Ahmed. */
	testbed_sql(
	    "insert into shift (rota, key, class, person, starts_at, ends_at, known_from, known_to) values ('amhp-duty', 'k', "
	    "'named', 'jo-jones', now() - interval '10 days 2 hours', now() - interval '9 days',  now() - interval '20 days', "
	    "now() - interval '5 days'), ('amhp-duty', 'k', 'named', 's-ahmed', now() - interval '10 days 2 hours', "
	    "now() - interval '9 days',  now() - interval '5 days', 'infinity'),"
	    /* A shift two days ago that only the failing source knew of. */
	    " ('amhp-duty', 'm', 'named', 'jo-jones', now() - interval '2 days 6 hours', "
	    "now() - interval '1 day 20 hours',"
	    "  now() - interval '20 days', 'infinity')");
	/* A row written in this second is not known at its beginning. */
	now = clock_wall() + 1;
	while (clock_wall() < now)
		usleep(10000);
	return 0;
}

static struct http_reply
ask(int64_t at, int64_t known_at)
{
	char path[256], at_text[CIVIL_RFC3339_MAX], known_text[CIVIL_RFC3339_MAX];

	civil_rfc3339(at, at_text);
	civil_rfc3339(known_at, known_text);
	if (known_at == 0)
		snprintf(path, sizeof path, "/v1/now?place=ZED01&function=amhp&at=%s", at_text);
	else
		snprintf(path, sizeof path, "/v1/now?place=ZED01&function=amhp&at=%s&known_at=%s",
		    at_text, known_text);
	return testbed_get(path);
}

static void
expect(struct http_reply reply, const char *where, const char *wanted)
{
	if (reply.status != 200 || strcmp(http_at(&reply, where), wanted) != 0)
		fail_msg("%d, %s is %s, not %s\n%s", reply.status, where, http_at(&reply, where),
		    wanted, reply.body);
	http_free(&reply);
}

static void
what_was_known_then_and_what_is_known_now(void **state)
{
	int64_t historical = now - 10 * DAY;

	(void)state;
	expect(ask(historical, historical), "functions.0.on_call.0.name", "J Jones");
	expect(ask(historical, historical), "functions.0.state", "covered");
	expect(ask(historical, 0), "functions.0.on_call.0.name", "S Ahmed");
	expect(ask(historical, now - 25 * DAY), "functions.0.on_call", "[]");
}

/* Two days ago its source had failed for a day: nobody believed it then; today it is known to have
 * been right. */
static void
freshness_is_the_historical_one(void **state)
{
	int64_t historical = now - 2 * DAY;

	(void)state;
	expect(ask(historical, historical), "functions.0.state", "unknown");
	expect(ask(historical, historical), "functions.0.last_known.0.name", "J Jones");
	expect(ask(historical, historical), "functions.0.last_known.0.source.freshness", "unknown");
	expect(ask(historical, 0), "functions.0.state", "covered");
}

static void
the_region_is_the_historical_one(void **state)
{
	struct http_reply reply;
	char path[256], text[CIVIL_RFC3339_MAX];

	(void)state;
	civil_rfc3339(now - 10 * DAY, text);
	snprintf(path, sizeof path, "/v1/now?place=ZED02&known_at=%s", text);
	expect(testbed_get(path), "place.name", "Old Northgate");
	civil_rfc3339(now - 40 * DAY, text);
	snprintf(path, sizeof path, "/v1/now?place=ZED02&known_at=%s", text);
	reply = testbed_get(path);
	assert_int_equal(reply.status, 404);
	http_free(&reply);
}

static struct http_reply
coverage(int64_t from, int64_t to)
{
	char path[256], from_text[CIVIL_RFC3339_MAX], to_text[CIVIL_RFC3339_MAX];

	civil_rfc3339(from, from_text);
	civil_rfc3339(to, to_text);
	snprintf(path, sizeof path, "/v1/coverage?place=ZED01&function=amhp&from=%s&to=%s",
	    from_text, to_text);
	return testbed_get(path);
}

/* Shifts may be kept for fewer days than the map. Without the shifts that it rests on nobody can be
 * named any more, and what names nobody is not covered. */
static void
without_its_shifts_a_recorded_span_is_not_covered(void **state)
{
	struct http_reply reply;

	(void)state;
	testbed_sql(
	    "insert into span (requirement, place, starts_at, ends_at, state, cause, present, required, shifts, version, "
	    "known_from) select 'R01', 'ZED01', now() - interval '10 days', now() - interval '9 days', 'covered', 'none', 1, 1, "
	    "array[id, 1000000000], 1, now() from shift where key = 'k' and known_to = 'infinity'");
	reply = coverage(now - 10 * DAY + 3600, now - 9 * DAY - 3600);
	assert_int_equal(reply.status, 200);
	assert_string_equal(http_at(&reply, "requirements.0.spans.0.state"), "unknown");
	assert_string_equal(http_at(&reply, "requirements.0.spans.0.cause_code"), "no_record");
	assert_string_equal(http_at(&reply, "requirements.0.spans.0.people"), "[]");
	http_free(&reply);
}

static void
expect_gone(const char *path)
{
	struct http_reply reply = testbed_get(path);

	if (reply.status != 410)
		fail_msg("%s: %d %s", path, reply.status, reply.body);
	assert_non_null(strstr(http_at(&reply, "detail"), "the record begins at 20"));
	http_free(&reply);
}

/* Where retention has dropped shifts, the spans that are left would show a gap that never was. So
 * every answer that is made from the record refuses an instant before the record begins, and says
 * where it begins. */
static void
what_is_no_longer_kept_is_not_answered_from_what_is_left(void **state)
{
	int64_t historical = now - 10 * DAY;
	char at[CIVIL_RFC3339_MAX], from[CIVIL_RFC3339_MAX], path[256], *left;

	(void)state;
	civil_rfc3339(historical, at);
	civil_rfc3339(historical - 3 * DAY, from);
	/* Spans first: what rests on them alone is gone, the rest is still told. */
	testbed_sql("select record_maintain_at(now() + interval '90 days', 0, '{span}', '{31}')");
	snprintf(
	    path, sizeof path, "/v1/coverage?place=ZED01&from=%s&to=%s&known_at=%s", from, at, at);
	expect(ask(historical, historical), "functions.0.on_call.0.name", "J Jones");
	expect_gone(path);
	testbed_sql("select record_maintain_at(now() + interval '90 days', 0, '{shift}', '{31}')");
	left =
	    scratch_psql(testbed_postgres(), "select count(*) from shift where known_to < now()");
	assert_string_equal(left, "0");
	free(left);
	snprintf(path, sizeof path, "/v1/now?place=ZED01&function=amhp&at=%s&known_at=%s", at, at);
	expect_gone(path);
	snprintf(path, sizeof path, "/v1/history?place=ZED01&at=%s", at);
	expect_gone(path);
	/* Rows in force are there whatever their age. As if the month had ended just now. */
	testbed_sql("update record_begins set at = now() - interval '1 second'");
	expect(ask(historical, 0), "functions.0.on_call.0.name", "S Ahmed");
}

/* The answer is made of several reads. A month that goes between two of them must not leave an
 * answer of which half is from before. */
static void
a_month_that_goes_between_two_reads_is_noticed(void **state)
{
	PGconn *conn = PQconnectdb(scratch_postgres_conninfo(testbed_postgres()));
	int64_t historical = now - 10 * DAY;
	int ended;
	pid_t asker;

	(void)state;
	/* Where sources stood is read first, and waits; the shifts come after. */
	PQclear(
	    PQexec(conn, "begin; lock table crisiscover.source_check in access exclusive mode"));
	asker = fork();
	if (asker == 0)
		_exit(ask(historical, historical).status == 410 ? 0 : 1);
	scratch_psql_until(testbed_postgres(),
	    "select count(*) from pg_stat_activity where usename = 'crisiscover_api' and wait_event_type = 'Lock' and query like "
	    "'%sources_known%'",
	    "1", 20);
	testbed_sql("select record_months_delete('shift', now() + interval '59 days')");
	PQfinish(conn);
	assert_int_equal(waitpid(asker, &ended, 0), asker);
	assert_int_equal(ended, 0);
}

/* Nobody is said not to have looked when looks are no longer kept. */
static void
history_says_from_when_on_looks_are_kept(void **state)
{
	char at[CIVIL_RFC3339_MAX], path[256], *begins;

	(void)state;
	civil_rfc3339(now - 10 * DAY, at);
	snprintf(path, sizeof path, "/v1/history?place=ZED01&at=%s", at);
	expect(testbed_get(path), "looked_kept_from", "null");
	testbed_sql("insert into audit (actor, action, object, added_at) values ('a', 'b', 'c', "
		    "now() - interval '70 days')");
	testbed_sql("select record_maintain_at(now(), 0, '{audit}', '{35}')");
	testbed_sql("select record_maintain_at(now(), 0, '{audit}', '{35}')");
	begins = scratch_psql(testbed_postgres(),
	    "select to_char(max(at) at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') from record_begins");
	expect(testbed_get(path), "looked_kept_from", begins);
	free(begins);
}

/* The past comes from the record, the rest from memory; together they tile the window. */
static void
coverage_joins_the_record_and_the_snapshot(void **state)
{
	struct http_reply reply;
	json_t *spans, *span;
	const char *end = NULL;
	size_t i;

	(void)state;
	testbed_sql(
	    "insert into span (requirement, place, starts_at, ends_at, state, cause, present, required, shifts, version, "
	    "known_from) select 'R01', 'ZED01', now() - interval '10 days', now() - interval '9 days', 'covered', 'none', 1, 1, "
	    "array[id], 1, now() from shift where key = 'k' and known_to = 'infinity'");
	reply = coverage(now - 11 * DAY, now + DAY);
	assert_int_equal(reply.status, 200);
	spans = json_object_get(
	    json_array_get(json_object_get(reply.json, "requirements"), 0), "spans");
	json_array_foreach(spans, i, span)
	{
		if (end != NULL)
			assert_string_equal(json_string_value(json_object_get(span, "start")), end);
		end = json_string_value(json_object_get(span, "end"));
	}
	assert_true(json_array_size(spans) >= 3);
	assert_string_equal(http_at(&reply, "requirements.0.spans.0.cause_code"), "no_record");
	assert_string_equal(http_at(&reply, "requirements.0.spans.1.state"), "covered");
	assert_string_equal(http_at(&reply, "requirements.0.spans.1.people.0.name"), "S Ahmed");
	http_free(&reply);
}

static void
without_the_database_the_past_must_wait_and_the_present_not(void **state)
{
	struct http_reply reply;

	(void)state;
	scratch_postgres_halt(testbed_postgres());
	reply = ask(now - 10 * DAY, 0);
	assert_int_equal(reply.status, 503);
	assert_non_null(strstr(reply.head, "Retry-After"));
	http_free(&reply);
	reply = ask(now + 3600, 0);
	assert_int_equal(reply.status, 200);
	http_free(&reply);
	scratch_postgres_resume(testbed_postgres());
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, testbed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(what_was_known_then_and_what_is_known_now),
	    CASE(freshness_is_the_historical_one),
	    CASE(the_region_is_the_historical_one),
	    CASE(what_is_no_longer_kept_is_not_answered_from_what_is_left),
	    CASE(a_month_that_goes_between_two_reads_is_noticed),
	    CASE(history_says_from_when_on_looks_are_kept),
	    CASE(coverage_joins_the_record_and_the_snapshot),
	    CASE(without_its_shifts_a_recorded_span_is_not_covered),
	    CASE(without_the_database_the_past_must_wait_and_the_present_not),
	};

	return cmocka_run_group_tests_name("then", tests, testbed_open, testbed_close);
}
