/* SPDX-License-Identifier: MIT */
#include "server/api/ask/rates.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"

/* A table as a cache of a processor has it, like that of tries to sign in (limits.c). What is kept is the debt: when
 * all that was used will have come back. */

#define SETS 1024 /* a power of two */
#define WAYS 8
#define MINUTE_MS 60000
#define US_A_MS 1000

struct used {
	uint64_t key;    /* 0: free */
	int64_t even_us; /* when nothing of it is used any more */
};

struct rates {
	uint8_t secret[crypto_shorthash_KEYBYTES]; /* so that nobody can choose names of one set */
	int64_t a_minute[RATES], us_a_cost[RATES];
	uint64_t refused[RATES];
	struct used sets[SETS][WAYS];
};

struct rates *
rates_new(const int64_t a_minute[RATES])
{
	struct rates *rates = xcalloc(1, sizeof *rates);

	randombytes_buf(rates->secret, sizeof rates->secret);
	for (int i = 0; i < RATES; i++) {
		int64_t us = MINUTE_MS * US_A_MS / (a_minute[i] * RATES_OF_REQUEST);

		rates->a_minute[i] = a_minute[i];
		rates->us_a_cost[i] = us > 0 ? us : 1;
	}
	return rates;
}

void
rates_free(struct rates *rates)
{
	free(rates);
}

static uint64_t
key_of(const struct rates *rates, enum rate rate, struct slice name)
{
	uint8_t hash[crypto_shorthash_BYTES];
	uint64_t key;

	crypto_shorthash(hash, (const uint8_t *)name.at, name.len, rates->secret);
	memcpy(&key, hash, sizeof key);
	key = key - key % RATES + (uint64_t)rate;
	return key == 0 ? RATES : key;
}

/* That of the name, or in its place the one that has used the least. */
static struct used *
used_of(struct rates *rates, uint64_t key)
{
	struct used *set = rates->sets[key / RATES % SETS], *least = &set[0];

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].even_us < least->even_us)
			least = &set[i];
	}
	*least = (struct used){.key = key};
	return least;
}

int64_t
rates_take(struct rates *rates, enum rate rate, struct slice name, unsigned cost, int64_t now_ms)
{
	struct used *used = used_of(rates, key_of(rates, rate, name));
	int64_t now = now_ms * US_A_MS;
	int64_t even = (used->even_us > now ? used->even_us : now) + cost * rates->us_a_cost[rate];
	int64_t over = even - now - MINUTE_MS * US_A_MS;

	if (over > 0) {
		rates->refused[rate]++;
		return (over + US_A_MS - 1) / US_A_MS;
	}
	used->even_us = even;
	return 0;
}

uint64_t
rates_refused(const struct rates *rates, enum rate rate)
{
	return rates->refused[rate];
}

int64_t
rates_a_minute(const struct rates *rates, enum rate rate)
{
	return rates->a_minute[rate];
}
