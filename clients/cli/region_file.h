/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/base/arena.h"
#include "server/base/text.h"
#include "server/model/region.h"

/*
 * Reads the region file ${path}; faults and warnings go to stderr with their JSON path. EXIT_FINE,
 * or EXIT_INPUT_REFUSED. The text itself goes to ${text} (in ${arena}) unless that is NULL.
 */
int region_file_read(
    struct arena *arena, const char *path, const struct region **region, struct slice *text);
