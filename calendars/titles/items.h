/* SPDX-License-Identifier: MIT */
#pragma once

#include <string.h>

#include "calendars/titles/title.h"
#include "calendars/titles/tokens.h"

/*
 * The words of a title with their meaning: who is named, who of them is not meant ("instead of",
 * "was", "→"), and what casts doubt. Comes between tokens and the reading of the title.
 */
enum item_kind {
	ITEM_PERSON,   /* exactly one of the directory */
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
	enum word role; /* of a WORD_PLAIN: WORD_PART and the like; else WORD_NONE */
	char mark;
	size_t token, ntokens;
	const struct reading_person *person;
	const char *team, *shown;
	bool off;      /* is not on duty, or is part of the words that say so */
	bool doubt;    /* casts doubt on the whole clause */
	bool second;   /* "+ TBC": about one more place than the people named */
	bool owner;    /* "Jones's": of a shift, or of leave (item_owns_duty) */
	bool surname;  /* a family name alone */
	bool initials; /* the initials of a name; nobody has them as an alias */
	bool left;     /* not accounted for (account.h): the title is undecided */
	bool capital;  /* an unknown word that may be a name */
};

struct items {
	const struct tokens *tokens;
	VEC(struct item) list;
	bool patient; /* the title speaks of a patient */
};

void items_make(struct items *items, const struct titles *titles, const struct tokens *tokens);

/* Marks in ${list}, which is one clause, the people who are not meant. */
void items_settle(const struct items *items, struct item *list, size_t count);

/* Whether ${item} is the name of a month; whether a range of days begins at ${at}: "7-13 Dec". */
bool item_is_month(const struct items *items, const struct item *item);
bool item_begins_days(const struct items *items, const struct item *list, size_t count, size_t at);

/* Whether ${item} is the mark, one of the marks of ${set}, the word; NULL is none. */
static inline bool
item_is_mark(const struct item *item, char mark)
{
	return item != NULL && item->kind == ITEM_MARK && item->mark == mark;
}

static inline bool
item_is_any_mark(const struct item *item, const char *set)
{
	return item != NULL && item->kind == ITEM_MARK && strchr(set, item->mark) != NULL;
}

static inline bool
item_is_word(const struct item *item, enum word word)
{
	return item != NULL && item->kind == ITEM_WORD && item->word == word;
}

/* Of the item at ${at} of the whole title: its token; whether it is there and is one of the marks of
 * ${set}, or the word. */
static inline const struct token *
item_token_at(const struct items *items, size_t at)
{
	return &items->tokens->items.items[items->list.items[at].token];
}

static inline bool
item_is_mark_at(const struct items *items, size_t at, const char *set)
{
	return at < items->list.count && item_is_any_mark(&items->list.items[at], set);
}

static inline bool
item_is_word_at(const struct items *items, size_t at, enum word word)
{
	return at < items->list.count && item_is_word(&items->list.items[at], word);
}

/* Whether the word at ${at} is followed by somebody and an absence: "as J Jones is sick". */
bool item_gives_reason(const struct items *items, size_t at);

/* Takes off duty who is out in "J Jones in, S Ahmed out". */
void items_settle_in_out(struct items *items);

/* Whether ${item} is a word for a shift; whether the name at ${at}, which is written "Jones's", is
 * followed by such a word, or by one of absence. */
bool item_is_duty(const struct items *items, const struct item *item);
bool item_owns_duty(const struct items *items, size_t at);

/* Whether ${item} is a name, known or not. */
bool item_is_name(const struct item *item);
