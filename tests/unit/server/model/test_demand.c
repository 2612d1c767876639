/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "server/base/zone.h"
#include "server/model/demand.h"

/* The output of demand_cut is sorted by start, then end, then id: the sweep relies on it, and two
 * processes that cut the same shifts must come to the same spans. */

#define DAY 86400
#define HOUR 3600
#define FIRST 20820 /* the day on which the rota begins to supply: 2 January 2027, in winter */

static const int64_t opens = (int64_t)FIRST * DAY;

static void
cut_and_compare(const struct shift *whole, size_t count, const struct shift *wanted, size_t nwanted)
{
	struct region_supply supply = {.rota = 0, .life = {FIRST, FIRST + 1}};
	uint32_t rota = 0;
	struct region_demand demand = {.rotas = {&rota, 1}, .supplies = &supply, .nsupplies = 1};
	struct region region = {.demands = &demand, .ndemands = 1};
	struct sweep_rota source = {.shifts = whole, .nshifts = count}, part;
	struct arena *arena = arena_new(0);
	struct zonedb *zones;

	assert_int_equal(zonedb_open("/usr/share/zoneinfo", &zones), STATUS_OK);
	demand_cut(arena,
	    &(struct demand_asked){
		.context = {.region = &region, .zone = zonedb_find(zones, "Europe/London")},
		.rotas = &source},
	    &part);
	assert_int_equal(part.nshifts, nwanted);
	for (size_t i = 0; i < nwanted; i++) {
		assert_int_equal(part.shifts[i].id, wanted[i].id);
		assert_int_equal(part.shifts[i].start, wanted[i].start);
		assert_int_equal(part.shifts[i].end, wanted[i].end);
	}
	zonedb_free(zones);
	arena_free(arena);
}

static void
shifts_cut_at_one_instant_are_sorted_by_their_ends(void **state)
{
	const struct shift whole[] = {
	    {.id = 1, .start = opens - 5 * HOUR, .end = opens + 8 * HOUR},
	    {.id = 2, .start = opens - 4 * HOUR, .end = opens + 3 * HOUR},
	    {.id = 3, .start = opens - 3 * HOUR, .end = opens + 5 * HOUR},
	    {.id = 4, .start = opens + 2 * HOUR, .end = opens + 3 * HOUR},
	};
	const struct shift wanted[] = {
	    {.id = 2, .start = opens, .end = opens + 3 * HOUR},
	    {.id = 3, .start = opens, .end = opens + 5 * HOUR},
	    {.id = 1, .start = opens, .end = opens + 8 * HOUR},
	    {.id = 4, .start = opens + 2 * HOUR, .end = opens + 3 * HOUR},
	};

	(void)state;
	cut_and_compare(whole, 4, wanted, 4);
}

static void
equal_times_are_sorted_by_id(void **state)
{
	const struct shift whole[] = {
	    {.id = 9, .start = opens - 5 * HOUR, .end = opens + 8 * HOUR},
	    {.id = 7, .start = opens - 4 * HOUR, .end = opens + 8 * HOUR},
	    {.id = 8, .start = opens - 3 * HOUR, .end = opens + 8 * HOUR},
	    /* These two end alike only because they are cut at the end of the day. */
	    {.id = 6, .start = opens + 20 * HOUR, .end = opens + 30 * HOUR},
	    {.id = 5, .start = opens + 20 * HOUR, .end = opens + 31 * HOUR},
	};
	const struct shift wanted[] = {
	    {.id = 7, .start = opens, .end = opens + 8 * HOUR},
	    {.id = 8, .start = opens, .end = opens + 8 * HOUR},
	    {.id = 9, .start = opens, .end = opens + 8 * HOUR},
	    {.id = 5, .start = opens + 20 * HOUR, .end = opens + DAY},
	    {.id = 6, .start = opens + 20 * HOUR, .end = opens + DAY},
	};

	(void)state;
	cut_and_compare(whole, 5, wanted, 5);
}

