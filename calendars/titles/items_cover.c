/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/titles/items_clause.h"

#define UNKNOWN_NAME_MAX 3

bool
clause_take_off_next(struct clause *c, size_t at, bool over_plain)
{
	size_t unknown = 0;

	while (at < c->count && over_plain && clause_passes(&c->list[at]))
		at++;
	if (at == c->count)
		return false;
	if (item_is_name(&c->list[at])) {
		c->list[at].off = true;
		return true;
	}
	/* A name of nobody in the directory, or initials, is taken off as well. A word without a
	 * capital is no name, so that "not yet" takes nobody off duty but casts doubt. */
	if (c->list[at].kind != ITEM_UNKNOWN || !c->list[at].capital)
		return false;
	while (at < c->count && unknown++ < UNKNOWN_NAME_MAX && c->list[at].kind == ITEM_UNKNOWN)
		c->list[at++].off = true;
	return true;
}

/* "J Jones covering ward 4", "covering consultant rota": she works elsewhere, or that is what this
 * rota is for. */
static bool
covers_elsewhere(const struct clause *c, const struct items *items, size_t at)
{
	static const char *const places[] = {
	    "ward", "wards", "unit", "rota", "roster", "list", NULL};

	while (++at < c->count && clause_passes(&c->list[at])) {
		if (clause_is_any(items, &c->list[at], places))
			return true;
	}
	return false;
}

/* "covering A/L", "covering sickness of"; not "covering this one", "doing it". */
static bool
is_of_absence(const struct items *items, const struct item *item)
{
	const struct token *first = &items->tokens->items.items[item->token];

	return item->ntokens > 1 && strcmp(first->text, "covering") == 0 &&
	       strcmp(first[1].text, "this") != 0 && strcmp(first[1].text, "the") != 0 &&
	       strcmp(first[1].text, "it") != 0;
}

/* Whether somebody is named before "cover", and somebody and her absence directly after it. */
static bool
is_cover_of_leave(const struct clause *c, size_t at)
{
	size_t name = at + 1;

	if (at == 0 || !item_is_name(&c->list[at - 1]) || c->list[at - 1].off)
		return false;
	while (name < c->count && clause_passes(&c->list[name]))
		name++;
	return name + 1 < c->count && item_is_name(&c->list[name]) &&
	       (item_is_word(&c->list[name + 1], WORD_ABSENCE) ||
		   item_is_word(&c->list[name + 1], WORD_SICK));
}

/* "taking S Ahmed's shift", "doing the day shift"; "picked up shift" may mean that hers was, "taking the
 * day" that she is off, and "doing day 2" a course. */
bool
clause_takes_shift(const struct clause *c, const struct items *items, size_t at)
{
	static const char *const takes[] = {"taking", "takes", NULL};
	static const char *const does[] = {"doing", "does", NULL};
	const struct item *item = &c->list[at];
	size_t next = at + 1;

	if (next < c->count && item_is_name(&c->list[next]))
		return c->list[next].owner;
	if (next < c->count && clause_is_text(items, &c->list[next], "the"))
		next++;
	if (next == c->count || !item_is_duty(items, &c->list[next]) ||
	    (next + 1 < c->count && c->list[next + 1].kind == ITEM_NUMBER))
		return false;
	return clause_is_any(items, item, does) ||
	       (clause_is_any(items, item, takes) &&
		   !(c->list[next].word == WORD_SHIFT && c->list[next].ntokens == 1));
}

/* "J Jones - EDT covering", "J Jones (duty team cover)": the team stands in for her, or she for the team. */
static bool
is_cover_by_team(const struct clause *c, const struct items *items, size_t at)
{
	static const char *const teams[] = {"edt", "team", "hub", "desk", "service", "services",
	    "council", "trust", "crisis", "htt", "crht", "daytime", "agency", "bank", NULL};
	const struct item *before;
	const char *last;

	if (at == 0 || c->list[at - 1].ntokens == 0 || item_is_name(&c->list[at - 1]) ||
	    c->list[at - 1].kind == ITEM_MARK || !clause_name_before(c, at))
		return false;
	before = &c->list[at - 1];
	last = items->tokens->items.items[before->token + before->ntokens - 1].text;
	for (size_t i = 0; teams[i] != NULL; i++) {
		if (strcmp(last, teams[i]) == 0)
			return true;
	}
	return false;
}

