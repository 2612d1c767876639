/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/expect.h"

#include "server/base/civil.h"
#include "server/base/clock.h"

/* Typed rotas: /v1/rotas/{id}/shifts and /v1/rotas/{id}/rotation. amhp-second is typed; amhp-duty has a calendar.
 * No coverage role runs here. */

static char *manager, *other, *device;
static int64_t now;

static void
apply_typed(void)
{
	static const char file[] =
	    "{\"kind\": \"file\"},  \"reading\": {\"tentative_counts\": true}";
	static const char typed[] = "{\"kind\": \"typed\"}";
	char region[8192];
	char *at;
	struct http_reply reply;

	snprintf(region, sizeof region, "%s", testbed_region());
	at = strstr(region, file);
	assert_non_null(at);
	memset(at, ' ', strlen(file));
	memcpy(at, typed, strlen(typed));
	reply = http(&(struct http_ask){.port = testbed_port(),
	    .method = "PUT",
	    .path = TESTBED_REGION,
	    .token = testbed_admin(),
	    .body = region});
	if (reply.status != 200)
		fail_msg("%d %s", reply.status, reply.body);
	http_free(&reply);
	testbed_sql("update map_head set region_version = (select max(version) from region)");
}

static int
set_up(void **state)
{
	testbed_set_up(state);
	now = clock_wall();
	testbed_apply();
	apply_typed();
	testbed_good("amhp-duty", "now()");
	manager = testbed_token("zfc-rotas");
	device = testbed_token("oswins-ed");
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
	free(manager);
	free(other);
	free(device);
	return testbed_tear_down(state);
}

/* ------------------------------------------------------------------------------------- asking */

static struct http_reply
ask(const char *token, const char *method, const char *path, const char *headers, const char *body)
{
	return http(&(struct http_ask){.port = testbed_port(),
	    .method = method,
	    .path = path,
	    .token = token,
	    .headers = headers,
	    .body = body});
}

static const char *
hours(double hours)
{
	static char texts[8][CIVIL_RFC3339_MAX];
	static unsigned turn;
	char *out = texts[turn++ % 8];

	civil_rfc3339(now + (int64_t)(hours * 3600), out);
	return out;
}

static const char *
shift_of(const char *person, double from, double until, const char *more)
{
	static char body[600];

	snprintf(body, sizeof body, "{\"person\": \"%s\", \"from\": \"%s\", \"until\": \"%s\"%s}",
	    person, hours(from), hours(until), more);
	return body;
}

#define SHIFTS "/v1/rotas/amhp-second/shifts"

static long
added(struct http_reply reply)
{
	long id = strtol(http_at(&reply, "id"), NULL, 10);

	if (reply.status != 201 && reply.status != 200)
		fail_msg("%d\n%s", reply.status, reply.body);
	http_free(&reply);
	return id;
}

/* PATCH or DELETE of a shift, as if it had been read as ${seen} (0: no If-Match). */
static struct http_reply
change(const char *method, long id, long seen, const char *query, const char *body)
{
	char path[128], tag[64];

	snprintf(path, sizeof path, SHIFTS "/%ld%s", id, query);
	snprintf(tag, sizeof tag, "If-Match: \"shift-%ld\"\r\n", seen);
	return ask(manager, method, path, seen != 0 ? tag : NULL, body);
}

/* The shifts in force, as "person from until" in hours from now. */
static void
expect_shifts(const char *wanted)
{
	char sql[800], *said;

	snprintf(sql, sizeof sql,
	    "select coalesce(string_agg(format('%%s %%s %%s', person, round(extract(epoch from starts_at - to_timestamp(%lld)) / "
	    "3600), round(extract(epoch from ends_at - to_timestamp(%lld)) / 3600)), ', ' order by starts_at, person), '') from "
	    "shift where rota = 'amhp-second' and known_to = 'infinity'",
	    (long long)now, (long long)now);
	said = scratch_psql(testbed_postgres(), sql);
	assert_string_equal(said, wanted);
	free(said);
}

/* ------------------------------------------------------------------------------- single shifts */

static void
a_locum_who_is_typed_in_covers(void **state)
{
	struct http_reply reply;
	long id;

	(void)state;
	id = added(ask(
	    manager, "POST", SHIFTS, NULL, shift_of("s-ahmed", -1, 9, ", \"note\": \"Locum\"")));
	assert_true(id > 0);
	expect_shifts("s-ahmed -1 9");
	expect_sql(
	    "select f.state || ' ' || (f.horizon = s.ends_at) || ' ' || (s.reading is null and s.override is null) || ' ' || s.title "
	    "from feed f join shift s using (rota) where f.rota = 'amhp-second'",
	    "good true true Locum");
	expect_sql(
	    "select actor || ' ' || (detail->'to'->>'person') from audit where action = 'shift_added'",
	    "zfc-rotas s-ahmed");
	testbed_until(&(struct http_ask){.port = testbed_port(),
			  .path = "/v1/now?place=ZED01&function=amhp",
			  .token = device},
	    "functions.0.on_call.0.name", "S Ahmed");
	reply = testbed_as(device, "/v1/now?place=ZED01&function=amhp");
	assert_string_equal(http_at(&reply, "functions.0.state"), "covered");
	assert_string_equal(http_at(&reply, "functions.0.on_call.0.source.freshness"), "fresh");
	assert_string_equal(http_at(&reply, "functions.0.on_call.0.source.override"), "false");
	http_free(&reply);
	/* Typed twice, as after a lost answer. */
	expect_in(
	    ask(manager, "POST", SHIFTS, NULL, shift_of("s-ahmed", -1, 9, ", \"confirm\": true")),
	    409, "detail", "already");
}

