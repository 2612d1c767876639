/* SPDX-License-Identifier: MIT */
/*
 * The SQL functions of 0002_sources.sql, each outcome as the database sees it. The reading of a
 * body by C is tested elsewhere; here a body is a word, and its reading is made up.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libpq-fe.h>

#include "tests/unit/server/feeds/testbed.h"

/* ------------------------------------------------------------------------------------ claiming */

static void
never_claims_a_feed_twice(void **state)
{
	enum { SESSIONS = 4, FEEDS = 200 };
	struct testbed *testbed = *state;
	char *folder = scratch_folder(), path[256], line[64];
	bool seen[FEEDS] = {false};
	pid_t pids[SESSIONS];
	int claimed = 0;

	testbed_run(testbed,
	    "insert into rota (id) select 'r' || n from generate_series(0, %d) n; insert into feed (rota, kind, address, "
	    "next_at) select 'r' || n, 'ical_url', (select mask from feed_address limit 1), now() from generate_series(0, %d) n; "
	    "update feed set next_at = 'infinity' where rota !~ '^r[0-9]'",
	    FEEDS - 1, FEEDS - 1);
	testbed_run(testbed,
	    "create table arrived (n integer); grant select, insert on arrived to crisiscover_feeds");
	for (int i = 0; i < SESSIONS; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			struct scratch_postgres *pg = testbed->pg;
			char sql[8192] = "";
			FILE *file;
			char *printed;

			for (int j = 0; j < FEEDS / 3 + 1; j++)
				strcat(sql,
				    "select rota from feeds_claim(3, 1, (select version from decision_head));\n");
			/* The claims of a session end with it: each stays until all have claimed. */
			strcat(sql,
			    "insert into arrived default values; do $$ begin while (select count(*) from arrived) < 4 "
			    "loop perform pg_sleep(0.01); end loop; end $$;\n");
			if (scratch_psql_try(pg, "crisiscover_feeds", sql, &printed) != 0)
				_exit(1);
			snprintf(path, sizeof path, "%s/%d", folder, i);
			file = fopen(path, "w");
			fputs(printed, file);
			fclose(file);
			_exit(0);
		}
	}
	for (int i = 0; i < SESSIONS; i++) {
		FILE *file;
		int end;

		waitpid(pids[i], &end, 0);
		assert_int_equal(end, 0);
		snprintf(path, sizeof path, "%s/%d", folder, i);
		file = fopen(path, "r");
		while (fgets(line, sizeof line, file) != NULL) {
			int n = atoi(line + 1);

			if (line[0] != 'r')
				continue;
			assert_false(seen[n]);
			seen[n] = true;
			claimed++;
		}
		fclose(file);
	}
	assert_int_equal(claimed, FEEDS);
	free(folder);
}

static void
claims_what_is_due_and_no_more(void **state)
{
	struct testbed *testbed = *state;

	/* A new feed is due at once; files and typed rotas never are. */
	testbed_expect(testbed, "duty|t|t|t",
	    "select rota, kind = 'ical_url', box = (select a.box from feed_address a join feed f on f.address = a.mask and f.rota = 'duty'), whole_due from feeds_claim(10, 1, (select version from decision_head))");
	testbed_expect(testbed, "0",
	    "select count(*) from feeds_claim(10, 1, (select version from decision_head))");
	/* The claim of somebody who died runs out, and the next one has another number. */
	testbed_run(
	    testbed, "update feed set claimed_until = clock_timestamp() where rota = 'duty'");
	testbed_expect(testbed, "t",
	    "select claim > (select min(claim) from feed) from feeds_claim(10, 1, "
	    "(select version from decision_head)) union all select true limit 1");
	/* And so does that of a session that has ended, at once. */
	testbed_run(testbed, "update feed set claimed_by = '1 0' where rota = 'duty'");
	testbed_expect(testbed, "1",
	    "select count(*) from feeds_claim(10, 1, (select version from decision_head))");
	testbed_run(testbed, "update feed set claim = null, claimed_until = null");
	/* A process that knows another region gets nothing. */
	testbed_expect(testbed, "0",
	    "select count(*) from feeds_claim(10, 0, (select version from decision_head))");
	testbed_expect(testbed, "0",
	    "select count(*) from feeds_claim(10, 2, (select version from decision_head))");
	/* Not due, but asked for. */
	testbed_run(testbed, "update feed set next_at = now() + interval '1 hour'");
	testbed_expect(testbed, "0",
	    "select count(*) from feeds_claim(10, 1, (select version from decision_head))");
	testbed_run(testbed, "update feed set refresh_asked_at = now() where rota = 'duty'");
	testbed_expect(testbed, "1",
	    "select count(*) from feeds_claim(10, 1, (select version from decision_head))");
	/* Should its holder die, it is still due. */
	testbed_expect(testbed, "t|t",
	    "select next_at <= now(), refresh_asked_at is null from feed where rota = 'duty'");
}

