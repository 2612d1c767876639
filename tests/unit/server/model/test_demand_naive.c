/* SPDX-License-Identifier: MIT */
/*
 * From the set-up to the spans, against a second implementation that shares nothing with it:
 * places, footprints, rotas and a requirement that hold from one day until another, and people who
 * serve several places. It asks every half hour of some days by itself which of them hold then. On
 * failure the seed of the case is printed; run `test_demand_naive SEED` for that one alone.
 * CRISISCOVER_ROUNDS=100 in the environment runs a hundred times as many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "server/base/zone.h"
#include "server/model/demand.h"
#include "tests/support/rounds.h"
#include "tests/unit/server/model/dice.h"

#define CASES 2000
#define GRAIN 1800
#define DAYS 5
#define PLACES 5
#define SERVICES 3
#define STAYS 4
#define ROTAS 5
#define SHIFTS 6
#define PEOPLE 4
#define APPROVALS 3
#define COUNCILS 2

static uint64_t only_seed;
static const struct zone *zone;

struct demand_case {
	struct region region;
	struct region_place places[PLACES];
	struct region_service services[SERVICES];
	struct region_dated_place dated_places[SERVICES][STAYS];
	struct region_rota rotas[ROTAS];
	struct region_requirement requirement;
	struct region_function functions[2];
	bool holders[PEOPLE];
	struct region_person people[PEOPLE];
	struct region_people_block block;
	const struct region_people_block *blocks[1];
	struct region_approval approvals[PEOPLE][APPROVALS];
	uint32_t approvers[COUNCILS];
	struct region_hours hours;
	struct region_demand demand;
	struct region_supply supplies[ROTAS * STAYS];
	struct span_time days[2];
	uint32_t served_by[ROTAS];
	struct shift shifts[ROTAS][SHIFTS];
	size_t nshifts[ROTAS];
	struct sweep_rota sources[ROTAS]; /* by rota of the demand */
	struct share_duty duties[ROTAS * SHIFTS];
	struct holidays holidays;
	struct span_time window;
	int64_t day; /* the first */
};

/* --- A random case. Place 0 is the demand's; service 2 is of another function. --- */

static struct span_time
dice_life(struct dice *dice, int64_t day)
{
	struct span_time life = REGION_ALWAYS;

	if (dice_below(dice, 3) == 0)
		life.start = day + dice_below(dice, DAYS);
	if (dice_below(dice, 3) == 0)
		life.end =
		    (life.start == INT64_MIN ? day : life.start + 1) + dice_below(dice, DAYS);
	return life;
}

