/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "server/base/text.h"

static void
test_slices(void **state)
{
	(void)state;
	assert_true(slice_is(SLICE("rota"), "rota"));
	assert_false(slice_is(SLICE("rota"), "rot"));
	assert_false(slice_is(SLICE("rot"), "rota"));
	assert_true(slice_is((struct slice){NULL, 0}, ""));
	assert_true(slice_is_nocase(SLICE("ChunKed"), "chunked"));
	assert_false(slice_is_nocase(SLICE("chunke["), "chunke{"));
	assert_true(slice_is(slice_trim(SLICE(" \t a b\t")), "a b"));
	assert_int_equal(slice_trim(SLICE(" \t ")).len, 0);
	assert_int_equal(slice_of("abc").len, 3);
}

static void
test_numbers(void **state)
{
	static const struct {
		const char *text;
		int64_t min, max;
		bool good;
		int64_t value;
	} cases[] = {
	    {"0", 0, 9, true, 0},
	    {"007", 0, 9, true, 7},
	    {"10", 0, 9, false, 0},
	    {"-1", -5, 9, true, -1},
	    {"-1", 0, 9, false, 0},
	    {"-", -5, 9, false, 0},
	    {"+5", 0, 9, false, 0},
	    {" 5", 0, 9, false, 0},
	    {"5 ", 0, 9, false, 0},
	    {"0x5", 0, 9, false, 0},
	    {"", 0, 9, false, 0},
	    {"9223372036854775807", 0, INT64_MAX, true, INT64_MAX},
	    {"9223372036854775808", INT64_MIN, INT64_MAX, false, 0},
	    {"-9223372036854775808", INT64_MIN, INT64_MAX, true, INT64_MIN},
	    {"99999999999999999999", 0, INT64_MAX, false, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t out = 4711;

		assert_int_equal(
		    text_int(slice_of(cases[i].text), cases[i].min, cases[i].max, &out),
		    cases[i].good);
		assert_int_equal(out, cases[i].good ? cases[i].value : 4711);
	}
}

static void
test_utf8(void **state)
{
	static const char *const good[] = {"", "abc", "\xc3\xa9", "\xe2\x82\xac",
	    "\xf0\x9f\x98\x80", "\xef\xbf\xbf", "\xf4\x8f\xbf\xbf"};
	static const char *const bad[] = {"\x80", "\xc0\xaf", "\xc1\x81", "\xe0\x9f\xbf",
	    "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3",
	    "\xe2\x82", "\xf0\x9f\x98", "\xc3("};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(text_utf8_valid(good[i], strlen(good[i])));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(text_utf8_valid(bad[i], strlen(bad[i])));
	assert_false(text_utf8_valid("a\0b", 3));
}

/* Every code point, written by the book, is one character; everything in the surrogates' place is
 * none. */
static void
test_utf8_of_every_code_point(void **state)
{
	(void)state;
	for (uint32_t c = 0x800; c < 0x110000; c++) {
		char bytes[4];
		size_t len = c < 0x10000 ? 3 : 4;

		bytes[0] = (char)(len == 3 ? 0xe0 | c >> 12 : 0xf0 | c >> 18);
		for (size_t i = 1; i < len; i++)
			bytes[i] = (char)(0x80 | (c >> (6 * (len - 1 - i)) & 0x3f));
		if (text_utf8_len(bytes, len) != (c >= 0xd800 && c < 0xe000 ? 0 : len))
			fail_msg("U+%04X", c);
	}
}

static void
test_codes(void **state)
{
	char longest[66];

	(void)state;
	memset(longest, 'a', sizeof longest);
	assert_true(text_is_code(SLICE("ZED01")));
	assert_true(text_is_code(SLICE("a.b_c-d")));
	assert_true(text_is_code((struct slice){longest, 64}));
	assert_false(text_is_code((struct slice){longest, 65}));
	assert_false(text_is_code(SLICE("")));
	assert_false(text_is_code(SLICE(".a")));
	assert_false(text_is_code(SLICE("-a")));
	assert_false(text_is_code(SLICE("a b")));
	assert_false(text_is_code(SLICE("a:b")));
	assert_false(text_is_code(SLICE("\xc3\xa9")));
}

static void
test_hex(void **state)
{
	static const unsigned char bytes[] = {0x00, 0xff, 0x1a};
	unsigned char back[3] = {9, 9, 9};
	char out[7];

	(void)state;
	text_hex(bytes, 3, out);
	assert_string_equal(out, "00ff1a");
	assert_true(text_unhex(SLICE("00fF1A"), back, 3));
	assert_memory_equal(back, bytes, 3);
	memset(back, 9, 3);
	assert_false(text_unhex(SLICE("00ff1"), back, 3));
	assert_false(text_unhex(SLICE("00ff1g"), back, 3));
	assert_int_equal(back[0], 9);
}

static void
test_buf_grows(void **state)
{
	struct buf buf = {0};

	(void)state;
	buf_reset(&buf);
	buf_add(&buf, NULL, 0);
	assert_string_equal(buf.at, "");
	for (int i = 0; i < 1000; i++)
		buf_printf(&buf, "%03d", i);
	assert_int_equal(buf.len, 3000);
	assert_int_equal(strlen(buf.at), 3000);
	assert_memory_equal(buf.at + 2997, "999", 3);
	buf_printf(&buf, "%5000d", 1);
	assert_int_equal(buf.len, 8000);
	buf_reset(&buf);
	assert_string_equal(buf.at, "");
	buf_free(&buf);
	assert_null(buf.at);
}

static void
test_json_strings(void **state)
{
	static const struct {
		struct slice text;
		const char *want;
	} cases[] = {
	    {{"", 0}, "\"\""},
	    {{"plain", 5}, "\"plain\""},
	    {{"a\"b\\c", 5}, "\"a\\\"b\\\\c\""},
	    {{"a\nb\tc\r", 6}, "\"a\\nb\\tc\\r\""},
	    {{"\x01\x1f\x7f", 3}, "\"\\u0001\\u001f\\u007f\""},
	    {{"a\0b", 3}, "\"a\\u0000b\""},
	    {{"Zo\xc3\xab", 4}, "\"Zo\xc3\xab\""},
	    {{"x\xffy", 3}, "\"x\xef\xbf\xbdy\""},
	    {{"x\xe2\x82", 3}, "\"x\xef\xbf\xbd\xef\xbf\xbd\""},
	    {{"\xc2\x9b[2J", 5}, "\"\\u009b[2J\""},
	    {{"\u202e\"\u2066", 7}, "\"\\u202e\\\"\\u2066\""},
	    {{"\xf0\x9f\x9a\x91\u2013", 7}, "\"\xf0\x9f\x9a\x91\u2013\""},
	};
	struct buf buf = {0};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		buf_reset(&buf);
		buf_add_json_string(&buf, cases[i].text);
		assert_string_equal(buf.at, cases[i].want);
	}
	buf_free(&buf);
}

