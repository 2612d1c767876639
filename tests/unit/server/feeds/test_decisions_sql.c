/* SPDX-License-Identifier: MIT */
/*
 * The SQL functions of 0002_sources.sql, each outcome as the database sees it:
 * what is kept of a decision, and what it does to claims, stored bodies and files that wait.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/server/feeds/testbed.h"

#define API "set role crisiscover_api; "
#define JJ_IS(person, who)                                                                         \
	"select decision_make('edt', 'alias', 'JJ', 'jj', 'named', '" person "', null, '" who "')"
#define VERSIONS "(select max(version) from region), (select version from decision_head)"

static int
begin(void **state)
{
	struct testbed *testbed = *state;

	testbed_empty(testbed);
	testbed_apply(testbed,
	    "[{\"id\": \"edt\", \"service\": \"fenmere-amhp\", \"tier\": 2, \"source\": {\"kind\": "
	    "\"file\"}}, {\"id\": \"duty\", \"service\": \"fenmere-amhp\", \"tier\": 1, "
	    "\"source\": {\"kind\": \"ical_url\", \"url\": \"http://127.0.0.1/duty.ics\"}}]");
	return 0;
}

static void
keeps_who_decided_what_and_when_it_ended(void **state)
{
	struct testbed *testbed = *state;

	testbed_expect(testbed, "1", API JJ_IS("jo-jones", "ann"));
	testbed_expect(testbed, "1", API JJ_IS("jo-jones", "bob"));
	testbed_expect(testbed, "2", API JJ_IS("s-ahmed", "bob"));
	testbed_expect(testbed, "3",
	    API "select decision_make('edt', 'title', 'JJ', 'jj', 'nobody', null, null, 'ann')");
	testbed_expect(testbed,
	    "1|alias|jo-jones|ann|f|bob\n2|alias|s-ahmed|bob|t|\n3|title||ann|t|",
	    "select id, kind, person, decided_by, known_to = 'infinity', ended_by from decision order by id");
	testbed_expect(testbed, "t",
	    "select a.known_to = b.known_from from decision a, decision b where (a.id, b.id) = (1, "
	    "2)");
	testbed_expect(testbed, "f", API "select decision_withdraw('duty', 2, 'ann')");
	testbed_expect(testbed, "t", API "select decision_withdraw('edt', 2, 'ann')");
	testbed_expect(testbed, "f", API "select decision_withdraw('edt', 2, 'ann')");
	testbed_expect(testbed, "4", API JJ_IS("s-ahmed", "ann"));
	testbed_expect(testbed,
	    "decision_made|decision/1|ann|jo-jones|\ndecision_made|decision/2|bob|s-ahmed|1\n"
	    "decision_made|decision/3|ann||\ndecision_withdrawn|decision/2|ann||\n"
	    "decision_made|decision/4|ann|s-ahmed|",
	    "select action, object, actor, detail->>'person', detail->>'instead_of' from audit order by id");
}

#define SAID(kind, words, reads)                                                                   \
	"{\"kind\": \"" kind "\", \"words\": \"" words "\", \"key\": \"" words                     \
	"\", \"reads\": \"" reads "\""

/* Words, names of zones and the order of dates: the same record and the same end. */
static void
keeps_words_zones_and_the_order_of_dates(void **state)
{
	struct testbed *testbed = *state;

	testbed_expect(testbed, "{1,2,3}",
	    API "select decisions_make('edt', '[" SAID("word", "surge", "nothing") "}," SAID(
		"zone", "fen", "zone") ", \"zone\": \"Europe/London\"}," SAID("date_order", "dmy",
		"dmy") "}]', 'ann')");
	/* The first is so already; the second takes the place of the one before. */
	testbed_expect(testbed, "{1,4}",
	    API "select decisions_make('edt', '[" SAID("word", "surge", "nothing") "}," SAID(
		"zone", "fen", "zone") ", \"zone\": \"Europe/Dublin\"}]', 'bob')");
	testbed_expect(testbed, "t", API "select decision_withdraw('edt', 3, 'bob')");
	testbed_expect(testbed,
	    "1|word|nothing|||ann\n2|zone|zone|Europe/London|bob|ann\n3|date_order|dmy||bob|ann\n"
	    "4|zone|zone|Europe/Dublin||bob",
	    "select id, kind, reads, zone, ended_by, decided_by from decision order by id");
	testbed_expect(testbed,
	    "decision_made|fen|Europe/London|\ndecision_made|fen|Europe/Dublin|2",
	    "select action, detail->>'zone', detail->>'means', detail->>'instead_of' from audit where detail ? 'zone' order by id");
	testbed_expect(testbed, "decision_withdrawn|dmy",
	    "select action, detail->>'date_order' from audit order by id desc limit 1");
}