static int
by_start(const void *a, const void *b)
{
	const struct shift *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static void
dice_rota(struct dice *dice, struct demand_case *c, uint32_t rota)
{
	static const enum shift_class classes[] = {
	    SHIFT_NAMED, SHIFT_NAMED, SHIFT_NAMED, SHIFT_NAMED, SHIFT_NOBODY, SHIFT_UNDECIDED};
	size_t n = (size_t)dice_below(dice, SHIFTS + 1), i;

	c->rotas[rota].life = dice_life(dice, c->day);
	c->rotas[rota].service = (uint32_t)dice_below(dice, SERVICES);
	for (i = 0; i < n; i++) {
		struct shift *shift = &c->shifts[rota][i];

		shift->start = c->window.start + (dice_below(dice, DAYS * 48 + 20) - 10) * GRAIN;
		shift->end = shift->start + (1 + dice_below(dice, 60)) * GRAIN;
		shift->id = (int64_t)(rota * SHIFTS + i + 1);
		shift->class = classes[dice_below(dice, 6)];
		shift->person =
		    shift->class == SHIFT_NAMED ? (uint32_t)dice_below(dice, PEOPLE) : SWEEP_NOBODY;
	}
	if (n > 1)
		qsort(c->shifts[rota], n, sizeof *c->shifts[rota], by_start);
	c->nshifts[rota] = n;
}

static void
dice_service(struct dice *dice, struct demand_case *c, uint32_t service)
{
	uint32_t n = 0, i;

	c->services[service].function = service == 2 ? 1 : 0;
	for (i = 0; i < STAYS; i++) {
		struct region_dated_place dated = {
		    (uint32_t)dice_below(dice, PLACES), dice_life(dice, c->day)};
		bool overlaps = false;
		uint32_t j;

		for (j = 0; j < n; j++)
			overlaps |= c->dated_places[service][j].place == dated.place &&
				    c->dated_places[service][j].life.start < dated.life.end &&
				    dated.life.start < c->dated_places[service][j].life.end;
		if (!overlaps)
			c->dated_places[service][n++] = dated;
	}
	c->services[service].footprint = (struct region_dated_places){c->dated_places[service], n};
}

/* The result of region_derive, as far as one demand at place 0 is concerned; its own rules are
 * tested in test_region_life.c. */
static void
derive(struct demand_case *c, struct span_time asked)
{
	uint32_t nrotas = 0, n = 0, rota, i;

	c->days[0].start =
	    asked.start > c->places[0].life.start ? asked.start : c->places[0].life.start;
	c->days[0].end = asked.end < c->places[0].life.end ? asked.end : c->places[0].life.end;
	c->demand.days = (struct span_times){c->days, c->days[0].start < c->days[0].end};
	for (rota = 0; rota < ROTAS; rota++) {
		const struct region_service *service = &c->services[c->rotas[rota].service];
		uint32_t before = n;

		for (i = 0; service->function == 0 && i < service->footprint.count; i++) {
			struct span_time life = service->footprint.items[i].life;

			if (service->footprint.items[i].place != 0)
				continue;
			if (life.start < c->places[0].life.start)
				life.start = c->places[0].life.start;
			if (life.start < c->rotas[rota].life.start)
				life.start = c->rotas[rota].life.start;
			if (life.end > c->places[0].life.end)
				life.end = c->places[0].life.end;
			if (life.end > c->rotas[rota].life.end)
				life.end = c->rotas[rota].life.end;
			if (life.start < life.end)
				c->supplies[n++] = (struct region_supply){rota, life};
		}
		if (n == before)
			continue;
		c->sources[nrotas] = (struct sweep_rota){
		    .shifts = c->shifts[rota],
		    .nshifts = c->nshifts[rota],
		    .horizon = INT64_MAX,
		    .trusted_until = INT64_MAX,
		};
		c->served_by[nrotas++] = rota;
	}
	c->demand.rotas = (struct region_list){c->served_by, nrotas};
	c->demand.supplies = c->supplies;
	c->demand.nsupplies = n;
}

static void
dice_approvals(struct dice *dice, struct demand_case *c)
{
	static const uint32_t functions[] = {0, 1};

	for (uint32_t i = 0; i < PEOPLE; i++) {
		struct region_person *person = &c->people[i];

		person->approvals = c->approvals[i];
		person->napprovals = (uint32_t)dice_below(dice, APPROVALS + 1);
		person->roles = (struct region_list){c->holders[i] ? functions : functions + 1, 1};
		for (uint32_t j = 0; j < person->napprovals; j++) {
			c->approvals[i][j] = (struct region_approval){
			    .function = (uint32_t)dice_below(dice, 4) == 0,
			    .organisation = (uint32_t)dice_below(dice, COUNCILS + 1),
			    .life = dice_life(dice, c->day),
			};
			if (c->approvals[i][j].function == 0)
				c->functions[0].approved = true;
		}
	}
	c->approvers[0] = (uint32_t)dice_below(dice, COUNCILS);
	c->approvers[1] = 1 - c->approvers[0];
	c->requirement.approvers =
	    (struct region_list){c->approvers, (uint32_t)dice_below(dice, COUNCILS + 1)};
}

static void
dice_case(struct dice *dice, struct demand_case *c)
{
	/* Around the nights on which the clock changes, and 1 April. */
	static const int dates[][3] = {{2026, 3, 27}, {2026, 3, 30}, {2027, 3, 26}, {2027, 10, 29}};
	const int *date = dates[dice_below(dice, 4)];
	uint32_t i;

	memset(c, 0, sizeof *c);
	c->day = civil_days(date[0], date[1], date[2]);
	c->window.start = zone_instant(zone, c->day * 86400, NULL);
	c->window.end = c->window.start + DAYS * 86400;
	for (i = 0; i < PLACES; i++) {
		c->places[i].kind = i == 0 || dice_below(dice, 3) > 0 ? "council_area" : "icb";
		c->places[i].life = dice_life(dice, c->day);
	}
	for (i = 0; i < SERVICES; i++)
		dice_service(dice, c, i);
	for (i = 0; i < ROTAS; i++)
		dice_rota(dice, c, i);
	c->hours = (struct region_hours){0xff, 0, 86400};
	if (dice_below(dice, 2) == 0)
		c->hours = (struct region_hours){0xff, (int32_t)dice_below(dice, 47) * GRAIN,
		    (int32_t)dice_below(dice, 49) * GRAIN};
	c->requirement = (struct region_requirement){
	    .count = 1 + (int32_t)dice_below(dice, 2),
	    .max_share = (int32_t)dice_below(dice, 4),
	    .hours = &c->hours,
	    .nhours = 1,
	    .life = dice_life(dice, c->day),
	};
	c->blocks[0] = &c->block;
	for (i = 0; i < PEOPLE; i++) {
		c->block.people[i] = &c->people[i];
		c->holders[i] = dice_below(dice, 4) != 0;
	}
	c->functions[0].holders = c->holders;
	dice_approvals(dice, c);
	c->requirement.role = dice_below(dice, 2) == 0 ? REGION_ROLE_REQUIRED : REGION_ROLE_ANY;
	derive(c, c->requirement.life);
	c->region = (struct region){
	    .functions = c->functions,
	    .nfunctions = 2,
	    .people = c->blocks,
	    .norganisations = COUNCILS,
	    .places = c->places,
	    .services = c->services,
	    .rotas = c->rotas,
	    .requirements = &c->requirement,
	    .demands = &c->demand,
	    .nplaces = PLACES,
	    .npeople = PEOPLE,
	    .nservices = SERVICES,
	    .nrotas = ROTAS,
	    .nrequirements = 1,
	    .ndemands = 1,
	};
}

/* --- One half hour, by definition: on the wall of London. --- */

static int64_t
wall_day(int64_t t)
{
	return zone_local(zone, t) / 86400;
}

static bool
holds(struct span_time life, int64_t t)
{
	return life.start <= wall_day(t) && wall_day(t) < life.end;
}

/* Whether the rota serves the place then, for function 0. */
static bool
is_served(const struct demand_case *c, uint32_t rota, uint32_t place, int64_t t)
{
	const struct region_service *service = &c->services[c->rotas[rota].service];
	uint32_t i;

	if (service->function != 0 || !holds(c->rotas[rota].life, t) ||
	    !holds(c->places[place].life, t))
		return false;
	for (i = 0; i < service->footprint.count; i++)
		if (service->footprint.items[i].place == place &&
		    holds(service->footprint.items[i].life, t))
			return true;
	return false;
}

static bool
is_on(const struct shift *shift, int64_t t)
{
	return shift->start <= t && t < shift->end;
}

/* In how many places of place 0's kind the person is on. */
static int
count_places(const struct demand_case *c, uint32_t person, int64_t t)
{
	int count = 0;
	uint32_t place, rota;
	size_t i;

	for (place = 0; place < PLACES; place++) {
		bool there = false;

		for (rota = 0; rota < ROTAS; rota++)
			for (i = 0; i < c->nshifts[rota]; i++)
				there |= c->shifts[rota][i].class == SHIFT_NAMED &&
					 c->shifts[rota][i].person == person &&
					 is_on(&c->shifts[rota][i], t) &&
					 is_served(c, rota, place, t);
		count += there && strcmp(c->places[place].kind, c->places[0].kind) == 0;
	}
	return count;
}

static bool
is_asked(const struct demand_case *c, int64_t t)
{
	int64_t local = zone_local(zone, t), second = local - local / 86400 * 86400;
	int32_t from = c->hours.from, to = c->hours.to;

	if (!holds(c->requirement.life, t) || !holds(c->places[0].life, t))
		return false;
	if (to > from)
		return from <= second && second < to;
	return second >= from || second < to;
}

struct moment {
	enum cover_state state;
	enum cover_cause cause;
	int present;
};

/* A role without an approval is one of nobody knows whom: fine, unless somebody must have given it. */
static bool
is_approved(const struct demand_case *c, uint32_t person, int64_t t)
{
	bool any = false, approved = false;

	for (uint32_t i = 0; i < c->people[person].napprovals; i++) {
		const struct region_approval *approval = &c->approvals[person][i];
		bool by = c->requirement.approvers.count == 0;

		for (uint32_t j = 0; j < c->requirement.approvers.count; j++)
			by |= c->approvers[j] == approval->organisation;
		if (approval->function != 0)
			continue;
		any = true;
		approved |= by && holds(approval->life, t);
	}
	return any ? approved : c->requirement.approvers.count == 0;
}

static struct moment
judge(const struct demand_case *c, int64_t t)
{
	bool on[PEOPLE] = {false}, wide = false, source = false, nobody = false, undecided = false;
	bool lacking = false, unapproved = false;
	struct moment moment = {0};
	uint32_t rota, person;
	size_t i;

	for (rota = 0; rota < ROTAS; rota++) {
		if (!is_served(c, rota, 0, t))
			continue;
		source = true;
		for (i = 0; i < c->nshifts[rota]; i++) {
			const struct shift *shift = &c->shifts[rota][i];

			if (!is_on(shift, t))
				continue;
			nobody |= shift->class == SHIFT_NOBODY;
			undecided |= shift->class == SHIFT_UNDECIDED;
			if (shift->class == SHIFT_NAMED)
				on[shift->person] = true;
		}
	}
	for (person = 0; person < PEOPLE; person++) {
		bool lacks = c->requirement.role == REGION_ROLE_REQUIRED && !c->holders[person];
		bool barred = !lacks && c->requirement.role == REGION_ROLE_REQUIRED &&
			      !is_approved(c, person, t);
		bool too_wide = on[person] && !lacks && !barred && c->requirement.max_share > 0 &&
				count_places(c, person, t) > c->requirement.max_share;

		lacking |= on[person] && lacks;
		unapproved |= on[person] && barred;
		wide |= too_wide;
		moment.present += on[person] && !lacks && !barred && !too_wide;
	}
	if (!is_asked(c, t)) {
		moment.state = COVER_NOT_COMMISSIONED;
	} else if (moment.present >= c->requirement.count) {
		moment.state = COVER_COVERED;
	} else if (undecided) {
		moment.state = COVER_UNKNOWN;
		moment.cause = CAUSE_UNDECIDED;
	} else {
		moment.state = moment.present > 0 ? COVER_SHORT : COVER_GAP;
		moment.cause = !source              ? CAUSE_NO_SOURCE
			       : wide               ? CAUSE_SHARED
			       : lacking            ? CAUSE_NO_ROLE
			       : unapproved         ? CAUSE_APPROVAL_ENDED
			       : nobody             ? CAUSE_NOBODY
			       : moment.present > 0 ? CAUSE_TOO_FEW
						    : CAUSE_SILENT;
	}
	return moment;
}

/* --- Comparing. --- */

/* The spring night's skipped hour and the autumn night's second one: hours that begin or end in
 * them are read by a rule of their own (test_hours.c), which this wall has not. */
static bool
is_odd(int64_t t)
{
	int i;

	for (i = -3; i <= 3; i++)
		if (zone_offset(zone, t) != zone_offset(zone, t + i * 3600))
			return true;
	return false;
}

static void
check(uint64_t seed)
{
	struct dice dice = dice_of(seed);
	struct arena *arena = arena_new(0);
	struct demand_case c;
	struct demand_asked asked;
	struct cover_spans spans;
	size_t i = 0, n = 0, j;
	uint32_t rota;
	int64_t t;
	bool always;

	dice_case(&dice, &c);
	always = c.hours.from == 0 && c.hours.to == 86400;
	for (rota = 0; rota < ROTAS; rota++)
		for (j = 0; j < c.nshifts[rota]; j++)
			if (c.shifts[rota][j].class == SHIFT_NAMED)
				c.duties[n++] = (struct share_duty){c.shifts[rota][j].person, rota,
				    c.shifts[rota][j].start, c.shifts[rota][j].end};
	asked = (struct demand_asked){
	    .context = {&c.region, zone, &c.holidays},
	    .window = c.window,
	    .rotas = c.sources,
	    .elsewhere = {c.duties, n},
	};
	spans = demand_sweep(arena, &asked);
	for (t = c.window.start; t < c.window.end; t += GRAIN) {
		struct moment moment;

		while (spans.items[i].end <= t)
			i++;
		moment = judge(&c, t);
		if (!always && is_odd(t))
			continue;
		if (spans.items[i].state != moment.state || spans.items[i].cause != moment.cause ||
		    spans.items[i].present != moment.present)
			fail_msg("seed %llu, %lld: %s (%s, %d) where the naive one has %s (%s, %d)",
			    (unsigned long long)seed, (long long)t,
			    cover_state_name(spans.items[i].state),
			    cover_cause_name(spans.items[i].cause), spans.items[i].present,
			    cover_state_name(moment.state), cover_cause_name(moment.cause),
			    moment.present);
	}
	assert_int_equal(spans.items[0].start, c.window.start);
	assert_int_equal(spans.items[spans.count - 1].end, c.window.end);
	arena_free(arena);
}

/* holds: H01.2 */
static void
test_demands_equal_the_naive_ones(void **state)
{
	uint64_t seed;

	(void)state;
	if (only_seed)
		check(only_seed);
	for (seed = 1; !only_seed && seed <= rounds(CASES); seed++)
		check(seed);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_demands_equal_the_naive_ones)};
	struct zonedb *zones;
	int failed;

	if (argc > 1)
		only_seed = strtoull(argv[1], NULL, 10);
	if (zonedb_open("/usr/share/zoneinfo", &zones) != STATUS_OK)
		return 1;
	zone = zonedb_find(zones, "Europe/London");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	zonedb_free(zones);
	return failed;
}
