/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/tokens.h"
#include "server/base/table.h"

/*
 * The words of rotas (lexicon.txt, a phrase a line with its meaning). Each phrase has one meaning;
 * a word that is not there is not understood, and what is not understood never counts. In the file
 * "#" is any number of one to three digits: "st#" is ST5.
 */
enum word {
	WORD_NONE,
	WORD_PLAIN,   /* function, grade, shift, place: says nothing about whether */
	WORD_SHIFT,   /* names a part of the day: two of them split a title in a way that only its
			 owner knows */
	WORD_STOPGAP, /* locum, agency, cover: a shift without a person unless one is named */
	WORD_HONORIFIC,
	WORD_NOBODY,  /* this rota supplies nobody */
	WORD_FAINT,   /* nil, gap, closed: nobody, if nothing else is said */
	WORD_DOUBT,   /* a person must still decide */
	WORD_MAYBE,   /* so does this, but it may be somebody's initials: TF */
	WORD_PATIENT, /* speaks of a patient, whose name and number are not ours to show */
	WORD_RELIEF,  /* leave cover: who covers is on duty, if only one is named */
	WORD_CONTACT, /* a number stands behind it: tel, bleep */
	WORD_SEEKING, /* cover is being looked for */
	WORD_ABSENCE, /* away */
	WORD_SICK,    /* away, and the reason is nobody's business */
	WORD_CANCELLED,
	WORD_NOISE,    /* not cover */
	WORD_HOLIDAY,  /* the name of a day */
	WORD_PRIVATE,  /* all that a calendar without details shows */
	WORD_NOT,      /* the name behind it is not on duty */
	WORD_COVERING, /* so is the name directly behind it; alone it says nothing */
	WORD_SWAPPING, /* as WORD_NOT, but who gives and who takes is open */
	WORD_BY,       /* the name before it is not on duty, the one behind it is */
	WORD_SHADOW,
	WORD_WITH,
	WORD_NO, /* no ... cover */
	WORD_COVER,
	WORD_THEN,
	WORD_UNTIL,
	WORD_FROM,
	WORD_TO,
	/* These say no more than WORD_PLAIN, and are understood only with something beside them
	 * (beside.h). */
	WORD_PART,   /* team, ward, room: which one? */
	WORD_SIDE,   /* west, upper: of what? */
	WORD_JOIN,   /* at, of, and: what follows? */
	WORD_UNIT,   /* hours: how many? */
	WORD_HOLDER, /* "Employee:", behind which a name stands */
	WORD_FIELD,  /* "Status:", behind which something else than a name stands */
	WORD_DATE, /* Monday, March: understood alone, but it says nothing of what stands beside */
};

struct lexicon_entry {
	const char *phrase;
	enum word word;
};
extern const struct lexicon_entry lexicon_entries[]; /* sorted by phrase */
extern const size_t lexicon_nentries;

struct lexicon {
	struct arena *arena;
	struct table decided; /* what the rota's manager says of a phrase */
	struct table names;   /* of organisations, places, services, teams and functions */
	struct table wholes;  /* the same, only where they are the whole of a name */
};

void lexicon_init(struct lexicon *lexicon, struct arena *arena);

/* From here on ${key} (lexicon_key) means ${word}, whatever was said of it before; unless a doubt
 * would be lost by that (lexicon_may_decide). */
void lexicon_decide(struct lexicon *lexicon, const char *key, enum word word);

/* Whether ${key} may be decided to mean ${word}. */
bool lexicon_may_decide(const struct lexicon *lexicon, const char *key, enum word word);

/* A name or code that says nothing of whether anybody comes: the whole of it, and each of its words
 * that is no word of rotas. */
void lexicon_know(struct lexicon *lexicon, const char *name);

/* Whether ${word} is of a name of the region, and no word of rotas. */
bool lexicon_is_name(const struct lexicon *lexicon, const char *word);

/* Whether ${word} is of a name of the region, or the whole of one, whatever else it means. */
bool lexicon_is_region(const struct lexicon *lexicon, const char *word);
bool lexicon_is_whole(const struct lexicon *lexicon, const char *word);

/* ${text} as the phrases of a lexicon are written; NULL: it is none of one to five words. */
const char *lexicon_key(struct arena *arena, const char *text);

/* The longest phrase that begins at token ${at}: its meaning, and in ${len} its number of tokens.
 * WORD_NONE: none. */
enum word lexicon_find(
    const struct lexicon *lexicon, const struct tokens *tokens, size_t at, size_t *len);
