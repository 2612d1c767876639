/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/views/parts/duty_checks.h"
#include "server/api/views/swaps/swap_terms.h"

/* A swap while somebody offers or answers it. One judgement for the preview, the offer and the acceptance. */
struct swap_deal {
	int64_t id; /* 0: it is being offered */
	struct swap_terms terms;
	struct duty_checks checks; /* of everybody who takes a shift */
	const char *reason;        /* NULL: none */
	bool force, dry;
	bool may_force; /* the asker may overrule a check */
	bool puts_on;   /* the reason is of an offer or of its acceptance, and not against it */
};

/* Reads "force" and "reason" of a body. Faults are noted. */
void swap_deal_read(struct ask *ask, const json_t *body, struct swap_deal *deal);

/* Makes the checks, as far as the asker may see them; of a request without an account, ${receiver} is who
 * takes the first shift and asks. */
void swap_deal_check(struct ask *ask, struct swap_deal *deal, bool receiver);

/* What stops it: checks that have failed and that neither the offer nor the asker overrules; of an answer also
 * those of the receiver that the asker may not see. NULL: nothing. */
const struct problem_more *swap_deal_stopped(struct ask *ask, const struct swap_deal *deal);

/* The same as a sentence. NULL: nothing stops it. */
const char *swap_deal_stops(const struct ask *ask, const struct swap_deal *deal);

/* The checks that have failed and may be overruled, by name. */
size_t swap_deal_failed(const struct ask *ask, const struct swap_deal *deal, const char ***names);

/* Replies 409 and ends ${job} if something stops it; returns whether it did. */
bool swap_deal_refused(struct job *job, const struct swap_deal *deal);

/* Replies with the checks and the effect on cover, of a swap that is tried and taken back. Ends ${job}, which
 * has the deal as its data. */
void swap_deal_try(struct job *job);

/* Notes that names were shown. */
void swap_deal_named(const struct ask *ask, const struct swap_deal *deal);