/* What may be in no text that people type, and what a line for people has in its place. */
static void
test_hidden(void **state)
{
	static const struct {
		const char *text, *line;
		uint32_t point;
		size_t at;
	} cases[] = {
	    {"Zo\u00eb O\u2019Brien \u2013 ward 7\u00a0b", NULL, 0, 0},
	    {"\u200emarks of\u200f direction\u061c", NULL, 0, 0},
	    {"\xf0\x9f\x91\xa9\u200d\xf0\x9f\x9a\x92 and \u0634\u062e\u0635", NULL, 0, 0},
	    {"a\x1b[2J", "a\ufffd[2J", 0x1b, 1},
	    {"a\x7f", "a\ufffd", 0x7f, 1},
	    {"one\r\ntwo\tthree", "one  two three", '\r', 3},
	    {"a\xc2\x80", "a\ufffd", 0x80, 1},
	    {"a\xc2\x9b"
	     "31m",
		"a\ufffd31m", 0x9b, 1},
	    {"a\xc2\xa0"
	     "b",
		NULL, 0, 0},
	    {"a\u2028b\u2029", "a\ufffdb\ufffd", 0x2028, 1},
	    {"\u202agpj.exe\u202c", "\ufffdgpj.exe\ufffd", 0x202a, 0},
	    {"\u202enosmith", "\ufffdnosmith", 0x202e, 0},
	    {"ab\u2066c\u2069", "ab\ufffdc\ufffd", 0x2066, 2},
	    {"a\u206f", "a\ufffd", 0x206f, 1},
	    {"a\ufff9", "a\ufffd", 0xfff9, 1},
	    {"\ufeff"
	     "a",
		"\ufffd"
		"a",
		0xfeff, 0},
	    {"a\x9b"
	     "b",
		"a\ufffd"
		"b",
		TEXT_NOT_UTF8, 1},
	    {"a\xe2\x80", "a\ufffd\ufffd", TEXT_NOT_UTF8, 1},
	};
	struct buf buf = {0};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct slice text = slice_of(cases[i].text);
		struct text_hidden found = text_find_hidden(text);

		assert_int_equal(found.point, cases[i].point);
		assert_int_equal(found.at, cases[i].line == NULL ? text.len : cases[i].at);
		assert_int_equal(found.len == 0, cases[i].line == NULL);
		assert_int_equal(text_is_line(cases[i].text), cases[i].line == NULL);
		buf_reset(&buf);
		buf_add_line(&buf, text);
		assert_string_equal(buf.at, cases[i].line == NULL ? cases[i].text : cases[i].line);
	}
	buf_free(&buf);
}

static void
test_one_of(void **state)
{
	static const char *const words[] = {"duty", "rota", NULL}, *const none[] = {NULL};

	(void)state;
	assert_true(text_is_one_of("duty", words));
	assert_true(text_is_one_of("rota", words));
	assert_false(text_is_one_of("rot", words));
	assert_false(text_is_one_of("Rota", words));
	assert_false(text_is_one_of("", words));
	assert_false(text_is_one_of("duty", none));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_slices),
	    cmocka_unit_test(test_numbers),
	    cmocka_unit_test(test_utf8),
	    cmocka_unit_test(test_utf8_of_every_code_point),
	    cmocka_unit_test(test_codes),
	    cmocka_unit_test(test_hex),
	    cmocka_unit_test(test_one_of),
	    cmocka_unit_test(test_buf_grows),
	    cmocka_unit_test(test_json_strings),
	    cmocka_unit_test(test_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
