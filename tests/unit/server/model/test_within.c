/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "server/base/text.h"
#include "server/base/zone.h"
#include "server/model/within.h"
#include "tests/unit/server/model/dice.h"
#include "tests/unit/server/model/region_text.h"

/* Which places a place answers for, and when. */

#define FIRST_DAY 21000 /* of the random hierarchies, some day of 2027 */
#define DAYS 60
#define PLACES 9

static bool
is_below(struct span_times days, int64_t day)
{
	for (size_t i = 0; i < days.count; i++)
		if (days.items[i].start <= day && day < days.items[i].end)
			return true;
	return false;
}

static uint32_t
place_of(const struct region *region, const char *code)
{
	return table_get(&region->place_by_code, code);
}

#define REGION(places)                                                                             \
	"{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],"                 \
	"'functions':[{'code':'f','name':'F'}],'places':[" places "]}"

static const char three_floors[] =
    REGION("{'code':'SITE','name':'Site','kind':'emergency_department','parents':['HOSPITAL']},"
	   "{'code':'HOSPITAL','name':'Hospital','kind':'hospital','parents':['BOARD']},"
	   "{'code':'BOARD','name':'Board','kind':'icb'},"
	   "{'code':'OTHER','name':'Other','kind':'icb'}");

static void
everything_below_is_within_however_far(void **state)
{
	struct arena *arena = arena_new(0);
	struct region_faults faults;
	const struct region *region = region_text_read(arena, three_floors, &faults);
	const struct span_times *days = within_days(arena, region, place_of(region, "BOARD"));

	(void)state;
	assert_true(is_below(days[place_of(region, "BOARD")], FIRST_DAY));
	assert_true(is_below(days[place_of(region, "HOSPITAL")], FIRST_DAY));
	assert_true(is_below(days[place_of(region, "SITE")], FIRST_DAY));
	assert_int_equal(days[place_of(region, "OTHER")].count, 0);
	assert_true(within_is_parent(region, place_of(region, "HOSPITAL")));
	assert_false(within_is_parent(region, place_of(region, "SITE")));
	assert_false(within_is_parent(region, place_of(region, "OTHER")));
	arena_free(arena);
}

static const char moved[] = REGION(
    "{'code':'EAST','name':'East','kind':'icb'},{'code':'WEST','name':'West','kind':'icb'},"
    "{'code':'SITE','name':'Site','kind':'hospital','parents':[{'place':'EAST','until':'2027-07-01'},"
    "{'place':'WEST','from':'2027-07-01'}]}");

static void
a_place_is_below_each_parent_on_its_days(void **state)
{
	struct arena *arena = arena_new(0);
	struct region_faults faults;
	const struct region *region = region_text_read(arena, moved, &faults);
	uint32_t site = place_of(region, "SITE");
	const struct span_times *east = within_days(arena, region, place_of(region, "EAST"));
	const struct span_times *west = within_days(arena, region, place_of(region, "WEST"));
	int64_t first = civil_days(2027, 7, 1);

	(void)state;
	assert_true(is_below(east[site], first - 1));
	assert_false(is_below(east[site], first));
	assert_false(is_below(west[site], first - 1));
	assert_true(is_below(west[site], first));
	arena_free(arena);
}

static const char ended[] =
    REGION("{'code':'EAST','name':'East','kind':'icb','until':'2027-07-01'},"
	   "{'code':'PATCH','name':'Patch','kind':'trust_patch','parents':['EAST']},"
	   "{'code':'SITE','name':'Site','kind':'hospital','parents':['PATCH']}");

static void
nothing_is_below_a_place_that_has_ended(void **state)
{
	struct arena *arena = arena_new(0);
	struct region_faults faults;
	const struct region *region = region_text_read(arena, ended, &faults);
	uint32_t site = place_of(region, "SITE");
	const struct span_times *east = within_days(arena, region, place_of(region, "EAST"));
	int64_t first = civil_days(2027, 7, 1);

	(void)state;
	assert_true(is_below(east[site], first - 1));
	assert_false(is_below(east[site], first));
	arena_free(arena);
}

/* --------------------------------------------------------------------------- random hierarchies */

struct random_dated_places {
	uint32_t parent;
	int64_t from, until;
};

struct random_place {
	struct random_dated_places dated_places[3];
	size_t nstays;
};

/* Parents are among the places before, so there are no circles; in the file they come after
 * their children, or before, as it falls. */
