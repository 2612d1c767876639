/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdalign.h>
#include <string.h>
#include <sysexits.h>

#include "server/base/arena.h"
#include "tests/unit/server/base/dies.h"

static void
test_memory_is_zeroed_and_aligned(void **state)
{
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t size = 0; size < 9000; size += 37) {
		char *memory = arena_alloc(arena, size);

		assert_non_null(memory);
		assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(memory[i], 0);
		memset(memory, 0x5a, size);
	}
	arena_free(arena);
}

static void
test_limit_is_told_before_it_kills(void **state)
{
	struct arena *arena = arena_new(1000);

	(void)state;
	arena_alloc(arena, 992);
	assert_false(arena_over(arena));
	arena_alloc(arena, 1);
	assert_true(arena_over(arena));
	assert_in_range(arena_used(arena), 993, 1008);
	arena_free(arena);
	arena_free(NULL);
}

static void
pass_twice_the_limit(void *ctx)
{
	arena_alloc(ctx, 2001);
}

static void
overflow_the_product(void *ctx)
{
	arena_array(ctx, SIZE_MAX / 2, 4);
}

static void
test_broken_promises_are_fatal(void **state)
{
	struct arena *arena = arena_new(1000);

	(void)state;
	assert_int_equal(exit_code_of(pass_twice_the_limit, arena), EX_SOFTWARE);
	assert_int_equal(exit_code_of(overflow_the_product, arena), EX_SOFTWARE);
	arena_free(arena);
}

static void
test_copies(void **state)
{
	struct arena *arena = arena_new(0);
	char *number = arena_printf(arena, "%s %d", "shift", 7);
	char large[100000];

	(void)state;
	assert_string_equal(number, "shift 7");
	assert_string_equal(arena_strdup(arena, "rota"), "rota");
	assert_string_equal(arena_strndup(arena, "handover", 4), "hand");
	assert_string_equal(arena_strndup(arena, NULL, 0), "");
	assert_memory_equal(arena_copy(arena, "rota", 5), "rota", 5);
	assert_non_null(arena_copy(arena, NULL, 0));
	/* A large one has a block of its own, which is not zeroed before it is written. */
	memset(large, 7, sizeof large);
	assert_memory_equal(arena_copy(arena, large, sizeof large), large, sizeof large);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_memory_is_zeroed_and_aligned),
	    cmocka_unit_test(test_limit_is_told_before_it_kills),
	    cmocka_unit_test(test_broken_promises_are_fatal),
	    cmocka_unit_test(test_copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
