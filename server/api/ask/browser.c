/* SPDX-License-Identifier: MIT */
#include "server/api/ask/browser.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "server/api/ask/cookie.h"
#include "server/api/ask/token.h"
#include "server/base/fatal.h"

/* A cookie that says on which accounts this browser has signed in before. Attempts at a password
 * from such a browser are counted apart from those of strangers (limits.c), so that nobody can lock
 * a person out by trying the account from elsewhere. It lets nobody in. */

/* "<id>.<tags, one after another>.<signature>" */

_Static_assert(BROWSER_ID_LEN == TOKEN_ID_LEN, "id");

/* Keyed, and for this use alone. A tag and not the name: somebody who reads the cookie does not
 * learn the accounts. */
static void
tag_of(const uint8_t key[KEY_FILE_BYTES], const char *account, char out[BROWSER_TAG_LEN + 1])
{
	char text[96], mac[COOKIE_MAC_LEN + 1];
	/* A name of the use goes in, so that the same key makes no other cookie that would pass for
	 * this one. */
	int len = snprintf(text, sizeof text, "browser.%s", account);

	INVARIANT(len > 0 && (size_t)len < sizeof text);
	cookie_sign(key, (struct slice){text, (size_t)len}, mac);
	memcpy(out, mac, BROWSER_TAG_LEN);
	out[BROWSER_TAG_LEN] = '\0';
}

/* A cookie that is not ours, or damaged, is that of a new browser. */
void
browser_read(const uint8_t key[KEY_FILE_BYTES], struct slice cookies, bool tls, struct browser *out)
{
	struct slice text =
	    cookie_find(cookies, slice_of(tls ? BROWSER_COOKIE_TLS : BROWSER_COOKIE));
	struct slice claim, tags;

	*out = (struct browser){0};
	if (!cookie_signed(key, text, &claim) || claim.len < BROWSER_ID_LEN + 1 ||
	    claim.at[BROWSER_ID_LEN] != '.' ||
	    !token_id_valid((struct slice){claim.at, BROWSER_ID_LEN}))
		return;
	tags = (struct slice){claim.at + BROWSER_ID_LEN + 1, claim.len - BROWSER_ID_LEN - 1};
	if (tags.len % BROWSER_TAG_LEN != 0 || tags.len > BROWSER_ACCOUNTS * BROWSER_TAG_LEN)
		return;
	memcpy(out->id, claim.at, BROWSER_ID_LEN);
	out->ntags = (unsigned)(tags.len / BROWSER_TAG_LEN);
	for (unsigned i = 0; i < out->ntags; i++)
		memcpy(out->tags[i], tags.at + i * BROWSER_TAG_LEN, BROWSER_TAG_LEN);
}

/* Compares all tags in constant time. */
bool
browser_knows(const uint8_t key[KEY_FILE_BYTES], const struct browser *browser, const char *account)
{
	char tag[BROWSER_TAG_LEN + 1];
	bool known = false;

	tag_of(key, account, tag);
	for (unsigned i = 0; i < browser->ntags; i++)
		known |= sodium_memcmp(tag, browser->tags[i], BROWSER_TAG_LEN) == 0;
	return known;
}

/* The account that has just signed in comes first. If the cookie is full, the oldest one is left
 * out. */
void
browser_mark(const uint8_t key[KEY_FILE_BYTES], const struct browser *browser, const char *account,
    char out[BROWSER_TEXT_MAX])
{
	char tag[BROWSER_TAG_LEN + 1], id[TOKEN_ID_LEN + 1], mac[COOKIE_MAC_LEN + 1];
	unsigned kept = 1;
	size_t len;

	tag_of(key, account, tag);
	/* A browser keeps its id, so that its count of tries continues. */
	if (browser->id[0] == '\0')
		token_id_make(id);
	else
		memcpy(id, browser->id, sizeof id);
	len = (size_t)snprintf(out, BROWSER_TEXT_MAX, "%s.%s", id, tag);
	for (unsigned i = 0; i < browser->ntags && kept < BROWSER_ACCOUNTS; i++) {
		if (strcmp(browser->tags[i], tag) == 0)
			continue;
		memcpy(out + len, browser->tags[i], BROWSER_TAG_LEN);
		len += BROWSER_TAG_LEN;
		kept++;
	}
	cookie_sign(key, (struct slice){out, len}, mac);
	INVARIANT(len + 1 + sizeof mac <= BROWSER_TEXT_MAX);
	out[len] = '.';
	memcpy(out + len + 1, mac, sizeof mac);
}
