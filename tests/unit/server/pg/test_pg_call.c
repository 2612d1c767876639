/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/pg/ask.h"

#include <stdlib.h>

#include "tests/unit/server/base/dies.h"

/* The queue: order, time limits, cancelling, and what the server's errors become. */

static const struct pg_stmt add = {
    "ADD", "insert into told (n) values ($1::int) returning n::text", 0, NULL};
static const struct pg_stmt told = {
    "TOLD", "select string_agg(n::text, ' ' order by at) from told", 0, NULL};
static const struct pg_stmt wait_lock = {
    "WAIT_LOCK", "select pg_advisory_xact_lock(7)::text", 300, NULL};
static const struct pg_stmt wait_long = {
    "WAIT_LONG", "select pg_advisory_xact_lock(7)::text", 20000, NULL};
static const struct pg_stmt word = {"WORD", "select 'word'::text", 0, NULL};

static struct loop *loop;
static struct pg *pg, *other;

static int
set_up_cluster(void **state)
{
	(void)state;
	return start_cluster(
	    "create table told (n int, at serial primary key, unique (n));create function refuse(what text) returns void language plpgsql as $$ begin raise "
	    "exception 'we do not %', what; end $$");
}

static int
set_up(void **state)
{
	(void)state;
	free(scratch_psql(cluster, "truncate told restart identity"));
	loop = loop_new();
	pg = pg_open(loop, &(struct pg_options){.conninfo = scratch_postgres_conninfo(cluster),
			       .application_name = "one"});
	other = pg_open(loop, &(struct pg_options){.conninfo = scratch_postgres_conninfo(cluster),
				  .application_name = "two"});
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	pg_close(pg);
	pg_close(other);
	loop_free(loop);
	return 0;
}

static struct pg_call *
add_number(int n, struct answer *answer)
{
	struct pg_args args = {0};

	pg_int4(&args, n);
	return pg_call(pg, &add, &args, on_answer, answer);
}

/* Another session holds lock 7 until release_lock. */
static void
hold_lock(void)
{
	static const struct pg_stmt stmt = {"HOLD", "select pg_advisory_lock(7)::text", 0, NULL};

	assert_int_equal(ask(loop, other, &stmt, NULL).st, STATUS_OK);
}

static void
release_lock(void)
{
	static const struct pg_stmt stmt = {
	    "LET_GO", "select pg_advisory_unlock(7)::text", 0, NULL};

	assert_string_equal(ask(loop, other, &stmt, NULL).text, "true");
}

/* The loop has to turn meanwhile: it is what sends. */
static void
wait_until_it_waits(void)
{
	int64_t deadline = clock_mono_ms() + PATIENCE_MS;
	bool waits = false;

	while (!waits) {
		char *count;

		run_for(loop, 10);
		count = scratch_psql(cluster,
		    "select count(*) from pg_stat_activity where wait_event_type = 'Lock'");
		waits = strcmp(count, "1") == 0;
		free(count);
		assert_true(clock_mono_ms() < deadline);
	}
}

static void
calls_run_in_the_order_they_were_made(void **state)
{
	struct answer answers[20] = {0};
	int count = 0;

	(void)state;
	for (int i = 0; i < 20; i++) {
		answers[i].count = &count;
		add_number(i, &answers[i]);
	}
	run_until(loop, &answers[19].times);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(answers[i].order, i + 1);
		assert_int_equal(answers[i].times, 1);
	}
	assert_string_equal(
	    ask(loop, pg, &told, NULL).text, "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19");
}

struct chain {
	struct answer answer;
	int left, done;
};

static void
on_link(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct chain *chain = ctx;

	(void)rows;
	assert_int_equal(st, STATUS_OK);
	if (chain->left-- > 0)
		pg_call(pg, &word, NULL, on_link, chain);
	else
		chain->done = 1;
}

static void
an_answer_may_call(void **state)
{
	struct chain chain = {.left = 50};

	(void)state;
	pg_call(pg, &word, NULL, on_link, &chain);
	run_until(loop, &chain.done);
}

static void
on_closing(void *ctx, enum status st, const struct pg_rows *rows)
{
	assert_int_equal(st, STATUS_OK);
	pg_close(pg);
	pg = NULL;
	assert_string_equal(pg_get_text(rows, 0, 0), "word"); /* still borrowed */
	*(int *)ctx = 1;
}

