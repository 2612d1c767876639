/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/zone.h"
#include "server/model/fragile.h"

#define HOUR 3600
#define MINUTE 60
#define DAY (24 * HOUR)

/* A demand with up to three sources, its shifts, and what the sweep makes of them. */
struct scene {
	struct arena *arena;
	struct fragile_shift shifts[32];
	size_t nshifts;
	struct shift of_rota[3][32];
	size_t nof_rota[3];
	struct fragile_source sources[3];
	int32_t required, handover_minutes;
	int64_t now;
};

static int
set_up(void **state)
{
	struct arena *arena = arena_new(0);
	struct scene *scene = arena_alloc(arena, sizeof *scene);

	*scene = (struct scene){.arena = arena, .required = 1, .now = 0};
	for (uint32_t i = 0; i < 3; i++)
		scene->sources[i] = (struct fragile_source){10 + i, 1, false, INT64_MAX};
	*state = scene;
	return 0;
}

static int
tear_down(void **state)
{
	arena_free(((struct scene *)*state)->arena);
	return 0;
}

static void
add(struct scene *scene, int64_t id, uint32_t source, uint32_t person, int64_t from, int64_t to,
    bool override)
{
	scene->shifts[scene->nshifts++] = (struct fragile_shift){.id = id,
	    .start = from * MINUTE,
	    .end = to * MINUTE,
	    .person = person,
	    .source = source,
	    .override = override};
	scene->of_rota[source][scene->nof_rota[source]++] =
	    (struct shift){from * MINUTE, to * MINUTE, id, person, 0, SHIFT_NAMED, override, false};
}

/* ${person} on ${source} from ${from} to ${to}, minutes. */
static void
on(struct scene *scene, uint32_t source, uint32_t person, int64_t from, int64_t to)
{
	add(scene, 1000 + (int64_t)scene->nshifts, source, person, from, to, false);
}

/* One of the pieces of the shift ${id}, in any order. */
static void
piece(struct scene *scene, int64_t id, uint32_t source, uint32_t person, int64_t from, int64_t to)
{
	add(scene, id, source, person, from, to, false);
}

/* The ${team}th line of ${source} that names nobody. */
static void
team_on(struct scene *scene, uint32_t source, uint32_t team, int64_t from, int64_t to)
{
	struct shift *shift;

	on(scene, source, SWEEP_NOBODY, from, to);
	scene->shifts[scene->nshifts - 1].team = team;
	shift = &scene->of_rota[source][scene->nof_rota[source] - 1];
	shift->team = team;
	shift->class = SHIFT_TEAM;
}

/* By an override. */
static void
add_override(struct scene *scene, uint32_t source, uint32_t person, int64_t from, int64_t to)
{
	add(scene, 2000 + (int64_t)scene->nshifts, source, person, from, to, true);
}

static void
nobody_on(struct scene *scene)
{
	scene->nshifts = 0;
	memset(scene->nof_rota, 0, sizeof scene->nof_rota);
}

static int
by_start(const void *left, const void *right)
{
	const struct shift *a = left, *b = right;

	return (a->start > b->start) - (a->start < b->start);
}

/* The warnings over the day as text: "kind start-end rota", in minutes. */
static const char *
find(struct scene *scene)
{
	static const struct span_time day = {0, 24 * HOUR};
	struct sweep_rota rotas[3];
	struct fragile_warnings found;
	const char *text = "";

	for (size_t i = 0; i < 3; i++) {
		qsort(scene->of_rota[i], scene->nof_rota[i], sizeof *scene->of_rota[i], by_start);
		rotas[i] = (struct sweep_rota){scene->of_rota[i], scene->nof_rota[i],
		    scene->sources[i].horizon, INT64_MAX, NULL};
	}
	found = fragile_find(
	    scene->arena, &(struct fragile_input){
			      .spans = sweep(scene->arena, &(struct sweep_input){.window = day,
							       .hours = {&day, 1},
							       .required = scene->required,
							       .team_counts = true,
							       .rotas = rotas,
							       .nrotas = 3}),
			      .shifts = scene->shifts,
			      .nshifts = scene->nshifts,
			      .sources = scene->sources,
			      .handover_minutes = scene->handover_minutes,
			      .now = scene->now,
			  });
	for (size_t i = 0; i < found.count; i++)
		text = arena_printf(scene->arena, "%s%s%s %d-%d %u", text, i > 0 ? ", " : "",
		    fragile_kind_name(found.items[i].kind), (int)(found.items[i].start / MINUTE),
		    (int)(found.items[i].end / MINUTE), found.items[i].rota);
	return text;
}

