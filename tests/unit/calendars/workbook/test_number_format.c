/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/workbook/number_format.h"

/* What a number is shown as by its number format. 46357 is 1 December 2026, a Tuesday. */

struct want {
	const char *code;
	double value;
	const char *text;
};

static void
check(const struct want *wants, size_t count, bool since_1904)
{
	struct arena *arena = arena_new(0);

	for (size_t i = 0; i < count; i++) {
		struct number_format format = number_format_of(arena, wants[i].code);
		struct number_text shown = number_show(arena, format, wants[i].value, since_1904);
		const char *got = arena_printf(arena, "%s%s%s", shown.text,
		    shown.unseen ? "[unseen]" : "", shown.plain ? "[plain]" : "");

		if (strcmp(got, wants[i].text) != 0)
			fail_msg("%s of %f gives %s, wants %s", wants[i].code, wants[i].value, got,
			    wants[i].text);
	}
	arena_free(arena);
}
#define CHECK(wants, since_1904) check(wants, sizeof(wants) / sizeof *(wants), since_1904)

static void
codes_of_dates_and_times(void **state)
{
	static const struct want wants[] = {
	    {"dd/mm/yyyy", 46357, "2026-12-01"},
	    {"dd/mm/yyyy", 46357.875, "2026-12-01"},
	    {"[$-809]dddd, d mmmm yyyy;@", 46357, "2026-12-01"},
	    {"[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", 46357, "2026-12-01"},
	    {"d\"st\" mmm", 46357, "2026-12-01"},
	    {"d mmm", 46357, "2026-12-01"},
	    {"ddd dd/mm", 46357, "2026-12-01"},
	    {"dddd", 46357, "Tuesday"},
	    {"DDD", 46357, "Tuesday"},
	    {"mmm-yy", 46357, "December 2026"},
	    {"mmmm", 46357, "December 2026"},
	    {"mmmm yyyy", 46357, "December 2026"},
	    {"hh:mm", 0.875, "21:00"},
	    {"hh:mm:ss", 0.875, "21:00"},
	    {"h:mm A/P", 0.875, "21:00"},
	    {"hh.mm", 0.875, "21:00"},
	    {"dd.mm.yyyy", 46357, "2026-12-01"},
	    /* Letters in brackets are elapsed time only if there is nothing else in them. */
	    {"[Magenta]dd/mm/yyyy", 46357, "2026-12-01"},
	    {"[hat]dd/mm/yyyy", 46357, "2026-12-01"},
	    {"h:mm AM/PM", 0.875, "21:00"},
	    {"h AM/PM", 0.375, "09:00"},
	    {"HH\"h\"MM", 0.375, "09:00"},
	    {"hh:mm", 0, "00:00"},
	    {"hh:mm", 1, "00:00"},
	    {"hh:mm", 0.875 + 8.0 / 24, "05:00"},
	    {"hh:mm", 0.8749999999, "21:00"},
	    {"hh:mm", 46357.875, "2026-12-01 21:00"},
	    {"hh:mm", 7.5, "180:00"},
	    {"[h]:mm", 1.25, "30:00"},
	    {"[hh]:mm:ss", 0.5, "12:00"},
	    {"[h]:mm;[Red]-[h]:mm", 0.5, "12:00"},
	    {"dd/mm/yyyy hh:mm", 46357.875, "2026-12-01 21:00"},
	    {"dd/mm/yyyy hh:mm", 46357, "2026-12-01 00:00"},
	    {"m/d/yy h:mm", 46357.875, "2026-12-01 21:00"},
	    {"dd/mm/yyyy hh:mm", 0.875, "21:00"},
	    {"yyyy\\-mm\\-dd\\Thh:mm:ss", 46357.875, "2026-12-01 21:00"},
	};

	(void)state;
	CHECK(wants, false);
}