static void
a_dry_run_says_what_it_would_do_and_does_nothing(void **state)
{
	struct http_reply reply =
	    ask(manager, "POST", SHIFTS "?dry_run=1", NULL, shift_of("s-ahmed", 1, 9, ""));
	char wanted[128];

	(void)state;
	if (reply.status != 200)
		fail_msg("%d %s", reply.status, reply.body);
	snprintf(wanted, sizeof wanted, "%s", hours(1));
	assert_string_equal(http_at(&reply, "gaps.closes.0.requirement"), "R01");
	assert_string_equal(http_at(&reply, "gaps.closes.0.start"), wanted);
	assert_string_equal(http_at(&reply, "gaps.opens"), "[]");
	assert_string_equal(http_at(&reply, "dry_run"), "true");
	assert_string_equal(http_at(&reply, "name"), "S Ahmed");
	http_free(&reply);
	expect_shifts("");
	expect_sql("select count(*) from audit where action = 'shift_added'", "0");
	expect_sql("select horizon is null from feed where rota = 'amhp-second'", "t");
}

static void
a_shift_is_moved_by_who_has_seen_it(void **state)
{
	long id, moved;

	(void)state;
	id = added(ask(manager, "POST", SHIFTS, NULL, shift_of("s-ahmed", 2, 9, "")));
	expect_in(change("PATCH", id, 0, "", "{\"note\": \"x\"}"), 428, NULL, NULL);
	expect_in(change("PATCH", id, id + 1, "", "{\"note\": \"x\"}"), 412, NULL, NULL);
	moved = added(change("PATCH", id, id, "", shift_of("jo-jones", 3, 10, "")));
	assert_true(moved != id);
	expect_shifts("jo-jones 3 10");
	/* The earlier number finds it, and is refused. */
	expect_in(change("PATCH", id, id, "", "{\"note\": \"x\"}"), 412, "detail",
	    "changed since you read it");
	expect_in(change("DELETE", id, id, "", NULL), 412, NULL, NULL);
	expect_in(change("DELETE", 999999, 999999, "", NULL), 404, NULL, NULL);
	/* What was before is in the record, with from and to. */
	expect_sql(
	    "select count(*) from shift where rota = 'amhp-second' and known_to <> 'infinity' and person = 's-ahmed'",
	    "1");
	expect_sql(
	    "select (detail->'from'->>'person') || ' ' || (detail->'to'->>'person') from audit where action = 'shift_changed'",
	    "s-ahmed jo-jones");
	/* Until it is said otherwise, the rest stays. */
	moved = added(change("PATCH", moved, moved, "", "{\"note\": \"By phone\"}"));
	expect_shifts("jo-jones 3 10");
	expect_in(change("DELETE", moved, moved, "?dry_run=1", NULL), 200,
	    "gaps.opens.0.requirement", "R01");
	expect_shifts("jo-jones 3 10");
	expect_in(change("DELETE", moved, moved, "", NULL), 204, NULL, NULL);
	expect_shifts("");
	expect_in(change("DELETE", moved, moved, "", NULL), 404, "detail", "removed");
	/* Nothing is typed, so it is not known who is on. */
	expect_sql("select horizon is null from feed where rota = 'amhp-second'", "t");
}

static void
of_a_shift_that_runs_the_past_stays(void **state)
{
	char until[64];
	long id, moved;

	(void)state;
	id = added(ask(manager, "POST", SHIFTS, NULL, shift_of("s-ahmed", -4, 9, "")));
	expect_in(change("PATCH", id, id, "", shift_of("s-ahmed", -3, 9, "")), 409, "detail",
	    "its start is not changed");
	expect_in(change("PATCH", id, id, "", shift_of("s-ahmed", -4, -1, "")), 409, "detail",
	    "over already");
	moved = added(change("PATCH", id, id, "", "{\"person\": \"jo-jones\"}"));
	expect_shifts("s-ahmed -4 0, jo-jones 0 9");
	/* Not its start, which is the minute of the change before. */
	snprintf(until, sizeof until, "{\"until\": \"%s\"}", hours(5));
	(void)added(change("PATCH", moved, moved, "", until));
	expect_shifts("s-ahmed -4 0, jo-jones 0 5");
	/* One that is taken off has been on until now. */
	id = added(ask(manager, "POST", "/v1/rotas/amhp-second/shifts", NULL,
	    shift_of("s-ahmed", -2, 9, ", \"confirm\": true")));
	expect_in(change("DELETE", id, id, "", NULL), 204, NULL, NULL);
	expect_shifts("s-ahmed -4 0, s-ahmed -2 0, jo-jones 0 5");
}

