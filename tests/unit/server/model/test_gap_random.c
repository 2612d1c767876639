/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/rounds.h"
#include "tests/unit/server/model/dice.h"
#include "tests/unit/server/model/gap_story.h"

/* Stories of gaps at random, against what must hold of every one of them. */

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
	struct gap_holes holes =
	    gap_find(story->arena, story_spans(story->arena, map, from * HOUR));
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
	struct gap_steps steps = story_match(story, map, from, now, &holes);

	assert_int_equal(steps.count, 0);
	assert_int_equal(steps.next, story->next);
	if (story->next == INT64_MAX)
		return;
	steps = story_match(story, map, from, story->next - 1, &holes);
	assert_int_equal(steps.count, 0);
	steps = story_match(story, map, from, story->next, &holes);
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
	for (seed = 1; seed <= rounds(150); seed++) {
		struct dice dice = dice_of(seed);
		struct story story = {.arena = arena_new(0)}, before;
		int64_t from = 0, now = 0;

		story.policy.severity = (struct region_severity){
		    1 + (int32_t)dice_below(&dice, 30), 31 + (int32_t)dice_below(&dice, 60)};
		story.policy.tolerance = dice_below(&dice, 3) * HOUR;
		story.policy.alerts = story_ladder;
		story.policy.nalerts = (uint32_t)dice_below(&dice, 4);
		story.rota = dice_below(&dice, 2) ? "r1" : NULL;
		dice_map(&dice, map, 140);
		for (look_number = 0; look_number < 8; look_number++) {
			before = story;
			story_look(&story, map, from, now);
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
	struct gap_steps steps = story_match(story, map, 0, now, &holes);
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
	story_look_at(story, map, 0, now);
	check_each_hour(story, watcher, map, now);
}

static void
test_random_stories_as_heard(void **state)
{
	static struct watcher watcher;
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= rounds(60); seed++) {
		struct dice dice = dice_of(seed);
		struct story story = {.arena = arena_new(0)};
		int64_t now = 1;
		char map[81], kept[81];
		int turn;

		memset(&watcher, 0, sizeof watcher);
		story.policy.severity = REGION_SEVERITY_DEFAULT;
		story.policy.tolerance = dice_below(&dice, 3) * HOUR;
		story.policy.alerts = story_ladder;
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_random_stories),
	    cmocka_unit_test(test_random_stories_as_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
