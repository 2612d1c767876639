/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* Marks as left over the marks that are not harmless, brackets and quotes round the only name, and what
 * is crossed out. Internal to account*.c. */
void account_marks(struct items *items);

/* Whether one of the items from ${from} to before ${to} is a name. */
bool items_have_name(const struct items *items, size_t from, size_t to);
