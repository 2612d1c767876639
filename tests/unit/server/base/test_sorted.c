/* SPDX-License-Identifier: MIT */
/* Search in a sorted array, against looking at every item. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "server/base/sorted.h"

static void
the_first_that_is_not_below(void **state)
{
	int64_t items[9];

	(void)state;
	/* Every array of up to nine items in which each is the one before it or one more. */
	for (unsigned count = 0; count <= 9; count++)
		for (unsigned steps = 0; steps < 1U << count; steps++) {
			int64_t at = 0;

			for (unsigned i = 0; i < count; i++)
				items[i] = at += (int64_t)(steps >> i & 1);
			for (int64_t sought = -1; sought <= 10; sought++) {
				unsigned first = 0;

				while (first < count && items[first] < sought)
					first++;
				assert_int_equal(sorted_first_int(items, count, sought), first);
				assert_int_equal(sorted_has_int(items, count, sought),
				    first < count && items[first] == sought);
			}
		}
	assert_int_equal(sorted_first_int(NULL, 0, 1), 0);
	assert_false(sorted_has_int(NULL, 0, 1));
}

struct named {
	char name[3];
	int value;
};

static bool
is_before(const void *item, const void *sought)
{
	const struct named *named = item;

	return strcmp(named->name, sought) < 0;
}

static void
items_of_any_size(void **state)
{
	static const struct named items[] = {{"a", 1}, {"b", 2}, {"b", 3}, {"d", 4}};

	(void)state;
	assert_int_equal(sorted_first(items, 4, sizeof *items, is_before, "a"), 0);
	assert_int_equal(sorted_first(items, 4, sizeof *items, is_before, "b"), 1);
	assert_int_equal(sorted_first(items, 4, sizeof *items, is_before, "c"), 3);
	assert_int_equal(sorted_first(items, 4, sizeof *items, is_before, "e"), 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_first_that_is_not_below),
	    cmocka_unit_test(items_of_any_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
