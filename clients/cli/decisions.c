/* SPDX-License-Identifier: MIT */
/* crisiscover decisions: what titles, names, words and dates of a rota mean, and what is left. */
#include <stdio.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "clients/cli/to_decide.h"

void
decisions_path(struct buf *path, const char *rota)
{
	buf_add_text(path, "/v1/rotas/");
	buf_add_encoded(path, rota);
	buf_add_text(path, "/decisions");
}

/* ------------------------------------------------------------------------------------ the list */

static void
print_meaning(const json_t *decision)
{
	const char *name = show_text(decision, "name"), *team = show_text(decision, "team");

	printf("%s%s", show_text(decision, "reads"), show_text(decision, "means"));
	if (*show_text(decision, "person") != '\0')
		printf(" %s%s%s%s", show_text(decision, "person"), *name != '\0' ? " (" : "", name,
		    *name != '\0' ? ")" : "");
	if (*team != '\0')
		printf(" \"%s\"", team);
	/* The person has left the directory since: the decision applies to nobody any more. */
	if (json_is_false(json_object_get(decision, "stands")))
		printf(", who is not there any more");
}

static void
print_decision(const json_t *decision)
{
	const char *kind = show_text(decision, "kind");
	/* A decision about dates has no word that it is about. */
	bool dates = strcmp(kind, "date_order") == 0;
	char id[32];

	snprintf(
	    id, sizeof id, "%lld", (long long)json_integer_value(json_object_get(decision, "id")));
	show_cell(id, 6);
	show_cell(dates ? "dates" : kind, 5);
	show_cell(dates ? "" : show_text(decision, kind), 30);
	print_meaning(decision);
	printf("  (%s, %s)\n", show_text(decision, "by"), show_text(decision, "local"));
}

/* With the number of shifts first, as in the list of open questions: it says what is worth deciding. */
static void
print_undecided(const json_t *title)
{
	printf("  %lld  ", (long long)json_integer_value(json_object_get(title, "count")));
	show_cell(show_text(title, "title"), 30);
	printf("next %s", show_text(title, "local"));
	to_decide_print_candidates("; perhaps ", title);
	printf("\n");
}

static void
print_all(const json_t *answer)
{
	json_t *item, *decisions = json_object_get(answer, "decisions"),
		      *undecided = json_object_get(answer, "undecided");
	size_t i;

	if (json_array_size(decisions) == 0)
		printf("nothing is decided for rota %s\n", show_text(answer, "rota"));
	json_array_foreach(decisions, i, item) print_decision(item);
	/* Open questions come after the decisions, where a terminal leaves them in sight. */
	to_decide_print(show_text(answer, "rota"), answer);
	if (json_array_size(undecided) > 0)
		printf("undecided titles of its shifts (%lld):\n",
		    (long long)json_integer_value(json_object_get(answer, "undecided_titles")));
	json_array_foreach(undecided, i, item) print_undecided(item);
}

int
command_decisions(int argc, char **argv)
{
	const char *rota = NULL, *fault;
	bool json = false;
	const struct option_row rows[] = {{"json", NULL, &json}, {NULL, NULL, NULL}};
	struct server_answer answer;
	struct buf path = {0};
	int status;

	fault = options_read(argc, argv, rows, &rota, 1);
	if (fault != NULL || rota == NULL)
		return command_refuse("decisions", fault != NULL ? fault : "of which rota?");
	decisions_path(&path, rota);
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		print_all(answer.json);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}
