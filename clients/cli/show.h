/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdio.h>

#include "server/base/zone.h"

/* Printing for people: columns that line up whatever the letters, times as London says them. */

/* The machine's Europe/London, read once; ends the command if the tz database is missing. */
const struct zone *show_london(void);
const struct zonedb *show_zones(void);

/* ${utc} of an RFC 3339 string member ${key} as "Sun 22 Nov 03:10"; "" if absent. Static ring of
 * eight. */
const char *show_time(const json_t *object, const char *key);
const char *show_instant(int64_t utc);

/* A string member, or "". */
const char *show_text(const json_t *object, const char *key);

/* Beside a requirement of a starter pack that nobody has confirmed. */
#define SHOW_TEMPLATE "template, not a commissioned standard"

/* ${text} padded with blanks to ${width} columns (never cut), then two blanks. */
void show_cell(const char *text, unsigned width);

/* The "notices" of an answer: what it does not say by itself, if it is empty. */
void show_notices(const json_t *answer);

/* The "warnings" of an answer, one a line under a heading that says they are no gaps; nothing if
 * there are none. */
void show_warnings(const json_t *answer);

/* The map that the answer was made from: its version, its time, and how far it may be relied on. */
void show_map_age(const json_t *answer);

/* ${json} in one line, or as the server sent it; newline at the end. */
void show_json(const json_t *json);
