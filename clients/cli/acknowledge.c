/* SPDX-License-Identifier: MIT */
/* crisiscover acknowledge: somebody deals with a gap, or with all of its group; or withdraws
 * that. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

struct acknowledge_wish {
	const char *gap, *note;
	bool group, back, json;
};

static int
ask(const struct acknowledge_wish *wish, struct server_answer *answer)
{
	struct buf path = {0};
	json_t *body = json_object();
	char *text;
	int status;

	buf_add_text(&path, "/v1/gaps/");
	buf_add_encoded(&path, wish->gap);
	buf_add_text(&path, "/acknowledge");
	if (wish->note != NULL)
		json_object_set_new(body, "note", json_string(wish->note));
	if (wish->group)
		json_object_set_new(body, "group", json_true());
	/* A DELETE has no body here, so that what a POST has in its body goes into the query. */
	if (wish->back) {
		buf_printf(&path, "?group=%d", wish->group ? 1 : 0);
		if (wish->note != NULL) {
			buf_add_text(&path, "&note=");
			buf_add_encoded(&path, wish->note);
		}
	}
	text = json_dumps(body, JSON_COMPACT);
	/* POST says that somebody deals with it; DELETE takes exactly that back. */
	status = server_ask(&(struct server_ask){.method = wish->back ? "DELETE" : "POST",
				.path = path.at,
				.type = wish->back ? NULL : "application/json",
				.body = wish->back ? (struct slice){0} : slice_of(text)},
	    answer);
	free(text);
	json_decref(body);
	buf_free(&path);
	return status;
}

static void
print_done(const struct acknowledge_wish *wish, const json_t *answer)
{
	long long members = (long long)json_integer_value(json_object_get(answer, "members"));

	/* No error: the gap is as the person wanted it, by somebody else's hand. The server keeps
	 * the note all the same. */
	if (!json_is_true(json_object_get(answer, "changed")))
		printf(wish->back   ? "nobody had it on\n"
		       : wish->note ? "somebody has it on already; the note is kept\n"
				    : "somebody has it on already\n");
	else if (members > 1)
		printf("%s: %lld gaps\n", wish->back ? "taken back" : "taken on", members);
	else
		printf("%s\n", wish->back ? "taken back" : "taken on, for seven days");
}

int
command_acknowledge(int argc, char **argv)
{
	struct acknowledge_wish wish = {0};
	const struct option_row rows[] = {{"note", &wish.note, NULL}, {"group", NULL, &wish.group},
	    {"withdraw", NULL, &wish.back}, {"json", NULL, &wish.json}, {NULL, NULL, NULL}};
	const char *fault = options_read(argc, argv, rows, &wish.gap, 1);
	struct server_answer answer;
	int status;

	if (fault == NULL && wish.gap == NULL)
		fault = "which gap? Its id is in crisiscover gaps --json";
	if (fault != NULL)
		return command_refuse("acknowledge", fault);
	status = ask(&wish, &answer);
	if (status == EXIT_FINE && wish.json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		print_done(&wish, answer.json);
	server_answer_free(&answer);
	return status;
}
