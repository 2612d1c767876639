/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/key_file.h"
#include "server/base/text.h"

/* Secrets that the database keeps and must not be able to read: sealed with a key of this machine.
 * On another machine that serves the same database, copy the key. */
#define SEAL_KEY_FILE "seal.key"

/* Appends ${secret}, sealed. */
void seal(const uint8_t key[KEY_FILE_BYTES], struct slice secret, struct buf *out);

/* Into ${len} bytes. False: it was not sealed with this key, or is of another length. */
bool unseal(const uint8_t key[KEY_FILE_BYTES], struct slice sealed, void *out, size_t len);