static void
an_answer_may_close(void **state)
{
	struct answer never = {0};
	int done = 0;

	(void)state;
	pg_call(pg, &word, NULL, on_closing, &done);
	add_number(1, &never);
	run_until(loop, &done);
	run_for(loop, 20);
	assert_int_equal(never.times, 0);
}

static void
a_call_cancelled_before_the_connection_never_runs(void **state)
{
	struct answer answer = {0};

	(void)state;
	pg_call_cancel(add_number(1, &answer));
	pg_call_cancel(NULL);
	assert_string_equal(ask(loop, pg, &word, NULL).text, "word");
	assert_string_equal(ask(loop, pg, &told, NULL).text, "");
	assert_int_equal(answer.times, 0);
}

static void
a_queued_call_that_is_cancelled_never_runs(void **state)
{
	struct answer waiting = {0}, queued = {0}, later = {0};
	struct pg_call *call;

	(void)state;
	hold_lock();
	pg_call(pg, &wait_long, NULL, on_answer, &waiting);
	call = add_number(2, &queued);
	add_number(3, &later);
	wait_until_it_waits();
	pg_call_cancel(call);
	release_lock();
	run_until(loop, &later.times);
	assert_int_equal(queued.times, 0);
	assert_string_equal(ask(loop, pg, &told, NULL).text, "3");
}

static void
a_cancelled_call_on_the_wire_is_not_answered(void **state)
{
	struct answer waiting = {0}, later = {0};
	struct pg_call *call;

	(void)state;
	assert_string_equal(ask(loop, pg, &word, NULL).text, "word");
	hold_lock();
	call = pg_call(pg, &wait_long, NULL, on_answer, &waiting);
	wait_until_it_waits();
	pg_call_cancel(call);
	add_number(4, &later);
	release_lock();
	run_until(loop, &later.times);
	assert_int_equal(later.st, STATUS_OK);
	assert_int_equal(waiting.times, 0);
}

/* Cancelled in every turn of the loop from the start to the end, with and without a connection:
 * never answered, and the next call is. */
static void
a_call_can_be_cancelled_in_every_turn(void **state)
{
	(void)state;
	for (int turns = 0; turns < 40; turns++) {
		static const struct pg_stmt fresh = {"FRESH", "select 'fresh'::text", 1234, NULL};
		struct pg *own = pg_open(
		    loop, &(struct pg_options){.conninfo = scratch_postgres_conninfo(cluster)});
		struct answer cancelled = {0};
		struct pg_call *call = pg_call(own, &fresh, NULL, on_answer, &cancelled);

		for (int i = 0; i < turns && cancelled.times == 0; i++) {
			loop_stop(loop); /* one turn */
			loop_run(loop);
		}
		if (cancelled.times == 0)
			pg_call_cancel(call);
		assert_string_equal(ask(loop, own, &word, NULL).text, "word");
		assert_true(cancelled.times == 0 || cancelled.st == STATUS_OK);
		pg_close(own);
	}
}

/* holds: F13 */
static void
a_lock_wait_ends_at_the_time_limit(void **state)
{
	struct answer answer;
	int64_t began;

	(void)state;
	assert_string_equal(ask(loop, pg, &word, NULL).text, "word");
	hold_lock();
	began = clock_mono_ms();
	answer = ask(loop, pg, &wait_lock, NULL);
	assert_int_equal(answer.st, STATUS_AGAIN);
	assert_in_range(clock_mono_ms() - began, 290, 1500);
	/* The server has given it up as well, and the session lives. */
	assert_string_equal(ask(loop, pg, &word, NULL).text, "word");
	scratch_psql_until(cluster,
	    "select count(*) from pg_stat_activity where wait_event_type = 'Lock'", "0", 5);
	release_lock();
	assert_int_equal(ask(loop, pg, &wait_lock, NULL).st, STATUS_OK);
}

