/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/*
 * Counts the kinds of items of a clause, after items_settle(). Names are counted as persons, several
 * or strangers (the kinds of items.h) if they are not off duty, else as off; words by the meaning
 * for which the counter is named. left, doubts: items left over, and items that cast doubt. extra:
 * what is about one more place than the people named. words: names and words together.
 */
struct tally {
	size_t persons, several, strangers, left, doubts, seeking, nobody, faint, absence, sick,
	    cancelled, noise, holiday, private, shadow, plain, relief, shifts, stopgaps, off, extra,
	    words;
	enum word first, last;
	bool prefix_cancelled; /* "Canceled:" */
	bool asked_noise; /* "Ward round?? …": the question is about something else than the rest */
	const char *shift;
	const char *team, *shown;
};

struct tally tally_of(const struct items *items, const struct item *list, size_t count);

/* Whether the people named count without objection: no doubt, nothing left over, no unknown name,
 * and no word for nobody, meetings or cancelling. */
bool tally_is_clear(const struct tally *t);
