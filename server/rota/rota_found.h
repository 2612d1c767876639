/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>

#include "calendars/reading.h"

/*
 * What a refused grid has, for the one who must say which part of it is the rota's: its layout, columns, rows and
 * codes; "own", the one that has the rota's name, or null; and "propose", the rota's reading.grid with that. What a
 * person must fill in there is "?" or "HH:MM", which no rota can have. NULL: ${found} is NULL.
 */
json_t *rota_found_json(const struct reading_found *found);