static void
cover_of_fresh_sources_is_not_fragile(void **state)
{
	struct scene *scene = *state;

	on(scene, 0, 1, 0, 720);
	on(scene, 1, 2, 720, 1440);
	assert_string_equal(find(scene), "");
}

/* holds: H02.1 */
static void
cover_that_rests_on_a_stale_source(void **state)
{
	struct scene *scene = *state;

	scene->sources[0].stale = true;
	on(scene, 0, 1, 0, 720);
	on(scene, 0, 2, 720, 1000); /* goes on, with anybody */
	assert_string_equal(find(scene), "stale_source 0-1000 10");
	/* Somebody else's fresh word for a part of it. */
	on(scene, 1, 3, 600, 800);
	assert_string_equal(find(scene), "stale_source 0-600 10, stale_source 800-1000 10");
	/* The same person on both: the fresh one says so too. */
	on(scene, 1, 1, 0, 600);
	assert_string_equal(find(scene), "stale_source 800-1000 10");
}

static void
cover_that_rests_on_what_was_last_read(void **state)
{
	struct scene *scene = *state;

	on(scene, 0, 1, 0, 720);
	scene->shifts[scene->nshifts - 1].as_last_read = true;
	on(scene, 0, 2, 720, 1440);
	assert_string_equal(find(scene), "as_last_read 0-720 10");
	/* Another's word for a part of it. */
	on(scene, 1, 3, 600, 800);
	assert_string_equal(find(scene), "as_last_read 0-600 10");
}

static void
of_two_that_are_required_one_is_stale(void **state)
{
	struct scene *scene = *state;

	scene->required = 2;
	scene->sources[1].stale = true;
	on(scene, 0, 1, 0, 1440);
	on(scene, 1, 2, 0, 1440);
	assert_string_equal(find(scene), "stale_source 0-1440 11");
	on(scene, 2, 3, 0, 1440);
	assert_string_equal(find(scene), "");
}

/* A team line is one head: another than any person's, and than another line's. */
static void
a_team_line_is_a_head_of_its_own(void **state)
{
	struct scene *scene = *state;

	scene->required = 2;
	scene->sources[1].stale = true;
	on(scene, 0, 0, 0, 1440);
	team_on(scene, 0, 0, 0, 1440);
	on(scene, 1, 3, 0, 1440);
	assert_string_equal(find(scene), "");
	nobody_on(scene);
	team_on(scene, 0, 1, 0, 1440);
	team_on(scene, 0, 2, 0, 1440);
	on(scene, 1, 3, 0, 1440);
	assert_string_equal(find(scene), "");
	/* The same line on two entries is one. */
	nobody_on(scene);
	team_on(scene, 0, 1, 0, 1440);
	team_on(scene, 0, 1, 0, 1440);
	on(scene, 1, 3, 0, 1440);
	assert_string_equal(find(scene), "stale_source 0-1440 11");
}

static void
what_is_a_gap_anyway_is_not_fragile(void **state)
{
	struct scene *scene = *state;

	scene->required = 2;
	scene->sources[0].stale = true;
	scene->handover_minutes = 30;
	on(scene, 0, 1, 0, 720);
	on(scene, 0, 2, 720, 1440);
	assert_string_equal(find(scene), "");
}

static void
no_handover_where_one_is_asked_for(void **state)
{
	struct scene *scene = *state;

	on(scene, 0, 1, 0, 480);
	on(scene, 0, 2, 480, 960);
	on(scene, 1, 3, 950, 1440);
	assert_string_equal(find(scene), ""); /* nobody asked */
	scene->handover_minutes = 15;
	assert_string_equal(find(scene), "no_handover 465-480 10, no_handover 945-960 10");
	scene->handover_minutes = 10;
	assert_string_equal(find(scene), "no_handover 470-480 10");
}

