/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"
#include "server/pg/pg.h"

/* The override that a POST /v1/overrides asks for, read and checked. */
struct override_wish {
	uint32_t rota;
	uint32_t person;       /* REGION_NONE: this rota has nobody */
	uint32_t instead;      /* REGION_NONE: nobody is replaced */
	struct span_time time; /* the end is when it expires */
	int64_t asked_end;
	const char *note;
	bool nobody, confirm, dry;
	bool late; /* it corrects the past: it is over, or began more than a day ago */
	struct {
		const char **items; /* sentences */
		size_t count;
	} doubts; /* what a person must confirm before it is made */
};

/* Reads the body; everything that is wrong with it is noted as a fault. */
void override_wish_read(struct ask *ask, struct override_wish *wish);

/* Appends the arguments of API_OVERRIDE_ADD. */
void override_wish_args(
    const struct ask *ask, const struct override_wish *wish, struct pg_args *args);

/* Notes for the audit that a name was shown to the account that asks. */
void override_wish_named(const struct ask *ask, const struct override_wish *wish);

/* Replies with the effect that the override would have. Takes ${ask} over. */
void override_plan_make(struct ask *ask, const struct override_wish *wish);

/* Replies with the effect of withdrawing override ${id} of ${rota}; "rests" lists other overrides that would then be
 * in dispute. Ends ${job}. */
struct job;
void override_plan_withdraw(struct job *job, int64_t id, uint32_t rota);
