/* SPDX-License-Identifier: MIT */
#include "server/api/views/coverage/holes.h"

#include <stdlib.h>

/* A requirement of a group of places has one line at each of them, so one hole in the cover
 * appears in many lines. Both numbers are given: lines, and distinct holes. */

struct sum {
	int64_t lines, distinct;
};

struct counting {
	const struct hole_line *lines;
	size_t count;
	struct sum *sums; /* by place or function */
};

/* The same requirement, start and end are one hole, at whichever place. */
static int
by_hole(const struct hole_line *a, const struct hole_line *b)
{
	if (a->requirement != b->requirement)
		return a->requirement < b->requirement ? -1 : 1;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->end > b->end) - (a->end < b->end);
}

static int
by_place(const void *left, const void *right)
{
	const struct hole_line *a = left, *b = right;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return by_hole(a, b);
}

static int
by_function(const void *left, const void *right)
{
	const struct hole_line *a = left, *b = right;

	/* A requirement has one function, so holes stay together. */
	if (a->function != b->function)
		return a->function < b->function ? -1 : 1;
	return by_hole(a, b);
}

static void
put_sum(struct json_out *out, const struct sum *sum)
{
	out_int(out, "lines", sum->lines);
	out_int(out, "distinct", sum->distinct);
}

/* Lines are sorted, so those of one hole are neighbours and count once. */
static void
count_by(struct counting *counting, bool places)
{
	for (size_t i = 0; i < counting->count; i++) {
		const struct hole_line *line = &counting->lines[i];
		struct sum *sum = &counting->sums[places ? line->place : line->function];
		bool same = i > 0 && by_hole(line, line - 1) == 0 &&
			    (!places || line->place == line[-1].place);

		sum->lines++;
		sum->distinct += !same;
	}
}

static void
put_places(struct json_out *out, struct arena *arena, const struct region *region,
    const struct hole_line *lines, size_t count)
{
	struct sum *sums = arena_array(arena, region->nplaces, sizeof *sums);

	count_by(&(struct counting){lines, count, sums}, true);
	out_array(out, "by_place");
	for (uint32_t i = 0; i < region->nplaces; i++) {
		if (sums[i].lines == 0)
			continue;
		out_object(out, NULL);
		out_text(out, "place", region->places[i].code);
		put_sum(out, &sums[i]);
		out_object_end(out);
	}
	out_array_end(out);
}

/* Returns the sums of all: a hole has one function but may be at many places, so only the sums by
 * function add up to the number of distinct holes. */
static struct sum
put_functions(struct json_out *out, struct arena *arena, const struct region *region,
    const struct hole_line *lines, size_t count)
{
	struct sum *sums = arena_array(arena, region->nfunctions, sizeof *sums), whole = {0};

	count_by(&(struct counting){lines, count, sums}, false);
	out_array(out, "by_function");
	for (uint32_t i = 0; i < region->nfunctions; i++) {
		if (sums[i].lines == 0)
			continue;
		out_object(out, NULL);
		out_text(out, "function", region->functions[i].code);
		put_sum(out, &sums[i]);
		out_object_end(out);
		whole.lines += sums[i].lines;
		whole.distinct += sums[i].distinct;
	}
	out_array_end(out);
	return whole;
}

void
holes_put(struct json_out *out, const char *key, struct arena *arena, const struct region *region,
    struct hole_lines lines)
{
	struct sum whole;

	out_object(out, key);
	/* qsort() must not be given NULL, even for no items. */
	/* Sorted twice: count_by() needs the lines of one hole side by side, within a place or
	 * within a function. */
	if (lines.count > 1)
		qsort(lines.items, lines.count, sizeof *lines.items, by_place);
	put_places(out, arena, region, lines.items, lines.count);
	if (lines.count > 1)
		qsort(lines.items, lines.count, sizeof *lines.items, by_function);
	whole = put_functions(out, arena, region, lines.items, lines.count);
	put_sum(out, &whole);
	out_object_end(out);
}
