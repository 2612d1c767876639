/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/api/ask/csv.h"
#include "server/api/routes.h"

/* CSV by itself: cells that mean what they say, and formulas that stay text. That each list has the rows of its JSON
 * is in test_csv_lists. */

static void
expect_cell(const char *text, const char *wanted)
{
	struct buf out = {0};

	buf_add_text(&out, "");
	csv_cell(&out, slice_of(text));
	assert_string_equal(out.at, wanted);
	buf_free(&out);
}

static void
cells_are_quoted_where_they_must(void **state)
{
	(void)state;
	expect_cell("", "");
	expect_cell("J Jones", "J Jones");
	expect_cell("Jones, J", "\"Jones, J\"");
	expect_cell("the \"hub\"", "\"the \"\"hub\"\"\"");
	expect_cell("two\nlines", "\"two\nlines\"");
	expect_cell("two\r\nlines", "\"two\r\nlines\"");
	expect_cell(" x", "\" x\"");
	expect_cell("Siân", "Siân");
}

/* A file is shown in terminals, too. */
/* holds: A7 */
static void
no_cell_has_what_is_not_seen(void **state)
{
	(void)state;
	expect_cell("\x1b]0;owned\x07J Jones", "\ufffd]0;owned\ufffdJ Jones");
	expect_cell("\xc2\x9b"
		    "31mJ Jones",
	    "\ufffd31mJ Jones");
	expect_cell("\u202esenoJ J\u202c", "\ufffdsenoJ J\ufffd");
	expect_cell("\xff", "\ufffd");
}

/* holds: A7 */
static void
no_cell_is_a_formula(void **state)
{
	static const char *const begins[] = {"=", "+", "-", "@", "\t", "\xef\xbc\x9d",
	    "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};

	(void)state;
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
		char text[32], wanted[32];

		snprintf(text, sizeof text, "%s1", begins[i]);
		snprintf(wanted, sizeof wanted, "'%s1", begins[i]);
		expect_cell(text, wanted);
	}
	expect_cell("\r=x", "\"'\r=x\"");
	expect_cell("=HYPERLINK(\"a\",\"b\")", "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\"");
	expect_cell("+441632960123", "'+441632960123");
	/* Reversible: what began with an apostrophe already has another. */
	expect_cell("'=x", "''=x");
	expect_cell("''=x", "'''=x");
	expect_cell("'t Hooft", "'t Hooft");
	expect_cell("a=b", "a=b");
	/* What is not seen does not hide one. */
	expect_cell("\u202e=x", "\ufffd=x");
	expect_cell("\ufeff=x", "\ufffd=x");
}

static void
values_of_every_kind_have_a_cell(void **state)
{
	static const struct csv_list list = {
	    .rows = "rows", .columns = "id who.name when flag codes deep none"};
	json_t *answer = json_loads(
	    "{\"rows\": [{\"id\": -5, \"who\": {\"name\": \"=x\"}, \"when\": null, \"flag\": true, \"codes\": [\"a\", \"b\"], "
	    "\"deep\": [{\"k\": 1}]}, {\"id\": 2.5, \"who\": null, \"codes\": []}]}",
	    0, NULL);
	struct buf out = {0};

	(void)state;
	assert_true(csv_write(&out, &list, answer, NULL));
	assert_string_equal(out.at,
	    "id,who.name,when,flag,codes,deep,none\r\n-5,'=x,,true,a; b,\"[{\"\"k\"\":1}]\",\r\n2.5,,,,,,\r\n");
	buf_reset(&out);
	/* An empty list still has its heading. */
	json_array_clear(json_object_get(answer, "rows"));
	assert_true(csv_write(&out, &list, answer, "PRACTICE"));
	assert_string_equal(out.at, "id,who.name,when,flag,codes,deep,none,note\r\n");
	json_object_del(answer, "rows");
	assert_false(csv_write(&out, &list, answer, NULL));
	json_decref(answer);
	buf_free(&out);
}

static void
rows_within_rows_have_a_line_each(void **state)
{
	static const struct csv_list list = {
	    .rows = "rows", .within = "spans", .as = "span", .columns = "id span.state"};
	json_t *answer = json_loads(
	    "{\"rows\": [{\"id\": 1, \"spans\": [{\"state\": \"gap\"}, {\"state\": \"covered\"}]}, "
	    "{\"id\": 2, \"spans\": []}]}",
	    0, NULL);
	struct buf out = {0};

	(void)state;
	assert_true(csv_write(&out, &list, answer, "x"));
	assert_string_equal(out.at, "id,span.state,note\r\n1,gap,x\r\n1,covered,x\r\n");
	json_decref(answer);
	buf_free(&out);
}

static bool
has_format(const struct route *route)
{
	return route_param(route, "format") != NULL;
}

/* Both ways, and every route that has pages is a list. */
static void
every_list_has_its_columns(void **state)
{
	size_t nroutes, nlists;
	const struct route *routes = routes_rows(&nroutes);
	const struct csv_list *lists = csv_lists(&nlists);

	(void)state;
	for (size_t i = 0; i < nroutes; i++) {
		if (route_param(&routes[i], "cursor") != NULL && !has_format(&routes[i]))
			fail_msg("%s has pages and no CSV", routes[i].pattern);
		if (has_format(&routes[i]) && csv_list_of(routes[i].pattern) == NULL)
			fail_msg("%s has no columns in csv_lists.c", routes[i].pattern);
	}
	for (size_t i = 0; i < nlists; i++) {
		bool found = false;

		for (size_t j = 0; j < nroutes; j++)
			found |= strcmp(routes[j].pattern, lists[i].path) == 0 &&
				 has_format(&routes[j]) && routes[j].method == WEB_GET;
		if (!found)
			fail_msg("%s is no route with a format", lists[i].path);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cells_are_quoted_where_they_must),
	    cmocka_unit_test(no_cell_is_a_formula),
	    cmocka_unit_test(no_cell_has_what_is_not_seen),
	    cmocka_unit_test(values_of_every_kind_have_a_cell),
	    cmocka_unit_test(rows_within_rows_have_a_line_each),
	    cmocka_unit_test(every_list_has_its_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
