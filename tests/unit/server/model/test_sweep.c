/* SPDX-License-Identifier: MIT */
/* The settled rules of the map, one test each; README.md of server/model names them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/vec.h"
#include "server/model/sweep.h"
#include "tests/unit/server/model/dice.h"

#define ROTAS 3
#define ALICE 0
#define BOB 1
#define CAROL 2

/* A case in hours from 0 to 24: required 1, every hour commissioned, each rota known without end. */
struct map {
	struct arena *arena;
	struct sweep_input input;
	struct sweep_rota rotas[ROTAS];
	struct shift shifts[ROTAS][16];
	struct person_time absences[8];
	struct span_time hours[4];
	int64_t ids;
};

static int
map_setup(void **state)
{
	struct arena *arena = arena_new(0);
	struct map *map = arena_alloc(arena, sizeof *map);
	int i;

	map->arena = arena;
	map->hours[0] = (struct span_time){0, 24};
	map->input = (struct sweep_input){
	    .window = {0, 24},
	    .hours = {map->hours, 1},
	    .required = 1,
	    .rotas = map->rotas,
	    .nrotas = 1,
	    .absences = {map->absences, 0},
	};
	for (i = 0; i < ROTAS; i++)
		map->rotas[i] = (struct sweep_rota){
		    .shifts = map->shifts[i], .horizon = INT64_MAX, .trusted_until = INT64_MAX};
	*state = map;
	return 0;
}

static int
map_teardown(void **state)
{
	arena_free(((struct map *)*state)->arena);
	return 0;
}

static struct shift *
add(struct map *map, int rota, enum shift_class class, uint32_t person, int64_t start, int64_t end)
{
	struct shift *shift = &map->shifts[rota][map->rotas[rota].nshifts++];

	if ((size_t)rota >= map->input.nrotas)
		map->input.nrotas = (size_t)rota + 1;
	*shift = (struct shift){.start = start,
	    .end = end,
	    .id = ++map->ids,
	    .person = class == SHIFT_NAMED ? person : SWEEP_NOBODY,
	    .class = class};
	return shift;
}

static void
away(struct map *map, uint32_t person, int64_t start, int64_t end)
{
	map->absences[map->input.absences.count++] = (struct person_time){person, start, end};
}

/* "0-8 covered 1/1 [1], 8-24 gap silent 0/1". */
static const char *
text_of(struct map *map)
{
	struct cover_spans spans = sweep(map->arena, &map->input);
	const char *text = "";
	size_t i;
	uint32_t j;

	for (i = 0; i < spans.count; i++) {
		const struct cover_span *span = &spans.items[i];

		text = arena_printf(map->arena, "%s%s%lld-%lld %s%s%s %d/%d", text,
		    i > 0 ? ", " : "", (long long)span->start, (long long)span->end,
		    cover_state_name(span->state), span->cause == CAUSE_NONE ? "" : " ",
		    span->cause == CAUSE_NONE ? "" : cover_cause_name(span->cause), span->present,
		    span->required);
		for (j = 0; j < span->nshifts; j++)
			text = arena_printf(map->arena, "%s%s%lld%s", text, j == 0 ? " [" : " ",
			    (long long)span->shifts[j], j + 1 == span->nshifts ? "]" : "");
	}
	return text;
}

#define CHECK(map, want) assert_string_equal(text_of(map), want)

/* --- The table of states. --- */

static void
test_covered_short_gap(void **state)
{
	struct map *map = *state;

	map->input.required = 2;
	add(map, 0, SHIFT_NAMED, ALICE, 0, 16);
	add(map, 0, SHIFT_NAMED, BOB, 8, 20);
	CHECK(map,
	    "0-8 short too_few 1/2 [1], 8-16 covered 2/2 [1 2], 16-20 short too_few 1/2 [2], "
	    "20-24 gap silent 0/2");
}

