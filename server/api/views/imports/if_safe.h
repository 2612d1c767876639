/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/context.h"

/*
 * Puts imports of mode "if-safe" in force by itself, if nothing is against it (imports/import_judge.h). An import
 * that would open a gap soon is left for a person, with the reason. It runs in the keeper of a
 * machine; if several machines try at the same time, the database accepts the first.
 */
struct if_safe;
struct if_safe *if_safe_open(struct api *api);
void if_safe_close(struct if_safe *if_safe); /* NULL: nothing */
