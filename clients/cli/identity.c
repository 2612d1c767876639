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

#define PATIENCE_MS 3000

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
	status =
	    server_ask(&(struct server_ask){.method = method,
			   .path = path.at,
			   .type = *body != '\0' ? "application/json" : NULL,
			   .body = slice_of(body),
			   /* An account that was just made is not known to every process yet. */
			   .patience_ms = *body != '\0' ? PATIENCE_MS : 0},
		&answer);
	if (status == EXIT_FINE)
		printf("done\n");
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

/* The organisation in which the person of a request is one; NULL: there is no such request. The
 * caller frees it. */
static char *
organisation_of(const char *number, int *status)
{
	struct server_answer answer;
	char *organisation = NULL;
	json_t *one;
	size_t i;

	*status = server_ask(
	    &(struct server_ask){.path = "/v1/identities?state=all&limit=1000"}, &answer);
	json_array_foreach(json_object_get(answer.json, "identities"), i, one)
	{
		char id[24];

		snprintf(id, sizeof id, "%lld",
		    (long long)json_integer_value(json_object_get(one, "id")));
		/* As text, since what was typed need not be a number. */
		if (*status == EXIT_FINE && strcmp(id, number) == 0)
			organisation = strdup(show_text(one, "organisation"));
	}
	server_answer_free(&answer);
	return organisation;
}

/* Makes a new account of the organisation of the request. If there is one with that name, the server refuses: a
 * PUT that replaces an object must name its version. */
static int
make_account(const char *number, const char *account, const char *role)
{
	struct server_answer answer;
	struct buf path = {0};
	int status;
	char *organisation = organisation_of(number, &status), *text;
	json_t *body;

	if (status != EXIT_FINE || organisation == NULL) {
		if (status == EXIT_FINE)
			fprintf(stderr, "crisiscover identity: there is no request %s\n", number);
		return status == EXIT_FINE ? EXIT_SERVER_SAID_NO : status;
	}
	body = json_pack("{s:s, s:s, s:s, s:s}", "name", account, "kind", "person", "role", role,
	    "organisation", organisation);
	text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
	buf_add_text(&path, "/v1/accounts/");
	buf_add_encoded(&path, account);
	status = server_ask(&(struct server_ask){.method = "PUT",
				.path = path.at,
				.type = "application/json",
				.body = slice_of(text != NULL ? text : "")},
	    &answer);
	server_answer_free(&answer);
	buf_free(&path);
	free(text);
	json_decref(body);
	free(organisation);
	return status;
}

/* ${role}: of a new account; NULL: it is there. */
static int
accept_it(const char *number, const char *account, const char *role)
{
	json_t *body = json_pack("{s:s}", "account", account);
	char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
	int status = EXIT_FINE;

	if (text == NULL)
		status = command_refuse("identity", "the account must be UTF-8");
	else if (role != NULL)
		status = make_account(number, account, role);
	if (status == EXIT_FINE)
		status = decide("POST", number, "/accept", text);
	free(text);
	json_decref(body);
	return status;
}

int
command_identity(int argc, char **argv)
{
	const char *words[2] = {NULL, NULL}, *fault, *account = NULL, *role = NULL;
	bool all = false, json = false;
	const struct option_row rows[] = {{"account", &account, NULL}, {"role", &role, NULL},
	    {"all", NULL, &all}, {"json", NULL, &json}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 2);
	if (fault == NULL && words[0] != NULL && strcmp(words[0], "list") == 0 &&
	    words[1] == NULL && account == NULL && role == NULL)
		return list(all, json);
	if (fault == NULL && words[1] != NULL && !all && !json) {
		if (strcmp(words[0], "accept") == 0 && account != NULL)
			return accept_it(words[1], account, role);
		if (strcmp(words[0], "refuse") == 0 && account == NULL && role == NULL)
			return decide("POST", words[1], "/refuse", "");
		if (strcmp(words[0], "unlink") == 0 && account == NULL && role == NULL)
			return decide("DELETE", words[1], "", "");
	}
	return command_refuse("identity",
	    fault != NULL
		? fault
		: "list, accept NUMBER --account NAME [--role ROLE], refuse NUMBER or unlink NUMBER");
}
