/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* One clause of a title while it is settled who of it is not meant. Private to items_*.c. */
struct clause {
	struct item *list;
	size_t count;
};

bool clause_is_word(const struct item *item, enum word word);
bool clause_is_mark(const struct item *item, char mark);

/* Whether ${item} is one word, and that ${text}. */
bool clause_is_text(const struct items *items, const struct item *item, const char *text);

/* Words and marks that may stand between what is said of somebody and the name. */
bool clause_passes(const struct item *item);

bool clause_name_before(const struct clause *c, size_t at);
bool clause_name_behind(const struct clause *c, size_t at);
void clause_take_off(struct clause *c, size_t from, size_t to);

/* "+ student", "and TBC": whether what stands at ${at} is of somebody besides who is named before
 * it. ${joint}: the item that joins them. */
bool clause_is_besides(const struct clause *c, const struct items *items, size_t at, size_t *joint);

/* Who shadows, learns or looks on is not on duty; who is shadowed is. ${at}: the word that says so.
 */
void clause_settle_learner(struct clause *c, const struct items *items, size_t at);
