/* SPDX-License-Identifier: MIT */
#include "calendars/titles/title_tally.h"

#include <string.h>

static void
tally_word(struct tally *t, const struct items *items, const struct item *item)
{
	const char *text = items->tokens->items.items[item->token].text;

	t->last = item->word;
	/* Marks are not counted: "*Cancelled*" begins with its word. */
	if (t->words++ == 0)
		t->first = item->word;
	/* It is about another place, so it is no reason against the people named. */
	if (item->second) {
		t->extra++;
		return;
	}
	t->nobody += item->word == WORD_NOBODY;
	t->faint += item->word == WORD_FAINT;
	t->absence += item->word == WORD_ABSENCE;
	t->sick += item->word == WORD_SICK;
	t->cancelled += item->word == WORD_CANCELLED;
	if (item->word == WORD_NOISE && !t->asked_noise)
		t->noise++;
	t->holiday += item->word == WORD_HOLIDAY;
	t->private += item->word == WORD_PRIVATE;
	t->shadow += item->word == WORD_SHADOW;
	t->stopgaps += item->word == WORD_STOPGAP;
	t->plain += item->word == WORD_PLAIN;
	t->relief += item->word == WORD_RELIEF;
	if (item->word == WORD_SHIFT) {
		t->shifts += t->shift == NULL || strcmp(t->shift, text) != 0;
		t->shift = text;
	}
	/* Kept apart: "Cover needed" without a name is nobody's shift, not a doubtful one. */
	if (item->doubt && item->word == WORD_SEEKING)
		t->seeking++;
	else
		t->doubts += item->doubt;
	/* If they had belonged to hours, title_times.c would have taken them away with these. */
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
	/* The first name is the one that the list of open questions shows. */
	if (t->shown == NULL)
		t->shown = item->shown;
	t->persons += item->kind == ITEM_PERSON;
	t->several += item->kind == ITEM_SEVERAL;
	t->strangers += item->kind == ITEM_STRANGER;
}

/* "Ward round?? Dr Gill doing 1st on call": the question is not about her. */
static bool
is_asked(const struct item *list, size_t count)
{
	return list[0].word == WORD_NOISE && count > 3 && list[1].kind == ITEM_MARK &&
	       list[1].mark == '?' && list[2].kind == ITEM_MARK && list[2].mark == '?' &&
	       item_is_name(&list[3]);
}

struct tally
tally_of(const struct items *items, const struct item *list, size_t count)
{
	struct tally t = {.words = 0};

	for (size_t i = 0; i < count; i++) {
		const struct item *item = &list[i];
		bool plus = i > 0 && list[i - 1].kind == ITEM_MARK && list[i - 1].mark == '+';

		t.left += item->left;
		if (item->kind == ITEM_WORD) {
			t.asked_noise = t.asked_noise || (i == 0 && is_asked(list, count));
			tally_word(&t, items, item);
			if (item->word == WORD_CANCELLED && t.words == 1 && i + 1 < count &&
			    list[i + 1].kind == ITEM_MARK)
				t.prefix_cancelled = true;
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
	/* "Early: Sam, Jo / Late: Kim": only the rota's owner knows who has which hours. */
	if (t.shifts > 1 && t.persons + t.several + t.strangers > 1)
		t.doubts++;
	/* "J Jones leave cover S Ahmed": one of the two is away. */
	if (t.relief > 0 && t.persons + t.several + t.strangers > 1)
		t.doubts++;
	return t;
}

bool
tally_is_clear(const struct tally *t)
{
	return t->doubts + t->seeking + t->left + t->several + t->strangers + t->nobody + t->faint +
		       t->noise + t->cancelled + t->private ==
		   0 &&
	       (!t->asked_noise || t->plain > 0);
}
