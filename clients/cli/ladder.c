/* SPDX-License-Identifier: MIT */
/* crisiscover ladder: whom to ring for a function at a place, in order. */
#include "clients/cli/ladder.h"

#include <stdio.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "server/base/civil.h"
#include "server/model/region_contact.h"

/* In words, in capitals: who reads the line must not miss it. */
static const char *
passed_words(const char *passed)
{
	if (strcmp(passed, "same_number") == 0)
		return "NO ANSWER AT THIS NUMBER";
	return *passed == '\0' ? "" : show_outcome(passed);
}

/* "01632 960456 ext 4421"; "(no number)". */
static void
add_number(struct buf *words, const json_t *step)
{
	const struct region_ring ring = {
	    .phone = *show_text(step, "number") != '\0' ? show_phone(step, "number") : NULL,
	    .extension = json_string_value(json_object_get(step, "extension")),
	    .bleep = json_string_value(json_object_get(step, "bleep")),
	    .via_switchboard = json_is_true(json_object_get(step, "via_switchboard")),
	};

	region_ring_words(words, &ring, "(no number)");
}

/* Names of people are not for every account. */
static const char *
name_of(const json_t *step)
{
	return *show_text(step, "name") != '\0' ? show_text(step, "name")
						: show_text(step, "service");
}

void
ladder_print_next(const json_t *answer)
{
	const json_t *next = json_object_get(answer, "next");
	struct buf words = {0};

	if (!json_is_object(next)) {
		printf("Nobody is left to ring: ask your switchboard.\n");
		return;
	}
	add_number(&words, next);
	printf("Ring now: %s, %s\n", name_of(next), words.at);
	buf_free(&words);
}

static void
print_step(const json_t *step)
{
	struct buf words = {0};

	printf("%3lld  ", (long long)json_integer_value(json_object_get(step, "step")));
	show_cell(name_of(step), 32);
	add_number(&words, step);
	show_cell(words.at, 22);
	buf_free(&words);
	printf("%lld s  %s", (long long)json_integer_value(json_object_get(step, "wait_seconds")),
	    passed_words(show_text(step, "passed")));
	if (*show_text(step, "until") != '\0')
		printf("open until %s", show_time(step, "until"));
	printf("\n");
}

static void
print_ladder(const json_t *answer)
{
	const json_t *place = json_object_get(answer, "place"),
		     *ladder = json_object_get(answer, "ladder"),
		     *next = json_object_get(ladder, "next");
	json_t *step;
	size_t i;

	printf("%s at %s (%s), %s: the rota says %s\n", show_text(answer, "name"),
	    show_text(place, "name"), show_text(place, "code"), show_text(answer, "local"),
	    show_text(answer, "state"));
	show_map_age(answer);
	json_array_foreach(json_object_get(ladder, "steps"), i, step) print_step(step);
	if (json_is_integer(next))
		printf("Ring number %lld of these now.\n", (long long)json_integer_value(next));
	else
		printf("Nobody is left to ring: ask your switchboard.\n");
}

int
command_ladder(int argc, char **argv)
{
	const char *words[2] = {NULL}, *at = NULL, *fault;
	bool json = false;
	const struct option_row rows[] = {
	    {"at", &at, NULL}, {"json", NULL, &json}, {NULL, NULL, NULL}};
	struct server_answer answer;
	struct buf path = {0};
	char text[CIVIL_RFC3339_MAX];
	int64_t utc;
	int status;

	fault = options_read(argc, argv, rows, words, 2);
	if (fault == NULL && words[1] == NULL)
		fault = "which place, and which function?";
	if (fault == NULL && at != NULL)
		fault = options_time("--at", at, show_london(), &utc);
	if (fault != NULL)
		return command_refuse("ladder", fault);
	buf_add_text(&path, "/v1/ladder?place=");
	buf_add_encoded(&path, words[0]);
	buf_add_text(&path, "&function=");
	buf_add_encoded(&path, words[1]);
	if (at != NULL) {
		civil_rfc3339(utc, text);
		buf_printf(&path, "&at=%s", text);
	}
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		print_ladder(answer.json);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}
