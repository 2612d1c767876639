/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "server/api/api_sql.h"
#include "server/api/ask/job.h"
#include "server/api/ask/link.h"
#include "server/api/ask/rights_setup.h"
#include "server/api/views/views.h"

/* Links by which a person sets the password of an account. They are made by those who administer
 * accounts. */

/* An invitation may arrive on a Friday; a reset is asked for by somebody who waits for it. */
#define INVITE_SECONDS (72 * 3600)
#define RESET_SECONDS 3600

static const char no_account[] = "There is no account with this name.";

struct linking {
	struct link link;
	const char *account, *kind;
	int64_t expires_at;
};

/* The secret of the link is in the job's memory until the answer is out. */
static void
wipe(struct job *job)
{
	link_wipe(&((struct linking *)job->data)->link);
}

static void
refuse(struct job *job, const char *why)
{
	if (strcmp(why, "absent") == 0)
		problem_reply(job->ask.exchange, 404, no_account);
	else
		problem_reply(job->ask.exchange, 409,
		    "A device or a program has no password: give a program a token, and a device a code.");
	job_end(job);
}

static void
on_made(struct job *job, enum status st, const struct pg_rows *rows)
{
	const struct linking *linking = job->data;
	struct json_out out = {0};

	(void)st;
	if (!pg_is_null(rows, 0, API_INVITATION_MAKE_REFUSED)) {
		refuse(job, pg_get_text(rows, 0, API_INVITATION_MAKE_REFUSED));
		return;
	}
	out_object(&out, NULL);
	out_text(&out, "account", linking->account);
	out_text(&out, "kind", linking->kind);
	out_text(&out, "link", linking->link.path);
	out_time(&out, "expires_at", linking->expires_at);
	out_object_end(&out);
	ask_reply_with(&job->ask, 201, &out, NULL);
	job_end(job);
}

static void
make_link(struct ask *ask, const char *kind, bool second, int64_t seconds)
{
	struct slice name = web_param(ask->exchange, "name");
	struct linking linking = {.kind = kind, .expires_at = ask->now + seconds};
	struct pg_args args = {0};
	struct job *job;

	linking.account = arena_strndup(ask->arena, name.at, name.len);
	/* Also where the account exists: 403 would reveal that it does. */
	if (!rights_setup_keeps_account(ask->region, ask->account, linking.account))
		ask_refuse(ask, 404, "%s", no_account);
	if (!ask_fine(ask))
		return;
	/* Made after everything was judged; of the link, the database gets the SHA-256 alone. */
	link_make(&linking.link, LINK_PATH);
	pg_text(&args, linking.account);
	pg_text(&args, kind);
	pg_bool(&args, second);
	pg_bytea(&args, linking.link.sha256, sizeof linking.link.sha256);
	pg_int4(&args, (int32_t)seconds);
	pg_text(&args, ask->account->name);
	job = job_new(ask, sizeof linking);
	*(struct linking *)job->data = linking;
	link_wipe(&linking.link);
	job->drop = wipe;
	job_write(job, &API_INVITATION_MAKE, &args, on_made);
}

void
view_account_invite(struct ask *ask)
{
	/* No members, but the body is read: a member that is misspelt must not be passed over. */
	static const char *const members[] = {NULL};

	json_decref(ask_body(ask, members));
	make_link(ask, "invite", true, INVITE_SECONDS);
}

/* A reset leaves the second factor as it is, unless that is what was lost. */
void
view_account_reset(struct ask *ask)
{
	static const char *const members[] = {"second_factor", NULL};
	json_t *body = ask_body(ask, members);
	const json_t *second = json_object_get(body, "second_factor");
	bool wanted = json_is_true(second);

	if (second != NULL && !json_is_boolean(second))
		ask_fault(ask, "$.second_factor", "is not true or false");
	json_decref(body);
	make_link(ask, "reset", wanted, RESET_SECONDS);
}
