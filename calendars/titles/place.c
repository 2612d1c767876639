/* SPDX-License-Identifier: MIT */
#include "calendars/titles/place.h"

#include <string.h>

static bool
is_text(const struct items *items, size_t at, const char *text)
{
	const struct item *item = &items->list.items[at];

	return item->kind == ITEM_WORD && item->ntokens == 1 &&
	       strcmp(item_token_at(items, at)->text, text) == 0;
}

/* Before the name it is the label of a shift: "136 suite - J Jones", "J Jones, Ward 4: S Ahmed". */
static bool
is_label(const struct items *items, size_t at)
{
	size_t next = at + 1;

	while (next < items->list.count && items->list.items[next].kind == ITEM_NUMBER)
		next++;
	if (item_is_mark_at(items, next, ":"))
		return true;
	for (size_t i = 0; i < at; i++) {
		if (item_is_name(&items->list.items[i]))
			return false;
	}
	return true;
}

/* After the name, set off from it, it says for which team she is on: "J Jones - Crisis team", "J Jones
 * (CAMHS)". Without a mark it may be where she is: "J Jones at HBPoS", "J Jones liaison day". */
static bool
is_set_off(const struct items *items, size_t at)
{
	return at > 0 && item_is_mark_at(items, at - 1, "-,:;/|([");
}

/* "AMHP/BIA", "(AMHP, BIA)": what she is qualified for, and not what she does on that day. */
static bool
is_qualification(const struct items *items, size_t at)
{
	size_t before = at, after = at + 1;

	while (before > 0 && item_is_mark_at(items, before - 1, "/&+,"))
		before--;
	while (after < items->list.count && item_is_mark_at(items, after, "/&+,"))
		after++;
	return (before > 0 && is_text(items, before - 1, "amhp")) ||
	       (after < items->list.count && is_text(items, after, "amhp"));
}

bool
word_says_duty(const char *word)
{
	static const char *const words[] = {"duty", "oncall", "call", "shift", NULL};

	return text_is_one_of(word, words);
}

static bool
is_duty_or_amhp(const char *word)
{
	static const char *const amhp[] = {"amhp", "amhps", NULL};

	return word_says_duty(word) || text_is_one_of(word, amhp);
}

bool
items_say_duty(const struct items *items)
{
	for (size_t i = 0; i < items->list.count; i++) {
		const struct item *item = &items->list.items[i];

		if (item->kind == ITEM_TEAM || item_is_word_at(items, i, WORD_SHIFT) ||
		    item_is_word_at(items, i, WORD_COVERING))
			return true;
		for (size_t j = 0; item_is_word_at(items, i, WORD_PLAIN) && j < item->ntokens;
		     j++) {
			if (is_duty_or_amhp(item_token_at(items, i)[j].text))
				return true;
		}
	}
	return false;
}

/* "Mr Jones", "Mrs. Jones", without a given name or an initial. */
static bool
is_civil_name(const struct items *items, size_t at)
{
	static const char *const civil[] = {"mr", "mrs", "ms", "miss", "mx", "sir", "lady", "dame"};
	const struct item *item = &items->list.items[at];
	const struct token *first = item_token_at(items, at);

	if (item->kind != ITEM_PERSON ||
	    !(item->ntokens == 2 || (item->ntokens == 3 && first[1].kind == TOKEN_MARK)))
		return false;
	for (size_t i = 0; i < sizeof civil / sizeof *civil; i++) {
		if (strcmp(first->text, civil[i]) == 0)
			return true;
	}
	return false;
}

/* "Mr Jones" alone may be a patient; "AMHP: Mr Jones" and "Dr Jones" are staff. */
static bool
is_anybody(const struct items *items, size_t at)
{
	if (!is_civil_name(items, at))
		return false;
	for (size_t i = 0; i < items->list.count; i++) {
		enum item_kind kind = items->list.items[i].kind;

		if (kind == ITEM_TEAM || kind == ITEM_WORD)
			return false;
	}
	return true;
}

/* Whether a word of rotas is there that is understood by itself. */
static bool
has_full_word(const struct items *items)
{
	for (size_t i = 0; i < items->list.count; i++) {
		if ((item_is_word_at(items, i, WORD_PLAIN) &&
			items->list.items[i].role == WORD_NONE) ||
		    item_is_word_at(items, i, WORD_SHIFT) || items->list.items[i].kind == ITEM_TEAM)
			return true;
	}
	return false;
}

void
account_places(struct items *items, const struct lexicon *lexicon)
{
	for (size_t i = 0; i < items->list.count; i++) {
		struct item *item = &items->list.items[i];
		bool setting = item->role == WORD_SETTING ||
			       (word_is_crew(item->role) && !is_set_off(items, i));

		/* A ward is a part of a hospital, and a place to be at, however it is written. */
		setting = setting || ((is_text(items, i, "ward") || is_text(items, i, "wards")) &&
					 !lexicon_is_whole(lexicon, item_token_at(items, i)->text));
		if ((setting && !is_label(items, i)) || is_anybody(items, i) ||
		    (item->role == WORD_WEAK && !items_say_duty(items)) ||
		    (item->role == WORD_DECOR && !has_full_word(items)) ||
		    (item->role == WORD_ELSEWHERE && !is_qualification(items, i)) ||
		    lexicon_is_other_crew(lexicon, item->role))
			item->left = true;
	}
}
