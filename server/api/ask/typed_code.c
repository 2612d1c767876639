/* SPDX-License-Identifier: MIT */
#include "server/api/ask/typed_code.h"

#include <string.h>

size_t
typed_code_read(struct slice text, const char *letters, char *out, size_t most)
{
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c == '-' || c == ' ')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (len == most || c == '\0' || strchr(letters, c) == NULL)
			return most + 1;
		out[len++] = c;
	}
	return len;
}
