/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/base/arena.h"
#include "server/base/vec.h"

#define MIGRATE_SHA256_BYTES 32

struct migrate_file {
	int version; /* the number it begins with */
	const char *name;
	const char *sql;
	unsigned char sha256[MIGRATE_SHA256_BYTES];
};

struct migrate_files {
	VEC(struct migrate_file) list; /* ascending */
};

/* Reads every migration of ${directory} into ${arena}. False, with the reason on stderr, if one is
 * misnamed or cannot be read, two have one number, or there is none. */
bool migrate_files_read(struct arena *arena, const char *directory, struct migrate_files *files);

/* The line (from 1) of character number ${position} (from 1) of ${sql}. */
unsigned migrate_line_of_position(const char *sql, unsigned position);

/* The line on which statement number ${statement} (from 0) of ${sql} begins. */
unsigned migrate_line_of_statement(const char *sql, unsigned statement);
