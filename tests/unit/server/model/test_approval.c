/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "server/base/zone.h"
#include "server/model/approval.h"
#include "tests/unit/server/model/region_text.h"

/* Approvals, and when they hold; and what a region file may have of them. */

static struct zonedb *zones;

static int
set_up(void **state)
{
	*state = arena_new(0);
	assert_int_equal(zonedb_open("/usr/share/zoneinfo", &zones), STATUS_OK);
	return 0;
}

static int
tear_down(void **state)
{
	arena_free(*state);
	zonedb_free(zones);
	return 0;
}

static const char file[] =
    "{'crisiscover': 1, 'time_zone': 'Europe/London', 'organisations': ["
    "{'code': 'ZFC', 'name': 'Fenmere', 'kind': 'local_authority'},"
    "{'code': 'ZHU', 'name': 'The hub', 'kind': 'local_authority'}],"
    "'functions': [{'code': 'amhp', 'name': 'AMHP'}, {'code': 's12', 'name': 'Doctor'}],"
    "'places': [{'code': 'P', 'name': 'Place', 'kind': 'council_area'}],"
    "'people': [{'id': 'a', 'name': 'A', 'organisation': 'ZFC', 'roles': [%s]}],"
    "'requirements': [{'id': 'R', 'place': 'P', 'function': 'amhp', 'count': 1, %s 'hours': "
    "[{'days': ['all'], 'from': '00:00', 'to': '24:00'}]}]}";

static const struct region *
read_file(struct arena *arena, const char *roles, const char *more)
{
	struct region_faults faults;

	return region_text_read(arena, arena_printf(arena, file, roles, more), &faults);
}

static bool
is_approved(const struct region *region, const char *instant)
{
	int64_t at;

	assert_true(civil_parse_rfc3339(slice_of(instant), &at));
	return approval_has(&(struct approval_wanted){region, zonedb_find(zones, "Europe/London"),
				&region->requirements[0]},
	    0, at);
}

/* The day ends at London's midnight, which is 23:00 UTC in summer. */
static void
an_approval_ends_at_the_midnight_of_its_region(void **state)
{
	const struct region *region = read_file(*state,
	    "{'function': 'amhp', 'approved_by': 'ZFC', 'from': '2026-01-10', 'until': "
	    "'2026-07-01'}",
	    "");

	assert_false(is_approved(region, "2026-01-09T23:59:59Z"));
	assert_true(is_approved(region, "2026-01-10T00:00:00Z"));
	assert_true(is_approved(region, "2026-06-30T22:59:59Z"));
	assert_false(is_approved(region, "2026-06-30T23:00:00Z"));
	assert_true(approval_matters(region, 0));
}

static void
a_role_by_itself_is_approved_unless_somebody_must_have_done_so(void **state)
{
	assert_true(is_approved(read_file(*state, "'amhp'", ""), "2026-01-09T12:00:00Z"));
	assert_false(approval_matters(read_file(*state, "'amhp'", ""), 0));
	assert_false(is_approved(
	    read_file(*state, "'amhp'", "'approvers': ['ZFC'],"), "2026-01-09T12:00:00Z"));
	assert_true(approval_matters(read_file(*state, "'amhp'", "'approvers': ['ZFC'],"), 0));
	/* Of another function: it says nothing about this one. */
	assert_true(
	    is_approved(read_file(*state, "'amhp', {'function': 's12', 'until': '2020-01-01'}", ""),
		"2026-01-09T12:00:00Z"));
}

