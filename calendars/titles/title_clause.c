#include "calendars/titles/title_clause.h"

#include <string.h>

struct tally {
	size_t persons, several, strangers, unknown, doubts, seeking, nobody, faint, absence, sick,
	    cancelled, noise, holiday, private, shadow, plain, shifts, stopgaps, off, extra, words;
	enum word first, last;
	bool prefix_cancelled; /* "Canceled:" */
	bool asked_noise;      /* a noise word as a sentence of its own before the rest */
	const char *shift;
	const char *team, *shown;
};

static bool
is_break(const struct item *item)
{
	return item->kind == ITEM_MARK && strchr(":-(),/;|[]", item->mark) != NULL;
}

/* Whether the words between two marks are understood though some are unknown: the name of a place
 * or an agency, written with capitals, beside a word of rotas or in brackets behind "Locum". */
static bool
is_label(const struct item *list, size_t from, size_t to, bool bracketed, bool stopgap)
{
	bool known = bracketed && stopgap;

	for (size_t i = from; i < to; i++) {
		if (item_is_name(&list[i]))
			return false;
		if (list[i].kind == ITEM_UNKNOWN && !list[i].off && !list[i].capital &&
		    !list[i].code)
			return false;
		if (list[i].kind == ITEM_WORD &&
		    (list[i].word == WORD_PLAIN || list[i].word == WORD_SHIFT ||
			list[i].word == WORD_STOPGAP))
			known = true;
	}
	return known;
}

static size_t
count_unknown(const struct item *list, size_t count, bool stopgap)
{
	size_t unknown = 0;
	size_t from = 0;

	while (from < count) {
		size_t to = from;
		bool bracketed =
		    from > 0 && list[from - 1].kind == ITEM_MARK && list[from - 1].mark == '(';

		while (to < count && !is_break(&list[to]))
			to++;
		for (size_t i = from; i < to; i++)
			unknown += list[i].kind == ITEM_UNKNOWN && !list[i].off &&
				   !is_label(list, from, to, bracketed, stopgap);
		from = to + 1;
	}
	return unknown;
}

static void
tally_word(struct tally *t, const struct items *items, const struct item *item)
{
	const char *text = items->tokens->items.items[item->token].text;

	t->last = item->word;
	if (t->words++ == 0)
		t->first = item->word;
	t->nobody += item->word == WORD_NOBODY;
	t->faint += item->word == WORD_FAINT;
	t->absence += item->word == WORD_ABSENCE;
	t->sick += item->word == WORD_SICK;
	t->cancelled += item->word == WORD_CANCELLED;
	t->noise += item->word == WORD_NOISE;
	t->holiday += item->word == WORD_HOLIDAY;
	t->private += item->word == WORD_PRIVATE;
	t->shadow += item->word == WORD_SHADOW;
	t->stopgaps += item->word == WORD_STOPGAP;
	t->plain += item->word == WORD_PLAIN;
	if (item->word == WORD_SHIFT) {
		t->shifts += t->shift == NULL || strcmp(t->shift, text) != 0;
		t->shift = text;
	}
	if (item->doubt && item->word == WORD_SEEKING)
		t->seeking++;
	else
		t->doubts += item->doubt;
	t->doubts += item->word == WORD_UNTIL || item->word == WORD_FROM || item->word == WORD_TO ||
		     item->word == WORD_THEN;
}

static void
tally_name(struct tally *t, const struct item *item)
{
	t->words++;
	t->last = WORD_NONE;
	if (item->off) {
		t->off++;
		return;
	}
	if (t->shown == NULL)
		t->shown = item->shown;
	t->persons += item->kind == ITEM_PERSON;
	t->several += item->kind == ITEM_SEVERAL;
	t->strangers += item->kind == ITEM_STRANGER;
}

