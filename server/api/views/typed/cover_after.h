/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/api/views/parts/effect_gaps.h"

/*
 * What a change of typed shifts does to cover. The change has been made in the transaction of the job; the
 * shifts are read in it and compared with the map. A dry run then rolls the change back, so that a preview is
 * the deed itself.
 */

struct cover_after_asked {
	const char *const *rotas; /* whose shifts were changed */
	size_t nrotas;
	/* borrowed: the set-up after the change; NULL: the one in force */
	struct snapshot_region *setup;
};

/* Gets the gaps that the change opens and closes, at places that the account may ask about, and the region
 * of their indexes. Replies and ends the job. */
typedef void cover_after_fn(
    struct job *job, const struct region *region, const struct effect_gaps *gaps);

/* Uses job->data; a view keeps its own in job->more. ${asked} and what it refers to live as long as the
 * job. */
void cover_after_find(struct job *job, const struct cover_after_asked *asked, cover_after_fn *then);

/* Adds "gaps": {"opens", "closes"}. */
void cover_after_put(
    struct json_out *out, const struct region *region, const struct effect_gaps *gaps);

/* The answer of a dry run is sent at once, and nothing of the transaction is committed. */
void cover_after_nothing_kept(struct job *job);
