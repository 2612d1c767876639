/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/coverage/testbed.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/file.h"
#include "server/base/log.h"
#include "server/coverage/coverage.h"
#include "server/coverage/cycle.h"
#include "tests/support/scratch_private.h"

#define HOLIDAYS SOURCE_ROOT "/server/model/bank_holidays.csv"
#define LOGIN "crisiscover_coverage"
#define WAIT_MS 240000 /* on a busy machine */

static struct scratch_postgres *postgres;

/* Read once: what every process of the role reads at its start. */
static struct zonedb *zones;
static char *holidays;
static struct setup_tools context;

int
testbed_open(void **state)
{
	size_t len;

	(void)state;
	log_open("test", LOG_ERROR);
	postgres = scratch_postgres_start(NULL);
	assert_int_equal(zonedb_open("/usr/share/zoneinfo", &zones), STATUS_OK);
	assert_int_equal(file_read(HOLIDAYS, 1 << 20, &holidays, &len), STATUS_OK);
	context = (struct setup_tools){.zones = zones, .holidays = {holidays, len}};
	return 0;
}

int
testbed_close(void **state)
{
	(void)state;
	scratch_postgres_stop(postgres);
	zonedb_free(zones);
	free(holidays);
	return 0;
}

struct scratch_postgres *
testbed_postgres(void)
{
	return postgres;
}

int
testbed_clean(void **state)
{
	(void)state;
	scratch_migrate(postgres, SOURCE_ROOT "/migrations");
	scratch_psql_file(postgres, SOURCE_ROOT "/tests/unit/server/coverage/testbed.sql");
	testbed_apply_region("", 1, false);
	return 0;
}

/* ---------------------------------------------------------------------------------------- SQL */

__attribute__((format(printf, 1, 0))) static char *
ask_va(const char *sql, va_list args)
{
	char *text, *answer;

	if (vasprintf(&text, sql, args) < 0)
		abort();
	answer = scratch_psql(postgres, text);
	free(text);
	return answer;
}

char *
testbed_ask(const char *sql, ...)
{
	va_list args;
	char *answer;

	va_start(args, sql);
	answer = ask_va(sql, args);
	va_end(args);
	return answer;
}

void
testbed_sql(const char *sql, ...)
{
	va_list args;

	va_start(args, sql);
	free(ask_va(sql, args));
	va_end(args);
}

void
testbed_expect(const char *wanted, const char *sql, ...)
{
	va_list args;
	char *answer;

	va_start(args, sql);
	answer = ask_va(sql, args);
	va_end(args);
	if (strcmp(answer, wanted) != 0)
		print_error("%s\n", sql);
	assert_string_equal(answer, wanted);
	free(answer);
}

void
testbed_until(const char *wanted, const char *sql, ...)
{
	va_list args;
	char *text;

	va_start(args, sql);
	if (vasprintf(&text, sql, args) < 0)
		abort();
	va_end(args);
	scratch_psql_until(postgres, text, wanted, 60);
	free(text);
}

/* --------------------------------------------------------------------------- cycles in here */

struct runner {
	struct loop *loop;
	struct cycle *cycle;
	enum status st;
	unsigned lost;
	bool until_quiet;
};

static void
on_done(void *ctx, enum status st, int64_t wait_ms)
{
	struct runner *runner = ctx;

	(void)wait_ms;
	runner->st = st;
	runner->lost += st != STATUS_OK;
	if (st == STATUS_OK || !runner->until_quiet)
		loop_stop(runner->loop);
	else
		cycle_run(runner->cycle, true);
}

/* Everything one process of the role has, but for its timers. */
struct inside {
	struct loop *loop;
	struct pg *pg;
	struct runner runner;
};

static void
inside_open(struct inside *in)
{
	struct pg_options options = {.conninfo = scratch_postgres_conninfo_as(postgres, LOGIN),
	    .application_name = "crisiscover-coverage"};

	*in = (struct inside){.loop = loop_new()};
	in->pg = pg_open(in->loop, &options);
	in->runner.loop = in->loop;
	in->runner.cycle = cycle_new(in->pg, &context, on_done, &in->runner);
}

static void
inside_close(struct inside *in)
{
	cycle_free(in->runner.cycle);
	pg_close(in->pg);
	loop_free(in->loop);
}

