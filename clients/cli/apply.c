/* SPDX-License-Identifier: MIT */
/*
 * crisiscover apply: make the server agree with a region file. All or nothing: the file is compared
 * with what is in force first, every calendar beside it that has changed is read here by the code
 * the server uses, and nothing is changed unless all of them can be used and nothing that somebody
 * has changed since would be undone.
 */
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/apply_files.h"
#include "clients/cli/apply_print.h"
#include "clients/cli/command.h"
#include "clients/cli/options.h"
#include "clients/cli/region_file.h"
#include "clients/cli/server.h"
#include "clients/cli/show.h"

enum { APPLY_LIMIT_MS = 60000, APPLY_PATIENCE_MS = 20000, ORIGIN_BYTES = 16 };

/* The path of the file as a digest, so that the server does not learn folders and user names.
 * The server compares the file with the one that was applied from the same path before.
 * Half of the digest is enough: nobody gains by a collision. */
static void
put_origin(struct buf *path, const char *file)
{
	uint8_t hash[crypto_hash_sha256_BYTES];
	char whole[PATH_MAX], hex[2 * ORIGIN_BYTES + 1];

	/* The same file by another name is the same origin. If it cannot be resolved, the name as
	 * given is used. */
	if (realpath(file, whole) == NULL)
		snprintf(whole, sizeof whole, "%s", file);
	crypto_hash_sha256(hash, (const uint8_t *)whole, strlen(whole));
	text_hex(hash, ORIGIN_BYTES, hex);
	buf_printf(path, "&file=%s", hex);
}

static void
put_wish(struct buf *path, const struct apply_wish *wish)
{
	if (wish->keep)
		buf_add_text(path, "&keep=1");
	if (wish->alone != NULL) {
		buf_add_text(path, "&alone=");
		buf_add_encoded(path, wish->alone);
	}
	/* One parameter with commas: ids of conflicts contain none. */
	for (unsigned i = 0; i < wish->overwrite->count; i++) {
		buf_add_text(path, i == 0 ? "&overwrite=" : ",");
		buf_add_encoded(path, wish->overwrite->items[i]);
	}
}

struct apply {
	const char *file;
	struct apply_wish wish;
	bool dry_run, practice;
	const struct region *region;
	struct slice document;
	struct apply_files files;
};

/* ${if_match}: NULL for the dry run. The answer is yours. */
static int
put_region(const struct apply *apply, const char *if_match, struct server_answer *answer)
{
	struct buf path = {0};
	int status;

	/* Only what has been seen is applied: without a version to match, the server is only
	 * asked. */
	buf_printf(&path, "/v1/region?dry_run=%d", if_match == NULL);
	put_origin(&path, apply->file);
	put_wish(&path, &apply->wish);
	/* The server compares regions of thousands of rotas, so it may take longer than other
	 * answers. */
	status = server_ask(&(struct server_ask){.method = "PUT",
				.path = path.at,
				.type = "application/json",
				.if_match = if_match,
				.body = apply->document,
				.limit_ms = APPLY_LIMIT_MS,
				.patience_ms = APPLY_PATIENCE_MS},
	    answer);
	/* 422: the file itself is at fault. The server may have newer rules than
	 * region_file_read(). */
	if (status == EXIT_SERVER_SAID_NO && answer->status == 422)
		status = EXIT_INPUT_REFUSED;
	buf_free(&path);
	return status;
}

static int
say_refused(unsigned count)
{
	fprintf(stderr,
	    "crisiscover: nothing was changed: the file would undo %u change%s made since it was applied. Take them into the file, "
	    "or mean it with --overwrite ID, or leave them as they are with --keep.\n",
	    count, count == 1 ? "" : "s");
	return EXIT_SERVER_SAID_NO;
}

/* The deed names the version that the dry run was about, so nothing is changed that was not
 * shown. */
static int
do_it(struct arena *arena, const struct apply *apply, long long version)
{
	struct server_answer answer;
	int status = put_region(
	    /* "*" where nothing was ever applied: there is no version that could be named. */
	    apply, version == 0 ? "*" : arena_printf(arena, "\"region-%lld\"", version), &answer);

	if (status == EXIT_FINE)
		apply_print_alone(answer.json);
	server_answer_free(&answer);
	/* The files after the region, since a rota must be there before its file can be. */
	return status == EXIT_FINE ? apply_files_send(arena, &apply->files) : status;
}

