/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/base/instant.h"
#include "server/map/lookup.h"
#include "tests/unit/server/map/scene.h"

/* The people who are on, who are named and do not count, who come next, and the numbers to ring: of
 * a map, at ATLAS_NOW, a Sunday. */

#define ALL_DAY "'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]"
#define MONDAYS "'hours':[{'days':['mon'],'from':'00:00','to':'24:00'}]"
#define LATER "'from':'2026-12-01'," ALL_DAY
#define ASKS(id, more) "{'id':'" id "','place':'P','function':'amhp','count':1," more "}"
#define ASKS_TWO(id, more) "{'id':'" id "','place':'P','function':'amhp','count':2," more "}"
#define ROTA(id, service, tier)                                                                    \
	"{'id':'" id "','service':'" service "','tier':" tier                                      \
	",'source':{'kind':'ical_url','url':'https://example.org/" id ".ics'}}"
#define PERSON(id, name, roles)                                                                    \
	"{'id':'" id "','name':'" name "','organisation':'O','roles':[" roles "]}"
#define SERVICE(id, place, more)                                                                   \
	"{'id':'" id "','name':'" id "','function':'amhp','organisation':'O','places':[" place     \
	"]" more "}"
#define ROTAS ROTA("r0", "west", "3") "," ROTA("r1", "west", "1") "," ROTA("r2", "west", "2")
#define REGION_OF(places, services, rotas, requirements)                                           \
	"{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'},{'code':'Z',"      \
	"'name':'Z','kind':'icb'}],'functions':[{'code':'amhp','name':'AMHP'},{'code':'x',"        \
	"'name':'X'}],'places':[" places "],'people':[" PEOPLE "],'services':[" services           \
	"],'rotas':[" rotas "],'requirements':[" requirements "]}"
#define PEOPLE                                                                                     \
	PERSON("ann", "Ann", "'amhp'")                                                             \
	"," PERSON("bob", "Bob", "'x'") "," PERSON("cat", "Cat",                                   \
	    "{'function':'amhp','approved_by':'O','until':'2026-12-01'}") "," PERSON("old", "Old", \
	    "{'function':'amhp','approved_by':'O','until':'2026-11-01'}")
#define REGION(places, services, requirements) REGION_OF(places, services, ROTAS, requirements)
#define P "{'code':'P','name':'P','kind':'icb'}"
#define WEST SERVICE("west", "'P'", "")
#define OF(requirements) REGION(P, WEST, requirements)

static void
on(struct scene *scene, const char *rota, int64_t id, const char *person, double from, double to)
{
	atlas_shift(&scene->atlas, rota, id, KEPT_NAMED, person, NULL, from, to);
}

static void
team(struct scene *scene, const char *rota, int64_t id, const char *name)
{
	atlas_shift(&scene->atlas, rota, id, KEPT_TEAM, NULL, name, -1, 5);
}

/* Function amhp at P. */
static struct lookup_function
look(struct scene *scene, const char *place)
{
	struct cover_asked asked = {.map = scene->atlas.map, .now = ATLAS_NOW};
	struct lookup lookup;

	lookup_make(scene->arena, &asked,
	    &(struct lookup_asked){atlas_place(&scene->atlas, place), 0, ATLAS_NOW}, &lookup);
	assert_int_equal(lookup.count, 1);
	return lookup.items[0];
}

static const char *
listed(struct scene *scene, const char *text, const char *what, struct lookup_duties duties)
{
	for (size_t i = 0; i < duties.count; i++) {
		const struct lookup_duty *duty = &duties.items[i];

		text = arena_printf(scene->arena, "%s, %s %s%s%s", text, what,
		    duty->name != NULL ? duty->name : "(no name)",
		    duty->holds ? "" : " without the role", duty->approved ? "" : " not approved");
	}
	return text;
}

/* "covered 1/1, on Ann, counts not Bob, last known Cat". */
static const char *
said(struct scene *scene)
{
	struct lookup_function found = look(scene, "P");
	const char *text = arena_printf(
	    scene->arena, "%s %d/%d", cover_state_name(found.state), found.present, found.required);

	text = listed(scene, text, "on", found.on_call);
	text = listed(scene, text, "counts not", found.not_counted);
	return listed(scene, text, "last known", found.last_known);
}

