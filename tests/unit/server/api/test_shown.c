/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include <jansson.h>

#include "server/api/ask/csv.h"
#include "server/api/ask/json_out.h"
#include "server/api/ask/plain_page.h"
#include "server/api/views/now/now_lines.h"
#include "server/ical/ical_line.h"

/*
 * What a feed brings may hold anything, and is shown as JSON (also in the log), as a page, as text, as CSV, as
 * a calendar. Each of these has one writer, and each writer is given every payload. The pages that are drawn in
 * a browser are in the browser's own test, the command line's in test_screen.
 */

static const char *const payloads[] = {
    "J Jones",
    "\x1b[2J\x1b[31mJ Jones",
    "\x1b]0;owned\x07",
    "\xc2\x9b"
    "2J",
    "\xc2\x9d"
    "0;owned\xc2\x9c",
    "\u202esenoJ J\u202c",
    "\u202dJ\u202aJ\u202bJ",
    "\u2066J\u2067J\u2068J\u2069",
    "J\u2028Jones\u2029",
    "\ufeffJones",
    "a\x08\x08\x7f\x0e",
    "<img src=x onerror=alert(1)>",
    "\"'><script>alert(1)</script>&",
    "=HYPERLINK(\"http://x\")",
    "+1",
    "-1",
    "@SUM(A1)",
    "\u202e=1+1",
    "two\r\nSUMMARY:lines\t.",
    "a;b,c\\d",
    "\xff\xc2\xe2\x80",
};
#define NPAYLOADS (sizeof payloads / sizeof *payloads)

/* Line breaks and tabs are a format's own, and asked for one by one. */
static void
expect_seen(const struct buf *out, const char *payload)
{
	struct slice rest = {out->at, out->len};

	while (rest.len > 0) {
		struct text_hidden found = text_find_hidden(rest);
		size_t passed = found.at + found.len;

		if (found.len > 0 && found.point != '\n' && found.point != '\r' &&
		    found.point != '\t')
			fail_msg("U+%04X of %s is shown", (unsigned)found.point, payload);
		rest = (struct slice){rest.at + passed, rest.len - passed};
	}
}

static void
json_is_escaped_and_stays_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < NPAYLOADS; i++) {
		struct json_out out = {0};
		json_t *value;

		out_text(&out, NULL, payloads[i]);
		expect_seen(&out.buf, payloads[i]);
		assert_null(strpbrk(out.buf.at, "\r\n\t"));
		value = json_loadb(out.buf.at, out.buf.len, JSON_DECODE_ANY, NULL);
		assert_non_null(value);
		if (text_utf8_valid(payloads[i], strlen(payloads[i])))
			assert_string_equal(json_string_value(value), payloads[i]);
		/* The same of JSON that the database made, which escapes less. */
		if (text_utf8_valid(payloads[i], strlen(payloads[i]))) {
			json_t *text = json_string(payloads[i]), *again;
			char *raw = json_dumps(text, JSON_ENCODE_ANY);

			buf_reset(&out.buf);
			out.follows = false;
			out_raw(&out, NULL, slice_of(raw));
			expect_seen(&out.buf, payloads[i]);
			again = json_loads(out.buf.at, JSON_DECODE_ANY, NULL);
			assert_true(json_equal(text, again));
			json_decref(text);
			json_decref(again);
			free(raw);
		}
		json_decref(value);
		out_free(&out);
	}
}

static void
a_page_has_text_as_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < NPAYLOADS; i++) {
		struct buf out = {0};

		plain_page_text(&out, payloads[i]);
		expect_seen(&out, payloads[i]);
		assert_null(strpbrk(out.at, "<>\"'\r\n\t"));
		buf_free(&out);
	}
}

static void
lines_are_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < NPAYLOADS; i++) {
		struct now_lines lines = {.arena = arena_new(0)};
		struct buf out = {0};

		now_add_line(&lines, "  ", "%s", payloads[i]);
		now_add_title(&lines, "%s", payloads[i]);
		now_add_heading(&lines, payloads[i], NULL);
		now_add_wrapped(&lines, "", payloads[i]);
		now_lines_print(&out, &lines);
		expect_seen(&out, payloads[i]);
		assert_null(strpbrk(out.at, "\r\t"));
		/* Its own ends of lines, and none that was brought. */
		for (size_t j = 0; j < lines.items.count; j++)
			assert_null(strchr(lines.items.items[j].text, '\n'));
		buf_free(&out);
		arena_free(lines.arena);
	}
}

static void
a_cell_is_no_formula(void **state)
{
	(void)state;
	for (size_t i = 0; i < NPAYLOADS; i++) {
		struct buf out = {0};
		const char *at;

		csv_cell(&out, slice_of(payloads[i]));
		expect_seen(&out, payloads[i]);
		at = out.at + (*out.at == '"');
		assert_null(strchr("=+-@", *at == '\0' ? 'x' : *at));
		/* Outside quotes nothing ends a cell. */
		if (*out.at != '"')
			assert_null(strpbrk(out.at, ",\"\r\n"));
		buf_free(&out);
	}
}

static void
a_calendar_has_one_line_for_a_title(void **state)
{
	(void)state;
	for (size_t i = 0; i < NPAYLOADS; i++) {
		struct buf out = {0};
		size_t ends = 0;

		ical_line_text(&out, "SUMMARY", payloads[i]);
		expect_seen(&out, payloads[i]);
		for (size_t j = 0; j < out.len; j++)
			ends += out.at[j] == '\n' || out.at[j] == '\r';
		assert_int_equal(ends, 2);
		buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(json_is_escaped_and_stays_the_same),
	    cmocka_unit_test(a_page_has_text_as_text),
	    cmocka_unit_test(lines_are_lines),
	    cmocka_unit_test(a_cell_is_no_formula),
	    cmocka_unit_test(a_calendar_has_one_line_for_a_title),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
