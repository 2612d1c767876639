/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/ask/ask.h"

/* Whether the asker is given the whole region file as it is. */
bool region_part_is_whole(const struct ask *ask);

/* The region file as the asker may see it, for free(): objects of its places, and work phones where
 * it may ring them. */
char *region_part(const struct ask *ask);
