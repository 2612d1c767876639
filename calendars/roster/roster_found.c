/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_found.h"

#include <string.h>

#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_grid_days.h"
#include "calendars/roster/roster_grid_hours.h"
#include "calendars/roster/roster_grid_weeks.h"
#include "calendars/roster/roster_heading_names.h"
#include "calendars/roster/roster_state.h"
#include "calendars/roster/roster_text.h"
#include "calendars/roster/roster_upper.h"
#include "server/base/fatal.h"

#define CODE_MAX_BYTES 8
/* Enough rows to see every code of a rota. */
#define ROWS_MAX 400

struct texts {
	struct arena *arena;
	VEC(const char *) list;
};

static void
add(struct texts *texts, const char *text)
{
	/* A heading of that length is a note. No heading is cut: it has to be set as it is
	 * written. */
	if (*text == '\0' || strlen(text) > READING_FOUND_BYTES ||
	    texts->list.count == READING_FOUND_MAX)
		return;
	for (size_t i = 0; i < texts->list.count; i++) {
		if (strcmp(texts->list.items[i], text) == 0)
			return;
	}
	*VEC_PUSH(texts->arena, &texts->list) = text;
}

static const char *
text_at(struct arena *arena, const struct sheet_row *row, size_t at)
{
	return at < sheet_kept(row) ? roster_one_line(arena, row->cells[at].text) : "";
}

static bool
names_somebody(struct titles *titles, const char *text)
{
	const struct title *title = title_read(titles, text);

	/* Each way to read a title makes a part. */
	INVARIANT(title->nparts > 0);
	return title->parts[0].person != NULL;
}

/* A shift code is one short word; what is longer is a note or a name. */
static bool
may_be_code(const char *text)
{
	return *text != '\0' && strlen(text) <= CODE_MAX_BYTES && strchr(text, ' ') == NULL &&
	       !roster_cell_is_dash(text);
}

/* Whether the rows are people and the cells codes, or the rows duties and the cells people. Where nobody is known, by
 * whether the cells look like codes. */
static enum reading_layout
layout_of_days(struct titles *titles, const struct roster_found_at *at)
{
	size_t labels = 0, cells = 0, codes = 0, filled = 0;

	for (size_t i = at->from; i < at->sheet->rows.count && i < at->from + ROWS_MAX; i++) {
		const struct sheet_row *row = &at->sheet->rows.items[i];

		if (roster_is_own_name(titles, text_at(titles->arena, row, at->label)))
			return READING_ROLES_BY_DATES;
		labels += names_somebody(titles, text_at(titles->arena, row, at->label));
		for (size_t c = 0; c < sheet_kept(row); c++) {
			const char *text = row->cells[c].text;

			if (c == at->label || *text == '\0')
				continue;
			filled++;
			codes += may_be_code(text);
			cells += names_somebody(titles, text);
		}
	}
	/* Where both are people, as in a grid of pairs, rows of people are more usual. */
	if (labels != 0 || cells != 0)
		return labels >= cells ? READING_NAMES_BY_DATES : READING_ROLES_BY_DATES;
	return 2 * codes > filled ? READING_NAMES_BY_DATES : READING_ROLES_BY_DATES;
}

static bool
columns_are_days(enum reading_layout layout)
{
	return layout == READING_NAMES_BY_DATES || layout == READING_ROLES_BY_DATES;
}

/* The headings; where rows are days without that of the days, which is nobody's. */
static void
find_columns(const struct roster_found_at *at, enum reading_layout layout, struct texts *out)
{
	bool joined = roster_needs_upper(out->arena, at->line);

	for (size_t i = 0; i < sheet_kept(at->line); i++) {
		const char *text = text_at(out->arena, at->line, i);
		const char *above = roster_upper(out->arena, at->upper, i);

		/* The days are nobody's duty. Other columns are listed, whatever they are: the
		 * manager knows them. */
		if (!columns_are_days(layout) && roster_is_day_heading(text))
			continue;
		add(out, *text != '\0' && joined && above != NULL
			     ? arena_printf(out->arena, "%s / %s", above, text)
			     : text);
	}
}

/* What stands before the rows, and in people's rows the codes. */
static void
find_rows(struct titles *titles, const struct roster_found_at *at, struct texts *rows,
    struct texts *codes)
{
	for (size_t i = at->from; i < at->sheet->rows.count && i < at->from + ROWS_MAX; i++) {
		const struct sheet_row *row = &at->sheet->rows.items[i];

		add(rows, text_at(titles->arena, row, at->label));
		for (size_t c = 0; codes != NULL && c < sheet_kept(row); c++) {
			const char *text = text_at(titles->arena, row, c);

			if (c != at->label && may_be_code(text) &&
			    roster_days_is_day(text_at(titles->arena, at->line, c)))
				add(codes, text);
		}
	}
}

static const char *
own_among(const struct titles *titles, const struct texts *texts)
{
	for (size_t i = 0; i < texts->list.count; i++) {
		if (roster_is_own_name(titles, texts->list.items[i]))
			return texts->list.items[i];
	}
	return NULL;
}

/* Whether the headings say hours, or a column of times does. */
static bool
says_hours(const struct titles *titles, const struct texts *columns)
{
	for (size_t i = 0; i < columns->list.count; i++) {
		enum roster_column column = roster_column_named(columns->list.items[i], false);

		if (column == ROSTER_START || column == ROSTER_TIMES || column == ROSTER_SHIFT ||
		    roster_grid_says_hours(titles, columns->list.items[i]))
			return true;
	}
	return false;
}

void
roster_found_note(struct faults *faults, struct titles *titles, const struct roster_found_at *at)
{
	struct reading_found *found = arena_alloc(titles->arena, sizeof *found);
	struct texts columns = {.arena = titles->arena}, rows = columns, codes = columns;
	enum reading_layout layout =
	    at->layout != READING_NO_GRID ? at->layout : layout_of_days(titles, at);
	bool names = layout == READING_NAMES_BY_DATES;

	find_columns(at, layout, &columns);
	if (columns_are_days(layout))
		find_rows(titles, at, &rows, names ? &codes : NULL);
	*found = (struct reading_found){.layout = layout,
	    .columns = columns.list.items,
	    .ncolumns = columns.list.count,
	    .rows = rows.list.items,
	    .nrows = rows.list.count,
	    .codes = codes.list.items,
	    .ncodes = codes.list.count,
	    .hours = !names && layout != READING_DATES_BY_HOURS && !says_hours(titles, &columns)};
	/* Only an equal name is proposed. A similar one may be the neighbour's duty. */
	found->own = own_among(titles, layout == READING_ROLES_BY_DATES ? &rows : &columns);
	faults->found = found;
}
