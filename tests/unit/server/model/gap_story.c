/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/server/model/gap_story.h"

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
struct cover_spans
story_spans(struct arena *arena, const char *map, int64_t from)
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

const struct region_alert story_ladder[3] = {{"owner", 60}, {"deputy", 48}, {"commissioner", 0}};

struct gap *
story_gap(struct story *story, const char *id)
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
		fill(story, story_gap(story, step->id), step, now);
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
		    step->act == GAP_REOPEN ? unfill(story, step->id) : story_gap(story, step->id);
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
	    .alerts_sent = step->alerts_sent,
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

	const char *sent =
	    step->alerts_sent > 0 ? arena_printf(arena, " alerts %d", step->alerts_sent) : "";

	return arena_printf(arena, "%s%s%s %lld-%lld %s %s %d/%d %s%s%s%s%s%s: %s\n",
	    acts[step->act], step->id ? " " : "", step->id ? step->id : "",
	    (long long)(step->hole.start / HOUR), (long long)(step->hole.end / HOUR),
	    cover_state_name(step->hole.state), cover_cause_name(step->hole.cause),
	    step->hole.present, step->hole.required, gap_severity_name(step->severity),
	    step->started ? " started" : "", step->told ? " told" : "", sent,
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

struct gap_steps
story_match(
    const struct story *story, const char *map, int64_t from, int64_t now, struct gap_holes *found)
{
	struct span_time window = {from, from + (int64_t)strlen(map) * HOUR};
	struct gap_holes holes = gap_find(story->arena, story_spans(story->arena, map, from));
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
const char *
story_look_at(struct story *story, const char *map, int64_t from, int64_t now)
{
	struct gap_holes holes;
	struct gap_steps steps;
	const char *text = "";
	size_t i;

	for (i = story->nfilled; i > 0; i--)
		if (story->filled[i - 1].closed_at + GAP_REOPEN_SECONDS <= now)
			story->filled[i - 1] = story->filled[--story->nfilled];
	steps = story_match(story, map, from, now, &holes);

	for (i = 0; i < steps.count; i++)
		text = arena_printf(
		    story->arena, "%s%s", text, step_text(story->arena, &steps.items[i]));
	for (i = 0; i < steps.count; i++)
		apply(story, &steps.items[i], now);
	story->next = steps.next;
	return text;
}

/* The same in hours. */
const char *
story_look(struct story *story, const char *map, int64_t from, int64_t now)
{
	return story_look_at(story, map, from * HOUR, now * HOUR);
}

int
story_setup(void **state)
{
	struct arena *arena = arena_new(0);
	struct story *story = arena_alloc(arena, sizeof *story);

	story->arena = arena;
	story->policy.severity = REGION_SEVERITY_DEFAULT;
	*state = story;
	return 0;
}

int
story_teardown(void **state)
{
	arena_free(((struct story *)*state)->arena);
	return 0;
}

/* ${n} times ${letter}. */
const char *
story_run(struct arena *arena, char letter, size_t n)
{
	char *text = arena_alloc(arena, n + 1);

	memset(text, letter, n);
	return text;
}

const char *
story_map(struct arena *arena, size_t covered, const char *middle, size_t until)
{
	return arena_printf(arena, "%s%s%s", story_run(arena, 'C', covered), middle,
	    story_run(arena, 'C', until - covered - strlen(middle)));
}
