/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "server/base/table.h"
#include "server/base/vec.h"

/* Questions for the rota manager: names of zones that nobody defines, with the number of events
 * that depend on each. */
struct questions {
	struct arena *arena;
	struct table index;
	VEC(struct reading_unknown_zone) zones;
};

void questions_init(struct questions *questions, struct arena *arena);

/* Counts one more event that depends on the zone ${name}. A name that is too long to be one is not
 * asked about. */
void questions_zone(struct questions *questions, const char *name);

/* Sorts by the number of events, largest first. */
void questions_sort(struct questions *questions);
