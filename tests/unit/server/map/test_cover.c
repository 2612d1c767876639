/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/base/instant.h"
#include "server/map/cover.h"
#include "tests/unit/server/map/scene.h"

/* From a map to the states of a demand, and to the shifts that cause them. Midnight is 20 hours and 50
 * minutes after ATLAS_NOW. */

#define HOUR(hours) (ATLAS_NOW + (int64_t)(hours)*3600)
#define PERSON(id) "{'id':'" id "','name':'" id "','organisation':'O','roles':['f']}"
#define ROTA(id, service)                                                                          \
	"{'id':'" id "','service':'" service                                                       \
	"','source':{'kind':'ical_url','url':'https://example.org/" id ".ics'}}"
#define SERVICE(id, places)                                                                        \
	"{'id':'" id "','name':'" id "','function':'f','organisation':'O','places':[" places "]}"
#define PLACE(code) "{'code':'" code "','name':'" code "','kind':'icb'}"
#define REGION(more)                                                                               \
	"{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],'functions':"     \
	"[{'code':'f','name':'F'}],'places':[" PLACE("P") "," PLACE("Q") "," PLACE(                \
	    "R") "],'people':[" PERSON("ann") "," PERSON("bob") "],'services':[" SERVICE("west",   \
	    "'P'") "," SERVICE("east", "{'place':'P','until':'2026-11-23'}") "," SERVICE("far",    \
	    "'Q','R'") "],'rotas':[" ROTA("w", "west") "," ROTA("e", "east") "," ROTA("q",         \
	    "far") "],'requirements':[{'id':'A','place':'P','function':'f','count':1," more        \
		   "'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]}]}"

static void
shift(struct scene *scene, const char *rota, int64_t id, enum kept_class class, const char *person,
    double from, double to)
{
	atlas_shift(
	    &scene->atlas, rota, id, class, person, class == KEPT_TEAM ? "Hub" : NULL, from, to);
}

/* The states at P from hour ${from} to ${to}: "covered 0-4, gap 4-8"; ${shifts}: "1 0-4, 2 ...". */
static const char *
cover(struct scene *scene, int from, int to, const char **shifts)
{
	struct cover_asked asked = {.map = scene->atlas.map, .now = ATLAS_NOW};
	struct cover found;
	const char *text = "";

	cover_demand(scene->arena, &asked, snapshot_demand(scene->atlas.map, "A", "P"),
	    (struct span_time){HOUR(from), HOUR(to)}, &found);
	for (size_t i = 0; i < found.spans.count; i++)
		text = arena_printf(scene->arena, "%s%s%s %d-%d", text, i > 0 ? ", " : "",
		    cover_state_name(found.spans.items[i].state),
		    (int)((found.spans.items[i].start - ATLAS_NOW) / 3600),
		    (int)((found.spans.items[i].end - ATLAS_NOW) / 3600));
	*shifts = "";
	for (size_t i = 0; i < found.nshifts; i++)
		*shifts = arena_printf(scene->arena, "%s%s%lld %d-%d", *shifts, i > 0 ? ", " : "",
		    (long long)found.shifts[i].shift->id,
		    (int)((found.shifts[i].start - ATLAS_NOW) / 3600),
		    (int)((found.shifts[i].end - ATLAS_NOW) / 3600));
	return text;
}

static void
each_class_counts_is_open_or_neither(void **state)
{
	static const struct {
		enum kept_class class;
		const char *person;
		bool counts, open, names;
	} cases[] = {
	    {KEPT_NAMED, "ann", true, false, true},
	    {KEPT_NAMED, NULL, false, true, false}, /* of somebody whom the region has no more */
	    {KEPT_TEAM, NULL, true, false, false},
	    {KEPT_TENTATIVE, "ann", false, true, false},
	    {KEPT_UNDECIDED, NULL, false, true, false},
	    {KEPT_UNREADABLE, NULL, false, true, false},
	    {KEPT_NOBODY, NULL, false, false, false},
	    {KEPT_ABSENCE, "ann", false, false, false},
	};
	struct scene scene;

	(void)state;
	open_scene(&scene, REGION(""));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct kept_shift *kept;

		snapshot_set_rota(scene.atlas.map, 0, rota_block_empty());
		shift(&scene, "w", 1, cases[i].class, cases[i].person, 0, 4);
		kept = &scene.atlas.map->rotas[0]->shifts[0];
		assert_int_equal(cover_counts(kept), cases[i].counts);
		assert_int_equal(cover_is_undecided(kept), cases[i].open);
		assert_int_equal(cover_names(kept), cases[i].names);
	}
	close_scene(&scene);
}

