/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "server/model/region_canary.h"
#include "tests/unit/server/model/good_region.h"
#include "tests/unit/server/model/region_text.h"

/* The canary's objects beside those of a region file. */

static enum status
read_synthetic(
    struct arena *arena, struct slice json, const struct region **out, struct region_faults *faults)
{
	struct region_zones zones = region_text_zones();

	zones.synthetic = true;
	*faults = (struct region_faults){0};
	return region_read(arena, json, zones, out, faults);
}

static void
what_is_there_keeps_its_place(void **state)
{
	struct slice json = region_with_canary(*state, slice_of(good_region));
	const struct region *plain, *region;
	struct region_faults faults;

	plain = region_text_must_read(*state, slice_of(good_region), &faults);
	assert_int_equal(read_synthetic(*state, json, &region, &faults), STATUS_OK);
	assert_int_equal(region->nrotas, plain->nrotas + 1);
	assert_int_equal(region->nrequirements, plain->nrequirements + 1);
	for (uint32_t i = 0; i < plain->nrotas; i++)
		assert_string_equal(region->rotas[i].id, plain->rotas[i].id);
	assert_string_equal(region->rotas[plain->nrotas].id, CANARY_CODE);
	/* Only where it is said that there may be one. */
	faults = (struct region_faults){0};
	assert_int_equal(
	    region_read(*state, json, region_text_zones(), &region, &faults), STATUS_MALFORMED);
}

/* A region may be without rotas, or without anything. */
static void
lists_that_are_not_there_are_made(void **state)
{
	struct slice json = region_with_canary(*state, SLICE("{\"crisiscover\": 1}"));
	const struct region *region;
	struct region_faults faults;

	assert_int_equal(read_synthetic(*state, json, &region, &faults), STATUS_OK);
	assert_int_equal(region->nrotas, 1);
	assert_int_equal(region->nplaces, 1);
	assert_string_equal(region->rotas[0].id, CANARY_CODE);
}

/* No other code is let through because the canary's is. */
static void
other_codes_are_refused_as_ever(void **state)
{
	const char *text =
	    region_text_with(*state, good_region, "\"fenmere-amhp-duty\"", "\".canary2\"");
	struct slice json = region_with_canary(*state, slice_of(text));
	const struct region *region;
	struct region_faults faults;

	assert_int_equal(read_synthetic(*state, json, &region, &faults), STATUS_MALFORMED);
	assert_string_equal(faults.items[0].path, "$.rotas[0].id");
}

static void
what_is_no_object_is_handed_back(void **state)
{
	static const char *const texts[] = {"", "{", "[1]", "\"text\"", "{\"a\": 1, \"a\": 2}"};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct slice json = region_with_canary(*state, slice_of(texts[i]));

		assert_ptr_equal(json.at, texts[i]);
		assert_int_equal(json.len, strlen(texts[i]));
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, region_text_setup, region_text_teardown)
	static const struct CMUnitTest tests[] = {
	    TEST(what_is_there_keeps_its_place),
	    TEST(lists_that_are_not_there_are_made),
	    TEST(other_codes_are_refused_as_ever),
	    TEST(what_is_no_object_is_handed_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
