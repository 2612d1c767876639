/* SPDX-License-Identifier: MIT */
#include <poll.h>

#include "tests/unit/server/api/expect.h"

/* An upload from file to decision. The feeds role is not here: its part, reading the file, is
 * played by calling the function it calls. */

static char *manager, *other;

static int
set_up(void **state)
{
	testbed_set_up(state);
	testbed_apply();
	testbed_good("amhp-duty", "now()");
	testbed_good("amhp-second", "now()");
	testbed_sql(
	    "update feed set horizon = now() + interval '60 days', updated_at = clock_timestamp()");
	testbed_shift("amhp-duty", "old", "named", "jo-jones", 1, 10);
	manager = testbed_token("zfc-rotas");
	other = testbed_token("switch");
	return 0;
}

static int
tear_down(void **state)
{
	free(manager);
	free(other);
	return testbed_tear_down(state);
}

static long
upload(const char *token, const char *query, int wanted)
{
	char path[128];
	struct http_reply reply;
	long id;

	snprintf(path, sizeof path, "/v1/rotas/amhp-duty/imports%s", query);
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "POST",
	    .path = path,
	    .token = token,
	    .type = "text/calendar; charset=utf-8",
	    .body = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"});
	assert_int_equal(reply.status, wanted);
	id = atol(http_at(&reply, "id"));
	http_free(&reply);
	return id;
}

/* The findings that the feeds role would have: the old shift gone, S Ahmed ${from} to ${to} hours
 * from now, and a name that nobody knows. */
static void
preview_of(long id, bool safe, int from, int to)
{
	testbed_sql(
	    "update import set claim = 7 where id = %ld; select import_preview(%ld, 7, null, 'w', '{\"window_from\": "
	    "\"2026-01-01T00:00:00Z\", \"window_to\": \"2028-01-01T00:00:00Z\", \"events\": 1,   \"counts\": {\"named\": 1, "
	    "\"undecided\": 0}, \"findings\": [{\"level\": \"warning\", \"uid\": \"x\",   \"line\": 3, \"text\": \"Odd.\", "
	    "\"remedy\": \"Look.\"}], \"first_start\": \"2026-11-22T00:00:00Z\",   \"horizon\": \"2028-01-01T00:00:00Z\", "
	    "\"zone_used\": \"Europe/London\"}', %s, %s, '{\"counts\": {\"added\": 1}, \"changes\": [], \"new_people\": "
	    "[\"X Unknown\"]}', array(select id from shift where key = 'old'), array['new'], array['named'], array['s-ahmed'], "
	    "array[null], array['On call'], array[date_trunc('second', now()) + interval '%d hours'], array[date_trunc('second', "
	    "now()) + interval '%d hours'])",
	    id, id, safe ? "true" : "false", safe ? "null" : "'A quarter of the shifts is gone.'",
	    from, to);
}

/* It opens a gap: the old shift began four hours earlier. */
static void
preview(long id, bool safe)
{
	preview_of(id, safe, 5, 20);
}

static struct http_reply
decide(const char *token, long id, const char *what, const char *body)
{
	char path[128];

	snprintf(path, sizeof path, "/v1/imports/%ld/%s", id, what);
	return http(&(struct http_ask){
	    .port = testbed_port(), .method = "POST", .path = path, .token = token, .body = body});
}

/* Decides, once the process has caught up with the last change of the rota: until then nothing can be said, which
 * an_old_map_does_not_judge tests. */
static struct http_reply
decide_when_known(const char *token, long id, const char *what, const char *body)
{
	struct http_reply reply = decide(token, id, what, body);

	for (int i = 0; i < 3000 && reply.status == 409 &&
			strstr(reply.body, "still being worked out") != NULL;
	     i++) {
		http_free(&reply);
		poll(NULL, 0, 20);
		reply = decide(token, id, what, body);
	}
	return reply;
}

static struct http_reply
look(long id)
{
	char path[64];

	snprintf(path, sizeof path, "/v1/imports/%ld", id);
	return testbed_as(manager, path);
}

