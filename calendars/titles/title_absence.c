/* SPDX-License-Identifier: MIT */
#include "calendars/titles/title_absence.h"

#include <string.h>

#include "calendars/titles/items_clause.h"

/* The items between two marks, or in one pair of brackets. */
struct segment {
	size_t from, to;
	char before; /* the mark before it; 0: none */
	bool bracketed;
	size_t names, absences, left;
};

struct binder {
	const struct title_clause *c;
	struct item *list; /* of ${c} */
	size_t count;
	VEC(struct segment) segments;
	bool *away; /* by item */
	bool unclear;
};

static bool
is_absence(const struct item *item)
{
	return item->kind == ITEM_WORD && (item->word == WORD_ABSENCE || item->word == WORD_SICK);
}

/* ---- Segments. */

static void
end_segment(struct binder *b, struct segment *segment, size_t to)
{
	segment->to = to;
	for (size_t i = segment->from; i < to; i++) {
		const struct item *item = &b->list[i];

		segment->names += item_is_name(item);
		segment->absences += is_absence(item);
		segment->left += item->left;
	}
	if (to > segment->from)
		*VEC_PUSH(b->c->titles->arena, &b->segments) = *segment;
}

static void
find_segments(struct binder *b)
{
	struct segment segment = {.from = 0};
	bool inside = false;

	for (size_t i = 0; i < b->count; i++) {
		const struct item *item = &b->list[i];

		/* What ends a segment is what people put between two statements; a full stop does
		 * not, since initials have one. */
		if (!item_is_any_mark(item, "-:;,./&+|()[]") &&
		    !clause_joins_statements(b->c->items, item))
			continue;
		end_segment(b, &segment, i);
		inside = item_is_any_mark(item, "([") || (inside && !item_is_any_mark(item, ")]"));
		segment =
		    (struct segment){.from = i + 1, .before = item->mark, .bracketed = inside};
		/* Words that join statements are like a dash between them. */
		if (item->kind == ITEM_WORD)
			segment.before = '-';
	}
	end_segment(b, &segment, b->count);
}

static size_t
count_names(const struct binder *b)
{
	const struct segment *segment;
	size_t names = 0;

	VEC_EACH (segment, &b->segments)
		names += segment->names;
	return names;
}

static bool
joins(char mark)
{
	return strchr(",/&+", mark) != NULL;
}

/* Whether the segment holds only names, and words that say nothing; "J Jones on" is a statement. */
static bool
is_bare(const struct binder *b, const struct segment *segment)
{
	for (size_t i = segment->from; i < segment->to; i++) {
		const struct item *item = &b->list[i];

		if (item->off ||
		    !(item_is_name(item) ||
			(item->kind == ITEM_WORD &&
			    (item->word == WORD_HONORIFIC || item->word == WORD_PLAIN))) ||
		    clause_is_text(b->c->items, item, "on"))
			return false;
	}
	return segment->names > 0;
}

/* ---- Which word belongs to which name. */

static void
take_away(struct binder *b, size_t at)
{
	b->away[at] = true;
	/* Somebody who is not known, or may be two, cannot be away: then nobody is. */
	b->unclear = b->unclear || b->list[at].kind != ITEM_PERSON;
}

static void
take_all_away(struct binder *b, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		if (item_is_name(&b->list[i]))
			take_away(b, i);
	}
}

/* The nearest name before ${at}, not before ${from}. */
static size_t
name_before(const struct binder *b, size_t from, size_t at)
{
	for (size_t i = at; i-- > from;) {
		if (item_is_name(&b->list[i]))
			return i;
	}
	return b->count;
}

static bool
absence_leads(const struct binder *b, const struct segment *segment)
{
	size_t i = segment->from;

	while (!item_is_name(&b->list[i]) && !is_absence(&b->list[i]))
		i++;
	return is_absence(&b->list[i]);
}

