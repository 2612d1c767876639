/* SPDX-License-Identifier: MIT */
/* crisiscover risk: commissioners accept the risk of a requirement at a place, with a reason and an end, and withdraw it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

struct risk_asked {
	const char *requirement, *place, *reason, *until, *state, *known_at;
	bool csv, json;
};

static void
print_risks(const void *ctx, const json_t *answer)
{
	json_t *one;
	size_t i;

	(void)ctx;
	json_array_foreach(json_object_get(answer, "risks"), i, one)
	{
		printf("%lld  ", (long long)json_integer_value(json_object_get(one, "id")));
		show_cell(show_text(one, "requirement"), 16);
		show_cell(show_text(one, "place"), 12);
		printf("%s until %s, accepted by %lld of %lld: %s", show_text(one, "state"),
		    show_text(one, "until"),
		    (long long)json_integer_value(json_object_get(one, "accepted")),
		    (long long)json_integer_value(json_object_get(one, "of")),
		    show_text(one, "reason"));
		if (*show_text(one, "why") != '\0')
			printf(" (%s)", show_text(one, "why"));
		printf("\n");
	}
}

static int
list_risks(const struct risk_asked *asked)
{
	struct buf path = {0};
	int status;

	buf_printf(&path, "/v1/risks?limit=500&state=%s", asked->state);
	if (asked->known_at != NULL) {
		buf_add_text(&path, "&known_at=");
		buf_add_encoded(&path, asked->known_at);
	}
	status = pages_ask_as(path.at, pages_form(asked->json, asked->csv), print_risks, NULL);
	buf_free(&path);
	return status;
}

static int
send_risk(const char *path, json_t *body)
{
	char *text = json_dumps(body, JSON_COMPACT);
	struct server_answer answer;
	int status = server_ask(
	    &(struct server_ask){
		.method = "POST", .path = path, .type = "application/json", .body = slice_of(text)},
	    &answer);
	long long accepted, of;

	if (status == EXIT_FINE) {
		accepted = json_integer_value(json_object_get(answer.json, "accepted"));
		of = json_integer_value(json_object_get(answer.json, "of"));
		printf("risk %lld is accepted by %lld of %lld%s\n",
		    (long long)json_integer_value(json_object_get(answer.json, "id")), accepted, of,
		    accepted < of ? ": it waits for the others" : ": the gap stays a gap");
	}
	server_answer_free(&answer);
	free(text);
	return status;
}

static int
propose(const struct risk_asked *asked)
{
	json_t *body = json_pack("{s:s, s:s, s:s, s:s}", "requirement", asked->requirement, "place",
	    asked->place, "reason", asked->reason, "until", asked->until);
	int status;

	if (body == NULL)
		return command_refuse("risk", "the words must be UTF-8");
	status = send_risk("/v1/risks", body);
	json_decref(body);
	return status;
}

static int
change(const struct risk_asked *asked, const char *number, bool withdraws)
{
	struct server_answer answer;
	json_t *body = json_object();
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/risks/");
	buf_add_encoded(&path, number);
	buf_add_text(&path, withdraws ? "?reason=" : "/accept");
	if (!withdraws) {
		status = send_risk(path.at, body);
	} else {
		buf_add_encoded(&path, asked->reason);
		status =
		    server_ask(&(struct server_ask){.method = "DELETE", .path = path.at}, &answer);
		if (status == EXIT_FINE)
			printf("withdrawn: the gap is told again\n");
		server_answer_free(&answer);
	}
	json_decref(body);
	buf_free(&path);
	return status;
}

static int
run(const struct risk_asked *asked, const char *const words[2])
{
	bool whole = asked->requirement != NULL && asked->place != NULL && asked->reason != NULL &&
		     asked->until != NULL;

	if (strcmp(words[0], "list") == 0 && words[1] == NULL)
		return list_risks(asked);
	if (strcmp(words[0], "accept") == 0 && words[1] != NULL)
		return change(asked, words[1], false);
	if (strcmp(words[0], "accept") == 0 && whole)
		return propose(asked);
	if (strcmp(words[0], "accept") == 0)
		return command_refuse("risk",
		    "which? Its number, or --requirement, --place, --reason and --until of a new one");
	if (strcmp(words[0], "withdraw") == 0 && words[1] != NULL && asked->reason != NULL)
		return change(asked, words[1], true);
	return command_refuse(
	    "risk", "list, accept, or withdraw with a number and --reason; see --help");
}

int
command_risk(int argc, char **argv)
{
	struct risk_asked asked = {.state = "open"};
	const struct option_row rows[] = {{"requirement", &asked.requirement, NULL},
	    {"place", &asked.place, NULL}, {"reason", &asked.reason, NULL},
	    {"until", &asked.until, NULL}, {"state", &asked.state, NULL},
	    {"known-at", &asked.known_at, NULL}, {"csv", NULL, &asked.csv},
	    {"json", NULL, &asked.json}, {NULL, NULL, NULL}};
	const char *words[2] = {NULL};
	const char *fault = options_read(argc, argv, rows, words, 2);

	if (fault == NULL && words[0] == NULL)
		fault = "list, accept or withdraw?";
	return fault != NULL ? command_refuse("risk", fault) : run(&asked, words);
}
