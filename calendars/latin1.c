/* SPDX-License-Identifier: MIT */
#include "calendars/latin1.h"

#include <stdint.h>
#include <string.h>

/* Windows-1252 has these characters where Latin-1 has control codes; 0: none. */
static const uint16_t windows[32] = {0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178};

/* No code here is beyond U+FFFF, so three bytes are the most that UTF-8 needs. */
static void
add_code(struct buf *out, unsigned code)
{
	char utf8[3];

	if (code < 0x80) {
		utf8[0] = (char)code;
		buf_add(out, utf8, 1);
	} else if (code < 0x800) {
		utf8[0] = (char)(0xc0 | code >> 6);
		utf8[1] = (char)(0x80 | (code & 0x3f));
		buf_add(out, utf8, 2);
	} else {
		utf8[0] = (char)(0xe0 | code >> 12);
		utf8[1] = (char)(0x80 | (code >> 6 & 0x3f));
		utf8[2] = (char)(0x80 | (code & 0x3f));
		buf_add(out, utf8, 3);
	}
}

void
latin1_to_utf8(struct slice bytes, struct buf *out)
{
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned code = (unsigned char)bytes.at[i];

		if (code >= 0x80 && code < 0xa0)
			/* Five bytes mean nothing in Windows-1252. They become U+FFFD and not
			 * nothing, so that a name with one in it fits nobody by accident. */
			code = windows[code - 0x80] != 0 ? windows[code - 0x80] : 0xfffd;
		add_code(out, code);
	}
}

/* For text that libical has unescaped, whose bytes are no slice of the file any more. */
const char *
latin1_unless_utf8(struct arena *arena, const char *text)
{
	struct buf buf = {0};
	const char *read;

	if (text_utf8_valid(text, strlen(text)))
		return arena_strdup(arena, text);
	latin1_to_utf8(slice_of(text), &buf);
	read = arena_strndup(arena, buf.at, buf.len);
	buf_free(&buf);
	return read;
}
