/* SPDX-License-Identifier: MIT */
#include "server/api/ask/rights_swaps.h"

#include <string.h>

/* From the set-up in force and not from the account, so that the link ends with it. */
uint32_t
rights_own_person(const struct region *region, const struct account *account)
{
	uint32_t index = region->naccounts == 0
			     ? TABLE_NONE
			     : table_get(&region->account_by_name, account->name);

	/* An account under a former name is another account. */
	if (index == TABLE_NONE || strcmp(region->accounts[index].name, account->name) != 0)
		return REGION_NONE;
	return region->accounts[index].person;
}

static bool
is_own(const struct region *region, const struct account *account, uint32_t person)
{
	return person != REGION_NONE && rights_own_person(region, account) == person;
}

static bool
speaks_for(const struct region *region, const struct account *account, uint32_t person)
{
	return person != REGION_NONE && rights_speaks_for(region, account, person);
}

static bool
changes(const struct region *region, const struct account *account, uint32_t rota)
{
	return rota != REGION_NONE && rights_change_rota(region, account, rota);
}

static bool
changes_all(
    const struct region *region, const struct account *account, const struct swap_sides *sides)
{
	for (uint32_t i = 0; i < sides->count; i++)
		if (!changes(region, account, sides->rotas[i]))
			return false;
	return true;
}

bool
rights_knows_times(const struct region *region, const struct account *account, uint32_t person)
{
	return is_own(region, account, person) || speaks_for(region, account, person);
}

bool
rights_swap_sees(
    const struct region *region, const struct account *account, const struct swap_sides *sides)
{
	for (uint32_t i = 0; i < sides->count; i++)
		if (changes(region, account, sides->rotas[i]) ||
		    rights_knows_times(region, account, sides->gives[i]) ||
		    rights_knows_times(region, account, sides->takes[i]))
			return true;
	return account->role == ROLE_ADMINISTRATOR;
}

bool
rights_swap_offers(
    const struct region *region, const struct account *account, const struct swap_sides *sides)
{
	return is_own(region, account, sides->gives[0]) ||
	       changes(region, account, sides->rotas[0]);
}

/* The receiver comes first: a manager who swaps with somebody accepts for themselves. */
enum swap_answerer
rights_swap_answers(
    const struct region *region, const struct account *account, const struct swap_sides *sides)
{
	if (is_own(region, account, sides->takes[0]))
		return SWAP_ANSWERS_RECEIVER;
	return rights_swap_forces(region, account, sides) ? SWAP_ANSWERS_WORD : SWAP_ANSWERS_NOT;
}

bool
rights_swap_forces(
    const struct region *region, const struct account *account, const struct swap_sides *sides)
{
	return speaks_for(region, account, sides->takes[0]) || changes_all(region, account, sides);
}

bool
rights_swap_takes_back(const struct region *region, const struct account *account,
    const struct swap_sides *sides, const char *offered_by)
{
	return strcmp(account->name, offered_by) == 0 ||
	       speaks_for(region, account, sides->gives[0]) ||
	       rights_swap_offers(region, account, sides);
}

/* What both have agreed to is undone by those who keep every rota of it: its overrides are theirs. */
bool
rights_swap_undoes(
    const struct region *region, const struct account *account, const struct swap_sides *sides)
{
	return changes_all(region, account, sides);
}

/* Nobody approves their own leave, whatever else they may. */
bool
rights_leave_decides(const struct region *region, const struct account *account, uint32_t person)
{
	return speaks_for(region, account, person) && !is_own(region, account, person);
}
