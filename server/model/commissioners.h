/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/model/region.h"

/*
 * Who commissions a requirement, when organisations end and are followed by others. Pure.
 *
 * An organisation that has ended is followed by its successors, and these by theirs. One that ended and names none, and
 * one that has not ended, stands for itself: the end of an organisation ends no duty by itself.
 */

/* Those who stand for ${who} on the local day ${day}: itself or its successors, each once. An account stands for itself. In
 * ${arena}, NULL at the end. */
const char *const *commissioner_now(
    struct arena *arena, const struct region *region, const char *who, int64_t day);

/* Whether ${organisation} (a code; NULL: none) stands for ${who} on ${day}. A former commissioner does as well: its people
 * answer until their accounts have moved. */
bool commissioner_is(
    const struct region *region, const char *who, const char *organisation, int64_t day);

/* Those who stand for the commissioners of a requirement on a day: each once, with all that is theirs. ${share} is 0 if it
 * is not known: a commissioner was followed by several, and no one has said who has what part. In ${arena}. */
struct commissioners {
	const struct region_commissioner *items;
	uint32_t count;
};
struct commissioners commissioners_on(
    struct arena *arena, const struct region *region, uint32_t requirement, int64_t day);

/* Divides ${whole} of anything that is counted (minutes) by the shares of ${requirement}, in their order, into ${out}: whole
 * numbers whose sum is ${whole}. Of what is left, those with the largest fraction get one each, the first in the list before the others. */
void commissioners_divide(
    const struct region_requirement *requirement, int64_t whole, int64_t *out);
