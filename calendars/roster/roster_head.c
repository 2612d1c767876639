/* SPDX-License-Identifier: MIT */
#include "calendars/roster/roster_head.h"

#include <string.h>

#include "calendars/roster/roster_clock.h"
#include "calendars/roster/roster_date.h"
#include "calendars/roster/roster_heading.h"
#include "calendars/roster/roster_heading_names.h"
#include "calendars/roster/roster_state.h"
#include "calendars/roster/roster_text.h"

struct finder {
	struct titles *titles;
	struct arena *arena;
	bool absences;
	bool codes;                    /* the rota has shift codes */
	const struct sheet_row *below; /* the row below the line in hand; NULL: there is none */
};

static bool
has(const struct roster_head *head, enum roster_column column)
{
	return head->column_of[column] >= 0;
}

/* Whether the named columns of ${head} leave room for one that is ${column} under another heading. */
static bool
is_open(const struct roster_head *head, enum roster_column column)
{
	switch (column) {
	case ROSTER_NAME:
		return !has(head, ROSTER_NAME) && !has(head, ROSTER_FIRST_NAME) &&
		       !has(head, ROSTER_LAST_NAME);
	case ROSTER_START_DATE:
		return !has(head, ROSTER_DATE) && !has(head, ROSTER_START_DATE);
	case ROSTER_END_DATE:
		return !has(head, ROSTER_END_DATE);
	case ROSTER_SHIFT:
		return !has(head, ROSTER_SHIFT);
	default:
		return !has(head, ROSTER_START) && !has(head, ROSTER_END) &&
		       !has(head, ROSTER_TIMES);
	}
}

static void
read_spare_columns(const struct finder *f, const struct sheet_row *row, struct roster_head *out)
{
	const struct roster_head named = *out;

	for (size_t i = 0; i < out->nheadings; i++) {
		const char *text = row->cells[i].text;
		enum roster_column column = roster_column_spare(roster_one_line(f->arena, text));

		if (column == ROSTER_COLUMNS || !is_open(&named, column))
			continue;
		if (has(out, column))
			out->twice = text;
		out->column_of[column] = (int)i;
	}
}

/* Which column is which. A heading may hold a line break: Excel wraps long ones within the cell. */
static void
read_columns(const struct finder *f, const struct sheet_row *row, struct roster_head *out)
{
	*out = (struct roster_head){.nheadings = sheet_kept(row), .ncells = row->ncells};
	for (int column = 0; column < ROSTER_COLUMNS; column++)
		out->column_of[column] = -1;
	for (size_t i = 0; i < out->nheadings; i++) {
		const char *text = row->cells[i].text;
		enum roster_column column = ROSTER_COLUMNS;

		/* No heading begins with a number, as dates and times do: no copies of those. */
		/* A sheet has many rows, and each is tried as a heading line. */
		if (*text < '0' || *text > '9')
			column = roster_column_named(roster_one_line(f->arena, text), f->absences);
		if (column == ROSTER_COLUMNS)
			continue;
		/* Two columns of one name: which of them a person keeps up to date is not known. */
		if (out->column_of[column] >= 0)
			out->twice = text;
		out->column_of[column] = (int)i;
	}
	if (!f->absences)
		read_spare_columns(f, row, out);
}

static bool
has_date_and_time(const char *text)
{
	return roster_date_part(text).len < strlen(text);
}

/* Programs of rotas write a day and a time into one cell: "2026-01-05 21:00". By the first row below the line;
 * of another one without a day it is unreadable. */
static bool
starts_have_dates(const struct finder *f, const struct roster_head *head)
{
	size_t at = (size_t)head->column_of[ROSTER_START];

	return f->below != NULL && at < sheet_kept(f->below) &&
	       has_date_and_time(f->below->cells[at].text);
}

/* "09:00-17:00" in the column of the shift, by the first row below the line. */
static bool
shifts_are_times(const struct finder *f, const struct roster_head *head)
{
	size_t at = (size_t)head->column_of[ROSTER_SHIFT];
	struct roster_clock from, to;

	return f->below != NULL && at < sheet_kept(f->below) &&
	       roster_range_read(slice_trim(slice_of(f->below->cells[at].text)), &from, &to);
}

