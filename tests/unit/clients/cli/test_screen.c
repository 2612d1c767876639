/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "clients/cli/screen.h"

/* What a terminal is given, no matter who wrote it, and however the text is cut into writes. */

static const struct {
	const char *text, *shown;
} cases[] = {
    {"J Jones\tward 7\nZo\u00eb\n", "J Jones\tward 7\nZo\u00eb\n"},
    {"id,name\r\n1,x\r\n", "id,name\r\n1,x\r\n"},
    {"COVERED\rGAP\n", "COVERED\ufffdGAP\n"},
    {"\x1b[2J\x1b]0;owned\x07\n", "\ufffd[2J\ufffd]0;owned\ufffd\n"},
    {"\x1b[31mGAP\x1b[0m", "\ufffd[31mGAP\ufffd[0m"},
    {"\xc2\x9b"
     "2J\xc2\x9d"
     "0;owned\xc2\x9c",
	"\ufffd2J\ufffd0;owned\ufffd"},
    {"\x9b"
     "2J",
	"\ufffd2J"},
    {"\x08\x08\x08"
     "GAP",
	"\ufffd\ufffd\ufffdGAP"},
    {"\u202esenoJ J\u202c on", "\ufffdsenoJ J\ufffd on"},
    {"\u2067x\u2069", "\ufffdx\ufffd"},
    {"a\u2028b", "a\ufffdb"},
    {"\x0e\x0f\x7f", "\ufffd\ufffd\ufffd"},
    {"\xf0\x9f\x9a\x91 \u20ac", "\xf0\x9f\x9a\x91 \u20ac"},
};

static void
nothing_is_obeyed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct slice text = slice_of(cases[i].text);
		struct buf out = {0};

		assert_int_equal(screen_add(&out, text, false), text.len);
		assert_string_equal(out.at, cases[i].shown);
		buf_free(&out);
	}
}

/* Every place at which a stream may cut it. */
static void
it_does_not_matter_where_it_is_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct slice text = slice_of(cases[i].text);

		for (size_t cut = 0; cut <= text.len; cut++) {
			struct buf out = {0};
			size_t taken = screen_add(&out, (struct slice){text.at, cut}, true);

			assert_in_range(cut - taken, 0, 3);
			screen_add(&out, (struct slice){text.at + taken, text.len - taken}, false);
			assert_string_equal(out.at, cases[i].shown);
			buf_free(&out);
		}
	}
}

/* A program that reads the JSON gets what the server gave. */
static void
json_stays_what_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *value = json_string(cases[i].text), *again;
		struct buf out = {0};
		char *text;

		/* What is no UTF-8 is no JSON. */
		if (value == NULL)
			continue;
		text = json_dumps(value, JSON_ENCODE_ANY);
		buf_add_json(&out, slice_of(text));
		assert_int_equal(text_find_hidden((struct slice){out.at, out.len}).len, 0);
		again = json_loads(out.at, JSON_DECODE_ANY, NULL);
		assert_true(json_equal(value, again));
		json_decref(again);
		json_decref(value);
		free(text);
		buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_is_obeyed),
	    cmocka_unit_test(it_does_not_matter_where_it_is_cut),
	    cmocka_unit_test(json_stays_what_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
