/* SPDX-License-Identifier: MIT */
#pragma once

#include <string.h>

#include "server/model/bundle.h"

/*
 * What a bundle has, by trying every way in which each head fills one part or none: the second
 * implementation of bundle.h, which shares nothing with the first. For few heads and parts.
 */
struct naive_best {
	int32_t most;  /* heads and doubtful places that fill parts, at most */
	bool full;     /* every part */
	bool each_one; /* every part has somebody */
};

struct naive_trying {
	const struct bundle_asked *asked;
	bool maybe; /* what is not known turns out well */
	uint32_t part_of[16];
	struct naive_best best;
};

static inline bool
naive_may(const struct naive_trying *t, uint32_t part, uint32_t head)
{
	const struct bundle_need *need = &t->asked->needs[part];
	const struct bundle_head *it = &t->asked->heads[head];

	if ((it->functions & need->functions) == 0)
		return false;
	if (it->who >> 63 != 0 && !need->team_counts)
		return false;
	return !need->different_teams || it->team != NULL || t->maybe;
}

static inline void
naive_score(struct naive_trying *t)
{
	int32_t sum = 0;
	bool full = true, each = true;

	for (uint32_t p = 0; p < t->asked->nneeds; p++) {
		const struct bundle_need *need = &t->asked->needs[p];
		int32_t count = 0;

		for (uint32_t h = 0; h < t->asked->nheads; h++) {
			if (t->part_of[h] != p)
				continue;
			count++;
			for (uint32_t o = 0; need->different_teams && o < h; o++)
				if (t->part_of[o] == p && t->asked->heads[o].team != NULL &&
				    t->asked->heads[h].team != NULL &&
				    strcmp(t->asked->heads[o].team, t->asked->heads[h].team) == 0)
					return;
		}
		if (count > need->count)
			return;
		if (t->maybe && (need->functions & t->asked->doubts) != 0)
			count = need->count;
		sum += count;
		full = full && count == need->count;
		each = each && count > 0;
	}
	t->best.most = sum > t->best.most ? sum : t->best.most;
	t->best.full |= full;
	t->best.each_one |= each;
}

static inline void
naive_try(struct naive_trying *t, uint32_t head)
{
	if (head == t->asked->nheads) {
		naive_score(t);
		return;
	}
	t->part_of[head] = REGION_NONE;
	naive_try(t, head + 1);
	for (uint32_t p = 0; p < t->asked->nneeds; p++) {
		t->part_of[head] = p;
		if (naive_may(t, p, head))
			naive_try(t, head + 1);
	}
}

static inline enum cover_state
naive_bundle(const struct bundle_asked *asked, int32_t *present)
{
	struct naive_trying sure = {.asked = asked}, maybe = {.asked = asked, .maybe = true};

	naive_try(&sure, 0);
	naive_try(&maybe, 0);
	*present = sure.best.most;
	if (sure.best.full)
		return COVER_COVERED;
	if (!maybe.best.each_one)
		return COVER_GAP;
	return !sure.best.each_one || maybe.best.most > sure.best.most ? COVER_UNKNOWN
								       : COVER_SHORT;
}
