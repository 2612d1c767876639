/* SPDX-License-Identifier: MIT */
#pragma once

#include <jansson.h>
#include <stdio.h>

#include "server/base/text.h"
#include "server/base/zone.h"

/* Printing for people: columns that align for all scripts, and times by the clocks of London. */

/* The machine's Europe/London, read once; ends the command if the tz database is missing. */
const struct zone *show_london(void);
const struct zonedb *show_zones(void);

/* The RFC 3339 member ${key} as "Sun 22 Nov 03:10"; "" if absent. Static memory, one of eight buffers in turn, so
 * that one printf() may have several times. */
const char *show_time(const json_t *object, const char *key);
const char *show_instant(int64_t utc);

/* A string member, or "". */
const char *show_text(const json_t *object, const char *key);

/* What came of ringing, as the server names it, for people: "NO ANSWER". */
const char *show_outcome(const char *outcome);

/* The telephone number ${key} as people in Britain dial it; "" if absent. Static memory, one of four buffers in turn. */
const char *show_phone(const json_t *object, const char *key);

/* Appends how ${ring} is rung, of an answer: "01632 960456 ext 4421, bleep 0667", or ${otherwise} where there is
 * nothing to ring. */
void show_ring(struct buf *words, const json_t *ring, const char *otherwise);

/* Printed beside a requirement of a starter pack that nobody has confirmed. */
#define SHOW_TEMPLATE "template, not a commissioned standard"

/* ${text} padded with blanks to ${width} columns (never cut), then two blanks. */
void show_cell(const char *text, unsigned width);

/* Prints the "notices" of an answer, which explain why it may be empty. */
void show_notices(const json_t *answer);

/* Prints the "warnings" of an answer, one a line, under a heading that says that they are not gaps; nothing if
 * there are none. */
void show_warnings(const json_t *answer);

/* Prints the version and the age of the map that the answer was made from, and whether it can be relied on. */
void show_map_age(const json_t *answer);

/* Prints ${json} in one line. */
void show_json(const json_t *json);
/* The same of JSON that is not parsed. */
void show_json_text(struct slice json);
