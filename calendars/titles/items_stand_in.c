/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/titles/items_clause.h"

/* The last token of what is owned: "Jones's shift", "Jones's on call". A ward or a clinic may be hers on
 * any day. */
bool
item_is_duty(const struct items *items, const struct item *item)
{
	static const char *const nouns[] = {
	    "shift", "duty", "call", "oncall", "slot", "amhp", "on"};
	const char *last = items->tokens->items.items[item->token + item->ntokens - 1].text;

	if (item->kind != ITEM_WORD)
		return false;
	if (item->word == WORD_SHIFT)
		return true;
	for (size_t i = 0; item->word == WORD_PLAIN && i < sizeof nouns / sizeof *nouns; i++) {
		if (strcmp(last, nouns[i]) == 0)
			return true;
	}
	return false;
}

static bool
is_away(const struct item *item)
{
	return item_is_word(item, WORD_ABSENCE) || item_is_word(item, WORD_SICK);
}

bool
item_owns_duty(const struct items *items, size_t at)
{
	const struct item *next = &items->list.items[at + 1];

	/* "S Ahmed's shift covered by J Jones" is one phrase from the shift on. */
	return at + 1 < items->list.count &&
	       (item_is_duty(items, next) || is_away(next) ||
		   (next->kind == ITEM_WORD && next->word == WORD_BY));
}

static size_t
names_on(const struct clause *c)
{
	size_t names = 0;

	for (size_t i = 0; i < c->count; i++)
		names += item_is_name(&c->list[i]) && !c->list[i].off;
	return names;
}

/* Whether the words at ${at} are all that is in their brackets: "(S Ahmed's shift)". */
static bool
is_bracketed(const struct clause *c, const struct items *items, size_t at)
{
	size_t close = at + 1;

	while (close < c->count && item_is_duty(items, &c->list[close]))
		close++;
	return at > 1 && close < c->count &&
	       ((item_is_mark(&c->list[at - 1], '(') && item_is_mark(&c->list[close], ')')) ||
		   (item_is_mark(&c->list[at - 1], '[') && item_is_mark(&c->list[close], ']')));
}

/* "J Jones doing S Ahmed's shift", "J Jones on S Ahmed's shift", "J Jones (S Ahmed's shift)". */
static bool
is_taken_over(const struct clause *c, const struct items *items, size_t at)
{
	const struct item *before = at > 0 ? &c->list[at - 1] : NULL;

	return before != NULL &&
	       (item_is_word(before, WORD_TAKING) || clause_is_text(items, before, "on") ||
		   clause_is_text(items, before, "working") ||
		   clause_is_text(items, before, "has") || is_bracketed(c, items, at));
}

/* "J Jones's on call", where nobody else is named: she is. */
static bool
is_on(const struct clause *c, const struct items *items, size_t at)
{
	const struct token *next = &items->tokens->items.items[c->list[at + 1].token];

	return names_on(c) == 1 &&
	       (strcmp(next->text, "on") == 0 || strcmp(next->text, "oncall") == 0);
}

void
clause_settle_owners(struct clause *c, const struct items *items)
{
	for (size_t i = 0; i < c->count; i++) {
		struct item *item = &c->list[i];

		if (!item_is_name(item) || !item->owner || item->off ||
		    (i + 1 < c->count && (is_away(&c->list[i + 1]) || is_on(c, items, i))))
			continue;
		/* "S Ahmed's shift - J Jones": she may have taken it, or have a shift of her own.
		 * "S Ahmed's shift" is written by who looks for somebody to take it, too. */
		if (names_on(c) > 1 && is_taken_over(c, items, i))
			item->off = true;
		else
			item->left = true;
	}
}

/* ---- Reasons. */

static bool
has_absence(const struct clause *c)
{
	for (size_t i = 0; i < c->count; i++) {
		if (is_away(&c->list[i]))
			return true;
	}
	return false;
}

