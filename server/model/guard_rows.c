/* SPDX-License-Identifier: MIT */
#include "server/model/guard_rows.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/sorted.h"

static int
compare_texts(const char *a, const char *b)
{
	if (!a || !b)
		/* NULL sorts before every text. */
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

/* Compares what counts as cover, without key and title: many programs make new keys at each
 * export. */
static int
compare_cover(const struct merge_row *a, const struct merge_row *b, int64_t later)
{
	int order;

	if (a->start + later != b->start)
		return a->start + later < b->start ? -1 : 1;
	if (a->end + later != b->end)
		return a->end + later < b->end ? -1 : 1;
	order = compare_texts(a->class, b->class);
	if (order == 0)
		order = compare_texts(a->person, b->person);
	return order != 0 ? order : compare_texts(a->team, b->team);
}

static int
by_cover(const void *a, const void *b)
{
	const struct merge_row *const *left = a, *const *right = b;

	return compare_cover(*left, *right, 0);
}

struct guard_rows
guard_rows_sorted(struct arena *arena, const struct merge_row *rows, size_t count)
{
	struct guard_rows out = {.items = arena_array(arena, count, sizeof *out.items)};

	for (; out.count < count; out.count++)
		out.items[out.count] = &rows[out.count];
	if (count > 1)
		qsort(out.items, count, sizeof *out.items, by_cover);
	return out;
}

struct sought {
	const struct merge_row *row;
	int64_t later;
};

static bool
is_before(const void *item, const void *sought)
{
	const struct sought *given = sought;

	return compare_cover(given->row, *(const struct merge_row *const *)item, given->later) > 0;
}

/* Whether ${rows} give the same cover as ${row}, ${later} seconds later. The binary search works
 * because compare_cover() with ${later} orders rows as by_cover() does: the shift in time is the
 * same for all of them. */
bool
guard_rows_have(const struct guard_rows *rows, const struct merge_row *row, int64_t later)
{
	struct sought sought = {row, later};
	size_t first =
	    sorted_first(rows->items, rows->count, sizeof *rows->items, is_before, &sought);

	return first < rows->count && compare_cover(row, rows->items[first], later) == 0;
}

/* A row that only says that something could not be read is no shift. */
bool
guard_is_shift(const struct merge_row *row)
{
	return strcmp(row->class, "unreadable") != 0;
}
