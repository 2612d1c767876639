/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/region_conflict.h"
#include "server/model/region_keep.h"
#include "tests/unit/server/model/good_region.h"
#include "tests/unit/server/model/region_text.h"

/* Changes made here stay as they are when a file that knows nothing of them is applied: one change
 * of each kind of thing. The test that nothing else stays is in test_region_conflict.c. */

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

static const struct region *
read(struct slice text)
{
	struct region_faults faults;

	return region_text_must_read(arena, text, &faults);
}

/* ${file} was applied, then what is in force was made of it here, and ${file} comes again: all that
 * was made here is kept. */
static void
expect_kept(const char *file, const char *in_force)
{
	struct slice filed = slice_of(file), now = slice_of(in_force);
	struct region_changes since, would, left;
	struct region_conflicts conflicts;

	region_compare(arena, read(filed), read(now), &since);
	region_compare(arena, read(now), read(filed), &would);
	region_conflicts(arena, &since, &would, &conflicts);
	assert_int_equal(conflicts.count, 1);
	region_compare(arena, read(now), read(region_keep(arena, filed, now, &conflicts)), &left);
	if (left.count != 0)
		fail_msg("%s %s was not kept", left.items[0].kind, left.items[0].code);
}

static void
a_change_of_each_kind_is_kept(void **state)
{
	static const char *const changes[][2] = {
	    {"Fenmere County Council", "Fenmere Council"},
	    {"Approved mental health professional", "AMHP"},
	    {"\"name\": \"Fenmere\"", "\"name\": \"The Fens\""},
	    {"J Jones", "Jo Jones"},
	    {"Fenmere AMHP duty", "AMHP duty"},
	    {"feeds/edt.ics", "feeds/night.ics"},
	    {"\"tolerance_minutes\": 0", "\"tolerance_minutes\": 5"},
	    {"\"role\": \"viewer\"", "\"role\": \"auditor\""},
	    /* A name and the former names that follow from it are one conflict. */
	    {"\"name\": \"J Jones\"", "\"name\": \"J Johns\", \"former_names\": [\"J Jones\"]"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		expect_kept(good_region,
		    region_text_with(arena, good_region, changes[i][0], changes[i][1]));
}

/* An item that was added here, though the file has no list of its kind at all. */
static void
a_thing_is_kept_where_the_file_has_no_list(void **state)
{
	static const char file[] = "{\"crisiscover\":1,\"organisations\":[{\"code\":\"O\","
				   "\"name\":\"O\",\"kind\":\"other\"}]}";
	static const char person[] =
	    "1,\"people\":[{\"id\":\"p\",\"name\":\"P\",\"organisation\":\"O\"}],";

	(void)state;
	expect_kept(file, region_text_with(arena, file, "1,", person));
}

/* The file has another name and other former names than those that were given here. */
static void
former_names_are_kept_with_the_name(void **state)
{
	static const char file[] =
	    "{\"crisiscover\":1,\"organisations\":[{\"code\":\"O\",\"name\":\"O\","
	    "\"kind\":\"other\"}],\"people\":[{\"id\":\"p\",\"organisation\":\"O\","
	    "\"name\":\"A\"}]}";
	struct slice in_force = slice_of(region_text_with(
	    arena, file, "\"name\":\"A\"", "\"name\":\"B\",\"former_names\":[\"A\"]"));
	struct slice next = slice_of(region_text_with(
	    arena, file, "\"name\":\"A\"", "\"name\":\"C\",\"former_names\":[\"X\"]"));
	struct region_changes since, would, left;
	struct region_conflicts conflicts;

	(void)state;
	region_compare(arena, read(SLICE(file)), read(in_force), &since);
	region_compare(arena, read(in_force), read(next), &would);
	region_conflicts(arena, &since, &would, &conflicts);
	assert_int_equal(conflicts.count, 1);
	assert_string_equal(conflicts.items[0].key, "name");
	region_compare(
	    arena, read(in_force), read(region_keep(arena, next, in_force, &conflicts)), &left);
	assert_int_equal(left.count, 0);
}

#define FUNCTIONS(list)                                                                            \
	"{\"crisiscover\":1,\"functions\":[" list "],\"organisations\":[{\"code\":\"O\","          \
	"\"name\":\"O\",\"kind\":\"other\"}]}"
#define FUNCTION(code) "{\"code\":\"" code "\",\"name\":\"" code "\"}"

/* The order was changed here, and the file has one function less and another one more. */
static void
an_order_is_kept_of_the_functions_that_are_left(void **state)
{
	static const char in_force[] = FUNCTIONS(FUNCTION("c") "," FUNCTION("b") "," FUNCTION("a"));
	static const char file[] = FUNCTIONS(FUNCTION("a") "," FUNCTION("c") "," FUNCTION("d"));
	const struct region_conflict order = {.id = "region:functions:order",
	    .kind = "region",
	    .code = "functions",
	    .was = "functions",
	    .key = "order",
	    .sign = '~'};
	struct slice kept =
	    region_keep(arena, SLICE(file), SLICE(in_force), &(struct region_conflicts){&order, 1});
	const struct region *region = read(kept);

	(void)state;
	assert_int_equal(region->nfunctions, 3);
	assert_string_equal(region->functions[0].code, "c");
	assert_string_equal(region->functions[1].code, "a");
	assert_string_equal(region->functions[2].code, "d");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_change_of_each_kind_is_kept),
	    TEST(a_thing_is_kept_where_the_file_has_no_list),
	    TEST(former_names_are_kept_with_the_name),
	    TEST(an_order_is_kept_of_the_functions_that_are_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
