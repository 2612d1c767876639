/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/key_file.h"
#include "server/base/text.h"

/*
 * How often somebody may try to sign in. Pure: the time is passed in.
 *
 * Each try is counted by two things of these, and must wait while either says so:
 *
 *   from where                       by               free tries, then a wait that doubles, at most
 *   a browser that has signed in     the browser      10            1 minute
 *     as this account before           alone
 *   a browser that has signed in     the browser      10            1 minute
 *     as somebody else before        the account      10            1 minute
 *   any other                        the address      50            15 minutes
 *                                    the account      10            15 minutes
 *
 * Strangers and browsers that are known here count apart. So nobody who tries from outside can make
 * a ward's machine wait, whatever account he tries and from wherever, and on a ward's machine
 * nobody can make another wait for more than a minute, nor on that one's own machine at all. A
 * count is forgotten a day after its last try, and when a try came right.
 *
 * These counts are of this process: they stop many tries at once, and an attack before it reaches
 * the database. Failures count once more in the database, for every process (tries.h).
 */
struct limits;
struct limits *limits_new(void);
void limits_free(struct limits *limits); /* NULL: nothing */

struct limits_try {
	struct slice account, address; /* len 0 of account: it is tried without one */
	struct slice browser;          /* its mark (browser.h); len 0: it is not known here */
	bool is_of_account;            /* the browser has signed in as this account before */
};

/* Counts a try at ${now}: 0, or for how many seconds to wait before the next (it is not counted
 * then). */
int64_t limits_begin(struct limits *limits, const struct limits_try *attempt, int64_t now);

/* It came right: it counts no more, nor do those before it. */
void limits_good(struct limits *limits, const struct limits_try *attempt);

/* Whether it was right is not known: it no longer counts. */
void limits_void(struct limits *limits, const struct limits_try *attempt);

/* The names of the counts of a try that all processes share: hashes with ${key}. Those of the address
 * come first, and stay when a try comes right. */
#define LIMITS_KEY_BYTES 16
struct limits_shared {
	size_t count, naddresses;
	uint8_t keys[2][LIMITS_KEY_BYTES];
	int64_t free_tries[2], wait_max[2];
};
void limits_share(
    const uint8_t key[KEY_FILE_BYTES], const struct limits_try *attempt, struct limits_shared *out);

/* For what is tried without an account (links, codes of devices): by the address alone. */
int64_t limits_begin_address(struct limits *limits, struct slice address, int64_t now);
void limits_good_address(struct limits *limits, struct slice address);
