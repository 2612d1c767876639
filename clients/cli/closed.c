/* SPDX-License-Identifier: MIT */
/* crisiscover closed: who keeps the card of a navigator says that it is closed tonight, or open after all. */
#include <stdio.h>
#include <stdlib.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "server/base/text.h"

/* ${until} NULL: as long as the server thinks usual. */
static int
close_it(const char *path, const char *until)
{
	json_t *body = json_object();
	struct server_answer answer;
	char *text;
	int status;

	if (until != NULL)
		json_object_set_new(body, "until", json_string(until));
	text = json_dumps(body, JSON_COMPACT);
	status = server_ask(
	    &(struct server_ask){
		.method = "POST", .path = path, .type = "application/json", .body = slice_of(text)},
	    &answer);
	if (status == EXIT_FINE)
		printf("%s is closed until %s\n", show_text(answer.json, "id"),
		    show_time(answer.json, "closed_until"));
	server_answer_free(&answer);
	free(text);
	json_decref(body);
	return status;
}

static int
open_it(const char *path)
{
	struct server_answer answer;
	int status = server_ask(&(struct server_ask){.method = "DELETE", .path = path}, &answer);

	if (status == EXIT_FINE)
		printf("%s is open as its hours say\n", show_text(answer.json, "id"));
	server_answer_free(&answer);
	return status;
}

int
command_closed(int argc, char **argv)
{
	const char *navigator = NULL, *until = NULL, *fault;
	bool opens = false;
	const struct option_row rows[] = {
	    {"until", &until, NULL}, {"open", NULL, &opens}, {NULL, NULL, NULL}};
	struct buf path = {0};
	int status;

	fault = options_read(argc, argv, rows, &navigator, 1);
	if (fault == NULL && navigator == NULL)
		fault = "which navigator?";
	if (fault == NULL && opens && until != NULL)
		fault = "--until or --open: one of them";
	if (fault != NULL)
		return command_refuse("closed", fault);
	buf_add_text(&path, "/v1/navigators/");
	buf_add_encoded(&path, navigator);
	buf_add_text(&path, "/closing");
	status = opens ? open_it(path.at) : close_it(path.at, until);
	buf_free(&path);
	return status;
}