static void
spreads_what_fell_due_but_not_what_is_new(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed, "update feed set last_attempt_at = now() - interval '1 hour', "
			     "next_at = now() - interval '55 minutes' where rota = 'duty'");
	testbed_apply(
	    testbed, "[" ROTA_URL("duty", "duty.ics") ", " ROTA_URL("new", "new.ics") "]");
	testbed_run(testbed, "create table was as select * from feed; select feeds_spread()");
	testbed_expect(testbed, "duty|t|t\nnew|f|t",
	    "select rota, f.next_at > w.next_at, f.next_at < now() + interval '1 minute' from feed f join was w using (rota) order by rota; drop table was");
}

static void
backs_off_but_never_for_long(void **state)
{
	struct testbed *testbed = *state;

	/* The extremes of the jitter: nine tenths to eleven tenths. */
	testbed_expect(testbed, "t|t|t|t|t",
	    "select bool_and(feeds_wait('5 min', 0) between '4.5 min' and '5.5 min'), "
	    "bool_and(feeds_wait('5 min', 1) between '4.5 min' and '5.5 min'), "
	    "bool_and(feeds_wait('5 min', 2) between '9 min' and '11 min'), "
	    "bool_and(feeds_wait('5 min', 99) between '12 min' and '15 min'), "
	    "bool_and(feeds_wait('1 day', 1) <= '15 min') from generate_series(1, 500)");
	testbed_expect(testbed, "t",
	    "select count(distinct feeds_wait('5 min', 0)) > 400 from generate_series(1, 500)");
}

/* ------------------------------------------------------------------------------------ outcomes */

static void
writes_a_new_body_in_one_act(void **state)
{
	struct testbed *testbed = *state;

	testbed_have_duty(testbed);
	testbed_expect(testbed, "good||0|t|t|\"one\"",
	    "select state, fault, failures, last_good_at > now() - interval '1 minute', claim is null, "
	    "etag from feed where rota = 'duty'");
	testbed_expect(testbed, "a b", "select testbed_keys('duty')");
	testbed_expect(testbed, "duty", "select rota from dirty");
	testbed_run(testbed, "create table first_mark as select n from dirty");
	testbed_expect(testbed, "one",
	    "select convert_from(b.bytes, 'utf8') from shift s join reading r on r.id = s.reading join body b on b.sha256 = r.body limit 1");
	/* The next body moves one night and keeps the other: only that is written. */
	testbed_expect(testbed, "done",
	    "select testbed_written('duty', testbed_claim('duty'), 1, 'two', true, array[(select id from shift where key = 'b')], "
	    "'{b}', '{3}')");
	testbed_expect(testbed, "a b", "select testbed_keys('duty')");
	testbed_expect(testbed, "3|t",
	    "select count(*), (select known_to from shift where id = 2) = (select known_from from shift where id = 3) from shift");
	testbed_expect(testbed, "t", "select d.n > f.n from dirty d, first_mark f");
	testbed_run(testbed, "drop table first_mark");
	/* The state did not change, so its trace did not grow. */
	testbed_expect(testbed, "good", "select state from feed_event");
}

static void
keeps_nothing_of_a_body_that_reads_the_same(void **state)
{
	struct testbed *testbed = *state;

	testbed_have_duty(testbed);
	testbed_run(testbed, "delete from dirty");
	testbed_expect(testbed, "done",
	    "select feeds_apply('duty', testbed_claim('duty'), 1, sha256('stamped'), 'stamped', "
	    "'with', to_jsonb(r) - 'id' || jsonb_build_object('window_from', now(), 'window_to', "
	    "now() + interval '1 day'), true, null, null, '{}', '{}', '{}', '{}', '{}', '{}', "
	    "'{}', '{}') from reading r");
	testbed_expect(testbed, "1|1|t|t|0",
	    "select (select count(*) from body), (select count(*) from reading), body = sha256('one'), "
	    "seen_body = sha256('stamped'), (select count(*) from dirty) from feed where rota = 'duty'");
}

