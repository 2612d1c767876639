/* SPDX-License-Identifier: MIT */
#include <sodium.h>
#include <string.h>

#include "server/api/ask/ask.h"
#include "server/api/ask/session.h"
#include "server/api/ask/token.h"
#include "server/api/views/views.h"
#include "server/base/fatal.h"

/* Who I am, signing a browser in and out. */

/* --------------------------------------------------------------------------------- session */

static void
put_me(struct json_out *out, const struct region *region, const struct account *account)
{
	out_object(out, NULL);
	out_text(out, "account", account->name);
	out_text(out, "kind", account->kind);
	out_text(out, "role", account_role_name(account->role));
	out_text(out, "organisation", account->organisation);
	out_array(out, "places");
	for (uint32_t i = 0; i < account->nplaces; i++) {
		uint32_t place = table_get(&region->place_by_code, account->places[i]);

		out_object(out, NULL);
		out_text(out, "code", account->places[i]);
		out_text(out, "name", place == TABLE_NONE ? NULL : region->places[place].name);
		out_object_end(out);
	}
	out_array_end(out);
	out_object_end(out);
}

void
view_me(struct ask *ask)
{
	struct json_out out = {0};

	if (!ask_fine(ask))
		return;
	put_me(&out, ask->region, ask->account);
	ask_reply(ask, &out);
	ask_end(ask);
}

/* Over TLS, which ends at the proxy, the browser must never send it any other way. */
static const char *
secure(struct web_exchange *exchange)
{
	return slice_is(web_header(exchange, "x-forwarded-proto"), "https") ? "; Secure" : "";
}

static void
set_cookie(struct ask *ask, const char *value, int64_t seconds, struct json_out *out)
{
	const char *header = arena_printf(ask->arena,
	    "Set-Cookie: " SESSION_COOKIE
	    "=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s\r\n",
	    value, (long long)seconds, secure(ask->exchange));

	if (out != NULL)
		ask_reply_with(ask, 200, out, header);
	else
		ask_reply_nothing(ask, header);
}

/* The bearer token is what signs in: a session is never made from a session, so that its end is its
 * end. */
void
view_session_open(struct ask *ask)
{
	char grant[SESSION_TEXT_MAX];
	struct json_out out = {0};
	const struct token *token;
	struct slice header = web_header(ask->exchange, "authorization");

	if (header.at == NULL) {
		problem_unauthorised(ask->exchange);
		return;
	}
	if (!ask_fine(ask))
		return;
	token = token_check(ask->map->accounts,
	    slice_trim((struct slice){header.at + sizeof "Bearer", header.len - sizeof "Bearer"}),
	    ask->now);
	INVARIANT(token != NULL);
	session_grant(ask->api->session_key, token, ask->now + SESSION_SECONDS, grant);
	put_me(&out, ask->region, ask->account);
	set_cookie(ask, grant, SESSION_SECONDS, &out);
	ask_end(ask);
}

void
view_session_close(struct ask *ask)
{

	set_cookie(ask, "", 0, NULL);
	ask_end(ask);
}
