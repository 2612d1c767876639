/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/key_file.h"
#include "server/base/text.h"

/* The code that is typed once at a ward's machine to sign it in: eight letters and digits without those
 * that are easily confused (0 O, 1 I), as "KX7M-2QPL". It has only 40 random bits. The database therefore
 * has a hash that is keyed with a key of this machine: with a plain hash, somebody who can read the
 * database could find the code by trying all. Call sodium_init before. */
#define DEVICE_CODE_TEXT_LEN 9

/* Makes a new code. */
void device_code_make(char out[DEVICE_CODE_TEXT_LEN + 1]);

/* The hash of the code that somebody typed; small letters and a missing dash are accepted. False: ${text}
 * has not the form of a code. */
bool device_code_hash(const uint8_t key[KEY_FILE_BYTES], struct slice text, uint8_t hash[32]);
