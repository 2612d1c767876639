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

/* The escaped form of an ASCII byte that JSON does not take as it is. */
static void
add_escape(struct buf *buf, unsigned char c)
{
	switch (c) {
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
	default:
		buf_printf(buf, "\\u%04x", c);
	}
}

void
buf_add_json_string(struct buf *buf, struct slice text)
{
	/* Plain runs are copied at once, since nearly all text needs no escape. */
	size_t plain = 0; /* start of the run not yet copied */
	size_t step;

	buf_add(buf, "\"", 1);
	for (size_t i = 0; i < text.len; i += step) {
		unsigned char c = (unsigned char)text.at[i];

		step = text_utf8_len(text.at + i, text.len - i);
		/* DEL is escaped with the control characters: it is one, although JSON allows it
		 * (RFC 8259 7). */
		if (step > 1 || (step == 1 && c >= 0x20 && c != '"' && c != '\\' && c != 0x7f))
			continue;
		buf_add(buf, text.at + plain, i - plain);
		if (step == 1)
			add_escape(buf, c);
		else
			/* U+FFFD for a byte that is no UTF-8: JSON must be UTF-8 (RFC 8259 8.1),
			 * and a log line must come out in any case. */
			buf_add(buf, "\xef\xbf\xbd", 3);
		step = 1;
		plain = i + 1;
	}
	if (text.len > plain)
		buf_add(buf, text.at + plain, text.len - plain);
	buf_add(buf, "\"", 1);
}