static void
keeps_all_of_several_or_none(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed, "update decision_head set version = 1");
	testbed_refused(testbed, "crisiscover_api", "there is no person x-y in the region",
	    "select decisions_make('edt', '[" SAID("word", "surge", "nothing") "}," SAID(
		"alias", "jj", "named") ", \"person\": \"x-y\"}]', 'ann')");
	testbed_expect(testbed, "0|0|1",
	    "select (select count(*) from decision), (select count(*) from audit), version from decision_head");
	testbed_run(testbed, API "select decisions_make('edt', '[" SAID("word", "surge",
				 "nothing") "}," SAID("word", "b", "away") "}]', 'ann')");
	/* One reason to read again, not two; and none for what is so already. */
	testbed_expect(testbed, "2", "select version from decision_head");
	testbed_run(testbed,
	    API "select decisions_make('edt', '[" SAID("word", "surge", "nothing") "}]', 'ann')");
	testbed_expect(testbed, "2", "select version from decision_head");
}

static void
says_only_what_its_kind_can_say(void **state)
{
	static const char *const wrong[] = {SAID("word", "x", "named"), SAID("word", "x", "noise"),
	    SAID("word", "x", "absence"), SAID("zone", "x", "zone"), SAID("title", "x", "nothing"),
	    SAID("date_order", "x", "ymd"), SAID("word", "x", "away") ", \"zone\": \"UTC\"",
	    SAID("alias", "x", "away"), SAID("phrase", "x", "nothing")};
	struct testbed *testbed = *state;

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char sql[300];

		snprintf(sql, sizeof sql, "select decisions_make('edt', '[%s}]', 'ann')", wrong[i]);
		testbed_refused(testbed, "postgres", "violates check constraint", sql);
	}
	testbed_expect(testbed, "0", "select count(*) from decision");
}

static void
refuses_what_cannot_stand(void **state)
{
	struct testbed *testbed = *state;

	testbed_refused(testbed, "crisiscover_api", "there is no rota night in the region",
	    "select decision_make('night', 'alias', 'JJ', 'jj', 'named', 'jo-jones', null, 'a')");
	testbed_refused(testbed, "crisiscover_api", "there is no person x-y in the region",
	    "select decision_make('edt', 'alias', 'JJ', 'jj', 'named', 'x-y', null, 'a')");
	testbed_run(testbed, "update person set retired_at = now() where id = 's-ahmed'");
	testbed_refused(testbed, "crisiscover_api", "there is no person s-ahmed in the region",
	    JJ_IS("s-ahmed", "a"));
	/* Promise 1, kept by the table itself. */
	testbed_refused(testbed, "postgres", "violates check constraint",
	    "select decision_make('edt', 'title', 'TBC', 'tbc', 'named', null, null, 'a')");
	testbed_refused(testbed, "postgres", "violates check constraint",
	    "select decision_make('edt', 'title', 'Hub', 'hub', 'team', null, null, 'a')");
	testbed_refused(testbed, "postgres", "violates check constraint",
	    "select decision_make('edt', 'alias', 'JJ', 'jj', 'nobody', null, null, 'a')");
	testbed_refused(testbed, "postgres", "violates check constraint",
	    "select decision_make('edt', 'title', 'x', 'x', 'cancelled', null, null, 'a')");
	testbed_refused(testbed, "postgres", "violates check constraint",
	    "select decision_make('edt', 'title', 'x', '', 'noise', null, null, 'a')");
	testbed_expect(testbed, "0", "select count(*) from decision");
}