static void
check(const char *region, const char *person, const char *want)
{
	struct scene scene;

	open_scene(&scene, region);
	on(&scene, "r1", 1, person, -1, 5);
	assert_string_equal(said(&scene), want);
	close_scene(&scene);
}

static void
who_counts_is_said_by_the_requirement_in_force(void **state)
{
	(void)state;
	check(OF(ASKS("R", ALL_DAY)), "ann", "covered 1/1, on Ann");
	check(OF(ASKS("R", ALL_DAY)), "bob", "gap 0/1, counts not Bob without the role");
	check(
	    OF(ASKS("R", "'role':'any'," ALL_DAY)), "bob", "covered 1/1, on Bob without the role");
	check(OF(ASKS("R", "'role':'any'," LATER)), "bob",
	    "not_commissioned 0/0, counts not Bob without the role");
	check(OF(ASKS("R", LATER) "," ASKS("S", "'role':'any'," ALL_DAY)), "bob",
	    "covered 1/1, on Bob without the role");
	/* Its hours do not matter to who may be on. */
	check(OF(ASKS("R", "'role':'any'," MONDAYS)), "bob",
	    "not_commissioned 1/0, on Bob without the role");
	check(OF("{'id':'R','place':'P','function':'x','count':1,'role':'any'," ALL_DAY "}"), "bob",
	    "not_commissioned 0/0, counts not Bob without the role");
}

static void
who_is_approved_is_said_by_the_requirement_in_force(void **state)
{
#define BY_Z "'approvers':['Z'],"
#define BY_O "'approvers':['O'],"
	(void)state;
	check(OF(ASKS("R", BY_O ALL_DAY)), "cat", "covered 1/1, on Cat");
	check(OF(ASKS("R", BY_Z ALL_DAY)), "cat", "gap 0/1, counts not Cat not approved");
	check(OF(ASKS("R", ALL_DAY)), "old", "gap 0/1, counts not Old not approved");
	/* One of two in force is enough, and the worse state is said. */
	check(OF(ASKS("R", BY_Z ALL_DAY) "," ASKS("S", BY_O ALL_DAY)), "cat", "gap 0/1, on Cat");
	check(OF(ASKS("R", BY_O ALL_DAY) "," ASKS("S", BY_Z ALL_DAY)), "cat", "gap 0/1, on Cat");
	/* One that is not in force says nothing; without any the role's own approval decides. */
	check(OF(ASKS("R", BY_Z LATER) "," ASKS("S", BY_O ALL_DAY)), "cat", "covered 1/1, on Cat");
	check(OF(ASKS("R", BY_Z LATER)), "cat", "not_commissioned 1/0, on Cat");
	check(OF(ASKS("R", BY_Z MONDAYS)), "cat",
	    "not_commissioned 0/0, counts not Cat not approved");
	check(OF(ASKS("R", LATER)), "old", "not_commissioned 0/0, counts not Old not approved");
	/* A requirement in force leaves the role's own approval no second chance. */
	check(OF("{'id':'Q','place':'P','function':'x','count':1," ALL_DAY
		 "}," ASKS("R", BY_Z ALL_DAY)),
	    "cat", "gap 0/1, counts not Cat not approved");
}

static void
the_worst_requirement_is_said(void **state)
{
	(void)state;
	check(OF(ASKS_TWO("R", ALL_DAY) "," ASKS("S", ALL_DAY)), "ann", "short 1/2, on Ann");
	check(OF(ASKS("R", ALL_DAY) "," ASKS_TWO("S", ALL_DAY)), "ann", "short 1/2, on Ann");
	check(OF(ASKS_TWO("R", MONDAYS) "," ASKS("S", ALL_DAY)), "ann", "covered 1/1, on Ann");
}

