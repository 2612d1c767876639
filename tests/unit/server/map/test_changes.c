/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/base/instant.h"
#include "server/base/text.h"
#include "server/base/vec.h"
#include "server/map/changes.h"
#include "server/map/lookup.h"
#include "server/map/rota_builder.h"
#include "tests/unit/server/map/scene.h"
#include "tests/unit/server/model/dice.h"

/* What is said to have changed between two maps, beside what the answers of lookups say: where an
 * answer differs, a change must name its place and function. */

#define ROTA(id, service)                                                                          \
	"{'id':'" id "','service':'" service                                                       \
	"','source':{'kind':'ical_url','url':'https://example.org/" id ".ics'}}"
#define LEAVE "{'id':'leave','organisation':'O','absences':true,'source':{'kind':'file'}}"
#define PERSON(id) "{'id':'" id "','name':'" id "','organisation':'O','roles':['f','g']}"
#define PLACE(id, more) "{'code':'" id "','name':'" id "','kind':'emergency_department'" more "}"
#define SERVICE(id, function, places)                                                              \
	"{'id':'" id "','name':'" id "','function':'" function                                     \
	"','organisation':'O','places':[" places "]}"
#define ASKS(id, place, function, more)                                                            \
	"{'id':'" id "','place':'" place "','function':'" function                                 \
	"','count':1,'hours':[{'days':['all'],'from':'00:00','to':'24:00'}]" more "}"
#define PLACES_OF_IT                                                                                                    \
	PLACE("TOP", "")                                                                                                \
	"," PLACE("P1",                                                                                                 \
	    ",'parents':['TOP'],'ladders':[{'function':'f','steps':[{'on_call':1},{'function':'g'}]}]") "," PLACE("P2", \
	    "") "," PLACE("P3", "")
#define PEOPLE_OF_IT PERSON("ann") "," PERSON("bob") "," PERSON("cat") "," PERSON("dan")
#define SERVICES_OF_IT                                                                             \
	SERVICE("s1", "f", "'TOP','P1'")                                                           \
	"," SERVICE("s2", "f", "'P2'") "," SERVICE("s3", "g", "'P1','P3'")
#define ROTAS_OF_IT                                                                                \
	ROTA("r0", "s1") "," ROTA("r1", "s1") "," ROTA("r2", "s2") "," ROTA("r3", "s3") "," LEAVE
#define SHARE ",'max_share':1"
#define REQUIREMENTS_OF_IT                                                                         \
	ASKS("R1", "P1", "f", SHARE) "," ASKS("R2", "P2", "f", SHARE) "," ASKS("R3", "P3", "g", "")
static const char region[] =
    "{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],"
    "'functions':[{'code':'f','name':'F'},{'code':'g','name':'G'}],'places':[" PLACES_OF_IT
    "],'people':[" PEOPLE_OF_IT "],'services':[" SERVICES_OF_IT "],'rotas':[" ROTAS_OF_IT
    "],'requirements':[" REQUIREMENTS_OF_IT "]}";
enum { ROTAS = 5, PLACES = 4, FUNCTIONS = 2, PEOPLE = 4, LEAVE_ROTA = 4 };

/* -------------------------------------------------------------------- answers, as text */

static void
put_duties(struct buf *out, const struct scene *scene, struct lookup_duties duties)
{
	for (size_t i = 0; i < duties.count; i++) {
		const struct lookup_duty *duty = &duties.items[i];

		buf_printf(out, " %s@%s %u-%u >%s %lld", duty->name,
		    scene->atlas.region->rotas[duty->rota].id, duty->shift->start, duty->shift->end,
		    duty->next_name ? duty->next_name : "-",
		    duty->next_name ? (long long)duty->next_from : 0LL);
		for (uint32_t j = 0; j < duty->shared.count; j++)
			buf_printf(out, " +%u", duty->shared.items[j]);
	}
	buf_add_text(out, ";");
}

/* Whom to ring: who is on call for another function is a part of it. */
static void
put_ladder(struct buf *out, struct scene *scene, const struct cover_asked *asked,
    const struct lookup *lookup)
{
	struct lookup_ladder made;

	lookup_ladder_make(scene->arena, asked, lookup,
	    (struct lookup_ladder_asked){&lookup->items[0], false}, &made);
	buf_printf(out, "ladder %zu:", made.ladder.next);
	for (size_t i = 0; i < made.ladder.count; i++)
		buf_printf(out, " %s",
		    made.ladder.items[i].kind == LADDER_ON_CALL
			? made.duties[made.ladder.items[i].duty]->name
			: "number");
	buf_add_text(out, "\n");
}

