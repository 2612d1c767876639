/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/base/instant.h"
#include "server/map/changes.h"
#include "server/map/rota_builder.h"
#include "tests/unit/server/map/scene.h"

/* Each member that an answer has makes a change if it differs: one that is not compared would stay as it was on
 * every screen. */

static struct scene scene;

static int
set_up(void **state)
{
	(void)state;
	open_scene(&scene, NULL);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	close_scene(&scene);
	return 0;
}

static struct changes
between(const struct snapshot *before, const struct snapshot *after)
{
	struct changes changes;

	assert_true(changes_find(scene.arena, &(struct map_look){before, ATLAS_NOW},
	    &(struct map_look){after, ATLAS_NOW}, &changes));
	return changes;
}

static int
count_of(const struct changes *changes, enum change_kind kind)
{
	int count = 0;

	for (size_t i = 0; i < changes->count; i++)
		count += changes->items[i].kind == kind;
	return count;
}

/* ------------------------------------------------------------------------------------------ gaps */

#define ONE "6e8bc430-9c3a-11d9-9669-0800200c9a66"
#define TWO "6e8bc430-9c3a-11d9-9669-0800200c9a67"
enum { MEMBERS = 20 };

/* A gap, of which the member ${which} is another; MEMBERS: none is. */
static struct gap_row
gap_with(int which)
{
#define OTHER(at, usual, other) (which == (at) ? (other) : (usual))
	return (struct gap_row){
	    .id = ONE,
	    .start = OTHER(0, ATLAS_NOW, ATLAS_NOW - 1),
	    .end = OTHER(1, ATLAS_NOW + 3600, ATLAS_NOW + 3601),
	    .opened_at = OTHER(2, ATLAS_NOW - 60, ATLAS_NOW - 61),
	    .changed_at = OTHER(3, ATLAS_NOW - 50, ATLAS_NOW - 51),
	    .acknowledged_at = OTHER(4, ATLAS_NOW - 40, 0),
	    .acknowledged_until = OTHER(5, ATLAS_NOW + 40, ATLAS_NOW + 41),
	    .closed_at = OTHER(6, 0, ATLAS_NOW),
	    .settle_at = OTHER(7, 0, ATLAS_NOW + 9),
	    .state = OTHER(8, "gap", "unknown"),
	    .cause = OTHER(9, "silent", "source_unknown"),
	    .acknowledged_by = OTHER(10, "board", "chief"),
	    .note = OTHER(11, "a", "b"),
	    .group = OTHER(12, "g", NULL),
	    .acknowledged_as = OTHER(13, "high", "critical"),
	    .notes = OTHER(14, NULL, "[]"),
	    .present = OTHER(15, 0, 1),
	    .required = OTHER(16, 1, 2),
	    .alerts_sent = OTHER(17, 0, 1),
	    .told = OTHER(18, true, false),
	    .lead = OTHER(19, true, false),
	};
}

static struct snapshot *
with_gaps(const struct gap_row *rows, size_t count)
{
	struct snapshot *made = snapshot_copy(scene.atlas.map);

	snapshot_set_gaps(made, snapshot_demand(made, "R01", "ZED01"), gap_block_new(rows, count));
	return made;
}

static void
each_member_of_a_gap(void **state)
{
	(void)state;
	for (int which = 0; which <= MEMBERS; which++) {
		struct gap_row usual = gap_with(MEMBERS), row = gap_with(which);
		struct snapshot *before = with_gaps(&usual, 1), *after = with_gaps(&row, 1);
		struct changes changes = between(before, after);

		if (count_of(&changes, CHANGE_GAP) != (which < MEMBERS))
			fail_msg("member %d: %d changes", which, count_of(&changes, CHANGE_GAP));
		if (which < MEMBERS)
			assert_int_equal(changes.items[0].how, GAP_CHANGED);
		snapshot_unref(before);
		snapshot_unref(after);
	}
}

/* A gap is found by its id, wherever it stands in its block. */
static void
gaps_that_begin_before_others(void **state)
{
	struct gap_row rows[] = {gap_with(MEMBERS), gap_with(MEMBERS)};
	struct snapshot *both, *second;
	struct changes changes;

	(void)state;
	rows[1].id = TWO;
	rows[1].start += 60;
	both = with_gaps(rows, 2);
	second = with_gaps(&rows[1], 1);
	changes = between(both, second);
	assert_int_equal(count_of(&changes, CHANGE_GAP), 1);
	assert_int_equal(changes.items[0].how, GAP_CLOSED);
	assert_memory_equal(changes.items[0].gap,
	    both->gaps[snapshot_demand(both, "R01", "ZED01")]->gaps[0].id, 16);
	changes = between(second, both);
	assert_int_equal(count_of(&changes, CHANGE_GAP), 1);
	assert_int_equal(changes.items[0].how, GAP_OPENED);
	snapshot_unref(both);
	snapshot_unref(second);
}

