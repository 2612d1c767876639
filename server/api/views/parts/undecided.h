/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/* The titles of a rota's current shifts that are undecided: what is left for somebody to decide. */
#define UNDECIDED_MAX 500

struct undecided {
	const char *title;
	uint32_t count; /* shifts that are not over */
	int64_t next;   /* start of the first of them */
};

struct undecided_list {
	const struct undecided *items; /* by count, the heaviest first, then next and title; at most
					UNDECIDED_MAX */
	size_t count;
	size_t all; /* how many there are */
};

/* Finds them in the snapshot; memory of the ask's arena. Shifts without a title are left out, because there
 * is nothing to decide by, and so are titles in ${left}, which somebody has decided to leave undecided. */
struct undecided_list undecided_of(struct ask *ask, uint32_t rota, const struct table *left);
