/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/testbed.h"

#include <sys/stat.h>
#include <unistd.h>

#include "server/api/record/reads.h"
#include "server/base/clock.h"
#include "server/base/file.h"

/* The audit: a chain without gaps in the order of commits, for all writers and ways of writing; and
 * the reads of names on their way into it. */

#define LOGIN "crisiscover_api"

static void
expect(const char *wanted, const char *sql)
{
	char *got = scratch_psql(testbed_postgres(), sql);

	if (strcmp(got, wanted) != 0)
		fail_msg("%s\nis %s, not %s", sql, got, wanted);
	free(got);
}

static void
expect_refused(const char *login, const char *why, const char *sql)
{
	char *output;

	assert_int_equal(scratch_psql_try(testbed_postgres(), login, sql, &output), 3);
	if (strstr(output, why) == NULL)
		fail_msg("\"%s\" is not in: %s", why, output);
	free(output);
}

/* Every row worked out again in SQL: the number of rows that are not as the chain wants them. */
static const char broken[] =
    "select count(*) from (select seq, prev_hash, hash, salt, digest, lag(seq, 1, 0::bigint) over w as before, lag(hash, 1, "
    "decode(repeat('00', 32), 'hex')) over w as last, audit_text(seq, at, added_at, actor, action, object, "
    "detail) as text from audit window w as (order by seq)) x where seq is distinct from before + 1 or prev_hash is distinct from last or hash is distinct "
    "from sha256(last || digest) or digest is distinct from sha256(salt || convert_to(text, 'UTF8'))";

/* holds: H13.3 */
static void
whatever_is_written_is_chained(void **state)
{
	(void)state;
	testbed_sql(
	    "begin; insert into audit (actor, action, object) values ('a', 'one', 'x'); select audit_add('b', 'two', 'y', '{\"n\": "
	    "1.50, \"t\": \"\\u00e9 \\\"quoted\\\"\"}'); insert into audit (actor, action, object, detail) values ('c', 'three', "
	    "'z', 'null'); commit; begin; insert into audit (actor, action, object) values ('d', 'never', 'x'); rollback; "
	    "insert into audit (actor, action, object) values ('e', 'four', 'x')");
	expect("0", broken);
	expect("0", "select count(*) from audit where actor = 'd' or seq is null");
	expect("a,b,c,e",
	    "select string_agg(actor, ',' order by seq) from audit where action in ('one', 'two', 'three', 'four')");
	expect("t",
	    "select (select max(seq) from audit) = seq and (select hash from audit order by seq desc limit 1) = hash from audit_head");
}

/* Two at once: who commits first is first, and nobody waits for who has not come to his commit. */
static void
order_is_that_of_commits(void **state)
{
	(void)state;
	testbed_sql(
	    "create extension if not exists dblink; "
	    "select dblink_connect('other', 'dbname=' || current_database() || ' host=' || "
	    "current_setting('unix_socket_directories') || ' user=postgres'); "
	    "select dblink_exec('other', 'begin; insert into crisiscover.audit (actor, action, "
	    "object) values (''slow'', ''raced'', ''x'')'); "
	    "insert into audit (actor, action, object) values ('fast', 'raced', 'x'); "
	    "select dblink_exec('other', 'commit'); select dblink_disconnect('other')");
	expect("fast,slow",
	    "select string_agg(actor, ',' order by seq) from audit where action = 'raced'");
	expect("0", broken);
}

/* holds: H13.3 */
static void
nobody_changes_takes_out_or_chooses_a_place(void **state)
{
	static const char why[] = "the record is only ever added to";

	(void)state;
	expect_refused("postgres", why, "update audit set actor = 'x'");
	expect_refused("postgres", why, "update audit set seq = seq + 1");
	expect_refused("postgres", why, "delete from audit");
	expect_refused("postgres", why, "truncate audit");
	expect_refused("postgres", why,
	    "do $$ begin execute 'delete from ' || (select tableoid::regclass from audit limit 1); "
	    "end $$");
	expect_refused("postgres", why,
	    "do $$ begin execute 'truncate ' || (select tableoid::regclass from audit limit 1); end $$");
	/* A place that was chosen is not filled in at the commit, and the commit fails. */
	expect_refused("postgres", why,
	    "insert into audit (actor, action, object, seq, prev_hash, hash) values ('x', 'x', "
	    "'x', "
	    "1, sha256(''), sha256(''))");
	expect_refused("crisiscover_feeds", "permission denied",
	    "insert into audit (actor, action, object, seq) values ('x', 'x', 'x', 1)");
	expect_refused(LOGIN, "permission denied",
	    "insert into audit (actor, action, object) values ('x', 'x', 'x')");
	expect_refused(LOGIN, "permission denied", "update audit_head set seq = 0");
	expect("0", broken);
}

/* ------------------------------------------------------------------------------------- reads */

/* The noting itself, in this process: the minute of what is noted is long over, so it is written at
 * the next tick. */
