/* SPDX-License-Identifier: MIT */
#include <time.h>

#include "tests/unit/server/api/objects.h"

/* One object of the set-up: GET, PUT, PATCH and DELETE, against a real database. */

static void
an_object_lives_by_itself(void **state)
{
	static const char path[] = "/v1/people/sam";
	char first[80];

	(void)state;
	expect_in(testbed_get(path), 404, "detail", "There is no person");
	objects_as_admin("PATCH", path, NULL, "{'name':'S'}", 404);
	objects_as_admin("DELETE", path, NULL, NULL, 404);
	objects_as_admin(
	    "PUT", path, "If-Match: \"object-1\"\r\n", "{'name':'Sam','organisation':'ZFC'}", 412);
	expect_in(objects_ask(testbed_admin(), "PUT", path, "If-None-Match: *\r\n",
		      "{'name':'Sam','organisation':'ZFC','aliases':['S']}"),
	    201, "object.id", "sam");
	objects_as_admin(
	    "PUT", path, "If-None-Match: *\r\n", "{'name':'Sam','organisation':'ZFC'}", 412);
	objects_as_admin("PUT", path, NULL, "{'name':'Sam','organisation':'ZFC'}", 428);
	objects_as_admin("PATCH", path, NULL, "{'name':'S'}", 428);
	objects_as_admin("DELETE", path, NULL, NULL, 428);
	snprintf(first, sizeof first, "%s", objects_tag(path));
	/* Of another object: the tag stays. */
	objects_as_admin("PATCH", "/v1/people/jo", objects_tag("/v1/people/jo"),
	    "{'work_phone':'+441632960777'}", 200);
	assert_string_equal(objects_tag(path), first);
	expect_in(objects_ask(testbed_admin(), "PATCH", path, first,
		      "{'aliases':null,'work_phone':'+441632960888'}"),
	    200, "object.work_phone", "960888");
	expect_in(objects_ask(testbed_admin(), "PATCH", path, first, "{'name':'S'}"), 412,
	    "errors.0.path", "$.work_phone");
	expect_in(objects_ask(testbed_admin(), "PATCH", path, first, "{'name':'S'}"), 412, "detail",
	    "by admin");
	ASSERT(
	    "select count(*) from setup_item where kind = 'person' and key = 'sam') = (select 2");
	ASSERT(
	    "select item = '{\"id\":\"sam\",\"name\":\"Sam\",\"organisation\":\"ZFC\",\"work_phone\":\"+441632960888\"}' "
	    "from setup_item where key = 'sam' and ended is null");
	objects_as_admin("DELETE", path, objects_tag(path), NULL, 200);
	expect_in(testbed_get(path), 404, "detail", "There is no person");
	ASSERT("select retired_at is not null from person where id = 'sam'");
	ASSERT(
	    "select count(*) from audit where object = 'person/sam' and action = 'setup_changed') = (select 3");
}

static void
is_known_as_it_was(void **state)
{
	char path[160];
	struct http_reply reply;

	(void)state;
	reply = testbed_get("/v1/places/ZED01");
	http_free(&reply);
	testbed_sql(
	    "set session_replication_role = replica; update region set applied_at = now() - interval '3 days'");
	objects_as_admin("PATCH", "/v1/places/ZED01", objects_tag("/v1/places/ZED01"),
	    "{'name':'Oswin the Second'}", 200);
	expect_in(testbed_get("/v1/places/ZED01"), 200, "name", "Oswin the Second");
	snprintf(path, sizeof path, "/v1/places/ZED01?known_at=2020-01-01T00:00:00Z");
	expect_in(testbed_get(path), 404, "detail", "There is no");
	{
		time_t before = time(NULL) - 86400;
		char text[32];

		strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime(&before));
		snprintf(path, sizeof path, "/v1/places/ZED01?known_at=%s", text);
	}
	reply = testbed_get(path);
	assert_int_equal(reply.status, 200);
	assert_string_equal(http_at(&reply, "name"), "Oswin");
	http_free(&reply);
}