static void
starts_over_when_the_reading_has_changed(void **state)
{
	struct testbed *testbed = *state;

	testbed_have_duty(testbed);
	testbed_expect(testbed, "again",
	    "select testbed_written('duty', testbed_claim('duty'), null, 'two', true, '{}', '{c}', "
	    "'{4}')");
	testbed_expect(testbed, "a b", "select testbed_keys('duty')");
	/* The claim is still held: the job compares again and tries once more. */
	testbed_expect(testbed, "f", "select claim is null from feed where rota = 'duty'");
}

static void
writes_nothing_without_the_claim(void **state)
{
	struct testbed *testbed = *state;

	testbed_have_duty(testbed);
	testbed_run(testbed,
	    "create temporary table was as select * from feed; select testbed_claim('duty')");
	testbed_expect(testbed, "gone|gone|gone|gone|gone|gone|gone",
	    "select testbed_written('duty', -1, 1, 'two', true, '{}', '{c}', '{4}'), "
	    "testbed_held('duty', -1, 1, 'two', '{}'), feeds_good('duty', -1, 'x', 'y', null, "
	    "null, "
	    "true), feeds_failed('duty', -1, 'x', null), feeds_release('duty', -1, 1), "
	    "feeds_still_held('duty', -1, 'x', true), feeds_reread_failed('duty', -1, 'x')");
	testbed_expect(testbed, "a b|good|1",
	    "select testbed_keys('duty'), state, (select count(*) from body) from feed where rota = 'duty'");
}

static void
moves_only_the_time_of_a_good_check(void **state)
{
	struct testbed *testbed = *state;

	testbed_have_duty(testbed);
	testbed_run(testbed,
	    "delete from dirty; update feed set last_good_at = now() - interval '5 minutes', "
	    "state = 'failing', fault = 'x', failures = 3 where rota = 'duty'");
	testbed_expect(testbed, "done",
	    "select feeds_good('duty', testbed_claim('duty'), sha256('one'), 'with', '\"v2\"', "
	    "null, "
	    "false)");
	testbed_expect(testbed, "good||0|t|\"v2\"|t",
	    "select state, fault, failures, last_good_at > now() - interval '1 minute', etag, "
	    "next_at between now() + interval '4 minutes' and now() + interval '6 minutes' from feed where rota = 'duty'");
	testbed_expect(testbed, "2|1|0",
	    "select (select count(*) from shift), (select count(*) from reading), (select count(*) from dirty)");
	/* After six hours coverage saw it as unknown, so it must look again. */
	testbed_run(testbed,
	    "update feed set last_good_at = now() - interval '7 hours' where rota = 'duty'");
	testbed_run(testbed,
	    "select feeds_good('duty', testbed_claim('duty'), sha256('one'), 'with', "
	    "null, null, false)");
	testbed_expect(testbed, "duty", "select rota from dirty");
}

static void
keeps_the_last_good_shifts_while_failing(void **state)
{
	struct testbed *testbed = *state;

	testbed_have_duty(testbed);
	testbed_run(testbed, "delete from dirty");
	for (int i = 1; i <= 3; i++)
		testbed_expect(testbed, "done",
		    "select feeds_failed('duty', testbed_claim('duty'), 'The server answered 503.', null)");
	testbed_expect(testbed, "failing|The server answered 503.|3|t|a b|t",
	    "select state, fault, failures, body = sha256('one'), testbed_keys('duty'), "
	    "next_at between now() + interval '12 minutes' and now() + interval '15 minutes' from feed where rota = 'duty'");
	testbed_expect(testbed, "0", "select count(*) from dirty");
	/* One trace for each change, not for each failure. */
	testbed_expect(testbed, "good,failing",
	    "select string_agg(state, ',' order by id) from feed_event where rota = 'duty'");
}

static void
rereads_without_touching_the_freshness(void **state)
{
	struct testbed *testbed = *state;

	testbed_have_duty(testbed);
	testbed_run(testbed,
	    "update feed set last_good_at = '2020-01-01', state = 'failing', fault = "
	    "'x' where rota = 'duty'");
	testbed_expect(testbed, "done",
	    "select testbed_written('duty', testbed_claim('duty'), 1, 'one', false, "
	    "testbed_ids('duty'), "
	    "'{c}', '{5}')");
	/* The claim is kept: the address is asked next. */
	testbed_expect(testbed, "failing|x|t|c|f",
	    "select state, fault, last_good_at = '2020-01-01', testbed_keys('duty'), claim is null from feed where rota = 'duty'");
}

