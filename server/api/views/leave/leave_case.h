/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/api/views/parts/duty_checks.h"
#include "server/api/views/parts/plan_effect.h"

/* Leave that somebody asks for or decides about, and what it does to cover. One computation for the request, the
 * preview and the approval. */

/* Somebody who stands in. */
struct leave_cover {
	uint32_t rota, person;
	struct span_time time;
};

struct leave_case {
	int64_t id; /* 0: it is being asked for */
	uint32_t person;
	struct span_time time;
	const char *state; /* as the record has it */
	VEC(struct leave_cover) covers;
	struct duty_checks checks; /* of those who stand in */
	const char *reason;        /* why a check that fails does not matter; NULL */
	const char *gap_reason;    /* why it is approved though a gap is left; NULL */
	bool force, dry;
};

/* The map with the absence of the case, and with the shifts of ${rows} (NULL: none) on the rotas of those who
 * stand in. One reference, the caller's. ${plan}: filled; its arrays live in the arena of the ask. */
struct snapshot *leave_case_after(
    struct ask *ask, const struct leave_case *leave, const struct pg_rows *rows, struct plan *plan);

/* Adds "shifts": those of the person in the time of the leave, on rotas that the account may know of:
 * [{"rota", "organisation", "start", "end", "start_local", "end_local", "may_change"}]. */
void leave_case_put_shifts(struct json_out *out, struct ask *ask, const struct leave_case *leave);

/* The covers, as the database takes them; JSON in the arena of the ask. */
const char *leave_case_covers_json(const struct ask *ask, const struct leave_case *leave);

/* An array ${key} of the numbers in the array of column ${column}, such as those of the overrides made for leave. */
void leave_case_put_numbers(
    struct json_out *out, const char *key, const struct pg_rows *rows, size_t row, unsigned column);
