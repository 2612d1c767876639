/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/gap.h"
#include "tests/unit/server/model/dice.h"

/*
 * A map as text, one letter an hour: C covered, . not commissioned; G gap (silent), N gap (nobody),
 * S short, U unknown (undecided), X unknown (source not confirmed), P unknown (past the horizon), Z
 * gap (no source), R unknown (never read).
 */
#define HOUR 3600
#define DAY (24 * HOUR)
#define GAPS_MAX 64

static const struct {
	char letter;
	enum cover_state state;
	enum cover_cause cause;
	int32_t present;
} letters[] = {
    {'C', COVER_COVERED, CAUSE_NONE, 2},
    {'.', COVER_NOT_COMMISSIONED, CAUSE_NONE, 0},
    {'G', COVER_GAP, CAUSE_SILENT, 0},
    {'N', COVER_GAP, CAUSE_NOBODY, 0},
    {'S', COVER_SHORT, CAUSE_TOO_FEW, 1},
    {'U', COVER_UNKNOWN, CAUSE_UNDECIDED, 0},
    {'V', COVER_UNKNOWN, CAUSE_UNDECIDED, 1},
    {'X', COVER_UNKNOWN, CAUSE_SOURCE_UNKNOWN, 0},
    {'P', COVER_UNKNOWN, CAUSE_PAST_HORIZON, 0},
    {'R', COVER_UNKNOWN, CAUSE_NEVER_READ, 0},
    {'Z', COVER_GAP, CAUSE_NO_SOURCE, 0},
};

/* The spans of ${map}, whose first letter stands for the hour that begins at ${from}. */
static struct cover_spans
spans_of(struct arena *arena, const char *map, int64_t from)
{
	size_t n = strlen(map), i, j, count = 0;
	struct cover_span *spans = arena_array(arena, n, sizeof *spans);

	for (i = 0; i < n; i++) {
		if (i > 0 && map[i] == map[i - 1]) {
			spans[count - 1].end += HOUR;
			continue;
		}
		for (j = 0; letters[j].letter != map[i]; j++)
			assert_true(j + 1 < sizeof letters / sizeof *letters);
		spans[count++] = (struct cover_span){
		    .start = from + (int64_t)i * HOUR,
		    .end = from + (int64_t)(i + 1) * HOUR,
		    .state = letters[j].state,
		    .cause = letters[j].cause,
		    .present = letters[j].present,
		    .required = letters[j].state == COVER_NOT_COMMISSIONED ? 0 : 2,
		};
	}
	return (struct cover_spans){spans, count};
}

/* --- A demand whose gaps live on from step to step, as the database keeps them. --- */

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

static const struct region_alert ladder[] = {{"owner", 60}, {"deputy", 48}, {"commissioner", 0}};

static struct gap *
gap_by_id(struct story *story, const char *id)
{
	size_t i;

	for (i = 0; i < story->ngaps; i++)
		if (strcmp(story->gaps[i].id, id) == 0)
			return &story->gaps[i];
	fail_msg("there is no open gap %s", id);
	return NULL;
}

static void
note_alarm(struct story *story, struct gap *gap, int64_t now)
{
	int64_t *alarmed = &story->alarmed[atoi(gap->id + 1) % (2 * GAPS_MAX)];

	gap->quiet_until = *alarmed == 0 ? 0 : *alarmed + HOUR;
	*alarmed = now;
}

static void
fill(struct story *story, struct gap *gap, const struct gap_step *step, int64_t now)
{
	struct gap closed = *gap;

	*gap = story->gaps[--story->ngaps];
	if (step->passed)
		return;
	closed.closed_at = now == 0 ? 1 : now; /* 0 stands for open */
	closed.closing_held = step->held;
	assert_true(story->nfilled < GAPS_MAX);
	story->filled[story->nfilled++] = closed;
}

static struct gap *
unfill(struct story *story, const char *id)
{
	size_t i;

	for (i = 0; strcmp(story->filled[i].id, id) != 0; i++)
		assert_true(i + 1 < story->nfilled);
	assert_true(story->ngaps < GAPS_MAX);
	story->gaps[story->ngaps] = story->filled[i];
	story->filled[i] = story->filled[--story->nfilled];
	return &story->gaps[story->ngaps++];
}

/* As the database does with a step. */
static void
apply(struct story *story, const struct gap_step *step, int64_t now)
{
	struct gap *gap, was = {0};

	if (step->act == GAP_CLOSE) {
		fill(story, gap_by_id(story, step->id), step, now);
		return;
	}
	if (step->act == GAP_OPEN) {
		assert_null(step->id);
		assert_true(story->ngaps < GAPS_MAX);
		gap = &story->gaps[story->ngaps++];
		was.id = arena_printf(story->arena, "g%d", ++story->ids);
		story->alarmed[story->ids % (2 * GAPS_MAX)] = 0;
	} else {
		gap =
		    step->act == GAP_REOPEN ? unfill(story, step->id) : gap_by_id(story, step->id);
		was = *gap;
	}
	*gap = (struct gap){
	    .id = was.id,
	    .start = step->hole.start,
	    .end = step->hole.end,
	    .state = step->hole.state,
	    .cause = step->hole.cause,
	    .present = step->hole.present,
	    .required = step->hole.required,
	    .severity = step->severity,
	    .started = step->started,
	    .told = step->told,
	    .group = step->hole.group,
	    .rung = step->rung,
	    .acknowledged = was.acknowledged,
	    .acknowledged_as = was.acknowledged_as,
	    .quiet_until = was.quiet_until,
	};
	if (step->flag == GAP_FLAG_OPENED)
		note_alarm(story, gap, now);
}

static const char *
step_text(struct arena *arena, const struct gap_step *step)
{
	static const char *const acts[] = {"open", "change", "reopen", "close"};
	static const char *const flags[] = {"-", "opened", "changed", "started", "closed"};

	const char *rung = step->rung > 0 ? arena_printf(arena, " rung %d", step->rung) : "";

	return arena_printf(arena, "%s%s%s %lld-%lld %s %s %d/%d %s%s%s%s%s%s: %s\n",
	    acts[step->act], step->id ? " " : "", step->id ? step->id : "",
	    (long long)(step->hole.start / HOUR), (long long)(step->hole.end / HOUR),
	    cover_state_name(step->hole.state), cover_cause_name(step->hole.cause),
	    step->hole.present, step->hole.required, gap_severity_name(step->severity),
	    step->started ? " started" : "", step->told ? " told" : "", rung,
	    step->passed ? " passed" : "", step->held ? " held" : "", flags[step->flag]);
}

