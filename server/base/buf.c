/* SPDX-License-Identifier: MIT */
#include "server/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"

#define BUF_FIRST_BYTES 256

/* Room for ${more} bytes and the NUL after them. */
static void
reserve(struct buf *buf, size_t more)
{
	size_t needed, capacity = buf->capacity < BUF_FIRST_BYTES ? BUF_FIRST_BYTES : buf->capacity;

	INVARIANT(!__builtin_add_overflow(buf->len, more, &needed) && needed < SIZE_MAX / 4);
	/* A NUL follows the bytes always, so that a buffer can be read as a string. */
	needed++;
	if (needed <= buf->capacity)
		return;
	while (capacity < needed)
		capacity *= 2;
	buf->at = xrealloc(buf->at, capacity);
	buf->capacity = capacity;
}

void
buf_add(struct buf *buf, const void *bytes, size_t len)
{
	reserve(buf, len);
	if (len > 0)
		memcpy(buf->at + buf->len, bytes, len);
	buf->len += len;
	buf->at[buf->len] = '\0';
}

void
buf_add_text(struct buf *buf, const char *string)
{
	buf_add(buf, string, strlen(string));
}

/* All but the unreserved characters of RFC 3986 2.3. */
void
buf_add_encoded(struct buf *buf, const char *string)
{
	for (; *string != '\0'; string++) {
		unsigned char byte = (unsigned char)*string;

		if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
		    (byte >= 'a' && byte <= 'z') || strchr("-._~", byte) != NULL)
			buf_add(buf, string, 1);
		else
			buf_printf(buf, "%%%02X", byte);
	}
}

void
buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;
	int len;

	/* Most texts fit into this, and then are formatted once. */
	reserve(buf, BUF_FIRST_BYTES);
	va_start(args, format);
	len = vsnprintf(buf->at + buf->len, buf->capacity - buf->len, format, args);
	va_end(args);
	INVARIANT(len >= 0);
	if ((size_t)len >= buf->capacity - buf->len) {
		reserve(buf, (size_t)len);
		va_start(args, format);
		vsnprintf(buf->at + buf->len, buf->capacity - buf->len, format, args);
		va_end(args);
	}
	buf->len += (size_t)len;
}

void
buf_reset(struct buf *buf)
{
	buf->len = 0;
	if (buf->at != NULL)
		buf->at[0] = '\0';
}

void
buf_free(struct buf *buf)
{
	free(buf->at);
	*buf = (struct buf){0};
}

static bool
is_break(uint32_t point)
{
	return point == '\t' || point == '\n' || point == '\r';
}

static void
add_shown(struct buf *buf, struct slice text, bool breaks)
{
	while (text.len > 0) {
		struct text_hidden found = text_find_hidden(text);
		size_t passed = found.at + found.len;

		buf_add(buf, text.at, found.at);
		if (found.len > 0 && is_break(found.point))
			buf_add(buf, breaks ? text.at + found.at : " ", 1);
		else if (found.len > 0)
			buf_add(buf, "\xef\xbf\xbd", 3);
		text = (struct slice){text.at + passed, text.len - passed};
	}
}

void
buf_add_line(struct buf *buf, struct slice text)
{
	add_shown(buf, text, false);
}

void
buf_add_lines(struct buf *buf, struct slice text)
{
	add_shown(buf, text, true);
}

/* The escaped form of a character that JSON does not take as it is, or that is not seen. */
static void
add_escape(struct buf *buf, uint32_t point)
{
	switch (point) {
	case '"':
		buf_add(buf, "\\\"", 2);
		return;
	case '\\':
		buf_add(buf, "\\\\", 2);
		return;
	case '\n':
		buf_add(buf, "\\n", 2);
		return;
	case '\r':
		buf_add(buf, "\\r", 2);
		return;
	case '\t':
		buf_add(buf, "\\t", 2);
		return;
	case TEXT_NOT_UTF8:
		/* JSON must be UTF-8 (RFC 8259 8.1), and a log line must come out in any case. */
		buf_add(buf, "\xef\xbf\xbd", 3);
		return;
	default:
		buf_printf(buf, "\\u%04x", (unsigned)point);
	}
}

/* Quotes and backslashes up to the first character that is not seen. */
static void
add_seen(struct buf *buf, struct slice text)
{
	size_t plain = 0; /* start of the run not yet copied */

	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] != '"' && text.at[i] != '\\')
			continue;
		buf_add(buf, text.at + plain, i - plain);
		add_escape(buf, (unsigned char)text.at[i]);
		plain = i + 1;
	}
	buf_add(buf, text.at + plain, text.len - plain);
}

void
buf_add_json_string(struct buf *buf, struct slice text)
{
	buf_add(buf, "\"", 1);
	while (text.len > 0) {
		struct text_hidden found = text_find_hidden(text);
		size_t passed = found.at + found.len;

		add_seen(buf, (struct slice){text.at, found.at});
		if (found.len > 0)
			add_escape(buf, found.point);
		text = (struct slice){text.at + passed, text.len - passed};
	}
	buf_add(buf, "\"", 1);
}

void
buf_add_json(struct buf *buf, struct slice json)
{
	while (json.len > 0) {
		struct text_hidden found = text_find_hidden(json);
		size_t passed = found.at + found.len;

		buf_add(buf, json.at, found.at);
		/* Strings have no line breaks as they are: these are between values. */
		if (found.len > 0 && is_break(found.point))
			buf_add(buf, json.at + found.at, 1);
		else if (found.len > 0)
			add_escape(buf, found.point);
		json = (struct slice){json.at + passed, json.len - passed};
	}
}