static void
counts_attempts_for_a_day(void **state)
{
	struct testbed *testbed = *state;

	for (int i = 1; i <= 4; i++) {
		char n[4];

		snprintf(n, sizeof n, "%d", i);
		testbed_expect(testbed, n, "select feeds_attempt('duty', sha256('bad'))");
	}
	testbed_expect(testbed, "1", "select feeds_attempt('duty', sha256('other'))");
	testbed_run(testbed, "update reading_attempt set first_at = now() - interval '25 hours'");
	testbed_expect(testbed, "1", "select feeds_attempt('duty', sha256('bad'))");
	testbed_run(testbed, "select feeds_attempt_forget('duty', sha256('bad'))");
	testbed_expect(testbed, "1", "select feeds_attempt('duty', sha256('bad'))");
}

static void
marks_what_would_be_read_with_something_else(void **state)
{
	struct testbed *testbed = *state;

	testbed_have_duty(testbed);
	testbed_expect(testbed, "0",
	    "select feeds_outdated('{duty,edt}', '{with,with}'::bytea[], '{csv,csv}'::bytea[])");
	testbed_expect(testbed, "1",
	    "select feeds_outdated('{duty,edt}', '{new,new}'::bytea[], '{csv,csv}'::bytea[])");
	testbed_until(testbed, "duty",
	    "select rota from feeds_claim(9, 1, (select version from decision_head))");
}

/* A manager who sets how a grid is laid out does not wait for the next turn of its address. */
static void
asks_again_for_what_was_refused(void **state)
{
	struct testbed *testbed = *state;

	testbed_have_duty(testbed);
	testbed_run(testbed,
	    "select feeds_failed('duty', testbed_claim('duty'), 'no column', null, false, 'csv')");
	testbed_expect(
	    testbed, "0", "select feeds_outdated('{duty}', '{with}'::bytea[], '{csv}'::bytea[])");
	testbed_expect(
	    testbed, "1", "select feeds_outdated('{duty}', '{with}'::bytea[], '{new}'::bytea[])");
	testbed_until(testbed, "duty",
	    "select rota from feeds_claim(9, 1, (select version from decision_head)) where rota = 'duty'");
	/* Of an address that does not answer nothing is known that a setting could mend. */
	testbed_run(
	    testbed, "select feeds_failed('duty', testbed_claim('duty'), 'no answer', null)");
	testbed_expect(
	    testbed, "0", "select feeds_outdated('{duty}', '{with}'::bytea[], '{other}'::bytea[])");
}

static void
gives_turns_to_many(void **state)
{
	struct testbed *testbed = *state;

	/* The next of a few has its turn at once; the last of any number within a minute. */
	testbed_expect(testbed, "t|t|t",
	    "select feeds_turn(1) < now() + interval '1 second', bool_and(feeds_turn(n) <= now() + interval '61 seconds'), "
	    "count(*) filter (where feeds_turn(n) < now() + interval '10 seconds') < 2000 from generate_series(1, 5000) n");
}

/* ---------------------------------------------------------------------------------------- held */

static void
holds_a_body_for_a_person(void **state)
{
	struct testbed *testbed = *state;

	testbed_have_duty(testbed);
	testbed_expect(testbed, "done",
	    "select testbed_held('duty', testbed_claim('duty'), 1, 'empty', testbed_ids('duty'))");
	testbed_expect(testbed, "held|It is empty now.|t|t|a b",
	    "select state, fault, held_body = sha256('empty'), body = sha256('one'), "
	    "testbed_keys('duty') from feed where rota = 'duty'");
	testbed_expect(testbed, "preview|ask|f|feed",
	    "select i.state, mode, safe, by_account from import i join feed f on f.held_import = "
	    "i.id");
	testbed_expect(testbed, "feed_held|duty|held",
	    "select kind, payload::json->>'cause', payload::json->>'state' from flag");
	/* The same again, and a twin that only differs in its stamps: nobody is told twice. */
	testbed_expect(testbed, "done",
	    "select feeds_still_held('duty', testbed_claim('duty'), sha256('empty'), true)");
	testbed_expect(testbed, "done",
	    "select testbed_held('duty', testbed_claim('duty'), 1, 'empty2', testbed_ids('duty'))");
	testbed_expect(testbed, "1|1|t",
	    "select (select count(*) from flag), (select count(*) from import), held_body = "
	    "sha256('empty') from feed where rota = 'duty'");
	/* The network failing meanwhile does not make it forget. */
	testbed_run(testbed, "select feeds_failed('duty', testbed_claim('duty'), 'x', null)");
	testbed_expect(testbed, "held|It is empty now.|1",
	    "select state, fault, failures from feed where rota = 'duty'");
	/* Nor does time, if the guards would let it pass by now. */
	testbed_expect(testbed, "held",
	    "select testbed_written('duty', testbed_claim('duty'), 1, 'empty3', true, '{}', '{}', "
	    "'{}')");
	testbed_expect(testbed, "held|a b",
	    "select state, testbed_keys('duty') from feed where rota = 'duty'");
}