/* The item after ${at}, but after "is" or "who is". */
static size_t
after_is(const struct items *items, const struct item *list, size_t count, size_t at)
{
	static const char *const words[] = {"is", "are", "who", "whos"};

	for (size_t i = 0; at + 1 < count && i < sizeof words / sizeof *words; i++) {
		if (list[at + 1].role == WORD_JOIN &&
		    strcmp(items->tokens->items.items[list[at + 1].token].text, words[i]) == 0)
			return at + 2;
	}
	return at + 1;
}

bool
clause_is_away(const struct clause *c, const struct items *items, size_t name)
{
	size_t next = after_is(items, c->list, c->count, name);

	return next < c->count && is_away(&c->list[next]);
}

bool
item_gives_reason(const struct items *items, size_t at)
{
	const struct clause all = {items->list.items, items->list.count};

	return at + 1 < all.count && item_is_name(&all.list[at + 1]) &&
	       clause_is_away(&all, items, at + 1);
}

bool
clause_joins_statements(const struct items *items, const struct item *item)
{
	return item_is_word(item, WORD_BECAUSE) || clause_is_text(items, item, "as");
}

/* Whether the statements before and after ${at} are whole: "S Ahmed is sick so J Jones covers", "J Jones
 * covers as S Ahmed is sick". */
static bool
has_both_statements(const struct clause *c, const struct items *items, size_t at)
{
	if (!clause_name_before(c, at))
		return false;
	if (clause_is_text(items, &c->list[at], "so"))
		return clause_name_after(c, at) && has_absence(&(struct clause){c->list, at});
	return at + 1 < c->count && item_is_name(&c->list[at + 1]) &&
	       clause_is_away(c, items, at + 1);
}

void
clause_settle_reasons(struct clause *c, const struct items *items)
{
	for (size_t i = 0; i < c->count; i++) {
		if (item_is_word(&c->list[i], WORD_BECAUSE))
			c->list[i].doubt = !has_both_statements(c, items, i);
	}
}

/* ---- Who is on, said without a name. */

/* Whether ${at} is at the end of a statement: a mark or nothing follows. */
static bool
ends(const struct clause *c, size_t at)
{
	return at + 1 == c->count || c->list[at + 1].kind == ITEM_MARK;
}

/* "J Jones & S Ahmed covering": both of them. */
static bool
is_joint(const struct clause *c, const struct items *items, size_t at)
{
	return at > 1 && item_is_name(&c->list[at - 1]) &&
	       (item_is_mark(&c->list[at - 2], '&') || item_is_mark(&c->list[at - 2], '+') ||
		   clause_is_text(items, &c->list[at - 2], "and"));
}

void
clause_settle_stand_ins(struct clause *c, const struct items *items)
{
	/* "J Jones A/L - S Ahmed covering" says whom she covers for. */
	if (names_on(c) < 2 || has_absence(c))
		return;
	for (size_t i = 0; i < c->count; i++) {
		if (((item_is_word(&c->list[i], WORD_COVERING) && ends(c, i)) ||
			item_is_word(&c->list[i], WORD_TAKING)) &&
		    !is_joint(c, items, i))
			c->list[i].doubt = true;
	}
}

/* ---- Swaps. */

/* "(swap)", "- swap agreed", "Swap:": the word is all that is between two marks. */
static bool
is_apart(const struct clause *c, size_t at)
{
	size_t end = at + 1;

	if (end < c->count && item_is_word(&c->list[end], WORD_PLAIN) &&
	    c->list[end].role == WORD_NONE)
		end++;
	return (at == 0 || c->list[at - 1].kind == ITEM_MARK) &&
	       (end == c->count ? at > 0
				: c->list[end].kind == ITEM_MARK && c->list[end].mark != '?');
}

/* "swap with", "swapping w/": a name follows. */
static bool
ends_with_name(const struct items *items, const struct item *item)
{
	const char *last = items->tokens->items.items[item->token + item->ntokens - 1].text;

	return *last == 'w' || strcmp(last, "for") == 0;
}

/* Whether another word says who is on instead of whom. Not "for": "swap J Jones for S Ahmed" may be
 * meant either way. */