static int
apply_after(struct arena *arena, struct apply *apply, const json_t *answer)
{
	unsigned refused;
	int status =
	    apply_files_compare(arena, &(struct apply_region){apply->file, apply->region, answer},
		&apply->wish, &apply->files);

	/* Every file is read before anything is changed: a file that is refused afterwards would
	 * leave a rota without shifts. */
	if (status == EXIT_FINE)
		status = apply_files_check(apply->region, &apply->files);
	if (status != EXIT_FINE)
		return status;
	/* The dry run shows conflicts too, and is no failure: that is what it was asked for. */
	refused = apply_refused(answer) + apply->files.refused;
	apply_print(answer, refused == 0 && apply->files.sent == 0);
	apply_files_print(&apply->files);
	if (refused > 0 && !apply->dry_run)
		return say_refused(refused);
	/* A dry run previews the files too; each is uploaded with `apply=look`, as an import that
	 * cannot be confirmed. */
	return apply->dry_run
		   ? apply_files_preview(&apply->files)
		   : do_it(arena, apply, json_integer_value(json_object_get(answer, "version")));
}

/* A file that a server wrote has masks in place of the addresses of calendars, which no other server
 * can turn into addresses. The shifts of such a rota are typed in the practice region. */
static unsigned
type_masked(json_t *document)
{
	static const char mask[] = "https://address.invalid/";
	json_t *rota;
	unsigned count = 0;
	size_t i;

	json_array_foreach(json_object_get(document, "rotas"), i, rota)
	{
		json_t *source = json_object_get(rota, "source");

		if (strncmp(show_text(source, "url"), mask, sizeof mask - 1) != 0)
			continue;
		json_object_set_new(rota, "source", json_pack("{s:s}", "kind", "typed"));
		count++;
	}
	return count;
}

/* The file of a real region is sent as that of a practice region. */
static void
mark_practice(struct arena *arena, struct apply *apply)
{
	json_t *document = json_loadb(apply->document.at, apply->document.len, 0, NULL);
	unsigned typed = type_masked(document);
	char *text;

	if (typed > 0)
		fprintf(stderr,
		    "crisiscover: %u rotas have their shifts typed in: the file does not tell their addresses\n",
		    typed);
	json_object_set_new(document, "practice", json_true());
	text = json_dumps(document, JSON_COMPACT);
	apply->document = slice_of(arena_strdup(arena, text));
	json_decref(document);
	free(text);
}

int
command_apply(int argc, char **argv)
{
	struct option_values overwrite = {.count = 0};
	struct apply apply = {.wish = {.overwrite = &overwrite}};
	const struct option_row rows[] = {{"dry-run", NULL, &apply.dry_run},
	    {"keep", NULL, &apply.wish.keep}, {"practice", NULL, &apply.practice},
	    {"alone", &apply.wish.alone, NULL}, {NULL, NULL, NULL}};
	/* Before options_read(), which knows each option once. */
	const char *fault = options_take(&argc, argv, "overwrite", &overwrite);
	struct server_answer answer;
	struct arena *arena;
	int status;

	if (fault == NULL)
		fault = options_read(argc, argv, rows, &apply.file, 1);
	if (fault != NULL || apply.file == NULL)
		return command_refuse("apply", fault != NULL ? fault : "which region file?");
	arena = arena_new(0);
	status = region_file_read(arena, apply.file, &apply.region, &apply.document);
	if (status == EXIT_FINE && apply.practice)
		mark_practice(arena, &apply);
	if (status == EXIT_FINE) {
		/* Always a dry run first: its answer is what is shown and compared, and its version
		 * is what the deed must still find. */
		status = put_region(&apply, NULL, &answer);
		if (status == EXIT_FINE)
			status = apply_after(arena, &apply, answer.json);
		server_answer_free(&answer);
	}
	arena_free(arena);
	return status;
}
