/* SPDX-License-Identifier: MIT */
#pragma once

#include "clients/cli/watch_place.h"

/* The file of watch --state: the last flag that was acted on, one line. */

/* Puts what the file says into ${place}. Without such a file ${place} stays as it is; a file that
 * holds no place is reported on stderr, and then ignored. */
void watch_state_read(const char *path, struct watch_place *place);

/*
 * To be called after each flag that was acted on, and not before: a crash between the two acts on
 * one flag twice, which subscribers must bear, and on none never. A file that cannot be written is
 * reported on stderr; watching continues.
 */
void watch_state_write(const char *path, const struct watch_place *place);
