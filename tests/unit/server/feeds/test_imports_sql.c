/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libpq-fe.h>

#include "tests/unit/server/feeds/testbed.h"

/* Files that a person sends: from the preview to being in force, and back. */

static void
applies_an_import_when_confirmed(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed, "select testbed_send('edt', 'ask', 'file')");
	testbed_expect(testbed, "1|edt|file",
	    "select id, rota, convert_from(bytes, 'utf8') from imports_claim(5, 1, (select version from decision_head))");
	testbed_expect(testbed, "0",
	    "select count(*) from imports_claim(5, 1, (select version from decision_head))");
	testbed_refused(
	    testbed, "crisiscover_api", "still being read", "select import_apply(1, 'ann', null)");
	testbed_expect(
	    testbed, "done", "select testbed_preview(1, null, true, '{}', '{a,b}', '{1,2}')");
	testbed_expect(testbed, "preview|2|-|never|0",
	    "select i.state, (select count(*) from import_shift), testbed_keys('edt'), f.state, "
	    "(select count(*) from dirty) from import i join feed f using (rota)");
	testbed_expect(
	    testbed, "", "set role crisiscover_api; select import_apply(1, 'ann', null)");
	testbed_expect(testbed, "applied|ann|a b|good|t|edt",
	    "select i.state, i.decided_by, testbed_keys('edt'), f.state, f.horizon is not null, "
	    "(select rota from dirty) from import i join feed f using (rota)");
	testbed_expect(testbed, "import_applied|import/1|ann|2",
	    "select action, object, actor, detail->>'added' from audit");
	testbed_refused(testbed, "crisiscover_api", "cannot be confirmed: it is applied",
	    "select import_apply(1, 'ann', null)");
	testbed_refused(testbed, "crisiscover_api", "there is no import 99",
	    "select import_apply(99, 'ann', null)");
}

static void
asks_nobody_where_the_mode_says_so(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed, "select testbed_send('edt', 'now', 'one')");
	testbed_expect(
	    testbed, "applied", "select testbed_preview(1, null, false, '{}', '{a,b}', '{1,2}')");
	testbed_run(testbed, "select testbed_send('edt', 'if_safe', 'two')");
	/* The api judges what it would open. */
	testbed_expect(testbed, "done",
	    "select testbed_preview(2, 1, true, array[(select id from shift where key = 'a')], "
	    "'{c}', '{3}')");
	testbed_expect(testbed, "a b", "select testbed_keys('edt')");
	testbed_run(testbed,
	    "select import_decide(2, false, 'ann', null, import_read_us(i), '{}') from import i where id = 2");
	testbed_expect(testbed, "b c", "select testbed_keys('edt')");
	testbed_run(testbed, "select testbed_send('edt', 'if_safe', 'three')");
	testbed_expect(
	    testbed, "done", "select testbed_preview(3, 2, false, testbed_ids('edt'), '{}', '{}')");
	testbed_expect(testbed, "b c", "select testbed_keys('edt')");
	testbed_refused(testbed, "crisiscover_api",
	    "a reason is needed to confirm this: It shrinks.",
	    "select import_apply(3, 'ann', null)");
}

static void
refuses_a_preview_that_is_overtaken(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed,
	    "select testbed_send('edt', 'ask', 'one'); select testbed_send('edt', 'ask', 'two'); select testbed_preview(1, null, "
	    "true, '{}', '{a}', '{1}'); select testbed_preview(2, null, true, '{}', '{b}', '{2}'); select import_apply(1, 'ann', null)");
	testbed_refused(testbed, "crisiscover_api",
	    "the rota has changed since this preview was made",
	    "select import_apply(2, 'ann', null)");
	testbed_expect(testbed, "a", "select testbed_keys('edt')");
	/* One that was compared with shifts in force meanwhile is told to start over. */
	testbed_run(testbed, "select testbed_send('edt', 'ask', 'three')");
	testbed_expect(
	    testbed, "again", "select testbed_preview(3, null, true, '{}', '{c}', '{3}')");
	testbed_expect(testbed, "uploaded", "select state from import where id = 3");
}

static void
discards_and_refuses(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed,
	    "select testbed_send('edt', 'ask', 'one'); select testbed_preview(1, null, "
	    "true, '{}', '{a}', '{1}'); select testbed_send('edt', 'ask', 'two')");
	testbed_expect(testbed, "", "set role crisiscover_api; select import_discard(1, 'ann')");
	testbed_refused(testbed, "crisiscover_api", "cannot be discarded: it is discarded",
	    "select import_discard(1, 'ann')");
	testbed_expect(testbed, "done",
	    "update import set claim = 7 where id = 2; select import_refused(2, 7, 'This is a PDF, "
	    "not a calendar.', null, null)");
	testbed_expect(testbed, "gone", "select import_refused(2, 7, 'x', null, null)");
	testbed_expect(testbed, "discarded|\nrefused|This is a PDF, not a calendar.",
	    "select state, why from import order by id");
	testbed_refused(testbed, "crisiscover_api", "cannot be confirmed: it is refused",
	    "select import_apply(2, 'ann', null)");
}

