/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "calendars/reading.h"
#include "server/base/table.h"

/* The names in a request: ids of people, names of teams. Rules, aliases and the answer may name only
 * these. The strings are borrowed from the options. Internal to wire*.c. */
struct wire_names {
	struct table people, teams;
};

void wire_names_init(
    struct wire_names *names, struct arena *arena, const struct reading_options *options);
bool wire_names_person(const struct wire_names *names, const char *id);
bool wire_names_team(const struct wire_names *names, const char *name);