static void
what_cannot_be_is_refused_and_what_is_odd_is_confirmed(void **state)
{
	(void)state;
	expect_in(ask(other, "POST", SHIFTS, NULL, shift_of("s-ahmed", 1, 9, "")), 403, NULL, NULL);
	expect_in(
	    ask(device, "POST", SHIFTS, NULL, shift_of("s-ahmed", 1, 9, "")), 403, NULL, NULL);
	expect_in(
	    ask(manager, "POST", "/v1/rotas/amhp-duty/shifts", NULL, shift_of("s-ahmed", 1, 9, "")),
	    409, "detail", "make an override");
	expect_in(ask(manager, "POST", "/v1/rotas/leave-fenmere/shifts", NULL,
		      shift_of("s-ahmed", 1, 9, "")),
	    409, "detail", "leave calendar");
	expect_in(ask(manager, "POST", SHIFTS, NULL, shift_of("p-lee", 1, 9, "")), 400,
	    "errors.0.path", "$.person");
	expect_in(ask(manager, "POST", SHIFTS, NULL, shift_of("nobody", 1, 9, "")), 400,
	    "errors.0.path", "$.person");
	expect_in(ask(manager, "POST", SHIFTS, NULL, shift_of("s-ahmed", 9, 1, "")), 400,
	    "errors.0.path", "$.until");
	expect_in(ask(manager, "POST", SHIFTS, NULL, shift_of("s-ahmed", -24 * 40, -24 * 39, "")),
	    400, "errors.0.path", "$.from");
	expect_in(
	    ask(manager, "POST", SHIFTS, NULL, "{\"person\": \"s-ahmed\", \"from\": \"tonight\"}"),
	    400, "errors.0.path", "$.from");
	added(ask(manager, "POST", SHIFTS, NULL, shift_of("s-ahmed", 1, 9, "")));
	expect_in(ask(manager, "POST", SHIFTS, NULL, shift_of("s-ahmed", 8, 16, "")), 400,
	    "errors.0.detail", "is on this rota already");
	expect_in(ask(manager, "POST", SHIFTS, NULL, shift_of("s-ahmed", 12, 16, "")), 400,
	    "errors.0.path", "$.confirm");
	expect_in(ask(manager, "POST", SHIFTS "?dry_run=1", NULL, shift_of("s-ahmed", 12, 16, "")),
	    200, "wants_confirm", "true");
	added(
	    ask(manager, "POST", SHIFTS, NULL, shift_of("s-ahmed", 12, 16, ", \"confirm\": true")));
	expect_shifts("s-ahmed 1 9, s-ahmed 12 16");
}

/* ----------------------------------------------------------------------------------- rotations */

#define ROTATION "/v1/rotas/amhp-second/rotation"

static const char *
day(int days)
{
	static char texts[4][CIVIL_DAY_MAX];
	static unsigned turn;
	char *out = texts[turn++ % 4];

	civil_day_text(civil_day_of(now) + days, out);
	return out;
}

static const char *
rotation_of(const char *people, int from, int start, const char *more)
{
	static char body[800];

	snprintf(body, sizeof body,
	    "{\"from\": \"%s\", \"layers\": [{\"participants\": [%s], \"start\": \"%s\", \"turn\": {\"every\": 1, \"unit\": "
	    "\"day\"}%s}]}",
	    day(from), people, day(start), more);
	return body;
}

static void
a_rotation_makes_shifts_for_the_time_ahead(void **state)
{
	struct http_reply reply;

	(void)state;
	expect_in(ask(manager, "GET", ROTATION, NULL, NULL), 200, "editions", "[]");
	reply = ask(manager, "PUT", ROTATION "?dry_run=1", NULL,
	    rotation_of("\"jo-jones\", \"s-ahmed\"", 0, -1, ""));
	if (reply.status != 200)
		fail_msg("%d %s", reply.status, reply.body);
	assert_true(json_array_size(json_object_get(reply.json, "shifts")) >= 366);
	assert_true(
	    json_array_size(json_object_get(json_object_get(reply.json, "gaps"), "closes")) > 0);
	http_free(&reply);
	expect_sql(
	    "select (select count(*) from rotation) + (select count(*) from shift where key like 'rotation/%')",
	    "0");

	expect_in(ask(manager, "PUT", ROTATION, NULL,
		      rotation_of("\"jo-jones\", \"s-ahmed\"", 0, -1, "")),
	    200, "rota", "amhp-second");
	expect_sql(
	    "select count(*) between 400 and 402 from shift where key like 'rotation/%' and known_to = 'infinity'",
	    "t");
	expect_sql(
	    "select f.horizon > now() + interval '399 days' and f.state = 'good' and r.filled_to > now() + interval '399 days' from "
	    "feed f join rotation_state r using (rota) where rota = 'amhp-second'",
	    "t");
	reply = ask(manager, "GET", ROTATION, NULL, NULL);
	assert_string_equal(http_at(&reply, "editions.0.layers.0.participants.1"), "s-ahmed");
	http_free(&reply);
	/* One of its shifts is not moved by itself. */
	reply = testbed_as(manager, "/v1/shifts?rota=amhp-second");
	expect_in(change("DELETE", strtol(http_at(&reply, "shifts.3.id"), NULL, 10),
		      strtol(http_at(&reply, "shifts.3.id"), NULL, 10), "", NULL),
	    409, "detail", "change the rotation");
	http_free(&reply);
}

/* Puts a rotation in force in the place of the one that is. */
static void
put_again(const char *body)
{
	struct http_reply reply = ask(manager, "GET", ROTATION, NULL, NULL);
	char *tag = http_header(&reply, "ETag"), header[80];

	snprintf(header, sizeof header, "If-Match: %s\r\n", tag);
	free(tag);
	http_free(&reply);
	expect_in(ask(manager, "PUT", ROTATION, header, body), 200, NULL, NULL);
}