/* What is not shown is not read: a day without its month, hours without their minutes. */
static void
pieces_of_dates_and_times(void **state)
{
	static const struct want wants[] = {
	    {"d", 46357, "1"},
	    {"dd", 46357, "1"},
	    {"ddd d", 46357, "Tuesday 1"},
	    {"yyyy", 46357, "2026"},
	    {"dd yyyy", 46357, "1 2026"},
	    {"ddd mmm", 46357, "Tuesday December 2026"},
	    {"ddd hh:mm", 46357.875, "Tuesday 21:00"},
	    {"hh", 0.375, "09:00"},
	    {"hh", 0.375 + 30.0 / 1440, "09 (09:30)"},
	    {"h AM/PM", 0.375 + 30.0 / 1440, "09 (09:30)"},
	    {"mm:ss", 0.375 + 30.0 / 86400, "00 min (09:00:30)"},
	    {"mm:ss.0", 0.375 + 30.0 / 86400, "00 min (09:00:30)"},
	    {"ss", 30.0 / 86400, "00 min (00:00:30)"},
	    {"hh:mm:ss", 0.375 + 30.0 / 86400, "09:00:30"},
	    {"[h]:mm", 33.0 / 24, "33:00"},
	    {"[h]:mm", 2, "48:00"},
	    {"[h]", 0.375, "9 hours"},
	    {"[mm]", 0.375, "540 min"},
	    {"[mm]:ss", 0.375, "540 min"},
	    {"[s]", 0.375, "32400 s"},
	};

	(void)state;
	CHECK(wants, false);
}

/* The words of a format are a part of what people see. */
static void
words_of_formats(void **state)
{
	static const struct want wants[] = {
	    {"\"w/e \"dd/mm/yyyy", 46357, "w/e 2026-12-01"},
	    {"\\w\\/\\e\\ dd/mm/yyyy", 46357, "w/e 2026-12-01"},
	    {"dd/mm/yyyy\" ?\"", 46357, "2026-12-01 ?"},
	    {"dd/mm/yyyy\\?;@", 46357, "2026-12-01?"},
	    {"dd/mm/yyyy\" (prov)\";@", 46357, "2026-12-01 (prov)"},
	    {"[Red]\"not \"dd/mm/yyyy", 46357, "not 2026-12-01"},
	    {"dd\" or \"mm/yyyy", 46357, "2026-12-01 or"},
	    {"dd\"or\"mm\"not\"yyyy", 46357, "2026-12-01or not"},
	    {"dd\" provisional \"mm/yyyy", 46357, "2026-12-01 provisional"},
	    /* What has no end reaches to that of the code. */
	    {"dd/mm/yyyy\"prov", 46357, "2026-12-01prov"},
	    {"dd/mm/yyyy[Red", 46357, "2026-12-01"},
	    {"dd/mm/yyyy\\", 46357, "2026-12-01"},
	    {"\"until \"hh:mm", 0.875, "until 21:00"},
	    {"\"from \"hh:mm\" on call\"", 0.875, "from 21:00 on call"},
	    {"hh:mm\"Z\"", 0.875, "21:00Z"},
	    {"hh:mm\" pm\"", 0.375, "09:00 pm"},
	    {"dd/mm hh:mm\"?\"", 46357.875, "2026-12-01 21:00?"},
	    {"[h]:mm\" total\"", 1.25, "30:00 total"},
	    {"\"off\"", 46357, "off"},
	    {"\"off\";\"off\"", 46357, "off"},
	    /* Marks between the pieces say nothing. */
	    {"dd\" \"mmm\", \"yyyy", 46357, "2026-12-01"},
	    {"d\"th of\" mmmm", 46357, "2026-12-01"},
	    {"hh\":\"mm\" hrs\"", 0.875, "21:00"},
	    {"yyyy\"\xe5\xb9\xb4\"m\"\xe6\x9c\x88\"d\"\xe6\x97\xa5\"", 46357, "2026-12-01"},
	    {"_-dd/mm/yyyy_-", 46357, "2026-12-01"},
	};

	(void)state;
	CHECK(wants, false);
}

/* No program writes so long a code: what it shows is not known. */
static void
a_code_that_is_too_long(void **state)
{
	char code[1002];

	(void)state;
	memset(code, 'd', sizeof code);
	for (size_t len = 1000; len <= 1001; len++) {
		struct arena *arena = arena_new(0);
		struct number_text shown;

		code[len] = '\0';
		shown = number_show(arena, number_format_of(arena, code), 46357, false);
		assert_string_equal(shown.text, len == 1000 ? "Tuesday" : "46357");
		assert_int_equal(shown.unseen, len > 1000);
		code[len] = 'd';
		arena_free(arena);
	}
}

