/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

#include <unistd.h>

#include "server/base/file.h"

/* The whole role: first answers, following the map, and going on when everything else is away. */

static struct http_ask
now_at_oswin(void)
{
	return (struct http_ask){.port = testbed_port(),
	    .path = "/v1/now?place=ZED01&function=amhp",
	    .token = testbed_admin()};
}

static void
expect(const char *path, const char *where, const char *wanted)
{
	struct http_reply reply = testbed_get(path);

	if (strcmp(http_at(&reply, where), wanted) != 0)
		fail_msg("%s: %s is %s, not %s\n%s", path, where, http_at(&reply, where), wanted,
		    reply.body);
	http_free(&reply);
}

static void
a_covered_place(void)
{
	struct http_ask ask = now_at_oswin();

	testbed_apply();
	testbed_good("amhp-duty", "now()");
	testbed_good("amhp-second", "now()");
	testbed_shift("amhp-duty", "a", "named", "jo-jones", -2, 5);
	testbed_shift("amhp-duty", "b", "named", "s-ahmed", 5, 13);
	testbed_until(&ask, "functions.0.state", "covered");
	testbed_until(&ask, "functions.0.on_call.0.next.name", "S Ahmed");
}

static void
it_answers_from_the_map_and_follows_it(void **state)
{
	struct http_ask ask = now_at_oswin();

	(void)state;
	a_covered_place();
	expect(ask.path, "functions.0.on_call.0.name", "J Jones");
	expect(ask.path, "functions.0.on_call.0.phone", "+441632960456");
	expect(ask.path, "functions.0.on_call.0.source.freshness", "fresh");
	expect(ask.path, "map.confidence", "live");
	testbed_sql("update shift set known_to = clock_timestamp() where key = 'a'");
	testbed_moved("amhp-duty");
	testbed_until(&ask, "functions.0.state", "gap");
	expect(ask.path, "functions.0.on_call", "[]");
	expect(ask.path, "functions.0.fallback.text", "Ring the Emergency Duty Team");
}

/* Changes are kept for a while only. Which rotas changed between the version that is known here and
 * the oldest change that is kept, nothing says: so all are read. */
static void
it_reads_all_where_changes_are_missing(void **state)
{
	struct http_ask ask = now_at_oswin();

	(void)state;
	a_covered_place();
	testbed_sql("begin; update shift set known_to = clock_timestamp() where key = 'a';"
		    "update map_head set version = version + 2; delete from map_change;"
		    "insert into map_change (epoch, version, rota) select epoch, version, "
		    "'liaison-rota' from map_head; notify coverage_changed; commit");
	testbed_until(&ask, "functions.0.state", "gap");
}

/* The atlas with so many more rotas between those of the AMHPs that a round reads these two in different parts. */
static const char *
region_of_many_rotas(void)
{
	static char region[16384];
	const char *plain = testbed_region(), *second = strstr(plain, "{\"id\": \"amhp-second\"");
	int at = snprintf(region, sizeof region, "%.*s", (int)(second - plain), plain);

	for (int i = 0; i < 12; i++)
		at += snprintf(region + at, sizeof region - (size_t)at,
		    "{\"id\": \"spare-%d\", \"service\": \"oswin-liaison\", \"tier\": 2, \"source\": {\"kind\": \"file\"}}, ",
		    i);
	assert_true(snprintf(region + at, sizeof region - (size_t)at, "%s", second) <
		    (int)sizeof region - at);
	return region;
}

/* Reading the shifts of a rota that has an absence takes until the file is away. */
static void
make_slow_while(const char *gate)
{
	assert_int_equal(file_replace(gate, "", 0, 0644), STATUS_OK);
	testbed_sql(
	    "create or replace function override_disputed(a_class text, a_rests tstzrange[]) returns boolean "
	    "language plpgsql security definer as $$ begin "
	    "while a_class = 'absence' and (pg_stat_file('%s', true)).size is not null loop perform pg_sleep(0.01); end loop; "
	    "return false; end $$",
	    gate);
}

/* A round reads the rotas in parts. A shift that moves from one of them to another meanwhile is shown where it was or where it
 * is, never at neither. Nothing tells of the change, so that what this round has read stays. */
