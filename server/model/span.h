/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"

/* Half-open intervals of instants, [start, end), in seconds UTC. */
struct span_time {
	int64_t start, end;
};

/* Whether ${instant} is in it. */
static inline bool
span_has(struct span_time span, int64_t instant)
{
	return span.start <= instant && instant < span.end;
}

/* The part of ${span} inside ${window}; if there is none, the end is not after the start. */
static inline struct span_time
span_clip(struct span_time span, struct span_time window)
{
	return (struct span_time){
	    span.start > window.start ? span.start : window.start,
	    span.end < window.end ? span.end : window.end,
	};
}

static inline bool
span_is_empty(struct span_time span)
{
	return span.start >= span.end;
}

/* Whether the two have an instant in common. */
static inline bool
span_overlap(struct span_time a, struct span_time b)
{
	return !span_is_empty(span_clip(a, b));
}

struct span_times {
	const struct span_time *items;
	size_t count;
};

/* Sorts, joins intervals that touch or overlap, and removes empty ones. */
struct span_times span_normalise(struct arena *arena, const struct span_time *items, size_t count);

/* For normalised lists: what is in ${a} and not in ${b}; what is in both. */
struct span_times span_subtract(struct arena *arena, struct span_times a, struct span_times b);
struct span_times span_intersect(struct arena *arena, struct span_times a, struct span_times b);

int64_t span_total(struct span_times times); /* seconds, of a normalised list */
