/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/expect.h"

#include "server/base/civil.h"
#include "server/base/clock.h"

/* /v1/overrides and /v1/absences, and what every answer makes of them. No coverage role runs here:
 * a test moves the map by hand. J Jones is on amhp-duty from two hours ago to five hours ahead. */

static char *device, *manager, *other, *board;
static int64_t now;

static int
set_up(void **state)
{
	testbed_set_up(state);
	now = clock_wall();
	testbed_apply();
	testbed_good("amhp-duty", "now()");
	testbed_good("amhp-second", "now()");
	testbed_shift("amhp-duty", "a", "named", "jo-jones", -2, 5);
	device = testbed_token("oswins-ed");
	manager = testbed_token("zfc-rotas");
	board = testbed_token("board");
	testbed_sql(
	    "insert into account (name, kind, role, organisation, by_hand) values ('zav-rotas', "
	    "'person', 'rota_manager', 'ZAV', true); update account_head set version = version + "
	    "1; notify accounts_changed");
	other = testbed_token("zav-rotas");
	return 0;
}

static int
tear_down(void **state)
{
	free(device);
	free(manager);
	free(other);
	free(board);
	return testbed_tear_down(state);
}

static const char *
at_hours(double hours, char out[CIVIL_RFC3339_MAX])
{
	civil_rfc3339(now + (int64_t)(hours * 3600), out);
	return out;
}

static struct http_reply
post(const char *token, const char *path, const char *body)
{
	return http(&(struct http_ask){
	    .port = testbed_port(), .method = "POST", .path = path, .token = token, .body = body});
}

/* An override on amhp-duty; ${more} are further members, with a comma before each. */
static struct http_reply
override(const char *token, const char *query, const char *person, double from, double to,
    const char *more)
{
	char start[CIVIL_RFC3339_MAX], end[CIVIL_RFC3339_MAX], path[64], body[600];

	snprintf(path, sizeof path, "/v1/overrides%s", query);
	snprintf(body, sizeof body,
	    "{\"rota\": \"amhp-duty\", \"person\": \"%s\", \"start\": \"%s\", \"end\": \"%s\"%s}",
	    person, at_hours(from, start), at_hours(to, end), more);
	return post(token, path, body);
}

static struct http_reply
absence(const char *token, const char *query, const char *person, double from, double to,
    const char *more)
{
	char start[CIVIL_RFC3339_MAX], end[CIVIL_RFC3339_MAX], path[64], body[600];

	snprintf(path, sizeof path, "/v1/absences%s", query);
	snprintf(body, sizeof body, "{\"person\": \"%s\", \"start\": \"%s\", \"end\": \"%s\"%s}",
	    person, at_hours(from, start), at_hours(to, end), more);
	return post(token, path, body);
}

static long
made(struct http_reply reply)
{
	long id = strtol(http_at(&reply, "id"), NULL, 10);

	if (reply.status != 201)
		fail_msg("%d\n%s", reply.status, reply.body);
	http_free(&reply);
	return id;
}

static void
withdraw(const char *token, const char *what, long id, int status)
{
	char path[64];

	snprintf(path, sizeof path, "/v1/%s/%ld", what, id);
	expect(http(&(struct http_ask){
		   .port = testbed_port(), .method = "DELETE", .path = path, .token = token}),
	    status, NULL, NULL);
}

#define NOW_PATH "/v1/now?place=ZED01&function=amhp"

static void
until_now(const char *path, const char *wanted)
{
	testbed_until(&(struct http_ask){.port = testbed_port(), .path = NOW_PATH, .token = device},
	    path, wanted);
}

static void
expect_count(const char *sql, const char *wanted)
{
	char *said = scratch_psql(testbed_postgres(), sql);

	assert_string_equal(said, wanted);
	free(said);
}

/* --------------------------------------------------------------------------------- overrides */

