/* SPDX-License-Identifier: MIT */
#include "server/base/text.h"

#include <string.h>

#include "server/base/arena.h"

struct slice
slice_of(const char *string)
{
	return (struct slice){string, strlen(string)};
}

bool
slice_is(struct slice slice, const char *string)
{
	return strlen(string) == slice.len &&
	       (slice.len == 0 || memcmp(slice.at, string, slice.len) == 0);
}

/* ASCII only, and not by the locale: protocols and codes compare so. */
static unsigned char
lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool
slice_is_nocase(struct slice slice, const char *string)
{
	if (strlen(string) != slice.len)
		return false;
	for (size_t i = 0; i < slice.len; i++)
		if (lower(slice.at[i]) != lower(string[i]))
			return false;
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct slice
slice_trim(struct slice slice)
{
	while (slice.len > 0 && is_blank(slice.at[0])) {
		slice.at++;
		slice.len--;
	}
	while (slice.len > 0 && is_blank(slice.at[slice.len - 1]))
		slice.len--;
	return slice;
}

bool
text_int(struct slice slice, int64_t min, int64_t max, int64_t *out)
{
	/* No plus sign and no blanks, unlike strtoll(): a number has one spelling. */
	bool negative = slice.len > 0 && slice.at[0] == '-' && min < 0;
	int64_t value = 0;

	/* No digits at all. */
	if (slice.len == (negative ? 1u : 0u))
		return false;
	for (size_t i = negative ? 1 : 0; i < slice.len; i++) {
		int digit = slice.at[i] - '0';

		if (digit < 0 || digit > 9)
			return false;
		/* Counted downwards, for INT64_MIN has no positive twin. */
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_sub_overflow(value, digit, &value))
			return false;
	}
	if (!negative && __builtin_sub_overflow((int64_t)0, value, &value))
		return false;
	if (value < min || value > max)
		return false;
	*out = value;
	return true;
}

/* RFC 3629, section 4: only the second byte's range depends on the first. */
size_t
text_utf8_len(const char *bytes, size_t len)
{
	const unsigned char *at = (const unsigned char *)bytes;
	unsigned char least = 0x80, most = 0xbf;
	size_t need;

	if (len == 0)
		return 0;
	if (at[0] < 0x80)
		return 1;
	/* A byte from the middle of a character, an overlong form of ASCII, or beyond U+10FFFF. */
	if (at[0] < 0xc2 || at[0] > 0xf4)
		return 0;
	need = at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
	if (len < need)
		return 0;
	if (at[0] == 0xe0)
		least = 0xa0; /* overlong */
	else if (at[0] == 0xed)
		most = 0x9f; /* surrogates */
	else if (at[0] == 0xf0)
		least = 0x90; /* overlong */
	else if (at[0] == 0xf4)
		most = 0x8f; /* past U+10FFFF */
	if (at[1] < least || at[1] > most)
		return 0;
	for (size_t i = 2; i < need; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	return need;
}

/* Whether the eight bytes at ${at} are letters of ASCII, none of them NUL. Most are. */
static bool
is_plain(const char *at)
{
	const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
	uint64_t word;

	memcpy(&word, at, sizeof word);
	/* A byte of 0 borrows in the subtraction, and a byte of 0x80 and more has its top bit
	 * set. */
	return (((word - ones) | word) & tops) == 0;
}

bool
text_utf8_valid(const char *bytes, size_t len)
{
	size_t step;

	for (size_t i = 0; i < len; i += step) {
		step = 8;
		if (len - i >= 8 && is_plain(bytes + i))
			continue;
		step = text_utf8_len(bytes + i, len - i);
		/* A NUL is valid UTF-8, but it would end the text early for C and is refused by
		 * PostgreSQL. */
		if (step == 0 || bytes[i] == '\0')
			return false;
	}
	return true;
}

static bool
is_code_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '-';
}

bool
text_is_code(struct slice slice)
{
	/* Codes are used in paths, channels and file names, so none may begin like a hidden file or
	 * an option. */
	if (slice.len == 0 || slice.len > 64 || slice.at[0] == '.' || slice.at[0] == '-')
		return false;
	for (size_t i = 0; i < slice.len; i++)
		if (!is_code_char(slice.at[i]))
			return false;
	return true;
}

void
text_hex(const void *bytes, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *at = bytes;

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[at[i] >> 4];
		out[2 * i + 1] = digits[at[i] & 15];
	}
	out[2 * len] = '\0';
}

int
text_hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

bool
text_unhex(struct slice hex, void *out, size_t len)
{
	unsigned char *at = out;

	if (hex.len != 2 * len)
		return false;
	for (size_t i = 0; i < hex.len; i++)
		if (text_hex_value(hex.at[i]) < 0)
			return false;
	for (size_t i = 0; i < len; i++)
		at[i] = (unsigned char)(text_hex_value(hex.at[2 * i]) * 16 +
					text_hex_value(hex.at[2 * i + 1]));
	return true;
}

/* Of well-formed UTF-8. */
static uint32_t
code_point(const unsigned char *at, size_t len)
{
	uint32_t point = len == 1 ? at[0] : at[0] & (0x7fU >> len);

	for (size_t i = 1; i < len; i++)
		point = point << 6 | (at[i] & 0x3f);
	return point;
}

/* Control characters would break lines, or command a terminal. The others cannot be seen, and make a line
 * read other than it is stored: separators of lines and paragraphs, overrides, embeddings and isolates of
 * direction, deprecated formats, interlinear annotations, a byte order mark. Marks that say the direction of
 * a neighbour alone (U+200E, U+200F, U+061C) are written in names, and turn nothing else. */
static bool
is_hidden(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point <= 0x9f) ||
	       (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x206f) ||
	       (point >= 0xfff9 && point <= 0xfffb) || point == 0xfeff;
}

struct text_hidden
text_find_hidden(struct slice text)
{
	struct text_hidden found = {.len = 1};

	for (; found.at < text.len; found.at += found.len) {
		const char *at = text.at + found.at;

		found.len = 1;
		/* Nearly all of nearly every text. */
		if (*at >= ' ' && *at < 0x7f)
			continue;
		found.len = text_utf8_len(at, text.len - found.at);
		found.point = found.len == 0 ? TEXT_NOT_UTF8
					     : code_point((const unsigned char *)at, found.len);
		if (found.len == 0)
			found.len = 1;
		if (found.point == TEXT_NOT_UTF8 || is_hidden(found.point))
			return found;
	}
	return (struct text_hidden){.at = text.len};
}

bool
text_is_one_of(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(text, *words) == 0)
			return true;
	return false;
}

const char *const *
text_list(struct arena *arena, const char *list)
{
	const char **items = arena_array(arena, strlen(list) / 2 + 2, sizeof *items);
	size_t count = 0;

	while (*list != '\0') {
		size_t len = strcspn(list, ",");
		struct slice item = slice_trim((struct slice){list, len});

		if (item.len > 0)
			items[count++] = arena_strndup(arena, item.at, item.len);
		list += len + (list[len] == ',');
	}
	return items;
}

bool
text_is_line(const char *text)
{
	return text_find_hidden(slice_of(text)).len == 0;
}
