/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/workbook/book.h"

/*
 * A text with fonts of its own: <t>…</t>, or runs <r><rPr>…</rPr><t>…</t></r>, as shared strings and
 * the cells of some programs have them. Give it the events of the parser between the start and the end of
 * the element that holds it.
 */
enum rich_font { RICH_OF_CELL, RICH_PLAIN, RICH_STRUCK };

struct rich_run {
	size_t from, to;
	enum rich_font font;
};

struct rich_text {
	struct arena *arena;
	struct buf text;
	VEC(struct rich_run) runs;
	enum rich_font font;
	bool taking;   /* in <t> */
	bool phonetic; /* in the pronunciation of Chinese characters, which is not shown */
};

void rich_text_begin(struct rich_text *rich, struct arena *arena);
void rich_text_start(struct rich_text *rich, const char *element, const char *const *names);
void rich_text_end(struct rich_text *rich, const char *element);
void rich_text_add(struct rich_text *rich, struct slice text);

/* The text, without blanks at its ends; in the arena. */
struct book_text rich_text_take(struct rich_text *rich);

/* Frees what it holds outside the arena. */
void rich_text_free(struct rich_text *rich);

/* ${text} as a cell has it: escapes as in "_x000D_" decoded, no blanks at its ends; in ${arena}. */
const char *rich_text_plain(struct arena *arena, struct slice text);
