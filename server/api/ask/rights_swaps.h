/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/rights.h"

/*
 * Who may offer, accept, refuse and take back a swap, and see one; and who asks for leave and approves it.
 * Pure. An account may be a person's (`person` in the set-up): then it speaks for that person too.
 */

/* The shifts that change hands: one, and of an exchange a second, given the other way round. */
#define SWAP_SHIFTS_MAX 2
struct swap_sides {
	uint32_t count;
	uint32_t rotas[SWAP_SHIFTS_MAX]; /* REGION_NONE: has left the region */
	uint32_t gives[SWAP_SHIFTS_MAX], takes[SWAP_SHIFTS_MAX]; /* people; REGION_NONE likewise */
};

/* The person whose account it is; REGION_NONE: nobody's. */
uint32_t rights_own_person(const struct region *region, const struct account *account);

/* Whether it may know when the person is on, on every rota, and on leave: the person's own, or one that
 * speaks for the person. ${person} may be REGION_NONE: false. */
bool rights_knows_times(
    const struct region *region, const struct account *account, uint32_t person);

/* Whether the swap concerns it: it manages one of its rotas, or knows the times of one of its people. Others
 * do not learn that there is one. */
bool rights_swap_sees(
    const struct region *region, const struct account *account, const struct swap_sides *sides);

/* Whether it may offer it: who gives the first shift, or who may change its rota. */
bool rights_swap_offers(
    const struct region *region, const struct account *account, const struct swap_sides *sides);

/* As whom it may accept or refuse it. */
enum swap_answerer {
	SWAP_ANSWERS_NOT,
	SWAP_ANSWERS_RECEIVER, /* who takes the first shift */
	SWAP_ANSWERS_WORD,     /* a manager, of all its rotas or of who takes the first shift */
};
enum swap_answerer rights_swap_answers(
    const struct region *region, const struct account *account, const struct swap_sides *sides);

/* Whether it may overrule a check that has failed: a manager that may accept it. */
bool rights_swap_forces(
    const struct region *region, const struct account *account, const struct swap_sides *sides);

/* Whether it may take an offer back (${offered_by}: the account that made it), or what was accepted. */
bool rights_swap_takes_back(const struct region *region, const struct account *account,
    const struct swap_sides *sides, const char *offered_by);
bool rights_swap_undoes(
    const struct region *region, const struct account *account, const struct swap_sides *sides);

/* Whether it decides about leave of ${person}: it speaks for the person, and is not the person's own. */
bool rights_leave_decides(
    const struct region *region, const struct account *account, uint32_t person);
