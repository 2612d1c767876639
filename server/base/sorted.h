/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Search in a sorted array. In a header so that the compiler puts ${is_before} into the loop.
 */

/* Whether ${item} comes before what is sought. */
typedef bool sorted_before_fn(const void *item, const void *sought);

/* The index of the first of ${count} items of ${size} bytes that does not come before ${sought};
 * ${count} if all do. ${items} may be NULL where ${count} is 0. */
static inline __attribute__((always_inline)) size_t
sorted_first(
    const void *items, size_t count, size_t size, sorted_before_fn *is_before, const void *sought)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (is_before((const char *)items + middle * size, sought))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Of an array of instants or ids, from the lowest: the first that is not below ${value}. */
static inline bool
sorted_is_below(const void *item, const void *value)
{
	return *(const int64_t *)item < *(const int64_t *)value;
}

static inline size_t
sorted_first_int(const int64_t *items, size_t count, int64_t value)
{
	return sorted_first(items, count, sizeof *items, sorted_is_below, &value);
}

static inline bool
sorted_has_int(const int64_t *items, size_t count, int64_t value)
{
	size_t first = sorted_first_int(items, count, value);

	return first < count && items[first] == value;
}
