/* SPDX-License-Identifier: MIT */
#include "clients/cli/areas_read.h"

#include <csv.h>
#include <string.h>
#include <strings.h>

#define COLUMNS_MAX 100
#define NAME_MAX_BYTES 400

enum column { CODE, NAME, KIND, PLACE, ALSO, COLUMNS, OTHER };

struct parse {
	struct areas_table *table;
	enum column headings[COLUMNS_MAX];
	const char *fields[COLUMNS_MAX];
	size_t nfields;
	unsigned line, row_line; /* where the reader is, and where the row began */
	bool headed, stopped;
	struct table codes; /* of the lines before, and their numbers */
};

static const char *const column_names[COLUMNS] = {"code", "name", "kind", "place", "also"};

static void
note(struct parse *p, const char *what)
{
	*VEC_PUSH(p->table->arena, &p->table->faults) =
	    (struct areas_fault){p->row_line, arena_strdup(p->table->arena, what)};
}

const char *
areas_kind(struct arena *arena, const char *word)
{
	static const char *const kinds[] = {"council", "gp_area", "postcode_district", NULL};
	char *text = arena_strdup(arena, word);

	for (char *c = text; *c != '\0'; c++)
		if (*c == ' ' || *c == '-')
			*c = '_';
	for (size_t i = 0; kinds[i] != NULL; i++)
		if (strcasecmp(kinds[i], text) == 0)
			return kinds[i];
	return NULL;
}

/* ---------------------------------------------------------------------------------- heading */

/* "LAD24CD" and "UTLA24NM": the ONS names its columns by the boundaries and the year. */
static bool
ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), more = strlen(end);

	return len > more && strcasecmp(text + len - more, end) == 0;
}

static enum column
column_of(const char *heading)
{
	for (int i = 0; i < COLUMNS; i++)
		if (strcasecmp(heading, column_names[i]) == 0)
			return (enum column)i;
	if (ends_with(heading, "CD"))
		return CODE;
	return ends_with(heading, "NM") ? NAME : OTHER;
}

/* Two columns of codes are refused, because nothing says which is meant. */
static void
read_heading(struct parse *p)
{
	unsigned found[OTHER + 1] = {0};

	for (size_t i = 0; i < p->nfields; i++) {
		p->headings[i] = column_of(p->fields[i]);
		found[p->headings[i]]++;
	}
	for (int i = 0; i < COLUMNS; i++) {
		if (found[i] == 1 || (i == ALSO && found[i] == 0) ||
		    (i == KIND && found[i] == 0 && p->table->kind != NULL))
			continue;
		note(p, arena_printf(p->table->arena,
			    found[i] == 0 ? "the heading has no column %s%s"
					  : "the heading has more than one column %s%s",
			    column_names[i],
			    i == KIND && found[i] == 0 ? ": add it, or say --kind council" : ""));
		p->stopped = true;
	}
	p->headed = true;
}

/* ------------------------------------------------------------------------------------- rows */

static const char *
field(const struct parse *p, enum column column)
{
	for (size_t i = 0; i < p->nfields; i++)
		if (p->headings[i] == column)
			return p->fields[i];
	return "";
}

/* A postcode district is its own code: tables seldom have another. */
static const char *
code_of(const struct parse *p, const char *kind)
{
	const char *code = field(p, CODE), *name = field(p, NAME);

	return *code == '\0' && kind != NULL && strcmp(kind, "postcode_district") == 0 ? name
										       : code;
}

/* "ZTP01 X54000001" or "ZTP01;X54000001". The caller's. */
static json_t *
codes_of(const char *text)
{
	json_t *codes = json_array();

	for (text += strspn(text, " ;"); *text != '\0'; text += strspn(text, " ;")) {
		size_t len = strcspn(text, " ;");

		json_array_append_new(codes, json_stringn(text, len));
		text += len;
	}
	return codes;
}

/* The first of the row's places that the set-up does not have; NULL: it has all of them. */
static const char *
unknown_place(const struct parse *p)
{
	const char *place = field(p, PLACE), *unknown = NULL;
	json_t *also = codes_of(field(p, ALSO));

	if (p->table->places == NULL)
		place = NULL;
	else if (table_get(p->table->places, place) == TABLE_NONE)
		unknown = place;
	for (size_t i = 0; place != NULL && unknown == NULL && i < json_array_size(also); i++) {
		const char *code = json_string_value(json_array_get(also, i));

		/* A part of a cell that is not UTF-8 is no text. */
		if (code == NULL || table_get(p->table->places, code) == TABLE_NONE)
			unknown = arena_strdup(p->table->arena, code != NULL ? code : "");
	}
	json_decref(also);
	return unknown;
}

