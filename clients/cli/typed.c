/* SPDX-License-Identifier: MIT */
/* crisiscover shift, rotation: what is typed in on rotas whose source is typed. */
#include "clients/cli/typed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "server/base/civil.h"
#include "server/base/file.h"

#define LIMIT_MS 60000
#define FILE_MAX ((size_t)1 << 20)

/* ---------------------------------------------------------------------------------------- printing */

static void
print_gaps(const json_t *gaps, const char *key, const char *words)
{
	json_t *gap;
	size_t i;

	json_array_foreach(json_object_get(gaps, key), i, gap)
	{
		printf("%s ", words);
		show_cell(show_text(gap, "state"), 7);
		printf("%s at %s, %s to ", show_text(gap, "function"), show_text(gap, "place"),
		    show_time(gap, "start"));
		printf("%s\n", show_time(gap, "end"));
	}
}

void
typed_print_effect(const json_t *answer)
{
	const json_t *gaps = json_object_get(answer, "gaps");
	json_t *warning;
	size_t i;

	json_array_foreach(json_object_get(answer, "warnings"), i, warning)
	    printf("WARNING: %s\n", json_string_value(warning));
	if (json_is_true(json_object_get(answer, "wants_confirm")))
		printf("If it is meant, do it with --confirm.\n");
	if (gaps == NULL)
		return;
	print_gaps(gaps, "closes", "covers");
	print_gaps(gaps, "opens", "opens ");
	if (json_array_size(json_object_get(gaps, "opens")) +
		json_array_size(json_object_get(gaps, "closes")) ==
	    0)
		printf("No gap would open or close.\n");
	printf("Nothing was written.\n");
}

static void
print_shift(const json_t *shift)
{
	if (json_is_integer(json_object_get(shift, "id")))
		printf("shift %lld: ", (long long)json_integer_value(json_object_get(shift, "id")));
	printf("%s on %s, %s to ",
	    *show_text(shift, "name") != '\0' ? show_text(shift, "name")
					      : show_text(shift, "person"),
	    show_text(shift, "rota"), show_time(shift, "from"));
	printf("%s\n", show_time(shift, "until"));
	typed_print_effect(shift);
}

/* ------------------------------------------------------------------------------------------ shift */

static void
set(json_t *body, const char *key, const char *value)
{
	if (value != NULL)
		json_object_set_new(body, key, json_string(value));
}

const char *
typed_set_time(json_t *body, const char *key, const char *option, const char *text)
{
	char out[CIVIL_RFC3339_MAX];
	int64_t utc;
	const char *fault = options_time(option, text, show_london(), &utc);

	if (fault == NULL) {
		civil_rfc3339(utc, out);
		set(body, key, out);
	}
	return fault;
}

struct shift_words {
	const char *words[4]; /* what to do, the rota, the person or the shift */
	bool dry, json;
};

static int
send_shift(const struct shift_words *said, const char *method, json_t *body)
{
	char *text = json_object_size(body) > 0 ? json_dumps(body, JSON_COMPACT) : NULL;
	bool adds = strcmp(method, "POST") == 0;
	char tag[64];
	struct server_answer answer;
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/rotas/");
	buf_add_encoded(&path, said->words[1]);
	buf_add_text(&path, "/shifts");
	if (!adds) {
		buf_add_text(&path, "/");
		buf_add_encoded(&path, said->words[2]);
	}
	/* The number is that of a version: who gives it has seen that one. */
	snprintf(tag, sizeof tag, "\"shift-%s\"", said->words[2]);
	buf_add_text(&path, said->dry ? "?dry_run=1" : "");
	status = server_ask(&(struct server_ask){.method = method,
				.path = path.at,
				.type = text ? "application/json" : NULL,
				.body = text ? slice_of(text) : (struct slice){0},
				.if_match = adds ? NULL : tag},
	    &answer);
	if (status == EXIT_FINE && answer.json != NULL && said->json)
		show_json(answer.json);
	else if (status == EXIT_FINE && answer.json != NULL)
		print_shift(answer.json);
	server_answer_free(&answer);
	buf_free(&path);
	free(text);
	return status;
}

int
command_shift(int argc, char **argv)
{
	struct shift_words said = {{NULL}, false, false};
	const char *from = NULL, *until = NULL, *person = NULL, *note = NULL, *fault;
	bool confirm = false, adds, moves, removes;
	const struct option_row rows[] = {{"from", &from, NULL}, {"until", &until, NULL},
	    {"person", &person, NULL}, {"note", &note, NULL}, {"confirm", NULL, &confirm},
	    {"dry-run", NULL, &said.dry}, {"json", NULL, &said.json}, {NULL, NULL, NULL}};
	json_t *body = json_object();
	int status;

	fault = options_read(argc, argv, rows, said.words, 3);
	adds = said.words[0] != NULL && strcmp(said.words[0], "add") == 0;
	moves = said.words[0] != NULL && strcmp(said.words[0], "move") == 0;
	removes = said.words[0] != NULL && strcmp(said.words[0], "remove") == 0;
	if (fault == NULL && !adds && !moves && !removes)
		fault = "add, move or remove?";
	if (fault == NULL && said.words[2] == NULL)
		fault = adds ? "on which rota, and who?" : "which shift of which rota?";
	if (fault == NULL && adds && (from == NULL || until == NULL))
		fault = "from when, and until when? (--from, --until)";
	if (fault == NULL && from != NULL)
		fault = typed_set_time(body, "from", "--from", from);
	if (fault == NULL && until != NULL)
		fault = typed_set_time(body, "until", "--until", until);
	set(body, "person", adds ? said.words[2] : person);
	set(body, "note", note);
	if (confirm)
		json_object_set_new(body, "confirm", json_true());
	if (removes)
		json_object_clear(body);
	if (fault != NULL)
		status = command_refuse("shift", fault);
	else
		status = send_shift(&said, adds ? "POST" : moves ? "PATCH" : "DELETE", body);
	json_decref(body);
	return status;
}