static void
they_stand_by_tier_name_and_shift(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, REGION_OF(P, SERVICE("east", "'P'", "") "," WEST,
			       ROTAS "," ROTA("d1", "east", "3"), ASKS("R", MONDAYS)));
	on(&scene, "r2", 1, "ann", -1, 5);
	on(&scene, "r1", 2, "cat", -1, 5);
	team(&scene, "r1", 9, "Hub");
	team(&scene, "r1", 8, "Hub");
	team(&scene, "r1", 7, "Annexe");
	/* Two lines of one team are two telephones. */
	assert_string_equal(
	    said(&scene), "not_commissioned 5/0, on Annexe, on Cat, on Hub, on Hub, on Ann");
	assert_int_equal(look(&scene, "P").on_call.items[2].shift->id, 8);
	assert_int_equal(look(&scene, "P").on_call.items[3].shift->id, 9);
	/* One person on two rotas is one. */
	on(&scene, "r1", 3, "ann", -2, 4);
	assert_string_equal(said(&scene),
	    "not_commissioned 5/0, on Ann, on Annexe, on Cat, on Hub, on Hub, on Ann");
	/* The third tier of another service, and lines that the source gives no name. */
	on(&scene, "d1", 4, "cat", -2, 4);
	team(&scene, "d1", 5, "");
	team(&scene, "r1", 6, "");
	assert_string_equal(said(&scene),
	    "not_commissioned 7/0, on (no name), on Ann, on Annexe, on Cat, on Hub, on Hub, on Ann, "
	    "on (no name), on Cat");
	close_scene(&scene);
}

/* A calendar is believed for six hours; a person's decision, always. */
static void
who_was_put_on_outlasts_the_calendar(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene, OF(ASKS("R", ALL_DAY)));
	on(&scene, "r1", 1, "ann", -1, 5);
	atlas_override(&scene.atlas, "r1", 1, "cat", NULL, NULL, -1, 1);
	atlas_feed(&scene.atlas, "r1", 7 * 3600);
	assert_string_equal(said(&scene), "covered 1/1, on Cat, last known Ann");
	assert_int_equal(look(&scene, "P").on_call.items[0].override->id, 1);
	assert_null(look(&scene, "P").last_known.items[0].override);
	close_scene(&scene);
}

/* The next is who starts later, stays longer, is there, and counts. */
static void
who_follows_counts_and_stays_longer(void **state)
{
	struct scene scene;
	struct lookup_duty duty;

	(void)state;
	open_scene(&scene, OF(ASKS("R", ALL_DAY)));
	on(&scene, "r1", 1, "ann", -1, 5);
	assert_null(look(&scene, "P").on_call.items[0].next_name);
	on(&scene, "r1", 2, "cat", -0.5, 5); /* began already */
	on(&scene, "r1", 3, "cat", 1, 5);    /* ends with her */
	on(&scene, "r1", 4, "old", 2, 9);    /* is not approved */
	on(&scene, "r1", 5, "bob", 3, 9);    /* has not the role */
	atlas_shift(&scene.atlas, "r1", 6, KEPT_UNDECIDED, NULL, NULL, 3.5, 9);
	on(&scene, "r1", 7, "cat", 5, 13);
	duty = look(&scene, "P").on_call.items[0];
	assert_string_equal(duty.next_name, "Cat");
	assert_int_equal(duty.next_from, ATLAS_NOW + 5 * 3600);
	atlas_shift(&scene.atlas, "r2", 8, KEPT_ABSENCE, "cat", NULL, 4.5, 6);
	duty = look(&scene, "P").on_call.items[0];
	assert_null(duty.next_name);
	close_scene(&scene);
}

static void
who_follows_is_of_the_days_on_which_the_rota_serves(void **state)
{
	struct scene scene;

	(void)state;
	/* Midnight is in 20 hours and 50 minutes. */
	open_scene(&scene, REGION(P, SERVICE("west", "{'place':'P','until':'2026-11-23'}", ""),
			       ASKS("R", ALL_DAY)));
	on(&scene, "r1", 1, "ann", -1, 5);
	on(&scene, "r1", 2, "cat", 21, 30);
	assert_null(look(&scene, "P").on_call.items[0].next_name);
	on(&scene, "r1", 3, "cat", 20, 22);
	assert_int_equal(look(&scene, "P").on_call.items[0].next_from, ATLAS_NOW + 20 * 3600);
	close_scene(&scene);
}

