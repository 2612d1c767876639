/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "calendars/faults.h"
#include "calendars/kept.h"
#include "calendars/kept_leave.h"
#include "calendars/kept_note.h"
#include "calendars/roster/csv.h"
#include "calendars/roster/roster_cell.h"
#include "calendars/roster/roster_head.h"
#include "calendars/roster/roster_leave.h"
#include "calendars/roster/roster_says.h"
#include "calendars/titles/shift_codes.h"
#include "calendars/workbook/workbook.h"

/* Whether a roster of leave reads the same without its reasons is not computed but tried: it is read with them and without. */

/* The reader's child has two seconds of the processor for its three readings. So long a workbook with rows of leave alone
 * takes each 0.16 s, so long a text 0.08 s. */
#define MOST_BYTES ((size_t)256 * 1024)
/* Of each reading, which is freed before the one that counts. */
#define ARENA_BYTES ((size_t)48 * 1024 * 1024)

struct plan {
	const struct reading_tools *tools;
	const struct reading_options *options;
	struct arena *arena;
	struct titles titles;
	struct reading whole;
	struct sheet sheet;
	bool is_list; /* else a grid: its cells have no headings that say what they are */
	struct roster_head head;
	struct kept_leave leave;
};

/* ---------------------------------------------------------------------------------------- as rows of text */

static bool
divide(struct plan *p, struct slice bytes)
{
	struct faults faults = {
	    .arena = p->arena, .from = p->options->from, .until = p->options->until};

	p->sheet = (struct sheet){.rows = {.items = NULL}};
	if (workbook_begins(bytes))
		return workbook_read(&p->sheet, p->options, bytes, p->arena, &faults);
	return csv_divide(&p->sheet, p->arena, bytes, &faults);
}

/* Answers, numbers and dates are no reasons, and may be what tells leave from none. */
static bool
is_no_reason(const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c & 0x80) != 0)
			return roster_cell_is_yes(text) || roster_cell_is_no(text) ||
			       roster_leave_is_granted(text) || roster_leave_is_refused(text) ||
			       roster_leave_is_waiting(text);
	return true;
}

static bool
may_tell_why(const struct roster_heading *heading)
{
	if (heading->column == ROSTER_COLUMNS)
		return heading->extra != ROSTER_WEEKDAY;
	return heading->column == ROSTER_SHIFT || heading->column == ROSTER_STATUS;
}

/* A name with something beside it is a title of a calendar of absences. Of one that a person must decide about, the phrases
 * that are known to be reasons go. A name alone stays: it would put somebody on duty in a rota, and gives no reason. */
static const char *
name_without(struct plan *p, const char *text)
{
	const char *title = kept_leave_title(&p->leave, text);

	return title != text ? title : kept_without_reasons(&p->titles.lexicon, text);
}

static bool
has_person(struct plan *p, const char *text)
{
	const struct title *title = title_read(&p->leave.away, text);

	for (size_t i = 0; i < title->nparts; i++)
		if (title->parts[i].person != NULL)
			return true;
	return false;
}

/* A heading, by which the columns or rows of this rota are found. */
static bool
is_own(const struct reading_grid *grid, const char *text)
{
	for (const char *const *own = grid->own; own != NULL && *own != NULL; own++)
		if (strcasecmp(*own, text) == 0)
			return true;
	return false;
}

/* Of a grid, a cell that says no more than that somebody is away. */
static bool
says_leave(struct plan *p, const char *text)
{
	const struct reading_shift_code *code = shift_codes_find(&p->titles, text);
	enum word word = roster_only_word(&p->titles, text);

	return code != NULL ? code->kind == READING_CODE_ABSENCE
			    : word == WORD_ABSENCE || word == WORD_SICK;
}

static const char *
cell_of_grid(struct plan *p, const char *text)
{
	const char *name;

	if (is_own(&p->options->grid, text))
		return text;
	if (says_leave(p, text))
		return KEPT_REASON;
	name = name_without(p, text);
	if (name == text || has_person(p, text))
		return name;
	/* Beside a reason nobody's name stands, but more of it. */
	return strchr(text, '?') != NULL ? KEPT_REASON "?" : KEPT_REASON;
}

