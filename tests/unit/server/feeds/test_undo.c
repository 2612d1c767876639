/* SPDX-License-Identifier: MIT */
/*
 * Undo puts back exactly what was there: made-up stories of a rota, its imports and what was read
 * again in between, and after the undo the rows in force for the time ahead must be those of the
 * moment before the import, whatever happened since.
 */
#include <stdio.h>

#include "tests/unit/server/feeds/testbed.h"

#define ROTAS                                                                                      \
	"[{\"id\": \"duty\", \"service\": \"fenmere-amhp\", \"tier\": 1, \"source\": {\"kind\": "  \
	"\"ical_url\", \"url\": \"http://127.0.0.1/duty.ics\"}}, {\"id\": \"edt\", \"service\": "  \
	"\"fenmere-amhp\", \"tier\": 2, \"source\": {\"kind\": \"file\"}}]"

enum { STORIES = 60 };

/* The rows of a body: random keys, classes, people and times, in place of random ones of those in
 * force. */
static const char makers[] =
    "create function story_ahead(a_rota text) returns jsonb language sql as $$  select coalesce(jsonb_agg(jsonb_build_array(regexp_replace(key, "
    "'@undone$', ''), class,     person, team, title, starts_at, ends_at) order by regexp_replace(key, '@undone$', '')), "
    "'[]')  from shift where rota = a_rota and known_to = 'infinity' and ends_at > now() $$;create function story_ended(a_rota text) returns bigint[] "
    "language sql volatile as $$  select coalesce(array_agg(id), "
    "'{}') from shift where rota = a_rota and known_to =     'infinity' and reading is not null and random() < 0.4 and (ends_at > now() or random() <     "
    "0.2) $$;create type story_row as (key text, class text, person text, team text, title text, s   timestamptz, "
    "e timestamptz);create function story_rows(a_rota text, "
    "a_ended bigint[]) returns story_row[] language sql volatile as $$  with days as (select n, "
    "(random() * 14 - 4)::int as day, random() as dice from     generate_series(1, "
    "14) n where random() < 0.5)  select coalesce(array_agg(row('k' || n, "
    "case when dice < 0.6 then 'named' when dice < 0.8     then 'nobody' else 'undecided' end, "
    "case when dice < 0.3 then 'jo-jones' when dice < 0.6     then 's-ahmed' end, null, "
    "case when dice < 0.5 then 'title ' || n end,     date_trunc('day', now()) + make_interval(days => day, hours => 20), "
    "    date_trunc('day', now()) + make_interval(days => day, hours => 32))::story_row), "
    "'{}')  from days where not exists (select from shift where rota = a_rota and key = 'k' || n and     known_to = 'infinity' and id <> all (a_ended)) "
    "$$;create function story_read(a_rota text, a_text text, "
    "a_fetched boolean) returns text language plpgsql as $$declare ended bigint[] := story_ended(a_rota); "
    "r story_row[] := story_rows(a_rota, ended);begin  return feeds_apply(a_rota, testbed_claim(a_rota), "
    "(select reading from feed where rota =     a_rota), sha256(a_text::bytea), a_text::bytea, random()::text::bytea, "
    "    testbed_reading((random() * 1000)::int), a_fetched, null, null, ended,    array(select x.key from unnest(r) x), "
    "array(select x.class from unnest(r) x),    array(select x.person from unnest(r) x), "
    "array(select x.team from unnest(r) x),    array(select x.title from unnest(r) x), array(select x.s from unnest(r) x), "
    "   array(select x.e from unnest(r) x));end $$;create function story_import(a_rota text, "
    "a_text text) returns bigint language plpgsql as $$declare ended bigint[] := story_ended(a_rota); "
    "r story_row[] := story_rows(a_rota, ended);  id bigint := testbed_send(a_rota, 'ask', a_text); "
    "claimed bigint := nextval('feed_claim');begin  execute 'update import set claim = $1 where id = $2' using claimed, "
    "id;  perform import_preview(id, claimed, (select reading from feed where rota = a_rota), 'with', "
    "    testbed_reading((random() * 1000)::int), true, null, '{}', ended,    array(select x.key from unnest(r) x), "
    "array(select x.class from unnest(r) x),    array(select x.person from unnest(r) x), "
    "array(select x.team from unnest(r) x),    array(select x.title from unnest(r) x), array(select x.s from unnest(r) x), "
    "   array(select x.e from unnest(r) x));  perform import_apply(id, 'manager', null);  return id;end $$;"
    /* The rotas, and one of the people, get other codes: what the rota said is said under them. */
    "create function story_renamed(a_was jsonb) returns jsonb language plpgsql as $$begin  insert into person (id) values ('j-jones') on conflict do "
    "nothing;  insert into rota (id) values ('duty-2'), ('edt-2') on conflict do nothing;  insert into renamed (kind, was, "
    "code, by_account) values ('rota', 'duty', 'duty-2', 'ann'),     ('rota', 'edt', 'edt-2', 'ann'), ('person', "
    "'jo-jones', 'j-jones', 'ann');  perform rename_rota('duty', 'duty-2'); perform rename_rota('edt', 'edt-2'); "
    " perform rename_person('jo-jones', 'j-jones');  return replace(a_was::text, 'jo-jones', 'j-jones')::jsonb;end $$;";

