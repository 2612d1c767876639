/* SPDX-License-Identifier: MIT */
#include "calendars/roster/csv_bytes.h"

#include <string.h>

/* Within which the heading line is (roster_head.h). */
#define LINES_MAX 20

/* The mark that the first line of ${bytes} has most of, and how many. */
static unsigned char
most_of(struct slice bytes, size_t *most)
{
	static const char marks[] = ",;\t|";
	char found = ',';

	*most = 0;
	for (const char *mark = marks; *mark != '\0'; mark++) {
		size_t count = 0;

		for (size_t i = 0; i < bytes.len && bytes.at[i] != '\n' && bytes.at[i] != '\r'; i++)
			count += bytes.at[i] == *mark;
		if (count > *most) {
			*most = count;
			found = *mark;
		}
	}
	return (unsigned char)found;
}

/* By the first line that has the mark twice: a title line may have one comma. It is mostly the headings, and
 * names further down may have a comma. */
unsigned char
csv_delimiter(struct slice bytes)
{
	size_t count;
	unsigned char first = most_of(bytes, &count);
	struct slice rest = bytes;

	for (size_t line = 0; line < LINES_MAX && rest.len > 0; line++) {
		const char *end = memchr(rest.at, '\n', rest.len);
		unsigned char mark = most_of(rest, &count);

		if (count >= 2)
			return mark;
		if (end == NULL)
			break;
		rest = (struct slice){end + 1, rest.len - (size_t)(end + 1 - rest.at)};
	}
	return first;
}

/* Excel writes "sep=;" before the headings. The delimiter that it names is not used: people change the
 * file and not this line. Counting finds the one that is in use. */
struct slice
csv_after_sep(struct slice bytes, uint32_t *line)
{
	const char *end;

	if (bytes.len < 5 || !slice_is_nocase((struct slice){bytes.at, 4}, "sep="))
		return bytes;
	end = memchr(bytes.at, '\n', bytes.len);
	if (end == NULL)
		return bytes;
	++*line;
	return (struct slice){end + 1, bytes.len - (size_t)(end + 1 - bytes.at)};
}

bool
csv_is_utf16(struct slice bytes)
{
	/* Exactly one of the first two bytes is 0: two zeros would be a file of zeros. */
	return bytes.len >= 2 &&
	       (memcmp(bytes.at, "\xff\xfe", 2) == 0 || memcmp(bytes.at, "\xfe\xff", 2) == 0 ||
		   (bytes.at[0] == '\0') != (bytes.at[1] == '\0'));
}

static void
add_code_point(struct buf *out, uint32_t c)
{
	char bytes[4];
	size_t len = 0;

	if (c < 0x80)
		bytes[len++] = (char)c;
	else if (c < 0x800)
		bytes[len++] = (char)(0xc0 | c >> 6);
	else if (c < 0x10000)
		bytes[len++] = (char)(0xe0 | c >> 12);
	else {
		bytes[len++] = (char)(0xf0 | c >> 18);
		bytes[len++] = (char)(0x80 | (c >> 12 & 0x3f));
	}
	if (c >= 0x800)
		bytes[len++] = (char)(0x80 | (c >> 6 & 0x3f));
	if (c >= 0x80)
		bytes[len++] = (char)(0x80 | (c & 0x3f));
	buf_add(out, bytes, len);
}

static bool
is_half(uint32_t unit, uint32_t base)
{
	return unit >= base && unit < base + 0x400;
}

bool
csv_utf16_to_utf8(struct slice bytes, struct buf *out)
{
	const unsigned char *at = (const unsigned char *)bytes.at;
	bool big = bytes.len >= 2 && (memcmp(at, "\xfe\xff", 2) == 0 || at[0] == '\0');
	uint32_t high = 0;

	if (bytes.len % 2 != 0)
		return false;
	for (size_t i = 0; i < bytes.len; i += 2) {
		uint32_t unit = (uint32_t)(at[i + !big] << 8 | at[i + big]);

		/* Outside the first 65,536 characters, one is written as two halves. */
		if ((high != 0) != is_half(unit, 0xdc00))
			return false;
		if (high != 0)
			add_code_point(out, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
		else if (!is_half(unit, 0xd800))
			add_code_point(out, unit);
		high = is_half(unit, 0xd800) ? unit : 0;
	}
	return high == 0;
}