/* holds: H18.1 */
static void
a_preview_says_what_would_change(void **state)
{
	long id = upload(manager, "", 202);
	struct http_reply reply = look(id);

	(void)state;
	assert_string_equal(http_at(&reply, "state"), "uploaded");
	assert_string_equal(http_at(&reply, "gaps"), "null");
	http_free(&reply);
	preview(id, true);
	reply = look(id);
	assert_string_equal(http_at(&reply, "state"), "preview");
	/* The guards have nothing against it; what it opens does. */
	assert_string_equal(http_at(&reply, "safe"), "false");
	assert_non_null(strstr(http_at(&reply, "why"), "cover would be lost"));
	assert_non_null(strstr(http_at(&reply, "why"), "(ZED01), gap, from"));
	assert_string_equal(http_at(&reply, "counts.named"), "1");
	assert_string_equal(http_at(&reply, "findings.0.remedy"), "Look.");
	assert_string_equal(http_at(&reply, "diff.counts.added"), "1");
	assert_string_equal(http_at(&reply, "new_people"), "[\"X Unknown\"]");
	assert_string_equal(http_at(&reply, "joining"), "[\"S Ahmed\"]");
	assert_string_equal(http_at(&reply, "horizon"), "2028-01-01T00:00:00Z");
	/* From +1 to +10 now; from +5 to +20 then. */
	assert_string_equal(http_at(&reply, "gaps.opens.0.requirement"), "R01");
	assert_string_equal(http_at(&reply, "gaps.opens.0.state"), "gap");
	assert_string_equal(http_at(&reply, "gaps.closes.0.place"), "ZED01");
	http_free(&reply);
	expect(
	    testbed_as(manager, "/v1/imports?rota=amhp-duty"), 200, "imports.0.state", "preview");
	expect(testbed_as(other, "/v1/imports"), 403, "status", "403");
}

/* How much there is that an import may leave behind. */
static char *
left(void)
{
	return scratch_psql(testbed_postgres(),
	    "select concat_ws(',', (select count(*) from import), (select count(*) from import_shift), (select count(*) from reading), "
	    "(select count(*) from body), (select count(*) from audit where action like 'import_%'))");
}

static void
expect_left(const char *before, bool same)
{
	char *now = left();

	if ((strcmp(before, now) == 0) != same)
		fail_msg("there was %s, there is %s", before, now);
	free(now);
}

/* A file that is only looked at is previewed, is in no list, is never put in force, and leaves
 * nothing. */
static void
one_that_is_only_looked_at_leaves_nothing(void **state)
{
	char *before = left();
	long id = upload(manager, "?apply=look", 202);
	struct http_reply reply;

	(void)state;
	preview(id, true);
	reply = look(id);
	assert_string_equal(http_at(&reply, "state"), "preview");
	assert_string_equal(http_at(&reply, "counts.named"), "1");
	assert_string_equal(http_at(&reply, "findings.0.remedy"), "Look.");
	assert_string_equal(http_at(&reply, "horizon"), "2028-01-01T00:00:00Z");
	assert_string_equal(http_at(&reply, "gaps.opens.0.requirement"), "R01");
	http_free(&reply);
	expect(testbed_as(manager, "/v1/imports"), 200, "imports", "[]");
	reply = decide(manager, id, "confirm", "{\"reason\": \"It is right.\"}");
	assert_non_null(strstr(reply.body, "send it again to put it in force"));
	expect(reply, 409, "status", "409");
	expect(decide(manager, id, "discard", "{}"), 200, "state", "discarded");
	expect(look(id), 404, "status", "404");
	expect_left(before, true);
	free(before);
}

/* Neither one that the reader refuses, nor one whose sender was stopped. */
static void
one_that_nobody_discards_goes_by_itself(void **state)
{
	char *before = left();
	long id = upload(manager, "?apply=look", 202);

	(void)state;
	testbed_sql(
	    "update import set claim = 7 where id = %ld; select import_refused(%ld, 7, 'It is no calendar.', 'w', null)",
	    id, id);
	expect(decide(manager, id, "discard", "{}"), 200, "state", "discarded");
	expect_left(before, true);
	preview(upload(manager, "?apply=look", 202), true);
	testbed_sql(
	    "select record_maintain_at(clock_timestamp() + interval '50 minutes', 90, '{}', '{}')");
	expect_left(before, false);
	testbed_sql(
	    "select record_maintain_at(clock_timestamp() + interval '70 minutes', 90, '{}', '{}')");
	expect_left(before, true);
	free(before);
}

/* The same bytes were sent to be put in force: they stay. */
static void
what_others_need_of_one_stays(void **state)
{
	char *before;
	long id, wanted = upload(manager, "", 202);

	(void)state;
	preview(wanted, true);
	before = left();
	id = upload(manager, "?apply=look", 202);
	preview(id, true);
	expect(decide(manager, id, "discard", "{}"), 200, "state", "discarded");
	expect_left(before, true);
	expect(look(wanted), 200, "state", "preview");
	free(before);
}

static void
override_now(const char *person, const char *instead)
{
	testbed_sql("select override_add('amhp-duty', '%s', '%s', now() + interval '30 minutes', "
		    "now() + interval '11 hours', now() + interval '11 hours', null, false, 'ann')",
	    person, instead);
	testbed_sql("delete from dirty"); /* as coverage does once it has swept it */
	testbed_moved("amhp-duty");
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/shifts?rota=amhp-duty", .token = manager},
	    "shifts.0.override", "true");
}

