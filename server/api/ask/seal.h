/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/key_file.h"
#include "server/base/text.h"

/* Encrypts secrets that the database stores and must not be able to read, such as those of second factors,
 * with a key of this machine. Machines that serve the same database need the same key file. */
#define SEAL_KEY_FILE "seal.key"

/* Appends ${secret} to ${out}, encrypted. */
void seal(const uint8_t key[KEY_FILE_BYTES], struct slice secret, struct buf *out);

/* Decrypts ${sealed} into the ${len} bytes of ${out}. False: it was not encrypted with this key, has been
 * changed, or has another length. */
bool unseal(const uint8_t key[KEY_FILE_BYTES], struct slice sealed, void *out, size_t len);
