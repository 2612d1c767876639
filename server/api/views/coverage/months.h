/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/job.h"
#include "server/api/views/coverage/coverage_lines.h"
#include "server/model/month.h"

/* The facts of a month about a place and those below it: hours as /v1/coverage has them, gaps and calls of the record. */

/* One place; its own report does not depend on which place was asked about, so that nothing that is not shown can be
 * worked out of two reports. */
struct month_place {
	uint32_t place; /* of the region */
	struct month month;
};

struct months {
	/* of it are given: place, wish, and window, which is what is counted */
	struct coverage_asked asked;
	struct span_time whole; /* the month */
	/* those of which there is something to tell, as in the region */
	const struct month_place *places;
	size_t nplaces;
	const char *const *functions; /* codes, by the numbers of the months */
	size_t nfunctions;
	const char *const *services;
	size_t nservices;
};

/* Reads them and calls ${ready}, which must reply and end the job. Uses ${data} and ${more} of ${job}. */
typedef void months_ready_fn(struct job *job, const struct months *months);
void months_read(struct job *job, const struct months *months, months_ready_fn *ready);