static void
a_swap_is_shown_as_one(void **state)
{
	struct http_reply reply;
	long id;

	(void)state;
	id = made(override(manager, "", "s-ahmed", -1, 3,
	    ", \"instead\": \"jo-jones\", \"note\": \"Swapped by phone\""));
	testbed_moved("amhp-duty");
	until_now("functions.0.on_call.0.name", "S Ahmed");
	reply = testbed_as(device, NOW_PATH);
	assert_string_equal(http_at(&reply, "functions.0.on_call.1"), "(none)");
	assert_string_equal(http_at(&reply, "functions.0.last_known"), "[]");
	assert_string_equal(http_at(&reply, "functions.0.on_call.0.source.override"), "true");
	assert_string_equal(http_at(&reply, "functions.0.on_call.0.source.made_by"), "zfc-rotas");
	assert_string_equal(http_at(&reply, "functions.0.on_call.0.source.instead"), "J Jones");
	assert_string_equal(
	    http_at(&reply, "functions.0.on_call.0.source.note"), "Swapped by phone");
	assert_non_null(strstr(http_at(&reply, "functions.0.on_call.0.source.text"),
	    "by zfc-rotas; the calendar still says J Jones."));
	/* He comes back when it is over. */
	assert_string_equal(http_at(&reply, "functions.0.on_call.0.next.name"), "J Jones");
	http_free(&reply);
	/* No names for accounts that may not see them. */
	reply = testbed_as(board, NOW_PATH);
	assert_string_equal(http_at(&reply, "functions.0.on_call.0.source.override"), "true");
	assert_null(strstr(reply.body, "Jones"));
	assert_null(strstr(reply.body, "Ahmed"));
	assert_null(strstr(reply.body, "zfc-rotas"));
	assert_null(strstr(reply.body, "phone\": \"Swapped"));
	http_free(&reply);
	reply = testbed_as(board, "/v1/overrides");
	assert_string_equal(http_at(&reply, "overrides.0.person"), "null");
	assert_null(strstr(reply.body, "jo-jones"));
	http_free(&reply);
	reply = testbed_as(device, "/now/ZED01.txt");
	assert_non_null(strstr(reply.body, "the calendar still"));
	assert_non_null(strstr(reply.body, "S Ahmed"));
	http_free(&reply);
	reply = testbed_as(device, "/v1/shifts?rota=amhp-duty");
	assert_string_equal(http_at(&reply, "shifts.0.override"), "true");
	assert_string_equal(http_at(&reply, "shifts.0.name"), "S Ahmed");
	assert_string_equal(http_at(&reply, "shifts.1.override"), "false");
	assert_string_equal(http_at(&reply, "shifts.1.name"), "J Jones");
	assert_string_equal(http_at(&reply, "shifts.2"), "(none)");
	http_free(&reply);
	reply = testbed_as(device, "/v1/overrides?rota=amhp-duty");
	assert_string_equal(http_at(&reply, "overrides.0.state"), "waiting");
	assert_string_equal(http_at(&reply, "overrides.0.person.name"), "S Ahmed");
	http_free(&reply);
	withdraw(device, "overrides", id, 403);
	withdraw(other, "overrides", id, 403);
	withdraw(manager, "overrides", id, 204);
	withdraw(manager, "overrides", id, 409);
	withdraw(manager, "overrides", 99, 404);
	testbed_moved("amhp-duty");
	until_now("functions.0.on_call.0.name", "J Jones");
	until_now("functions.0.on_call.0.source.override", "false");
	reply = testbed_as(device, "/v1/overrides?rota=amhp-duty");
	assert_string_equal(http_at(&reply, "overrides.0.state"), "withdrawn");
	http_free(&reply);
}

static void
coverage_says_who_was_put_on_here(void **state)
{
	char from[CIVIL_RFC3339_MAX], to[CIVIL_RFC3339_MAX], path[256];
	struct http_reply reply;

	(void)state;
	made(override(manager, "", "s-ahmed", 1, 3, ", \"instead\": \"jo-jones\""));
	testbed_moved("amhp-duty");
	snprintf(path, sizeof path, "/v1/coverage?place=ZED01&function=amhp&from=%s&to=%s",
	    at_hours(1.5, from), at_hours(2, to));
	testbed_until(&(struct http_ask){.port = testbed_port(), .path = path, .token = device},
	    "requirements.0.spans.0.people.0.name", "S Ahmed");
	reply = testbed_as(device, path);
	assert_string_equal(http_at(&reply, "requirements.0.spans.0.state"), "covered");
	assert_string_equal(http_at(&reply, "requirements.0.spans.0.people.0.override"), "true");
	assert_string_equal(http_at(&reply, "requirements.0.spans.0.people.1"), "(none)");
	assert_string_equal(http_at(&reply, "requirements.0.disputes"), "[]");
	http_free(&reply);
}

static void
it_counts_when_the_calendar_cannot_be_believed(void **state)
{
	struct http_reply reply;

	(void)state;
	testbed_good("amhp-duty", "now() - interval '7 hours'");
	until_now("functions.0.state", "unknown");
	until_now("functions.0.last_known.0.name", "J Jones");
	made(override(manager, "", "s-ahmed", -1, 3, ", \"instead\": \"jo-jones\""));
	testbed_moved("amhp-duty");
	until_now("functions.0.on_call.0.name", "S Ahmed");
	reply = testbed_as(device, NOW_PATH);
	assert_string_equal(http_at(&reply, "functions.0.state"), "covered");
	/* Not even as last known. */
	assert_string_equal(http_at(&reply, "functions.0.last_known"), "[]");
	http_free(&reply);
}

