/* SPDX-License-Identifier: MIT */
#include "calendars/questions.h"

#include <stdlib.h>
#include <string.h>

/* A longer name is no name that a person could decide about. */
#define NAME_MAX_BYTES 200
#define ZONES_MAX 2000

void
questions_init(struct questions *questions, struct arena *arena)
{
	*questions = (struct questions){.arena = arena};
	table_init(&questions->index, arena, 8);
}

void
questions_zone(struct questions *questions, const char *name)
{
	uint32_t known;
	struct reading_unknown_zone *zone;

	if (strlen(name) == 0 || strlen(name) > NAME_MAX_BYTES)
		return;
	known = table_get(&questions->index, name);
	if (known != TABLE_NONE) {
		questions->zones.items[known].events++;
		return;
	}
	if (questions->zones.count == ZONES_MAX)
		return;
	name = arena_strdup(questions->arena, name);
	table_put(&questions->index, questions->arena, name, (uint32_t)questions->zones.count);
	zone = VEC_PUSH(questions->arena, &questions->zones);
	*zone = (struct reading_unknown_zone){name, 1};
}

/* Most events first, so that the first decision settles most. By name among equals, so that one
 * file always gives one list. */
static int
compare_zones(const void *a, const void *b)
{
	const struct reading_unknown_zone *left = a;
	const struct reading_unknown_zone *right = b;

	if (left->events != right->events)
		return left->events > right->events ? -1 : 1;
	return strcmp(left->name, right->name);
}

void
questions_sort(struct questions *questions)
{
	if (questions->zones.count > 1)
		qsort(questions->zones.items, questions->zones.count,
		    sizeof *questions->zones.items, compare_zones);
}
