/* SPDX-License-Identifier: MIT */
/* crisiscover protocol: lists, adds, replaces, withdraws and fetches the documents by which a function is asked for. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "server/base/file.h"

#define PDF_MAX_BYTES ((size_t)2 << 20)

struct protocol_asked {
	const char *place, *function, *name, *version, *owner, *review, *url, *pdf, *edition,
	    *reason;
	bool overdue, mine, csv, json;
};

/* "/v1/protocols/12/pdf" */
static char *
path_of(const char *number, const char *rest)
{
	struct buf path = {0};

	buf_add_text(&path, "/v1/protocols/");
	buf_add_encoded(&path, number);
	buf_add_text(&path, rest);
	return path.at;
}

static void
add_query(struct buf *path, const char *key, const char *value)
{
	if (value == NULL)
		return;
	buf_add_text(path, key);
	buf_add_encoded(path, value);
}

/* ---------------------------------------------------------------------------------------- list */

static void
print_protocols(const void *ctx, const json_t *answer)
{
	json_t *one;
	size_t i;

	(void)ctx;
	json_array_foreach(json_object_get(answer, "protocols"), i, one)
	{
		const char *url = show_text(one, "url");

		printf("%lld  ", (long long)json_integer_value(json_object_get(one, "id")));
		show_cell(show_text(one, "place"), 12);
		show_cell(show_text(one, "function"), 16);
		printf("%s, version %s, edition %lld, %s %s\n    %s\n", show_text(one, "name"),
		    show_text(one, "version"),
		    (long long)json_integer_value(json_object_get(one, "edition")),
		    json_is_true(json_object_get(one, "overdue")) ? "REVIEW WAS DUE ON"
								  : "review by",
		    show_text(one, "review"), *url != '\0' ? url : show_text(one, "pdf"));
	}
}

static int
list_protocols(const struct protocol_asked *asked)
{
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/protocols?limit=500");
	add_query(&path, "&place=", asked->place);
	add_query(&path, "&function=", asked->function);
	buf_add_text(&path, asked->overdue ? "&overdue=1" : "");
	buf_add_text(&path, asked->mine ? "&mine=1" : "");
	status = pages_ask_as(path.at, pages_form(asked->json, asked->csv), print_protocols, NULL);
	buf_free(&path);
	return status;
}

/* -------------------------------------------------------------------------------- add, replace */

/* The file as base64; NULL: it cannot be used, which was said. Free with free(). */
static char *
read_pdf(const char *path)
{
	size_t len, room;
	char *bytes, *text;

	if (file_read(path, PDF_MAX_BYTES, &bytes, &len) != STATUS_OK) {
		fprintf(stderr,
		    "crisiscover: %s cannot be read, or is larger than 2 MB: make it smaller, or give a link (--url)\n",
		    path);
		return NULL;
	}
	room = sodium_base64_ENCODED_LEN(len, sodium_base64_VARIANT_ORIGINAL);
	text = malloc(room);
	if (text != NULL)
		sodium_bin2base64(
		    text, room, (const uint8_t *)bytes, len, sodium_base64_VARIANT_ORIGINAL);
	free(bytes);
	return text;
}

static int
send_protocol(const char *method, const char *path, json_t *body)
{
	char *text = json_dumps(body, JSON_COMPACT);
	struct server_answer answer;
	int status = server_ask(&(struct server_ask){.method = method,
				    .path = path,
				    .type = "application/json",
				    .body = slice_of(text),
				    .limit_ms = 40000},
	    &answer);

	if (status == EXIT_FINE)
		printf("kept as number %lld, edition %lld\n",
		    (long long)json_integer_value(json_object_get(answer.json, "id")),
		    (long long)json_integer_value(json_object_get(answer.json, "edition")));
	server_answer_free(&answer);
	free(text);
	return status;
}

