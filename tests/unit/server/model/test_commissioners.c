/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/commissioners.h"
#include "tests/unit/server/model/region_text.h"

/* Who commissions a requirement: the list of a file, successors, and the division by shares. */

#define ORGANISATION(code, more) "{'code':'" code "','name':'" code "','kind':'icb'" more "}"
#define ENDED ",'until':'2027-04-01'"
#define REGION                                                                                       \
	"{'crisiscover':1,'time_zone':'Europe/London','bank_holidays':'england-and-wales',"          \
	"'functions':[{'code':'f','name':'F'}],'people':[],'services':[],'rotas':[],"                \
	"'places':[{'code':'P','name':'P','kind':'hospital'}],'organisations':[" ORGANISATION(       \
	    "A", ENDED ",'successors':['C']") "," ORGANISATION("B",                                  \
	    ENDED ",'successors':['C']") "," ORGANISATION("C", "") "," ORGANISATION("D",             \
	    "") "," ORGANISATION("S", ENDED ",'successors':['C','D']") "," ORGANISATION("E",         \
	    ENDED) "],'accounts':[],'requirements':[{'id':'R','place':'P','function':'f','count':1," \
		   "'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]%s}]}"

static const int64_t before = 20000, after = 30000; /* days: 2024 and 2052 */

struct seen {
	struct arena *arena;
	const struct region *region;
	struct region_faults faults;
};

static bool
read_region(struct seen *seen, const char *commissioners)
{
	*seen = (struct seen){.arena = arena_new(0)};
	return region_text_try(seen->arena, arena_printf(seen->arena, REGION, commissioners),
		   &seen->region, &seen->faults) == STATUS_OK;
}

static const struct {
	const char *json, *fault; /* NULL: none */
} lists[] = {
    {"", NULL},
    {",'commissioner':'A'", NULL},
    {",'commissioners':[{'commissioner':'A','share':100}]", NULL},
    {",'commissioners':[{'commissioner':'A','share':60},{'commissioner':'B','share':40}]", NULL},
    {",'commissioners':[{'commissioner':'A','share':'1/3'},{'commissioner':'B','share':'2/3'}]",
	NULL},
    {",'commissioners':[{'commissioner':'A','share':60},{'commissioner':'B','share':39}]",
	"99 in all"},
    {",'commissioners':[{'commissioner':'A','share':60},{'commissioner':'B','share':41}]",
	"101 in all"},
    {",'commissioners':[{'commissioner':'A','share':'1/3'},{'commissioner':'B','share':'1/3'}]",
	"2 in all"},
    {",'commissioners':[{'commissioner':'A','share':50},{'commissioner':'B','share':'1/2'}]",
	"another whole"},
    {",'commissioners':[{'commissioner':'A','share':50},{'commissioner':'A','share':50}]",
	"already"},
    {",'commissioners':[{'commissioner':'A','share':0},{'commissioner':'B','share':100}]",
	"whole number"},
    {",'commissioners':[{'commissioner':'A','share':'4/3'}]", "parts"},
    {",'commissioners':[{'commissioner':'A','share':'half'}]", "parts"},
    {",'commissioners':[{'commissioner':'Z','share':100}]", "neither an account"},
    {",'commissioners':[{'share':100}]", "missing"},
    {",'commissioners':[]", "at least one"},
    {",'commissioner':'A','commissioners':[{'commissioner':'A','share':100}]", "one of the two"},
};

static void
shares_are_the_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		struct seen seen;
		bool fine = read_region(&seen, lists[i].json);

		if (fine != (lists[i].fault == NULL) ||
		    (!fine && strstr(seen.faults.items[0].detail, lists[i].fault) == NULL))
			fail_msg(
			    "%s: %s", lists[i].json, fine ? "taken" : seen.faults.items[0].detail);
		arena_free(seen.arena);
	}
}

/* ${want}: "C 100" or "C 60, D ?" */
static void
expect(const char *json, int64_t day, const char *want)
{
	struct seen seen;
	struct commissioners found;
	char got[200] = "";

	assert_true(read_region(&seen, json));
	found = commissioners_on(seen.arena, seen.region, 0, day);
	for (uint32_t i = 0; i < found.count; i++) {
		size_t len = strlen(got);

		snprintf(got + len, sizeof got - len, "%s%s %d", i > 0 ? ", " : "",
		    found.items[i].who, found.items[i].share);
	}
	assert_string_equal(got, want);
	arena_free(seen.arena);
}

static void
who_has_ended_is_followed(void **state)
{
	static const char two[] =
	    ",'commissioners':[{'commissioner':'A','share':60},{'commissioner':'B','share':40}]";
	static const char split[] =
	    ",'commissioners':[{'commissioner':'S','share':60},{'commissioner':'D','share':40}]";

	(void)state;
	expect(two, before, "A 60, B 40");
	expect(two, after, "C 100");
	expect(split, before, "S 60, D 40");
	expect(split, after, "C 0, D 0");
	expect(",'commissioner':'E'", after, "E 1"); /* nobody follows it: its duty does not end */
	expect("", after, "");
}

static void
a_successor_stands_for_it(void **state)
{
	struct seen seen;

	(void)state;
	assert_true(read_region(&seen, ""));
	assert_true(commissioner_is(seen.region, "A", "A", before));
	assert_false(commissioner_is(seen.region, "A", "C", before));
	assert_true(commissioner_is(seen.region, "A", "C", after));
	assert_true(commissioner_is(seen.region, "A", "A", after));
	assert_false(commissioner_is(seen.region, "C", "A", after)); /* not the inverse */
	assert_false(commissioner_is(seen.region, "A", "D", after));
	assert_false(commissioner_is(seen.region, "A", NULL, after));
	arena_free(seen.arena);
}

/* Every sum of shares of small wholes, and every number of minutes: nothing is lost, nothing is counted twice, and nobody is a
 * minute or more from what is theirs. */
static void
what_is_divided_sums_to_the_whole(void **state)
{
	(void)state;
	for (int32_t of = 3; of < 12; of++)
		for (int32_t a = 1; a < of - 1; a++)
			for (int32_t b = 1; a + b < of; b++) {
				const struct region_commissioner items[] = {
				    {"A", a, of}, {"B", b, of}, {"C", of - a - b, of}};
				const struct region_requirement asked = {
				    .commissioners = items, .ncommissioners = 3};

				for (int64_t whole = 0; whole < 40; whole++) {
					int64_t out[3];

					commissioners_divide(&asked, whole, out);
					assert_int_equal(out[0] + out[1] + out[2], whole);
					for (int i = 0; i < 3; i++)
						assert_true(llabs(out[i] * of -
								  whole * items[i].share) < of);
				}
			}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shares_are_the_whole),
	    cmocka_unit_test(who_has_ended_is_followed),
	    cmocka_unit_test(a_successor_stands_for_it),
	    cmocka_unit_test(what_is_divided_sums_to_the_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
