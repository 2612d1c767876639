/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "clients/cli/areas_read.h"

/* Tables of areas as people have them, and what is wrong with some. */

struct read {
	struct areas_table table;
	struct table places;
	const char *text; /* "code name kind place [also]; …", then "| line: fault" */
};

static void
open_read(struct read *read, const char *kind, const char *csv)
{
	struct arena *arena = arena_new(0);
	json_t *code;
	size_t j;

	*read = (struct read){.table = {.arena = arena, .kind = kind, .places = &read->places}};
	table_init(&read->places, arena, 2);
	table_put(&read->places, arena, "X1", 0);
	table_put(&read->places, arena, "X2", 1);
	areas_read(&read->table, slice_of(csv));
	read->text = "";
	for (size_t i = 0; i < read->table.items.count; i++) {
		json_t *item = read->table.items.items[i];

		read->text = arena_printf(arena, "%s%s %s %s %s", read->text,
		    json_string_value(json_object_get(item, "code")),
		    json_string_value(json_object_get(item, "name")),
		    json_string_value(json_object_get(item, "kind")),
		    json_string_value(json_object_get(item, "place")));
		json_array_foreach(json_object_get(item, "also"), j, code) read->text =
		    arena_printf(arena, "%s +%s", read->text, json_string_value(code));
		read->text = arena_printf(arena, "%s; ", read->text);
	}
	for (size_t i = 0; i < read->table.faults.count; i++)
		read->text = arena_printf(arena, "%s| %u: %s", read->text,
		    read->table.faults.items[i].line, read->table.faults.items[i].what);
}

static void
close_read(struct read *read)
{
	for (size_t i = 0; i < read->table.items.count; i++)
		json_decref(read->table.items.items[i]);
	arena_free(read->table.arena);
}

static void
check(const char *kind, const char *csv, const char *want)
{
	struct read read;

	open_read(&read, kind, csv);
	assert_string_equal(read.text, want);
	close_read(&read);
}

#define HEAD "code,name,kind,place\n"

static void
a_table_is_read_as_it_comes(void **state)
{
	(void)state;
	check(NULL, HEAD "A1,Fenmere,council,X1\n", "A1 Fenmere council X1; ");
	/* Another order, other columns, a byte order mark, CRLF, quotes, empty lines. */
	check(NULL,
	    "\xef\xbb\xbfPlace,Region,Kind,NAME,Code\r\nX2,East,GP area,\"Vale, north\",V1\r\n\r\n,,,,\r\n",
	    "V1 Vale, north gp_area X2; ");
	/* The ONS's own headings have a year in them, and no kind. */
	check("council", "LAD24CD,LAD24NM,place\nE06000099,Fenmere,X1\n",
	    "E06000099 Fenmere council X1; ");
	/* A postcode district is its own code. */
	check(NULL, HEAD ",ZF1,postcode district,X1\n,ZF2,Postcode-District,X1\n",
	    "ZF1 ZF1 postcode_district X1; ZF2 ZF2 postcode_district X1; ");
	check(NULL,
	    "code,name,kind,place,also\nA1,A,council,X1,X2\nA2,B,council,X1,\nA3,C,council,X2,X1; X2\n",
	    "A1 A council X1 +X2; A2 B council X1; A3 C council X2 +X1 +X2; ");
	check(NULL, HEAD "A1,Caf\xc3\xa9,council,X1", "A1 Caf\xc3\xa9 council X1; ");
}

/* Every line that is wrong, by its number in the file. */
static void
a_line_that_is_wrong_is_named(void **state)
{
	(void)state;
	check(NULL, HEAD "A1,Fenmere,county,X1\n",
	    "| 2: \"county\" is no kind: council, gp_area or postcode_district");
	check(NULL, HEAD "\n\nA1,Fenmere,council,X9\nA2,B,council,X1\n",
	    "A2 B council X1; | 4: there is no place \"X9\" in the set-up: correct it, or add the place first");
	check(NULL, "code,name,kind,place,also\nA1,A,council,X1,X2 X8\n",
	    "| 2: there is no place \"X8\" in the set-up: correct it, or add the place first");
	check(NULL, HEAD "A 1,Fenmere,council,X1\n",
	    "| 2: \"A 1\" is no code: 1 to 64 letters, digits, '.', '_' and '-'");
	check(NULL, HEAD ",Fenmere,council,X1\n",
	    "| 2: \"\" is no code: 1 to 64 letters, digits, '.', '_' and '-'");
	check(NULL, HEAD "A1,,council,X1\n", "| 2: its name must be 1 to 400 bytes of UTF-8");
	check(NULL, HEAD "A1,\xe9t\xe9,council,X1\n",
	    "| 2: its name must be 1 to 400 bytes of UTF-8");
	check(NULL, HEAD "A1,A,council,X1\nA2,B,council,X1\nA1,C,council,X1\n",
	    "A1 A council X1; A2 B council X1; | 4: code A1 stands on line 2 already");
	check(NULL, HEAD "A1,\"A\nB\",council,X1\nA2,B,council,X9\n",
	    "A1 A\nB council X1; | 4: there is no place \"X9\" in the set-up: correct it, or add the place first");
	check(NULL, HEAD "A1,\"A,council,X1\n", "| 2: its quotes are wrong");
}

static void
a_heading_says_what_the_columns_are(void **state)
{
	(void)state;
	check(NULL, "", "| 1: the file is empty: it begins with the line code,name,kind,place");
	check(NULL, "A1,Fenmere,council,X1\n",
	    "| 1: the heading has no column code| 1: the heading has no column name"
	    "| 1: the heading has no column kind: add it, or say --kind council"
	    "| 1: the heading has no column place");
	check("council", "code,LAD24CD,name,place\nA1,B1,A,X1\n",
	    "| 1: the heading has more than one column code");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_table_is_read_as_it_comes),
	    cmocka_unit_test(a_line_that_is_wrong_is_named),
	    cmocka_unit_test(a_heading_says_what_the_columns_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