static void
an_edit_holds_from_its_day_and_leaves_the_past(void **state)
{
	/* Before 09:00 an edition of today is not in force yet, unless it begins with the day. */
	static const char at_midnight[] = ", \"handover\": {\"at\": \"00:00\"}";
	struct http_reply reply;
	char *tag, header[80];

	(void)state;
	/* The tag of a rota that has none yet is as good as none. */
	reply = ask(manager, "GET", ROTATION, NULL, NULL);
	tag = http_header(&reply, "ETag");
	snprintf(header, sizeof header, "If-Match: %s\r\n", tag);
	free(tag);
	http_free(&reply);
	expect_in(ask(manager, "PUT", ROTATION, header, rotation_of("\"jo-jones\"", 0, -1, "")),
	    200, NULL, NULL);
	expect_in(ask(manager, "PUT", ROTATION, header, rotation_of("\"s-ahmed\"", 10, 10, "")),
	    428, NULL, NULL);
	/* As if it had been in force for three days. */
	testbed_sql(
	    "insert into shift (rota, key, class, person, starts_at, ends_at) select rota, 'rotation/' || n, 'named', person, "
	    "starts_at - n * interval '1 day', starts_at - (n - 1) * interval '1 day' from shift, generate_series(1, 3) n where key "
	    "like 'rotation/%%' and starts_at = (select min(starts_at) from shift where key like 'rotation/%%')");
	expect_in(ask(manager, "PUT", ROTATION, NULL, rotation_of("\"s-ahmed\"", 10, 10, "")), 428,
	    NULL, NULL);
	reply = ask(manager, "GET", ROTATION, NULL, NULL);
	tag = http_header(&reply, "ETag");
	snprintf(header, sizeof header, "If-Match: %s\r\n", tag);
	free(tag);
	http_free(&reply);
	expect_in(ask(manager, "PUT", ROTATION, header, rotation_of("\"s-ahmed\"", 10, 10, "")),
	    200, NULL, NULL);
	expect_in(ask(manager, "PUT", ROTATION, header, rotation_of("\"jo-jones\"", 20, 20, "")),
	    412, NULL, NULL);
	expect_sql(
	    "select string_agg(n, ', ' order by n) from (select person || ' ' || (count(*) filter (where ends_at < now())) || ' ' || "
	    "(count(*) filter (where ends_at between now() + interval '36 hours' and now() + interval '9 days') > 6) n from shift "
	    "where key like 'rotation/%' and known_to = 'infinity' group by person) x",
	    "jo-jones 3 true, s-ahmed 0 false");
	expect_sql(
	    "select count(*) from shift where key like 'rotation/%' and known_to = 'infinity' and person = 'jo-jones' and "
	    "starts_at > now() + interval '11 days'",
	    "0");
	/* A shift that runs keeps its beginning; another is on from now on. */
	testbed_sql(
	    "insert into shift (rota, key, class, person, starts_at, ends_at) values ('amhp-second', 'rotation/run/s-ahmed', 'named', "
	    "'s-ahmed', now() - interval '3 hours', now() + interval '9 hours')");
	put_again(rotation_of("\"jo-jones\"", 0, -1, at_midnight));
	expect_sql(
	    "select person || ' ' || (ends_at between now() - interval '1 minute' and now()) from shift where key = "
	    "'rotation/run/s-ahmed' and known_to = 'infinity'",
	    "s-ahmed true");
	expect_sql("select count(*) from shift where key = 'rotation/run/s-ahmed' and known_to <> "
		   "'infinity' and ends_at > now()",
	    "1");
	/* Where the same person goes on until another time, it stays one shift. */
	testbed_sql(
	    "with was as (update shift set known_to = clock_timestamp() where person = 'jo-jones' and key like 'rotation/%%' and "
	    "known_to = 'infinity' and starts_at <= now() and ends_at > now() returning *) insert into shift (rota, key, class, person, "
	    "starts_at, ends_at, known_from) select rota, key, class, person, starts_at - interval '3 hours', ends_at + interval "
	    "'1 hour', known_to from was");
	put_again(rotation_of("\"jo-jones\"", 0, -1, at_midnight));
	expect_sql(
	    "select string_agg((starts_at < now() - interval '2 hours') || ' ' || (ends_at > now()), ', ') from shift x where person = "
	    "'jo-jones' and key like 'rotation/%' and known_to = 'infinity' and starts_at = (select starts_at from shift r where r.person = "
	    "x.person and r.key like 'rotation/%' and r.known_to = 'infinity' and r.starts_at <= now() and r.ends_at > now())",
	    "true true");
	/* Its days before now are nobody's to change. */
	expect_in(ask(manager, "PUT", ROTATION "?dry_run=1", NULL,
		      rotation_of("\"jo-jones\"", -1, -1, "")),
	    400, "errors.0.path", "$.from");
	/* It ends when it is said to, and its last edition with it. */
	snprintf(header, sizeof header, ROTATION "?dry_run=1&from=%s", day(5));
	expect_in(
	    ask(manager, "DELETE", header, NULL, NULL), 200, "gaps.opens.0.requirement", "R01");
	expect_sql(
	    "select count(*) from rotation where known_to = 'infinity' and definition->'layers' = "
	    "'[]'",
	    "0");
}

/* The feeds role writes further what the api has begun; here the functions that it calls. */
static void
a_rotation_is_written_further_and_not_twice(void **state)
{
	(void)state;
	expect_in(ask(manager, "PUT", ROTATION, NULL,
		      rotation_of("\"jo-jones\", \"s-ahmed\"", 0, -1, "")),
	    200, NULL, NULL);
	expect_sql(
	    "select count(*) from rotations_due(now() + interval '399 days', (select made_with from rotation_state), '{}')",
	    "0");
	expect_sql(
	    "select count(*) from rotations_due(now() + interval '401 days', (select made_with from rotation_state), '{}')",
	    "1");
	expect_sql(
	    "select count(*) from rotations_due(now() + interval '399 days', 'other holidays', '{}')",
	    "1");
	expect_sql(
	    "select count(*) from rotations_due(now() + interval '399 days', 'other holidays', '{amhp-second}')",
	    "0");
	/* The same shifts once more change nothing. */
	expect_sql(
	    "with a as (select array_agg(person order by id) p, array_agg(starts_at order by id) s, array_agg(ends_at order by id) e "
	    "from shift where key like 'rotation/%' and known_to = 'infinity') select rotation_extend('amhp-second', (select max(id) "
	    "from rotation), now(), r.filled_to, r.reach, 'again', a.p, a.s, a.e) from a, rotation_state r",
	    "done");
	expect_sql(
	    "select count(*) from shift where key like 'rotation/%' and known_to <> 'infinity'",
	    "0");
	expect_sql(
	    "select rotation_extend('amhp-second', 0, now(), now(), now(), 'x', '{}', '{}', '{}')",
	    "again");
}