static void
releases_what_is_held_when_the_good_one_is_back(void **state)
{
	struct testbed *testbed = *state;

	testbed_have_duty(testbed);
	testbed_run(testbed,
	    "select testbed_held('duty', testbed_claim('duty'), 1, 'empty', testbed_ids('duty'))");
	testbed_expect(testbed, "done",
	    "select feeds_good('duty', testbed_claim('duty'), sha256('one'), 'with', null, null, "
	    "true)");
	testbed_expect(testbed, "good||discarded",
	    "select f.state, f.held_import, i.state from feed f, import i where f.rota = 'duty'");
	testbed_expect(testbed, "good,held,good",
	    "select string_agg(state, ',' order by id) from feed_event where rota = 'duty'");
}

static void
applies_what_is_held_once_confirmed(void **state)
{
	struct testbed *testbed = *state;

	testbed_have_duty(testbed);
	testbed_run(testbed,
	    "select testbed_held('duty', testbed_claim('duty'), 1, 'empty', testbed_ids('duty'))");
	testbed_refused(testbed, "crisiscover_api",
	    "a reason is needed to confirm this: It is empty now.",
	    "select import_apply(1, 'ann', ' ')");
	testbed_expect(testbed, "",
	    "set role crisiscover_api; select import_apply(1, 'ann', 'We are closed over Christmas')");
	testbed_expect(testbed, "good||t|-|t",
	    "select state, held_body, body = sha256('empty'), testbed_keys('duty'), etag is null from feed where rota = 'duty'");
	testbed_expect(testbed, "applied|ann", "select state, decided_by from import");
}

/* ---------------------------------------------------------------------------------- the region */

static void
follows_the_region(void **state)
{
	struct testbed *testbed = *state;
	char *mask;

	testbed_have_duty(testbed);
	testbed_run(
	    testbed, "update feed set next_at = now() + interval '5 minutes' where rota = 'duty'");
	/* The same again changes nothing. */
	testbed_run(testbed, "create table was as select * from feed");
	testbed_apply(testbed,
	    "[" ROTA_URL("duty", "duty.ics") ", " ROTA_SENT("edt") ", " ROTA_TYPED("extra") "]");
	testbed_expect(testbed, "0",
	    "select count(*) from (select * from feed except select * from was) x; drop table was");
	/* Another address: the shifts stay, everything about the old address goes. */
	testbed_run(testbed, "select testbed_claim('duty')");
	testbed_apply(testbed, "[" ROTA_URL("duty", "elsewhere.ics") ", " ROTA_SENT("edt") "]");
	mask = testbed_mask(testbed, "http://127.0.0.1/elsewhere.ics");
	testbed_expect(testbed, "t|t|t|t|a b",
	    "select address = '%s', claim is null, etag is null and seen_body is null, next_at <= now(), "
	    "testbed_keys('duty') from feed where rota = 'duty'",
	    mask);
	free(mask);
	testbed_expect(testbed, "duty edt", "select string_agg(rota, ' ' order by rota) from feed");
	/* Another rhythm. */
	testbed_run(
	    testbed, "update feed set next_at = now() + interval '5 minutes' where rota = 'duty'");
	testbed_apply(testbed,
	    "[{\"id\": \"duty\", \"service\": \"fenmere-amhp\", \"tier\": 1, \"source\": "
	    "{\"kind\": "
	    "\"ical_url\", \"url\": \"http://127.0.0.1/elsewhere.ics\", \"every_minutes\": 1}}]");
	testbed_expect(testbed, "00:01:00|t",
	    "select every, next_at <= now() + interval '1 minute' from feed where rota = 'duty'");
}

