/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/model/span.h"

/*
 * Late corrections (overrides made of what was over) that the record of the map does not hold: the
 * map is not swept again for days that are over, so recorded spans, totals and gaps stay as they
 * were, and the answer says which corrections are missing from them.
 */
struct late_correction {
	int64_t override;
	uint32_t rota;
	int64_t start, end;            /* the part of it that the record lacks */
	int64_t made_at, withdrawn_at; /* INSTANT_NEVER: not withdrawn */
};
struct late_corrections {
	const struct late_correction *items;
	size_t count;
};

/* Asks for those of the rotas of ${demands} in ${window}, as they are known at the time that ${job}
 * is of. */
void late_corrections_ask(
    struct job *job, struct region_list demands, struct span_time window, job_take_fn *take);

/* The answer, in the arena of ${ask}. */
struct late_corrections late_corrections_read(struct ask *ask, const struct pg_rows *rows);

/* Adds `late_corrections`: how many there are, and the first of them. No names. */
void late_corrections_put(
    struct json_out *out, const struct ask *ask, const struct late_corrections *late);

/* Adds `late_corrections`: the ids of those that touch ${demand} in ${time}. NULL: null, since
 * nobody has asked. */
void late_corrections_put_ids(struct json_out *out, const struct region *region,
    const struct late_corrections *late, uint32_t demand, struct span_time time);