/* Instead of J Jones, for the same time; and the map has it. */
static void
the_calendar_says_p_lee(void)
{
	testbed_sql(
	    "begin; update shift set known_to = clock_timestamp() where key = 'a' and known_to = 'infinity'; "
	    "insert into shift (rota, key, class, person, starts_at, ends_at) values ('amhp-duty', 'a', 'named', 'p-lee', "
	    "now() - interval '2 hours', now() + interval '5 hours'); select shifts_changed('{amhp-duty}'); commit");
	testbed_moved("amhp-duty");
	testbed_until(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/feeds", .token = device},
	    "feeds.0.warnings.0.kind", "override");
}

static void
a_dispute_is_a_warning_everywhere(void **state)
{
	char from[CIVIL_RFC3339_MAX], to[CIVIL_RFC3339_MAX], path[256];
	struct http_reply reply;

	(void)state;
	made(override(manager, "", "s-ahmed", -1, 3, ", \"instead\": \"jo-jones\""));
	the_calendar_says_p_lee();
	until_now("functions.0.state", "unknown");
	testbed_until(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/overrides", .token = device},
	    "overrides.0.in_dispute", "true");
	reply = testbed_as(device, NOW_PATH);
	assert_string_equal(http_at(&reply, "functions.0.cause_code"), "override_disputed");
	assert_string_equal(http_at(&reply, "functions.0.on_call"), "[]");
	assert_non_null(strstr(
	    http_at(&reply, "functions.0.disputes.0"), "but now the calendar says P Lee. Who"));
	assert_non_null(strstr(http_at(&reply, "functions.0.disputes.0"), "the switchboard"));
	assert_string_equal(http_at(&reply, "functions.0.disputed.0.people.0.name"), "S Ahmed");
	assert_string_equal(http_at(&reply, "functions.0.disputed.0.people.0.said_by"), "override");
	assert_string_equal(http_at(&reply, "functions.0.disputed.0.people.1.name"), "P Lee");
	assert_string_equal(http_at(&reply, "functions.0.disputed.0.people.1.said_by"), "calendar");
	http_free(&reply);
	reply = testbed_as(board, NOW_PATH);
	assert_non_null(
	    strstr(http_at(&reply, "functions.0.disputes.0"), "says a third person. Who"));
	assert_string_equal(http_at(&reply, "functions.0.disputed.0.people.1.name"), "null");
	assert_null(strstr(reply.body, "Lee"));
	http_free(&reply);
	/* Neither is a title that somebody could decide. */
	reply = testbed_as(manager, "/v1/rotas/amhp-duty/decisions");
	assert_string_equal(http_at(&reply, "undecided"), "[]");
	assert_non_null(strstr(http_at(&reply, "disputes.0"), "P Lee"));
	http_free(&reply);
	reply = testbed_as(device, "/v1/feeds");
	assert_non_null(strstr(http_at(&reply, "feeds.0.warnings.0.text"), "P Lee"));
	http_free(&reply);
	reply = testbed_as(device, "/v1/overrides");
	assert_non_null(strstr(http_at(&reply, "overrides.0.warning"), "P Lee"));
	http_free(&reply);
	reply = testbed_as(device, "/now/ZED01.txt");
	assert_non_null(strstr(reply.body, "WARNING: By an override"));
	assert_non_null(strstr(reply.body, "DISPUTED: S Ahmed or P Lee  tel "));
	http_free(&reply);
	snprintf(path, sizeof path, "/v1/coverage?place=ZED01&function=amhp&from=%s&to=%s",
	    at_hours(0, from), at_hours(1, to));
	reply = testbed_as(device, path);
	assert_non_null(strstr(http_at(&reply, "requirements.0.disputes.0"), "P Lee"));
	assert_string_equal(http_at(&reply, "requirements.0.spans.0.state"), "unknown");
	assert_string_equal(http_at(&reply, "requirements.0.spans.0.people.0.confirmed"), "false");
	assert_string_equal(http_at(&reply, "requirements.0.spans.0.people.1.confirmed"), "false");
	http_free(&reply);
}

