/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "calendars/titles/items_clause.h"
#include "calendars/titles/place.h"

bool
clause_is_text(const struct items *items, const struct item *item, const char *text)
{
	return item->ntokens == 1 &&
	       strcmp(items->tokens->items.items[item->token].text, text) == 0;
}

bool
clause_passes(const struct item *item)
{
	return item_is_word(item, WORD_PLAIN) || item_is_word(item, WORD_HONORIFIC) ||
	       item_is_word(item, WORD_CONTACT) || item_is_word(item, WORD_RELIEF) ||
	       item_is_word(item, WORD_SHIFT) || item_is_mark(item, '(') || item_is_mark(item, '.');
}

void
clause_take_off(struct clause *c, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		if (item_is_name(&c->list[i]) || c->list[i].kind == ITEM_UNKNOWN)
			c->list[i].off = true;
	}
}

/* The name before must itself be on duty: "instead of J Jones + TBC" has one place, which is
 * open. */
bool
clause_is_besides(const struct clause *c, const struct items *items, size_t at, size_t *joint)
{
	const struct item *join = at > 0 ? &c->list[at - 1] : NULL;
	size_t before = at - 1;

	if (join == NULL ||
	    !(item_is_mark(join, '+') || item_is_mark(join, '&') || item_is_word(join, WORD_WITH) ||
		clause_is_text(items, join, "and") || clause_is_text(items, join, "plus")))
		return false;
	*joint = before;
	while (
	    before > 0 &&
	    (clause_passes(&c->list[before - 1]) || item_is_mark(&c->list[before - 1], ')') ||
		item_is_mark(&c->list[before - 1], '-') || item_is_mark(&c->list[before - 1], ',')))
		before--;
	return before > 0 && item_is_name(&c->list[before - 1]) && !c->list[before - 1].off;
}

/* Takes off duty the people named before ${at}, if somebody is named after it. */
static void
take_off_before(struct clause *c, size_t at)
{
	size_t i = at;

	/* What is not understood beside the arrow may be the name of the person who gave the shift
	 * away. */
	while (i > 0 && c->list[i - 1].kind == ITEM_UNKNOWN)
		c->list[--i].off = true;
	for (i = 0; i < at; i++) {
		if (item_is_name(&c->list[i]))
			c->list[i].off = true;
	}
}

bool
clause_name_after(const struct clause *c, size_t at)
{
	for (size_t i = at + 1; i < c->count; i++) {
		if (item_is_name(&c->list[i]))
			return true;
	}
	return false;
}

bool
clause_name_before(const struct clause *c, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (item_is_name(&c->list[i]))
			return true;
	}
	return false;
}

/* "no AMHP cover": whatever is between the two words. "No" alone may be an answer or a number, so it
 * casts doubt. */
static void
settle_no(struct clause *c, size_t at)
{
	for (size_t i = at + 1; i < c->count && i <= at + 4; i++) {
		if (item_is_word(&c->list[i], WORD_COVER)) {
			c->list[at].word = WORD_NOBODY;
			for (size_t j = at + 1; j < i; j++)
				c->list[j].off = c->list[j].kind == ITEM_UNKNOWN;
			return;
		}
		if (c->list[i].kind != ITEM_UNKNOWN && !clause_passes(&c->list[i]))
			break;
	}
	c->list[at].doubt = true;
}

/* "J Jones (swap w/ KL)": rotas write so who gave her the shift. In "J Jones swap with K Lee"
 * either may be on. */
static bool
is_open_swap(const struct clause *c, const struct items *items, size_t at)
{
	const struct token *first = &items->tokens->items.items[c->list[at].token];

	return strncmp(first->text, "swap", 4) == 0 &&
	       first[c->list[at].ntokens - 1].text[0] == 'w' &&
	       !(at > 0 &&
		   (item_is_mark(&c->list[at - 1], '(') || item_is_mark(&c->list[at - 1], '[')));
}

/* "for 1 Jan"; not "for 2 nights". */
static bool
begins_day(const struct clause *c, const struct items *items, size_t at)
{
	return c->list[at].kind == ITEM_DATE ||
	       (c->list[at].kind == ITEM_NUMBER && at + 1 < c->count &&
		   item_is_month(items, &c->list[at + 1]));
}

