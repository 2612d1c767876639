/* SPDX-License-Identifier: MIT */
#pragma once

/* How many listeners there are of one account, or from one address. */
struct tallies;
struct tally;

struct tallies *tallies_new(void);
void tallies_free(struct tallies *tallies); /* everybody must have left */

/* One more of ${key}; NULL if there are ${most} already. */
struct tally *tallies_enter(struct tallies *tallies, const char *key, unsigned most);
void tallies_leave(struct tallies *tallies, struct tally *tally); /* NULL is allowed */
