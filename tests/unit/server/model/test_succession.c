/* SPDX-License-Identifier: MIT */
/* The places that answer for one that has ended or has not begun: through several that are not
 * there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "server/model/succession.h"
#include "tests/unit/server/model/region_text.h"

/* A becomes B and C; B becomes D and C; D is there to the end, as is E, whom nobody follows. F
 * ended and names nobody. */
static const char document[] =
    "{'crisiscover':1,'places':[{'code':'A','name':'A','kind':'icb','until':'2026-04-01','successors':['B','C']},"
    "{'code':'B','name':'B','kind':'icb','from':'2026-04-01','until':'2027-04-01','successors':['D','C']},"
    "{'code':'C','name':'C','kind':'icb','from':'2026-04-01'},{'code':'D','name':'D','kind':'icb','from':'2027-04-01'},"
    "{'code':'E','name':'E','kind':'icb'},{'code':'F','name':'F','kind':'icb','until':'2026-04-01'}]}";

/* "ended 2026-04-01: C D". The zone is UTC: a day begins at its midnight. */
static const char *
told(struct arena *arena, const char *place, int year, int month, int day)
{
	static const char *const lives[] = {
	    [PLACE_LIVES] = "lives",
	    [PLACE_ENDED] = "ended",
	    [PLACE_TO_COME] = "to come",
	};
	struct region_faults faults;
	const struct region *region = region_text_read(arena, document, &faults);
	struct succession_asked asked = {
	    .region = region,
	    .zone = zone_utc(),
	    .place = table_get(&region->place_by_code, place),
	    .at = civil_days(year, month, day) * 86400,
	};
	struct succession found = succession_find(arena, &asked);
	const char *text = lives[found.life];
	char since[CIVIL_DAY_MAX];

	if (found.life == PLACE_LIVES)
		return text;
	civil_day_text(found.day, since);
	text = arena_printf(arena, "%s %s:", text, since);
	for (uint32_t i = 0; i < found.instead.count; i++)
		text =
		    arena_printf(arena, "%s %s", text, region->places[found.instead.items[i]].code);
	return text;
}

static void
from_one_to_the_next_until_they_are_there(void **state)
{
	struct arena *arena = arena_new(0);

	(void)state;
	assert_string_equal(told(arena, "A", 2026, 3, 31), "lives");
	assert_string_equal(told(arena, "A", 2026, 4, 1), "ended 2026-04-01: B C");
	assert_string_equal(told(arena, "A", 2027, 3, 31), "ended 2026-04-01: B C");
	assert_string_equal(told(arena, "A", 2027, 4, 1), "ended 2026-04-01: C D");
	assert_string_equal(told(arena, "B", 2027, 4, 1), "ended 2027-04-01: D C");
	assert_string_equal(told(arena, "E", 2027, 4, 1), "lives");
	assert_string_equal(told(arena, "F", 2027, 4, 1), "ended 2026-04-01:");
	arena_free(arena);
}

static void
of_one_to_come_who_is_there_before_it(void **state)
{
	struct arena *arena = arena_new(0);

	(void)state;
	assert_string_equal(told(arena, "D", 2026, 4, 1), "to come 2027-04-01: B");
	assert_string_equal(told(arena, "D", 2026, 3, 31), "to come 2027-04-01: A");
	assert_string_equal(told(arena, "C", 2026, 3, 31), "to come 2026-04-01: A");
	assert_string_equal(told(arena, "D", 2027, 4, 1), "lives");
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(from_one_to_the_next_until_they_are_there),
	    cmocka_unit_test(of_one_to_come_who_is_there_before_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
