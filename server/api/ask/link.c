/* SPDX-License-Identifier: MIT */
#include "server/api/ask/link.h"

#include <sodium.h>
#include <string.h>

#include "server/base/fatal.h"

#define SECRET_BYTES 32

void
link_make(struct link *out, const char *before)
{
	uint8_t secret[SECRET_BYTES];
	size_t skip = strlen(before);

	INVARIANT(skip <= LINK_BEFORE_MAX);

	/* 256 bits: a link cannot be guessed, so its hash needs no stretching. */
	randombytes_buf(secret, sizeof secret);
	memcpy(out->path, before, skip);
	INVARIANT(sodium_bin2base64(out->path + skip, LINK_LEN + 1, secret, sizeof secret,
		      sodium_base64_VARIANT_URLSAFE_NO_PADDING) != NULL);
	sodium_memzero(secret, sizeof secret);
	INVARIANT(link_hash((struct slice){out->path + skip, LINK_LEN}, out->sha256));
}

void
link_wipe(struct link *link)
{
	sodium_memzero(link, sizeof *link);
}

/* The database has only the hash of a link: somebody who reads it cannot use the links. No salt is
 * needed for 256 random bits. */
bool
link_hash(struct slice text, uint8_t sha256[32])
{
	if (text.len != LINK_LEN)
		return false;
	crypto_hash_sha256(sha256, (const uint8_t *)text.at, text.len);
	return true;
}
