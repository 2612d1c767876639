/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/feeds/feeds_env.h"

/* Reads files that were sent in: claims them, and makes of each a preview, or what is in force, or
 * a refusal. A few at a time, in the order they came. */
struct imports;

struct imports *imports_new(const struct feeds_env *env);
void imports_free(struct imports *imports); /* what is under way is cancelled */

/* Somebody says that a file may have come. */
void imports_look(struct imports *imports);
