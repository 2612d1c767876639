/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/pg/ask.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "server/base/fatal.h"
#include "tests/unit/server/base/dies.h"

/* The connection: servers that stop, crash, freeze, never were, or are of the wrong kind. */

static const struct pg_stmt word = {"WORD", "select 'word'::text", 0, NULL};
static const struct pg_stmt hasty = {"HASTY", "select 'hasty'::text", 200, NULL};
static const struct pg_stmt sleep_long = {"SLEEP", "select pg_sleep(60)::text", 20000, NULL};

static struct loop *loop;
static struct pg *pg;

static int
set_up_cluster(void **state)
{
	(void)state;
	return start_cluster(NULL);
}

static int
set_up(void **state)
{
	(void)state;
	loop = loop_new();
	pg = pg_open(loop, &(struct pg_options){.conninfo = scratch_postgres_conninfo(cluster),
			       .application_name = "crisiscover-test"});
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	pg_close(pg);
	loop_free(loop);
	return 0;
}

/* Asks until the answer is OK: a call that met the broken connection is allowed to say so. */
static void
ask_until_ok(void)
{
	int64_t deadline = clock_mono_ms() + PATIENCE_MS;

	while (ask(loop, pg, &word, NULL).st != STATUS_OK)
		assert_true(clock_mono_ms() < deadline);
}

/* On the wire for sure: the server says it runs. */
static void
start_sleeping(struct answer *answer)
{
	int64_t deadline = clock_mono_ms() + PATIENCE_MS;
	bool asleep = false;

	pg_call(pg, &sleep_long, NULL, on_answer, answer);
	while (!asleep) {
		char *count;

		if (clock_mono_ms() > deadline)
			fail_msg("the server does not sleep");
		run_for(loop, 30);
		count = scratch_psql(cluster,
		    "select count(*) from pg_stat_activity where query like '%pg_sleep(60)%' and state = 'active' and pid <> "
		    "pg_backend_pid()");
		asleep = count[0] == '1';
		free(count);
	}
}

static void
the_session_is_as_we_want_it(void **state)
{
	static const struct pg_stmt stmt = {"SETTINGS",
	    "select concat_ws(' ', current_setting('application_name'), "
	    "current_setting('timezone'), "
	    "current_setting('client_encoding'), current_setting('statement_timeout'), "
	    "current_setting('client_connection_check_interval'))",
	    0, NULL};

	(void)state;
	assert_string_equal(ask(loop, pg, &stmt, NULL).text, "crisiscover-test UTC UTF8 5s 1s");
}

/* holds: F3 */
static void
a_stopped_server_is_waited_for(void **state)
{
	/* The server may take its time to stop and to start: the call's limit must outlast both. */
	static const struct pg_stmt patient = {"PATIENT", "select 'word'::text", PATIENCE_MS, NULL};
	struct answer on_wire = {0}, queued = {0};

	(void)state;
	start_sleeping(&on_wire);
	pg_call(pg, &patient, NULL, on_answer, &queued);
	scratch_postgres_halt(cluster);
	run_until(loop, &on_wire.times);
	assert_int_equal(on_wire.st, STATUS_AGAIN);
	assert_int_equal(queued.times, 0); /* never sent: it may wait for the server */
	assert_int_equal(ask(loop, pg, &hasty, NULL).st, STATUS_AGAIN);
	assert_false(pg_connected(pg));
	scratch_postgres_resume(cluster);
	run_until(loop, &queued.times);
	assert_int_equal(queued.st, STATUS_OK);
	assert_true(pg_connected(pg));
}

/* holds: F4 */
static void
a_killed_server_is_waited_for(void **state)
{
	struct answer on_wire = {0};

	(void)state;
	start_sleeping(&on_wire);
	scratch_postgres_kill9(cluster);
	run_until(loop, &on_wire.times);
	assert_int_equal(on_wire.st, STATUS_AGAIN);
	assert_int_equal(on_wire.times, 1);
	scratch_postgres_resume(cluster);
	ask_until_ok();
}

