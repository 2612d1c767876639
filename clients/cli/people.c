/* SPDX-License-Identifier: MIT */
/* crisiscover people: merges two people of the set-up into one, or splits one into two. The request is first
 * sent as a dry run, which shows what it would do and names the versions of both people; then it is sent with
 * these versions, so that nothing is done that was not shown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/apply_print.h"
#include "clients/cli/command.h"
#include "clients/cli/object_fields.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

#define FIELDS_MAX 40
#define LIMIT_MS 60000
#define PATIENCE_MS 5000

struct wish {
	const char *what; /* "merge" or "split" */
	const char *person;
	json_t *body; /* owned */
	bool dry_run, json;
};

/* ---------------------------------------------------------------------------------- the answer */

/* Members in which the two people differ and of which one person has only one, such as a telephone. */
static void
print_questions(const json_t *answer)
{
	json_t *question;
	size_t i;

	json_array_foreach(json_object_get(answer, "questions"), i, question)
	{
		const char *from = show_text(question, "from");

		if (*from != '\0')
			printf("%s: %s; that of %s stays\n", show_text(question, "key"),
			    show_text(question, "detail"), from);
		else
			printf("%s: %s; choose with --choose %s=CODE\n", show_text(question, "key"),
			    show_text(question, "detail"), show_text(question, "key"));
	}
}

/* To whom each decision, override and absence goes, and for which the caller must say so. */
static void
print_lots(const json_t *answer, const char *list)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(answer, list), i, item)
	{
		const char *lot = show_text(item, "lot"), *key = show_text(item, "key");
		bool decision =
		    strncmp(key, "override:", 9) != 0 && strncmp(key, "absence:", 8) != 0;

		printf("%s %s", key,
		    strcmp(lot, "unclear") != 0 ? lot
		    : decision                  ? "would be nobody's"
						: "is unclear");
		if (*show_text(item, "words") != '\0')
			printf(" (\"%s\")", show_text(item, "words"));
		if (strcmp(lot, "unclear") == 0)
			printf("; --goes %s or --stays %s says whose it is", key, key);
		printf("\n");
	}
}

/* Shifts and titles that would be read in another way: a name may mean another person, or two. */
static void
print_turned(const json_t *answer)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(answer, "shifts"), i, item) printf(
	    "rota %s: %lld coming shifts of %s (%s) would be %s%s%s, the first on %s\n",
	    show_text(item, "rota"), (long long)json_integer_value(json_object_get(item, "shifts")),
	    *show_text(item, "from") != '\0' ? show_text(item, "from") : "nobody",
	    show_text(item, "was"), show_text(item, "becomes"),
	    *show_text(item, "to") != '\0' ? " of " : "", show_text(item, "to"),
	    show_time(item, "first"));
	json_array_foreach(json_object_get(answer, "titles"), i, item)
	    printf("rota %s: read again, \"%s\" (%s) would be %s%s%s\n", show_text(item, "rota"),
		show_text(item, "title"), show_text(item, "was"), show_text(item, "becomes"),
		*show_text(item, "to") != '\0' ? " of " : "", show_text(item, "to"));
}

static void
print_effect(const json_t *answer)
{
	print_questions(answer);
	print_lots(answer, "decided");
	print_lots(answer, "words");
	print_turned(answer);
	apply_print(answer, true);
}

static void
print_done(const struct wish *wish, const json_t *answer)
{
	long long number = json_integer_value(json_object_get(answer, "merge"));
	const char *code = show_text(answer, "code"), *other = show_text(answer, "other");

	if (strcmp(wish->what, "merge") == 0)
		printf(
		    "merged %s into %s; crisiscover people split %s --merge %lld takes it back\n",
		    other, code, code, number);
	else
		printf("split %s off %s\n", other, code);
}

/* ------------------------------------------------------------------------------------- sending */

/* ${tag}: NULL in a dry run. */
static int
ask(const struct wish *wish, const char *tag, struct server_answer *answer)
{
	char *text = json_dumps(wish->body, JSON_COMPACT);
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/people/");
	buf_add_encoded(&path, wish->person);
	buf_printf(&path, "/%s%s", wish->what, tag == NULL ? "?dry_run=1" : "");
	status = server_ask(&(struct server_ask){.method = "POST",
				.path = path.at,
				.type = "application/json",
				.body = slice_of(text),
				.if_match = tag,
				.limit_ms = LIMIT_MS,
				.patience_ms = PATIENCE_MS},
	    answer);
	buf_free(&path);
	free(text);
	return status;
}

/* Takes wish->body over. */
static int
send(const struct wish *wish)
{
	struct server_answer tried, done = {0};
	char tag[40];
	int status = ask(wish, NULL, &tried);

	if (status == EXIT_FINE && wish->json && wish->dry_run)
		show_json(tried.json);
	else if (status == EXIT_FINE && !wish->json)
		print_effect(tried.json);
	if (status == EXIT_FINE && !wish->dry_run) {
		json_t *other = json_object_get(tried.json, "other_version");

		/* The first person's version goes into If-Match, as for every object; a merge has a
		 * second one, which goes into the body. */
		snprintf(tag, sizeof tag, "\"object-%lld\"",
		    (long long)json_integer_value(json_object_get(tried.json, "version")));
		if (json_is_integer(other))
			json_object_set(wish->body, "version", other);
		status = ask(wish, tag, &done);
		if (status == EXIT_FINE && wish->json)
			show_json(done.json);
		else if (status == EXIT_FINE)
			print_done(wish, done.json);
	}
	server_answer_free(&tried);
	server_answer_free(&done);
	json_decref(wish->body);
	return status;
}

