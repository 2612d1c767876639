/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/ask/token.h"
#include "server/api/views/views.h"
#include "server/base/civil.h"

/* The tokens of an account: which there are, a new one, and the end of one or all of them. */

#define EXPIRES_MAX_BYTES 40
/* Unless the request says otherwise, so that a forgotten token ends by itself. */
#define EXPIRES_SECONDS (365 * 86400)

struct making {
	struct token_made token;
	const char *account;
	int64_t expires_at; /* INT64_MAX: never */
	const char *scopes[SCOPES];
	size_t nscopes;
	bool scoped; /* else it may do all that its account may */
};

/* The secret is in the job's memory until the answer is out; a core file or the next user of the
 * memory must not have it. */
static void
wipe(struct job *job)
{
	token_wipe(&((struct making *)job->data)->token);
}

static void
put_scopes(struct json_out *out, const struct making *making)
{
	if (!making->scoped) {
		out_null(out, "scopes");
		return;
	}
	out_array(out, "scopes");
	for (size_t i = 0; i < making->nscopes; i++)
		out_text(out, NULL, making->scopes[i]);
	out_array_end(out);
}

static void
on_made(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct making *making = job->data;
	struct json_out out = {0};

	(void)st;
	/* The function adds a row for accounts that are in force only. */
	if (!pg_get_bool(rows, 0, API_TOKEN_ADD_ADDED)) {
		job_problem(job, 404, "There is no account with this name.");
		return;
	}
	out_object(&out, NULL);
	out_text(&out, "id", making->token.id);
	out_text(&out, "account", making->account);
	/* The only time that the secret is shown: the database has its SHA-256 alone. */
	out_text(&out, "token", making->token.text);
	out_time(&out, "expires_at", making->expires_at);
	put_scopes(&out, making);
	out_object_end(&out);
	ask_reply_with(&job->ask, 201, &out, NULL);
	job_end(job);
}

static const char *
name_of_path(const struct ask *ask)
{
	struct slice name = web_param(ask->exchange, "name");

	return arena_strndup(ask->arena, name.at, name.len);
}

static int64_t
read_expiry(struct ask *ask, const json_t *body)
{
	const char *text = ask_body_text(ask, body, "expires_at", EXPIRES_MAX_BYTES, ASK_OPTIONAL);
	int64_t expires_at = ask->now + EXPIRES_SECONDS;

	if (text == NULL)
		return expires_at;
	if (strcmp(text, "never") == 0)
		/* "never" has to be written: leaving the member out means a year. */
		return INT64_MAX;
	if (!civil_parse_rfc3339(slice_of(text), &expires_at) || expires_at <= ask->now)
		ask_fault(
		    ask, "$.expires_at", "is neither an RFC 3339 time in the future nor \"never\"");
	return expires_at;
}

/* A token makes no token that may do more than it: each scope must be one that it has itself. */
static void
read_scope(struct ask *ask, const char *path, const json_t *item, struct making *making)
{
	enum scope scope;

	if (!json_is_string(item) || !scope_of(json_string_value(item), &scope))
		ask_fault(ask, path,
		    "is not one of read, review, accounts, write:cover, write:setup, numbers");
	else if ((ask->scopes & (1u << scope)) == 0)
		ask_refuse(ask, 403, "This token lacks the scope %s itself.", scope_name(scope));
	else
		making->scopes[making->nscopes++] = scope_name(scope);
}

static void
read_scopes(struct ask *ask, const json_t *body, struct making *making)
{
	const json_t *list = json_object_get(body, "scopes"), *item;
	size_t i;

	making->scoped = list != NULL && !json_is_null(list);
	/* Without scopes the new token could do all that the account may, which is more than the
	 * one that asks. */
	if (!making->scoped && ask->scopes != SCOPE_ALL)
		ask_refuse(ask, 403, "A token with scopes makes none without.");
	if (!making->scoped)
		return;
	/* An empty list would be a token that may do nothing, and is more likely a mistake of a
	 * program. */
	if (!json_is_array(list) || json_array_size(list) == 0 || json_array_size(list) > SCOPES) {
		ask_fault(ask, "$.scopes", "is not a list of one scope or several");
		return;
	}
	json_array_foreach(list, i, item)
	    read_scope(ask, arena_printf(ask->arena, "$.scopes[%zu]", i), item, making);
}

