/* SPDX-License-Identifier: MIT */
#pragma once

#include "calendars/reading.h"

/* The beginning that most tests of readings share. */

/* The machine's zones, opened once a process. */
const struct zonedb *support_zones(void);

/* One name for each kind of team that the lexicon knows, in its order; NULL-terminated. */
#define SUPPORT_CREWS 8
extern const char *const support_every_crew[SUPPORT_CREWS + 1];

/* Options for a London rota of every kind over 2026 with the people of a small directory. */
struct reading_options support_options(void);

/* Fails unless what is kept of the calendar ${bytes} (calendars/kept.h) reads as ${reading}, in everything. */
void support_kept(
    const struct reading_options *options, struct slice bytes, const struct reading *reading);

/* What is kept of the roster ${bytes} (kept_roster_make()), in ${arena}; "" if all of it is. Fails unless that says the same,
 * is kept as it is, and puts nobody on duty in a rota who was not before. */
const char *support_kept_roster(
    struct arena *arena, const struct reading_options *options, struct slice bytes);

/* Reads ${text}; lives in ${arena}. Fails unless what is kept of it reads the same. */
struct reading support_read_twice(
    struct arena *arena, const struct reading_options *options, const char *text);

/* Reads ${text}; lives in ${arena}. Of every fourth text as support_read_twice(); with CRISISCOVER_ROUNDS of
 * more than 1 in the environment, of each. */
struct reading support_read(
    struct arena *arena, const struct reading_options *options, const char *text);

/* The same for one event: ${lines} between BEGIN:VEVENT and END:VEVENT, with UID:a. */
struct reading support_event(
    struct arena *arena, const struct reading_options *options, const char *lines);

/* "20260701T080000Z-20260701T160000Z a named;…" of all occurrences that are not cancelled. */
const char *support_list(struct arena *arena, const struct reading *reading);

/* "0701T0800 named;…": when each occurrence begins, in UTC, and what it counts as. */
const char *support_classes(struct arena *arena, const struct reading *reading);

/* "0701T0800-0701T1600 named;…": the same with when each ends. */
const char *support_spans(struct arena *arena, const struct reading *reading);

/* Whether a finding of ${uid} (NULL: any) has ${words} in its text. */
bool support_finding(const struct reading *reading, const char *uid, const char *words);

/* "20260701T080000Z" to an instant. */
int64_t support_instant(const char *text);

/* The options with which rosters are read whose dates are dd/mm. */
struct reading_options support_roster_options(void);

/* The reading of a roster's rows: its classes ("refused": none of it), and words of a finding
 * (NULL: there must be none). */
struct support_want {
	const char *rows, *classes, *finding;
};

/* Fails unless each of the rosters, ${head} and its rows, is read as it must be. */
void support_try(const char *head, const struct support_want *wants, size_t count,
    const struct reading_options *options);