void
clause_settle_covering(struct clause *c, const struct items *items, size_t at)
{
	clause_take_off_next(c, at + 1, false);
	/* "J Jones covering A/L": whose leave? */
	c->list[at].doubt = covers_elsewhere(c, items, at) || is_cover_by_team(c, items, at) ||
			    (is_of_absence(items, &c->list[at]) && !clause_name_after(c, at));
}

void
clause_settle_cover(struct clause *c, const struct items *items, size_t at)
{
	/* The word says what is to be done, not by whom; "S Ahmed cover (J Jones A/L)" says for
	 * whom. */
	if (is_cover_of_leave(c, at)) {
		clause_take_off_next(c, at + 1, true);
		return;
	}
	/* "Cover Dr Smith", "Dr Smith cover": by her, or for her? */
	c->list[at].doubt =
	    (at == 0 && c->count > 1 && item_is_name(&c->list[1])) ||
	    (at > 0 && item_is_name(&c->list[at - 1])) || is_cover_by_team(c, items, at) ||
	    /* "J Jones's on call covered", "J Jones shift covered": by whom? */
	    (clause_is_text(items, &c->list[at], "covered") && clause_name_before(c, at));
}

/* ---- Training and the like. */

/* Whether the item at ${at} is after an opening bracket, and the index of the closing one. */
static bool
find_bracket(const struct clause *c, size_t at, size_t *open, size_t *close)
{
	*open = at;
	*close = at;
	while (*open > 0 && c->list[*open].kind != ITEM_MARK)
		(*open)--;
	while (*close + 1 < c->count && c->list[*close].kind != ITEM_MARK)
		(*close)++;
	return item_is_mark(&c->list[*open], '(') && item_is_mark(&c->list[*close], ')');
}

/* The name of "S Ahmed training", "S Ahmed on training" at ${at}; the number of items if there is none. */
static size_t
name_of(const struct clause *c, const struct items *items, size_t at)
{
	static const char *const places[] = {"on", "in", "at", NULL};

	if (at > 1 && clause_is_any(items, &c->list[at - 1], places))
		at--;
	return at > 0 && item_is_name(&c->list[at - 1]) ? at - 1 : c->count;
}

/* "S Ahmed at training - J Jones on duty", "S Ahmed training, J Jones covering". Not "S Ahmed interview - J
 * Jones", who may be with her. */
static bool
is_elsewhere(const struct clause *c, const struct items *items, size_t at)
{
	const struct token *token;

	if (name_of(c, items, at) != 0 || at + 3 >= c->count || c->list[at + 1].kind != ITEM_MARK ||
	    !item_is_name(&c->list[at + 2]) || clause_name_after(c, at + 2))
		return false;
	token = &items->tokens->items.items[c->list[at + 3].token];
	return item_is_word(&c->list[at + 3], WORD_COVERING) || strcmp(token->text, "on") == 0;
}

void
clause_settle_elsewhere(struct clause *c, const struct items *items, size_t at)
{
	size_t open, close, name;

	if (is_elsewhere(c, items, at))
		c->list[at].word = WORD_ABSENCE;
	if (!find_bracket(c, at, &open, &close) || close != at + 1)
		return;
	/* "J Jones (S Ahmed on training)", "J Jones covering S Ahmed (training)": where somebody is
	 * who is not on. */
	name = open + 1;
	if (name_of(c, items, at) == name && clause_name_before(c, open))
		c->list[at].word = WORD_ABSENCE;
	if (at == name && open > 1 && item_is_name(&c->list[open - 1]) && c->list[open - 1].off)
		c->list[at].word = WORD_ABSENCE;
}