/* ${number}: the protocol that gets another edition; NULL: a new one. */
static int
keep_protocol(const struct protocol_asked *asked, const char *number)
{
	char *pdf = asked->pdf != NULL ? read_pdf(asked->pdf) : NULL, *path = NULL;
	json_t *body;
	int status;

	if (asked->pdf != NULL && pdf == NULL)
		return EXIT_INPUT_REFUSED;
	body = json_pack("{s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*}", "place", asked->place,
	    "function", asked->function, "name", asked->name, "version", asked->version, "owner",
	    asked->owner, "review", asked->review, "url", asked->url, "pdf", pdf);
	free(pdf);
	if (body == NULL)
		return command_refuse("protocol", "the words must be UTF-8");
	if (number != NULL) {
		path = path_of(number, "");
		json_object_set_new(
		    body, "edition", json_integer(strtoll(asked->edition, NULL, 10)));
	}
	status = send_protocol(
	    number != NULL ? "PATCH" : "POST", number != NULL ? path : "/v1/protocols", body);
	json_decref(body);
	free(path);
	return status;
}

/* ----------------------------------------------------------------------------- withdraw, fetch */

static int
withdraw(const struct protocol_asked *asked, const char *number)
{
	struct server_answer answer;
	struct buf path = {0};
	char *of = path_of(number, "?reason=");
	int status;

	buf_add_text(&path, of);
	buf_add_encoded(&path, asked->reason);
	add_query(&path, "&edition=", asked->edition);
	status = server_ask(&(struct server_ask){.method = "DELETE", .path = path.at}, &answer);
	if (status == EXIT_FINE)
		printf("withdrawn\n");
	server_answer_free(&answer);
	buf_free(&path);
	free(of);
	return status;
}

static int
write_file(const char *path, const struct server_answer *answer)
{
	FILE *file = fopen(path, "wbx");
	bool written =
	    file != NULL && fwrite(answer->text, 1, answer->length, file) == answer->length;

	if (file != NULL && fclose(file) != 0)
		written = false;
	if (written)
		return EXIT_FINE;
	fprintf(stderr,
	    "crisiscover: %s cannot be written, or is there already: name another file\n", path);
	return EXIT_INPUT_REFUSED;
}

static int
fetch(const struct protocol_asked *asked, const char *number, const char *file)
{
	struct server_answer answer;
	struct buf path = {0};
	char *of = path_of(number, "/pdf?");
	int status;

	buf_add_text(&path, of);
	add_query(&path, "edition=", asked->edition != NULL ? asked->edition : "0");
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE)
		status = write_file(file, &answer);
	server_answer_free(&answer);
	buf_free(&path);
	free(of);
	return status;
}

static int
run(const struct protocol_asked *asked, const char *const words[3])
{
	if (strcmp(words[0], "list") == 0 && words[1] == NULL)
		return list_protocols(asked);
	if (strcmp(words[0], "add") == 0 && words[1] == NULL)
		return keep_protocol(asked, NULL);
	if (strcmp(words[0], "replace") == 0 && words[1] != NULL) {
		if (asked->edition == NULL)
			return command_refuse("protocol",
			    "which edition does it replace? (--edition, which list prints)");
		return keep_protocol(asked, words[1]);
	}
	if (strcmp(words[0], "withdraw") == 0 && words[1] != NULL) {
		if (asked->reason == NULL)
			return command_refuse("protocol", "why is it withdrawn? (--reason)");
		return withdraw(asked, words[1]);
	}
	if (strcmp(words[0], "fetch") == 0 && words[2] != NULL)
		return fetch(asked, words[1], words[2]);
	return command_refuse(
	    "protocol", "list, add, replace NUMBER, withdraw NUMBER or fetch NUMBER FILE");
}

int
command_protocol(int argc, char **argv)
{
	struct protocol_asked asked = {0};
	const char *words[3] = {NULL}, *fault;
	const struct option_row rows[] = {{"place", &asked.place, NULL},
	    {"function", &asked.function, NULL}, {"name", &asked.name, NULL},
	    {"version", &asked.version, NULL}, {"owner", &asked.owner, NULL},
	    {"review", &asked.review, NULL}, {"url", &asked.url, NULL}, {"pdf", &asked.pdf, NULL},
	    {"edition", &asked.edition, NULL}, {"reason", &asked.reason, NULL},
	    {"overdue", NULL, &asked.overdue}, {"mine", NULL, &asked.mine},
	    {"csv", NULL, &asked.csv}, {"json", NULL, &asked.json}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 3);
	if (fault != NULL || words[0] == NULL)
		return command_refuse(
		    "protocol", fault != NULL ? fault : "list, add, replace, withdraw or fetch");
	return run(&asked, words);
}
