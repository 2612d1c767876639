/* SPDX-License-Identifier: MIT */
#include "clients/cli/apply_files.h"

#include <libgen.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/cli/command.h"
#include "clients/cli/grid_print.h"
#include "clients/cli/preview.h"
#include "clients/cli/rules.h"
#include "clients/cli/sealed.h"
#include "clients/cli/show.h"
#include "clients/cli/upload.h"
#include "server/base/clock.h"
#include "server/base/file.h"
#include "server/base/vec.h"

enum { PATIENCE_MS = 20000 };

/* A path in the region file is relative to the folder of that file, wherever the command is run. */
static const char *
beside(struct arena *arena, const char *region_path, const char *path)
{
	/* dirname() writes into its argument. */
	char *folder = arena_strdup(arena, region_path);

	return *path == '/' ? path : arena_printf(arena, "%s/%s", dirname(folder), path);
}

static bool
has_file(const struct region_rota *rota)
{
	return rota->source == REGION_SOURCE_FILE && rota->path != NULL;
}

/* SHA-256 of the file in hexadecimal; NULL if it cannot be read. */
static const char *
hash_file(struct arena *arena, const char *path, bool *absent)
{
	uint8_t sha256[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof sha256 + 1];
	char *bytes;
	size_t len;

	/* A file that is not there may be meant so (the rota was filled by an upload); one that
	 * cannot be read never is. */
	*absent = access(path, F_OK) != 0;
	if (*absent || file_read(path, SEALED_FILE_MAX, &bytes, &len) != STATUS_OK)
		return NULL;
	crypto_hash_sha256(sha256, (const uint8_t *)bytes, len);
	free(bytes);
	text_hex(sha256, sizeof sha256, hex);
	return arena_strdup(arena, hex);
}

static const json_t *
find(const json_t *list, const char *key, const char *value)
{
	size_t i;

	/* Lists of a few hundred at most, so a linear search is enough. */
	for (i = 0; i < json_array_size(list); i++)
		if (strcmp(show_text(json_array_get(list, i), key), value) == 0)
			return json_array_get(list, i);
	return NULL;
}

/* Whether the file takes the rota's shifts from the same source as before. */
static bool
is_same_source(const json_t *answer, const char *rota)
{
	const json_t *changes = json_object_get(answer, "changes"), *change;
	size_t i;

	for (i = 0; i < json_array_size(changes); i++) {
		change = json_array_get(changes, i);
		if (strcmp(show_text(change, "kind"), "rota") == 0 &&
		    strcmp(show_text(change, "code"), rota) == 0 &&
		    /* A rota that is added or removed has its source from this file in any case. */
		    (strcmp(show_text(change, "sign"), "~") != 0 ||
			strstr(show_text(change, "what"), "source") != NULL))
			return false;
	}
	return true;
}

/* "rota:ID" names every conflict about the rota, and so this one as well. */
static bool
is_meant(struct arena *arena, const struct apply_wish *wish, const char *rota)
{
	const char *whole = arena_printf(arena, "rota:%s", rota);
	const char *file = arena_printf(arena, "rota:%s:file", rota);

	for (unsigned i = 0; i < wish->overwrite->count; i++)
		if (strcmp(wish->overwrite->items[i], whole) == 0 ||
		    strcmp(wish->overwrite->items[i], file) == 0)
			return true;
	return false;
}

static enum apply_fate
judge(struct arena *arena, const struct apply_file *file, const char *hash,
    const struct apply_wish *wish)
{
	/* The server names the import by which a person has put something else in force since the
	 * file. */
	bool changed = json_object_get(file->known, "import") != NULL;

	/* Somebody has named this conflict, so the file wins, whatever was done since. */
	if (is_meant(arena, wish, file->rota->id))
		return file->in_force != NULL && strcmp(hash, file->in_force) == 0 ? APPLY_SAME
										   : APPLY_SENT;
	/* The same bytes as the region file brought last, or as are in force: to send them again
	 * could only undo somebody's work. */
	if (strcmp(hash, show_text(file->known, "filed")) == 0 ||
	    (file->in_force != NULL && strcmp(hash, file->in_force) == 0))
		return APPLY_SAME;
	if (!changed)
		return APPLY_SENT;
	return wish->keep ? APPLY_KEPT : APPLY_REFUSED;
}

/* Fills in all of ${file} but its fate from what the server says of its rota. */
static void
describe(struct arena *arena, const struct apply_region *of, const struct region_rota *rota,
    struct apply_file *file)
{
	*file = (struct apply_file){.rota = rota,
	    .path = beside(arena, of->path, rota->path),
	    .known = find(json_object_get(of->answer, "files"), "rota", rota->id)};
	file->in_force = json_string_value(json_object_get(file->known, "in_force"));
}

