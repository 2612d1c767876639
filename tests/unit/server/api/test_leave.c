/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/agreed.h"

/*
 * /v1/leave and /v1/needs-cover. J Jones is on amhp-duty tomorrow, from 24 to 36 hours from now, and K Lee of
 * another organisation from 96 to 108. No coverage role runs here: that a gap is acknowledged as it opens is a test
 * of coverage.
 */

static int
set_up(void **state)
{
	return agreed_set_up(state, "k-lee", 96, 108);
}

static struct http_reply
request(const char *token, const char *query, double from, double to, const char *more)
{
	char start[CIVIL_RFC3339_MAX], end[CIVIL_RFC3339_MAX], path[64], body[400];

	snprintf(path, sizeof path, "/v1/leave%s", query);
	snprintf(body, sizeof body, "{\"start\": \"%s\", \"end\": \"%s\"%s}", at_hours(from, start),
	    at_hours(to, end), more);
	return ask_as("POST", token, path, body);
}

static long
requested(const char *token, double from, double to, const char *more)
{
	struct http_reply reply = request(token, "", from, to, more);
	long id = strtol(http_at(&reply, "id"), NULL, 10);

	if (reply.status != 201)
		fail_msg("%d\n%s", reply.status, reply.body);
	http_free(&reply);
	return id;
}

static struct http_reply
decide(const char *token, long id, const char *what, const char *body)
{
	char path[64];

	snprintf(path, sizeof path, "/v1/leave/%ld/%s", id, what);
	return ask_as("POST", token, path, body);
}

static void
expect_leave(const char *token, long id, const char *where, const char *wanted)
{
	char path[64];

	snprintf(path, sizeof path, "/v1/leave/%ld", id);
	expect(testbed_as(token, path), 200, where, wanted);
}

/* The body of an approval in which ${person} stands in for J Jones for the whole shift. */
static const char *
cover(const char *person, const char *more)
{
	static char body[500];
	char start[CIVIL_RFC3339_MAX], end[CIVIL_RFC3339_MAX];

	snprintf(body, sizeof body,
	    "{\"cover\": [{\"rota\": \"amhp-duty\", \"person\": \"%s\", \"start\": \"%s\", \"end\": \"%s\"}]%s}",
	    person, at_hours(23, start), at_hours(37, end), more);
	return body;
}

/* --------------------------------------------------------------------------------- asked for */

static void
it_is_asked_for_and_nobody_is_told_why(void **state)
{
	long id;

	(void)state;
	expect(request(jo, "?dry_run=1", 20, 60, ""), 200, "shifts.0.rota", "amhp-duty");
	expect_sql("select count(*) from leave", "0");
	expect(request(jo, "", 20, 60, ", \"reason\": \"an operation\""), 400, "errors.0.path",
	    "$.reason");
	expect(request(jo, "", 20, 60, ", \"person\": \"s-ahmed\""), 403, NULL, NULL);
	expect(request(viewer, "", 20, 60, ""), 400, "errors.0.path", "$.person");
	expect(request(jo, "", 60, 20, ""), 400, "errors.0.path", "$.end");
	id = requested(jo, 20, 60, "");
	expect_leave(jo, id, "state", "requested");
	expect_leave(jo, id, "requirements", "(none)");
	expect_leave(manager, id, "person.name", "J Jones");
	/* What it does to cover, and who could stand in. */
	expect_leave(manager, id, "requirements.0.id", "R01");
	expect_leave(manager, id, "requirements.0.spans.0.stand_ins.0.person", "s-ahmed");
	expect(testbed_as(other, "/v1/leave/1"), 404, NULL, NULL);
	expect(testbed_as(viewer, "/v1/leave/1"), 404, NULL, NULL);
	expect(testbed_as(sam, "/v1/leave"), 200, "leave", "[]");
	expect(testbed_as(manager, "/v1/leave"), 200, "leave.0.person.id", "jo-jones");
	expect_words(request(manager, "", 40, 70, ", \"person\": \"jo-jones\""), 409,
	    "leave 1 is requested for some of that time");
	/* Cover does not change before it is approved. */
	expect_sql("select count(*) from absence", "0");
}

static void
nobody_approves_their_own(void **state)
{
	long id = requested(jo, 20, 60, "");

	(void)state;
	expect(decide(jo, id, "approve", "{}"), 403, NULL, NULL);
	expect(decide(other, id, "approve", "{}"), 404, NULL, NULL);
	expect(decide(viewer, id, "approve", "{}"), 403, NULL, NULL);
	expect(decide(jo, id, "withdraw", NULL), 200, "state", "withdrawn");
	expect(decide(manager, id, "approve", "{\"gap_reason\": \"x\"}"), 409, NULL, NULL);
	expect_sql("select count(*) from absence", "0");
}

