/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/region_lower.h"
#include "tests/unit/server/model/lowered_rows.h"
#include "tests/unit/server/model/region_text.h"

/* Whether a requirement asks for less than before: key by key, and hours however they are written. */

static const struct region *
with(struct arena *arena, const char *requirement)
{
	struct region_faults faults = {0};
	const struct region *region = region_text_read(arena,
	    arena_printf(arena,
		"{\"crisiscover\":1,\"organisations\":[{\"code\":\"O\",\"name\":\"O\",\"kind\":\"other\"},"
		"{\"code\":\"V\",\"name\":\"V\",\"kind\":\"other\"}],"
		"\"functions\":[{\"code\":\"f\",\"name\":\"F\"},{\"code\":\"g\",\"name\":\"G\"}],\"places\":[{\"code\":\"P\",\"name\":\"P\","
		"\"kind\":\"council_area\"},{\"code\":\"Q\",\"name\":\"Q\",\"kind\":\"council_area\"}],"
		"\"requirements\":[{%s}]}",
		requirement),
	    &faults);

	if (region == NULL)
		fail_msg("%s: %s", faults.items[0].path, faults.items[0].detail);
	return region;
}

static void
less_is_noticed_by_its_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof lowered_rows / sizeof *lowered_rows; i++) {
		struct arena *arena = arena_new(0);
		const char *key = region_lowered(
		    with(arena, lowered_rows[i].before), 0, with(arena, lowered_rows[i].after), 0);

		if ((key == NULL) != (lowered_rows[i].key == NULL) ||
		    (key != NULL && strcmp(key, lowered_rows[i].key) != 0))
			fail_msg("row %zu: %s", i, key ? key : "(none)");
		arena_free(arena);
	}
}

/* ------------------------------------------------------------------------------ demand by demand */

/* A parent P with a requirement of three days, handed down to Q, and a function of its own. */
static const char family[] =
    "{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'other'}],"
    "'functions':[{'code':'f','name':'F'},{'code':'g','name':'G'}],"
    "'places':[{'code':'P','name':'P','kind':'council_area'},"
    "{'code':'Q','name':'Q','kind':'hospital','parents':['P']}],"
    "'services':[{'id':'s','name':'S','function':'f','organisation':'O','places':['P','Q'],"
    "'fallback':{'text':'t'}}],"
    "'requirements':[{'id':'r','place':'P','function':'f','count':2,"
    "'hours':[{'days':['mon','tue','wed'],'from':'08:00','to':'20:00'}]}]}";

/* An edit of that file, and the demands of which less is asked for: "r at Q", with the day from
 * which. */
static const struct {
	const char *from, *to, *less;
} edits[] = {
    {"'name':'Q'", "'name':'Queens'", ""},
    {"'name':'P','kind':'council_area'", "'name':'P','kind':'council_area','until':'2030-01-01'",
	"r at P from 21915; r at Q from 21915; "},
    {"'kind':'hospital'", "'kind':'hospital','until':'2030-01-01'", "r at Q from 21915; "},
    {"'kind':'hospital'", "'kind':'hospital','from':'2030-01-01'", "r at Q from the beginning; "},
    {"'parents':['P']", "'parents':[]", "r at Q from the beginning; "},
    {"'parents':['P']", "'parents':[{'place':'P','until':'2030-01-01'}]", "r at Q from 21915; "},
    {"'parents':['P']",
	"'parents':[{'place':'P','until':'2030-01-01'},"
	"{'place':'P','from':'2030-01-01'}]",
	""},
    {"'parents':['P']",
	"'parents':[{'place':'P','until':'2030-01-01'},"
	"{'place':'P','from':'2030-01-02'}]",
	"r at Q from 21915; "},
    /* The footprint is judged by itself: the demand stays, as a gap. */
    {"'places':['P','Q'],'fallback'", "'places':['P'],'fallback'", ""},
    {"'name':'F'", "'name':'F','severity':{'critical_hours':1,'high_hours':72}",
	"r at P from the beginning; r at Q from the beginning; "},
    {"'name':'F'", "'name':'F','severity':{'critical_hours':48,'high_hours':72}", ""},
    {"'count':2", "'count':1", "r at P from the beginning; r at Q from the beginning; "},
    /* Other hours of the requirement itself, in each of their parts. */
    {"'mon','tue','wed'", "'mon','tue'", "r at P from the beginning; r at Q from the beginning; "},
    {"'mon','tue','wed'", "'mon','tue','wed','thu'", ""},
    {"'from':'08:00'", "'from':'09:00'", "r at P from the beginning; r at Q from the beginning; "},
    {"'to':'20:00'", "'to':'19:00'", "r at P from the beginning; r at Q from the beginning; "},
    {"'from':'08:00',", "'from':'08:00','to':'14:00'},{'days':['mon','tue','wed'],'from':'14:00',",
	""},
    {"'from':'08:00',", "'from':'08:00','to':'14:00'},{'days':['mon','tue','wed'],'from':'14:01',",
	"r at P from the beginning; r at Q from the beginning; "},
    {"'code':'f','name':'F'", "'code':'ff','name':'F','renamed_from':'f'", NULL},
    /* A requirement of the place's own takes the turn of what it inherits. */
    {"'requirements':[",
	"'requirements':[{'id':'own','place':'Q','function':'f','count':2,"
	"'hours':[{'days':['mon','tue'],'from':'08:00','to':'20:00'}]},",
	"r at Q from the beginning; "},
    {"'requirements':[",
	"'requirements':[{'id':'own','place':'Q','function':'f','count':1,"
	"'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},",
	"r at Q from the beginning; "},
    {"'requirements':[",
	"'requirements':[{'id':'own','place':'Q','function':'f','count':2,"
	"'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},",
	""},
    {"'requirements':[",
	"'requirements':[{'id':'own','place':'Q','function':'f','count':1,"
	"'from':'2030-01-01','until':'2030-02-01',"
	"'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},",
	"r at Q from 21915; "},
    {"'requirements':[",
	"'requirements':[{'id':'own','place':'Q','function':'g','count':1,"
	"'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},",
	""},
    /* Two that have the hours between them are as much as the one; a morning less is less. */
    {"'requirements':[",
	"'requirements':[{'id':'am','place':'Q','function':'f','count':2,"
	"'hours':[{'days':['all'],'from':'08:00','to':'12:00'}]},"
	"{'id':'pm','place':'Q','function':'f','count':2,"
	"'hours':[{'days':['all'],'from':'12:00','to':'20:00'}]},",
	""},
    {"'requirements':[",
	"'requirements':[{'id':'am','place':'Q','function':'f','count':2,"
	"'hours':[{'days':['all'],'from':'08:00','to':'11:59'}]},"
	"{'id':'pm','place':'Q','function':'f','count':2,"
	"'hours':[{'days':['all'],'from':'12:00','to':'20:00'}]},",
	"r at Q from the beginning; "},
    {"'id':'r',", "'id':'r2','renamed_from':'r',", ""},
    {"'code':'Q',", "'code':'Q2','renamed_from':'Q',", NULL},
};

