/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/map/fragile_cover.h"
#include "tests/unit/server/map/scene.h"

/* From a map to what hangs by a thread: overrides, and footprints that change at midnight of 23
 * November 2026, 20 h 50 min after ATLAS_NOW. */

#define MIDNIGHT (ATLAS_NOW + 20 * 3600 + 50 * 60 + 1)

#define ALL_DAY "'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]"

static const char region_text[] =
    "{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],'functions':[{'code':'amhp','name':'AMHP'},{'code':'x','name':'X'}],"
    "'places':[{'code':'P','name':'P','kind':'council_area'},{'code':'Q','name':'Q','kind':'council_area'},"
    "{'code':'R','name':'R','kind':'council_area'},{'code':'S','name':'S','kind':'council_area'}],'people':[{'id':'ann','name':'Ann A','organisation':'O','roles':['amhp']},{'id':'bob','name':'Bob "
    "B','organisation':'O','roles':['amhp']},{'id':'eve','name':'Eve E','organisation':'O','roles':['x']}],'services':[{'id':'west','name':'West','function':'amhp','organisation':'O','places':['P',{'place':'Q','until':'2026-11-23'},{'place':'R','until':'2026-11-23'}]},{'id':'east','name':'East','function':'amhp','organisation':'O','places':['Q']},{'id':'south','name':'South','function':'amhp','organisation':'O','places':['S']},{'id':'north','name':'North','function':'amhp','organisation':'O','places':[{'place':'R','from':'2026-11-23'}]}],'rotas':[{'id':'rw','service':'west','source':{'kind':'ical_url','url':'https://example.org/w.ics'}},{'id':'r2','service':'west','tier':2,'source':{'kind':'ical_url','url':'https://example.org/w2.ics'}},{'id':'re','service':'east','source':{'kind':'ical_url','url':'https://example.org/e.ics'}},{'id':'rs','service':'south','source':{'kind':'ical_url','url':'https://example.org/s.ics'}},{'id':'rn','service':'north','source':{'kind':'ical_url','url':'https://example.org/n.ics'}}],'requirements':[{'id':'RP','place':'P','function':'amhp','count':1,'handover_minutes':15," ALL_DAY
    "},"
    "{'id':'RQ','place':'Q','function':'amhp','count':1," ALL_DAY "},"
    "{'id':'RS','place':'S','function':'amhp','role':'any','count':1," ALL_DAY "},"
    "{'id':'RR','place':'R','function':'amhp','count':1," ALL_DAY "}]}";

static int
set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof *scene);

	open_scene(scene, region_text);
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

static const char *
time_text(struct scene *scene, int64_t time)
{
	int minutes = (int)((time - ATLAS_NOW) / 60);

	if (time == MIDNIGHT)
		return "midnight";
	return arena_printf(scene->arena, "%d:%02d", minutes / 60, minutes % 60);
}

/* The fragile cover at ${place} over the two days from ATLAS_NOW: "kind start to end rota", hours
 * and minutes after it. */
static const char *
fragile(struct scene *scene, const char *place)
{
	struct cover_asked asked = {.map = scene->atlas.map, .now = ATLAS_NOW};
	struct fragile_cover_list list;
	const char *text = "";

	list = fragile_cover_place(scene->arena, &asked, atlas_place(&scene->atlas, place),
	    REGION_NONE, (struct span_time){ATLAS_NOW, ATLAS_NOW + 48 * 3600});
	for (size_t i = 0; i < list.count; i++) {
		const struct fragile_warning *found = &list.items[i].found;

		text = arena_printf(scene->arena, "%s%s%s %s to %s %s", text, i > 0 ? ", " : "",
		    fragile_kind_name(found->kind), time_text(scene, found->start),
		    time_text(scene, found->end), scene->atlas.region->rotas[found->rota].id);
	}
	return text;
}

static void
person_on(struct scene *scene, const char *rota, int64_t id, const char *person, double from_hours,
    double to_hours)
{
	atlas_shift(&scene->atlas, rota, id, KEPT_NAMED, person, NULL, from_hours, to_hours);
}

static void
override(struct scene *scene, const char *rota, const char *person, const char *instead,
    double from_hours, double to_hours)
{
	atlas_override(&scene->atlas, rota, 1, person, instead, NULL, from_hours, to_hours);
}

static void
ends_at(struct scene *scene, const char *rota, double hours)
{
	uint32_t index = atlas_rota(&scene->atlas, rota);
	struct feed_facts facts = scene->atlas.map->feeds[index]->facts;

	facts.horizon = ATLAS_NOW + (int64_t)(hours * 3600);
	snapshot_set_feed(scene->atlas.map, index, kept_feed_new(&facts, NULL, NULL));
}

static void
a_shift_that_was_cut_hands_over_twice(void **state)
{
	struct scene *scene = *state;

	person_on(scene, "rw", 1, "ann", -1, 20);
	assert_string_equal(fragile(scene, "P"), "");
	override(scene, "rw", "bob", "ann", 5, 8);
	assert_string_equal(
	    fragile(scene, "P"), "no_handover 4:45 to 5:00 rw, no_handover 7:45 to 8:00 rw");
}

