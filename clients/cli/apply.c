/*
 * crisiscover apply: make the server agree with a region file. All or nothing: the file and every
 * calendar beside it are read here first, by the code the server uses, and nothing is sent unless
 * all of them can be used.
 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/preview.h"
#include "clients/cli/read_print.h"
#include "clients/cli/region_file.h"
#include "clients/cli/sealed.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"
#include "clients/cli/upload.h"
#include "server/base/clock.h"
#include "server/rota/rota_options.h"

enum { APPLY_LIMIT_MS = 60000, APPLY_PATIENCE_MS = 20000 };

/* A source's path is meant from the folder of the region file. */
static const char *
beside(struct arena *arena, const char *region_path, const char *path)
{
	char *folder = arena_strdup(arena, region_path);

	return *path == '/' ? path : arena_printf(arena, "%s/%s", dirname(folder), path);
}

static bool
has_file(const struct region_rota *rota)
{
	return rota->source == REGION_SOURCE_FILE && rota->path != NULL;
}

/* Reads the rota's file as the server will. Findings go to stderr; a refusal stops the whole. */
static int
check_file(const char *path, const struct region *region, const struct region_rota *rota)
{
	struct arena *arena = arena_new(0);
	struct reading_options options;
	struct reading reading;
	int status;

	rota_options(arena, region, rota, show_zones(), &options);
	rota_window(show_london(), clock_wall(), &options.from, &options.until);
	status = sealed_read(arena, path, &options, &reading);
	if (status == EXIT_FINE && reading.refused)
		status = EXIT_INPUT_REFUSED;
	for (size_t i = 0; status != EXIT_FINE && i < reading.nfindings; i++)
		if (reading.findings[i].level == FINDING_REFUSED)
			fprintf(stderr, "%s: %s %s\n", path, reading.findings[i].text,
			    reading.findings[i].remedy);
	arena_free(arena);
	return status;
}

static int
check_files(struct arena *arena, const char *region_path, const struct region *region)
{
	int status = EXIT_FINE, one;

	for (uint32_t i = 0; i < region->nrotas; i++) {
		if (!has_file(&region->rotas[i]))
			continue;
		one = check_file(
		    beside(arena, region_path, region->rotas[i].path), region, &region->rotas[i]);
		if (one != EXIT_FINE) {
			fprintf(stderr, "crisiscover: rota %s: its file cannot be used\n",
			    region->rotas[i].id);
			status = one;
		}
	}
	return status;
}

static void
print_changes(const json_t *answer)
{
	json_t *change;
	size_t i;

	json_array_foreach(json_object_get(answer, "changes"), i, change)
	{
		printf("%s %s %s", show_text(change, "sign"), show_text(change, "kind"),
		    show_text(change, "code"));
		if (*show_text(change, "what") != '\0')
			printf(": %s", show_text(change, "what"));
		printf("\n");
	}
	json_array_foreach(json_object_get(answer, "warnings"), i, change) fprintf(
	    stderr, "warning: %s: %s\n", show_text(change, "path"), show_text(change, "detail"));
	if (json_array_size(json_object_get(answer, "changes")) == 0)
		printf("the set-up is as the file says\n");
}

static int
put_region(struct slice document, bool dry_run)
{
	struct server_answer answer;
	int status = server_ask(&(struct server_ask){.method = "PUT",
				    .path = dry_run ? "/v1/region?dry_run=1" : "/v1/region",
				    .type = "application/json",
				    .body = document,
				    .limit_ms = APPLY_LIMIT_MS,
				    .patience_ms = APPLY_PATIENCE_MS},
	    &answer);

	if (status == EXIT_FINE)
		print_changes(answer.json);
	else if (status == EXIT_SERVER_SAID_NO && answer.status == 422)
		status = EXIT_INPUT_REFUSED;
	server_answer_free(&answer);
	return status;
}

static void
print_findings(const char *rota, json_t *findings)
{
	json_t *finding;
	size_t i;

	json_array_foreach(findings, i, finding) fprintf(stderr, "%s, line %lld: %s %s\n", rota,
	    (long long)json_integer_value(json_object_get(finding, "line")),
	    show_text(finding, "text"), show_text(finding, "remedy"));
}

static int
wait_for(const char *rota, long long id)
{
	json_t *import = NULL;
	int status = preview_wait(id, &import);

	if (status != EXIT_FINE)
		return status;
	print_findings(rota, json_object_get(import, "findings"));
	if (strcmp(show_text(import, "state"), "applied") != 0) {
		fprintf(stderr, "crisiscover: rota %s: its file was not applied: %s\n", rota,
		    show_text(import, "why"));
		status = EXIT_INPUT_REFUSED;
	}
	json_decref(import);
	return status;
}

/* All files are sent before the first is waited for: the server reads them side by side. */
static int
send_files(struct arena *arena, const char *region_path, const struct region *region)
{
	long long *ids = arena_array(arena, region->nrotas + 1, sizeof *ids);
	int status = EXIT_FINE, one;
	unsigned done = 0;

	for (uint32_t i = 0; status == EXIT_FINE && i < region->nrotas; i++)
		if (has_file(&region->rotas[i]))
			status = upload(region->rotas[i].id,
			    beside(arena, region_path, region->rotas[i].path), "now",
			    APPLY_PATIENCE_MS, &ids[i]);
	for (uint32_t i = 0; i < region->nrotas; i++) {
		if (ids[i] == 0)
			continue;
		one = wait_for(region->rotas[i].id, ids[i]);
		status = one != EXIT_FINE ? one : status;
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "\r%u files read ", ++done);
	}
	return status;
}

int
command_apply(int argc, char **argv)
{
	const char *path = NULL, *fault;
	bool dry_run = false;
	const struct option_row rows[] = {{"dry-run", NULL, &dry_run}, {NULL, NULL, NULL}};
	struct arena *arena;
	const struct region *region;
	struct slice document;
	int status;

	fault = options_read(argc, argv, rows, &path, 1);
	if (fault != NULL || path == NULL)
		return command_refuse("apply", fault != NULL ? fault : "which region file?");
	arena = arena_new(0);
	status = region_file_read(arena, path, &region, &document);
	if (status == EXIT_FINE)
		status = check_files(arena, path, region);
	if (status == EXIT_FINE)
		status = put_region(document, dry_run);
	if (status == EXIT_FINE && !dry_run)
		status = send_files(arena, path, region);
	arena_free(arena);
	return status;
}