/* A manager who is a person on the rotas decides about others, and another about them. */
static void
a_manager_does_not_approve_their_own(void **state)
{
	char *boss;
	long id;

	(void)state;
	put("/v1/accounts/boss",
	    "{\"kind\": \"person\", \"role\": \"rota_manager\", \"organisation\": \"ZFC\", \"person\": \"s-ahmed\"}");
	boss = testbed_token("boss");
	id = requested(boss, 20, 60, "");
	expect(decide(boss, id, "approve", "{}"), 403, NULL, NULL);
	expect(decide(boss, id, "refuse", "{}"), 403, NULL, NULL);
	expect_sql("select count(*) from absence", "0");
	expect(decide(manager, id, "approve", "{}"), 200, "state", "approved");
	id = requested(jo, 100, 110, "");
	expect(decide(boss, id, "approve", "{}"), 200, "state", "approved");
	free(boss);
}

/* --------------------------------------------------------------------------------- decided */

static void
with_a_gap_it_wants_a_reason(void **state)
{
	long id = requested(jo, 20, 60, "");

	(void)state;
	expect(decide(manager, id, "approve?dry_run=1", "{}"), 200, "leaves_gap", "true");
	expect(decide(manager, id, "approve", "{}"), 409, "errors.0.path", "$.gap_reason");
	expect(decide(manager, id, "approve", "{\"gap_reason\": \"  \"}"), 409, NULL, NULL);
	expect_sql("select count(*) from absence", "0");
	expect(decide(manager, id, "approve", "{\"gap_reason\": \"nobody is free, EDT is told\"}"),
	    200, "gaps.0.requirement", "R01");
	expect_leave(jo, id, "state", "approved");
	expect_leave(jo, id, "absence", "1");
	expect_sql(
	    "select requirement || ' ' || place || ' ' || who || ' ' || reason || ' ' || made_for from gap_expected",
	    "R01 ZED01 zfc-rotas nobody is free, EDT is told leave/1");
	expect_sql(
	    "select upper(r) - lower(r) = interval '12 hours' from (select tstzrange(min(starts_at), max(ends_at)) r from gap_expected) x",
	    "t");
	expect(decide(manager, id, "approve", "{}"), 409, NULL, NULL);
	/* What was approved ends by a manager; then no gap is expected. */
	expect(decide(jo, id, "withdraw", NULL), 403, NULL, NULL);
	expect(decide(manager, id, "withdraw", NULL), 200, "stands", "[]");
	expect_sql("select count(*) from gap_expected where ended_at is null", "0");
	expect_sql("select withdrawn_by from absence", "zfc-rotas");
}

static void
with_somebody_who_stands_in_there_is_no_gap(void **state)
{
	char stands[40], *override;
	long id = requested(jo, 20, 60, "");

	(void)state;
	expect(decide(manager, id, "approve?dry_run=1", cover("s-ahmed", "")), 200, "leaves_gap",
	    "false");
	expect_sql("select count(*) from override", "0");
	expect(decide(manager, id, "approve", cover("s-ahmed", "")), 200, "gaps", "[]");
	expect_sql("select person || ' for ' || instead from override", "s-ahmed for jo-jones");
	expect_sql("select count(*) from gap_expected", "0");
	/* Who stands in was asked to, and is not sent away in silence. */
	override = scratch_psql(testbed_postgres(), "select id from override");
	snprintf(stands, sizeof stands, "%s", override);
	free(override);
	expect(decide(manager, id, "withdraw", NULL), 200, "stands.0", stands);
	expect_sql("select count(*) from override where withdrawn_at is null", "1");
}

static void
who_stands_in_is_checked(void **state)
{
	long id = requested(jo, 20, 60, "");

	(void)state;
	testbed_shift("amhp-second", "c", "named", "s-ahmed", 40, 44);
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/shifts?rota=amhp-second", .token = manager},
	    "shifts.0.person", "s-ahmed");
	expect_words(decide(manager, id, "approve", cover("s-ahmed", "")), 409, "11 hours off");
	expect_words(
	    decide(manager, id, "approve", cover("p-lee", ", \"force\": true, \"reason\": \"x\"")),
	    409, "does not hold the function amhp");
	expect(decide(manager, id, "approve", cover("s-ahmed", ", \"force\": true")), 400,
	    "errors.0.path", "$.reason");
	expect_sql("select count(*) from override", "0");
	expect(decide(manager, id, "approve",
		   cover("s-ahmed", ", \"force\": true, \"reason\": \"only for two hours\"")),
	    200, "state", "approved");
}