static void
who_may_and_what_is_wrong(void **state)
{
	(void)state;
	expect_in(ask(other, "PUT", ROTATION, NULL, rotation_of("\"jo-jones\"", 0, 0, "")), 403,
	    NULL, NULL);
	expect_in(ask(other, "GET", ROTATION, NULL, NULL), 403, NULL, NULL);
	expect_in(ask(manager, "PUT", "/v1/rotas/amhp-duty/rotation", NULL,
		      rotation_of("\"jo-jones\"", 0, 0, "")),
	    409, NULL, NULL);
	expect_in(ask(manager, "PUT", ROTATION, NULL, rotation_of("\"p-lee\"", 0, 0, "")), 400,
	    "errors.0.path", "$.layers[0].participants[0]");
	expect_in(
	    ask(manager, "PUT", ROTATION, NULL, rotation_of("[\"jo-jones\", \"who\"]", 0, 0, "")),
	    400, "errors.0.path", "$.layers[0].participants[0][1]");
	expect_in(ask(manager, "PUT", ROTATION, NULL, "{\"layers\": []}"), 400, "errors.0.path",
	    "$.layers");
	expect_in(ask(manager, "DELETE", ROTATION, NULL, NULL), 404, NULL, NULL);
}

/* ------------------------------------------------------------------------------ tonight's names */

#define TONIGHT "/v1/tonight"

/* Two rotas of ED St Oswin's: one typed, and one whose calendar has not been read for a day; ${more} further
 * shifts. */
static const char *
tonight_of(const char *more)
{
	static char body[1600];

	snprintf(body, sizeof body,
	    "{\"place\": \"ZED01\", \"from\": \"%s\", \"until\": \"%s\", \"reason\": \"The feeds are dead\", \"shifts\": "
	    "[{\"rota\": \"amhp-second\", \"person\": \"s-ahmed\"}, {\"rota\": \"amhp-duty\", \"person\": \"jo-jones\"}%s]}",
	    hours(1), hours(9), more);
	return body;
}

#define SAM                                                                                        \
	", {\"rota\": \"amhp-second\", \"new\": {\"name\": \"Sam Okoro\", \"phone\": \"+441632960777\", \"said\": \"SO\"}}"

static void
tonights_names_are_put_on_by_one_call(void **state)
{
	struct http_reply reply;

	(void)state;
	testbed_good("amhp-duty", "now() - interval '1 day'");
	reply = ask(manager, "POST", TONIGHT "?dry_run=1", NULL, tonight_of(SAM));
	if (reply.status != 200)
		fail_msg("%d %s", reply.status, reply.body);
	assert_string_equal(http_at(&reply, "gaps.closes.0.requirement"), "R01");
	assert_string_equal(http_at(&reply, "shifts.0.kind"), "shift");
	assert_string_equal(http_at(&reply, "shifts.1.kind"), "override");
	assert_string_equal(http_at(&reply, "shifts.2.person"), "sam-okoro");
	assert_string_equal(http_at(&reply, "people.0.number"), "null");
	http_free(&reply);
	expect_shifts("");
	expect_sql(
	    "select (select count(*) from override) + (select count(*) from person where id = 'sam-okoro') + (select count(*) "
	    "from person_new)",
	    "0");

	reply = ask(manager, "POST", TONIGHT, NULL, tonight_of(SAM));
	if (reply.status != 201)
		fail_msg("%d %s", reply.status, reply.body);
	assert_string_equal(http_at(&reply, "shifts.2.new"), "true");
	assert_string_not_equal(http_at(&reply, "people.0.number"), "null");
	http_free(&reply);
	expect_shifts("s-ahmed 1 9, sam-okoro 1 9");
	expect_sql("select person || ' ' || (instead is null) || ' ' || note from override",
	    "jo-jones true The feeds are dead");
	expect_sql(
	    "select (payload::jsonb->>'cause') || ' ' || ((payload::jsonb->>'number')::bigint = n.id) from flag, person_new n where kind = 'person_new'",
	    "amhp-second true");
	expect_sql(
	    "select detail->>'reason' from audit where action = 'tonight'", "The feeds are dead");
	/* A person as any other, of the rota's organisation, with the function and both names. */
	reply = testbed_get("/v1/people/sam-okoro");
	assert_string_equal(http_at(&reply, "organisation"), "ZFC");
	assert_string_equal(http_at(&reply, "roles.0"), "amhp");
	assert_string_equal(http_at(&reply, "aliases.0"), "SO");
	assert_string_equal(http_at(&reply, "work_phone"), "+441632960777");
	http_free(&reply);
}

