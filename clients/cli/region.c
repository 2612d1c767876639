/* SPDX-License-Identifier: MIT */
/* crisiscover region get: prints the set-up in force as a region file. Feed addresses are
 * masked; if the file is applied again unchanged, nothing changes. */
#include <stdio.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"

int
command_region(int argc, char **argv)
{
	const struct option_row rows[] = {{NULL, NULL, NULL}};
	const char *word = NULL;
	const char *fault = options_read(argc, argv, rows, &word, 1);
	struct server_answer answer;
	int status;

	if (fault != NULL || word == NULL || strcmp(word, "get") != 0)
		return command_refuse("region", fault != NULL ? fault : "only get is known");
	status = server_ask(&(struct server_ask){.path = "/v1/region"}, &answer);
	/* Indented and in ASCII: the file is edited by people, kept under version control, and
	 * survives every editor. */
	if (status == EXIT_FINE && answer.json != NULL) {
		json_dumpf(answer.json, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
		putchar('\n');
	}
	server_answer_free(&answer);
	return status;
}