/* Also leave on a rota that somebody else is on; what ends or begins at the edges is not inside. */
static void
only_what_is_inside_is_found(void **state)
{
	struct scene scene;
	const char *shifts;

	(void)state;
	open_scene(&scene, REGION(""));
	shift(&scene, "w", 5, KEPT_NAMED, "bob", -9, 0);
	shift(&scene, "w", 4, KEPT_NAMED, "ann", -9, 2);
	shift(&scene, "w", 3, KEPT_ABSENCE, "bob", 0, 8);
	shift(&scene, "w", 2, KEPT_NAMED, "ann", 3, 4);
	shift(&scene, "w", 1, KEPT_NAMED, "ann", 8, 9);
	assert_string_equal(
	    cover(&scene, 0, 8, &shifts), "covered 0-2, gap 2-3, covered 3-4, gap 4-8");
	assert_string_equal(shifts, "2 3-4, 4 -9-2");
	/* Two cut to two: by the number, then by time. */
	atlas_override(&scene.atlas, "w", 1, "bob", "ann", NULL, 0, 1);
	assert_string_equal(
	    cover(&scene, -2, 2, &shifts), "covered -2-0, gap 0-1, covered 1-2"); /* bob is away */
	assert_string_equal(shifts, "4 -9-0, 4 1-2, 5 -9-0, 1001 0-1");
	close_scene(&scene);
}

static void
shifts_are_cut_to_the_days_of_the_supply(void **state)
{
	struct scene scene;
	const char *shifts;

	(void)state;
	open_scene(&scene, REGION(""));
	shift(&scene, "e", 1, KEPT_NAMED, "ann", 18, 30);
	shift(&scene, "e", 2, KEPT_NAMED, "bob", 21, 30);
	assert_string_equal(cover(&scene, 18, 26, &shifts), "covered 18-20, gap 20-26");
	assert_string_equal(shifts, "1 18-20");
	/* After the last day there is nothing of it, though the shift lasts. */
	assert_string_equal(cover(&scene, 22, 26, &shifts), "gap 22-26");
	assert_string_equal(shifts, "");
	close_scene(&scene);
}

/* One who is on elsewhere, too, is in more places than one may be. */
static void
who_is_spread_too_thin_does_not_cover(void **state)
{
	static const struct {
		enum kept_class here, there;
		const char *person;
		double from, to;
		const char *want;
	} cases[] = {
	    {KEPT_NAMED, KEPT_NAMED, "ann", 2, 4, "covered 0-2, gap 2-4, covered 4-8"},
	    {KEPT_NAMED, KEPT_NAMED, "bob", 2, 4, "covered 0-8"},
	    {KEPT_NAMED, KEPT_TENTATIVE, "ann", 2, 4, "covered 0-8"},
	    {KEPT_NAMED, KEPT_NAMED, "ann", -4, 0, "covered 0-8"},
	    {KEPT_NAMED, KEPT_NAMED, "ann", 8, 9, "covered 0-8"},
	    {KEPT_TEAM, KEPT_NAMED, "ann", 2, 4, "covered 0-8"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene;
		const char *shifts, *got;

		open_scene(&scene, REGION("'max_share':2,'team_counts':true,"));
		shift(&scene, "w", 1, cases[i].here, cases[i].here == KEPT_TEAM ? NULL : "ann", -9,
		    9);
		shift(&scene, "q", 2, cases[i].there, cases[i].person, cases[i].from, cases[i].to);
		/* A longer one, so that the search goes back as far. */
		shift(&scene, "q", 3, KEPT_NOBODY, NULL, -20, -8);
		got = cover(&scene, 0, 8, &shifts);
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("case %zu gives %s and not %s", i, got, cases[i].want);
		close_scene(&scene);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_class_counts_is_open_or_neither),
	    cmocka_unit_test(only_what_is_inside_is_found),
	    cmocka_unit_test(shifts_are_cut_to_the_days_of_the_supply),
	    cmocka_unit_test(who_is_spread_too_thin_does_not_cover),
	};

	return cmocka_run_group_tests_name("cover", tests, NULL, NULL);
}
