/* SPDX-License-Identifier: MIT */
/* crisiscover contacted, note: reports who was reached, and notes for those who ring. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/ladder.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "server/base/civil.h"

/* Sends ${body} (taken over; NULL: none), and prints ${said} and the number of what was made, and whom to ring next. */
static int
send_body(const char *method, const char *path, json_t *body, const char *said)
{
	char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
	struct server_answer answer;
	/* Who was reached is still the one to ring, so that there is no next. */
	bool reached = strcmp(show_text(body, "outcome"), "reached") == 0;
	int status;

	json_decref(body);
	status = server_ask(&(struct server_ask){.method = method,
				.path = path,
				.type = text != NULL ? "application/json" : NULL,
				.body = slice_of(text != NULL ? text : "")},
	    &answer);
	if (status == EXIT_FINE && json_is_integer(json_object_get(answer.json, "id")))
		printf("%s as number %lld, until %s\n", said,
		    (long long)json_integer_value(json_object_get(answer.json, "id")),
		    show_time(answer.json, "until"));
	else if (status == EXIT_FINE)
		printf("%s\n", said);
	if (status == EXIT_FINE && json_object_get(answer.json, "next") != NULL && !reached)
		ladder_print_next(answer.json);
	server_answer_free(&answer);
	free(text);
	return status;
}

/* "/v1/contacts/12/settle" */
static char *
path_of(const char *list, const char *number, const char *rest)
{
	struct buf path = {0};

	buf_add_text(&path, list);
	buf_add_text(&path, "/");
	buf_add_encoded(&path, number);
	buf_add_text(&path, rest);
	return path.at;
}

/* ----------------------------------------------------------------------------------- contacted */

static const char *
outcome_words(const json_t *report)
{
	const char *outcome = show_text(report, "outcome");

	return strcmp(outcome, "wrong_person") == 0 ? "wrong person"
	       : strcmp(outcome, "no_answer") == 0  ? "no answer"
	       : strcmp(outcome, "declined") == 0   ? "declined"
						    : "reached";
}

/* What was done about the report, for the last column. */
static const char *
standing(const json_t *report)
{
	if (*show_text(report, "withdrawn_at") != '\0')
		return "taken back";
	if (*show_text(report, "settled_at") != '\0')
		return "settled";
	return json_is_true(json_object_get(report, "open")) ? "OPEN" : "";
}

static void
print_reports(const void *ctx, const json_t *answer)
{
	json_t *report;
	size_t i;

	(void)ctx;
	json_array_foreach(json_object_get(answer, "contacts"), i, report)
	{
		const char *name = show_text(json_object_get(report, "person"), "name");
		const char *rota = show_text(report, "rota");

		printf("%lld  ", (long long)json_integer_value(json_object_get(report, "id")));
		show_cell(show_time(report, "at"), 17);
		show_cell(outcome_words(report), 12);
		show_cell(*rota != '\0' ? rota : show_text(report, "service"), 20);
		show_cell(*name != '\0' ? name : "(line)", 20);
		printf("from %s by %s  %s%s%s\n", show_text(report, "place"),
		    show_text(report, "by"), standing(report),
		    *show_text(report, "settle_note") != '\0' ? ": " : "",
		    show_text(report, "settle_note"));
	}
}

struct contacted {
	const char *place, *function, *entry, *rota, *person, *service, *note;
	bool all, json;
};

static int
list_reports(const struct contacted *asked)
{
	struct buf path = {0};
	int status;

	buf_add_text(
	    &path, asked->all ? "/v1/contacts?limit=500" : "/v1/contacts?limit=500&open=1");
	if (asked->rota != NULL) {
		buf_add_text(&path, "&rota=");
		buf_add_encoded(&path, asked->rota);
	}
	if (asked->place != NULL) {
		buf_add_text(&path, "&place=");
		buf_add_encoded(&path, asked->place);
	}
	status = pages_ask(path.at, asked->json, print_reports, NULL);
	buf_free(&path);
	return status;
}

/* send_body() to a path on the heap, which is freed. */
static int
send_to(char *path, const char *method, json_t *body, const char *said)
{
	int status = send_body(method, path, body, said);

	free(path);
	return status;
}

static int
send_report(const struct contacted *asked, const char *outcome)
{
	if (asked->place == NULL)
		return command_refuse("contacted", "from which place? (--place)");
	if (asked->entry == NULL && asked->rota == NULL && asked->service == NULL)
		return command_refuse("contacted",
		    "who was rung? (--entry, which now prints, or --rota and --person, or --service)");
	return send_body("POST", "/v1/contacts",
	    json_pack("{s:s, s:s, s:s*, s:s*, s:s*, s:s*, s:s*}", "place", asked->place, "outcome",
		outcome, "function", asked->function, "entry", asked->entry, "rota", asked->rota,
		"person", asked->person, "service", asked->service),
	    "reported");
}