/* A status that is not known is for a person to decide, who has the file. */
static const char *
status_without(struct plan *p, const char *text)
{
	enum word word = roster_only_word(&p->titles, text);

	return word == WORD_ABSENCE || word == WORD_SICK ? KEPT_REASON : "?";
}

/* The first word that tells no reason and does to its row of leave what ${text} does. */
static const char *
stand_in(struct plan *p, const struct roster_heading *heading, const char *text)
{
	static const char *const words[] = {KEPT_REASON, "cancelled", "half day"};
	enum leave_said said =
	    roster_leave_said(&p->titles, shift_codes_find(&p->titles, text), heading, text);

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (roster_leave_said(&p->titles, NULL, heading, words[i]) == said)
			return words[i];
	return "?";
}

static const char *
cell_of_list(struct plan *p, size_t column, const char *text)
{
	const struct roster_heading *heading =
	    column < p->head.nheadings ? &p->head.headings[column] : NULL;

	/* A line of headings may come again, as on each printed page. */
	if (heading == NULL || *text == '\0' || strcasecmp(text, heading->name) == 0)
		return text;
	if (heading->column == ROSTER_NAME)
		return name_without(p, text);
	if (!may_tell_why(heading) || is_no_reason(text))
		return text;
	return heading->column == ROSTER_STATUS ? status_without(p, text)
						: stand_in(p, heading, text);
}

static void
add_cell(struct buf *out, const char *text)
{
	buf_add_text(out, "\"");
	for (const char *c = text; *c != '\0'; c++)
		/* A row is on one line, so that those after it keep their numbers. */
		buf_add(out,
		    *c == '"'                  ? "\"\""
		    : *c == '\n' || *c == '\r' ? " "
					       : c,
		    *c == '"' ? 2 : 1);
	buf_add_text(out, "\"");
}

/* Row ${at} of the sheet. The headings of a list stay; above them it may have a title. */
static const char *
cell_without(struct plan *p, size_t at, size_t column, const char *text)
{
	if (!p->is_list)
		return cell_of_grid(p, text);
	if (at < p->head.at)
		return kept_without_reasons(&p->titles.lexicon, text);
	return at < p->head.end ? text : cell_of_list(p, column, text);
}

static void
add_row(struct plan *p, struct buf *out, size_t at)
{
	const struct sheet_row *row = &p->sheet.rows.items[at];

	for (size_t i = 0; i < row->ncells; i++) {
		if (i > 0)
			buf_add_text(out, ",");
		add_cell(out, cell_without(p, at, i, row->cells[i].text));
	}
	buf_add_text(out, "\r\n");
}

static void
add_rows(struct plan *p, struct buf *out)
{
	uint32_t line = 1;

	for (size_t i = 0; i < p->sheet.rows.count; i++) {
		for (; line < p->sheet.rows.items[i].line; line++)
			buf_add_text(out, "\r\n");
		add_row(p, out, i);
		line++;
	}
}

/* ------------------------------------------------------------------------------------------- whether it reads the same */

struct contents {
	struct arena *arena;
	VEC(const char *) list;
};

static const char *
or_none(const char *text)
{
	return text == NULL ? "" : text;
}

static void
add_line(struct contents *lines, const char *text)
{
	*VEC_PUSH(lines->arena, &lines->list) = text;
}

/* All that counts of an occurrence. UID and key have the kind of leave in them. */
static void
add_occurrence(struct contents *lines, const struct reading_occurrence *o)
{
	add_line(
	    lines, arena_printf(lines->arena, "shift %lld %lld %d %u|%s|%s|%s|%s|%s",
		       (long long)o->start, (long long)o->end, (int)o->class, (unsigned)o->line,
		       or_none(o->person), or_none(o->shown), or_none(o->team), or_none(o->status),
		       o->class == READING_ABSENCE ? "" : or_none(o->summary)));
}

