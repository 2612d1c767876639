/* SPDX-License-Identifier: MIT */
#include "calendars/wire/wire_names.h"

void
wire_names_init(
    struct wire_names *names, struct arena *arena, const struct reading_options *options)
{
	table_init(&names->people, arena, options->npeople);
	/* Without a directory nobody may count (reading.h), so no id is known. */
	for (size_t i = 0; options->directory && i < options->npeople; i++)
		table_put(&names->people, arena, options->people[i].id, (uint32_t)i);
	/* A rota has a few lines of teams; the table grows for the one that has more. */
	table_init(&names->teams, arena, 8);
	for (size_t i = 0; options->team_names != NULL && options->team_names[i] != NULL; i++)
		table_put(&names->teams, arena, options->team_names[i], (uint32_t)i);
}

bool
wire_names_person(const struct wire_names *names, const char *id)
{
	return table_get(&names->people, id) != TABLE_NONE;
}

bool
wire_names_team(const struct wire_names *names, const char *name)
{
	return table_get(&names->teams, name) != TABLE_NONE;
}
