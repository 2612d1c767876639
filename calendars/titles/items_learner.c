/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/titles/items_clause.h"

static size_t
find_word(const struct clause *c, size_t from, enum word word)
{
	size_t i = from;

	while (i < c->count && !item_is_word(&c->list[i], word))
		i++;
	return i;
}

/* "shadow", "shadowing", "shadows": verbs with a subject and an object. */
static bool
is_verb(const struct items *items, const struct item *item)
{
	const char *text = items->tokens->items.items[item->token].text;

	return strncmp(text, "shadow", 6) == 0 && item->ntokens == 1;
}

static size_t
count_off(const struct clause *c)
{
	size_t count = 0;

	for (size_t i = 0; i < c->count; i++)
		count += item_is_name(&c->list[i]) && c->list[i].off;
	return count;
}

/* ---- In brackets. */

static bool
is_any_mark(const struct item *item, const char *set)
{
	return item->kind == ITEM_MARK && strchr(set, item->mark) != NULL;
}

/* The index of the only name in the brackets around ${at}; c->count if there are no brackets, or
 * not exactly one name in them. */
static size_t
name_in_brackets(const struct clause *c, size_t at)
{
	size_t from = at, to = at, name = c->count, names = 0;

	while (from > 0 && !is_any_mark(&c->list[from - 1], "([)]"))
		from--;
	while (to < c->count && !is_any_mark(&c->list[to], "([)]"))
		to++;
	if (from == 0 || to == c->count || !is_any_mark(&c->list[from - 1], "([") ||
	    !is_any_mark(&c->list[to], ")]"))
		return c->count;
	for (size_t i = from; i < to; i++) {
		if (item_is_name(&c->list[i])) {
			name = i;
			names++;
		}
	}
	return names == 1 ? name : c->count;
}

/* "J Jones (S Ahmed shadowing)", "J Jones (student: S Ahmed)": the words are about the person in
 * the brackets. Not "J Jones (shadowing S Ahmed)". */
static bool
settle_in_brackets(struct clause *c, const struct items *items, size_t at)
{
	size_t name = name_in_brackets(c, at);
	bool verb = is_verb(items, &c->list[at]);

	if (name == c->count || (verb && name > at && !item_is_mark(&c->list[at + 1], ':')))
		return false;
	c->list[name].off = true;
	return true;
}

/* ---- A further person. */

/* "J Jones + student": another person is with her, and she is no student. */
static bool
is_with_learner(struct clause *c, const struct items *items, size_t at)
{
	static const char *const nouns[] = {
	    "student", "students", "trainee", "trainees", "observer", "apprentice", "learner"};
	const struct item *item = &c->list[at];
	bool noun = false;
	size_t joint;

	for (size_t i = 0; i < item->ntokens; i++) {
		for (size_t j = 0; j < sizeof nouns / sizeof *nouns; j++)
			noun = noun || strcmp(items->tokens->items.items[item->token + i].text,
					   nouns[j]) == 0;
	}
	if (!noun || clause_name_after(c, at) || !clause_is_besides(c, items, at, &joint))
		return false;
	c->list[joint].off = true;
	return true;
}

/* ---- The whole clause. */

/* Takes off duty the person whom a word like "student" is about: the next name, else the nearest
 * before. */
static void
take_off_nearest(struct clause *c, size_t at)
{
	size_t next = at + 1;

	while (next < c->count &&
	       (clause_passes(&c->list[next]) || item_is_mark(&c->list[next], ':') ||
		   (item_is_mark(&c->list[next], '-') && !clause_name_before(c, at))))
		next++;
	if (next < c->count && item_is_name(&c->list[next])) {
		c->list[next].off = true;
		return;
	}
	for (size_t i = at; i-- > 0;) {
		if (item_is_name(&c->list[i])) {
			c->list[i].off = true;
			return;
		}
	}
}

/* In "S Ahmed shadowing J Jones" S Ahmed is off duty, in "J Jones, shadowing: S Ahmed" too. In "J
 * Jones shadow S Ahmed" it is not known who. */
static void
settle_verb(struct clause *c, const struct items *items, size_t at)
{
	bool both = clause_name_before(c, at) && clause_name_after(c, at);

	if (both && item_is_mark(&c->list[at + 1], ':'))
		clause_take_off(c, at, c->count);
	else if (both && !clause_is_text(items, &c->list[at], "shadow"))
		clause_take_off(c, 0, at);
	else
		clause_take_off(c, 0, c->count);
}

static void
settle_shadow(struct clause *c, const struct items *items, size_t at)
{
	const char *text = items->tokens->items.items[c->list[at].token].text;
	size_t with = find_word(c, at, WORD_WITH);

	if (settle_in_brackets(c, items, at))
		return;
	if (with < c->count && clause_name_after(c, with)) {
		clause_take_off(c, 0, with);
		c->list[with].off = true;
	} else if (is_verb(items, &c->list[at]))
		settle_verb(c, items, at);
	else if (strncmp(text, "shadow", 6) == 0)
		clause_take_off(c, at, c->count); /* "shadowed by" */
	else
		take_off_nearest(c, at);
}

/* If it is not clear whom the word is about, it may be anybody: all are undecided. */
void
clause_settle_learner(struct clause *c, const struct items *items, size_t at)
{
	size_t off = count_off(c);

	if (is_with_learner(c, items, at))
		return;
	settle_shadow(c, items, at);
	c->list[at].doubt =
	    count_off(c) == off && (clause_name_before(c, at) || clause_name_after(c, at));
}
