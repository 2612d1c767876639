/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/base/text.h"

/*
 * The signature of a webhook, by which its receiver knows that it comes from this server, whole and just now: as Standard Webhooks has it
 * (standardwebhooks.com), for which there are libraries in most languages. HMAC-SHA-256 over "id.timestamp.body". README.md has a worked example. Pure.
 */

#define SIGNATURE_KEY_BYTES 32
#define SIGNATURE_SECRET_MAX 64 /* "whsec_" and the key in base64 */
#define SIGNATURE_HEADER_MAX 64 /* "v1," and the signature in base64 */

/* The key of the receiver at ${url}, made of the server's ${secret}: each receiver has its own, and none must be kept. */
void signature_key(struct slice secret, const char *url, unsigned char key[SIGNATURE_KEY_BYTES]);

/* As it is given to the receiver. */
void signature_secret(const unsigned char key[SIGNATURE_KEY_BYTES], char out[SIGNATURE_SECRET_MAX]);

struct signed_text {
	const char *id;
	int64_t at; /* seconds since 1970 */
	struct slice body;
};

/* The value of the header webhook-signature. */
void signature_make(const unsigned char key[SIGNATURE_KEY_BYTES], const struct signed_text *text,
    char out[SIGNATURE_HEADER_MAX]);
