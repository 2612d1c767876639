/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_remarks.h"

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_column.h"
#include "calendars/roster/roster_grid_columns.h"
#include "calendars/roster/roster_heading.h"
#include "calendars/roster/roster_people.h"

static const char *
key_of(struct arena *arena, size_t part, size_t at)
{
	return arena_printf(arena, "%zu %zu", part, at);
}

static size_t
last_of(const struct rows *rows, const char *key)
{
	uint32_t last = rows->remarks.count == 0 ? TABLE_NONE : table_get(&rows->remarked, key);

	return last == TABLE_NONE ? 0 : last;
}

/* Whether most of what stands below days is names of people, and no answer. */
static bool
is_of_names(const struct grid *g, const struct sheet_row *row, const struct grid_line *across)
{
	size_t people = 0, filled = 0;

	for (size_t i = 0; i < sheet_kept(row); i++) {
		const char *text = grid_cell(g, row, i);

		if (across->date[i] == NULL || *text == '\0' || roster_cell_is_dash(text))
			continue;
		if (roster_cell_is_yes(text) || roster_cell_is_no(text))
			return false;
		filled++;
		people += grid_names_only(g, text);
	}
	return 2 * people > filled;
}

static bool
is_filled(const struct grid *g, const struct sheet_row *row, const struct grid_line *across)
{
	for (size_t i = 0; i < sheet_kept(row); i++) {
		if (across->date[i] != NULL && *grid_cell(g, row, i) != '\0')
			return true;
	}
	return false;
}

/* Whether every word of ${label} has a meaning for who is on duty: of "EDT cancelled" one is another duty. */
static bool
is_all_words(struct titles *titles, const char *label)
{
	struct tokens tokens;

	tokens_make(&tokens, titles->arena, label);
	for (size_t at = 0; at < tokens.items.count;) {
		enum word word = lexicon_next(&titles->lexicon, &tokens, &at);

		if (word == WORD_NONE || word == WORD_PLAIN)
			return false;
	}
	return true;
}

/* The heading of a column of days, if the grid stood the other way round. */
static const struct roster_heading *
heading_of(const struct grid *g, const struct sheet_row *row, const char *label,
    const struct grid_line *across)
{
	struct roster_heading *heading = arena_alloc(g->arena, sizeof *heading);

	*heading = roster_heading_make(g->titles, label, false);
	if (heading->column == ROSTER_STATUS || heading->column == ROSTER_GRADE ||
	    heading->column == ROSTER_SHIFT) {
		heading->column = ROSTER_COLUMNS;
		heading->extra = ROSTER_TEXT;
		return heading;
	}
	grid_settle_other(g, heading, is_of_names(g, row, across));
	if (heading->extra == ROSTER_PART && !roster_people_may_replace(g->titles, heading) &&
	    !is_all_words(g->titles, label))
		heading->extra = ROSTER_OTHER;
	heading->ticked = heading->affirms && is_filled(g, row, across);
	return heading;
}

static void
keep(struct grid *g, size_t at, const struct roster_heading *heading, const char *text)
{
	const char *key = key_of(g->arena, g->part, at);
	size_t before = last_of(g->rows, key);

	if (g->rows->remarks.count == 0)
		table_init(&g->rows->remarked, g->arena, 64);
	*VEC_PUSH(g->arena, &g->rows->remarks) = (struct roster_remark){heading, text, before};
	table_put(&g->rows->remarked, g->arena, key, (uint32_t)g->rows->remarks.count);
}

void
grid_remarks_keep(
    struct grid *g, const struct sheet_row *row, const char *label, const struct grid_line *across)
{
	const struct roster_heading *heading = heading_of(g, row, label, across);

	for (size_t i = 0; i < g->head.nheadings; i++) {
		const char *text = grid_cell(g, row, i);

		/* Where a row is one of ticks, a cell without one denies. */
		if (across->date[i] != NULL && (*text != '\0' || heading->ticked))
			keep(g, i + 1, heading, text);
	}
}

void
roster_remarks_say(const struct roster_entry *entry, const struct row_says *says, struct slot *slot)
{
	const struct roster_cell_shift *grid = &entry->row->grid;
	size_t at = last_of(entry->rows, key_of(entry->titles->arena, grid->part, grid->at));

	for (; at > 0; at = entry->rows->remarks.items[at - 1].next) {
		const struct roster_remark *remark = &entry->rows->remarks.items[at - 1];

		roster_column_says(says, remark->heading, remark->text, slot);
	}
}
