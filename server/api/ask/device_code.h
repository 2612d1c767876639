/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/key_file.h"
#include "server/base/text.h"

/* The code that is typed once at a ward's machine: eight letters and digits without those that are
 * easily confused (0 O, 1 I), as "KX7M-2QPL". 40 random bits, so it is kept as a hash with a key of
 * this machine, not to be guessed from the record. sodium_init comes before. */
#define DEVICE_CODE_TEXT_LEN 9

void device_code_make(char out[DEVICE_CODE_TEXT_LEN + 1]);

/* False: it is no code. Typed text may be in small letters and leave out the dash. */
bool device_code_hash(const uint8_t key[KEY_FILE_BYTES], struct slice text, uint8_t hash[32]);
