/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "server/model/first.h"
#include "tests/unit/server/model/region_text.h"

/* Which functions a place shows first. */

#define REGION(places)                                                                             \
	"{'crisiscover':1,'functions':[{'code':'a','name':'A'},{'code':'b','name':'B'},"           \
	"{'code':'c','name':'C'}],'places':[" places "]}"
#define BOARD "{'code':'BOARD','name':'Board','kind':'icb','first':['c','a']}"

/* "c a" of place WARD on the day. */
static const char *
shown(struct arena *arena, const char *places, int64_t day)
{
	struct region_faults faults;
	const struct region *region = region_text_read(arena, places, &faults);
	struct region_list first =
	    region_first(arena, region, table_get(&region->place_by_code, "WARD"), day);
	const char *text = "";

	for (uint32_t i = 0; i < first.count; i++)
		text = arena_printf(arena, "%s%s%s", text, i > 0 ? " " : "",
		    region->functions[first.items[i]].code);
	return text;
}

static void
check(const char *places, int64_t day, const char *want)
{
	struct arena *arena = arena_new(0);

	assert_string_equal(shown(arena, places, day), want);
	arena_free(arena);
}

static void
its_own_list_comes_before_any_other(void **state)
{
	(void)state;
	check(
	    REGION(
		"{'code':'WARD','name':'W','kind':'hospital','parents':['BOARD'],'first':['b']}," BOARD),
	    0, "b");
}

static void
without_one_the_nearest_place_above_decides(void **state)
{
#define WARD(more) "{'code':'WARD','name':'W','kind':'hospital'" more "},"
	(void)state;
	check(REGION(WARD("") BOARD), 0, "");
	check(REGION(WARD(",'parents':['BOARD']") BOARD), 0, "c a");
	/* An empty list says nothing. */
	check(REGION(WARD(",'parents':['BOARD'],'first':[]") BOARD), 0, "c a");
	check(
	    REGION(WARD(
		",'parents':['M']") "{'code':'M','name':'M','kind':'hospital','parents':['BOARD']}," BOARD),
	    0, "c a");
	/* A place above two others is looked at once. */
	check(
	    REGION(WARD(
		",'parents':['M','N']") "{'code':'M','name':'M','kind':'hospital','parents':['O','L']},"
					"{'code':'N','name':'N','kind':'hospital','parents':['O']},"
					"{'code':'O','name':'O','kind':'icb'},{'code':'L','name':'L','kind':'icb','first':['b']}," BOARD),
	    0, "b");
	/* A parent is nearer than the grandparent that is found by way of the first parent. */
	check(
	    REGION(WARD(
		",'parents':['M','N']") "{'code':'M','name':'M','kind':'hospital','parents':['BOARD']},"
					"{'code':'N','name':'N','kind':'hospital','first':['b']}," BOARD),
	    0, "b");
	check(
	    REGION(WARD(
		",'parents':['N','BOARD']") "{'code':'N','name':'N','kind':'hospital','first':['b']}," BOARD),
	    0, "b");
	check(
	    REGION(WARD(
		",'parents':['BOARD','N']") "{'code':'N','name':'N','kind':'hospital','first':['b']}," BOARD),
	    0, "c a");
}

static void
a_parent_counts_on_its_days_alone(void **state)
{
	static const char places[] =
	    REGION("{'code':'WARD','name':'W','kind':'hospital','parents':["
		   "{'place':'BOARD','until':'2027-04-01'},{'place':'NEXT','from':'2027-04-01'}]},"
		   "{'code':'NEXT','name':'N','kind':'icb','first':['b','c']}," BOARD);

	(void)state;
	check(places, civil_days(2027, 3, 31), "c a");
	check(places, civil_days(2027, 4, 1), "b c");
}

/* Two ways up to one place: it is asked once, and the search ends. */
static void
two_ways_lead_to_one_place(void **state)
{
	(void)state;
	check(
	    REGION(WARD(
		",'parents':['M','N']") "{'code':'M','name':'M','kind':'hospital','parents':['TOP']},"
					"{'code':'N','name':'N','kind':'hospital','parents':['TOP']},"
					"{'code':'TOP','name':'T','kind':'region'}"),
	    0, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(its_own_list_comes_before_any_other),
	    cmocka_unit_test(without_one_the_nearest_place_above_decides),
	    cmocka_unit_test(a_parent_counts_on_its_days_alone),
	    cmocka_unit_test(two_ways_lead_to_one_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
