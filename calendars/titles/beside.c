/* SPDX-License-Identifier: MIT */
#include "calendars/titles/beside.h"

#include <string.h>

#include "calendars/titles/days.h"
#include "calendars/titles/shift_length.h"
#include "calendars/titles/title_times.h"

struct beside {
	struct items *items;
	const struct lexicon *lexicon;
};

static const struct item *
item_at(const struct beside *b, size_t at)
{
	return at < b->items->list.count ? &b->items->list.items[at] : NULL;
}

/* The item before the one at ${at}, or NULL. */
static const struct item *
item_before(const struct beside *b, size_t at)
{
	return at > 0 ? item_at(b, at - 1) : NULL;
}

static const struct token *
token_of(const struct beside *b, const struct item *item)
{
	return &b->items->tokens->items.items[item->token];
}

static bool
has_role(const struct item *item, enum word role)
{
	return item != NULL && item->kind == ITEM_WORD && item->role == role;
}

/* A word with a meaning of its own: "Duty", "Psychiatry", the name of a place. */
static bool
is_full(const struct item *item)
{
	return (item_is_word(item, WORD_PLAIN) &&
		   (item->role == WORD_NONE || item->role == WORD_SETTING ||
		       word_is_crew(item->role))) ||
	       (item != NULL && item->kind == ITEM_TEAM);
}

static bool
is_text(const struct beside *b, const struct item *item, const char *text)
{
	return item->kind == ITEM_WORD && item->ntokens == 1 &&
	       strcmp(token_of(b, item)->text, text) == 0;
}

/* Whether the item is a whole name of the region: "Fenmere", or "West" of "Fenmere West". */
static bool
is_region(const struct beside *b, const struct item *item)
{
	return lexicon_is_region(b->lexicon, token_of(b, item)->text);
}

/* "4", "4471", and "A" if it names one of several. */
static bool
is_number(const struct item *item)
{
	return item != NULL && !item->left &&
	       (item->kind == ITEM_NUMBER || item->kind == ITEM_UNKNOWN);
}

/* ---- Places. */

/* "EDT Jan Jones & team": the team is nobody else who is named. */
static bool
is_and_team(const struct beside *b, size_t at)
{
	const struct item *before = item_before(b, at), *next = item_at(b, at + 1);

	return strcmp(token_of(b, item_at(b, at))->text, "team") == 0 &&
	       (item_is_any_mark(before, "&+") || has_role(before, WORD_JOIN)) &&
	       (next == NULL || item_is_any_mark(next, ",;)]"));
}

/* "Room 2: J Jones" may be booked for a meeting, unless another word of the title says what is done
 * there. */
static bool
is_booked(const struct beside *b, size_t at)
{
	const char *text = token_of(b, item_at(b, at))->text;

	if (strcmp(text, "room") != 0 && strcmp(text, "desk") != 0)
		return false;
	for (size_t i = 0; i < b->items->list.count; i++) {
		if (is_full(item_at(b, i)) || item_is_word(item_at(b, i), WORD_SHIFT))
			return false;
	}
	return true;
}

/* "Duty Room", "Night desk", "Room 4", "Ward: 4", "West Team"; not "Room: J Jones". */
static bool
part_is_known(const struct beside *b, size_t at)
{
	const struct item *item = item_at(b, at), *before = item_before(b, at);
	const struct item *next = item_at(b, at + 1);

	/* A region may have a service that is called "Hub". */
	if (lexicon_is_whole(b->lexicon, token_of(b, item)->text))
		return true;
	/* "office 01632 960001" */
	if (next != NULL && next->kind == ITEM_ADDRESS &&
	    strcmp(token_of(b, item)->text, "office") == 0)
		return true;
	/* "01632 960001 (office)" */
	if (item_is_any_mark(before, "(") && at > 1 && item_at(b, at - 2)->kind == ITEM_ADDRESS &&
	    strcmp(token_of(b, item)->text, "office") == 0)
		return true;
	/* "Jones's slot" */
	if (before != NULL && item_is_name(before) && before->owner && item_is_duty(b->items, item))
		return true;
	/* "on ward", "working ward" say no more than "ward". */
	if ((is_full(before) && !is_text(b, before, "on") && !is_text(b, before, "working")) ||
	    item_is_word(before, WORD_SHIFT) || has_role(before, WORD_SIDE))
		return true;
	if (is_booked(b, at))
		return false;
	if (is_full(next) || is_number(next) || is_and_team(b, at))
		return true;
	if (item_is_any_mark(next, ":") && is_full(item_at(b, at + 2)))
		return true;
	if (item_is_any_mark(before, "_|") && at > 1 && is_full(item_at(b, at - 2)))
		return true;
	return item_is_any_mark(next, ".:#") && is_number(item_at(b, at + 2));
}

