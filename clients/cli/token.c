/* SPDX-License-Identifier: MIT */
/* crisiscover token: the tokens of an account. A new one is printed once; the server keeps its
 * hash alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

static void
path_of(struct buf *path, const char *account)
{
	buf_add_text(path, "/v1/accounts/");
	buf_add_encoded(path, account);
	buf_add_text(path, "/tokens");
}

/* The body of the request, "read,numbers" as a list. The caller frees it. */
static char *
wish(const char *scopes, const char *expires)
{
	json_t *body = json_object(), *list = json_array();
	char *words = strdup(scopes == NULL ? "" : scopes), *rest = words, *word, *text;

	/* Blanks as well as commas: a list in quotes is often written with both. */
	while ((word = strsep(&rest, ", ")) != NULL)
		if (*word != '\0')
			json_array_append_new(list, json_string(word));
	/* Without --scopes the member is left out: an empty list would be a token that may do
	 * nothing. */
	if (scopes != NULL)
		json_object_set(body, "scopes", list);
	if (expires != NULL)
		json_object_set_new(body, "expires_at", json_string(expires));
	text = json_dumps(body, 0);
	json_decref(list);
	json_decref(body);
	free(words);
	return text;
}

static int
make(const char *account, const char *scopes, const char *expires)
{
	char *body = wish(scopes, expires);
	struct server_answer answer;
	struct buf path = {0};
	int status;

	path_of(&path, account);
	status = server_ask(&(struct server_ask){.method = "POST",
				.path = path.at,
				.type = "application/json",
				.body = slice_of(body)},
	    &answer);
	if (status == EXIT_FINE)
		/* Alone on its line, so that $(crisiscover token ACCOUNT) is the token. */
		printf("%s\n", show_text(answer.json, "token"));
	server_answer_free(&answer);
	free(body);
	buf_free(&path);
	return status;
}

/* Null in the answer for a token that may do all that its account may: nothing is printed then. */
static void
print_scopes(const json_t *scopes)
{
	const json_t *scope;
	size_t i;

	json_array_foreach(scopes, i, scope)
	    printf("%s%s", i == 0 ? ", for " : " ", json_string_value(scope));
}

static void
print_tokens(const json_t *answer)
{
	json_t *tokens = json_object_get(answer, "tokens"), *token;
	size_t i;

	if (json_array_size(tokens) == 0)
		printf("%s has no tokens\n", show_text(answer, "account"));
	json_array_foreach(tokens, i, token)
	{
		show_cell(show_text(token, "id"), 12);
		printf("made %s by %s", show_time(token, "made_at"), show_text(token, "made_by"));
		if (!json_is_null(json_object_get(token, "revoked_at")))
			printf(", revoked %s by %s", show_time(token, "revoked_at"),
			    show_text(token, "revoked_by"));
		else if (!json_is_null(json_object_get(token, "expires_at")))
			printf(", until %s", show_time(token, "expires_at"));
		/* Kept to the hour only, so that the list is no record of when somebody worked. */
		print_scopes(json_object_get(token, "scopes"));
		if (json_is_null(json_object_get(token, "used_at")))
			printf(", never used");
		else
			printf(", last used in the hour from %s", show_time(token, "used_at"));
		putchar('\n');
	}
}

static int
list(const char *account, bool json)
{
	struct server_answer answer;
	struct buf path = {0};
	int status;

	path_of(&path, account);
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		print_tokens(answer.json);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

/* Revokes every token of the account ${name} (${all}), or the one with the id ${name}. */
static int
revoke(const char *name, bool all)
{
	struct server_answer answer;
	struct buf path = {0};
	int status;

	if (all) {
		path_of(&path, name);
	} else {
		buf_add_text(&path, "/v1/tokens/");
		buf_add_encoded(&path, name);
	}
	status = server_ask(&(struct server_ask){.method = "DELETE", .path = path.at}, &answer);
	if (status == EXIT_FINE)
		/* Of one token there is no answer but that it is gone. */
		printf("revoked: %lld\n",
		    all ? (long long)json_integer_value(json_object_get(answer.json, "revoked"))
			: 1LL);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

int
command_token(int argc, char **argv)
{
	const char *words[2] = {NULL, NULL}, *fault, *scopes = NULL, *expires = NULL;
	bool json = false, all = false;
	const struct option_row rows[] = {{"json", NULL, &json}, {"all", NULL, &all},
	    {"scopes", &scopes, NULL}, {"expires", &expires, NULL}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 2);
	if (fault != NULL || words[0] == NULL)
		return command_refuse("token", fault != NULL ? fault : "for which account?");
	/* An account may be called "list": it has one word, and the subcommands have two. */
	if (words[1] == NULL && !all && !json)
		return make(words[0], scopes, expires);
	if (scopes != NULL || expires != NULL)
		return command_refuse("token", "--scopes and --expires are of a new token");
	if (words[1] != NULL && strcmp(words[0], "list") == 0 && !all)
		return list(words[1], json);
	if (words[1] != NULL && strcmp(words[0], "revoke") == 0 && !json)
		return revoke(words[1], all);
	return command_refuse("token",
	    "ACCOUNT [--scopes LIST] [--expires T], list ACCOUNT [--json], revoke ID or revoke --all ACCOUNT");
}
