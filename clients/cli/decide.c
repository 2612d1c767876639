/* SPDX-License-Identifier: MIT */
/* crisiscover decide, undecide: what words, names, titles and dates of a rota mean. */
#include <stdio.h>
#include <stdlib.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

struct words {
	const char *rota, *title, *alias, *word, *zone, *date_order;
	const char *reads, *means, *person, *team;
	bool json;
};

/* How many things the command line wants to decide. */
static unsigned
subjects_of(const struct words *words)
{
	return (words->title != NULL) + (words->alias != NULL) + (words->word != NULL) +
	       (words->zone != NULL) + (words->date_order != NULL);
}

/* Faults that can be seen without the server are refused here, with the usage. */
static const char *
fault_of(const struct words *words)
{
	bool means = words->word != NULL || words->zone != NULL;

	if (words->rota == NULL)
		return "of which rota?";
	/* One call is one decision, with one number to take it back by. */
	if (subjects_of(words) != 1)
		return "say one of --title, --alias, --word, --zone and --date-order";
	if (words->title != NULL && words->reads == NULL)
		return "--title wants --reads";
	/* An alias says whom a name means; how a whole title reads is another decision. */
	if (words->alias != NULL && (words->person == NULL || words->reads != NULL))
		return "--alias wants --person alone";
	if (words->word != NULL && words->means == NULL)
		return "--word wants --means nothing, nobody or away";
	if (words->zone != NULL && words->means == NULL)
		return "--zone wants --means and a time zone such as Europe/London";
	if (!means && words->means != NULL)
		return "--means goes with --word and --zone";
	return NULL;
}

static void
set(json_t *body, const char *key, const char *value)
{
	if (value != NULL)
		json_object_set_new(body, key, json_string(value));
}

static json_t *
body_of(const struct words *words)
{
	json_t *body = json_object();

	/* The server knows which of these go together, and says so in words. */
	set(body, "title", words->title);
	set(body, "alias", words->alias);
	set(body, "word", words->word);
	set(body, "zone", words->zone);
	set(body, "date_order", words->date_order);
	set(body, "reads", words->reads);
	set(body, "means", words->means);
	set(body, "person", words->person);
	set(body, "team", words->team);
	return body;
}

static int
decide(const struct words *words)
{
	struct server_answer answer;
	struct buf path = {0};
	json_t *body = body_of(words);
	char *text = json_dumps(body, JSON_COMPACT);
	int status;

	decisions_path(&path, words->rota);
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
	    {"alias", &words.alias, NULL}, {"word", &words.word, NULL}, {"zone", &words.zone, NULL},
	    {"date-order", &words.date_order, NULL}, {"reads", &words.reads, NULL},
	    {"means", &words.means, NULL}, {"person", &words.person, NULL},
	    {"team", &words.team, NULL}, {"json", NULL, &words.json}, {NULL, NULL, NULL}};
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
	decisions_path(&path, words[0]);
	buf_add_text(&path, "/");
	buf_add_encoded(&path, words[1]);
	status = server_ask(&(struct server_ask){.method = "DELETE", .path = path.at}, &answer);
	if (status == EXIT_FINE)
		printf(json ? "{\"withdrawn\":true}\n" : "withdrawn\n");
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}
