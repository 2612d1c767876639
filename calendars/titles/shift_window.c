/* SPDX-License-Identifier: MIT */
#include "calendars/titles/shift_window.h"

#include <string.h>

#define H(hour) ((hour)*60)

/* By the beginning of a word, so that "nights" and "nightshift" are "night". Wide on purpose: an
 * event is held against a title only if the two cannot both be true. */
static const struct {
	const char *word;
	struct title_hours_of_day hours;
} windows[] = {
    {"night", {H(18), H(10)}},
    {"overnight", {H(18), H(10)}},
    {"nocturnal", {H(18), H(10)}},
    {"weeknight", {H(18), H(10)}},
    {"o/n", {H(18), H(10)}},
    {"twilight", {H(15), H(4)}},
    {"tw", {H(15), H(4)}},
    {"eve", {H(15), H(4)}},
    {"pm", {H(12), H(23)}},
    {"afternoon", {H(12), H(22)}},
    {"late", {H(12), H(3)}},
    {"am", {H(5), H(14)}},
    {"morning", {H(5), H(14)}},
    {"early", {H(4), H(17)}},
    {"earlies", {H(4), H(17)}},
    {"day", {H(5), H(23)}},
    {"ld", {H(5), H(23)}},
    {"tonight", {H(15), H(10)}},
    {"back", {H(12), H(3)}},
    /* Codes, which may have a number. */
    {"nd", {H(18), H(10)}},
    {"n", {H(18), H(10)}},
    {"e", {H(4), H(17)}},
    {"d", {H(5), H(23)}},
};

const char *
shift_word(const struct items *items, const struct item *item)
{
	static const char *const dotted[] = {"am", "pm", "ld", "nd", "tw"};
	const struct token *token = &items->tokens->items.items[item->token];

	/* No other phrases have a first word of one letter, and each of these has another one. */
	for (size_t i = 0; i < sizeof dotted / sizeof *dotted && item->ntokens > 2; i++) {
		if (token->len == 1 && token->text[0] == dotted[i][0])
			return dotted[i];
	}
	return token->text;
}

static struct title_hours_of_day
window_of_word(const char *text)
{
	for (size_t w = 0; w < sizeof windows / sizeof *windows; w++) {
		size_t len = strlen(windows[w].word);

		/* "am", "tw" and "e" are whole words */
		if (strncmp(text, windows[w].word, len) == 0 && (len > 2 || text[len] == '\0'))
			return windows[w].hours;
	}
	return (struct title_hours_of_day){0, 0};
}

/* "E: J Jones", "N2: J Jones". */
static struct title_hours_of_day
window_of_code(const struct items *items, const struct item *item)
{
	const struct token *token = &items->tokens->items.items[item->token];
	const char code[] = {token->text[0], '\0'};
	bool letter = item->kind == ITEM_UNKNOWN && token->len == 1;
	bool numbered = item->kind == ITEM_WORD && item->word == WORD_PLAIN && token->len > 1;

	if (item->ntokens != 1 || !(letter || numbered) ||
	    token->text[1 + strspn(token->text + 1, "0123456789")] != '\0')
		return (struct title_hours_of_day){0, 0};
	return window_of_word(code);
}

/* The window that a word of the phrase names; the last one, as in "late evening", "long night". */
static struct title_hours_of_day
window_of(const struct items *items, const struct item *item)
{
	struct title_hours_of_day found = window_of_word(shift_word(items, item));

	for (size_t i = 1; i < item->ntokens; i++) {
		struct title_hours_of_day here =
		    window_of_word(items->tokens->items.items[item->token + i].text);

		if (here.from != here.to)
			found = here;
	}
	return found;
}

struct title_hours_of_day
shift_window(const struct items *items)
{
	struct title_hours_of_day all = {0, 0};

	for (size_t i = 0; i < items->list.count; i++) {
		const struct item *item = &items->list.items[i];
		struct title_hours_of_day here;

		here = window_of_code(items, item);
		if (item->kind == ITEM_WORD && item->word == WORD_SHIFT)
			here = window_of(items, item);
		else if (here.from == here.to)
			continue;
		if (here.from == here.to ||
		    (all.from != all.to && (all.from != here.from || all.to != here.to)))
			return (struct title_hours_of_day){0, 0};
		all = here;
	}
	return all;
}
