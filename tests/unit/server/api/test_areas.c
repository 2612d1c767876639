/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/api/views/elsewhere/areas.h"
#include "server/api/views/elsewhere/postcode.h"
#include "tests/unit/server/map/scene.h"

/* Which areas somebody means by what is typed in a hurry. */

#define AREA(code, name, kind) "{'code':'" code "','name':'" name "','kind':'" kind "','place':'P'}"
#define REGION                                                                                     \
	"{'crisiscover':1,'places':[{'code':'P','name':'P','kind':'icb'}],'areas':[" AREA(         \
	    "fen", "Fenmere County Council", "council") "," AREA("fenb", "Fenmere Borough",        \
	    "council") "," AREA("stn", "St Neot’s District Council", "council") "," AREA("lon",    \
	    "City of Wenlow", "council") "," AREA("cafe", "Café & Señor Vale PCN",                 \
	    "gp_area") "," AREA("ZF1", "ZF1", "postcode_district") "," AREA("ZF1.b", "ZF1",        \
	    "postcode_district") "," AREA("ZF12", "ZF12", "postcode_district") "," AREA("ZW1A",    \
	    "ZW1A", "postcode_district") "," AREA("Z1", "Z1", "postcode_district") "]}"

static void
check(const char *typed, const char *want)
{
	struct scene scene;
	struct areas *areas;
	struct areas_found found;
	const char *text = "";

	open_scene(&scene, REGION);
	areas = areas_new(scene.atlas.region);
	areas_find(areas, scene.arena, typed, &found);
	for (size_t i = 0; i < found.count; i++)
		text = arena_printf(
		    scene.arena, "%s%s ", text, scene.atlas.region->areas[found.items[i]].code);
	text = arena_printf(scene.arena, "%s%s%s", text,
	    found.district != NULL ? found.district : "", found.cut ? " cut" : "");
	if (strcmp(text, want) != 0)
		fail_msg("\"%s\" finds \"%s\", and not \"%s\"", typed, text, want);
	areas_free(areas);
	close_scene(&scene);
}

static void
a_name_is_found_however_it_is_typed(void **state)
{
	(void)state;
	check("Fenmere County Council", "fen fenb ");
	check("fenmere", "fen fenb ");
	check("  FENMERE   council", "fen fenb ");
	check("Fenmere Borough", "fenb fen ");
	check("fen", "fen fenb ");
	check("Saint Neots", "stn ");
	check("st. neot\xe2\x80\x99s", "stn ");
	check("cafe senor", "cafe ");
	check("senor cafe", "cafe ");
	check("CAF\xc3\x89", "cafe ");
	check("Cafe\xcc\x81", "cafe ");
	check("wenlow", "lon ");
	check("City of", "lon ");
	check("vale", "cafe ");
	check("mere", "");
	check("Nowhere", "");
	check("", "");
	check(" - ", "");
	check("\xff\xfe", "");
}

static void
a_postcode_is_cut_to_its_district(void **state)
{
	(void)state;
	check("ZF1", "ZF1 ZF1.b ZF1");
	check("zf12", "ZF12 ZF12");
	check("ZF1 2AB", "ZF1 ZF1.b ZF1 cut");
	check("zf12ab", "ZF1 ZF1.b ZF1 cut");
	check("ZF122AB", "ZF12 ZF12 cut");
	check("ZF1 2", "ZF1 ZF1.b ZF1 cut");
	check("ZF1 2a", "ZF1 ZF1.b ZF1 cut");
	/* A whole address, of which nothing else is used. */
	check("4 High Street, Fenmere ZF1 2AB", "ZF1 ZF1.b ZF1 cut");
	check("ZF1  2AB, England", "ZF1 ZF1.b ZF1 cut");
	check("Z1 1AA", "Z1 Z1 cut");
	check("ZW1A", "ZW1A ZW1A");
	check("ZW1A 1AA", "ZW1A ZW1A cut");
	/* A letter that the table does not have. */
	check("ZF1W", "ZF1 ZF1.b ZF1 cut");
	check("ZF1W 4QQ", "ZF1 ZF1.b ZF1 cut");
	check("ZQ9", "ZQ9");
	/* No district by its name alone. */
	check("ZF", "");
	check("ZF1 Fenmere", "");
}

static void
what_is_no_postcode_is_none(void **state)
{
	static const char *const none[] = {"", "A", "AA", "AAA1", "1AA", "A123", "AA123", "A1 AA1",
	    "A1 12A", "A1 1AAA", "A1 2BC3",
	    "\xc3\x89"
	    "1 1AA",
	    NULL};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; none[i] != NULL; i++)
		if (postcode_find(arena, none[i]).district != NULL)
			fail_msg("%s", none[i]);
	arena_free(arena);
}

/* Another set-up has another table. */
static void
a_table_is_of_one_set_up(void **state)
{
	struct scene scene, other;
	struct areas *areas;

	(void)state;
	open_scene(&scene, REGION);
	open_scene(&other, REGION);
	areas = areas_new(scene.atlas.region);
	assert_true(areas_are_of(areas, scene.atlas.region));
	assert_false(areas_are_of(areas, other.atlas.region));
	assert_false(areas_are_of(NULL, other.atlas.region));
	areas_free(areas);
	close_scene(&other);
	close_scene(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_name_is_found_however_it_is_typed),
	    cmocka_unit_test(a_postcode_is_cut_to_its_district),
	    cmocka_unit_test(what_is_no_postcode_is_none),
	    cmocka_unit_test(a_table_is_of_one_set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
