/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/kept.h"
#include "calendars/occurrences.h"
#include "calendars/wire/wire_answer.h"
#include "calendars/wire/wire_request.h"
#include "server/base/instant.h"
#include "tests/unit/calendars/support.h"

/* The bounds of what crosses the border: each is taken at its edge and refused beyond it. */

#define DAY 86400

static enum status
cross(const struct reading_options *options, const struct reading *reading)
{
	struct arena *arena = arena_new(0);
	struct buf buf = {0};
	struct reading out;
	enum status status;

	wire_pack_answer(&buf, reading);
	status = reading_unpack((struct slice){buf.at, buf.len}, options, arena, &out);
	if (status == STATUS_OK) {
		assert_int_equal(out.noccurrences, reading->noccurrences);
		assert_int_equal(out.nfindings, reading->nfindings);
		assert_int_equal(out.nversions, reading->nversions);
	}
	buf_free(&buf);
	arena_free(arena);
	return status;
}

static struct reading_occurrence
occurrence(int64_t start, int64_t end)
{
	return (struct reading_occurrence){.start = start,
	    .end = end,
	    .uid = "a",
	    .key = "a",
	    .recurrence = INSTANT_NONE,
	    .summary = "x",
	    .class = READING_NOBODY};
}

static void
occurrences_are_in_the_window(void **state)
{
	struct reading_options options = support_options();
	const struct {
		int64_t start, end;
		enum status want;
	} cases[] = {
	    {options.from - DAY, options.from + 1, STATUS_OK},
	    {options.from - DAY, options.from, STATUS_MALFORMED},
	    {options.from - DAY, options.from - 1, STATUS_MALFORMED},
	    {options.until - 1, options.until + DAY, STATUS_OK},
	    {options.until, options.until + DAY, STATUS_MALFORMED},
	    {options.from + 2, options.from + 2, STATUS_MALFORMED},
	    {options.from + 3, options.from + 2, STATUS_MALFORMED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct reading_occurrence one = occurrence(cases[i].start, cases[i].end);
		struct reading reading = {.events = 1, .occurrences = &one, .noccurrences = 1};

		assert_int_equal(cross(&options, &reading), cases[i].want);
		/* A series without end lasts as long as the window, at least. */
		reading.endless = true;
		assert_int_equal(cross(&options, &reading), cases[i].want);
		reading.endless = false;
		/* Without a team on the rota, too. */
		options.team_names = NULL;
		assert_int_equal(cross(&options, &reading), cases[i].want);
		one.class = READING_TEAM;
		one.team = "EDT";
		assert_int_equal(cross(&options, &reading), STATUS_MALFORMED);
		options.team_names = support_options().team_names;
		assert_int_equal(cross(&options, &reading), cases[i].want);
	}
}

/* The horizon is worked out here: at least the window for what has no end, nothing for nothing. */
static void
the_horizon_is_worked_out_again(void **state)
{
	struct reading_options options = support_options();
	struct reading_occurrence one = occurrence(options.until - 1, options.until + DAY);
	struct reading reading = {.events = 1, .endless = true};

	(void)state;
	reading_sum_up(&reading, true, options.until);
	assert_int_equal(reading.horizon, INSTANT_NONE);
	reading.occurrences = &one;
	reading.noccurrences = 1;
	reading_sum_up(&reading, true, options.until);
	assert_int_equal(reading.horizon, options.until + DAY);
	one.end = options.until;
	reading_sum_up(&reading, true, options.until);
	assert_int_equal(reading.horizon, options.until);
	one.start = options.from;
	one.end = options.from + 1;
	reading_sum_up(&reading, false, options.until);
	assert_int_equal(reading.horizon, options.from + 1);
	reading_sum_up(&reading, true, options.until);
	assert_int_equal(reading.horizon, options.until);
}

static void
lists_are_no_longer_than_a_reading_makes_them(void **state)
{
	struct reading_options options = support_options();
	const size_t most[] = {250000, 6000, 60000};
	struct reading_occurrence *occurrences = calloc(most[0] + 1, sizeof *occurrences);
	struct reading_finding *findings = calloc(most[1] + 1, sizeof *findings);
	struct reading_version *versions = calloc(most[2] + 1, sizeof *versions);
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i <= most[0]; i++) {
		occurrences[i] = occurrence(options.from + (int64_t)i, options.until);
		occurrences[i].key = arena_printf(arena, "%zu", i);
	}
	for (size_t i = 0; i <= most[1]; i++)
		findings[i] = (struct reading_finding){.level = FINDING_WARNING,
		    .text = "x",
		    .remedy = "y",
		    .start = INSTANT_NONE,
		    .end = INSTANT_NONE};
	for (size_t i = 0; i <= most[2]; i++)
		versions[i] = (struct reading_version){.event = i, .uid = "a"};
	for (size_t over = 0; over < 2; over++) {
		const struct reading lists[] = {
		    {.occurrences = occurrences, .noccurrences = most[0] + over},
		    {.findings = findings, .nfindings = most[1] + over},
		    {.versions = versions, .nversions = most[2] + over},
		};

		for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
			assert_int_equal(
			    cross(&options, &lists[i]), over ? STATUS_MALFORMED : STATUS_OK);
	}
	free(occurrences);
	free(findings);
	free(versions);
	arena_free(arena);
}

