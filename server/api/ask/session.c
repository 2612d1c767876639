/* SPDX-License-Identifier: MIT */
#include "server/api/ask/session.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/api/ask/rights.h"
#include "server/api/ask/token.h"
#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/base/instant.h"

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

/* ------------------------------------------------------------------------------- how long */

#define CHANGER_IDLE_SECONDS (15 * 60)
#define READER_IDLE_SECONDS (12 * 3600)
#define DEVICE_IDLE_SECONDS (90 * 86400)
#define CHANGER_SECONDS (12 * 3600)
#define READER_SECONDS (30 * 86400)

int32_t
session_idle_seconds(const struct account *account, enum session_how how)
{
	if (how == SESSION_BY_DEVICE)
		return DEVICE_IDLE_SECONDS;
	return rights_changes(account) ? CHANGER_IDLE_SECONDS : READER_IDLE_SECONDS;
}

int64_t
session_ends_at(const struct account *account, enum session_how how, int64_t now)
{
	if (how == SESSION_BY_DEVICE)
		return INSTANT_END;
	return now + (rights_changes(account) ? CHANGER_SECONDS : READER_SECONDS);
}

/* ------------------------------------------------------------------------------- the cookie */

#define SECRET_BYTES 32
#define SECRET_TEXT_LEN 43
#define PROOF_LEN (SESSION_ID_LEN + 1 + SECRET_TEXT_LEN) /* "<id>_<secret>" */

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
session_make(
    const uint8_t key[SESSION_KEY_BYTES], struct session *session, char out[SESSION_TEXT_MAX])
{
	uint8_t secret[SECRET_BYTES];
	char mac[MAC_TEXT_LEN + 1];
	int len;

	token_id_make(session->id);
	memcpy(out, session->id, SESSION_ID_LEN);
	out[SESSION_ID_LEN] = '_';
	randombytes_buf(secret, sizeof secret);
	INVARIANT(sodium_bin2base64(out + SESSION_ID_LEN + 1, SECRET_TEXT_LEN + 1, secret,
		      sizeof secret, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != NULL);
	sodium_memzero(secret, sizeof secret);
	crypto_hash_sha256(session->sha256, (const uint8_t *)out, PROOF_LEN);
	len = snprintf(out + PROOF_LEN, SESSION_TEXT_MAX - PROOF_LEN, ".%lld.%d.%d.%s",
	    (long long)session->used_at, (int)session->how, (int)session->idle_seconds,
	    session->account);
	INVARIANT(len > 0 && PROOF_LEN + (size_t)len + 1 + sizeof mac <= SESSION_TEXT_MAX);
	sign(key, out, PROOF_LEN + (size_t)len, mac);
	out[PROOF_LEN + len] = '.';
	memcpy(out + PROOF_LEN + len + 1, mac, sizeof mac);
}

/* The value of the cookie of this name in "a=b; c=d"; at NULL if it is not there. */
static struct slice
our_cookie(struct slice cookies, struct slice name)
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

/* The next field before a dot of what is left of a claim. */
static bool
next_number(struct slice *rest, int64_t max, int64_t *out)
{
	const char *dot = memchr(rest->at, '.', rest->len);
	struct slice field;

	if (dot == NULL)
		return false;
	field = (struct slice){rest->at, (size_t)(dot - rest->at)};
	*rest = (struct slice){dot + 1, rest->len - field.len - 1};
	return text_int(field, 0, max, out);
}

/* What the signed part of a cookie says, if it was signed here. */
static bool
read_claim(const uint8_t *key, struct slice text, struct session *out)
{
	size_t claim = text.len - MAC_TEXT_LEN - 1;
	struct slice rest = {text.at + PROOF_LEN + 1, claim - PROOF_LEN - 1};
	char mac[MAC_TEXT_LEN + 1];
	int64_t how, idle;

	sign(key, text.at, claim, mac);
	if (text.at[claim] != '.' || text.at[PROOF_LEN] != '.' ||
	    sodium_memcmp(mac, text.at + claim + 1, MAC_TEXT_LEN) != 0)
		return false;
	if (!next_number(&rest, INT64_MAX / 2, &out->used_at) ||
	    !next_number(&rest, SESSION_HOWS - 1, &how) || !next_number(&rest, INT32_MAX, &idle) ||
	    rest.len > SESSION_ACCOUNT_MAX)
		return false;
	out->how = (enum session_how)how;
	out->idle_seconds = (int32_t)idle;
	out->ended_at = INSTANT_NEVER;
	out->ends_at = out->used_at + SESSION_FRESH_SECONDS;
	memcpy(out->account, rest.at, rest.len);
	out->account[rest.len] = '\0';
	return true;
}

/* In its first seconds, while the record has not been read since. */
static bool
is_fresh(const struct session_ground *ground, struct slice text, struct session *out)
{
	return ground->seen_database && read_claim(ground->key, text, out) &&
	       out->used_at <= ground->now + SESSION_FRESH_SECONDS && out->ends_at > ground->now;
}

static bool
is_known(const struct session_ground *ground, struct slice text, struct session *known)
{
	uint8_t sha256[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(sha256, (const uint8_t *)text.at, PROOF_LEN);
	if (sodium_memcmp(sha256, known->sha256, sizeof sha256) != 0 ||
	    !session_stands(known, ground->now, ground->known_at))
		return false;
	if (known->used_at < ground->now)
		known->used_at = ground->now;
	return true;
}

/* A role that was given more since may be idle for less. */
static bool
is_idle(const struct account *account, const struct session *before, int64_t judged_at)
{
	return before->used_at + session_idle_seconds(account, before->how) +
		   SESSION_SLACK_SECONDS <=
	       judged_at;
}

uint32_t
session_check(const struct session_ground *ground, struct slice cookies, struct session *out)
{
	struct slice text =
	    our_cookie(cookies, slice_of(ground->tls ? SESSION_COOKIE_TLS : SESSION_COOKIE));
	int64_t judged_at = ground->known_at < ground->now ? ground->known_at : ground->now;
	struct session *known, before;
	uint32_t account;

	*out = (struct session){0};
	if (text.at == NULL || text.len < PROOF_LEN + 1 + MAC_TEXT_LEN + 1 ||
	    text.len >= SESSION_TEXT_MAX ||
	    !token_id_valid((struct slice){text.at, SESSION_ID_LEN}))
		return TABLE_NONE;
	memcpy(out->id, text.at, SESSION_ID_LEN);
	known = sessions_find(ground->sessions, out->id);
	if (known == NULL && !is_fresh(ground, text, out))
		return TABLE_NONE;
	before = known != NULL ? *known : *out;
	account = table_get(&ground->accounts->by_name, before.account);
	if (account == TABLE_NONE || is_idle(&ground->accounts->items[account], &before, judged_at))
		return TABLE_NONE;
	if (known != NULL && !is_known(ground, text, known))
		return TABLE_NONE;
	if (known != NULL)
		*out = *known;
	return account;
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
