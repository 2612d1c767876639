/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/region_item.h"

/* One object of a region file: taken out, put in, and its faults named as its own. */

static struct arena *arena;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

#define DOCUMENT                                                                                   \
	"{\"crisiscover\":1,\"people\":[{\"id\":\"jo\",\"name\":\"J\"},{\"id\":\"sa\",\"name\":"   \
	"\"S\"}]}"

#define THING(what, code) (&(struct region_item){region_kind_of(what), code})
#define PERSON(code) THING("person", code)

static const char *
text_of(struct slice slice)
{
	return arena_strndup(arena, slice.at, slice.len);
}

static void
is_found_by_its_code(void **state)
{

	(void)state;
	assert_string_equal(text_of(region_item_get(arena, SLICE(DOCUMENT), PERSON("sa"))),
	    "{\"id\":\"sa\",\"name\":\"S\"}");
	assert_int_equal(region_item_get(arena, SLICE(DOCUMENT), PERSON("x")).len, 0);
	assert_int_equal(region_item_get(arena, SLICE(DOCUMENT), THING("rota", "sa")).len, 0);
	assert_null(region_kind_of("people"));
	assert_string_equal(region_kind_listed(SLICE("people"))->kind, "person");
	assert_null(region_kind_listed(SLICE("person")));
}

static void
stays_where_it_is(void **state)
{
	size_t index;

	(void)state;
	assert_string_equal(text_of(region_item_set(arena, SLICE(DOCUMENT), PERSON("jo"),
				SLICE("{\"id\":\"jo\"}"), &index)),
	    "{\"crisiscover\":1,\"people\":[{\"id\":\"jo\"},{\"id\":\"sa\",\"name\":\"S\"}]}");
	assert_int_equal(index, 0);
	assert_string_equal(text_of(region_item_set(
				arena, SLICE(DOCUMENT), PERSON("jo"), (struct slice){0}, &index)),
	    "{\"crisiscover\":1,\"people\":[{\"id\":\"sa\",\"name\":\"S\"}]}");
	assert_true(index == REGION_ITEM_NONE);
}

static void
a_new_one_comes_last(void **state)
{
	size_t index;

	(void)state;
	assert_string_equal(text_of(region_item_set(arena, SLICE("{\"crisiscover\":1}"),
				THING("rota", "r"), SLICE("{\"id\":\"r\"}"), &index)),
	    "{\"crisiscover\":1,\"rotas\":[{\"id\":\"r\"}]}");
	assert_int_equal(index, 0);
	region_item_set(arena, SLICE(DOCUMENT), PERSON("x"), SLICE("{\"id\":\"x\"}"), &index);
	assert_int_equal(index, 2);
}

static void
another_code_names_the_one_before(void **state)
{
	size_t index;

	(void)state;
	assert_string_equal(text_of(region_item_set(arena, SLICE(DOCUMENT), PERSON("jo"),
				SLICE("{\"id\":\"joan\"}"), &index)),
	    "{\"crisiscover\":1,\"people\":[{\"id\":\"joan\",\"renamed_from\":[\"jo\"]},"
	    "{\"id\":\"sa\",\"name\":\"S\"}]}");
	assert_non_null(strstr(text_of(region_item_set(arena, SLICE(DOCUMENT), PERSON("jo"),
				   SLICE("{\"id\":\"joan\",\"renamed_from\":\"j\"}"), &index)),
	    "[\"j\",\"jo\"]"));
	assert_non_null(strstr(text_of(region_item_set(arena, SLICE(DOCUMENT), PERSON("jo"),
				   SLICE("{\"id\":\"joan\",\"renamed_from\":[\"jo\"]}"), &index)),
	    "\"renamed_from\":[\"jo\"]"));
}

/* Objects that are not well-formed are refused later, when the file is read: here they are not lost. */
static void
what_is_not_well_formed_stays(void **state)
{
	static const char document[] = "{\"people\":[{\"name\":\"N\"},{\"id\":\"jo\"}]}";
	size_t index;

	(void)state;
	assert_string_equal(
	    text_of(region_item_get(arena, SLICE(document), PERSON("jo"))), "{\"id\":\"jo\"}");
	assert_string_equal(text_of(region_item_set(arena, SLICE(document), PERSON("jo"),
				SLICE("{\"name\":\"J\"}"), &index)),
	    "{\"people\":[{\"name\":\"N\"},{\"name\":\"J\"}]}");
	assert_int_equal(index, 1);
	assert_string_equal(text_of(region_item_set(arena, SLICE(document), PERSON("jo"),
				SLICE("{\"id\":\"joan\",\"renamed_from\":[7]}"), &index)),
	    "{\"people\":[{\"name\":\"N\"},{\"id\":\"joan\",\"renamed_from\":[7,\"jo\"]}]}");
}

static void
paths_are_its_own(void **state)
{
	const struct region_kind *people = region_kind_of("person");

	(void)state;
	assert_string_equal(
	    region_item_path(arena, people, 1, "$.people[1].roles[0]"), "$.roles[0]");
	assert_string_equal(region_item_path(arena, people, 1, "$.people[1]"), "$");
	assert_string_equal(
	    region_item_path(arena, people, 1, "$.people[1][\"a b\"]"), "$[\"a b\"]");
	assert_null(region_item_path(arena, people, 1, "$.people[1]x"));
	assert_null(region_item_path(arena, people, 1, "$.people[10].name"));
	assert_null(region_item_path(arena, people, 1, "$.rotas[1].id"));
	assert_null(region_item_path(arena, people, REGION_ITEM_NONE, "$.people[1].id"));
	assert_string_equal(
	    region_item_named(arena, SLICE(DOCUMENT), "$.people[1].name"), "person sa");
	assert_null(region_item_named(arena, SLICE(DOCUMENT), "$.people[7].name"));
	assert_null(region_item_named(arena, SLICE(DOCUMENT), "$.time_zone"));
	assert_null(region_item_named(arena, SLICE(DOCUMENT), "$.bank_holidays.add[0].date"));
	assert_null(region_item_named(arena, SLICE(DOCUMENT), "line 1, column 2"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(is_found_by_its_code),
	    TEST(stays_where_it_is),
	    TEST(a_new_one_comes_last),
	    TEST(another_code_names_the_one_before),
	    TEST(what_is_not_well_formed_stays),
	    TEST(paths_are_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
