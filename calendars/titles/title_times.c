/* SPDX-License-Identifier: MIT */
#include "calendars/titles/title_times.h"

#include <string.h>

#include "calendars/titles/shift_codes.h"

static const struct token *
token_of(const struct items *items, const struct item *item)
{
	return &items->tokens->items.items[item->token];
}

static bool
is_hour(const struct items *items, const struct item *item)
{
	return (item->kind == ITEM_TIME || item->kind == ITEM_NUMBER) &&
	       token_of(items, item)->minutes >= 0;
}

/* People write "9-5" for 09:00 to 17:00. */
static bool
is_office_day(const struct token *from, const struct token *to)
{
	return strcmp(from->text, "9") == 0 && strcmp(to->text, "5") == 0;
}

static bool
is_clear(const struct items *items, const struct item *item)
{
	return is_hour(items, item) && (item->kind == ITEM_TIME || token_of(items, item)->len == 4);
}

/* Whether the item joins two times: "-", "to", "until"; "/" and an arrow only between plain times. */
static bool
joins_hours(const struct items *items, const struct item *list, size_t count, size_t at)
{
	if (at + 1 >= count)
		return false;
	/* "9/5" may be a date, and "17/21" two wards. */
	if (item_is_mark(&list[at], '/') || item_is_mark(&list[at], TOKEN_ARROW))
		return is_clear(items, &list[at - 1]) && is_clear(items, &list[at + 1]);
	return item_is_mark(&list[at], '-') || item_is_word(&list[at], WORD_TO) ||
	       item_is_word(&list[at], WORD_UNTIL);
}

/* "09:00 start", "5pm finish", without another time after it. */
static bool
is_edge(const struct items *items, const struct item *list, size_t count, size_t at)
{
	const char *text;

	if (list[at].kind != ITEM_TIME || at + 1 >= count ||
	    (at + 2 < count && is_hour(items, &list[at + 2])) ||
	    !(item_is_word(&list[at + 1], WORD_FROM) || item_is_word(&list[at + 1], WORD_UNTIL)))
		return false;
	text = token_of(items, &list[at + 1])->text;
	return strcmp(text, "start") == 0 || strcmp(text, "finish") == 0;
}

/* "17-21", "17:00 to 21:00", "until 22.00", "from 9am" at item ${at}. */
bool
title_find_hours(const struct items *items, const struct item *list, size_t count, size_t at,
    struct title_hours *out)
{
	const struct token *first;
	size_t second;

	if (at + 1 < count && is_hour(items, &list[at + 1]) &&
	    (item_is_word(&list[at], WORD_UNTIL) || item_is_word(&list[at], WORD_TO) ||
		item_is_word(&list[at], WORD_FROM))) {
		struct title_hours range;

		first = token_of(items, &list[at + 1]);
		if (item_is_word(&list[at], WORD_FROM) &&
		    title_find_hours(items, list, count, at + 1, &range)) {
			*out = range;
			out->at = at;
			out->len = range.len + 1;
			return true;
		}
		*out = (struct title_hours){
		    item_is_word(&list[at], WORD_FROM) ? TITLE_FROM : TITLE_UNTIL, first->minutes,
		    first->minutes, list[at + 1].kind == ITEM_NUMBER && first->vague, at, 2};
		return true;
	}
	/* "7-13 Dec" are days. */
	if (!is_hour(items, &list[at]) || item_begins_days(items, list, count, at))
		return false;
	first = token_of(items, &list[at]);
	if (is_edge(items, list, count, at)) {
		*out = (struct title_hours){
		    item_is_word(&list[at + 1], WORD_FROM) ? TITLE_FROM : TITLE_UNTIL,
		    first->minutes, first->minutes, false, at, 2};
		return true;
	}
	second = at + 1;
	if (joins_hours(items, list, count, second))
		second++;
	else if (second < count && !token_of(items, &list[second])->glued)
		return false;
	if (second >= count || !is_hour(items, &list[second]))
		return false;
	*out = (struct title_hours){TITLE_BETWEEN, first->minutes,
	    token_of(items, &list[second])->minutes, false, at, second + 1 - at};
	/* As in rosters, which ask for a shift code then. */
	/* "00:00-00:00" may be the whole day or nothing. */
	if (out->from == 0 && out->to == 0) {
		out->vague = true;
		return true;
	}
	if (is_office_day(first, token_of(items, &list[second]))) {
		out->to = 17 * 60;
		return true;
	}
	out->vague = (list[at].kind == ITEM_NUMBER && first->vague) ||
		     (list[second].kind == ITEM_NUMBER && token_of(items, &list[second])->vague);
	return true;
}

