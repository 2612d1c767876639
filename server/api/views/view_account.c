#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/ask/token.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"
#include "server/base/fatal.h"

/* Who I am, signing a browser in and out, making and revoking tokens. */

#define EXPIRES_MAX_BYTES 40

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
view_me(void *ctx, struct web_exchange *exchange)
{
	static const char *const none[] = {NULL};
	struct json_out out = {0};
	struct ask ask;

	if (!ask_begin(&ask, ctx, exchange, RIGHT_READ))
		return;
	ask_known(&ask, none);
	if (!ask_fine(&ask))
		return;
	put_me(&out, ask.region, ask.account);
	ask_reply(&ask, &out);
	ask_end(&ask);
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
view_session_open(void *ctx, struct web_exchange *exchange)
{
	static const char *const none[] = {NULL};
	char grant[SESSION_TEXT_MAX];
	struct json_out out = {0};
	const struct token *token;
	struct slice header = web_header(exchange, "authorization");
	struct ask ask;

	if (header.at == NULL) {
		problem_unauthorised(exchange);
		return;
	}
	if (!ask_begin(&ask, ctx, exchange, RIGHT_READ))
		return;
	ask_known(&ask, none);
	if (!ask_fine(&ask))
		return;
	token = token_check(ask.map->accounts,
	    slice_trim((struct slice){header.at + sizeof "Bearer", header.len - sizeof "Bearer"}),
	    ask.now);
	INVARIANT(token != NULL);
	session_grant(ask.api->session_key, token, ask.now + SESSION_SECONDS, grant);
	put_me(&out, ask.region, ask.account);
	set_cookie(&ask, grant, SESSION_SECONDS, &out);
	ask_end(&ask);
}

void
view_session_close(void *ctx, struct web_exchange *exchange)
{
	struct ask ask;

	if (!ask_begin(&ask, ctx, exchange, RIGHT_READ))
		return;
	set_cookie(&ask, "", 0, NULL);
	ask_end(&ask);
}

/* ---------------------------------------------------------------------------------- tokens */

struct making {
	struct token_made token;
	const char *account;
	int64_t expires_at; /* INT64_MAX: never */
};

static void
wipe(struct job *job)
{
	token_wipe(&((struct making *)job->data)->token);
}

static void
on_made(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct making *making = job->data;
	struct json_out out = {0};

	(void)st;
	if (!pg_get_bool(rows, 0, 0)) {
		problem_reply(
		    job->ask.exchange, 404, "There is no account with this name.", NULL, 0, NULL);
		job_end(job);
		return;
	}
	out_object(&out, NULL);
	out_text(&out, "id", making->token.id);
	out_text(&out, "account", making->account);
	out_text(&out, "token", making->token.text);
	out_time(&out, "expires_at", making->expires_at);
	out_object_end(&out);
	ask_reply_with(&job->ask, 201, &out, NULL);
	job_end(job);
}

static int64_t
read_expiry(struct ask *ask, const json_t *body)
{
	const char *text = ask_body_text(ask, body, "expires_at", EXPIRES_MAX_BYTES, ASK_OPTIONAL);
	int64_t expires_at = INT64_MAX;

	if (text == NULL)
		return INT64_MAX;
	if (!civil_parse_rfc3339(slice_of(text), &expires_at) || expires_at <= ask->now)
		ask_fault(ask, "$.expires_at", "is not an RFC 3339 time in the future");
	return expires_at;
}

void
view_token_make(void *ctx, struct web_exchange *exchange)
{
	static const char *const none[] = {NULL}, *const members[] = {"expires_at", NULL};
	struct slice name = web_param(exchange, "name");
	struct pg_args args = {0};
	struct making making = {0};
	struct ask ask;
	struct job *job;
	json_t *body;

	if (!ask_begin(&ask, ctx, exchange, RIGHT_ADMINISTER))
		return;
	ask_known(&ask, none);
	body = ask_body(&ask, members);
	making.expires_at = read_expiry(&ask, body);
	making.account = arena_strndup(ask.arena, name.at, name.len);
	json_decref(body);
	if (!ask_fine(&ask))
		return;
	token_make(&making.token);
	pg_text(&args, making.account);
	pg_text(&args, making.token.id);
	pg_bytea(&args, making.token.sha256, sizeof making.token.sha256);
	if (making.expires_at == INT64_MAX)
		pg_null(&args);
	else
		pg_time(&args, making.expires_at);
	pg_text(&args, ask.account->name);
	job = job_new(&ask, sizeof making);
	*(struct making *)job->data = making;
	token_wipe(&making.token);
	job->drop = wipe;
	job_call(job, &API_TOKEN_ADD, &args, on_made);
}

static void
on_revoked(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	if (pg_get_bool(rows, 0, 0))
		ask_reply_nothing(&job->ask, NULL);
	else
		problem_reply(job->ask.exchange, 404,
		    "There is no token with this id that still stands.", NULL, 0, NULL);
	job_end(job);
}

void
view_token_revoke(void *ctx, struct web_exchange *exchange)
{
	static const char *const none[] = {NULL};
	struct slice id = web_param(exchange, "id");
	struct pg_args args = {0};
	struct ask ask;

	if (!ask_begin(&ask, ctx, exchange, RIGHT_ADMINISTER))
		return;
	ask_known(&ask, none);
	if (!token_id_valid(id))
		ask_refuse(&ask, 404, "There is no token with this id that still stands.");
	if (!ask_fine(&ask))
		return;
	pg_slice(&args, id);
	pg_text(&args, ask.account->name);
	job_call(job_new(&ask, 0), &API_TOKEN_REVOKE, &args, on_revoked);
}
