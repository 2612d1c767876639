/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/base/fatal.h"
#include "server/base/instant.h"
#include "server/map/rota_builder.h"
#include "server/map/snapshot_move.h"
#include "tests/unit/server/api/atlas.h"

/* A map under another set-up: what is known goes on for the people and rotas that are still there,
 * and nobody gets the shifts of somebody else. */

#define HEAD                                                                                       \
	"{'crisiscover':1,'organisations':[{'code':'O','name':'O','kind':'icb'}],'functions':"     \
	"[{'code':'f','name':'F'}],'places':[{'code':'P','name':'P','kind':'icb'}],'services':"    \
	"[{'id':'s','name':'S','function':'f','organisation':'O','places':['P']}],"
#define PERSON(id) "{'id':'" id "','name':'" id "','organisation':'O','roles':['f']}"
#define URL "{'kind':'ical_url','url':'https://example.org/a.ics'}"
#define ROTA(id, source) "{'id':'" id "','service':'s','source':" source "}"
#define TYPED "{'kind':'typed'}"
#define FILE_ "{'kind':'file'}"
#define REGION(people, rotas) HEAD "'people':[" people "],'rotas':[" rotas "]}"
#define OLD                                                                                        \
	REGION(PERSON("ann") "," PERSON("bob") "," PERSON("cat"),                                  \
	    ROTA("r1", URL) "," ROTA("r2", TYPED) "," ROTA("gone", FILE_))

static struct snapshot_region *
read_quoted(struct atlas *atlas, const char *text, int64_t version)
{
	struct snapshot_region *setup;
	char *json = strdup(text);

	for (char *at = json; *at != '\0'; at++)
		if (*at == '\'')
			*at = '"';
	INVARIANT(
	    snapshot_region_read(&atlas->tools, version, slice_of(json), &setup) == STATUS_OK);
	free(json);
	return setup;
}

/* The map of ${atlas} under ${region}. */
static struct snapshot *
moved(struct atlas *atlas, const char *region, const bool *other_source)
{
	struct snapshot_region *setup = read_quoted(atlas, region, 8);
	struct snapshot *to = snapshot_move(atlas->map, setup, other_source);

	snapshot_region_unref(setup);
	return to;
}

static uint32_t
person(const struct snapshot *map, const char *id)
{
	return table_get(&map->setup->region->person_by_id, id);
}

static void
people_keep_their_own_shifts(void **state)
{
	static const bool same[] = {false, false};
	struct atlas atlas;
	struct snapshot *to;
	const struct rota_block *block;
	const struct kept_override *override;

	(void)state;
	atlas_open_quoted(&atlas, OLD);
	atlas_shift(&atlas, "r1", 1, KEPT_NAMED, "ann", NULL, 0, 4);
	atlas_shift(&atlas, "r1", 2, KEPT_NAMED, "bob", NULL, 4, 8);
	atlas_shift(&atlas, "r1", 3, KEPT_ABSENCE, "cat", NULL, 0, 9);
	atlas_shift(&atlas, "r2", 5, KEPT_TEAM, NULL, "Hub", 0, 9);
	atlas_override(&atlas, "r1", 7, "cat", "bob", "ann", 4, 6);
	/* ann is gone, and the others stand in another order. */
	to = moved(&atlas,
	    REGION(PERSON("cat") "," PERSON("dan") "," PERSON("bob"),
		ROTA("r2", TYPED) "," ROTA("r1", URL)),
	    same);
	assert_true(to->mark.version == atlas.map->mark.version);
	assert_true(to->window.end == atlas.map->window.end);
	block = to->rotas[1];
	assert_int_equal(block->count, atlas.map->rotas[0]->count);
	for (uint32_t i = 0; i < block->count; i++) {
		const struct kept_shift *was = &atlas.map->rotas[0]->shifts[i];
		const char *id = region_person(atlas.region, was->person)->id;
		uint32_t now = strcmp(id, "ann") == 0 ? REGION_NONE : person(to, id);

		assert_int_equal(block->shifts[i].id, was->id);
		assert_int_equal(block->shifts[i].start, was->start);
		assert_int_equal(block->shifts[i].person, now);
		assert_string_equal(rota_block_text(block, was->title) != NULL
					? rota_block_text(block, was->title)
					: "",
		    was->title != 0 ? "On call" : "");
		/* The filter of the old set-up would say no for others. */
		if (now != REGION_NONE)
			assert_true(rota_block_may_name(block, now));
	}
	assert_int_equal(block->noverrides, 1);
	override = &block->overrides[0];
	assert_int_equal(override->person, person(to, "cat"));
	assert_int_equal(override->instead, person(to, "bob"));
	assert_int_equal(override->third[0], REGION_NONE);
	assert_string_equal(rota_block_text(block, override->note), "By phone");
	/* Of a team line there is nobody to find. */
	assert_int_equal(to->rotas[0]->shifts[0].person, REGION_NONE);
	assert_string_equal(rota_block_text(to->rotas[0], to->rotas[0]->shifts[0].team), "Hub");
	assert_true(snapshot_away(to, person(to, "cat"), ATLAS_NOW));
	assert_false(snapshot_away(to, person(to, "bob"), ATLAS_NOW));
	snapshot_unref(to);
	atlas_close(&atlas);
}

