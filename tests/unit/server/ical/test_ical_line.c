/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/ical/ical_line.h"

/* Content lines: what is escaped, and where they are folded. */

#define LINE_OCTETS 75

static void
expect_text(const char *text, const char *wanted)
{
	struct buf out = {0};

	ical_line_text(&out, "SUMMARY", text);
	assert_string_equal(out.at, wanted);
	buf_free(&out);
}

static void
what_has_a_meaning_is_escaped(void **state)
{
	(void)state;
	expect_text("J Jones", "SUMMARY:J Jones\r\n");
	expect_text("", "SUMMARY:\r\n");
	expect_text("a;b,c\\d:e\"f", "SUMMARY:a\\;b\\,c\\\\d:e\"f\r\n");
	expect_text("two\nlines", "SUMMARY:two\\nlines\r\n");
	/* No text can end its line, or begin another property. */
	expect_text("x\r\nATTENDEE:y", "SUMMARY:x?\\nATTENDEE:y\r\n");
	expect_text("a\tb\x01\x7f", "SUMMARY:a\tb??\r\n");
	expect_text("\xff\xc3", "SUMMARY:??\r\n");
	expect_text("Siân Dœ", "SUMMARY:Siân Dœ\r\n");
	expect_text("\xc2\x9b"
		    "31m\u202esenoJ\u2028",
	    "SUMMARY:?31m?senoJ?\r\n");
}

/* Takes the folds out again, and checks each line on the way. Free the text. */
static char *
unfold(const char *lines)
{
	struct buf out = {0};

	while (*lines != '\0') {
		const char *end = strstr(lines, "\r\n");
		size_t len;

		assert_non_null(end);
		len = (size_t)(end - lines);
		assert_in_range(len, 1, LINE_OCTETS);
		assert_true(text_utf8_valid(lines, len));
		/* A line that continues another begins with one blank; the first with the name. */
		if (out.len > 0) {
			assert_int_equal(*lines, ' ');
			lines++;
			len--;
		}
		buf_add(&out, lines, len);
		lines = end + 2;
	}
	return out.at;
}

/* Each length, of characters of one to four octets. */
static void
lines_are_folded_between_characters(void **state)
{
	static const char *const letters[] = {"a", "é", "€", "😀"};

	(void)state;
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
		for (size_t n = 0; n < 200; n++) {
			struct buf text = {0}, line = {0}, wanted = {0};
			char *whole;

			buf_add_text(&text, i % 2 ? "x" : "");
			for (size_t j = 0; j < n; j++)
				buf_add_text(&text, letters[i]);
			ical_line_text(&line, "SUMMARY", text.at);
			buf_printf(&wanted, "SUMMARY:%s", text.at);
			whole = unfold(line.at);
			assert_string_equal(whole, wanted.at);
			free(whole);
			buf_free(&text);
			buf_free(&line);
			buf_free(&wanted);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_has_a_meaning_is_escaped),
	    cmocka_unit_test(lines_are_folded_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
