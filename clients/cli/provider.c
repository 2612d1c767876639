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

/* ${body}: JSON, or at NULL. */
static int
change(const char *method, const char *id, struct slice body, const char *done)
{
	struct server_answer answer;
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/providers/");
	buf_add_encoded(&path, id);
	status = server_ask(&(struct server_ask){.method = method,
				.path = path.at,
				.type = body.at != NULL ? "application/json" : NULL,
				.body = body},
	    &answer);
	if (status == EXIT_FINE)
		printf("%s. The proxy learns it from deploy/apache/configure.\n", done);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

static int
set(const char *id, const char *file)
{
	char *bytes;
	size_t len;
	int status;

	if (file_read(file, FILE_MAX_BYTES, &bytes, &len) != STATUS_OK) {
		fprintf(stderr, "crisiscover provider: %s cannot be read\n", file);
		return EXIT_USAGE;
	}
	status = change("PUT", id, (struct slice){bytes, len}, "set");
	free(bytes);
	return status;
}

int
command_provider(int argc, char **argv)
{
	const char *words[3] = {NULL, NULL, NULL}, *fault;
	bool json = false;
	const struct option_row rows[] = {{"json", NULL, &json}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 3);
	if (fault == NULL && words[0] != NULL) {
		if (strcmp(words[0], "list") == 0 && words[1] == NULL)
			return list(json);
		if (strcmp(words[0], "set") == 0 && words[2] != NULL && !json)
			return set(words[1], words[2]);
		if (strcmp(words[0], "remove") == 0 && words[1] != NULL && words[2] == NULL &&
		    !json)
			return change("DELETE", words[1], (struct slice){0}, "removed");
	}
	return command_refuse("provider", fault != NULL ? fault : "list, set ID FILE or remove ID");
}
