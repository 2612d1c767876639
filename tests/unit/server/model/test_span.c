/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/span.h"
#include "tests/unit/server/model/dice.h"

/* Spans against sets of small numbers, kept as one byte each. */
#define NUMBERS 40
#define ITEMS_MAX 8

static size_t
dice_spans(struct dice *dice, struct span_time *items)
{
	size_t n = (size_t)dice_below(dice, ITEMS_MAX + 1), i;

	for (i = 0; i < n; i++) {
		items[i].start = dice_below(dice, NUMBERS);
		items[i].end = dice_below(dice, NUMBERS); /* often backwards: then it is empty */
	}
	return n;
}

static void
fill(char set[NUMBERS], const struct span_time *items, size_t count)
{
	int64_t t;
	size_t i;

	memset(set, 0, NUMBERS);
	for (i = 0; i < count; i++)
		for (t = items[i].start; t < items[i].end; t++)
			set[t] = 1;
}

static void
check_normal(struct span_times times)
{
	size_t i;

	for (i = 0; i < times.count; i++) {
		assert_true(times.items[i].start < times.items[i].end);
		if (i > 0)
			assert_true(times.items[i - 1].end < times.items[i].start);
	}
}

static void
check_set(struct span_times times, const char want[NUMBERS])
{
	char set[NUMBERS];
	int64_t total = 0;
	size_t i;

	fill(set, times.items, times.count);
	assert_memory_equal(set, want, NUMBERS);
	for (i = 0; i < NUMBERS; i++)
		total += want[i];
	assert_int_equal(span_total(times), total);
}

static void
test_spans_are_sets(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= 20000; seed++) {
		struct arena *arena = arena_new(0);
		struct dice dice = dice_of(seed);
		struct span_time items[2][ITEMS_MAX];
		struct span_times times[2], result;
		char set[2][NUMBERS], want[NUMBERS];
		size_t n, i;

		for (i = 0; i < 2; i++) {
			n = dice_spans(&dice, items[i]);
			fill(set[i], items[i], n);
			times[i] = span_normalise(arena, items[i], n);
			check_normal(times[i]);
			check_set(times[i], set[i]);
		}
		result = span_subtract(arena, times[0], times[1]);
		for (i = 0; i < NUMBERS; i++)
			want[i] = set[0][i] && !set[1][i];
		check_normal(result);
		check_set(result, want);
		result = span_intersect(arena, times[0], times[1]);
		for (i = 0; i < NUMBERS; i++)
			want[i] = set[0][i] && set[1][i];
		check_normal(result);
		check_set(result, want);
		arena_free(arena);
	}
}

static void
test_touching_spans_are_one(void **state)
{
	static const struct span_time items[] = {{5, 7}, {3, 5}, {9, 9}, {8, 7}};
	struct arena *arena = arena_new(0);
	struct span_times times = span_normalise(arena, items, 4);

	(void)state;
	assert_int_equal(times.count, 1);
	assert_int_equal(times.items[0].start, 3);
	assert_int_equal(times.items[0].end, 7);
	assert_int_equal(span_normalise(arena, NULL, 0).count, 0);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_spans_are_sets),
	    cmocka_unit_test(test_touching_spans_are_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