/* Everything that a lookup of ${function} at ${place} says, at the hours of a day. */
static void
answer(struct buf *out, struct scene *scene, const struct map_look *look, uint32_t place,
    uint32_t function)
{
	struct cover_asked asked = {.map = look->map, .now = look->at};

	buf_reset(out);
	for (int64_t at = look->at; at < look->at + 24 * 3600; at += 3600) {
		struct lookup lookup;

		lookup_make(
		    scene->arena, &asked, &(struct lookup_asked){place, function, at}, &lookup);
		for (size_t i = 0; i < lookup.count; i++) {
			const struct lookup_function *of = &lookup.items[i];

			buf_printf(
			    out, "%d %d %d/%d", of->state, of->cause, of->present, of->required);
			put_duties(out, scene, of->on_call);
			put_duties(out, scene, of->not_counted);
			put_duties(out, scene, of->last_known);
			for (size_t j = 0; j < of->nundecided; j++)
				buf_printf(out, " ?%u", of->undecided[j].shift->start);
			buf_printf(out, " %zu %zu\n", of->nwarnings, of->nnumbers);
		}
		put_ladder(out, scene, &asked, &lookup);
	}
}

/* ------------------------------------------------------------------------- random maps */

static void
dice_rota(struct dice *dice, struct snapshot *map, uint32_t rota)
{
	static const enum kept_class classes[] = {
	    KEPT_NAMED, KEPT_NAMED, KEPT_NAMED, KEPT_TEAM, KEPT_NOBODY, KEPT_UNDECIDED};
	struct rota_builder *builder = rota_builder_new();
	int count = (int)dice_below(dice, 5);

	for (int i = 0; i < count; i++) {
		int64_t start = ATLAS_NOW + (dice_below(dice, 40) - 10) * 1800;
		enum kept_class class =
		    rota == LEAVE_ROTA ? KEPT_ABSENCE : classes[dice_below(dice, 6)];
		bool person = class == KEPT_NAMED || class == KEPT_ABSENCE;

		rota_builder_add(builder,
		    &(struct shift_row){
			.id = rota * 100 + i + 1,
			.class = class,
			.person = person ? (uint32_t)dice_below(dice, PEOPLE) : REGION_NONE,
			.team = class == KEPT_TEAM ? "hub" : NULL,
			.title = "t",
			.start = start,
			.end = start + (1 + dice_below(dice, 12)) * 1800,
		    });
	}
	snapshot_set_rota(map, rota, rota_builder_take(builder));
	rota_builder_free(builder);
}

static void
dice_feed(struct dice *dice, struct snapshot *map, uint32_t rota)
{
	static const int64_t ages[] = {60, 1200, 4000, 22000, 30000};
	struct feed_facts facts;

	memset(&facts, 0, sizeof facts);
	facts.kind = FEED_URL;
	facts.standing = (enum feed_standing)(1 + dice_below(dice, 3));
	facts.last_good_at = ATLAS_NOW - ages[dice_below(dice, 5)];
	facts.last_attempt_at = ATLAS_NOW - dice_below(dice, 60);
	facts.horizon = ATLAS_NOW + (1 + dice_below(dice, 3)) * 7 * 3600;
	facts.to_decide = (int32_t)dice_below(dice, 2);
	snapshot_set_feed(map, rota, kept_feed_new(&facts, NULL, NULL));
}

/* Another horizon, and nothing else. */
static void
dice_horizon(struct dice *dice, struct snapshot *map, uint32_t rota)
{
	struct feed_facts facts = map->feeds[rota]->facts;

	facts.horizon = ATLAS_NOW + dice_below(dice, 20) * 3600;
	snapshot_set_feed(map, rota, kept_feed_new(&facts, NULL, NULL));
}

static bool
names(const struct changes *changes, uint32_t place, uint32_t function)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->items[i];

		if (change->kind != CHANGE_COVERAGE || change->place != place)
			continue;
		for (uint32_t j = 0; j < change->nfunctions; j++)
			if (change->functions[j] == function)
				return true;
	}
	return false;
}

