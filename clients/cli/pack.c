/* SPDX-License-Identifier: MIT */
/* crisiscover pack: starter packs, the requirements that a commissioner usually loads for a kind of
 * place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/apply_print.h"
#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "server/base/civil.h"
#include "server/base/clock.h"
#include "server/base/zone.h"

static void
print_kinds(const json_t *pack)
{
	json_t *kind;
	size_t i;

	json_array_foreach(json_object_get(pack, "places"), i, kind)
	    printf("%s%s", i > 0 ? ", " : "", json_string_value(kind));
}

static void
print_packs(const json_t *answer)
{
	json_t *pack;
	size_t i;

	json_array_foreach(json_object_get(answer, "packs"), i, pack)
	{
		show_cell(show_text(pack, "pack"), 18);
		show_cell(show_text(pack, "name"), 20);
		printf("%lld requirements, for ",
		    (long long)json_integer_value(json_object_get(pack, "requirements")));
		print_kinds(pack);
		printf("\n");
	}
	/* The server's own sentence that packs are templates: it must be read before anything is
	 * added. */
	printf("%s\n", show_text(answer, "template"));
}

static void
print_hours(const json_t *requirement)
{
	json_t *line, *day;
	size_t i, j;

	json_array_foreach(json_object_get(requirement, "hours"), i, line)
	{
		printf("%s", i > 0 ? "; " : "");
		json_array_foreach(json_object_get(line, "days"), j, day)
		    printf("%s ", json_string_value(day));
		printf("%s-%s", show_text(line, "from"), show_text(line, "to"));
	}
}

static void
print_pack(const json_t *pack)
{
	json_t *item;
	size_t i;

	printf("%s: %s\nfor ", show_text(pack, "name"), show_text(pack, "about"));
	print_kinds(pack);
	printf("\n%s\n\n", show_text(pack, "template"));
	json_array_foreach(json_object_get(pack, "requirements"), i, item)
	{
		show_cell(show_text(item, "id"), 14);
		show_cell(show_text(item, "function"), 20);
		printf("%lld: ", (long long)json_integer_value(json_object_get(item, "count")));
		print_hours(item);
		printf("\n    %s\n", show_text(item, "why"));
	}
}

/* ${pack}: NULL for the list. */
static int
show(const char *pack, bool json)
{
	struct server_answer answer;
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/packs");
	if (pack != NULL) {
		buf_add_text(&path, "/");
		buf_add_encoded(&path, pack);
	}
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE && pack == NULL)
		print_packs(answer.json);
	else if (status == EXIT_FINE)
		print_pack(answer.json);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}

/* "theirs=ours" pairs as an object. NULL: one of them has no "=", or nothing on one side of it. */
static json_t *
read_functions(const struct option_values *pairs)
{
	json_t *functions = json_object();

	for (size_t i = 0; i < pairs->count; i++) {
		const char *equals = strchr(pairs->items[i], '=');
		struct buf key = {0};

		if (equals == NULL || equals == pairs->items[i] || equals[1] == '\0') {
			json_decref(functions);
			return NULL;
		}
		buf_add(&key, pairs->items[i], (size_t)(equals - pairs->items[i]));
		json_object_set_new(functions, key.at, json_string(equals + 1));
		buf_free(&key);
	}
	return functions;
}

struct adding {
	const char *pack, *place, *owner, *deputy, *commissioner;
	const struct option_values *functions;
	bool dry_run;
};

static int
send(const struct server_ask *ask, json_t *body, bool quiet)
{
	char *text = json_dumps(body, JSON_COMPACT);
	struct server_ask with_body = *ask;
	struct server_answer answer;
	int status;

	with_body.type = "application/json";
	with_body.body = slice_of(text);
	status = server_ask(&with_body, &answer);
	if (status == EXIT_FINE)
		apply_print(answer.json, quiet);
	server_answer_free(&answer);
	json_decref(body);
	free(text);
	return status;
}

