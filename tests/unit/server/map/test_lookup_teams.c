/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/map/lookup.h"
#include "server/map/lookup_teams.h"
#include "tests/unit/server/map/scene.h"

/* The services that a place may turn to, and the notes on them. */

static const char region[] =
    "{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],'functions':"
    "[{'code':'amhp','name':'AMHP'},{'code':'liaison','name':'Liaison'},{'code':'crisis','name':'Crisis'},"
    "{'code':'beds','name':'Beds'}],"
    "'places':[{'code':'H','name':'H','kind':'hospital','first':['liaison','beds','amhp']},"
    "{'code':'E','name':'E','kind':'hospital'}],"
    "'people':[],'services':["
    "{'id':'a1','name':'A1','function':'amhp','organisation':'O','places':['H']},"
    "{'id':'a2','name':'A2','function':'amhp','organisation':'O','places':[{'place':'H','until':'2026-01-01'}]},"
    "{'id':'l1','name':'L1','function':'liaison','organisation':'O','places':['H']},"
    "{'id':'l2','name':'L2','function':'liaison','organisation':'O','places':['H']}],"
    "'rotas':[{'id':'r','service':'a1','source':{'kind':'file'}}],"
    "'requirements':[{'id':'R','place':'H','function':'crisis','count':1,"
    "'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}]}";

static struct scene scene;

static int
set_up(void **state)
{
	(void)state;
	open_scene(&scene, region);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	close_scene(&scene);
	return 0;
}

static uint32_t
service(const char *id)
{
	return table_get(&scene.atlas.region->service_by_id, id);
}

/* "liaison:l1 amhp:-" of a place at an instant. */
static const char *
teams_of(const char *place, int64_t at)
{
	struct cover_asked asked = {.map = scene.atlas.map, .now = ATLAS_NOW};
	struct lookup_teams teams;
	const char *text = "";

	lookup_teams_make(scene.arena, &asked, atlas_place(&scene.atlas, place), at, &teams);
	for (size_t i = 0; i < teams.count; i++)
		text = arena_printf(scene.arena, "%s%s%s:%s", text, i > 0 ? " " : "",
		    scene.atlas.region->functions[teams.items[i].function].code,
		    teams.items[i].service == REGION_NONE
			? "-"
			: scene.atlas.region->services[teams.items[i].service].id);
	return text;
}

/* First what the place shows first, of what it has; then the others, as the file has them. A service counts
 * while it lists the place; a function without one is still named. */
static void
services_by_what_is_shown_first(void **state)
{
	(void)state;
	assert_string_equal(teams_of("H", ATLAS_NOW), "liaison:l1 liaison:l2 amhp:a1 crisis:-");
	/* A year before, the second service of the function listed the place as well. */
	assert_string_equal(teams_of("H", ATLAS_NOW - 365 * (int64_t)86400),
	    "liaison:l1 liaison:l2 amhp:a1 amhp:a2 crisis:-");
	assert_string_equal(teams_of("E", ATLAS_NOW), "");
}

static void
notes_of_the_function_then_of_its_services(void **state)
{
	uint32_t here = atlas_place(&scene.atlas, "H"), amhp = 0;
	struct kept_note notes[] = {
	    {.id = 4, .on = NOTE_ON_SERVICE, .service = service("a1"), .text = "of the service"},
	    {.id = 3, .on = NOTE_ON_SERVICE, .service = service("a2"), .text = "listed no more"},
	    {.id = 2, .on = NOTE_ON_SERVICE, .service = service("l1"), .text = "another function"},
	    {.id = 5, .on = NOTE_ON_FUNCTION, .place = here, .function = amhp, .text = "here"},
	    {.id = 1,
		.on = NOTE_ON_FUNCTION,
		.place = atlas_place(&scene.atlas, "E"),
		.function = amhp,
		.text = "elsewhere"},
	};
	struct remarks_change change = {.version = 1, .notes = notes, .nnotes = 5};
	struct cover_asked asked = {.map = scene.atlas.map, .now = ATLAS_NOW};
	struct lookup lookup;

	(void)state;
	for (size_t i = 0; i < 5; i++)
		notes[i].until = ATLAS_NOW + 60;
	snapshot_set_remarks(scene.atlas.map, remarks_changed(NULL, &change));
	lookup_make(scene.arena, &asked, &(struct lookup_asked){here, amhp, ATLAS_NOW}, &lookup);
	assert_int_equal(lookup.items[0].notes.count, 2);
	assert_string_equal(lookup.items[0].notes.items[0]->text, "here");
	assert_string_equal(lookup.items[0].notes.items[1]->text, "of the service");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(services_by_what_is_shown_first),
	    TEST(notes_of_the_function_then_of_its_services),
	};

	return cmocka_run_group_tests_name("lookup_teams", tests, NULL, NULL);
}
