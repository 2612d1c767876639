/* SPDX-License-Identifier: MIT */
#include "calendars/roster/csv.h"

#include <csv.h>
#include <string.h>

#include "calendars/foreign.h"
#include "calendars/latin1.h"
#include "calendars/roster/csv_bytes.h"
#include "calendars/roster/roster_heading.h"
#include "calendars/roster/roster_lines.h"
#include "calendars/roster/roster_row.h"
#include "calendars/roster/roster_text.h"

#define FILE_MAX_BYTES ((size_t)10 * 1024 * 1024)
#define ROWS_MAX 50000
/* A row with more fields does not fit its heading line (see fits()) and is unreadable. */
#define FIELDS_MAX 64
/* Enough to recognize a title line or two above a grid. */
#define HEAD_MAX 6 /* rows that are looked at where no heading line is found */

struct parse {
	bool absences; /* a leave calendar */
	struct titles *titles;
	struct rows *rows;
	struct faults *faults;
	struct arena *arena;
	uint32_t line, row_line;
	bool in_row;
	bool written; /* some field of this row is not empty */
	const char *fields[FIELDS_MAX];
	size_t nfields, ncolumns; /* of this row; of the heading */
	int column_of[ROSTER_COLUMNS];
	bool headed;
	bool codes;                        /* the rota has shift codes */
	struct roster_head head[HEAD_MAX]; /* the first rows, while no heading line was found */
	size_t nhead;
	const char *missing; /* of the first of them */
	const char *above;   /* the last line that has one cell only */
};

static void
refuse(struct parse *p, enum fault fault, const char *what)
{
	fault_note(p->faults, fault, FAULT_EVENT(NULL, p->row_line), what, NULL);
}

static const char *
number(struct parse *p, size_t value)
{
	return arena_printf(p->arena, "%zu", value);
}

static void
on_field(void *bytes, size_t len, void *ctx)
{
	struct parse *p = ctx;
	struct slice text = roster_trim((struct slice){bytes, len});

	/* A quoted field may hold line breaks: findings name the line on which the row begins. */
	if (!p->in_row)
		p->row_line = p->line;
	p->in_row = true;
	p->written = p->written || text.len > 0;
	/* Fields beyond are counted, so that the row is found not to fit. */
	if (p->nfields < FIELDS_MAX)
		p->fields[p->nfields] = arena_strndup(p->arena, text.at, text.len);
	p->nfields++;
}

/* Leave has whole days (a date and no times), or a first and a last day (no date). */
static bool
can_do_without(const struct parse *p, enum roster_column column)
{
	bool times = p->column_of[ROSTER_START] >= 0 && p->column_of[ROSTER_END] >= 0;

	if (!p->absences)
		return false;
	/* find_missing() asks for the date first, so that it is there when it asks for a time. */
	return column == ROSTER_DATE ? times : column == ROSTER_START || column == ROSTER_END;
}

/* The column that the row in hand lacks to be a heading line; NULL: none. */
static const char *
find_missing(struct parse *p)
{
	static const struct {
		enum roster_column column;
		const char *name;
	} needed[] = {{ROSTER_NAME, "Staff Name"}, {ROSTER_DATE, "Date"}, {ROSTER_START, "Start"},
	    {ROSTER_END, "End"}};

	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		/* Where codes give the hours, a roster may do without times. */
		if (p->codes && p->column_of[ROSTER_SHIFT] >= 0 &&
		    (needed[i].column == ROSTER_START || needed[i].column == ROSTER_END))
			continue;
		if (p->column_of[needed[i].column] < 0 && !can_do_without(p, needed[i].column))
			return needed[i].name;
	}
	return NULL;
}

/* Excel wraps long headings within the cell, so a heading may hold a line break. */
static const char *
heading_at(struct parse *p, size_t i)
{
	return roster_one_line(p->arena, p->fields[i]);
}

static void
read_heading(struct parse *p)
{
	size_t count = p->nfields < FIELDS_MAX ? p->nfields : FIELDS_MAX;

	p->rows->headings = arena_array(p->arena, count, sizeof *p->rows->headings);
	p->rows->nheadings = count;
	for (size_t i = 0; i < count; i++) {
		enum roster_column column;

		p->rows->headings[i] =
		    roster_heading_make(p->titles, heading_at(p, i), p->absences);
		column = p->rows->headings[i].column;
		if (column == ROSTER_COLUMNS)
			continue;
		/* Two columns of one name: which of them a person keeps up to date is not known. */
		if (p->column_of[column] >= 0)
			refuse(p, FAULT_CSV_COLUMN_TWICE, p->fields[i]);
		p->column_of[column] = (int)i;
	}
	p->ncolumns = p->nfields;
}

