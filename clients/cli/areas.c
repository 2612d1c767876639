/* SPDX-License-Identifier: MIT */
/* crisiscover areas: the table that says which place answers for somebody who lives elsewhere. And
 * crisiscover elsewhere, which asks it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/apply_print.h"
#include "clients/cli/areas_read.h"
#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "server/base/file.h"

#define FILE_MAX ((size_t)8 << 20)
#define FAULTS_SHOWN 50
#define APPLY_LIMIT_MS 60000 /* as long as the server lets a large change take (SLOW_MS) */

struct import {
	const char *file, *kind, *alone;
	bool only, dry_run;
	struct areas_table table;
	struct table places;
};

/* ----------------------------------------------------------------------------------- import */

static void
keep_places(const void *ctx, const json_t *answer)
{
	struct import *import = (struct import *)(uintptr_t)ctx;
	json_t *place;
	size_t i;

	json_array_foreach(json_object_get(answer, "places"), i, place)
	    table_put(&import->places, import->table.arena,
		arena_strdup(import->table.arena, show_text(place, "code")), (uint32_t)i);
}

static int
read_file(struct import *import)
{
	const struct areas_table *table = &import->table;
	char *text = NULL;
	size_t len = 0;

	if (file_read(import->file, FILE_MAX, &text, &len) != STATUS_OK) {
		fprintf(stderr, "crisiscover: %s cannot be read, or has more than 8 MB\n",
		    import->file);
		return EXIT_INPUT_REFUSED;
	}
	areas_read(&import->table, (struct slice){text, len});
	free(text);
	for (size_t i = 0; i < table->faults.count && i < FAULTS_SHOWN; i++)
		fprintf(stderr, "crisiscover: %s line %u: %s\n", import->file,
		    table->faults.items[i].line, table->faults.items[i].what);
	if (table->faults.count > FAULTS_SHOWN)
		fprintf(stderr, "crisiscover: and %zu lines more\n",
		    table->faults.count - FAULTS_SHOWN);
	if (table->faults.count == 0)
		return EXIT_FINE;
	fprintf(stderr, "crisiscover: nothing was changed\n");
	return EXIT_INPUT_REFUSED;
}

static int
send(const struct import *import)
{
	json_t *areas = json_array(), *body;
	struct server_answer answer;
	struct buf path = {0};
	char *text;
	int status;

	for (size_t i = 0; i < import->table.items.count; i++)
		json_array_append(areas, import->table.items.items[i]);
	body = json_pack("{s:o, s:b}", "areas", areas, "only", import->only);
	text = json_dumps(body, JSON_COMPACT);
	buf_printf(&path, "/v1/areas?dry_run=%d", import->dry_run);
	if (import->alone != NULL) {
		buf_add_text(&path, "&alone=");
		buf_add_encoded(&path, import->alone);
	}
	status = server_ask(&(struct server_ask){.method = "POST",
				.path = path.at,
				.type = "application/json",
				.body = slice_of(text),
				.limit_ms = APPLY_LIMIT_MS},
	    &answer);
	if (status == EXIT_FINE) {
		apply_print(answer.json, true);
		apply_print_alone(answer.json);
	}
	server_answer_free(&answer);
	buf_free(&path);
	free(text);
	json_decref(body);
	return status;
}

/* The places are asked for before the file is read, so that a line with a wrong one is named by its
 * number. */
static int
import_areas(struct import *import)
{
	int status;

	import->table.arena = arena_new(0);
	table_init(&import->places, import->table.arena, 64);
	import->table.places = &import->places;
	import->table.kind =
	    import->kind == NULL ? NULL : areas_kind(import->table.arena, import->kind);
	status = pages_ask("/v1/places?limit=1000", false, keep_places, import);
	if (status == EXIT_FINE)
		status = read_file(import);
	if (status == EXIT_FINE)
		status = send(import);
	for (size_t i = 0; i < import->table.items.count; i++)
		json_decref(import->table.items.items[i]);
	arena_free(import->table.arena);
	return status;
}

static const char *
fault_of(const struct import *import, const char *word)
{
	struct arena *arena = arena_new(0);
	bool kind = import->kind == NULL || areas_kind(arena, import->kind) != NULL;

	arena_free(arena);
	if (word == NULL || strcmp(word, "import") != 0)
		return "import FILE";
	if (import->file == NULL)
		return "which file? CSV that begins with the line code,name,kind,place";
	return kind ? NULL : "--kind is council, gp_area or postcode_district";
}

int
command_areas(int argc, char **argv)
{
	struct import import = {0};
	const char *words[2] = {NULL}, *fault;
	const struct option_row rows[] = {{"kind", &import.kind, NULL},
	    {"only", NULL, &import.only}, {"dry-run", NULL, &import.dry_run},
	    {"alone", &import.alone, NULL}, {NULL, NULL, NULL}};

	fault = options_read(argc, argv, rows, words, 2);
	import.file = words[1];
	if (fault == NULL)
		fault = fault_of(&import, words[0]);
	return fault != NULL ? command_refuse("areas", fault) : import_areas(&import);
}

/* -------------------------------------------------------------------------------- elsewhere */

static void
print_ring(const json_t *team)
{
	struct buf words = {0};

	show_ring(&words, team, "no number");
	printf("%s", words.at);
	buf_free(&words);
}

static void
print_team(const json_t *team)
{
	const json_t *fallback = json_object_get(team, "fallback");

	printf("  ");
	show_cell(show_text(team, "name"), 36);
	print_ring(team);
	if (*show_text(team, "service_name") != '\0')
		printf("  %s", show_text(team, "service_name"));
	else
		printf("  no team is set up");
	if (*show_text(team, "hours") != '\0')
		printf(", %s", show_text(team, "hours"));
	printf("\n");
	if (json_is_object(fallback))
		printf("      otherwise: %s  %s\n", show_text(fallback, "text"),
		    show_phone(fallback, "phone"));
}

static void
print_match(const json_t *match)
{
	json_t *team;
	size_t i;

	printf("%s (%s)\n  answered for by %s (%s)", show_text(match, "area"),
	    show_text(match, "kind"), show_text(match, "name"), show_text(match, "place"));
	if (*show_text(match, "switchboard") != '\0')
		printf(", switchboard %s", show_phone(match, "switchboard"));
	printf("\n");
	json_array_foreach(json_object_get(match, "functions"), i, team) print_team(team);
}

static void
print_elsewhere(const json_t *answer)
{
	json_t *match;
	size_t i;

	show_map_age(answer);
	json_array_foreach(json_object_get(answer, "matches"), i, match) print_match(match);
	show_notices(answer);
}

int
command_elsewhere(int argc, char **argv)
{
	const char *of = NULL, *fault;
	bool json = false;
	const struct option_row rows[] = {{"json", NULL, &json}, {NULL, NULL, NULL}};
	struct server_answer answer;
	struct buf path = {0};
	int status;

	fault = options_read(argc, argv, rows, &of, 1);
	if (fault == NULL && of == NULL)
		fault =
		    "which area? A council, a GP area or a postcode district; names of several words in quotes";
	if (fault != NULL)
		return command_refuse("elsewhere", fault);
	buf_add_text(&path, "/v1/elsewhere?of=");
	buf_add_encoded(&path, of);
	status = server_ask(&(struct server_ask){.path = path.at}, &answer);
	if (status == EXIT_FINE && json)
		show_json(answer.json);
	else if (status == EXIT_FINE)
		print_elsewhere(answer.json);
	server_answer_free(&answer);
	buf_free(&path);
	return status;
}