/* ------------------------------------------------------------------------------------ the list */

static void
print_merges(const json_t *answer)
{
	json_t *merge;
	size_t i;

	json_array_foreach(json_object_get(answer, "merges"), i, merge)
	{
		printf("%lld  %s  %s into %s, by %s: %s\n",
		    (long long)json_integer_value(json_object_get(merge, "id")),
		    show_time(merge, "at"), show_text(merge, "gone"), show_text(merge, "kept"),
		    show_text(merge, "by"), show_text(merge, "reason"));
		if (*show_text(merge, "undone_at") != '\0')
			printf("    taken back %s, by %s: %s\n", show_time(merge, "undone_at"),
			    show_text(merge, "undone_by"), show_text(merge, "undone_reason"));
	}
}

static int
list(const char *person, bool json)
{
	struct server_answer answer;
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/people/");
	buf_add_encoded(&path, person);
	buf_add_text(&path, "/merges");
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		print_merges(answer.json);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

/* ----------------------------------------------------------------------------------- the words */

struct said {
	const char *merge, *new_person, *reason;
	struct option_values choose, goes, stays;
	bool rest_stays;
};

/* The values of an option as a JSON array; empty if it was not given. */
static json_t *
texts(const struct option_values *values)
{
	json_t *all = json_array();

	for (unsigned i = 0; i < values->count; i++)
		json_array_append_new(all, json_string(values->items[i]));
	return all;
}

static const char *
read_choices(const struct option_values *choose, json_t *body)
{
	json_t *all = json_object();

	json_object_set_new(body, "choose", all);
	for (unsigned i = 0; i < choose->count; i++) {
		/* "roles.s12" is one key and not a path. */
		const char *equals = strrchr(choose->items[i], '=');
		struct buf key = {0};

		if (equals == NULL || equals == choose->items[i] || equals[1] == '\0')
			return "--choose KEY=CODE, such as work_phone=jo-jones";
		buf_add(&key, choose->items[i], (size_t)(equals - choose->items[i]));
		json_object_set_new(all, key.at, json_string(equals + 1));
		buf_free(&key);
	}
	return NULL;
}

/* "GONE into KEPT". */
static const char *
read_merge(struct wish *wish, const struct said *said, const char *const *words)
{
	if (words[1] == NULL || words[2] == NULL || strcmp(words[2], "into") != 0 ||
	    words[3] == NULL || words[4] != NULL)
		return "merge GONE into KEPT";
	wish->person = words[3];
	json_object_set_new(wish->body, "person", json_string(words[1]));
	return read_choices(&said->choose, wish->body);
}

static const char *
read_split(struct wish *wish, const struct said *said, const char *const *words)
{
	const char *fault = NULL;
	json_t *person;

	wish->person = words[1];
	if (words[1] == NULL || (said->merge == NULL) == (said->new_person == NULL))
		return "split PERSON --merge NUMBER, or split PERSON --new CODE name=…";
	json_object_set_new(wish->body, "goes", texts(&said->goes));
	json_object_set_new(wish->body, "stays", texts(&said->stays));
	if (said->rest_stays)
		json_object_set_new(wish->body, "rest", json_string("stays"));
	if (said->merge != NULL) {
		json_object_set_new(
		    wish->body, "merge", json_integer(strtoll(said->merge, NULL, 10)));
		return words[2] == NULL ? NULL : "fields go with --new";
	}
	person = json_object();
	json_object_set_new(wish->body, "person", person);
	for (size_t i = 2; words[i] != NULL && fault == NULL; i++)
		fault = object_field_add(person, words[i]);
	json_object_set_new(person, "id", json_string(said->new_person));
	return fault;
}

static const char *
read_options(int *argc, char **argv, struct said *said)
{
	const char *fault = options_take(argc, argv, "choose", &said->choose);

	if (fault == NULL)
		fault = options_take(argc, argv, "goes", &said->goes);
	if (fault == NULL)
		fault = options_take(argc, argv, "stays", &said->stays);
	return fault;
}

int
command_people(int argc, char **argv)
{
	struct said said = {0};
	struct wish wish = {0};
	const char *words[FIELDS_MAX + 3] = {NULL}, *fault;
	const struct option_row rows[] = {{"merge", &said.merge, NULL},
	    {"new", &said.new_person, NULL}, {"reason", &said.reason, NULL},
	    {"rest-stays", NULL, &said.rest_stays}, {"dry-run", NULL, &wish.dry_run},
	    {"json", NULL, &wish.json}, {NULL, NULL, NULL}};

	fault = read_options(&argc, argv, &said);
	if (fault == NULL)
		fault = options_read(argc, argv, rows, words, FIELDS_MAX + 2);
	if (fault != NULL)
		return command_refuse("people", fault);
	wish.what = words[0];
	if (wish.what != NULL && strcmp(wish.what, "merges") == 0 && words[1] != NULL &&
	    words[2] == NULL)
		return list(words[1], wish.json);
	wish.body = json_object();
	if (said.reason != NULL)
		json_object_set_new(wish.body, "reason", json_string(said.reason));
	if (wish.what != NULL && strcmp(wish.what, "merge") == 0)
		fault = read_merge(&wish, &said, words);
	else if (wish.what != NULL && strcmp(wish.what, "split") == 0)
		fault = read_split(&wish, &said, words);
	else
		fault = "merge GONE into KEPT, split PERSON, or merges PERSON";
	if (fault == NULL && said.reason == NULL && !wish.dry_run)
		fault = "--reason says why";
	if (fault == NULL)
		return send(&wish);
	json_decref(wish.body);
	return command_refuse("people", fault);
}