/* holds: H16.2 */
static void
test_outside_the_hours_shows_who_is_on_anyway(void **state)
{
	struct map *map = *state;

	map->hours[0] = (struct span_time){9, 17};
	add(map, 0, SHIFT_NAMED, ALICE, 8, 12);
	CHECK(map, "0-8 not_commissioned 0/0, 8-9 not_commissioned 1/0 [1], 9-12 covered 1/1 [1], "
		   "12-17 gap silent 0/1, 17-24 not_commissioned 0/0");
	map->input.hours.count = 0;
	CHECK(map, "0-8 not_commissioned 0/0, 8-12 not_commissioned 1/0 [1], "
		   "12-24 not_commissioned 0/0");
}

static void
test_no_source_is_a_gap_from_end_to_end(void **state)
{
	struct map *map = *state;

	map->input.nrotas = 0;
	CHECK(map, "0-24 gap no_source 0/1");
	map->hours[0] = (struct span_time){9, 17};
	CHECK(map, "0-9 not_commissioned 0/0, 9-17 gap no_source 0/1, 17-24 not_commissioned 0/0");
}

static void
test_covered_stays_covered_whatever_others_know(void **state)
{
	struct map *map = *state;

	add(map, 0, SHIFT_NAMED, ALICE, 0, 12);
	add(map, 1, SHIFT_UNDECIDED, 0, 6, 18);
	map->rotas[1].horizon = 18;
	CHECK(map, "0-12 covered 1/1 [1], 12-18 unknown undecided 0/1, "
		   "18-24 unknown past_horizon 0/1");
}

/* --- What makes it unknown. --- */

/* holds: H06.4 */
static void
test_silence_beyond_the_horizon_is_unknown(void **state)
{
	struct map *map = *state;

	add(map, 0, SHIFT_NAMED, ALICE, 4, 12);
	map->rotas[0].horizon = 12;
	/* And silence before the first event is a gap. */
	CHECK(map, "0-4 gap silent 0/1, 4-12 covered 1/1 [1], 12-24 unknown past_horizon 0/1");
}

static void
test_a_rota_never_read_is_unknown(void **state)
{
	struct map *map = *state;

	map->rotas[0].horizon = INT64_MIN;
	CHECK(map, "0-24 unknown never_read 0/1");
	map->rotas[0].trusted_until = INT64_MIN; /* a feed that was never checked either */
	CHECK(map, "0-24 unknown never_read 0/1");
}

/* holds: H02.1 */
static void
test_an_unconfirmed_source_is_unknown_and_does_not_count(void **state)
{
	struct map *map = *state;

	add(map, 0, SHIFT_NAMED, ALICE, 0, 24);
	add(map, 0, SHIFT_NOBODY, 0, 20, 24);
	map->rotas[0].trusted_until = 12;
	CHECK(map, "0-12 covered 1/1 [1], 12-24 unknown source_unknown 0/1");
	/* A second source that is confirmed covers. */
	add(map, 1, SHIFT_NAMED, ALICE, 10, 16);
	CHECK(map, "0-10 covered 1/1 [1], 10-12 covered 1/1 [1 3], 12-16 covered 1/1 [3], "
		   "16-24 unknown source_unknown 0/1");
}

static void
test_short_with_a_source_unknown_is_unknown(void **state)
{
	struct map *map = *state;

	map->input.required = 2;
	add(map, 0, SHIFT_NAMED, ALICE, 0, 24);
	add(map, 1, SHIFT_NAMED, BOB, 0, 24);
	map->rotas[1].trusted_until = 6;
	CHECK(map, "0-6 covered 2/2 [1 2], 6-24 unknown source_unknown 1/2 [1]");
}

/* holds: H04.1 */
static void
test_undecided_is_unknown_and_never_covered(void **state)
{
	struct map *map = *state;

	add(map, 0, SHIFT_UNDECIDED, 0, 8, 20);
	CHECK(map, "0-8 gap silent 0/1, 8-20 unknown undecided 0/1, 20-24 gap silent 0/1");
}

