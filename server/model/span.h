/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"

/* Half-open intervals of instants, [start, end), in seconds UTC. */
struct span_time {
	int64_t start, end;
};

struct span_times {
	const struct span_time *items;
	size_t count;
};

/* Sorted, merged where they touch or overlap, empty ones dropped. */
struct span_times span_normalise(struct arena *arena, const struct span_time *items, size_t count);

/* Of normalised lists: what is in ${a} and not in ${b}; what is in both. */
struct span_times span_subtract(struct arena *arena, struct span_times a, struct span_times b);
struct span_times span_intersect(struct arena *arena, struct span_times a, struct span_times b);

int64_t span_total(struct span_times times); /* seconds, of a normalised list */
