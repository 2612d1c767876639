/* SPDX-License-Identifier: MIT */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "server/api/ask/cookie.h"
#include "server/api/ask/session.h"
#include "server/api/ask/token.h"
#include "server/base/fatal.h"
#include "server/base/instant.h"
#include "tests/fuzz/fuzz.h"

/*
 * What opens something: a Cookie header, a bearer token, a secret link. The bytes 1 to 4 stand for a valid
 * cookie of a session that is known, one of a session that is not known yet, a token and a link; so what
 * differs from these by a little is tried, too. Nothing opens but the thing itself, whole.
 */

#define NOW 1795316999
#define VALID 4

static uint8_t key[SESSION_KEY_BYTES] = {1, 2, 3};
static struct accounts *accounts;
static struct sessions *sessions;
static char valid[VALID][SESSION_TEXT_MAX];

static void
make_session(char *out, bool known)
{
	struct session made = {.how = SESSION_BY_PASSWORD,
	    .used_at = NOW,
	    .ended_at = INSTANT_NEVER,
	    .idle_seconds = 900,
	    .ends_at = NOW + 3600,
	    .account = "a.reader"};

	session_make(key, &made, out);
	if (known)
		sessions_put(sessions, &made, NOW);
}

static void
make_token(struct token *token, char *out, enum link_kind kind)
{
	struct token_made made;

	(kind == LINK_NONE ? token_make : token_make_link)(&made);
	*token = (struct token){.expires_at = INSTANT_END, .link.kind = kind};
	memcpy(token->id, made.id, sizeof made.id);
	memcpy(token->sha256, made.sha256, sizeof made.sha256);
	memcpy(out, made.text, sizeof made.text);
}

static void
set_up(void)
{
	struct arena *arena = arena_new(0);
	struct account *items = arena_array(arena, 1, sizeof *items);
	struct token *tokens = arena_array(arena, 2, sizeof *tokens);

	INVARIANT(sodium_init() >= 0);
	items[0] = (struct account){.name = "a.reader", .kind = "person", .role = ROLE_VIEWER};
	sessions = sessions_new();
	make_session(valid[0], true);
	make_session(valid[1], false);
	make_token(&tokens[0], valid[2], LINK_NONE);
	make_token(&tokens[1], valid[3], LINK_ROTA);
	accounts = accounts_new(
	    arena, &(struct accounts_read){
		       .version = 1, .items = items, .count = 1, .tokens = tokens, .ntokens = 2});
}

/* ${input} with the valid texts in the place of their bytes. */
static struct buf
expand(const uint8_t *input, size_t len)
{
	struct buf text = {0};

	buf_add_text(&text, "");
	for (size_t i = 0; i < len; i++)
		if (input[i] >= 1 && input[i] <= VALID)
			buf_add_text(&text, valid[input[i] - 1]);
		else
			buf_add(&text, &input[i], 1);
	return text;
}

static bool
holds(struct slice text, const char *part)
{
	return memmem(text.at, text.len, part, strlen(part)) != NULL;
}

static void
check_cookie(struct slice header, bool tls)
{
	struct session out;
	struct session_facts facts = {.key = key,
	    .sessions = sessions,
	    .accounts = accounts,
	    .now = NOW + 1,
	    .known_at = NOW + 1,
	    .seen_database = true,
	    .tls = tls};
	struct slice found =
			 cookie_find(header, slice_of(tls ? SESSION_COOKIE_TLS : SESSION_COOKIE)),
		     claim;
	size_t proof = SESSION_ID_LEN + 1 + COOKIE_MAC_LEN;

	INVARIANT(found.at == NULL ||
		  (found.at >= header.at && found.at + found.len <= header.at + header.len));
	if (found.at != NULL && cookie_signed(key, found, &claim))
		INVARIANT(claim.len < found.len);
	if (session_check(&facts, header, &out) == TABLE_NONE)
		return;
	/* Of a session that is known the secret decides; of another every byte. */
	INVARIANT(memcmp(found.at, valid[0], proof) == 0 || slice_is(found, valid[1]));
	INVARIANT(holds(header, "crisiscover_session="));
}

int
LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
	struct buf text;
	struct slice whole;

	if (accounts == NULL)
		set_up();
	text = expand(input, len);
	whole = (struct slice){text.at, text.len};
	check_cookie(whole, false);
	check_cookie(whole, true);
	INVARIANT((token_check(accounts, whole, NOW) != NULL) == slice_is(whole, valid[2]));
	for (int kind = LINK_NONE; kind < LINK_KINDS; kind++)
		INVARIANT((token_check_link(accounts, whole, (enum link_kind)kind, NOW) != NULL) ==
			  (kind == LINK_ROTA && slice_is(whole, valid[3])));
	buf_free(&text);
	return 0;
}
