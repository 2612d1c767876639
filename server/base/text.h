/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Small things done with text, once. Functions do not allocate unless their comment says so. */

/* A borrowed run of bytes, not NUL-terminated. */
struct slice {
	const char *at;
	size_t len;
};

#define SLICE(literal) ((struct slice){(literal), sizeof(literal) - 1})
struct slice slice_of(const char *string);
bool slice_is(struct slice slice, const char *string);
bool slice_is_nocase(struct slice slice, const char *string); /* ASCII only */
struct slice slice_trim(struct slice slice);                  /* spaces and tabs at both ends */

/* Strict decimal, the whole of the slice, no sign unless negative allowed, in [min, max]. */
bool text_int(struct slice slice, int64_t min, int64_t max, int64_t *out);

/* Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms, no NUL). */
bool text_utf8_valid(const char *bytes, size_t len);

/* How many bytes the well-formed character at ${bytes} has (1 to 4); 0 if there is none. */
size_t text_utf8_len(const char *bytes, size_t len);

/* Whether ${slice} is a code: 1 to 64 of [A-Za-z0-9._-], not starting with '.' or '-'. Codes are
 * safe as channel names. */
bool text_is_code(struct slice slice);

/* Lower-case hexadecimal. ${out} has 2 * len + 1 bytes. The reverse: false if not exactly 2 * len
 * digits. */
void text_hex(const void *bytes, size_t len, char *out);
bool text_unhex(struct slice hex, void *out, size_t len);

/* The value of one hexadecimal digit of either case; -1 for anything else. */
int text_hex_value(char digit);

/* A character that may stand in no text which people see: a control character, or one that is not seen and
 * changes what is (a break of a line, an override or isolate of direction such as U+202E). */
#define TEXT_NOT_UTF8 UINT32_MAX
struct text_hidden {
	size_t at, len; /* in bytes; ${len} is 0 if there is none, and ${at} the end of the text */
	uint32_t point; /* TEXT_NOT_UTF8: a byte that is no UTF-8 */
};
/* The first one in ${text}. */
struct text_hidden text_find_hidden(struct slice text);

/* Whether ${text} is one line of plain text: UTF-8 without any such character. */
bool text_is_line(const char *text);

/* Whether ${text} is one of ${words}, an array that ends with NULL. */
bool text_is_one_of(const char *text, const char *const *words);

/* The items of a list with commas between them, trimmed, without empty ones; NULL-terminated, in ${arena}. */
struct arena;
const char *const *text_list(struct arena *arena, const char *list);

/* A growing NUL-terminated buffer on the heap; start with {0}; free with buf_free. */
struct buf {
	char *at;
	size_t len, capacity;
};
void buf_add(struct buf *buf, const void *bytes, size_t len);
void buf_add_text(struct buf *buf, const char *string);
/* Percent-encoded for a query or a segment of a path. */
void buf_add_encoded(struct buf *buf, const char *string);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_reset(struct buf *buf); /* keeps the memory */
void buf_free(struct buf *buf);

/* Appends ${text} as one line for people: U+FFFD in the place of each character that text_find_hidden() finds, a
 * blank in that of a tab and of the end of a line. */
void buf_add_line(struct buf *buf, struct slice text);
/* The same, with tabs and ends of lines as they are. */
void buf_add_lines(struct buf *buf, struct slice text);

/* Appends ${text} as a JSON string with its quotes: quotes and what text_find_hidden() finds are escaped, bytes
 * that are not UTF-8 replaced. So no terminal obeys a log or an answer that is shown as it is. */
void buf_add_json_string(struct buf *buf, struct slice text);
/* Appends ${json}, which is JSON already, with what is not seen in its strings escaped in the same way. */
void buf_add_json(struct buf *buf, struct slice json);