static void
tonight_is_all_or_nothing(void **state)
{
	(void)state;
	/* The second has an override already: neither the shift before it nor the new person stays. */

	testbed_sql(
	    "select override_add('amhp-duty', 'jo-jones', null, now(), now() + interval '3 hours', now() + interval '3 hours', "
	    "'x', false, 'zfc-rotas')");

	expect_in(ask(manager, "POST", TONIGHT, NULL, tonight_of(SAM)), 409, "detail",
	    "amhp-duty: override");
	expect_shifts("");
	expect_sql(
	    "select (select count(*) from person where id = 'sam-okoro') + (select count(*) from flag where kind = 'person_new')",
	    "0");
}

static void
what_tonight_cannot_be_is_said_with_its_place(void **state)
{
	(void)state;
	expect_in(ask(other, "POST", TONIGHT, NULL, tonight_of("")), 403, NULL, NULL);
	expect_in(ask(device, "POST", TONIGHT, NULL, tonight_of("")), 403, NULL, NULL);
	expect_in(ask(manager, "POST", TONIGHT, NULL,
		      tonight_of(", {\"rota\": \"amhp-second\", \"person\": \"p-lee\"}")),
	    400, "errors.0.path", "$.shifts[2].person");
	expect_in(ask(manager, "POST", TONIGHT, NULL,
		      tonight_of(", {\"function\": \"liaison\", \"person\": \"p-lee\"}")),
	    400, "errors.0.path", "$.shifts[2].function");
	expect_in(ask(manager, "POST", TONIGHT, NULL, tonight_of(", {\"rota\": \"amhp-second\"}")),
	    400, "errors.0.path", "$.shifts[2].person");
	expect_in(
	    ask(manager, "POST", TONIGHT, NULL,
		tonight_of(
		    ", {\"rota\": \"amhp-second\", \"new\": {\"name\": \"A B\", \"phone\": \"12\"}}")),
	    422, "errors.0.path", "$.shifts[2].new.phone");
	expect_in(
	    ask(manager, "POST", TONIGHT, NULL,
		tonight_of(", {\"rota\": \"amhp-second\", \"new\": {\"name\": \"j jones\"}}")),
	    400, "errors.0.detail", "There is a J Jones already");
	expect_in(ask(manager, "POST", TONIGHT, NULL, "{\"place\": \"ZED01\", \"shifts\": []}"),
	    400, "errors.0.path", "$.reason");
	/* Once is enough: the map does not have the others of the list yet. */
	expect_in(ask(manager, "POST", TONIGHT, NULL,
		      tonight_of(", {\"rota\": \"amhp-duty\", \"person\": \"s-ahmed\"}")),
	    400, "errors.0.detail", "S Ahmed is in this list twice");
	expect_in(ask(manager, "POST", TONIGHT, NULL, tonight_of(SAM SAM)), 400, "errors.0.detail",
	    "would be two people");
	/* Its calendar is read, and has somebody else on. */
	testbed_shift("amhp-duty", "x", "named", "s-ahmed", 2, 5);
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/shifts?rota=amhp-duty", .token = manager},
	    "shifts.0.person", "s-ahmed");
	expect_in(ask(manager, "POST", TONIGHT, NULL, tonight_of("")), 400, "errors.1.detail",
	    "stay on as well");
	/* By its function: the first tier is the one with the calendar. */
	expect_in(ask(manager, "POST", TONIGHT "?dry_run=1", NULL,
		      tonight_of(", {\"function\": \"amhp\", \"person\": \"s-ahmed\"}")),
	    200, "shifts.2.rota", "amhp-duty");
}

/* A name that a rota says and nobody knows. */
static void
a_name_becomes_a_person_who_is_new_until_somebody_has_looked(void **state)
{
	struct http_reply reply;
	char *chief, path[64];

	(void)state;
	testbed_sql("update feed set body = null, refresh_asked_at = null");
	expect_in(ask(manager, "POST", "/v1/rotas/amhp-duty/people", NULL,
		      "{\"name\": \"Pat Lowe\", \"role\": \"liaison\"}"),
	    400, "errors.0.path", "$.role");
	expect_in(ask(manager, "POST", "/v1/rotas/amhp-duty/people?dry_run=1", NULL,
		      "{\"name\": \"Pat Lowe\"}"),
	    200, "people.0.person", "pat-lowe");
	expect_in(ask(manager, "POST", "/v1/rotas/amhp-duty/people", NULL,
		      "{\"name\": \"Pat Lowe\", \"said\": \"Dr P Lowe\"}"),
	    201, "people.0.new", "true");
	/* Another of that name stays another. */
	testbed_until(
	    &(struct http_ask){
		.port = testbed_port(), .path = "/v1/people?q=Lowe", .token = manager},
	    "people.0.name", "Pat Lowe");
	expect_in(
	    ask(manager, "POST", "/v1/rotas/amhp-duty/people", NULL, "{\"name\": \"Pat Lowe\"}"),
	    400, "errors.0.path", "$.confirm");
	expect_in(ask(manager, "POST", "/v1/rotas/amhp-duty/people", NULL,
		      "{\"name\": \"Pat Lowe\", \"confirm\": true}"),
	    201, "people.0.person", "pat-lowe-2");
	expect_in(ask(manager, "GET", "/v1/new-people", NULL, NULL), 200, "new_people.1.name",
	    "Pat Lowe");
	expect_in(ask(other, "GET", "/v1/new-people", NULL, NULL), 200, "new_people", "[]");
	chief = testbed_token("chief");
	testbed_until_status(
	    &(struct http_ask){.port = testbed_port(), .path = "/v1/me", .token = chief}, 200);
	reply = testbed_as(manager, "/v1/new-people");
	snprintf(path, sizeof path, "/v1/new-people/%s/review", http_at(&reply, "new_people.1.id"));
	http_free(&reply);
	expect_in(ask(manager, "POST", path, NULL, "{}"), 403, "detail", "Nobody reviews");
	expect_in(ask(other, "POST", path, NULL, "{}"), 404, NULL, NULL);
	expect_in(ask(chief, "POST", path, NULL, "{\"note\": \"Known\"}"), 204, NULL, NULL);
	free(chief);

	expect_in(ask(manager, "GET", "/v1/new-people", NULL, NULL), 200, "new_people.1", "(none)");
}