static void
ends_what_a_leaving_rota_says_of_the_future(void **state)
{
	struct testbed *testbed = *state;

	testbed_expect(testbed, "done",
	    "select testbed_written('duty', testbed_claim('duty'), null, 'one', true, '{}', "
	    "'{past,a}', '{-3,1}')");
	testbed_run(testbed, "delete from dirty; select testbed_send('edt', 'ask', 'file')");
	testbed_apply(testbed, "[]");
	testbed_expect(testbed, "0|past|duty|discarded",
	    "select (select count(*) from feed), testbed_keys('duty'), (select rota from dirty), "
	    "(select state from import)");
	testbed_expect(testbed, "removed",
	    "select state from feed_event where rota = 'duty' order by id desc limit 1");
	/* It may come back, and then its past is still there. */
	testbed_apply(testbed, "[" ROTA_URL("duty", "duty.ics") "]");
	testbed_expect(testbed, "never|t", "select state, next_at <= now() from feed");
	testbed_expect(testbed, "done",
	    "select testbed_written('duty', testbed_claim('duty'), null, 'one', true, '{}', '{a}', "
	    "'{1}')");
	testbed_expect(testbed, "a past", "select testbed_keys('duty')");
}

static void
takes_a_claim_away_with_the_address(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed, "create table held as select testbed_claim('duty') as claim");
	testbed_apply(testbed, "[" ROTA_URL("duty", "elsewhere.ics") "]");
	testbed_expect(testbed, "gone",
	    "select testbed_written('duty', (select claim from held), null, 'one', true, '{}', "
	    "'{a}', '{1}'); drop table held");
	testbed_expect(testbed, "-", "select testbed_keys('duty')");
}

/* A body that was compared with what stood before a person confirmed a file is not written over the
 * file: the process that has it waits until the person's transaction is over, and then sees it. */
static void
does_not_write_over_what_is_confirmed_meanwhile(void **state)
{
	struct testbed *testbed = *state;
	PGconn *person = PQconnectdb(scratch_postgres_conninfo(testbed->pg));
	PGconn *process = PQconnectdb(scratch_postgres_conninfo(testbed->pg));
	PGresult *answer;

	testbed_have_duty(testbed);
	testbed_run(testbed,
	    "select testbed_send('duty', 'ask', 'hers'); select testbed_preview(1, (select reading "
	    "from feed where rota = 'duty'), true, testbed_ids('duty'), '{c}', '{3}')");
	PQclear(PQexec(process,
	    "set search_path = crisiscover; create table held as select testbed_claim('duty') as "
	    "claim, testbed_ids('duty') as ids, (select reading from feed where rota = 'duty') as "
	    "reading"));
	answer = PQexec(
	    person, "set search_path = crisiscover; begin; select import_apply(1, 'ann', null)");
	assert_int_equal(PQresultStatus(answer), PGRES_TUPLES_OK);
	PQclear(answer);
	assert_int_equal(
	    PQsendQuery(process,
		"select testbed_written('duty', claim, reading, 'two', true, ids, '{d}', "
		"'{4}') from held"),
	    1);
	testbed_until(testbed, "1",
	    "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like "
	    "'%%testbed_written%%'");
	PQclear(PQexec(person, "commit"));
	answer = PQgetResult(process);
	assert_int_equal(PQresultStatus(answer), PGRES_TUPLES_OK);
	assert_string_equal(PQgetvalue(answer, 0, 0), "again");
	PQclear(answer);
	PQfinish(process);
	PQfinish(person);
	testbed_expect(testbed, "c", "drop table held; select testbed_keys('duty')");
}

/* --------------------------------------------------------------------------------------- flags */

static void
tells_once_of_a_stale_feed_and_of_its_return(void **state)
{
	struct testbed *testbed = *state;

	testbed_have_duty(testbed);
	testbed_expect(testbed, "t",
	    "select feeds_tell_stale() between now() + interval '59 minutes' and now() + interval '61 minutes'");
	testbed_run(testbed,
	    "update feed set last_good_at = now() - interval '61 minutes' where rota = 'duty'");
	testbed_expect(testbed, "", "select feeds_tell_stale(); select feeds_tell_stale()");
	testbed_expect(testbed, "feed_stale|duty|1-1",
	    "select kind, payload::json->>'cause', payload::json->>'id' from flag");
	testbed_run(testbed,
	    "select feeds_good('duty', testbed_claim('duty'), sha256('one'), 'with', "
	    "null, null, false); select feeds_good('duty', testbed_claim('duty'), "
	    "sha256('one'), 'with', null, null, false)");
	testbed_expect(testbed, "feed_stale feed_restored|f",
	    "select string_agg(kind, ' ' order by seq), (select told_stale from feed where rota = "
	    "'duty') from flag");
}

