/* SPDX-License-Identifier: MIT */
#include "server/api/views/now/now_lines.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"

/* Lines of at most 80 columns for terminals and printed sheets. Characters are counted and not
 * bytes, since names have accents. */

#define COLUMNS 80

/* Where a line of at most ${columns} characters may end: after a word, or within one that is too
 * long. */
static size_t
line_len(const char *text, size_t len, size_t columns)
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
void
now_add_wrapped(struct buf *out, const char *first, const char *text)
{
	size_t indent = strlen(first), len = strlen(text);
	/* do and not while: an empty text still prints its heading. */
	bool begun = false;

	do {
		size_t part = line_len(text, len, COLUMNS - indent);

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

void
now_add_line(struct buf *out, const char *first, const char *format, ...)
{
	char *whole;
	va_list args;

	va_start(args, format);
	whole = xvasprintf(format, args);
	va_end(args);
	now_add_wrapped(out, first, whole);
	free(whole);
}