static void
it_may_be_refused(void **state)
{
	long id = requested(jo, 20, 60, "");

	(void)state;
	expect(decide(jo, id, "refuse", "{}"), 403, NULL, NULL);
	expect(decide(manager, id, "refuse", "{\"reason\": \"two others are away\"}"), 200, "state",
	    "refused");
	expect_leave(jo, id, "reason", "two others are away");
	expect(decide(manager, id, "approve", "{\"gap_reason\": \"x\"}"), 409, NULL, NULL);
	/* It may be asked for again. */
	requested(jo, 20, 60, "");
}

static void
leave_ends_with_its_absence(void **state)
{
	long id = requested(jo, 20, 60, "");

	(void)state;
	expect(decide(manager, id, "approve", "{\"gap_reason\": \"x\"}"), 200, NULL, NULL);
	expect_sql("update swap_head set version = version + 10 returning true", "t");
	expect(ask_as("DELETE", manager, "/v1/absences/1", NULL), 204, NULL, NULL);
	/* Those who follow leave are told. */
	expect_sql("select l.version = h.version from leave l, swap_head h", "t");
	expect_leave(jo, id, "state", "withdrawn");
	expect(decide(manager, id, "withdraw", NULL), 409, NULL, NULL);
}

/* ---------------------------------------------------------------------------- two organisations */

static void
the_other_organisation_hears_that_a_shift_needs_cover_and_not_why(void **state)
{
	struct http_reply reply;
	long id = requested(kim, 90, 120, "");

	(void)state;
	expect(testbed_as(manager, "/v1/needs-cover"), 200, "needs_cover", "[]");
	/* Their rota is not K Lee's managers' to put somebody on. */
	expect_leave(other, id, "shifts.0.may_change", "false");
	expect(decide(other, id, "approve", cover("s-ahmed", "")), 400, "errors.0.path",
	    "$.cover[0].rota");
	expect(decide(other, id, "approve", "{}"), 409, "errors.0.path", "$.gap_reason");
	/* Nor is the gap theirs to answer for: those who do hear of it as of any other. */
	expect(decide(other, id, "approve", "{\"gap_reason\": \"agreed long ago\"}"), 200, "gaps",
	    "[]");
	expect_sql("select count(*) from gap_expected", "0");
	testbed_moved("absence:typed");
	testbed_until(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/needs-cover", .token = manager},
	    "needs_cover.0.person.name", "K Lee");
	reply = testbed_as(manager, "/v1/needs-cover");
	assert_string_equal(http_at(&reply, "needs_cover.0.rota"), "amhp-duty");
	assert_string_equal(http_at(&reply, "needs_cover.1"), "(none)");
	assert_null(strstr(reply.body, "leave"));
	assert_null(strstr(reply.body, "absence"));
	assert_null(strstr(reply.body, "agreed long ago"));
	http_free(&reply);
	expect(testbed_as(manager, "/v1/leave/1"), 404, NULL, NULL);
	expect(testbed_as(manager, "/v1/leave"), 200, "leave", "[]");
	expect(testbed_as(other, "/v1/needs-cover"), 200, "needs_cover", "[]");
	expect(testbed_as(kim, "/v1/needs-cover"), 403, NULL, NULL);
}

static void
an_uncertain_stand_in_is_not_approved(void **state)
{
	long id = requested(jo, 20, 60, "");

	(void)state;
	expect(
	    decide(manager, id, "approve?dry_run=1", cover("s-ahmed", ", \"reason\": \"Sam TBC\"")),
	    400, "errors.0.path", "$.reason");
	expect(decide(manager, id, "approve", cover("s-ahmed", ", \"reason\": \"Sam TBC\"")), 400,
	    "errors.0.path", "$.reason");
	expect_sql("select count(*) from override", "0");
	expect(decide(manager, id, "approve", cover("s-ahmed", ", \"reason\": \"agreed\"")), 200,
	    "state", "approved");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, agreed_tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(an_uncertain_stand_in_is_not_approved),
	    TEST(it_is_asked_for_and_nobody_is_told_why),
	    TEST(nobody_approves_their_own),
	    TEST(a_manager_does_not_approve_their_own),
	    TEST(with_a_gap_it_wants_a_reason),
	    TEST(with_somebody_who_stands_in_there_is_no_gap),
	    TEST(who_stands_in_is_checked),
	    TEST(it_may_be_refused),
	    TEST(leave_ends_with_its_absence),
	    TEST(the_other_organisation_hears_that_a_shift_needs_cover_and_not_why),
	};

	return cmocka_run_group_tests_name("leave", tests, testbed_open, testbed_close);
}