static void
test_the_most_telling_unknown_is_shown(void **state)
{
	struct map *map = *state;

	add(map, 0, SHIFT_UNDECIDED, 0, 0, 24);
	add(map, 1, SHIFT_NAMED, ALICE, 0, 4);
	map->rotas[1].horizon = 4;
	map->rotas[2].horizon = INT64_MIN;
	CHECK(map, "0-4 covered 1/1 [2], 4-24 unknown past_horizon 0/1");
	map->input.nrotas = 3;
	CHECK(map, "0-4 covered 1/1 [2], 4-24 unknown never_read 0/1");
	map->rotas[0].trusted_until = 12;
	CHECK(map, "0-4 covered 1/1 [2], 4-12 unknown never_read 0/1, "
		   "12-24 unknown source_unknown 0/1");
}

/* --- Nobody. --- */

static void
test_nobody_is_known_emptiness(void **state)
{
	struct map *map = *state;

	add(map, 0, SHIFT_NAMED, ALICE, 0, 8);
	add(map, 0, SHIFT_NOBODY, 0, 8, 16);
	map->rotas[0].horizon = 16;
	CHECK(map, "0-8 covered 1/1 [1], 8-16 gap nobody 0/1, 16-24 unknown past_horizon 0/1");
}

static void
test_nobody_on_one_rota_leaves_another_unknown(void **state)
{
	struct map *map = *state;

	add(map, 0, SHIFT_NOBODY, 0, 0, 24);
	add(map, 1, SHIFT_NAMED, ALICE, 0, 8);
	map->rotas[1].horizon = 8;
	CHECK(map, "0-8 covered 1/1 [2], 8-24 unknown past_horizon 0/1");
}

static void
test_nobody_speaks_so_silence_means_nothing(void **state)
{
	struct map *map = *state;

	/* Whatever the horizon is said to be: over this time the rota has spoken. */
	add(map, 0, SHIFT_NOBODY, 0, 4, 8);
	map->rotas[0].horizon = 2;
	CHECK(map, "0-2 gap silent 0/1, 2-4 unknown past_horizon 0/1, 4-8 gap nobody 0/1, "
		   "8-24 unknown past_horizon 0/1");
}

static void
test_undecided_outweighs_nobody_on_one_rota(void **state)
{
	struct map *map = *state;

	add(map, 0, SHIFT_NOBODY, 0, 0, 24);
	add(map, 0, SHIFT_UNDECIDED, 0, 8, 16);
	CHECK(map, "0-8 gap nobody 0/1, 8-16 unknown undecided 0/1, 16-24 gap nobody 0/1");
}

static void
test_an_unfilled_row_takes_nothing_from_the_row_beside_it(void **state)
{
	struct map *map = *state;

	add(map, 0, SHIFT_NAMED, ALICE, 0, 12);
	add(map, 0, SHIFT_NOBODY, 0, 0, 24);
	CHECK(map, "0-12 covered 1/1 [1], 12-24 gap nobody 0/1");
	map->input.required = 2;
	CHECK(map, "0-12 short nobody 1/2 [1], 12-24 gap nobody 0/2");
}

/* --- Absences. --- */

static void
test_an_absence_takes_cover_away_everywhere(void **state)
{
	struct map *map = *state;

	add(map, 0, SHIFT_NAMED, ALICE, 0, 12);
	add(map, 1, SHIFT_NAMED, ALICE, 6, 24);
	away(map, ALICE, 4, 8);
	away(map, ALICE, 20, 30);
	away(map, CAROL, 0, 24);
	CHECK(map, "0-4 covered 1/1 [1], 4-8 gap not_free 0/1, 8-12 covered 1/1 [1 2], "
		   "12-20 covered 1/1 [2], 20-24 gap not_free 0/1");
}

