/* SPDX-License-Identifier: MIT */
/* crisiscover turned: shifts of a rota whose meaning changed when the same calendar was read
 * again. */
#include <stdio.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

/* Why it was read again although nobody changed the calendar. */
static const char *
why_of(const json_t *reread)
{
	const char *why = show_text(reread, "why");

	if (strcmp(why, "rules") == 0)
		return "newer rules of reading";
	if (strcmp(why, "zones") == 0)
		return "newer rules of time zones";
	return "what was decided or set up for the rota";
}

/* "named J Jones", "tentative", "-". */
static void
print_side(const json_t *side, const char *after)
{
	const char *name = show_text(side, "name"), *team = show_text(side, "team");

	/* A reading by other rules may find a shift where there was none, or the other way
	 * round. */
	if (!json_is_object(side))
		printf("no shift%s", after);
	else
		printf("%s%s%s%s", show_text(side, "class"),
		    *name != '\0' || *team != '\0' ? " " : "", *name != '\0' ? name : team, after);
}

static void
print_reread(const json_t *reread)
{
	json_t *shift;
	size_t i;

	printf("%s, by %s: %lld no longer count, %lld count that did not, %lld otherwise\n",
	    show_text(reread, "local"), why_of(reread),
	    (long long)json_integer_value(json_object_get(reread, "lost")),
	    (long long)json_integer_value(json_object_get(reread, "gained")),
	    (long long)json_integer_value(json_object_get(reread, "other")));
	json_array_foreach(json_object_get(reread, "shifts"), i, shift)
	{
		printf("  ");
		show_cell(show_time(shift, "start"), 16);
		show_cell(show_text(shift, "title"), 30);
		print_side(json_object_get(shift, "before"), " -> ");
		print_side(json_object_get(shift, "after"), "\n");
	}
}

int
command_turned(int argc, char **argv)
{
	const char *rota = NULL, *fault;
	bool json = false;
	const struct option_row rows[] = {{"json", NULL, &json}, {NULL, NULL, NULL}};
	struct server_answer answer;
	struct buf path = {0};
	json_t *reread;
	size_t i;
	int status;

	fault = options_read(argc, argv, rows, &rota, 1);
	if (fault != NULL || rota == NULL)
		return command_refuse("turned", fault != NULL ? fault : "of which rota?");
	buf_add_text(&path, "/v1/rotas/");
	buf_add_encoded(&path, rota);
	buf_add_text(&path, "/turned");
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE) {
		if (json_array_size(json_object_get(answer.json, "turned")) == 0)
			/* Printed, so that an empty list is not taken for a failure. */
			printf("no shift of rota %s has turned\n", rota);
		json_array_foreach(json_object_get(answer.json, "turned"), i, reread)
		    print_reread(reread);
	}
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}
