/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdlib.h>

/* How many rounds a test of random cases makes: ${usual}, times what CRISISCOVER_ROUNDS says (environment, a whole number; without it, once).
 * Every run has the usual number; `tests/run long` and `tests/mutate` set it to 8. */
static inline unsigned
rounds(unsigned usual)
{
	const char *times = getenv("CRISISCOVER_ROUNDS");

	return times != NULL ? usual * (unsigned)strtoul(times, NULL, 10) : usual;
}
