/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "server/base/table.h"
#include "server/base/vec.h"

/* What a reading asks of whoever manages the rota: names of zones, each with how many events hang
 * on it. */
struct questions {
	struct arena *arena;
	struct table index;
	VEC(struct reading_unknown_zone) zones;
};

void questions_init(struct questions *questions, struct arena *arena);

/* One more event that hangs on the zone ${name}. What is too long for a name is not asked. */
void questions_zone(struct questions *questions, const char *name);

/* Puts the heaviest first. */
void questions_sort(struct questions *questions);