/* Every gap that the next look is given, as COVERAGE_STATE reads them. */
static struct gap *
all_gaps(const struct story *story, size_t *count)
{
	struct gap *all = arena_array(story->arena, story->ngaps + story->nfilled + 1, sizeof *all);

	memcpy(all, story->filled, story->nfilled * sizeof *all);
	memcpy(all + story->nfilled, story->gaps, story->ngaps * sizeof *all);
	*count = story->ngaps + story->nfilled;
	return all;
}

static struct gap_steps
match_at(
    const struct story *story, const char *map, int64_t from, int64_t now, struct gap_holes *found)
{
	struct span_time window = {from, from + (int64_t)strlen(map) * HOUR};
	struct gap_holes holes = gap_find(story->arena, spans_of(story->arena, map, from));
	const struct gap_rota rota = {.id = story->rota, .tier = 1};
	size_t count;
	struct gap *gaps = all_gaps(story, &count);

	if (story->rota != NULL)
		holes = gap_blame(story->arena, holes, (struct gap_rotas){&rota, 1});
	*found = holes;
	return gap_match(
	    story->arena, holes, gaps, count, &(struct gap_asked){now, window, &story->policy});
}

/* One look at the map at ${now} (seconds); the steps as text, already applied. */
static const char *
look_at(struct story *story, const char *map, int64_t from, int64_t now)
{
	struct gap_holes holes;
	struct gap_steps steps;
	const char *text = "";
	size_t i;

	for (i = story->nfilled; i > 0; i--)
		if (story->filled[i - 1].closed_at + GAP_REOPEN_SECONDS <= now)
			story->filled[i - 1] = story->filled[--story->nfilled];
	steps = match_at(story, map, from, now, &holes);

	for (i = 0; i < steps.count; i++)
		text = arena_printf(
		    story->arena, "%s%s", text, step_text(story->arena, &steps.items[i]));
	for (i = 0; i < steps.count; i++)
		apply(story, &steps.items[i], now);
	story->next = steps.next;
	return text;
}

/* The same in hours. */
static const char *
look(struct story *story, const char *map, int64_t from, int64_t now)
{
	return look_at(story, map, from * HOUR, now * HOUR);
}

static int
story_setup(void **state)
{
	struct arena *arena = arena_new(0);
	struct story *story = arena_alloc(arena, sizeof *story);

	story->arena = arena;
	story->policy.severity = REGION_SEVERITY_DEFAULT;
	*state = story;
	return 0;
}

static int
story_teardown(void **state)
{
	arena_free(((struct story *)*state)->arena);
	return 0;
}

/* --- Holes. --- */

static const char *
holes_text(struct arena *arena, const char *map)
{
	struct gap_holes holes = gap_find(arena, spans_of(arena, map, 0));
	const char *text = "";
	size_t i;

	for (i = 0; i < holes.count; i++)
		text = arena_printf(arena, "%s%s%lld-%lld %s %s %d", text, i > 0 ? ", " : "",
		    (long long)(holes.items[i].start / HOUR),
		    (long long)(holes.items[i].end / HOUR), cover_state_name(holes.items[i].state),
		    cover_cause_name(holes.items[i].cause), holes.items[i].present);
	return text;
}

static void
test_holes(void **state)
{
	static const char *const cases[][2] = {
	    {"", ""},
	    {"CCC...", ""},
	    {"CGGC", "1-3 gap silent 0"},
	    {"GGSSUU", "0-2 gap silent 0, 2-4 short too_few 1, 4-6 unknown undecided 0"},
	    /* One state, two causes: one hole with the more telling cause, the least present. */
	    {"GGNNGG", "0-6 gap nobody 0"},
	    {"CVVUUC", "1-5 unknown undecided 0"},
	    /* The hours end a hole of the rota's own making, and not one of the source's. */
	    {"CGG..GGC", "1-3 gap silent 0, 5-7 gap silent 0"},
	    {"XX..XX..XX", "0-10 unknown source_unknown 0"},
	    {"..PP..PP", "2-8 unknown past_horizon 0"},
	    {"..RR..RR", "2-8 unknown never_read 0"},
	    {"ZZ..ZZ", "0-6 gap no_source 0"},
	    {"XX..PP", "0-6 unknown source_unknown 0"},
	    {"XX..UU", "0-2 unknown source_unknown 0, 4-6 unknown undecided 0"},
	    {"XX..CC..XX", "0-2 unknown source_unknown 0, 8-10 unknown source_unknown 0"},
	    {"ZZ..XX", "0-2 gap no_source 0, 4-6 unknown source_unknown 0"},
	    {"XX..", "0-2 unknown source_unknown 0"},
	};
	struct story *story = *state;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(holes_text(story->arena, cases[i][0]), cases[i][1]);
}

static void
test_severity_bands(void **state)
{
	(void)state;
	assert_int_equal(
	    gap_severity_of(REGION_SEVERITY_DEFAULT, COVER_GAP, 72 * HOUR), GAP_NORMAL);
	assert_int_equal(
	    gap_severity_of(REGION_SEVERITY_DEFAULT, COVER_GAP, 72 * HOUR - 1), GAP_HIGH);
	assert_int_equal(
	    gap_severity_of(REGION_SEVERITY_DEFAULT, COVER_SHORT, 24 * HOUR), GAP_HIGH);
	assert_int_equal(
	    gap_severity_of(REGION_SEVERITY_DEFAULT, COVER_SHORT, 24 * HOUR - 1), GAP_CRITICAL);
	assert_int_equal(gap_severity_of(REGION_SEVERITY_DEFAULT, COVER_GAP, -HOUR), GAP_CRITICAL);
	assert_int_equal(gap_severity_of(REGION_SEVERITY_DEFAULT, COVER_UNKNOWN, -HOUR), GAP_HIGH);
	assert_int_equal(
	    gap_severity_of(REGION_SEVERITY_DEFAULT, COVER_UNKNOWN, 72 * HOUR), GAP_NORMAL);
	assert_string_equal(gap_severity_name(GAP_CRITICAL), "critical");
	assert_string_equal(gap_severity_name(GAP_HIGH), "high");
	assert_string_equal(gap_severity_name(GAP_NORMAL), "normal");
}

