/* SPDX-License-Identifier: MIT */
/* crisiscover identity: people whom an identity provider knows, and the accounts that they have
 * here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

static void
print_identities(const json_t *answer)
{
	json_t *list = json_object_get(answer, "identities"), *one;
	size_t i;

	if (json_array_size(list) == 0)
		printf("there are none\n");
	json_array_foreach(list, i, one)
	{
		const char *state = show_text(one, "state");

		printf(
		    "%lld %s: ", (long long)json_integer_value(json_object_get(one, "id")), state);
		/* What the provider calls somebody is kept until it is decided. */
		if (!json_is_null(json_object_get(one, "name")))
			printf("%s, ", show_text(one, "name"));
		printf("of %s by %s, asked %s", show_text(one, "organisation"),
		    show_text(one, "provider"), show_time(one, "asked_at"));
		if (strcmp(state, "linked") == 0)
			printf(", is the account %s by %s", show_text(one, "account"),
			    show_text(one, "decided_by"));
		if (!json_is_null(json_object_get(one, "used_at")))
			printf(", last signed in %s", show_time(one, "used_at"));
		putchar('\n');
	}
}

static int
list(bool all, bool json)
{
	struct server_answer answer;
	int status =
	    server_ask(&(struct server_ask){.path = all ? "/v1/identities?state=all&limit=1000"
							: "/v1/identities?limit=1000"},
		&answer);

	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		print_identities(answer.json);
	server_answer_free(&answer);
	return status;
}

/* ${what}: the last part of the path, with its slash; ${body}: JSON, or empty. */
static int
decide(const char *method, const char *number, const char *what, const char *body)
{
	struct server_answer answer;
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/identities/");
	buf_add_encoded(&path, number);
	buf_add_text(&path, what);
	status = server_ask(&(struct server_ask){.method = method,
				.path = path.at,
				.type = *body != '\0' ? "application/json" : NULL,
				.body = slice_of(body)},
	    &answer);
	if (status == EXIT_FINE)
		printf("done\n");
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

static int
accept_it(const char *number, const char *account)
{
	json_t *body = json_pack("{s:s}", "account", account);
	char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
	int status = text != NULL ? decide("POST", number, "/accept", text)
				  : command_refuse("identity", "the account must be UTF-8");

	free(text);
	json_decref(body);
	return status;
}

int
command_identity(int argc, char **argv)
{
	const char *words[2] = {NULL, NULL}, *fault, *account = NULL;
	bool all = false, json = false;
	const struct option_row rows[] = {{"account", &account, NULL}, {"all", NULL, &all},
	    {"json", NULL, &json}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 2);
	if (fault == NULL && words[0] != NULL && strcmp(words[0], "list") == 0 &&
	    words[1] == NULL && account == NULL)
		return list(all, json);
	if (fault == NULL && words[1] != NULL && !all && !json) {
		if (strcmp(words[0], "accept") == 0 && account != NULL)
			return accept_it(words[1], account);
		if (strcmp(words[0], "refuse") == 0 && account == NULL)
			return decide("POST", words[1], "/refuse", "");
		if (strcmp(words[0], "unlink") == 0 && account == NULL)
			return decide("DELETE", words[1], "", "");
	}
	return command_refuse("identity",
	    fault != NULL ? fault
			  : "list, accept NUMBER --account NAME, refuse NUMBER or unlink NUMBER");
}