/* --------------------------------------------------------------------------------------- rotation */

static void
rotation_path(struct buf *path, const char *rota)
{
	buf_add_text(path, "/v1/rotas/");
	buf_add_encoded(path, rota);
	buf_add_text(path, "/rotation");
}

/* The version in force as a tag; "" if the rota has no rotation. */
static int
read_tag(const char *rota, char tag[64])
{
	struct server_answer answer;
	struct buf path = {0};
	int status;

	rotation_path(&path, rota);
	tag[0] = '\0';
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE && json_array_size(json_object_get(answer.json, "editions")) > 0)
		snprintf(tag, 64, "\"rotation-%lld\"",
		    (long long)json_integer_value(json_object_get(answer.json, "version")));
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

static void
print_rotation(const json_t *made)
{
	json_t *shift;
	size_t i;

	json_array_foreach(json_object_get(made, "shifts"), i, shift)
	{
		show_cell(show_text(shift, "from_local"), 28);
		show_cell(show_text(shift, "until_local"), 28);
		printf("%s\n", *show_text(shift, "name") != '\0' ? show_text(shift, "name")
								 : show_text(shift, "person"));
	}
	if (json_is_integer(json_object_get(made, "version")))
		printf("rotation %lld of %s, from %s, written to ",
		    (long long)json_integer_value(json_object_get(made, "version")),
		    show_text(made, "rota"), show_time(made, "from"));
	if (json_is_integer(json_object_get(made, "version")))
		printf("%s\n", show_time(made, "filled_to"));
	typed_print_effect(made);
}

struct rotation_words {
	const char *rota, *from;
	bool dry, json;
};

static int
change_rotation(const struct rotation_words *said, const char *method, struct slice body)
{
	struct server_answer answer;
	struct buf path = {0};
	char tag[64];
	int status = read_tag(said->rota, tag);

	if (status != EXIT_FINE)
		return status;
	rotation_path(&path, said->rota);
	buf_add_text(&path, said->dry ? "?dry_run=1" : "?dry_run=0");
	if (said->from != NULL) {
		buf_add_text(&path, "&from=");
		buf_add_encoded(&path, said->from);
	}
	status = server_ask(&(struct server_ask){.method = method,
				.path = path.at,
				.type = body.len > 0 ? "application/json" : NULL,
				.body = body,
				.if_match = tag[0] != '\0' ? tag : NULL,
				.limit_ms = LIMIT_MS},
	    &answer);
	if (status == EXIT_FINE && said->json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		print_rotation(answer.json);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

static int
get_rotation(const char *rota)
{
	struct server_answer answer;
	struct buf path = {0};
	int status;

	rotation_path(&path, rota);
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE)
		show_json(answer.json);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

int
command_rotation(int argc, char **argv)
{
	const char *words[3] = {NULL, NULL, NULL}, *fault;
	struct rotation_words said = {0};
	const struct option_row rows[] = {{"from", &said.from, NULL}, {"dry-run", NULL, &said.dry},
	    {"json", NULL, &said.json}, {NULL, NULL, NULL}};
	char *text;
	size_t len;
	int status;

	fault = options_read(argc, argv, rows, words, 3);
	if (fault == NULL && words[1] == NULL)
		fault = "get, put or end, and of which rota?";
	else if (fault == NULL && (strcmp(words[0], "put") == 0) != (words[2] != NULL))
		fault = "put takes a file, and nothing else does";
	else if (fault == NULL && strcmp(words[0], "put") == 0 && said.from != NULL)
		fault = "--from goes with end: the file says from when it holds";
	if (fault != NULL)
		return command_refuse("rotation", fault);
	said.rota = words[1];
	if (strcmp(words[0], "get") == 0)
		return get_rotation(said.rota);
	if (strcmp(words[0], "end") == 0)
		return change_rotation(&said, "DELETE", (struct slice){0});
	if (strcmp(words[0], "put") != 0)
		return command_refuse("rotation", "get, put or end?");
	if (file_read(words[2], FILE_MAX, &text, &len) != STATUS_OK) {
		fprintf(
		    stderr, "crisiscover: %s cannot be read, or is larger than 1 MiB\n", words[2]);
		return EXIT_INPUT_REFUSED;
	}
	status = change_rotation(&said, "PUT", (struct slice){text, len});
	free(text);
	return status;
}
