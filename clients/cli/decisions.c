/* crisiscover decisions, decide, undecide: what titles and names of a rota mean. */
#include <stdio.h>
#include <stdlib.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

/* "/v1/rotas/fenmere-amhp-duty/decisions" */
static void
path_of(struct buf *path, const char *rota)
{
	buf_add_text(path, "/v1/rotas/");
	server_encode(path, rota);
	buf_add_text(path, "/decisions");
}

/* ------------------------------------------------------------------------------------ the list */

static void
print_meaning(const json_t *decision)
{
	const char *name = show_text(decision, "name"), *team = show_text(decision, "team");

	printf("%s", show_text(decision, "reads"));
	if (*show_text(decision, "person") != '\0')
		printf(" %s%s%s%s", show_text(decision, "person"), *name != '\0' ? " (" : "", name,
		    *name != '\0' ? ")" : "");
	if (*team != '\0')
		printf(" \"%s\"", team);
	if (json_is_false(json_object_get(decision, "stands")))
		printf(", who is not there any more");
}

static void
print_decision(const json_t *decision)
{
	const char *alias = show_text(decision, "alias");
	char id[32];

	snprintf(
	    id, sizeof id, "%lld", (long long)json_integer_value(json_object_get(decision, "id")));
	show_cell(id, 6);
	show_cell(*alias != '\0' ? "alias" : "title", 5);
	show_cell(*alias != '\0' ? alias : show_text(decision, "title"), 30);
	print_meaning(decision);
	printf("  (%s, %s)\n", show_text(decision, "by"), show_text(decision, "local"));
}

static void
print_candidates(const char *before, json_t *candidates)
{
	json_t *candidate;
	size_t i;

	json_array_foreach(candidates, i, candidate) printf("%s%s (%s)", i == 0 ? before : ", ",
	    show_text(candidate, "id"), show_text(candidate, "name"));
}

static void
print_undecided(const json_t *title)
{
	printf("  %lld  ", (long long)json_integer_value(json_object_get(title, "count")));
	show_cell(show_text(title, "title"), 30);
	printf("next %s", show_text(title, "local"));
	print_candidates("; perhaps ", json_object_get(title, "candidates"));
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
	path_of(&path, rota);
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		print_all(answer.json);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

/* ------------------------------------------------------------------------------------ deciding */

struct words {
	const char *rota, *title, *alias, *reads, *person, *team;
	bool json;
};

/* What the server would refuse for its shape alone is refused here, with the usage. */
static const char *
fault_of(const struct words *words)
{
	if (words->rota == NULL)
		return "of which rota?";
	if ((words->title == NULL) == (words->alias == NULL))
		return "say either --title or --alias";
	if (words->title != NULL && words->reads == NULL)
		return "--title wants --reads";
	if (words->alias != NULL && (words->person == NULL || words->reads != NULL))
		return "--alias wants --person alone";
	return NULL;
}

static void
set(json_t *body, const char *key, const char *value)
{
	if (value != NULL)
		json_object_set_new(body, key, json_string(value));
}

static int
decide(const struct words *words)
{
	struct server_answer answer;
	struct buf path = {0};
	json_t *body = json_object();
	char *text;
	int status;

	set(body, "title", words->title);
	set(body, "alias", words->alias);
	set(body, "reads", words->reads);
	set(body, "person", words->person);
	set(body, "team", words->team);
	text = json_dumps(body, JSON_COMPACT);
	path_of(&path, words->rota);
	/* No text, if a word of the command line is not UTF-8. */
	status = text == NULL ? EXIT_USAGE
			      : server_ask(&(struct server_ask){.method = "POST",
					       .path = path.at,
					       .type = "application/json",
					       .body = slice_of(text)},
				    &answer);
	if (status == EXIT_FINE && words->json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		printf("decided, number %lld\n",
		    (long long)json_integer_value(json_object_get(answer.json, "id")));
	if (text != NULL)
		server_answer_free(&answer);
	buf_free(&path);
	json_decref(body);
	free(text);
	return status;
}

int
command_decide(int argc, char **argv)
{
	struct words words = {0};
	const struct option_row rows[] = {{"title", &words.title, NULL},
	    {"alias", &words.alias, NULL}, {"reads", &words.reads, NULL},
	    {"person", &words.person, NULL}, {"team", &words.team, NULL},
	    {"json", NULL, &words.json}, {NULL, NULL, NULL}};
	const char *fault = options_read(argc, argv, rows, &words.rota, 1);

	if (fault == NULL)
		fault = fault_of(&words);
	return fault != NULL ? command_refuse("decide", fault) : decide(&words);
}

int
command_undecide(int argc, char **argv)
{
	const char *words[2] = {NULL, NULL}, *fault;
	bool json = false;
	const struct option_row rows[] = {{"json", NULL, &json}, {NULL, NULL, NULL}};
	struct server_answer answer;
	struct buf path = {0};
	int status;

	fault = options_read(argc, argv, rows, words, 2);
	if (fault != NULL || words[1] == NULL)
		return command_refuse("undecide",
		    fault != NULL ? fault : "of which rota, and which number of its decisions?");
	path_of(&path, words[0]);
	buf_add_text(&path, "/");
	server_encode(&path, words[1]);
	status = server_ask(&(struct server_ask){.method = "DELETE", .path = path.at}, &answer);
	if (status == EXIT_FINE)
		printf(json ? "{\"withdrawn\":true}\n" : "withdrawn\n");
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}