/* Nobody has read what was refused, or discarded before it was read: of a calendar, and of leave, nothing is kept. */
static void
keeps_nothing_that_nobody_has_read(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed,
	    "select testbed_send('edt', 'ask', 'one'); select testbed_send('edt', 'ask', 'two'); select testbed_send('edt', 'ask', 'three'); "
	    "update import set format = 'text/csv' where id > 1; select import_discard(1, 'ann'); select import_discard(2, 'ann')");
	testbed_expect(testbed, "one|t\nthree|f\ntwo|f",
	    "select t, b.bytes is null from unnest(array['one', 'three', 'two']) t join body b on b.sha256 = sha256(t::bytea) order by t");
	testbed_run(testbed,
	    "set session_replication_role = replica; update setup_item set item = item || '{\"absences\": true}' where kind = 'rota' and key = 'edt'; reset session_replication_role; "
	    "select import_discard(3, 'ann')");
	testbed_expect(
	    testbed, "t", "select bytes is null from body where sha256 = sha256('three')");
}

/* Leave that would read otherwise without its reasons comes into force, is held and is undone by its hash alone. */
static void
puts_a_hash_in_force(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed,
	    "select testbed_send('edt', 'ask', 'one'); select testbed_preview(1, null, true, '{}', '{a}', '{1}'); "
	    "select body_lessen(sha256('one'), null); select import_apply(1, 'ann', null)");
	testbed_expect(testbed, "a|t|t|3",
	    "select testbed_keys('edt'), f.body = b.sha256, b.bytes is null and b.hash_alone, b.size from feed f, body b where f.rota = 'edt'");
	/* It is sent again, and can be kept now. */
	testbed_run(testbed,
	    "insert into body (sha256, bytes) values (sha256('one'), 'one') on conflict do nothing");
	testbed_expect(
	    testbed, "one|t", "select convert_from(bytes, 'UTF8'), hash_alone from body");
	testbed_run(testbed, "select body_lessen(sha256('one'), 'on')");
	testbed_expect(testbed, "on|f", "select convert_from(bytes, 'UTF8'), hash_alone from body");
	/* Bytes that were deleted after their time are another matter. */
	testbed_run(testbed,
	    "select testbed_send('edt', 'ask', 'two'); select testbed_preview(2, 1, true, testbed_ids('edt'), '{b}', '{2}'); "
	    "update body set bytes = null where sha256 = sha256('two')");
	testbed_refused(
	    testbed, "crisiscover_api", "is no longer kept", "select import_apply(2, 'ann', null)");
}

static void
undoes_an_import(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed,
	    "select testbed_send('edt', 'now', 'one'); select testbed_preview(1, null, "
	    "true, '{}', '{a,b}', '{1,2}')");
	testbed_run(testbed,
	    "select testbed_send('edt', 'now', 'two'); select testbed_preview(2, 1, true, "
	    "testbed_ids('edt'), '{b,c}', '{3,4}')");
	testbed_expect(testbed, "b c", "select testbed_keys('edt')");
	testbed_refused(testbed, "crisiscover_api", "the rota has changed since this import",
	    "select import_undo(1, 'ann', 'x')");
	testbed_expect(testbed, "",
	    "set role crisiscover_api; select import_undo(2, 'ann', 'It was the wrong month')");
	testbed_expect(testbed, "a b|t|1|t|undone",
	    "select testbed_keys('edt'), f.body = sha256('one'), f.reading, f.read_with is null and f.next_at <= now(), "
	    "i.state from feed f, import i where f.rota = 'edt' and i.id = 2");
	/* The first one, too: then nothing is known any more. */
	testbed_expect(testbed, "", "select import_undo(1, 'ann', 'x')");
	testbed_expect(testbed, "-|never||",
	    "select testbed_keys('edt'), state, body, horizon from feed where rota = 'edt'");
	/* A preview made before cannot slip in now that the base looks the same. */
	testbed_refused(
	    testbed, "crisiscover_api", "it is undone", "select import_undo(1, 'a', 'x')");
}

static void
notices_that_what_was_undone_has_other_rows(void **state)
{
	struct testbed *testbed = *state;

	testbed_run(testbed,
	    "select testbed_send('edt', 'now', 'one'); select testbed_preview(1, null, true, '{}', '{a,b}', '{1,2}'); "
	    "select testbed_send('edt', 'ask', 'two'); select testbed_preview(2, 1, true, testbed_ids('edt'), '{c}', '{3}'); "
	    "select testbed_send('edt', 'now', 'three'); select testbed_preview(3, 1, true, testbed_ids('edt'), '{d}', '{3}'); "
	    "select import_undo(3, 'ann', 'x')");
	testbed_expect(testbed, "1", "select reading from feed where rota = 'edt'");
	testbed_refused(testbed, "crisiscover_api",
	    "the rota has changed since this preview was made",
	    "select import_apply(2, 'ann', null)");
	testbed_expect(testbed, "a b", "select testbed_keys('edt')");
}

#define TEST(name) cmocka_unit_test_setup(name, testbed_begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(applies_an_import_when_confirmed),
	    TEST(asks_nobody_where_the_mode_says_so),
	    TEST(refuses_a_preview_that_is_overtaken),
	    TEST(discards_and_refuses),
	    TEST(keeps_nothing_that_nobody_has_read),
	    TEST(puts_a_hash_in_force),
	    TEST(undoes_an_import),
	    TEST(notices_that_what_was_undone_has_other_rows),
	};

	return cmocka_run_group_tests(tests, testbed_setup, testbed_teardown);
}
