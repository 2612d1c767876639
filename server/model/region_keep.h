/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/region_conflict.h"

/*
 * A region file with what stays as it is in force. Both documents are JSON that region_read has
 * found no fault with; the answer has still to be read, since what is kept may rest on what the
 * file takes away.
 */
struct slice region_keep(struct arena *arena, struct slice file, struct slice in_force,
    const struct region_conflicts *kept);
