/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/address/address_key.h"
#include "server/base/arena.h"
#include "server/base/text.h"

/*
 * A feed's address is a secret: who has it reads the calendar. Everywhere but in the hands of the role
 * that fetches it stands its mask, a keyed hash: the same address has the same mask, so that a changed
 * one shows and an unchanged one does not, and without the key it cannot be found by trying. The
 * address itself is kept in a box that only the open file's key opens.
 */
#define ADDRESS_MASK_PREFIX "https://address.invalid/"

/* Whether ${text} is meant as a mask; NULL is not. */
bool address_is_mask(const char *text);

/* The mask of ${address}, in ${arena}. */
const char *address_mask(
    struct arena *arena, const struct address_seal_key *key, const char *address);

/* Appends the box of ${address}, which has at most ADDRESS_MAX_BYTES. */
void address_seal(const struct address_seal_key *key, const char *address, struct buf *out);

/* The address in ${box}; the caller wipes it. STATUS_GONE: none of ${keys} is the one that it was
 * sealed with; STATUS_MALFORMED: it is no box, or was changed. */
enum { ADDRESS_MAX_BYTES = 2048 };
MUST_USE enum status address_open(
    const struct address_open_keys *keys, struct slice box, char out[ADDRESS_MAX_BYTES + 1]);

/* Whether ${box} was sealed with the pair ${id}. */
bool address_box_is_of(struct slice box, const uint8_t id[ADDRESS_KEY_ID_BYTES]);
