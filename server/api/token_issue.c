/* SPDX-License-Identifier: MIT */
#include "server/api/token_issue.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server/api/api_sql.h"
#include "server/api/ask/link.h"
#include "server/api/ask/token.h"
#include "server/base/fatal.h"
#include "server/loop/loop.h"
#include "server/pg/pg.h"

/* Commands on the machine itself, which make the first token or invitation before anybody can sign
 * in. They run a loop of their own for a single call. */

#define INVITE_SECONDS (72 * 3600)

struct issuing {
	struct loop *loop;
	enum status st;
};

static void
on_issued(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct issuing *issuing = ctx;

	(void)rows;
	issuing->st = st;
	loop_stop(issuing->loop);
}

/* Runs one statement as the owner of the database; ${args} is emptied. It waits for the answer,
 * as a command has nothing else to do. */
static enum status
run(const char *conninfo, const struct pg_stmt *stmt, struct pg_args *args)
{
	struct issuing issuing = {.loop = loop_new(), .st = STATUS_AGAIN};
	struct pg *pg = pg_open(issuing.loop, &(struct pg_options){
						  .conninfo = conninfo,
						  .application_name = "crisiscover-token",
						  .primary_only = true,
					      });

	pg_call(pg, stmt, args, on_issued, &issuing);
	loop_run(issuing.loop);
	pg_close(pg);
	loop_free(issuing.loop);
	return issuing.st;
}

/* Stores the hash of the token; the token itself does not leave this process but by ${out_fd}. */
static enum status
keep(const char *conninfo, const char *account, const char *role, const struct token_made *token)
{
	struct pg_args args = {0};

	pg_text(&args, account);
	pg_text(&args, role);
	pg_text(&args, token->id);
	pg_bytea(&args, token->sha256, sizeof token->sha256);
	return run(conninfo, &API_TOKEN_ISSUE, &args);
}

static enum status
keep_link(const char *conninfo, const char *account, const char *role, const struct link *link)
{
	struct pg_args args = {0};

	pg_text(&args, account);
	pg_text(&args, role);
	pg_bytea(&args, link->sha256, sizeof link->sha256);
	pg_int4(&args, INVITE_SECONDS);
	return run(conninfo, &API_INVITATION_ISSUE, &args);
}

/* ${command} begins the message. Checked before the database is asked, whose own message would name
 * a constraint and not the argument. */
static bool
fine(const char *command, const char *account, const char *role)
{
	enum account_role known;

	if (!text_is_code(slice_of(account)))
		fprintf(stderr, "crisiscoverd %s: \"%s\" is not a name: letters, digits, . _ -\n",
		    command, account);
	else if (!account_role_of(role, &known))
		fprintf(stderr, "crisiscoverd %s: there is no role \"%s\"\n", command, role);
	else
		return true;
	return false;
}

int
api_token_issue(const char *conninfo, const char *account, const char *role, int out_fd)
{
	struct token_made token;
	bool written;

	if (sodium_init() < 0)
		fatal("could not start libsodium");
	if (!fine("token", account, role))
		return 1;
	token_make(&token);
	if (keep(conninfo, account, role, &token) != STATUS_OK) {
		fprintf(stderr, "crisiscoverd token: the database does not answer\n");
		/* The token is shown once and kept nowhere; the database has its hash. */
		token_wipe(&token);
		return 1;
	}
	written = dprintf(out_fd, "%s\n", token.text) == TOKEN_LEN + 1;
	token_wipe(&token);
	return written ? 0 : 1;
}

int
api_invitation_issue(const char *conninfo, const char *account, const char *role, int out_fd)
{
	struct link link;
	enum status st;
	bool written;

	if (sodium_init() < 0)
		fatal("could not start libsodium");
	if (!fine("invite", account, role))
		return 1;
	link_make(&link, LINK_PATH);
	st = keep_link(conninfo, account, role, &link);
	if (st == STATUS_REFUSED)
		fprintf(stderr,
		    "crisiscoverd invite: \"%s\" is a device or a program, which has no password\n",
		    account);
	else if (st != STATUS_OK)
		fprintf(stderr, "crisiscoverd invite: the database does not answer\n");
	written =
	    st == STATUS_OK && dprintf(out_fd, "%s\n", link.path) == (int)strlen(link.path) + 1;
	link_wipe(&link);
	return written ? 0 : 1;
}