/* --------------------------------------------------------------------------------------- sources */

static void
each_member_of_a_source(void **state)
{
	uint32_t rota = atlas_rota(&scene.atlas, "amhp-second");
	const struct feed_facts usual = scene.atlas.map->feeds[rota]->facts;
	struct snapshot *before = snapshot_copy(scene.atlas.map);

	(void)state;
	snapshot_set_feed(before, rota, kept_feed_new(&usual, "f", "[]"));
	for (int which = 0; which < 9; which++) {
		static const bool told[] = {
		    false, true, true, true, true, true, false, false, true};
		struct snapshot *after = snapshot_copy(before);
		struct feed_facts facts = usual;
		struct changes changes;

		facts.standing = which == 1 ? FEED_FAILING : usual.standing;
		facts.upload = which == 2 ? 5 : usual.upload;
		facts.held_import = which == 3 ? 6 : usual.held_import;
		facts.last_attempt_at -= which == 6;
		facts.failures += which == 7;
		if (which == 8)
			snapshot_set_feed(after, rota, NULL);
		else
			snapshot_set_feed(after, rota,
			    kept_feed_new(
				&facts, which == 4 ? "g" : "f", which == 5 ? "[1]" : "[]"));
		changes = between(before, after);
		if (count_of(&changes, CHANGE_FEED) != told[which])
			fail_msg("member %d: %d changes", which, count_of(&changes, CHANGE_FEED));
		changes = between(after, before);
		assert_int_equal(count_of(&changes, CHANGE_FEED), told[which]);
		snapshot_unref(after);
	}
	snapshot_unref(before);
}

/* One that was never read is told of, though there is nothing to say of it. */
static void
a_source_that_is_new(void **state)
{
	uint32_t rota = atlas_rota(&scene.atlas, "amhp-second");
	struct feed_facts facts = {.standing = FEED_NEVER,
	    .last_good_at = INSTANT_NEVER,
	    .last_attempt_at = INSTANT_NEVER,
	    .last_change_at = INSTANT_NEVER,
	    .horizon = INSTANT_NEVER};
	struct snapshot *before = snapshot_copy(scene.atlas.map), *after = snapshot_copy(before);
	struct changes changes;

	(void)state;
	snapshot_set_feed(before, rota, NULL);
	snapshot_set_feed(after, rota, NULL);
	changes = between(before, after);
	assert_int_equal(changes.count, 0);
	/* An address ages, as one without a row does: then nothing else differs. */
	for (facts.kind = FEED_URL; facts.kind <= FEED_FILE; facts.kind++) {
		snapshot_set_feed(after, rota, kept_feed_new(&facts, NULL, NULL));
		changes = between(before, after);
		assert_int_equal(count_of(&changes, CHANGE_FEED), 1);
		changes = between(after, before);
		assert_int_equal(count_of(&changes, CHANGE_FEED), 1);
	}
	assert_int_equal(changes_waiting(NULL), 0);
	snapshot_unref(before);
	snapshot_unref(after);
}

/* ---------------------------------------------------------------------------------------- people */

static struct snapshot *
with_leave(const struct kept_shift *shift)
{
	struct snapshot *made = snapshot_copy(scene.atlas.map);

	snapshot_set_rota(made, atlas_rota(&scene.atlas, "leave-fenmere"),
	    rota_block_new(&(struct rota_parts){.shifts = shift, .count = 1}));
	snapshot_gather_absences(made);
	return made;
}

/* Leave serves no place. What it says of somebody concerns the places where that person is on. */
static void
each_member_of_a_persons_time(void **state)
{
	static const bool moves[] = {false, true, true, true, true, false};
	uint32_t jo = table_get(&scene.atlas.region->person_by_id, "jo-jones");
	const struct kept_shift usual = {.id = 1,
	    .start = ATLAS_NOW - 3600,
	    .end = ATLAS_NOW + 3600,
	    .person = jo,
	    .class = KEPT_ABSENCE};
	struct snapshot *before;

	(void)state;
	atlas_shift(&scene.atlas, "amhp-duty", 9, KEPT_NAMED, "jo-jones", NULL, -1, 5);
	before = with_leave(&usual);
	for (size_t which = 0; which < sizeof moves / sizeof *moves; which++) {
		struct kept_shift other = usual;
		struct snapshot *after;
		struct changes changes;

		other.person = which == 1 ? REGION_NONE : jo;
		other.class = which == 2 ? KEPT_UNDECIDED : KEPT_ABSENCE;
		other.override = which == 3;
		other.disputed = which == 4;
		other.as_last_read = which == 5;
		after = with_leave(&other);
		changes = between(before, after);
		if ((count_of(&changes, CHANGE_COVERAGE) > 0) != moves[which])
			fail_msg("member %zu: %zu changes", which, changes.count);
		snapshot_unref(after);
	}
	snapshot_unref(before);
}

/* --------------------------------------------------------------------------------------- remarks */