struct noting {
	struct loop *loop;
	struct pg *pg;
	struct reads *reads;
	const char *sql, *wanted;
	int64_t deadline;
	bool met;
};

static void
noting_open(struct noting *noting, const char *folder)
{
	noting->loop = loop_new();
	noting->pg = pg_open(
	    noting->loop, &(struct pg_options){
			      .conninfo = scratch_postgres_conninfo_as(testbed_postgres(), LOGIN),
			      .application_name = "noting"});
	noting->reads = reads_open(noting->loop, noting->pg, folder);
}

static void
noting_close(struct noting *noting)
{
	reads_close(noting->reads);
	pg_close(noting->pg);
	loop_free(noting->loop);
}

static void
on_look(void *ctx)
{
	struct noting *noting = ctx;
	char *got = scratch_psql(testbed_postgres(), noting->sql);

	noting->met = strcmp(got, noting->wanted) == 0 && reads_stats(noting->reads).waiting == 0;
	free(got);
	if (noting->met || clock_mono_ms() > noting->deadline)
		loop_stop(noting->loop);
	else
		loop_after(noting->loop, 50, on_look, noting);
}

static void
run_until(struct noting *noting, const char *wanted, const char *sql)
{
	noting->sql = sql;
	noting->wanted = wanted;
	noting->deadline = clock_mono_ms() + 20000;
	loop_after(noting->loop, 1, on_look, noting);
	loop_run(noting->loop);
	if (!noting->met)
		expect(wanted, sql);
}

static void
note(struct noting *noting, const char *account, const char *place, const char *function,
    int64_t now)
{
	reads_note(noting->reads, &(struct read){.route = READ_NOW,
				      .account = account,
				      .what = place,
				      .function = function,
				      .at = INT64_MIN,
				      .known_at = INT64_MIN,
				      .now = now});
}

#define COUNTS                                                                                     \
	"select string_agg(actor || ' ' || object || ' ' || (detail->>'count'), ', ' order by "    \
	"seq) "                                                                                    \
	"from audit where action = 'read'"

/* The last second of a minute that is long over: what is noted then is written a second later. */
static int64_t
end_of_a_minute(void)
{
	return (clock_wall() - 3600) / 60 * 60 + 59;
}

static void
equal_reads_of_a_minute_are_one_with_a_count(void **state)
{
	struct noting noting;
	char *folder = scratch_folder();
	int64_t hour_ago = end_of_a_minute();

	(void)state;
	noting_open(&noting, folder);
	for (int i = 0; i < 1000; i++)
		note(&noting, "ed", "ZED01", NULL, hour_ago);
	note(&noting, "ed", "ZED01", "amhp", hour_ago);
	note(&noting, "ed", "ZED02", NULL, hour_ago);
	note(&noting, "desk", "ZED01", NULL, hour_ago);
	run_until(&noting,
	    "ed place/ZED01 1000, ed place/ZED01 1, ed place/ZED02 1, desk place/ZED01 1", COUNTS);
	expect("t", "select bool_and(at < now() - interval '58 minutes') from audit where action = "
		    "'read'");
	noting_close(&noting);
	free(folder);
	expect("0", broken);
}

static size_t
file_lines(const char *folder)
{
	char path[512], *bytes = NULL;
	size_t len, lines = 0;

	snprintf(path, sizeof path, "%s/reads.0", folder);
	if (file_read(path, 1 << 24, &bytes, &len) != STATUS_OK)
		return 0;
	for (size_t i = 0; i < len; i++)
		lines += bytes[i] == '\n';
	free(bytes);
	return lines;
}

/* Nothing is lost by the end of the process, nothing is written twice by what it left. */
static void
what_was_not_written_is_written_by_the_next(void **state)
{
	struct noting noting;
	char *folder = scratch_folder(), path[512], *left = NULL;
	int64_t now = clock_wall();
	struct stat st;
	size_t len;

	(void)state;
	snprintf(path, sizeof path, "%s/reads.0", folder);
	noting_open(&noting, folder);
	for (int i = 0; i < 1500; i++) {
		char place[16];

		snprintf(place, sizeof place, "P%d", i);
		note(&noting, "ed", place, NULL, now);
		note(&noting, "ed", place, NULL, now);
	}
	noting_close(
	    &noting); /* as it ends: the minute is not over, the database was never asked */
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(file_read(path, 1 << 24, &left, &len), STATUS_OK);

	noting_open(&noting, folder);
	run_until(&noting, "1500 3000",
	    "select count(*) || ' ' || sum((detail->>'count')::int) from audit where action = "
	    "'read'");
	run_until(&noting, "1499", "select last from audit_writer");
	noting_close(&noting);
	assert_int_equal(file_lines(folder), 0);

	/* As if it had ended after the database had taken them and before a new file was begun. */
	assert_int_equal(file_replace(path, left, len, 0600), STATUS_OK);
	noting_open(&noting, folder);
	note(&noting, "late", "ZED01", NULL, end_of_a_minute());
	run_until(&noting, "1501 3001",
	    "select count(*) || ' ' || sum((detail->>'count')::int) from audit where action = "
	    "'read'");
	noting_close(&noting);
	free(left);
	free(folder);
	expect("0", broken);
}

