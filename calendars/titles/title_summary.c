#include "calendars/titles/title_summary.h"

#include <string.h>

static bool
is_reason(const struct item *item)
{
	return item->kind == ITEM_WORD && (item->word == WORD_ABSENCE || item->word == WORD_SICK);
}

/* What a cut leaves at the ends, and between two blanks. */
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
	while (to > text && strchr(" -:,;/", to[-1]) != NULL)
		to--;
	*to = '\0';
}

const char *
title_summary(struct arena *arena, const struct items *items)
{
	const char *plain = items->tokens->plain;
	struct buf buf = {0};
	size_t at = 0;
	char *text;

	for (size_t i = 0; i < items->list.count; i++) {
		const struct item *item = &items->list.items[i];
		const struct token *first = &items->tokens->items.items[item->token];
		const struct token *last = first + item->ntokens - 1;
		bool again = i > 0 && is_reason(item) && is_reason(item - 1);

		if (item->kind != ITEM_PHONE && !is_reason(item))
			continue;
		buf_add(&buf, plain + at, first->at - at);
		if (is_reason(item) && !again)
			buf_add_text(&buf, "unavailable");
		at = last->at + last->len;
	}
	buf_add_text(&buf, plain + at);
	text = arena_strndup(arena, buf.at != NULL ? buf.at : "", buf.len);
	buf_free(&buf);
	if (at > 0)
		tidy(text);
	return text;
}
