/* SPDX-License-Identifier: MIT */
#include "clients/cli/plan.h"

#include <stdio.h>
#include <stdlib.h>

#include "clients/cli/command.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

/* A stretch of cover as it would become, and who is free to stand in for it. */
static void
print_span(const json_t *span)
{
	json_t *stand_in;
	size_t i;

	printf("  ");
	show_cell(show_time(span, "start"), 25);
	show_cell(show_time(span, "end"), 25);
	printf("%s, was %s (%lld of %lld)\n", show_text(span, "state"), show_text(span, "was"),
	    (long long)json_integer_value(json_object_get(span, "present")),
	    (long long)json_integer_value(json_object_get(span, "required")));
	json_array_foreach(json_object_get(span, "stand_ins"), i, stand_in)
	    printf("    %s %s (%s, %s), on %.0f h in the fortnight around\n",
		i == 0 ? "could stand in:" : "               ", show_text(stand_in, "name"),
		show_text(stand_in, "person"), show_text(stand_in, "organisation"),
		json_number_value(json_object_get(stand_in, "hours")));
	/* Printed, because an empty list could also be one that was not asked for. */
	if (json_array_size(json_object_get(span, "stand_ins")) == 0)
		printf("    nobody who could stand in is free\n");
}

static void
print_times(const json_t *plan, const char *key, const char *words)
{
	json_t *time;
	size_t i;

	json_array_foreach(json_object_get(plan, key), i, time)
	{
		printf("%s %s", words, show_time(time, "start"));
		printf(" to %s\n", show_time(time, "end"));
	}
}

/* An override may put somebody in place of the person of another override. If that one is
 * withdrawn, nobody is left to be replaced, and this one is in dispute. */
static void
print_resting(const json_t *plan)
{
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(plan, "rests"), i, one)
	{
		printf(
		    "Override %lld rests on it (%s instead of %s) and would be in dispute from %s",
		    (long long)json_integer_value(json_object_get(one, "id")),
		    show_text(one, "person"), show_text(one, "instead"), show_time(one, "start"));
		printf(" to %s\n", show_time(one, "end"));
	}
}

void
plan_print(const json_t *plan)
{
	json_t *requirements = json_object_get(plan, "requirements"), *requirement, *span, *warning;
	size_t i, j;

	json_array_foreach(json_object_get(plan, "warnings"), i, warning)
	    printf("WARNING: %s\n", json_string_value(warning));
	/* The server refuses the deed without it: it is unusual enough to be a slip. */
	if (json_is_true(json_object_get(plan, "wants_confirm")))
		printf("If it is meant, make it with --confirm.\n");
	print_times(plan, "on", "On from");
	print_times(plan, "outside", "No shift to stand in for, nothing changes from");
	print_resting(plan);
	/* Printed, since an empty list could also mean that nothing was searched. */
	if (json_array_size(requirements) == 0)
		printf("Cover would be no worse anywhere.\n");
	json_array_foreach(requirements, i, requirement)
	{
		printf("%s: %s at %s\n", show_text(requirement, "id"),
		    show_text(requirement, "function"), show_text(requirement, "place"));
		json_array_foreach(json_object_get(requirement, "spans"), j, span) print_span(span);
	}
	/* The server limits the list. Nobody should take the part for the whole. */
	if (json_is_true(json_object_get(plan, "truncated")))
		printf("… and more: ask about a shorter time to see all of it.\n");
	/* Last, so that nobody takes the list for what has happened. */
	printf("Nothing was written.\n");
}

static void
print_made(const char *what, const json_t *made)
{
	json_t *warning;
	size_t i;

	printf("%s %lld\n", what, (long long)json_integer_value(json_object_get(made, "id")));
	json_array_foreach(json_object_get(made, "warnings"), i, warning)
	    printf("WARNING: %s\n", json_string_value(warning));
}

int
plan_send(const char *path, const char *what, json_t *body, bool dry, bool json)
{
	char *text = json_dumps(body, JSON_COMPACT);
	struct server_answer answer;
	struct buf whole = {0};
	int status;

	/* Taken over, so that callers can build it in the call. */
	json_decref(body);
	buf_printf(&whole, "%s%s", path, dry ? "?dry_run=1" : "");
	status = server_ask(&(struct server_ask){.method = "POST",
				.path = whole.at,
				.type = "application/json",
				.body = slice_of(text)},
	    &answer);
	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE && dry)
		plan_print(answer.json);
	else if (status == EXIT_FINE)
		print_made(what, answer.json);
	server_answer_free(&answer);
	buf_free(&whole);
	free(text);
	return status;
}

int
plan_withdraw(const char *path, const char *id, bool dry, bool confirm)
{
	struct server_answer answer;
	struct buf whole = {0};
	int status;

	buf_printf(&whole, "%s/", path);
	buf_add_encoded(&whole, id);
	/* Not both: a dry run needs no confirmation. */
	if (dry || confirm)
		buf_add_text(&whole, dry ? "?dry_run=1" : "?confirm=1");
	status = server_ask(&(struct server_ask){.method = "DELETE", .path = whole.at}, &answer);
	if (status == EXIT_FINE && dry)
		plan_print(answer.json);
	server_answer_free(&answer);
	buf_free(&whole);
	return status;
}
