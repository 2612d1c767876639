/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/map/sessions.h"

/*
 * A file in the state directory with the ids of sessions that have ended, written as soon as this machine learns
 * of it. The last-good file is written only some seconds later. A process that starts in between, while the
 * database is away, must not take an ended session for a valid one.
 */

/* The file's name in ${directory}; free with free(). */
char *ended_sessions_path(const char *directory);

/* Adds one line, without waiting for the disk. */
void ended_sessions_note(const char *path, const char *id);

/* Ends those of ${sessions} that the file names. Blocks, so it is called only at the start. */
void ended_sessions_read(const char *path, struct sessions *sessions);

/* Removes all but the newest lines of a long file. Blocks, so it is called only at the start, by the process that
 * writes the file. */
void ended_sessions_trim(const char *path);