/* While the database is away they are kept, up to a bound, and what is beyond is counted. */
/* holds: F3 */
static void
a_database_that_is_away_costs_nothing_but_the_count_of_what_is_too_much(void **state)
{
	struct noting noting;
	char *folder = scratch_folder();
	int64_t now = clock_wall() - 3600;
	struct reads_stats stats;

	(void)state;
	scratch_postgres_halt(testbed_postgres());
	noting_open(&noting, folder);
	for (int i = 0; i < READS_MAX + 5000; i++) {
		char place[16];

		snprintf(place, sizeof place, "P%d", i);
		note(&noting, "ed", place, NULL, now);
	}
	stats = reads_stats(noting.reads);
	assert_int_equal(stats.noted, READS_MAX + 5000);
	assert_true(stats.dropped >= 5000);
	assert_int_equal(stats.waiting + stats.dropped, stats.noted);
	scratch_postgres_resume(testbed_postgres());
	noting_close(&noting);
	free(folder);
}

static void
a_spoilt_file_costs_only_its_spoilt_lines(void **state)
{
	static const char lines[] = "0123456789abcdef 7 1795316999 3 0 ed ZED01 - "
				    "-9223372036854775808 -9223372036854775808\n"
				    "nonsense\n"
				    "0123456789abcdef 8 1795316999 3 77 ed ZED01 - 0 0\n"
				    "0123456789abcdef 9 1795316999 2 0 ed ZED0";
	struct noting noting;
	char *folder = scratch_folder(), path[512];

	(void)state;
	snprintf(path, sizeof path, "%s/reads.0", folder);
	assert_int_equal(file_replace(path, lines, sizeof lines - 1, 0600), STATUS_OK);
	noting_open(&noting, folder);
	run_until(&noting, "ed place/ZED01 3", COUNTS);
	noting_close(&noting);
	free(folder);
}

/* Through the role: names are noted, counts without names are not, and no name is ever written. */
static void
only_answers_with_names_are_noted(void **state)
{
	char *board, *reviewer, *text;

	(void)state;
	testbed_apply();
	testbed_shift("amhp-duty", "k", "named", "jo-jones", -2, 5);
	testbed_good("amhp-duty", "now()");
	testbed_until(&(struct http_ask){.port = testbed_port(),
			  .path = "/v1/now?place=ZED01&function=amhp",
			  .token = testbed_admin()},
	    "functions.0.on_call.0.name", "J Jones");
	board = testbed_token("board");
	reviewer = testbed_token("reviewer");
	for (size_t i = 0; i < 3; i++) {
		static const char *const paths[] = {"/v1/now?place=ZED01", "/now/ZED01.txt",
		    "/v1/coverage?place=ZED01&from=2026-01-01T00:00:00Z&to="
		    "2026-01-02T00:00:00Z"};
		struct http_reply reply = testbed_as(board, paths[i]);

		assert_int_equal(reply.status, 200);
		http_free(&reply);
	}
	for (size_t i = 0; i < 4; i++) {
		static const char *const paths[] = {"/v1/now?place=ZED01", "/now/ZED01.txt",
		    "/v1/people", "/v1/shifts?rota=amhp-duty"};
		struct http_reply reply = testbed_as(reviewer, paths[i]);

		assert_int_equal(reply.status, 200);
		http_free(&reply);
	}
	testbed_stop();
	testbed_start();
	scratch_psql_until(testbed_postgres(),
	    "select string_agg(distinct actor || ' ' || (detail->>'route'), ', "
	    "') from audit where action = 'read' and actor <> 'admin'",
	    "reviewer /now/{place}.txt, reviewer /v1/now, reviewer /v1/people, reviewer /v1/shifts",
	    20);
	text = scratch_psql(testbed_postgres(), "select * from audit where action = 'read'");
	assert_null(strstr(text, "Jones"));
	assert_null(strstr(text, "jo-jones"));
	assert_null(strstr(text, "441632"));
	free(text);
	free(board);
	free(reviewer);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, testbed_set_up, testbed_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(whatever_is_written_is_chained),
	    CASE(order_is_that_of_commits),
	    CASE(nobody_changes_takes_out_or_chooses_a_place),
	    CASE(equal_reads_of_a_minute_are_one_with_a_count),
	    CASE(what_was_not_written_is_written_by_the_next),
	    CASE(a_database_that_is_away_costs_nothing_but_the_count_of_what_is_too_much),
	    CASE(a_spoilt_file_costs_only_its_spoilt_lines),
	    CASE(only_answers_with_names_are_noted),
	};

	return cmocka_run_group_tests_name("audit", tests, testbed_open, testbed_close);
}
