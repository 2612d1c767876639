/* SPDX-License-Identifier: MIT */
#include "calendars/roster/csv.h"

#include <csv.h>
#include <string.h>

#include "calendars/foreign.h"
#include "calendars/latin1.h"
#include "calendars/roster/csv_bytes.h"
#include "calendars/roster/roster_text.h"

#define FILE_MAX_BYTES ((size_t)10 * 1024 * 1024)

struct parse {
	struct sheet *sheet;
	struct faults *faults;
	struct arena *arena;
	uint32_t line, row_line;
	bool in_row;
	bool written; /* some field of this row is not empty */
	struct cell fields[SHEET_CELLS_MAX];
	size_t nfields;
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
	/* Fields beyond are counted, so that the row is found not to fit its heading line. */
	if (p->nfields < SHEET_CELLS_MAX)
		p->fields[p->nfields].text = arena_strndup(p->arena, text.at, text.len);
	p->nfields++;
}

static void
on_row(int end, void *ctx)
{
	struct parse *p = ctx;
	size_t kept = p->nfields < SHEET_CELLS_MAX ? p->nfields : SHEET_CELLS_MAX;

	(void)end;
	if (p->written)
		*VEC_PUSH(p->arena, &p->sheet->rows) = (struct sheet_row){p->row_line, p->nfields,
		    arena_copy(p->arena, p->fields, kept * sizeof *p->fields)};
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
	else if (memchr(bytes->at, '\0', bytes->len) != NULL)
		refuse(p, FAULT_NUL, "?");
	else if (bytes->at[i] == '<')
		refuse(p, foreign_markup(*bytes), NULL);
	return !p->faults->refused;
}

/* The whole file at once, as a CSV is written by one program; a calendar is decoded line by line. */
static void
divide(struct parse *p, struct slice bytes)
{
	struct buf decoded = {0};

	if (!text_utf8_valid(bytes.at, bytes.len)) {
		fault_note(p->faults, FAULT_LATIN1, FAULT_ANYWHERE, NULL, NULL);
		latin1_to_utf8(bytes, &decoded);
		bytes = (struct slice){decoded.at, decoded.len};
	}
	parse_rows(p, bytes);
	buf_free(&decoded);
}

static void
read_text(struct parse *p, struct slice bytes)
{
	if (look_at_bytes(p, &bytes))
		divide(p, bytes);
}

/* Excel saves "Unicode text" as UTF-16. */
static void
read_wide(struct parse *p, struct slice bytes)
{
	struct buf decoded = {0};

	if (bytes.len > FILE_MAX_BYTES)
		refuse(p, FAULT_TOO_LONG, "10 MB");
	else if (!csv_utf16_to_utf8(bytes, &decoded))
		refuse(p, FAULT_UTF16, NULL);
	else
		read_text(p, (struct slice){decoded.at, decoded.len});
	buf_free(&decoded);
}

bool
csv_divide(struct sheet *out, struct arena *arena, struct slice bytes, struct faults *faults)
{
	struct parse p = {.sheet = out, .faults = faults, .arena = arena, .line = 1};

	*out = (struct sheet){.rows = {.items = NULL}};
	if (csv_is_utf16(bytes))
		read_wide(&p, bytes);
	else
		read_text(&p, bytes);
	return !faults->refused;
}

void
csv_read(struct roster *out, struct titles *titles, struct slice bytes, struct faults *faults)
{
	struct sheet sheet;

	*out = (struct roster){.nrows = 0};
	if (csv_divide(&sheet, titles->arena, bytes, faults))
		sheet_read(out, titles, &sheet, faults);
}