/* holds: F13 */
static void
calls_after_a_slow_one_keep_their_own_limits(void **state)
{
	static const struct pg_stmt slow = {"SLOW", "select pg_sleep(1)::text", 3000, NULL};
	static const struct pg_stmt hasty = {"HASTY", "select 'x'::text", 100, NULL};
	struct answer first = {0}, second = {0}, third = {0};
	int count = 0;

	(void)state;
	first.count = second.count = third.count = &count;
	pg_call(pg, &slow, NULL, on_answer, &first);
	pg_call(pg, &hasty, NULL, on_answer, &second);
	pg_call(pg, &word, NULL, on_answer, &third);
	run_until(loop, &third.times);
	assert_int_equal(second.st, STATUS_AGAIN);
	assert_int_equal(second.order, 1);
	assert_int_equal(first.st, STATUS_OK);
	assert_int_equal(first.order, 2);
	assert_int_equal(third.st, STATUS_OK);
}

static void
an_expected_error_is_a_refusal(void **state)
{
	static const struct pg_stmt raise = {"RAISE", "select refuse($1)::text", 0, "P0001"};
	static const struct pg_stmt add_once = {
	    "ADD_ONCE", "insert into told (n) values ($1::int)", 0, "23505"};
	struct pg_args args = {0};
	struct answer answer;

	(void)state;
	pg_text(&args, "lend spanners");
	answer = ask(loop, pg, &raise, &args);
	assert_int_equal(answer.st, STATUS_REFUSED);
	assert_string_equal(answer.refusal, "we do not lend spanners");
	assert_string_equal(answer.sqlstate, "P0001");
	pg_int4(&args, 5);
	assert_int_equal(ask(loop, pg, &add_once, &args).st, STATUS_OK);
	pg_int4(&args, 5);
	answer = ask(loop, pg, &add_once, &args);
	assert_int_equal(answer.st, STATUS_REFUSED);
	assert_string_equal(answer.sqlstate, "23505");
}

static void
run_bug(void *ctx)
{
	struct loop *own = loop_new();
	struct answer answer = {0};

	pg_call(pg_open(own, &(struct pg_options){.conninfo = scratch_postgres_conninfo(cluster)}),
	    ctx, NULL, on_answer, &answer);
	run_until(own, &answer.times);
}

