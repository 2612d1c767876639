#pragma once

#include "calendars/reading.h"
#include "calendars/titles/tokens.h"

/*
 * Who a name in a title may be. A name means a person only if the directory has exactly one whom it
 * fits: two people of one name are never merged by guess, and a name that says more than the
 * directory knows ("Alan Smith" against "A Smith") fits nobody.
 */
struct people {
	const struct reading_person *people;
	size_t npeople;
	struct name_form *forms; /* sorted by their first token */
	size_t nforms;
};

/* ${aliases} are those of the rota itself: they go before what the directory says of its people. */
void people_init(struct people *people, struct arena *arena, const struct reading_person *list,
    size_t count, const struct reading_alias *aliases, size_t naliases);

/* Who the name that begins at token ${at} is. ${len}: its tokens, 0 if there is no name. Answers
 * NULL if it fits several. ${surname}: it is a bare surname. */
const struct reading_person *people_match(const struct people *people, const struct tokens *tokens,
    size_t at, size_t *len, bool *surname);
