/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_row.h"

/* What the other columns of a row say about the person in its name column. They are read as titles,
 * and words have the same force as in a title. */
enum slot_state {
	SLOT_FILLED, /* nothing speaks against it */
	SLOT_NOISE,  /* not cover */
	SLOT_OPEN,   /* a word casts doubt or is not understood: a person must decide */
	SLOT_AWAY,   /* the person named is away */
	SLOT_EMPTY   /* nobody */
};

struct slot {
	enum slot_state state;
	const char *column;        /* the heading of the column that decides it, or NULL */
	const struct title *title; /* the title of that column, or NULL */
	VEC(struct title_unknown) unknown;
};

/* Reads ${text} from the column ${heading} as its ${extra} says. ${name} is the name of the row as
 * a title. */
struct row_says {
	struct titles *titles;
	const char *name;         /* as written, in order */
	const struct title *base; /* the name as a title */
	int64_t start, end;       /* local time of the row */
};
void roster_column_says(const struct row_says *row, const struct roster_heading *heading,
    const char *text, struct slot *slot);

/* Whether ${text} holds a phrase that takes somebody off duty or casts doubt. */
bool roster_has_force(struct titles *titles, const char *text);

/* The meaning of ${text} if all of it is one phrase; else WORD_NONE. */
enum word roster_only_word(struct titles *titles, const char *text);