static bool
parts_clauses(const struct item *item)
{
	return item_is_mark(item, ',') || item_is_mark(item, ';') || item_is_mark(item, '/') ||
	       item_is_mark(item, '|') || item_is_mark(item, '+') || item_is_mark(item, '&') ||
	       item_is_word(item, WORD_THEN);
}

struct clauses {
	const struct titles *titles;
	const struct items *items;
	struct title_parts *parts;
	int last_to; /* where the clause before ended, for "then"; -1: not known */
	bool unclear;
};

/* "9-9" may be the hours of the event itself: then they say nothing about a part of it. Two such
 * spans that differ cannot both be. "1-1" is a talk with a manager. */
static bool
take_clock(struct title_parts *parts, const struct title_hours *hours)
{
	bool twelve = hours->from == hours->to;

	if (hours->kind != TITLE_BETWEEN ||
	    (twelve && (hours->from < 7 * 60 || hours->from > 10 * 60)))
		return false;
	if (parts->clock != TITLE_NO_CLOCK)
		return parts->clock_from == hours->from && parts->clock_to == hours->to;
	parts->clock = TITLE_HALF_CLOCK;
	parts->clock_from = hours->from;
	parts->clock_to = hours->to;
	return true;
}

/* Reads one clause, which has at most one time span; the words of the span are removed from it. */
static void
read_clause(struct clauses *c, const struct item *list, size_t count, bool then)
{
	struct item *rest = arena_array(c->titles->arena, count, sizeof *rest);
	struct title_hours span = {.kind = TITLE_WHOLE};
	size_t first = c->parts->list.count;
	size_t kept = 0;
	bool found = false;

	for (size_t i = 0; i < count; i++) {
		struct title_hours here;

		if (title_find_hours(c->items, list, count, i, &here)) {
			c->unclear =
			    c->unclear || found || (here.vague && !take_clock(c->parts, &here));
			span = here;
			if (here.vague)
				span.kind = TITLE_WHOLE;
			found = true;
			i += here.len - 1;
		} else
			rest[kept++] = list[i];
	}
	/* Nothing but hours. */
	if (kept == 0) {
		c->unclear = true;
		return;
	}
	if (!found) {
		c->unclear = c->unclear || !then || c->last_to < 0;
		span = (struct title_hours){.kind = TITLE_FROM, .from = c->last_to};
	}
	/* "From 9" has no end at which "then" could begin. */
	c->last_to = found && span.kind != TITLE_FROM ? span.to : -1;
	title_clause(c->titles, c->items, rest, kept, c->parts);
	/* The hours are of all people of this clause, and of no other. */
	for (size_t i = first; i < c->parts->list.count; i++) {
		struct title_part *part = &c->parts->list.items[i];

		part->span = span.kind;
		part->from = span.from;
		part->to = span.to;
	}
}

static size_t
count_spans(const struct items *items)
{
	size_t spans = 0;

	for (size_t i = 0; i < items->list.count; i++) {
		struct title_hours span;

		if (title_find_hours(items, items->list.items, items->list.count, i, &span)) {
			spans++;
			i += span.len - 1;
		}
	}
	return spans;
}

/* "J Jones, S Ahmed 09:00-17:00": if these are the hours of the event, it does not matter whether they
 * are hers or those of both. False if there is more than names and plain words around them. */
