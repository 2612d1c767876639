/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdlib.h>

#include "server/base/clock.h"

/* Time measurement for the programs here. */
static inline double
now_ms(void)
{
	return (double)clock_wall_us() / 1000.0;
}

/* Other processes on the machine can only add to a time: the least is the best measure. */
static inline double
best(const double *values, size_t count)
{
	double least = values[0];

	for (size_t i = 1; i < count; i++)
		least = values[i] < least ? values[i] : least;
	return least;
}