/* After a split it is not known whose the shifts of the two are. A machine does not decide it, and a person can. */
static void
of_somebody_who_was_split_nothing_is_made_up(void **state)
{
	struct http_reply reply;
	long id;

	(void)state;
	id = added(ask(manager, "POST", SHIFTS, NULL, shift_of("jo-jones", 2, 9, "")));
	expect_in(ask(manager, "PUT", ROTATION, NULL, rotation_of("\"jo-jones\"", 0, -1, "")), 200,
	    NULL, NULL);
	testbed_sql(
	    "with m as (insert into person_move (what, was, code, by_account, reason, version, overrides, replaced, absences, decisions, "
	    "stayed) select 'split', 'jo-jones', 's-ahmed', 'chief', 'two', max(version), '{}', '{}', '{}', '{}', '{}' from region "
	    "returning *) select person_part_shifts(m) from m");
	expect_sql(
	    "select string_agg(distinct class || ' ' || coalesce(person, '-'), ', ') from shift where rota = 'amhp-second' and known_to "
	    "= 'infinity'",
	    "undecided -");
	/* The next filling leaves them as they are. */
	expect_sql(
	    "with a as (select array_agg('jo-jones'::text order by id) p, array_agg(starts_at order by id) s, array_agg(ends_at order "
	    "by id) e from shift where key like 'rotation/%' and known_to = 'infinity') select rotation_extend('amhp-second', (select "
	    "max(id) from rotation), now(), r.filled_to, r.reach, 'again', a.p, a.s, a.e) from a, rotation_state r",
	    "done");
	expect_sql(
	    "select string_agg(distinct class || ' ' || coalesce(person, '-'), ', ') from shift where rota = 'amhp-second' and known_to "
	    "= 'infinity'",
	    "undecided -");
	/* A shift that was typed is given to one of them. */
	reply = change("PATCH", id, id, "", "{\"note\": \"x\"}");
	assert_int_equal(reply.status, 412);
	http_free(&reply);
	{
		char *now_is = scratch_psql(testbed_postgres(),
		    "select id from shift where key like 'typed/%' and known_to = 'infinity'");

		id = strtol(now_is, NULL, 10);
		free(now_is);
	}
	expect_in(
	    change("PATCH", id, id, "", "{\"note\": \"x\"}"), 400, "errors.0.path", "$.person");
	expect_in(change("PATCH", id, id, "", "{\"person\": \"jo-jones\", \"confirm\": true}"), 200,
	    "person", "jo-jones");
	expect_sql(
	    "select class || ' ' || person from shift where key like 'typed/%' and known_to = 'infinity'",
	    "named jo-jones");
	/* So is the rotation, by an edition that says so. */
	reply = ask(manager, "GET", ROTATION, NULL, NULL);
	{
		char *tag = http_header(&reply, "ETag"), header[80];

		snprintf(header, sizeof header, "If-Match: %s\r\n", tag);
		free(tag);
		expect_in(
		    ask(manager, "PUT", ROTATION, header, rotation_of("\"jo-jones\"", 0, -1, "")),
		    200, NULL, NULL);
	}
	http_free(&reply);
	expect_sql(
	    "select string_agg(distinct class || ' ' || coalesce(person, '-'), ', ') from shift where key like 'rotation/%' and known_to "
	    "= 'infinity' and starts_at > now()",
	    "named jo-jones");
}

/* A rota that had a file and is typed now is not read again: what is typed in says how far it reaches. */
static void
what_was_uploaded_before_says_nothing_more(void **state)
{
	struct http_reply reply;
	char *tag, header[80];

	(void)state;
	testbed_sql(
	    "insert into body (sha256, bytes) values (sha256('b'), 'b'); insert into reading (rota, body, read_with, window_from, "
	    "window_to, events, counts, findings, horizon) values ('liaison-rota', sha256('b'), sha256('w'), now(), now(), 1, '{}', "
	    "'[]', now() + interval '60 days'); update feed set state = 'good', body = sha256('b'), reading = (select min(id) from "
	    "reading), horizon = now() + interval '60 days' where rota = 'liaison-rota'");
	reply = testbed_get("/v1/rotas/liaison-rota");
	tag = http_header(&reply, "ETag");
	snprintf(header, sizeof header, "If-Match: %s\r\n", tag);
	free(tag);
	http_free(&reply);
	expect_in(ask(testbed_admin(), "PATCH", "/v1/rotas/liaison-rota", header,
		      "{\"source\": {\"kind\": \"typed\", \"path\": null}}"),
	    200, NULL, NULL);
	expect_sql(
	    "select (body is null) || ' ' || (reading is null) || ' ' || kind from feed where rota = 'liaison-rota'",
	    "true true typed");
	expect_in(ask(testbed_admin(), "POST", "/v1/rotas/liaison-rota/shifts", NULL,
		      shift_of("p-lee", 1, 9, "")),
	    201, NULL, NULL);
	expect_sql(
	    "select horizon < now() + interval '10 hours' from feed where rota = 'liaison-rota'",
	    "t");
}

