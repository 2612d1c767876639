/* SPDX-License-Identifier: MIT */
/*
 * The SQL functions of 0002_sources.sql, each outcome as the database sees it:
 * what is kept of a decision, and what it does to claims, stored bodies and files that wait.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/server/feeds/house.h"

#define API "set role crisiscover_api; "
#define JJ_IS(person, who)                                                                         \
	"select decision_make('edt', 'alias', 'JJ', 'jj', 'named', '" person "', null, '" who "')"
#define VERSIONS "(select max(version) from region), (select version from decision_head)"

static int
begin(void **state)
{
	struct house *house = *state;

	house_empty(house);
	house_apply(house,
	    "[{\"id\": \"edt\", \"service\": \"fenmere-amhp\", \"tier\": 2, \"source\": {\"kind\": "
	    "\"file\"}}, {\"id\": \"duty\", \"service\": \"fenmere-amhp\", \"tier\": 1, "
	    "\"source\": {\"kind\": \"ical_url\", \"url\": \"http://127.0.0.1/duty.ics\"}}]");
	return 0;
}

static void
keeps_who_decided_what_and_when_it_ended(void **state)
{
	struct house *house = *state;

	house_expect(house, "1", API JJ_IS("jo-jones", "ann"));
	house_expect(house, "1", API JJ_IS("jo-jones", "bob"));
	house_expect(house, "2", API JJ_IS("s-ahmed", "bob"));
	house_expect(house, "3",
	    API "select decision_make('edt', 'title', 'JJ', 'jj', 'nobody', null, null, 'ann')");
	house_expect(house, "1|alias|jo-jones|ann|f|bob\n2|alias|s-ahmed|bob|t|\n3|title||ann|t|",
	    "select id, kind, person, decided_by, known_to = 'infinity', ended_by from decision "
	    "order by id");
	house_expect(house, "t",
	    "select a.known_to = b.known_from from decision a, decision b where (a.id, b.id) = (1, "
	    "2)");
	house_expect(house, "f", API "select decision_withdraw('duty', 2, 'ann')");
	house_expect(house, "t", API "select decision_withdraw('edt', 2, 'ann')");
	house_expect(house, "f", API "select decision_withdraw('edt', 2, 'ann')");
	house_expect(house, "4", API JJ_IS("s-ahmed", "ann"));
	house_expect(house,
	    "decision_made|decision/1|ann|jo-jones|\ndecision_made|decision/2|bob|s-ahmed|1\n"
	    "decision_made|decision/3|ann||\ndecision_withdrawn|decision/2|ann||\n"
	    "decision_made|decision/4|ann|s-ahmed|",
	    "select action, object, actor, detail->>'person', detail->>'instead_of' from audit "
	    "order by id");
}

#define SAID(kind, words, reads)                                                                   \
	"{\"kind\": \"" kind "\", \"words\": \"" words "\", \"key\": \"" words                     \
	"\", \"reads\": \"" reads "\""

/* Words, names of zones and the order of dates: the same record and the same end. */
static void
keeps_words_zones_and_the_order_of_dates(void **state)
{
	struct house *house = *state;

	house_expect(house, "{1,2,3}",
	    API "select decisions_make('edt', '[" SAID("word", "surge", "nothing") "}," SAID(
		"zone", "fen", "zone") ", \"zone\": \"Europe/London\"}," SAID("date_order", "dmy",
		"dmy") "}]', 'ann')");
	/* The first is so already; the second takes the place of the one before. */
	house_expect(house, "{1,4}",
	    API "select decisions_make('edt', '[" SAID("word", "surge", "nothing") "}," SAID(
		"zone", "fen", "zone") ", \"zone\": \"Europe/Dublin\"}]', 'bob')");
	house_expect(house, "t", API "select decision_withdraw('edt', 3, 'bob')");
	house_expect(house,
	    "1|word|nothing|||ann\n2|zone|zone|Europe/London|bob|ann\n3|date_order|dmy||bob|ann\n"
	    "4|zone|zone|Europe/Dublin||bob",
	    "select id, kind, reads, zone, ended_by, decided_by from decision order by id");
	house_expect(house, "decision_made|fen|Europe/London|\ndecision_made|fen|Europe/Dublin|2",
	    "select action, detail->>'zone', detail->>'means', detail->>'instead_of' from audit "
	    "where detail ? 'zone' order by id");
	house_expect(house, "decision_withdrawn|dmy",
	    "select action, detail->>'date_order' from audit order by id desc limit 1");
}

