/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/roster/roster_row.h"

/* What the other columns of a row say about the person in its name column. They are read as titles,
 * and words have the same force as in a title. */
enum slot_state { /* in ascending order of what is taken away: roster_slot_note() compares them */
	SLOT_FILLED, /* no cell contradicts it */
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
	bool other; /* it is empty, but a note names somebody who may be on */
};

/* A row, as its columns are read beside its name. */
struct row_says {
	struct titles *titles;
	const char *name;         /* as written, in order */
	const struct title *base; /* the name as a title */
	int64_t start, end;       /* local time of the row */
	const char *duty;         /* of a cell of a grid, the heading of its duty; NULL: none */
};

/* What ${text} says about the person of the row. It is read together with the name, because words have
 * their meaning beside a person: "sick" takes this person off duty, "covering" may take another off. Sets
 * ${title} to the title that was read, name and text together. */
enum slot_state roster_text_says(
    const struct row_says *row, const char *text, const struct title **title);

/* The same with ${text} before the name, where the label of a shift stands: "Fenmere AMHP: J Jones". */
enum slot_state roster_label_says(
    const struct row_says *row, const char *text, const struct title **title);

/* Whether ${text} names another person, who may be the one who comes; not in "covering for S
 * Ahmed". */
bool roster_names_another(const struct row_says *row, const char *text);

/* Sets the state of ${slot} to ${state} if that takes away more cover than the present one: of several
 * columns the worst decides. ${title} may be NULL. */
void roster_slot_note(
    struct slot *slot, enum slot_state state, const char *column, const struct title *title);

/* Adds the words of ${title} that are not understood to what must be decided of the slot. What the
 * name itself lacks is listed with the name. */
void roster_slot_ask(const struct row_says *row, struct slot *slot, const struct title *title);

/* The first phrase in ${text} of which ${is} is true, as it is written, in the arena of ${titles}; NULL: there is
 * none. And whether there is one. */
const char *roster_first_phrase(
    struct titles *titles, const char *text, bool (*is)(enum word word));
bool roster_any_word(struct titles *titles, const char *text, bool (*is)(enum word word));

/* Whether ${text} is a phrase that takes somebody off duty or casts doubt. */
bool roster_has_force(struct titles *titles, const char *text);

/* The meaning of ${text} if all of it is one phrase; else WORD_NONE. */
enum word roster_only_word(struct titles *titles, const char *text);
