/* SPDX-License-Identifier: MIT */
#include "calendars/titles/title_summary.h"

#include <string.h>

#define NUMBER_DIGITS_MAX 4

/* Why somebody is away is health data as often as not, and nobody needs it to plan cover. */
static bool
is_reason(const struct item *item)
{
	return item->kind == ITEM_WORD && (item->word == WORD_ABSENCE || item->word == WORD_SICK);
}

/* Removes blanks and marks that are left at the ends, and double blanks. */
static void
tidy(char *text)
{
	char *to = text;

	for (const char *at = text; *at != '\0'; at++) {
		if (at[0] == '(' && at[1] == ')') {
			at++;
			continue;
		}
		if (*at == ' ' && (to == text || to[-1] == ' '))
			continue;
		*to++ = *at;
	}
	/* "J Jones - 07700 900123" would end in a dash. */
	while (to > text && strchr(" -:,;/", to[-1]) != NULL)
		to--;
	*to = '\0';
}

/* Whether the item is hidden: numbers, addresses, and symbols without a meaning. */
static bool
is_hidden(const struct items *items, const struct item *item)
{
	const struct token *token = &items->tokens->items.items[item->token];

	/* A bleep of four digits is no personal number, and the switchboard needs it. */
	return item->kind == ITEM_ADDRESS ||
	       (item->kind == ITEM_NUMBER && token->len > NUMBER_DIGITS_MAX) ||
	       (item->kind == ITEM_WORD && item->word == WORD_PLAIN && token->kind == TOKEN_SYMBOL);
}

/* Whether the item may be the name or the number of a patient. */
static bool
is_secret(const struct items *items, const struct item *item)
{
	return items->patient && item->kind != ITEM_WORD && item->kind != ITEM_MARK &&
	       item->kind != ITEM_TIME;
}

/* What replaces ${item}; NULL: it is shown as it is. */
static const char *
stand_in(const struct items *items, const struct item *item)
{
	if (is_secret(items, item))
		return "\xe2\x80\xa6";
	if (is_reason(item))
		return "unavailable";
	return is_hidden(items, item) ? "" : NULL;
}

const char *
title_summary(struct arena *arena, const struct items *items)
{
	const char *plain = items->tokens->plain;
	struct buf buf = {0};
	const char *last_text = NULL;
	size_t at = 0;
	char *text;

	for (size_t i = 0; i < items->list.count; i++) {
		const struct item *item = &items->list.items[i];
		const struct token *first = &items->tokens->items.items[item->token];
		const struct token *last = first + item->ntokens - 1;
		const char *instead = stand_in(items, item);

		if (instead != NULL) {
			buf_add(&buf, plain + at, first->at - at);
			/* "off sick - sickness" is one reason. */
			if (last_text == NULL || strcmp(last_text, instead) != 0)
				buf_add_text(&buf, instead);
			at = last->at + last->len;
		}
		last_text = instead;
	}
	buf_add_text(&buf, plain + at);
	text = arena_strndup(arena, buf.at, buf.len);
	buf_free(&buf);
	if (at > 0)
		tidy(text);
	return text;
}