static void
keeps_all_of_several_or_none(void **state)
{
	struct house *house = *state;

	house_run(house, "update decision_head set version = 1");
	house_refused(house, "crisiscover_api", "there is no person x-y in the region",
	    "select decisions_make('edt', '[" SAID("word", "surge", "nothing") "}," SAID(
		"alias", "jj", "named") ", \"person\": \"x-y\"}]', 'ann')");
	house_expect(house, "0|0|1",
	    "select (select count(*) from decision), (select count(*) from audit), version from "
	    "decision_head");
	house_run(house, API "select decisions_make('edt', '[" SAID("word", "surge",
			     "nothing") "}," SAID("word", "b", "away") "}]', 'ann')");
	/* One reason to read again, not two; and none for what is so already. */
	house_expect(house, "2", "select version from decision_head");
	house_run(house,
	    API "select decisions_make('edt', '[" SAID("word", "surge", "nothing") "}]', 'ann')");
	house_expect(house, "2", "select version from decision_head");
}

static void
says_only_what_its_kind_can_say(void **state)
{
	static const char *const wrong[] = {SAID("word", "x", "named"), SAID("word", "x", "noise"),
	    SAID("word", "x", "absence"), SAID("zone", "x", "zone"), SAID("title", "x", "nothing"),
	    SAID("date_order", "x", "ymd"), SAID("word", "x", "away") ", \"zone\": \"UTC\"",
	    SAID("alias", "x", "away"), SAID("phrase", "x", "nothing")};
	struct house *house = *state;

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char sql[300];

		snprintf(sql, sizeof sql, "select decisions_make('edt', '[%s}]', 'ann')", wrong[i]);
		house_refused(house, "postgres", "violates check constraint", sql);
	}
	house_expect(house, "0", "select count(*) from decision");
}

static void
refuses_what_cannot_stand(void **state)
{
	struct house *house = *state;

	house_refused(house, "crisiscover_api", "there is no rota night in the region",
	    "select decision_make('night', 'alias', 'JJ', 'jj', 'named', 'jo-jones', null, 'a')");
	house_refused(house, "crisiscover_api", "there is no person x-y in the region",
	    "select decision_make('edt', 'alias', 'JJ', 'jj', 'named', 'x-y', null, 'a')");
	house_run(house, "update person set retired_at = now() where id = 's-ahmed'");
	house_refused(house, "crisiscover_api", "there is no person s-ahmed in the region",
	    JJ_IS("s-ahmed", "a"));
	/* Promise 1, kept by the table itself. */
	house_refused(house, "postgres", "violates check constraint",
	    "select decision_make('edt', 'title', 'TBC', 'tbc', 'named', null, null, 'a')");
	house_refused(house, "postgres", "violates check constraint",
	    "select decision_make('edt', 'title', 'Hub', 'hub', 'team', null, null, 'a')");
	house_refused(house, "postgres", "violates check constraint",
	    "select decision_make('edt', 'alias', 'JJ', 'jj', 'nobody', null, null, 'a')");
	house_refused(house, "postgres", "violates check constraint",
	    "select decision_make('edt', 'title', 'x', 'x', 'cancelled', null, null, 'a')");
	house_refused(house, "postgres", "violates check constraint",
	    "select decision_make('edt', 'title', 'x', '', 'noise', null, null, 'a')");
	house_expect(house, "0", "select count(*) from decision");
}

