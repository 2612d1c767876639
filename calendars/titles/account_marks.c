/* SPDX-License-Identifier: MIT */
#include "calendars/titles/account_marks.h"

bool
items_have_name(const struct items *items, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		if (item_is_name(&items->list.items[i]))
			return true;
	}
	return false;
}

/* ---- Single marks. */

/* "AMHP... J Jones", as an index has it; "J Jones..." has not been written to its end. */
static bool
is_leader(const struct items *items, size_t at)
{
	size_t from = at, to = at;

	while (from > 0 && item_is_mark_at(items, from - 1, "."))
		from--;
	while (item_is_mark_at(items, to, "."))
		to++;
	return from > 0 && to < items->list.count && items->list.items[to].kind == ITEM_PERSON &&
	       (item_is_word_at(items, from - 1, WORD_PLAIN) ||
		   item_is_word_at(items, from - 1, WORD_SHIFT));
}

/* "#AMHP", "#oncall"; not "#J Jones". */
static bool
is_hashtag(const struct items *items, size_t at)
{
	const struct token *mark = item_token_at(items, at);

	return (item_is_word_at(items, at + 1, WORD_PLAIN) ||
		   item_is_word_at(items, at + 1, WORD_SHIFT)) &&
	       mark->at + mark->len == mark[1].at;
}

/* "Happy New Year!" */
static bool
is_greeting(const struct items *items, size_t at)
{
	while (at > 0 && item_is_mark_at(items, at, "!"))
		at--;
	return items->list.items[at].role == WORD_WEAK;
}

static bool
mark_is_harmless(const struct items *items, size_t at)
{
	const struct item *item = &items->list.items[at];
	size_t last = items->list.count - 1;
	size_t len = item_token_at(items, at)->len;

	switch (item->mark) {
	case ':':
	case ',':
	case ';':
	case '|':
	case '(':
	case ')':
	case '[':
	case ']':
	case '?': /* itself casts doubt */
	case TOKEN_ARROW:
	case TOKEN_STRIKE:
		return true;
	case '-':
		/* "J Jones - -": the second is what is written for nobody. */
		return (len == 1 || (at > 0 && at < last)) &&
		       !(at == last && at > 0 && items->list.items[at - 1].kind == ITEM_MARK &&
			   items->list.items[at - 1].mark != ')');
	case '.':
		return (!item_is_mark_at(items, at + 1, ".") &&
			   !(at > 0 && item_is_mark_at(items, at - 1, "."))) ||
		       is_leader(items, at);
	case '#':
		return at < last &&
		       (items->list.items[at + 1].kind == ITEM_NUMBER || is_hashtag(items, at));
	case '!':
		return is_greeting(items, at);
	case '/': /* at the end it means: and somebody else, as "J Jones / -" does */
	case '&':
	case '+':
	case '@':
	case '=':
	case '_':
		return at > 0 && at < last &&
		       !(at + 1 == last && item_is_mark_at(items, last, "-.,:;_=")) &&
		       !(at == 1 && item_is_mark_at(items, 0, "-.,:;_="));
	default:
		return false;
	}
}

static void
account_single(struct items *items)
{
	struct item *list = items->list.items;
	size_t count = items->list.count;

	for (size_t i = 0; i < count; i++) {
		if (list[i].kind == ITEM_MARK && !mark_is_harmless(items, i))
			list[i].left = true;
	}
}

/* ---- Brackets. */

static size_t
closing(const struct items *items, size_t open)
{
	char other = items->list.items[open].mark == '(' ? ')' : ']';
	size_t depth = 0;

	for (size_t i = open; i < items->list.count; i++) {
		const struct item *item = &items->list.items[i];

		if (item->kind != ITEM_MARK)
			continue;
		/* Only brackets of the same kind nest; "(a]" never closes. */
		depth += item->mark == items->list.items[open].mark;
		depth -= item->mark == other;
		if (depth == 0)
			return i;
	}
	return items->list.count;
}

/* Whether there is anything but times, dates and numbers between ${from} and ${to}. A telephone
 * number in brackets needs words that say whose it is. */
static bool
has_words(const struct items *items, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		enum item_kind kind = items->list.items[i].kind;

		if (item_is_name(&items->list.items[i]) || kind == ITEM_WORD || kind == ITEM_TEAM ||
		    kind == ITEM_ADDRESS || kind == ITEM_UNKNOWN)
			return true;
	}
	return false;
}

/* "()", "[ ]", "(-)": not filled in. */
static bool
is_empty(const struct items *items, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		if (items->list.items[i].kind != ITEM_MARK)
			return false;
	}
	return true;
}

