/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster_row.h"

/* What the columns of a row say beside its name: in the words of titles, with the force that they
 * have there. */
enum slot_state {
	SLOT_FILLED, /* nothing against it */
	SLOT_NOISE,  /* not cover */
	SLOT_OPEN,   /* a word casts doubt, or is not understood: for a person to decide */
	SLOT_AWAY,   /* who is named is away */
	SLOT_EMPTY   /* nobody */
};

struct slot {
	enum slot_state state;
	const char *column;        /* the heading that says so, or NULL */
	const struct title *title; /* of what it says, or NULL */
	VEC(struct title_unknown) unknown;
};

/* Reads ${text} of the column ${heading}, which is read as ${extra} says, of a row whose name reads
 * as ${name}. */
struct row_says {
	struct titles *titles;
	const char *name;         /* as written, in order */
	const struct title *base; /* the name as a title */
	int from, to;             /* minutes of the day, of the row's own times */
};
void roster_column_says(const struct row_says *row, const struct roster_heading *heading,
    const char *text, struct slot *slot);

/* Whether ${text} is a phrase of rotas that takes somebody off duty or casts doubt. */
bool roster_has_force(struct titles *titles, const char *text);

/* The meaning of ${text} if all of it is one phrase; else WORD_NONE. */
enum word roster_only_word(struct titles *titles, const char *text);