/* How many places and functions were named although their answers are the same. */
static int
expect_named(struct scene *scene, const struct map_look *before, const struct map_look *after)
{
	struct buf one = {0}, other = {0};
	struct changes changes;
	int idle = 0;

	assert_true(changes_find(scene->arena, before, after, &changes));
	for (uint32_t place = 0; place < PLACES; place++)
		for (uint32_t function = 0; function < FUNCTIONS; function++) {
			bool named = names(&changes, place, function);

			answer(&one, scene, before, place, function);
			answer(&other, scene, after, place, function);
			if (strcmp(one.at, other.at) == 0)
				idle += named;
			else if (!named)
				fail_msg(
				    "%u %u: not named:\n%s\n%s", place, function, one.at, other.at);
		}
	buf_free(&one);
	buf_free(&other);
	return idle;
}

/* One edit each, so that no other edit names the place too. */
static void
an_answer_that_differs_is_named(void **state)
{
	struct dice dice = dice_of(0xc4a7);
	int idle = 0, rounds = 400;

	(void)state;
	for (int i = 0; i < rounds; i++) {
		struct scene scene;
		struct snapshot *after;
		uint32_t rota = (uint32_t)dice_below(&dice, ROTAS);

		open_scene(&scene, region);
		for (uint32_t r = 0; r < ROTAS; r++) {
			dice_rota(&dice, scene.atlas.map, r);
			dice_feed(&dice, scene.atlas.map, r);
		}
		snapshot_gather_absences(scene.atlas.map);
		after = snapshot_copy(scene.atlas.map);
		if (i % 4 == 0)
			dice_feed(&dice, after, rota);
		else if (i % 4 == 1)
			dice_horizon(&dice, after, rota);
		else
			dice_rota(&dice, after, rota);
		snapshot_gather_absences(after);
		idle += expect_named(&scene, &(struct map_look){scene.atlas.map, ATLAS_NOW},
		    &(struct map_look){after, ATLAS_NOW});
		snapshot_unref(after);
		close_scene(&scene);
	}
	/* Of the eight places and functions a round most are not named. */
	assert_true(idle < 3 * rounds);
}

/* ------------------------------------------------------------------------------ single ones */

static struct changes
between(struct scene *scene, const struct snapshot *after, int64_t at)
{
	struct map_look one = {scene->atlas.map, ATLAS_NOW}, other = {after, at};
	struct changes changes;

	assert_true(changes_find(scene->arena, &one, &other, &changes));
	return changes;
}

static void
nothing_is_said_of_what_is_the_same(void **state)
{
	struct scene *scene = *state;
	struct snapshot *after = snapshot_copy(scene->atlas.map);
	struct feed_facts facts = scene->atlas.map->feeds[0]->facts;

	assert_int_equal(between(scene, scene->atlas.map, ATLAS_NOW + 1).count, 0);
	assert_int_equal(between(scene, after, ATLAS_NOW + 1).count, 0);
	/* Another check with the same result. */
	facts.last_attempt_at = facts.last_good_at = ATLAS_NOW;
	snapshot_set_feed(after, 0, kept_feed_new(&facts, NULL, NULL));
	snapshot_set_rota(after, 1, rota_block_empty());
	assert_int_equal(between(scene, after, ATLAS_NOW + 1).count, 0);
	snapshot_unref(after);
}

static void
a_source_grows_old_without_a_change_of_the_map(void **state)
{
	struct scene *scene = *state;
	struct changes changes = between(scene, scene->atlas.map, ATLAS_NOW + 3600);

	/* The only rota with an address. */
	assert_int_equal(changes.items[0].kind, CHANGE_FEED);
	assert_int_equal(changes.items[0].rota, atlas_rota(&scene->atlas, "amhp-duty"));
	assert_int_equal(changes.items[0].freshness, FRESHNESS_STALE);
	assert_int_equal(changes.items[0].standing, FEED_GOOD);
	assert_true(names(&changes, atlas_place(&scene->atlas, "ZED01"), 0));
	assert_true(names(&changes, atlas_place(&scene->atlas, "X06000001"), 0));
	assert_false(names(&changes, atlas_place(&scene->atlas, "ZED01"), 1));
	assert_int_equal(changes.count, 3);
}

#define ONE "6e8bc430-9c3a-11d9-9669-0800200c9a66"
#define TWO "6e8bc430-9c3a-11d9-9669-0800200c9a67"