static void
a_person_who_stays_or_comes_back_hands_over_nothing(void **state)
{
	struct scene *scene = *state;

	scene->handover_minutes = 15;
	on(scene, 0, 1, 0, 480);
	on(scene, 1, 1, 480, 960); /* the same person goes on, on another rota */
	on(scene, 0, 2, 900, 1440);
	assert_string_equal(find(scene), "");
	/* One who comes at the last minute, and one who has been there all along. */
	nobody_on(scene);
	on(scene, 0, 1, 0, 480);
	on(scene, 0, 2, 0, 1440);
	on(scene, 1, 3, 480, 1440);
	assert_string_equal(find(scene), "");
	/* Nobody follows: that is a gap. */
	nobody_on(scene);
	on(scene, 0, 1, 0, 480);
	on(scene, 0, 2, 500, 1440);
	assert_string_equal(find(scene), "");
}

static void
exactly_enough_from_a_source_that_ends(void **state)
{
	struct scene *scene = *state;

	scene->sources[0].horizon = 12 * HOUR;
	on(scene, 0, 1, 0, 720);
	on(scene, 1, 2, 720, 1440);
	assert_string_equal(find(scene), "ends_soon 0-720 10");
	/* One more than required, or somebody of another source: no thread. */
	on(scene, 1, 3, 0, 300);
	assert_string_equal(find(scene), "ends_soon 300-720 10");
	scene->required = 2;
	assert_string_equal(find(scene), "");
	/* More than a day away, or over. */
	scene->required = 1;
	scene->now = -13 * HOUR;
	assert_string_equal(find(scene), "");
	scene->now = 12 * HOUR;
	assert_string_equal(find(scene), "");
}

/* --- Roles. --- */

static void
who_counts_without_the_function_is_told(void **state)
{
	struct scene *scene = *state;

	on(scene, 0, 1, 0, 720);
	scene->shifts[0].lacks = true;
	on(scene, 1, 2, 600, 1440);
	assert_string_equal(find(scene), "role_not_held 0-720 10");
	/* Also where it is not enough. */
	scene->required = 2;
	assert_string_equal(find(scene), "role_not_held 0-720 10");
}

/* --- Tiers. --- */

static void
one_person_on_two_tiers(void **state)
{
	struct scene *scene = *state;

	on(scene, 0, 1, 0, 720);
	on(scene, 1, 1, 600, 1440);
	on(scene, 2, 2, 0, 1440);
	assert_string_equal(find(scene), ""); /* all of one tier */
	scene->sources[0].tier = 2;
	assert_string_equal(find(scene), "two_tiers 600-720 11"); /* the first tier's rota */
	/* Also where too few are on; not two people, and not one after the other. */
	scene->required = 3;
	assert_string_equal(find(scene), "two_tiers 600-720 11");
	nobody_on(scene);
	scene->required = 1;
	on(scene, 0, 1, 0, 720);
	on(scene, 1, 2, 0, 720);
	on(scene, 1, 1, 720, 1440);
	assert_string_equal(find(scene), "");
	/* By an override too. */
	add_override(scene, 1, 1, 500, 600);
	assert_string_equal(find(scene), "two_tiers 500-600 11");
}

/* --- Overrides. --- */

static void
of_a_shift_that_was_cut_the_piece_that_lies_there_counts(void **state)
{
	struct scene *scene = *state;

	scene->handover_minutes = 15;
	/* 2 stands in for 1 in the middle of the day: 1 comes back without any time together. */
	piece(scene, 7, 0, 1, 0, 480);
	piece(scene, 7, 0, 1, 720, 1440);
	add_override(scene, 0, 2, 480, 720);
	assert_string_equal(find(scene), "no_handover 465-480 10, no_handover 705-720 10");
	/* Whichever stands first. The end of the second piece is an end like any other. */
	nobody_on(scene);
	piece(scene, 7, 0, 1, 720, 1200);
	piece(scene, 7, 0, 1, 0, 480);
	add_override(scene, 0, 2, 460, 720);
	on(scene, 1, 3, 1200, 1440);
	assert_string_equal(find(scene), "no_handover 705-720 10, no_handover 1185-1200 10");
	/* With a quarter of an hour together wherever somebody goes. */
	nobody_on(scene);
	piece(scene, 7, 0, 1, 720, 1200);
	piece(scene, 7, 0, 1, 0, 480);
	add_override(scene, 0, 2, 465, 735);
	on(scene, 1, 3, 1185, 1440);
	assert_string_equal(find(scene), "");
}

/* A shift at a place that its service lists again without a break is in two pieces that touch, and
 * the sweep makes one span of both. */