/* "ZED01 ZED01/0": a note at the place, and what was reported of function 0 there. */
static const char *
shown_at(const struct remarks_change *before, const struct remarks_change *after)
{
	struct snapshot *one = snapshot_copy(scene.atlas.map), *other = snapshot_copy(one);
	struct changes changes;
	const char *text = "";

	snapshot_set_remarks(one, remarks_changed(NULL, before));
	snapshot_set_remarks(other, remarks_changed(NULL, after));
	changes = between(one, other);
	for (size_t i = 0; i < changes.count; i++) {
		const struct change *change = &changes.items[i];
		const char *code = scene.atlas.region->places[change->place].code;

		text = change->kind == CHANGE_NOTE ? arena_printf(scene.arena, "%s %s", text, code)
						   : arena_printf(scene.arena, "%s %s/%u", text,
							 code, change->functions[0]);
	}
	snapshot_unref(one);
	snapshot_unref(other);
	return text;
}

static void
where_notes_are_shown(void **state)
{
	const struct region *region = scene.atlas.region;
	uint32_t jo = table_get(&region->person_by_id, "jo-jones");
	const struct {
		enum note_on on;
		uint32_t of; /* the person, rota, service or place */
		const char *shown;
	} cases[] = {
	    {NOTE_ON_PERSON, jo, " X06000001 ZED01"},
	    {NOTE_ON_SHIFT, atlas_rota(&scene.atlas, "liaison-rota"), " ZED01"},
	    {NOTE_ON_SHIFT, atlas_rota(&scene.atlas, "leave-fenmere"), ""},
	    {NOTE_ON_SERVICE, table_get(&region->service_by_id, "fenmere-amhp"),
		" X06000001 ZED01"},
	    {NOTE_ON_FUNCTION, atlas_place(&scene.atlas, "ZED02"), " ZED02"},
	};
	static const struct remarks_change none = {.version = 1};

	(void)state;
	atlas_shift(&scene.atlas, "amhp-duty", 9, KEPT_NAMED, "jo-jones", NULL, -1, 5);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kept_note note = {.id = 1,
		    .until = ATLAS_NOW + 60,
		    .on = (uint8_t)cases[i].on,
		    .person = cases[i].of,
		    .rota = cases[i].of,
		    .service = cases[i].of,
		    .place = cases[i].of};
		struct remarks_change change = {.version = 1, .notes = &note, .nnotes = 1};

		assert_string_equal(shown_at(&none, &change), cases[i].shown);
		assert_string_equal(shown_at(&change, &none), cases[i].shown);
		assert_string_equal(shown_at(&change, &change), "");
	}
}

static void
where_reports_are_shown(void **state)
{
	const struct region *region = scene.atlas.region;
	uint32_t amhp = table_get(&region->service_by_id, "fenmere-amhp");
	uint32_t liaison = table_get(&region->service_by_id, "oswin-liaison");
	uint32_t jo = table_get(&region->person_by_id, "jo-jones");
	struct kept_report report = {
	    .id = 1, .person = REGION_NONE, .service = liaison, .outcome = REPORT_NO_ANSWER};
	struct kept_report both[2], settled;
	static const struct remarks_change none = {.version = 1};
	const struct remarks_change line = {.version = 1, .reports = &report, .nreports = 1};
	const struct remarks_change two = {.version = 1, .reports = both, .nreports = 2};
	const struct remarks_change seen = {.version = 1, .reports = &settled, .nreports = 1};

	(void)state;
	atlas_shift(&scene.atlas, "amhp-duty", 9, KEPT_NAMED, "jo-jones", NULL, -1, 5);
	/* Of a line, at the places of its service. */
	assert_string_equal(shown_at(&none, &line), " ZED01/1");
	assert_string_equal(shown_at(&line, &none), " ZED01/1");
	/* Of a person, also where other rotas name the person; what both have is not told. */
	both[0] = both[1] = report;
	both[1].id = 2;
	both[1].person = jo;
	assert_string_equal(shown_at(&line, &two), " X06000001/0 ZED01/0 ZED01/1");
	assert_string_equal(shown_at(&two, &line), " X06000001/0 ZED01/0 ZED01/1");
	both[1].service = amhp;
	assert_string_equal(shown_at(&line, &two), " X06000001/0 ZED01/0");
	assert_string_equal(shown_at(&two, &two), "");
	/* That somebody has seen to it. */
	settled = report;
	settled.settled = true;
	assert_string_equal(shown_at(&line, &seen), " ZED01/1");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(each_member_of_a_gap),
	    TEST(gaps_that_begin_before_others),
	    TEST(each_member_of_a_source),
	    TEST(a_source_that_is_new),
	    TEST(each_member_of_a_persons_time),
	    TEST(where_notes_are_shown),
	    TEST(where_reports_are_shown),
	};

	return cmocka_run_group_tests_name("members of changes", tests, NULL, NULL);
}
