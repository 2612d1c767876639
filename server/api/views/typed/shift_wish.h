/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"

/* A shift that somebody types in, read and checked as an override is: by who may be on the rota, by its
 * times, and by what is unusual enough to be confirmed. */
struct shift_wish {
	const char *path; /* in the request: "$", "$.shifts[3]" */
	uint32_t rota, person;
	struct span_time time;
	const char *note; /* NULL: none */
	int64_t was;      /* the shift that it takes the place of; 0: it is a new one */
	struct {
		const char **items; /* sentences */
		size_t count;
	} doubts; /* what a person must confirm */
};

/* "from", "until" and "note" of ${object}; what is absent stays as it is in ${wish}. Needed: both times
 * must be given. */
void shift_wish_times(
    struct ask *ask, const struct ask_object *object, enum ask_need need, struct shift_wish *wish);

/* Notes as faults what is impossible, and finds what is doubtful. Rota, person (REGION_NONE: a new one) and times
 * are known. */
void shift_wish_check(struct ask *ask, struct shift_wish *wish);

/* The member "confirm" of the body. */
bool shift_wish_confirmed(struct ask *ask, const json_t *body);

/* Notes as faults the doubts that a person must confirm. */
void shift_wish_confirm(struct ask *ask, const struct shift_wish *wish);

/* Adds the members "rota", "person", "name", "from", "until" and "note". */
void shift_wish_put(struct json_out *out, const struct ask *ask, const struct shift_wish *wish);

/* Adds the list "warnings". */
void shift_wish_put_doubts(struct json_out *out, const struct shift_wish *wishes, size_t count);