static const char *const *
keep_cells(struct parse *p, size_t count)
{
	const char **cells = arena_array(p->arena, count, sizeof *cells);

	for (size_t i = 0; i < count; i++)
		/* A row that is too short is unreadable (fits()); its cells are empty here, so that
		 * later looks need no test of their own. */
		cells[i] = i < p->nfields ? p->fields[i] : "";
	return cells;
}

/* The first row is the heading line; if it is none, the next few say what the file is. */
static void
look_for_heading(struct parse *p)
{
	size_t count = p->nfields < FIELDS_MAX ? p->nfields : FIELDS_MAX;

	if (p->nhead == 0) {
		read_heading(p);
		p->missing = find_missing(p);
		p->headed = p->missing == NULL;
	}
	if (!p->headed && p->nhead < HEAD_MAX)
		p->head[p->nhead++] = (struct roster_head){keep_cells(p, count), count};
}

/* Whether the row in hand is a heading line once more, by how many known headings it has. */
static bool
is_heading(struct parse *p)
{
	size_t known = 0;

	for (size_t i = 0; i < p->nfields && i < FIELDS_MAX; i++) {
		/* No heading begins with a number, as dates and times do: no copies of those. */
		if (*p->fields[i] < '0' || *p->fields[i] > '9')
			known +=
			    roster_column_named(heading_at(p, i), p->absences) != ROSTER_COLUMNS;
	}
	/* One or two of the names may be the content of a row. */
	return known >= 3;
}

/* A heading again on each printed page is passed over. Rows below another one would be read by the
 * columns of the first: "Yes" under "Cancelled" as a status. */
static void
compare_heading(struct parse *p)
{
	size_t count = p->nfields < FIELDS_MAX ? p->nfields : FIELDS_MAX;

	for (size_t i = 0; i < count || i < p->rows->nheadings; i++) {
		const char *was = i < p->rows->nheadings ? p->rows->headings[i].name : "";
		const char *now = i < count ? heading_at(p, i) : "";

		if (!slice_is_nocase(slice_of(now), was)) {
			refuse(p, FAULT_CSV_HEADING_CHANGES, number(p, p->row_line));
			return;
		}
	}
}

/* In words what the file is that has no heading line of a roster. */
static void
refuse_layout(struct parse *p)
{
	enum fault fault = roster_layout_fault(p->head, p->nhead);
	const char *has = "";

	for (size_t i = 0; p->nhead > 0 && i < p->head[0].count; i++)
		has = arena_printf(p->arena, "%s%s%s", has, i > 0 ? ", " : "", p->head[0].cells[i]);
	/* The finding is about the heading line, wherever the parser stands. */
	p->row_line = 1;
	if (fault == FAULT_CSV_NO_HEADING)
		fault_note(p->faults, fault, FAULT_EVENT(NULL, p->row_line),
		    p->missing != NULL ? p->missing : "Date", has);
	else
		refuse(p, fault, NULL);
}

/* More fields than headings shift everything, unless the rest is empty. */
static bool
fits(const struct parse *p)
{
	if (p->nfields > FIELDS_MAX || p->nfields < p->ncolumns)
		return false;
	for (size_t i = p->ncolumns; i < p->nfields; i++) {
		if (*p->fields[i] != '\0')
			return false;
	}
	return true;
}

/* What a line has that has one cell only, such as "Cancelled shifts"; else NULL. */
static const char *
only_cell(const struct parse *p)
{
	const char *only = NULL;

	for (size_t i = 0; i < p->nfields && i < FIELDS_MAX; i++) {
		if (*p->fields[i] == '\0')
			continue;
		if (only != NULL)
			return NULL;
		only = p->fields[i];
	}
	return only;
}

static void
add_row(struct parse *p)
{
	struct roster_row *row = VEC_PUSH(p->arena, &p->rows->list);

	row->line = p->row_line;
	row->fits = fits(p);
	row->nfields = p->nfields;
	row->ncolumns = p->ncolumns;
	row->cells = keep_cells(p, p->rows->nheadings);
	row->alone = only_cell(p) != NULL;
	if (row->alone)
		p->above = only_cell(p);
	row->above = p->above;
	for (int column = 0; column < ROSTER_COLUMNS; column++) {
		int at = p->column_of[column];

		row->field[column] = at >= 0 && (size_t)at < p->nfields ? p->fields[at] : "";
	}
}

