/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/model/span.h"

/*
 * A time of one person: away, on a rota, or in too many places at once; half-open. Lists are sorted
 * by person, start and end; times of one person may overlap.
 */
struct person_time {
	uint32_t person;
	int64_t start, end;
};

struct person_times {
	const struct person_time *items;
	size_t count;
};

/* Sorts by person, start and end, as all functions below require. */
void person_times_sort(struct person_time *items, size_t count);

/* The part of a sorted list that belongs to ${person}; borrowed from it. */
struct person_times person_times_of(struct person_times all, uint32_t person);

/* Whether ${instant} lies in one of ${person}'s times in a sorted list. */
bool person_times_has(struct person_times all, uint32_t person, int64_t instant);

/* Whether one of the person's times overlaps ${time}. */
bool person_times_overlap(struct person_times all, uint32_t person, struct span_time time);