/* Which part of a format is for a number, and which for a text. */
static void
sections_of_formats(void **state)
{
	static const struct want numbers[] = {
	    {"dd/mm/yyyy;@", 46357, "2026-12-01"},
	    {"hh:mm;;", 0.875, "21:00"},
	    {"hh:mm;;", 0, "0[unseen]"},
	    {"hh:mm;;\"off\"", 0, "off"},
	    {"hh:mm;hh:mm", 0, "00:00"},
	    {"[=0]\"off\";hh:mm", 0, "off"},
	    {"[=0]\"off\";hh:mm", 0.875, "21:00"},
	    {"[<1]hh:mm;[>=46000]dd/mm/yyyy;General", 0.875, "21:00"},
	    {"[<1]hh:mm;[>=46000]dd/mm/yyyy;General", 46357, "2026-12-01"},
	    {"[<1]hh:mm;[>=46000]dd/mm/yyyy;General", 9, "9[plain]"},
	    {"[>46000]\"w/e \"dd/mm;dd/mm", 46357, "w/e 2026-12-01"},
	    {"[<>5]dd/mm/yyyy", 46357, "2026-12-01"},
	    {"[<100]dd/mm/yyyy", 46357, "46357[unseen]"},
	    {";;;", 46357, "46357[unseen]"},
	    {";;;@", 46357, "46357[unseen]"},
	    {"\" \"", 46357, "46357[unseen]"},
	    {"[White]dd/mm/yyyy", 46357, "2026-12-01[unseen]"},
	    {"[Color2]hh:mm", 0.875, "21:00[unseen]"},
	    {"[Color 2]hh:mm", 0.875, "21:00[unseen]"},
	    {"[Color 3]hh:mm", 0.875, "21:00"},
	    /* No operators. */
	    {"[<>=5]dd/mm/yyyy", 46357, "46357[unseen]"},
	    {"[==46357]dd/mm/yyyy", 46357, "46357[unseen]"},
	    {"0;\"owed \"0", -5, "owed -5"},
	    {"0;\"owed \"0", 5, "5[plain]"},
	    {"[Blue]dd/mm/yyyy", 46357, "2026-12-01"},
	};
	static const struct {
		const char *code, *text;
		bool unseen;
	} texts[] = {
	    {"General", "J Jones", false},
	    {"dd/mm/yyyy;@", "J Jones", false},
	    {"@", "J Jones", false},
	    {"@\" (off)\"", "J Jones (off)", false},
	    {"0;0;0;\"on leave \"@", "on leave J Jones", false},
	    {"0;0;0;\"on leave\"", "on leave", false},
	    {";;;", "J Jones", true},
	    {";;;@", "J Jones", false},
	    {"0;0;0;[White]@", "J Jones", true},
	};
	struct arena *arena = arena_new(0);

	(void)state;
	CHECK(numbers, false);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct number_text got =
		    number_show_text(arena, number_format_of(arena, texts[i].code), "J Jones");

		if (strcmp(got.text, texts[i].text) != 0 || got.unseen != texts[i].unseen)
			fail_msg("%s gives %s", texts[i].code, got.text);
	}
	arena_free(arena);
}