/* "S Ahmed covering leave": whose leave? */
static bool
covers_absence(const struct binder *b, const struct segment *segment)
{
	for (size_t i = segment->from + 1; i < segment->to; i++) {
		const struct item *before = &b->list[i - 1];

		if (is_absence(&b->list[i]) && before->kind == ITEM_WORD &&
		    (before->word == WORD_COVERING || before->word == WORD_COVER ||
			before->word == WORD_NOT || before->word == WORD_BY))
			return true;
	}
	return false;
}

/* Whether the one who is named in ${segment} is off duty by another word. */
static bool
is_off(const struct binder *b, const struct segment *segment)
{
	return b->list[name_before(b, segment->from, segment->to)].off;
}

/* If one name is beside the word, that person is away, unless the name may be the first or the last
 * of a list: "J Jones, S Ahmed A/L", "A/L J Jones, S Ahmed". */
static void
bind_one(struct binder *b, size_t at)
{
	const struct segment *all = b->segments.items, *segment = &all[at];
	bool leads = absence_leads(b, segment);

	/* The person named may be the stand-in. */
	if (covers_absence(b, segment))
		b->unclear = true;
	/* In brackets the list outside is not meant, nor is it where she has a stand-in: "J Jones,
	 * covering S Ahmed's A/L". */
	if (!segment->bracketed && !is_off(b, segment) && !leads && at > 0 &&
	    joins(segment->before) && is_bare(b, &all[at - 1]))
		b->unclear = true;
	if (!segment->bracketed && at + 1 < b->segments.count && is_bare(b, &all[at + 1]) &&
	    (strchr("&+", all[at + 1].before) != NULL || (leads && joins(all[at + 1].before))))
		b->unclear = true;
	take_all_away(b, segment->from, segment->to);
}

/* If several names are beside the word, it is about the person who is off duty, if that name is
 * next to it. */
static void
bind_several(struct binder *b, const struct segment *segment)
{
	size_t off = b->count, count = 0;

	for (size_t i = segment->from; i < segment->to; i++) {
		if (item_is_name(&b->list[i]) && b->list[i].off) {
			off = i;
			count++;
		}
	}
	if (count == 1 &&
	    ((off > segment->from && is_absence(&b->list[off - 1])) ||
		clause_is_away(&(struct clause){b->list, segment->to}, b->c->items, off)))
		take_away(b, off);
	else
		b->unclear = true;
}

/* "A/L: J Jones, S Ahmed": a heading above a list of names only. */
static bool
is_heading(const struct binder *b, size_t at)
{
	if (at > 0 || b->segments.items[1].before != ':')
		return false;
	for (size_t i = 1; i < b->segments.count; i++) {
		if (!is_bare(b, &b->segments.items[i]))
			return false;
	}
	return true;
}

/* "J Jones covering for S Ahmed - leave", "S Ahmed - leave, covered by J Jones": why somebody else is on. Not
 * "J Jones (for S Ahmed) - leave". */
static bool
is_reason(const struct binder *b, size_t at, size_t name)
{
	const struct segment *before = &b->segments.items[at - 1];

	if (!b->list[name].off || before->bracketed)
		return false;
	if (at + 1 < b->segments.count)
		return b->list[b->segments.items[at + 1].from].word == WORD_BY;
	/* "S Ahmed out - sick" */
	return name == before->from || clause_stands_in(b->c->items, &b->list[name - 1]);
}

/* "Sickness: S Ahmed. Cover: J Jones": one name below the heading, and then who covers for her. */
static bool
has_cover_after(const struct binder *b, size_t at)
{
	const struct segment *all = b->segments.items;

	return at == 0 && b->segments.count > 2 && all[1].before == ':' && all[1].names == 1 &&
	       is_bare(b, &all[1]) &&
	       (b->list[all[2].from].word == WORD_COVER ||
		   b->list[all[2].from].word == WORD_COVERING);
}

static bool
has_unknown(const struct binder *b)
{
	for (size_t i = 0; i < b->count; i++) {
		if (b->list[i].kind == ITEM_UNKNOWN)
			return true;
	}
	return false;
}

