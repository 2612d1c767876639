/* SPDX-License-Identifier: MIT */
/* crisiscover provider: identity providers, by which people of an organisation sign in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "server/base/file.h"

#define FILE_MAX_BYTES 65536

static void
print_providers(const json_t *answer)
{
	json_t *list = json_object_get(answer, "providers"), *one, *code;
	size_t i, j;

	if (json_array_size(list) == 0)
		printf("there are no identity providers\n");
	json_array_foreach(list, i, one)
	{
		const json_t *provider = json_object_get(one, "provider");

		show_cell(show_text(one, "id"), 16);
		printf("%s, %s, %s, for", show_text(provider, "name"),
		    show_text(provider, "preset"), show_text(provider, "issuer"));
		json_array_foreach(json_object_get(provider, "organisations"), j, code)
		    printf("%s %s", j > 0 ? "," : "", json_string_value(code));
		/* Who may sign in is decided here, so the list says by whom. */
		printf(" (set %s by %s)\n", show_time(one, "set_at"), show_text(one, "set_by"));
	}
}

static int
list(bool json)
{
	struct server_answer answer;
	int status = server_ask(&(struct server_ask){.path = "/v1/providers"}, &answer);

	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		print_providers(answer.json);
	server_answer_free(&answer);
	return status;
}

struct wish {
	const char *method, *id;
	struct slice body; /* JSON, or at NULL */
	bool dry_run;
	const char *done;
};

/* ${if_match}: NULL for the dry run; "" where there is nothing to match. */
static int
send(const struct wish *wish, const char *if_match, struct server_answer *answer)
{
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/providers/");
	buf_add_encoded(&path, wish->id);
	if (if_match == NULL)
		buf_add_text(&path, "?dry_run=1");
	status =
	    server_ask(&(struct server_ask){.method = wish->method,
			   .path = path.at,
			   .type = wish->body.at != NULL ? "application/json" : NULL,
			   .body = wish->body,
			   .if_match = if_match != NULL && *if_match != '\0' ? if_match : NULL},
		answer);
	buf_free(&path);
	return status;
}

/* What differs, and who could not sign in any more. */
static void
print_effect(const json_t *answer)
{
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(answer, "changes"), i, one)
	    printf("~ %s\n", json_string_value(one));
	json_array_foreach(json_object_get(json_object_get(answer, "effect"), "shut_out"), i, one)
	    printf("of %s %lld who are linked and %lld who wait cannot sign in any more\n",
		show_text(one, "organisation"),
		(long long)json_integer_value(json_object_get(one, "linked")),
		(long long)json_integer_value(json_object_get(one, "asked")));
}

/* Sends the change as a dry run, prints its effect, and then makes it, provided that the provider is still as the
 * dry run found it. */
static int
change(const struct wish *wish)
{
	struct server_answer tried, done = {0};
	int status = send(wish, NULL, &tried);

	if (status == EXIT_FINE)
		print_effect(tried.json);
	if (status == EXIT_FINE && !wish->dry_run) {
		status = send(wish, show_text(tried.json, "was_etag"), &done);
		if (status == EXIT_FINE)
			printf(
			    "%s. The proxy learns it from deploy/apache/configure.\n", wish->done);
	}
	server_answer_free(&tried);
	server_answer_free(&done);
	return status;
}

static int
set(const char *id, const char *file, bool dry_run)
{
	char *bytes;
	size_t len;
	int status;

	if (file_read(file, FILE_MAX_BYTES, &bytes, &len) != STATUS_OK) {
		fprintf(stderr, "crisiscover provider: %s cannot be read\n", file);
		return EXIT_USAGE;
	}
	/* The server reads the file, and names what is wrong in it: one reader, one set of faults. */
	status = change(&(struct wish){"PUT", id, {bytes, len}, dry_run, "set"});
	free(bytes);
	return status;
}

int
command_provider(int argc, char **argv)
{
	const char *words[3] = {NULL, NULL, NULL}, *fault;
	bool json = false, dry_run = false;
	const struct option_row rows[] = {
	    {"json", NULL, &json}, {"dry-run", NULL, &dry_run}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 3);
	if (fault == NULL && words[0] != NULL) {
		if (strcmp(words[0], "list") == 0 && words[1] == NULL && !dry_run)
			return list(json);
		if (strcmp(words[0], "set") == 0 && words[2] != NULL && !json)
			return set(words[1], words[2], dry_run);
		if (strcmp(words[0], "remove") == 0 && words[1] != NULL && words[2] == NULL &&
		    !json)
			return change(
			    &(struct wish){"DELETE", words[1], {NULL, 0}, dry_run, "removed"});
	}
	return command_refuse("provider",
	    fault != NULL ? fault : "list, set ID FILE or remove ID, each of these with --dry-run");
}