static void
questions_are_no_more_than_a_reading_asks(void **state)
{
	struct reading_options options = support_options();
	static struct reading_unknown_zone zones[2001];
	static struct reading_date dates[READING_DATES_SHOWN + 1];
	struct arena *arena = arena_new(0);
	struct reading reading = {.events = 1, .unknown_zones = zones};

	(void)state;
	for (size_t i = 0; i < 2001; i++)
		zones[i] = (struct reading_unknown_zone){arena_printf(arena, "%04zu", i), 1};
	for (size_t i = 0; i <= READING_DATES_SHOWN; i++)
		dates[i] = (struct reading_date){(uint32_t)i, "05/06/2026", 1, 2};
	reading.nunknown_zones = 2000;
	assert_int_equal(cross(&options, &reading), STATUS_OK);
	reading.nunknown_zones = 2001;
	assert_int_equal(cross(&options, &reading), STATUS_MALFORMED);
	options.kind = READING_CSV;
	reading = (struct reading){
	    .events = 1, .ambiguous_dates = true, .dates = dates, .ndates = READING_DATES_SHOWN};
	assert_int_equal(cross(&options, &reading), STATUS_OK);
	reading.ndates++;
	assert_int_equal(cross(&options, &reading), STATUS_MALFORMED);
	arena_free(arena);
}

/* A refused calendar has a reason, and nothing else. */
static void
a_refused_reading_says_nothing_more(void **state)
{
	static const struct reading_unknown_word words[] = {{"zed", 1, "zed"}};
	static const struct reading_version versions[] = {{.event = 1, .uid = "a"}};
	struct reading_options options = support_options();
	struct reading_occurrence one = occurrence(options.from, options.from + 1);
	const struct reading_finding reason = {.level = FINDING_REFUSED,
	    .text = "x",
	    .remedy = "y",
	    .start = INSTANT_NONE,
	    .end = INSTANT_NONE};
	const struct reading refused = {.refused = true, .findings = &reason, .nfindings = 1};
	struct reading reading = refused;

	(void)state;
	assert_int_equal(cross(&options, &reading), STATUS_OK);
	reading.refused = false;
	assert_int_equal(cross(&options, &reading), STATUS_MALFORMED);
	reading = refused;
	reading.nfindings = 0;
	assert_int_equal(cross(&options, &reading), STATUS_MALFORMED);
	reading = refused;
	reading.occurrences = &one;
	reading.noccurrences = 1;
	assert_int_equal(cross(&options, &reading), STATUS_MALFORMED);
	reading = refused;
	reading.versions = versions;
	reading.nversions = 1;
	assert_int_equal(cross(&options, &reading), STATUS_MALFORMED);
	reading = refused;
	reading.unknown_words = words;
	reading.nunknown_words = 1;
	assert_int_equal(cross(&options, &reading), STATUS_MALFORMED);
	reading = refused;
	reading.endless = true;
	assert_int_equal(cross(&options, &reading), STATUS_MALFORMED);
	reading = refused;
	reading.kept = SLICE("x");
	assert_int_equal(cross(&options, &reading), STATUS_MALFORMED);
}

static void
no_more_is_kept_than_a_file_may_have(void **state)
{
	struct reading_options options = support_options();
	char *bytes = calloc(1, KEPT_MAX_BYTES + 1);
	struct reading reading = {.kept = {bytes, KEPT_MAX_BYTES}};

	(void)state;
	assert_int_equal(cross(&options, &reading), STATUS_OK);
	reading.kept.len++;
	assert_int_equal(cross(&options, &reading), STATUS_MALFORMED);
	free(bytes);
}

/* A child that somebody has taken over makes nobody throw a rota away. */
static void
the_hash_alone_is_kept_of_leave_alone(void **state)
{
	struct reading_options options = support_options();
	struct reading reading = {.hash_alone = true};

	(void)state;
	assert_int_equal(cross(&options, &reading), STATUS_MALFORMED);
	options.absences = true;
	assert_int_equal(cross(&options, &reading), STATUS_OK);
	reading.kept = SLICE("x");
	assert_int_equal(cross(&options, &reading), STATUS_MALFORMED);
	reading.hash_alone = false;
	assert_int_equal(cross(&options, &reading), STATUS_OK);
}

static bool
is_answered(const struct reading_options *options)
{
	struct reading_tools tools = {support_zones()};
	struct buf request = {0}, answer = {0};
	bool answered;

	reading_pack_request(&request, options, slice_of("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"));
	reading_answer(&tools, (struct slice){request.at, request.len}, &answer);
	answered = answer.len > 0;
	buf_free(&request);
	buf_free(&answer);
	return answered;
}