static void
settle_not(struct clause *c, const struct items *items, size_t at)
{
	bool is_for = clause_is_text(items, &c->list[at], "for");
	/* "not working" and "for ED" need not name anybody; "instead of CT2 Nowak" does. */
	bool strict = is_for || clause_is_text(items, &c->list[at], "not");

	if (clause_take_off_next(c, at + 1, !strict)) {
		c->list[at].doubt = is_open_swap(c, items, at);
		return;
	}
	if (is_for && at + 1 < c->count &&
	    (begins_day(c, items, at + 1) || clause_passes(&c->list[at + 1]) ||
		c->list[at + 1].kind == ITEM_TEAM))
		return;
	c->list[at].doubt = true;
}

bool
clause_is_any(const struct items *items, const struct item *item, const char *const *texts)
{
	return item->ntokens == 1 &&
	       text_is_one_of(items->tokens->items.items[item->token].text, texts);
}

/* "Call J Jones", "Contact J Jones" may be about a patient. */
static bool
is_called(const struct clause *c, const struct items *items, size_t at)
{
	static const char *const verbs[] = {
	    "call", "contact", "phone", "ring", "mobile", "telephone", "update", NULL};

	/* "Phone: J Jones" and "J Jones phone" are no orders. */
	return at == 0 && c->count > 1 && item_is_name(&c->list[1]) &&
	       clause_is_any(items, &c->list[at], verbs);
}

/* "J Jones line" is a place on the rota, "J Jones hospital" a place, "J Jones call" an order to
 * call her. */
static bool
is_owned(const struct clause *c, const struct items *items, size_t at)
{
	static const char *const nouns[] = {"line", "hospital", "hosp", "room", "desk", "inpatient",
	    "inpatients", "call", "ring", "number", "update", NULL};

	/* With a number after it, it is her own: "J Jones line 4". */
	return at > 0 && item_is_name(&c->list[at - 1]) &&
	       clause_is_any(items, &c->list[at], nouns) &&
	       (at + 1 == c->count ||
		   (c->list[at + 1].kind != ITEM_NUMBER && c->list[at + 1].kind != ITEM_ADDRESS));
}

/* "J Jones + TBC", "J Jones and 1 vacancy": a second place is open; she is on. */
static bool
is_second_place(const struct clause *c, const struct items *items, size_t at)
{
	static const char *const texts[] = {
	    "tbc", "tba", "tbd", "tbn", "vacant", "vacancy", "unfilled", NULL};
	size_t first = at, joint;

	/* Only at the end of a clause: "J Jones + TBC (S Ahmed)" may offer S Ahmed for the
	 * place. */
	if (!clause_is_any(items, &c->list[at], texts) || at + 1 < c->count)
		return false;
	if (at > 0 && c->list[at - 1].kind == ITEM_NUMBER)
		first--;
	return clause_is_besides(c, items, first, &joint);
}

static void
settle_word(struct clause *c, const struct items *items, size_t at)
{
	struct item *item = &c->list[at];

	switch (item->word) {
	case WORD_NOT:
		settle_not(c, items, at);
		break;
	case WORD_SWAPPING:
		/* Nobody knows whether the swap has happened, so that both people are in doubt, not
		 * one of them. */
		if (clause_is_bracketed_name(c, at)) {
			clause_take_off(c, at, at + 3);
			break;
		}
		clause_take_off_next(c, at + 1, true);
		item->doubt = true;
		break;
	case WORD_FROM:
		/* "J Jones (from S Ahmed)"; hours after "from" are not here any more. */
		if (clause_is_bracketed_name(c, at)) {
			clause_take_off(c, at, at + 3);
			item->word = WORD_PLAIN;
		}
		break;
	case WORD_COVERING:
		clause_settle_covering(c, items, at);
		break;
	case WORD_COVER:
		clause_settle_cover(c, items, at);
		break;
	case WORD_BY:
		/* "J Jones covered by agency": she is off duty, and no person is named. Else all
		 * who are named before are off: "J Jones, S Ahmed covered by K Lee". */
		if (clause_name_after(c, at))
			take_off_before(c, at);
		else
			item->doubt = clause_name_before(c, at);
		break;
	case WORD_TAKING:
		item->doubt = !clause_takes_shift(c, items, at);
		break;
	case WORD_SHADOW:
		clause_settle_learner(c, items, at);
		break;
	case WORD_NO:
		settle_no(c, at);
		break;
	case WORD_PLAIN:
	case WORD_CONTACT:
		item->doubt = is_called(c, items, at) || is_owned(c, items, at);
		break;
	case WORD_DOUBT:
	case WORD_NOBODY:
		item->second = is_second_place(c, items, at);
		item->doubt = item->word == WORD_DOUBT && !item->second;
		break;
	case WORD_NOISE:
		clause_settle_elsewhere(c, items, at);
		break;
	case WORD_SEEKING:
		item->doubt = true;
		break;
	default:
		break;
	}
}

