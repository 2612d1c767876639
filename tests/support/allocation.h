/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/*
 * Makes each allocation of a scenario fail in turn, those of the libraries too: in the program that links this,
 * server/base/memory.c, which is malloc() and its kin of every program, gets none.
 */

/* How a scenario came out. */
enum allocation_end {
	ALLOCATION_RIGHT = 10,   /* with the answer that it has with memory enough */
	ALLOCATION_REFUSED = 11, /* without one, and it said so */
	ALLOCATION_WRONG = 12,   /* with another one */
};

struct allocation_scenario {
	const char *name;
	/* Does the work once, frees everything, and says how it came out. */
	enum allocation_end (*run)(void *ctx);
	void *ctx;
};

/* What came of it, by how the processes ended. */
struct allocation_tally {
	unsigned long allocations;      /* of one run that has memory enough */
	unsigned right, refused, ended; /* ended: with a reason in its log */
	unsigned wrong, leaked, crashed;
	unsigned long
	    first_bad; /* the first allocation whose failure did one of the last three; 0: none */
};

/* Runs ${scenario} once to warm up what libraries keep, and then again and again in processes of its own: with the 1st, 2nd, …
 * allocation failing alone, and with all from that one on. Of a scenario with more than ${most} allocations so many are tried,
 * the first ones and an even share of the others; all of them with CRISISCOVER_ALLOCATIONS=all. Prints the tally, and what the
 * first bad one wrote. */
struct allocation_tally allocation_fail_each(
    const struct allocation_scenario *scenario, unsigned long most);
