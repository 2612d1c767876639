/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/cookie.h"
#include "server/api/ask/job.h"
#include "server/api/ask/session.h"
#include "server/api/ask/token.h"
#include "server/api/views/sign/me.h"
#include "server/api/views/sign/sign.h"
#include "server/api/views/views.h"
#include "server/base/fatal.h"
#include "server/pg/pg_rows.h"

/* Signing a browser in and out, and the sessions of the account that asks. */

/* ------------------------------------------------------------------------------------ begin */

#define CLIENT_MAX_BYTES 200
#define COOKIE_SECONDS_MAX (400 * 86400) /* browsers keep none for longer */

/* The name that the browser gives itself, as it is shown to the person whose session it is. */
static char *
client_of(struct ask *ask)
{
	struct slice agent = slice_trim(web_header(ask->exchange, "user-agent"));
	char *client;

	if (agent.len > CLIENT_MAX_BYTES)
		agent.len = CLIENT_MAX_BYTES;
	client = arena_strndup(ask->arena, agent.at == NULL ? "" : agent.at, agent.len);
	/* It is stored in the database and shown on a page: nothing but printable ASCII. */
	for (char *at = client; *at != '\0'; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
	return client;
}

const char *
sign_cookie(struct ask *ask, const struct cookie *cookie)
{
	bool tls = web_is_tls(ask->exchange);
	int64_t seconds =
	    cookie->seconds > COOKIE_SECONDS_MAX ? COOKIE_SECONDS_MAX : cookie->seconds;

	/* HttpOnly: scripts of a page cannot read it. SameSite=Strict: other sites' pages cannot
	 * send it. */
	return arena_printf(ask->arena,
	    "Set-Cookie: %s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s\r\n",
	    tls ? cookie->tls_name : cookie->name, cookie->value, (long long)seconds,
	    tls ? "; Secure" : "");
}

static const char *
session_cookie(struct ask *ask, const char *value, int64_t seconds)
{
	return sign_cookie(
	    ask, &(struct cookie){SESSION_COOKIE, SESSION_COOKIE_TLS, value, seconds});
}

const char *
session_cookie_again(struct ask *ask)
{
	const char *name = web_is_tls(ask->exchange) ? SESSION_COOKIE_TLS : SESSION_COOKIE;
	struct slice value = cookie_find(web_header(ask->exchange, "cookie"), slice_of(name));

	return session_cookie(
	    ask, arena_strndup(ask->arena, value.at, value.len), COOKIE_SECONDS_MAX);
}

struct opening {
	const struct account *account;
	const char *headers;
	enum session_how how;
	bool leads_on;
};

static void
on_opened(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct opening *opening = job->data;
	struct json_out out = {0};

	(void)st;
	/* The account ended between the check and now. */
	if (!pg_get_bool(rows, 0, API_SESSION_OPEN_OPENED)) {
		problem_unauthorised(job->ask.exchange);
		job_end(job);
		return;
	}
	me_put(&out, job->ask.region, opening->account, opening->how);
	ask_reply_with(&job->ask, opening->leads_on ? 303 : 200, &out, opening->headers);
	job_end(job);
}

void
sign_in(struct job *job, const struct signing *signing)
{
	struct ask *ask = &job->ask;
	const struct account *account = signing->account;
	struct opening *opening = arena_alloc(ask->arena, sizeof *opening);
	struct session session = {
	    .how = signing->how,
	    .used_at = ask->now,
	    .ended_at = INSTANT_NEVER,
	    .idle_seconds = session_idle_seconds(account, signing->how),
	    .ends_at = session_ends_at(account, signing->how, ask->now),
	};
	char value[SESSION_TEXT_MAX];
	struct pg_args args = {0};

	/* Names of accounts are codes of at most 64 characters, so they fit. */
	INVARIANT(strlen(account->name) <= SESSION_ACCOUNT_MAX);
	memcpy(session.account, account->name, strlen(account->name) + 1);
	session_make(ask->api->session_key, &session, value);
	opening->account = account;
	opening->how = signing->how;
	opening->leads_on = signing->leads_to != NULL;
	opening->headers = arena_printf(ask->arena, "%s%s%s",
	    session_cookie(ask, value,
		/* A session without an end gets the longest life that browsers allow. */
		session.ends_at == INSTANT_END ? COOKIE_SECONDS_MAX : session.ends_at - ask->now),
	    signing->extra == NULL ? "" : signing->extra,
	    signing->leads_to != NULL
		? arena_printf(ask->arena, "Location: %s\r\n", signing->leads_to)
		: "");
	job->data = opening;
	pg_text(&args, session.account);
	pg_text(&args, session_how_name(signing->how));
	pg_text(&args, signing->token);
	pg_text(&args, session.id);
	/* The cookie's secret is known by its SHA-256: a copy of the table lets nobody in. */
	pg_bytea(&args, session.sha256, sizeof session.sha256);
	pg_text(&args, client_of(ask));
	pg_int4(&args, session.idle_seconds);
	pg_time(&args, session.ends_at);
	job_write(job, &API_SESSION_OPEN, &args, on_opened);
}

/* By a bearer token. A session is never made from a session, so that it cannot outlive its own
 * end. */
void
view_session_open(struct ask *ask)
{
	struct slice header = web_header(ask->exchange, "authorization");
	const struct token *token;

	if (header.at == NULL) {
		problem_unauthorised(ask->exchange);
		ask_end(ask);
		return;
	}
	/* A session has no scopes: it would be more than the token that opened it. */
	if (ask->scopes != SCOPE_ALL)
		ask_refuse(ask, 403, "A token with scopes does not sign in a browser.");
	if (!ask_fine(ask))
		return;
	token = token_check(ask->map->accounts,
	    slice_trim((struct slice){header.at + sizeof "Bearer", header.len - sizeof "Bearer"}),
	    ask->now);
	/* ask_begin() has checked the same token in this turn. */
	INVARIANT(token != NULL);
	sign_in(job_new(ask, 0),
	    &(struct signing){
		.account = ask->account, .how = SESSION_BY_TOKEN, .token = token->id});
}

/* -------------------------------------------------------------------------------------- end */

static void
on_closed(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	(void)rows;
	/* An empty value with no life removes the cookie from the browser. */
	ask_reply_nothing(&job->ask, session_cookie(&job->ask, "", 0));
	job_end(job);
}

static void
end_session(struct ask *ask, struct slice id, job_take_fn *take)
{
	struct pg_args args = {0};

	pg_slice(&args, id);
	/* The first is the account whose session it must be; the second is who ends it, for the
	 * audit. */
	pg_text(&args, ask->account->name);
	pg_text(&args, ask->account->name);
	job_write(job_new(ask, 0), &API_SESSION_END, &args, take);
}

/* Ends the session by which the request was made. A token is not signed out: it is revoked. */
void
view_session_close(struct ask *ask)
{
	if (!ask_fine(ask))
		return;
	/* Signing out twice, or with a token, is no error: the cookie is removed. */
	if (ask->session.id[0] == '\0') {
		ask_reply_nothing(ask, session_cookie(ask, "", 0));
		ask_end(ask);
		return;
	}
	end_session(ask, slice_of(ask->session.id), on_closed);
}

/* ------------------------------------------------------------------- the page without script */

static void
reply_signed_out(struct ask *ask)
{
	struct slice place = web_param(ask->exchange, "place");
	const char *code =
	    text_is_code(place) ? arena_strndup(ask->arena, place.at, place.len) : "";
	struct json_out out = {0};

	out_object(&out, NULL);
	out_object_end(&out);
	ask_reply_with(ask, 303, &out,
	    arena_printf(ask->arena, "%sLocation: %s%s\r\n", session_cookie(ask, "", 0),
		*code != '\0' ? "/now/" : "/", code));
}

static void
on_signed_out(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	(void)rows;
	reply_signed_out(&job->ask);
	job_end(job);
}

/* POST /now/{place}/sign-out. Other sites' pages are refused before this; a browser without scripts may say
 * nothing of where its request comes from, so it is asked here and not where sessions change things. */
void
view_now_sign_out(struct ask *ask)
{
	struct asker asker = {0};

	ask_who(ask->api, ask->exchange, ask->reading, &asker);
	ask->account = asker.account;
	if (asker.account == NULL || asker.session.id[0] == '\0') {
		reply_signed_out(ask);
		ask_end(ask);
		return;
	}
	end_session(ask, slice_of(arena_strdup(ask->arena, asker.session.id)), on_signed_out);
}

static void
on_ended(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	if (pg_get_bool(rows, 0, API_SESSION_END_ENDED))
		ask_reply_nothing(&job->ask, NULL);
	else
		problem_reply(job->ask.exchange, 404, "You have no open session with this id.");
	job_end(job);
}

void
view_session_end(struct ask *ask)
{
	struct slice id = web_param(ask->exchange, "id");

	/* Text that is no id names no session; the database is not asked. */
	if (!token_id_valid(id))
		ask_refuse(ask, 404, "You have no open session with this id.");
	if (ask_fine(ask))
		end_session(ask, id, on_ended);
}

/* ------------------------------------------------------------------------------------- list */

static void
put_session(
    struct json_out *out, const struct pg_rows *rows, size_t row, const struct session *mine)
{
	const char *id = pg_get_text(rows, row, API_ACCOUNT_SESSIONS_ID);

	out_object(out, NULL);
	out_text(out, "id", id);
	out_text(out, "how", pg_get_text(rows, row, API_ACCOUNT_SESSIONS_HOW));
	out_text(out, "client", pg_get_text(rows, row, API_ACCOUNT_SESSIONS_CLIENT));
	out_time(out, "made_at", pg_get_time(rows, row, API_ACCOUNT_SESSIONS_MADE_AT));
	out_time(out, "used_at", pg_get_time(rows, row, API_ACCOUNT_SESSIONS_USED_AT));
	out_time(out, "ends_at", pg_get_time(rows, row, API_ACCOUNT_SESSIONS_ENDS_AT));
	/* So that the page can warn before somebody ends the session that shows it. */
	out_bool(out, "current", strcmp(id, mine->id) == 0);
	out_object_end(out);
}

static void
on_sessions(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct json_out out = {0};

	(void)st;
	out_object(&out, NULL);
	out_array(&out, "sessions");
	for (size_t i = 0; i < pg_rows_count(rows); i++)
		put_session(&out, rows, i, &job->ask.session);
	out_array_end(&out);
	out_object_end(&out);
	ask_reply(&job->ask, &out);
	job_end(job);
}

void
view_sessions(struct ask *ask)
{
	struct pg_args args = {0};

	if (!ask_fine(ask))
		return;
	pg_text(&args, ask->account->name);
	job_call(job_new(ask, 0), &API_ACCOUNT_SESSIONS, &args, on_sessions);
}
