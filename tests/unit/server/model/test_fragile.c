#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/fragile.h"

#define HOUR 3600
#define MINUTE 60

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
		scene->sources[i] = (struct fragile_source){10 + i, false, INT64_MAX};
	*state = scene;
	return 0;
}

static int
tear_down(void **state)
{
	arena_free(((struct scene *)*state)->arena);
	return 0;
}

/* ${person} on ${source} from ${from} to ${to}, minutes. */
static void
on(struct scene *scene, uint32_t source, uint32_t person, int64_t from, int64_t to)
{
	int64_t id = (int64_t)scene->nshifts + 1;

	scene->shifts[scene->nshifts++] =
	    (struct fragile_shift){id, from * MINUTE, to * MINUTE, person, 0, source};
	scene->of_rota[source][scene->nof_rota[source]++] =
	    (struct shift){from * MINUTE, to * MINUTE, id, person, 0, SHIFT_NAMED, false};
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

static void
cover_that_rests_on_a_stale_source(void **state)
{
	struct scene *scene = *state;

	scene->sources[0].stale = true;
	on(scene, 0, 1, 0, 720);
	on(scene, 0, 2, 720, 1000); /* goes on, whoever is on */
	assert_string_equal(find(scene), "stale_source 0-1000 10");
	/* Somebody else's fresh word for a part of it. */
	on(scene, 1, 3, 600, 800);
	assert_string_equal(find(scene), "stale_source 0-600 10, stale_source 800-1000 10");
	/* The same person on both: the fresh one says so too. */
	on(scene, 1, 1, 0, 600);
	assert_string_equal(find(scene), "stale_source 800-1000 10");
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
whoever_stays_or_comes_back_hands_over_nothing(void **state)
{
	struct scene *scene = *state;

	scene->handover_minutes = 15;
	on(scene, 0, 1, 0, 480);
	on(scene, 1, 1, 480, 960); /* the same person goes on, on another rota */
	on(scene, 0, 2, 900, 1440);
	assert_string_equal(find(scene), "");
	/* One who comes at the last minute, and one who has been there all along. */
	scene->nshifts = scene->nof_rota[0] = scene->nof_rota[1] = 0;
	on(scene, 0, 1, 0, 480);
	on(scene, 0, 2, 0, 1440);
	on(scene, 1, 3, 480, 1440);
	assert_string_equal(find(scene), "");
	/* Nobody follows: that is a gap. */
	scene->nshifts = scene->nof_rota[0] = scene->nof_rota[1] = 0;
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

/* --- Two places. --- */

/* Places 0 to 3; services: A at 0 and 1, B at 2, C at 0, D at 1 and 2; rota n is of service n, rota
 * 4 of service A too. */
static struct region
places_apart(void)
{
	static const uint32_t at_a[] = {0, 1}, at_b[] = {2}, at_c[] = {0}, at_d[] = {1, 2};
	static const struct region_service services[] = {
	    {.id = "A", .places = {at_a, 2}},
	    {.id = "B", .places = {at_b, 1}},
	    {.id = "C", .places = {at_c, 1}},
	    {.id = "D", .places = {at_d, 2}},
	};
	static const struct region_rota rotas[] = {
	    {.id = "a", .service = 0},
	    {.id = "b", .service = 1},
	    {.id = "c", .service = 2},
	    {.id = "d", .service = 3},
	    {.id = "a2", .service = 0},
	};

	return (struct region){.services = services, .nservices = 4, .rotas = rotas, .nrotas = 5};
}

static const char *
apart(struct arena *arena, const struct region *region, struct fragile_duty *duties, size_t count)
{
	struct fragile_warnings found = fragile_two_places(arena, region, duties, count);
	const char *text = "";

	for (size_t i = 0; i < found.count; i++)
		text = arena_printf(arena, "%s%s%s+%s %d-%d", text, i > 0 ? ", " : "",
		    region->rotas[found.items[i].rota].id, region->rotas[found.items[i].other].id,
		    (int)found.items[i].start, (int)found.items[i].end);
	return text;
}

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

static void
every_kind_has_a_name_and_a_sentence(void **state)
{
	struct scene *scene = *state;
	struct region region = places_apart();

	for (int kind = 0; kind < FRAGILE_KINDS; kind++) {
		struct fragile_warning warning = {
		    (enum fragile_kind)kind, 0, 1, 1, kind == FRAGILE_TWO_PLACES ? 3 : REGION_NONE};
		const char *text = fragile_text(scene->arena, &region, &warning);

		assert_true(strlen(fragile_kind_name((enum fragile_kind)kind)) > 0);
		assert_true(strstr(text, " b") != NULL && text[strlen(text) - 1] == '.');
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(cover_of_fresh_sources_is_not_fragile),
	    TEST(cover_that_rests_on_a_stale_source),
	    TEST(of_two_that_are_required_one_is_stale),
	    TEST(what_is_a_gap_anyway_is_not_fragile),
	    TEST(no_handover_where_one_is_asked_for),
	    TEST(whoever_stays_or_comes_back_hands_over_nothing),
	    TEST(exactly_enough_from_a_source_that_ends),
	    TEST(one_person_in_two_places),
	    TEST(every_kind_has_a_name_and_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
