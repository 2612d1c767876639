/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "calendars/titles/lexicon.h"
#include "calendars/titles/tokens.h"

/*
 * Finds the person whom a name in a title means: exactly one person of the directory must fit. Two
 * people with one name are never guessed at, and a name that says more than the directory ("Alan
 * Smith" where the directory has "A Smith") fits nobody.
 */
/* The form by which a name means its person. The aliases outrank the other forms. */
enum people_rank { PEOPLE_NAME, PEOPLE_INITIALS, PEOPLE_SURNAME, PEOPLE_ALIAS, PEOPLE_ROTA_ALIAS };

struct people_found {
	const struct reading_person *person; /* NULL: several people fit, or one who has left */
	size_t len;                          /* number of tokens; 0: there is no name */
	enum people_rank rank;
	bool owner; /* "Jones's", "Ahmeds" */
};

struct people {
	const struct reading_person *people;
	size_t npeople;
	struct name_form *forms; /* sorted by their first token */
	size_t nforms;
	const struct lexicon *lexicon;
};

/* Whom titles may name. The aliases are those of the rota; they are stronger than the directory's. */
struct people_known {
	const struct reading_person *list;
	size_t count;
	const struct reading_alias *aliases;
	size_t naliases;
	/* Which words may be joined to a name by a hyphen: "AMHP-J Jones"; NULL: none. */
	const struct lexicon *lexicon;
};
void people_init(struct people *people, struct arena *arena, const struct people_known *known);

/* Finds the person whose name begins at token ${at}. */
struct people_found people_match(
    const struct people *people, const struct tokens *tokens, size_t at);