static void
a_set_up_without_people_or_rotas_has_nobody(void **state)
{
	static const bool none[] = {false};
	struct atlas atlas;
	struct snapshot *to;

	(void)state;
	atlas_open_quoted(&atlas, OLD);
	atlas_shift(&atlas, "r1", 1, KEPT_NAMED, "ann", NULL, 0, 4);
	to = moved(&atlas, REGION("", ROTA("r1", URL)), none);
	assert_int_equal(to->rotas[0]->count, 1);
	assert_int_equal(to->rotas[0]->shifts[0].person, REGION_NONE);
	snapshot_unref(to);
	to = moved(&atlas, REGION(PERSON("ann"), ""), none);
	assert_int_equal(to->setup->region->nrotas, 0);
	snapshot_unref(to);
	atlas_close(&atlas);
}

static void
held(struct atlas *atlas, const char *rota, int64_t reading)
{
	uint32_t index = atlas_rota(atlas, rota);
	struct feed_facts facts = atlas->map->feeds[index]->facts;

	facts.standing = FEED_HELD;
	facts.held_import = 44;
	facts.failures = 3;
	facts.reading = reading;
	snapshot_set_feed(atlas->map, index, kept_feed_new(&facts, "Too few shifts.", NULL));
}

/* Shifts that were read stay in force until the new source is read; typed ones end with it. */
static void
a_new_source_is_unread_and_keeps_what_was_read(void **state)
{
	static const struct {
		const char *source;
		enum feed_kind kind;
	} sources[] = {{URL, FEED_URL}, {FILE_, FEED_FILE}, {TYPED, FEED_TYPED}};
	static const char *const ids[] = {"r1", "r2"};
	static const bool other[] = {true};

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		bool typed = i % 2 == 1;
		struct atlas atlas;
		struct snapshot *to;
		const struct feed_facts *facts;
		char region[2000];

		atlas_open_quoted(&atlas, OLD);
		atlas_shift(&atlas, ids[typed], 1, KEPT_NAMED, "ann", NULL, 0, 4);
		held(&atlas, ids[typed], i < 4 ? 9 : 0);
		snprintf(region, sizeof region,
		    HEAD
		    "'people':[" PERSON("ann") "],'rotas':[{'id':'%s','service':'s','source':%s}]}",
		    ids[typed], sources[i / 2].source);
		to = moved(&atlas, region, other);
		assert_int_equal(to->rotas[0]->count, typed ? 0 : 1);
		facts = &to->feeds[0]->facts;
		assert_int_equal(facts->kind, sources[i / 2].kind);
		assert_int_equal(facts->standing, i < 4 ? FEED_GOOD : FEED_NEVER);
		assert_int_equal(facts->held_import, 0);
		assert_int_equal(facts->failures, 0);
		assert_string_equal(to->feeds[0]->fault, "");
		assert_true(facts->last_good_at == ATLAS_NOW - 60);
		snapshot_unref(to);
		atlas_close(&atlas);
	}
}

static void
the_same_source_stands_as_it_stood(void **state)
{
	static const bool same[] = {false, false};
	struct atlas atlas;
	struct snapshot *to;

	(void)state;
	atlas_open_quoted(&atlas, OLD);
	held(&atlas, "r1", 9);
	snapshot_set_feed(atlas.map, atlas_rota(&atlas, "r2"), NULL);
	atlas_shift(&atlas, "r2", 1, KEPT_NAMED, "ann", NULL, 0, 4);
	to = moved(&atlas, REGION(PERSON("ann"), ROTA("r1", URL) "," ROTA("r2", TYPED)), same);
	assert_ptr_equal(to->feeds[0], atlas.map->feeds[0]);
	assert_null(to->feeds[1]);
	assert_int_equal(to->rotas[1]->count, 1);
	snapshot_unref(to);
	atlas_close(&atlas);
}

/* ---- The set-up, and what a map is asked. */

static struct {
	unsigned calls;
	int64_t version;
	char path[100];
} unreadable;

static void
note_unreadable(int64_t version, const char *path)
{
	unreadable.calls++;
	unreadable.version = version;
	snprintf(unreadable.path, sizeof unreadable.path, "%s", path);
}

