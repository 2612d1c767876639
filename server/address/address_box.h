/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/address/address_key.h"
#include "server/base/arena.h"
#include "server/base/text.h"

/*
 * The address of a feed is a secret: a person who has it can read the calendar. Only the feeds role,
 * which fetches the calendar, uses the address itself. The database, the api and every answer have
 * two things in its place:
 *
 *   mask  a keyed hash of the address, written as an address. Equal addresses have equal masks, so a
 *         comparison of two set-ups shows whether the address has changed. Without the key nobody
 *         can find the address by trying candidates.
 *   box   the address, encrypted with a public key (a sealed box of libsodium). Only the secret key
 *         in the open file (address_key.h) decrypts it.
 */
#define ADDRESS_MASK_PREFIX "https://address.invalid/"

/* Whether ${text} begins as a mask does; its digits are not checked. False for NULL. */
bool address_is_mask(const char *text);

/* The mask of ${address}: the prefix and 64 hexadecimal digits, allocated from ${arena}. */
const char *address_mask(
    struct arena *arena, const struct address_seal_key *key, const char *address);

/* Appends the box of ${address} to ${out}: the id of the key pair, then the ciphertext. ${address} is
 * at most ADDRESS_MAX_BYTES long; a longer one could not be opened again. Boxes are randomized: two
 * boxes of one address differ. */
void address_seal(const struct address_seal_key *key, const char *address, struct buf *out);

/* Decrypts ${box} into ${out}, which the caller wipes after use. STATUS_GONE: none of ${keys} is the
 * pair that the box was made with; STATUS_MALFORMED: ${box} is too short or too long, or has been
 * changed. */
enum { ADDRESS_MAX_BYTES = 2048 };
MUST_USE enum status address_open(
    const struct address_open_keys *keys, struct slice box, char out[ADDRESS_MAX_BYTES + 1]);

/* Whether ${box} names the pair ${id} as the one it was made with. Nothing is decrypted. */
bool address_box_is_of(struct slice box, const uint8_t id[ADDRESS_KEY_ID_BYTES]);