/* "J Jones > S Ahmed > P Smith": handed on twice, or whom to call next? */
static bool
is_chain(const struct clause *c)
{
	size_t arrows = 0, names = 0;

	for (size_t i = 0; i < c->count; i++) {
		arrows += item_is_mark(&c->list[i], TOKEN_ARROW);
		names += item_is_name(&c->list[i]);
	}
	return arrows > 1 && names > 2;
}

static void
settle_mark(struct clause *c, size_t at)
{
	struct item *item = &c->list[at];

	/* Before the arrow is who had the shift, however many there were. */
	if (item->mark == TOKEN_ARROW) {
		take_off_before(c, at);
		item->doubt = !clause_name_after(c, at) || is_chain(c);
	} else if (item->mark == '?') {
		/* "Ward round??": the question is about the ward round. */
		size_t i = at;

		while (i > 0 && item_is_mark(&c->list[i - 1], '?'))
			i--;
		item->doubt = i == 0 || !item_is_word(&c->list[i - 1], WORD_NOISE);
	}
}

/* "AMHP J Jones with S Ahmed": both are on duty. */
static bool
is_shared_duty(const struct clause *c, const struct items *items, size_t at)
{
	return items_say_duty(items) && at > 0 && at + 1 < c->count &&
	       c->list[at + 1].kind == ITEM_PERSON && !c->list[at + 1].off &&
	       clause_name_before(c, at);
}

/* "On call phone with J Jones", "duty bleep is with J Jones". */
static bool
is_holder(const struct clause *c, const struct items *items, size_t at)
{
	static const char *const things[] = {
	    "phone", "mobile", "bleep", "pager", "baton", "telephone", "mob", NULL};
	size_t thing = at > 1 && clause_is_text(items, &c->list[at - 1], "is") ? at - 2 : at - 1;
	const struct token *first, *last;

	if (at == 0 || clause_name_before(c, at) || at + 1 == c->count ||
	    c->list[at + 1].kind != ITEM_PERSON || c->list[thing].kind != ITEM_WORD)
		return false;
	first = &items->tokens->items.items[c->list[thing].token];
	last = first + c->list[thing].ntokens - 1;
	/* Not any phone: "phone with J Jones" may be for repair. */
	return text_is_one_of(last->text, things) &&
	       (items_say_duty(items) || strcmp(first->text, "duty") == 0);
}

void
items_settle(const struct items *items, struct item *list, size_t count)
{
	/* In order of the words: what an earlier word has taken off duty, a later one must not use
	 * as the name that it needs. */
	struct clause c = {list, count};

	for (size_t i = 0; i < count; i++) {
		if (list[i].kind == ITEM_WORD)
			settle_word(&c, items, i);
		else if (list[i].kind == ITEM_MARK)
			settle_mark(&c, i);
	}
	clause_settle_reasons(&c, items);
	clause_settle_owners(&c, items);
	clause_settle_stand_ins(&c, items);
	for (size_t i = 0; i < count; i++) {
		if (item_is_word(&list[i], WORD_SWAPPING) && clause_is_settled_swap(&c, items, i))
			list[i].doubt = false;
		/* "J Jones with S Ahmed" may be a meeting, unless one of them shadows. */
		if (item_is_word(&list[i], WORD_WITH) && !list[i].off &&
		    !is_shared_duty(&c, items, i) && !is_holder(&c, items, i))
			list[i].doubt = true;
	}
}
