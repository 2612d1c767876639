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
	bool is_fetched;          /* it has an address */
	bool is_collection;       /* of CalDAV */
	const char *address;      /* the mask of its address */
	struct slice box, secret; /* its address, and the secret that goes with it; sealed */
	const char *etag, *last_modified;
	struct slice body; /* hash of the body in force */
	bool is_roster;    /* that body */
	struct slice read_with, seen_body, seen_with, held_body;
	int64_t clock_off; /* by how many seconds its server's clock was ahead, as last noted */
	const char *rules; /* rules of the reader with which the body in force was read; NULL: not
			      known; "": a person must decide about what they would add */
	bool whole_due;    /* fetch it without If-None-Match, so that the whole body comes */
};

/* Copies row ${row} into ${arena}. */
struct claimed claimed_copy(struct arena *arena, const struct pg_rows *rows, size_t row);

/* The two arguments with which every statement about the outcome begins: rota and claim. */
struct pg_args claimed_args(const struct claimed *claimed);

/* The bytes of one cell; at NULL if it is null. */
struct slice claimed_copy_bytes(
    struct arena *arena, const struct pg_rows *rows, size_t row, unsigned column);

/* Whether ${slice} is the hash of ${len} bytes. */
bool hash_is(struct slice slice, const unsigned char *hash, size_t len);