static void
account_brackets(struct items *items)
{
	struct item *list = items->list.items;
	size_t count = items->list.count;

	for (size_t i = 0; i < count; i++) {
		size_t close;

		/* "1)" belongs to a list. */
		if (item_is_mark_at(items, i, ")") && i > 0 && list[i - 1].kind == ITEM_NUMBER)
			continue;
		if (item_is_mark_at(items, i, ")]"))
			list[i].left = true;
		if (!item_is_mark_at(items, i, "(["))
			continue;
		close = closing(items, i);
		list[i].left = close == count || is_empty(items, i + 1, close) ||
			       (items_have_name(items, i, close) && !has_words(items, 0, i) &&
				   !has_words(items, close, count));
		if (close < count)
			i = close;
	}
}

/* Whether the quotes at ${open} and ${close} hug what is between them, which begins and ends with a
 * word: not ", and " of two others. */
static bool
hugs(const struct items *items, size_t open, size_t close)
{
	const struct item *list = items->list.items;
	const struct token *first, *last;

	if (close == open + 1 || list[open + 1].kind == ITEM_MARK ||
	    list[close - 1].kind == ITEM_MARK)
		return false;
	first = item_token_at(items, open);
	last = item_token_at(items, close - 1) + list[close - 1].ntokens - 1;
	return first->at + first->len == first[1].at &&
	       last->at + last->len == item_token_at(items, close)->at;
}

/* "P Smith *confirmed*" and "AMHP "Jan Jones"" are read like brackets: round the only name they make
 * doubt. */
static void
account_quotes(struct items *items)
{
	struct item *list = items->list.items;
	size_t count = items->list.count;

	for (size_t i = 0; i < count; i++) {
		size_t close = i + 1;

		if (!item_is_mark_at(items, i, "\"*'"))
			continue;
		while (close < count &&
		       !(list[close].kind == ITEM_MARK && list[close].mark == list[i].mark))
			close++;
		if (close == count || !hugs(items, i, close))
			continue;
		list[i].left = items_have_name(items, i, close) && !has_words(items, 0, i) &&
			       !has_words(items, close, count);
		list[close].left = list[i].left;
		i = close;
	}
}

/* ---- Frames. */

/* The number of marks that are alike at the beginning, and as many at the end: "** AMHP J Jones **". */
static size_t
frame_len(const struct items *items)
{
	const struct item *list = items->list.items;
	size_t count = items->list.count, len = 0;

	while (2 * len + 1 < count && item_is_mark_at(items, len, "*=-_|\"") &&
	       list[len].mark == list[0].mark && list[count - 1 - len].kind == ITEM_MARK &&
	       list[count - 1 - len].mark == list[0].mark)
		len++;
	/* One star may be the mark of a note, and stand twice. */
	if (len == 1 && item_is_mark_at(items, 0, "*\"") && !hugs(items, 0, count - 1))
		return 0;
	return len;
}

/* Round a name and other words a frame says nothing; round the only name it may say that something is
 * wrong with it. */
static void
account_frame(struct items *items)
{
	struct item *list = items->list.items;
	size_t count = items->list.count, len = frame_len(items);
	bool words = false;

	for (size_t i = len; i < count - len; i++) {
		words = words || list[i].kind == ITEM_WORD || list[i].kind == ITEM_TEAM;
		/* The same mark inside belongs to one of its ends: "*J Jones* AMHP *on call*". */
		if (item_is_mark_at(items, i, "*\"") && list[i].mark == list[0].mark)
			return;
	}
	for (size_t i = 0; i < len; i++) {
		list[i].left = !words;
		list[count - 1 - i].left = !words;
	}
}

/* ---- Crossed-out text. */

/* A crossed-out name is off duty. Whether other crossed-out words still hold is not known. */
static void
cross_out(struct items *items, size_t from, size_t to)
{
	struct item *list = items->list.items;
	bool name = items_have_name(items, from, to);

	for (size_t i = from; i < to; i++) {
		if (list[i].kind == ITEM_PERSON)
			list[i].off = true;
		else if (!name || !(item_is_word_at(items, i, WORD_PLAIN) ||
				      item_is_mark_at(items, i, ".,-:")))
			list[i].left = true;
	}
}

static void
account_strikes(struct items *items)
{
	struct item *list = items->list.items;
	size_t open = items->list.count;

	for (size_t i = 0; i < items->list.count; i++) {
		if (!item_is_mark_at(items, i, "~"))
			continue;
		if (open == items->list.count) {
			open = i;
			continue;
		}
		cross_out(items, open + 1, i);
		list[i].left = i == open + 1; /* empty: nothing is crossed out */
		open = items->list.count;
	}
	if (open < items->list.count)
		list[open].left = true;
}

/* ---- All marks. */

void
account_marks(struct items *items)
{
	account_single(items);
	account_brackets(items);
	account_quotes(items);
	account_frame(items);
	account_strikes(items);
}
