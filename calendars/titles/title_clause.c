/* SPDX-License-Identifier: MIT */
#include "calendars/titles/title_clause.h"

#include <string.h>

#include "calendars/titles/title_absence.h"
#include "calendars/titles/title_part.h"

static void
read_names(const struct title_clause *c, const struct tally *t)
{
	bool clear = tally_is_clear(t);

	part_add_persons(c, clear ? READING_NAMED : READING_TENTATIVE);
	if (t->several + t->strangers > 0)
		part_add_undecided(c, t);
	else if (t->extra > 0)
		part_add(c->titles, c->parts, READING_UNDECIDED);
	/* Two people on one shift may be right, and may be a swap that was half entered. */
	if (clear && c->parts->list.count > 1)
		part_warn(c->parts, FAULT_SEVERAL_PEOPLE, NULL);
	if (clear && t->asked_noise)
		part_warn(c->parts, FAULT_REVIEW, c->items->tokens->plain);
}

/* In a calendar of absences a name alone is an absence. */
static void
read_absences(const struct title_clause *c, const struct tally *t)
{
	if (t->persons > 0 && t->doubts == 0)
		part_add_persons(c, READING_ABSENCE);
	else if (t->persons > 0)
		part_add_persons(c, READING_TENTATIVE);
	else if (t->noise + t->holiday > 0 && t->several + t->strangers == 0 &&
		 t->absence + t->sick == 0)
		part_add(c->titles, c->parts, READING_NOISE);
	if (t->persons == 0 || t->several + t->strangers > 0) {
		if (c->parts->list.count == 0)
			part_add_undecided(c, t);
		if (t->shown != NULL && t->persons == 0)
			part_warn(c->parts, FAULT_ABSENCE_UNKNOWN, t->shown);
	}
}

static bool
is_cancelled(const struct tally *t)
{
	if (t->prefix_cancelled)
		return true;
	return t->cancelled > 0 && (t->first == WORD_CANCELLED || t->last == WORD_CANCELLED) &&
	       t->absence + t->sick == 0 && t->persons + t->several + t->strangers + t->off <= 1 &&
	       t->nobody + t->left == 0;
}

/* "Nil" and "gap" also occur in other sentences: they mean nobody only if they are alone. */
static bool
says_nobody(const struct tally *t)
{
	return t->nobody > 0 || (t->faint > 0 && t->left + t->doubts == 0);
}

/* Whether ${person} is named outside brackets as well: "Jan Jones (JJ)". */
static bool
is_outside(const struct item *list, size_t count, const struct reading_person *person)
{
	bool inside = false;

	for (size_t i = 0; i < count; i++) {
		if (list[i].kind == ITEM_MARK && strchr("([", list[i].mark) != NULL)
			inside = true;
		else if (list[i].kind == ITEM_MARK && strchr(")]", list[i].mark) != NULL)
			inside = false;
		else if (!inside && list[i].kind == ITEM_PERSON && !list[i].off &&
			 list[i].person == person)
			return true;
	}
	return false;
}

/* "J Jones (S Ahmed)": S Ahmed may be replaced by her, or be her manager. Whether names in brackets
 * beside other names are on duty is not known. */
static bool
names_apart(const struct item *list, size_t count)
{
	bool inside = false, in = false, out = false;

	for (size_t i = 0; i < count; i++) {
		if (list[i].kind == ITEM_MARK && strchr("([", list[i].mark) != NULL)
			inside = true;
		else if (list[i].kind == ITEM_MARK && strchr(")]", list[i].mark) != NULL)
			inside = false;
		else if (item_is_name(&list[i]) && !list[i].off) {
			in = in || (inside && !(list[i].kind == ITEM_PERSON &&
						  is_outside(list, count, list[i].person)));
			out = out || !inside;
		}
	}
	return in && out;
}

void
title_clause(const struct titles *titles, const struct items *items, struct item *list,
    size_t count, struct title_parts *parts)
{
	const struct title_clause c = {titles, items, list, count, parts};
	struct tally t;
	size_t names;

	items_settle(items, list, count);
	t = tally_of(items, list, count);
	names = t.persons + t.several + t.strangers;
	if (t.absence + t.sick == 0)
		t.doubts += names_apart(list, count);
	/* Before all else: a cancelled shift says nothing about who is away or on. */
	if (is_cancelled(&t)) {
		part_add(titles, parts, READING_CANCELLED);
		part_warn(parts, FAULT_TITLE_CANCELLED, items->tokens->plain);
	} else if (t.private > 0 && t.private == t.words)
		part_add(titles, parts, READING_UNREADABLE);
	else if (titles->options->absences)
		read_absences(&c, &t);
	else if (t.absence + t.sick > 0)
		title_absence(&c, &t);
	else if (t.persons > 0)
		read_names(&c, &t);
	/* After the names: "J Jones, 1 gap" has somebody. */
	else if (names == 0 && says_nobody(&t))
		part_add(titles, parts, READING_NOBODY);
	else if (names == 0 && t.noise + t.holiday > 0 && t.doubts == 0)
		part_add(titles, parts, READING_NOISE);
	/* A team counts only with nobody named beside it: who that is may be the only one there. */
	else if (names == 0 && t.team != NULL && t.doubts + t.seeking + t.left + t.shadow == 0)
		part_add(titles, parts, READING_TEAM)->team = t.team;
	else
		part_add_undecided(&c, &t);
}