/* The effect on an override that was made before is what happens to it. */
static void
a_preview_says_what_becomes_of_overrides(void **state)
{
	struct http_reply reply;
	long id;

	(void)state;
	override_now("s-ahmed", "jo-jones");
	id = upload(manager, "", 202);
	preview(id, true);
	reply = look(id);
	/* Jo's shift from +1 to +10 goes, and the calendar has S Ahmed from +5 on only. */
	assert_string_equal(http_at(&reply, "overrides.0.id"), "1");
	assert_string_equal(http_at(&reply, "overrides.0.was"), "waiting");
	assert_string_equal(http_at(&reply, "overrides.0.becomes"), "conflicting");
	assert_string_equal(http_at(&reply, "overrides.0.person.name"), "S Ahmed");
	assert_non_null(
	    strstr(http_at(&reply, "overrides.0.text"), "no longer has the shift of J"));
	assert_string_equal(http_at(&reply, "overrides.1"), "(none)");
	/* It is then not known who is on: that is what opens. */
	assert_string_equal(http_at(&reply, "gaps.opens.0.state"), "unknown");
	assert_string_equal(http_at(&reply, "safe"), "false");
	http_free(&reply);
	expect(decide(manager, id, "confirm", "{}"), 409, "status", "409");
	expect(decide(manager, id, "confirm", "{\"reason\": \"agreed\"}"), 200, "state", "applied");
	expect(testbed_as(manager, "/v1/overrides"), 200, "overrides.0.state", "conflicting");
}

static void
a_preview_says_which_overrides_it_reconciles(void **state)
{
	struct http_reply reply;
	long id;

	(void)state;
	override_now("s-ahmed", "jo-jones");
	id = upload(manager, "", 202);
	preview_of(id, true, 0, 20);
	reply = look(id);
	assert_string_equal(http_at(&reply, "overrides.0.becomes"), "reconciled");
	assert_string_equal(http_at(&reply, "gaps.opens"), "[]");
	assert_string_equal(http_at(&reply, "safe"), "true");
	http_free(&reply);
	/* Nothing was done yet. */
	expect(testbed_as(manager, "/v1/overrides"), 200, "overrides.0.state", "waiting");
	expect(decide_when_known(manager, id, "confirm", "{}"), 200, "state", "applied");
	expect(testbed_as(manager, "/v1/overrides"), 200, "overrides.0.state", "reconciled");
}

static void
confirming_puts_it_in_force(void **state)
{
	const struct http_ask shifts = {
	    .port = testbed_port(), .path = "/v1/shifts?rota=amhp-duty", .token = testbed_admin()};
	long id = upload(manager, "?apply=ask", 202);

	(void)state;
	expect(decide(manager, id, "confirm", "{}"), 409, "status", "409");
	preview_of(id, true, 0, 20);
	expect(look(id), 200, "safe", "true");
	expect(decide(other, id, "confirm", "{}"), 403, "status", "403");
	expect(decide_when_known(manager, id, "confirm", "{}"), 200, "state", "applied");
	expect(decide(manager, id, "confirm", "{}"), 409, "status", "409");
	testbed_until(&shifts, "shifts.0.name", "S Ahmed");
	expect(decide(manager, id, "undo", "{\"reason\": \"wrong file\"}"), 200, "state", "undone");
	testbed_until(&shifts, "shifts.0.name", "J Jones");
}

/* holds: H05.2 */
static void
what_the_guards_hold_wants_a_reason(void **state)
{
	long id = upload(manager, "", 202);

	(void)state;
	preview_of(id, false, 0, 20);
	expect(look(id), 200, "why", "A quarter of the shifts is gone.");
	expect(decide_when_known(manager, id, "confirm", "{}"), 409, "status", "409");
	expect(decide(manager, id, "confirm", "{\"reason\": \"The team is smaller now.\"}"), 200,
	    "state", "applied");
	expect(look(id), 200, "reason", "The team is smaller now.");
}

/* Whether the guards hold it or not. */
/* holds: H18.3 */
static void
what_opens_a_gap_soon_wants_a_reason(void **state)
{
	long id = upload(manager, "", 202);
	struct http_reply reply;

	(void)state;
	preview(id, true);
	reply = decide_when_known(manager, id, "confirm", "{}");
	assert_int_equal(reply.status, 409);
	assert_non_null(strstr(reply.body, "a reason is needed to confirm this"));
	assert_non_null(strstr(reply.body, "(ZED01), gap, from"));
	http_free(&reply);
	expect(decide(manager, id, "confirm", "{\"reason\": \" \"}"), 409, "status", "409");
	expect(look(id), 200, "state", "preview");
	expect(
	    decide(manager, id, "confirm", "{\"reason\": \"It is so.\"}"), 200, "state", "applied");
}

