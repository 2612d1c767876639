/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "server/base/text.h"

/* Lists of keys of a region file, as region_change.what has them: "name, phone". Keys have neither
 * commas nor blanks. */

/* The first key of ${list}, which goes on to the next one; of an empty list an empty slice. */
struct slice region_keys_next(const char **list);

/* Whether ${list} has ${key}. */
bool region_keys_has(const char *list, struct slice key);

/* Whether ${list} has every key of ${keys}; NULL has none. */
bool region_keys_all(const char *list, const char *keys);