static void
codes_of_plain_numbers(void **state)
{
	static const struct want wants[] = {
	    /* A day, or a part of one, where all of it is shown. */
	    {"General", 46357, "46357"},
	    {"General", 46357.375, "46357.375"},
	    {"General", 0.375, "0.375"},
	    {"", 46357, "46357"},
	    {"@", 46357, "46357"},
	    {"0.00E+00", 46357, "46357"},
	    {"#,##0.00", 46357, "46357"},
	    {"0.00", 0.375, "0.38[plain]"},
	    {"0", 0.375, "0[plain]"},
	    {"0", 46357.875, "46358[plain]"},
	    {"0.00", 1.0 / 3, "0.33[plain]"},
	    {"0%", 0.5, "50%"},
	    {"# ?/?", 0.5, "0.5"},
	    {"dd/mm 0", 46357, "46357"},
	    {"0.00000000000000", 1e300, "1e+300[plain]"},
	    {",0", 5, ",5"},
	    /* No number of a workbook is a time or a day by these. */
	    {"General", 0, "0[plain]"},
	    {"General", 9, "9[plain]"},
	    {"General", 17, "17[plain]"},
	    {"General", 9.3, "9.3[plain]"},
	    {"0.00", 9.3, "9.3[plain]"},
	    {"General", 930, "930[plain]"},
	    {"General", 2130, "2130[plain]"},
	    {"General", 7.12, "7.12[plain]"},
	    {"General", 20261207, "20261207[plain]"},
	    {"0", 930, "930[plain]"},
	    {"[Red]0;[Blue]0", 12, "12[plain]"},
	    {"_-* #,##0.00_-;-* #,##0.00_-", 5, "5[plain]"},
	    /* People write a time so. */
	    {"0000", 930, "0930"},
	    {"00000000000", 7700900123, "07700900123"},
	    {"000000000000000", 5, "000000000000005"},
	    {"0000000000000000", 5, "5"},
	    {"0000", -930, "-930"},
	    {"0000@", 930.5, "930.5"},
	    {"0\" days\"", 12, "12 days"},
	    {"\"day\" 0", 12, "day 12"},
	    {"00\":\"00", 930, "930:"},
	    {"[$\xc2\xa3-809]#,##0", 5,
		"\xc2\xa3"
		"5"},
	    /* No calendar has these. */
	    {"dd/mm/yyyy", -1, "-1[plain]"},
	    {"dd/mm/yyyy", 2958466, "2958466[plain]"},
	    {"dd/mm/yyyy", 0.5, "0.5"},
	};

	(void)state;
	CHECK(wants, false);
}

static void
ends_of_the_calendar(void **state)
{
	static const struct want since_1900[] = {
	    {"d/m/yyyy", 1, "1900-01-01"},
	    {"d/m/yyyy", 59, "1900-02-28"},
	    {"d/m/yyyy", 61, "1900-03-01"},
	    {"d/m/yyyy", 2958465, "9999-12-31"},
	};
	static const struct want since_1904[] = {
	    {"d/m/yyyy", 46357 - 1462, "2026-12-01"},
	    {"d/m/yyyy", 0, "1904-01-01"},
	    {"d/m/yyyy h:mm", 46357 - 1462 + 0.875, "2026-12-01 21:00"},
	    {"h:mm", 0.875, "21:00"},
	};

	(void)state;
	CHECK(since_1900, false);
	CHECK(since_1904, true);
}

/* Every one that the standard lists, and those of East Asia. */
static void
formats_that_are_built_in(void **state)
{
	static const char shown[] = "--------------DDDMTTTTX----DDDDDTTTTD--------TET--DDDDDTTDD-";

	(void)state;
	for (unsigned id = 0; shown[id] != '\0'; id++) {
		const struct number_section *one = number_format_built_in(id).sections;
		char kind = one->shown == NUMBER_TIME        ? 'T'
			    : one->shown == NUMBER_DATE_TIME ? 'X'
			    : one->shown == NUMBER_ELAPSED   ? 'E'
			    : one->shown == NUMBER_PLAIN     ? '-'
			    : (one->pieces & PIECE_DAY) != 0 ? 'D'
							     : 'M';

		if (kind != shown[id])
			fail_msg("format %u is %c, wants %c", id, kind, shown[id]);
	}
}

static void
decimals_of_formats_that_are_built_in(void **state)
{
	static const struct {
		unsigned id;
		const char *text;
	} cases[] = {{0, "1234.567"}, {1, "1235"}, {2, "1234.57"}, {3, "1235"}, {4, "1234.57"},
	    {9, "123457%"}, {10, "123456.7%"}, {11, "1234.567"}, {37, "1235"}, {38, "1235"},
	    {39, "1234.57"}, {40, "1234.57"}, {49, "1234.567"}};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(
		    number_show(arena, number_format_built_in(cases[i].id), 1234.567, false).text,
		    cases[i].text);
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(codes_of_dates_and_times),
	    cmocka_unit_test(pieces_of_dates_and_times),
	    cmocka_unit_test(words_of_formats),
	    cmocka_unit_test(a_code_that_is_too_long),
	    cmocka_unit_test(sections_of_formats),
	    cmocka_unit_test(codes_of_plain_numbers),
	    cmocka_unit_test(ends_of_the_calendar),
	    cmocka_unit_test(formats_that_are_built_in),
	    cmocka_unit_test(decimals_of_formats_that_are_built_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
