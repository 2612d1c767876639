/* SPDX-License-Identifier: MIT */
#include "server/api/ask/ask.h"
#include "server/api/ask/token.h"
#include "server/api/record/uses.h"

/* Which account sends a request: by a secret link, a bearer token, or the session of a browser. */

#define BEARER "Bearer "

/* Finds the account by a bearer token. Leaves ${out} empty if the token is not valid, or if the header is
 * of another scheme. */
struct slice
ask_bearer(struct web_exchange *exchange)
{
	struct slice header = web_header(exchange, "authorization");
	size_t skip = sizeof BEARER - 1;

	if (header.len < skip || !slice_is_nocase((struct slice){header.at, skip}, BEARER))
		return (struct slice){0};
	return slice_trim((struct slice){header.at + skip, header.len - skip});
}

static void
by_token(const struct api *api, struct slice text, int64_t now, struct asker *out)
{
	const struct accounts *accounts = api->store.current->accounts;
	const struct token *token = token_check(accounts, text, now);

	if (token == NULL)
		return;
	/* A use is noted in memory and written once an hour; a lookup must not wait for a write. */
	uses_note(api->uses, token->id, now);
	out->account = accounts_asker(accounts, token);
	out->token = token;
	out->scopes = token->scopes;
}

/* The use of a link is that of its token. The account has no numbers, whatever its role: a link shows less
 * than the account that made it may see. */
static void
by_link(const struct api *api, struct slice key, int64_t now, struct asker *out)
{
	const struct accounts *accounts = api->store.current->accounts;
	const struct token *token = token_check_link(accounts, key, out->link, now);

	if (token == NULL)
		return;
	uses_note(api->uses, token->id, now);
	out->account = accounts_asker(accounts, token);
	out->token = token;
	out->linked = true;
	/* What a link may ask is decided by its kind, which is that of the route. */
	out->scopes = SCOPE_ALL;
}

/* Finds the account by the session cookie of a browser. */
static void
by_session(const struct api *api, struct web_exchange *exchange, struct clock_reading reading,
    struct asker *out)
{
	struct session_facts facts = {
	    .key = api->session_key,
	    .sessions = api->store.sessions,
	    .accounts = api->store.current->accounts,
	    /* Judged by the clock of the database, so that a machine whose clock is wrong ends no
	     * session early. */
	    .now = snapshot_store_now(&api->store, reading),
	    .known_at = snapshot_store_as_of(&api->store, reading),
	    .seen_database = api->store.seen_database,
	    .tls = web_is_tls(exchange),
	    .aside = out->aside,
	};
	uint32_t account = session_check(&facts, web_header(exchange, "cookie"), &out->session);

	if (account == TABLE_NONE)
		return;
	if (!out->aside)
		uses_note(api->session_uses, out->session.id, facts.now);
	out->account = &facts.accounts->items[account];
	out->scopes = SCOPE_ALL;
}

void
ask_who(const struct api *api, struct web_exchange *exchange, struct clock_reading reading,
    struct asker *out)
{
	struct slice header = web_header(exchange, "authorization"), key;

	*out = (struct asker){.aside = out->aside, .link = out->link};
	/* A header wins over a cookie: a program that sends a token means that account, also from a
	 * browser's page. */
	if (out->link != LINK_NONE && web_query(exchange, "key", &key))
		by_link(api, key, snapshot_store_now(&api->store, reading), out);
	else if (header.at != NULL)
		by_token(api, ask_bearer(exchange), snapshot_store_now(&api->store, reading), out);
	else
		by_session(api, exchange, reading, out);
	if (out->account != NULL)
		web_known(exchange);
}