/* --- Stories. --- */

/* ${n} times ${letter}. */
static const char *
run(struct arena *arena, char letter, size_t n)
{
	char *text = arena_alloc(arena, n + 1);

	memset(text, letter, n);
	return text;
}

static const char *
map_of(struct arena *arena, size_t covered, const char *middle, size_t until)
{
	return arena_printf(arena, "%s%s%s", run(arena, 'C', covered), middle,
	    run(arena, 'C', until - covered - strlen(middle)));
}

static void
test_the_life_of_a_gap(void **state)
{
	struct story *story = *state;
	const char *map = map_of(story->arena, 100, "GG", 400);

	assert_string_equal(
	    look(story, map, 0, 0), "open 100-102 gap silent 0/2 normal told: opened\n");
	assert_int_equal(story->next, 28 * HOUR + 1); /* less than 72 hours ahead */
	assert_string_equal(look(story, map, 0, 28), "");
	assert_string_equal(
	    look(story, map, 0, 29), "change g1 100-102 gap silent 0/2 high told: changed\n");
	assert_int_equal(story->next, 76 * HOUR + 1);
	assert_string_equal(
	    look(story, map, 0, 77), "change g1 100-102 gap silent 0/2 critical told: changed\n");
	assert_int_equal(story->next, 100 * HOUR);
	assert_string_equal(look(story, map, 0, 100),
	    "change g1 100-102 gap silent 0/2 critical started told: started\n");
	assert_int_equal(story->next, 102 * HOUR);
	assert_string_equal(look(story, map, 0, 101), "");
	assert_string_equal(look(story, map, 0, 102),
	    "close g1 100-102 gap silent 0/2 critical started told passed: closed\n");
	assert_int_equal(story->next, INT64_MAX);
	assert_string_equal(look(story, map, 0, 103), "");
}

static void
test_a_filled_gap_closes(void **state)
{
	struct story *story = *state;

	look(story, map_of(story->arena, 100, "GG", 400), 0, 50);
	assert_string_equal(look(story, run(story->arena, 'C', 400), 0, 51),
	    "close g1 100-102 gap silent 0/2 high told: closed\n");
	/* Filled from the middle on while it runs: what is left of it is the past. */
	look(story, map_of(story->arena, 100, "GG", 400), 0, 100);
	assert_string_equal(look(story, map_of(story->arena, 100, "G", 400), 0, 101),
	    "close g2 100-102 gap silent 0/2 critical started told: closed\n");
}

static void
test_edges_state_and_cause_change_the_same_gap(void **state)
{
	struct story *story = *state;

	look(story, map_of(story->arena, 100, "GGGG", 400), 0, 0);
	assert_string_equal(look(story, map_of(story->arena, 99, "GGGGGG", 400), 0, 0),
	    "change g1 99-105 gap silent 0/2 normal told: changed\n");
	assert_string_equal(look(story, map_of(story->arena, 101, "GG", 400), 0, 0),
	    "change g1 101-103 gap silent 0/2 normal told: changed\n");
	assert_string_equal(look(story, map_of(story->arena, 101, "NN", 400), 0, 0),
	    "change g1 101-103 gap nobody 0/2 normal told: changed\n");
	assert_string_equal(look(story, map_of(story->arena, 101, "SS", 400), 0, 0),
	    "change g1 101-103 short too_few 1/2 normal told: changed\n");
	assert_string_equal(look(story, map_of(story->arena, 101, "UU", 400), 0, 0),
	    "change g1 101-103 unknown undecided 0/2 normal told: changed\n");
	/* One person more makes no new flag. */
	assert_string_equal(look(story, map_of(story->arena, 101, "VV", 400), 0, 0),
	    "change g1 101-103 unknown undecided 1/2 normal told: -\n");
}

static void
test_a_gap_that_splits_goes_on_as_its_larger_part_and_joins_again(void **state)
{
	struct story *story = *state;

	look(story, map_of(story->arena, 100, "GGGGGGGG", 400), 0, 0);
	assert_string_equal(look(story, map_of(story->arena, 100, "GGCGGGGG", 400), 0, 0),
	    "open 100-102 gap silent 0/2 normal told: opened\n"
	    "change g1 103-108 gap silent 0/2 normal told: changed\n");
	/* They join again: the larger one goes on, the other is closed. */
	assert_string_equal(look(story, map_of(story->arena, 100, "GGGGGGGG", 400), 0, 0),
	    "close g2 100-102 gap silent 0/2 normal told: closed\n"
	    "change g1 100-108 gap silent 0/2 normal told: changed\n");
	/* Two equal parts: the one that starts first. */
	assert_string_equal(look(story, map_of(story->arena, 100, "GGGCCGGG", 400), 0, 0),
	    "change g1 100-103 gap silent 0/2 normal told: changed\n"
	    "open 105-108 gap silent 0/2 normal told: opened\n");
}

/* From 100-104 to every hole that shares an hour with it. */
static void
test_an_edge_may_move_any_way_while_they_overlap(void **state)
{
	struct story *story = *state;
	size_t start, end;

	for (start = 80; start < 104; start++)
		for (end = start > 100 ? start + 1 : 101; end < 130; end++) {
			story->ngaps = story->nfilled = 0;
			story->ids = 0;
			look(story, map_of(story->arena, 100, "GGGG", 400), 0, 0);
			look(story,
			    map_of(story->arena, start, run(story->arena, 'G', end - start), 400),
			    0, 0);
			assert_int_equal(story->ngaps, 1);
			assert_string_equal(story->gaps[0].id, "g1");
			assert_int_equal(story->gaps[0].start, (int64_t)start * HOUR);
			assert_int_equal(story->gaps[0].end, (int64_t)end * HOUR);
		}
}

static void
test_a_hole_beside_a_gap_is_another(void **state)
{
	struct story *story = *state;

	look(story, map_of(story->arena, 100, "GG", 400), 0, 0);
	assert_string_equal(look(story, map_of(story->arena, 102, "GG", 400), 0, 0),
	    "close g1 100-102 gap silent 0/2 normal told: closed\n"
	    "open 102-104 gap silent 0/2 normal told: opened\n");
}

