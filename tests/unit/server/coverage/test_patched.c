/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/coverage/testbed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/file.h"
#include "server/coverage/setup.h"
#include "server/model/region_shared.h"
#include "tests/unit/server/model/dice.h"
#include "tests/unit/server/model/region_dump.h"

/* A region of which a process takes up what has changed: it is the one that is read whole, with the
 * addresses that each role may see; and what it makes due. */

static struct zonedb *zones;
static struct setup_tools tools;

static int
open_all(void **state)
{
	char *holidays;
	size_t len;

	assert_int_equal(zonedb_open("/usr/share/zoneinfo", &zones), STATUS_OK);
	assert_int_equal(
	    file_read(SOURCE_ROOT "/server/model/bank_holidays.csv", 1 << 20, &holidays, &len),
	    STATUS_OK);
	tools = (struct setup_tools){.zones = zones, .holidays = {holidays, len}};
	return testbed_open(state);
}

static int
close_all(void **state)
{
	free((char *)(uintptr_t)tools.holidays.at);
	zonedb_free(zones);
	return testbed_close(state);
}

/* Puts an object in force, as the api does. */
static void
change(const char *kind, const char *key, const char *more)
{
	char *made = testbed_ask(
	    "select x.version from setup_item i, lateral setup_put(i.kind, i.key, i.key, masked_item(item || '%s')::text, "
	    "null, null, (select max(version) from region), 't', '{}', '{}', '{}', '{}', '{}', '{}') x "
	    "where i.kind = '%s' and i.key = '%s' and i.ended is null",
	    more, kind, key);

	free(made);
}

static int64_t
newest(void)
{
	char *text = testbed_ask("select max(version) from region");
	int64_t version = atoll(text);

	free(text);
	return version;
}

static struct region_shared *
read_again(struct arena *arena, int64_t version)
{
	char *text = testbed_ask(
	    "select document from region_whole where version = %lld", (long long)version);
	struct region_shared *shared = NULL;
	struct region_faults faults;

	if (region_shared_read(arena, slice_of(text), region_zones_of(zones), &shared, &faults) !=
	    STATUS_OK)
		fail_msg("%s %s", faults.items[0].path, faults.items[0].detail);
	region_shared_number(shared, version);
	free(text);
	return shared;
}

static void
assert_same(const struct region *mine, const struct region *again)
{
	struct buf a = region_dump(mine), b = region_dump(again);

	assert_string_equal(a.at, b.at);
	assert_int_equal(mine->version, again->version);
	buf_free(&a);
	buf_free(&b);
}

static void
take(struct region_shared **shared)
{
	struct arena *arena = arena_new(0);
	int64_t version = newest();
	char *changes = testbed_ask("select setup_since(%lld, %lld)",
	    (long long)(*shared)->region->version, (long long)version);
	struct region_takens takens;
	struct region_shared *taken = region_shared_take(arena, *shared,
	    &(struct region_shared_since){version, slice_of(changes), region_zones_of(zones)},
	    &takens);
	struct region_shared *again = read_again(arena, version);

	assert_non_null(taken);
	assert_same(taken->region, again->region);
	region_shared_unref(again);
	region_shared_unref(*shared);
	*shared = taken;
	free(changes);
	arena_free(arena);
}

static const struct {
	const char *kind, *key, *more, *end; /* with a number in between */
} everyday[] = {
    {"person", "ann", "{\"work_phone\": \"+44163296000", "\"}"},
    {"person", "bob", "{\"aliases\": [\"B", "\"]}"},
    {"person", "bob", "{\"name\": \"Bob ", "\"}"},
    {"service", "S1", "{\"phone\": \"+44163297000", "\"}"},
    {"place", "P1", "{\"switchboard\": \"+44163298000", "\"}"},
    {"rota", "r1", "{\"source\": {\"kind\": \"ical_url\", \"url\": \"https://rotas.example/",
	"\"}}"},
    {"rota", "r2", "{\"reading\": {\"team_names\": [\"Team ", "\"]}}"},
    {"requirement", "Q1", "{\"tolerance_minutes\": ", "}"},
    {"organisation", "ZFC", "{\"name\": \"Fenmere ", "\"}"},
};

