/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "server/base/text.h"

/* Codes that change every 30 seconds (RFC 6238: HMAC-SHA1, six digits, as every authenticator app
 * has them). Pure: the time is passed in. */
#define TOTP_SECRET_BYTES 20
#define TOTP_DIGITS 6
#define TOTP_STEP_SECONDS 30
#define TOTP_SECRET_TEXT_LEN 32 /* base32 */

/* The code of step ${step} (seconds since 1970 by 30). */
uint32_t totp_code(const uint8_t secret[TOTP_SECRET_BYTES], int64_t step);

/* The step whose code is ${text}: the step of ${now}, the one before or the one after, since clocks differ.
 * A step must be after ${last}, the last that was used, so that a code works only once. 0: none. Takes the
 * same time for every text. */
int64_t totp_match(
    const uint8_t secret[TOTP_SECRET_BYTES], struct slice text, int64_t now, int64_t last);

/* The secret in base32, as people type it into an authenticator app. */
void totp_secret_text(const uint8_t secret[TOTP_SECRET_BYTES], char out[TOTP_SECRET_TEXT_LEN + 1]);

/* Recovery codes: sixteen letters and digits in four groups, 80 random bits. Typed text may be without
 * dashes and in small letters. recovery_hash() is false if ${text} has not the form of one. */
#define RECOVERY_CODES 10
#define RECOVERY_TEXT_LEN 19
void recovery_make(char out[RECOVERY_TEXT_LEN + 1], uint8_t sha256[32]);
bool recovery_hash(struct slice text, uint8_t sha256[32]);
