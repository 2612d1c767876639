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

const char *
roster_line_below(struct titles *titles, const struct rows *rows)
{
	for (size_t i = rows->list.count; i-- > 0;) {
		const struct roster_row *row = &rows->list.items[i];

		if (!row->alone)
			return NULL;
		/* The text of a line of one cell is kept as its own ${above} (csv.c). */
		if (!is_legend(row->above) && roster_any_word(titles, row->above, is_doubtful))
			return row->above;
	}
	return NULL;
}