/* What a finding quotes is of the cells, and so is kept otherwise. */
static const char *
unquoted(struct arena *arena, const char *text)
{
	const char *from = strchr(text, '"');

	return from == NULL
		   ? text
		   : arena_printf(arena, "%.*s%s", (int)(from - text), text, strrchr(text, '"'));
}

/* A warning about the whole file is of the file that came: other sheets, another encoding. */
static void
add_finding(struct contents *lines, const struct reading_finding *f)
{
	if (f->line > 0)
		add_line(
		    lines, arena_printf(lines->arena, "finding %d %u %lld %lld %d|%s|%s",
			       (int)f->level, (unsigned)f->line, (long long)f->start,
			       (long long)f->end, (int)f->blinds, unquoted(lines->arena, f->text),
			       unquoted(lines->arena, or_none(f->remedy))));
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A reading as lines of text, one for each thing in it that is to be the same. Sorted: of those at one time the UID decides which comes first
 * in a reading. */
static struct contents
contents_of(struct arena *arena, const struct reading *reading)
{
	struct contents lines = {.arena = arena};

	add_line(&lines, arena_printf(arena, "reading %d %u %zu", (int)reading->refused,
			     (unsigned)reading->events, reading->nunknown_words));
	for (size_t i = 0; i < reading->noccurrences; i++)
		add_occurrence(&lines, &reading->occurrences[i]);
	for (size_t i = 0; i < reading->nfindings; i++)
		add_finding(&lines, &reading->findings[i]);
	for (size_t i = 0; i < reading->ndates; i++)
		add_line(&lines, arena_printf(arena, "date %u", (unsigned)reading->dates[i].line));
	qsort(lines.list.items, lines.list.count, sizeof *lines.list.items, by_text);
	return lines;
}

static bool
is_same(struct arena *arena, const struct reading *a, const struct reading *b)
{
	struct contents of_a = contents_of(arena, a), of_b = contents_of(arena, b);
	size_t at = 0;

	if (of_a.list.count != of_b.list.count)
		return false;
	while (at < of_a.list.count && strcmp(of_a.list.items[at], of_b.list.items[at]) == 0)
		at++;
	return at == of_a.list.count;
}

static bool
reads_the_same(struct plan *p)
{
	struct arena *arena = arena_new(ARENA_BYTES);
	struct buf rows = {0};
	struct reading reading;
	bool same;

	add_rows(p, &rows);
	reading_make(p->tools, p->options, (struct slice){rows.at, rows.len}, arena, &reading);
	same = is_same(arena, &p->whole, &reading);
	buf_free(&rows);
	arena_free(arena);
	return same;
}

/* ------------------------------------------------------------------------------------------------------------- */

/* False: a row has more cells than are divided, so that it cannot be written again. */
static bool
has_all_cells(const struct sheet *sheet)
{
	const struct sheet_row *row;

	VEC_EACH (row, &sheet->rows)
		if (row->ncells > SHEET_CELLS_MAX)
			return false;
	return true;
}

static bool
make(struct plan *p, struct slice bytes)
{
	reading_make(p->tools, p->options, bytes, p->arena, &p->whole);
	if (p->whole.refused || !divide(p, bytes) || !has_all_cells(&p->sheet))
		return false;
	p->is_list = roster_head_find(&p->head, &p->titles, &p->sheet);
	return reads_the_same(p);
}

bool
kept_roster_make(struct buf *out, const struct reading_tools *tools,
    const struct reading_options *options, struct slice bytes)
{
	struct arena *arena;
	struct plan *plan;
	bool made;

	if (!options->absences || bytes.len > MOST_BYTES)
		return false;
	arena = arena_new(ARENA_BYTES);
	plan = arena_alloc(arena, sizeof *plan);
	*plan = (struct plan){.tools = tools, .options = options, .arena = arena};
	titles_init(&plan->titles, arena, options);
	kept_leave_init(&plan->leave, arena, options);
	made = make(plan, bytes);
	if (made)
		add_rows(plan, out);
	arena_free(arena);
	return made;
}