static void
is_only_ever_added_to(void **state)
{
	static const char *const changes[] = {"update decision set person = 's-ahmed'",
	    "update decision set known_to = 'infinity'", "delete from decision",
	    "truncate decision",
	    "update decision set known_to = now(), ended_by = 'x', words = 'KL'"};
	struct house *house = *state;

	house_run(house, JJ_IS("jo-jones", "ann"));
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		house_refused(house, "postgres", "the record is only ever added to", changes[i]);
	house_run(house, "select decision_withdraw('edt', 1, 'ann')");
	house_refused(house, "postgres", "the record is only ever added to",
	    "update decision set known_to = now() + interval '1 day'");
}

static void
claims_only_by_who_knows_the_decisions(void **state)
{
	struct house *house = *state;

	house_run(house, "select house_send('edt', 'ask', 'file')");
	house_expect(house, "0|0",
	    "select (select count(*) from feeds_claim(9, (select max(version) from region), "
	    "(select version - 1 from decision_head))), (select count(*) from imports_claim(9, "
	    "(select max(version) from region), (select version - 1 from decision_head)))");
	house_expect(house, "0",
	    "select count(*) from feeds_claim(9, 99, (select version from decision_head))");
	house_expect(house, "duty|edt",
	    "select f.rota, i.rota from feeds_claim(9, " VERSIONS ") f, imports_claim(9, " VERSIONS
	    ") i");
}

static void
has_the_stored_body_read_again(void **state)
{
	struct house *house = *state;

	house_expect(house, "t", "select refresh_asked_at is null from feed where rota = 'duty'");
	house_expect(house, "done",
	    "select house_written('duty', house_claim('duty'), null, 'one', true, '{}', '{a}', "
	    "'{1}')");
	house_expect(house, "0", "select count(*) from feeds_claim(9, " VERSIONS ")");
	house_run(house,
	    "select decision_make('duty', 'alias', 'JJ', 'jj', 'named', 's-ahmed', null, 'ann')");
	house_expect(house, "duty", "select rota from feeds_claim(9, " VERSIONS ")");
	/* A decision made while a process works on the rota makes it due again after that. */
	house_run(house, "select decision_withdraw('duty', 1, 'ann')");
	house_expect(house, "0", "select count(*) from feeds_claim(9, " VERSIONS ")");
	house_run(house, "select feeds_release('duty', claim, null) from feed where rota = 'duty'");
	house_expect(house, "duty", "select rota from feeds_claim(9, " VERSIONS ")");
}

#define PREVIEW(claim, key)                                                                        \
	"select import_preview(1, " claim ", null, 'with', house_reading(1), true, null, "         \
	"'{\"counts\": {}, \"changes\": []}', '{}', array['" key "'], array['named'], "            \
	"array['jo-jones'], array[null], array['JJ'], array[now() + interval '1 day'], "           \
	"array[now() "                                                                             \
	"+ interval '2 days'])"

static void
has_a_preview_read_again_and_keeps_nothing_read_before(void **state)
{
	struct house *house = *state;

	house_run(house, "select house_send('edt', 'ask', 'file')");
	house_expect(house, "1|1", "select id, claim from imports_claim(9, " VERSIONS ")");
	house_expect(house, "gone", PREVIEW("2", "a"));
	/* Decided while it is being read. */
	house_run(house, JJ_IS("jo-jones", "ann"));
	house_expect(house, "gone", PREVIEW("1", "a"));
	house_expect(house, "gone", "select import_refused(1, 1, 'x', null, null)");
	house_expect(house, "1|2", "select id, claim from imports_claim(9, " VERSIONS ")");
	house_expect(house, "done", PREVIEW("2", "a"));
	house_expect(house, "preview|a",
	    "select state, (select string_agg(key, ' ') from import_shift) from import");
	/* Decided while somebody looks at it. */
	house_run(house, JJ_IS("s-ahmed", "ann"));
	house_refused(
	    house, "crisiscover_api", "still being read", "select import_apply(1, 'ann', null)");
	house_expect(house, "1|3", "select id, claim from imports_claim(9, " VERSIONS ")");
	house_expect(house, "done", PREVIEW("3", "b"));
	house_expect(house, "preview|b",
	    "select state, (select string_agg(key, ' ') from import_shift) from import");
	house_run(house, "select import_apply(1, 'ann', null)");
	house_run(house, "select decision_withdraw('edt', 2, 'ann')");
	house_expect(house, "applied", "select state from import");
}

