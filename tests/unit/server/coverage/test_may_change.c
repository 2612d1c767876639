/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/model/demand.h"
#include "tests/unit/server/coverage/testbed.h"
#include "tests/unit/server/model/dice.h"
#include "tests/unit/server/model/region_text.h"

/* Which demands a change may touch, as the previews are told by the model, against what coverage
 * sweeps for it and what changes on the map. */

enum { STEPS = 40, NPEOPLE = 3 };

static const char *const rotas[] = {"r1", "r2", "r3", "r4", "leave"};
static const char *const people[] = {"ann", "bob", "cyd"};

static const char region_text[] =
    "{'crisiscover':1,'organisations':[{'code':'ZFC','name':'F','kind':'local_authority'}],"
    "'functions':[{'code':'amhp','name':'AMHP'},{'code':'other','name':'Other'}],"
    "'places':[{'code':'P1','name':'West','kind':'council_area'},{'code':'P2','name':'East','kind':'council_area'},"
    "{'code':'P3','name':'North','kind':'council_area'}],'people':[{'id':'ann','name':'Ann','organisation':'ZFC'},"
    "{'id':'bob','name':'Bob','organisation':'ZFC'},{'id':'cyd','name':'Cyd','organisation':'ZFC'}],"
    "'services':[{'id':'S1','name':'S','function':'amhp','organisation':'ZFC','places':['P1']},"
    "{'id':'S2','name':'S','function':'amhp','organisation':'ZFC','places':['P2']},"
    "{'id':'S3','name':'S','function':'amhp','organisation':'ZFC','places':['P3']},"
    "{'id':'S4','name':'S','function':'other','organisation':'ZFC','places':['P3']}],"
    "'rotas':[{'id':'r1','service':'S1','source':{'kind':'typed'}},{'id':'r2','service':'S2','source':{'kind':'typed'}},"
    "{'id':'r3','service':'S3','source':{'kind':'typed'}},{'id':'r4','service':'S4','source':{'kind':'typed'}},"
    "{'id':'leave','organisation':'ZFC','absences':true,'source':{'kind':'typed'}}],"
    "'requirements':[{'id':'Q1','place':'P1','function':'amhp','count':1,'max_share':2,'hours':[{'days':['all'],"
    "'from':'00:00','to':'24:00'}]},{'id':'Q2','place':'P2','function':'amhp','count':1,'hours':[{'days':['all'],"
    "'from':'00:00','to':'24:00'}]},{'id':'Q3','place':'P3','function':'amhp','count':1,'max_share':1,'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},{'id':'Q4','place':'P3','function':'other','count':1,'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}]}";

/* ${region_text} with " for '. Yours. */
static char *
document(void)
{
	char *text = strdup(region_text);

	for (char *at = text; *at != '\0'; at++)
		if (*at == '\'')
			*at = '"';
	return text;
}

static bool
is_true(char *answer)
{
	bool yes = strcmp(answer, "t") == 0;

	free(answer);
	return yes;
}

static bool
names(const void *ctx, uint32_t rota, const bool *of)
{
	const struct region *region = ctx;

	for (uint32_t i = 0; i < region->npeople; i++)
		if (of[i] &&
		    is_true(testbed_ask(
			"select exists (select from shift where rota = '%s' and person = '%s' and class = 'named' and known_to = 'infinity')",
			region->rotas[rota].id, region_person(region, i)->id)))
			return true;
	return false;
}

/* A change of one entry of ${rota} concerns the person before and the person after. */
static void
change_one(struct dice *dice, const struct region *region, struct demand_change *change, bool *away,
    bool *on)
{
	const char *rota = rotas[dice_below(dice, 5)];
	const char *class = strcmp(rota, "leave") == 0 ? "absence" : "named";
	const char *person = people[dice_below(dice, NPEOPLE)];
	unsigned from = (unsigned)dice_below(dice, 12), hours = 1 + (unsigned)dice_below(dice, 11);
	bool *touched = strcmp(class, "absence") == 0 ? away : on;
	char *before = testbed_ask(
	    "select coalesce((select person from shift where rota = '%s' and key = 'a' and known_to = 'infinity'), '')",
	    rota);

	change->rota = table_get(&region->rota_by_id, rota);
	if (before[0] != '\0')
		touched[table_get(&region->person_by_id, before)] = true;
	free(before);
	if (dice_below(dice, 4) == 0) {
		testbed_sql("select shift_end('%s', 'a')", rota);
		return;
	}
	touched[table_get(&region->person_by_id, person)] = true;
	testbed_sql("select shift_put('%s', 'a', '%s', '%s', d(2, '%02u:00'), d(2, '%02u:00'))",
	    rota, class, person, from, from + hours);
}

/* Of each demand, in the order of the region file: its version and what the map says. */
struct seen {
	char *version, *spans;
};

static void
look(const struct region *region, struct seen *seen)
{
	for (uint32_t i = 0; i < region->ndemands; i++) {
		const char *id = region->requirements[region->demands[i].requirement].id;

		seen[i].version =
		    testbed_ask("select version from demand where requirement = '%s'", id);
		seen[i].spans = testbed_ask(
		    "select string_agg(starts_at || state || present || coalesce(cause, ''), "
		    "',' order by starts_at) from span where requirement = '%s' and known_to = 'infinity'",
		    id);
	}
}

static void
forget(const struct region *region, struct seen *seen)
{
	for (uint32_t i = 0; i < region->ndemands; i++) {
		free(seen[i].version);
		free(seen[i].spans);
	}
}

/* Everything that changed may have changed, and everything that may change was swept. */
static void
compare(const struct region *region, const struct demand_change *change, const struct seen *before,
    const struct seen *after, unsigned *changed)
{
	for (uint32_t i = 0; i < region->ndemands; i++) {
		bool may = demand_may_change(region, i, change);
		const char *id = region->requirements[region->demands[i].requirement].id;

		if (strcmp(before[i].spans, after[i].spans) != 0) {
			(*changed)++;
			if (!may)
				fail_msg("%s changed by %s and may not", id,
				    region->rotas[change->rota].id);
		}
		if (may && strcmp(before[i].version, after[i].version) == 0)
			fail_msg("%s may change by %s and was not swept", id,
			    region->rotas[change->rota].id);
	}
}

static void
what_may_change_is_what_coverage_sweeps(void **state)
{
	struct arena *arena = arena_new(0);
	struct dice dice = dice_of(7);
	const struct region *region;
	struct region_faults faults;
	char *text = document();
	unsigned changed = 0;

	(void)state;
	testbed_sql("select apply_region($r$%s$r$)", text);
	testbed_settle();
	assert_int_equal(
	    region_read(arena, slice_of(text), region_text_zones(), &region, &faults), STATUS_OK);
	for (unsigned step = 0; step < STEPS; step++) {
		bool away[NPEOPLE] = {0}, on[NPEOPLE] = {0};
		struct demand_change change = {
		    .away = away, .on = on, .names = names, .ctx = region};
		struct seen before[8], after[8];

		assert_true(region->ndemands <= 8);
		look(region, before);
		change_one(&dice, region, &change, away, on);
		testbed_settle();
		look(region, after);
		compare(region, &change, before, after, &changed);
		forget(region, before);
		forget(region, after);
	}
	assert_true(changed >= STEPS / 2);
	free(text);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_may_change_is_what_coverage_sweeps, testbed_clean),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
