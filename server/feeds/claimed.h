/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/text.h"
#include "server/pg/pg.h"

/* A feed as its claim found it: a row of FEEDS_CLAIM. Hashes have a NULL `at` where there is none. */
struct claimed {
	const char *rota;
	int64_t claim;
	bool is_fetched;  /* it has an address */
	struct slice box; /* its address, sealed */
	const char *etag, *last_modified;
	struct slice body; /* hash of the body in force */
	bool is_roster;    /* that body */
	struct slice read_with, seen_body, seen_with, held_body;
	int64_t clock_off; /* seconds that its server's clock was said to be ahead; 0: right */
	const char *rules; /* the reader's that the body in force was read by; NULL: not known; "":
			      what they would add waits for a person */
	bool whole_due;    /* the address is to be asked for the whole, modified or not */
};

/* Copies row ${row} into ${arena}. */
struct claimed claimed_copy(struct arena *arena, const struct pg_rows *rows, size_t row);

/* The two arguments that every outcome begins with. */
struct pg_args claimed_args(const struct claimed *claimed);

/* The bytes of one cell; at NULL if it is null. */
struct slice claimed_copy_bytes(
    struct arena *arena, const struct pg_rows *rows, size_t row, unsigned column);

/* Whether ${slice} is the hash of ${len} bytes. */
bool hash_is(struct slice slice, const unsigned char *hash, size_t len);
