/* SPDX-License-Identifier: MIT */
#include "calendars/roster/csv_bytes.h"

#include <string.h>

/* By the first line alone: that is mostly the headings, and names further down may have a comma. */
unsigned char
csv_delimiter(struct slice bytes)
{
	static const char marks[] = ",;\t";
	size_t best = 0;
	char found = ',';

	for (const char *mark = marks; *mark != '\0'; mark++) {
		size_t count = 0;

		for (size_t i = 0; i < bytes.len && bytes.at[i] != '\n' && bytes.at[i] != '\r'; i++)
			count += bytes.at[i] == *mark;
		if (count > best) {
			best = count;
			found = *mark;
		}
	}
	return (unsigned char)found;
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
