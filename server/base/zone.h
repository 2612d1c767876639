/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/base/arena.h"
#include "server/base/status.h"

/*
 * A time zone as a value: a sorted list of transitions and a rule for the years after the last.
 * Immutable once made. Conversion is ours because libraries differ where it matters most
 * (calendars/README.md, "Time").
 *
 * These rules are made here, once, for calendars and for the map:
 *   a local time that does not exist is read with the offset before the gap (RFC 5545 3.3.5): 01:30
 * on the spring night is 01:30Z; a local time that exists twice is the first of the two.
 */
struct zone;

enum zone_fit { ZONE_EXACT, ZONE_IN_GAP, ZONE_IN_FOLD };

/* Reads TZif (RFC 8536, version 2 or later, footer included) of ${len} bytes. The zone lives in
 * ${arena}; ${name} is copied. STATUS_MALFORMED if the bytes are no such file. */
MUST_USE enum status zone_parse(
    struct arena *arena, const char *name, const void *tzif, size_t len, const struct zone **out);

/* A zone from explicit transitions, ascending by utc: from each instant on, local = utc + offset.
 * Before the first,
 * ${initial_offset}. Copied into ${arena}. For the VTIMEZONE of a calendar. */
struct zone_step {
	int64_t utc;
	int32_t offset;
};
const struct zone *zone_of_steps(struct arena *arena, const char *name, int32_t initial_offset,
    const struct zone_step *steps, size_t count);

/* UTC itself. Static. */
const struct zone *zone_utc(void);

const char *zone_name(const struct zone *zone);

/* The offset (seconds east of UTC) in force at the instant ${utc}, and the abbreviation ("GMT",
 * "BST", "" if unknown). */
int32_t zone_offset(const struct zone *zone, int64_t utc);
const char *zone_abbreviation(const struct zone *zone, int64_t utc);

/* Wall clock at ${utc}; the instant of wall clock ${local}, by the rule above. ${fit} may be NULL. */
int64_t zone_local(const struct zone *zone, int64_t utc);
int64_t zone_instant(const struct zone *zone, int64_t local, enum zone_fit *fit);

/*
 * A stretch of time in which the clock does not change, for callers that convert many times
 * near each other. No offset is more than a day: a wall clock that is a day or more inside both
 * ends, read as if it were an instant, is the instant ${local} - offset, and no other.
 */
struct zone_steady {
	int64_t from, until; /* may lie closer together than they could */
	int32_t offset;
};
struct zone_steady zone_steady(const struct zone *zone, int64_t utc);

/* "Sun 28 Mar 2027 03:10 BST". */
#define ZONE_TEXT_MAX 64
void zone_text(const struct zone *zone, int64_t utc, char out[ZONE_TEXT_MAX]);

/*
 * Every zone of the machine's tz database, read once at start (no file is opened afterwards, so a
 * sealed process can still find zones). Names are matched exactly, then without regard to ASCII
 * case.
 */
struct zonedb;

/* Reads all of ${directory} (usually /usr/share/zoneinfo). STATUS_GONE if there is no such
 * directory or no Europe/London in it. Free with zonedb_free. The only function here that does I/O.
 */
MUST_USE enum status zonedb_open(const char *directory, struct zonedb **out);
void zonedb_free(struct zonedb *zonedb);

const struct zone *zonedb_find(
    const struct zonedb *zonedb, const char *name);      /* NULL: no such zone */
const char *zonedb_version(const struct zonedb *zonedb); /* "2026f", or "unknown" */

/* Of all rules of all zones: two databases that differ in one clock change differ here, whatever
 * they call themselves. */
uint64_t zonedb_fingerprint(const struct zonedb *zonedb);