static void
pieces_that_touch_are_one(void **state)
{
	struct scene *scene = *state;

	scene->sources[0].stale = true;
	scene->sources[0].horizon = 12 * HOUR;
	scene->handover_minutes = 15;
	piece(scene, 7, 0, 1, 720, 1200);
	piece(scene, 7, 0, 1, 0, 720);
	assert_string_equal(find(scene), "stale_source 0-1200 10, ends_soon 0-1200 10");
	/* Nothing is handed over where they touch, and the second one's end is the end of both. */
	on(scene, 1, 2, 1200, 1440);
	assert_string_equal(
	    find(scene), "stale_source 0-1200 10, ends_soon 0-1200 10, no_handover 1185-1200 10");
}

static void
who_goes_on_by_another_entry_has_been_on_all_along(void **state)
{
	struct scene *scene = *state;

	scene->handover_minutes = 15;
	/* 2 was on anyway, and stands in for somebody when 1 is about to go. */
	piece(scene, 7, 0, 2, 0, 480);
	piece(scene, 7, 0, 2, 720, 1440);
	add_override(scene, 0, 2, 480, 720);
	on(scene, 1, 1, 0, 485);
	assert_string_equal(find(scene), "");
	/* Not if he was away from here in between. */
	nobody_on(scene);
	on(scene, 0, 2, 0, 470);
	on(scene, 0, 2, 480, 1440);
	on(scene, 1, 1, 0, 485);
	assert_string_equal(find(scene), "no_handover 470-485 11");
}

static void
an_override_does_not_age(void **state)
{
	struct scene *scene = *state;

	scene->sources[0] = (struct fragile_source){10, 1, true, 12 * HOUR};
	on(scene, 0, 1, 0, 720);
	assert_string_equal(find(scene), "stale_source 0-720 10, ends_soon 0-720 10");
	nobody_on(scene);
	add_override(scene, 0, 1, 0, 720);
	assert_string_equal(find(scene), "");
	/* For its own time only. */
	piece(scene, 7, 0, 2, 720, 900);
	assert_string_equal(find(scene), "stale_source 720-900 10, ends_soon 720-900 10");
	/* Of two that are required the calendar says one: that one depends on it, but its end is
	 * not the end of both. */
	nobody_on(scene);
	scene->required = 2;
	add_override(scene, 0, 1, 0, 720);
	on(scene, 0, 2, 0, 720);
	assert_string_equal(find(scene), "stale_source 0-720 10");
	add_override(scene, 0, 3, 0, 720);
	assert_string_equal(find(scene), "");
}

/* --- Two places. --- */

#define ALWAYS                                                                                     \
	{                                                                                          \
		INT64_MIN, INT64_MAX                                                               \
	}

/* Places 0 to 3; services: A at 0 and 1, B at 2, C at 0, D at 1 and 2; rota n is of service n, rota
 * 4 of service A too. */
static struct region
places_apart(void)
{
	static const struct region_place places[] = {
	    {.life = ALWAYS}, {.life = ALWAYS}, {.life = ALWAYS}, {.life = ALWAYS}};
	static const struct region_dated_place at_a[] = {{0, ALWAYS}, {1, ALWAYS}},
					       at_b[] = {{2, ALWAYS}}, at_c[] = {{0, ALWAYS}},
					       at_d[] = {{1, ALWAYS}, {2, ALWAYS}};
	static const struct region_service services[] = {
	    {.id = "A", .footprint = {at_a, 2}},
	    {.id = "B", .footprint = {at_b, 1}},
	    {.id = "C", .footprint = {at_c, 1}},
	    {.id = "D", .footprint = {at_d, 2}},
	};
	static const struct region_rota rotas[] = {
	    {.id = "a", .service = 0, .life = ALWAYS},
	    {.id = "b", .service = 1, .life = ALWAYS},
	    {.id = "c", .service = 2, .life = ALWAYS},
	    {.id = "d", .service = 3, .life = ALWAYS},
	    {.id = "a2", .service = 0, .life = ALWAYS},
	};

	return (struct region){.places = places,
	    .nplaces = 4,
	    .services = services,
	    .nservices = 4,
	    .rotas = rotas,
	    .nrotas = 5};
}