/* The answers about the time before it was made, while it held, and after it was taken back. */
static void
what_was_known_then(void **state)
{
	long id = made(override(manager, "", "s-ahmed", -1, 3, ", \"instead\": \"jo-jones\""));
	char at[CIVIL_RFC3339_MAX], before[CIVIL_RFC3339_MAX], path[256];
	struct http_reply reply;

	(void)state;
	testbed_sql(
	    "set session_replication_role = replica;"
	    "update shift set known_from = now() - interval '10 hours' where key = 'a';"
	    "update shift set known_from = now() - interval '20 minutes' where override = %ld;"
	    "update override_event set at = now() - interval '20 minutes';"
	    "insert into feed_event (rota, at, state, last_good_at) values ('amhp-duty', now() - "
	    "interval '2 days', 'good', now());"
	    "update region set applied_at = now() - interval '3 days'",
	    id);
	at_hours(-0.01, at);
	at_hours(-0.4, before);
	snprintf(path, sizeof path, NOW_PATH "&at=%s&known_at=%s", at, before);
	reply = testbed_as(device, path);
	assert_string_equal(http_at(&reply, "functions.0.on_call.0.name"), "J Jones");
	assert_string_equal(http_at(&reply, "functions.0.on_call.1"), "(none)");
	http_free(&reply);
	snprintf(path, sizeof path, NOW_PATH "&at=%s&known_at=%s", at, at);
	reply = testbed_as(device, path);
	assert_string_equal(http_at(&reply, "functions.0.on_call.0.name"), "S Ahmed");
	assert_string_equal(http_at(&reply, "functions.0.on_call.0.source.override"), "true");
	assert_string_equal(http_at(&reply, "functions.0.on_call.1"), "(none)");
	http_free(&reply);
	/* And absences, typed in a while ago: from then on nobody is on. */
	made(absence(manager, "", "s-ahmed", -1, 3, ""));
	testbed_sql("set session_replication_role = replica; update shift set known_from = now() - "
		    "interval '10 minutes' where class = 'absence'");
	snprintf(path, sizeof path, NOW_PATH "&at=%s&known_at=%s", at, at);
	expect(testbed_as(device, path), 200, "functions.0.on_call", "[]");
	at_hours(-0.25, before);
	snprintf(path, sizeof path, NOW_PATH "&at=%s&known_at=%s", at, before);
	expect(testbed_as(device, path), 200, "functions.0.on_call.0.name", "S Ahmed");
}

static void
the_file_keeps_it_while_the_database_is_away(void **state)
{
	(void)state;
	made(override(manager, "", "s-ahmed", -1, 3, ", \"instead\": \"jo-jones\""));
	made(absence(manager, "", "jo-jones", 3, 4, ""));
	testbed_moved("amhp-duty");
	testbed_moved("absence:typed");
	until_now("functions.0.on_call.0.name", "S Ahmed");
	/* A person who is away is not the one who comes next. */
	until_now("functions.0.on_call.0.next", "null");
	testbed_stop();
	scratch_postgres_halt(testbed_postgres());
	testbed_start();
	until_now("map.confidence", "last_good");
	until_now("functions.0.on_call.0.name", "S Ahmed");
	until_now("functions.0.on_call.0.source.override", "true");
	until_now("functions.0.on_call.0.source.instead", "J Jones");
	until_now("functions.0.on_call.0.next", "null");
	until_now("functions.0.on_call.1", "(none)");
	scratch_postgres_resume(testbed_postgres());
}

/* --------------------------------------------------------------------------------- absences */

static void
absences_are_for_their_own_organisation(void **state)
{
	struct http_reply reply;
	long id;

	(void)state;
	expect(absence(other, "", "jo-jones", 0, 8, ""), 403, NULL, NULL);
	expect(absence(device, "", "jo-jones", 0, 8, ""), 403, NULL, NULL);
	expect(absence(manager, "", "jo-jones", 0, 8, ", \"reason\": \"flu\""), 400,
	    "errors.0.path", "$.reason");
	expect(absence(manager, "", "jo-jones", 0, 8, ", \"note\": \"\""), 400, "errors.0.path",
	    "$.note");
	expect_count("select count(*) from absence", "0");
	id = made(absence(manager, "", "jo-jones", -1, 8, ""));
	testbed_moved("absence:typed");
	until_now("functions.0.state", "gap");
	until_now("functions.0.cause_code", "not_free");
	reply = testbed_as(device, NOW_PATH);
	assert_null(strstr(reply.body, "Jones"));
	http_free(&reply);
	expect(testbed_as(manager, "/v1/absences"), 200, "absences.0.name", "J Jones");
	expect(testbed_as(manager, "/v1/absences?person=jo-jones"), 200, "absences.0.made_by",
	    "zfc-rotas");
	expect(testbed_as(other, "/v1/absences"), 200, "absences", "[]");
	expect(testbed_as(other, "/v1/absences?person=jo-jones"), 404, NULL, NULL);
	expect(testbed_as(device, "/v1/absences"), 403, NULL, NULL);
	withdraw(other, "absences", id, 404);
	withdraw(manager, "absences", id, 204);
	withdraw(manager, "absences", id, 409);
	testbed_moved("absence:typed");
	until_now("functions.0.state", "covered");
}

