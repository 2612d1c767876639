/* SPDX-License-Identifier: MIT */
#include "server/ical/ical_line.h"

#include <string.h>

#define LINE_OCTETS 75

/* Adds the line in ${line}, folded. The blank that begins a folded line counts. */
static void
add_folded(struct buf *out, struct slice line)
{
	size_t room = LINE_OCTETS;

	while (line.len > 0) {
		size_t len = text_utf8_len(line.at, line.len);

		if (len > room) {
			buf_add(out, "\r\n ", 3);
			room = LINE_OCTETS - 1;
		}
		buf_add(out, line.at, len);
		room -= len;
		line.at += len;
		line.len -= len;
	}
	buf_add(out, "\r\n", 2);
}

void
ical_line(struct buf *out, const char *name, const char *value)
{
	struct buf line = {0};

	buf_printf(&line, "%s:%s", name, value);
	add_folded(out, (struct slice){line.at, line.len});
	buf_free(&line);
}

static void
add_escaped(struct buf *out, const char *at, size_t len)
{
	if (*at == '\n')
		buf_add(out, "\\n", 2);
	else if (*at == '\\' || *at == ';' || *at == ',') {
		buf_add(out, "\\", 1);
		buf_add(out, at, 1);
	} else if (len == 1 && (unsigned char)*at < ' ' && *at != '\t')
		buf_add(out, "?", 1);
	else if (len == 1 && *at == '\x7f')
		buf_add(out, "?", 1);
	else
		buf_add(out, at, len);
}

void
ical_line_text(struct buf *out, const char *name, const char *text)
{
	struct buf value = {0};
	size_t left = strlen(text);

	buf_add_text(&value, "");
	while (left > 0) {
		size_t len = text_utf8_len(text, left);

		/* A byte that belongs to no character. */
		if (len == 0)
			add_escaped(&value, "?", len = 1);
		else
			add_escaped(&value, text, len);
		text += len;
		left -= len;
	}
	ical_line(out, name, value.at);
	buf_free(&value);
}
