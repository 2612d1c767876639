/* SPDX-License-Identifier: MIT */
#pragma once

#include "clients/cli/watch_place.h"

/* The file of watch --state: the last flag that was acted on, one line. */

/* Puts what the file says into ${place}. Without such a file ${place} stays as it is; a file that
 * holds no place is reported on stderr, and then ignored. */
void watch_state_read(const char *path, struct watch_place *place);

/*
 * Writes ${place} to the file. Call it after a flag was acted on, never before: after a crash in between the flag
 * is acted on twice, which subscribers must tolerate; the other order would lose it. An error is reported on
 * stderr, and watching continues.
 */
void watch_state_write(const char *path, const struct watch_place *place);
