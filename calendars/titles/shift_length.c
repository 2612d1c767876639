/* SPDX-License-Identifier: MIT */
#include "calendars/titles/shift_length.h"

#include <stdlib.h>
#include <string.h>

#include "calendars/titles/characters.h"

#define SHIFT_HOURS_MIN 7
#define SHIFT_HOURS_MAX 13

bool
shift_length_is_written(const struct items *items, size_t at)
{
	const char *text = items->tokens->plain + item_token_at(items, at)->at;

	/* From the title itself: the token of a time has minutes, and no longer how it was
	 * written. */
	text += char_is_digit(*text) ? 1 : 0;
	text += char_is_digit(*text) ? 1 : 0;
	return items->list.items[at].kind == ITEM_TIME && *text == 'h';
}

/* "12 hour", not "12 mins". */
static bool
is_before_hours(const struct items *items, size_t at)
{
	return items->list.items[at].kind == ITEM_NUMBER && at + 1 < items->list.count &&
	       items->list.items[at + 1].role == WORD_UNIT &&
	       item_token_at(items, at + 1)->text[0] == 'h';
}

/* "-8hrs", "+12h": entries of a time account. */
static bool
is_signed(const struct items *items, size_t at)
{
	const struct token *token = item_token_at(items, at);
	const char *before = items->tokens->plain + token->at - 1;

	return at > 0 && (*before == '-' || *before == '+');
}

int
shift_length(const struct items *items, size_t at)
{
	int hours;

	if (!shift_length_is_written(items, at) && !is_before_hours(items, at))
		return 0;
	/* Shorter and longer ones are accounts of time, or of several shifts. */
	hours = atoi(items->tokens->plain + item_token_at(items, at)->at);
	return hours < SHIFT_HOURS_MIN || hours > SHIFT_HOURS_MAX || is_signed(items, at) ? 0
											  : hours;
}
