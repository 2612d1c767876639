/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/region_carry.h"
#include "server/model/region_conflict.h"
#include "server/model/region_keep.h"
#include "tests/unit/server/model/region_text.h"

/* Codes and names that something had before: read, compared, and carried into the next file. */

#define FILE(places, people)                                                                       \
	"{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'other'}],"               \
	"'functions':[{'code':'f','name':'F'}],'places':[" places "],'people':[" people "],"       \
	"'services':[{'id':'s','name':'S','function':'f','organisation':'O','places':['A']}],"     \
	"'requirements':[{'id':'R','place':'A','function':'f','count':1,'hours':[{'days':['all']," \
	"'from':'00:00','to':'24:00'}]}]}"
#define PLACE(code, more) "{'code':'" code "','name':'Alder','kind':'icb'" more "}"
#define PERSON(id, name, more) "{'id':'" id "','name':'" name "','organisation':'O'" more "}"

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
read(const char *text)
{
	struct region_faults faults;

	return region_text_read(arena, text, &faults);
}

static struct slice
json(const char *text)
{
	char *copy = arena_strdup(arena, text);

	for (char *at = copy; *at != '\0'; at++)
		*at = *at == '\'' ? '"' : *at;
	return slice_of(copy);
}

static const struct region *
carried(const char *file, const struct region *before)
{
	struct region_faults faults = {0};
	const struct region *region = NULL;

	if (region_read(arena, region_carry(arena, json(file), before), region_text_zones(),
		&region, &faults) != STATUS_OK)
		fail_msg("%s %s", faults.items[0].path, faults.items[0].detail);
	return region;
}

static void
expect(const struct region *before, const struct region *after, const char *wanted)
{
	struct region_changes changes;
	const char *said = "";

	region_compare(arena, before, after, &changes);
	for (size_t i = 0; i < changes.count; i++) {
		const struct region_change *change = &changes.items[i];

		said = arena_printf(arena, "%s%c %s %s%s%s%s%s;", said, change->sign, change->kind,
		    change->code, change->what ? " " : "", change->what ? change->what : "",
		    change->was ? " was " : "", change->was ? change->was : "");
	}
	assert_string_equal(said, wanted);
}

static void
refuse(const char *file, const char *path, const char *detail)
{
	const struct region *region;
	struct region_faults faults;

	assert_int_equal(region_text_try(arena, file, &region, &faults), STATUS_MALFORMED);
	assert_string_equal(faults.items[0].path, path);
	assert_non_null(strstr(faults.items[0].detail, detail));
}

static void
the_code_before_finds_the_thing(void **state)
{
	const struct region *region =
	    read(FILE(PLACE("A", ",'renamed_from':['X','Y']") "," PLACE("B", ""), ""));
	const char *const *codes = region_codes(arena, region, "place", "Y");

	(void)state;
	assert_int_equal(table_get(&region->place_by_code, "X"), 0);
	assert_int_equal(table_get(&region->place_by_code, "Y"), 0);
	assert_int_equal(table_get(&region->place_by_code, "B"), 1);
	assert_string_equal(codes[0], "A");
	assert_string_equal(codes[1], "X");
	assert_string_equal(codes[2], "Y");
	assert_null(codes[3]);
	assert_true(region_is_former(region, "A", "X"));
	assert_false(region_is_former(region, "B", "X"));
}

static void
a_code_is_never_used_again(void **state)
{
	(void)state;
	refuse(FILE(PLACE("A", ",'renamed_from':'B'") "," PLACE("B", ""), ""),
	    "$.places[0].renamed_from", "never used again");
	refuse(
	    FILE(PLACE("A", ",'renamed_from':['X']") "," PLACE("B", ",'renamed_from':['X']"), ""),
	    "$.places[1].renamed_from[0]", "never used again");
	refuse(FILE(PLACE("A", ",'renamed_from':'A'"), ""), "$.places[0].renamed_from", "");
	refuse(FILE(PLACE("A", ",'renamed_from':'no code'"), ""), "$.places[0].renamed_from",
	    "must be a code");
	refuse(FILE(PLACE("A", ",'renamed_from':7"), ""), "$.places[0].renamed_from", "");
}

