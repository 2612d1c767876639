/* SPDX-License-Identifier: MIT */
#include "server/api/ask/session.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/api/ask/token.h"
#include "server/base/fatal.h"
#include "server/base/file.h"

#define KEY_FILE "session.key"
#define MAC_TEXT_LEN 43 /* base64 of 32 bytes without padding */

_Static_assert(SESSION_KEY_BYTES == crypto_auth_hmacsha256_KEYBYTES, "key");

/* --------------------------------------------------------------------------------- the key */

static bool
write_key(const char *path, const uint8_t key[SESSION_KEY_BYTES])
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool whole;

	if (fd < 0)
		return false;
	whole = write(fd, key, SESSION_KEY_BYTES) == SESSION_KEY_BYTES && fsync(fd) == 0;
	close(fd);
	return whole;
}

/* Several processes start at once: each writes a file of its own, and the one whose link comes
 * first has made the key. */
static void
make_key(const char *path)
{
	uint8_t key[SESSION_KEY_BYTES];
	char *own = NULL;

	if (asprintf(&own, "%s.%ld", path, (long)getpid()) < 0)
		fatal("out of memory");
	randombytes_buf(key, sizeof key);
	(void)unlink(own);
	if (write_key(own, key))
		(void)!link(own, path);
	(void)unlink(own);
	sodium_memzero(key, sizeof key);
	free(own);
}

static bool
read_key(const char *path, uint8_t key[SESSION_KEY_BYTES])
{
	char *bytes;
	size_t len;
	bool whole;

	if (file_read(path, SESSION_KEY_BYTES, &bytes, &len) != STATUS_OK)
		return false;
	whole = len == SESSION_KEY_BYTES;
	if (whole)
		memcpy(key, bytes, len);
	sodium_memzero(bytes, len);
	free(bytes);
	return whole;
}

enum status
session_key_open(const char *directory, uint8_t key[SESSION_KEY_BYTES])
{
	char *path = NULL;
	bool whole;

	if (asprintf(&path, "%s/%s", directory, KEY_FILE) < 0)
		fatal("out of memory");
	whole = read_key(path, key);
	if (!whole) {
		make_key(path);
		whole = read_key(path, key);
	}
	free(path);
	return whole ? STATUS_OK : STATUS_GONE;
}

/* ---------------------------------------------------------------------------------- grants */

/* "<token id>.<end>", and after another dot its signature. */
static void
sign(
    const uint8_t key[SESSION_KEY_BYTES], const char *claim, size_t len, char out[MAC_TEXT_LEN + 1])
{
	uint8_t mac[crypto_auth_hmacsha256_BYTES];

	crypto_auth_hmacsha256(mac, (const uint8_t *)claim, len, key);
	INVARIANT(sodium_bin2base64(out, MAC_TEXT_LEN + 1, mac, sizeof mac,
		      sodium_base64_VARIANT_URLSAFE_NO_PADDING) != NULL);
}

void
session_grant(const uint8_t key[SESSION_KEY_BYTES], const struct token *token, int64_t ends_at,
    char out[SESSION_TEXT_MAX])
{
	char mac[MAC_TEXT_LEN + 1];
	int len = snprintf(out, SESSION_TEXT_MAX, "%s.%lld", token->id, (long long)ends_at);

	INVARIANT(len > 0 && (size_t)len + sizeof mac < SESSION_TEXT_MAX);
	sign(key, out, (size_t)len, mac);
	out[len] = '.';
	memcpy(out + len + 1, mac, sizeof mac);
}

/* The value of our cookie in "a=b; c=d"; at NULL if it is not there. */
static struct slice
our_cookie(struct slice cookies)
{
	const char *at = cookies.at, *end = cookies.at + cookies.len;

	while (at != NULL && at < end) {
		const char *semicolon = memchr(at, ';', (size_t)(end - at));
		const char *stop = semicolon ? semicolon : end;
		struct slice pair = slice_trim((struct slice){at, (size_t)(stop - at)});
		size_t name = sizeof SESSION_COOKIE - 1;

		if (pair.len > name && memcmp(pair.at, SESSION_COOKIE, name) == 0 &&
		    pair.at[name] == '=')
			return (struct slice){pair.at + name + 1, pair.len - name - 1};
		at = semicolon ? semicolon + 1 : NULL;
	}
	return (struct slice){0};
}

const struct token *
session_check(const uint8_t key[SESSION_KEY_BYTES], const struct accounts *accounts,
    struct slice cookies, int64_t now)
{
	struct slice grant = our_cookie(cookies), claim, end;
	char mac[MAC_TEXT_LEN + 1], id[TOKEN_ID_LEN + 1] = {0};
	const struct token *token;
	int64_t ends_at;

	if (grant.at == NULL || grant.len < TOKEN_ID_LEN + 1 + 1 + 1 + MAC_TEXT_LEN)
		return NULL;
	claim = (struct slice){grant.at, grant.len - MAC_TEXT_LEN - 1};
	sign(key, claim.at, claim.len, mac);
	if (claim.at[claim.len] != '.' ||
	    sodium_memcmp(mac, claim.at + claim.len + 1, MAC_TEXT_LEN) != 0)
		return NULL;
	memcpy(id, claim.at, TOKEN_ID_LEN);
	end = (struct slice){claim.at + TOKEN_ID_LEN + 1, claim.len - TOKEN_ID_LEN - 1};
	if (!text_int(end, 0, INT64_MAX, &ends_at) || ends_at <= now)
		return NULL;
	token = accounts_token(accounts, id);
	return token != NULL && token->expires_at > now ? token : NULL;
}

bool
session_same_origin(struct slice fetch_site, struct slice origin, struct slice host)
{
	static const char *const schemes[] = {"https://", "http://"};

	if (fetch_site.at != NULL && !slice_is(fetch_site, "same-origin"))
		return false;
	if (origin.at == NULL)
		return fetch_site.at != NULL;
	for (size_t i = 0; i < 2; i++) {
		size_t len = strlen(schemes[i]);

		if (origin.len == len + host.len && memcmp(origin.at, schemes[i], len) == 0 &&
		    memcmp(origin.at + len, host.at, host.len) == 0)
			return true;
	}
	return false;
}