static void
an_ended_session_is_replaced(void **state)
{
	struct answer on_wire = {0};

	(void)state;
	start_sleeping(&on_wire);
	free(scratch_psql(cluster,
	    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'crisiscover-test'"));
	run_until(loop, &on_wire.times);
	assert_int_equal(on_wire.st, STATUS_AGAIN);
	assert_int_equal(ask(loop, pg, &word, NULL).st, STATUS_OK);
}

static void
on_state_seen(void *ctx, bool connected)
{
	if (!connected)
		*(int *)ctx = 1;
}

/* Runs the loop until the connection is known to be gone. */
static void
run_until_lost(void)
{
	int lost = !pg_connected(pg);

	pg_on_state(pg, on_state_seen, &lost);
	run_until(loop, &lost);
	pg_on_state(pg, NULL, NULL);
}

static void
a_session_ended_while_idle_is_replaced(void **state)
{
	(void)state;
	assert_int_equal(ask(loop, pg, &word, NULL).st, STATUS_OK);
	free(scratch_psql(cluster,
	    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'crisiscover-test'"));
	run_until_lost();
	assert_int_equal(ask(loop, pg, &word, NULL).st, STATUS_OK);
}

/* Neither an answer nor a hang-up. The call is answered at its limit; the connection is given up
 * soon after, and nothing is left hanging once the server thaws. */
/* holds: F8 */
static void
a_frozen_server_is_given_up(void **state)
{
	int64_t began;

	(void)state;
	ask_until_ok();
	scratch_postgres_freeze(cluster);
	began = clock_mono_ms();
	assert_int_equal(ask(loop, pg, &hasty, NULL).st, STATUS_AGAIN);
	assert_true(clock_mono_ms() - began >= 190);
	for (int64_t end = clock_mono_ms() + PATIENCE_MS; pg_connected(pg);) {
		run_for(loop, 10);
		assert_true(clock_mono_ms() < end);
	}
	scratch_postgres_thaw(cluster);
	ask_until_ok();
}

struct states {
	int up, down;
};

static void
on_state(void *ctx, bool connected)
{
	struct states *states = ctx;

	assert_true(connected == pg_connected(pg));
	if (connected)
		states->up++;
	else
		states->down++;
}

static void
the_watcher_is_told(void **state)
{
	struct states states = {0};

	(void)state;
	pg_on_state(pg, on_state, &states);
	run_until(loop, &states.up);
	scratch_postgres_halt(cluster);
	run_until(loop, &states.down);
	scratch_postgres_resume(cluster);
	states.up = 0;
	run_until(loop, &states.up);
	assert_int_equal(states.up, 1);
	assert_int_equal(states.down, 1);
}

static void
on_hint(void *ctx)
{
	++*(int *)ctx;
}

static void
a_listener_is_hinted(void **state)
{
	int hints = 0, others = 0;

	(void)state;
	pg_listen(pg, "coverage_changed", on_hint, &hints);
	pg_listen(pg, "other", on_hint, &others);
	run_until(loop, &others);
	assert_int_equal(hints, 1); /* look: you may have missed some */
	hints = 0;
	free(scratch_psql(cluster, "notify coverage_changed; notify nobody_listens"));
	run_until(loop, &hints);
	assert_int_equal(hints, 1);
	assert_int_equal(others, 1);
}

static void
a_listener_is_hinted_between_calls(void **state)
{
	static const struct pg_stmt notify = {
	    "NOTIFY", "select pg_notify('here', '')::text", 0, NULL};
	int hints = 0;

	(void)state;
	pg_listen(pg, "here", on_hint, &hints);
	run_until(loop, &hints);
	hints = 0;
	assert_int_equal(ask(loop, pg, &notify, NULL).st, STATUS_OK);
	run_until(loop, &hints);
}

static void
listening_is_renewed_and_hints_once_more(void **state)
{
	int hints = 0;

	(void)state;
	pg_listen(pg, "shifts_changed", on_hint, &hints);
	run_until(loop, &hints);
	hints = 0;
	scratch_postgres_restart(cluster);
	run_until(loop, &hints); /* without any notification */
	hints = 0;
	free(scratch_psql(cluster, "notify shifts_changed"));
	run_until(loop, &hints);
}

/* LISTEN must be in force before the first call is: who looks after listening misses nothing. */
static void
listening_comes_before_calls(void **state)
{
	static const struct pg_stmt stmt = {
	    "LISTENING", "select string_agg(c, ' ') from pg_listening_channels() c", 0, NULL};
	struct answer answer = {0};
	int hints = 0;

	(void)state;
	pg_call(pg, &stmt, NULL, on_answer, &answer);
	pg_listen(pg, "early", on_hint, &hints);
	run_until(loop, &answer.times);
	assert_string_equal(answer.text, "early");
}

static void
a_server_that_is_not_there_is_try_again(void **state)
{
	struct pg *nowhere =
	    pg_open(loop, &(struct pg_options){.conninfo = "host=/nonexistent dbname=x user=y"});
	struct pg *refused = pg_open(
	    loop, &(struct pg_options){.conninfo = "hostaddr=127.0.0.1 port=1 dbname=x user=y"});
	struct answer first = {0}, second = {0};

	(void)state;
	pg_call(nowhere, &hasty, NULL, on_answer, &first);
	pg_call(refused, &hasty, NULL, on_answer, &second);
	run_until(loop, &first.times);
	run_until(loop, &second.times);
	assert_int_equal(first.st, STATUS_AGAIN);
	assert_int_equal(second.st, STATUS_AGAIN);
	assert_false(pg_connected(nowhere));
	pg_close(nowhere);
	pg_close(refused);
}

/* Takes the connection and says nothing: no limit but ours ends that. */
/* holds: F8 F9 */
static void
a_server_that_says_nothing_is_given_up(void **state)
{
	char *folder = scratch_folder(), conninfo[200];
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), tries = 0, accepted[2];
	struct pg *silent;

	(void)state;
	snprintf(address.sun_path, sizeof address.sun_path, "%s/.s.PGSQL.5432", folder);
	snprintf(conninfo, sizeof conninfo, "host=%s dbname=x user=y", folder);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(fd, 5), 0);
	silent = pg_open(loop, &(struct pg_options){.conninfo = conninfo});
	assert_int_equal(ask(loop, silent, &hasty, NULL).st, STATUS_AGAIN);
	/* It tries again, which it would not if the first attempt lasted without end. */
	for (int64_t end = clock_mono_ms() + PATIENCE_MS; tries < 2;) {
		struct timeval none = {0};
		fd_set set;

		FD_ZERO(&set);
		FD_SET(fd, &set);
		if (select(fd + 1, &set, NULL, NULL, &none) == 1)
			accepted[tries++] = accept(fd, NULL, NULL);
		run_for(loop, 10);
		assert_true(clock_mono_ms() < end);
	}
	pg_close(silent);
	close(accepted[0]);
	close(accepted[1]);
	close(fd);
	free(folder);
}

/* holds: F17 */
static void
a_standby_answers_only_who_may_read_there(void **state)
{
	struct scratch_postgres *standby = scratch_postgres_standby(cluster);
	const char *conninfo = scratch_postgres_conninfo(standby);
	struct pg *writer =
	    pg_open(loop, &(struct pg_options){.conninfo = conninfo, .primary_only = true});
	struct pg *reader = pg_open(loop, &(struct pg_options){.conninfo = conninfo});
	static const struct pg_stmt write = {"WRITE", "create table t ()", 0, NULL};
	int hints = 0;

	(void)state;
	pg_listen(
	    reader, "anything", on_hint, &hints); /* which a standby refuses: the poll is used */
	assert_int_equal(ask(loop, reader, &word, NULL).st, STATUS_OK);
	run_until(loop, &hints);
	assert_int_equal(ask(loop, writer, &hasty, NULL).st, STATUS_AGAIN);
	assert_int_equal(ask(loop, reader, &write, NULL).st, STATUS_AGAIN);
	pg_close(writer);
	pg_close(reader);
	scratch_postgres_stop(standby);
}

static void
open_it(void *ctx)
{
	pg_open(loop_new(), &(struct pg_options){.conninfo = ctx});
}

static void
a_conninfo_that_would_block_is_refused(void **state)
{
	const char *const bad[] = {"host=database.example dbname=x", "dbname=x",
	    "hostaddr=127.0.0.1,db2 dbname=x", "host=/tmp,localhost dbname=x", "service=prod",
	    "nonsense", "host=, dbname=x"};
	const char *const good[] = {"host=database.example hostaddr=192.0.2.1", "host=::1",
	    "hostaddr=127.0.0.1,10.0.0.1", "host=/tmp,/var/run"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char *copy = xstrdup(bad[i]);

		assert_int_equal(exit_code_of(open_it, copy), 70);
		free(copy);
	}
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		char *copy = xstrdup(good[i]);

		assert_int_equal(exit_code_of(open_it, copy), 0);
		free(copy);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(the_session_is_as_we_want_it),
	    TEST(a_stopped_server_is_waited_for),
	    TEST(a_killed_server_is_waited_for),
	    TEST(an_ended_session_is_replaced),
	    TEST(a_session_ended_while_idle_is_replaced),
	    TEST(a_frozen_server_is_given_up),
	    TEST(the_watcher_is_told),
	    TEST(a_listener_is_hinted),
	    TEST(a_listener_is_hinted_between_calls),
	    TEST(listening_is_renewed_and_hints_once_more),
	    TEST(listening_comes_before_calls),
	    TEST(a_server_that_is_not_there_is_try_again),
	    TEST(a_server_that_says_nothing_is_given_up),
	    TEST(a_standby_answers_only_who_may_read_there),
	    TEST(a_conninfo_that_would_block_is_refused),
	};

	return cmocka_run_group_tests(tests, set_up_cluster, tear_down_cluster);
}