/* Two people who are there become one only by a merge: no file says it by a code. */
static void
no_former_code_makes_one_of_two(void **state)
{
	const struct region *two =
	    read(FILE(PLACE("A", ""), PERSON("a", "Ann", "") "," PERSON("b", "Bea", "")));
	const struct region *one =
	    read(FILE(PLACE("A", ""), PERSON("b", "Bea", ",'renamed_from':'a'")));
	const struct region *other = read(FILE(
	    PLACE("A", ""), PERSON("c", "Ann", ",'renamed_from':'a'") "," PERSON("b", "Bea", "")));
	const struct region_former *former = region_made_one(two, one);

	(void)state;
	assert_non_null(former);
	assert_string_equal(former->kind, "person");
	assert_string_equal(former->was, "a");
	assert_string_equal(former->code, "b");
	/* Another code for one of them, and what was merged before. */
	assert_null(region_made_one(two, other));
	assert_null(region_made_one(one, one));
	assert_null(region_made_one(one, two));
	/* One of them was not there. */
	assert_null(region_made_one(read(FILE(PLACE("A", ""), PERSON("b", "Bea", ""))), one));
}

/* The objects that refer to it have not changed. */
static void
another_code_is_one_change(void **state)
{
	static const char before[] =
	    "{'crisiscover':1,'places':[{'code':'A','name':'N','kind':'icb'},"
	    "{'code':'B','name':'M','kind':'hospital','parents':['A']}]}";
	static const char after[] =
	    "{'crisiscover':1,'places':[{'code':'C','name':'N','kind':'icb','renamed_from':'A'},"
	    "{'code':'B','name':'M','kind':'hospital','parents':['C']}]}";
	static const char gone[] =
	    "{'crisiscover':1,'places':[{'code':'C','name':'N','kind':'icb'},"
	    "{'code':'B','name':'M','kind':'hospital','parents':['C']}]}";

	(void)state;
	expect(read(before), read(after), "~ place C code was A;");
	expect(read(after), read(before), "~ place A code was C;");
	expect(read(before), read(gone), "+ place C;~ place B parents;- place A;");
	/* A code that another thing has now is that thing's. */
	expect(read(after),
	    read(
		"{'crisiscover':1,'places':[{'code':'C','name':'N','kind':'icb'},{'code':'A','name':'New','kind':'icb'},"
		"{'code':'B','name':'M','kind':'hospital','parents':['C']}]}"),
	    "+ place A;");
}

static void
a_file_need_not_repeat_it(void **state)
{
	const struct region *first = read(FILE(PLACE("A", ""), PERSON("p", "Jo", "")));
	const struct region *second =
	    carried(FILE(PLACE("A", ""), PERSON("q", "Jo", ",'renamed_from':'p'")), first);
	const struct region *third = carried(FILE(PLACE("A", ""), PERSON("q", "Jo", "")), second);
	const struct region *fourth =
	    carried(FILE(PLACE("A", ""), PERSON("r", "Jo", ",'renamed_from':'q'")), third);
	const struct region *back = carried(FILE(PLACE("A", ""), PERSON("p", "Jo", "")), fourth);

	(void)state;
	expect(first, second, "~ person q code was p;");
	expect(second, third, "");
	assert_int_equal(table_get(&third->person_by_id, "p"), 0);
	expect(third, fourth, "~ person r code was q;");
	assert_int_equal(table_get(&fourth->person_by_id, "p"), 0);
	assert_int_equal(table_get(&fourth->person_by_id, "q"), 0);
	expect(fourth, back, "~ person p code was r;");
	assert_int_equal(table_get(&back->person_by_id, "r"), 0);
	assert_int_equal(table_get(&back->person_by_id, "q"), 0);
}

