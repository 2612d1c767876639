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
#include "server/base/civil.h"

/* ${account} NULL: the one that asks. */
static void
path_of(struct buf *path, const char *account)
{
	if (account == NULL) {
		buf_add_text(path, "/v1/me/tokens");
		return;
	}
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

enum which { ONE, ONE_OF_MINE, ALL };

/* Revokes every token of the account ${name} (ALL), or the one with the id ${name}. */
static int
revoke(const char *name, enum which which)
{
	struct server_answer answer;
	struct buf path = {0};
	int status;

	if (which == ALL) {
		path_of(&path, name);
	} else {
		buf_add_text(&path, which == ONE ? "/v1/tokens/" : "/v1/me/tokens/");
		buf_add_encoded(&path, name);
	}
	status = server_ask(&(struct server_ask){.method = "DELETE", .path = path.at}, &answer);
	if (status == EXIT_FINE)
		/* Of one token there is no answer but that it is gone. */
		printf("revoked: %lld\n",
		    which == ALL
			? (long long)json_integer_value(json_object_get(answer.json, "revoked"))
			: 1LL);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

#define USAGE                                                                                      \
	"ACCOUNT [--scopes LIST] [--expires T], list ACCOUNT [--json], list --mine [--json], revoke ID, revoke --mine ID or revoke --all ACCOUNT"

struct given {
	const char *words[2], *scopes, *expires;
	bool json, all, mine;
};

static int
act(const struct given *given)
{
	const char *first = given->words[0], *second = given->words[1];

	/* An account may be called "list": it has one word, and the subcommands have two, or one with --mine. */
	if (second == NULL && !given->all && !given->json && !given->mine)
		return make(first, given->scopes, given->expires);
	if (given->scopes != NULL || given->expires != NULL)
		return command_refuse("token", "--scopes and --expires are of a new token");
	if (strcmp(first, "list") == 0 && !given->all && (second == NULL) == given->mine)
		return list(second, given->json);
	if (strcmp(first, "revoke") == 0 && second != NULL && !given->json &&
	    !(given->all && given->mine))
		return revoke(second, given->all ? ALL : given->mine ? ONE_OF_MINE : ONE);
	return command_refuse("token", USAGE);
}

/* What the server is told for --expires: "never", or the instant that people write as elsewhere. */
static const char *
read_expiry(struct given *given, char instant[CIVIL_RFC3339_MAX])
{
	const char *fault;
	int64_t utc;

	if (given->expires == NULL || strcmp(given->expires, "never") == 0)
		return NULL;
	fault = options_time("--expires", given->expires, show_london(), &utc);
	if (fault == NULL)
		civil_rfc3339(utc, instant);
	given->expires = instant;
	return fault;
}

int
command_token(int argc, char **argv)
{
	struct given given = {0};
	char instant[CIVIL_RFC3339_MAX] = "";
	const struct option_row rows[] = {{"json", NULL, &given.json}, {"all", NULL, &given.all},
	    {"mine", NULL, &given.mine}, {"scopes", &given.scopes, NULL},
	    {"expires", &given.expires, NULL}, {NULL, NULL, NULL}};
	const char *fault = options_read(argc, argv, rows, given.words, 2);

	if (fault == NULL)
		fault = read_expiry(&given, instant);
	if (fault != NULL || given.words[0] == NULL)
		return command_refuse("token", fault != NULL ? fault : "for which account?");
	return act(&given);
}
