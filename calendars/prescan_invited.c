/* SPDX-License-Identifier: MIT */
#include "calendars/prescan_property.h"

#include <string.h>

/* "mailto:jan.jones@example.org" as "jan jones". A quote separates, too: what is kept of the name stands in quotes (kept.c). */
static const char *
name_in_address(struct arena *arena, struct slice address)
{
	const char *at;
	char *name;

	if (address.len > 7 && slice_is_nocase((struct slice){address.at, 7}, "mailto:"))
		address = (struct slice){address.at + 7, address.len - 7};
	at = memchr(address.at, '@', address.len);
	if (at == NULL)
		return "";
	name = arena_strndup(arena, address.at, (size_t)(at - address.at));
	for (char *c = name; *c != '\0'; c++) {
		if (strchr("._-+\"", *c) != NULL)
			*c = ' ';
	}
	return name;
}

/* Rooms and resources are ignored. */
const char *
scan_attendee(struct arena *arena, const struct content_line *line)
{
	struct slice status = lines_param(line, "PARTSTAT"), kind = lines_param(line, "CUTYPE");
	struct slice name = lines_param(line, "CN");

	if ((!slice_is_nocase(status, "DECLINED") && !slice_is_nocase(status, "DELEGATED") &&
		!slice_is_nocase(status, "TENTATIVE")) ||
	    slice_is_nocase(kind, "ROOM") || slice_is_nocase(kind, "RESOURCE"))
		return NULL;
	/* Google puts the address into CN if it knows no name. */
	if (name.len > 0 && memchr(name.at, '@', name.len) == NULL)
		return arena_strndup(arena, name.at, name.len);
	return name_in_address(arena, name.len > 0 ? name : slice_trim(line->value));
}
