/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/* Whether the account may see the whole region file. */
bool region_part_is_whole(const struct ask *ask);

/* The part of the region file that the account may see: objects of its places, and only those work phones that
 * it may use. Free with free(). */
char *region_part(const struct ask *ask);