static void
test_overlapping_absences_end_with_the_last(void **state)
{
	struct map *map = *state;

	add(map, 0, SHIFT_NAMED, ALICE, 0, 24);
	add(map, 0, SHIFT_NAMED, BOB, 10, 11);
	away(map, ALICE, -5, 6);
	away(map, ALICE, 2, 9);
	away(map, ALICE, 12, 12); /* an empty one takes nothing */
	CHECK(map, "0-9 gap not_free 0/1, 9-10 covered 1/1 [1], 10-11 covered 2/1 [1 2], "
		   "11-24 covered 1/1 [1]");
}

static void
test_an_absence_that_began_between_two_shifts(void **state)
{
	struct map *map = *state;

	add(map, 0, SHIFT_NAMED, ALICE, 0, 4);
	add(map, 0, SHIFT_NAMED, ALICE, 12, 20);
	away(map, ALICE, 8, 14);
	CHECK(map, "0-4 covered 1/1 [1], 4-12 gap silent 0/1, 12-14 gap not_free 0/1, "
		   "14-20 covered 1/1 [2], 20-24 gap silent 0/1");
}

/* --- Heads. --- */

/* holds: H11.3 H17.1 */
static void
test_distinct_people_count_also_during_a_handover(void **state)
{
	struct map *map = *state;

	map->input.required = 2;
	add(map, 0, SHIFT_NAMED, ALICE, 0, 13);
	add(map, 0, SHIFT_NAMED, BOB, 12, 24);
	CHECK(map,
	    "0-12 short too_few 1/2 [1], 12-13 covered 2/2 [1 2], 13-24 short too_few 1/2 [2]");
}

/* holds: H11.3 */
static void
test_one_person_on_two_rotas_counts_once(void **state)
{
	struct map *map = *state;

	map->input.required = 2;
	add(map, 0, SHIFT_NAMED, ALICE, 0, 24);
	add(map, 1, SHIFT_NAMED, ALICE, 8, 16);
	CHECK(map, "0-8 short too_few 1/2 [1], 8-16 short too_few 1/2 [1 2], "
		   "16-24 short too_few 1/2 [1]");
}

static void
test_a_team_line_counts_one_where_it_counts(void **state)
{
	struct map *map = *state;

	map->input.team_counts = true;
	map->input.required = 2;
	add(map, 0, SHIFT_TEAM, 0, 0, 24);
	add(map, 0, SHIFT_TEAM, 0, 4, 12); /* the same line twice */
	add(map, 0, SHIFT_TEAM, 0, 8, 10)->team = 1;
	add(map, 1, SHIFT_TEAM, 0, 16, 20); /* another rota's */
	CHECK(map, "0-4 short too_few 1/2 [1], 4-8 short too_few 1/2 [1 2], "
		   "8-10 covered 2/2 [1 2 3], 10-12 short too_few 1/2 [1 2], "
		   "12-16 short too_few 1/2 [1], 16-20 covered 2/2 [1 4], "
		   "20-24 short too_few 1/2 [1]");
}

static void
test_a_team_line_counts_none_where_it_does_not(void **state)
{
	struct map *map = *state;

	add(map, 0, SHIFT_TEAM, 0, 0, 12);
	CHECK(map, "0-12 gap team_only 0/1, 12-24 gap silent 0/1");
	map->input.required = 2;
	add(map, 0, SHIFT_NAMED, ALICE, 6, 12);
	CHECK(map, "0-6 gap team_only 0/2, 6-12 short too_few 1/2 [2], 12-24 gap silent 0/2");
}

/* --- The form of the answer. --- */

/* holds: H17.1 */
static void
test_intervals_are_half_open(void **state)
{
	struct map *map = *state;

	add(map, 0, SHIFT_NAMED, ALICE, -10, 8);
	add(map, 0, SHIFT_NAMED, BOB, 8, 24);
	add(map, 0, SHIFT_NAMED, CAROL, 24, 30);
	CHECK(map, "0-8 covered 1/1 [1], 8-24 covered 1/1 [2]");
}

