/* SPDX-License-Identifier: MIT */
#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/ask/token.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"

/* The tokens of an account: which there are, a new one, and the end of one or all of them. */

#define EXPIRES_MAX_BYTES 40

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
	if (!pg_get_bool(rows, 0, API_TOKEN_ADD_ADDED)) {
		problem_reply(job->ask.exchange, 404, "There is no account with this name.");
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
view_token_make(struct ask *ask)
{
	static const char *const members[] = {"expires_at", NULL};
	struct slice name = web_param(ask->exchange, "name");
	struct pg_args args = {0};
	struct making making = {0};
	struct job *job;
	json_t *body;

	body = ask_body(ask, members);
	making.expires_at = read_expiry(ask, body);
	making.account = arena_strndup(ask->arena, name.at, name.len);
	json_decref(body);
	if (!ask_fine(ask))
		return;
	token_make(&making.token);
	pg_text(&args, making.account);
	pg_text(&args, making.token.id);
	pg_bytea(&args, making.token.sha256, sizeof making.token.sha256);
	if (making.expires_at == INT64_MAX)
		pg_null(&args);
	else
		pg_time(&args, making.expires_at);
	pg_text(&args, ask->account->name);
	job = job_new(ask, sizeof making);
	*(struct making *)job->data = making;
	token_wipe(&making.token);
	job->drop = wipe;
	job_write(job, &API_TOKEN_ADD, &args, on_made);
}

static void
on_revoked(struct job *job, enum status st, const struct pg_rows *rows)
{
	(void)st;
	if (pg_get_bool(rows, 0, API_TOKEN_REVOKE_REVOKED))
		ask_reply_nothing(&job->ask, NULL);
	else
		problem_reply(
		    job->ask.exchange, 404, "There is no token with this id that still stands.");
	job_end(job);
}

void
view_token_revoke(struct ask *ask)
{
	struct slice id = web_param(ask->exchange, "id");
	struct pg_args args = {0};

	if (!token_id_valid(id))
		ask_refuse(ask, 404, "There is no token with this id that still stands.");
	if (!ask_fine(ask))
		return;
	pg_slice(&args, id);
	pg_text(&args, ask->account->name);
	job_write(job_new(ask, 0), &API_TOKEN_REVOKE, &args, on_revoked);
}

/* ------------------------------------------------------------------------- all of an account */

static void
refuse_stranger(struct job *job)
{
	problem_reply(job->ask.exchange, 404, "There is no account with this name.");
	job_end(job);
}

/* Also of an account that has ended: the name is all that is asked. */
static void
ask_account_tokens(struct ask *ask, const struct pg_stmt *stmt, bool by, job_take_fn *take)
{
	struct slice name = web_param(ask->exchange, "name");
	struct pg_args args = {0};
	struct job *job;

	if (!ask_fine(ask))
		return;
	pg_slice(&args, name);
	if (by)
		pg_text(&args, ask->account->name);
	job = job_new(ask, 0);
	job->data = arena_strndup(job->ask.arena, name.at, name.len);
	if (by)
		job_write(job, stmt, &args, take);
	else
		job_call(job, stmt, &args, take);
}

static void
put_token(struct json_out *out, const struct pg_rows *rows, size_t row)
{
	int64_t expires_at = pg_get_time(rows, row, API_ACCOUNT_TOKENS_EXPIRES_AT);

	out_object(out, NULL);
	out_text(out, "id", pg_get_text(rows, row, API_ACCOUNT_TOKENS_ID));
	out_time(out, "made_at", pg_get_time(rows, row, API_ACCOUNT_TOKENS_CREATED_AT));
	out_text(out, "made_by", pg_get_text(rows, row, API_ACCOUNT_TOKENS_MADE_BY));
	out_time(out, "expires_at", expires_at);
	out_time(out, "revoked_at",
	    pg_get_time_or(rows, row, API_ACCOUNT_TOKENS_REVOKED_AT, INSTANT_NEVER));
	out_text(out, "revoked_by", pg_get_text(rows, row, API_ACCOUNT_TOKENS_REVOKED_BY));
	out_time(
	    out, "used_at", pg_get_time_or(rows, row, API_ACCOUNT_TOKENS_USED_AT, INSTANT_NEVER));
	out_object_end(out);
}

static void
on_tokens(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct json_out out = {0};

	(void)st;
	if (pg_rows_count(rows) == 0) {
		refuse_stranger(job);
		return;
	}
	out_object(&out, NULL);
	out_text(&out, "account", job->data);
	out_array(&out, "tokens");
	for (size_t i = 0; i < pg_rows_count(rows); i++)
		if (!pg_is_null(rows, i, API_ACCOUNT_TOKENS_ID))
			put_token(&out, rows, i);
	out_array_end(&out);
	out_object_end(&out);
	ask_reply(&job->ask, &out);
	job_end(job);
}

void
view_tokens(struct ask *ask)
{
	ask_account_tokens(ask, &API_ACCOUNT_TOKENS, false, on_tokens);
}

static void
on_all_revoked(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct json_out out = {0};

	(void)st;
	if (pg_is_null(rows, 0, API_TOKENS_REVOKE_ALL_REVOKED)) {
		refuse_stranger(job);
		return;
	}
	out_object(&out, NULL);
	out_text(&out, "account", job->data);
	out_int(&out, "revoked", pg_get_int(rows, 0, API_TOKENS_REVOKE_ALL_REVOKED));
	out_object_end(&out);
	ask_reply_with(&job->ask, 200, &out, NULL);
	job_end(job);
}

void
view_tokens_revoke(struct ask *ask)
{
	ask_account_tokens(ask, &API_TOKENS_REVOKE_ALL, true, on_all_revoked);
}
