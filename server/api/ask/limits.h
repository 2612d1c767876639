/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/key_file.h"
#include "server/base/text.h"

/*
 * How often somebody may try to sign in. Pure: the time is passed in.
 *
 * Each try is counted in one or two of these counts, and is refused while either of them asks to wait:
 *
 *   from where                       by               free tries, then a wait that doubles, at most
 *   a browser that has signed in     the browser      10            1 minute
 *     as this account before           alone
 *   a browser that has signed in     the browser      10            1 minute
 *     as somebody else before        the account      10            1 minute
 *   any other                        the address      50            15 minutes
 *                                    the account      10            15 minutes
 *
 * Known browsers are counted apart from strangers. So an attacker elsewhere cannot make a ward's machine
 * wait, whatever accounts he tries. At a ward's machine a person can make another wait for at most a
 * minute, and cannot make the machine of that other person wait. A count is deleted a day after its last
 * try, and after a successful one.
 *
 * These counts are of one process. They stop many tries at the same time, and an attack before it
 * reaches the database. Failures are counted once more in the database, for all processes (tries.h).
 */
struct limits;
struct limits *limits_new(void);
void limits_free(struct limits *limits); /* NULL: nothing */

struct limits_try {
	struct slice account, address; /* len 0 of account: it is tried without one */
	struct slice browser;          /* its mark (browser.h); len 0: it is not known here */
	bool is_of_account;            /* the browser has signed in as this account before */
};

/* Counts a try at ${now}, in seconds. Returns 0, or for how many seconds
 * to wait; a try that must wait is not counted. */
int64_t limits_begin(struct limits *limits, const struct limits_try *attempt, int64_t now);

/* The try succeeded: deletes its counts; of the count of its address it takes back only this try. */
void limits_good(struct limits *limits, const struct limits_try *attempt);

/* Whether the try was right could not be found out: takes it back. */
void limits_void(struct limits *limits, const struct limits_try *attempt);

/* The counts of a try that all processes share, named by hashes with ${key}. A count of an address comes
 * first, and is not deleted after a success. */
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
