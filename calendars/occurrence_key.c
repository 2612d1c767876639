/* SPDX-License-Identifier: MIT */
#include "calendars/occurrence_key.h"

#include <stdlib.h>
#include <string.h>

#include "server/base/civil.h"
#include "server/base/instant.h"

const char *
occurrence_key(struct arena *arena, const struct instance *instance, size_t part)
{
	char instant[1 + CIVIL_RFC3339_MAX] = "";
	const char *uid = instance->event->uid;
	size_t len = strlen(uid), more;
	int64_t of = instance->recurrence;
	char *key;

	/* Programs that give all their shifts one UID: the start tells them apart. */
	if (of == INSTANT_NONE && instance->event->shares_uid)
		of = when_instant(&instance->event->start, NULL);
	if (of != INSTANT_NONE) {
		instant[0] = '#';
		civil_rfc3339(of, instant + 1);
	}
	if (part > 0)
		return arena_printf(arena, "%s%s/%zu", uid, instant, part);
	more = strlen(instant) + 1;
	key = arena_alloc(arena, len + more);
	memcpy(key, uid, len);
	memcpy(key + len, instant, more);
	return key;
}

/* All four, so that one calendar always gives one order: what is compared with the last reading
 * must not depend on qsort(). */
int
occurrence_compare(const void *a, const void *b)
{
	const struct reading_occurrence *left = a;
	const struct reading_occurrence *right = b;
	int order;

	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	if (left->end != right->end)
		return left->end < right->end ? -1 : 1;
	order = strcmp(left->uid, right->uid);
	return order != 0 ? order : strcmp(left->key, right->key);
}

static int
compare_keys(const void *a, const void *b)
{
	const struct reading_occurrence *left = *(struct reading_occurrence *const *)a;
	const struct reading_occurrence *right = *(struct reading_occurrence *const *)b;
	int order = strcmp(left->key, right->key);

	/* Cancelled occurrences come last, so that they do not change the keys of those that count. */
	if (order == 0)
		order = (left->class == READING_CANCELLED) - (right->class == READING_CANCELLED);
	return order != 0 ? order : occurrence_compare(left, right);
}

/* Numbers occurrences that have the same key, in order of time. Events that share a UID and are all
 * in force have the same keys. Returns true if any key was changed: the new key may be taken, so
 * the caller repeats. */
static bool
number_equal_keys(struct occurrences *out, struct arena *arena)
{
	struct reading_occurrence **order = arena_array(arena, out->list.count, sizeof *order);
	bool any = false;
	const char *base;
	size_t same = 0;

	for (size_t i = 0; i < out->list.count; i++)
		order[i] = &out->list.items[i];
	qsort(order, out->list.count, sizeof *order, compare_keys);
	base = order[0]->key;
	for (size_t i = 1; i < out->list.count; i++) {
		if (strcmp(order[i]->key, base) != 0) {
			base = order[i]->key;
			same = 0;
			continue;
		}
		order[i]->key = arena_printf(arena, "%s~%zu", base, ++same);
		any = true;
	}
	return any;
}

void
occurrences_make_keys_unique(struct occurrences *out, struct arena *arena)
{
	while (number_equal_keys(out, arena))
		continue;
}