/* The first fault, not a warning, and only if somebody asks. */
static void
a_region_that_cannot_be_read_is_told(void **state)
{
	static const char text[] =
	    "{\"crisiscover\": 1, \"places\": [{\"code\": \"A\", \"name\": \"A\", \"kind\": \"icb\"}, "
	    "{\"code\": \"B\", \"name\": \"a\", \"kind\": \"icb\"}], \"people\": [{\"id\": \"x\"}]}";
	/* Two places of one name: a warning, and no fault. */
	static const char doubtful[] =
	    "{\"crisiscover\": 1, \"bank_holidays\": \"england-and-wales\", \"places\": [{\"code\": \"A\", "
	    "\"name\": \"A\", \"kind\": \"icb\"}, {\"code\": \"B\", \"name\": \"a\", \"kind\": \"icb\"}]}";
	struct atlas atlas;
	struct snapshot_region *setup = NULL;

	(void)state;
	atlas_open(&atlas);
	assert_int_equal(
	    snapshot_region_read(&atlas.tools, 41, slice_of(text), &setup), STATUS_MALFORMED);
	assert_null(setup);
	atlas.tools.unreadable = note_unreadable;
	assert_int_equal(
	    snapshot_region_read(&atlas.tools, 41, slice_of(text), &setup), STATUS_MALFORMED);
	assert_int_equal(unreadable.calls, 1);
	assert_true(unreadable.version == 41);
	assert_non_null(strstr(unreadable.path, "$.people[0]"));
	/* The holidays of this program are at fault: nothing of the file is to be named. */
	atlas.tools.holidays_csv = slice_of("nonsense");
	assert_int_equal(
	    snapshot_region_read(&atlas.tools, 42, slice_of(doubtful), &setup), STATUS_MALFORMED);
	assert_int_equal(unreadable.calls, 1);
	snapshot_region_unref(NULL);
	atlas_close(&atlas);
}

static void
a_demand_is_a_requirement_at_a_place(void **state)
{
	struct atlas atlas;
	uint32_t demand;

	(void)state;
	atlas_open(&atlas);
	demand = snapshot_demand(atlas.map, "R02", "ZED01");
	assert_int_not_equal(demand, REGION_NONE);
	assert_int_not_equal(demand, snapshot_demand(atlas.map, "R01", "ZED01"));
	assert_string_equal(
	    atlas.region->requirements[atlas.region->demands[demand].requirement].id, "R02");
	assert_int_equal(snapshot_demand(atlas.map, "R09", "ZED01"), REGION_NONE);
	assert_int_equal(snapshot_demand(atlas.map, "R02", "ZED09"), REGION_NONE);
	assert_int_equal(snapshot_demand(atlas.map, "R02", "ZED02"), REGION_NONE);
	atlas_close(&atlas);
}

/* Absences of nobody whom the region knows concern nobody; hidden ones are hidden in one draft. */
static void
absences_can_be_hidden_from_one_answer(void **state)
{
	struct atlas atlas;
	struct snapshot *draft;
	uint32_t jo, ahmed;

	(void)state;
	atlas_open(&atlas);
	jo = table_get(&atlas.region->person_by_id, "jo-jones");
	ahmed = table_get(&atlas.region->person_by_id, "s-ahmed");
	atlas_shift(&atlas, "leave-fenmere", 1, KEPT_ABSENCE, "jo-jones", NULL, -1, 4);
	atlas_shift(&atlas, "leave-fenmere", 2, KEPT_ABSENCE, "s-ahmed", NULL, -1, 4);
	atlas_shift(&atlas, "leave-fenmere", 3, KEPT_ABSENCE, NULL, NULL, -1, 4);
	assert_int_equal(snapshot_absences(atlas.map).count, 2);
	draft = snapshot_copy(atlas.map);
	snapshot_hide_absences(draft, jo);
	assert_false(snapshot_away(draft, jo, ATLAS_NOW));
	assert_true(snapshot_away(draft, ahmed, ATLAS_NOW));
	assert_true(snapshot_away(atlas.map, jo, ATLAS_NOW));
	snapshot_unref(draft);
	assert_true(snapshot_away(atlas.map, jo, ATLAS_NOW));
	snapshot_unref(NULL);
	atlas_close(&atlas);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(people_keep_their_own_shifts),
	    cmocka_unit_test(a_set_up_without_people_or_rotas_has_nobody),
	    cmocka_unit_test(a_new_source_is_unread_and_keeps_what_was_read),
	    cmocka_unit_test(the_same_source_stands_as_it_stood),
	    cmocka_unit_test(a_region_that_cannot_be_read_is_told),
	    cmocka_unit_test(a_demand_is_a_requirement_at_a_place),
	    cmocka_unit_test(absences_can_be_hidden_from_one_answer),
	};

	return cmocka_run_group_tests_name("snapshot_move", tests, NULL, NULL);
}