/* "Employee: J Jones", "Status: Confirmed"; not "Status: J Jones", "Employee J Jones". */
static bool
field_is_known(const struct beside *b, size_t at, bool holder)
{
	const struct item *value = item_at(b, at + 2);

	/* Without the colon it may be about her: "Employee J Jones left". */
	return item_is_any_mark(item_at(b, at + 1), ":") && value != NULL &&
	       value->kind != ITEM_MARK && item_is_name(value) == holder;
}

/* Whether "West" at ${at} belongs to the word directly before or after it. */
static bool
side_is_beside(const struct beside *b, size_t at)
{
	const struct item *before = item_before(b, at), *next = item_at(b, at + 1);

	/* If the region has no "Fenmere West", the two words together are not Fenmere. */
	if (is_full(before) && !is_region(b, before))
		return true;
	return is_full(next) || has_role(next, WORD_PART) || is_number(next);
}

/* Several sides share the word before the first of them: "pooled North/South". */
static bool
side_is_known(const struct beside *b, size_t at)
{
	if (is_region(b, item_at(b, at)) || side_is_beside(b, at))
		return true;
	while (at > 1 && item_is_any_mark(item_at(b, at - 1), "/&+") &&
	       has_role(item_at(b, at - 2), WORD_SIDE)) {
		at -= 2;
		if (side_is_beside(b, at))
			return true;
	}
	return false;
}

/* ---- Small words. */

/* "J Jones & S Ahmed (both)", "Both: J Jones, S Ahmed"; not of one, or of three. */
static bool
is_of_two(const struct beside *b, size_t at)
{
	size_t names = 0;

	for (size_t i = 0; i < b->items->list.count; i++)
		names += item_is_name(item_at(b, i));
	return names == 2 && is_text(b, item_at(b, at), "both");
}

/* "has the bleep", "has duty phone", "has S Ahmed's shift"; "has the rota" and "has phone" are not about
 * who is on. */
static bool
holds_duty(const struct beside *b, size_t at)
{
	bool the = item_at(b, at + 1) != NULL && is_text(b, item_at(b, at + 1), "the");
	const struct item *next = item_at(b, at + 1 + the);

	if (next == NULL)
		return false;
	if (item_is_name(next))
		return next->owner;
	return (the && item_is_word(next, WORD_CONTACT)) || item_is_duty(b->items, next) ||
	       strcmp(token_of(b, next)->text, "duty") == 0 ||
	       strcmp(token_of(b, next)->text, "on") == 0;
}

/* "at Fenmere", "in the", "is J Jones"; not "J Jones at". */
static bool
join_is_known(const struct beside *b, size_t at)
{
	static const char *const before_names[] = {"is", "are", "the", "its", "it", "and", "plus"};
	const struct item *item = item_at(b, at), *next = item_at(b, at + 1);

	if (is_of_two(b, at) || (is_text(b, item, "as") && item_gives_reason(b->items, at)))
		return true;
	if (is_text(b, item, "has") || is_text(b, item, "holding") || is_text(b, item, "holds"))
		return holds_duty(b, at);
	/* The rest of the sentence is missing: "J Jones at …". */
	if (next == NULL || next->kind == ITEM_MARK)
		return false;
	if (!item_is_name(next))
		return true;
	for (size_t i = 0; i < sizeof before_names / sizeof *before_names; i++) {
		if (strcmp(token_of(b, item)->text, before_names[i]) == 0)
			return i < 5 || at > 0;
	}
	return false;
}

/* "contactable on 01632 960001", "reachable via bleep 4421"; not "please call". */
static bool
reach_is_known(const struct beside *b, size_t at)
{
	const struct item *next = item_at(b, at + 1);

	if (item_is_any_mark(next, ":"))
		next = item_at(b, at + 2);
	return next != NULL && (next->kind == ITEM_ADDRESS || item_is_word(next, WORD_CONTACT));
}