static void
what_is_not_carried_is_the_same_bytes(void **state)
{
	static const char text[] = FILE(PLACE("A", ""), PERSON("p", "Jo", ""));
	struct slice file = json(text);

	(void)state;
	assert_ptr_equal(region_carry(arena, file, read(text)).at, file.at);
	assert_ptr_equal(region_carry(arena, file, read("{'crisiscover':1}")).at, file.at);
}

static const char *
names(const struct region *region, uint32_t person)
{
	const struct region_person *one = region_person(region, person);
	const char *text = one->name;

	for (const char *const *alias = one->aliases; *alias != NULL; alias++)
		text = arena_printf(arena, "%s|%s", text, *alias);
	return arena_printf(arena, "%s (%u)", text, one->nformer_names);
}

static void
a_name_before_stays_an_alias(void **state)
{
	const struct region *first =
	    read(FILE(PLACE("A", ""), PERSON("p", "Jo Jones", ",'aliases':['JJ']")));
	const struct region *second =
	    carried(FILE(PLACE("A", ""), PERSON("p", "Jo Smythe", ",'aliases':['JJ']")), first);
	const struct region *again =
	    carried(FILE(PLACE("A", ""), PERSON("p", "Jo Smythe", ",'aliases':['JJ']")), second);
	const struct region *third = carried(FILE(PLACE("A", ""), PERSON("p", "Jo", "")), again);
	const struct region *back =
	    carried(FILE(PLACE("A", ""), PERSON("p", "Jo Jones", "")), third);

	(void)state;
	assert_string_equal(names(second, 0), "Jo Smythe|JJ|Jo Jones (1)");
	expect(first, second, "~ person p name, former_names;");
	expect(second, again, "");
	assert_string_equal(names(third, 0), "Jo|Jo Jones|Jo Smythe (2)");
	assert_string_equal(names(back, 0), "Jo Jones|Jo Smythe|Jo (2)");
}

static void
unless_the_file_says_or_somebody_else_is_called_so(void **state)
{
	const struct region *first =
	    read(FILE(PLACE("A", ""), PERSON("p", "Jo", "") "," PERSON("q", "Al", "")));

	(void)state;
	assert_string_equal(
	    names(carried(FILE(PLACE("A", ""),
			      PERSON("p", "Bo", ",'former_names':[]") "," PERSON("q", "Al", "")),
		      first),
		0),
	    "Bo (0)");
	assert_string_equal(
	    names(carried(
		      FILE(PLACE("A", ""), PERSON("p", "Al", "") "," PERSON("q", "Jo", "")), first),
		0),
	    "Al (0)");
	assert_string_equal(names(carried(FILE(PLACE("A", ""), PERSON("p", "Bo", "") "," PERSON(
								   "q", "Al", ",'aliases':['Jo']")),
				      first),
				0),
	    "Bo (0)");
}

