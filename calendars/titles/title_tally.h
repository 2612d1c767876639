/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* How many of each kind a clause has, once it is settled who is meant (items_settle). */
struct tally {
	size_t persons, several, strangers, left, doubts, seeking, nobody, faint, absence, sick,
	    cancelled, noise, holiday, private, shadow, plain, relief, shifts, stopgaps, off, extra,
	    words;
	enum word first, last;
	bool prefix_cancelled; /* "Canceled:" */
	bool asked_noise;      /* "Ward round?? …": asked of something else before the rest */
	const char *shift;
	const char *team, *shown;
};

struct tally tally_of(const struct items *items, const struct item *list, size_t count);

/* Whether nothing speaks against those who are named: no doubt, nothing left over, nobody unknown,
 * and no word of nobody, of meetings or of cancelling. */
bool tally_is_clear(const struct tally *t);
