/* SPDX-License-Identifier: MIT */
/*
 * The SQL functions of 0002_sources.sql: what is kept of a stored body that says something else
 * when it is read again, and what of it waits for a person.
 */
#include <stdio.h>
#include <string.h>

#include "tests/unit/server/feeds/testbed.h"

/* One stored body is read again: rows ${ids} give way to rows of ${keys}. */
#define AGAIN(more, ids, keys, classes, persons, starts)                                           \
	"select feeds_apply('duty', testbed_claim('duty'), (select reading from feed where "       \
	"rota = 'duty'), sha256('one'), 'one', 'new', testbed_reading(9) || "                      \
	"'{\"rules\": \"two\", \"zones\": \"z\"" more "}', false, null, null, " ids ", " keys      \
	", " classes ", " persons ", array_fill(null::text, array[cardinality(" keys               \
	")]), array_fill('Surge JJ'::text, "                                                       \
	"array[cardinality(" keys ")]), " starts ", (select array_agg(s + interval '12 hours') "   \
	"from unnest(" starts ") s))"
#define DAY(n) "date_trunc('day', now()) + interval '" n " days 20 hours'"

static int
begin(void **state)
{
	struct testbed *testbed = *state;

	testbed_empty(testbed);
	testbed_apply(testbed, "[{\"id\": \"duty\", \"service\": \"fenmere-amhp\", \"tier\": 1, "
			       "\"source\": {\"kind\": "
			       "\"ical_url\", \"url\": \"http://127.0.0.1/duty.ics\"}}]");
	testbed_run(testbed,
	    "select testbed_written('duty', testbed_claim('duty'), null, 'one', true, '{}', "
	    "'{a,b,c}', '{1,2,3}'); update feed set rules = 'one', zones = 'z'");
	return 0;
}

static void
keeps_which_shifts_turned_and_why(void **state)
{
	struct testbed *testbed = *state;

	/* a: in doubt. b: somebody else's. c: no shift any more. d: there was none. */
	testbed_expect(testbed, "done",
	    AGAIN("", "testbed_ids('duty')", "array['a', 'b', 'd']",
		"array['tentative', 'named', 'named']", "array['jo-jones', 's-ahmed', 's-ahmed']",
		"array[" DAY("1") ", " DAY("2") ", " DAY("4") "]"));
	testbed_expect(testbed, "duty|rules|2|1|1|4",
	    "select rota, why, lost, gained, other, cardinality(was) from reread");
	testbed_expect(testbed,
	    "named|jo-jones|tentative|jo-jones\nnamed|jo-jones|named|s-ahmed\nnamed|jo-jones||\n"
	    "||named|s-ahmed",
	    "select o.class, o.person, n.class, n.person from reread r cross join lateral unnest(r.was, "
	    "r.now) with ordinality t(was, now, nth) left join shift o on o.id = t.was left join shift n on n.id = t.now order by nth");
	testbed_expect(testbed, "two|good", "select rules, state from feed");
	testbed_expect(testbed, "turned",
	    "select w->>'kind' from feeds_since('-infinity'), jsonb_array_elements(warnings) w where rota = "
	    "'duty'");
	testbed_refused(
	    testbed, "postgres", "the record is only ever added to", "delete from reread");
	/* The next time by the same rules: somebody decided or set something up. */
	testbed_run(testbed,
	    AGAIN("", "(select array[id] from shift where key = 'a' and known_to = 'infinity')",
		"array['a']", "array['named']", "array['jo-jones']", "array[" DAY("1") "]"));
	testbed_expect(
	    testbed, "rota|0|1|0", "select why, lost, gained, other from reread where id = 2");
}

/* By another key, or only reached by the window now. */
static void
passes_over_what_did_not_turn(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(
	    testbed, AGAIN("", "testbed_ids('duty')", "array['x', 'y', 'z', 'far']",
			 "array['named', 'named', 'named', 'named']",
			 "array['jo-jones', 'jo-jones', 'jo-jones', 'jo-jones']",
			 "array[" DAY("1") ", " DAY("2") ", " DAY("3") ", " DAY("401") "]"));
	testbed_expect(testbed, "0|7", "select (select count(*) from reread), count(*) from shift");
}