/* -------------------------------------------------------------------------------------- rights */

static void
gives_each_login_what_it_needs(void **state)
{
	struct testbed *testbed = *state;

	testbed_refused(
	    testbed, "crisiscover_api", "permission denied", "select box from feed_address");
	testbed_refused(testbed, "crisiscover_api", "permission denied",
	    "select feeds_failed('duty', 1, 'x', null)");
	testbed_refused(testbed, "crisiscover_coverage", "permission denied",
	    "select import_apply(1, 'a', null)");
	testbed_refused(
	    testbed, "crisiscover_feeds", "permission denied", "select import_apply(1, 'a', null)");
	testbed_refused(testbed, "crisiscover_feeds", "permission denied", "delete from shift");
	testbed_refused(testbed, "crisiscover_feeds", "permission denied",
	    "update shift set starts_at = now()");
	testbed_refused(testbed, "crisiscover_feeds", "permission denied", "delete from feed");
	/* The role has the rights that its statements need: a feed from claim to hold to stale, and
	 * a file. */
	testbed_run(testbed,
	    "grant usage, create on schema crisiscover to crisiscover_feeds; "
	    "grant execute on all functions in schema crisiscover to crisiscover_feeds");
	testbed_expect(testbed, "done\ndone\nt\ndone",
	    "set role crisiscover_feeds; select testbed_written('duty', (select claim from feeds_claim(1, 1, "
	    "(select version from decision_head))), null, 'one', true, '{}', '{a,b}', '{1,2}'); select testbed_held('duty', "
	    "testbed_claim('duty'), 1, 'empty', testbed_ids('duty')); select feeds_tell_stale() is not null; reset role; "
	    "select testbed_send('edt', 'ask', 'x') is null \\g /dev/null\n"
	    "set role crisiscover_feeds; select testbed_preview(id, null, true, '{}', '{a}', '{1}') from imports_claim(1, 1, "
	    "(select version from decision_head))");
}

/* ---------------------------------------------------------------------------- overrides and
 * absences */

static void
expect_override(struct testbed *testbed, const char *standing)
{
	testbed_expect(testbed, standing,
	    "select standing || ' ' || coalesce(e.reading = f.reading, false) from override_event e, "
	    "feed f where f.rota = 'duty' order by e.id desc limit 1");
}

/* The duty's calendar as another body. */
#define READING "(select reading from feed where rota = 'duty')"
#define WRITTEN(text, superseded, keys, days)                                                      \
	"select testbed_written('duty', testbed_claim('duty'), " READING ", '" text                \
	"', true, " superseded ", '{" keys "}', '{" days "}')"
#define IN_FORCE(key)                                                                              \
	"(select array_agg(id) from shift where key = '" key "' and known_to = 'infinity')"

/* No reading, no import, no undoing and no other address ends an override; each is asked
 * whether it says the same now. */