static bool
is_clear(const struct clause *c, const struct items *items)
{
	for (size_t i = 0; i + 1 < c->count; i++) {
		const struct item *word = &c->list[i], *name = &c->list[i + 1];

		if (item_is_word(word, WORD_BY) && clause_name_after(c, i))
			return true;
		if (item_is_name(name) && name->off && clause_stands_in(items, word))
			return true;
		/* "Swapped - J Jones on, S Ahmed off" */
		if (item_is_name(word) && is_away(name))
			return true;
		/* "Swap: J Jones in, S Ahmed out" */
		if (item_is_name(word) && word->off && clause_is_text(items, name, "out"))
			return true;
	}
	return false;
}

bool
clause_is_settled_swap(const struct clause *c, const struct items *items, size_t at)
{
	return !ends_with_name(items, &c->list[at]) && is_apart(c, at) && is_clear(c, items) &&
	       names_on(c) > 0;
}

bool
clause_is_bracketed_name(const struct clause *c, size_t at)
{
	size_t name = at + 1;

	if (name < c->count && item_is_mark(&c->list[name], ':'))
		name++;
	return at > 1 && name + 1 < c->count && item_is_name(&c->list[name]) &&
	       ((item_is_mark(&c->list[at - 1], '(') && item_is_mark(&c->list[name + 1], ')')) ||
		   (item_is_mark(&c->list[at - 1], '[') && item_is_mark(&c->list[name + 1], ']')));
}

bool
clause_stands_in(const struct items *items, const struct item *word)
{
	static const char *const first[] = {"covering", "cover", "covers", "instead", "replacing",
	    "replaces", "in", "relieving", "relieves", "sub", "subbing", "stand", "standing",
	    "stands", "stepped", "stepping", "steps", "deputising", "filling"};
	const char *text = items->tokens->items.items[word->token].text;

	if (item_is_word(word, WORD_COVERING))
		return true;
	for (size_t i = 0; item_is_word(word, WORD_NOT) && i < sizeof first / sizeof *first; i++) {
		if (strcmp(text, first[i]) == 0)
			return true;
	}
	return false;
}

/* ---- In and out. */

/* The index of the only word ${text}; the number of items if there is none, or more than one. */
static size_t
only_word(const struct items *items, const char *text)
{
	size_t found = items->list.count;

	for (size_t i = 0; i < items->list.count; i++) {
		if (items->list.items[i].kind != ITEM_WORD ||
		    !clause_is_text(items, &items->list.items[i], text))
			continue;
		if (found < items->list.count)
			return items->list.count;
		found = i;
	}
	return found;
}

/* The name that the word at ${at} is about: the one directly before it, else the one after it. */
static size_t
name_beside(const struct items *items, size_t at)
{
	bool label = item_is_mark_at(items, at + 1, ":");
	size_t next = at + 1 + label;

	if (at > 0 && !label && item_is_name(&items->list.items[at - 1]))
		return at - 1;
	return next < items->list.count && item_is_name(&items->list.items[next])
		   ? next
		   : items->list.count;
}

/* Whether a name other than the one at ${name} has an absence directly after it. */
static bool
is_other_away(const struct items *items, size_t name)
{
	const struct clause all = {items->list.items, items->list.count};

	for (size_t i = 0; i < all.count; i++) {
		if (i != name && item_is_name(&all.list[i]) && clause_is_away(&all, items, i))
			return true;
	}
	return false;
}

void
items_settle_in_out(struct items *items)
{
	struct item *list = items->list.items;
	size_t in = only_word(items, "in"), out = only_word(items, "out"), names = 0;
	size_t count = items->list.count, comes, goes;
	const struct clause all = {list, count};

	for (size_t i = 0; i < count; i++)
		names += item_is_name(&list[i]);
	if (in == count || names != 2)
		return;
	comes = name_beside(items, in);
	/* "S Ahmed sick, J Jones in" */
	if (out == count && comes + 1 == in && ends(&all, in))
		list[in].left = !is_other_away(items, comes);
	if (out == count)
		return;
	goes = name_beside(items, out);
	if (comes == count || goes == count || comes == goes)
		return;
	list[in].left = false;
	list[out].word = WORD_PLAIN;
	list[goes].off = true;
}
