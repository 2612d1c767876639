/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/base/table.h"
#include "server/base/text.h"
#include "server/base/vec.h"

static void
test_many_keys(void **state)
{
	struct arena *arena = arena_new(0);
	struct table table;

	(void)state;
	table_init(&table, arena, 0);
	assert_int_equal(table_get(&table, "k1"), TABLE_NONE);
	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(
		    table_put(&table, arena, arena_printf(arena, "k%u", i), i), TABLE_NONE);
	assert_int_equal(table.count, 5000);
	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(table_get(&table, arena_printf(arena, "k%u", i)), i);
	assert_int_equal(table_get(&table, "k5000"), TABLE_NONE);
	assert_int_equal(table_get(&table, ""), TABLE_NONE);
	arena_free(arena);
}

static void
test_the_first_value_stays(void **state)
{
	struct arena *arena = arena_new(0);
	struct table table;

	(void)state;
	table_init(&table, arena, 100);
	assert_int_equal(table_put(&table, arena, "ZED01", 3), TABLE_NONE);
	assert_int_equal(table_put(&table, arena, "ZED01", 4), 3);
	assert_int_equal(table_get(&table, "ZED01"), 3);
	assert_int_equal(table.count, 1);
	arena_free(arena);
}

static void
test_vectors(void **state)
{
	struct arena *arena = arena_new(0);
	VEC(struct slice) vec = {0};
	struct slice *item;
	size_t seen = 0;

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		item = VEC_PUSH(arena, &vec);
		assert_null(item->at);
		assert_int_equal(item->len, 0);
		item->len = i;
	}
	VEC_EACH (item, &vec)
		assert_int_equal(item->len, seen++);
	assert_int_equal(seen, 1000);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_many_keys),
	    cmocka_unit_test(test_the_first_value_stays),
	    cmocka_unit_test(test_vectors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
