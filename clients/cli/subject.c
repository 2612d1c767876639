/* SPDX-License-Identifier: MIT */
/* crisiscover subject: everything that is held about one person, its erasure, and legal holds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

/* ------------------------------------------------------------------------------------------- asking */

/* ${what}: the last part of the path, with its slash; ${body} is taken over, NULL: none. */
static int
ask(const char *person, const char *what, json_t *body, struct server_answer *answer)
{
	char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/subjects/");
	buf_add_encoded(&path, person);
	buf_add_text(&path, what);
	status = server_ask(&(struct server_ask){.method = text != NULL ? "POST" : "GET",
				.path = path.at,
				.type = text != NULL ? "application/json" : NULL,
				.body = slice_of(text != NULL ? text : ""),
				.limit_ms = 70000},
	    answer);
	json_decref(body);
	free(text);
	buf_free(&path);
	return status;
}

/* ----------------------------------------------------------------------------------------- printing */

static long long
number(const json_t *object, const char *key)
{
	return (long long)json_integer_value(json_object_get(object, key));
}

/* One row, a line for each column that says something. */
static void
print_row(const json_t *row)
{
	const char *key;
	json_t *value;

	/* jansson iterates over what it may change. */
	json_object_foreach((json_t *)(uintptr_t)row, key, value)
	{
		printf("  %-16s ", key);
		if (json_is_string(value))
			printf("%s\n", show_text(row, key));
		else
			show_json(value);
	}
	printf("\n");
}

static void
print_held(const json_t *held)
{
	const char *table;
	json_t *rows, *row;
	size_t i;

	json_object_foreach((json_t *)(uintptr_t)held, table, rows)
	{
		const json_t *list = json_object_get(rows, "rows");
		long long withheld = number(rows, "withheld");

		printf("%s: %zu rows", table, json_array_size(list));
		if (withheld > 0)
			printf(", and %lld that name others whom you may not know of", withheld);
		printf("\n");
		json_array_foreach(list, i, row) print_row(row);
	}
}

static void
print_state(const json_t *state)
{
	json_t *hold;
	size_t i;

	if (json_is_true(json_object_get(state, "in_set_up")))
		printf("in the set-up\n");
	if (json_is_true(json_object_get(state, "account_in_set_up")))
		printf("an account is in the set-up\n");
	json_array_foreach(json_object_get(state, "held"), i, hold)
	{
		printf("legal hold since %s by %s: %s\n", show_time(hold, "at"),
		    show_text(hold, "by"), show_text(hold, "reason"));
	}
	if (*show_text(state, "kept_until") != '\0')
		printf("kept until %s\n", show_time(state, "kept_until"));
}

static void
print_erasure(const json_t *answer)
{
	const json_t *rows = json_object_get(answer, "rows");
	bool erased = json_is_true(json_object_get(answer, "erased"));
	long long request = number(answer, "request");
	const char *table;
	json_t *count;

	printf("%s: %s\n", erased ? "erased" : "would be erased", show_text(answer, "name"));
	json_object_foreach((json_t *)(uintptr_t)rows, table, count)
	    printf("  %-20s %lld rows\n", table, (long long)json_integer_value(count));
	if (number(answer, "bodies_in_force") > 0)
		printf("%lld calendars that are in force say the name: their owners take it out\n",
		    number(answer, "bodies_in_force"));
	if (request > 0)
		printf(
		    "Another person must agree, until %s: crisiscover subject erase PERSON --request %lld\n",
		    show_time(answer, "expires_at"), request);
}

/* ---------------------------------------------------------------------------------------- commands */

static int export(const char *person, bool json)
{
	struct server_answer answer;
	int status = ask(person, "", NULL, &answer);

	if (status == EXIT_FINE && json)
		show_json(answer.json);
	if (status == EXIT_FINE && !json) {
		printf("Everything that is held about %s, at %s\n",
		    show_text(answer.json, "person"), show_time(answer.json, "at"));
		print_state(json_object_get(answer.json, "state"));
		printf("\n");
		print_held(json_object_get(answer.json, "held"));
	}
	server_answer_free(&answer);
	return status;
}

static int
erase(const char *person, const char *reason, const char *request, bool dry, bool json)
{
	struct server_answer answer;
	int64_t number;
	json_t *body;
	int status;

	if ((reason == NULL) == (request == NULL))
		return command_refuse("subject",
		    "erase wants --reason TEXT, or --request NUMBER of what another person has asked for");
	if (request != NULL && !text_int(slice_of(request), 1, INT64_MAX, &number))
		return command_refuse("subject", "--request wants the number of a request");
	body = request != NULL ? json_pack("{s:I}", "request", (json_int_t)number)
			       : json_pack("{s:s}", "reason", reason);
	if (body == NULL)
		return command_refuse("subject", "the reason must be UTF-8");
	status = ask(person, dry ? "/erasure?dry_run=1" : "/erasure", body, &answer);
	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		print_erasure(answer.json);
	server_answer_free(&answer);
	return status;
}

static int
hold(const char *person, const char *what, const char *reason)
{
	struct server_answer answer;
	json_t *body;
	int status;

	if (reason == NULL)
		return command_refuse("subject", "--reason is missing");
	body = json_pack("{s:s}", "reason", reason);
	if (body == NULL)
		return command_refuse("subject", "the reason must be UTF-8");
	status = ask(person, what, body, &answer);
	if (status == EXIT_FINE)
		print_state(json_object_get(answer.json, "state"));
	server_answer_free(&answer);
	return status;
}

int
command_subject(int argc, char **argv)
{
	static const char usage[] = "export, erase, hold or lift, and a PERSON";
	const char *words[2] = {NULL}, *reason = NULL, *request = NULL, *fault;
	bool json = false, dry = false;
	const struct option_row rows[] = {{"reason", &reason, NULL}, {"request", &request, NULL},
	    {"dry-run", NULL, &dry}, {"json", NULL, &json}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 2);
	if (fault != NULL || words[1] == NULL)
		return command_refuse("subject", fault != NULL ? fault : usage);
	if (strcmp(words[0], "export") == 0)
		return export(words[1], json);
	if (strcmp(words[0], "erase") == 0)
		return erase(words[1], reason, request, dry, json);
	if (strcmp(words[0], "hold") == 0)
		return hold(words[1], "/hold", reason);
	if (strcmp(words[0], "lift") == 0)
		return hold(words[1], "/lift", reason);
	return command_refuse("subject", usage);
}