static struct tally
tally_of(const struct items *items, const struct item *list, size_t count)
{
	struct tally t = {.words = 0};

	for (size_t i = 0; i < count; i++) {
		const struct item *item = &list[i];
		bool plus = i > 0 && list[i - 1].kind == ITEM_MARK && list[i - 1].mark == '+';

		if (item->kind == ITEM_WORD) {
			tally_word(&t, items, item);
			if (item->word == WORD_CANCELLED && t.words == 1 && i + 1 < count &&
			    list[i + 1].kind == ITEM_MARK)
				t.prefix_cancelled = true;
			if (item->word == WORD_NOISE && i + 1 < count &&
			    list[i + 1].kind == ITEM_MARK &&
			    strchr("?!.", list[i + 1].mark) != NULL)
				t.asked_noise = true;
		} else if (item_is_name(item))
			tally_name(&t, item);
		else if (item->kind == ITEM_TEAM)
			t.team = item->team;
		else if (item->kind == ITEM_UNKNOWN)
			t.words++;
		else if (item->kind == ITEM_NUMBER)
			t.extra += plus;
		else if (item->kind == ITEM_MARK)
			t.doubts += item->doubt;
	}
	t.unknown = count_unknown(list, count, t.stopgaps > 0);
	/* "Early: Sam, Jo / Late: Kim": who has which hours only its owner knows. */
	if (t.shifts > 1 && t.persons + t.several + t.strangers > 1)
		t.doubts++;
	return t;
}

static struct title_part *
add(const struct titles *titles, struct title_parts *parts, enum reading_class class)
{
	struct title_part *part = VEC_PUSH(titles->arena, &parts->list);

	part->class = class;
	return part;
}

static void
warn(struct title_parts *parts, enum fault warning, const char *word)
{
	if (parts->warning != FAULT_NONE)
		return;
	parts->warning = warning;
	parts->warning_word = word;
}

static void
add_persons(const struct titles *titles, struct title_parts *parts, const struct item *list,
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
		part = add(titles, parts, class);
		part->person = list[i].person->id;
		part->shown = list[i].shown;
	}
}

/* The first run of words with capitals: what a reader would take for the name. */
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

static void
add_undecided(const struct titles *titles, const struct items *items, const struct item *list,
    size_t count, const struct tally *t, struct title_parts *parts)
{
	struct title_part *part = add(titles, parts, READING_UNDECIDED);

	part->shown = t->shown != NULL ? t->shown : guess_shown(titles, items, list, count);
	if (t->several > 0)
		warn(parts, FAULT_NAME_AMBIGUOUS, t->shown);
}

static bool
names_somebody(const struct item *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (item_is_name(&list[i]) || (list[i].kind == ITEM_UNKNOWN && list[i].capital))
			return true;
	}
	return false;
}

/* "Study leave JB; KL covering": two facts, each on its own side. Not so "JJ, off". */
static bool
split_absence(const struct titles *titles, const struct items *items, struct item *list,
    size_t count, struct title_parts *parts)
{
	for (size_t i = 1; i + 1 < count; i++) {
		if (list[i].kind != ITEM_MARK || strchr(";,/&+", list[i].mark) == NULL ||
		    !names_somebody(list, i) || !names_somebody(list + i + 1, count - i - 1))
			continue;
		title_clause(titles, items, list, i, parts);
		title_clause(titles, items, list + i + 1, count - i - 1, parts);
		return true;
	}
	return false;
}

static void
read_absence(const struct titles *titles, const struct items *items, struct item *list,
    size_t count, const struct tally *t, struct title_parts *parts)
{
	bool alone = t->several + t->strangers == 0;

	if (t->persons > 0 && alone && t->doubts + t->off + t->cancelled == 0)
		add_persons(titles, parts, list, count, READING_ABSENCE);
	else if (t->persons > 0 && alone)
		add_persons(titles, parts, list, count, READING_TENTATIVE);
	else if (t->sick > 0 && alone && t->unknown == 0 && t->off == 0)
		add(titles, parts, READING_NOBODY);
	else {
		add_undecided(titles, items, list, count, t, parts);
		if (t->shown != NULL && titles->options->directory)
			warn(parts, FAULT_ABSENCE_UNKNOWN, t->shown);
	}
}

