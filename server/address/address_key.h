/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "server/base/status.h"

/*
 * The keys for the addresses of feeds (address_box.h). They are files and never rows of the database,
 * so that a copy of the database alone reveals no address.
 *
 *   seal file  the public key and the key of the masks: makes boxes and masks, opens nothing. The api
 *              has it.
 *   open file  secret keys: opens boxes. Only the feeds role has it.
 *
 * A key pair is named by the first 8 bytes of a hash of its public key. Every box begins with that
 * name, so that the right key is found when there are several.
 */
#define ADDRESS_SEAL_FILE "address.seal" /* in the state directory, if no other is set */
#define ADDRESS_OPEN_FILE "address.open"

enum { ADDRESS_KEY_ID_BYTES = 8, ADDRESS_KEY_BYTES = 32, ADDRESS_OPEN_KEYS_MAX = 8 };

struct address_seal_key {
	uint8_t id[ADDRESS_KEY_ID_BYTES], public[ADDRESS_KEY_BYTES];
	uint8_t mask[ADDRESS_KEY_BYTES]; /* the key of the hash in a mask */
};

/* The current pair first. The others are former pairs, which open the boxes made before the change. */
struct address_open_keys {
	size_t count;
	struct address_open_key {
		uint8_t id[ADDRESS_KEY_ID_BYTES], public[ADDRESS_KEY_BYTES],
		    secret[ADDRESS_KEY_BYTES];
	} keys[ADDRESS_OPEN_KEYS_MAX];
};

/* The path of a key file: ${set} if it is not empty, otherwise ${name} in ${state_directory}. Free
 * with free(). */
char *address_key_path(const char *set, const char *state_directory, const char *name);

/* Read a key file. STATUS_GONE: the file does not exist or cannot be read; STATUS_REFUSED: its mode lets
 * others read it; STATUS_MALFORMED: it is not such a file. The file has a few hundred bytes, so callers
 * read it again for each use, and a changed pair needs no restart. The caller wipes ${out} with
 * sodium_memzero. */
MUST_USE enum status address_seal_key_read(const char *path, struct address_seal_key *out);
MUST_USE enum status address_open_keys_read(const char *path, struct address_open_keys *out);

/* Why one of the two could not be read, as the end of a sentence that begins with the path, with the
 * remedy: "is not there or cannot be read". Static memory. */
const char *address_key_fault(enum status st);

/* Makes a new random pair. */
void address_open_key_make(struct address_open_key *out);

/* Replace a key file as a whole; mode 0400, and the owner of the file before. STATUS_AGAIN with errno:
 * the file could not be written, and the file before is unchanged. The seal file gets the public half of
 * ${pair} and ${mask}. */
MUST_USE enum status address_open_keys_write(
    const char *path, const struct address_open_keys *keys);
MUST_USE enum status address_seal_key_write(
    const char *path, const struct address_open_key *pair, const uint8_t mask[ADDRESS_KEY_BYTES]);

/* The command `crisiscoverd address-key`: makes both files if neither exists, and changes nothing if
 * both do. If only one exists, that is an error. Returns the exit status; errors go to stderr. */
int address_key_make(const char *seal_path, const char *open_path);
