/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "calendars/titles/title.h"

/*
 * What is kept of the titles of a calendar of absences: who is away. Somebody's rota may have the same bytes, and is read
 * again from what is kept: so a title becomes one that says the same of these people there, too, and one that would put
 * somebody on duty, which gives no reason to be away, stays as it is.
 */
struct kept_leave {
	struct titles away, on; /* of the calendar itself, and of a rota with the same people */
	struct reading_options options;
};

/* ${options} are those of the calendar, and stay; ${arena} has all that is made. */
void kept_leave_init(
    struct kept_leave *leave, struct arena *arena, const struct reading_options *options);

/*
 * ${words}, a title with its escapes resolved, as the names that it has and one word that tells no reason; ${words} itself
 * where that would not say the same: it is not understood, so that a person must decide what it says, or tells times or
 * days. In the arena.
 */
const char *kept_leave_title(struct kept_leave *leave, const char *words);
