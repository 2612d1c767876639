/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/occurrences.h"
#include "calendars/series.h"

/*
 * Keys of occurrences: the UID, the instant of the series that this is or replaces, and the number
 * of the piece. A shift keeps its key when its title or its length changes, so that what was
 * decided about it stays with it.
 */
const char *occurrence_key(struct arena *arena, const struct instance *instance, size_t part);

/* The order in which a reading gives its occurrences: start, end, UID, key. For qsort(). */
int occurrence_compare(const void *a, const void *b);

/* Changes keys until no two are equal. */
void occurrences_make_keys_unique(struct occurrences *out, struct arena *arena);