static void
a_round_reads_all_rotas_as_of_one_instant(void **state)
{
	struct http_ask ask = now_at_oswin();
	char gate[256];

	(void)state;
	testbed_apply_region(region_of_many_rotas());
	testbed_good("amhp-duty", "now()");
	testbed_good("amhp-second", "now()");
	testbed_shift("amhp-second", "a", "named", "jo-jones", -2, 5);
	testbed_shift("spare-0", "b", "absence", "p-lee", -2, 5);
	testbed_until(&ask, "functions.0.state", "covered");
	testbed_stop();
	snprintf(gate, sizeof gate, "%s/gate", testbed_folder());
	make_slow_while(gate);
	testbed_start();
	scratch_psql_until(testbed_postgres(),
	    "select count(*) from pg_stat_activity where wait_event = 'PgSleep'", "1", 60);
	testbed_sql(
	    "begin; insert into shift (rota, key, class, person, title, starts_at, ends_at) "
	    "select 'amhp-duty', key, class, person, title, starts_at, ends_at from shift where key = 'a';"
	    "update shift set known_to = clock_timestamp() where rota = 'amhp-second'; commit");
	assert_int_equal(unlink(gate), 0);
	ask = now_at_oswin();
	testbed_until(&ask, "map.confidence", "live");
	expect(ask.path, "functions.0.state", "covered");
	expect(ask.path, "functions.0.on_call.0.name", "J Jones");
}

/* holds: H02.1 */
static void
a_source_that_dies_takes_its_cover_with_it(void **state)
{
	struct http_ask ask = now_at_oswin();

	(void)state;
	a_covered_place();
	testbed_good("amhp-duty", "now() - interval '7 hours'");
	testbed_until(&ask, "functions.0.state", "unknown");
	expect(ask.path, "functions.0.on_call", "[]");
	expect(ask.path, "functions.0.last_known.0.name", "J Jones");
	expect(ask.path, "functions.0.cause_code", "source_unknown");
}

static void
a_new_reading_is_seen_without_the_map_moving(void **state)
{
	struct http_ask ask = now_at_oswin();

	(void)state;
	a_covered_place();
	testbed_sql(
	    "insert into body (sha256, bytes) values (sha256('x'), 'x');insert into reading (rota, body, read_with, window_from, "
	    "window_to, events, counts, findings) values ('amhp-duty', sha256('x'), 'w', now(), now(), 1, '{}', "
	    "'[]');update shift set known_to = clock_timestamp() where key = 'a';update feed set reading = (select max(id) from reading), updated_at = "
	    "clock_timestamp() where rota = 'amhp-duty'");
	testbed_until(&ask, "functions.0.state", "gap");
}

/* holds: F3 H09.1 */
static void
it_answers_while_the_database_is_away(void **state)
{
	struct http_ask ask = now_at_oswin();
	struct http_reply reply;

	(void)state;
	a_covered_place();
	scratch_postgres_kill9(testbed_postgres());
	expect(ask.path, "functions.0.on_call.0.name", "J Jones");
	expect("/v1/gaps", "gaps", "[]");
	testbed_until(&ask, "map.confidence", "stale");
	expect(ask.path, "functions.0.state", "covered");
	reply = testbed_get("/v1/flags");
	assert_int_equal(reply.status, 503);
	http_free(&reply);
	scratch_postgres_resume(testbed_postgres());
	testbed_until(&ask, "map.confidence", "live");
}

/* holds: F5 H09.1 */
static void
after_a_restart_without_database_it_answers_from_the_file(void **state)
{
	struct http_ask ask = now_at_oswin();

	(void)state;
	a_covered_place();
	testbed_stop();
	scratch_postgres_halt(testbed_postgres());
	testbed_start();
	expect(ask.path, "map.confidence", "last_good");
	expect(ask.path, "functions.0.on_call.0.name", "J Jones");
	scratch_postgres_resume(testbed_postgres());
	ask = now_at_oswin();
	testbed_until(&ask, "map.confidence", "live");
}

