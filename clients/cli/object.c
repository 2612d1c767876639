/* SPDX-License-Identifier: MIT */
/* crisiscover get, set, add, remove: one object of the set-up. A change is first sent as a dry run, which shows
 * what it would do and names the version of the object; then it is sent for that version only. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/object_change.h"
#include "clients/cli/object_fields.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "server/base/civil.h"
#include "server/base/file.h"
#include "server/base/instant.h"
#include "server/model/region_kind.h"

#define FIELDS_MAX 40
#define FILE_MAX ((size_t)1 << 20)

struct wish {
	struct object_change change;
	const char *file; /* of --json; NULL: none */
};

/* A kind by its own name, or by that of its list: "person" and "people" are the same. */
static const struct region_kind *
kind_named(const char *word)
{
	const struct region_kind *kind = region_kind_of(word);

	return kind != NULL ? kind : region_kind_listed(slice_of(word));
}

static const char *
fault_of_kind(const struct region_kind *kind)
{
	return kind != NULL
		   ? NULL
		   : "KIND is organisation, function, place, person, service, rota, requirement, account or area";
}

/* ------------------------------------------------------------------------------ the commands */

static const char *
read_json(const char *path, json_t **out)
{
	char *text = NULL;
	size_t len = 0;

	if (file_read(path, FILE_MAX, &text, &len) != STATUS_OK)
		return "the file of --json cannot be read";
	/* A key that occurs twice would be read differently by different programs. */
	*out = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	free(text);
	return json_is_object(*out) ? NULL : "the file of --json must hold a JSON object";
}

static const char *
read_body(struct wish *wish, const char *const *fields)
{
	const char *fault = NULL;

	if (wish->file != NULL && fields[0] != NULL)
		return "either FIELD=VALUE or --json FILE";
	if (wish->file != NULL) {
		/* The whole object, not a change of it. */
		wish->change.method = "PUT";
		return read_json(wish->file, &wish->change.body);
	}
	if (fields[0] == NULL)
		return "what is to be changed? FIELD=VALUE, or --json FILE";
	wish->change.body = json_object();
	for (size_t i = 0; fields[i] != NULL && fault == NULL; i++)
		fault = object_field_add(wish->change.body, fields[i]);
	return fault;
}

/* What set, add and remove have in common; they differ in their options (${rows}) and in ${wish}. */
static int
run(struct wish *wish, int argc, char **argv, const struct option_row *rows)
{
	const char *words[FIELDS_MAX + 3] = {NULL}, *fault;
	bool fields = strcmp(wish->change.command, "remove") != 0;
	int status;

	/* "remove" takes no fields, so a word too many is a slip. */
	fault = options_read(argc, argv, rows, words, fields ? FIELDS_MAX + 2 : 2);
	if (fault == NULL && words[1] == NULL)
		fault = "which one? KIND KEY";
	if (fault == NULL) {
		wish->change.kind = kind_named(words[0]);
		wish->change.key = words[1];
		fault = fault_of_kind(wish->change.kind);
	}
	if (fault == NULL && fields)
		fault = read_body(wish, words + 2);
	status = fault != NULL ? command_refuse(wish->change.command, fault)
			       : object_change(&wish->change);
	json_decref(wish->change.body);
	return status;
}

int
command_set(int argc, char **argv)
{
	struct wish wish = {.change = {.command = "set", .method = "PATCH"}};
	const struct option_row rows[] = {{"dry-run", NULL, &wish.change.dry_run},
	    {"json", &wish.file, NULL}, {"overwrite", &wish.change.overwrite, NULL},
	    {"reason", &wish.change.reason, NULL}, {"until", &wish.change.until, NULL},
	    {NULL, NULL, NULL}};

	return run(&wish, argc, argv, rows);
}

int
command_add(int argc, char **argv)
{
	struct wish wish = {.change = {.command = "add", .method = "PUT", .fresh = true}};
	const struct option_row rows[] = {{"dry-run", NULL, &wish.change.dry_run},
	    {"json", &wish.file, NULL}, {NULL, NULL, NULL}};

	return run(&wish, argc, argv, rows);
}

int
command_remove(int argc, char **argv)
{
	struct wish wish = {.change = {.command = "remove", .method = "DELETE"}};
	const struct option_row rows[] = {{"dry-run", NULL, &wish.change.dry_run},
	    {"overwrite", &wish.change.overwrite, NULL}, {"reason", &wish.change.reason, NULL},
	    {NULL, NULL, NULL}};

	return run(&wish, argc, argv, rows);
}

/* ------------------------------------------------------------------------------------- get */

/* What it is, for people: its name, or for objects without one what they belong to. */
static void
print_what(const json_t *item)
{
	const char *place = show_text(item, "place"), *service = show_text(item, "service");

	if (*place != '\0')
		printf("%s at %s\n", show_text(item, "function"), place);
	else if (*service != '\0')
		printf("of service %s\n", service);
	else if (json_is_true(json_object_get(item, "absences")))
		printf("leave of %s\n", show_text(item, "organisation"));
	else
		printf("%s\n", show_text(item, "name"));
}

static void
print_list(const void *ctx, const json_t *answer)
{
	const struct region_kind *kind = ctx;
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(answer, kind->list), i, item)
	{
		show_cell(show_text(item, kind->id), 24);
		print_what(item);
	}
}

static int
list(const struct region_kind *kind, const char *q, enum pages_form form)
{
	struct buf path = {0};
	int status;

	buf_printf(&path, "/v1/%s?limit=1000", kind->list);
	if (q != NULL) {
		buf_add_text(&path, "&q=");
		buf_add_encoded(&path, q);
	}
	status = pages_ask_as(path.at, form, print_list, kind);
	buf_free(&path);
	return status;
}

static int
one(const struct region_kind *kind, const char *key, int64_t known)
{
	struct server_answer answer;
	struct buf path = {0};
	char text[CIVIL_RFC3339_MAX];
	int status;

	buf_printf(&path, "/v1/%s/", kind->list);
	buf_add_encoded(&path, key);
	if (known != INSTANT_NONE) {
		civil_rfc3339(known, text);
		buf_add_text(&path, "?known_at=");
		buf_add_encoded(&path, text);
	}
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	/* ASCII and indented, as "region get" prints it: the object can be edited and given to set
	 * --json. */
	if (status == EXIT_FINE) {
		json_dumpf(answer.json, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
		putchar('\n');
	}
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

int
command_get(int argc, char **argv)
{
	const char *words[2] = {NULL, NULL}, *q = NULL, *known = NULL, *fault;
	bool json = false, csv = false;
	const struct option_row rows[] = {{"q", &q, NULL}, {"known-at", &known, NULL},
	    {"json", NULL, &json}, {"csv", NULL, &csv}, {NULL, NULL, NULL}};
	const struct region_kind *kind = NULL;
	int64_t at = INSTANT_NONE;

	fault = options_read(argc, argv, rows, words, 2);
	if (fault == NULL) {
		kind = words[0] != NULL ? kind_named(words[0]) : NULL;
		fault = fault_of_kind(kind);
	}
	if (fault == NULL && csv && words[1] != NULL)
		fault = "--csv is of lists";
	if (fault == NULL && known != NULL)
		fault = options_time("--known-at", known, show_london(), &at);
	if (fault != NULL)
		return command_refuse("get", fault);
	return words[1] != NULL ? one(kind, words[1], at) : list(kind, q, pages_form(json, csv));
}