static void
faults_have_a_path_of_their_own(void **state)
{
	(void)state;
	expect_in(objects_ask(testbed_admin(), "PATCH", "/v1/people/lee",
		      objects_tag("/v1/people/lee"), "{'organisation':'XX'}"),
	    422, "errors.0.path", "$.organisation");
	expect_in(objects_ask(testbed_admin(), "PATCH", "/v1/people/lee",
		      objects_tag("/v1/people/lee"), "{'shoe':44}"),
	    422, "errors.0.path", "$");
	expect_in(objects_ask(testbed_admin(), "PUT", "/v1/people/new", NULL,
		      "{'id':'other','name':'N','organisation':'ZFC'}"),
	    422, "errors.0.path", "$.id");
	expect_in(objects_ask(testbed_admin(), "PUT", "/v1/people/new", NULL, "[1]"), 400,
	    "errors.0.path", "$");
	/* An object that others refer to is named together with them. */
	expect_in(objects_ask(testbed_admin(), "DELETE", "/v1/organisations/ZAV",
		      objects_tag("/v1/organisations/ZAV"), NULL),
	    409, "errors", "person lee");
	expect_in(objects_ask(testbed_admin(), "DELETE", "/v1/organisations/ZAV",
		      objects_tag("/v1/organisations/ZAV"), NULL),
	    409, "errors", "$.services[1].organisation");
	expect_in(objects_ask(testbed_admin(), "DELETE", "/v1/functions/amhp",
		      objects_tag("/v1/functions/amhp"), NULL),
	    409, "errors", "requirement R1");
	ASSERT("select count(*) from region) = (select 1");
}

static void
another_code_is_a_renaming(void **state)
{
	(void)state;
	expect_in(objects_ask(testbed_admin(), "PATCH", "/v1/people/jo",
		      objects_tag("/v1/people/jo"), "{'id':'joan'}"),
	    200, "object.renamed_from.0", "jo");
	expect_in(testbed_get("/v1/people/joan"), 200, "name", "Jo Jones");
	ASSERT("select was = 'jo' and code = 'joan' from renamed");
	/* A request with its former code is answered. */
	expect_in(testbed_get("/v1/people/jo"), 200, "id", "joan");
}

/* Where a second person comes whom a calendar may call as the first, it is told there. */
static void
who_may_be_meant_by_one_name_is_told(void **state)
{
	static const char path[] = "/v1/people/joan?dry_run=1";

	(void)state;
	expect_in(objects_ask(testbed_admin(), "PUT", path, NULL,
		      "{'name':'JONES, Joan','organisation':'ZFC'}"),
	    200, "effect.alike.0.other", "jo");
	expect_in(objects_ask(testbed_admin(), "PUT", path, NULL,
		      "{'name':'JONES, Joan','organisation':'ZFC'}"),
	    200, "effect.alike.0.written", "j jones");
	expect_in(objects_ask(testbed_admin(), "PUT", path, NULL,
		      "{'name':'Joan Jones','organisation':'ZAV'}"),
	    200, "effect.alike_total", "0");
	expect_in(objects_ask(testbed_admin(), "PUT", path, NULL,
		      "{'name':'Sam Jones','organisation':'ZFC'}"),
	    200, "effect.alike_total", "0");
	objects_as_admin(
	    "PUT", "/v1/people/joan", NULL, "{'name':'Joan Jones','organisation':'ZFC'}", 201);
	objects_wait_until_ready();
	/* It is no effect of what comes after it, and another name of either is. */
	expect_in(
	    objects_ask(testbed_admin(), "PATCH", path, NULL, "{'work_phone':'+441632960888'}"),
	    200, "effect.alike_total", "0");
	expect_in(objects_ask(testbed_admin(), "PATCH", path, NULL, "{'aliases':['JJ']}"), 200,
	    "effect.alike_total", "0");
	expect_in(objects_ask(testbed_admin(), "PATCH", "/v1/people/lee?dry_run=1", NULL,
		      "{'name':'Jim Jones','organisation':'ZFC'}"),
	    200, "effect.alike_total", "2");
}

/* Overrides, absences and decisions of somebody do not end without a warning. */
static void
what_was_said_holds_an_object(void **state)
{
	(void)state;
	testbed_sql(
	    "select override_add('duty', 'jo', null, now(), now() + interval '1 day', now() + interval '1 day', "
	    "null, false, 'ann')");
	expect_in(objects_ask(testbed_admin(), "DELETE", "/v1/people/jo",
		      objects_tag("/v1/people/jo"), NULL),
	    409, "errors.0.path", "person:jo");
	expect_in(objects_ask(testbed_admin(), "DELETE", "/v1/people/jo?dry_run=1", NULL, NULL),
	    200, "conflicts.0.fate", "refused");
	expect_in(objects_ask(testbed_admin(), "DELETE", "/v1/people/jo?overwrite=person:jo",
		      objects_tag("/v1/people/jo"), NULL),
	    200, "applied", "true");
}