static struct gap_block *
gap_of(const char *id, int64_t acknowledged_at, const char *note)
{
	struct gap_row row = {.id = id,
	    .start = ATLAS_NOW,
	    .end = ATLAS_NOW + 3600,
	    .opened_at = ATLAS_NOW,
	    .changed_at = ATLAS_NOW,
	    .state = "gap",
	    .cause = "silent",
	    .required = 1,
	    .acknowledged_at = acknowledged_at,
	    .note = note,
	    .acknowledged_by = acknowledged_at == 0 ? NULL : "x"};

	return gap_block_new(&row, 1);
}

static void
expect_gap(
    struct scene *scene, struct gap_block *before, struct gap_block *after, enum gap_change wanted)
{
	struct snapshot *one = snapshot_copy(scene->atlas.map), *other;
	uint32_t demand = snapshot_demand(one, "R01", "ZED01");
	struct changes changes;

	snapshot_set_gaps(one, demand, before);
	other = snapshot_copy(one);
	snapshot_set_gaps(other, demand, after);
	assert_true(changes_find(scene->arena, &(struct map_look){one, ATLAS_NOW},
	    &(struct map_look){other, ATLAS_NOW}, &changes));
	assert_int_equal(changes.count, 2);
	assert_int_equal(changes.items[0].kind, CHANGE_GAP);
	assert_int_equal(changes.items[0].how, wanted);
	assert_int_equal(changes.items[0].place, atlas_place(&scene->atlas, "ZED01"));
	assert_true(names(&changes, atlas_place(&scene->atlas, "ZED01"), 0));
	snapshot_unref(one);
	snapshot_unref(other);
}

static void
gaps_open_close_and_are_acknowledged(void **state)
{
	struct scene *scene = *state;

	expect_gap(scene, NULL, gap_of(ONE, 0, NULL), GAP_OPENED);
	expect_gap(scene, gap_of(ONE, 0, NULL), NULL, GAP_CLOSED);
	expect_gap(scene, gap_of(ONE, 0, NULL), gap_of(ONE, ATLAS_NOW, "a"), GAP_ACKNOWLEDGED);
	expect_gap(
	    scene, gap_of(ONE, ATLAS_NOW, "a"), gap_of(ONE, ATLAS_NOW + 1, "a"), GAP_ACKNOWLEDGED);
	expect_gap(scene, gap_of(ONE, ATLAS_NOW, "a"), gap_of(ONE, ATLAS_NOW, "b"), GAP_CHANGED);
	expect_gap(scene, gap_of(ONE, ATLAS_NOW, "a"), gap_of(ONE, 0, NULL), GAP_CHANGED);
}

static void
another_gap_of_the_same_demand_is_another(void **state)
{
	struct scene *scene = *state;
	struct snapshot *one = snapshot_copy(scene->atlas.map), *other;
	uint32_t demand = snapshot_demand(one, "R01", "ZED01");
	struct changes changes;

	snapshot_set_gaps(one, demand, gap_of(ONE, 0, NULL));
	other = snapshot_copy(one);
	snapshot_set_gaps(other, demand, gap_of(TWO, 0, NULL));
	assert_true(changes_find(scene->arena, &(struct map_look){one, ATLAS_NOW},
	    &(struct map_look){other, ATLAS_NOW}, &changes));
	assert_int_equal(changes.items[0].how, GAP_CLOSED);
	assert_int_equal(changes.items[1].how, GAP_OPENED);
	assert_memory_equal(changes.items[1].gap, other->gaps[demand]->gaps[0].id, 16);
	/* The same again, in a block of its own. */
	snapshot_set_gaps(one, demand, gap_of(TWO, 0, NULL));
	assert_true(changes_find(scene->arena, &(struct map_look){one, ATLAS_NOW},
	    &(struct map_look){other, ATLAS_NOW}, &changes));
	assert_int_equal(changes.count, 0);
	snapshot_unref(one);
	snapshot_unref(other);
}