static void
what_has_changed_makes_what_is_read_whole(void **state)
{
	struct arena *arena = arena_new(0);
	struct region_shared *shared;
	struct dice dice = dice_of(3);
	char more[200];

	(void)state;
	shared = read_again(arena, newest());
	for (int i = 0; i < 60; i++) {
		/* Up to three versions at once, also of one object. */
		for (int64_t n = dice_below(&dice, 3); n >= 0; n--) {
			size_t which =
			    (size_t)dice_below(&dice, sizeof everyday / sizeof *everyday);

			snprintf(more, sizeof more, "%s%d%s", everyday[which].more, i * 10 + (int)n,
			    everyday[which].end);
			change(everyday[which].kind, everyday[which].key, more);
		}
		take(&shared);
	}
	region_shared_unref(shared);
	arena_free(arena);
}

/* What comes, goes, moves or is not an object is not told as a change of objects. */
static void
what_cannot_be_told_object_by_object_is_not(void **state)
{
	int64_t before = newest();

	(void)state;
	testbed_expect("(null)", "select coalesce(setup_since(%lld, %lld)::text, '(null)')",
	    (long long)before, (long long)before);
	testbed_apply_region("", 1, true);
	testbed_expect("(null)", "select coalesce(setup_since(%lld, %lld)::text, '(null)')",
	    (long long)before, (long long)newest());
	before = newest();
	testbed_apply_region("", 1, false);
	testbed_expect("(null)", "select coalesce(setup_since(%lld, %lld)::text, '(null)')",
	    (long long)before, (long long)newest());
	before = newest();
	testbed_sql(
	    "select setup_keep(jsonb_set(document, '{people}', (select jsonb_agg(p order by n desc) from "
	    "jsonb_array_elements(document->'people') with ordinality x (p, n)))::text, 't') from region_whole where version = %lld",
	    (long long)before);
	testbed_expect("(null)", "select coalesce(setup_since(%lld, %lld)::text, '(null)')",
	    (long long)before, (long long)newest());
	before = newest();
	testbed_sql(
	    "select setup_keep((document || '{\"time_zone\": \"Europe/Dublin\"}')::text, 't') from region_whole where version = %lld",
	    (long long)before);
	testbed_expect("(null)", "select coalesce(setup_since(%lld, %lld)::text, '(null)')",
	    (long long)before, (long long)newest());
	before = newest();
	change("person", "ann", "{\"work_phone\": \"+441632960001\"}");
	testbed_expect("1", "select jsonb_array_length(setup_since(%lld, %lld))", (long long)before,
	    (long long)newest());
	testbed_expect("(null)", "select coalesce(setup_since(%lld, %lld)::text, '(null)')", -1LL,
	    (long long)newest());
}

static void
assert_same_setup(const struct setup *mine, const struct setup *again)
{
	assert_same(mine->region, again->region);
	assert_int_equal(mine->limiting.count, again->limiting.count);
	assert_int_equal(mine->limited.count, again->limited.count);
	for (uint32_t i = 0; i < mine->region->nrotas; i++) {
		assert_int_equal(mine->demands_of[i].count, again->demands_of[i].count);
		for (uint32_t n = 0; n < mine->demands_of[i].count; n++)
			assert_int_equal(
			    mine->demands_of[i].items[n], again->demands_of[i].items[n]);
	}
	assert_int_equal(mine->holidays.count, again->holidays.count);
}

/* What coverage keeps beside the region follows too. */
static void
a_setup_follows_its_region(void **state)
{
	struct arena *arena = arena_new(0);
	struct region_shared *shared = read_again(arena, newest());
	struct setup *mine, *again;
	char *document;

	(void)state;
	change("requirement", "Q1", "{\"max_share\": 1}");
	take(&shared);
	document = testbed_ask(
	    "select document from region_whole where version = %lld", (long long)newest());
	mine = setup_of(&tools, shared);
	again = setup_read(&tools, newest(), slice_of(document));
	assert_int_equal(again->limited.count, 3);
	assert_same_setup(mine, again);
	setup_free(mine);
	setup_free(again);
	free(document);
	arena_free(arena);
}