/* The set-up calls it otherwise since; the file does not know. */
static void
a_code_that_was_changed_since_is_kept(void **state)
{
	static const char filed[] = FILE(PLACE("A", ""), "");
	static const char own[] =
	    "{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'other'}],'functions':"
	    "[{'code':'f','name':'F'}],'places':[{'code':'Z','name':'Birch','kind':'icb',"
	    "'renamed_from':'A'}],'services':[{'id':'s','name':'S','function':'f','organisation':"
	    "'O','places':['Z']}],'requirements':[{'id':'R','place':'Z','function':'f','count':1,"
	    "'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}]}";
	const struct region *in_force = read(own), *kept = NULL;
	struct region_changes since, would;
	struct region_conflicts conflicts;
	struct region_faults faults = {0};
	struct slice document;

	(void)state;
	region_compare(arena, read(filed), in_force, &since);
	region_compare(arena, in_force, carried(filed, in_force), &would);
	region_conflicts(arena, &since, &would, &conflicts);
	assert_int_equal(conflicts.count, 2);
	assert_string_equal(conflicts.items[0].id, "place:A:code");
	assert_string_equal(conflicts.items[0].was, "Z");
	assert_string_equal(conflicts.items[1].id, "place:A:name");
	document = region_keep(arena, json(filed), json(own), &conflicts);
	document = region_carry(arena, document, in_force);
	assert_int_equal(
	    region_read(arena, document, region_text_zones(), &kept, &faults), STATUS_OK);
	expect(in_force, kept, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* A name is added once, and not where it stands already, here or with another person. */
static void
a_former_name_is_added_once(void **state)
{
	const struct region *first =
	    read(FILE(PLACE("A", ""), PERSON("p", "Jo", ",'former_names':['Joan']")));

	(void)state;
	assert_string_equal(
	    names(
		carried(FILE(PLACE("A", ""), PERSON("p", "Bo", ",'aliases':['Jo','Joan']")), first),
		0),
	    "Bo|Jo|Joan (0)");
	assert_string_equal(
	    names(carried(FILE(PLACE("A", ""), PERSON("p", "Joan", "")), first), 0), "Joan|Jo (1)");
	assert_string_equal(names(carried(FILE(PLACE("A", ""), PERSON("p", "Bo", "") "," PERSON(
								   "q", "Al", ",'aliases':['Jo']")),
				      first),
				0),
	    "Bo|Joan (1)");
	/* The name before is among the former ones already. */
	first = read(FILE(PLACE("A", ""), PERSON("p", "Jo", ",'former_names':['Jo']")));
	assert_string_equal(
	    names(carried(FILE(PLACE("A", ""), PERSON("p", "Bo", "")), first), 0), "Bo|Jo (1)");
}

/* A former code that nothing had: the thing is new. */
static void
a_former_code_that_nothing_had_brings_nothing(void **state)
{
	const struct region *first = read(FILE(PLACE("A", ""), PERSON("p", "Jo", "")));
	const struct region *second =
	    carried(FILE(PLACE("A", ""), PERSON("q", "Al", ",'renamed_from':['zz','yy']")), first);
	const struct region *third =
	    carried(FILE(PLACE("A", ""), PERSON("q", "Al", ",'renamed_from':['zz','p']")), first);

	(void)state;
	assert_string_equal(names(second, 0), "Al (0)");
	expect(first, second, "+ person q;- person p;");
	assert_string_equal(names(third, 0), "Al|Jo (1)");
	expect(first, third, "~ person q code, name, former_names was p;");
}

/* The same where one object is carried by itself: others are as the set-up has them. */
static void
a_name_that_another_bears_is_not_carried(void **state)
{
	static const char item[] = "{\"id\":\"p\",\"name\":\"Bo\",\"organisation\":\"O\"}";
	static const struct {
		const char *other;
		bool carried;
	} rows[] = {{PERSON("q", "Al", ",'aliases':['Joe','Jay']"), true},
	    {PERSON("q", "Al", ",'aliases':['Jo','Jay']"), false},
	    {PERSON("q", "Al", ",'former_names':['Jo']"), true}, {PERSON("q", "Jo", ""), false}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct region *before = read(arena_printf(
		    arena, FILE(PLACE("A", ""), PERSON("p", "Jo", "") ",%s"), rows[i].other));
		struct slice out =
		    region_carry_item(arena, region_kind_of("person"), SLICE(item), before);

		if ((memmem(out.at, out.len, "\"Jo\"", 4) != NULL) != rows[i].carried)
			fail_msg("%s: %.*s", rows[i].other, (int)out.len, out.at);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_former_name_is_added_once),
	    TEST(a_former_code_that_nothing_had_brings_nothing),
	    TEST(the_code_before_finds_the_thing),
	    TEST(a_code_is_never_used_again),
	    TEST(no_former_code_makes_one_of_two),
	    TEST(another_code_is_one_change),
	    TEST(a_file_need_not_repeat_it),
	    TEST(what_is_not_carried_is_the_same_bytes),
	    TEST(a_name_before_stays_an_alias),
	    TEST(a_name_that_another_bears_is_not_carried),
	    TEST(unless_the_file_says_or_somebody_else_is_called_so),
	    TEST(a_code_that_was_changed_since_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
