/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/base/hash.h"
#include "server/base/vec.h"
#include "server/base/zone.h"

#define ZONE_FILE_MAX_BYTES ((size_t)64 * 1024)
/* America/Argentina/Buenos_Aires is the deepest. A link to a folder above it would go round without
 * end. */
#define DEPTH_MAX 4

struct zonedb {
	struct arena *arena;
	const char *version;
	uint64_t fingerprint;           /* the sum of its files: they come in any order */
	VEC(const struct zone *) zones; /* sorted without regard to case, then exactly */
};

static int
by_name(const void *a, const void *b)
{
	const char *left = zone_name(*(const struct zone *const *)a);
	const char *right = zone_name(*(const struct zone *const *)b);
	int order = strcasecmp(left, right);

	return order != 0 ? order : strcmp(left, right);
}

/* Copies of the same zones for other purposes, and names that mean another zone on each machine. */
static bool
is_skipped(const char *name)
{
	static const char *const names[] = {"posix", "right", "localtime", "posixrules", "Factory"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	/* Hidden files, and the folder itself and the one above it. */
	return name[0] == '.';
}

static void
load_file(struct zonedb *db, const char *path, const char *name)
{
	const struct zone *zone;
	char *bytes;
	size_t len;

	if (file_read(path, ZONE_FILE_MAX_BYTES, &bytes, &len) != STATUS_OK)
		return;
	/* The folder holds tables and notes as well: what is no zone is passed over. */
	if (zone_parse(db->arena, name, bytes, len, &zone) == STATUS_OK) {
		*VEC_PUSH(db->arena, &db->zones) = zone;
		/* The files themselves and not the version: distributions correct zones without a
		 * new one. */
		db->fingerprint += hash_bytes(hash_text(HASH_START, name), bytes, len);
	}
	free(bytes);
}

static void
load_folder(struct zonedb *db, const char *folder, const char *prefix, int depth)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL) {
		const char *path;
		const char *name;
		struct stat st;

		if (is_skipped(entry->d_name))
			continue;
		path = arena_printf(db->arena, "%s/%s", folder, entry->d_name);
		name = arena_printf(db->arena, "%s%s", prefix, entry->d_name);
		/* stat() and not d_type: many names are symbolic links to others. */
		if (stat(path, &st) != 0)
			continue;
		if (S_ISREG(st.st_mode))
			load_file(db, path, name);
		else if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
			load_folder(db, path, arena_printf(db->arena, "%s/", name), depth + 1);
	}
	closedir(dir);
}

static const char *
find_version(struct arena *arena, const char *directory)
{
	const char *version = "unknown";
	char *path = arena_printf(arena, "%s/tzdata.zi", directory);
	char word[32];
	/* tzdata.zi is not installed everywhere; its first line is "# version 2026a". */
	FILE *file = fopen(path, "re");

	if (file == NULL)
		return version;
	if (fscanf(file, "# version %31s", word) == 1)
		version = arena_strdup(arena, word);
	fclose(file);
	return version;
}

enum status
zonedb_open(const char *directory, struct zonedb **out)
{
	struct zonedb *db = xcalloc(1, sizeof *db);

	db->arena = arena_new(0);
	load_folder(db, directory, "", 0);
	if (db->zones.count > 0)
		qsort(db->zones.items, db->zones.count, sizeof *db->zones.items, by_name);
	/* Without it the folder is no tz database, or not the whole of one. */
	if (zonedb_find(db, "Europe/London") == NULL) {
		zonedb_free(db);
		return STATUS_GONE;
	}
	db->version = find_version(db->arena, directory);
	*out = db;
	return STATUS_OK;
}

void
zonedb_free(struct zonedb *zonedb)
{
	if (zonedb == NULL)
		return;
	arena_free(zonedb->arena);
	free(zonedb);
}

/* No two zones of the tz database differ in case alone. */
static int
compare_name(const void *name, const void *item)
{
	return strcasecmp(name, zone_name(*(const struct zone *const *)item));
}

const struct zone *
zonedb_find(const struct zonedb *zonedb, const char *name)
{
	const struct zone *const *found = NULL;

	if (zonedb->zones.count > 0)
		found = bsearch(name, zonedb->zones.items, zonedb->zones.count,
		    sizeof *zonedb->zones.items, compare_name);
	return found != NULL ? *found : NULL;
}

const char *
zonedb_version(const struct zonedb *zonedb)
{
	return zonedb->version;
}

uint64_t
zonedb_fingerprint(const struct zonedb *zonedb)
{
	return zonedb->fingerprint;
}
