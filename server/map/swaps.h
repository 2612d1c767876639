/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/model/region.h"

/*
 * The swaps, and the leave, that are not long over, as far as those who listen are told of them: which there are, their
 * states, and whom they concern. What is in them is asked of the record. Immutable and counted; not in the snapshot's
 * file, since nothing is answered from it.
 */
#define SWAP_PEOPLE_MAX 2
#define SWAP_ROTAS_MAX 2
#define SWAP_STATE_MAX 12

struct kept_swap {
	bool leave; /* leave, and no swap */
	int64_t id, version;
	int64_t expires;            /* until when an offer can be answered */
	int64_t end;                /* of the leave, or of the last of its shifts */
	char state[SWAP_STATE_MAX]; /* as the record has it; see kept_swap_state() */
	uint32_t rotas[SWAP_ROTAS_MAX],
	    people[SWAP_PEOPLE_MAX]; /* whom it concerns; the rest is REGION_NONE */
};

struct swaps {
	unsigned refs;
	int64_t version;
	size_t count;
	struct kept_swap items[]; /* in the order of swap_compare() */
};

struct swaps *swaps_none(void); /* version -1: none was read */
struct swaps *swaps_ref(struct swaps *swaps);
void swaps_unref(struct swaps *swaps);

/* Swaps before leave, each by id: they have numbers of their own. Less than 0, 0 or more. */
int swap_compare(const struct kept_swap *x, const struct kept_swap *y);

/* ${from} with ${items}, in that order, in the place of those with their ids, and without what was over at ${now}. */
struct swaps_change {
	int64_t version, now;
	const struct kept_swap *items;
	size_t count;
};
struct swaps *swaps_changed(const struct swaps *from, const struct swaps_change *change);

/* The state at ${at}: an offer that nobody has answered in time is "expired". */
const char *kept_swap_state(const struct kept_swap *swap, int64_t at);
