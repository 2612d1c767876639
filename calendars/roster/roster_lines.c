/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_lines.h"

#include <string.h>

#include "calendars/asides.h"
#include "calendars/roster/roster_says.h"

bool
roster_line_is_against(struct titles *titles, const char *above)
{
	return roster_any_word(titles, above, roster_word_takes_off) ||
	       roster_only_word(titles, above) == WORD_DOUBT;
}

static bool
is_doubtful(enum word word)
{
	return word == WORD_DOUBT || word == WORD_MAYBE || word == WORD_CANCELLED;
}

/* "AL = annual leave", "* provisional": such a line explains a code or a mark. It is not about all rows; the
 * code has its effect in the rows that contain it. */
static bool
is_legend(const char *line)
{
	return strchr(line, '=') != NULL || strchr("*#^", *line) != NULL;
}

bool
roster_line_has_force(struct titles *titles, const char *line)
{
	return !is_legend(line) &&
	       (roster_any_word(titles, line, is_doubtful) || roster_line_is_against(titles, line));
}

/* The line of ${row} that casts doubt on all rows of the file: "DRAFT - not yet agreed". */
static const char *
doubt_in(struct titles *titles, const struct sheet_row *row)
{
	for (size_t i = 0; i < sheet_kept(row); i++) {
		const char *text = row->cells[i].text;

		if (roster_line_has_force(titles, text))
			return text;
	}
	return NULL;
}

const char *
roster_line_top(struct titles *titles, const struct sheet *sheet, size_t count)
{
	const char *found = NULL;

	for (size_t i = 0; i < count && found == NULL; i++)
		found = doubt_in(titles, &sheet->rows.items[i]);
	return found;
}

const char *
roster_line_around(const struct titles *titles, const struct sheet *sheet)
{
	const char *const *text;

	if (aside_calendar_is_against(titles, sheet->name, NULL))
		return sheet->name;
	VEC_EACH (text, &sheet->around)
		if (aside_calendar_is_against(titles, NULL, *text))
			return *text;
	return NULL;
}

const char *
roster_line_below(struct titles *titles, const struct rows *rows)
{
	for (size_t i = rows->list.count; i-- > 0;) {
		const struct roster_row *row = &rows->list.items[i];

		if (row->total)
			continue;
		if (!row->alone)
			return NULL;
		/* The text of a line of one cell is kept as its own ${above} (sheet.c). */
		if (!is_legend(row->above) && roster_any_word(titles, row->above, is_doubtful))
			return row->above;
	}
	return NULL;
}

static void
note(const struct roster_entry *entry, enum fault fault, const char *line)
{
	fault_note(entry->faults, fault, FAULT_EVENT(entry->uid, entry->row->line), line, NULL);
}

/* "Cancelled shifts" is about the rows below it; "DRAFT - not yet agreed", below the last row, above the heading line
 * or beside the cells, about all of them. */
void
roster_lines_say(const struct roster_entry *entry, struct slot *slot)
{
	const struct rows *rows = entry->rows;
	const char *above = entry->row->above;

	if (slot->state >= SLOT_OPEN)
		return;
	/* Above a table of a grid may stand that it is a draft. */
	if (above != NULL &&
	    (entry->row->grid.at != 0 ? roster_line_has_force(entry->titles, above)
				      : roster_line_is_against(entry->titles, above)))
		note(entry, FAULT_ROW_ABOVE, above);
	else if (rows->below != NULL)
		note(entry, FAULT_ROW_BELOW, rows->below);
	else if (rows->top != NULL)
		note(entry, FAULT_ROW_TOP, rows->top);
	else if (rows->around != NULL)
		note(entry, FAULT_ROW_AROUND, rows->around);
	else
		return;
	slot->state = SLOT_OPEN;
}