int
command_contacted(int argc, char **argv)
{
	static const char usage[] =
	    "reached, no-answer, wrong-person or declined; or list, settle NUMBER, take-back NUMBER";
	struct contacted asked = {0};
	const char *words[2] = {NULL}, *fault;
	const struct option_row rows[] = {{"place", &asked.place, NULL},
	    {"function", &asked.function, NULL}, {"entry", &asked.entry, NULL},
	    {"rota", &asked.rota, NULL}, {"person", &asked.person, NULL},
	    {"service", &asked.service, NULL}, {"note", &asked.note, NULL},
	    {"all", NULL, &asked.all}, {"json", NULL, &asked.json}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 2);
	if (fault != NULL || words[0] == NULL)
		return command_refuse("contacted", fault != NULL ? fault : usage);
	if (words[1] != NULL && strcmp(words[0], "settle") == 0)
		return send_to(path_of("/v1/contacts", words[1], "/settle"), "POST",
		    json_pack("{s:s*}", "note", asked.note), "settled");
	if (words[1] != NULL && strcmp(words[0], "take-back") == 0)
		return send_to(path_of("/v1/contacts", words[1], ""), "DELETE", NULL, "taken back");
	if (words[1] != NULL)
		return command_refuse("contacted", usage);
	if (strcmp(words[0], "list") == 0)
		return list_reports(&asked);
	if (strcmp(words[0], "reached") == 0)
		return send_report(&asked, "reached");
	if (strcmp(words[0], "no-answer") == 0)
		return send_report(&asked, "no_answer");
	if (strcmp(words[0], "wrong-person") == 0)
		return send_report(&asked, "wrong_person");
	if (strcmp(words[0], "declined") == 0)
		return send_report(&asked, "declined");
	return command_refuse("contacted", usage);
}

/* ---------------------------------------------------------------------------------------- note */

/* What it is on: the name of a person or a line, a service, or the function at a place. */
static void
print_thing(const json_t *note)
{
	const json_t *on = json_object_get(note, "on");
	struct buf words = {0};

	if (*show_text(note, "name") != '\0')
		buf_printf(&words, "%s%s%s", show_text(note, "name"),
		    *show_text(on, "rota") != '\0' ? " on " : "", show_text(on, "rota"));
	else if (*show_text(on, "rota") != '\0')
		buf_printf(&words, "(line) on %s", show_text(on, "rota"));
	else if (*show_text(on, "service") != '\0')
		buf_add_text(&words, show_text(on, "service"));
	else
		buf_printf(&words, "%s at %s", show_text(on, "function"), show_text(on, "place"));
	show_cell(words.at, 28);
	buf_free(&words);
}

static void
print_notes(const json_t *answer)
{
	json_t *note;
	size_t i;

	json_array_foreach(json_object_get(answer, "notes"), i, note)
	{
		printf("%lld  ", (long long)json_integer_value(json_object_get(note, "id")));
		print_thing(note);
		printf("until %s  %s (%s)\n", show_time(note, "until"), show_text(note, "text"),
		    show_text(note, "account"));
	}
}

static int
list_notes(const char *place, bool json)
{
	struct server_answer answer;
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/notes?place=");
	buf_add_encoded(&path, place);
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		print_notes(answer.json);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

struct note_asked {
	const char *person, *entry, *service, *place, *function, *until;
};

static int
add_note(const struct note_asked *asked, const char *text)
{
	char until[CIVIL_RFC3339_MAX];
	json_t *body;
	int64_t utc;
	const char *fault = NULL;

	if (asked->until != NULL)
		fault = options_time("--until", asked->until, show_london(), &utc);
	if (fault != NULL)
		return command_refuse("note", fault);
	body = json_pack("{s:{s:s*, s:s*, s:s*, s:s*, s:s*}, s:s}", "on", "person", asked->person,
	    "entry", asked->entry, "service", asked->service, "place", asked->place, "function",
	    asked->function, "text", text);
	if (body == NULL)
		return command_refuse("note", "the text must be UTF-8");
	if (asked->until != NULL) {
		civil_rfc3339(utc, until);
		json_object_set_new(body, "until", json_string(until));
	}
	return send_body("POST", "/v1/notes", body, "kept");
}

int
command_note(int argc, char **argv)
{
	static const char usage[] = "add TEXT, list PLACE or remove NUMBER";
	struct note_asked asked = {0};
	const char *words[2] = {NULL}, *fault;
	bool json = false;
	const struct option_row rows[] = {{"person", &asked.person, NULL},
	    {"entry", &asked.entry, NULL}, {"service", &asked.service, NULL},
	    {"place", &asked.place, NULL}, {"function", &asked.function, NULL},
	    {"until", &asked.until, NULL}, {"json", NULL, &json}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 2);
	if (fault != NULL || words[1] == NULL)
		return command_refuse("note", fault != NULL ? fault : usage);
	if (strcmp(words[0], "add") == 0)
		return add_note(&asked, words[1]);
	if (strcmp(words[0], "list") == 0)
		return list_notes(words[1], json);
	if (strcmp(words[0], "remove") == 0)
		return send_to(path_of("/v1/notes", words[1], ""), "DELETE", NULL, "taken away");
	return command_refuse("note", usage);
}
