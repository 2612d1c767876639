/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_swap.h"

#include <string.h>

#include "server/base/civil.h"

static const char *
key_of(struct arena *arena, int64_t start, const char *person)
{
	return arena_printf(arena, "%lld %s", (long long)civil_day_of(start), person);
}

bool
roster_tells_of_swap(const char *text)
{
	/* "Switchboard" is none. */
	static const char *const stems[] = {
	    "swap", "swop", "exchang", "switched", "switching", "switch w", NULL};

	for (size_t i = 0; stems[i] != NULL; i++) {
		if (strcasestr(text, stems[i]) != NULL)
			return true;
	}
	return false;
}

static bool
has(const struct title *title, const char *person)
{
	for (size_t i = 0; title != NULL && i < title->nparts; i++) {
		if (title->parts[i].class == READING_NAMED &&
		    strcmp(title->parts[i].person, person) == 0)
			return true;
	}
	return false;
}

/* All people whom ${text} names, wherever their names stand in it, but for those of ${title}: "J Jones (swapped with
 * Kay Lee)" says who has the shift. */
static void
note_people(struct roster_swaps *swaps, const struct roster_entry *entry, const char *text,
    const struct title *title, int64_t start)
{
	const struct titles *titles = entry->titles;
	struct tokens tokens;

	tokens_make(&tokens, titles->arena, text);
	for (size_t at = 0; at < tokens.items.count;) {
		struct people_found found = people_match(&titles->people, &tokens, at);

		if (found.person != NULL && !has(title, found.person->id))
			table_put(&swaps->told, titles->arena,
			    key_of(titles->arena, start, found.person->id), 0);
		at += found.len > 0 ? found.len : 1;
	}
}

void
roster_swaps_note(struct roster_swaps *swaps, const struct roster_entry *entry,
    const struct title *title, int64_t start)
{
	const struct rows *rows = entry->rows;

	for (size_t i = 0; i < rows->nheadings; i++) {
		const char *text = entry->row->cells[i].text;

		const struct roster_heading *heading = &rows->headings[i];

		/* The other cells of a row of people are of other days, and those of other duties of
		 * this rota have rows of their own. */
		if (heading->of_grid && i + 1 != entry->row->grid.at &&
		    (rows->across || heading->column == ROSTER_NAME))
			continue;
		if (roster_tells_of_swap(text))
			note_people(swaps, entry, text,
			    text == entry->row->field[ROSTER_NAME] ? title : NULL, start);
	}
}

static bool
is_told(const struct roster_swaps *swaps, const struct roster_pair *pair, struct arena *arena)
{
	const struct title *title = pair->event->title;

	for (size_t i = 0; i < title->nparts; i++) {
		if (title->parts[i].class == READING_NAMED &&
		    table_get(&swaps->told, key_of(arena, pair->event->start.local,
						title->parts[i].person)) != TABLE_NONE)
			return true;
	}
	return false;
}

void
roster_swaps_settle(const struct roster_swaps *swaps, const struct roster_pairs *pairs,
    struct arena *arena, struct faults *faults)
{
	const struct roster_pair *pair;

	if (swaps->told.count == 0)
		return;
	VEC_EACH (pair, &pairs->list) {
		if (!is_told(swaps, pair, arena))
			continue;
		pair->event->title = roster_pair_undecided(arena, pair->event->title);
		fault_note(faults, FAULT_ROW_SWAP, FAULT_EVENT(pair->event->uid, pair->event->line),
		    NULL, NULL);
	}
}