static int
add(const struct adding *adding)
{
	json_t *functions = read_functions(adding->functions);
	struct buf path = {0};
	int status;

	if (functions == NULL)
		return command_refuse("pack", "--function THEIRS=OURS, as in liaison=mhlt");
	buf_add_text(&path, "/v1/packs/");
	buf_add_encoded(&path, adding->pack);
	buf_printf(&path, "?dry_run=%d", adding->dry_run);
	/* What a preview prints is what the real call prints: the server makes both alike. */
	status = send(&(struct server_ask){.method = "POST", .path = path.at},
	    /* "s:s*" leaves out what was not given, so that the server applies its own defaults. */
	    json_pack("{s:s, s:s*, s:s*, s:s*, s:o}", "place", adding->place, "owner",
		adding->owner, "deputy", adding->deputy, "commissioner", adding->commissioner,
		"functions", functions),
	    true);
	buf_free(&path);
	return status;
}

static int
patch(const char *requirement, const char *if_match, const json_t *change,
    struct server_answer *answer)
{
	char *text = json_dumps(change, JSON_COMPACT);
	struct buf path = {0};
	int status;

	buf_add_text(&path, "/v1/requirements/");
	buf_add_encoded(&path, requirement);
	/* A call without a version to match is the dry run. */
	buf_add_text(&path, if_match == NULL ? "?dry_run=1" : "");
	status = server_ask(&(struct server_ask){.method = "PATCH",
				.path = path.at,
				.type = "application/json",
				.if_match = if_match,
				.body = slice_of(text)},
	    answer);
	buf_free(&path);
	free(text);
	return status;
}

/* Confirms the requirement as the dry run found it: if somebody has changed it since, nothing is
 * confirmed. The day is today by London's clocks. */
static int
confirm(const char *requirement, const char *by)
{
	struct server_answer tried, done;
	char day[CIVIL_DAY_MAX];
	struct buf etag = {0};
	json_t *change;
	int status;

	civil_day_text(zone_local(show_london(), clock_wall()) / 86400, day);
	change = json_pack("{s:{s:s, s:s}}", "confirmed", "by", by, "on", day);
	status = patch(requirement, NULL, change, &tried);
	if (status == EXIT_FINE) {
		buf_printf(&etag, "\"object-%lld\"",
		    (long long)json_integer_value(json_object_get(tried.json, "version")));
		status = patch(requirement, etag.at, change, &done);
		if (status == EXIT_FINE)
			printf("%s is confirmed by %s\n", requirement, by);
		server_answer_free(&done);
	}
	server_answer_free(&tried);
	buf_free(&etag);
	json_decref(change);
	return status;
}

int
command_pack(int argc, char **argv)
{
	struct option_values functions = {.count = 0};
	struct adding adding = {.functions = &functions};
	const char *words[2] = {NULL, NULL}, *by = NULL, *fault;
	bool json = false;
	const struct option_row rows[] = {{"json", NULL, &json}, {"place", &adding.place, NULL},
	    {"owner", &adding.owner, NULL}, {"deputy", &adding.deputy, NULL},
	    {"commissioner", &adding.commissioner, NULL}, {"by", &by, NULL},
	    {"dry-run", NULL, &adding.dry_run}, {NULL, NULL, NULL}};

	fault = options_take(&argc, argv, "function", &functions);
	if (fault == NULL)
		fault = options_read(argc, argv, rows, words, 2);
	if (fault != NULL)
		return command_refuse("pack", fault);
	adding.pack = words[1];
	if (words[0] != NULL && strcmp(words[0], "list") == 0 && words[1] == NULL)
		return show(NULL, json);
	if (words[0] != NULL && strcmp(words[0], "show") == 0 && words[1] != NULL)
		return show(words[1], json);
	if (words[0] != NULL && strcmp(words[0], "add") == 0 && words[1] != NULL &&
	    adding.place != NULL && adding.owner != NULL)
		return add(&adding);
	if (words[0] != NULL && strcmp(words[0], "confirm") == 0 && words[1] != NULL && by != NULL)
		return confirm(words[1], by);
	return command_refuse("pack",
	    "list, show PACK, add PACK --place P --owner WHO, or confirm REQUIREMENT --by WHO");
}
