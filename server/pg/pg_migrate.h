/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/*
 * Brings the database of ${conninfo} (a login that owns it) up to the newest file of ${directory}:
 * NNNN_words.sql, in order, each in one transaction, under a lock that makes a second run wait. The
 * migrations that were applied are in crisiscover.migration with their SHA-256; a file that has
 * changed since, is missing, or comes late, a database newer than the files, and one that began
 * with another file, are refused before anything is done. With ${dry_run} only says what it would
 * do. For commands: it blocks, and talks on stderr.
 *
 * 0: the database is as the files want it (or, dry, could be made so); 1: it is not, and stderr
 * says why, naming file and line.
 */
int pg_migrate_run(const char *conninfo, const char *directory, bool dry_run);