/* A leave calendar says who is away to those who keep it, and to reviewers. */
static void
leave_calendars_are_not_for_everybody(void **state)
{
	(void)state;
	testbed_shift("leave-fenmere", "l", "absence", "s-ahmed", 0, 30);
	testbed_shift("amhp-duty", "m", "absence", "s-ahmed", 0, 30);
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/shifts?rota=leave-fenmere", .token = manager},
	    "shifts.0.person", "s-ahmed");
	expect(testbed_as(other, "/v1/shifts?rota=leave-fenmere"), 200, "shifts", "[]");
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/shifts?rota=amhp-duty", .token = manager},
	    "shifts.1.class", "absence");
	expect(testbed_as(device, "/v1/shifts?rota=amhp-duty"), 200, "shifts.1", "(none)");
}

/* ---------------------------------------------------------------------------------- dry runs */

static void
a_dry_run_says_what_would_be_missing_and_writes_nothing(void **state)
{
	struct http_reply reply;

	(void)state;
	testbed_shift("amhp-duty", "tomorrow", "named", "jo-jones", 24, 36);
	testbed_shift("amhp-duty", "later", "named", "s-ahmed", 60, 70);
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/shifts?rota=amhp-duty", .token = device},
	    "shifts.2.person", "s-ahmed");
	reply = absence(manager, "?dry_run=1", "jo-jones", 20, 40, "");
	assert_int_equal(reply.status, 200);
	assert_string_equal(http_at(&reply, "dry_run"), "true");
	assert_string_equal(http_at(&reply, "requirements.0.id"), "R01");
	assert_string_equal(http_at(&reply, "requirements.0.place"), "ZED01");
	assert_string_equal(http_at(&reply, "requirements.0.function"), "amhp");
	assert_string_equal(http_at(&reply, "requirements.0.spans.0.was"), "covered");
	assert_string_equal(http_at(&reply, "requirements.0.spans.0.state"), "gap");
	assert_string_equal(
	    http_at(&reply, "requirements.0.spans.0.stand_ins.0.person"), "s-ahmed");
	assert_string_equal(http_at(&reply, "requirements.0.spans.0.stand_ins.0.hours"), "10");
	/* P Lee does not hold the function, and who is away is no stand-in for himself. */
	assert_string_equal(http_at(&reply, "requirements.0.spans.0.stand_ins.1"), "(none)");
	http_free(&reply);
	/* Ten hours after it she is on herself: she would not rest. */
	testbed_shift("amhp-second", "soon", "named", "s-ahmed", 46, 50);
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/shifts?rota=amhp-second", .token = device},
	    "shifts.0.person", "s-ahmed");
	expect(absence(manager, "?dry_run=1", "jo-jones", 20, 40, ""), 200,
	    "requirements.0.spans.0.stand_ins", "[]");
	/* A swap that leaves nothing open, and one that takes somebody off too early. */
	reply = override(manager, "?dry_run=1", "s-ahmed", 24, 36, ", \"instead\": \"jo-jones\"");
	assert_string_equal(http_at(&reply, "requirements"), "[]");
	assert_non_null(strstr(http_at(&reply, "warnings.0"), "S Ahmed may not be free"));
	http_free(&reply);
	expect_count("select count(*) from absence; select count(*) from override; "
		     "select count(*) from audit where action ~ '^(override|absence)'; "
		     "select count(*) from dirty where rota = 'absence:typed'",
	    "0\n0\n0\n0");
}

/* Her other shift, on the second rota, is not hers any more: where two were needed one is left. */
static void
a_dry_run_of_an_override_by_somebody_who_is_away(void **state)
{
	(void)state;
	made(absence(manager, "", "s-ahmed", 2, 3, ""));
	testbed_moved("absence:typed");
	testbed_until(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/absences", .token = manager},
	    "absences.0.person", "s-ahmed");
	for (;;) {
		struct http_reply reply =
		    override(manager, "?dry_run=1", "s-ahmed", 1, 4, ", \"instead\": \"jo-jones\"");
		bool seen = strcmp(http_at(&reply, "requirements"), "[]") != 0;

		assert_int_equal(reply.status, 200);
		if (seen) {
			char from[CIVIL_RFC3339_MAX];

			assert_string_equal(
			    http_at(&reply, "requirements.0.spans.0.start"), at_hours(2, from));
			assert_string_equal(http_at(&reply, "requirements.0.spans.0.state"), "gap");
		}
		http_free(&reply);
		if (seen)
			return;
		assert_true(clock_wall() < now + 60);
	}
}

