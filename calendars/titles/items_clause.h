/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/titles/items.h"

/* One clause of a title, while it is decided who in it is not meant. Internal to items_*.c. */
struct clause {
	struct item *list;
	size_t count;
};

/* Whether ${item} is the single word ${text}. */
bool clause_is_text(const struct items *items, const struct item *item, const char *text);

/* Whether it is one of ${texts}, which ends with NULL. */
bool clause_is_any(const struct items *items, const struct item *item, const char *const *texts);

/* Whether ${item} may stand between a name and the words about it. */
bool clause_passes(const struct item *item);

/* Whether a name, on duty or off, is somewhere before, or after, the item at ${at}. */
bool clause_name_before(const struct clause *c, size_t at);
bool clause_name_after(const struct clause *c, size_t at);

/* Takes off duty all names, and words that may be names, from ${from} to before ${to}. */
void clause_take_off(struct clause *c, size_t from, size_t to);

/* Whether the words at ${at} are about somebody else than the person named before them: "+
 * student", "and TBC". ${joint}: the item that joins them. */
bool clause_is_besides(const struct clause *c, const struct items *items, size_t at, size_t *joint);

/* Takes off duty the name at ${at} or, if ${over_plain}, the name after plain words from ${at}. False if
 * there is none. */
bool clause_take_off_next(struct clause *c, size_t at, bool over_plain);

/* What "covering", "cover" and "taking" at ${at} say: who is not on, or that it is not clear. */
void clause_settle_covering(struct clause *c, const struct items *items, size_t at);
void clause_settle_cover(struct clause *c, const struct items *items, size_t at);
bool clause_takes_shift(const struct clause *c, const struct items *items, size_t at);

/* Training, a court and the like at ${at}, in brackets: a reason why somebody is not on. */
void clause_settle_elsewhere(struct clause *c, const struct items *items, size_t at);

/* Takes off duty the owner of a shift that somebody else has: "J Jones doing S Ahmed's shift". If it is
 * not clear who has it, the title is undecided. */
void clause_settle_owners(struct clause *c, const struct items *items);

/* Casts doubt where one of several people is "covering", and it is not said for whom. */
void clause_settle_stand_ins(struct clause *c, const struct items *items);

/* Whether the swap at ${at} says no more than other words of the clause, which say who is on: "J Jones
 * covering for S Ahmed (swapped)". All names must be settled. */
bool clause_is_settled_swap(const struct clause *c, const struct items *items, size_t at);

/* Whether ${item} joins two statements, as "because" does; casts doubt on such words where one of the
 * statements is missing. */
bool clause_joins_statements(const struct items *items, const struct item *item);
void clause_settle_reasons(struct clause *c, const struct items *items);

/* Whether a word of absence is directly after the name at ${name}, or after "is". */
bool clause_is_away(const struct clause *c, const struct items *items, size_t name);

/* Whether the word at ${at} and a name are all that is in their brackets: "(swap S Ahmed)". */
bool clause_is_bracketed_name(const struct clause *c, size_t at);

/* Whether ${word} says that one person is on in place of another: "covering", "instead of". */
bool clause_stands_in(const struct items *items, const struct item *word);

/* Takes off duty a person who shadows, learns or observes; the person who is shadowed stays on.
 * ${at}: the word that says so. */
void clause_settle_learner(struct clause *c, const struct items *items, size_t at);
