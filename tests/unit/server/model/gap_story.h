/* SPDX-License-Identifier: MIT */
#pragma once

#include "server/model/gap.h"

/*
 * A map as text, one letter an hour: C covered, . not commissioned; G gap (silent), N gap (nobody),
 * S short, U unknown (undecided), X unknown (source not confirmed), P unknown (past the horizon), Z
 * gap (no source), R unknown (never read).
 */
#define MINUTE 60
#define HOUR 3600
#define DAY (24 * HOUR)
#define GAPS_MAX 64

/* The spans of ${map}, whose first letter stands for the hour that begins at ${from}. */
struct cover_spans story_spans(struct arena *arena, const char *map, int64_t from);

/* ${n} times ${letter}; ${middle} after ${covered} hours and before cover until ${until}. */
const char *story_run(struct arena *arena, char letter, size_t n);
const char *story_map(struct arena *arena, size_t covered, const char *middle, size_t until);

/* A demand whose gaps live on from step to step, as the database keeps them. */
struct story {
	struct arena *arena;
	struct gap gaps[GAPS_MAX];
	size_t ngaps;
	struct gap filled[GAPS_MAX]; /* closed recently, and not passed */
	size_t nfilled;
	int64_t alarmed[2 * GAPS_MAX]; /* by number of the id: when it was told as opened last */
	int ids;
	struct gap_policy policy;
	int64_t next;
	const char *rota; /* of the blame; NULL: nothing is grouped */
};

extern const struct region_alert story_ladder[3];

int story_setup(void **state);
int story_teardown(void **state);
#define TEST(name) cmocka_unit_test_setup_teardown(name, story_setup, story_teardown)

/* The open gap ${id}; the test fails if there is none. */
struct gap *story_gap(struct story *story, const char *id);

/* The findings of a sweep at ${now} (seconds), and the steps. */
struct gap_steps story_match(
    const struct story *story, const char *map, int64_t from, int64_t now, struct gap_holes *found);

/* One look at the map at ${now} (seconds); the steps as text, already applied. */
const char *story_look_at(struct story *story, const char *map, int64_t from, int64_t now);

/* The same in hours. */
const char *story_look(struct story *story, const char *map, int64_t from, int64_t now);