/* ---------------------------------------------------------------------------------- refusals */

static void
what_cannot_be_is_refused_in_words(void **state)
{
	struct http_reply reply;

	(void)state;
	expect(override(device, "", "s-ahmed", 0, 3, ""), 403, NULL, NULL);
	expect(override(board, "", "s-ahmed", 0, 3, ""), 403, NULL, NULL);
	expect(override(other, "", "s-ahmed", 0, 3, ""), 403, NULL, NULL);
	reply = override(manager, "", "p-lee", 0, 3, "");
	assert_int_equal(reply.status, 400);
	assert_string_equal(http_at(&reply, "errors.0.path"), "$.person");
	assert_non_null(strstr(http_at(&reply, "errors.0.detail"), "P Lee does not hold"));
	http_free(&reply);
	expect(override(manager, "", "nobody", 0, 3, ""), 400, "errors.0.path", "$.person");
	expect(override(manager, "", "s-ahmed", 3, 0, ""), 400, "errors.0.path", "$.end");
	expect(
	    override(manager, "", "s-ahmed", -24 * 31 - 1, 1, ""), 400, "errors.0.path", "$.start");
	expect(override(manager, "", "s-ahmed", 0, 10000, ""), 400, "errors.0.path", "$.end");
	expect(override(manager, "", "s-ahmed", 0, 3, ", \"instead\": \"s-ahmed\""), 400,
	    "errors.0.path", "$.instead");
	expect(override(manager, "", "s-ahmed", 10, 13, ", \"instead\": \"jo-jones\""), 400,
	    "errors.0.path", "$.instead");
	expect(override(manager, "", "s-ahmed", 0, 3, ", \"expires\": \"2020-01-01T00:00:00Z\""),
	    400, "errors.0.path", "$.expires");
	expect(override(manager, "", "s-ahmed", 0, 3, ", \"expires\": \"2120-01-01T00:00:00Z\""),
	    400, "errors.0.path", "$.expires");
	expect(override(manager, "", "s-ahmed", 0, 3, ", \"note\": \"a\\nb\""), 400,
	    "errors.0.path", "$.note");
	expect(override(manager, "?dry_run=2", "s-ahmed", 0, 3, ""), 400, "errors.0.path",
	    "query.dry_run");
	expect(post(manager, "/v1/overrides",
		   "{\"rota\": \"leave-fenmere\", \"person\": \"s-ahmed\", "
		   "\"start\": \"2126-01-01T00:00:00Z\", \"end\": "
		   "\"2126-01-01T00:00:00Z\"}"),
	    400, "errors.0.path", "$.rota");
	expect(post(manager, "/v1/overrides", "{}"), 400, "errors.0.path", "$.rota");
	expect(post(manager, "/v1/absences", "{}"), 400, "errors.0.path", "$.person");
	expect(post(manager, "/v1/absences", "[]"), 400, "errors.0.path", "$");
	expect(absence(manager, "", "jo-jones", 3, 1, ""), 400, "errors.0.path", "$.end");
	expect(absence(manager, "", "jo-jones", 0, 24 * 900, ""), 400, "errors.0.path", "$.end");
	made(override(manager, "", "s-ahmed", 0, 3, ""));
	reply = override(manager, "", "s-ahmed", 2, 4, "");
	assert_int_equal(reply.status, 409);
	assert_non_null(strstr(http_at(&reply, "detail"), "already"));
	http_free(&reply);
	expect(testbed_as(device, "/v1/overrides?cursor=x"), 400, "errors.0.path", "query.cursor");
	expect(testbed_as(device, "/v1/overrides?rota=none"), 404, NULL, NULL);
	expect_count("select count(*) from override; select count(*) from absence", "1\n0");
}

static void
lists_come_in_pages(void **state)
{
	(void)state;
	made(override(manager, "", "s-ahmed", 0, 3, ""));
	made(override(manager, "", "s-ahmed", 4, 6, ""));
	made(override(manager, "", "s-ahmed", 7, 8, ""));
	expect(testbed_as(device, "/v1/overrides?limit=2"), 200, "next_cursor", "2");
	expect(testbed_as(device, "/v1/overrides?limit=2&cursor=2"), 200, "overrides.0.id", "3");
	expect(testbed_as(device, "/v1/overrides?limit=2&cursor=2"), 200, "next_cursor", "null");
}