/* The word is between marks of its own: "J Jones (A/L)", "J Jones - A/L", "J Jones, off; S Ahmed". */
static void
bind_alone(struct binder *b, size_t at)
{
	const struct segment *all = b->segments.items, *segment = &all[at];
	char next = at + 1 < b->segments.count ? all[at + 1].before : 0;
	size_t before = at > 0 ? name_before(b, all[at - 1].from, all[at - 1].to) : b->count;

	/* "J Jones - covering for Paul (A/L)": who Paul is, is not known, but it is he who is away. */
	if (has_unknown(b))
		b->unclear = true;
	else if (count_names(b) == 1)
		take_all_away(b, 0, b->count);
	else if (is_heading(b, at))
		take_all_away(b, 0, b->count);
	else if (has_cover_after(b, at))
		take_all_away(b, all[1].from, all[1].to);
	else if (before < b->count &&
		 (segment->bracketed || is_reason(b, at, before) ||
		     (all[at - 1].names == 1 && next != 0 &&
			 ((segment->before == ',' && strchr(";|/-.", next) != NULL) ||
			     (segment->before == '-' && strchr(";|/.", next) != NULL)))))
		take_away(b, before);
	else
		b->unclear = true;
}

static void
bind(struct binder *b)
{
	find_segments(b);
	for (size_t i = 0; i < b->segments.count; i++) {
		const struct segment *segment = &b->segments.items[i];

		if (segment->absences == 0)
			continue;
		/* An unknown word beside it may turn its meaning: "leave cancelld". */
		b->unclear = b->unclear || segment->left > 0;
		if (segment->names == 1)
			bind_one(b, i);
		else if (segment->names > 1)
			bind_several(b, segment);
		else
			bind_alone(b, i);
	}
}

/* ---- What the clause says. */

static bool
is_away_already(const struct binder *b, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (b->away[i] && b->list[i].person == b->list[at].person)
			return true;
	}
	return false;
}

static void
add_away(struct binder *b)
{
	for (size_t i = 0; i < b->count; i++) {
		struct title_part *part;

		if (!b->away[i] || is_away_already(b, i))
			continue;
		part = part_add(b->c->titles, b->c->parts, READING_ABSENCE);
		part->person = b->list[i].person->id;
		part->shown = b->list[i].shown;
	}
}

/* Adds the people who are named and not away, as on duty if nothing else contradicts it. */
static void
add_others(struct binder *b, const struct tally *t)
{
	size_t others = 0;

	for (size_t i = 0; i < b->count; i++) {
		b->list[i].off = b->list[i].off || b->away[i];
		others += b->list[i].kind == ITEM_PERSON && !b->list[i].off;
	}
	if (others > 0)
		part_add_persons(b->c, tally_is_clear(t) ? READING_NAMED : READING_TENTATIVE);
	if (t->several + t->strangers > 0)
		part_add_undecided(b->c, t);
	else if (others == 0 && t->nobody > 0)
		part_add(b->c->titles, b->c->parts, READING_NOBODY);
	else if (others == 0 && t->extra > 0)
		part_add(b->c->titles, b->c->parts, READING_UNDECIDED);
}

void
title_absence(const struct title_clause *c, const struct tally *t)
{
	struct binder b = {.c = c, .list = c->list, .count = c->count};
	size_t names = t->persons + t->several + t->strangers + t->off;

	/* "Off sick" alone is a shift for which nobody comes; leave alone may be of anybody. */
	if (names == 0 && t->sick > 0 && t->left == 0) {
		part_add(c->titles, c->parts, READING_NOBODY);
		return;
	}
	/* Collected first and added only once all is clear: half an answer would take the wrong one
	 * off. */
	b.away = arena_array(c->titles->arena, c->count, sizeof *b.away);
	if (names > 0)
		bind(&b);
	if (names > 0 && !b.unclear && t->doubts + t->cancelled == 0) {
		add_away(&b);
		add_others(&b, t);
		return;
	}
	if (t->persons > 0)
		part_add_persons(c, READING_TENTATIVE);
	if (t->persons == 0 || t->several + t->strangers > 0)
		part_add_undecided(c, t);
	if (t->persons == 0 && t->shown != NULL && c->titles->options->directory)
		part_warn(c->parts, FAULT_ABSENCE_UNKNOWN, t->shown);
}