/* Leave has whole days (a date and no times), or a first and a last day (no date). */
static bool
can_do_without(const struct finder *f, const struct roster_head *head, enum roster_column column)
{
	bool times = has(head, ROSTER_START) && has(head, ROSTER_END);

	switch (column) {
	case ROSTER_NAME:
		return has(head, ROSTER_FIRST_NAME) && has(head, ROSTER_LAST_NAME);
	case ROSTER_DATE:
		return has(head, ROSTER_START_DATE) ||
		       (times && (f->absences || starts_have_dates(f, head)));
	default:
		/* find_missing() asks for the date first, so that it is there when it asks for a
		 * time. Where codes give the hours, a roster may do without times. */
		return f->absences || has(head, ROSTER_TIMES) ||
		       (has(head, ROSTER_SHIFT) && (f->codes || shifts_are_times(f, head)));
	}
}

/* The column that the line lacks to be a heading line; NULL: none. */
static const char *
find_missing(const struct finder *f, const struct roster_head *head)
{
	static const struct {
		enum roster_column column;
		const char *name;
	} needed[] = {{ROSTER_NAME, "Staff Name"}, {ROSTER_DATE, "Date"}, {ROSTER_START, "Start"},
	    {ROSTER_END, "End"}};

	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		if (!has(head, needed[i].column) && !can_do_without(f, head, needed[i].column))
			return needed[i].name;
	}
	return NULL;
}

/* Makes ${column} an ordinary one. It may say that the shift is another one, so it must be read. */
static void
give_up(const struct finder *f, struct roster_head *head, enum roster_column column)
{
	if (!has(head, column))
		return;
	roster_heading_other(f->titles, &head->headings[head->column_of[column]]);
	head->column_of[column] = -1;
}

/* The parts of a name, a start and an end are used only where the whole is not there. */
static void
settle_columns(const struct finder *f, struct roster_head *head)
{
	if (has(head, ROSTER_NAME) || !has(head, ROSTER_FIRST_NAME) ||
	    !has(head, ROSTER_LAST_NAME)) {
		give_up(f, head, ROSTER_FIRST_NAME);
		give_up(f, head, ROSTER_LAST_NAME);
	}
	if (has(head, ROSTER_DATE))
		give_up(f, head, ROSTER_START_DATE);
	if (has(head, ROSTER_START))
		give_up(f, head, ROSTER_TIMES);
	if (!has(head, ROSTER_END))
		give_up(f, head, ROSTER_END_DATE);
}

static void
make_headings(const struct finder *f, const struct sheet_row *row, struct roster_head *out)
{
	out->headings = arena_array(f->arena, out->nheadings, sizeof *out->headings);
	for (size_t i = 0; i < out->nheadings; i++)
		out->headings[i] = roster_heading_make(
		    f->titles, roster_one_line(f->arena, row->cells[i].text), f->absences);
	/* Those that are columns by another name than their own. */
	for (int column = 0; column < ROSTER_COLUMNS; column++) {
		struct roster_heading *heading;

		if (!has(out, (enum roster_column)column))
			continue;
		heading = &out->headings[out->column_of[column]];
		heading->column = (enum roster_column)column;
		heading->extra = ROSTER_NO_EXTRA;
		heading->affirms = false;
	}
	settle_columns(f, out);
}

struct sheet_row
roster_head_join(struct arena *arena, const struct sheet_row *first, const struct sheet_row *second,
    bool fill, const char *between)
{
	size_t count = sheet_kept(second);
	struct cell *cells = arena_array(arena, count, sizeof *cells);
	const char *above = "";

	for (size_t i = 0; i < count; i++) {
		const char *text = i < sheet_kept(first) ? first->cells[i].text : "";

		/* Merged cells are saved with their text in the first of them. */
		if (!fill || *text != '\0')
			above = text;
		cells[i].text =
		    *above == '\0' || *second->cells[i].text == '\0'
			? arena_printf(
			      arena, "%s%s", *text == '\0' ? "" : above, second->cells[i].text)
			: arena_printf(arena, "%s%s%s", above, between, second->cells[i].text);
	}
	return (struct sheet_row){second->line, second->ncells, cells};
}

/* A column of names that is headed "Who" or by the rota's own name, beside nothing but what is known in a list of
 * shifts: beside other duties the table is a grid. */
static void
find_names_by_duty(const struct finder *f, const struct sheet_row *row, struct roster_head *out)
{
	int found = -1;

	for (size_t i = 0; i < out->nheadings; i++) {
		const char *text = roster_one_line(f->arena, row->cells[i].text);
		struct roster_heading heading = roster_heading_make(f->titles, text, f->absences);

		if (strcasecmp(text, "who") == 0 || roster_is_own_name(f->titles, text)) {
			/* Two columns of names are two duties: the table is a grid. */
			if (found >= 0)
				return;
			found = (int)i;
		} else if (heading.column == ROSTER_COLUMNS &&
			   !roster_heading_is_about_row(&heading) && strcasecmp(text, "day") != 0)
			return;
	}
	out->column_of[ROSTER_NAME] = found;
}