/* Of people: who is away, who stands in, who could, whom a calendar or a decision names. */
static void
looks_at_names_are_noted(void **state)
{
	(void)state;
	until_now("functions.0.on_call.0.name", "J Jones");
	made(override(manager, "", "s-ahmed", 0, 3, ", \"instead\": \"jo-jones\""));
	made(absence(manager, "", "jo-jones", 24, 48, ""));
	expect(testbed_as(manager, "/v1/overrides?rota=amhp-duty"), 200, "overrides.0.person.name",
	    "S Ahmed");
	expect(testbed_as(board, "/v1/overrides"), 200, "overrides.0.person", "null");
	expect(testbed_as(manager, "/v1/absences"), 200, "absences.0.name", "J Jones");
	expect(testbed_as(manager, "/v1/rotas/amhp-duty/decisions"), 200, "rota", "amhp-duty");
	expect(absence(manager, "?dry_run=1", "s-ahmed", -1, 4, ""), 200, NULL, NULL);
	expect(override(manager, "?dry_run=1", "s-ahmed", 3, 4, ""), 200, NULL, NULL);
	/* Reads noted by a process that has ended are written by the next one; a running one writes
	 * each minute. */
	testbed_stop();
	testbed_start();
	scratch_psql_until(testbed_postgres(),
	    "select string_agg(distinct actor || ' ' || (detail->>'route') || ' ' || object, ', "
	    "' order by actor || ' ' || (detail->>'route') || ' ' || object) from audit where action = 'read' and actor in ('zfc-rotas', 'board')",
	    "zfc-rotas /v1/absences absences, zfc-rotas /v1/absences?dry_run=1 plan, zfc-rotas /v1/overrides rota/amhp-duty, "
	    "zfc-rotas /v1/overrides?dry_run=1 rota/amhp-duty, zfc-rotas /v1/rotas/{id}/decisions rota/amhp-duty",
	    20);
}

/* Where ${account} was shown names: "route object", each once. */
static void
expect_looks(const char *account, const char *wanted)
{
	char sql[512];

	snprintf(sql, sizeof sql,
	    "select coalesce(string_agg(distinct (detail->>'route') || ' ' || object, ', "
	    "' order by (detail->>'route') || ' ' || object), '') from audit where action = 'read' and actor = '%s'",
	    account);
	scratch_psql_until(testbed_postgres(), sql, wanted, 20);
}

/* A dispute names people in its sentence, and nobody else need be named where it stands: here the
 * stand-in is away, and so nobody is on. */
static void
names_in_disputes_are_noted(void **state)
{
	char from[CIVIL_RFC3339_MAX], to[CIVIL_RFC3339_MAX], path[256];
	char *switchboard = testbed_token("switch");
	struct http_reply reply;

	(void)state;
	made(override(manager, "", "s-ahmed", -1, 3, ", \"instead\": \"jo-jones\""));
	made(absence(manager, "", "s-ahmed", -1, 4, ""));
	testbed_moved("amhp-duty");
	testbed_moved("absence:typed");
	until_now("functions.0.cause_code", "not_free");
	/* While the calendar does not speak against it nobody is named. */
	expect(testbed_as(other, "/v1/feeds"), 200, "feeds.0.warnings", "[]");
	expect(testbed_as(other, NOW_PATH), 200, "functions.0.disputes", "[]");
	the_calendar_says_p_lee();
	reply = testbed_as(manager, "/v1/feeds");
	assert_non_null(strstr(http_at(&reply, "feeds.0.warnings.0.text"), "P Lee"));
	http_free(&reply);
	snprintf(path, sizeof path, "/v1/coverage?place=ZED01&function=amhp&from=%s&to=%s",
	    at_hours(0, from), at_hours(1, to));
	reply = testbed_as(switchboard, path);
	assert_non_null(strstr(http_at(&reply, "requirements.0.disputes.0"), "P Lee"));
	http_free(&reply);
	for (int i = 0; i < 2; i++) { /* the second time as it was kept for all who ask then */
		reply = testbed_as(switchboard, NOW_PATH);
		assert_string_equal(http_at(&reply, "functions.0.on_call"), "[]");
		assert_string_equal(http_at(&reply, "functions.0.last_known"), "[]");
		assert_non_null(strstr(http_at(&reply, "functions.0.disputes.0"), "P Lee"));
		http_free(&reply);
	}
	reply = testbed_as(switchboard, "/now/ZED01.txt");
	assert_non_null(strstr(reply.body, "P Lee"));
	http_free(&reply);
	/* An account that may see no names is shown none. */
	expect(testbed_as(board, "/v1/feeds"), 200, "feeds.0.warnings.0.kind", "override");
	expect(testbed_as(board, path), 200, "requirements.0.spans.0.people", "[]");
	expect(testbed_as(board, NOW_PATH), 200, "functions.0.on_call", "[]");
	expect(testbed_as(board, "/now/ZED01.txt"), 200, NULL, NULL);
	testbed_stop();
	testbed_start();
	expect_looks("zfc-rotas", "/v1/feeds feeds");
	expect_looks("switch",
	    "/now/{place}.txt place/ZED01, /v1/coverage place/ZED01, /v1/now place/ZED01");
	expect_looks("zav-rotas", "");
	expect_looks("board", "");
	free(switchboard);
}

