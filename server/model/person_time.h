/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/model/span.h"

/*
 * A time of somebody: away, on a rota, or on in too many places at once; from start to before end.
 * Lists are sorted by person, start and end; times of one person may overlap.
 */
struct person_time {
	uint32_t person;
	int64_t start, end;
};

struct person_times {
	const struct person_time *items;
	size_t count;
};

void person_times_sort(struct person_time *items, size_t count);

/* What a sorted list has of ${person}: a part of it. */
struct person_times person_times_of(struct person_times all, uint32_t person);

/* Whether the ${person} of a sorted list is, at ${instant}, in one of the times. */
bool person_times_has(struct person_times all, uint32_t person, int64_t instant);

/* Whether one of the person's times and ${time} have an instant in common. */
bool person_times_overlap(struct person_times all, uint32_t person, struct span_time time);