/* ----------------------------------------------------------------- what stands beside the person */

/* "TBC" beside a name is read as in a calendar: who is typed in counts at once. */
static void
who_is_typed_in_is_certain(void **state)
{
	static const char *const refused[] = {"TBC", "tbc with agency", "Provisional", "if needed",
	    "awaiting confirmation", "S Ahmed?", "cancelled", "off sick", "vacant"};
	char more[128];
	long id;

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		snprintf(more, sizeof more, ", \"confirm\": true, \"note\": \"%s\"", refused[i]);
		expect_in(ask(manager, "POST", SHIFTS, NULL, shift_of("s-ahmed", 1, 9, more)), 400,
		    "errors.0.path", "$.note");
		expect_in(ask(manager, "POST", SHIFTS "?dry_run=1", NULL,
			      shift_of("s-ahmed", 1, 9, more)),
		    400, "errors.0.path", "$.note");
	}
	expect_shifts("");
	id = added(ask(manager, "POST", SHIFTS, NULL,
	    shift_of("s-ahmed", 1, 9, ", \"note\": \"ring 01632 960144, mobile flat\"")));
	expect_in(change("PATCH", id, id, "", "{\"note\": \"to be confirmed\", \"confirm\": true}"),
	    400, "errors.0.path", "$.note");
	expect_in(change("PATCH", id, id, "?dry_run=1", "{\"note\": \"to be confirmed\"}"), 400,
	    "errors.0.path", "$.note");
}

/* A word that casts doubt in a title may be an ordinary one in a sentence: a person says which. */
static void
a_lesser_doubt_of_a_note_is_confirmed(void **state)
{
	static const char note[] = ", \"note\": \"ask at the desk\"";

	(void)state;
	expect_in(ask(manager, "POST", SHIFTS "?dry_run=1", NULL, shift_of("s-ahmed", 1, 9, note)),
	    200, "warnings.0", "\"ask\"");
	expect_in(ask(manager, "POST", SHIFTS, NULL, shift_of("s-ahmed", 1, 9, note)), 400,
	    "errors.0.path", "$.confirm");
	expect_shifts("");
	expect_in(
	    ask(manager, "POST", SHIFTS, NULL,
		shift_of("s-ahmed", 1, 9, ", \"note\": \"ask at the desk\", \"confirm\": true")),
	    201, NULL, NULL);
	expect_shifts("s-ahmed 1 9");
}

static void
tonights_names_are_certain(void **state)
{
	static const char new[] =
	    ", {\"rota\": \"amhp-second\", \"new\": {\"name\": \"Sam Okoro\"}, \"note\": \"%s\"}";
	char more[200], body[1600], *reason;

	(void)state;
	testbed_good("amhp-duty", "now() - interval '1 day'");
	snprintf(more, sizeof more, new, "TBC");
	expect_in(ask(manager, "POST", TONIGHT, NULL, tonight_of(more)), 400, "errors.0.path",
	    "$.shifts[2].note");
	expect_in(ask(manager, "POST", TONIGHT "?dry_run=1", NULL, tonight_of(more)), 400,
	    "errors.0.path", "$.shifts[2].note");
	/* Also of somebody who is new, of whom there is no other doubt. */
	snprintf(more, sizeof more, new, "swapped with S Ahmed");
	expect_in(ask(manager, "POST", TONIGHT, NULL, tonight_of(more)), 400, "errors.0.path",
	    "$.confirm");
	/* The reason is the note of those who have none. */
	snprintf(body, sizeof body, "%s", tonight_of(""));
	reason = strstr(body, "The feeds are dead");
	memcpy(reason, "Provisional names ", strlen("Provisional names "));
	expect_in(ask(manager, "POST", TONIGHT, NULL, body), 400, "errors.0.path", "$.reason");
	expect_in(ask(manager, "POST", TONIGHT "?dry_run=1", NULL, body), 400, "errors.0.path",
	    "$.reason");
	expect_shifts("");
	expect_sql("select count(*) from override", "0");
}

#define TYPED_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TYPED_TEST(a_locum_who_is_typed_in_covers),
	    TYPED_TEST(a_dry_run_says_what_it_would_do_and_does_nothing),
	    TYPED_TEST(a_shift_is_moved_by_who_has_seen_it),
	    TYPED_TEST(of_a_shift_that_runs_the_past_stays),
	    TYPED_TEST(what_cannot_be_is_refused_and_what_is_odd_is_confirmed),
	    TYPED_TEST(who_is_typed_in_is_certain),
	    TYPED_TEST(a_lesser_doubt_of_a_note_is_confirmed),
	    TYPED_TEST(tonights_names_are_certain),
	    TYPED_TEST(a_rotation_makes_shifts_for_the_time_ahead),
	    TYPED_TEST(an_edit_holds_from_its_day_and_leaves_the_past),
	    TYPED_TEST(a_rotation_is_written_further_and_not_twice),
	    TYPED_TEST(who_may_and_what_is_wrong),
	    TYPED_TEST(of_somebody_who_was_split_nothing_is_made_up),
	    TYPED_TEST(what_was_uploaded_before_says_nothing_more),
	    TYPED_TEST(tonights_names_are_put_on_by_one_call),
	    TYPED_TEST(tonight_is_all_or_nothing),
	    TYPED_TEST(what_tonight_cannot_be_is_said_with_its_place),
	    TYPED_TEST(a_name_becomes_a_person_who_is_new_until_somebody_has_looked),
	};

	return cmocka_run_group_tests_name("typed", tests, testbed_open, testbed_close);
}
