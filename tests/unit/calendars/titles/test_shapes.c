/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/faults.h"
#include "calendars/titles/plain.h"
#include "calendars/titles/shapes.h"
#include "tests/unit/calendars/support.h"

/* Shapes are recognised to the last character; letters and marks as they are read. */

static size_t
date_of(const char *text)
{
	struct shape_day day;

	return shape_date(text, &day);
}

static size_t
phone_of(const char *text)
{
	bool doubtful, patient;

	return shape_phone(text, &doubtful, &patient);
}

struct shape_case {
	size_t (*shape)(const char *at);
	const char *text;
	size_t len;
};

static void
shapes_end_where_they_end(void **state)
{
	static const struct shape_case cases[] = {
	    {date_of, "24/12/2026", 10},
	    {date_of, "24/12/26x", 0},
	    {date_of, "24/12", 5},
	    {date_of, "24/7", 0},
	    {date_of, "1/2", 0},
	    {date_of, "24/", 0},
	    {date_of, "24/123", 0},
	    {date_of, "123/12", 0},
	    {date_of, "24", 0},
	    {date_of, "24:12", 0},
	    {date_of, "/12", 0},
	    {date_of, "32/12", 0},
	    {date_of, "00/12", 0},
	    {date_of, "24/13", 0},
	    {date_of, "24/00", 0},
	    {date_of, "24/12/", 0},
	    {date_of, "24-12", 0},
	    {date_of, "24/12x", 0},
	    {date_of, "2026-12-24", 10},
	    {date_of, "2026/12/24", 10},
	    {date_of, "2026-12/24", 0},
	    {date_of, "2026.12.24", 0},
	    {date_of, "2026-1-24", 0},
	    {date_of, "2026-12-2", 0},
	    {date_of, "2026-13-24", 0},
	    {date_of, "2026-12-32", 0},
	    {date_of, "20261-2", 0},
	    {phone_of, "01632 960001", 12},
	    {phone_of, "(01632) 960001", 14},
	    {phone_of, "(01632 960001)", 14},
	    {phone_of, "(01632 960001", 13},
	    {phone_of, "+44 7700 900123", 15},
	    {phone_of, "07700 (900)123", 14},
	    {phone_of, "07700 ) 900123", 0},
	    {phone_of, "0900-1700", 0},
	    {phone_of, "4471", 0},
	    {phone_of, "x", 0},
	    {shape_url, "http://fenmere.example now", 22},
	    {shape_url, "HTTPS://fenmere.example", 23},
	    {shape_url, "www.fenmere.example", 19},
	    {shape_url, "wwwfenmere", 0},
	    {shape_url, "http:/x", 0},
	    {shape_extension, "x123", 4},
	    {shape_extension, "X123456", 7},
	    {shape_extension, "x12", 0},
	    {shape_extension, "x1234567", 0},
	    {shape_extension, "x1234a", 0},
	    {shape_extension, "y1234", 0},
	    {shape_postcode, "SW1A 2AA", 8},
	    {shape_postcode, "W12 8QT", 7},
	    {shape_postcode, "M1 1AE", 6},
	    {shape_postcode, "ST5 1ST", 0},
	    {shape_postcode, "ST5 2ND", 0},
	    {shape_postcode, "ST5 3RD", 0},
	    {shape_postcode, "ST5 4TH", 0},
	    {shape_postcode, "ST5 4TX", 7},
	    {shape_postcode, "M1 1AEx", 0},
	    {shape_postcode, "M1 1AE5", 0},
	    {shape_postcode, "M1 1A", 0},
	    {shape_postcode, "M1 AAE", 0},
	    {shape_postcode, "M1 11E", 0},
	    {shape_postcode, "MAA 1AE", 0},
	    {shape_postcode, "sw1a 2aa", 0},
	    {shape_mail, "jan@fenmere.example", 19},
	    {shape_mail, "jan@fenmere.example.", 19},
	    {shape_mail, "jan@fenmere", 0},
	    {shape_mail, "jan@.ex", 0},
	    {shape_mail, "jan@fenmere.e", 0},
	    {shape_mail, "@fenmere.example", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t len = cases[i].shape(cases[i].text);

		if (len != cases[i].len)
			fail_msg("%s: %zu of it, not %zu", cases[i].text, len, cases[i].len);
	}
}

/* ${letter} in UTF-8. */
static const char *
utf8(struct arena *arena, unsigned letter)
{
	if (letter < 0x800)
		return arena_printf(arena, "%c%c", 0xc0 | letter >> 6, 0x80 | (letter & 0x3f));
	if (letter < 0x10000)
		return arena_printf(arena, "%c%c%c", 0xe0 | letter >> 12,
		    0x80 | (letter >> 6 & 0x3f), 0x80 | (letter & 0x3f));
	return arena_printf(arena, "%c%c%c%c", 0xf0 | letter >> 18, 0x80 | (letter >> 12 & 0x3f),
	    0x80 | (letter >> 6 & 0x3f), 0x80 | (letter & 0x3f));
}

static void
each_letter_and_mark_is_read_as_one(void **state)
{
	static const struct {
		unsigned letter;
		const char *want; /* of "a?b" */
	} cases[] = {{0x2192, "a>b"}, {0x21d2, "a>b"}, {0x27a1, "a>b"}, {0x2794, "a>b"},
	    {0x279c, "a>b"}, {0x27f6, "a>b"}, {0x27f9, "a>b"}, {0x21a6, "a>b"}, {0x2b62, "a>b"},
	    {0x2022, "a|b"}, {0x00b7, "a|b"}, {0x2023, "a|b"}, {0x2043, "a|b"}, {0x2219, "a|b"},
	    {0x22c5, "a|b"}, {0x25aa, "a|b"}, {0x25e6, "a|b"}, {0x2018, "a'b"}, {0x2019, "a'b"},
	    {0x02bc, "a'b"}, {0x201c, "a\"b"}, {0x201d, "a\"b"}, {0x00ab, "a\"b"}, {0x00bb, "a\"b"},
	    {0x2013, "a-b"}, {0x2212, "a-b"}, {0x00a0, "a b"}, {0x2003, "a b"}, {0x200d, "ab"},
	    {0xfe0f, "ab"}, {0xfe00, "ab"}, {0x20e3, "ab"}, {0x1f3fb, "ab"}, {0x1f3ff, "ab"},
	    /* Strokes through the letter before. */
	    {0x0336, "~~a~~b"}, {0x0338, "~~a~~b"}, {0x1ab0, "~~a~~b"}, {0x1dc0, "~~a~~b"},
	    {0x20d2, "~~a~~b"}, {0xfe20, "~~a~~b"},
	    /* Variations that may change the reading. */
	    {0x202d, "a\xef\xbf\xbd"
		     "b"},
	    {0x202e, "a\xef\xbf\xbd"
		     "b"},
	    {0xe000, "a\xef\xbf\xbd"
		     "b"},
	    {0x0378, "a\xef\xbf\xbd"
		     "b"}};
	static const unsigned accents[] = {
	    0x0300, 0x0304, 0x0306, 0x030c, 0x030f, 0x0311, 0x031b, 0x0323, 0x0328, 0x032d, 0x0331};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *got =
		    plain_text(arena, arena_printf(arena, "a%sb", utf8(arena, cases[i].letter)));

		if (strcmp(got, cases[i].want) != 0)
			fail_msg("U+%04X: %s, not %s", cases[i].letter, got, cases[i].want);
	}
	for (size_t i = 0; i < sizeof accents / sizeof *accents; i++) {
		const char *text = arena_printf(arena, "b%sc", utf8(arena, accents[i]));

		if (strchr(plain_text(arena, text), '~') != NULL)
			fail_msg("U+%04X is no stroke", accents[i]);
		assert_string_equal(plain_fold(arena, slice_of(text)), "bc");
	}
	arena_free(arena);
}

