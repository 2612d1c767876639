/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/api/context.h"

/*
 * Puts previews of mode if_safe in force once nothing is found against them (views/import_judge.h);
 * one that would open a gap soon is left for a person, and says why. For the first api process of a
 * machine; several machines may try at once, and the database takes the first.
 */
struct if_safe;
struct if_safe *if_safe_open(struct api *api);
void if_safe_close(struct if_safe *if_safe); /* NULL: nothing */