/* One story. ${round} is its seed, so that a failure can be told again. */
static const char story[] =
    "do $$ <<story>> declare a_rota text; id bigint; second bigint; was jsonb; was2 jsonb; good timestamptz; "
    "kind text;begin  perform setseed(%d / 1000.0);  a_rota := case when random() < 0.5 then 'duty' else 'edt' end; "
    "kind := a_rota;  if random() < 0.9 then    if a_rota = 'duty' then perform story_read(a_rota, 'base', true); "
    "   else perform story_import(a_rota, 'base'); end if;  end if;  if random() < 0.5 then perform story_read(a_rota, "
    "'base', false); end if;  if random() < 0.3 then    insert into shift (rota, key, class, starts_at, ends_at, "
    "known_from) select a_rota, 'typed',       'nobody', now() + interval '1 day', now() + interval '2 days', "
    "clock_timestamp(); end if;  if a_rota = 'duty' and random() < 0.5 then    update feed set state = 'failing', "
    "fault = 'The server answered 503.', last_good_at = now() -       interval '7 hours' where rota = a_rota; end if; "
    " was := story_ahead(a_rota); good := (select last_good_at from feed where rota = a_rota);  id := story_import(a_rota, "
    "'imported');  for n in 1..(random() * 3)::int loop    perform story_read(a_rota, 'imported', "
    "kind = 'duty' and random() < 0.3); end loop;  if random() < 0.4 then was := story_renamed(was); "
    "a_rota := (select rota from import where import.id = story.id); end if; "
    " if random() < 0.4 then    was2 := story_ahead(a_rota);    second := story_import(a_rota, 'another'); "
    "   if random() < 0.5 then perform story_read(a_rota, 'another', false); end if;    perform import_undo(second, "
    "'manager', 'wrong file');    if story_ahead(a_rota) <> was2 then      raise exception 'story %d, second undo: "
    "%% is not %%', story_ahead(a_rota), was2; end if;  end if;  perform import_undo(id, 'manager', 'wrong file'); "
    " if story_ahead(a_rota) <> was then    raise exception 'story %d: %% is not %%', story_ahead(a_rota), was; end if; "
    " if kind = 'duty' and good is distinct from (select last_good_at from feed where rota = a_rota)     then raise exception 'story %d: another "
    "freshness'; end if;end $$";

/* holds: H18.4 */
static void
an_undo_puts_back_exactly_what_was_there(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed, "set search_path = crisiscover; %s", makers);
	for (int round = 1; round <= STORIES; round++) {
		testbed_empty(testbed);
		testbed_apply(testbed, ROTAS);
		testbed_run(testbed, story, round, round, round, round);
	}
}