static void
test_tolerance_holds_back_the_flag_not_the_row(void **state)
{
	struct story *story = *state;

	story->policy.tolerance = 2 * HOUR;
	assert_string_equal(look(story, map_of(story->arena, 100, "GG", 400), 0, 0),
	    "open 100-102 gap silent 0/2 normal: -\n");
	assert_string_equal(look(story, map_of(story->arena, 100, "GGG", 400), 0, 29),
	    "change g1 100-103 gap silent 0/2 high told: opened\n");
	/* Once told it stays told. */
	assert_string_equal(look(story, map_of(story->arena, 100, "G", 400), 0, 29),
	    "change g1 100-101 gap silent 0/2 high told: changed\n");
	assert_string_equal(look(story, run(story->arena, 'C', 400), 0, 30),
	    "close g1 100-101 gap silent 0/2 high told: closed\n");
	/* The tolerance alone is another: what was no news is told. */
	look(story, map_of(story->arena, 200, "GG", 400), 0, 90);
	assert_string_equal(look(story, map_of(story->arena, 200, "GG", 400), 0, 90), "");
	story->policy.tolerance = HOUR;
	assert_string_equal(look(story, map_of(story->arena, 200, "GG", 400), 0, 90),
	    "change g2 200-202 gap silent 0/2 normal told: opened\n");
	story->policy.tolerance = 2 * HOUR;
	look(story, run(story->arena, 'C', 400), 0, 90);
	/* Never told: neither its start nor its end is. */
	look(story, map_of(story->arena, 100, "GG", 400), 0, 90);
	assert_string_equal(look(story, map_of(story->arena, 100, "GG", 400), 0, 100),
	    "change g3 100-102 gap silent 0/2 critical started: -\n");
	assert_string_equal(look(story, map_of(story->arena, 100, "GG", 400), 0, 102),
	    "close g3 100-102 gap silent 0/2 critical started passed: -\n");
}

static void
test_one_flag_a_step(void **state)
{
	struct story *story = *state;

	/* It opens while it runs: opened, not started. */
	assert_string_equal(look(story, map_of(story->arena, 100, "GG", 400), 0, 101),
	    "open 100-102 gap silent 0/2 critical started told: opened\n");
	assert_string_equal(look(story, map_of(story->arena, 100, "NN", 400), 0, 101),
	    "change g1 100-102 gap nobody 0/2 critical started told: changed\n");
	/* Started and changed at once: started. */
	look(story, map_of(story->arena, 200, "GG", 400), 0, 199);
	assert_string_equal(look(story, map_of(story->arena, 200, "NNN", 400), 0, 200),
	    "change g2 200-203 gap nobody 0/2 critical started told: started\n");
	/* Its first hour is filled, so it starts once more. */
	assert_string_equal(look(story, map_of(story->arena, 201, "NN", 400), 0, 200),
	    "change g2 201-203 gap nobody 0/2 critical told: changed\n");
	assert_string_equal(look(story, map_of(story->arena, 201, "NN", 400), 0, 201),
	    "change g2 201-203 gap nobody 0/2 critical started told: started\n");
}

static void
test_the_window_rolls_over_an_open_end(void **state)
{
	struct story *story = *state;
	struct arena *arena = story->arena;
	const char *open_end =
	    arena_printf(arena, "%s%s", run(arena, 'C', 100), run(arena, 'X', 100));

	look(story, open_end, 0, 0);
	/* A day later the window reaches a day further: written, not told. */
	assert_string_equal(
	    look(story, arena_printf(arena, "%s%s", run(arena, 'C', 76), run(arena, 'X', 124)), 24,
		24),
	    "change g1 100-224 unknown source_unknown 0/2 normal told: -\n");
	/* Nor is it when the day that came into sight shows where it ends. */
	assert_string_equal(look(story,
				arena_printf(arena, "%s%s%s", run(arena, 'C', 75),
				    run(arena, 'X', 125), run(arena, 'C', 10)),
				25, 25),
	    "change g1 100-225 unknown source_unknown 0/2 normal told: -\n");
	/* An end far from the window's moves: told. */
	assert_string_equal(look(story,
				arena_printf(arena, "%s%s%s", run(arena, 'C', 75),
				    run(arena, 'X', 25), run(arena, 'C', 110)),
				25, 25),
	    "change g1 100-125 unknown source_unknown 0/2 normal told: changed\n");
	assert_string_equal(
	    look(story, arena_printf(arena, "%s%s", run(arena, 'C', 75), run(arena, 'X', 135)), 25,
		25),
	    "change g1 100-235 unknown source_unknown 0/2 normal told: changed\n");
}

static void
test_a_gap_from_before_the_window_keeps_its_start(void **state)
{
	struct story *story = *state;
	struct arena *arena = story->arena;

	look(story, arena_printf(arena, "%s%s", run(arena, 'G', 10), run(arena, 'C', 200)), 0, 0);
	assert_string_equal(
	    look(
		story, arena_printf(arena, "%s%s", run(arena, 'G', 5), run(arena, 'C', 205)), 5, 5),
	    "");
	assert_int_equal(story->gaps[0].start, 0);
	/* It began later after all: then it did. */
	assert_string_equal(
	    look(story, arena_printf(arena, "C%s%s", run(arena, 'G', 4), run(arena, 'C', 205)), 5,
		6),
	    "change g1 6-10 gap silent 0/2 critical started told: changed\n");
	/* A gap whose time came and went while nobody looked. */
	assert_string_equal(look(story, run(arena, 'C', 200), 20, 20),
	    "close g1 6-10 gap silent 0/2 critical started told passed: closed\n");
}

static void
test_gaps_behind_the_window_are_left_alone(void **state)
{
	struct story *story = *state;

	look(story, map_of(story->arena, 100, "GG", 400), 0, 0);
	assert_string_equal(look(story, run(story->arena, 'C', 100), 0, 0), "");
	assert_int_equal(story->ngaps, 1);
	assert_string_equal(look(story, run(story->arena, 'C', 101), 0, 0),
	    "close g1 100-102 gap silent 0/2 normal told: closed\n");
}

static void
test_the_past_opens_nothing(void **state)
{
	struct story *story = *state;

	assert_string_equal(look(story, map_of(story->arena, 10, "GG", 400), 0, 12), "");
	assert_string_equal(look(story, map_of(story->arena, 10, "GG", 400), 0, 11),
	    "open 10-12 gap silent 0/2 critical started told: opened\n");
}

/* --- At random: the gaps are the holes, whatever happens, and identity is as the header says. --- */