static void
is_only_ever_added_to(void **state)
{
	static const char *const changes[] = {"update decision set person = 's-ahmed'",
	    "update decision set known_to = 'infinity'", "delete from decision",
	    "truncate decision",
	    "update decision set known_to = now(), ended_by = 'x', words = 'KL'"};
	struct testbed *testbed = *state;

	testbed_run(testbed, JJ_IS("jo-jones", "ann"));
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		testbed_refused(
		    testbed, "postgres", "the record is only ever added to", changes[i]);
	testbed_run(testbed, "select decision_withdraw('edt', 1, 'ann')");
	testbed_refused(testbed, "postgres", "the record is only ever added to",
	    "update decision set known_to = now() + interval '1 day'");
}

static void
claims_only_by_who_knows_the_decisions(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed, "select testbed_send('edt', 'ask', 'file')");
	testbed_expect(testbed, "0|0",
	    "select (select count(*) from feeds_claim(9, (select max(version) from region), "
	    "(select version - 1 from decision_head))), (select count(*) from imports_claim(9, "
	    "(select max(version) from region), (select version - 1 from decision_head)))");
	testbed_expect(testbed, "0",
	    "select count(*) from feeds_claim(9, 99, (select version from decision_head))");
	testbed_expect(testbed, "duty|edt",
	    "select f.rota, i.rota from feeds_claim(9, " VERSIONS ") f, imports_claim(9, " VERSIONS
	    ") i");
}

static void
has_the_stored_body_read_again(void **state)
{
	struct testbed *testbed = *state;

	testbed_expect(
	    testbed, "t", "select refresh_asked_at is null from feed where rota = 'duty'");
	testbed_expect(testbed, "done",
	    "select testbed_written('duty', testbed_claim('duty'), null, 'one', true, '{}', '{a}', "
	    "'{1}')");
	testbed_expect(testbed, "0", "select count(*) from feeds_claim(9, " VERSIONS ")");
	testbed_run(testbed,
	    "select decision_make('duty', 'alias', 'JJ', 'jj', 'named', 's-ahmed', null, 'ann')");
	testbed_expect(testbed, "duty", "select rota from feeds_claim(9, " VERSIONS ")");
	/* A decision made while a process works on the rota makes it due again after that. */
	testbed_run(testbed, "select decision_withdraw('duty', 1, 'ann')");
	testbed_expect(testbed, "0", "select count(*) from feeds_claim(9, " VERSIONS ")");
	testbed_run(
	    testbed, "select feeds_release('duty', claim, null) from feed where rota = 'duty'");
	testbed_expect(testbed, "duty", "select rota from feeds_claim(9, " VERSIONS ")");
}

#define PREVIEW(claim, key)                                                                        \
	"select import_preview(1, " claim ", null, 'with', testbed_reading(1), true, null, "       \
	"'{\"counts\": {}, \"changes\": []}', '{}', array['" key "'], array['named'], "            \
	"array['jo-jones'], array[null], array['JJ'], array[now() + interval '1 day'], "           \
	"array[now() "                                                                             \
	"+ interval '2 days'])"

static void
has_a_preview_read_again_and_keeps_nothing_read_before(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed, "select testbed_send('edt', 'ask', 'file')");
	testbed_expect(testbed, "1|1", "select id, claim from imports_claim(9, " VERSIONS ")");
	testbed_expect(testbed, "gone", PREVIEW("2", "a"));
	/* Decided while it is being read. */
	testbed_run(testbed, JJ_IS("jo-jones", "ann"));
	testbed_expect(testbed, "gone", PREVIEW("1", "a"));
	testbed_expect(testbed, "gone", "select import_refused(1, 1, 'x', null, null)");
	testbed_expect(testbed, "1|2", "select id, claim from imports_claim(9, " VERSIONS ")");
	testbed_expect(testbed, "done", PREVIEW("2", "a"));
	testbed_expect(testbed, "preview|a",
	    "select state, (select string_agg(key, ' ') from import_shift) from import");
	/* Decided while somebody looks at it. */
	testbed_run(testbed, JJ_IS("s-ahmed", "ann"));
	testbed_refused(
	    testbed, "crisiscover_api", "still being read", "select import_apply(1, 'ann', null)");
	testbed_expect(testbed, "1|3", "select id, claim from imports_claim(9, " VERSIONS ")");
	testbed_expect(testbed, "done", PREVIEW("3", "b"));
	testbed_expect(testbed, "preview|b",
	    "select state, (select string_agg(key, ' ') from import_shift) from import");
	testbed_run(testbed, "select import_apply(1, 'ann', null)");
	testbed_run(testbed, "select decision_withdraw('edt', 2, 'ann')");
	testbed_expect(testbed, "applied", "select state from import");
}

