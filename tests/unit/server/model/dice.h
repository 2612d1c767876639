/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/* Random numbers that one seed gives again (splitmix64), for tests that print the seed of what
 * failed. */
struct dice {
	uint64_t state;
};

static inline struct dice
dice_of(uint64_t seed)
{
	return (struct dice){seed * 0x2545f4914f6cdd1dU};
}

static inline uint64_t
dice_next(struct dice *dice)
{
	uint64_t z = dice->state += 0x9e3779b97f4a7c15U;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

/* A number from 0 to ${limit} - 1. */
static inline int64_t
dice_below(struct dice *dice, uint32_t limit)
{
	return (int64_t)(dice_next(dice) % limit);
}
