/* SPDX-License-Identifier: MIT */
/* crisiscover single-handed: lists changes that need a second person and were put in force without one, and
 * records their review. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/apply_print.h"
#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

/* What was changed is printed by the function that prints it when it is applied. */
static void
print_all(const void *ctx, const json_t *answer)
{
	json_t *one;
	size_t i;

	(void)ctx;
	json_array_foreach(json_object_get(answer, "single_handed"), i, one)
	{
		const char *reviewer = show_text(one, "reviewed_by");

		printf("%lld %s by %s: %s%s%s\n",
		    (long long)json_integer_value(json_object_get(one, "id")), show_time(one, "at"),
		    show_text(one, "by"), show_text(one, "reason"),
		    *reviewer != '\0' ? ", reviewed by " : "", reviewer);
		apply_print(json_object_get(one, "shown"), false);
	}
}

static int
review(const char *number, const char *note)
{
	json_t *body = json_pack("{s:s*}", "note", note);
	char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
	struct server_answer answer;
	struct buf path = {0};
	int status;

	json_decref(body);
	if (text == NULL)
		return command_refuse("single-handed", "the note must be UTF-8");
	buf_add_text(&path, "/v1/single-handed/");
	buf_add_encoded(&path, number);
	buf_add_text(&path, "/review");
	status = server_ask(&(struct server_ask){.method = "POST",
				.path = path.at,
				.type = "application/json",
				.body = slice_of(text)},
	    &answer);
	if (status == EXIT_FINE)
		printf("reviewed\n");
	server_answer_free(&answer);
	buf_free(&path);
	free(text);
	return status;
}

int
command_single_handed(int argc, char **argv)
{
	static const char usage[] = "list [--all] [--json], or review NUMBER [--note TEXT]";
	const char *words[2] = {NULL}, *note = NULL, *fault;
	bool json = false, all = false;
	const struct option_row rows[] = {
	    {"all", NULL, &all}, {"json", NULL, &json}, {"note", &note, NULL}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 2);
	if (fault != NULL || words[0] == NULL)
		return command_refuse("single-handed", fault != NULL ? fault : usage);
	if (strcmp(words[0], "list") == 0 && words[1] == NULL)
		return pages_ask(
		    all ? "/v1/single-handed?limit=1000&state=all" : "/v1/single-handed?limit=1000",
		    json, print_all, NULL);
	if (strcmp(words[0], "review") == 0 && words[1] != NULL)
		return review(words[1], note);
	return command_refuse("single-handed", usage);
}
