/* SPDX-License-Identifier: MIT */
#include "server/pg/pg_migrate_files.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/file.h"
#include "server/base/text.h"

#define FILE_MAX ((size_t)4 * 1024 * 1024)

static bool
is_migration(const char *name)
{
	size_t len = strlen(name);

	/* Editors leave hidden copies beside the file that is being edited. Other files, such as
	 * README.md, are ignored. */
	return name[0] != '.' && len > 4 && strcmp(name + len - 4, ".sql") == 0;
}

/* NNNN_words.sql: its number, or 0. */
static int
version_of(const char *name)
{
	size_t digits = strspn(name, "0123456789"),
	       words = strspn(name + digits, "abcdefghijklmnopqrstuvwxyz0123456789_");

	/* One form, so that the order of names is the order of numbers. */
	if (digits != 4 || name[4] != '_' || words < 2 ||
	    strcmp(name + digits + words, ".sql") != 0)
		return 0;
	return atoi(name);
}

static bool
read_one(struct arena *arena, const char *directory, const char *name, struct migrate_file *file)
{
	const char *path = arena_printf(arena, "%s/%s", directory, name);
	char *bytes;
	size_t len;

	file->version = version_of(name);
	if (file->version == 0) {
		fprintf(stderr,
		    "%s: a migration is named NNNN_words.sql, from 0001, in small letters\n", path);
		return false;
	}
	if (file_read(path, FILE_MAX, &bytes, &len) != STATUS_OK) {
		fprintf(stderr, "%s: could not be read, or is over 4 MB\n", path);
		return false;
	}
	/* libpq takes the file as a string, and would silently stop at a NUL. */
	if (!text_utf8_valid(bytes, len)) {
		fprintf(stderr, "%s: is not UTF-8, or has a NUL in it\n", path);
		free(bytes);
		return false;
	}
	/* Kept in the database: a file that was changed after it was applied is found by its
	 * hash. */
	crypto_hash_sha256(file->sha256, (const unsigned char *)bytes, len);
	file->name = arena_strdup(arena, name);
	file->sql = arena_strndup(arena, bytes, len);
	free(bytes);
	return true;
}

static int
by_version(const void *a, const void *b)
{
	const struct migrate_file *one = a, *other = b;

	return (one->version > other->version) - (one->version < other->version);
}

/* Two branches may have taken the same number. Which of the two came first would differ between
 * databases. */
static bool
are_distinct(const struct migrate_files *files, const char *directory)
{
	for (size_t i = 1; i < files->list.count; i++) {
		if (files->list.items[i].version == files->list.items[i - 1].version) {
			fprintf(stderr, "%s: %s and %s have the same number\n", directory,
			    files->list.items[i - 1].name, files->list.items[i].name);
			return false;
		}
	}
	return true;
}

bool
migrate_files_read(struct arena *arena, const char *directory, struct migrate_files *files)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	bool fine = true;

	if (dir == NULL) {
		fprintf(stderr, "%s: could not be opened: %s\n", directory, strerror(errno));
		return false;
	}
	while (fine && (entry = readdir(dir)) != NULL) {
		if (is_migration(entry->d_name))
			fine = read_one(
			    arena, directory, entry->d_name, VEC_PUSH(arena, &files->list));
	}
	closedir(dir);
	if (!fine)
		return false;
	if (files->list.count == 0) {
		fprintf(stderr, "%s: there are no migrations (NNNN_words.sql) in it\n", directory);
		return false;
	}
	/* readdir() gives them in any order. */
	qsort(files->list.items, files->list.count, sizeof *files->list.items, by_version);
	return are_distinct(files, directory);
}