static const char *
less_text(struct arena *arena, const struct region *before, const struct region *after)
{
	struct region_lesses less;
	const char *text = "";

	region_less(arena, before, after, &less);
	for (size_t i = 0; i < less.count; i++) {
		const struct region_demand *demand = &before->demands[less.items[i].demand];

		text = arena_printf(arena, "%s%s at %s from ", text,
		    before->requirements[demand->requirement].id,
		    before->places[demand->place].code);
		text = less.items[i].from == INSTANT_BEGINNING
			   ? arena_printf(arena, "%sthe beginning; ", text)
			   : arena_printf(arena, "%s%lld; ", text, (long long)less.items[i].from);
	}
	return text;
}

static void
less_is_found_whatever_the_change(void **state)
{
	struct arena *arena = *state;
	struct region_faults faults;
	const struct region *before = region_text_read(arena, family, &faults);

	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		const char *file = region_text_with(arena, family, edits[i].from, edits[i].to);
		const struct region *after;

		/* A new code stands wherever the old one is referred to. */
		if (edits[i].less == NULL && strstr(edits[i].to, "'ff'") != NULL) {
			file = region_text_with(arena, file, "'function':'f'", "'function':'ff'");
			file = region_text_with(arena, file, "'function':'f'", "'function':'ff'");
		} else if (edits[i].less == NULL) {
			file = region_text_with(arena, file, "['P','Q']", "['P','Q2']");
		}
		after = region_text_read(arena, file, &faults);
		if (strcmp(less_text(arena, before, after), edits[i].less ? edits[i].less : ""))
			fail_msg(
			    "edit %zu (%s): %s", i, edits[i].to, less_text(arena, before, after));
	}
}

/* Undone, each asks for as much again; and with itself, nothing is less. */
static void
nothing_is_less_than_itself(void **state)
{
	struct arena *arena = *state;
	struct region_faults faults;
	const struct region *before = region_text_read(arena, family, &faults);

	assert_string_equal(less_text(arena, before, before), "");
	assert_string_equal(less_text(arena, before, region_text_read(arena, family, &faults)), "");
	assert_string_equal(
	    less_text(arena, region_text_read(arena, "{'crisiscover':1}", &faults), before), "");
	assert_string_equal(
	    less_text(arena, before, region_text_read(arena, "{'crisiscover':1}", &faults)),
	    "r at P from the beginning; r at Q from the beginning; ");
}

/* Two at one place: both are looked at. */
static void
every_demand_of_a_place_is_looked_at(void **state)
{
	struct arena *arena = *state;
	struct region_faults faults;
	const char *two = region_text_with(arena, family, "'requirements':[",
	    "'requirements':[{'id':'own','place':'P','function':'g','count':1,"
	    "'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]},");
	const char *ended = region_text_with(arena, two, "'name':'P','kind':'council_area'",
	    "'name':'P','kind':'council_area','until':'2030-01-01'");
	const struct region *before = region_text_read(arena, two, &faults);

	assert_string_equal(less_text(arena, before, region_text_read(arena, ended, &faults)),
	    "r at P from 21915; own at P from 21915; r at Q from 21915; own at Q from 21915; ");
	assert_string_equal(less_text(arena, before, region_text_read(arena, two, &faults)), "");
}

/* Where one object was patched in, the demands are those of before, and its requirement is not. */
static void
a_requirement_that_was_patched_is_looked_at(void **state)
{
	struct arena *arena = *state;
	struct region_faults faults;
	const struct region *before = region_text_read(arena, family, &faults);
	struct region after = *before;
	struct region_requirement lower = before->requirements[0];

	lower.count = 1;
	after.requirements = &lower;
	assert_string_equal(less_text(arena, before, &after),
	    "r at P from the beginning; r at Q from the beginning; ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(less_is_noticed_by_its_key),
	    cmocka_unit_test_setup_teardown(
		less_is_found_whatever_the_change, region_text_setup, region_text_teardown),
	    cmocka_unit_test_setup_teardown(
		nothing_is_less_than_itself, region_text_setup, region_text_teardown),
	    cmocka_unit_test_setup_teardown(
		every_demand_of_a_place_is_looked_at, region_text_setup, region_text_teardown),
	    cmocka_unit_test_setup_teardown(a_requirement_that_was_patched_is_looked_at,
		region_text_setup, region_text_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
