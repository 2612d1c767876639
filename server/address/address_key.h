/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/base/status.h"

/*
 * The keys of feed addresses, which are files and never rows of the database. With the seal file an
 * address can be sealed and masked, and nothing can be opened; with the open file it can be opened.
 * The api is given the first, feeds the second.
 *
 * A key pair is named by the first bytes of a hash of its public key, with which every box begins.
 */
#define ADDRESS_SEAL_FILE "address.seal" /* in the state directory, if no other is set */
#define ADDRESS_OPEN_FILE "address.open"

enum { ADDRESS_KEY_ID_BYTES = 8, ADDRESS_KEY_BYTES = 32, ADDRESS_OPEN_KEYS_MAX = 8 };

struct address_seal_key {
	uint8_t id[ADDRESS_KEY_ID_BYTES], public[ADDRESS_KEY_BYTES];
	uint8_t mask[ADDRESS_KEY_BYTES]; /* of the hash that stands for an address */
};

/* The newest first; the others open what was sealed before the pair was changed. */
struct address_open_keys {
	size_t count;
	struct address_open_key {
		uint8_t id[ADDRESS_KEY_ID_BYTES], public[ADDRESS_KEY_BYTES],
		    secret[ADDRESS_KEY_BYTES];
	} keys[ADDRESS_OPEN_KEYS_MAX];
};

/* ${set}, or if that is empty ${name} in ${state_directory}. Free with free(). */
char *address_key_path(const char *set, const char *state_directory, const char *name);

/* STATUS_GONE: the file is not there or cannot be read; STATUS_REFUSED: others than its user may read
 * it; STATUS_MALFORMED: it is no such file. Reads a few hundred bytes: each use may read it again, so
 * that another pair needs no restart. Wipe with sodium_memzero. */
MUST_USE enum status address_seal_key_read(const char *path, struct address_seal_key *out);
MUST_USE enum status address_open_keys_read(const char *path, struct address_open_keys *out);

/* The end of a sentence that begins with the path: "is not there or cannot be read". */
const char *address_key_fault(enum status st);

/* A new pair. */
void address_open_key_make(struct address_open_key *out);

/* STATUS_AGAIN with errno: the file could not be written; the one before is whole. The owner stays who
 * it was. The seal file is made of the public half of ${pair} and of ${mask}. */
MUST_USE enum status address_open_keys_write(
    const char *path, const struct address_open_keys *keys);
MUST_USE enum status address_seal_key_write(
    const char *path, const struct address_open_key *pair, const uint8_t mask[ADDRESS_KEY_BYTES]);

/* The command `crisiscoverd address-key`: makes both files if neither is there, and leaves them alone
 * if both are. Its exit status; what is wrong is written to stderr. */
int address_key_make(const char *seal_path, const char *open_path);
