/* SPDX-License-Identifier: MIT */
#include "server/rota/rota_patient.h"

#include "calendars/titles/items.h"
#include "calendars/titles/title.h"

/* The reader of titles itself, with no rota's own words: a list of words kept here would differ from
 * it sooner or later. */
bool
rota_speaks_of_patient(const char *text)
{
	static const struct reading_options nothing;
	struct arena *arena = arena_new(0);
	struct titles titles;
	struct tokens tokens;
	struct items items;
	bool patient;

	titles_init(&titles, arena, &nothing);
	tokens_make(&tokens, arena, text);
	items_make(&items, &titles, &tokens);
	patient = items.patient;
	arena_free(arena);
	return patient;
}
