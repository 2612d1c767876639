/* SPDX-License-Identifier: MIT */
#include "clients/cli/agreed.h"

#include <stdio.h>
#include <stdlib.h>

#include "clients/cli/command.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

/* The checks that pass are no news. */
void
agreed_print_checks(const json_t *answer)
{
	json_t *check;
	size_t i;

	json_array_foreach(json_object_get(answer, "checks"), i, check)
	{
		if (!json_is_true(json_object_get(check, "passed")))
			printf("%s: %s: %s\n",
			    json_is_null(json_object_get(check, "passed")) ? "NOT SEEN" : "AGAINST",
			    show_text(check, "check"), show_text(check, "text"));
	}
}

char *
agreed_path(const char *list, const char *number, const char *rest, bool dry)
{
	struct buf path = {0};

	buf_add_text(&path, list);
	if (number != NULL) {
		buf_add_text(&path, "/");
		buf_add_encoded(&path, number);
	}
	buf_printf(&path, "%s%s", rest, dry ? "?dry_run=1" : "");
	return path.at;
}

int
agreed_send(char *path, json_t *body, agreed_print_fn *print, const void *ctx)
{
	char *text = json_dumps(body, JSON_COMPACT);
	struct server_answer answer;
	int status;

	json_decref(body);
	status = server_ask(
	    &(struct server_ask){
		.method = "POST", .path = path, .type = "application/json", .body = slice_of(text)},
	    &answer);
	if (status == EXIT_FINE)
		print(ctx, answer.json);
	server_answer_free(&answer);
	free(text);
	free(path);
	return status;
}