static void
shift_codes_have_hours_of_a_day(void **state)
{
	static const struct {
		struct reading_shift_code code;
		bool good;
	} cases[] = {
	    {{"E", NULL, READING_CODE_HOURS, 0, 0}, true},
	    {{"E", NULL, READING_CODE_HOURS, DAY - 1, DAY}, true},
	    {{"E", NULL, READING_CODE_NOISE, 0, 0}, true},
	    {{NULL, NULL, READING_CODE_HOURS, 0, 0}, false},
	    {{"E", NULL, READING_CODE_NOISE + 1, 0, 0}, false},
	    {{"E", NULL, READING_CODE_HOURS, -1, 0}, false},
	    {{"E", NULL, READING_CODE_HOURS, DAY, 0}, false},
	    {{"E", NULL, READING_CODE_HOURS, 0, -1}, false},
	    {{"E", NULL, READING_CODE_HOURS, 0, DAY + 1}, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct reading_options options = support_options();

		options.shift_codes = &cases[i].code;
		options.nshift_codes = 1;
		assert_int_equal(is_answered(&options), cases[i].good);
	}
}

static void
a_grid_has_a_layout_and_hours_of_a_day(void **state)
{
	static const char *const own[] = {"AMHP", NULL};
	static const struct {
		struct reading_grid grid;
		bool good;
	} cases[] = {
	    {{READING_NO_GRID, NULL, {false, 0, 0}, {false, 0, 0}, {false, 0, 0}}, true},
	    {{READING_DATES_BY_HOURS, NULL, {false, 0, 0}, {false, 0, 0}, {false, 0, 0}}, true},
	    {{READING_DATES_BY_ROLES, own, {true, 0, DAY}, {true, DAY - 1, 0}, {false, 0, 0}},
		true},
	    {{READING_LAYOUTS, own, {true, 0, 0}, {false, 0, 0}, {false, 0, 0}}, false},
	    {{READING_DATES_BY_ROLES, own, {true, -1, 0}, {false, 0, 0}, {false, 0, 0}}, false},
	    {{READING_DATES_BY_ROLES, own, {true, DAY, 0}, {false, 0, 0}, {false, 0, 0}}, false},
	    {{READING_DATES_BY_ROLES, own, {true, 0, DAY + 1}, {false, 0, 0}, {false, 0, 0}},
		false},
	    {{READING_DATES_BY_ROLES, own, {true, 0, -1}, {false, 0, 0}, {false, 0, 0}}, false},
	    {{READING_DATES_BY_ROLES, own, {true, 0, 0}, {true, DAY, 0}, {false, 0, 0}}, false},
	    {{READING_DATES_BY_ROLES, own, {true, 0, 0}, {false, 0, 0}, {true, DAY, 0}}, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct reading_options options = support_options();

		options.grid = cases[i].grid;
		assert_int_equal(is_answered(&options), cases[i].good);
	}
}

static void
the_zone_and_the_kind_are_known_here(void **state)
{
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);

	(void)state;
	options.zone = zone_utc();
	assert_true(is_answered(&options));
	options.zone = zone_of_steps(arena, "Nowhere/At_All", 0, NULL, 0);
	assert_false(is_answered(&options));
	options = support_options();
	options.kind = READING_CSV;
	assert_true(is_answered(&options));
	options.kind = READING_CSV + 1;
	assert_false(is_answered(&options));
	arena_free(arena);
}

static void
the_sheet_and_the_marks_cross(void **state)
{
	struct reading_options options = support_roster_options(), out;
	struct buf request = {0};
	struct arena *arena = arena_new(0);
	struct slice bytes;

	(void)state;
	options.sheet = "On call";
	options.marks =
	    (struct reading_marks){READING_MARK_OFF, READING_MARK_NOTHING, READING_MARK_UNDECIDED};
	reading_pack_request(&request, &options, SLICE("x"));
	assert_true(wire_unpack_request(
	    (struct slice){request.at, request.len}, support_zones(), arena, &out, &bytes));
	assert_string_equal(out.sheet, "On call");
	assert_int_equal(out.marks.fill, READING_MARK_OFF);
	assert_int_equal(out.marks.comment, READING_MARK_NOTHING);
	assert_int_equal(out.marks.hidden, READING_MARK_UNDECIDED);
	options.marks.hidden = READING_MARK_MEANINGS;
	assert_false(is_answered(&options));
	buf_free(&request);
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_sheet_and_the_marks_cross),
	    cmocka_unit_test(occurrences_are_in_the_window),
	    cmocka_unit_test(the_horizon_is_worked_out_again),
	    cmocka_unit_test(lists_are_no_longer_than_a_reading_makes_them),
	    cmocka_unit_test(questions_are_no_more_than_a_reading_asks),
	    cmocka_unit_test(a_refused_reading_says_nothing_more),
	    cmocka_unit_test(no_more_is_kept_than_a_file_may_have),
	    cmocka_unit_test(the_hash_alone_is_kept_of_leave_alone),
	    cmocka_unit_test(shift_codes_have_hours_of_a_day),
	    cmocka_unit_test(a_grid_has_a_layout_and_hours_of_a_day),
	    cmocka_unit_test(the_zone_and_the_kind_are_known_here),
	};

	reading_prepare();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
