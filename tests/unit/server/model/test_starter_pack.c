/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/starter_pack.h"
#include "tests/unit/server/model/region_text.h"

/* Each pack is applied to a region that has nothing but one place and two organisations, and read by
 * the region's own reader. */

#define PLACE "X06000001"
#define COMMISSIONER                                                                               \
	"{'code': 'ZFC', 'name': 'Fenmere', 'kind': 'local_authority'},"                           \
	"{'code': 'ZIC', 'name': 'Fenmere ICB', 'kind': 'icb'}"

/* An apostrophe would become a quotation mark in region_text_try. */
static const char *
text_of(struct arena *arena, const json_t *json)
{
	char *dumped = json_dumps(json, 0);
	const char *text = "";

	for (char *part = strtok(dumped, "'"); part != NULL; part = strtok(NULL, "'"))
		text = arena_printf(arena, "%s%s%s", text, *text != '\0' ? "\\u0027" : "", part);
	free(dumped);
	return text;
}

/* A region with the place, of ${kind}, and what the pack made of it. */
static enum status
read_with(struct arena *arena, const char *kind, const json_t *made, const struct region **region,
    struct region_faults *faults)
{
	const char *text = arena_printf(arena,
	    "{'crisiscover': 1, 'organisations': [" COMMISSIONER "], 'places': [{'code': '" PLACE
	    "', 'name': 'Fenmere', 'kind': '%s'}], 'functions': %s, 'requirements': %s}",
	    kind, text_of(arena, json_object_get(made, "functions")),
	    text_of(arena, json_object_get(made, "requirements")));

	return region_text_try(arena, text, region, faults);
}

static const struct starter_pack_wish whole = {
    .place = PLACE, .owner = "ZFC", .deputy = "ZFC", .commissioner = "ZIC"};

static void
try_pack(struct arena *arena, const char *code)
{
	json_t *pack = starter_pack_read(code), *made, *kind;
	const struct region *region = NULL;
	struct region_faults faults;
	size_t i;

	assert_string_equal(json_string_value(json_object_get(pack, "pack")), code);
	assert_true(strlen(json_string_value(json_object_get(pack, "about"))) > 40);
	json_array_foreach(json_object_get(pack, "places"), i, kind)
	{
		made = starter_pack_make(pack, &whole);
		if (read_with(arena, json_string_value(kind), made, &region, &faults) != STATUS_OK)
			fail_msg("%s: %s %s", code, faults.items[0].path, faults.items[0].detail);
		assert_int_equal(
		    region->nrequirements, json_array_size(json_object_get(pack, "requirements")));
		assert_int_equal(
		    region->nfunctions, json_array_size(json_object_get(pack, "functions")));
		for (uint32_t r = 0; r < region->nrequirements; r++) {
			const struct region_requirement *one = &region->requirements[r];

			assert_string_equal(one->pack, code);
			assert_true(region_is_template(one));
			assert_string_equal(one->owner, "ZFC");
			assert_string_equal(one->commissioners[0].who, "ZIC");
			assert_true(one->nalerts > 0);
			assert_non_null(strstr(one->id, "-" PLACE));
		}
		json_decref(made);
	}
	json_decref(pack);
}

static void
every_pack_makes_a_region_that_is_read(void **state)
{
	size_t count = 0;

	for (; starter_pack_code(count) != NULL; count++)
		try_pack(*state, starter_pack_code(count));
	assert_int_equal(count, 5);
	assert_null(starter_pack_read("no-such-pack"));
}

/* Two AMHPs in the day means two in all: the pack's own first requirement has the nights. */
static void
the_council_pack_says_what_councils_load(void **state)
{
	json_t *pack = starter_pack_read("council-amhp"), *made = starter_pack_make(pack, &whole);
	const struct region *region = NULL;
	struct region_faults faults;
	const struct region_requirement *first, *second, *edt;

	assert_int_equal(read_with(*state, "council_area", made, &region, &faults), STATUS_OK);
	first = &region->requirements[table_get(&region->requirement_by_id, "R01-" PLACE)];
	second = &region->requirements[table_get(&region->requirement_by_id, "R02-" PLACE)];
	edt = &region->requirements[table_get(&region->requirement_by_id, "R03-" PLACE)];
	assert_int_equal(first->count, 1);
	assert_int_equal(first->nhours, 1);
	assert_int_equal(first->hours[0].to - first->hours[0].from, 24 * 3600);
	assert_int_equal(first->nalerts, 3);
	assert_int_equal(second->count, 2);
	assert_false(second->team_counts);
	assert_true(edt->team_counts);
	json_decref(made);
	json_decref(pack);
}

