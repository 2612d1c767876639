/* SPDX-License-Identifier: MIT */
#include "server/api/ask/cookie.h"

#include <sodium.h>
#include <string.h>

#include "server/base/fatal.h"

_Static_assert(KEY_FILE_BYTES == crypto_auth_hmacsha256_KEYBYTES, "key");

/* The first cookie of that name. A second one, which another site of the domain may have set, is
 * ignored. */
struct slice
cookie_find(struct slice cookies, struct slice name)
{
	const char *at = cookies.at, *end = cookies.at + cookies.len;

	while (at != NULL && at < end) {
		const char *semicolon = memchr(at, ';', (size_t)(end - at));
		const char *stop = semicolon ? semicolon : end;
		struct slice pair = slice_trim((struct slice){at, (size_t)(stop - at)});

		if (pair.len > name.len && memcmp(pair.at, name.at, name.len) == 0 &&
		    pair.at[name.len] == '=')
			return (struct slice){pair.at + name.len + 1, pair.len - name.len - 1};
		at = semicolon ? semicolon + 1 : NULL;
	}
	return (struct slice){0};
}

/* The signature alone is no proof of a session, which may have ended: it lets a cookie that was not made
 * here be rejected without a search. */
void
cookie_sign(const uint8_t key[KEY_FILE_BYTES], struct slice claim, char out[COOKIE_MAC_LEN + 1])
{
	uint8_t mac[crypto_auth_hmacsha256_BYTES];

	crypto_auth_hmacsha256(mac, (const uint8_t *)claim.at, claim.len, key);
	INVARIANT(sodium_bin2base64(out, COOKIE_MAC_LEN + 1, mac, sizeof mac,
		      sodium_base64_VARIANT_URLSAFE_NO_PADDING) != NULL);
}

/* ${claim} is set also if the signature is wrong; it must not be used then. */
bool
cookie_signed(const uint8_t key[KEY_FILE_BYTES], struct slice value, struct slice *claim)
{
	char mac[COOKIE_MAC_LEN + 1];

	if (value.at == NULL || value.len < COOKIE_MAC_LEN + 1)
		return false;
	*claim = (struct slice){value.at, value.len - COOKIE_MAC_LEN - 1};
	cookie_sign(key, *claim, mac);
	return value.at[claim->len] == '.' &&
	       sodium_memcmp(mac, value.at + claim->len + 1, COOKIE_MAC_LEN) == 0;
}
