/* SPDX-License-Identifier: MIT */
/* crisiscover ods: takes over what the Organisation Data Service publishes about the organisations and places of
 * the set-up. Each change is made by the call that changes one object, so that all its rules apply. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/command.h"
#include "clients/cli/object_change.h"
#include "clients/cli/ods_plan.h"
#include "clients/cli/ods_read.h"
#include "clients/cli/options.h"
#include "clients/cli/pages.h"
#include "clients/cli/show.h"
#include "server/base/file.h"

#define FILE_MAX ((size_t)64 << 20) /* the largest that is published has 40 MB */
#define FILES_MAX 20

/* A run over the published files; the counts are for the last line that it prints. */
struct import {
	struct ods ods;
	bool dry_run, overwrite;
	const char *reason;
	unsigned known, unknown, changed, proposed, failed; /* objects */
};

static int
read_files(struct ods *ods, const char *const *files)
{
	for (size_t i = 0; files[i] != NULL; i++) {
		char *text = NULL;
		size_t len = 0;
		const char *fault;

		if (file_read(files[i], FILE_MAX, &text, &len) != STATUS_OK)
			fault = "it cannot be read, or has more than 64 MB";
		else
			fault = ods_read(ods, (struct slice){text, len});
		free(text);
		if (fault != NULL) {
			fprintf(stderr, "crisiscover: %s: %s\n", files[i], fault);
			return EXIT_INPUT_REFUSED;
		}
	}
	return EXIT_FINE;
}

/* A pages_print_fn that prints nothing: it collects the items of each page in ${ctx}. */
static void
keep(const void *ctx, const json_t *answer)
{
	json_t *all = (json_t *)(uintptr_t)ctx, *items;
	const char *key;

	json_object_foreach((json_t *)(uintptr_t)answer, key, items)
	{
		if (json_is_array(items))
			json_array_extend(all, items);
	}
}

static int
change_one(struct import *import, const struct region_kind *kind, const char *code,
    const struct ods_plan *plan)
{
	bool proposed = false;
	struct object_change change = {
	    .command = "ods",
	    .method = "PATCH",
	    .kind = kind,
	    .key = code,
	    .body = plan->patch,
	    .reason = import->reason,
	    .dry_run = import->dry_run,
	    .proposed = &proposed,
	};
	int status = object_change(&change);

	/* The end of a place that requirements hold for is proposed: another person accepts it. */
	import->proposed += proposed;
	import->changed += status == EXIT_FINE && !proposed;
	import->failed += status != EXIT_FINE;
	return status;
}

/* Notes are printed even if nothing changes: they say what a person must find out. */
static int
plan_one(struct import *import, const struct region_kind *kind, const struct ods_wish *wish)
{
	const char *code = show_text(wish->object, "code");
	struct ods_plan plan;
	int status = EXIT_FINE;

	if (ods_find(&import->ods, code) == NULL)
		import->unknown++;
	else
		import->known++;
	ods_plan(wish, &plan);
	if (plan.patch != NULL || plan.notes[0] != NULL)
		printf("%s %s\n", kind->kind, code);
	for (size_t i = 0; plan.notes[i] != NULL; i++)
		printf("  %s\n", plan.notes[i]);
	if (plan.patch != NULL)
		status = change_one(import, kind, code, &plan);
	json_decref(plan.patch);
	return status;
}

static int
plan_all(struct import *import, const struct region_kind *kind, const json_t *all)
{
	struct table codes;
	json_t *object;
	size_t i;
	int worst = EXIT_FINE, status;

	table_init(&codes, import->ods.arena, json_array_size(all));
	/* All codes before the first plan: a successor may stand further down in the list. */
	json_array_foreach(all, i, object)
	    table_put(&codes, import->ods.arena, show_text(object, "code"), (uint32_t)i);
	json_array_foreach(all, i, object)
	{
		status = plan_one(import, kind,
		    &(struct ods_wish){&import->ods, object, &codes, import->overwrite});
		/* One that the server refuses does not hold up the others. */
		if (status == EXIT_NOT_REACHED)
			return status;
		worst = status != EXIT_FINE ? status : worst;
	}
	return worst;
}

static int
import_kind(struct import *import, size_t index)
{
	const struct region_kind *kind = &region_kinds[index];
	json_t *all = json_array();
	struct buf path = {0};
	int status;

	buf_printf(&path, "/v1/%s?limit=1000", kind->list);
	status = pages_ask(path.at, false, keep, all);
	if (status == EXIT_FINE)
		status = plan_all(import, kind, all);
	json_decref(all);
	buf_free(&path);
	return status;
}

static int
run(struct import *import, const char *const *files)
{
	int status = read_files(&import->ods, files), places;

	if (status != EXIT_FINE)
		return status;
	status = import_kind(import, REGION_KIND_ORGANISATION);
	if (status == EXIT_NOT_REACHED)
		return status;
	places = import_kind(import, REGION_KIND_PLACE);
	/* What is not published is counted, too: a mistyped code would otherwise never show. */
	printf("%u codes of this region are published, %u are not; %u %s changed", import->known,
	    import->unknown, import->changed, import->dry_run ? "would be" : "were");
	if (import->proposed > 0)
		printf(", %u were proposed to another person", import->proposed);
	if (import->failed > 0)
		printf(", %u were refused", import->failed);
	printf("\n");
	return places != EXIT_FINE ? places : status;
}

int
command_ods(int argc, char **argv)
{
	const char *words[FILES_MAX + 2] = {NULL}, *fault;
	struct import import = {.reason = "published by the Organisation Data Service"};
	const struct option_row rows[] = {{"dry-run", NULL, &import.dry_run},
	    {"overwrite", NULL, &import.overwrite}, {"reason", &import.reason, NULL},
	    {NULL, NULL, NULL}};
	struct arena *arena;
	int status;

	fault = options_read(argc, argv, rows, words, FILES_MAX + 1);
	if (fault == NULL && (words[0] == NULL || strcmp(words[0], "import") != 0))
		fault = "import FILE…";
	if (fault == NULL && words[1] == NULL)
		fault = "which files? Those that the Organisation Data Service publishes";
	if (fault != NULL)
		return command_refuse("ods", fault);
	arena = arena_new(0);
	ods_init(&import.ods, arena);
	status = run(&import, words + 1);
	arena_free(arena);
	return status;
}