static unsigned
run(bool until_quiet, bool check, enum status *st)
{
	struct inside in;

	inside_open(&in);
	in.runner.until_quiet = until_quiet;
	if (check)
		cycle_check_all(in.runner.cycle);
	cycle_run(in.runner.cycle, true);
	loop_run(in.loop);
	inside_close(&in);
	if (st != NULL)
		*st = in.runner.st;
	return in.runner.lost;
}

unsigned
testbed_settle(void)
{
	return run(true, false, NULL);
}

unsigned
testbed_check_all(void)
{
	return run(true, true, NULL);
}

void
testbed_settle_then_hint(const char *sql)
{
	struct inside in;

	inside_open(&in);
	in.runner.until_quiet = true;
	cycle_run(in.runner.cycle, true);
	loop_run(in.loop);
	testbed_sql("%s", sql);
	cycle_run(in.runner.cycle, false);
	loop_run(in.loop);
	inside_close(&in);
}

enum status
testbed_run_once(void)
{
	enum status st;

	run(false, false, &st);
	return st;
}

#define BLOCKED                                                                                    \
	"select count(*) > 0 from pg_stat_activity where usename = '" LOGIN                        \
	"' and wait_event_type = 'Lock' and query like '%%%s%%'"

struct awaited {
	struct loop *loop;
	const char *statement;
	int64_t until_ms;
};

static void
stop_when_blocked(void *ctx)
{
	struct awaited *awaited = ctx;
	char *blocked = testbed_ask(BLOCKED, awaited->statement);

	if (strcmp(blocked, "t") == 0)
		loop_stop(awaited->loop);
	free(blocked);
	assert_true(clock_mono_ms() < awaited->until_ms);
}

void
testbed_drop_when_blocked(const char *statement)
{
	struct inside in;
	struct awaited awaited;

	inside_open(&in);
	awaited = (struct awaited){in.loop, statement, clock_mono_ms() + WAIT_MS};
	loop_every(in.loop, 10, stop_when_blocked, &awaited);
	in.runner.until_quiet = true;
	cycle_run(in.runner.cycle, true);
	loop_run(in.loop);
	inside_close(&in);
}

/* ----------------------------------------------------------------------- the role as a child */

pid_t
testbed_role_start(void)
{
	const struct config config = {.zoneinfo_directory = "/usr/share/zoneinfo",
	    .bank_holidays = HOLIDAYS,
	    .retain_shift_days = 400,
	    .retain_span_days = -1,
	    .retain_flag_days = -1,
	    .retain_audit_days = -1,
	    .retain_source_days = -1,
	    .retain_remark_days = -1,
	    .state_directory = "/nowhere"};
	struct role_env env = {.config = &config,
	    .name = "coverage",
	    .conninfo = scratch_postgres_conninfo_as(postgres, LOGIN)};
	pid_t parent = getpid(), pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		log_open("coverage", LOG_WARN);
		/* Not exit(): what the test has for its own end is not the child's to do. */
		_exit(coverage_main(&env));
	}
	assert_true(pid > 0);
	return pid;
}

void
testbed_role_kill(pid_t *pid)
{
	kill(*pid, SIGKILL);
	assert_int_equal(waitpid(*pid, NULL, 0), *pid);
	*pid = 0;
}

int
testbed_role_stop(pid_t *pid)
{
	int status;

	kill(*pid, SIGTERM);
	assert_int_equal(waitpid(*pid, &status, 0), *pid);
	*pid = 0;
	/* On a busy machine it may not have come as far as to listen to signals: it has done
	 * nothing yet, and what the signal does to such a process is as good an end. */
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM)
		return 0;
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* --------------------------------------------------------------------------- a second session */

struct testbed_session {
	FILE *psql;
};

struct testbed_session *
testbed_hold(const char *sql)
{
	struct testbed_session *session = calloc(1, sizeof *session);
	char *command = scratch_format(
	    "/usr/lib/postgresql/15/bin/psql -X -q -h %s -U postgres -d crisiscover >/dev/null",
	    scratch_postgres_socket_folder(postgres));

	assert_non_null(session);
	session->psql = popen(command, "w");
	assert_non_null(session->psql);
	fprintf(session->psql, "set application_name = 'holder';\nbegin;\n%s;\n", sql);
	fflush(session->psql);
	free(command);
	testbed_until("1",
	    "select count(*) from pg_stat_activity where application_name = 'holder' and state = 'idle in transaction'");
	return session;
}