static void
releases_what_is_no_longer_held(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed,
	    "select testbed_written('duty', testbed_claim('duty'), null, 'one', true, "
	    "'{}', '{a,b}', '{1,2}'); select testbed_held('duty', testbed_claim('duty'), "
	    "1, 'empty', testbed_ids('duty')); select decision_make('duty', 'alias', 'JJ', 'jj', "
	    "'named', 's-ahmed', null, 'ann')");
	testbed_expect(testbed, "uploaded|held|1",
	    "select i.state, f.state, f.held_import from import i join feed f using (rota)");
	/* The address gives the good one again before the other is read. */
	testbed_run(testbed,
	    "select feeds_good('duty', testbed_claim('duty'), sha256('one'), 'with', "
	    "null, null, true)");
	testbed_expect(testbed, "1", "select id from imports_claim(9, " VERSIONS ")");
	testbed_expect(testbed, "gone",
	    "select import_preview(1, claim, 1, 'with', testbed_reading(0), false, 'It shrinks.', '{\"counts\": {}, \"changes\": "
	    "[]}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}') from import");
	testbed_expect(testbed, "discarded|The address gives another calendar now.",
	    "select state, reason from import");
}

static void
gives_each_login_what_it_needs(void **state)
{
	struct testbed *testbed = *state;

	testbed_refused(testbed, "crisiscover_feeds", "permission denied", JJ_IS("jo-jones", "x"));
	testbed_refused(testbed, "crisiscover_feeds", "permission denied",
	    "select decision_withdraw('edt', 1, 'x')");
	testbed_refused(
	    testbed, "crisiscover_coverage", "permission denied", "select count(*) from decision");
	testbed_refused(testbed, "crisiscover_api", "permission denied",
	    "insert into decision (rota, kind, words, key, reads, person, decided_by) values ('edt', 'alias', 'x', 'x', 'named', "
	    "'jo-jones', 'x')");
	testbed_refused(
	    testbed, "crisiscover_api", "permission denied", "select decisions_changed('edt')");
	testbed_refused(testbed, "crisiscover_api", "permission denied",
	    "select decision_keep('edt', '{}', 'x')");
	testbed_refused(testbed, "crisiscover_feeds", "permission denied",
	    "select decisions_make('edt', '[]', 'x')");
	testbed_run(testbed, "select testbed_send('edt', 'ask', 'file')");
	testbed_run(testbed,
	    "grant usage on schema crisiscover to crisiscover_feeds; grant execute on function testbed_reading to crisiscover_feeds");
	testbed_run(testbed,
	    "set role crisiscover_feeds; select count(*) from feeds_claim(9, " VERSIONS
	    "); select count(*) from imports_claim(9, " VERSIONS
	    "); " PREVIEW("(select claim from import)", "a"));
	testbed_run(
	    testbed, "select decision_make('edt', 'title', 'x', 'x', 'noise', null, null, 'a')");
	testbed_run(testbed,
	    "set role crisiscover_feeds; select count(*) from imports_claim(9, " VERSIONS
	    "); " PREVIEW("(select claim from import)", "b"));
	testbed_expect(testbed, "preview", "select state from import");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, begin)
	const struct CMUnitTest tests[] = {
	    TEST(keeps_who_decided_what_and_when_it_ended),
	    TEST(keeps_words_zones_and_the_order_of_dates),
	    TEST(keeps_all_of_several_or_none),
	    TEST(says_only_what_its_kind_can_say),
	    TEST(refuses_what_cannot_stand),
	    TEST(is_only_ever_added_to),
	    TEST(claims_only_by_who_knows_the_decisions),
	    TEST(has_the_stored_body_read_again),
	    TEST(has_a_preview_read_again_and_keeps_nothing_read_before),
	    TEST(releases_what_is_no_longer_held),
	    TEST(gives_each_login_what_it_needs),
	};

	return cmocka_run_group_tests(tests, testbed_setup, testbed_teardown);
}