/* A lock of a row is written to the log, so that the locks of all rows cost England's change of one rota
 * more than all else of it, and would wait for every check of a calendar that is under way. */
static void
a_rota_that_changes_locks_no_other(void **state)
{
	static const char others[] =
	    "select string_agg(rota || ' ' || xmax, ', ' order by rota) from feed where rota <> 'r2'";
	char *before = testbed_ask(others);

	(void)state;
	change("rota", "r2", "{\"reading\": {\"team_names\": [\"Team A\"]}}");
	testbed_expect(before, others);
	testbed_expect("t", "select xmax <> 0 from feed where rota = 'r2'");
	free(before);
}

/* ------------------------------------------------------------------------------ what is due */

#define VERSIONS                                                                                   \
	"select string_agg(requirement || ' ' || version, ', ' order by requirement) from demand"
#define IN_FORCE "select region_version = (select max(version) from region) from map_head"

/* ${sql} between two runs of a process that has the region before in memory. */
static void
while_it_runs(const char *kind, const char *key, const char *more)
{
	char *sql;

	if (asprintf(&sql,
		"select x.version from setup_item i, lateral setup_put(i.kind, i.key, i.key, masked_item(item || '%s')::text, null, null, "
		"(select max(version) from region), 't', '{}', '{}', '{}', '{}', '{}', '{}') x "
		"where i.kind = '%s' and i.key = '%s' and i.ended is null",
		more, kind, key) < 0)
		abort();
	testbed_settle_then_hint(sql);
	free(sql);
}

static void
a_telephone_makes_nothing_due(void **state)
{
	char *before;

	(void)state;
	testbed_settle();
	before = testbed_ask(VERSIONS);
	while_it_runs("person", "ann", "{\"work_phone\": \"+441632960001\"}");
	testbed_expect(before, VERSIONS);
	testbed_expect("t", IN_FORCE);
	free(before);
}

static void
a_requirement_makes_its_own_demands_due(void **state)
{
	(void)state;
	testbed_apply_region("", 1, true);
	testbed_settle();
	testbed_sql("update demand set version = 0");
	while_it_runs("requirement", "Q1", "{\"count\": 2}");
	testbed_expect("t", IN_FORCE);
	testbed_expect("t", "select version > 0 from demand where requirement = 'Q1'");
	testbed_expect("0", "select version from demand where requirement = 'Q2'");
	testbed_expect("2",
	    "select max(required) from span where requirement = 'Q1' and known_to = 'infinity'");
	testbed_expect_true_map();
}

/* The map is of a backup from before the region that this process has: what has changed in between
 * nobody knows, so that all of it is due. */
static void
a_map_that_knows_less_is_swept_whole(void **state)
{
	(void)state;
	testbed_apply_region("", 1, true);
	testbed_settle();
	testbed_settle_then_hint(
	    "with lost as (update map_head set taken_region = 1, region_version = 1), old as (update demand set version = 0) "
	    "select version from setup_put('person', 'ann', 'ann', '{\"id\": \"ann\", \"name\": \"Ann A\", \"organisation\": \"ZFC\", "
	    "\"roles\": [\"amhp\"], \"work_phone\": \"+441632960003\"}', null, null, (select max(version) from region), 't', '{}', '{}', "
	    "'{}', '{}', '{}', '{}')");
	testbed_expect("t", IN_FORCE);
	testbed_expect("2", "select count(*) from demand where version > 0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(what_has_changed_makes_what_is_read_whole, testbed_clean),
	    cmocka_unit_test_setup(what_cannot_be_told_object_by_object_is_not, testbed_clean),
	    cmocka_unit_test_setup(a_setup_follows_its_region, testbed_clean),
	    cmocka_unit_test_setup(a_rota_that_changes_locks_no_other, testbed_clean),
	    cmocka_unit_test_setup(a_telephone_makes_nothing_due, testbed_clean),
	    cmocka_unit_test_setup(a_requirement_makes_its_own_demands_due, testbed_clean),
	    cmocka_unit_test_setup(a_map_that_knows_less_is_swept_whole, testbed_clean),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