void
view_token_make(struct ask *ask)
{
	static const char *const members[] = {"expires_at", "scopes", NULL};
	struct pg_args args = {0};
	struct making making = {0};
	struct job *job;
	json_t *body;

	body = ask_body(ask, members);
	making.expires_at = read_expiry(ask, body);
	read_scopes(ask, body, &making);
	making.account = name_of_path(ask);
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
	if (making.scoped)
		pg_text_array(&args, making.scopes, making.nscopes);
	else
		pg_null(&args);
	pg_text(&args, ask->account->name);
	job = job_new(ask, sizeof making);
	*(struct making *)job->data = making;
	/* The job has its own copy, which is wiped when it ends; this one is on the stack. */
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

/* Of ${own}, a token of somebody else is answered as one that there is not, so that nobody learns which ids there
 * are. */
static void
revoke(struct ask *ask, bool own)
{
	struct slice id = web_param(ask->exchange, "id");
	struct pg_args args = {0};

	/* Text that is no id names no token; the database is not asked. */
	if (!token_id_valid(id))
		ask_refuse(ask, 404, "There is no token with this id that still stands.");
	if (!ask_fine(ask))
		return;
	pg_slice(&args, id);
	pg_text(&args, own ? ask->account->name : NULL);
	pg_text(&args, ask->account->name);
	job_write(job_new(ask, 0), &API_TOKEN_REVOKE, &args, on_revoked);
}

void
view_token_revoke(struct ask *ask)
{
	revoke(ask, false);
}

/* A token that is lost or was copied is ended at once, also at night when no administrator is there. Making one
 * stays with administrators: it signs in without the password and the second factor of who has it. */
void
view_my_token_revoke(struct ask *ask)
{
	revoke(ask, true);
}

/* ------------------------------------------------------------------------- all of an account */

static void
refuse_stranger(struct job *job)
{
	job_problem(job, 404, "There is no account with this name.");
}

/* ${name}: of the account; NULL: the one that asks. Also for an account that has ended: its tokens are part of the
 * record, so only the name is asked. */
static void
ask_account_tokens(struct ask *ask, const char *name, const struct pg_stmt *stmt, job_take_fn *take)
{
	bool by = stmt == &API_TOKENS_REVOKE_ALL;
	struct pg_args args = {0};
	struct job *job;

	if (!ask_fine(ask))
		return;
	job = job_new(ask, 0);
	job->data = arena_strdup(job->ask.arena, name != NULL ? name : job->ask.account->name);
	pg_text(&args, job->data);
	if (by)
		pg_text(&args, job->ask.account->name);
	if (by)
		job_write(job, stmt, &args, take);
	else
		job_call(job, stmt, &args, take);
}

static void
put_row_scopes(struct json_out *out, const struct pg_rows *rows, size_t row)
{
	/* Empty is NULL in the table: a token without scopes, which may do all that its account
	 * may. */
	size_t count = pg_get_array_count(rows, row, API_ACCOUNT_TOKENS_SCOPES);

	if (count == 0) {
		out_null(out, "scopes");
		return;
	}
	out_array(out, "scopes");
	for (size_t i = 0; i < count; i++)
		out_slice(out, NULL, pg_get_array_text(rows, row, API_ACCOUNT_TOKENS_SCOPES, i));
	out_array_end(out);
}

/* A secret link is a token too, and is revoked with the others. */
static void
put_row_link(struct json_out *out, const struct pg_rows *rows, size_t row)
{
	if (pg_is_null(rows, row, API_ACCOUNT_TOKENS_LINK_KIND)) {
		out_null(out, "link");
		return;
	}
	out_object(out, "link");
	out_text(out, "kind", pg_get_text(rows, row, API_ACCOUNT_TOKENS_LINK_KIND));
	out_text(out, "of", pg_get_text(rows, row, API_ACCOUNT_TOKENS_LINK_OF));
	out_object_end(out);
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
	put_row_scopes(out, rows, row);
	put_row_link(out, rows, row);
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
	/* One row comes for an account without tokens, with NULL as the token's id; none at all
	 * means that there is no such account. */
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
	ask_account_tokens(ask, name_of_path(ask), &API_ACCOUNT_TOKENS, on_tokens);
}

void
view_my_tokens(struct ask *ask)
{
	ask_account_tokens(ask, NULL, &API_ACCOUNT_TOKENS, on_tokens);
}

static void
on_all_revoked(struct job *job, enum status st, const struct pg_rows *rows)
{
	struct json_out out = {0};

	(void)st;
	/* NULL, not 0: there is no account. An account without tokens answers 0, so that revoking
	 * twice is no error. */
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
	ask_account_tokens(ask, name_of_path(ask), &API_TOKENS_REVOKE_ALL, on_all_revoked);
}