/* In units of ${unit} seconds. */
static const char *
apart_in(struct arena *arena, const struct region *region, struct fragile_duty *duties,
    size_t count, int unit)
{
	struct fragile_warnings found =
	    fragile_two_places(arena, region, zone_utc(), duties, count);
	const char *text = "";

	for (size_t i = 0; i < found.count; i++)
		text = arena_printf(arena, "%s%s%s+%s %d-%d", text, i > 0 ? ", " : "",
		    region->rotas[found.items[i].rota].id, region->rotas[found.items[i].other].id,
		    (int)(found.items[i].start / unit), (int)(found.items[i].end / unit));
	return text;
}

static const char *
apart(struct arena *arena, const struct region *region, struct fragile_duty *duties, size_t count)
{
	return apart_in(arena, region, duties, count, 1);
}

/* holds: H16.3 */
static void
one_person_in_two_places(void **state)
{
	struct scene *scene = *state;
	struct region region = places_apart();
	const struct {
		struct fragile_duty duties[3];
		size_t count;
		const char *found;
	} cases[] = {
	    {{{1, 0, 0, 10}, {1, 1, 5, 20}}, 2, "a+b 5-10"},
	    {{{1, 1, 5, 20}, {1, 0, 0, 10}}, 2, "a+b 5-10"},
	    {{{1, 0, 0, 10}, {2, 1, 5, 20}}, 2, ""},         /* two people */
	    {{{1, 0, 0, 10}, {1, 1, 10, 20}}, 2, ""},        /* one after the other */
	    {{{1, 0, 0, 10}, {1, 2, 5, 20}}, 2, ""},         /* A serves C's place itself */
	    {{{1, 0, 0, 10}, {1, 4, 5, 20}}, 2, ""},         /* two rotas of one service */
	    {{{1, 0, 0, 10}, {1, 3, 5, 20}}, 2, "a+d 5-10"}, /* neither serves all of the other's */
	    {{{1, 0, 0, 10}, {1, 1, 0, 4}, {1, 1, 4, 8}}, 3, "a+b 0-8"},
	    {{{1, 0, 0, 10}, {1, 1, 0, 4}, {1, 1, 5, 8}}, 3, "a+b 0-4, a+b 5-8"},
	    {{{1, 0, 0, 10}, {1, 1, 2, 4}, {1, 2, 3, 9}}, 3, "a+b 2-4, b+c 3-4"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fragile_duty duties[3];

		memcpy(duties, cases[i].duties, sizeof duties);
		assert_string_equal(
		    apart(scene->arena, &region, duties, cases[i].count), cases[i].found);
	}
}

/* Days 100 to 130 of one person on all three rotas, and what the footprints make of it. */
static void
two_places_are_judged_at_the_time(void **state)
{
	struct scene *scene = *state;
	static const struct {
		struct span_time life; /* of place 1 */
		struct span_time rota; /* of rota b */
		struct region_dated_place at_a[3], at_b[2];
		uint32_t na, nb;
		const char *found;
	} cases[] = {
	    /* A takes over B's place for ten days: only outside of them is anybody torn. */
	    {ALWAYS, ALWAYS, {{0, ALWAYS}, {1, {110, 120}}}, {{1, ALWAYS}}, 2, 1,
		"a+b 100-110, a+b 120-130"},
	    /* A leaves the place that both serve: from then on. */
	    {ALWAYS, ALWAYS, {{0, ALWAYS}, {1, {INT64_MIN, 110}}}, {{1, ALWAYS}}, 2, 1,
		"a+b 110-130"},
	    /* Listed twice without a break, it is served all the time. */
	    {ALWAYS, ALWAYS, {{0, ALWAYS}, {1, {INT64_MIN, 110}}, {1, {110, 125}}}, {{1, ALWAYS}},
		3, 1, "a+b 125-130"},
	    /* B serves another place in between: all of A's, and then not. */
	    {ALWAYS, ALWAYS, {{0, ALWAYS}}, {{0, ALWAYS}, {1, {110, 115}}}, 1, 2, ""},
	    {ALWAYS, ALWAYS, {{0, ALWAYS}}, {{0, {INT64_MIN, 112}}, {1, {110, 115}}}, 1, 2,
		"a+b 112-115"},
	    /* A rota that serves no place then is in none: a footprint, a place and a rota that
	     * have ended.
	     */
	    {ALWAYS, ALWAYS, {{0, ALWAYS}}, {{1, {105, 107}}}, 1, 1, "a+b 105-107"},
	    {{INT64_MIN, 108}, ALWAYS, {{0, ALWAYS}}, {{1, ALWAYS}}, 1, 1, "a+b 100-108"},
	    {ALWAYS, {103, 104}, {{0, ALWAYS}}, {{1, ALWAYS}}, 1, 1, "a+b 103-104"},
	    {ALWAYS, ALWAYS, {{0, {INT64_MIN, 50}}}, {{1, {INT64_MIN, 50}}}, 1, 1, ""},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct region_place places[] = {{.life = ALWAYS}, {.life = cases[i].life}};
		const struct region_service services[] = {
		    {.id = "A", .footprint = {cases[i].at_a, cases[i].na}},
		    {.id = "B", .footprint = {cases[i].at_b, cases[i].nb}},
		};
		const struct region_rota rotas[] = {
		    {.id = "a", .service = 0, .life = ALWAYS},
		    {.id = "b", .service = 1, .life = cases[i].rota},
		};
		const struct region region = {.places = places,
		    .nplaces = 2,
		    .services = services,
		    .nservices = 2,
		    .rotas = rotas,
		    .nrotas = 2};
		struct fragile_duty duties[] = {
		    {1, 0, 100 * DAY, 130 * DAY}, {1, 1, 90 * DAY, 135 * DAY}};

		assert_string_equal(
		    apart_in(scene->arena, &region, duties, 2, DAY), cases[i].found);
	}
}

static void
every_kind_has_a_name_and_a_sentence(void **state)
{
	struct scene *scene = *state;
	struct region region = places_apart();

	for (int kind = 0; kind < FRAGILE_KINDS; kind++) {
		struct fragile_warning warning = {(enum fragile_kind)kind, 0, 1, 1,
		    kind == FRAGILE_TWO_PLACES || kind == FRAGILE_TWO_TIERS ? 3 : REGION_NONE};
		const char *text = fragile_text(scene->arena, &region, &warning);

		assert_true(strlen(fragile_kind_name((enum fragile_kind)kind)) > 0);
		assert_true(strstr(text, " b") != NULL && text[strlen(text) - 1] == '.');
	}
}

/* By start, then kind, then rota, in whatever order they were found. */
static void
warnings_are_in_one_order(void **state)
{
	struct scene *scene = *state;

	scene->handover_minutes = 300;
	scene->sources[1].stale = true;
	on(scene, 0, 1, 0, 400);
	on(scene, 1, 2, 400, 480);
	on(scene, 0, 3, 480, 1440);
	assert_string_equal(
	    find(scene), "no_handover 100-400 10, no_handover 180-480 11, stale_source 400-480 11");
	nobody_on(scene);
	on(scene, 1, 1, 0, 1440);
	scene->shifts[0].lacks = true;
	assert_string_equal(find(scene), "stale_source 0-1440 11, role_not_held 0-1440 11");
	for (uint32_t first = 0; first < 2; first++) {
		nobody_on(scene);
		scene->sources[1].stale = false;
		on(scene, first, 1, 0, 1440);
		on(scene, 1 - first, 2, 0, 1440);
		scene->shifts[0].lacks = scene->shifts[1].lacks = true;
		assert_string_equal(
		    find(scene), "role_not_held 0-1440 10, role_not_held 0-1440 11");
	}
}

/* Spans name shifts that are not given, wholly or for that time: they count for nothing. */
static void
a_shift_that_is_not_given_counts_for_nothing(void **state)
{
	struct scene *scene = *state;

	scene->handover_minutes = 15;
	scene->sources[0].horizon = 8 * HOUR;
	on(scene, 0, 1, 0, 480);
	on(scene, 0, 2, 480, 1440);
	scene->nshifts = 1;
	assert_string_equal(find(scene), "ends_soon 0-480 10, no_handover 465-480 10");
	scene->shifts[0] = (struct fragile_shift){
	    .id = 1001, .start = 480 * MINUTE, .end = 1440 * MINUTE, .person = 2};
	assert_string_equal(find(scene), "ends_soon 480-1440 10");
	/* Only the first piece of two. */
	nobody_on(scene);
	scene->sources[0].stale = true;
	scene->handover_minutes = 0;
	piece(scene, 7, 0, 1, 0, 480);
	piece(scene, 7, 0, 1, 720, 1440);
	scene->nshifts = 1;
	assert_string_equal(find(scene), "stale_source 0-480 10, ends_soon 0-480 10");
	/* One of two who are on at once. */
	nobody_on(scene);
	on(scene, 0, 1, 0, 1440);
	on(scene, 1, 2, 0, 1440);
	scene->nshifts = 1;
	assert_string_equal(find(scene), "stale_source 0-1440 10");
}

static void
a_piece_within_another_ends_nothing(void **state)
{
	struct scene *scene = *state;

	scene->sources[0].stale = true;
	piece(scene, 7, 0, 1, 0, 720);
	piece(scene, 7, 0, 1, 100, 200);
	assert_string_equal(find(scene), "stale_source 0-720 10");
}

/* The same number of a team on two rotas: two lines. */
static void
team_lines_are_counted_by_their_rota(void **state)
{
	struct scene *scene = *state;

	scene->required = 2;
	scene->sources[2].stale = true;
	team_on(scene, 0, 1, 0, 1440);
	team_on(scene, 1, 1, 0, 1440);
	on(scene, 2, 3, 0, 1440);
	assert_string_equal(find(scene), "");
}

/* A calendar that has ended already is another case. */
static void
a_horizon_that_is_over_is_not_soon(void **state)
{
	struct scene *scene = *state;

	scene->now = 12 * HOUR;
	scene->sources[0].horizon = 12 * HOUR;
	on(scene, 0, 1, 0, 1000);
	assert_string_equal(find(scene), "");
	scene->now--;
	assert_string_equal(find(scene), "ends_soon 0-1000 10");
}

/* People who were on before the window have been on since then. */
static void
time_together_begins_before_the_window(void **state)
{
	struct scene *scene = *state;

	scene->handover_minutes = 600;
	on(scene, 0, 1, -300, 480);
	on(scene, 1, 2, -120, 1440);
	assert_string_equal(find(scene), "");
	nobody_on(scene);
	on(scene, 0, 1, -300, 480);
	on(scene, 1, 2, -119, 1440);
	assert_string_equal(find(scene), "no_handover -120-480 10");
	nobody_on(scene);
	on(scene, 0, 1, -300, 480);
	on(scene, 1, 2, 0, 1440);
	assert_string_equal(find(scene), "no_handover -120-480 10");
}

/* One pair is met again, from another shift, for a time before the last one. */
static void
a_pair_that_is_met_again_is_one_warning(void **state)
{
	struct scene *scene = *state;
	struct region region = places_apart();
	struct fragile_duty duties[] = {
	    {1, 0, 0, 100}, {1, 1, 10, 20}, {1, 0, 12, 15}, {1, 1, 50, 60}};

	assert_string_equal(apart(scene->arena, &region, duties, 4), "a+b 10-20, a+b 50-60");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(warnings_are_in_one_order),
	    TEST(a_shift_that_is_not_given_counts_for_nothing),
	    TEST(a_piece_within_another_ends_nothing),
	    TEST(team_lines_are_counted_by_their_rota),
	    TEST(a_horizon_that_is_over_is_not_soon),
	    TEST(time_together_begins_before_the_window),
	    TEST(a_pair_that_is_met_again_is_one_warning),
	    TEST(cover_of_fresh_sources_is_not_fragile),
	    TEST(cover_that_rests_on_a_stale_source),
	    TEST(cover_that_rests_on_what_was_last_read),
	    TEST(of_two_that_are_required_one_is_stale),
	    TEST(a_team_line_is_a_head_of_its_own),
	    TEST(what_is_a_gap_anyway_is_not_fragile),
	    TEST(no_handover_where_one_is_asked_for),
	    TEST(a_person_who_stays_or_comes_back_hands_over_nothing),
	    TEST(exactly_enough_from_a_source_that_ends),
	    TEST(who_counts_without_the_function_is_told),
	    TEST(one_person_on_two_tiers),
	    TEST(of_a_shift_that_was_cut_the_piece_that_lies_there_counts),
	    TEST(pieces_that_touch_are_one),
	    TEST(who_goes_on_by_another_entry_has_been_on_all_along),
	    TEST(an_override_does_not_age),
	    TEST(one_person_in_two_places),
	    TEST(two_places_are_judged_at_the_time),
	    TEST(every_kind_has_a_name_and_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