static void
decisions_that_wait_are_counted(void **state)
{
	struct scene *scene = *state;
	struct snapshot *after = snapshot_copy(scene->atlas.map);
	uint32_t rota = atlas_rota(&scene->atlas, "amhp-second");
	struct feed_facts facts = after->feeds[rota]->facts;
	struct changes changes;

	facts.to_decide = 2;
	snapshot_set_feed(after, rota, kept_feed_new(&facts, NULL, NULL));
	changes = between(scene, after, ATLAS_NOW);
	assert_int_equal(changes.count, 1);
	assert_int_equal(changes.items[0].kind, CHANGE_DECISION);
	assert_int_equal(changes.items[0].rota, rota);
	assert_int_equal(changes.items[0].waiting, 2);
	facts.held_import = 17;
	snapshot_set_feed(after, rota, kept_feed_new(&facts, NULL, NULL));
	changes = between(scene, after, ATLAS_NOW);
	assert_int_equal(changes.items[0].kind, CHANGE_FEED);
	assert_int_equal(changes.items[1].waiting, 3);
	snapshot_unref(after);
}

static void
another_set_up_cannot_be_compared(void **state)
{
	struct scene *scene = *state, other;
	struct changes changes;

	open_scene(&other, NULL);
	assert_false(changes_find(scene->arena, &(struct map_look){scene->atlas.map, ATLAS_NOW},
	    &(struct map_look){other.atlas.map, ATLAS_NOW}, &changes));
	assert_int_equal(changes.count, 0);
	close_scene(&other);
}

/* The map of ${scene} under its set-up with one object changed; ' for ". */
static struct snapshot *
patched(struct scene *scene, const char *quoted)
{
	char *changes = arena_strdup(scene->arena, quoted);
	struct snapshot *after = snapshot_copy(scene->atlas.map);
	struct region_takens takens;
	struct region_shared *shared;

	for (char *at = changes; *at != '\0'; at++)
		*at = *at == '\'' ? '"' : *at;
	shared = region_shared_take(scene->arena, after->setup->shared,
	    &(struct region_shared_since){.version = 9,
		.changes = slice_of(changes),
		.zones = region_zones_of(scene->atlas.tools.zones)},
	    &takens);
	assert_non_null(shared);
	snapshot_set_setup(after, snapshot_region_patched(scene->atlas.map->setup, shared));
	return after;
}

#define OBJECT(kind, members) "[{'kind':'" kind "','item':{" members "}}]"

static void
a_set_up_with_another_account_or_person_is_compared(void **state)
{
	struct scene *scene = *state;
	struct map_look one = {scene->atlas.map, ATLAS_NOW}, other = {.at = ATLAS_NOW};
	struct snapshot *after;
	struct changes changes;

	atlas_shift(&scene->atlas, "amhp-duty", 1, KEPT_NAMED, "jo-jones", NULL, -1, 5);
	other.map = after = patched(
	    scene, OBJECT("account",
		       "'name':'switch','kind':'person','role':'switchboard','places':['ZED01']"));
	assert_true(changes_find(scene->arena, &one, &other, &changes));
	assert_int_equal(changes.count, 0);
	snapshot_unref(after);
	other.map = after = patched(scene,
	    OBJECT("person",
		"'id':'jo-jones','name':'Jo Jones','organisation':'ZFC','roles':['amhp'],'aliases':['JJ'],"
		"'work_phone':'+441632960124'"));
	assert_true(changes_find(scene->arena, &one, &other, &changes));
	assert_int_equal(changes.count, 2);
	assert_true(names(&changes, atlas_place(&scene->atlas, "ZED01"), 0));
	assert_true(names(&changes, atlas_place(&scene->atlas, "X06000001"), 0));
	snapshot_unref(after);
	other.map = after =
	    patched(scene, OBJECT("organisation",
			       "'code':'ZFC','name':'Fenmere Council','kind':'local_authority'"));
	assert_false(changes_find(scene->arena, &one, &other, &changes));
	snapshot_unref(after);
}

static int
set_up(void **state)
{
	static struct scene scene;

	open_scene(&scene, NULL);
	*state = &scene;
	return 0;
}

static int
tear_down(void **state)
{
	close_scene(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_answer_that_differs_is_named),
	    cmocka_unit_test_setup_teardown(nothing_is_said_of_what_is_the_same, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_source_grows_old_without_a_change_of_the_map, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		gaps_open_close_and_are_acknowledged, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		another_gap_of_the_same_demand_is_another, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(decisions_that_wait_are_counted, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(another_set_up_cannot_be_compared, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_set_up_with_another_account_or_person_is_compared, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
