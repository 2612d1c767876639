/* SPDX-License-Identifier: MIT */
#include "server/api/ask/session.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "server/api/ask/cookie.h"
#include "server/api/ask/rights.h"
#include "server/api/ask/token.h"
#include "server/base/fatal.h"
#include "server/base/instant.h"

_Static_assert(SESSION_KEY_BYTES == crypto_auth_hmacsha256_KEYBYTES, "key");

/* ------------------------------------------------------------------------------- how long */

#define CHANGER_IDLE_SECONDS (15 * 60)
#define READER_IDLE_SECONDS (12 * 3600)
#define DEVICE_IDLE_SECONDS (90 * 86400)
#define CHANGER_SECONDS (12 * 3600)
#define READER_SECONDS (30 * 86400)

/* A session that may change things ends sooner: a browser that was left open could do more harm. */
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

/* The record has the hash of the first part. The rest lets another process believe the cookie
 * before it has read the record. */
void
session_make(
    const uint8_t key[SESSION_KEY_BYTES], struct session *session, char out[SESSION_TEXT_MAX])
{
	uint8_t secret[SECRET_BYTES];
	char mac[COOKIE_MAC_LEN + 1];
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
	INVARIANT(len > 0);
	INVARIANT(PROOF_LEN + (size_t)len + 1 + sizeof mac <= SESSION_TEXT_MAX);
	cookie_sign(key, (struct slice){out, PROOF_LEN + (size_t)len}, mac);
	out[PROOF_LEN + len] = '.';
	memcpy(out + PROOF_LEN + len + 1, mac, sizeof mac);
}

/* Takes the next number, up to a dot, from what is left of a claim. */
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

/* Reads the signed part of a cookie. It was signed here, so it is believed; bounds are checked
 * all the same, since the key may be older than this program. */
static bool
read_claim(const uint8_t *key, struct slice text, struct session *out)
{
	struct slice claim, rest;
	int64_t how, idle;

	if (!cookie_signed(key, text, &claim) || claim.len <= PROOF_LEN ||
	    claim.at[SESSION_ID_LEN] != '_' || claim.at[PROOF_LEN] != '.')
		return false;
	rest = (struct slice){claim.at + PROOF_LEN + 1, claim.len - PROOF_LEN - 1};
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

/* A session that another process opened a moment ago is believed from its cookie for its first
 * seconds. After that the record must have been read. */
static bool
is_fresh(const struct session_facts *facts, struct slice text, struct session *out)
{
	return facts->seen_database && read_claim(facts->key, text, out) &&
	       out->used_at <= facts->now + SESSION_FRESH_SECONDS && out->ends_at > facts->now;
}

/* The instant of use is noted in memory only; uses.c writes it to the record. */
static bool
is_known(const struct session_facts *facts, struct slice text, struct session *known)
{
	uint8_t sha256[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(sha256, (const uint8_t *)text.at, PROOF_LEN);
	if (sodium_memcmp(sha256, known->sha256, sizeof sha256) != 0 ||
	    !session_stands(known, facts->now, facts->known_at))
		return false;
	if (!facts->aside && known->used_at < facts->now)
		known->used_at = facts->now;
	return true;
}

/* By the account's present role: one that may change things since must not keep the longer
 * limit. */
static bool
is_idle(const struct account *account, const struct session *before, int64_t judged_at)
{
	return before->used_at + session_idle_seconds(account, before->how) +
		   SESSION_SLACK_SECONDS <=
	       judged_at;
}

/* While the database is away, time without use is not counted: it is not known what other processes
 * have seen. */
static int64_t
idle_judged_at(const struct session_facts *facts)
{
	return facts->known_at < facts->now ? facts->known_at : facts->now;
}

/* Whether the account still exists, and what it may do, is asked of the present accounts and not of
 * the cookie. */
uint32_t
session_check(const struct session_facts *facts, struct slice cookies, struct session *out)
{
	struct slice text =
	    cookie_find(cookies, slice_of(facts->tls ? SESSION_COOKIE_TLS : SESSION_COOKIE));
	struct session *known, before;
	uint32_t account;

	*out = (struct session){0};
	if (text.at == NULL || text.len < PROOF_LEN + 1 + COOKIE_MAC_LEN + 1 ||
	    text.len >= SESSION_TEXT_MAX ||
	    !token_id_valid((struct slice){text.at, SESSION_ID_LEN}))
		return TABLE_NONE;
	memcpy(out->id, text.at, SESSION_ID_LEN);
	known = sessions_find(facts->sessions, out->id);
	if (known == NULL && !is_fresh(facts, text, out))
		return TABLE_NONE;
	/* Copied before is_known(), which notes this use. */
	before = known != NULL ? *known : *out;
	account = table_get(&facts->accounts->by_name, before.account);
	if (account == TABLE_NONE ||
	    is_idle(&facts->accounts->items[account], &before, idle_judged_at(facts)))
		return TABLE_NONE;
	if (known != NULL && !is_known(facts, text, known))
		return TABLE_NONE;
	if (known != NULL)
		*out = *known;
	return account;
}

/* A session that was known and is not any more has ended: it would last longer than one that was
 * believed from its cookie (read_claim). */
uint32_t
session_goes_on(const struct session_facts *facts, struct session *session)
{
	const struct session *known = sessions_find(facts->sessions, session->id);
	uint32_t account;

	if (known != NULL)
		*session = *known;
	else if (session->ends_at > session->used_at + SESSION_FRESH_SECONDS)
		return TABLE_NONE;
	account = table_get(&facts->accounts->by_name, session->account);
	if (account == TABLE_NONE || !session_stands(session, facts->now, facts->known_at) ||
	    is_idle(&facts->accounts->items[account], session, idle_judged_at(facts)))
		return TABLE_NONE;
	return account;
}

/* Browsers send Sec-Fetch-Site; older ones only Origin. Without either it is no browser that is
 * known, and a session belongs to a browser. */
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
