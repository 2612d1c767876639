/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/* The form of a page by which somebody says "closed tonight", and what was sent with it. The page itself changes nothing. */

/* Adds the form, sent with the ${key} of the link. ${closed}: also the button that opens again. */
void closed_form_add(struct buf *out, const char *key, bool closed);

/* Until when it is closed, tomorrow noon at the latest; INSTANT_NONE: it is open after all. Faults are noted. */
int64_t closed_form_read(struct ask *ask);
