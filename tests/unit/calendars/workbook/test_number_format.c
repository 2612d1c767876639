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
		struct number_format format = number_format_of(wants[i].code);
		const char *got = number_text(arena, format, wants[i].value, since_1904);

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
	    {"ddd d", 46357, "2026-12-01"},
	    {"d", 46357, "2026-12-01"},
	    {"ddd dd/mm", 46357, "2026-12-01"},
	    {"dddd", 46357, "Tuesday"},
	    {"DDD", 46357, "Tuesday"},
	    {"mmm-yy", 46357, "December 2026"},
	    {"mmmm", 46357, "December 2026"},
	    {"yyyy", 46357, "December 2026"},
	    {"hh:mm", 0.875, "21:00"},
	    {"hh:mm:ss", 0.875, "21:00"},
	    {"h:mm AM/PM", 0.875, "21:00"},
	    {"h AM/PM", 0.375, "09:00"},
	    {"HH\"h\"MM", 0.375, "09:00"},
	    {"mm:ss", 0.375 + 30.0 / 86400, "09:00:30"},
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

static void
codes_of_plain_numbers(void **state)
{
	static const struct want wants[] = {
	    {"General", 46357, "46357"},
	    {"", 46357, "46357"},
	    {"0", 930, "930"},
	    {"0000", 930, "0930"},
	    {"00000000000", 7700900123, "07700900123"},
	    {"0.00E+00", 46357, "46357"},
	    {"0.00", 1.0 / 3, "0.333333333333333"},
	    {"#,##0.00", 46357, "46357"},
	    {"[Red]0;[Blue]0", 12, "12"},
	    {"0\" days\"", 12, "12"},
	    {"\"day\" 0", 12, "12"},
	    {"@", 46357, "46357"},
	    {"_-* #,##0.00_-;-* #,##0.00_-", 5, "5"},
	    {"[$\xc2\xa3-809]#,##0", 5, "5"},
	    {"0%", 0.5, "0.5"},
	    {";;;", 46357, "46357"},
	    /* No calendar has these. */
	    {"dd/mm/yyyy", -1, "-1"},
	    {"dd/mm/yyyy", 2958466, "2958466"},
	    {"dd/mm/yyyy", 0.5, "0.5"},
	};

	(void)state;
	CHECK(wants, false);
	assert_int_equal(number_format_of(";;;").shown, NUMBER_UNSEEN);
	assert_int_equal(number_format_of("0;;").shown, NUMBER_PLAIN);
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
	static const char letters[] = {[NUMBER_PLAIN] = '-',
	    [NUMBER_DATE] = 'D',
	    [NUMBER_MONTH] = 'M',
	    [NUMBER_WEEKDAY] = 'W',
	    [NUMBER_TIME] = 'T',
	    [NUMBER_DATE_TIME] = 'X',
	    [NUMBER_ELAPSED] = 'E'};

	(void)state;
	for (unsigned id = 0; shown[id] != '\0'; id++)
		if (letters[number_format_built_in(id).shown] != shown[id])
			fail_msg("format %u is %c, wants %c", id,
			    letters[number_format_built_in(id).shown], shown[id]);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(codes_of_dates_and_times),
	    cmocka_unit_test(codes_of_plain_numbers),
	    cmocka_unit_test(ends_of_the_calendar),
	    cmocka_unit_test(formats_that_are_built_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
