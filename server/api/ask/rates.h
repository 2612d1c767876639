/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/text.h"

/*
 * How much somebody may ask in a minute: each account, each token, and each address of strangers. Pure: the time is
 * passed in. A minute's worth may be asked at once; what was used comes back steadily.
 *
 * A lookup counts as a tenth of another request, so that lookups are refused last. The counts are of one process and of
 * fixed size: they cost no write, and nobody can fill the memory. Of so many names that two share a place, the one that
 * has used less is forgotten, which is to nobody's harm but the machine's.
 */
enum rate { RATE_ACCOUNT, RATE_TOKEN, RATE_ADDRESS, RATES };

#define RATES_OF_REQUEST 10
#define RATES_OF_LOOKUP 1

struct rates;
/* ${a_minute}: requests, of each kind. */
struct rates *rates_new(const int64_t a_minute[RATES]);
void rates_free(struct rates *rates); /* NULL: nothing */

/* Counts ${cost} for ${name} at ${now_ms}. Returns 0, or, where it would be too much and is not counted, in how many
 * milliseconds it would not be. */
int64_t rates_take(
    struct rates *rates, enum rate rate, struct slice name, unsigned cost, int64_t now_ms);

/* How often something was too much so far. */
uint64_t rates_refused(const struct rates *rates, enum rate rate);
int64_t rates_a_minute(const struct rates *rates, enum rate rate);
