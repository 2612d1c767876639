/* SPDX-License-Identifier: MIT */
#include "server/model/span.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int
by_start(const void *a, const void *b)
{
	const struct span_time *left = a, *right = b;

	return left->start < right->start ? -1 : left->start > right->start;
}

struct span_times
span_normalise(struct arena *arena, const struct span_time *items, size_t count)
{
	struct span_time *out = arena_array(arena, count, sizeof *out);
	size_t i, n = 0, kept = 0;
	bool sorted = true; /* hours usually are sorted already */

	for (i = 0; i < count; i++) {
		if (items[i].start >= items[i].end)
			continue;
		sorted &= n == 0 || out[n - 1].start <= items[i].start;
		out[n++] = items[i];
	}
	if (!sorted)
		qsort(out, n, sizeof *out, by_start);
	for (i = 0; i < n; i++) {
		/* Spans that touch are joined as well: two stretches of hours are one. */
		if (kept == 0 || out[kept - 1].end < out[i].start)
			out[kept++] = out[i];
		else if (out[kept - 1].end < out[i].end)
			out[kept - 1].end = out[i].end;
	}
	return (struct span_times){.items = out, .count = kept};
}

struct span_times
span_subtract(struct arena *arena, struct span_times a, struct span_times b)
{
	/* Each of b adds at most one piece, by cutting one of a. */
	struct span_time *out = arena_array(arena, a.count + b.count, sizeof *out);
	size_t i, j = 0, n = 0;

	for (i = 0; i < a.count; i++) {
		int64_t from = a.items[i].start, until = a.items[i].end;

		/* j only moves on: both lists are sorted, so what is over here is over for the rest. */
		while (j < b.count && b.items[j].end <= from)
			j++;
		for (; j < b.count && b.items[j].start < until; j++) {
			if (b.items[j].start > from)
				out[n++] = (struct span_time){from, b.items[j].start};
			from = b.items[j].end;
			if (from >= until)
				break; /* it may overlap the next of a, too */
		}
		if (from < until)
			out[n++] = (struct span_time){from, until};
	}
	return (struct span_times){.items = out, .count = n};
}

/* The span that ends first cannot meet anything further on, so its list is the one to step. */
struct span_times
span_intersect(struct arena *arena, struct span_times a, struct span_times b)
{
	struct span_time *out = arena_array(arena, a.count + b.count, sizeof *out);
	size_t i = 0, j = 0, n = 0;

	while (i < a.count && j < b.count) {
		const struct span_time *x = &a.items[i], *y = &b.items[j];
		struct span_time both = span_clip(*x, *y);

		if (!span_is_empty(both))
			out[n++] = both;
		if (x->end < y->end)
			i++;
		else
			j++;
	}
	return (struct span_times){.items = out, .count = n};
}

int64_t
span_total(struct span_times times)
{
	int64_t total = 0;
	size_t i;

	for (i = 0; i < times.count; i++)
		total += times.items[i].end - times.items[i].start;
	return total;
}