/* holds: H01.4 */
static void
a_contradiction_is_told_while_it_lasts(void **state)
{
	static const struct {
		double from, to;
		const char *third;
		size_t warnings;
	} cases[] = {{-1, 1, "bob", 1}, {-1, 1, NULL, 0}, {1, 2, "bob", 0}, {-2, -1, "bob", 0},
	    {0, 1, "bob", 1}, {-1, 0, "bob", 0}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene;

		open_scene(&scene, OF(ASKS("R", ALL_DAY)));
		on(&scene, "r1", 1, "ann", -9, 9);
		atlas_override(&scene.atlas, "r1", 1, "cat", "ann", cases[i].third, cases[i].from,
		    cases[i].to);
		if (look(&scene, "P").nwarnings != cases[i].warnings)
			fail_msg("case %zu", i);
		close_scene(&scene);
	}
}

/* Where else to look for somebody: places of this kind, by name and code, and only by a confirmed
 * shift that lasts. */
static void
other_places_of_the_person_stand_in_order(void **state)
{
	struct scene scene;
	struct region_list shared;

	(void)state;
	open_scene(&scene,
	    REGION_OF(P
		",{'code':'B','name':'Same','kind':'icb'},{'code':'A','name':'Same','kind':'icb'},"
		"{'code':'C','name':'Early','kind':'icb'},{'code':'D','name':'D','kind':'icb'},"
		"{'code':'T','name':'T','kind':'council_area'}",
		SERVICE("west", "'P','B','A','C','T'", "") "," SERVICE("east", "'D'", ""),
		ROTAS "," ROTA("d1", "east", "1"), ASKS("R", ALL_DAY)));
	on(&scene, "r1", 1, "ann", -1, 5);
	on(&scene, "d1", 2, "ann", -9, 0);
	atlas_shift(&scene.atlas, "d1", 3, KEPT_TENTATIVE, "ann", NULL, -1, 5);
	shared = look(&scene, "P").on_call.items[0].shared;
	assert_int_equal(shared.count, 3);
	assert_int_equal(shared.items[0], atlas_place(&scene.atlas, "C"));
	assert_int_equal(shared.items[1], atlas_place(&scene.atlas, "A"));
	assert_int_equal(shared.items[2], atlas_place(&scene.atlas, "B"));
	on(&scene, "d1", 4, "ann", -1, 1);
	shared = look(&scene, "P").on_call.items[0].shared;
	assert_int_equal(shared.count, 4);
	assert_int_equal(shared.items[0], atlas_place(&scene.atlas, "D"));
	close_scene(&scene);
}

/* ---- What to ring. */

#define RING(number) "+44163296000" number
#define LINE(number) ",'phone':'" RING(number) "'"
#define ELSE(number) ",'fallback':{'text':'Ring " number "','phone':'" RING(number) "'}"
#define CLOSED(successors)                                                                         \
	"{'code':'P','name':'P','kind':'icb','until':'2026-11-01','successors':[" successors "]}"
#define Q "{'code':'Q','name':'Q','kind':'icb'" SWITCH("8") "}"
#define SWITCH(number) ",'switchboard':'" RING(number) "'"
#define S "{'code':'S','name':'S','kind':'icb'}"
#define OTHER_FUNCTION                                                                             \
	"{'id':'other','name':'other','function':'x','organisation':'O','places':['Q']" LINE(      \
	    "7") "}"

/* "switchboard 8, fallback 1": the last figure of each. */
static const char *
numbers(struct scene *scene, const struct lookup_function *found)
{
	const char *text = "";

	for (size_t i = 0; i < found->nnumbers; i++)
		text = arena_printf(scene->arena, "%s%s%s %s", text, i > 0 ? ", " : "",
		    lookup_number_kind_name(found->numbers[i].kind),
		    found->numbers[i].phone + strlen(RING("")));
	return text;
}

static void
check_numbers(const char *region, const char *want)
{
	struct scene scene;
	struct lookup_function found;

	open_scene(&scene, region);
	found = look(&scene, "P");
	assert_string_equal(numbers(&scene, &found), want);
	close_scene(&scene);
}

