/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

#include "server/map/sessions.h"

/*
 * Sessions that have ended, noted in the state directory as soon as this machine hears of it. The
 * last-good file is written some seconds later: a process that starts in between, while the
 * database is away, must not take an ended session for a valid one.
 */

/* The file's name in ${directory}; free with free(). */
char *ended_sessions_path(const char *directory);

/* Adds one line. The disk is not waited for. */
void ended_sessions_note(const char *path, const char *id);

/* Ends those of ${sessions} that the file names. For the start: blocks. */
void ended_sessions_read(const char *path, struct sessions *sessions);

/* Drops all but the newest lines of a file that has grown long. For the start of the process that
 * writes it: blocks. */
void ended_sessions_trim(const char *path);