static void
dice_map(struct dice *dice, char *map, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		static const char likely[] = "CCCC..GGNSUXPZ";

		map[i] = i > 0 && dice_below(dice, 3) ? map[i - 1]
						      : likely[dice_below(dice, sizeof likely - 1)];
	}
	map[n] = '\0';
}

/* Each open gap is one hole of the map that is not past, and each such hole is one gap. */
static void
check_gaps_are_the_holes(struct story *story, const char *map, int64_t from, int64_t now)
{
	struct gap_holes holes = gap_find(story->arena, spans_of(story->arena, map, from * HOUR));
	size_t i, j, future = 0;

	for (i = 0; i < holes.count; i++) {
		const struct gap_hole *hole = &holes.items[i];
		size_t found = 0;

		if (hole->end <= now * HOUR)
			continue;
		future++;
		for (j = 0; j < story->ngaps; j++) {
			const struct gap *gap = &story->gaps[j];
			bool same_start = gap->start == hole->start ||
					  (hole->start == from * HOUR && gap->start < hole->start);

			found += same_start && gap->end == hole->end && gap->state == hole->state &&
				 gap->cause == hole->cause && gap->present == hole->present &&
				 gap->started == (gap->start <= now * HOUR) &&
				 gap->severity == gap_severity_of(story->policy.severity,
						      gap->state, gap->start - now * HOUR);
		}
		assert_int_equal(found, 1);
	}
	assert_int_equal(story->ngaps, future);
}

/* Nothing changes by time alone before the instant that was said; a second look changes nothing at
 * all. */
static void
check_time_alone(struct story *story, const char *map, int64_t from, int64_t now)
{
	struct gap_holes holes;
	struct gap_steps steps = match_at(story, map, from, now, &holes);

	assert_int_equal(steps.count, 0);
	assert_int_equal(steps.next, story->next);
	if (story->next == INT64_MAX)
		return;
	steps = match_at(story, map, from, story->next - 1, &holes);
	assert_int_equal(steps.count, 0);
	steps = match_at(story, map, from, story->next, &holes);
	assert_true(steps.count > 0);
}

/* A gap that closed though a hole overlaps it must have lost that hole to a gap that overlaps it at
 * least as much. */
static void
check_identity(const struct story *before, const struct story *after, const struct gap *gap,
    int64_t now, int64_t from)
{
	size_t i, j;

	for (i = 0; i < after->ngaps; i++)
		if (strcmp(after->gaps[i].id, gap->id) == 0)
			return;
	for (i = 0; i < after->ngaps; i++) {
		const struct gap *hole = &after->gaps[i];
		int64_t start = hole->start > from * HOUR ? hole->start : from * HOUR;
		int64_t mine = (gap->end < hole->end ? gap->end : hole->end) -
			       (gap->start > start ? gap->start : start);

		if (mine <= 0 || hole->end <= now * HOUR)
			continue;
		for (j = 0; j < before->ngaps; j++) {
			const struct gap *other = &before->gaps[j];
			int64_t theirs = (other->end < hole->end ? other->end : hole->end) -
					 (other->start > start ? other->start : start);

			if (strcmp(other->id, hole->id) == 0 && theirs >= mine)
				break;
		}
		if (j == before->ngaps)
			fail_msg("gap %s should have gone on", gap->id);
	}
}

static void
test_random_stories(void **state)
{
	char map[141];
	uint64_t seed;
	int look_number;
	size_t i;

	(void)state;
	for (seed = 1; seed <= 1000; seed++) {
		struct dice dice = dice_of(seed);
		struct story story = {.arena = arena_new(0)}, before;
		int64_t from = 0, now = 0;

		story.policy.severity = (struct region_severity){
		    1 + (int32_t)dice_below(&dice, 30), 31 + (int32_t)dice_below(&dice, 60)};
		story.policy.tolerance = dice_below(&dice, 3) * HOUR;
		story.policy.alerts = ladder;
		story.policy.nalerts = (uint32_t)dice_below(&dice, 4);
		story.rota = dice_below(&dice, 2) ? "r1" : NULL;
		dice_map(&dice, map, 140);
		for (look_number = 0; look_number < 8; look_number++) {
			before = story;
			look(&story, map, from, now);
			check_gaps_are_the_holes(&story, map, from, now);
			check_time_alone(&story, map, from * HOUR, now * HOUR);
			for (i = 0; i < before.ngaps; i++)
				check_identity(&before, &story, &before.gaps[i], now, from);
			/* Time passes, the window rolls, some hours read otherwise. */
			if (dice_below(&dice, 2)) {
				int64_t by = dice_below(&dice, 30);

				now += by;
				by = now - dice_below(&dice, 3);
				from = by > from ? by : from;
			}
			for (i = (size_t)dice_below(&dice, 4); i > 0; i--)
				memset(map + dice_below(&dice, 130), "CGSX"[dice_below(&dice, 4)],
				    (size_t)dice_below(&dice, 10));
		}
		arena_free(story.arena);
	}
}

/* --- Who is told further up, and when. --- */

static void
acknowledge(struct story *story, const char *id)
{
	struct gap *gap = gap_by_id(story, id);

	gap->acknowledged = true;
	gap->acknowledged_as = gap->severity;
}

static void
test_a_gap_nobody_takes_on_climbs_the_ladder(void **state)
{
	struct story *story = *state;
	const char *map = map_of(story->arena, 100, "GG", 400);

	story->policy.alerts = ladder;
	story->policy.nalerts = 3;
	look(story, map, 0, 0);
	assert_int_equal(story->next, 28 * HOUR + 1);
	look(story, map, 0, 29);
	/* The owner 60 hours ahead, the deputy 48, the commissioner when it begins. */
	assert_int_equal(story->next, 40 * HOUR + 1);
	assert_string_equal(look(story, map, 0, 41),
	    "change g1 100-102 gap silent 0/2 high told rung 1: changed\n");
	assert_int_equal(story->next, 52 * HOUR + 1);
	assert_string_equal(look(story, map, 0, 53),
	    "change g1 100-102 gap silent 0/2 high told rung 2: changed\n");
	assert_string_equal(look(story, map, 0, 77),
	    "change g1 100-102 gap silent 0/2 critical told rung 2: changed\n");
	/* With its start, in one flag. */
	assert_string_equal(look(story, map, 0, 100),
	    "change g1 100-102 gap silent 0/2 critical started told rung 3: started\n");
}