int
apply_files_compare(struct arena *arena, const struct apply_region *of,
    const struct apply_wish *wish, struct apply_files *out)
{
	struct apply_file *items = arena_array(arena, of->region->nrotas + 1, sizeof *items);
	/* All files are judged before the command ends, so that a person learns of every unreadable
	 * file at once. */
	int status = EXIT_FINE;
	bool absent;

	*out = (struct apply_files){.items = items};
	for (uint32_t i = 0; i < of->region->nrotas; i++) {
		const struct region_rota *rota = &of->region->rotas[i];
		struct apply_file *file = &items[out->count];
		const char *hash;

		if (!has_file(rota))
			continue;
		describe(arena, of, rota, file);
		/* The digest first: where nothing has changed, the file need not be read as a
		 * calendar. */
		hash = hash_file(arena, file->path, &absent);
		if (hash != NULL) {
			file->fate = judge(arena, file, hash, wish);
			/* An upload may have filled the rota, so that the file was never here. With
			 * another source it is needed, since the bytes in force end with the old
			 * source. */
		} else if (absent && file->in_force != NULL &&
			   is_same_source(of->answer, rota->id)) {
			file->fate = APPLY_ABSENT;
		} else {
			fprintf(stderr,
			    "%s: it cannot be opened, or is larger than 10 MiB\n"
			    "crisiscover: rota %s: its file cannot be used\n",
			    file->path, rota->id);
			status = EXIT_INPUT_REFUSED;
		}
		out->count++;
		out->sent += file->fate == APPLY_SENT;
		out->refused += file->fate == APPLY_REFUSED;
	}
	return status;
}

/* Counts the entries that are not over yet: the past is of no use in a preview. */
static void
count_entries(struct apply_file *file, const struct reading *reading, int64_t now)
{
	for (size_t i = 0; i < reading->noccurrences; i++) {
		const struct reading_occurrence *one = &reading->occurrences[i];

		/* Noise and cancelled entries are no entries to a person who counts shifts. */
		if (one->end <= now || one->class == READING_NOISE ||
		    one->class == READING_CANCELLED)
			continue;
		file->ahead++;
		file->counts += one->class == READING_NAMED || one->class == READING_TEAM;
		file->doubtful += one->class == READING_UNDECIDED ||
				  one->class == READING_TENTATIVE ||
				  one->class == READING_UNREADABLE;
	}
}

/* Reads the rota's file as the server will. Findings go to stderr; a refusal stops the whole. */
static int
check_file(const struct region *region, struct apply_file *file)
{
	struct arena *arena = arena_new(0);
	struct reading_options options;
	struct reading reading = {.refused = false};
	int status;

	status = rules_of(arena, region, file->rota, &options);
	/* The window of the server, so that what is counted here is what it will read. */
	rota_window(show_london(), clock_wall(), &options.from, &options.until);
	if (status == EXIT_FINE)
		status = sealed_read(arena, file->path, &options, &reading);
	if (status == EXIT_FINE && reading.refused)
		status = EXIT_INPUT_REFUSED;
	/* Only the reason for a refusal. The other findings come from the server, with what is
	 * decided there taken into account. */
	for (size_t i = 0; status != EXIT_FINE && i < reading.nfindings; i++)
		if (reading.findings[i].level == FINDING_REFUSED)
			grid_print_refusal(
			    file->path, file->rota->id, &reading, &reading.findings[i]);
	if (status == EXIT_FINE)
		count_entries(file, &reading, clock_wall());
	arena_free(arena);
	return status;
}

int
apply_files_check(const struct region *region, struct apply_files *files)
{
	int status = EXIT_FINE, one;

	for (unsigned i = 0; i < files->count; i++) {
		struct apply_file *file = &files->items[i];

		/* Only files that will be sent: what is in force has been read by the server
		 * before. */
		if (file->fate != APPLY_SENT)
			continue;
		one = check_file(region, file);
		if (one == EXIT_FINE)
			continue;
		fprintf(stderr, "crisiscover: rota %s: its file cannot be used\n", file->rota->id);
		/* The first fault does not end the loop: a person wants to know of all of them. */
		status = one;
	}
	return status;
}

