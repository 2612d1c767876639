/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "clients/cli/options.h"
#include "clients/cli/show.h"

static void
words_and_options_may_mix(void **state)
{
	const char *at = NULL, *words[2] = {NULL, NULL};
	bool json = false;
	const struct option_row rows[] = {
	    {"at", &at, NULL}, {"json", NULL, &json}, {NULL, NULL, NULL}};
	char *argv[] = {(char[]){"now"}, (char[]){"--json"}, (char[]){"ZED01"}, (char[]){"--at"},
	    (char[]){"2026-11-22"}};

	(void)state;
	assert_null(options_read(5, argv, rows, words, 2));
	assert_true(json);
	assert_string_equal(at, "2026-11-22");
	assert_string_equal(words[0], "ZED01");
	assert_null(words[1]);
}

static void
what_is_wrong_is_named(void **state)
{
	const char *at = NULL, *words[1];
	const struct option_row rows[] = {{"at", &at, NULL}, {NULL, NULL, NULL}};
	char *stranger[] = {(char[]){"now"}, (char[]){"--ta"}},
	     *bare[] = {(char[]){"now"}, (char[]){"--at"}},
	     *many[] = {(char[]){"now"}, (char[]){"a"}, (char[]){"b"}};

	(void)state;
	assert_string_equal(
	    options_read(2, stranger, rows, words, 1), "there is no option --ta here");
	assert_string_equal(options_read(2, bare, rows, words, 1), "--at wants a value");
	assert_string_equal(options_read(3, many, rows, words, 1), "\"b\" is one word too many");
}

/* JSON has no place for other bytes: a note would be left out without a word, and an expiry too. */
static void
what_is_not_utf8_is_refused(void **state)
{
	static const char latin[] = "caf\xe9";
	const char *note = NULL, *words[1];
	const struct option_row rows[] = {{"note", &note, NULL}, {NULL, NULL, NULL}};
	struct option_values values = {.count = 0};
	char *value[] = {(char[]){"now"}, (char[]){"--note"}, (char *)(uintptr_t)latin},
	     *word[] = {(char[]){"now"}, (char *)(uintptr_t)latin};
	int count = 3;

	(void)state;
	assert_string_equal(options_read(3, value, rows, words, 1),
	    "what follows --note is not UTF-8: set the terminal to UTF-8");
	assert_string_equal(options_read(2, word, rows, words, 1),
	    "word 1 is not UTF-8: set the terminal to UTF-8");
	assert_string_equal(options_take(&count, value, "note", &values),
	    "what follows --note is not UTF-8: set the terminal to UTF-8");
}

static void
a_day_is_midnight_of_its_zone(void **state)
{
	int64_t utc;

	(void)state;
	assert_null(options_time("--at", "2026-07-01", show_london(), &utc));
	assert_int_equal(utc, 1782860400); /* 2026-06-30T23:00:00Z: summer time */
	assert_null(options_time("--at", "2026-11-22T03:10:00Z", show_london(), &utc));
	assert_int_equal(utc, 1795317000);
}

static void
wall_clock_is_that_of_its_zone(void **state)
{
	int64_t utc;

	(void)state;
	assert_null(options_time("--at", "2026-12-24 20:00", show_london(), &utc));
	assert_int_equal(utc, 1798142400);
	assert_null(options_time("--at", "2026-07-01 00:30:15", show_london(), &utc));
	assert_int_equal(utc, 1782860400 + 1815);
	/* The last minute before and the first after each change. */
	assert_null(options_time("--at", "2027-03-28 00:59", show_london(), &utc));
	assert_int_equal(utc, 1806195540);
	assert_null(options_time("--at", "2027-03-28 02:00", show_london(), &utc));
	assert_int_equal(utc, 1806195600);
	assert_null(options_time("--at", "2026-10-25 00:59", show_london(), &utc));
	assert_int_equal(utc, 1792886340);
	assert_null(options_time("--at", "2026-10-25 02:00", show_london(), &utc));
	assert_int_equal(utc, 1792893600);
}

static void
times_that_are_skipped_or_repeated_are_refused_with_both_readings(void **state)
{
	int64_t utc;

	(void)state;
	assert_string_equal(options_time("--at", "2027-03-28 01:30", show_london(), &utc),
	    "--at 2027-03-28 01:30 does not exist by the clocks of Europe/London: "
	    "say 2027-03-28T00:30:00Z (Sun 28 Mar 2027 00:30 GMT) or 2027-03-28T01:30:00Z (Sun 28 Mar 2027 02:30 BST)");
	assert_string_equal(options_time("--to", "2026-10-25 01:30", show_london(), &utc),
	    "--to 2026-10-25 01:30 comes twice by the clocks of Europe/London: "
	    "say 2026-10-25T00:30:00Z (Sun 25 Oct 2026 01:30 BST) or 2026-10-25T01:30:00Z (Sun 25 Oct 2026 01:30 GMT)");
}

static void
what_is_no_time_is_refused(void **state)
{
	static const char *const wrong[] = {"", "tomorrow", "2026-02-30", "2026-1-1", "22/11/2026",
	    "2026-11-22T03:10", "2026-11-22 ", "2026-13-01", "2026-11-22 24:00", "2026-11-22 -1:00",
	    "2026-11-22 3:10", "2026-11-22 03:10 ", "2026-11-22 03:60"};
	int64_t utc;

	(void)state;
	for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_non_null(options_time("--at", wrong[i], show_london(), &utc));
	assert_string_equal(options_time("--from", NULL, show_london(), &utc),
	    "--from wants a time: 2026-11-22T20:00:00Z, \"2026-11-22 20:00\" by the clocks of Europe/London, or 2026-11-22");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_and_options_may_mix),
	    cmocka_unit_test(what_is_wrong_is_named),
	    cmocka_unit_test(what_is_not_utf8_is_refused),
	    cmocka_unit_test(a_day_is_midnight_of_its_zone),
	    cmocka_unit_test(wall_clock_is_that_of_its_zone),
	    cmocka_unit_test(times_that_are_skipped_or_repeated_are_refused_with_both_readings),
	    cmocka_unit_test(what_is_no_time_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
