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
	if (parts->warning != FAULT_NONE)
		return;
	parts->warning = warning;
	parts->warning_word = word;
}

void
part_add_persons(const struct titles *titles, struct title_parts *parts, const struct item *list,
    size_t count, enum reading_class class)
{
	for (size_t i = 0; i < count; i++) {
		struct title_part *part;
		bool again = false;

		if (list[i].kind != ITEM_PERSON || list[i].off)
			continue;
		for (size_t j = 0; j < i; j++)
			again = again || (list[j].kind == ITEM_PERSON && !list[j].off &&
					     list[j].person == list[i].person);
		if (again)
			continue;
		part = part_add(titles, parts, class);
		part->person = list[i].person->id;
		part->shown = list[i].shown;
	}
}

/* Finds the first run of words with capitals, which a reader would take for the name. */
static const char *
guess_shown(
    const struct titles *titles, const struct items *items, const struct item *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t end = i;
		const struct token *first;
		const struct token *last;

		while (end < count && list[end].kind == ITEM_UNKNOWN && list[end].capital &&
		       !list[end].off)
			end++;
		if (end == i)
			continue;
		first = &items->tokens->items.items[list[i].token];
		last = &items->tokens->items.items[list[end - 1].token];
		return arena_strndup(titles->arena, items->tokens->plain + first->at,
		    last->at + last->len - first->at);
	}
	return NULL;
}

void
part_add_undecided(const struct titles *titles, const struct items *items, const struct item *list,
    size_t count, const struct tally *t, struct title_parts *parts)
{
	struct title_part *part = part_add(titles, parts, READING_UNDECIDED);

	part->shown = t->shown != NULL ? t->shown : guess_shown(titles, items, list, count);
	if (t->several > 0)
		part_warn(parts, FAULT_NAME_AMBIGUOUS, t->shown);
}
