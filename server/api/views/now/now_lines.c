/* SPDX-License-Identifier: MIT */
#include "server/api/views/now/now_lines.h"

#include <stdarg.h>
#include <string.h>

#include "server/model/phone.h"

/* Lines of at most 80 columns for terminals and printed sheets. Characters are counted and not
 * bytes, since names have accents. */

#define COLUMNS 80

/* Where a line of at most ${columns} characters may end: after a word, or within one that is too
 * long. */
size_t
now_line_len(const char *text, size_t len, size_t columns)
{
	size_t at = 0, used = 0, word_end = 0;

	while (at < len && used < columns) {
		size_t step = text_utf8_len(text + at, len - at);

		if (text[at] == ' ')
			word_end = at;
		/* Not UTF-8: a byte is taken for a character, so that the loop comes to an end. */
		at += step == 0 ? 1 : step;
		used++;
	}
	if (at >= len)
		return len;
	if (text[at] == ' ')
		return at;
	return word_end > 0 ? word_end : at;
}

/* The first line begins with ${first}, the others are indented as far. */
static void
print_wrapped(struct buf *out, const char *first, const char *text)
{
	size_t indent = strlen(first), len = strlen(text);
	/* do and not while: an empty text still prints its heading. */
	bool begun = false;

	do {
		size_t part = now_line_len(text, len, COLUMNS - indent);

		buf_printf(out, "%*s%.*s\n", (int)indent, begun ? "" : first, (int)part, text);
		begun = true;
		text += part;
		len -= part;
		while (len > 0 && *text == ' ') {
			text++;
			len--;
		}
	} while (len > 0);
}

const char *
now_line_words(struct buf *words, const struct now_line *line)
{
	buf_reset(words);
	buf_add_text(words, "");
	/* The digits of an address are no number to ring. */
	if (line->link)
		buf_add_text(words, line->text);
	else
		phone_add_text(words, line->text);
	return words->at;
}

void
now_lines_print(struct buf *out, const struct now_lines *lines)
{
	struct buf words = {0};

	for (size_t i = 0; i < lines->items.count; i++) {
		const struct now_line *line = &lines->items.items[i];

		if (line->kind == NOW_BLANK)
			buf_add(out, "\n", 1);
		else
			print_wrapped(out, line->first, now_line_words(&words, line));
	}
	buf_free(&words);
}

/* What a calendar says may hold anything; a terminal would obey it. */
static void
add(struct now_lines *lines, enum now_line_kind kind, const char *first, const char *text)
{
	struct buf line = {0};

	buf_add_text(&line, "");
	buf_add_line(&line, slice_of(text));
	*VEC_PUSH(lines->arena, &lines->items) = (struct now_line){
	    .kind = kind,
	    .first = arena_strdup(lines->arena, first),
	    .text = arena_strdup(lines->arena, line.at),
	};
	buf_free(&line);
}

void
now_add_wrapped(struct now_lines *lines, const char *first, const char *text)
{
	add(lines, NOW_LINE, first, text);
}

void
now_add_line(struct now_lines *lines, const char *first, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(lines, NOW_LINE, first, arena_vprintf(lines->arena, format, args));
	va_end(args);
}

void
now_add_link(struct now_lines *lines, const char *first, const char *href)
{
	add(lines, NOW_LINE, first, href);
	lines->items.items[lines->items.count - 1].link = true;
}

void
now_add_title(struct now_lines *lines, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(lines, NOW_TITLE, "", arena_vprintf(lines->arena, format, args));
	va_end(args);
}

void
now_add_heading(struct now_lines *lines, const char *text, const char *tone)
{
	add(lines, NOW_HEADING, "", text);
	lines->items.items[lines->items.count - 1].tone = tone;
}

void
now_add_blank(struct now_lines *lines)
{
	add(lines, NOW_BLANK, "", "");
}
