/* SPDX-License-Identifier: MIT */
#include "server/ical/ical_line.h"

#include <string.h>

#define LINE_OCTETS 75

/* Adds the line in ${line}, folded. The blank that begins a folded line counts. Most lines are short: a calendar of a
 * year has twenty thousand of them, while other requests wait. */
static void
add_folded(struct buf *out, struct slice line)
{
	size_t room = LINE_OCTETS;

	while (line.len > room) {
		size_t cut = room;

		/* Not inside a character: back to its first byte. */
		while (((unsigned char)line.at[cut] & 0xc0) == 0x80)
			cut--;
		buf_add(out, line.at, cut);
		buf_add(out, "\r\n ", 3);
		line = (struct slice){line.at + cut, line.len - cut};
		room = LINE_OCTETS - 1;
	}
	buf_add(out, line.at, line.len);
	buf_add(out, "\r\n", 2);
}

static bool
is_short(const char *name, size_t len)
{
	return strlen(name) + 1 + len <= LINE_OCTETS;
}

void
ical_line(struct buf *out, const char *name, const char *value)
{
	struct buf line = {0};

	/* Written straight to ${out}: no copy for the common line. */
	if (is_short(name, strlen(value))) {
		buf_add_text(out, name);
		buf_add(out, ":", 1);
		buf_add_text(out, value);
		buf_add(out, "\r\n", 2);
		return;
	}
	buf_printf(&line, "%s:%s", name, value);
	add_folded(out, (struct slice){line.at, line.len});
	buf_free(&line);
}

/* A run of text without characters that are not seen. */
static void
add_escaped(struct buf *out, struct slice run)
{
	for (size_t i = 0; i < run.len; i++) {
		if (strchr("\\;,", run.at[i]) != NULL)
			buf_add(out, "\\", 1);
		buf_add(out, run.at + i, 1);
	}
}

/* Whether every byte is one that stands for itself. */
static bool
is_plain(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || (unsigned char)*text >= 0x7f || *text == ';' ||
		    *text == ',' || *text == '\\')
			return false;
	return true;
}

void
ical_line_text(struct buf *out, const char *name, const char *text)
{
	struct slice rest = slice_of(text);
	struct buf value = {0};

	if (is_plain(text)) {
		ical_line(out, name, text);
		return;
	}
	buf_add_text(&value, "");
	while (rest.len > 0) {
		struct text_hidden found = text_find_hidden(rest);
		size_t passed = found.at + found.len;

		add_escaped(&value, (struct slice){rest.at, found.at});
		if (found.len > 0)
			buf_add_text(&value, found.point == '\n'   ? "\\n"
					     : found.point == '\t' ? "\t"
								   : "?");
		rest = (struct slice){rest.at + passed, rest.len - passed};
	}
	ical_line(out, name, value.at);
	buf_free(&value);
}
