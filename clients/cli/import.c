/* SPDX-License-Identifier: MIT */
/* crisiscover import: upload a calendar or roster, see what it would change, confirm; take one
 * back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/preview.h"
#include "clients/cli/sealed.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "clients/cli/upload.h"
#include "server/base/file.h"

/* Confirms or undoes ${id}. */
static int
decide(const char *id, const char *what, const char *reason, const char *done)
{
	struct server_answer answer;
	struct buf path = {0};
	json_t *body = json_object();
	char *text;
	int status;

	if (reason != NULL)
		json_object_set_new(body, "reason", json_string(reason));
	text = json_dumps(body, JSON_COMPACT);
	buf_add_text(&path, "/v1/imports/");
	server_encode(&path, id);
	buf_printf(&path, "/%s", what);
	status = server_ask(&(struct server_ask){.method = "POST",
				.path = path.at,
				.type = "application/json",
				.body = slice_of(text)},
	    &answer);
	if (status == EXIT_FINE)
		printf("%s\n", done);
	server_answer_free(&answer);
	buf_free(&path);
	json_decref(body);
	free(text);
	return status;
}

static int
confirm(long long id, const char *reason)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", id);
	return decide(text, "confirm", reason, "confirmed");
}

int
command_import(int argc, char **argv)
{
	const char *words[2] = {NULL, NULL}, *reason = NULL, *withdraw = NULL, *fault;
	bool wants_confirm = false, json = false;
	const struct option_row rows[] = {{"confirm", NULL, &wants_confirm},
	    {"reason", &reason, NULL}, {"withdraw", &withdraw, NULL}, {"json", NULL, &json},
	    {NULL, NULL, NULL}};
	json_t *import = NULL;
	long long id;
	int status;

	fault = options_read(argc, argv, rows, words, 2);
	if (fault == NULL && withdraw != NULL)
		return words[0] != NULL || wants_confirm
			   ? command_refuse("import", "--withdraw takes no rota and no file")
			   : decide(withdraw, "undo", reason, "withdrawn");
	if (fault != NULL || words[1] == NULL)
		return command_refuse(
		    "import", fault != NULL ? fault : "which rota, and which file?");
	status = upload(&(struct upload){.rota = words[0], .file = words[1], .mode = "ask"}, &id);
	if (status == EXIT_FINE)
		status = preview_wait(id, &import);
	if (status != EXIT_FINE)
		return status;
	if (json)
		show_json(import);
	else
		preview_print(import);
	if (strcmp(show_text(import, "state"), "refused") == 0)
		status = EXIT_INPUT_REFUSED;
	else if (wants_confirm)
		status = confirm(id, reason);
	else if (!json)
		printf("nothing is changed yet: add --confirm\n");
	json_decref(import);
	return status;
}
