/* SPDX-License-Identifier: MIT */
#include "calendars/workbook/rich_text.h"

#include <string.h>

#include "calendars/roster/roster_text.h"
#include "calendars/roster/sheet.h"
#include "calendars/workbook/xml.h"

#define CROSS "~~" /* as html_text() has what is crossed out: titles know it */
#define ESCAPE_LEN 7

void
rich_text_begin(struct rich_text *rich, struct arena *arena)
{
	rich->arena = arena;
	buf_reset(&rich->text);
	rich->runs.count = 0;
	rich->font = RICH_OF_CELL;
	rich->taking = rich->phonetic = false;
}

void
rich_text_start(struct rich_text *rich, const char *element, const char *const *names)
{
	if (strcmp(element, "rPh") == 0)
		rich->phonetic = true;
	/* A run that has properties takes none from the cell: it is struck out only if it says so itself. */
	else if (strcmp(element, "rPr") == 0)
		rich->font = RICH_PLAIN;
	else if (strcmp(element, "strike") == 0)
		rich->font = xml_is_true(names, "val", true) ? RICH_STRUCK : RICH_PLAIN;
	rich->taking = strcmp(element, "t") == 0 && !rich->phonetic;
}

void
rich_text_end(struct rich_text *rich, const char *element)
{
	if (strcmp(element, "rPh") == 0)
		rich->phonetic = false;
	else if (strcmp(element, "r") == 0)
		rich->font = RICH_OF_CELL;
	rich->taking = false;
}

void
rich_text_add(struct rich_text *rich, struct slice text)
{
	struct rich_run *last;

	if (!rich->taking)
		return;
	/* The parser gives a text in pieces; those of one font are one run. */
	last = rich->runs.count > 0 ? &rich->runs.items[rich->runs.count - 1] : NULL;
	if (last == NULL || last->font != rich->font)
		*VEC_PUSH(rich->arena, &rich->runs) =
		    (struct rich_run){rich->text.len, rich->text.len + text.len, rich->font};
	else
		last->to += text.len;
	buf_add(&rich->text, text.at, text.len);
}

/* The character that "_x000D_" stands for, whose first character is ${at}; 0: it is none of these. */
static int
escaped(const char *at, size_t len)
{
	int value = 0;

	if (len < ESCAPE_LEN || at[1] != 'x' || at[6] != '_')
		return 0;
	for (int i = 2; i < 6; i++) {
		int digit = text_hex_value(at[i]);

		if (digit < 0)
			return 0;
		value = value * 16 + digit;
	}
	return value;
}

/* Programs write so what XML cannot hold: control characters, which a cell shows as blanks, and "_". */
static char
character(int value)
{
	return value > ' ' || value == '\n' ? (char)value : ' ';
}

const char *
rich_text_plain(struct arena *arena, struct slice text)
{
	struct slice trimmed;
	char *out = arena_alloc(arena, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		int value = text.at[i] == '_' ? escaped(text.at + i, text.len - i) : 0;

		/* Others stay as they are written, and are not understood. */
		if (value == 0 || value >= 0x7f) {
			out[len++] = text.at[i];
			continue;
		}
		out[len++] = character(value);
		i += ESCAPE_LEN - 1;
	}
	trimmed = roster_trim((struct slice){out, len});
	out[trimmed.at + trimmed.len - out] = '\0';
	return trimmed.at;
}

static bool
is_struck(const struct rich_run *run, bool in_struck)
{
	return run->font == RICH_STRUCK || (run->font == RICH_OF_CELL && in_struck);
}

static struct slice
words_of(const struct rich_text *rich, const struct rich_run *run)
{
	return roster_trim((struct slice){rich->text.at + run->from, run->to - run->from});
}

/* Words decide; but a stroke through blanks beside words that are not struck out may be one that slipped. */
static unsigned
marks_of(const struct rich_text *rich, bool in_struck)
{
	bool struck = false, plain = false, blank = false;

	for (size_t i = 0; i < rich->runs.count; i++) {
		const struct rich_run *run = &rich->runs.items[i];

		if (words_of(rich, run).len > 0)
			*(is_struck(run, in_struck) ? &struck : &plain) = true;
		else
			blank |= is_struck(run, in_struck);
	}
	if (!struck)
		return plain && blank ? CELL_PART_STRUCK : 0;
	return plain ? CELL_PART_STRUCK : CELL_STRUCK;
}

static const char *
with_crosses(const struct rich_text *rich, bool in_struck)
{
	struct buf buf = {0};
	const char *text;

	for (size_t i = 0; i < rich->runs.count; i++) {
		const struct rich_run *run = &rich->runs.items[i];
		bool crossed = is_struck(run, in_struck) && words_of(rich, run).len > 0;

		buf_add_text(&buf, crossed ? CROSS : "");
		buf_add(&buf, rich->text.at + run->from, run->to - run->from);
		buf_add_text(&buf, crossed ? CROSS : "");
	}
	text = rich_text_plain(rich->arena, (struct slice){buf.at, buf.len});
	buf_free(&buf);
	return text;
}

struct book_text
rich_text_take(struct rich_text *rich)
{
	/* Both ways, as a shared text stands in cells of either font. */
	struct book_text text = {
	    .marks = marks_of(rich, false), .marks_in_struck = marks_of(rich, true)};
	const char *plain =
	    rich->text.len == 0
		? ""
		: rich_text_plain(rich->arena, (struct slice){rich->text.at, rich->text.len});

	text.text = text.marks == CELL_PART_STRUCK ? with_crosses(rich, false) : plain;
	text.text_in_struck =
	    text.marks_in_struck == CELL_PART_STRUCK ? with_crosses(rich, true) : plain;
	return text;
}

void
rich_text_free(struct rich_text *rich)
{
	buf_free(&rich->text);
}