static bool
try_line(const struct finder *f, const struct sheet_row *row, struct roster_head *out)
{
	read_columns(f, row, out);
	if (!f->absences && !has(out, ROSTER_NAME) && !has(out, ROSTER_FIRST_NAME) &&
	    !has(out, ROSTER_LAST_NAME))
		find_names_by_duty(f, row, out);
	out->missing = find_missing(f, out);
	if (out->missing == NULL)
		make_headings(f, row, out);
	return out->missing == NULL;
}

static size_t
count_known(const struct roster_head *head)
{
	size_t known = 0;

	for (int column = 0; column < ROSTER_COLUMNS; column++)
		known += has(head, column);
	return known;
}

/* A line of one row, wherever it is, before one of two: above a whole line stand title lines. */
static bool
find_single(struct finder *f, const struct sheet *sheet, size_t count, struct roster_head *out)
{
	struct roster_head head;
	size_t best = 0;

	for (size_t i = 0; i < count; i++) {
		bool found;

		f->below = i + 1 < sheet->rows.count ? &sheet->rows.items[i + 1] : NULL;
		found = try_line(f, &sheet->rows.items[i], &head);

		head.at = i;
		head.end = i + 1;
		if (found || i == 0 || count_known(&head) > best) {
			best = count_known(&head);
			*out = head;
		}
		if (found)
			return true;
	}
	return false;
}

bool
roster_head_find(struct roster_head *out, struct titles *titles, const struct sheet *sheet)
{
	struct finder f = {titles, titles->arena, titles->options->absences,
	    titles->options->nshift_codes > 0, NULL};
	size_t count = sheet->rows.count < ROSTER_HEAD_ROWS ? sheet->rows.count : ROSTER_HEAD_ROWS;

	*out = (struct roster_head){.missing = "Date"};
	if (find_single(&f, sheet, count, out))
		return true;
	for (size_t i = 0; i + 1 < 2 * count; i++) {
		const struct sheet_row *first = &sheet->rows.items[i / 2];
		struct roster_head head;
		struct sheet_row row;

		if (i / 2 + 1 >= count)
			break;
		row = roster_head_join(f.arena, first, first + 1, i % 2 == 1, " ");
		f.below = i / 2 + 2 < sheet->rows.count ? first + 2 : NULL;
		if (!try_line(&f, &row, &head))
			continue;
		*out = head;
		out->at = i / 2;
		out->end = i / 2 + 2;
		return true;
	}
	return false;
}

void
roster_head_of(struct roster_head *out, struct titles *titles, const struct sheet_row *row)
{
	const struct finder f = {titles, titles->arena, titles->options->absences, false, NULL};

	read_columns(&f, row, out);
	make_headings(&f, row, out);
}

static const char *
cell_of(const struct roster_head *head, const struct cell *cells, enum roster_column column)
{
	return has(head, column) ? cells[head->column_of[column]].text : "";
}

static const char *
both(struct arena *arena, const char *first, const char *second)
{
	if (*first == '\0' || *second == '\0')
		return *first == '\0' ? second : first;
	return arena_printf(arena, "%s %s", first, second);
}

void
roster_head_fields(const struct roster_head *head, struct arena *arena, const struct cell *cells,
    struct roster_row *row)
{
	for (int column = 0; column < ROSTER_COLUMNS; column++)
		row->field[column] = cell_of(head, cells, (enum roster_column)column);
	/* settle_columns() has left only the parts that are needed. */
	if (has(head, ROSTER_FIRST_NAME))
		row->field[ROSTER_NAME] =
		    both(arena, row->field[ROSTER_FIRST_NAME], row->field[ROSTER_LAST_NAME]);
	if (has(head, ROSTER_START_DATE))
		row->field[ROSTER_DATE] = row->field[ROSTER_START_DATE];
	else if (!has(head, ROSTER_DATE) && has_date_and_time(row->field[ROSTER_START]))
		row->field[ROSTER_DATE] = arena_strndup(arena, row->field[ROSTER_START],
		    roster_date_part(row->field[ROSTER_START]).len);
	if (has(head, ROSTER_TIMES))
		row->field[ROSTER_START] = row->field[ROSTER_TIMES];
	if (has(head, ROSTER_END_DATE))
		row->field[ROSTER_END] =
		    both(arena, row->field[ROSTER_END_DATE], row->field[ROSTER_END]);
}