static void
numbers_are_those_of_the_place_and_its_services(void **state)
{
	(void)state;
	check_numbers(OF(ASKS("R", ALL_DAY)), "");
	check_numbers(
	    REGION("{'code':'P','name':'P','kind':'icb'" SWITCH("8") "}",
		SERVICE("west", "'P'", LINE("1") ELSE("2")) "," SERVICE("east", "'P'", ELSE("3")),
		ASKS("R", ALL_DAY)),
	    "switchboard 8, fallback 2, fallback 3, line 1");
	/* Where nothing is required now a line is no way out. */
	check_numbers(REGION(P, SERVICE("west", "'P'", LINE("1") ELSE("2")), ASKS("R", MONDAYS)),
	    "fallback 2");
	/* Not on this day. */
	check_numbers(REGION(P,
			  SERVICE("west", "{'place':'P','from':'2026-12-01'}",
			      LINE("1") ELSE("2")) "," SERVICE("east", "'P'", LINE("3")),
			  ASKS("R", ALL_DAY)),
	    "line 3");
}

static void
the_first_service_of_the_day_says_where_to_go(void **state)
{
	struct scene scene;

	(void)state;
	open_scene(&scene,
	    REGION(P,
		SERVICE("west", "{'place':'P','until':'2026-11-01'}", ELSE("1")) "," SERVICE(
		    "mid", "'P'", LINE("4")) "," SERVICE("east", "'P'",
		    ELSE("2")) "," SERVICE("last", "'P'", ELSE("3")),
		ASKS("R", ALL_DAY)));
	assert_string_equal(look(&scene, "P").fallback_text, "Ring 2");
	assert_string_equal(look(&scene, "P").fallback_phone, RING("2"));
	close_scene(&scene);
}

/* A place that is gone sends on to who answers instead: the line of the function's service there,
 * else its fallback. */
/* holds: H12.1 */
static void
a_place_that_is_gone_sends_on(void **state)
{
	(void)state;
	check_numbers(
	    REGION(CLOSED("'Q'") "," Q, SERVICE("west", "'P','Q'", LINE("1") ELSE("2")), ""),
	    "fallback 1");
	check_numbers(
	    REGION(CLOSED("'Q'") "," Q, SERVICE("west", "'P','Q'", ELSE("2")), ""), "fallback 2");
	/* A number that is not given is asked for at the switchboard there. */
	check_numbers(REGION(CLOSED("'Q'") "," Q,
			  SERVICE("west", "'P','Q'",
			      ",'phone':{'number':'" RING("1") "','via_switchboard':true}"),
			  ""),
	    "fallback 8");
	check_numbers(REGION(CLOSED("'Q'") "," Q,
			  SERVICE("west", "'P'", LINE("1")) "," OTHER_FUNCTION "," SERVICE("later",
			      "{'place':'Q','from':'2026-12-01'}", LINE("2")) "," SERVICE("silent",
			      "'Q'", "") "," SERVICE("east", "'Q'", LINE("3")),
			  ""),
	    "fallback 3");
	/* The first successor knows no number, the second does. */
	check_numbers(REGION(CLOSED("'Q','S'") "," Q "," S,
			  SERVICE("west", "'P'", LINE("1")) "," OTHER_FUNCTION
							    "," SERVICE("east", "'S'", LINE("3")),
			  ""),
	    "fallback 3");
	check_numbers(
	    REGION(CLOSED("'Q'") "," Q, SERVICE("west", "'P'", LINE("1")) "," OTHER_FUNCTION, ""),
	    "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_counts_is_said_by_the_requirement_in_force),
	    cmocka_unit_test(who_is_approved_is_said_by_the_requirement_in_force),
	    cmocka_unit_test(the_worst_requirement_is_said),
	    cmocka_unit_test(they_stand_by_tier_name_and_shift),
	    cmocka_unit_test(who_was_put_on_outlasts_the_calendar),
	    cmocka_unit_test(who_follows_counts_and_stays_longer),
	    cmocka_unit_test(who_follows_is_of_the_days_on_which_the_rota_serves),
	    cmocka_unit_test(a_contradiction_is_told_while_it_lasts),
	    cmocka_unit_test(other_places_of_the_person_stand_in_order),
	    cmocka_unit_test(numbers_are_those_of_the_place_and_its_services),
	    cmocka_unit_test(the_first_service_of_the_day_says_where_to_go),
	    cmocka_unit_test(a_place_that_is_gone_sends_on),
	};

	return cmocka_run_group_tests_name("map_lookup", tests, NULL, NULL);
}
