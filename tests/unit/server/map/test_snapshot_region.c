/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <jansson.h>

#include "server/base/file.h"
#include "server/map/snapshot.h"
#include "tests/unit/server/model/good_region.h"
#include "tests/unit/server/model/region_dump.h"

/* The set-up of the api after a change that was patched in: what it is when it is read whole. */

static struct snapshot_tools tools;

static int
open_tools(void **state)
{
	static struct zonedb *zones;
	char *csv;
	size_t len;

	if (zonedb_open("/usr/share/zoneinfo", &zones) != STATUS_OK ||
	    file_read(SOURCE_ROOT "/server/model/bank_holidays.csv", 1 << 20, &csv, &len) !=
		STATUS_OK)
		return -1;
	tools = (struct snapshot_tools){.zones = zones, .holidays_csv = {csv, len}};
	*state = zones;
	return 0;
}

static int
close_tools(void **state)
{
	zonedb_free(*state);
	free((char *)(uintptr_t)tools.holidays_csv.at);
	return 0;
}

static struct snapshot_region *
read_again(int64_t version, struct slice document)
{
	struct snapshot_region *setup = NULL;

	assert_int_equal(snapshot_region_read(&tools, version, document, &setup), STATUS_OK);
	return setup;
}

static struct snapshot_region *
patched(struct snapshot_region *from, const char *kind, const char *item)
{
	struct arena *arena = arena_new(0);
	struct region_takens takens;
	struct region_shared *shared = region_shared_take(arena, from->shared,
	    &(struct region_shared_since){from->region->version + 1,
		slice_of(arena_printf(arena, "[{\"kind\": \"%s\", \"item\": %s}]", kind, item)),
		region_zones_of(tools.zones)},
	    &takens);
	struct snapshot_region *setup;

	assert_non_null(shared);
	setup = snapshot_region_patched(from, shared);
	snapshot_region_unref(from);
	arena_free(arena);
	return setup;
}

static void
assert_same(const struct snapshot_region *a, const struct snapshot_region *b)
{
	struct buf mine = region_dump(a->region), again = region_dump(b->region);

	assert_string_equal(mine.at, again.at);
	assert_int_equal(a->region->version, b->region->version);
	assert_ptr_equal(a->zone, b->zone);
	assert_string_equal(a->holidays.set, b->holidays.set);
	assert_int_equal(a->holidays.count, b->holidays.count);
	assert_memory_equal(
	    a->holidays.days, b->holidays.days, a->holidays.count * sizeof *a->holidays.days);
	buf_free(&mine);
	buf_free(&again);
}

static void
a_patched_one_is_that_of_its_file(void **state)
{
	static const struct {
		const char *kind, *item;
	} changes[] = {
	    {"person", "{\"id\": \"jo-jones\", \"name\": \"J Jones\", \"organisation\": "
		       "\"ZFC\", \"roles\": [\"amhp\"], \"work_phone\": \"+441632960777\"}"},
	    {"place", "{\"code\": \"X06000001\", \"name\": \"Fenmere\", \"kind\": "
		      "\"council_area\", \"switchboard\": \"+441632960100\"}"},
	    {"person", "{\"id\": \"jo-jones\", \"name\": \"J Jones\", \"organisation\": "
		       "\"ZFC\", \"roles\": [\"amhp\"]}"},
	    {"account", "{\"name\": \"st-oswins-ed\", \"kind\": \"device\", \"role\": "
			"\"viewer\", \"places\": [\"X06000001\"]}"},
	};
	struct snapshot_region *setup = read_again(1, slice_of(good_region)), *first, *again;
	struct arena *arena = arena_new(0);
	struct slice document;

	(void)state;
	first = snapshot_region_ref(setup);
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		setup = patched(setup, changes[i].kind, changes[i].item);
		document = snapshot_region_document(arena, setup);
		again = read_again((int64_t)i + 2, document);
		assert_same(setup, again);
		snapshot_region_unref(again);
	}
	/* Those before it stay what they were. */
	again = read_again(1, slice_of(good_region));
	assert_same(first, again);
	snapshot_region_unref(again);
	snapshot_region_unref(first);
	snapshot_region_unref(setup);
	arena_free(arena);
}

/* Answers in progress keep the map that they began with. */
static void
a_map_takes_the_patched_one_and_the_map_before_keeps_its_own(void **state)
{
	struct snapshot *before =
	    snapshot_new(read_again(1, slice_of(good_region)), accounts_none());
	struct snapshot *draft = snapshot_copy(before);
	const char *item =
	    "{\"id\": \"jo-jones\", \"name\": \"Jo Jones\", \"organisation\": \"ZFC\", "
	    "\"roles\": [\"amhp\"]}";
	uint32_t jo = table_get(&before->setup->region->person_by_id, "jo-jones");

	(void)state;
	snapshot_set_setup(draft, patched(snapshot_region_ref(before->setup), "person", item));
	assert_string_equal(region_person(draft->setup->region, jo)->name, "Jo Jones");
	assert_string_not_equal(region_person(before->setup->region, jo)->name, "Jo Jones");
	snapshot_unref(before);
	assert_string_equal(region_person(draft->setup->region, jo)->name, "Jo Jones");
	snapshot_unref(draft);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_patched_one_is_that_of_its_file),
	    cmocka_unit_test(a_map_takes_the_patched_one_and_the_map_before_keeps_its_own),
	};

	return cmocka_run_group_tests(tests, open_tools, close_tools);
}
