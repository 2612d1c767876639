/* SPDX-License-Identifier: MIT */
#include "calendars/workbook/worksheet_cell.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calendars/workbook/xml.h"
#include "server/base/civil.h"

#define NUMBER_MAX_BYTES 40

static void
refuse(struct worksheet_cell *cell, const char *why)
{
	fault_note(cell->book->faults, FAULT_BOOK_BROKEN, FAULT_ANYWHERE, cell->part, why);
}

/* ---- Its element. */

void
worksheet_cell_begin(struct worksheet_cell *cell, const char *const *names, struct book_style style)
{
	const char *type = xml_value(names, "t");

	cell->open = true;
	cell->formula = cell->valued = cell->taking = cell->inside = false;
	/* Copied: attributes live only as long as the call of the parser. */
	cell->type = type != NULL ? arena_strdup(cell->book->arena, type) : "n";
	cell->style = style;
	buf_reset(&cell->value);
}

void
worksheet_cell_start(struct worksheet_cell *cell, const char *element, const char *const *names)
{
	if (strcmp(element, "f") == 0) {
		cell->formula = true;
	} else if (strcmp(element, "v") == 0) {
		cell->valued = cell->taking = true;
	} else if (strcmp(element, "is") == 0) {
		cell->inside = true;
		rich_text_begin(&cell->rich, cell->book->arena);
	} else if (cell->inside) {
		rich_text_start(&cell->rich, element, names);
	}
}

void
worksheet_cell_end(struct worksheet_cell *cell, const char *element)
{
	if (cell->inside)
		rich_text_end(&cell->rich, element);
	cell->taking = false;
}

void
worksheet_cell_add(struct worksheet_cell *cell, struct slice text)
{
	if (cell->taking)
		buf_add(&cell->value, text.at, text.len);
	else if (cell->inside)
		rich_text_add(&cell->rich, text);
}

void
worksheet_cell_free(struct worksheet_cell *cell)
{
	buf_free(&cell->value);
	rich_text_free(&cell->rich);
}

/* ---- Its value. */

static struct number_text
number_of(struct worksheet_cell *cell, const char *text)
{
	char *end;
	double value = strtod(text, &end);

	/* A long one could be read as another number than the program meant. */
	if (end == text || *end != '\0' || !isfinite(value) || strlen(text) > NUMBER_MAX_BYTES) {
		refuse(cell, "a number in it is none");
		return (struct number_text){.text = ""};
	}
	return number_show(cell->book->arena, cell->style.format, value, cell->book->since_1904);
}

/* "2026-11-30T21:00:00Z", as Strict Open XML has dates, in the manner of number_show(). */
static const char *
iso_of(struct worksheet_cell *cell, const char *text)
{
	char *copy = arena_strdup(cell->book->arena, text);
	char *clock = strchr(copy, 'T');

	if (clock == NULL)
		return copy;
	*clock = ' ';
	clock[1 + strcspn(clock + 1, ".Zz")] = '\0';
	if (strcmp(clock, " 00:00:00") == 0)
		*clock = '\0';
	else if (strlen(clock) == 9 && strcmp(clock + 6, ":00") == 0)
		clock[6] = '\0';
	return copy;
}

/* A date that is written as one is shown by the format of its cell, too: with its words, or only a piece of
 * it. Otherwise it is as it is written, with its time. */
static struct number_text
date_of(struct worksheet_cell *cell, const char *text)
{
	struct number_text written = {.text = iso_of(cell, text)}, shown;
	struct arena *arena = cell->book->arena;
	const char *day = arena_strndup(arena, written.text, strcspn(written.text, " "));
	int64_t days;

	if (!civil_parse_day(slice_of(day), &days))
		return written;
	/* By its day alone: a time that is shown is taken from the text. */
	shown = number_show(arena, cell->style.format, (double)(days + NUMBER_1970), false);
	written.unseen = shown.unseen;
	if (strcmp(shown.text, day) == 0 ||
	    strcmp(shown.text, arena_printf(arena, "%lld", (long long)days + NUMBER_1970)) == 0 ||
	    strcmp(shown.text, arena_printf(arena, "%s 00:00", day)) == 0)
		return written;
	return shown;
}

