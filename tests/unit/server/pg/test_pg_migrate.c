/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/pg/pg_migrate.h"
#include "server/pg/pg_migrate_files.h"
#include "tests/support/scratch.h"

/* Each test has a folder of migrations and an empty database of its own. */

static struct scratch_postgres *cluster;
static char *folder, conninfo[300];
static char said[4096]; /* what the last run put on stderr */
static int databases;

static int
set_up_cluster(void **state)
{
	(void)state;
	cluster = scratch_postgres_start(NULL);
	return 0;
}

static int
tear_down_cluster(void **state)
{
	(void)state;
	scratch_postgres_stop(cluster);
	return 0;
}

static void
put(const char *name, const char *sql)
{
	char path[300];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(sql, file);
	fclose(file);
}

static int
set_up(void **state)
{
	char sql[100];

	(void)state;
	folder = scratch_folder();
	snprintf(sql, sizeof sql, "create database m%d", ++databases);
	free(scratch_psql(cluster, sql));
	snprintf(conninfo, sizeof conninfo, "host=%s user=postgres dbname=m%d",
	    scratch_postgres_socket_folder(cluster), databases);
	put("0001_base.sql",
	    "create schema if not exists crisiscover;\ncreate table crisiscover.one (a int);\n");
	put("0002_more.sql", "set local search_path = crisiscover;\n"
			     "create table two (b int);\n"
			     "insert into two values (2);\n");
	put("README.md", "not a migration");
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	free(folder);
	return 0;
}

static void
gone(const char *name)
{
	char path[300];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	assert_int_equal(unlink(path), 0);
}

static int
run_as(bool dry_run)
{
	FILE *file = tmpfile();
	int old = dup(STDERR_FILENO), code;
	ssize_t len;

	fflush(stderr);
	dup2(fileno(file), STDERR_FILENO);
	code = pg_migrate_run(conninfo, folder, dry_run);
	dup2(old, STDERR_FILENO);
	close(old);
	len = pread(fileno(file), said, sizeof said - 1, 0);
	said[len] = '\0';
	fclose(file);
	return code;
}

static int
run(void)
{
	return run_as(false);
}

