/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/region_conflict.h"
#include "server/model/region_keep.h"
#include "tests/unit/server/model/good_region.h"
#include "tests/unit/server/model/region_text.h"

/* What was changed here stays as it is when a file that knows nothing of it is applied: one change
 * of each kind of thing. That nothing else stays is in test_region_conflict.c. */

static struct arena *arena;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new(0);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static const struct region *
read(struct slice text)
{
	const struct region *region = NULL;
	struct region_faults faults = {0};

	if (region_read(arena, text, region_text_zones(), &region, &faults) != STATUS_OK)
		fail_msg("refused: %s %s", faults.items[0].path, faults.items[0].detail);
	return region;
}

/* ${file} was applied, then what is in force was made of it here, and ${file} comes again: all that
 * was made here is kept. */
static void
expect_kept(const char *file, const char *in_force)
{
	struct slice filed = slice_of(file), now = slice_of(in_force);
	struct region_changes since, would, left;
	struct region_conflicts conflicts;

	region_compare(arena, read(filed), read(now), &since);
	region_compare(arena, read(now), read(filed), &would);
	region_conflicts(arena, &since, &would, &conflicts);
	assert_int_equal(conflicts.count, 1);
	region_compare(arena, read(now), read(region_keep(arena, filed, now, &conflicts)), &left);
	if (left.count != 0)
		fail_msg("%s %s was not kept", left.items[0].kind, left.items[0].code);
}

/* ${text} with ${to} for the first ${from} in it. */
static const char *
replaced(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	assert_non_null(at);
	return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void
a_change_of_each_kind_is_kept(void **state)
{
	static const char *const changes[][2] = {
	    {"Fenmere County Council", "Fenmere Council"},
	    {"Approved mental health professional", "AMHP"},
	    {"\"name\": \"Fenmere\"", "\"name\": \"The Fens\""},
	    {"J Jones", "Jo Jones"},
	    {"Fenmere AMHP duty", "AMHP duty"},
	    {"feeds/edt.ics", "feeds/night.ics"},
	    {"\"tolerance_minutes\": 0", "\"tolerance_minutes\": 5"},
	    {"\"role\": \"viewer\"", "\"role\": \"auditor\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		expect_kept(good_region, replaced(good_region, changes[i][0], changes[i][1]));
}

/* What was added here, though the file has no list of its kind at all. */
static void
a_thing_is_kept_where_the_file_has_no_list(void **state)
{
	static const char file[] = "{\"crisiscover\":1,\"organisations\":[{\"code\":\"O\","
				   "\"name\":\"O\",\"kind\":\"other\"}]}";
	static const char person[] =
	    "1,\"people\":[{\"id\":\"p\",\"name\":\"P\",\"organisation\":\"O\"}],";

	(void)state;
	expect_kept(file, replaced(file, "1,", person));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(a_change_of_each_kind_is_kept),
	    TEST(a_thing_is_kept_where_the_file_has_no_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