static void
what_waits_becomes_an_import_and_stays_until_a_person_decides(void **state)
{
	struct testbed *testbed = *state;

	testbed_expect(testbed, "done",
	    AGAIN(", \"withheld\": \"An hour out.\"", "testbed_ids('duty')", "array['a']",
		"array['tentative']", "array['jo-jones']", "array[" DAY("1") "]"));
	testbed_expect(testbed, "held|An hour out.||t|uploaded|feed|t",
	    "select f.state, f.fault, f.rules, f.held_body = f.body, i.state, i.by_account, "
	    "i.body = f.body from feed f join import i on i.id = f.held_import");
	testbed_expect(testbed, "feed_held", "select kind from flag order by seq desc limit 1");
	/* Again the next day: the same import waits. */
	testbed_run(testbed,
	    AGAIN(", \"withheld\": \"x\"",
		"(select array[id] from shift where key = 'a' and known_to = 'infinity')",
		"array['a']", "array['tentative']", "array['jo-jones']", "array[" DAY("2") "]"));
	testbed_expect(testbed, "1|held|An hour out.",
	    "select (select count(*) from import), state, fault from feed");
	/* The address gives the same bytes: still held, and no good check. */
	testbed_expect(testbed, "done",
	    "select feeds_still_held('duty', testbed_claim('duty'), sha256('one'), true)");
	testbed_expect(testbed, "held", "select state from feed");
	testbed_run(testbed,
	    "update import set claim = 77; select import_preview(1, 77, (select reading from feed), 'new', "
	    "testbed_reading(9) || '{\"rules\": \"two\"}', false, 'why', '{\"counts\": {}, \"changes\": [], \"to_decide\": "
	    "[{\"kind\": \"word\"}]}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')");
	testbed_run(testbed, "select import_apply(1, 'ann', 'It is right')");
	testbed_expect(
	    testbed, "good|two|word", "select state, rules, to_decide->0->>'kind' from feed");
}

/* Files that wait are read again as well, each kind by its own way. */
static void
previews_that_are_outdated_are_read_again(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed,
	    "select testbed_send('duty', 'ask', 'file'); update import set state = 'preview', "
	    "reading = (select reading from feed), base = (select reading from feed)");
	testbed_expect(testbed, "0",
	    "select imports_outdated(array['duty'], array['with'::bytea], array['x'::bytea])");
	testbed_expect(testbed, "1",
	    "select imports_outdated(array['duty'], array['new'::bytea], array['with'::bytea])");
	testbed_expect(testbed, "uploaded", "select state from import");
	testbed_expect(testbed, "0",
	    "select imports_outdated(array['duty'], array['new'::bytea], array['with'::bytea])");
}

static void
gives_each_login_what_it_needs(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed,
	    "set role crisiscover_api; select count(*) from reread; select count(*) from feed_to_decide; "
	    "select count(*) from feeds_since('-infinity')");
	testbed_refused(testbed, "crisiscover_api", "permission denied",
	    "insert into reread (rota, why, lost, gained, other, was, now) values ('duty', 'rota', "
	    "0, 0, 0, '{}', '{}')");
	testbed_refused(
	    testbed, "crisiscover_coverage", "permission denied", "select count(*) from reread");
	testbed_run(testbed,
	    "grant usage on schema crisiscover to crisiscover_feeds; grant execute on function testbed_reading to crisiscover_feeds");
	testbed_run(testbed,
	    "create temp table mine as select testbed_claim('duty') as claim, testbed_ids('duty') as ids; "
	    "grant select on mine to crisiscover_feeds; set role crisiscover_feeds; select feeds_apply('duty', claim, "
	    "(select reading from feed where rota = 'duty'), sha256('one'), 'one', 'new', testbed_reading(9) || '{\"rules\": "
	    "\"two\", \"withheld\": \"x\"}', false, null, null, ids, array['a'], array['tentative'], array['jo-jones'], "
	    "array[null], array['t'], array[now() + interval '1 day'], array[now() + interval '2 days']) from mine");
	testbed_expect(
	    testbed, "1|1", "select (select count(*) from reread), (select count(*) from import)");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, begin)
	const struct CMUnitTest tests[] = {
	    TEST(keeps_which_shifts_turned_and_why),
	    TEST(passes_over_what_did_not_turn),
	    TEST(what_waits_becomes_an_import_and_stays_until_a_person_decides),
	    TEST(previews_that_are_outdated_are_read_again),
	    TEST(gives_each_login_what_it_needs),
	};

	return cmocka_run_group_tests(tests, testbed_setup, testbed_teardown);
}
