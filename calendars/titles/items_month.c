/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/titles/items.h"

bool
item_is_month(const struct items *items, const struct item *item)
{
	static const char months[] =
	    " jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september october november december ";
	const char *text;

	if (item->kind != ITEM_WORD || item->word != WORD_PLAIN)
		return false;
	text = items->tokens->items.items[item->token].text;
	/* Whole words, which is what the blanks are for: "ma" is no month. */
	for (const char *from = months; (from = strstr(from, text)) != NULL; from++) {
		if (from[-1] == ' ' && from[strlen(text)] == ' ')
			return true;
	}
	return false;
}

bool
item_begins_days(const struct items *items, const struct item *list, size_t count, size_t at)
{
	size_t last = at + 1;

	/* "1st-3rd Jan" cannot be hours, and needs no such look ahead. */
	if (list[at].kind != ITEM_NUMBER)
		return false;
	if (last < count && list[last].kind == ITEM_MARK && list[last].mark == '-')
		last++;
	return last + 1 < count && list[last].kind == ITEM_NUMBER &&
	       item_is_month(items, &list[last + 1]);
}