static void
test_a_gap_that_opens_late_opens_high_up(void **state)
{
	struct story *story = *state;

	story->policy.alerts = ladder;
	story->policy.nalerts = 3;
	assert_string_equal(look(story, map_of(story->arena, 100, "GG", 400), 0, 60),
	    "open 100-102 gap silent 0/2 high told rung 2: opened\n");
	/* Moved far off it comes down, and climbs again when its time comes. */
	look(story, map_of(story->arena, 100, run(story->arena, 'G', 60), 400), 0, 60);
	assert_string_equal(
	    look(story, map_of(story->arena, 150, run(story->arena, 'G', 10), 400), 0, 60),
	    "change g1 150-160 gap silent 0/2 normal told: changed\n");
	assert_string_equal(
	    look(story, map_of(story->arena, 150, run(story->arena, 'G', 10), 400), 0, 91),
	    "change g1 150-160 gap silent 0/2 high told rung 1: changed\n");
}

static void
test_an_acknowledgement_ends_the_climb_until_it_is_worse(void **state)
{
	struct story *story = *state;
	const char *map = map_of(story->arena, 100, "GG", 400);

	story->policy.alerts = ladder;
	story->policy.nalerts = 3;
	look(story, map, 0, 41);
	acknowledge(story, "g1");
	assert_string_equal(look(story, map, 0, 53), "");
	assert_int_equal(story->next, 76 * HOUR + 1); /* critical: no alert of the ladder before */
	/* Worse by a band than when it was taken on: the ladder is where it would have been. */
	assert_string_equal(look(story, map, 0, 77),
	    "change g1 100-102 gap silent 0/2 critical told rung 2: changed\n");
	acknowledge(story, "g1");
	assert_string_equal(look(story, map, 0, 100),
	    "change g1 100-102 gap silent 0/2 critical started told rung 2: started\n");
}

static void
test_what_nobody_was_told_of_does_not_climb(void **state)
{
	struct story *story = *state;

	story->policy.tolerance = 2 * HOUR;
	story->policy.alerts = ladder;
	story->policy.nalerts = 3;
	assert_string_equal(look(story, map_of(story->arena, 100, "GG", 400), 0, 60),
	    "open 100-102 gap silent 0/2 high: -\n");
	assert_string_equal(look(story, map_of(story->arena, 100, "GGG", 400), 0, 60),
	    "change g1 100-103 gap silent 0/2 high told rung 2: opened\n");
}

static void
test_severity_is_as_the_requirement_says(void **state)
{
	struct story *story = *state;
	const char *map = map_of(story->arena, 100, "GG", 400);

	story->policy.severity = (struct region_severity){4, 12};
	assert_string_equal(
	    look(story, map, 0, 50), "open 100-102 gap silent 0/2 normal told: opened\n");
	assert_int_equal(story->next, 88 * HOUR + 1);
	assert_string_equal(
	    look(story, map, 0, 90), "change g1 100-102 gap silent 0/2 high told: changed\n");
	assert_int_equal(story->next, 96 * HOUR + 1);
	assert_string_equal(look(story, map_of(story->arena, 100, "UU", 400), 0, 99),
	    "change g1 100-102 unknown undecided 0/2 high told: changed\n");
	/* Another wish changes it at the next look. */
	story->policy.severity = (struct region_severity){24, 72};
	assert_string_equal(
	    look(story, map, 0, 90), "change g1 100-102 gap silent 0/2 critical told: changed\n");
}

/* --- What closes and opens again. --- */

#define MINUTE 60

static void
test_a_gap_that_opens_again_is_the_same(void **state)
{
	struct story *story = *state;
	const char *gone = run(story->arena, 'C', 400);
	const char *there = map_of(story->arena, 100, "GG", 400);
	const char *shifted = map_of(story->arena, 101, "GGG", 400);

	look(story, there, 0, 1);
	assert_string_equal(look_at(story, gone, 0, HOUR + 5 * MINUTE),
	    "close g1 100-102 gap silent 0/2 normal told: closed\n");
	assert_string_equal(look_at(story, shifted, 0, HOUR + 14 * MINUTE),
	    "reopen g1 101-104 gap silent 0/2 normal told: opened\n");
	assert_string_equal(look_at(story, gone, 0, 3 * HOUR),
	    "close g1 101-104 gap silent 0/2 normal told: closed\n");
	/* After ten minutes it is another. */
	assert_string_equal(look_at(story, there, 0, 3 * HOUR + 10 * MINUTE),
	    "open 100-102 gap silent 0/2 normal told: opened\n");
	look_at(story, gone, 0, 5 * HOUR);
	/* So it is with another cause, and beside the one that closed. */
	assert_string_equal(
	    look_at(story, map_of(story->arena, 100, "NN", 400), 0, 5 * HOUR + MINUTE),
	    "open 100-102 gap nobody 0/2 normal told: opened\n");
	look_at(story, gone, 0, 7 * HOUR);
	assert_string_equal(
	    look_at(story, map_of(story->arena, 102, "NN", 400), 0, 7 * HOUR + MINUTE),
	    "open 102-104 gap nobody 0/2 normal told: opened\n");
}

static void
test_what_passed_does_not_open_again(void **state)
{
	struct story *story = *state;

	look(story, map_of(story->arena, 100, "GG", 400), 0, 101);
	look(story, map_of(story->arena, 100, "GG", 400), 0, 102);
	assert_int_equal(story->nfilled, 0);
	assert_string_equal(
	    look_at(story, map_of(story->arena, 100, "GGG", 400), 0, 102 * HOUR + MINUTE),
	    "open 100-103 gap silent 0/2 critical started told: opened\n");
}

