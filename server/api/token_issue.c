/* SPDX-License-Identifier: MIT */
#include "server/api/token_issue.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server/api/api_sql.h"
#include "server/api/ask/token.h"
#include "server/base/fatal.h"
#include "server/loop/loop.h"
#include "server/pg/pg.h"

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

static enum status
keep(const char *conninfo, const char *account, const char *role, const struct token_made *token)
{
	struct issuing issuing = {.loop = loop_new(), .st = STATUS_AGAIN};
	struct pg *pg = pg_open(issuing.loop, &(struct pg_options){
						  .conninfo = conninfo,
						  .application_name = "crisiscover-token",
						  .primary_only = true,
					      });
	struct pg_args args = {0};

	pg_text(&args, account);
	pg_text(&args, role);
	pg_text(&args, token->id);
	pg_bytea(&args, token->sha256, sizeof token->sha256);
	pg_call(pg, &API_TOKEN_ISSUE, &args, on_issued, &issuing);
	loop_run(issuing.loop);
	pg_close(pg);
	loop_free(issuing.loop);
	return issuing.st;
}

static bool
fine(const char *account, const char *role)
{
	enum account_role known;

	if (!text_is_code(slice_of(account)))
		fprintf(stderr,
		    "crisiscoverd token: \"%s\" is not a name: letters, digits, . _ -\n", account);
	else if (!account_role_of(role, &known))
		fprintf(stderr, "crisiscoverd token: there is no role \"%s\"\n", role);
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
	if (!fine(account, role))
		return 1;
	token_make(&token);
	if (keep(conninfo, account, role, &token) != STATUS_OK) {
		fprintf(stderr, "crisiscoverd token: the database does not answer\n");
		token_wipe(&token);
		return 1;
	}
	written = dprintf(out_fd, "%s\n", token.text) == TOKEN_LEN + 1;
	token_wipe(&token);
	return written ? 0 : 1;
}