/* The answer to an override may name people, too. */
static void
names_in_words_about_an_override_are_noted(void **state)
{
	struct http_reply reply;

	(void)state;
	until_now("functions.0.on_call.0.name", "J Jones");
	made(override(manager, "", "s-ahmed", 0, 3, ""));
	testbed_moved("amhp-duty");
	until_now("functions.0.on_call.1.name", "S Ahmed");
	/* The one who came first. */
	expect(override(manager, "", "s-ahmed", 1, 2, ""), 409, NULL, NULL);
	/* Nobody is named. */
	expect(override(manager, "", "nobody", 4, 5, ""), 400, "errors.0.path", "$.person");
	expect(override(manager, "", "s-ahmed", 4, 5, ", \"instead\": \"s-ahmed\""), 400,
	    "errors.0.path", "$.instead");
	/* People who do not hold the function, are not on, or are not free. */
	reply = override(manager, "", "p-lee", 4, 5, "");
	assert_non_null(strstr(http_at(&reply, "errors.0.detail"), "P Lee does not hold"));
	http_free(&reply);
	reply = override(manager, "", "s-ahmed", 7, 8, ", \"instead\": \"jo-jones\"");
	assert_non_null(strstr(http_at(&reply, "errors.0.detail"), "J Jones is not on"));
	http_free(&reply);
	reply = override(manager, "", "s-ahmed", 4, 5, "");
	assert_int_equal(reply.status, 400);
	assert_string_equal(http_at(&reply, "errors.0.path"), "$.confirm");
	http_free(&reply);
	reply = override(manager, "", "s-ahmed", 4, 5, ", \"confirm\": true");
	assert_int_equal(reply.status, 201);
	assert_non_null(strstr(http_at(&reply, "warnings.0"), "S Ahmed may not be free"));
	http_free(&reply);
	testbed_stop();
	testbed_start();
	expect_looks("zfc-rotas", "POST /v1/overrides rota/amhp-duty");
	expect_count(
	    "select sum((detail->>'count')::int) from audit where action = 'read' and actor = 'zfc-rotas'",
	    "5");
}

/* An override counts at once, and its note is often why another is not there. */
static void
who_is_put_on_is_certain(void **state)
{
	static const char *const refused[] = {
	    "TBC", "agency, provisional", "if needed", "S Ahmed?"};
	static const char *const taken[] = {"J Jones is off sick", "swapped", "no answer"};
	char more[128];

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		snprintf(more, sizeof more, ", \"confirm\": true, \"note\": \"%s\"", refused[i]);
		expect(
		    override(manager, "", "s-ahmed", 4, 5, more), 400, "errors.0.path", "$.note");
		expect(override(manager, "?dry_run=1", "s-ahmed", 4, 5, more), 400, "errors.0.path",
		    "$.note");
	}
	expect_count("select count(*) from override", "0");
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
		snprintf(more, sizeof more, ", \"confirm\": true, \"note\": \"%s\"", taken[i]);
		expect(override(manager, "?dry_run=1", "s-ahmed", 4, 5, more), 200, NULL, NULL);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_swap_is_shown_as_one),
	    TEST(coverage_says_who_was_put_on_here),
	    TEST(it_counts_when_the_calendar_cannot_be_believed),
	    TEST(a_dispute_is_a_warning_everywhere),
	    TEST(what_was_known_then),
	    TEST(absences_are_for_their_own_organisation),
	    TEST(leave_calendars_are_not_for_everybody),
	    TEST(a_dry_run_says_what_would_be_missing_and_writes_nothing),
	    TEST(a_dry_run_of_an_override_by_somebody_who_is_away),
	    TEST(what_cannot_be_is_refused_in_words),
	    TEST(who_is_put_on_is_certain),
	    TEST(lists_come_in_pages),
	    TEST(looks_at_names_are_noted),
	    TEST(names_in_disputes_are_noted),
	    TEST(names_in_words_about_an_override_are_noted),
	    TEST(the_file_keeps_it_while_the_database_is_away),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
