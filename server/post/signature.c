/* SPDX-License-Identifier: MIT */
#include "server/post/signature.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

_Static_assert(
    SIGNATURE_KEY_BYTES == crypto_auth_hmacsha256_BYTES, "the key is a signature itself");

static void
add(crypto_auth_hmacsha256_state *state, const char *bytes, size_t len)
{
	crypto_auth_hmacsha256_update(state, (const unsigned char *)bytes, len);
}

void
signature_key(struct slice secret, const char *url, unsigned char key[SIGNATURE_KEY_BYTES])
{
	static const char purpose[] = "crisiscover webhook\n";
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret.at, secret.len);
	add(&state, purpose, sizeof purpose - 1);
	add(&state, url, strlen(url));
	crypto_auth_hmacsha256_final(&state, key);
	sodium_memzero(&state, sizeof state);
}

void
signature_secret(const unsigned char key[SIGNATURE_KEY_BYTES], char out[SIGNATURE_SECRET_MAX])
{
	memcpy(out, "whsec_", 7);
	sodium_bin2base64(out + 6, SIGNATURE_SECRET_MAX - 6, key, SIGNATURE_KEY_BYTES,
	    sodium_base64_VARIANT_ORIGINAL);
}

void
signature_make(const unsigned char key[SIGNATURE_KEY_BYTES], const struct signed_text *text,
    char out[SIGNATURE_HEADER_MAX])
{
	unsigned char made[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;
	char head[128];

	crypto_auth_hmacsha256_init(&state, key, SIGNATURE_KEY_BYTES);
	snprintf(head, sizeof head, "%.64s.%lld.", text->id, (long long)text->at);
	add(&state, head, strlen(head));
	add(&state, text->body.at, text->body.len);
	crypto_auth_hmacsha256_final(&state, made);
	sodium_memzero(&state, sizeof state);
	memcpy(out, "v1,", 4);
	sodium_bin2base64(
	    out + 3, SIGNATURE_HEADER_MAX - 3, made, sizeof made, sodium_base64_VARIANT_ORIGINAL);
}
