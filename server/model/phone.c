/* SPDX-License-Identifier: MIT */
#include "server/model/phone.h"

#include <string.h>

#define DIGITS_MIN 9
#define DIGITS_MAX 15
#define BRITAIN "+44"

/* The last group of a number has at least so many digits: 0800 1111 is not divided twice. */
#define LAST_GROUP 3

size_t
phone_len(const char *text)
{
	size_t digits = *text == '+' ? strspn(text + 1, "0123456789") : 0;

	return digits >= DIGITS_MIN && digits <= DIGITS_MAX ? digits + 1 : 0;
}

/* How many digits a British number has before its first and its second gap, as people read them: 020 7946 0123,
 * 0808 157 0111, 01632 960456. ${rest}: without its country. */
static void
groups_of(const char *rest, int digits, int *first, int *second)
{
	bool short_code = rest[0] == '3' || rest[0] == '8' || rest[0] == '9' ||
			  (rest[0] == '1' && (rest[1] == '1' || rest[2] == '1'));

	*first = rest[0] == '2' ? 2 : short_code ? 3 : 4;
	*second = rest[0] == '2' ? 4 : short_code ? 3 : 0;
	if (digits - *first - *second < LAST_GROUP)
		*second = 0;
}

void
phone_add(struct buf *out, const char *number, size_t len)
{
	const char *rest = number + strlen(BRITAIN);
	int digits = (int)(len - strlen(BRITAIN)), first, second;

	if (memcmp(number, BRITAIN, strlen(BRITAIN)) != 0) {
		buf_add(out, number, len);
		return;
	}
	groups_of(rest, digits, &first, &second);
	buf_printf(out, "0%.*s %.*s%s%.*s", first, rest, second, rest + first,
	    second > 0 ? " " : "", digits - first - second, rest + first + second);
}

void
phone_add_text(struct buf *out, const char *text)
{
	while (*text != '\0') {
		size_t before = strcspn(text, "+"), len = phone_len(text + before);

		/* A plus that begins no number is text like any other. */
		if (len == 0 && text[before] != '\0')
			before++;
		buf_add(out, text, before);
		if (len > 0)
			phone_add(out, text + before, len);
		text += before + len;
	}
}