static void
lets_go_of_what_is_no_longer_held(void **state)
{
	struct house *house = *state;

	house_run(house,
	    "select house_written('duty', house_claim('duty'), null, 'one', true, "
	    "'{}', '{a,b}', '{1,2}'); select house_held('duty', house_claim('duty'), "
	    "1, 'empty', house_ids('duty')); select decision_make('duty', 'alias', 'JJ', 'jj', "
	    "'named', 's-ahmed', null, 'ann')");
	house_expect(house, "uploaded|held|1",
	    "select i.state, f.state, f.held_import from import i join feed f using (rota)");
	/* The address gives the good one again before the other is read. */
	house_run(house, "select feeds_good('duty', house_claim('duty'), sha256('one'), 'with', "
			 "null, null, true)");
	house_expect(house, "1", "select id from imports_claim(9, " VERSIONS ")");
	house_expect(house, "gone",
	    "select import_preview(1, claim, 1, 'with', house_reading(0), false, 'It shrinks.', "
	    "'{\"counts\": {}, \"changes\": []}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}') "
	    "from import");
	house_expect(house, "discarded|The address gives another calendar now.",
	    "select state, reason from import");
}

static void
gives_each_login_what_it_needs(void **state)
{
	struct house *house = *state;

	house_refused(house, "crisiscover_feeds", "permission denied", JJ_IS("jo-jones", "x"));
	house_refused(house, "crisiscover_feeds", "permission denied",
	    "select decision_withdraw('edt', 1, 'x')");
	house_refused(
	    house, "crisiscover_coverage", "permission denied", "select count(*) from decision");
	house_refused(house, "crisiscover_api", "permission denied",
	    "insert into decision (rota, kind, words, key, reads, person, decided_by) values "
	    "('edt', 'alias', 'x', 'x', 'named', 'jo-jones', 'x')");
	house_refused(
	    house, "crisiscover_api", "permission denied", "select decisions_changed('edt')");
	house_refused(house, "crisiscover_api", "permission denied",
	    "select decision_keep('edt', '{}', 'x')");
	house_refused(house, "crisiscover_feeds", "permission denied",
	    "select decisions_make('edt', '[]', 'x')");
	house_run(house, "select house_send('edt', 'ask', 'file')");
	house_run(house, "grant usage on schema crisiscover to crisiscover_feeds; grant execute on "
			 "function house_reading to crisiscover_feeds");
	house_run(house, "set role crisiscover_feeds; select count(*) from feeds_claim(9, " VERSIONS
			 "); select count(*) from imports_claim(9, " VERSIONS
			 "); " PREVIEW("(select claim from import)", "a"));
	house_run(
	    house, "select decision_make('edt', 'title', 'x', 'x', 'noise', null, null, 'a')");
	house_run(house,
	    "set role crisiscover_feeds; select count(*) from imports_claim(9, " VERSIONS
	    "); " PREVIEW("(select claim from import)", "b"));
	house_expect(house, "preview", "select state from import");
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
	    TEST(lets_go_of_what_is_no_longer_held),
	    TEST(gives_each_login_what_it_needs),
	};

	return cmocka_run_group_tests(tests, house_setup, house_teardown);
}