void
testbed_let_go(struct testbed_session *session)
{
	/* Told to quit: a role started meanwhile holds the pipe as well, so there may be no end of
	 * file. */
	fprintf(session->psql, "rollback;\n\\q\n");
	pclose(session->psql);
	free(session);
}

void
testbed_until_blocked(const char *statement)
{
	testbed_until("t", BLOCKED, statement);
}

/* ------------------------------------------------------------------------------- what must hold */

#define QUIET                                                                                      \
	"select not exists (select from dirty) and not exists (select from demand where "          \
	"retired_at is null and next_at <= now()) "                                                \
	"and (select region_version from map_head) = (select max(version) from region)"

void
testbed_expect_quiet(void)
{
	testbed_expect("t", QUIET);
}

void
testbed_until_quiet(void)
{
	testbed_until("t", QUIET);
}

void
testbed_expect_sound(void)
{
	testbed_expect("0", "select coalesce(max(seq), 0) - count(*) from flag");
	testbed_expect("0", "select seq - (select count(*) from flag) from flag_counter");
	/* Told opened and closed by turns, and never opened more than twice an hour. */
	testbed_expect("0",
	    "select count(*) from (select kind, lag(kind) over (partition by gap order by epoch, "
	    "seq) as before from flag where kind in ('opened', 'closed')) x where kind = before");
	testbed_expect("0",
	    "select count(*) from (select at, lag(at, 2) over (partition by gap order by epoch, "
	    "seq) as before from flag where kind = 'opened') x where at < before + interval '1 hour'");
	/* The steps of each gap, in the only order there is. */
	testbed_expect("0",
	    "select count(*) from (select step, lag(step) over (partition by gap order by id) as before from gap_event) x where (step = 'opened') <> (before is "
	    "null) or (step = 'reopened') <> coalesce(before = 'closed', false)");
	/* One that leads in each group that has told gaps. */
	testbed_expect("0",
	    "select count(*) from (select from gap where cause_group is not null and closed_at is null and told group by cause_group having count(*) filter (where "
	    "lead) <> 1) x");
	testbed_expect("0",
	    "select count(*) from gap g where told and not exists (select from flag f where f.gap = g.id and f.kind = 'opened')");
	testbed_expect("0",
	    "select count(*) from gap g where told and closed_at is not null and settle_at is null and not exists (select from flag f where f.gap = g.id and "
	    "f.kind = 'closed')");
	testbed_expect("0",
	    "select count(*) from (select starts_at, lag(ends_at) over (partition by requirement, "
	    "place order by starts_at) as before from span where known_to = 'infinity' and requirement = 'Q1') x where before <> starts_at");
	testbed_expect("0",
	    "select count(*) from (select version, lag(version) over (order by known_from, "
	    "version) as before from span) x where version < before");
}

/* ------------------------------------------------------------------------------- a fresh sweep */

#define MAP                                                                                        \
	"select coalesce(string_agg(concat_ws(' ', requirement, place, starts_at, ends_at, "       \
	"state, cause, present, "                                                                  \
	"required, shifts), E'\\n' order by requirement, place, starts_at), '') from span "        \
	"where known_to = 'infinity' and ends_at > d(-1, '00:00')"

/* The open gaps but for their names and what was told of them, which have a history. */
#define GAPS                                                                                       \
	"select coalesce(string_agg(concat_ws(' ', requirement, place, ends_at, state, cause, "    \
	"present, required), "                                                                     \
	"E'\\n' order by requirement, place, starts_at), '') from gap where closed_at is null"

void
testbed_expect_true_map(void)
{
	char *map = testbed_ask(MAP), *gaps = testbed_ask(GAPS), *fresh_map, *fresh_gaps;

	/* Everything that came of a sweep goes, past the triggers that keep the record. */
	testbed_sql(
	    "set session_replication_role = replica; delete from flag; delete from gap_event; delete from gap; delete from span; "
	    "delete from source_seen; delete from dirty; update demand set next_at = '-infinity', version = version + 1");
	testbed_settle();
	fresh_map = testbed_ask(MAP);
	fresh_gaps = testbed_ask(GAPS);
	assert_string_equal(map, fresh_map);
	assert_string_equal(gaps, fresh_gaps);
	free(map);
	free(gaps);
	free(fresh_map);
	free(fresh_gaps);
}