static void
what_is_cut_stays_whole_letters(void **state)
{
	static const char text[] = "a\xc3\xa9\xe2\x82\xac";
	static const char *const want[] = {"\xe2\x80\xa6", "a\xe2\x80\xa6", "a\xe2\x80\xa6",
	    "a\xc3\xa9\xe2\x80\xa6", "a\xc3\xa9\xe2\x80\xa6", "a\xc3\xa9\xe2\x80\xa6", text};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t max = 0; max < sizeof want / sizeof *want; max++)
		assert_string_equal(plain_cut(arena, text, max), want[max]);
	assert_string_equal(plain_cut(arena, "\x80\x80\x80", 2), "\xe2\x80\xa6");
	arena_free(arena);
}

static void
what_a_word_means_has_one_name(void **state)
{
	enum reading_word_means means;

	(void)state;
	for (int i = 0; i < READING_WORD_MEANINGS; i++) {
		assert_true(reading_word_means_of(
		    reading_word_means_name((enum reading_word_means)i), &means));
		assert_int_equal(means, i);
	}
	assert_false(reading_word_means_of("something", &means));
	assert_false(reading_word_means_of(NULL, &means));
}

static void
two_spellings_of_a_word_have_one_key(void **state)
{
	struct arena *arena = arena_new(0);

	(void)state;
	assert_string_equal(
	    reading_word_key(arena, "Jury  DUTY"), reading_word_key(arena, "jury duty"));
	assert_string_not_equal(
	    reading_word_key(arena, "jury"), reading_word_key(arena, "jury duty"));
	arena_free(arena);
}

/* A sentence of which nobody knows the words is a sentence all the same. */
static void
a_finding_without_words_is_a_sentence(void **state)
{
	struct arena *arena = arena_new(0);
	struct faults faults = {.arena = arena};

	(void)state;
	fault_note(&faults, FAULT_ZONE_UNKNOWN, FAULT_ANYWHERE, NULL, NULL);
	assert_int_equal(faults.findings.count, 1);
	assert_string_equal(faults.findings.items[0].text,
	    "The time zone \"\" is unknown. The calendar does not say what it is.");
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shapes_end_where_they_end),
	    cmocka_unit_test(each_letter_and_mark_is_read_as_one),
	    cmocka_unit_test(what_is_cut_stays_whole_letters),
	    cmocka_unit_test(what_a_word_means_has_one_name),
	    cmocka_unit_test(two_spellings_of_a_word_have_one_key),
	    cmocka_unit_test(a_finding_without_words_is_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
