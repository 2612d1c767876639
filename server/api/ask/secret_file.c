/* SPDX-License-Identifier: MIT */
#include "server/api/ask/secret_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/fatal.h"
#include "server/base/file.h"

#define SECRET_MIN_BYTES 32
#define SECRET_MAX_BYTES 1024

static void
hash(struct slice text, uint8_t out[crypto_hash_sha256_BYTES])
{
	crypto_hash_sha256(out, (const uint8_t *)text.at, text.len);
}

void
secret_file_read(const char *setting, const char *path, struct secret_file *out)
{
	struct slice text;
	enum status st;
	char *bytes;
	size_t len;

	st = file_read_secret(path, 077, SECRET_MAX_BYTES, &bytes, &len);
	/* Somebody on the machine who can read it could say that they are that program. */
	if (st == STATUS_REFUSED)
		fatal("%s %s can be read by others: chmod 600 it", setting, path);
	if (st != STATUS_OK)
		fatal("could not read %s %s: %s", setting, path, strerror(errno));
	text = slice_trim((struct slice){bytes, strcspn(bytes, "\r\n")});
	if (text.len < SECRET_MIN_BYTES)
		fatal("%s %s is shorter than %d characters", setting, path, SECRET_MIN_BYTES);
	hash(text, out->sha256);
	out->given = true;
	sodium_memzero(bytes, len);
	free(bytes);
}

bool
secret_file_is(const struct secret_file *secret, struct slice said)
{
	uint8_t sha256[crypto_hash_sha256_BYTES];

	if (!secret->given || said.at == NULL)
		return false;
	hash(said, sha256);
	return sodium_memcmp(sha256, secret->sha256, sizeof sha256) == 0;
}
