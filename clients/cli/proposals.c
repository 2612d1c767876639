/* SPDX-License-Identifier: MIT */
/* crisiscover proposals, accept, refuse: changes of the set-up that want a second person. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/apply_print.h"
#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

/* Accepting makes the change, and a change of a large set-up takes as long as applying it. */
#define LIMIT_MS 60000

static void
print_proposals(const json_t *answer)
{
	json_t *list = json_object_get(answer, "proposals"), *one;
	size_t i;

	if (json_array_size(list) == 0)
		printf("there are no proposals\n");
	json_array_foreach(list, i, one)
	{
		/* The body as it was proposed: an accepting person must see what exactly is
		 * accepted. */
		char *body = json_dumps(json_object_get(one, "body"), JSON_ENCODE_ANY);

		printf("%lld %s: %s %s %s%s%s, by %s until %s: %s\n",
		    (long long)json_integer_value(json_object_get(one, "id")),
		    show_text(one, "state"), show_text(one, "change"), show_text(one, "kind"),
		    show_text(one, "code"), body != NULL && strcmp(body, "null") != 0 ? " " : "",
		    body != NULL && strcmp(body, "null") != 0 ? body : "", show_text(one, "by"),
		    show_time(one, "expires_at"), show_text(one, "reason"));
		free(body);
		/* The effect of a decided proposal is history; what it does now may differ. */
		if (strcmp(show_text(one, "state"), "open") == 0)
			apply_print(json_object_get(one, "shown"), false);
	}
}

int
command_proposals(int argc, char **argv)
{
	bool all = false, json = false;
	const struct option_row rows[] = {
	    {"all", NULL, &all}, {"json", NULL, &json}, {NULL, NULL, NULL}};
	const char *fault = options_read(argc, argv, rows, NULL, 0);
	struct server_answer answer;
	int status;

	if (fault != NULL)
		return command_refuse("proposals", fault);
	status = server_ask(&(struct server_ask){.path = all ? "/v1/proposals?state=all&limit=1000"
							     : "/v1/proposals?limit=1000"},
	    &answer);
	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		print_proposals(answer.json);
	server_answer_free(&answer);
	return status;
}

/* ${body}: JSON, or empty. */
static int
decide(const char *number, const char *what, const char *body)
{
	struct server_answer answer;
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/proposals/");
	buf_add_encoded(&path, number);
	buf_printf(&path, "/%s", what);
	status = server_ask(&(struct server_ask){.method = "POST",
				.path = path.at,
				.type = *body != '\0' ? "application/json" : NULL,
				.body = slice_of(body),
				.limit_ms = LIMIT_MS},
	    &answer);
	/* Accepting answers with the effect; refusing answers with nothing (204). */
	if (status == EXIT_FINE && answer.json != NULL)
		apply_print(answer.json, false);
	else if (status == EXIT_FINE)
		printf("refused\n");
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

int
command_accept(int argc, char **argv)
{
	const struct option_row rows[] = {{NULL, NULL, NULL}};
	const char *number = NULL, *fault = options_read(argc, argv, rows, &number, 1);

	if (fault != NULL || number == NULL)
		return command_refuse("accept", fault != NULL ? fault : "which proposal?");
	return decide(number, "accept", "");
}

int
command_refuse_proposal(int argc, char **argv)
{
	const char *number = NULL, *reason = NULL;
	const struct option_row rows[] = {{"reason", &reason, NULL}, {NULL, NULL, NULL}};
	const char *fault = options_read(argc, argv, rows, &number, 1);
	json_t *body;
	char *text;
	int status;

	if (fault == NULL && (number == NULL || reason == NULL))
		fault = "which proposal, and why? --reason TEXT";
	if (fault != NULL)
		return command_refuse("refuse", fault);
	body = json_pack("{s:s}", "reason", reason);
	/* The reason is required: who proposed it must learn why. */
	text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
	status = text != NULL ? decide(number, "refuse", text)
			      : command_refuse("refuse", "the reason must be UTF-8");
	free(text);
	json_decref(body);
	return status;
}