static void
what_opens_a_gap_later_wants_none(void **state)
{
	long id = upload(manager, "", 202);

	(void)state;
	testbed_shift("amhp-duty", "later", "named", "jo-jones", 7 * 24 + 2, 7 * 24 + 12);
	preview_of(id, true, 0, 20);
	testbed_sql(
	    "update import set superseded = superseded || (select id from shift where key = "
	    "'later') where id = %ld",
	    id);
	expect(look(id), 200, "safe", "true");
	expect(decide_when_known(manager, id, "confirm", "{}"), 200, "state", "applied");
}

/* The map does not know of a change yet: what opens is not said by guess. */
static void
an_old_map_does_not_judge(void **state)
{
	long id = upload(manager, "", 202);

	(void)state;
	preview_of(id, true, 0, 20);
	testbed_sql("insert into dirty (rota) values ('amhp-duty')");
	expect(decide(manager, id, "confirm", "{}"), 409, "status", "409");
	testbed_sql("delete from dirty");
	expect(decide_when_known(manager, id, "confirm", "{}"), 200, "state", "applied");
}

/* Judged is one reading of the file: not what another reading would change. */
static void
a_reading_that_nobody_judged_is_not_applied(void **state)
{
	long id = upload(manager, "", 202);
	char *said;

	(void)state;
	preview_of(id, true, 0, 20);
	said = scratch_psql(testbed_postgres(),
	    "do $$ begin perform import_decide((select max(id) from import), false, 'ann', null, 1, '{}'); "
	    "exception when sqlstate 'P0001' then null; end $$; select state from import order by id desc limit 1");
	assert_non_null(strstr(said, "preview"));
	free(said);
}

static void
if_safe_applies_what_opens_nothing(void **state)
{
	const struct http_ask ask = {
	    .port = testbed_port(), .path = "/v1/imports?rota=amhp-duty", .token = manager};
	long id = upload(manager, "?apply=if-safe", 202);

	(void)state;
	preview_of(id, true, 0, 20);
	testbed_until(&ask, "imports.0.state", "applied");
	expect(look(id), 200, "decided_by", "zfc-rotas");
}

static void
if_safe_leaves_what_opens_a_gap_to_a_person(void **state)
{
	const struct http_ask ask = {
	    .port = testbed_port(), .path = "/v1/imports?rota=amhp-duty", .token = manager};
	long id = upload(manager, "?apply=if-safe", 202);

	(void)state;
	preview(id, true);
	testbed_until(&ask, "imports.0.safe", "false");
	expect(look(id), 200, "state", "preview");
	expect(look(id), 200, "safe", "false");
	expect(decide(manager, id, "confirm", "{}"), 409, "status", "409");
}

static void
a_discarded_one_changes_nothing(void **state)
{
	long id = upload(manager, "", 202);

	(void)state;
	preview(id, true);
	expect(decide(manager, id, "discard", "{}"), 200, "state", "discarded");
	expect(testbed_as(manager, "/v1/shifts?rota=amhp-duty"), 200, "shifts.0.name", "J Jones");
	expect(decide(manager, id, "discard", "{}"), 409, "status", "409");
}

static void
only_an_administrator_skips_the_preview(void **state)
{
	long id;
	char *modes;

	(void)state;
	upload(manager, "?apply=now", 403);
	upload(manager, "?apply=sometimes", 400);
	upload(other, "", 403);
	id = upload(testbed_admin(), "?apply=now", 202);
	preview(id, false);
	expect(look(id), 200, "state", "applied");
	upload(manager, "?apply=if-safe", 202);
	modes = scratch_psql(
	    testbed_postgres(), "select string_agg(mode, ',' order by id) from import");
	assert_string_equal(modes, "now,if_safe");
	free(modes);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_preview_says_what_would_change),
	    CASE(one_that_is_only_looked_at_leaves_nothing),
	    CASE(one_that_nobody_discards_goes_by_itself),
	    CASE(what_others_need_of_one_stays),
	    CASE(a_preview_says_what_becomes_of_overrides),
	    CASE(a_preview_says_which_overrides_it_reconciles),
	    CASE(confirming_puts_it_in_force),
	    CASE(what_the_guards_hold_wants_a_reason),
	    CASE(what_opens_a_gap_soon_wants_a_reason),
	    CASE(what_opens_a_gap_later_wants_none),
	    CASE(an_old_map_does_not_judge),
	    CASE(a_reading_that_nobody_judged_is_not_applied),
	    CASE(if_safe_applies_what_opens_nothing),
	    CASE(if_safe_leaves_what_opens_a_gap_to_a_person),
	    CASE(a_discarded_one_changes_nothing),
	    CASE(only_an_administrator_skips_the_preview),
	};

	return cmocka_run_group_tests_name("imports", tests, testbed_open, testbed_close);
}
