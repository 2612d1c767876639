/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/feeds/feeds_env.h"

/* Reads uploaded files: claims them, a few at a time in the order in which they came, and makes of each a
 * preview, a reading in force, or a refusal. */
struct imports;

struct imports *imports_new(const struct feeds_env *env);
void imports_free(struct imports *imports); /* what is under way is cancelled */

/* To be called when a file may have come: looks for files to claim. */
void imports_look(struct imports *imports);
