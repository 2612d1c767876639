/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/api/ask/key_file.h"
#include "server/base/text.h"

/* Signed cookies, "<claim>.<signature>": HMAC-SHA256 with a key of this machine. */
#define COOKIE_MAC_LEN 43 /* base64 of 32 bytes without padding */

/* The value of the cookie ${name} in a Cookie header; at NULL if it is not there. */
struct slice cookie_find(struct slice cookies, struct slice name);

/* Writes the signature of ${claim}, as text. */
void cookie_sign(
    const uint8_t key[KEY_FILE_BYTES], struct slice claim, char out[COOKIE_MAC_LEN + 1]);

/* Whether ${value} ends with a valid signature; the text before it is then in ${claim}, borrowed. */
bool cookie_signed(const uint8_t key[KEY_FILE_BYTES], struct slice value, struct slice *claim);