static void
test_a_gap_that_flaps_is_told_opened_twice_an_hour(void **state)
{
	struct story *story = *state;
	const char *gone = run(story->arena, 'C', 400);
	const char *there = map_of(story->arena, 100, "GG", 400), *told = "";
	int64_t now = HOUR, flap;

	/* Ten times within the hour, each three minutes open and three closed. */
	for (flap = 0; flap < 10; flap++, now += 6 * MINUTE) {
		told = arena_printf(story->arena, "%s%s", told, look_at(story, there, 0, now));
		told = arena_printf(
		    story->arena, "%s%s", told, look_at(story, gone, 0, now + 3 * MINUTE));
	}
	assert_string_equal(told, "open 100-102 gap silent 0/2 normal told: opened\n"
				  "close g1 100-102 gap silent 0/2 normal told: closed\n"
				  "reopen g1 100-102 gap silent 0/2 normal told: opened\n"
				  "close g1 100-102 gap silent 0/2 normal told held: -\n"
				  "reopen g1 100-102 gap silent 0/2 normal told: -\n"
				  "close g1 100-102 gap silent 0/2 normal told held: -\n"
				  "reopen g1 100-102 gap silent 0/2 normal told: -\n"
				  "close g1 100-102 gap silent 0/2 normal told held: -\n"
				  "reopen g1 100-102 gap silent 0/2 normal told: -\n"
				  "close g1 100-102 gap silent 0/2 normal told held: -\n"
				  "reopen g1 100-102 gap silent 0/2 normal told: -\n"
				  "close g1 100-102 gap silent 0/2 normal told held: -\n"
				  "reopen g1 100-102 gap silent 0/2 normal told: -\n"
				  "close g1 100-102 gap silent 0/2 normal told held: -\n"
				  "reopen g1 100-102 gap silent 0/2 normal told: -\n"
				  "close g1 100-102 gap silent 0/2 normal told held: -\n"
				  "reopen g1 100-102 gap silent 0/2 normal told: -\n"
				  "close g1 100-102 gap silent 0/2 normal told held: -\n"
				  "reopen g1 100-102 gap silent 0/2 normal told: -\n"
				  "close g1 100-102 gap silent 0/2 normal told held: -\n");
}

/* --- What one source makes. --- */

static void
test_what_a_source_makes_is_one_matter(void **state)
{
	static const struct shift undecided[] = {
	    {4 * HOUR, 6 * HOUR, 1, SWEEP_NOBODY, 0, SHIFT_UNDECIDED, false, false},
	    {12 * HOUR, 14 * HOUR, 2, SWEEP_NOBODY, 0, SHIFT_UNDECIDED, true, true}};
	static const struct span_time until = {INT64_MIN, 2 * HOUR};
	static const struct gap_rota rotas[] = {
	    /* does not serve any more; ends and has something to decide; never read; not confirmed
	     * any more */
	    {"gone", 1, {NULL, 0, 2 * HOUR, 1 * HOUR, &until}, NULL, 0},
	    {"a", 1, {undecided, 2, 40 * HOUR, INT64_MAX, NULL}, NULL, 0},
	    {"b", 1, {NULL, 0, INT64_MIN, INT64_MAX, NULL}, NULL, 0},
	    {"c", 1, {NULL, 0, INT64_MAX, 10 * HOUR, NULL}, NULL, 0},
	};
	const struct {
		struct gap_hole hole;
		const char *group;
	} cases[] = {
	    {{.start = 5 * HOUR, .end = 9 * HOUR, .cause = CAUSE_UNDECIDED}, "a.undecided"},
	    {{.start = 6 * HOUR, .end = 9 * HOUR, .cause = CAUSE_UNDECIDED}, NULL},
	    {{.start = 5 * HOUR, .end = 9 * HOUR, .cause = CAUSE_OVERRIDE_DISPUTED}, NULL},
	    {{.start = 12 * HOUR, .end = 13 * HOUR, .cause = CAUSE_OVERRIDE_DISPUTED},
		"a.override_disputed"},
	    {{.start = 5 * HOUR, .end = 9 * HOUR, .cause = CAUSE_NEVER_READ}, "b.never_read"},
	    {{.start = 9 * HOUR, .end = 11 * HOUR, .cause = CAUSE_SOURCE_UNKNOWN},
		"c.source_unknown"},
	    {{.start = 1 * HOUR, .end = 2 * HOUR, .cause = CAUSE_SOURCE_UNKNOWN},
		"gone.source_unknown"},
	    {{.start = 39 * HOUR, .end = 41 * HOUR, .cause = CAUSE_PAST_HORIZON}, "a.past_horizon"},
	    /* Known emptiness is no source's doing. */
	    {{.start = 5 * HOUR, .end = 6 * HOUR, .cause = CAUSE_NOBODY}, NULL},
	    {{.start = 5 * HOUR, .end = 6 * HOUR, .cause = CAUSE_SILENT}, NULL},
	    {{.start = 5 * HOUR, .end = 6 * HOUR, .cause = CAUSE_SHARED}, NULL},
	    {{.start = 5 * HOUR, .end = 6 * HOUR, .cause = CAUSE_NO_SOURCE}, NULL},
	};
	struct story *story = *state;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct gap_holes blamed = gap_blame(story->arena,
		    (struct gap_holes){&cases[i].hole, 1}, (struct gap_rotas){rotas, 4});

		if (cases[i].group == NULL)
			assert_null(blamed.items[0].group);
		else
			assert_string_equal(blamed.items[0].group, cases[i].group);
	}
	/* Another group is written down and not told. */
	story->rota = "r1";
	look(story, map_of(story->arena, 100, "XX", 400), 0, 0);
	assert_string_equal(story->gaps[0].group, "r1.source_unknown");
	story->rota = "r2";
	assert_string_equal(look(story, map_of(story->arena, 100, "XX", 400), 0, 0),
	    "change g1 100-102 unknown source_unknown 0/2 normal told: -\n");
	assert_string_equal(story->gaps[0].group, "r2.source_unknown");
}

/* --- At random, by the minute, and seen from outside: what a subscriber has, and what he bears.
 * --- */

#define WATCHED_MAX 4096

struct watcher {
	bool open[WATCHED_MAX], believes[WATCHED_MAX]; /* by number of the id */
	int64_t opened[WATCHED_MAX][2];                /* told as opened, the last two times */
	int64_t settles[WATCHED_MAX];                  /* a closing that is held: told then */
};

/* Steps as the events of a gap and the flags of it, each in its only order. */
static void
watch_step(struct watcher *watcher, const struct gap_step *step, int id, int64_t now)
{
	bool opens = step->act == GAP_OPEN || step->act == GAP_REOPEN;

	assert_true(id < WATCHED_MAX);
	assert_int_equal(watcher->open[id], !opens);
	watcher->open[id] = step->act != GAP_CLOSE;
	watcher->settles[id] = 0;
	switch (step->flag) {
	case GAP_FLAG_OPENED:
		assert_false(watcher->believes[id]);
		watcher->believes[id] = true;
		assert_true(watcher->opened[id][0] == 0 || now - watcher->opened[id][0] >= HOUR);
		watcher->opened[id][0] = watcher->opened[id][1];
		watcher->opened[id][1] = now;
		break;
	case GAP_FLAG_CHANGED:
	case GAP_FLAG_STARTED:
		assert_true(watcher->believes[id]);
		break;
	case GAP_FLAG_CLOSED:
		assert_true(watcher->believes[id]);
		watcher->believes[id] = false;
		break;
	case GAP_FLAG_NONE:
		if (step->held)
			watcher->settles[id] = now + GAP_REOPEN_SECONDS;
		break;
	}
	assert_int_equal(step->held, step->act == GAP_CLOSE && watcher->believes[id]);
}