static void
an_address_stays_a_secret(void **state)
{
	(void)state;
	expect_in(testbed_get("/v1/rotas/duty"), 200, "source.url", "https://address.invalid/");
	/* The mask means the address it stands for. */
	objects_as_admin(
	    "PATCH", "/v1/rotas/duty", objects_tag("/v1/rotas/duty"), "{'tier':2}", 200);
	objects_expect_address("https://example.org/secret.ics");
	expect_in(
	    objects_ask(testbed_admin(), "PATCH", "/v1/rotas/duty", objects_tag("/v1/rotas/duty"),
		"{'source':{'url':'https://example.org/second-secret.ics'}}"),
	    200, "object.source.url", "https://address.invalid/");
	objects_expect_address("https://example.org/second-secret.ics");
	ASSERT("select count(*) from audit where detail::text like '%%secret%%') = (select 0");
	expect_in(
	    objects_ask(testbed_admin(), "PATCH", "/v1/rotas/duty", objects_tag("/v1/rotas/duty"),
		"{'source':{'url':'https://address.invalid/0000'}}"),
	    422, "detail", "give the address itself");
	objects_wait_until_ready();
}

static bool
warns_of(const struct http_reply *reply, const char *words)
{
	json_t *warning;
	size_t i;

	json_array_foreach(json_object_get(reply->json, "warnings"), i,
	    warning) if (strstr(json_string_value(json_object_get(warning, "detail")), words) !=
			 NULL) return true;
	return false;
}

/* What is wrong elsewhere is not said again with every change. */
static void
a_change_warns_of_what_it_gives_rise_to(void **state)
{
	static const char spare[] =
	    "{'name':'Spare','function':'amhp','organisation':'ZFC','places':['X1']}";
	struct http_reply person, service;

	(void)state;
	objects_as_admin("PUT", "/v1/services/spare", "If-None-Match: *\r\n", spare, 201);
	objects_wait_until_ready();
	person = objects_ask(testbed_admin(), "PUT", "/v1/people/new?dry_run=1",
	    "If-None-Match: *\r\n", "{'name':'N Ew','organisation':'ZFC'}");
	assert_int_equal(person.status, 200);
	assert_int_equal(json_array_size(json_object_get(person.json, "warnings")), 0);
	service = objects_ask(
	    testbed_admin(), "PUT", "/v1/services/third?dry_run=1", "If-None-Match: *\r\n", spare);
	assert_int_equal(service.status, 200);
	assert_true(warns_of(&service, "service third has no rota"));
	assert_false(warns_of(&service, "service spare"));
	http_free(&person);
	http_free(&service);
}

/* The dry run of one object says what the dry run of the whole file says. */
static void
a_dry_run_is_that_of_the_file(void **state)
{
	struct http_reply whole, one, file = testbed_get("/v1/region");
	json_t *rotas = json_object_get(file.json, "rotas");
	char *text;

	(void)state;
	json_array_remove(rotas, 0);
	text = json_dumps(file.json, 0);
	whole = http(&(struct http_ask){.port = testbed_port(),
	    .method = "PUT",
	    .path = "/v1/region?dry_run=1",
	    .token = testbed_admin(),
	    .body = text});
	one = objects_ask(testbed_admin(), "DELETE", "/v1/rotas/duty?dry_run=1", NULL, NULL);
	assert_int_equal(whole.status, 200);
	assert_int_equal(one.status, 200);
	assert_non_null(json_object_get(one.json, "effect"));
	assert_true(
	    json_equal(json_object_get(one.json, "effect"), json_object_get(whole.json, "effect")));
	assert_true(json_equal(
	    json_object_get(one.json, "changes"), json_object_get(whole.json, "changes")));
	/* The file has the warnings of everything in it, the object those that it gives rise to. */
	assert_true(warns_of(&one, "service amhp has no rota"));
	assert_true(json_array_size(json_object_get(whole.json, "warnings")) >
		    json_array_size(json_object_get(one.json, "warnings")));
	assert_string_equal(http_at(&one, "applied"), "false");
	free(text);
	http_free(&whole);
	http_free(&one);
	http_free(&file);
	ASSERT("select count(*) from region) = (select 1");
}

#define TESTBED(test) cmocka_unit_test_setup_teardown(test, objects_set_up, testbed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TESTBED(an_object_lives_by_itself),
	    TESTBED(is_known_as_it_was),
	    TESTBED(faults_have_a_path_of_their_own),
	    TESTBED(another_code_is_a_renaming),
	    TESTBED(who_may_be_meant_by_one_name_is_told),
	    TESTBED(what_was_said_holds_an_object),
	    TESTBED(an_address_stays_a_secret),
	    TESTBED(a_dry_run_is_that_of_the_file),
	    TESTBED(a_change_warns_of_what_it_gives_rise_to),
	    TESTBED(nobody_changes_what_the_table_does_not_grant),
	    TESTBED(nobody_does_what_the_table_does_not_grant),
	    TESTBED(a_code_of_other_letters_is_refused_with_the_rule),
	    TESTBED(fields_are_refused_by_their_path),
	    TESTBED(an_object_is_seen_by_whom_it_concerns),
	    TESTBED(what_lowers_wants_another_person),
	    TESTBED(a_proposal_is_judged_when_it_is_accepted),
	    TESTBED(what_touches_others_maps_wants_another_person),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