/* The emergency duty team's hours leave no hole at a weekend, nor at a bank holiday's end. */
static void
hours_out_of_hours_meet_the_day(void **state)
{
	json_t *pack = starter_pack_read("council-amhp"), *made = starter_pack_make(pack, &whole);
	const struct region *region = NULL;
	struct region_faults faults;
	const struct region_requirement *edt;

	assert_int_equal(read_with(*state, "council_area", made, &region, &faults), STATUS_OK);
	edt = &region->requirements[table_get(&region->requirement_by_id, "R03-" PLACE)];
	assert_int_equal(edt->nhours, 2);
	assert_int_equal(edt->hours[0].from, 17 * 3600);
	assert_int_equal(edt->hours[0].to, 9 * 3600);
	assert_int_equal(
	    edt->hours[1].days, 1 << REGION_SAT | 1 << REGION_SUN | 1 << REGION_BANK_HOLIDAY);
	assert_int_equal(edt->hours[1].from, edt->hours[1].to);
	json_decref(made);
	json_decref(pack);
}

static void
a_region_may_call_its_functions_otherwise(void **state)
{
	json_t *pack = starter_pack_read("core-24-ed"), *made;
	json_t *map = json_pack("{s:s}", "liaison", "mhlt");
	struct starter_pack_wish wish = {.place = PLACE, .owner = "ZFC", .functions = map};
	json_t *requirements, *alerts;

	(void)state;
	made = starter_pack_make(pack, &wish);
	requirements = json_object_get(made, "requirements");
	assert_int_equal(json_array_size(json_object_get(made, "functions")), 1);
	assert_string_equal(
	    json_string_value(json_object_get(json_array_get(requirements, 0), "function")),
	    "mhlt");
	/* Nobody is named whom the commissioner's alert could go to. */
	alerts = json_object_get(json_array_get(requirements, 0), "alerts");
	assert_int_equal(json_array_size(alerts), 1);
	assert_null(json_object_get(json_array_get(requirements, 0), "why"));
	assert_true(starter_pack_suits(pack, "emergency_department"));
	assert_false(starter_pack_suits(pack, "council_area"));
	json_decref(made);
	json_decref(map);
	json_decref(pack);
}

static const char one_requirement[] =
    "{'crisiscover': 1, 'organisations': [" COMMISSIONER "], 'places': [{'code': '" PLACE
    "', 'name': 'Fenmere', 'kind': 'council_area'}], 'functions': [{'code': 'amhp', 'name': "
    "'AMHP'}], 'requirements': [{'id': 'R01', 'place': '" PLACE
    "', 'function': 'amhp', 'count': 1, %s 'hours': [{'days': ['all'], 'from': '00:00', 'to': "
    "'24:00'}]}]}";

static void
a_template_is_one_until_somebody_confirms_it(void **state)
{
	struct arena *arena = *state;
	struct region_faults faults;
	struct region_changes changes;
	const struct region *by_hand, *template, *confirmed, *none = NULL;

	by_hand = region_text_read(arena, arena_printf(arena, one_requirement, ""), &faults);
	template = region_text_read(
	    arena, arena_printf(arena, one_requirement, "'pack': 'council-amhp',"), &faults);
	confirmed = region_text_read(arena,
	    arena_printf(arena, one_requirement,
		"'pack': 'council-amhp', 'confirmed': {'by': 'Director of Social Care', 'on': "
		"'2026-11-02'},"),
	    &faults);
	assert_false(region_is_template(&by_hand->requirements[0]));
	assert_true(region_is_template(&template->requirements[0]));
	assert_false(region_is_template(&confirmed->requirements[0]));
	region_compare(arena, by_hand, template, &changes);
	assert_string_equal(changes.items[0].what, "pack");
	region_compare(arena, template, confirmed, &changes);
	assert_string_equal(changes.items[0].what, "confirmed");

	assert_int_equal(region_text_try(arena,
			     arena_printf(arena, one_requirement,
				 "'confirmed': {'by': 'Somebody', 'on': '2026-11-02'},"),
			     &none, &faults),
	    STATUS_MALFORMED);
	assert_string_equal(faults.items[0].path, "$.requirements[0].confirmed");
	assert_int_equal(region_text_try(arena,
			     arena_printf(arena, one_requirement,
				 "'pack': 'x', 'confirmed': {'by': 'Somebody'},"),
			     &none, &faults),
	    STATUS_MALFORMED);
	assert_string_equal(faults.items[0].path, "$.requirements[0].confirmed.on");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, region_text_setup, region_text_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(every_pack_makes_a_region_that_is_read),
	    TEST(the_council_pack_says_what_councils_load),
	    TEST(hours_out_of_hours_meet_the_day),
	    TEST(a_region_may_call_its_functions_otherwise),
	    TEST(a_template_is_one_until_somebody_confirms_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