/* Each hour of the map by itself: an uncovered one that is not over lies in exactly one open gap of
 * its state, a covered one in none; a subscriber believes what is so, or, for ten minutes at
 * most, that a gap is open which is not. */
static void
check_each_hour(struct story *story, struct watcher *watcher, const char *map, int64_t now)
{
	size_t n = strlen(map), hour, i;

	for (hour = 0; hour < n; hour++) {
		int64_t start = (int64_t)hour * HOUR;
		bool uncovered = strchr("C.", map[hour]) == NULL;
		size_t found = 0;

		for (i = 0; i < story->ngaps; i++)
			if (story->gaps[i].start <= start && story->gaps[i].end >= start + HOUR &&
			    (map[hour] != '.'))
				found++;
		if (start + HOUR > now && map[hour] != '.')
			assert_int_equal(found, uncovered);
	}
	for (i = 0; i < story->ngaps; i++) {
		const struct gap *gap = &story->gaps[i];
		int id = atoi(gap->id + 1);

		assert_true(watcher->open[id]);
		assert_int_equal(watcher->believes[id], gap->told);
		if (gap->end - gap->start > story->policy.tolerance)
			assert_true(gap->told);
	}
	for (i = 1; i <= (size_t)story->ids; i++)
		if (watcher->believes[i] && !watcher->open[i])
			assert_true(watcher->settles[i] > now);
}

static void
watch_look(struct story *story, struct watcher *watcher, const char *map, int64_t now)
{
	struct gap_holes holes;
	struct gap_steps steps = match_at(story, map, 0, now, &holes);
	size_t i;
	int next_id = story->ids;

	for (i = 1; i <= (size_t)story->ids; i++)
		if (watcher->settles[i] != 0 && watcher->settles[i] <= now) {
			watcher->believes[i] = false;
			watcher->settles[i] = 0;
		}
	for (i = 0; i < steps.count; i++)
		watch_step(watcher, &steps.items[i],
		    steps.items[i].act == GAP_OPEN ? ++next_id : atoi(steps.items[i].id + 1), now);
	look_at(story, map, 0, now);
	check_each_hour(story, watcher, map, now);
}

static void
test_random_stories_as_heard(void **state)
{
	static struct watcher watcher;
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= 400; seed++) {
		struct dice dice = dice_of(seed);
		struct story story = {.arena = arena_new(0)};
		int64_t now = 1;
		char map[81], kept[81];
		int turn;

		memset(&watcher, 0, sizeof watcher);
		story.policy.severity = REGION_SEVERITY_DEFAULT;
		story.policy.tolerance = dice_below(&dice, 3) * HOUR;
		story.policy.alerts = ladder;
		story.policy.nalerts = 3;
		story.rota = dice_below(&dice, 2) ? "r1" : NULL;
		dice_map(&dice, map, 80);
		for (turn = 0; turn < 40; turn++) {
			watch_look(&story, &watcher, map, now);
			now += dice_below(&dice, 8) * MINUTE;
			if (dice_below(&dice, 3)) { /* something flaps */
				memcpy(kept, map, sizeof map);
				memset(map + dice_below(&dice, 70), 'C', 8);
				watch_look(&story, &watcher, map, now);
				memcpy(map, kept, sizeof map);
			} else {
				memset(map + dice_below(&dice, 70), "CGSX"[dice_below(&dice, 4)],
				    (size_t)dice_below(&dice, 10));
			}
			now += dice_below(&dice, 8) * MINUTE;
		}
		arena_free(story.arena);
	}
}

/* A hole that comes to belong to a source, and one that no longer does. */
static void
test_a_group_alone_is_a_change(void **state)
{
	struct story *story = *state;

	look(story, "CXXC", 0, 0);
	assert_null(story->gaps[0].group);
	story->rota = "r";
	assert_true(strncmp(look(story, "CXXC", 0, 0), "change g1 ", 10) == 0);
	assert_string_equal(story->gaps[0].group, "r.source_unknown");
	assert_string_equal(look(story, "CXXC", 0, 0), "");
	story->rota = NULL;
	assert_true(strncmp(look(story, "CXXC", 0, 0), "change g1 ", 10) == 0);
	assert_null(story->gaps[0].group);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, story_setup, story_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_a_group_alone_is_a_change),
	    TEST(test_holes),
	    TEST(test_severity_bands),
	    TEST(test_the_life_of_a_gap),
	    TEST(test_a_filled_gap_closes),
	    TEST(test_edges_state_and_cause_change_the_same_gap),
	    TEST(test_a_gap_that_splits_goes_on_as_its_larger_part_and_joins_again),
	    TEST(test_an_edge_may_move_any_way_while_they_overlap),
	    TEST(test_a_hole_beside_a_gap_is_another),
	    TEST(test_tolerance_holds_back_the_flag_not_the_row),
	    TEST(test_one_flag_a_step),
	    TEST(test_the_window_rolls_over_an_open_end),
	    TEST(test_a_gap_from_before_the_window_keeps_its_start),
	    TEST(test_gaps_behind_the_window_are_left_alone),
	    TEST(test_the_past_opens_nothing),
	    TEST(test_a_gap_nobody_takes_on_climbs_the_ladder),
	    TEST(test_a_gap_that_opens_late_opens_high_up),
	    TEST(test_an_acknowledgement_ends_the_climb_until_it_is_worse),
	    TEST(test_what_nobody_was_told_of_does_not_climb),
	    TEST(test_severity_is_as_the_requirement_says),
	    TEST(test_a_gap_that_opens_again_is_the_same),
	    TEST(test_what_passed_does_not_open_again),
	    TEST(test_a_gap_that_flaps_is_told_opened_twice_an_hour),
	    TEST(test_what_a_source_makes_is_one_matter),
	    TEST(test_random_stories),
	    TEST(test_random_stories_as_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
