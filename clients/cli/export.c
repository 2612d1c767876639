/* SPDX-License-Identifier: MIT */
/* crisiscover export: the history of cover, for research. */
#include <stdio.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "server/base/text.h"

static void
add(struct buf *path, char *before, const char *key, const char *value)
{
	if (value == NULL)
		return;
	buf_printf(path, "%c%s=", *before, key);
	buf_add_encoded(path, value);
	*before = '&';
}

int
command_export(int argc, char **argv)
{
	const char *words[1] = {NULL}, *from = NULL, *to = NULL, *licence = NULL, *fault;
	const struct option_row rows[] = {{"from", &from, NULL}, {"to", &to, NULL},
	    {"licence", &licence, NULL}, {NULL, NULL, NULL}};
	struct server_answer answer;
	struct buf path = {0};
	char before = '?';
	int status;

	fault = options_read(argc, argv, rows, words, 1);
	if (fault == NULL && (words[0] == NULL || strcmp(words[0], "research") != 0))
		fault = "which export? (research)";
	if (fault != NULL)
		return command_refuse("export", fault);
	buf_add_text(&path, "/v1/reports/research");
	add(&path, &before, "from_month", from);
	add(&path, &before, "to_month", to);
	add(&path, &before, "licence", licence);
	status = server_ask(&(struct server_ask){.path = path.at, .limit_ms = 40000}, &answer);
	if (status == EXIT_FINE)
		fwrite(answer.text, 1, answer.length, stdout);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}
