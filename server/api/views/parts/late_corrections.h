/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/model/span.h"

/*
 * Late corrections: overrides that were made when their time was over. The map is not computed again for
 * days that are over, so recorded spans, totals and gaps do not include them. Each answer about the past
 * therefore lists the late corrections that it does not include.
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

/* Asks the database for those of the rotas of ${demands} in ${window}, as known at the time that the ask of
 * ${job} is about. The rows go to ${take}. */
void late_corrections_ask(
    struct job *job, struct region_list demands, struct span_time window, job_take_fn *take);

/* Reads the rows that ${take} was given. Memory of the arena of ${ask}. */
struct late_corrections late_corrections_read(struct ask *ask, const struct pg_rows *rows);

/* Adds `late_corrections`: how many there are, and the first of them. No names. */
void late_corrections_put(
    struct json_out *out, const struct ask *ask, const struct late_corrections *late);

/* Adds `late_corrections`: the ids of those that affect ${demand} in ${time}. ${late} NULL: the member is
 * null, which says that they were not looked for. */
void late_corrections_put_ids(struct json_out *out, const struct region *region,
    const struct late_corrections *late, uint32_t demand, struct span_time time);