static void
throw_places(struct dice *dice, struct random_place *places)
{
	for (uint32_t i = 0; i < PLACES; i++) {
		places[i].nstays = i == 0 ? 0 : (size_t)dice_below(dice, 4);
		for (size_t j = 0; j < places[i].nstays; j++) {
			int64_t from = dice_below(dice, DAYS);

			places[i].dated_places[j] = (struct random_dated_places){
			    .parent = (uint32_t)dice_below(dice, i),
			    .from = FIRST_DAY + from,
			    .until = FIRST_DAY + from + 1 + dice_below(dice, DAYS),
			};
			/* Stretches under one parent do not overlap. */
			for (size_t k = 0; k < j; k++)
				if (places[i].dated_places[k].parent ==
				    places[i].dated_places[j].parent) {
					places[i].nstays = j;
					return;
				}
		}
	}
}

static const struct region *
read_places(struct arena *arena, const struct random_place *places, bool backwards)
{
	struct buf text = {0};
	struct region_faults faults;
	const struct region *region;
	char from[CIVIL_DAY_MAX], until[CIVIL_DAY_MAX];

	for (uint32_t n = 0; n < PLACES; n++) {
		uint32_t i = backwards ? PLACES - 1 - n : n;

		buf_printf(&text, "%s{'code':'P%u','name':'Place %u','kind':'hospital','parents':[",
		    n > 0 ? "," : "", i, i);
		for (size_t j = 0; j < places[i].nstays; j++) {
			civil_day_text(places[i].dated_places[j].from, from);
			civil_day_text(places[i].dated_places[j].until, until);
			buf_printf(&text, "%s{'place':'P%u','from':'%s','until':'%s'}",
			    j > 0 ? "," : "", places[i].dated_places[j].parent, from, until);
		}
		buf_add_text(&text, "]}");
	}
	region = region_text_read(arena, arena_printf(arena, REGION("%s"), text.at), &faults);
	buf_free(&text);
	return region;
}

/* By walking up, one day at a time. */
static bool
walks_up(const struct random_place *places, uint32_t place, uint32_t top, int64_t day)
{
	if (place == top)
		return true;
	for (size_t j = 0; j < places[place].nstays; j++) {
		const struct random_dated_places *dated = &places[place].dated_places[j];

		if (dated->from <= day && day < dated->until &&
		    walks_up(places, dated->parent, top, day))
			return true;
	}
	return false;
}

static const struct span_times *
of_place(struct arena *arena, const struct region *region, uint32_t top)
{
	return within_days(arena, region, place_of(region, arena_printf(arena, "P%u", top)));
}

static void
check_hierarchy(struct arena *arena, const struct random_place *places, const struct region *region,
    uint64_t seed)
{
	for (uint32_t top = 0; top < PLACES; top++) {
		const struct span_times *days = of_place(arena, region, top);

		for (uint32_t i = 0; i < PLACES; i++)
			for (int64_t day = FIRST_DAY - 1; day < FIRST_DAY + 2 * DAYS + 2; day++)
				if (is_below(days[place_of(region, arena_printf(arena, "P%u", i))],
					day) != walks_up(places, i, top, day))
					fail_msg("seed %llu: P%u below P%u on day %lld",
					    (unsigned long long)seed, i, top, (long long)day);
	}
}

static void
dates_hold_over_random_hierarchies(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		struct dice dice = dice_of(seed);
		struct random_place places[PLACES] = {0};
		struct arena *arena = arena_new(0);

		throw_places(&dice, places);
		check_hierarchy(arena, places, read_places(arena, places, seed % 2 == 0), seed);
		arena_free(arena);
	}
}

static void
days_as_instants_are_joined(void **state)
{
	struct arena *arena = arena_new(0);
	const struct span_time days[] = {
	    {FIRST_DAY, FIRST_DAY + 1}, {FIRST_DAY + 1, FIRST_DAY + 2}, {FIRST_DAY + 5, INT64_MAX}};
	struct span_times times = within_instants(arena, zone_utc(), (struct span_times){days, 3});

	(void)state;
	assert_int_equal(times.count, 2);
	assert_int_equal(times.items[0].start, (int64_t)FIRST_DAY * 86400);
	assert_int_equal(times.items[0].end, (int64_t)(FIRST_DAY + 2) * 86400);
	assert_int_equal(times.items[1].start, (int64_t)(FIRST_DAY + 5) * 86400);
	assert_int_equal(times.items[1].end, INT64_MAX);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(days_as_instants_are_joined),
	    cmocka_unit_test(everything_below_is_within_however_far),
	    cmocka_unit_test(a_place_is_below_each_parent_on_its_days),
	    cmocka_unit_test(nothing_is_below_a_place_that_has_ended),
	    cmocka_unit_test(dates_hold_over_random_hierarchies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
