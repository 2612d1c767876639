/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/map/lookup.h"
#include "tests/unit/server/map/scene.h"

/* In which order the functions of a place are read, at ATLAS_NOW. */

#define ALL_DAY "'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]"
#define FUNCTION(code) "{'code':'" code "','name':'" code "'}"
#define SERVICE(code)                                                                              \
	"{'id':'" code "','name':'" code "','function':'" code                                     \
	"','organisation':'O','places':['P']}"
#define ROTA(code)                                                                                 \
	"{'id':'" code "','service':'" code                                                        \
	"','source':{'kind':'ical_url','url':'https://example.org/" code ".ics'}}"
#define ASKS(code) "{'id':'R-" code "','place':'P','function':'" code "','count':1," ALL_DAY "}"
#define REGION(first)                                                                                                                                                                         \
	"{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],'functions':[" FUNCTION("idle") "," FUNCTION("held") "," FUNCTION("open") "," FUNCTION("bare") "," FUNCTION( \
	    "dark") "],'places':[{'code':'P','name':'P','kind':'icb'" first                                                                                                                   \
		    "}],'people':[{'id':'ann','name':'Ann','organisation':'O','roles':['held']}],"                                                                                            \
		    "'services':[" SERVICE("idle") "," SERVICE("held") "," SERVICE("open") "," SERVICE("dark") "],'rotas':[" ROTA("held") "," ROTA(                                           \
			"open") "," ROTA("dark") "],'requirements':[" ASKS("held") "," ASKS("open") "," ASKS("bare") "," ASKS("dark") "]}"

/* idle is not commissioned, held is covered, dark is unknown, and nobody is on for the others. */
static const char *
order(struct scene *scene, const char *region, struct lookup *lookup)
{
	struct cover_asked asked;
	const char *text = "";

	open_scene(scene, region);
	atlas_shift(&scene->atlas, "held", 1, KEPT_NAMED, "ann", NULL, -1, 5);
	atlas_shift(&scene->atlas, "dark", 2, KEPT_UNDECIDED, NULL, NULL, -1, 5);
	asked = (struct cover_asked){.map = scene->atlas.map, .now = ATLAS_NOW};
	lookup_make(scene->arena, &asked,
	    &(struct lookup_asked){atlas_place(&scene->atlas, "P"), REGION_NONE, ATLAS_NOW},
	    lookup);
	for (size_t i = 0; i < lookup->count; i++)
		text = arena_printf(scene->arena, "%s%s%s%s", text, i > 0 ? " " : "",
		    scene->atlas.region->functions[lookup->items[i].function].code,
		    lookup_is_first(lookup, &lookup->items[i]) ? "*" : "");
	return text;
}

static void
check(const char *region, const char *want)
{
	struct scene scene;
	struct lookup lookup;

	assert_string_equal(order(&scene, region, &lookup), want);
	close_scene(&scene);
}

/* A known gap, then doubt, then what is covered, and last what nobody asks for; of one state in the
 * order of the file. */
static void
the_worst_is_read_first(void **state)
{
	(void)state;
	check(REGION(""), "open bare dark held idle");
}

static void
what_the_place_chose_comes_before_that(void **state)
{
	(void)state;
	check(REGION(",'first':['idle','held']"), "idle* held* open bare dark");
	check(REGION(",'first':['dark']"), "dark* open bare held idle");
}

/* A state that becomes doubtful afterwards is put where it belongs then. */
static void
doubt_is_put_in_its_place(void **state)
{
	struct scene scene;
	struct lookup lookup, other = {0};
	const char *text = "";

	(void)state;
	order(&scene, REGION(",'first':['held']"), &lookup);
	lookup_doubt(scene.arena, &lookup, &other);
	for (size_t i = 0; i < lookup.count; i++)
		text = arena_printf(scene.arena, "%s%s ", text,
		    scene.atlas.region->functions[lookup.items[i].function].code);
	/* All are unknown, and so in the order of the file after the first. */
	assert_string_equal(text, "held idle open bare dark ");
	close_scene(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_worst_is_read_first),
	    cmocka_unit_test(what_the_place_chose_comes_before_that),
	    cmocka_unit_test(doubt_is_put_in_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