static void
test_spans_that_say_the_same_are_one(void **state)
{
	struct map *map = *state;

	/* Edges that change nothing: of hours that meet, of another's absence, of an empty shift. */
	map->hours[0] = (struct span_time){0, 10};
	map->hours[1] = (struct span_time){10, 24};
	map->input.hours.count = 2;
	add(map, 0, SHIFT_NAMED, ALICE, 0, 24);
	add(map, 0, SHIFT_NAMED, BOB, 5, 5);
	add(map, 0, SHIFT_NAMED, BOB, 7, 6);
	away(map, CAROL, 3, 4);
	map->rotas[0].horizon = 12;
	CHECK(map, "0-24 covered 1/1 [1]");
	map->input.window = (struct span_time){5, 5};
	CHECK(map, "");
}

static void
test_a_thousand_concurrent_shifts_are_listed_in_part(void **state)
{
	struct map *map = *state;
	struct shift *shifts = arena_array(map->arena, 1000, sizeof *shifts);
	struct cover_spans spans;
	int64_t i;

	for (i = 0; i < 1000; i++)
		shifts[i] = (struct shift){.start = -1000 + i,
		    .end = 100 + i,
		    .id = i + 1,
		    .person = (uint32_t)(i / 2),
		    .class = SHIFT_NAMED};
	map->rotas[0].shifts = shifts;
	map->rotas[0].nshifts = 1000;
	spans = sweep(map->arena, &map->input);
	assert_int_equal(spans.count, 1);
	assert_int_equal(spans.items[0].present, 500);
	assert_int_equal(spans.items[0].nshifts, SWEEP_SHIFTS_MAX);
	for (i = 1; i < SWEEP_SHIFTS_MAX; i++)
		assert_true(spans.items[0].shifts[i - 1] < spans.items[0].shifts[i]);
}

static void
test_the_order_of_rotas_changes_nothing(void **state)
{
	struct map *map = *state;
	struct sweep_rota first;
	const char *text;

	map->input.required = 2;
	add(map, 0, SHIFT_NAMED, ALICE, 2, 12);
	add(map, 1, SHIFT_UNDECIDED, 0, 10, 14);
	add(map, 2, SHIFT_NAMED, BOB, 8, 20);
	map->rotas[2].horizon = 20;
	map->rotas[0].trusted_until = 9;
	text = text_of(map);
	first = map->rotas[0];
	map->rotas[0] = map->rotas[2];
	map->rotas[2] = first;
	CHECK(map, text);
}

/* --- Tiling, with numbers far larger and busier than the naive comparison has. --- */

/* holds: H17.1 */
static void
test_spans_tile_the_window(void **state)
{
	static struct shift shifts[ROTAS][400];
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= 300; seed++) {
		struct arena *arena = arena_new(0);
		struct dice dice = dice_of(seed);
		struct sweep_rota rotas[ROTAS];
		struct span_time hours = {5000, 90000};
		struct sweep_input input = {.window = {0, 100000},
		    .hours = {&hours, 1},
		    .required = 3,
		    .rotas = rotas,
		    .nrotas = ROTAS};
		struct cover_spans spans;
		int64_t at = 0;
		size_t i, j;

		for (i = 0; i < ROTAS; i++) {
			int64_t start = -500;

			for (j = 0; j < 400; j++) {
				start += dice_below(&dice, 500);
				shifts[i][j] = (struct shift){.start = start,
				    .end = start + dice_below(&dice, 3000),
				    .id = (int64_t)(i * 1000 + j),
				    .person = (uint32_t)dice_below(&dice, 40),
				    .class = (enum shift_class)dice_below(&dice, SHIFT_CLASSES)};
			}
			rotas[i] = (struct sweep_rota){.shifts = shifts[i],
			    .nshifts = 400,
			    .horizon = 95000,
			    .trusted_until = INT64_MAX};
		}
		spans = sweep(arena, &input);
		for (i = 0; i < spans.count; i++) {
			assert_int_equal(spans.items[i].start, at);
			assert_true(spans.items[i].end > at);
			at = spans.items[i].end;
		}
		assert_int_equal(at, 100000);
		arena_free(arena);
	}
}