static void
no_calendar_ends_an_override(void **state)
{
	struct testbed *testbed = *state;

	testbed_have_duty(testbed);
	testbed_run(testbed,
	    "select override_add('duty', 's-ahmed', 'jo-jones', date_trunc('day', now()) + interval '1 day 20 hours', "
	    "date_trunc('day', now()) + interval '1 day 32 hours', null, null, false, 'manager')");
	testbed_expect(testbed, "a b override:1", "select testbed_keys('duty')");
	/* Other days change: it waits on, and nothing is noted. */
	testbed_expect(testbed, "done", WRITTEN("two", IN_FORCE("b"), "c", "3"));
	testbed_expect(testbed, "a c override:1", "select testbed_keys('duty')");
	expect_override(testbed, "waiting false");
	/* The night goes: nothing to reconcile, and somebody must decide. */
	testbed_expect(testbed, "done", WRITTEN("three", IN_FORCE("a"), "", ""));
	testbed_expect(testbed, "c override:1", "select testbed_keys('duty')");
	expect_override(testbed, "conflicting true");
	/* The stand-in has it now. */
	testbed_run(testbed, "select testbed_send('duty', 'ask', 'four'); "
			     "select testbed_preview(1, " READING ", true, '{}', '{a}', '{1}'); "
			     "update import_shift set person = 's-ahmed'; "
			     "select import_apply(1, 'manager', null)");
	expect_override(testbed, "reconciled true");
	testbed_expect(testbed, "a c", "select testbed_keys('duty')");
	/* Undone: it stands again where it stood, by the reading before. */
	testbed_run(testbed, "select import_undo(1, 'manager', 'wrong file')");
	expect_override(testbed, "conflicting true");
	testbed_expect(testbed, "c override:1", "select testbed_keys('duty')");
	/* Another source, and then none at all. */
	testbed_apply(testbed, "[" ROTA_SENT("duty") "]");
	testbed_expect(testbed, "c override:1", "select testbed_keys('duty')");
	testbed_apply(testbed, "[" ROTA_SENT("edt") "]");
	testbed_expect(testbed, "-", "select testbed_keys('duty')");
	/* It comes back, and the first word of its calendar brings the override back too. */
	testbed_apply(testbed, "[" ROTA_URL("duty", "duty.ics") ", " ROTA_SENT("edt") "]");
	testbed_expect(testbed, "done", WRITTEN("five", "'{}'", "d", "4"));
	testbed_expect(testbed, "d override:1", "select testbed_keys('duty')");
}

/* Shifts typed in on a rota of another kind end with that kind; an override continues, and no
 * moment of the record was without it. */
static void
another_kind_of_source_leaves_overrides(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed,
	    "select override_add('extra', 's-ahmed', null, now(), now() + interval '1 day', null, null, false, 'manager')");
	testbed_expect(testbed, "override:1", "select testbed_keys('extra')");
	testbed_apply(testbed, "[" ROTA_SENT("extra") "]");
	testbed_expect(testbed, "override:1", "select testbed_keys('extra')");
	testbed_expect(testbed, "2 true",
	    "select count(*) || ' ' || bool_and(coalesce(after = known_to, true)) from (select known_to, "
	    "lead(known_from) over (order by id) as after from shift where override = 1) x");
}

/* Or a process that has read the number of a mark that is gone by now would clear the one that came
 * after it, and with it a change that nobody has swept. */
static void
a_mark_that_is_set_again_has_a_new_number(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed, "delete from dirty; select shifts_mark(array['duty']); "
			     "create table first_mark as select n from dirty; delete from dirty; "
			     "select shifts_mark(array['duty'])");
	testbed_expect(testbed, "t", "select d.n > f.n from dirty d, first_mark f");
	testbed_run(testbed, "drop table first_mark");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, testbed_begin)
	const struct CMUnitTest tests[] = {
	    TEST(never_claims_a_feed_twice),
	    TEST(claims_what_is_due_and_no_more),
	    TEST(spreads_what_fell_due_but_not_what_is_new),
	    TEST(backs_off_but_never_for_long),
	    TEST(writes_a_new_body_in_one_act),
	    TEST(keeps_nothing_of_a_body_that_reads_the_same),
	    TEST(starts_over_when_the_reading_has_changed),
	    TEST(writes_nothing_without_the_claim),
	    TEST(moves_only_the_time_of_a_good_check),
	    TEST(keeps_the_last_good_shifts_while_failing),
	    TEST(rereads_without_touching_the_freshness),
	    TEST(counts_attempts_for_a_day),
	    TEST(marks_what_would_be_read_with_something_else),
	    TEST(asks_again_for_what_was_refused),
	    TEST(gives_turns_to_many),
	    TEST(holds_a_body_for_a_person),
	    TEST(releases_what_is_held_when_the_good_one_is_back),
	    TEST(applies_what_is_held_once_confirmed),
	    TEST(follows_the_region),
	    TEST(ends_what_a_leaving_rota_says_of_the_future),
	    TEST(takes_a_claim_away_with_the_address),
	    TEST(does_not_write_over_what_is_confirmed_meanwhile),
	    TEST(tells_once_of_a_stale_feed_and_of_its_return),
	    TEST(no_calendar_ends_an_override),
	    TEST(another_kind_of_source_leaves_overrides),
	    TEST(a_mark_that_is_set_again_has_a_new_number),
	    TEST(gives_each_login_what_it_needs),
	};

	return cmocka_run_group_tests(tests, testbed_setup, testbed_teardown);
}
