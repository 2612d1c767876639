/* SPDX-License-Identifier: MIT */
#include "server/sealed/password.h"

#include <sodium.h>
#include <string.h>

#include "server/base/pack.h"

/* The parameters that OWASP and libsodium recommend for signing in. A hash contains its own, so they may
 * be raised: older hashes are still compared. */
#define PASSES 2
#define MEMORY_BYTES ((size_t)64 << 20)

_Static_assert(PASSWORD_HASH_MAX == crypto_pwhash_STRBYTES, "hash");

/* The hash of 32 random bytes that were thrown away: its check takes as long as a real one, and no
 * password passes it. */
const char password_of_nobody[] =
    "$argon2id$v=19$m=65536,t=2,p=1$Yj1o7HQY7uAbRnkvBnuGFw$BeFl5bHvlRFx7OVdUhvKH/wzZYLIFNL+HqDvVfVEerw";

/* Without a hash the password is hashed, with one it is compared. */
void
password_pack(struct buf *request, struct slice password, const char *hash)
{
	pack_bytes(request, password.at, password.len);
	pack_bytes(request, hash, hash == NULL ? 0 : strlen(hash));
}

enum status
password_unpack(struct slice answer, struct password_answer *out)
{
	struct unpack in = unpack_from(answer.at, answer.len);
	struct slice hash;

	*out = (struct password_answer){0};
	out->fine = unpack_u8(&in) == 1;
	hash = unpack_bytes(&in);
	if (!unpack_done(&in) || hash.len >= sizeof out->hash)
		return STATUS_MALFORMED;
	memcpy(out->hash, hash.at, hash.len);
	return STATUS_OK;
}

void
password_work(void *ctx, struct slice request, struct buf *answer)
{
	struct unpack in = unpack_from(request.at, request.len);
	struct slice password = unpack_bytes(&in), hash;
	char text[PASSWORD_HASH_MAX] = "";
	bool fine;

	(void)ctx;
	hash = unpack_bytes(&in);
	/* Malformed: no answer, which the caller takes for a failure. */
	if (!unpack_done(&in) || hash.len >= sizeof text)
		return;
	/* libsodium compares with a string, and the hash in the request has no NUL after it. */
	memcpy(text, hash.at, hash.len);
	if (text[0] != '\0')
		/* With the parameters in the hash, whatever ours are. */
		fine = crypto_pwhash_str_verify(text, password.at, password.len) == 0;
	else
		fine =
		    crypto_pwhash_str(text, password.at, password.len, PASSES, MEMORY_BYTES) == 0;
	pack_u8(answer, fine);
	pack_bytes(answer, text, hash.len > 0 ? 0 : strlen(text));
}