static void
assert_said(const char *words)
{
	if (strstr(said, words) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", words, said);
}

/* The output of one query of this test's database. */
static const char *
ask(const char *sql)
{
	static char answer[1000];
	char *all, *printed;

	if (asprintf(&all, "\\c m%d\n%s", databases, sql) < 0)
		abort();
	printed = scratch_psql(cluster, all);
	snprintf(answer, sizeof answer, "%s", printed);
	free(printed);
	free(all);
	return answer;
}

static void
files_are_applied_in_order_and_once(void **state)
{
	(void)state;
	assert_int_equal(run(), 0);
	assert_string_equal(said, "applied 0001_base.sql\napplied 0002_more.sql\n");
	assert_int_equal(run(), 0);
	assert_string_equal(said, "the database is at 2; there is nothing to do\n");
	assert_string_equal(
	    ask("select string_agg(version || ' ' || name || ' ' || length(sha256), ', ' order by version) from crisiscover.migration"),
	    "1 0001_base.sql 32, 2 0002_more.sql 32");
	put("0010_later.sql", "create table crisiscover.ten ()");
	assert_int_equal(run(), 0);
	assert_string_equal(said, "applied 0010_later.sql\n");
	assert_string_equal(ask("select b from crisiscover.two"), "2");
	assert_string_equal(
	    ask("select encode(sha256, 'hex') = encode(sha256('create table crisiscover.ten ()'), "
		"'hex') from crisiscover.migration where version = 10"),
	    "t");
}

static void
a_dry_run_changes_nothing(void **state)
{
	(void)state;
	assert_int_equal(run_as(true), 0);
	assert_string_equal(said, "would apply 0001_base.sql\nwould apply 0002_more.sql\n");
	assert_string_equal(
	    ask("select count(*) from pg_namespace where nspname = 'crisiscover'"), "0");
	assert_int_equal(run(), 0);
	put("0003_third.sql", "select 1");
	assert_int_equal(run_as(true), 0);
	assert_string_equal(said, "would apply 0003_third.sql\n");
	put("0001_base.sql", "changed");
	assert_int_equal(run_as(true), 1);
	assert_said("0001_base.sql has changed");
}

static void
a_changed_file_is_refused(void **state)
{
	(void)state;
	assert_int_equal(run(), 0);
	put("0002_more.sql", "set local search_path = crisiscover;\n"
			     "create table two (b int);\n"
			     "insert into two values (3);\n");
	put("0003_third.sql", "create table crisiscover.three ()");
	assert_int_equal(run(), 1);
	assert_said("0002_more.sql has changed since it was applied");
	assert_string_equal(ask("select to_regclass('crisiscover.three') is null"), "t");
}

static void
a_missing_file_is_refused(void **state)
{
	(void)state;
	assert_int_equal(run(), 0);
	gone("0001_base.sql");
	assert_int_equal(run(), 1);
	assert_said("0001_base.sql was applied to this database and is missing");
}

static void
a_late_file_is_refused(void **state)
{
	(void)state;
	put("0004_fourth.sql", "select 1");
	assert_int_equal(run(), 0);
	put("0003_late.sql", "create table crisiscover.late ()");
	assert_int_equal(run(), 1);
	assert_said("0003_late.sql came late: this database is already at 4");
	assert_string_equal(ask("select to_regclass('crisiscover.late') is null"), "t");
}

/* holds: F16 */
static void
a_newer_database_is_refused(void **state)
{
	(void)state;
	put("0012_new.sql", "select 1");
	assert_int_equal(run(), 0);
	gone("0012_new.sql");
	gone("0002_more.sql");
	put("0009_other.sql", "select 1");
	assert_int_equal(run(), 1);
	assert_said("this database is at 12, this program knows up to 9");
}

/* Its numbers are higher, and most of its files are not there: what is said is what to do. */
static void
a_database_of_before_the_first_release_is_refused(void **state)
{
	(void)state;
	put("0003_third.sql", "create table crisiscover.three ()");
	assert_int_equal(run(), 0);
	gone("0001_base.sql");
	gone("0002_more.sql");
	gone("0003_third.sql");
	put("0001_set_up.sql",
	    "create schema if not exists crisiscover; create table crisiscover.new ()");
	for (int dry_run = 0; dry_run <= 1; dry_run++) {
		assert_int_equal(run_as(dry_run), 1);
		assert_said(
		    "made by a version before the first release (it begins with 0001_base.sql, this version with 0001_set_up.sql)");
		assert_said("crisiscover region get > region.json");
		assert_said("an empty data directory");
		assert_null(strstr(said, "use a program at least as new"));
	}
	assert_string_equal(ask("select max(version) from crisiscover.migration"), "3");
	assert_string_equal(ask("select to_regclass('crisiscover.new') is null"), "t");
}

static void
a_failing_file_changes_nothing_and_is_picked_up(void **state)
{
	(void)state;
	put("0003_bad.sql", "create table crisiscover.three (c int);\n"
			    "-- a comment; with 'quotes\n"
			    "insert into crisiscover.three\n"
			    "values ('x');\n");
	put("0004_after.sql", "create table crisiscover.four ()");
	assert_int_equal(run(), 1);
	assert_said("applied 0002_more.sql\n"
		    "0003_bad.sql line 4: invalid input syntax for type integer: \"x\"\n");
	assert_string_equal(ask("select to_regclass('crisiscover.three') is null"), "t");
	assert_string_equal(ask("select max(version) from crisiscover.migration"), "2");
	put("0003_bad.sql", "create table crisiscover.three (c int);");
	assert_int_equal(run(), 0);
	assert_string_equal(said, "applied 0003_bad.sql\napplied 0004_after.sql\n");
}

static void
errors_name_their_line(void **state)
{
	static const struct {
		const char *sql, *said;
	} cases[] = {
	    {"selekt", "line 1: syntax error at or near \"selekt\""},
	    {"-- naïve — ünïcode\n\nselect *\nfrom nowhere;",
		"line 4: relation \"nowhere\" does not exist"},
	    /* These happen while the statement runs, and the server tells no position. */
	    {"create table t (a int primary key);\n\n/* a;b\n*/ insert into t values (1), (1);",
		"line 4: duplicate key value"},
	    {"select 1;\n"
	     "select 'a;''b', $$;$$, $x$;$;$$;$x$, \"a;b\" from (select 2 \"a;b\") x;\n"
	     "\n"
	     "  -- why; not\n"
	     "  do $do$ begin\n"
	     "raise exception 'this; is it' using detail = 'more', hint = 'less'; end $do$;\n"
	     "select 1",
		"line 5: this; is it\n"
		"  detail: more\n"
		"  hint: less\n"
		"  in: PL/pgSQL function inline_code_block line 2 at RAISE\n"},
	    {"vacuum;", "line 1: VACUUM cannot run inside a transaction block"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		put("0003_bad.sql", cases[i].sql);
		assert_int_equal(run(), 1);
		assert_said("0003_bad.sql ");
		assert_said(cases[i].said);
	}
}

static void
a_file_with_a_transaction_of_its_own_is_refused(void **state)
{
	static const char *const bad[] = {"select 1; commit; select 2",
	    "select 1; commit; begin; select 2", "rollback", "copy pg_class to stdout",
	    "copy crisiscover.two from stdin"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		put("0003_bad.sql", bad[i]);
		assert_int_equal(run(), 1);
		if (i < 3)
			assert_said("0003_bad.sql has a COMMIT or ROLLBACK in it");
		assert_string_equal(ask("select max(version) from crisiscover.migration"), "2");
	}
}

static void
misnamed_files_are_refused(void **state)
{
	static const char *const bad[] = {"3_third.sql", "0003-third.sql", "0003_Third.sql",
	    "0003.sql", "0003_.sql", "0000_none.sql", "third.sql", "00003_third.sql",
	    "0002_twin.sql"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		put(bad[i], "create table nothing ()");
		assert_int_equal(run(), 1);
		assert_said(bad[i]);
		gone(bad[i]);
	}
	put("0003_bytes.sql", "select '\xff'");
	assert_int_equal(run(), 1);
	assert_said("0003_bytes.sql: is not UTF-8");
	gone("0003_bytes.sql");
	gone("0001_base.sql");
	gone("0002_more.sql");
	assert_int_equal(run(), 1);
	assert_said("there are no migrations");
	snprintf(folder, 5, "/non");
	assert_int_equal(run(), 1);
	assert_said("/non: could not be opened");
	assert_string_equal(ask("select to_regclass('crisiscover.migration') is null"), "t");
}

static void
a_database_out_of_reach_is_told(void **state)
{
	(void)state;
	snprintf(conninfo, sizeof conninfo, "host=/nonexistent user=x dbname=y password=hush");
	assert_int_equal(run(), 1);
	assert_said("could not connect to the database");
	assert_null(strstr(said, "hush"));
}

static pid_t
start_run(const char *out)
{
	pid_t pid = fork();

	if (pid == 0) {
		dup2(open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
		_exit(pg_migrate_run(conninfo, folder, false));
	}
	return pid;
}

/* The second waits while the first sleeps inside its migration, and then finds nothing left to do. */
static void
two_at_once_wait_for_each_other(void **state)
{
	char first[300], second[300], text[1000] = "";
	int status;
	pid_t one, two;
	FILE *file;

	(void)state;
	snprintf(first, sizeof first, "%s/first", folder);
	snprintf(second, sizeof second, "%s/second", folder);
	put("0003_slow.sql", "select pg_sleep(0.5)");
	one = start_run(first);
	scratch_psql_until(
	    cluster, "select count(*) from pg_stat_activity where wait_event = 'PgSleep'", "1", 20);
	two = start_run(second);
	assert_int_equal(waitpid(one, &status, 0), one);
	assert_int_equal(status, 0);
	assert_int_equal(waitpid(two, &status, 0), two);
	assert_int_equal(status, 0);
	file = fopen(second, "r");
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof text - 1, file) > 0);
	fclose(file);
	assert_string_equal(text, "another migration is running; waiting for it\n"
				  "the database is at 3; there is nothing to do\n");
}

/* Killed in the middle: what was committed stays, the rest is done by the next run. */
/* holds: F16 */
static void
an_interrupted_run_is_picked_up(void **state)
{
	char out[300];
	pid_t pid;

	(void)state;
	snprintf(out, sizeof out, "%s/out", folder);
	put("0003_slow.sql", "create table crisiscover.three (); select pg_sleep(30)");
	pid = start_run(out);
	scratch_psql_until(
	    cluster, "select count(*) from pg_stat_activity where wait_event = 'PgSleep'", "1", 20);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	free(scratch_psql(cluster,
	    "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'"));
	put("0003_slow.sql", "create table crisiscover.three ()");
	assert_int_equal(run(), 0);
	assert_said("applied 0003_slow.sql\n");
	assert_null(strstr(said, "0002"));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(files_are_applied_in_order_and_once),
	    TEST(a_dry_run_changes_nothing),
	    TEST(a_changed_file_is_refused),
	    TEST(a_missing_file_is_refused),
	    TEST(a_late_file_is_refused),
	    TEST(a_newer_database_is_refused),
	    TEST(a_database_of_before_the_first_release_is_refused),
	    TEST(a_failing_file_changes_nothing_and_is_picked_up),
	    TEST(errors_name_their_line),
	    TEST(a_file_with_a_transaction_of_its_own_is_refused),
	    TEST(misnamed_files_are_refused),
	    TEST(a_database_out_of_reach_is_told),
	    TEST(two_at_once_wait_for_each_other),
	    TEST(an_interrupted_run_is_picked_up),
	};

	return cmocka_run_group_tests(tests, set_up_cluster, tear_down_cluster);
}
