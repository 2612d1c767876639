/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/api/ask/rights_swaps.h"

/* What a swap is: the shifts that change hands. Read from a request, or from the record. */
struct swap_terms {
	struct swap_sides sides;
	struct span_time times[SWAP_SHIFTS_MAX];
	int64_t overrides[SWAP_SHIFTS_MAX]; /* 0: not accepted yet */
	/* Checks that had failed when it was offered, and that do not matter: their names. */
	const char *const *overruled;
	size_t noverruled;
};

/* The shifts of a request's body: "rota", "gives" (the asker's own person if absent), "takes", "start", "end",
 * and "in_return", an object with the rota and the times of a second shift. Faults are noted. */
void swap_terms_read(struct ask *ask, json_t *body, struct swap_terms *terms);

/* Of a row of API_SWAPS; texts in the arena of the ask. */
void swap_terms_load(
    const struct ask *ask, const struct pg_rows *rows, size_t row, struct swap_terms *terms);

/* As the database takes them, JSON in the arena of the ask. The ids are those of the set-up: the asker may have
 * been shown others. */
const char *swap_terms_json(const struct ask *ask, const struct swap_terms *terms);

/* Adds a row of API_SWAPS as an object; ${history}: its steps, rows of API_SWAP_EVENTS, or NULL. */
void swap_put(struct json_out *out, const struct ask *ask, const struct pg_rows *rows, size_t row);

/* Adds the members "shifts" of the terms. */
void swap_put_shifts(struct json_out *out, const struct ask *ask, const struct swap_terms *terms);