static void
what_only_touches_the_days_served_is_left_out(void **state)
{
	const struct shift whole[] = {
	    {.id = 1, .start = opens - 5 * HOUR, .end = opens},
	    {.id = 2, .start = opens - HOUR, .end = opens + 1},
	    {.id = 3, .start = opens + DAY - 1, .end = opens + DAY + HOUR},
	    {.id = 4, .start = opens + DAY, .end = opens + DAY + HOUR},
	};
	const struct shift wanted[] = {
	    {.id = 2, .start = opens, .end = opens + 1},
	    {.id = 3, .start = opens + DAY - 1, .end = opens + DAY},
	};

	(void)state;
	cut_and_compare(whole, 4, wanted, 2);
}

/* Person p has confirmed shifts on rota p alone. */
static bool
names_own(const void *ctx, uint32_t rota, const bool *people)
{
	(void)ctx;
	return people[rota];
}

/* The demand's rotas are 0 and 2, of function 0, as rota 1 is; rota 3 is of another, and rota 4 of
 * none: it has absences. */
static bool
may_change(int32_t max_share, uint32_t rota, uint32_t away, uint32_t on)
{
	static const struct region_rota rotas[] = {{.service = 0}, {.service = 0}, {.service = 0},
	    {.service = 1}, {.service = REGION_NONE}};
	static const struct region_service services[] = {{.function = 0}, {.function = 1}};
	static uint32_t own[] = {0, 2};
	struct region_requirement requirement = {.max_share = max_share};
	struct region_demand demand = {.rotas = {own, 2}};
	struct region region = {
	    .rotas = rotas, .services = services, .requirements = &requirement, .demands = &demand};
	bool people_away[5] = {false}, people_on[5] = {false};

	if (away != REGION_NONE)
		people_away[away] = true;
	if (on != REGION_NONE)
		people_on[on] = true;
	return demand_may_change(&region, 0,
	    &(struct demand_change){
		.rota = rota, .away = people_away, .on = people_on, .names = names_own});
}

static void
a_demand_may_change_by_its_rotas_and_its_people(void **state)
{
	(void)state;
	assert_true(may_change(0, 0, REGION_NONE, REGION_NONE));
	assert_true(may_change(0, 2, REGION_NONE, REGION_NONE));
	assert_false(may_change(0, 1, REGION_NONE, REGION_NONE));
	/* People who are away, by an absence or a rota of absences, and are on one of its rotas. */
	assert_true(may_change(0, REGION_NONE, 2, REGION_NONE));
	assert_true(may_change(0, 4, 0, REGION_NONE));
	assert_false(may_change(0, 4, 1, REGION_NONE));
	/* People who are on elsewhere for its function, if that is limited. */
	assert_true(may_change(1, 1, REGION_NONE, 2));
	assert_false(may_change(1, 1, REGION_NONE, 3));
	assert_false(may_change(0, 1, REGION_NONE, 2));
	assert_false(may_change(1, 3, REGION_NONE, 2));
	assert_false(may_change(1, REGION_NONE, REGION_NONE, 2));
}

static void
a_demand_is_in_force_on_its_days(void **state)
{
	static const struct span_time days[] = {{FIRST, FIRST + 1}, {FIRST + 3, FIRST + 4}};
	struct region_demand demand = {.days = {days, 2}};
	const struct region region = {.demands = &demand, .ndemands = 1};
	struct zonedb *zones;
	struct demand_context context = {.region = &region};

	(void)state;
	assert_int_equal(zonedb_open("/usr/share/zoneinfo", &zones), STATUS_OK);
	context.zone = zonedb_find(zones, "Europe/London");
	assert_true(demand_in_force(&context, 0, (struct span_time){opens, opens + 1}));
	assert_false(demand_in_force(&context, 0, (struct span_time){opens - DAY, opens}));
	assert_false(
	    demand_in_force(&context, 0, (struct span_time){opens + DAY, opens + 3 * DAY}));
	assert_true(
	    demand_in_force(&context, 0, (struct span_time){opens + DAY, opens + 3 * DAY + 1}));
	zonedb_free(zones);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_demand_is_in_force_on_its_days),
	    cmocka_unit_test(shifts_cut_at_one_instant_are_sorted_by_their_ends),
	    cmocka_unit_test(equal_times_are_sorted_by_id),
	    cmocka_unit_test(what_only_touches_the_days_served_is_left_out),
	    cmocka_unit_test(a_demand_may_change_by_its_rotas_and_its_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
