/* SPDX-License-Identifier: MIT */
#include "calendars/titles/account.h"

#include <string.h>

#include "calendars/titles/account_marks.h"
#include "calendars/titles/account_numbers.h"

/* Dates of shifts are in recent years; an earlier year is a date of birth. */
#define BIRTH_YEAR_MAX 2020
#define BIRTH_YEAR_MIN 1900

/* ---- Words. */

static bool
is_address(const struct items *items, size_t at)
{
	return at < items->list.count && items->list.items[at].kind == ITEM_ADDRESS;
}

/* "FW: rota", "FW: AMHP rota": what was sent is about the rota, and is no shift of it. */
static bool
is_about_rota(const struct items *items, size_t from)
{
	static const char *const subjects[] = {"rota", "roster", "shift", "shifts"};
	const struct token *token;

	for (size_t i = from; i < items->list.count && !item_is_name(&items->list.items[i]); i++) {
		token = item_token_at(items, i) + items->list.items[i].ntokens - 1;
		for (size_t j = 0; j < sizeof subjects / sizeof *subjects; j++) {
			if (strcmp(token->text, subjects[j]) == 0)
				return true;
		}
	}
	return false;
}

/* "FW: AMHP on call - J Jones": mail programs add this before a title. Not "RE: J Jones", "Re: on
 * call J Jones", which are notes about her. */
static bool
is_forwarded(const struct items *items, size_t at)
{
	const struct token *prefix = item_token_at(items, at);

	if (at != 0 || !prefix->capital || !item_is_mark_at(items, 1, ":") ||
	    !(item_is_word_at(items, 2, WORD_PLAIN) || item_is_word_at(items, 2, WORD_SHIFT)))
		return false;
	return (strcmp(prefix->text, "fw") == 0 || strcmp(prefix->text, "fwd") == 0 ||
		   (strcmp(prefix->text, "re") == 0 && prefix->all_capitals)) &&
	       !is_about_rota(items, 2);
}

/* "Team A", "Ward C": a letter that names one of several. */
static bool
letter_is_known(const struct items *items, size_t at)
{
	static const char *const parts[] = {"team", "ward", "unit", "rota", "hub", "area", "site",
	    "zone", "tier", "level", "line", "block", "bay", "desk", "room", "locality", "group",
	    "shift", "slot", "cluster", "wing", "pod"};
	const struct token *letter = item_token_at(items, at);
	const struct token *before = at > 0 ? letter - 1 : letter;

	/* "m: 07700 900123", "(w) 01632 960001" */
	if (letter->len == 1 && strchr("mtewhop", letter->text[0]) &&
	    is_address(items, at + 1 + item_is_mark_at(items, at + 1, ":.)")))
		return true;
	if (is_forwarded(items, at))
		return true;
	/* "E: J Jones", "N - J Jones": rosters write day, early and night so (shift_window.h). */
	if (at == 0 && letter->len == 1 && letter->capital && strchr("den", letter->text[0]) &&
	    item_is_mark_at(items, 1, ":-") && items->list.count > 2 &&
	    items->list.items[2].kind == ITEM_PERSON)
		return true;
	if (letter->len != 1 || !letter->capital || at == 0 ||
	    !item_is_word_at(items, at - 1, WORD_PLAIN) ||
	    (at + 1 < items->list.count && !item_is_mark_at(items, at + 1, ":-,;/|)]")))
		return false;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (strcmp(before->text, parts[i]) == 0)
			return true;
	}
	/* "AMHP A: J Jones", "Duty B - J Jones"; "S" or "L" may be sick or leave. */
	return strchr("abcden", letter->text[0]) != NULL &&
	       items->list.items[at - 1].role == WORD_NONE && item_is_mark_at(items, at + 1, ":-");
}

/* ---- The whole title. */

static bool
is_year(const struct token *token)
{
	return token->len == 4 && strcmp(token->text, "1900") >= 0 &&
	       strcmp(token->text, "2099") <= 0;
}

static bool
is_birth(const struct items *items, size_t at)
{
	const struct item *item = &items->list.items[at];
	const struct token *token = item_token_at(items, at);

	/* A date without a year is of this rota. */
	if (item->kind == ITEM_DATE)
		return token->year >= BIRTH_YEAR_MIN && token->year < BIRTH_YEAR_MAX;
	return item->kind == ITEM_NUMBER && at > 0 && item_is_month(items, item - 1) &&
	       is_year(token) && strcmp(token->text, "2020") < 0;
}

/* "NOT Dr Alan Smith", "instead of K Nowak": another person is not on, so it does not matter who it
 * is. */
static bool
is_ruled_out(const struct items *items, size_t at)
{
	while (at > 0 && item_is_mark_at(items, at - 1, "("))
		at--;
	return at > 0 && item_is_word_at(items, at - 1, WORD_NOT);
}

/* "TL: J Jones": Tom Lee, or the team leader? */
static bool
is_label(const struct items *items, size_t at)
{
	return items->list.items[at].initials && item_is_mark_at(items, at + 1, ":-") &&
	       items_have_name(items, at + 2, items->list.count);
}

/* A family name directly before or after another name may be part of a double name: "J Jones Smith",
 * "Lee Smith", "Jones Jones". Initials and aliases cannot be, and "Jan Jones (Jones)" repeats itself. */
static bool
is_double_name(const struct items *items, size_t at)
{
	const struct item *item = &items->list.items[at], *before = item - 1;

	if (at == 0 || item->kind != ITEM_PERSON || before->kind != ITEM_PERSON)
		return false;
	return item->surname || before->surname;
}

void
account(struct items *items)
{
	struct item *list = items->list.items;

	if (items->list.count == 0)
		return;
	for (size_t i = 0; i < items->list.count; i++) {
		if (is_birth(items, i))
			list[i].kind = ITEM_PATIENT;
		/* One such word is enough, wherever it is: the rest of the title may be about that
		 * patient. */
		if (list[i].kind == ITEM_PATIENT || item_is_word_at(items, i, WORD_PATIENT)) {
			items->patient = true;
			list[i].left = true;
		}
		if (is_label(items, i) || is_double_name(items, i) ||
		    (item_is_name(&list[i]) && list[i].owner && !item_owns_duty(items, i)) ||
		    (list[i].kind == ITEM_STRANGER && !is_ruled_out(items, i)) ||
		    (list[i].kind == ITEM_UNKNOWN && !letter_is_known(items, i)) ||
		    (list[i].kind == ITEM_ADDRESS && item_token_at(items, i)->doubtful))
			list[i].left = true;
	}
	/* Numbers before marks: whether "#" is harmless depends on the number after it. */
	account_numbers(items);
	account_marks(items);
}