static void
print_conflict(const struct apply_file *file)
{
	printf("conflict rota:%s:file: import %lld was %s by %s (%s) since the file was applied; "
	       "%s\n",
	    file->rota->id, (long long)json_integer_value(json_object_get(file->known, "import")),
	    file->in_force != NULL ? "put in force or taken back" : "taken back",
	    show_text(file->known, "by"), show_text(file->known, "at"),
	    file->fate == APPLY_KEPT ? "it stays" : "the file would overwrite it");
}

void
apply_files_print(const struct apply_files *files)
{
	for (unsigned i = 0; i < files->count; i++) {
		const struct apply_file *file = &files->items[i];

		if (file->fate == APPLY_KEPT || file->fate == APPLY_REFUSED)
			print_conflict(file);
		else if (file->fate == APPLY_ABSENT)
			/* To standard error, since nothing about it changes; standard output says
			 * what does. */
			fprintf(stderr,
			    "warning: %s is not there: what is in force on rota %s stays\n",
			    file->path, file->rota->id);
		else if (file->fate == APPLY_SENT)
			printf("~ file %s: %s; %u coming entries: %u count, %u are undecided\n",
			    file->rota->id,
			    file->in_force == NULL ? "its first"
						   : "takes the place of what is in force",
			    file->ahead, file->counts, file->doubtful);
	}
}

static int
wait_for(const char *rota, long long id)
{
	json_t *import = NULL;
	int status = preview_wait(id, &import);

	if (status != EXIT_FINE)
		return status;
	grid_print_findings(rota, json_object_get(import, "findings"));
	/* Applied by the server itself, or left to a person because it would open a gap: then the
	 * whole command has failed in part, and says so. */
	if (strcmp(show_text(import, "state"), "applied") != 0) {
		fprintf(stderr, "crisiscover: rota %s: its file was not applied: %s\n", rota,
		    show_text(import, "why"));
		status = EXIT_INPUT_REFUSED;
	}
	json_decref(import);
	return status;
}

/* The preview of one file, printed. Nothing of it stays on the server. */
static int
preview_one(const struct apply_file *file)
{
	json_t *import = NULL;
	long long id;
	int status = upload(
	    /* "look" is in no list and cannot be confirmed; the server removes it if this command
	     * dies before it is discarded. */
	    &(struct upload){.rota = file->rota->id, .file = file->path, .mode = "look"}, &id);

	if (status != EXIT_FINE)
		return status;
	status = preview_wait(id, &import);
	if (status == EXIT_FINE && strcmp(show_text(import, "state"), "preview") == 0) {
		printf("~ file %s, if it were put in force now:\n", file->rota->id);
		preview_print_effect(import, "    ");
	}
	/* Also after a failure: else it would stay until the server's daily round. */
	preview_discard(id);
	json_decref(import);
	return status;
}

int
apply_files_preview(const struct apply_files *files)
{
	int status = EXIT_FINE, one;

	for (unsigned i = 0; i < files->count; i++) {
		const struct apply_file *file = &files->items[i];

		if (file->fate != APPLY_SENT)
			continue;
		/* A preview is an import of a rota, and the rota does not exist before the region
		 * is applied. */
		if (file->known == NULL) {
			printf("~ file %s: its gaps cannot be told before the rota is there\n",
			    file->rota->id);
			continue;
		}
		one = preview_one(file);
		status = one != EXIT_FINE ? one : status;
	}
	return status;
}

/* All files are sent before the first is waited for: the server reads them side by side. */
int
apply_files_send(struct arena *arena, const struct apply_files *files)
{
	long long *ids = arena_array(arena, files->count + 1, sizeof *ids);
	int status = EXIT_FINE, one;
	unsigned done = 0;

	for (unsigned i = 0; status == EXIT_FINE && i < files->count; i++) {
		const struct apply_file *file = &files->items[i];

		if (file->fate == APPLY_SENT)
			status = upload(&(struct upload){.rota = file->rota->id,
					    .file = file->path,
					    .mode = "now",
					    /* The bytes that this command has seen in force. If
					     * somebody has changed it meanwhile, the server
					     * refuses. */
					    .over = file->in_force ? file->in_force : "none",
					    .patience_ms = PATIENCE_MS},
			    &ids[i]);
	}
	for (unsigned i = 0; i < files->count; i++) {
		/* Not sent: the same as in force, or an earlier one has failed. */
		if (ids[i] == 0)
			continue;
		one = wait_for(files->items[i].rota->id, ids[i]);
		status = one != EXIT_FINE ? one : status;
		/* A counter is for people who wait; in a log it would be noise. */
		if (isatty(STDERR_FILENO))
			fprintf(stderr, "\r%u files read ", ++done);
	}
	return status;
}