static bool
read_shared(struct clauses *c)
{
	/* Any other word may tie the hours to one of the two: "S Ahmed from 09:00". */
	const struct items *items = c->items;
	struct item *rest = arena_array(c->titles->arena, items->list.count, sizeof *rest);
	struct title_hours hours = {.kind = TITLE_WHOLE}, here;
	size_t kept = 0;

	for (size_t i = 0; i < items->list.count; i++) {
		if (title_find_hours(items, items->list.items, items->list.count, i, &here)) {
			hours = here;
			i += here.len - 1;
			continue;
		}
		rest[kept++] = items->list.items[i];
		if (items->list.items[i].kind == ITEM_WORD &&
		    items->list.items[i].word != WORD_PLAIN &&
		    items->list.items[i].word != WORD_HONORIFIC)
			return false;
	}
	if (hours.kind != TITLE_BETWEEN || (hours.vague && !take_clock(c->parts, &hours)))
		return false;
	if (!hours.vague)
		c->parts->clock = TITLE_CLOCK;
	c->parts->clock_from = hours.from;
	c->parts->clock_to = hours.to;
	title_clause(c->titles, items, rest, kept, c->parts);
	return true;
}

/* Whether a time is only for a part of the title: "then" follows, or several clauses have names. */
static bool
has_clauses(const struct items *items)
{
	size_t named = 0;
	bool here = false;

	for (size_t i = 0; i < items->list.count; i++) {
		const struct item *item = &items->list.items[i];

		if (item_is_word(item, WORD_THEN))
			return true;
		if (parts_clauses(item))
			here = false;
		else if (item_is_name(item) && !here) {
			here = true;
			named++;
		}
	}
	return named > 1;
}

/* "J Jones & S Ahmed 09:00-21:00": "&" joins people who share the times. */
static bool
only_joined(const struct items *items)
{
	for (size_t i = 0; i < items->list.count; i++) {
		const struct item *item = &items->list.items[i];

		if (parts_clauses(item) && !item_is_mark(item, '&') && !item_is_mark(item, '+'))
			return false;
	}
	return true;
}

/* Reads a title with several times, or with "then": each clause has its own times. */
static void
read_clauses(struct clauses *c)
{
	const struct item *list = c->items->list.items;
	size_t count = c->items->list.count;
	size_t from = 0;
	bool then = false;

	while (from < count) {
		size_t to = from;

		while (to < count && !parts_clauses(&list[to]))
			to++;
		if (to > from)
			read_clause(c, list + from, to - from, then);
		if (to < count)
			then = item_is_word(&list[to], WORD_THEN) || (then && to == from);
		from = to + 1;
	}
}

static void
make_undecided(const struct titles *titles, struct title_parts *parts, const char *plain)
{
	for (size_t i = 0; i < parts->list.count; i++) {
		struct title_part *part = &parts->list.items[i];

		part->span = TITLE_WHOLE;
		if (part->class == READING_NAMED)
			part->class = READING_TENTATIVE;
		else if (part->class != READING_TENTATIVE) {
			part->class = READING_UNDECIDED;
			part->person = part->team = NULL;
		}
	}
	if (parts->list.count == 0)
		VEC_PUSH(titles->arena, &parts->list)->class = READING_UNDECIDED;
	/* Over a warning about a part of the title: this is about all of it. */
	parts->warning = FAULT_TITLE_TIMES;
	parts->warning_word = plain;
}

void
title_read_words(const struct titles *titles, struct items *items, struct title_parts *parts)
{
	struct clauses c = {.titles = titles, .items = items, .parts = parts, .last_to = -1};
	size_t spans = count_spans(items);

	/* Written hours go before the hours that a code stands for. */
	if (spans == 0 && shift_codes_divide(titles, items, parts))
		return;
	if (spans == 0)
		title_clause(titles, items, items->list.items, items->list.count, parts);
	else if (spans == 1 && (!has_clauses(items) || only_joined(items)))
		read_clause(&c, items->list.items, items->list.count, false);
	else if (spans > 1 || !read_shared(&c))
		read_clauses(&c);
	if (c.unclear)
		make_undecided(titles, parts, items->tokens->plain);
}