static void
on_row(int end, void *ctx)
{
	struct parse *p = ctx;

	(void)end;
	if (!p->faults->refused && p->written) {
		if (!p->headed)
			look_for_heading(p);
		else if (p->rows->list.count == ROWS_MAX)
			refuse(p, FAULT_TOO_MANY_EVENTS, number(p, ROWS_MAX));
		else if (is_heading(p))
			compare_heading(p);
		else
			add_row(p);
	}
	if (arena_over(p->arena))
		refuse(p, FAULT_TOO_MUCH_MEMORY, NULL);
	p->nfields = 0;
	p->in_row = p->written = false;
}

/* Fed line by line, for the numbers of lines. */
static void
parse_rows(struct parse *p, struct slice bytes)
{
	struct csv_parser parser;

	/* Strict: a quotation mark out of place is an error and no text. Leniently read, an open
	 * quote swallows every row up to the next one, and their shifts are lost unnoticed. */
	csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
	bytes = csv_after_sep(bytes, &p->line);
	csv_set_delim(&parser, csv_delimiter(bytes));
	while (bytes.len > 0 && !p->faults->refused) {
		const char *end = memchr(bytes.at, '\n', bytes.len);
		size_t len = end != NULL ? (size_t)(end + 1 - bytes.at) : bytes.len;

		if (csv_parse(&parser, bytes.at, len, on_field, on_row, p) != len) {
			p->row_line = p->line;
			refuse(p, FAULT_CSV_QUOTES, number(p, p->line));
		}
		p->line++;
		bytes = (struct slice){bytes.at + len, bytes.len - len};
	}
	if (!p->faults->refused && csv_fini(&parser, on_field, on_row, p) != 0)
		refuse(p, FAULT_CSV_QUOTES, number(p, p->row_line));
	csv_free(&parser);
}

static bool
look_at_bytes(struct parse *p, struct slice *bytes)
{
	size_t i = 0;

	if (bytes->len >= 3 && memcmp(bytes->at, "\xef\xbb\xbf", 3) == 0)
		*bytes = (struct slice){bytes->at + 3, bytes->len - 3};
	/* strchr() finds the NUL at the end of its set, too. */
	while (i < bytes->len && strchr(" \t\r\n", bytes->at[i]) != NULL && bytes->at[i] != '\0')
		i++;
	if (bytes->len > FILE_MAX_BYTES)
		refuse(p, FAULT_TOO_LONG, "10 MB");
	else if (i == bytes->len)
		refuse(p, FAULT_EMPTY, NULL);
	else if (foreign_file(*bytes) != FAULT_NONE)
		refuse(p, foreign_file(*bytes), NULL);
	else if (csv_is_utf16(*bytes))
		refuse(p, FAULT_UTF16, NULL);
	else if (memchr(bytes->at, '\0', bytes->len) != NULL)
		refuse(p, FAULT_NUL, "?");
	else if (bytes->at[i] == '<')
		refuse(p, FAULT_HTML, NULL);
	return !p->faults->refused;
}

void
csv_read(struct roster *out, struct titles *titles, struct slice bytes, struct faults *faults)
{
	struct rows rows = {.list = {.items = NULL}};
	struct parse p = {.absences = titles->options->absences,
	    .titles = titles,
	    .rows = &rows,
	    .faults = faults,
	    .arena = titles->arena,
	    .line = 1,
	    .codes = titles->options->nshift_codes > 0};
	struct buf decoded = {0};

	*out = (struct roster){.nrows = 0};
	for (int column = 0; column < ROSTER_COLUMNS; column++)
		/* No column is known before the heading line. */
		p.column_of[column] = -1;
	if (!look_at_bytes(&p, &bytes))
		return;
	/* The whole file at once, as a CSV is written by one program; a calendar is decoded line by
	 * line. */
	if (!text_utf8_valid(bytes.at, bytes.len)) {
		fault_note(faults, FAULT_LATIN1, FAULT_ANYWHERE, NULL, NULL);
		latin1_to_utf8(bytes, &decoded);
		bytes = (struct slice){decoded.at, decoded.len};
	}
	parse_rows(&p, bytes);
	buf_free(&decoded);
	if (!p.headed && !faults->refused)
		refuse_layout(&p);
	if (faults->refused)
		return;
	/* After all rows: one word that is no weekday makes the column an ordinary one. */
	roster_find_weekdays(&rows);
	roster_find_ticks(&rows);
	roster_find_units(&rows);
	rows.below = roster_line_below(titles, &rows);
	out->nrows = (uint32_t)rows.list.count;
	if (rows.list.count == 0)
		fault_note(faults, FAULT_NO_EVENTS, FAULT_ANYWHERE, NULL, NULL);
	roster_read_rows(out, titles, faults, &rows);
}
