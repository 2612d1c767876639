/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/tokens.h"
#include "server/base/table.h"

/*
 * The words of rotas: lexicon.txt, one phrase in a line with its meaning. Each phrase has one
 * meaning. A word that is not in it is not understood, and then nobody counts. In the file "#" is a
 * number of one to three digits: "st#" is ST5.
 */
enum word {
	WORD_NONE,
	WORD_PLAIN,   /* function, grade, shift, place: says nothing about whether somebody comes */
	WORD_SHIFT,   /* names a part of the day; two of them divide a title in a way that is not
			 known */
	WORD_STOPGAP, /* locum, agency, cover: a shift without a person unless one is named */
	WORD_HONORIFIC,
	WORD_NOBODY,  /* nobody is supplied */
	WORD_FAINT,   /* nil, gap, closed: nobody, unless something else is said */
	WORD_DOUBT,   /* a person must still decide */
	WORD_MAYBE,   /* as WORD_DOUBT, but may be somebody's initials: TF */
	WORD_PATIENT, /* speaks of a patient, whose name and number must not be shown */
	WORD_RELIEF,  /* leave cover: the person who covers is on duty, if only one is named */
	WORD_CONTACT, /* a number follows: tel, bleep */
	WORD_SEEKING, /* cover is being looked for */
	WORD_ABSENCE, /* away */
	WORD_SICK,    /* away; the reason must not be shown */
	WORD_CANCELLED,
	WORD_NOISE,    /* not cover */
	WORD_HOLIDAY,  /* the name of a day */
	WORD_PRIVATE,  /* all that a calendar published without details shows */
	WORD_NOT,      /* the name after it is not on duty */
	WORD_COVERING, /* as WORD_NOT for the name directly after it; alone it says nothing */
	WORD_TAKING,   /* takes off duty the person whose shift is named next: "taking J Jones's
			  shift"; alone it casts doubt */
	WORD_BECAUSE,  /* joins two statements: "as J Jones is sick", "so J Jones covers" */
	WORD_SWAPPING, /* as WORD_NOT, but the direction of the swap is open */
	WORD_BY,       /* the name before it is not on duty, the name after it is */
	WORD_SHADOW,
	WORD_WITH,
	WORD_NO, /* "no … cover" */
	WORD_COVER,
	WORD_THEN,
	WORD_UNTIL,
	WORD_FROM,
	WORD_TO,
	/* As WORD_PLAIN, but understood only with something beside them (beside.h). */
	WORD_PART,   /* team, ward, room: which one? */
	WORD_SIDE,   /* west, upper: of what? */
	WORD_JOIN,   /* at, of, and: what follows? */
	WORD_UNIT,   /* hours: how many? */
	WORD_HOLDER, /* "Employee:": a name follows */
	WORD_FIELD,  /* "Status:": something else than a name follows */
	WORD_REACH,  /* "contactable on": a telephone number follows */
	WORD_DATE,   /* Monday, March: understood alone, but gives no meaning to its neighbours */
	/* Of teams, places and functions that not every region has (place.h). A whole name of the
	 * region goes before both. */
	WORD_SETTING, /* A&E, PICU: the label of a shift, but not after a name */
	WORD_WEAK,    /* working from home, invitation: also of days that are not on duty, so only
			 where another word says that she is */
	WORD_DECOR,   /* a star, a smile: says nothing beside a word of rotas, and too much beside a
			 name alone */
	WORD_ELSEWHERE, /* CMHT, community, BIA: another work than this rota's */
	/* Kinds of teams: as WORD_SETTING, and after a name that they are set off from; but only in
	 * titles of a rota of that kind (lexicon_own). "CAMHS: J Jones" in an AMHP rota is of
	 * another team. */
	WORD_CREW_CHILDREN,
	WORD_CREW_LIAISON,
	WORD_CREW_CRISIS,
	WORD_CREW_SUITE,
	WORD_CREW_TRIAGE,
	WORD_CREW_OLDER,
	WORD_CREW_PERINATAL,
	WORD_CREW_ENTRY, /* access and assessment teams, control rooms */
};

static inline bool
word_is_crew(enum word word)
{
	return word >= WORD_CREW_CHILDREN && word <= WORD_CREW_ENTRY;
}

/* Whether a person named beside ${word} does not, or may not, count. */
static inline bool
word_takes_off(enum word word)
{
	return word == WORD_NOBODY || word == WORD_ABSENCE || word == WORD_SICK ||
	       word == WORD_CANCELLED || word == WORD_SHADOW || word == WORD_SEEKING;
}

struct lexicon_entry {
	const char *phrase;
	enum word word;
};
extern const struct lexicon_entry lexicon_entries[]; /* sorted by phrase */
extern const size_t lexicon_nentries;

struct lexicon {
	struct arena *arena;
	struct table decided; /* what the rota manager decided about phrases */
	struct table names;   /* of organisations, places, services, teams and functions */
	struct table wholes;  /* the same, but only as a whole name */
	uint32_t own_crews;   /* a bit for each WORD_CREW_… that the rota itself is of */
};

void lexicon_init(struct lexicon *lexicon, struct arena *arena);

/* From now on ${key} (from lexicon_key) means ${word}. Does nothing if that would hide a doubt
 * (lexicon_may_decide). The first call for a key counts. */
void lexicon_decide(struct lexicon *lexicon, const char *key, enum word word);

/* Whether ${key} may be decided to mean ${word}. */
bool lexicon_may_decide(const struct lexicon *lexicon, const char *key, enum word word);

/* Adds a name or code that says nothing about whether somebody comes: as a whole, and each of its
 * words that is no word of rotas. */
void lexicon_know(struct lexicon *lexicon, const char *name);

/* Takes the kinds of teams out of ${name}: that of the rota, its service, its function or one of its
 * teams. */
void lexicon_own(struct lexicon *lexicon, const char *name);

/* Whether ${word} is a kind of team that the rota is not of. */
bool lexicon_is_other_crew(const struct lexicon *lexicon, enum word word);

/* Whether ${word} is part of a name of the region, and no word of rotas. */
bool lexicon_is_name(const struct lexicon *lexicon, const char *word);

/* Whether ${word} is part of a name of the region, or a whole one, whatever else it means. */
bool lexicon_is_region(const struct lexicon *lexicon, const char *word);
bool lexicon_is_whole(const struct lexicon *lexicon, const char *word);

/* ${text} in the spelling of the lexicon; NULL if it is not a phrase of one to five words. */
const char *lexicon_key(struct arena *arena, const char *text);

/* Finds the longest phrase that begins at token ${at}. Returns its meaning and, in ${len}, its
 * number of tokens; WORD_NONE: there is no such phrase. */
enum word lexicon_find(
    const struct lexicon *lexicon, const struct tokens *tokens, size_t at, size_t *len);

/* The same for the phrase at token ${*at}, which is moved after it, or by one token where there is no
 * phrase. So whole phrases are passed over: "not available" is not looked at again as "available". */
enum word lexicon_next(const struct lexicon *lexicon, const struct tokens *tokens, size_t *at);