static void
who_was_put_on_here_is_not_as_old_as_the_calendar(void **state)
{
	struct scene *scene = *state;

	atlas_feed(&scene->atlas, "rw", 2 * 3600);
	person_on(scene, "rw", 1, "ann", -1, 10);
	override(scene, "rw", "bob", "ann", -1, 4);
	assert_string_equal(
	    fragile(scene, "P"), "no_handover 3:45 to 4:00 rw, stale_source 4:00 to 10:00 rw");
	/* Nor does he go when the calendar ends. */
	atlas_feed(&scene->atlas, "rw", 60);
	ends_at(scene, "rw", 10);
	assert_string_equal(
	    fragile(scene, "P"), "no_handover 3:45 to 4:00 rw, ends_soon 4:00 to 10:00 rw");
}

static void
who_was_put_on_here_can_be_in_two_places(void **state)
{
	struct scene *scene = *state;

	person_on(scene, "re", 1, "ann", 24, 40);
	override(scene, "rw", "ann", NULL, 25, 30);
	assert_string_equal(fragile(scene, "P"), "two_places 25:00 to 30:00 rw");
	/* Also where the calendar of that rota is not believed any more. */
	atlas_feed(&scene->atlas, "rw", 7 * 3600);
	assert_string_equal(fragile(scene, "P"), "two_places 25:00 to 30:00 rw");
	/* Its own note is not. */
	atlas_feed(&scene->atlas, "re", 7 * 3600);
	assert_string_equal(fragile(scene, "P"), "");
}

/* holds: H16.3 */
static void
two_places_go_by_the_footprint_of_the_time(void **state)
{
	struct scene *scene = *state;

	/* West serves Q too, until midnight: then she is in two places. */
	person_on(scene, "rw", 1, "ann", 1, 30);
	person_on(scene, "re", 2, "ann", 2, 28);
	assert_string_equal(fragile(scene, "P"), "two_places midnight to 28:00 rw");
	assert_string_equal(fragile(scene, "Q"), "two_places midnight to 28:00 rw");
	/* By then West does not serve R any more, and it is no matter there. */
	assert_string_equal(fragile(scene, "R"), "");
}

/* Shifts that end after the time that is looked at count in it, and those that begin then do not. */
static void
two_places_are_told_to_the_end_of_what_is_looked_at(void **state)
{
	struct scene *scene = *state;

	person_on(scene, "re", 1, "ann", 24, 60);
	person_on(scene, "rw", 2, "ann", 25, 70);
	assert_string_equal(fragile(scene, "P"), "two_places 25:00 to 60:00 rw");
	person_on(scene, "rw", 3, "bob", 48, 70);
	person_on(scene, "re", 4, "bob", 47, 70);
	assert_string_equal(fragile(scene, "P"), "two_places 25:00 to 60:00 rw");
}

/* One who is torn is so for a place only while the rota serves it. */
static void
two_places_are_told_where_the_rota_serves(void **state)
{
	struct scene *scene = *state;

	person_on(scene, "rn", 1, "bob", 1, 30);
	person_on(scene, "re", 2, "bob", 2, 28);
	assert_string_equal(fragile(scene, "R"), "two_places midnight to 28:00 re");
	/* North serves nothing before midnight. */
	assert_string_equal(fragile(scene, "Q"), "two_places midnight to 28:00 re");
	/* On West besides, which serves R until midnight: from then on it is another place. */
	person_on(scene, "rw", 3, "bob", 1, 30);
	assert_string_equal(fragile(scene, "R"),
	    "two_places midnight to 30:00 rw, two_places midnight to 28:00 re");
}

static void
one_person_on_two_tiers_of_a_place(void **state)
{
	struct scene *scene = *state;

	person_on(scene, "rw", 1, "ann", 1, 10);
	person_on(scene, "r2", 2, "ann", 8, 12);
	assert_string_equal(fragile(scene, "P"), "two_tiers 8:00 to 10:00 rw");
	assert_string_equal(fragile(scene, "R"), "two_tiers 8:00 to 10:00 rw");
	/* Bob stands in for her on the second. */
	override(scene, "r2", "bob", "ann", 8, 12);
	assert_string_equal(fragile(scene, "P"), "");
}

/* A person who counts for a requirement that takes anybody can be in two places without holding the
 * function; a team line is nobody, who is in none; an undecided shift says nothing. */
