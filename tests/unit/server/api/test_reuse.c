/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/expect.h"

/* Codes that stood for another place, and bank holidays that a region changes. */

#define REGION(more, places)                                                                       \
	"{\"crisiscover\":1" more ",\"places\":[{\"code\":\"A\",\"name\":\"Alder\","               \
	"\"kind\":\"icb\"}" places "]}"
#define B(name, kind) ",{\"code\":\"B\",\"name\":\"" name "\",\"kind\":\"" kind "\"}"
#define ENDED(name, kind)                                                                          \
	",{\"code\":\"B\",\"name\":\"" name "\",\"kind\":\"" kind "\",\"until\":\"2020-04-01\"}"

static struct http_reply
put_region(const char *region, bool dry_run)
{
	return http(&(struct http_ask){.port = testbed_port(),
	    .method = "PUT",
	    .path = dry_run ? "/v1/region?dry_run=1" : "/v1/region",
	    .token = testbed_admin(),
	    .body = region});
}

/* Puts it in force, and waits until the api has it. */
static void
apply(const char *region, const char *version)
{
	struct http_reply reply = put_region(region, false);

	assert_int_equal(reply.status, 200);
	assert_string_equal(http_at(&reply, "version"), version);
	http_free(&reply);
	testbed_until(&(struct http_ask){.port = testbed_port(),
			  .method = "PUT",
			  .path = "/v1/region?dry_run=1",
			  .token = testbed_admin(),
			  .body = REGION("", "")},
	    "version", version);
}

static void
a_retired_code_is_never_another_kind_of_place(void **state)
{
	static const char again[] = REGION("", B("Birch", "hospital"));
	struct http_reply reply;

	(void)state;
	apply(REGION("", B("Birch", "icb")), "1");
	apply(REGION("", ""), "2");
	for (int dry_run = 0; dry_run < 2; dry_run++) {
		expect_in(put_region(again, dry_run), 422, "errors.0.path", "$.places[1].code");
		expect_in(put_region(again, dry_run), 422, "errors.0.detail",
		    "B stood for \"Birch\" (icb) until 2");
		expect_in(put_region(again, dry_run), 422, "errors.0.detail", "a code of its own");
	}
	testbed_sql("do $$ begin assert (select count(*) from region) = 2; end $$");

	/* Another name is a warning; the same place may come back without a word. */
	expect_in(put_region(REGION("", B("Beech", "icb")), true), 200, "warnings.0.detail",
	    "B stood for \"Birch\" (icb) until 2");
	reply = put_region(REGION("", B("Birch", "icb")), false);
	assert_int_equal(reply.status, 200);
	assert_string_equal(http_at(&reply, "warnings"), "[]");
	http_free(&reply);
}

/* Likewise of a place that the region lists as ended. */
static void
an_ended_place_does_not_become_another(void **state)
{
	(void)state;
	apply(REGION("", ENDED("Birch", "icb")), "1");
	expect_in(put_region(REGION("", B("Birch", "hospital")), true), 422, "errors.0.detail",
	    "B stood for \"Birch\" (icb) until 2020-04-01");
	expect_in(put_region(REGION("", B("Beech", "icb")), true), 200, "warnings.0.detail",
	    "B stood for \"Birch\" (icb) until 2020-04-01");
	expect_in(put_region(REGION("", ENDED("Birch", "icb")), true), 200, "warnings", "[]");
}

static void
bank_holidays_that_are_none_are_said(void **state)
{
	(void)state;
	expect_in(
	    put_region(
		REGION(
		    ",\"bank_holidays\":{\"set\":\"england-and-wales\",\"remove\":[\"2026-12-26\"]}",
		    ""),
		true),
	    200, "warnings.0.detail", "2026-12-26 is no bank holiday of the set");
	expect_in(put_region(
		      REGION(",\"bank_holidays\":{\"set\":\"england-and-wales\",\"add\":[{\"date\":"
			     "\"2026-12-28\",\"name\":\"x\"}]}",
			  ""),
		      true),
	    200, "warnings.0.detail", "2026-12-28 is a bank holiday of the set");
	expect_in(
	    put_region(
		REGION(
		    ",\"bank_holidays\":{\"set\":\"england-and-wales\",\"remove\":[\"2026-12-28\"],"
		    "\"add\":[{\"date\":\"2026-12-26\",\"name\":\"x\"}]}",
		    ""),
		true),
	    200, "warnings", "[]");
}

/* A value that was put is returned to the letter, keys that hold dates and all. */
static void
the_file_comes_back_as_it_was_put(void **state)
{
	static const char file[] =
	    REGION(",\"bank_holidays\":{\"set\":\"england-and-wales\",\"add\":[{\"date\":"
		   "\"2027-06-07\",\"name\":\"Jubilee\"}],\"remove\":[\"2026-12-28\"]}",
		",{\"code\":\"B\",\"name\":\"Birch\",\"kind\":\"icb\",\"until\":\"2027-04-01\","
		"\"successors\":[\"C\"]},{\"code\":\"C\",\"name\":\"Cedar\",\"kind\":\"icb\","
		"\"from\":\"2027-04-01\",\"parents\":[{\"place\":\"A\",\"from\":\"2028-04-01\"}]}");
	struct http_reply reply;

	(void)state;
	apply(file, "1");
	reply = testbed_get("/v1/region");
	assert_int_equal(reply.status, 200);
	assert_string_equal(http_at(&reply, "places.1.until"), "2027-04-01");
	assert_string_equal(http_at(&reply, "places.1.successors"), "[\"C\"]");
	assert_string_equal(http_at(&reply, "places.2.parents.0.from"), "2028-04-01");
	assert_string_equal(http_at(&reply, "bank_holidays.remove.0"), "2026-12-28");
	expect_in(put_region(reply.body, true), 200, "changes", "[]");
	http_free(&reply);
	reply = testbed_get("/v1/places");
	assert_string_equal(http_at(&reply, "places.1.code"), "B");
	assert_string_equal(http_at(&reply, "places.1.from"), "null");
	assert_string_equal(http_at(&reply, "places.1.until"), "2027-04-01");
	assert_string_equal(http_at(&reply, "places.1.successors"), "[\"C\"]");
	assert_string_equal(http_at(&reply, "places.2.from"), "2027-04-01");
	assert_string_equal(http_at(&reply, "places.2.under.0.from"), "2028-04-01");
	http_free(&reply);
}

#define TESTBED(test) cmocka_unit_test_setup_teardown(test, testbed_set_up, testbed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TESTBED(a_retired_code_is_never_another_kind_of_place),
	    TESTBED(an_ended_place_does_not_become_another),
	    TESTBED(bank_holidays_that_are_none_are_said),
	    TESTBED(the_file_comes_back_as_it_was_put),
	};

	return cmocka_run_group_tests_name("reuse", tests, testbed_open, testbed_close);
}
