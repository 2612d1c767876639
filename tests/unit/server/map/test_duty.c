/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/map/duty.h"
#include "tests/unit/server/map/scene.h"

/* The people on duty by a shift, at an instant and over a time. */

#define HOUR(hours) (ATLAS_NOW + (int64_t)(hours)*3600)

static int
set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof *scene);

	open_scene(scene, NULL);
	*state = scene;
	return 0;
}

static int
tear_down(void **state)
{
	struct scene *scene = *state;

	close_scene(scene);
	free(scene);
	return 0;
}

/* The only shift of amhp-duty. */
static const struct kept_shift *
shift_of(struct scene *scene, enum kept_class class, const char *person, const char *team)
{
	uint32_t rota = atlas_rota(&scene->atlas, "amhp-duty");

	snapshot_set_rota(scene->atlas.map, rota, rota_block_empty());
	atlas_shift(&scene->atlas, "amhp-duty", 1, class, person, team, 0, 24);
	return &scene->atlas.map->rotas[rota]->shifts[0];
}

static void
away(struct scene *scene, const char *person, int64_t id, double from, double to)
{
	atlas_shift(&scene->atlas, "amhp-second", id, KEPT_ABSENCE, person, NULL, from, to);
}

/* "from-to, from-to" in hours, and that each hour's instant says the same. */
static const char *
duty(struct scene *scene, const struct kept_shift *shift, int from, int to)
{
	struct span_times times = duty_in(
	    scene->arena, scene->atlas.map, shift, (struct span_time){HOUR(from), HOUR(to)});
	const char *text = "";

	for (size_t i = 0; i < times.count; i++)
		text = arena_printf(scene->arena, "%s%s%d-%d", text, i > 0 ? ", " : "",
		    (int)((times.items[i].start - ATLAS_NOW) / 3600),
		    (int)((times.items[i].end - ATLAS_NOW) / 3600));
	for (int hour = from; hour < to; hour++) {
		bool inside = false;

		for (size_t i = 0; i < times.count; i++)
			inside = inside || (times.items[i].start <= HOUR(hour) &&
					       HOUR(hour) < times.items[i].end);
		assert_true(duty_at(scene->atlas.map, shift, HOUR(hour)) == inside);
	}
	return text;
}

/* Of an empty time nothing is duty, and of leave neither. */
static void
no_time_and_no_duty(void **state)
{
	struct scene *scene = *state;
	struct span_time now = {ATLAS_NOW, ATLAS_NOW};
	const struct kept_shift *shift = shift_of(scene, KEPT_NAMED, "jo-jones", NULL);

	assert_int_equal(duty_in(scene->arena, scene->atlas.map, shift, now).count, 0);
	now.end++;
	assert_int_equal(duty_in(scene->arena, scene->atlas.map, shift, now).count, 1);
	shift = shift_of(scene, KEPT_TEAM, NULL, "Hub");
	now.end--;
	assert_int_equal(duty_in(scene->arena, scene->atlas.map, shift, now).count, 0);
}

static void
a_person_is_on_duty_but_while_away(void **state)
{
	struct scene *scene = *state;

	away(scene, "jo-jones", 7, 4, 8);
	away(scene, "jo-jones", 8, 6, 10);
	away(scene, "jo-jones", 9, 20, 30);
	away(scene, "s-ahmed", 10, 0, 24);
	assert_string_equal(
	    duty(scene, shift_of(scene, KEPT_NAMED, "jo-jones", NULL), 0, 24), "0-4, 10-20");
	assert_string_equal(duty(scene, shift_of(scene, KEPT_NAMED, "jo-jones", NULL), 5, 10), "");
}

static void
a_team_is_never_away(void **state)
{
	struct scene *scene = *state;

	away(scene, "jo-jones", 7, 4, 8);
	assert_string_equal(
	    duty(scene, shift_of(scene, KEPT_TEAM, NULL, "The team"), 0, 24), "0-24");
}

static void
nobody_is_on_duty_by_what_does_not_count(void **state)
{
	static const enum kept_class classes[] = {
	    KEPT_NOBODY, KEPT_UNDECIDED, KEPT_TENTATIVE, KEPT_UNREADABLE};

	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		assert_string_equal(
		    duty(*state, shift_of(*state, classes[i], "jo-jones", NULL), 0, 24), "");
	/* People whom the region does not have. */
	assert_string_equal(duty(*state, shift_of(*state, KEPT_NAMED, NULL, NULL), 0, 24), "");
}

static void
a_team_holds_every_function(void **state)
{
	struct scene *scene = *state;
	const struct region *region = scene->atlas.region;

	for (uint32_t i = 0; i < region->nfunctions; i++) {
		const struct kept_shift *shift = shift_of(scene, KEPT_NAMED, "jo-jones", NULL);

		assert_true(duty_holds(region, shift, i) == region_holds(region, shift->person, i));
		assert_true(duty_holds(region, shift_of(scene, KEPT_TEAM, NULL, "The team"), i));
	}
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(no_time_and_no_duty),
	    CASE(a_person_is_on_duty_but_while_away),
	    CASE(a_team_is_never_away),
	    CASE(nobody_is_on_duty_by_what_does_not_count),
	    CASE(a_team_holds_every_function),
	};

	return cmocka_run_group_tests_name("duty", tests, NULL, NULL);
}
