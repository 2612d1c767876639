/* SPDX-License-Identifier: MIT */
/* crisiscover account: links by which a person sets the password of an account. A link is
 * printed once; the server keeps its hash alone. */
#include <stdio.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

static int
make_link(const char *account, const char *kind, const char *body)
{
	const char *url = server_setting("CRISISCOVER_URL", "url");
	struct server_answer answer;
	struct buf path = {0};
	int status;

	/* Encoded although names are codes: what is typed here may be anything, such as a path. */
	buf_add_text(&path, "/v1/accounts/");
	buf_add_encoded(&path, account);
	buf_printf(&path, "/%s", kind);
	status = server_ask(&(struct server_ask){.method = "POST",
				.path = path.at,
				.type = "application/json",
				.body = slice_of(body)},
	    &answer);
	/* The server gives a path; the address is the one by which this command reached it, and
	 * perhaps not the one that the person uses. */
	if (status == EXIT_FINE) {
		printf("%s%s\n", url == NULL ? "" : url, show_text(answer.json, "link"));
		printf("Give it to %s alone. It works once, until %s.\n", account,
		    show_time(answer.json, "expires_at"));
	}
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

int
command_account(int argc, char **argv)
{
	const char *words[2] = {NULL, NULL}, *fault;
	bool second = false;
	const struct option_row rows[] = {{"second-factor", NULL, &second}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 2);
	if (fault != NULL || words[1] == NULL)
		return command_refuse(
		    "account", fault != NULL ? fault : "invite NAME or reset NAME");
	/* An invitation always asks for a second factor where the role needs one, so the option
	 * goes with a reset alone. */
	if (strcmp(words[0], "invite") == 0 && !second)
		return make_link(words[1], "invite", "{}");
	if (strcmp(words[0], "reset") == 0)
		return make_link(words[1], "reset", second ? "{\"second_factor\":true}" : "{}");
	return command_refuse("account", "invite NAME or reset NAME [--second-factor]");
}
