/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/* The form of a page by which somebody says "closed tonight", and what was sent with it. The page itself changes nothing. */

/* Adds the form, sent with the ${key} of the link. ${closed}: also the button that opens again. */
void closed_form_add(struct buf *out, const char *key, bool closed);

/* The instant that a time such as "23:00" means, the next at which the clocks say so, until tomorrow noon. ${path} names it in a
 * fault, which is noted. */
int64_t closed_until_read(struct ask *ask, const char *path, const char *text);
#define CLOSED_USUAL_UNTIL "09:00" /* when the day's own services open */

/* Until when it is closed, tomorrow noon at the latest; INSTANT_NONE: it is open after all. Faults are noted. */
int64_t closed_form_read(struct ask *ask);