/* --- Words. --- */

static void
test_names_of_another_version_are_none(void **state)
{
	(void)state;
	for (int i = 0; i < COVER_STATES; i++)
		assert_int_equal(cover_state_of(cover_state_name((enum cover_state)i)), i);
	for (int i = 0; i < COVER_CAUSES; i++)
		assert_int_equal(cover_cause_of(cover_cause_name((enum cover_cause)i)), i);
	assert_int_equal(cover_state_of("coverd"), COVER_STATES);
	assert_int_equal(cover_cause_of("silence"), COVER_CAUSES);
}

static void
test_states_rank_from_the_worst(void **state)
{
	(void)state;
	assert_true(cover_state_rank(COVER_GAP) < cover_state_rank(COVER_UNKNOWN));
	assert_true(cover_state_rank(COVER_UNKNOWN) < cover_state_rank(COVER_SHORT));
	assert_true(cover_state_rank(COVER_SHORT) < cover_state_rank(COVER_COVERED));
	assert_true(cover_state_rank(COVER_COVERED) < cover_state_rank(COVER_NOT_COMMISSIONED));
}

static void
test_every_state_and_cause_has_its_words(void **state)
{
	int i, j;

	(void)state;
	for (i = 0; i < COVER_STATES; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(cover_state_name((enum cover_state)i),
			    cover_state_name((enum cover_state)j));
	for (i = 0; i < COVER_CAUSES; i++) {
		const char *text = cover_cause_text((enum cover_cause)i);

		for (j = 0; j < i; j++)
			assert_string_not_equal(cover_cause_name((enum cover_cause)i),
			    cover_cause_name((enum cover_cause)j));
		if (i == CAUSE_NONE)
			assert_string_equal(text, "");
		else
			assert_int_equal(text[strlen(text) - 1], '.');
	}
}

/* --- Rotas that serve for a time, people spread over too many places. --- */

/* Served by one rota until 12 and by another from 12: neither says anything about the other's
 * time, however little it is known. */
static void
test_a_rota_that_does_not_serve_is_neither_cover_nor_doubt(void **state)
{
	static const struct span_time until = {INT64_MIN, 12}, from = {12, INT64_MAX};
	struct map *map = *state;

	add(map, 0, SHIFT_NAMED, ALICE, 0, 12);
	add(map, 1, SHIFT_NAMED, BOB, 12, 20);
	map->rotas[0].serves = &until;
	map->rotas[1].serves = &from;
	map->rotas[0].horizon = 12;
	map->rotas[1].horizon = 20;
	CHECK(map, "0-12 covered 1/1 [1], 12-20 covered 1/1 [2], 20-24 unknown past_horizon 0/1");
	map->rotas[0].trusted_until = 12;
	CHECK(map, "0-12 covered 1/1 [1], 12-20 covered 1/1 [2], 20-24 unknown past_horizon 0/1");
	map->rotas[0].nshifts = 0;
	map->rotas[1].horizon = INT64_MIN;
	map->rotas[0].trusted_until = INT64_MAX;
	CHECK(map, "0-12 gap silent 0/1, 12-20 covered 1/1 [2], 20-24 unknown never_read 0/1");
}

static void
test_when_no_rota_serves_there_is_no_source(void **state)
{
	static const struct span_time until = {INT64_MIN, 12};
	struct map *map = *state;

	add(map, 0, SHIFT_NAMED, ALICE, 0, 8);
	map->rotas[0].serves = &until;
	map->rotas[0].horizon = 10;
	CHECK(map, "0-8 covered 1/1 [1], 8-10 gap silent 0/1, 10-12 unknown past_horizon 0/1, "
		   "12-24 gap no_source 0/1");
}

static void
test_somebody_shared_too_widely_does_not_count(void **state)
{
	static const struct person_time spread[] = {{ALICE, 4, 10}};
	struct map *map = *state;

	add(map, 0, SHIFT_NAMED, ALICE, 0, 16);
	map->input.spread = (struct person_times){spread, 1};
	CHECK(map, "0-4 covered 1/1 [1], 4-10 gap shared_too_widely 0/1, 10-16 covered 1/1 [1], "
		   "16-24 gap silent 0/1");
	add(map, 1, SHIFT_NAMED, BOB, 0, 24);
	map->input.required = 2;
	CHECK(map, "0-4 covered 2/2 [1 2], 4-10 short shared_too_widely 1/2 [2], "
		   "10-16 covered 2/2 [1 2], 16-24 short too_few 1/2 [2]");
	/* Somebody who is away is away, wherever else. */
	away(map, ALICE, 6, 8);
	CHECK(map, "0-4 covered 2/2 [1 2], 4-6 short shared_too_widely 1/2 [2], "
		   "6-8 short not_free 1/2 [2], 8-10 short shared_too_widely 1/2 [2], "
		   "10-16 covered 2/2 [1 2], 16-24 short too_few 1/2 [2]");
	map->rotas[1].horizon = 0;
	CHECK(map, "0-4 covered 2/2 [1 2], 4-10 unknown past_horizon 1/2 [2], "
		   "10-16 covered 2/2 [1 2], 16-24 unknown past_horizon 1/2 [2]");
}

/* --- People who do not hold the function. --- */

/* holds: H04.3 */
static void
test_a_person_without_the_function_does_not_count(void **state)
{
	static const bool holders[] = {[ALICE] = false, [BOB] = true};
	struct map *map = *state;

	add(map, 0, SHIFT_NAMED, ALICE, 0, 16);
	CHECK(map, "0-16 covered 1/1 [1], 16-24 gap silent 0/1");
	map->input.holders = holders;
	CHECK(map, "0-16 gap role_not_held 0/1, 16-24 gap silent 0/1");
	/* Beside somebody who counts, on another rota, and away. */
	add(map, 1, SHIFT_NAMED, BOB, 8, 24);
	CHECK(map, "0-8 gap role_not_held 0/1, 8-24 covered 1/1 [2]");
	map->input.required = 2;
	CHECK(map, "0-8 gap role_not_held 0/2, 8-16 short role_not_held 1/2 [2], "
		   "16-24 short too_few 1/2 [2]");
	away(map, ALICE, 0, 24);
	CHECK(map, "0-8 gap role_not_held 0/2, 8-16 short role_not_held 1/2 [2], "
		   "16-24 short too_few 1/2 [2]");
	/* Unknown time stays unknown. */
	map->rotas[1].horizon = 4;
	CHECK(map, "0-4 gap role_not_held 0/2, 4-8 unknown past_horizon 0/2, "
		   "8-24 unknown past_horizon 1/2 [2]");
}

/* An approval ends in the middle of a shift; its holder is on all the same. */
/* holds: H04.3 */
static void
test_nobody_counts_beyond_an_approval(void **state)
{
	static const struct person_time unapproved[] = {{ALICE, 6, INSTANT_END}};
	struct map *map = *state;

	add(map, 0, SHIFT_NAMED, ALICE, 0, 16);
	map->input.unapproved = (struct person_times){unapproved, 1};
	CHECK(map, "0-6 covered 1/1 [1], 6-16 gap approval_ended 0/1, 16-24 gap silent 0/1");
	/* Away as well: that the approval has ended is told, since it does not pass. */
	away(map, ALICE, 4, 8);
	CHECK(map, "0-4 covered 1/1 [1], 4-6 gap not_free 0/1, 6-16 gap approval_ended 0/1, "
		   "16-24 gap silent 0/1");
	/* An override puts nobody above the law. */
	add(map, 0, SHIFT_NAMED, ALICE, 16, 20)->override = true;
	CHECK(map, "0-4 covered 1/1 [1], 4-6 gap not_free 0/1, 6-20 gap approval_ended 0/1, "
		   "20-24 gap silent 0/1");
	add(map, 1, SHIFT_NAMED, BOB, 8, 24);
	CHECK(map, "0-4 covered 1/1 [1], 4-6 gap not_free 0/1, 6-8 gap approval_ended 0/1, "
		   "8-24 covered 1/1 [3]");
	map->rotas[1].horizon = 4;
	map->input.required = 2;
	CHECK(map, "0-4 short too_few 1/2 [1], 4-8 unknown past_horizon 0/2, "
		   "8-24 unknown past_horizon 1/2 [3]");
}

static void
test_outside_the_hours_nobody_without_the_function_is_on(void **state)
{
	static const bool holders[] = {[ALICE] = false, [BOB] = true};
	struct map *map = *state;

	add(map, 0, SHIFT_NAMED, ALICE, 0, 16);
	add(map, 0, SHIFT_NAMED, BOB, 8, 12)->override = true;
	add(map, 0, SHIFT_NAMED, ALICE, 20, 22)->override = true;
	map->input.holders = holders;
	map->hours[0] = (struct span_time){10, 24};
	CHECK(map, "0-8 not_commissioned 0/0, 8-10 not_commissioned 1/0 [2], "
		   "10-12 covered 1/1 [2], 12-16 gap role_not_held 0/1, 16-20 gap silent 0/1, "
		   "20-22 gap role_not_held 0/1, 22-24 gap silent 0/1");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, map_setup, map_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_covered_short_gap),
	    TEST(test_outside_the_hours_shows_who_is_on_anyway),
	    TEST(test_no_source_is_a_gap_from_end_to_end),
	    TEST(test_covered_stays_covered_whatever_others_know),
	    TEST(test_silence_beyond_the_horizon_is_unknown),
	    TEST(test_a_rota_never_read_is_unknown),
	    TEST(test_an_unconfirmed_source_is_unknown_and_does_not_count),
	    TEST(test_short_with_a_source_unknown_is_unknown),
	    TEST(test_undecided_is_unknown_and_never_covered),
	    TEST(test_the_most_telling_unknown_is_shown),
	    TEST(test_nobody_is_known_emptiness),
	    TEST(test_nobody_on_one_rota_leaves_another_unknown),
	    TEST(test_nobody_speaks_so_silence_means_nothing),
	    TEST(test_undecided_outweighs_nobody_on_one_rota),
	    TEST(test_an_unfilled_row_takes_nothing_from_the_row_beside_it),
	    TEST(test_an_absence_takes_cover_away_everywhere),
	    TEST(test_overlapping_absences_end_with_the_last),
	    TEST(test_an_absence_that_began_between_two_shifts),
	    TEST(test_distinct_people_count_also_during_a_handover),
	    TEST(test_one_person_on_two_rotas_counts_once),
	    TEST(test_a_team_line_counts_one_where_it_counts),
	    TEST(test_a_team_line_counts_none_where_it_does_not),
	    TEST(test_intervals_are_half_open),
	    TEST(test_spans_that_say_the_same_are_one),
	    TEST(test_a_thousand_concurrent_shifts_are_listed_in_part),
	    TEST(test_the_order_of_rotas_changes_nothing),
	    TEST(test_spans_tile_the_window),
	    TEST(test_a_rota_that_does_not_serve_is_neither_cover_nor_doubt),
	    TEST(test_when_no_rota_serves_there_is_no_source),
	    TEST(test_somebody_shared_too_widely_does_not_count),
	    TEST(test_a_person_without_the_function_does_not_count),
	    TEST(test_nobody_counts_beyond_an_approval),
	    TEST(test_outside_the_hours_nobody_without_the_function_is_on),
	    TEST(test_states_rank_from_the_worst),
	    TEST(test_names_of_another_version_are_none),
	    TEST(test_every_state_and_cause_has_its_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