/* What is wrong with the row; NULL: nothing. */
static const char *
fault_of(struct parse *p, const char *kind, const char *code)
{
	struct arena *arena = p->table->arena;
	const char *name = field(p, NAME), *unknown = unknown_place(p);
	uint32_t before;

	if (kind == NULL)
		return arena_printf(arena,
		    "\"%.40s\" is no kind: council, gp_area or postcode_district", field(p, KIND));
	if (!text_is_code(slice_of(code)))
		return arena_printf(
		    arena, "\"%.40s\" is no code: 1 to 64 letters, digits, '.', '_' and '-'", code);
	if (*name == '\0' || strlen(name) > NAME_MAX_BYTES || !text_utf8_valid(name, strlen(name)))
		return "its name must be 1 to 400 bytes of UTF-8";
	if (unknown != NULL)
		return arena_printf(arena,
		    "there is no place \"%.64s\" in the set-up: correct it, or add the place first",
		    unknown);
	before = table_put(&p->codes, arena, code, p->row_line);
	return before == TABLE_NONE
		   ? NULL
		   : arena_printf(arena, "code %s stands on line %u already", code, before);
}

static void
read_row(struct parse *p)
{
	const char *said = field(p, KIND);
	const char *kind = *said != '\0' || p->table->kind == NULL
			       ? areas_kind(p->table->arena, said)
			       : p->table->kind;
	const char *code = code_of(p, kind), *fault = fault_of(p, kind, code);
	json_t *item;

	if (fault != NULL) {
		note(p, fault);
		return;
	}
	item = json_pack("{s:s, s:s, s:s, s:s}", "code", code, "name", field(p, NAME), "kind", kind,
	    "place", field(p, PLACE));
	if (*field(p, ALSO) != '\0')
		json_object_set_new(item, "also", codes_of(field(p, ALSO)));
	*VEC_PUSH(p->table->arena, &p->table->items) = item;
}

static void
on_field(void *bytes, size_t len, void *ctx)
{
	struct parse *p = ctx;
	struct slice text = slice_trim((struct slice){bytes, len});

	if (p->nfields < COLUMNS_MAX)
		p->fields[p->nfields++] = arena_strndup(p->table->arena, text.at, text.len);
}

static bool
is_empty(const struct parse *p)
{
	for (size_t i = 0; i < p->nfields; i++)
		if (*p->fields[i] != '\0')
			return false;
	return true;
}

/* Rows of commas alone are what a spreadsheet leaves below its last line. */
static void
on_row(int end, void *ctx)
{
	struct parse *p = ctx;

	(void)end;
	if (!p->stopped && !is_empty(p)) {
		if (p->headed)
			read_row(p);
		else
			read_heading(p);
	}
	p->nfields = 0;
	p->row_line = 0;
}

/* Byte by byte, since libcsv skips empty lines and does not say on which line it is. */
static bool
parse_all(struct parse *p, struct csv_parser *parser, struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		char c = bytes.at[i];
		bool ends =
		    c == '\n' || (c == '\r' && (i + 1 == bytes.len || bytes.at[i + 1] != '\n'));

		if (p->row_line == 0 && c != '\n' && c != '\r')
			p->row_line = p->line;
		if (csv_parse(parser, &c, 1, on_field, on_row, p) != 1)
			return false;
		p->line += ends;
	}
	return csv_fini(parser, on_field, on_row, p) == 0;
}

void
areas_read(struct areas_table *table, struct slice bytes)
{
	struct parse p = {.table = table, .line = 1};
	struct csv_parser parser;

	/* The mark that spreadsheets put before UTF-8. */
	if (bytes.len >= 3 && memcmp(bytes.at, "\xef\xbb\xbf", 3) == 0)
		bytes = (struct slice){bytes.at + 3, bytes.len - 3};
	table_init(&p.codes, table->arena, 64);
	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
		note(&p, "there is no memory for it");
		return;
	}
	if (!parse_all(&p, &parser, bytes)) {
		p.row_line = p.row_line == 0 ? p.line : p.row_line;
		note(&p, "its quotes are wrong");
	}
	csv_free(&parser);
	if (!p.headed && table->faults.count == 0) {
		p.row_line = 1;
		note(&p, "the file is empty: it begins with the line code,name,kind,place");
	}
}