static struct book_text
shared(struct worksheet_cell *cell, const char *text)
{
	int64_t number;

	if (text_int(slice_of(text), 0, INT32_MAX, &number) &&
	    (size_t)number < cell->book->texts.count)
		return cell->book->texts.items[number];
	refuse(cell, "it names a text that is not there");
	return (struct book_text){"", 0, "", 0};
}

static void
set_text(const struct worksheet_cell *cell, struct cell *out, struct book_text text)
{
	bool struck = cell->style.struck;

	/* An empty text cannot be struck out: its cell says nothing. */
	out->text = struck ? text.text_in_struck : text.text;
	if (*out->text != '\0')
		out->marks |= struck ? text.marks_in_struck : text.marks;
}

/* A value that is one piece: the font of the cell is the font of all of it. */
static void
set_value(const struct worksheet_cell *cell, struct cell *out, const char *text)
{
	set_text(cell, out, (struct book_text){text, 0, text, CELL_STRUCK});
}

static void
set_number(const struct worksheet_cell *cell, struct cell *out, struct number_text number)
{
	set_value(cell, out, number.text);
	out->marks |= (number.plain ? CELL_NUMBER : 0) | (number.unseen ? CELL_HIDDEN : 0);
}

/* What the format of the cell makes of a text. */
static void
show_text(const struct worksheet_cell *cell, struct cell *out)
{
	struct number_text shown =
	    number_show_text(cell->book->arena, cell->style.format, out->text);

	if (*out->text == '\0')
		return;
	out->text = shown.text;
	out->marks |= shown.unseen ? CELL_HIDDEN : 0;
}

static void
set_by_type(struct worksheet_cell *cell, struct cell *out)
{
	const char *value = cell->value.at != NULL ? cell->value.at : "", *type = cell->type;
	struct arena *arena = cell->book->arena;

	if (cell->inside)
		set_text(cell, out, rich_text_take(&cell->rich));
	else if (strcmp(type, "str") == 0 || strcmp(type, "inlineStr") == 0 ||
		 strcmp(type, "e") == 0)
		set_value(cell, out, rich_text_plain(arena, slice_of(value)));
	else if (*value == '\0')
		out->text = "";
	else if (strcmp(type, "s") == 0)
		set_text(cell, out, shared(cell, value));
	else if (strcmp(type, "b") == 0)
		set_value(cell, out, strcmp(value, "0") == 0 ? "FALSE" : "TRUE");
	else if (strcmp(type, "d") == 0)
		set_number(cell, out, date_of(cell, value));
	else if (strcmp(type, "n") == 0)
		set_number(cell, out, number_of(cell, value));
	else
		refuse(cell, "it has a cell of an unknown kind");
}

/* Whether it is not known what the cell has to show: an error, or a formula that was not calculated. An
 * empty text is a value. */
static bool
is_unknown(const struct worksheet_cell *cell)
{
	if (strcmp(cell->type, "e") == 0)
		return true;
	if (!cell->formula)
		return false;
	return cell->book->stale || !cell->valued ||
	       (cell->value.len == 0 && strcmp(cell->type, "str") != 0);
}

/* "2026-12-07", made of a number, with a time or words after it. */
static uint32_t
day_of(const struct worksheet_cell *cell, const char *text)
{
	int64_t days;
	int year, month, day;

	if (strcmp(cell->type, "n") != 0 || strlen(text) < 10 ||
	    !civil_parse_day((struct slice){text, 10}, &days))
		return 0;
	civil_from_days(days, &year, &month, &day);
	return (uint32_t)day;
}

void
worksheet_cell_take(struct worksheet_cell *cell, struct grid_cell *out)
{
	cell->open = false;
	out->fill = cell->style.fill;
	set_by_type(cell, &out->cell);
	/* Numbers were shown by their format above. */
	if (strchr("nbd", *cell->type) == NULL)
		show_text(cell, &out->cell);
	out->day = day_of(cell, out->cell.text);
	if (is_unknown(cell))
		out->cell.marks |= CELL_NO_VALUE;
	/* The value is what the program wrote because it could not calculate one. */
	if (cell->formula && cell->book->stale)
		out->cell.text = "";
	if (cell->style.unseen && *out->cell.text != '\0')
		out->cell.marks |= CELL_HIDDEN;
}