static void
an_undo_is_possible_for_thirty_days(void **state)
{
	struct testbed *testbed = *state;

	testbed_empty(testbed);
	testbed_apply(testbed, ROTAS);
	testbed_run(testbed,
	    "select testbed_preview(testbed_send('edt', 'ask', 'one'), null, true, '{}', "
	    "'{a}', '{1}'); select import_apply(1, 'manager', null)");
	testbed_run(
	    testbed, "update import set decided_at = decided_at - interval '30 days 1 minute'");
	testbed_refused(testbed, "crisiscover_api", "put in force more than 30 days ago, on ",
	    "select import_undo(1, 'manager', 'late')");
	testbed_refused(testbed, "crisiscover_api", "send the calendar that the rota should have",
	    "select import_undo(1, 'manager', 'late')");
	testbed_expect(testbed, "a|applied", "select testbed_keys('edt'), state from import");
	testbed_run(testbed,
	    "update import set decided_at = decided_at + interval '2 hours'; select import_undo(1, 'manager', 'in time')");
	testbed_expect(testbed, "-|undone|never",
	    "select testbed_keys('edt'), i.state, f.state from import i, feed f where f.rota = "
	    "'edt'");
}

/* A calendar sent in for a feed that nobody could read made it fresh; taking it back must not leave
 * it so. */
static void
an_undo_takes_the_freshness_back(void **state)
{
	struct testbed *testbed = *state;

	testbed_empty(testbed);
	testbed_apply(testbed, ROTAS);
	testbed_run(testbed,
	    "select testbed_written('duty', testbed_claim('duty'), null, 'one', true, '{}', '{a}', "
	    "'{1}'); update feed set state = 'failing', fault = 'The server answered 503.', "
	    "last_good_at = '2026-01-01' where rota = 'duty'; "
	    "select testbed_preview(testbed_send('duty', 'ask', 'two'), 1, true, '{}', '{b}', "
	    "'{2}'); "
	    "select import_apply(1, 'manager', null)");
	testbed_expect(testbed, "failing|The server answered 503.|t|a b|t",
	    "select state, fault, last_good_at = '2026-01-01', testbed_keys('duty'), not ages from feed join source using (rota, "
	    "last_good_at) where rota = 'duty'");
	testbed_run(testbed, "select import_undo(1, 'manager', 'wrong')");
	testbed_expect(testbed, "failing|The server answered 503.|t|a|t",
	    "select state, fault, last_good_at = '2026-01-01', testbed_keys('duty'), next_at <= now() from feed where rota = 'duty'");
}

/* An upload on a rota whose address was never read: what stands, what is known of it, and what is
 * left when it is withdrawn. */
static void
an_upload_stands_before_the_address_was_ever_read(void **state)
{
	struct testbed *testbed = *state;

	testbed_empty(testbed);
	testbed_apply(testbed, ROTAS);
	testbed_run(testbed,
	    "select testbed_preview(testbed_send('duty', 'ask', 'two'), null, true, '{}', "
	    "'{b}', '{2}'); "
	    "select import_apply(1, 'manager', null)");
	testbed_expect(testbed, "never|1|f|1|b",
	    "select f.state, f.upload, s.ages, k.upload, testbed_keys('duty') from feed f join source s using (rota) join uploads_known(array['duty'], "
	    "clock_timestamp()) k using (rota) where rota = 'duty'");
	/* A body from the address is not applied, whatever account asks for it. */
	testbed_expect(testbed, "again",
	    "select testbed_written('duty', testbed_claim('duty'), 1, 'one', true, "
	    "testbed_ids('duty'), "
	    "'{a}', '{1}')");
	testbed_expect(
	    testbed, "b|1", "select testbed_keys('duty'), upload from feed where rota = 'duty'");
	testbed_run(testbed, "update import set decided_at = decided_at - interval '40 days'; "
			     "select import_undo(1, 'manager', null)");
	testbed_expect(testbed, "never|||-|t",
	    "select state, upload, body, testbed_keys('duty'), ages from feed join source using (rota) where rota = 'duty'");
	testbed_expect(testbed, "done",
	    "select testbed_written('duty', testbed_claim('duty'), null, 'one', true, '{}', '{a}', "
	    "'{1}')");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_undo_puts_back_exactly_what_was_there),
	    cmocka_unit_test(an_undo_is_possible_for_thirty_days),
	    cmocka_unit_test(an_undo_takes_the_freshness_back),
	    cmocka_unit_test(an_upload_stands_before_the_address_was_ever_read),
	};

	return cmocka_run_group_tests(tests, testbed_setup, testbed_teardown);
}
