/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/title.h"
#include "calendars/titles/tokens.h"

/*
 * The words of a title with their meaning: who is named, who of them is not meant ("instead of",
 * "was", "→"), and what casts doubt. The step between tokens and what a title says.
 */
enum item_kind {
	ITEM_PERSON,   /* of the directory, one only */
	ITEM_SEVERAL,  /* a name that fits more than one */
	ITEM_STRANGER, /* a name that fits nobody */
	ITEM_TEAM,
	ITEM_WORD,
	ITEM_UNKNOWN, /* not understood */
	ITEM_NUMBER,
	ITEM_TIME,
	ITEM_DATE,
	ITEM_ADDRESS, /* a telephone number, mail, page or postcode */
	ITEM_PATIENT, /* a number or date of a patient */
	ITEM_MARK,
};

struct item {
	enum item_kind kind;
	enum word word;
	enum word role; /* WORD_PART and the like of a WORD_PLAIN; WORD_NONE */
	char mark;
	size_t token, ntokens;
	const struct reading_person *person;
	const char *team, *shown;
	bool off;           /* said to be not on duty, or swallowed by what says so */
	bool doubt;         /* casts doubt on the whole clause */
	bool second;        /* "+ TBC": of one more place than are named */
	bool initials;      /* made of a name, given by nobody */
	bool left;          /* not accounted for (account.h): the title is undecided */
	bool capital, code; /* an unknown word that may be a name; short capitals */
};

struct items {
	const struct tokens *tokens;
	VEC(struct item) list;
	bool patient; /* it speaks of a patient */
};

void items_make(struct items *items, const struct titles *titles, const struct tokens *tokens);

/* Marks in ${list}, one clause, who is not meant. */
void items_settle(const struct items *items, struct item *list, size_t count);

/* Whether ${item} is the name of a month; whether a range of days begins at ${at}: "7-13 Dec". */
bool item_is_month(const struct items *items, const struct item *item);
bool item_begins_days(const struct items *items, const struct item *list, size_t count, size_t at);

/* Whether ${item} names somebody, known or not. */
bool item_is_name(const struct item *item);