static void
only_an_approval_by_an_approver_counts(void **state)
{
	static const char both[] =
	    "{'function': 'amhp', 'approved_by': 'ZFC', 'until': '2026-02-01'}, {'function': "
	    "'amhp', 'approved_by': 'ZHU', 'until': '2026-03-01'}";
	static const struct {
		const char *approvers, *at;
		bool approved;
	} rows[] = {
	    {"", "2026-02-15T12:00:00Z", true},
	    {"'approvers': ['ZFC'],", "2026-01-15T12:00:00Z", true},
	    {"'approvers': ['ZFC'],", "2026-02-15T12:00:00Z", false},
	    {"'approvers': ['ZHU'],", "2026-02-15T12:00:00Z", true},
	    {"'approvers': ['ZFC', 'ZHU'],", "2026-02-15T12:00:00Z", true},
	    {"'approvers': ['ZFC', 'ZHU'],", "2026-03-15T12:00:00Z", false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(
		    is_approved(read_file(*state, both, rows[i].approvers), rows[i].at),
		    rows[i].approved);
	/* By nobody who is named: it is not known by whom. */
	assert_false(is_approved(read_file(*state, "{'function': 'amhp'}", "'approvers': ['ZFC'],"),
	    "2026-02-15T12:00:00Z"));
}

/* The sweep gets the rest of time, and the same as at each instant. */
/* holds: H04.3 */
static void
what_is_missing_is_what_is_not_approved(void **state)
{
	const struct region *region = read_file(*state,
	    "{'function': 'amhp', 'from': '2026-01-10', 'until': '2026-01-20'}, {'function': "
	    "'amhp', 'from': '2026-01-20', 'until': '2026-02-01'}",
	    "");
	struct approval_wanted wanted = {
	    region, zonedb_find(zones, "Europe/London"), &region->requirements[0]};
	bool people[] = {true};
	struct person_times missing = approval_missing(*state, &wanted, people);
	int64_t at, end;

	assert_int_equal(missing.count, 2);
	assert_true(civil_parse_rfc3339(SLICE("2026-01-01T00:00:00Z"), &at));
	assert_true(civil_parse_rfc3339(SLICE("2026-02-10T00:00:00Z"), &end));
	assert_false(approval_covers(
	    *state, &wanted, 0, (struct span_time){at + 9 * 86400 - 1, at + 9 * 86400 + 60}));
	assert_true(approval_covers(
	    *state, &wanted, 0, (struct span_time){at + 9 * 86400, at + 31 * 86400}));
	assert_false(approval_covers(
	    *state, &wanted, 0, (struct span_time){at + 9 * 86400, at + 31 * 86400 + 1}));
	for (; at < end; at += 3600)
		assert_int_equal(person_times_has(missing, 0, at), !approval_has(&wanted, 0, at));
	people[0] = false;
	assert_int_equal(approval_missing(*state, &wanted, people).count, 0);
}

static int64_t
day_of(const char *text)
{
	int64_t day;

	assert_true(civil_parse_day(slice_of(text), &day));
	return day;
}

/* Renewed by the same council: nothing to do. By another: the first council's ends. */
static void
an_approval_that_is_renewed_does_not_end(void **state)
{
	const struct region *region = read_file(*state,
	    "{'function': 'amhp', 'approved_by': 'ZFC', 'until': '2026-03-01'}, {'function': "
	    "'amhp', 'approved_by': 'ZFC', 'from': '2026-03-01', 'until': '2026-09-01'}, "
	    "{'function': 'amhp', 'approved_by': 'ZHU', 'until': '2026-03-05'}, {'function': "
	    "'s12', 'until': '2026-03-04'}",
	    "");
	struct span_time days = {day_of("2026-02-01"), day_of("2026-05-02")};
	struct approval_ends ends = approval_ending(*state, region, days);

	assert_int_equal(ends.count, 2);
	assert_int_equal(ends.items[0].approval->life.end, day_of("2026-03-04"));
	assert_int_equal(ends.items[1].approval->life.end, day_of("2026-03-05"));
	days.end = day_of("2026-03-04");
	assert_int_equal(approval_ending(*state, region, days).count, 0);
	days = (struct span_time){day_of("2026-09-01"), day_of("2026-09-02")};
	assert_int_equal(approval_ending(*state, region, days).count, 1);
}

static void
what_a_file_may_not_say(void **state)
{
	static const struct {
		const char *roles, *more, *path;
	} rows[] = {
	    {"'amhp', 'amhp'", "", "$.people[0].roles[1]"},
	    {"'amhp', {'function': 'amhp'}", "", "$.people[0].roles[1]"},
	    {"{'function': 'amhp'}, 'amhp'", "", "$.people[0].roles[1]"},
	    {"{'function': 'nurse'}", "", "$.people[0].roles[0].function"},
	    {"{'approved_by': 'ZFC'}", "", "$.people[0].roles[0].function"},
	    {"{'function': 'amhp', 'approved_by': 'ZXX'}", "", "$.people[0].roles[0].approved_by"},
	    {"{'function': 'amhp', 'by': 'ZFC'}", "", "$.people[0].roles[0].by"},
	    {"{'function': 'amhp', 'from': '2026-02-01', 'until': '2026-01-01'}", "",
		"$.people[0].roles[0].until"},
	    {"7", "", "$.people[0].roles[0]"},
	    {"'amhp'", "'approvers': ['ZXX'],", "$.requirements[0].approvers[0]"},
	    {"'amhp'", "'role': 'any', 'approvers': ['ZFC'],", "$.requirements[0].approvers"},
	};
	const struct region *none = NULL;
	struct region_faults faults;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(
		    region_text_try(*state, arena_printf(*state, file, rows[i].roles, rows[i].more),
			&none, &faults),
		    STATUS_MALFORMED);
		assert_string_equal(faults.items[0].path, rows[i].path);
	}
}

static void
a_change_of_an_approval_is_a_change_of_roles(void **state)
{
	static const char one[] = "{'function': 'amhp', 'until': '2026-02-01'}";
	static const char later[] = "{'function': 'amhp', 'until': '2027-02-01'}";
	struct region_changes changes;

	region_compare(*state, read_file(*state, one, ""), read_file(*state, later, ""), &changes);
	assert_int_equal(changes.count, 1);
	assert_string_equal(changes.items[0].what, "roles");
	region_compare(
	    *state, read_file(*state, "'amhp'", ""), read_file(*state, one, ""), &changes);
	assert_string_equal(changes.items[0].what, "roles");
	region_compare(*state, read_file(*state, one, ""),
	    read_file(*state, one, "'approvers': ['ZFC'],"), &changes);
	assert_string_equal(changes.items[0].what, "approvers");
	region_compare(*state, read_file(*state, one, ""), read_file(*state, one, ""), &changes);
	assert_int_equal(changes.count, 0);
}

/* By day, then by person, in whatever order the file lists them. */
static void
what_ends_is_in_one_order(void **state)
{
	const struct region *region = read_file(*state,
	    "{'function': 'amhp', 'approved_by': 'ZFC', 'until': '2026-03-05'}, {'function': 'amhp', "
	    "'approved_by': 'ZHU', 'until': '2026-03-04'}, {'function': 's12', 'until': '2026-03-04'}"
	    "]}, {'id': 'b', 'name': 'B', 'organisation': 'ZFC', 'roles': [{'function': 'amhp', "
	    "'until': '2026-03-04'}, {'function': 's12', 'until': '2026-03-06'}",
	    "");
	struct approval_ends ends = approval_ending(
	    *state, region, (struct span_time){day_of("2026-02-01"), day_of("2026-05-02")});

	assert_int_equal(ends.count, 5);
	assert_int_equal(ends.items[4].approval->life.end, day_of("2026-03-06"));
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(ends.items[i].approval->life.end, day_of("2026-03-04"));
	assert_int_equal(ends.items[0].person, 0);
	assert_int_equal(ends.items[1].person, 0);
	assert_int_equal(ends.items[2].person, 1);
	assert_int_equal(ends.items[3].approval->life.end, day_of("2026-03-05"));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(what_ends_is_in_one_order),
	    TEST(an_approval_ends_at_the_midnight_of_its_region),
	    TEST(a_role_by_itself_is_approved_unless_somebody_must_have_done_so),
	    TEST(only_an_approval_by_an_approver_counts),
	    TEST(what_is_missing_is_what_is_not_approved),
	    TEST(an_approval_that_is_renewed_does_not_end),
	    TEST(what_a_file_may_not_say),
	    TEST(a_change_of_an_approval_is_a_change_of_roles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
