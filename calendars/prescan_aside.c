/* SPDX-License-Identifier: MIT */
#include "calendars/prescan_property.h"

#include <string.h>

#define ASIDES_MAX 40

bool
scan_is_own(struct slice name)
{
	static const char *const others[] = {
	    "X-MICROSOFT-", "X-APPLE-", "X-GOOGLE-", "X-MOZ-", "X-LIC-", "X-WR-", "X-ALT-", NULL};

	if (name.len < 3 || !slice_is_nocase((struct slice){name.at, 2}, "X-"))
		return false;
	for (size_t i = 0; others[i] != NULL; i++) {
		size_t len = strlen(others[i]);

		if (name.len >= len && slice_is_nocase((struct slice){name.at, len}, others[i]))
			return false;
	}
	return true;
}

bool
scan_is_status(struct slice name)
{
	static const char end[] = "STATUS";
	const size_t len = sizeof end - 1;

	return name.len >= len &&
	       slice_is_nocase((struct slice){name.at + name.len - len, len}, end);
}

const char *
scan_unescaped(struct arena *arena, struct slice value)
{
	char *out = arena_strndup(arena, value.at, value.len);
	size_t n = 0;

	for (size_t i = 0; i < value.len; i++) {
		bool escape = value.at[i] == '\\' && i + 1 < value.len;

		if (escape)
			i++;
		out[n++] =
		    (char)(escape && (value.at[i] == 'n' || value.at[i] == 'N') ? '\n'
										: value.at[i]);
	}
	out[n] = '\0';
	return out;
}

/* The first comma of ${text} that no backslash escapes; NULL: none. */
static const char *
list_comma(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '\\')
			i++;
		else if (text.at[i] == ',')
			return text.at + i;
	}
	return NULL;
}

static void
add_aside(
    struct scanner *s, enum scan_aside_kind kind, const struct content_line *line, const char *text)
{
	*VEC_PUSH(s->scan->arena, &s->part->asides) =
	    (struct scan_aside){kind, scan_copy(s, line->name), text};
}

void
scan_aside(struct scanner *s, enum scan_aside_kind kind, const struct content_line *line)
{
	struct slice rest = line->value;
	/* Of a note only the beginning counts, and of all else every word. */
	bool unread = rest.len > SCAN_ASIDE_BYTES_MAX && kind != ASIDE_NOTE;

	if (rest.len > SCAN_ASIDE_BYTES_MAX)
		rest.len = SCAN_ASIDE_BYTES_MAX;
	while (rest.len > 0 && s->part->asides.count < ASIDES_MAX) {
		/* Only CATEGORIES is a list. */
		const char *comma = kind == ASIDE_CATEGORY ? list_comma(rest) : NULL;
		size_t len = comma != NULL ? (size_t)(comma - rest.at) : rest.len;

		add_aside(s, kind, line,
		    scan_unescaped(s->scan->arena, slice_trim((struct slice){rest.at, len})));
		len += comma != NULL;
		rest = (struct slice){rest.at + len, rest.len - len};
	}
	if (!unread && rest.len == 0)
		return;
	/* In the place of the last one, where there is no room: either leaves the shift open. */
	if (s->part->asides.count == ASIDES_MAX)
		s->part->asides.count--;
	add_aside(s, ASIDE_UNREAD, line, "");
}
