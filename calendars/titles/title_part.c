/* SPDX-License-Identifier: MIT */
#include "calendars/titles/title_part.h"

struct title_part *
part_add(const struct titles *titles, struct title_parts *parts, enum reading_class class)
{
	struct title_part *part = VEC_PUSH(titles->arena, &parts->list);

	part->class = class;
	return part;
}

void
part_warn(struct title_parts *parts, enum fault warning, const char *word)
{
	/* A title has room for one; the first is of the words that come first. */
	if (parts->warning != FAULT_NONE)
		return;
	parts->warning = warning;
	parts->warning_word = word;
}

/* Whether the person at ${at} was named on duty before: "Jan Jones (JJ)". */
static bool
is_repeated(const struct title_clause *c, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (c->list[i].kind == ITEM_PERSON && !c->list[i].off &&
		    c->list[i].person == c->list[at].person)
			return true;
	}
	return false;
}

void
part_add_persons(const struct title_clause *c, enum reading_class class)
{
	for (size_t i = 0; i < c->count; i++) {
		struct title_part *part;

		if (c->list[i].kind != ITEM_PERSON || c->list[i].off || is_repeated(c, i))
			continue;
		part = part_add(c->titles, c->parts, class);
		part->person = c->list[i].person->id;
		part->shown = c->list[i].shown;
	}
}

/* Finds the first run of words with capitals, which a reader would take for the name. */
static const char *
guess_shown(const struct title_clause *c)
{
	for (size_t i = 0; i < c->count; i++) {
		size_t end = i;
		const struct token *first;
		const struct token *last;

		while (end < c->count && c->list[end].kind == ITEM_UNKNOWN &&
		       c->list[end].capital && !c->list[end].off)
			end++;
		if (end == i)
			continue;
		first = &c->items->tokens->items.items[c->list[i].token];
		last = &c->items->tokens->items.items[c->list[end - 1].token];
		return arena_strndup(c->titles->arena, c->items->tokens->plain + first->at,
		    last->at + last->len - first->at);
	}
	return NULL;
}

void
part_add_undecided(const struct title_clause *c, const struct tally *t)
{
	struct title_part *part = part_add(c->titles, c->parts, READING_UNDECIDED);

	part->shown = t->shown != NULL ? t->shown : guess_shown(c);
	/* The owner can end this by an alias of the rota. */
	if (t->several > 0)
		part_warn(c->parts, FAULT_NAME_AMBIGUOUS, t->shown);
}
