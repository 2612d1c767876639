/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region_conflict.h"

/*
 * A region file in which the parts in conflict stay as they are in force. Both documents are JSON
 * in which region_read() found no fault. Read the result again: what is kept may refer to things
 * that the file removes.
 */
struct slice region_keep(struct arena *arena, struct slice file, struct slice in_force,
    const struct region_conflicts *kept);
