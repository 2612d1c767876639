/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/api/practice.h"

/* The answers of a practice region, for each kind of body. NULL: the body as it is. */
static const struct {
	const char *type, *body, *sent;
} rows[] = {
    {"application/json", "{\"a\":1}", "{\"practice\":true,\"a\":1}"},
    {"application/json", "{}", "{\"practice\":true}"},
    {"application/json", "{\"a\":{\"practice\":true}}",
	"{\"practice\":true,\"a\":{\"practice\":true}}"},
    /* The region file has its own member. */
    {"application/json", "{\"crisiscover\":1,\"practice\":true}", NULL},
    {"application/json", "[1]", NULL},
    {"application/problem+json", "{\"status\":404}", "{\"practice\":true,\"status\":404}"},
    {"text/html; charset=utf-8", "<html><body>\n<p>x</p></body>",
	"<html><body><p class=\"practice\" role=\"note\">" PRACTICE_WORDS "</p>\n<p>x</p></body>"},
    {"text/html; charset=utf-8", "<p>no body", NULL},
    {"text/plain; charset=utf-8", "COVERED\n", PRACTICE_WORDS "\nCOVERED\n"},
    {"text/plain; version=0.0.4; charset=utf-8", "x 1\n", "# " PRACTICE_WORDS "\nx 1\n"},
    {"text/javascript; charset=utf-8", "{}", NULL},
    {"application/yaml", "a: 1", NULL},
};

static void
each_kind_of_answer_is_marked(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf out = {0};
		bool marked = practice_mark(rows[i].type, slice_of(rows[i].body), &out);

		assert_int_equal(marked, rows[i].sent != NULL);
		if (marked)
			assert_string_equal(out.at, rows[i].sent);
		buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(each_kind_of_answer_is_marked)};

	return cmocka_run_group_tests_name("practice", tests, NULL, NULL);
}
