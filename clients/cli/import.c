/* SPDX-License-Identifier: MIT */
/* crisiscover import: upload a calendar or roster, see what it would change, confirm; take one
 * back. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/preview.h"
#include "clients/cli/sealed.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "clients/cli/upload.h"
#include "server/base/clock.h"

/* How long to ask again for what an undo would do while the server works on the last change. */
#define UNDO_WAIT_MS 10000
#define UNDO_LOOK_MS 200

/* ${what}: "confirm" or "undo", and perhaps a query. Takes ${body}. */
static int
post(const char *id, const char *what, json_t *body, struct server_answer *answer)
{
	char *text = json_dumps(body, JSON_COMPACT);
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/imports/");
	buf_add_encoded(&path, id);
	buf_printf(&path, "/%s", what);
	status = server_ask(&(struct server_ask){.method = "POST",
				.path = path.at,
				.type = "application/json",
				.body = slice_of(text)},
	    answer);
	buf_free(&path);
	json_decref(body);
	free(text);
	return status;
}

struct decision {
	const char *reason;
	const json_t *shown; /* what was seen of it */
	bool json;           /* the answer, for programs */
};

/* Confirms or undoes ${id}. */
static int
decide(const char *id, const char *what, const struct decision *decision)
{
	/* The effect that was shown, as one value. The server refuses if the deed would do
	 * something else by now. */
	const json_t *seen = json_object_get(decision->shown, "seen");
	json_t *body = json_object();
	struct server_answer answer;
	int status;

	if (decision->reason != NULL)
		json_object_set_new(body, "reason", json_string(decision->reason));
	if (json_is_string(seen))
		json_object_set_new(body, "seen", json_copy((json_t *)(uintptr_t)seen));
	status = post(id, what, body, &answer);
	if (status == EXIT_FINE && decision->json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		printf("%s\n", strcmp(what, "undo") == 0 ? "withdrawn" : "confirmed");
	server_answer_free(&answer);
	return status;
}

static int
confirm(long long id, const char *reason, const json_t *shown)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", id);
	return decide(text, "confirm", &(struct decision){reason, shown, false});
}

/* Asks what withdrawing ${id} would do. The server answers null while coverage works on the last
 * change. */
static int
ask_undo(const char *id, struct server_answer *answer)
{
	int64_t deadline = clock_mono_ms() + UNDO_WAIT_MS;

	for (;;) {
		int status = post(id, "undo?dry_run=1", json_object(), answer);

		/* Null: coverage has not caught up with the last change, so what the undo would do
		 * is not known yet. */
		if (status != EXIT_FINE || !json_is_null(json_object_get(answer->json, "safe")) ||
		    clock_mono_ms() > deadline)
			return status;
		server_answer_free(answer);
		/* No timer of a loop: this command does nothing else meanwhile. */
		poll(NULL, 0, UNDO_LOOK_MS);
	}
}

static int
withdraw(const char *id, const char *reason, bool dry, bool json)
{
	struct server_answer answer;
	int status = ask_undo(id, &answer);

	if (status == EXIT_FINE && json && dry)
		show_json(answer.json);
	else if (status == EXIT_FINE && !json) {
		preview_print_effect(answer.json, "");
		if (*show_text(answer.json, "why") != '\0')
			printf("%s\n", show_text(answer.json, "why"));
	}
	/* The effect is printed first in any case, so that a person sees what was taken back. */
	if (status == EXIT_FINE && !dry)
		/* With what was shown as "seen": if it is no longer so, the server refuses. */
		status = decide(id, "undo", &(struct decision){reason, answer.json, json});
	else if (status == EXIT_FINE && !json)
		printf("nothing is changed yet: leave out --dry-run\n");
	server_answer_free(&answer);
	return status;
}

/* What a person asked to be done with a preview. */
struct wish {
	const char *reason;
	bool confirm, json;
};

/* Shows the preview ${id}, and confirms it if that is wished. ${import}: what was shown. */
static int
treat(long long id, const struct wish *wish, json_t **import)
{
	int status = preview_wait(id, import);

	if (status != EXIT_FINE)
		return status;
	if (wish->json)
		show_json(*import);
	else
		preview_print(*import);
	/* Also with --confirm: what was refused cannot be confirmed. */
	if (strcmp(show_text(*import, "state"), "refused") == 0)
		return EXIT_INPUT_REFUSED;
	if (wish->confirm)
		return confirm(id, wish->reason, *import);
	if (!wish->json)
		printf("nothing is changed yet: add --confirm\n");
	return EXIT_FINE;
}

/* The other rotas that read the same file. Each is treated by itself: that one is refused keeps none of the
 * others. The worst exit code is given. */
static int
treat_others(const json_t *others, const struct wish *wish)
{
	const json_t *other;
	int worst = EXIT_FINE;
	size_t i;

	json_array_foreach(others, i, other)
	{
		json_t *shown = NULL;
		int status;

		if (!wish->json)
			printf("\n%s\n", show_text(other, "rota"));
		status = treat(json_integer_value(json_object_get(other, "id")), wish, &shown);
		if (worst == EXIT_FINE)
			worst = status;
		json_decref(shown);
	}
	return worst;
}

static int
send(const char *rota, const char *file, const char *also, const struct wish *wish)
{
	json_t *import = NULL, *more = NULL;
	long long id;
	/* "ask": nothing is put in force without a second call that says it is meant. */
	int others = EXIT_FINE,
	    status = upload(
		&(struct upload){
		    .rota = rota, .file = file, .mode = "ask", .also = also, .others = &more},
		&id);

	if (status == EXIT_FINE)
		status = treat(id, wish, &import);
	others = treat_others(more, wish);
	json_decref(more);
	json_decref(import);
	return status != EXIT_FINE ? status : others;
}

int
command_import(int argc, char **argv)
{
	const char *words[2] = {NULL, NULL}, *reason = NULL, *taken_back = NULL, *also = NULL,
		   *fault;
	bool wants_confirm = false, dry = false, json = false;
	const struct option_row rows[] = {{"confirm", NULL, &wants_confirm},
	    {"reason", &reason, NULL}, {"withdraw", &taken_back, NULL}, {"dry-run", NULL, &dry},
	    {"also", &also, NULL}, {"json", NULL, &json}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 2);
	if (fault == NULL && taken_back != NULL)
		return words[0] != NULL || wants_confirm
			   ? command_refuse("import", "--withdraw takes no rota and no file")
			   : withdraw(taken_back, reason, dry, json);
	if (fault == NULL && dry)
		fault =
		    "--dry-run goes with --withdraw: a file is only put in force with --confirm";
	if (fault != NULL || words[1] == NULL)
		return command_refuse(
		    "import", fault != NULL ? fault : "which rota, and which file?");
	return send(words[0], words[1], also,
	    &(struct wish){.reason = reason, .confirm = wants_confirm, .json = json});
}