/* One bit, somewhere in the middle. */
static void
spoil(const char *name)
{
	char path[512], *bytes;
	size_t len;

	snprintf(path, sizeof path, "%s/%s", testbed_folder(), name);
	assert_int_equal(file_read(path, 1 << 28, &bytes, &len), STATUS_OK);
	bytes[len / 2] ^= 4;
	assert_int_equal(file_replace(path, bytes, len, 0600), STATUS_OK);
	free(bytes);
}

/* holds: F5 */
static void
a_spoilt_file_is_refused_and_the_one_before_is_used(void **state)
{
	struct http_ask ask = now_at_oswin();
	struct http_reply reply;

	(void)state;
	a_covered_place();
	testbed_stop();
	testbed_start(); /* reads everything again and ends: a second generation */
	ask = now_at_oswin();
	testbed_until(&ask, "map.confidence", "live");
	testbed_stop();
	scratch_postgres_halt(testbed_postgres());
	spoil("last-good");
	testbed_start();
	expect(ask.path, "functions.0.on_call.0.name", "J Jones");
	testbed_stop();
	spoil("last-good.before");
	testbed_start();
	reply = testbed_get(ask.path);
	assert_int_equal(reply.status, 503);
	http_free(&reply);
	scratch_postgres_resume(testbed_postgres());
	ask = now_at_oswin();
	testbed_until(&ask, "map.confidence", "live");
}

/* Whether a file of the state directory has these bytes. */
static bool
is_kept(const char *name, const char *words)
{
	char path[512], *bytes;
	size_t len;
	bool found;

	snprintf(path, sizeof path, "%s/%s", testbed_folder(), name);
	assert_int_equal(file_read(path, 1 << 28, &bytes, &len), STATUS_OK);
	found = memmem(bytes, len, words, strlen(words)) != NULL;
	free(bytes);
	return found;
}

/* What subject_erase() does to a title, and that it notes it. */
static void
erase_title(const char *key)
{
	testbed_sql(
	    "begin; select set_config('crisiscover.erasing', 'yes', true); insert into erasing values (pg_current_xact_id()); update shift set title = 'somebody' where key = '%s'; "
	    "delete from erasing; insert into erasure (person, by, rows) values ('x', 'test', '{}'); commit",
	    key);
}

static void
again(void)
{
	struct http_ask ask;

	testbed_start();
	ask = now_at_oswin();
	testbed_until(&ask, "map.confidence", "live");
}

static void
is_in_neither(const char *words)
{
	assert_false(is_kept("last-good", words));
	assert_false(is_kept("last-good.before", words));
}

static void
who_was_erased_is_in_neither_generation(void **state)
{
	struct http_ask ask = now_at_oswin();

	(void)state;
	a_covered_place();
	testbed_sql(
	    "insert into shift (rota, key, class, person, title, starts_at, ends_at) values "
	    "('amhp-duty', 'c', 'named', 'jo-jones', 'Zed Gone', now() + interval '14 hours', now() + interval '15 hours'), "
	    "('amhp-duty', 'd', 'named', 'jo-jones', 'Yan Gone', now() + interval '15 hours', now() + interval '16 hours')");
	/* What can be seen of it comes with them. */
	testbed_sql("update shift set known_to = clock_timestamp() where key = 'a'");
	testbed_moved("amhp-duty");
	testbed_until(&ask, "functions.0.state", "gap");
	testbed_stop();
	again();
	testbed_stop();
	assert_true(is_kept("last-good", "Zed Gone") && is_kept("last-good.before", "Yan Gone"));
	/* While no process runs, and while one does. */
	erase_title("c");
	again();
	testbed_stop();
	is_in_neither("Zed Gone");
	again();
	ask = now_at_oswin();
	erase_title("d");
	testbed_shift("amhp-duty", "e", "named", "jo-jones", -1, 5);
	testbed_until(&ask, "functions.0.state", "covered");
	testbed_stop();
	is_in_neither("Yan Gone");
}

