/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "server/base/arena.h"

/* Two people whom a title may call the same, so that it names neither (titles/people.h). */
struct people_alike {
	const struct reading_person *one, *other; /* in the order of the directory */
	const char *written; /* as titles are compared, in small letters: "j jones" */
};

struct people_alikes {
	const struct people_alike *items; /* by ${one}, then ${other} */
	size_t count;
};

/*
 * Those of a directory, ${list}, who share a name written in full or with an initial, or an alias. A family name
 * alone or initials alone are shared by many, and are none. Lives in ${arena}, borrows the people.
 */
struct people_alikes people_alike(
    struct arena *arena, const struct reading_person *list, size_t count);
