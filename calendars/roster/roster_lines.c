/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_lines.h"

#include <string.h>

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

/* The line of ${row} that casts doubt on all rows of the file: "DRAFT - not yet agreed". */
static const char *
doubt_in(struct titles *titles, const struct sheet_row *row)
{
	for (size_t i = 0; i < sheet_kept(row); i++) {
		const char *text = row->cells[i].text;

		if (!is_legend(text) && (roster_any_word(titles, text, is_doubtful) ||
					    roster_line_is_against(titles, text)))
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