static void
an_unexpected_error_ends_the_process(void **state)
{
	struct pg_stmt bugs[] = {
	    {"NO_NUMBER", "select ('x' || random())::int", 0, NULL},
	    {"RAISED", "select refuse('this')", 0, NULL},
	    {"SYNTAX", "selekt", 0, "P0001"},
	    {"COPIES", "copy told to stdout", 0, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof bugs / sizeof *bugs; i++)
		assert_int_equal(exit_code_of(run_bug, &bugs[i]), 70);
}

static void
a_value_too_big_for_the_server_is_a_limit(void **state)
{
	static const struct pg_stmt stmt = {"INDEX_TOO_BIG",
	    "insert into texts select string_agg(md5(n::text), '') from generate_series(1, 500) n",
	    0, NULL};

	(void)state;
	free(scratch_psql(cluster, "create table if not exists texts (t text primary key)"));
	assert_int_equal(ask(loop, pg, &stmt, NULL).st, STATUS_LIMIT);
}

/* A migration under a running role: the plan it has prepared fits no more. */
static void
a_changed_table_is_prepared_again(void **state)
{
	static const struct pg_stmt stmt = {"STAR", "select * from changing", 0, NULL};
	struct answer answer;

	(void)state;
	free(scratch_psql(cluster, "create table changing (a text)"));
	assert_int_equal(ask(loop, pg, &stmt, NULL).st, STATUS_OK);
	free(scratch_psql(
	    cluster, "alter table changing add b int; insert into changing values ('new', 1)"));
	assert_int_equal(ask(loop, pg, &stmt, NULL).st, STATUS_AGAIN);
	answer = ask(loop, pg, &stmt, NULL);
	assert_int_equal(answer.st, STATUS_OK);
	assert_string_equal(answer.text, "new");
}

/* A role that is started before the migration, or beside a later one: it goes on, and works when the schema is
 * right. The connection is kept, for other statements. */
/* holds: F16 */
static void
a_schema_that_differs_is_waited_for(void **state)
{
	static const struct pg_stmt stmts[] = {
	    {"NO_TABLE", "select t from later", 0, "23505"},
	    {"NO_FUNCTION", "select later_on()", 0, NULL},
	    {"NO_COLUMN", "select b from told_later", 0, NULL},
	    {"NO_TYPE", "select null::later_type::text", 0, NULL},
	    {"NO_SCHEMA", "select afterwards.t()", 0, NULL},
	};
	uint64_t session = pg_session(pg).number;

	(void)state;
	free(scratch_psql(cluster, "create table told_later (a text)"));
	for (int i = 0; i < 2; i++)
		for (size_t j = 0; j < sizeof stmts / sizeof *stmts; j++) {
			assert_int_equal(ask(loop, pg, &stmts[j], NULL).st, STATUS_AGAIN);
			assert_string_equal(ask(loop, pg, &word, NULL).text, "word");
		}
	free(scratch_psql(cluster,
	    "create table later as select 'now'::text as t;"
	    "create function later_on() returns text language sql as $$ select 'now' $$;"
	    "alter table told_later add b text; insert into told_later values ('a', 'now');"
	    "create schema afterwards;"
	    "create function afterwards.t() returns text language sql as $$ select 'now' $$"));
	assert_string_equal(ask(loop, pg, &stmts[0], NULL).text, "now");
	assert_string_equal(ask(loop, pg, &stmts[1], NULL).text, "now");
	assert_string_equal(ask(loop, pg, &stmts[2], NULL).text, "now");
	assert_string_equal(ask(loop, pg, &stmts[4], NULL).text, "now");
	assert_int_equal(pg_session(pg).number, session);
}

static void
a_statement_is_prepared_once(void **state)
{
	static const struct pg_stmt count = {
	    "COUNT", "select count(*)::text from pg_prepared_statements", 0, NULL};

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_string_equal(ask(loop, pg, &word, NULL).text, "word");
	assert_string_equal(ask(loop, pg, &count, NULL).text, "2");
}

/* A refusal is everyday business: it must not cost the connection. */
static void
a_transaction_that_was_refused_is_rolled_back_on_its_connection(void **state)
{
	static const struct pg_stmt add_one = {
	    "ADD_ONE", "insert into told (n) values (1)", 0, NULL};
	static const struct pg_stmt refused = {"REFUSE", "select refuse('do it')", 0, "P0001"};
	struct answer answer = {0}, added = {0}, inside = {0};
	struct pg_session session;

	(void)state;
	assert_int_equal(ask(loop, pg, &word, NULL).st, STATUS_OK);
	session = pg_session(pg);
	pg_begin(pg, 700, on_answer, &answer);
	run_until(loop, &answer.times);
	pg_call_in(session, &add_one, NULL, on_answer, &added);
	pg_call_in(session, &refused, NULL, on_answer, &inside);
	run_until(loop, &inside.times);
	assert_int_equal(inside.st, STATUS_REFUSED);
	pg_rollback(pg);
	assert_string_equal(ask(loop, pg, &told, NULL).text, "");
	assert_int_equal(pg_session(pg).number, session.number);
	/* Where there is no transaction it does nothing. */
	pg_rollback(pg);
	assert_string_equal(ask(loop, pg, &word, NULL).text, "word");
	assert_int_equal(pg_session(pg).number, session.number);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(calls_run_in_the_order_they_were_made),
	    TEST(an_answer_may_call),
	    TEST(an_answer_may_close),
	    TEST(a_call_cancelled_before_the_connection_never_runs),
	    TEST(a_queued_call_that_is_cancelled_never_runs),
	    TEST(a_cancelled_call_on_the_wire_is_not_answered),
	    TEST(a_call_can_be_cancelled_in_every_turn),
	    TEST(a_lock_wait_ends_at_the_time_limit),
	    TEST(calls_after_a_slow_one_keep_their_own_limits),
	    TEST(an_expected_error_is_a_refusal),
	    TEST(an_unexpected_error_ends_the_process),
	    TEST(a_value_too_big_for_the_server_is_a_limit),
	    TEST(a_changed_table_is_prepared_again),
	    TEST(a_statement_is_prepared_once),
	    TEST(a_schema_that_differs_is_waited_for),
	    TEST(a_transaction_that_was_refused_is_rolled_back_on_its_connection),
	};

	return cmocka_run_group_tests(tests, set_up_cluster, tear_down_cluster);
}