static void
read_names(const struct titles *titles, const struct items *items, const struct item *list,
    size_t count, const struct tally *t, struct title_parts *parts)
{
	bool contradicted = t->nobody + t->faint > 0 || (t->noise > 0 && !t->asked_noise) ||
			    t->cancelled > 0 || t->private > 0;
	bool clear =
	    t->doubts + t->seeking + t->unknown + t->several + t->strangers == 0 && !contradicted;

	add_persons(titles, parts, list, count, clear ? READING_NAMED : READING_TENTATIVE);
	if (t->several + t->strangers > 0)
		add_undecided(titles, items, list, count, t, parts);
	else if (t->extra > 0)
		add(titles, parts, READING_UNDECIDED);
	if (clear && parts->list.count > 1)
		warn(parts, FAULT_SEVERAL_PEOPLE, NULL);
	if (clear && t->asked_noise)
		warn(parts, FAULT_REVIEW, items->tokens->plain);
}

/* In a calendar of absences a bare name is an absence. */
static void
read_absences(const struct titles *titles, const struct items *items, struct item *list,
    size_t count, const struct tally *t, struct title_parts *parts)
{
	if (t->persons > 0 && t->doubts == 0)
		add_persons(titles, parts, list, count, READING_ABSENCE);
	else if (t->persons > 0)
		add_persons(titles, parts, list, count, READING_TENTATIVE);
	else if (t->noise + t->holiday > 0 && t->several + t->strangers == 0 &&
		 t->absence + t->sick == 0)
		add(titles, parts, READING_NOISE);
	if (t->persons == 0 || t->several + t->strangers > 0) {
		if (parts->list.count == 0)
			add_undecided(titles, items, list, count, t, parts);
		if (t->shown != NULL && t->persons == 0)
			warn(parts, FAULT_ABSENCE_UNKNOWN, t->shown);
	}
}

static bool
is_cancelled(const struct tally *t)
{
	if (t->prefix_cancelled)
		return true;
	return t->cancelled > 0 && (t->first == WORD_CANCELLED || t->last == WORD_CANCELLED) &&
	       t->absence + t->sick == 0 && t->persons + t->several + t->strangers + t->off <= 1 &&
	       t->nobody + t->unknown == 0;
}

/* "Nil" and "gap" are words of other sentences too: they say it only alone. */
static bool
says_nobody(const struct tally *t)
{
	return t->nobody > 0 || (t->faint > 0 && t->unknown + t->doubts == 0);
}

void
title_clause(const struct titles *titles, const struct items *items, struct item *list,
    size_t count, struct title_parts *parts)
{
	struct tally t;
	size_t names;

	items_settle(items, list, count);
	t = tally_of(items, list, count);
	names = t.persons + t.several + t.strangers;
	if (is_cancelled(&t)) {
		add(titles, parts, READING_CANCELLED);
		warn(parts, FAULT_TITLE_CANCELLED, items->tokens->plain);
	} else if (t.private > 0 && t.private == t.words)
		add(titles, parts, READING_UNREADABLE);
	else if (titles->options->absences)
		read_absences(titles, items, list, count, &t, parts);
	else if (t.absence + t.sick > 0) {
		if (!split_absence(titles, items, list, count, parts))
			read_absence(titles, items, list, count, &t, parts);
	} else if (t.persons > 0)
		read_names(titles, items, list, count, &t, parts);
	else if (names == 0 && says_nobody(&t))
		add(titles, parts, READING_NOBODY);
	else if (names == 0 && t.noise + t.holiday > 0 && t.doubts == 0)
		add(titles, parts, READING_NOISE);
	else if (names == 0 && t.team != NULL && t.doubts + t.seeking + t.unknown + t.shadow == 0)
		add(titles, parts, READING_TEAM)->team = t.team;
	else
		add_undecided(titles, items, list, count, &t, parts);
}