/* Which part of a shift a length means is not known, except that 24 hours are all of it. */
static bool
is_whole_day(const struct beside *b, const struct item *item)
{
	return token_of(b, item)->minutes == 24 * 60;
}

/* "0900-1700 hrs", "24 hours", "12 hour shift"; not "4 hours". */
static bool
unit_is_known(const struct beside *b, size_t at)
{
	const struct item *before = item_before(b, at);

	if (before == NULL)
		return false;
	if (is_whole_day(b, before) || shift_length(b->items, at - 1) > 0)
		return true;
	if (before->kind != ITEM_TIME && before->kind != ITEM_NUMBER)
		return false;
	return before->kind == ITEM_TIME || token_of(b, before)->len == 4 ||
	       (at > 2 && (item_is_any_mark(item_at(b, at - 2), "-") ||
			      item_is_word(item_at(b, at - 2), WORD_TO)));
}

/* Marks as left over lengths that are not the ends of a range such as "9h-17h". */
static void
leave_lengths(struct beside *b)
{
	struct item *list = b->items->list.items;

	for (size_t i = 0; i < b->items->list.count; i++) {
		struct title_hours hours;

		if (title_find_hours(b->items, list, b->items->list.count, i, &hours)) {
			i += hours.len - 1;
			continue;
		}
		if (shift_length_is_written(b->items, i) && !is_whole_day(b, &list[i]) &&
		    shift_length(b->items, i) == 0)
			list[i].left = true;
	}
}

/* ---- Late and early. */

/* "J Jones late" may mean the late shift, or that she is late. "Late: J Jones", "J Jones (late)"
 * and "J Jones late 13:30-21:30" are shifts. */
static bool
may_be_unpunctual(const struct beside *b, size_t at)
{
	const struct item *item = item_at(b, at);
	const char *text = token_of(b, item)->text;
	size_t before = at;
	struct title_hours hours;

	if (!item_is_word(item, WORD_SHIFT) || item->ntokens != 1 ||
	    (strcmp(text, "late") != 0 && strcmp(text, "early") != 0))
		return false;
	if (item_is_any_mark(item_before(b, at), ","))
		before--;
	if (before == 0 || !item_is_name(item_at(b, before - 1)))
		return false;
	return at + 1 == b->items->list.count || !title_find_hours(b->items, b->items->list.items,
						     b->items->list.count, at + 1, &hours);
}

static bool
is_known(const struct beside *b, size_t at)
{
	switch (item_at(b, at)->role) {
	case WORD_PART:
		return part_is_known(b, at);
	case WORD_SIDE:
		return side_is_known(b, at);
	case WORD_JOIN:
		return join_is_known(b, at);
	case WORD_UNIT:
		return unit_is_known(b, at);
	case WORD_HOLDER:
	case WORD_FIELD:
		return field_is_known(b, at, item_at(b, at)->role == WORD_HOLDER);
	case WORD_REACH:
		return reach_is_known(b, at);
	case WORD_DATE:
		return day_is_known(b->items, at);
	default:
		return !may_be_unpunctual(b, at);
	}
}

static bool
is_between_addresses(const struct beside *b, size_t at)
{
	const struct item *before = item_before(b, at), *next = item_at(b, at + 1);

	return before != NULL && before->kind == ITEM_ADDRESS && next != NULL &&
	       next->kind == ITEM_ADDRESS && is_text(b, item_at(b, at), "or");
}

void
account_beside(struct items *items, const struct lexicon *lexicon)
{
	struct beside b = {items, lexicon};

	for (size_t i = 0; i < items->list.count; i++) {
		struct item *item = &items->list.items[i];

		/* "01632 960001 or 07700 900123" */
		if (item->word == WORD_DOUBT && is_between_addresses(&b, i))
			item->word = WORD_PLAIN;
		if (item->kind == ITEM_WORD && !is_known(&b, i))
			item->left = true;
	}
	/* After the words, which decide on "hours" by themselves. */
	leave_lengths(&b);
	join_days(items);
	leave_days_apart(items);
}
