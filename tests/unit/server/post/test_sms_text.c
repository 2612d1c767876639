/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/post/sms_text.h"

#define TEN(x) x x x x x x x x x x

static void
assert_size(const char *text, bool ucs2, unsigned units, unsigned parts)
{
	struct sms_size size = sms_measure(slice_of(text));

	assert_int_equal(size.ucs2, ucs2);
	assert_int_equal(size.units, units);
	assert_int_equal(size.parts, parts);
}

static void
test_measure(void **state)
{
	(void)state;
	assert_size("", false, 0, 1);
	assert_size(TEN("0123456789012345"), false, 160, 1);
	assert_size(TEN("0123456789012345") "x", false, 161, 2);
	assert_size("£10 @ caf\xc3\xa9: {5\xe2\x82\xac}", false, 16 + 3, 1);
	assert_size(TEN("Привет!"), true, 70, 1);
	assert_size(TEN("Привет!") "x", true, 71, 2);
	assert_size("\xf0\x9f\x98\x80", true, 2, 1);
}

static void
test_numbers(void **state)
{
	static const char *const bad[] = {"", "07700900123", "+0770090012", "+44",
	    "+44770090012345678", "+44 7700 90012x", "447700900123", "+44,7700900123",
	    "++447700900123"};
	char number[SMS_NUMBER_MAX];

	(void)state;
	assert_true(sms_number("+44 (7700) 900-123", number));
	assert_string_equal(number, "+447700900123");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(sms_number(bad[i], number));
}

static void
assert_written(const char *text, const char *link, unsigned parts, const char *wanted)
{
	struct buf out = {0};

	sms_write(&out, slice_of(text), link, parts);
	assert_string_equal(out.at, wanted);
	assert_true(sms_measure((struct slice){out.at, out.len}).parts <= parts);
	buf_free(&out);
}

static void
test_write(void **state)
{
	(void)state;
	assert_written("It’s “on” – now…\tok", "https://c.example", 1,
	    "It's \"on\" - now... ok\nhttps://c.example");
	/* At a blank, never within a word; the link is whole. */
	assert_written(TEN("0123456789 wor ") "end", "https://cover.example/x", 1,
	    "0123456789 wor 0123456789 wor 0123456789 wor 0123456789 wor 0123456789 wor 0123456789 wor 0123456789 wor 0123456789 wor 0123456789...\nhttps://cover.example/x");
	/* Never within a number: the whole of it is left out. */
	assert_written(TEN("abcdefghijklm ") "ring 020 7946 0018 now", NULL, 1,
	    "abcdefghijklm abcdefghijklm abcdefghijklm abcdefghijklm abcdefghijklm abcdefghijklm abcdefghijklm abcdefghijklm abcdefghijklm abcdefghijklm ring...");
	/* A link that leaves no room is left out. */
	assert_written("Gap at ZED01", "https://cover.example/" TEN(TEN("x")) TEN(TEN("y")), 1,
	    "Gap at ZED01");
}

/* Whatever the text: it fits, and no number of the text is there by half. */
static void
test_any(void **state)
{
	static const char *const pieces[] = {"020 7946 0018", "21:00", "a", " ", "\n", "é", "Ж",
	    "longerword", "2026-12-01", ", ", ".", "€"};

	(void)state;
	srand(7);
	for (int round = 0; round < 300; round++) {
		struct buf text = {0}, out = {0};

		for (int i = rand() % 80; i >= 0; i--) {
			buf_add_text(
			    &text, pieces[(size_t)rand() % (sizeof pieces / sizeof *pieces)]);
			buf_add_text(&text, rand() % 3 == 0 ? " x " : "");
		}
		sms_write(&out, (struct slice){text.at, text.len}, NULL, 1);
		assert_int_equal(sms_measure((struct slice){out.at, out.len}).parts, 1);
		if (out.len > 3 && strcmp(out.at + out.len - 3, "...") == 0 &&
		    strncmp(out.at, text.at, out.len - 3) == 0) {
			const char *next = text.at + out.len - 3;

			next += strspn(next, " -:./,+()");
			assert_false(out.at[out.len - 4] >= '0' && out.at[out.len - 4] <= '9' &&
				     *next >= '0' && *next <= '9');
		}
		buf_free(&text);
		buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_measure),
	    cmocka_unit_test(test_numbers),
	    cmocka_unit_test(test_write),
	    cmocka_unit_test(test_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
