/* SPDX-License-Identifier: MIT */
/* crisiscover device, break-glass, session: who is signed in where, and who looked at a place that
 * is not theirs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

/* Appends "/v1/" and the parts, which end with NULL. Each is encoded: an argument with a slash must not name
 * another call. */
static void
path_of(struct buf *path, const char *const *parts)
{
	buf_add_text(path, "/v1");
	for (size_t i = 0; parts[i] != NULL; i++) {
		buf_add_text(path, "/");
		buf_add_encoded(path, parts[i]);
	}
}

/* Sends ${body} (NULL: none; taken over) and leaves the answer to the caller. */
static int
send(const char *method, const char *const *parts, json_t *body, struct server_answer *answer)
{
	char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
	struct buf path = {0};
	int status;

	path_of(&path, parts);
	status = server_ask(&(struct server_ask){.method = method,
				.path = path.at,
				.type = text != NULL ? "application/json" : NULL,
				.body = text != NULL ? slice_of(text) : (struct slice){0}},
	    answer);
	buf_free(&path);
	json_decref(body);
	free(text);
	return status;
}

/* A change whose answer has no content. Prints ${done} if it was made. */
static int
do_it(const char *method, const char *const *parts, json_t *body, const char *done)
{
	struct server_answer answer;
	int status = send(method, parts, body, &answer);

	if (status == EXIT_FINE)
		printf("%s\n", done);
	server_answer_free(&answer);
	return status;
}

/* ------------------------------------------------------------------------------------- device */

static void
print_devices(const json_t *answer)
{
	json_t *device;
	size_t i;

	json_array_foreach(json_object_get(answer, "devices"), i, device)
	{
		show_cell(show_text(device, "device"), 24);
		show_cell(show_text(device, "label"), 24);
		show_cell(show_text(device, "state"), 10);
		printf("%s\n", json_is_string(json_object_get(device, "used_at"))
				   ? show_time(device, "used_at")
				   : "never used");
	}
}

static int
list_devices(const char *place, bool json)
{
	struct server_answer answer;
	int status =
	    send("GET", (const char *const[]){"places", place, "devices", NULL}, NULL, &answer);

	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		print_devices(answer.json);
	server_answer_free(&answer);
	return status;
}

static int
add_device(const char *place, const char *label)
{
	struct server_answer answer;
	int status = send("POST", (const char *const[]){"places", place, "devices", NULL},
	    json_pack("{s:s}", "label", label), &answer);

	if (status == EXIT_FINE)
		/* The code alone on its line: it is read out over the telephone. */
		printf("%s\nType it once at the device, until %s. It is not shown again.\n",
		    show_text(answer.json, "code"), show_time(answer.json, "expires_at"));
	server_answer_free(&answer);
	return status;
}

int
command_device(int argc, char **argv)
{
	static const char usage[] = "list PLACE [--json], add PLACE LABEL, or remove PLACE DEVICE";
	const char *words[3] = {NULL}, *fault;
	bool json = false;
	const struct option_row rows[] = {{"json", NULL, &json}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 3);
	if (fault != NULL || words[1] == NULL)
		return command_refuse("device", fault != NULL ? fault : usage);
	if (strcmp(words[0], "list") == 0 && words[2] == NULL)
		return list_devices(words[1], json);
	if (words[2] == NULL)
		return command_refuse("device", usage);
	if (strcmp(words[0], "add") == 0)
		return add_device(words[1], words[2]);
	if (strcmp(words[0], "remove") == 0)
		return do_it("DELETE",
		    (const char *const[]){"places", words[1], "devices", words[2], NULL}, NULL,
		    "removed; it is signed out");
	return command_refuse("device", usage);
}

/* -------------------------------------------------------------------------------- break-glass */

static void
print_openings(const void *ctx, const json_t *answer)
{
	json_t *opening;
	size_t i;

	(void)ctx;
	json_array_foreach(json_object_get(answer, "break_glass"), i, opening)
	{
		printf("%-6lld ", (long long)json_integer_value(json_object_get(opening, "id")));
		show_cell(show_time(opening, "at"), 26);
		show_cell(show_text(opening, "place"), 12);
		show_cell(show_text(opening, "account"), 20);
		printf("%s%s%s%s%s\n", show_text(opening, "reason"),
		    *show_text(opening, "note") != '\0' ? ": " : "", show_text(opening, "note"),
		    *show_text(opening, "reviewed_by") != '\0' ? ", reviewed by " : "",
		    show_text(opening, "reviewed_by"));
	}
}

static int
open_place(const char *place, const char *reason, const char *note)
{
	struct server_answer answer;
	int status = send("POST", (const char *const[]){"break-glass", NULL},
	    /* "s*": without a note the member is left out. */
	    json_pack("{s:s, s:s, s:s*}", "place", place, "reason", reason, "note", note), &answer);

	if (status == EXIT_FINE)
		printf("%s is open until %s. It is in the audit, and its place manager is told.\n",
		    place, show_time(answer.json, "until"));
	server_answer_free(&answer);
	return status;
}

int
command_break_glass(int argc, char **argv)
{
	static const char usage[] =
	    "list [--all] [--json], open PLACE --reason R [--note TEXT], or review NUMBER [--note TEXT]";
	const char *words[2] = {NULL}, *reason = NULL, *note = NULL, *fault;
	bool json = false, all = false;
	const struct option_row rows[] = {{"all", NULL, &all}, {"json", NULL, &json},
	    {"reason", &reason, NULL}, {"note", &note, NULL}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 2);
	if (fault != NULL || words[0] == NULL)
		return command_refuse("break-glass", fault != NULL ? fault : usage);
	if (strcmp(words[0], "list") == 0 && words[1] == NULL)
		return pages_ask(
		    all ? "/v1/break-glass?limit=1000&state=all" : "/v1/break-glass?limit=1000",
		    json, print_openings, NULL);
	if (strcmp(words[0], "open") == 0 && words[1] != NULL && reason != NULL)
		return open_place(words[1], reason, note);
	if (strcmp(words[0], "review") == 0 && words[1] != NULL)
		return do_it("POST", (const char *const[]){"break-glass", words[1], "review", NULL},
		    json_pack("{s:s*}", "note", note), "reviewed");
	return command_refuse("break-glass", usage);
}

/* ------------------------------------------------------------------------------------ session */

static void
print_sessions(const json_t *answer)
{
	json_t *session;
	size_t i;

	json_array_foreach(json_object_get(answer, "sessions"), i, session)
	{
		show_cell(show_text(session, "id"), 14);
		show_cell(show_text(session, "how"), 10);
		show_cell(show_time(session, "used_at"), 26);
		printf("%s\n", show_text(session, "client"));
	}
}

int
command_session(int argc, char **argv)
{
	const char *words[2] = {NULL}, *fault;
	bool json = false;
	const struct option_row rows[] = {{"json", NULL, &json}, {NULL, NULL, NULL}};
	struct server_answer answer;
	int status;

	fault = options_read(argc, argv, rows, words, 2);
	if (fault == NULL && words[0] != NULL && strcmp(words[0], "end") == 0 && words[1] != NULL)
		return do_it(
		    "DELETE", (const char *const[]){"sessions", words[1], NULL}, NULL, "ended");
	if (fault != NULL || words[0] == NULL || strcmp(words[0], "list") != 0 || words[1] != NULL)
		return command_refuse(
		    "session", fault != NULL ? fault : "list [--json], or end SESSION");
	status = send("GET", (const char *const[]){"sessions", NULL}, NULL, &answer);
	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		print_sessions(answer.json);
	server_answer_free(&answer);
	return status;
}
