/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/readings.h"
#include "tests/unit/calendars/workbook/book_maker.h"

/*
 * A workbook, the way of every upload: the first byte chooses the rota's options. If the second is "Z", the
 * rest is the archive. Else the rest is parts of a workbook, with a byte 1E between two of them, which are
 * packed here: a changed byte of a packed part would only break its checksum.
 */
#define PARTS 7
#define BETWEEN '\x1e'

static void
try_parts(const struct reading_options *options, const char *bytes, size_t len)
{
	static const char *const names[PARTS] = {"xl/worksheets/sheet1.xml", "xl/styles.xml",
	    "xl/sharedStrings.xml", "xl/workbook.xml", "xl/comments1.xml",
	    "xl/_rels/workbook.xml.rels", "xl/drawings/drawing1.xml"};
	struct book_part parts[PARTS + 1] = {{NULL, NULL, 0}};
	struct buf book;

	for (size_t i = 0; i < PARTS && len > 0; i++) {
		const char *end = memchr(bytes, BETWEEN, len);
		size_t part = end != NULL ? (size_t)(end - bytes) : len;

		/* One byte more than nothing: a length of 0 would be taken for that of a string. */
		parts[i] = part > 0 ? (struct book_part){names[i], bytes, part}
				    : (struct book_part){names[i], " ", 1};
		part += end != NULL;
		bytes += part;
		len -= part;
	}
	book = book_make(&(struct book_want){.more = parts});
	readings_try(options, (struct slice){book.at, book.len});
	buf_free(&book);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct reading_options options;

	if (len < 2)
		return 0;
	options = readings_options(READING_CSV, bytes[0]);
	if (bytes[1] == 'Z')
		readings_try(&options, (struct slice){(const char *)bytes + 2, len - 2});
	else
		try_parts(&options, (const char *)bytes + 1, len - 1);
	return 0;
}
