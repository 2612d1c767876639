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

/*
 * The secret that goes with an address, a user and a password or a token, is kept in a box of its own, beside
 * that of the address: it changes more often. The box has two lines, the mask of the address and the value of
 * the header Authorization, so that the secret is sent to the server for which it was given and to no other.
 * Its name is two keyed hashes in hexadecimal digits, "<hash in the address's mask>.<hash of both lines>".
 */
#define ADDRESS_HASH_DIGITS 64

/* Whether ${text} begins as a mask does; its digits are not checked. False for NULL. */
bool address_is_mask(const char *text);

/* The mask of ${address}: the prefix and 64 hexadecimal digits, allocated from ${arena}. */
const char *address_mask(
    struct arena *arena, const struct address_seal_key *key, const char *address);

/* What the box of a secret has in it, and the secret's name, both allocated from ${arena}. ${mask}: of the
 * address; ${header}: the value of the header, one line. */
const char *address_secret_text(struct arena *arena, const char *mask, const char *header);
const char *address_secret_name(
    struct arena *arena, const struct address_seal_key *key, const char *mask, const char *text);

/* The header in ${text}, the opened box of a secret; NULL: it is not for the address with this mask. */
const char *address_secret_header(const char *text, const char *mask);

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