static void
ready_when_read_swept_and_shown(void **state)
{
	struct http_ask ask = {.port = testbed_port(), .path = "/readyz"};

	(void)state;
	testbed_until(&ask, "detail", "No region has been applied yet.");
	testbed_apply();
	testbed_until(&ask, "detail", "Some sources have not been read for the first time yet.");
	testbed_sql(
	    "insert into body (sha256, bytes) values (sha256('y'), 'y');insert into import (rota, by_account, format, mode, "
	    "body) values ('amhp-second', 'admin', 'text/csv', 'now', sha256('y'))");
	testbed_good("amhp-duty", "now()");
	testbed_until(&ask, "detail", "Some files of the region have not been read yet.");
	testbed_sql(
	    "update import set state = 'applied'; insert into dirty (rota) values ('amhp-duty')");
	testbed_until(
	    &ask, "detail", "The map of the region that was applied has not been worked out yet.");
	testbed_sql("delete from dirty");
	testbed_until(&ask, "ready", "true");
	testbed_sql("insert into dirty (rota) values ('amhp-duty')"); /* work as ever */
	testbed_moved("amhp-duty");
	expect("/readyz", "ready", "true");
}

/* Applied by a newer program, say: the set-up that can be read stays, and its shifts are still
 * followed. */
static void
a_region_that_it_cannot_read_changes_nothing(void **state)
{
	struct http_ask ask = now_at_oswin(), ready = {.port = testbed_port(), .path = "/readyz"};

	(void)state;
	a_covered_place();
	testbed_sql(
	    "insert into region (head, sha256, applied_by) values ('{\"crisiscover\": 99}', sha256('z'), 'admin'); "
	    "notify region_applied");
	testbed_until(
	    &ready, "detail", "The region that was applied is not in this process's memory yet.");
	testbed_sql("update shift set known_to = clock_timestamp() where key = 'a'");
	testbed_moved("amhp-duty");
	testbed_until(&ask, "functions.0.state", "gap");
	expect(ask.path, "map.confidence", "live");
}

/* A server that no longer answers and has not hung up. */
/* holds: F8 F13 */
static void
a_frozen_database_makes_it_old_and_not_slow(void **state)
{
	struct http_ask ask = now_at_oswin();

	(void)state;
	a_covered_place();
	scratch_postgres_freeze(testbed_postgres());
	testbed_until(&ask, "map.confidence", "stale");
	expect(ask.path, "functions.0.on_call.0.name", "J Jones");
	scratch_postgres_thaw(testbed_postgres());
	testbed_until(&ask, "map.confidence", "live");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		it_answers_from_the_map_and_follows_it, testbed_set_up, testbed_tear_down),
	    cmocka_unit_test_setup_teardown(
		it_reads_all_where_changes_are_missing, testbed_set_up, testbed_tear_down),
	    cmocka_unit_test_setup_teardown(
		a_source_that_dies_takes_its_cover_with_it, testbed_set_up, testbed_tear_down),
	    cmocka_unit_test_setup_teardown(
		a_new_reading_is_seen_without_the_map_moving, testbed_set_up, testbed_tear_down),
	    cmocka_unit_test_setup_teardown(
		it_answers_while_the_database_is_away, testbed_set_up, testbed_tear_down),
	    cmocka_unit_test_setup_teardown(
		after_a_restart_without_database_it_answers_from_the_file, testbed_set_up,
		testbed_tear_down),
	    cmocka_unit_test_setup_teardown(
		a_round_reads_all_rotas_as_of_one_instant, testbed_set_up, testbed_tear_down),
	    cmocka_unit_test_setup_teardown(a_spoilt_file_is_refused_and_the_one_before_is_used,
		testbed_set_up, testbed_tear_down),
	    cmocka_unit_test_setup_teardown(
		who_was_erased_is_in_neither_generation, testbed_set_up, testbed_tear_down),
	    cmocka_unit_test_setup_teardown(
		a_region_that_it_cannot_read_changes_nothing, testbed_set_up, testbed_tear_down),
	    cmocka_unit_test_setup_teardown(
		a_frozen_database_makes_it_old_and_not_slow, testbed_set_up, testbed_tear_down),
	    cmocka_unit_test_setup_teardown(
		ready_when_read_swept_and_shown, testbed_set_up, testbed_tear_down),
	};

	return cmocka_run_group_tests_name("api role", tests, testbed_open, testbed_close);
}
