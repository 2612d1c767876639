/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"
#include "calendars/titles/tokens.h"

/*
 * Who a name in a title may be. A name means a person only if the directory has exactly one whom it
 * fits: two people of one name are never merged by guess, and a name that says more than the
 * directory knows ("Alan Smith" against "A Smith") fits nobody.
 */
/* Who said that a form means its person: the name itself, or an alias. */
enum people_rank { PEOPLE_NAME, PEOPLE_INITIALS, PEOPLE_SURNAME, PEOPLE_ALIAS, PEOPLE_ROTA_ALIAS };

struct people_found {
	const struct reading_person *person; /* NULL: it fits several, or somebody who has left */
	size_t len;                          /* tokens; 0: there is no name */
	enum people_rank rank;
};

struct people {
	const struct reading_person *people;
	size_t npeople;
	struct name_form *forms; /* sorted by their first token */
	size_t nforms;
};

/* ${aliases} are those of the rota itself: they go before what the directory says of its people. */
void people_init(struct people *people, struct arena *arena, const struct reading_person *list,
    size_t count, const struct reading_alias *aliases, size_t naliases);

/* Who the name that begins at token ${at} is. */
struct people_found people_match(
    const struct people *people, const struct tokens *tokens, size_t at);
