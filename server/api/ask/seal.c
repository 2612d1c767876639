/* SPDX-License-Identifier: MIT */
#include "server/api/ask/seal.h"

#include <sodium.h>
#include <stdlib.h>

#include "server/base/fatal.h"

#define NONCE crypto_secretbox_NONCEBYTES
#define MAC crypto_secretbox_MACBYTES

_Static_assert(KEY_FILE_BYTES == crypto_secretbox_KEYBYTES, "key");

/* Authenticated encryption with a random nonce, which goes before the bytes. */
void
seal(const uint8_t key[KEY_FILE_BYTES], struct slice secret, struct buf *out)
{
	uint8_t nonce[NONCE];
	uint8_t *sealed = xmalloc(secret.len + MAC);

	randombytes_buf(nonce, sizeof nonce);
	crypto_secretbox_easy(sealed, (const uint8_t *)secret.at, secret.len, nonce, key);
	buf_add(out, nonce, sizeof nonce);
	buf_add(out, sealed, secret.len + MAC);
	free(sealed);
}

bool
unseal(const uint8_t key[KEY_FILE_BYTES], struct slice sealed, void *out, size_t len)
{
	const uint8_t *at = (const uint8_t *)sealed.at;

	/* Checked by the length first: the bytes come from the database. */
	return sealed.len == NONCE + MAC + len &&
	       crypto_secretbox_open_easy(out, at + NONCE, sealed.len - NONCE, at, key) == 0;
}