static void
two_places_are_of_those_who_count(void **state)
{
	struct scene *scene = *state;

	person_on(scene, "rw", 1, "eve", 1, 6);
	person_on(scene, "re", 2, "eve", 25, 30);
	person_on(scene, "rw", 3, "eve", 24, 31);
	assert_string_equal(fragile(scene, "P"), "");
	assert_string_equal(fragile(scene, "S"), "");
	atlas_shift(&scene->atlas, "rs", 4, KEPT_TEAM, NULL, "Hub", 1, 30);
	atlas_shift(&scene->atlas, "re", 5, KEPT_TEAM, NULL, "Hub", 1, 30);
	atlas_shift(&scene->atlas, "rs", 6, KEPT_UNDECIDED, NULL, NULL, 1, 30);
	assert_string_equal(fragile(scene, "S"), "");
	snapshot_set_rota(scene->atlas.map, atlas_rota(&scene->atlas, "rs"), rota_block_empty());
	person_on(scene, "rs", 7, "eve", 26, 29);
	assert_string_equal(fragile(scene, "S"),
	    "two_places 26:00 to 29:00 rw, two_places 26:00 to 29:00 re, role_not_held 26:00 to 29:00 rs");
	/* Its calendar has grown old: of one start, by kind. */
	snapshot_set_rota(scene->atlas.map, atlas_rota(&scene->atlas, "re"), rota_block_empty());
	snapshot_set_rota(scene->atlas.map, atlas_rota(&scene->atlas, "rw"), rota_block_empty());
	atlas_feed(&scene->atlas, "rs", 2 * 3600);
	assert_string_equal(
	    fragile(scene, "S"), "stale_source 26:00 to 29:00 rs, role_not_held 26:00 to 29:00 rs");
}

/* In one order, whatever the order in which demands are asked about. */
static void
warnings_stand_by_start_demand_kind_and_rota(void **state)
{
	struct scene *scene = *state;
	struct cover_asked asked = {.map = scene->atlas.map, .now = ATLAS_NOW};
	uint32_t p = snapshot_demand(scene->atlas.map, "RP", "P");
	uint32_t q = snapshot_demand(scene->atlas.map, "RQ", "Q");
	uint32_t both[] = {q, p}, turned[] = {p, q};
	struct span_time time = {ATLAS_NOW, ATLAS_NOW + 48 * 3600};
	struct fragile_cover_list one, other;

	person_on(scene, "rw", 1, "ann", 25, 30);
	person_on(scene, "re", 2, "ann", 25, 30);
	person_on(scene, "r2", 3, "ann", 25, 30);
	person_on(scene, "rw", 4, "bob", 21, 24);
	person_on(scene, "re", 5, "bob", 21, 24);
	/* With either of two others she is in two places. */
	person_on(scene, "rs", 6, "ann", 25, 30);
	fragile_cover_demands(scene->arena, &asked, (struct region_list){both, 2}, time, &one);
	fragile_cover_demands(scene->arena, &asked, (struct region_list){turned, 2}, time, &other);
	assert_true(one.count >= 6);
	assert_int_equal(one.count, other.count);
	for (size_t i = 0; i < one.count; i++) {
		const struct fragile_cover_warning *a = &one.items[i], *b = &other.items[i];

		assert_int_equal(a->demand, b->demand);
		assert_int_equal(a->found.kind, b->found.kind);
		assert_int_equal(a->found.rota, b->found.rota);
		assert_int_equal(a->found.other, b->found.other);
		assert_true(a->found.start == b->found.start);
		if (i == 0)
			continue;
		b = &one.items[i - 1];
		assert_true(b->found.start <= a->found.start);
		if (b->found.start < a->found.start)
			continue;
		assert_true(b->demand <= a->demand);
		if (b->demand == a->demand && b->found.kind == a->found.kind)
			assert_true(
			    b->found.rota < a->found.rota ||
			    (b->found.rota == a->found.rota && b->found.other <= a->found.other));
		if (b->demand == a->demand)
			assert_true(b->found.kind <= a->found.kind);
	}
}

/* The warning of a pair of rotas lasts longer than what is asked about. */
static void
only_the_time_that_is_asked_about_is_told(void **state)
{
	struct scene *scene = *state;
	struct cover_asked asked = {.map = scene->atlas.map, .now = ATLAS_NOW};
	struct fragile_cover_list list;

	/* West serves R until midnight, and North from then on. */
	person_on(scene, "rn", 1, "bob", 1, 30);
	person_on(scene, "re", 2, "bob", 2, 28);
	list = fragile_cover_place(scene->arena, &asked, atlas_place(&scene->atlas, "R"),
	    REGION_NONE, (struct span_time){ATLAS_NOW, MIDNIGHT});
	assert_int_equal(list.count, 0);
	list = fragile_cover_place(scene->arena, &asked, atlas_place(&scene->atlas, "R"),
	    REGION_NONE, (struct span_time){ATLAS_NOW, MIDNIGHT + 1});
	assert_int_equal(list.count, 1);
	/* Of another function nothing is. */
	list = fragile_cover_place(scene->arena, &asked, atlas_place(&scene->atlas, "R"), 1,
	    (struct span_time){ATLAS_NOW, MIDNIGHT + 1});
	assert_int_equal(list.count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_shift_that_was_cut_hands_over_twice),
	    TEST(who_was_put_on_here_is_not_as_old_as_the_calendar),
	    TEST(who_was_put_on_here_can_be_in_two_places),
	    TEST(two_places_go_by_the_footprint_of_the_time),
	    TEST(two_places_are_told_to_the_end_of_what_is_looked_at),
	    TEST(one_person_on_two_tiers_of_a_place),
	    TEST(two_places_are_told_where_the_rota_serves),
	    TEST(two_places_are_of_those_who_count),
	    TEST(warnings_stand_by_start_demand_kind_and_rota),
	    TEST(only_the_time_that_is_asked_about_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
