/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/redis/talk.h"

/* Replies of every kind, order, limits, cancelling, and servers that go away. */

static struct scratch_redis *server;
static struct loop *loop;
static struct redis *redis;

static int
set_up_server(void **state)
{
	(void)state;
	server = scratch_redis_start(&(struct scratch_redis_options){.append_only = true});
	return 0;
}

static int
tear_down_server(void **state)
{
	(void)state;
	scratch_redis_stop(server);
	return 0;
}

static int
set_up(void **state)
{
	(void)state;
	loop = loop_new();
	redis = redis_open(loop,
	    &(struct redis_options){.url = scratch_redis_url(server), .command_ms = 400}, NULL);
	assert_non_null(redis);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	redis_close(redis);
	loop_free(loop);
	return 0;
}

static void
every_kind_of_reply_comes_back(void **state)
{
	(void)state;
	assert_string_equal(ask(loop, redis, "SET a word").text, "\"OK\"");
	assert_string_equal(ask(loop, redis, "GET a").text, "\"word\"");
	assert_string_equal(ask(loop, redis, "GET none").text, "nil");
	assert_string_equal(ask(loop, redis, "DEL a none").text, "1");
	assert_string_equal(ask(loop, redis, "XADD s 1-7 p x").text, "\"1-7\"");
	assert_string_equal(ask(loop, redis, "XADD s 1-8 p y").text, "\"1-8\"");
	assert_string_equal(ask(loop, redis, "XRANGE s - +").text,
	    "[[\"1-7\", [\"p\", \"x\"]], [\"1-8\", [\"p\", \"y\"]]]");
	assert_string_equal(ask(loop, redis, "XRANGE s 2 +").text, "[]");
	assert_string_equal(ask(loop, redis, "XREAD STREAMS s 9").text, "nil");
}

static void
an_error_is_a_reply(void **state)
{
	struct heard heard;

	(void)state;
	heard = ask(loop, redis, "XADD s 1-1 p x");
	assert_int_equal(heard.st, STATUS_OK);
	assert_string_equal(heard.text,
	    "!ERR The ID specified in XADD is equal or smaller than the target stream top item");
	assert_string_equal(ask(loop, redis, "NOSUCH").text,
	    "!ERR unknown command 'NOSUCH', with args beginning with: ");
	assert_string_equal(ask(loop, redis, "PING").text, "\"PONG\"");
}

static void
arguments_may_hold_any_byte(void **state)
{
	struct slice set[] = {SLICE("SET"), SLICE("b\r\n *3 %s"), SLICE("\0\xff\r\n\"")};
	struct slice get[] = {SLICE("GET"), set[1]};
	struct slice empty[] = {SLICE("ECHO"), {NULL, 0}};
	struct heard heard = {0}, echoed = {0}, none = {0};

	(void)state;
	redis_call(redis, set, 3, on_heard, &heard);
	redis_call(redis, get, 2, on_heard, &echoed);
	redis_call(redis, empty, 2, on_heard, &none);
	run_until(loop, &none.times);
	assert_string_equal(heard.text, "\"OK\"");
	assert_memory_equal(echoed.text, "\"\\u0000", 7);
	assert_string_equal(none.text, "\"\"");
}

static void
replies_come_in_the_order_of_the_calls(void **state)
{
	struct heard heard[300] = {0};
	int count = 0;

	(void)state;
	for (int i = 0; i < 300; i++) {
		char command[32];

		heard[i].count = &count;
		snprintf(command, sizeof command, "ECHO %d", i);
		say(redis, command, &heard[i]);
	}
	run_until(loop, &heard[299].times);
	for (int i = 0; i < 300; i++) {
		char wanted[32];

		snprintf(wanted, sizeof wanted, "\"%d\"", i);
		assert_string_equal(heard[i].text, wanted);
		assert_int_equal(heard[i].order, i + 1);
	}
}

static void
on_large(void *ctx, enum status st, const struct redis_reply *reply)
{
	assert_int_equal(st, STATUS_OK);
	assert_int_equal(reply->text.len, 8000000);
	*(int *)ctx = 1;
}

static void
large_values_go_both_ways(void **state)
{
	char *large = malloc(8000000);
	struct slice argv[] = {SLICE("ECHO"), {large, 8000000}};
	int done = 0;

	(void)state;
	memset(large, 'x', 8000000);
	redis_close(redis);
	redis = redis_open(loop, &(struct redis_options){.url = scratch_redis_url(server)}, NULL);
	redis_call(redis, argv, 2, on_large, &done);
	free(large);
	run_until(loop, &done);
}

static void
a_reply_too_big_is_given_up(void **state)
{
	(void)state;
	redis_close(redis);
	redis = redis_open(loop, &(struct redis_options){.url = scratch_redis_url(server)}, NULL);
	assert_string_equal(ask(loop, redis, "SETRANGE big 20000000 x").text, "20000001");
	assert_int_equal(ask(loop, redis, "GET big").st, STATUS_AGAIN);
	assert_string_equal(ask(loop, redis, "DEL big").text, "1");
}

/* holds: F9 */
static void
a_call_over_its_limit_is_try_again(void **state)
{
	struct heard slow = {0}, behind = {0};
	int64_t began;

	(void)state;
	assert_string_equal(ask(loop, redis, "CLIENT PAUSE 1000").text, "\"OK\"");
	began = clock_mono_ms();
	say(redis, "ECHO slow", &slow);
	say(redis, "PING", &behind);
	run_until(loop, &slow.times);
	run_until(loop, &behind.times);
	assert_in_range(clock_mono_ms() - began, 390, 900);
	assert_int_equal(slow.st, STATUS_AGAIN);
	assert_int_equal(behind.st, STATUS_AGAIN);
	/* Redis is paused for a while yet; then all is well again, and no late reply is taken for
	 * another's. */
	while (ask(loop, redis, "ECHO fine").st != STATUS_OK)
		assert_true(clock_mono_ms() - began < PATIENCE_MS);
	assert_string_equal(ask(loop, redis, "ECHO fine").text, "\"fine\"");
}

/* holds: F8 */
static void
a_frozen_server_is_given_up(void **state)
{
	struct heard heard = {0};
	int64_t deadline = clock_mono_ms() + PATIENCE_MS;

	(void)state;
	assert_string_equal(ask(loop, redis, "PING").text, "\"PONG\"");
	scratch_redis_freeze(server);
	/* Without a single call: the pulse finds out. */
	while (redis_connected(redis)) {
		run_for(loop, 10);
		assert_true(clock_mono_ms() < deadline);
	}
	say(redis, "PING", &heard);
	run_until(loop, &heard.times);
	assert_int_equal(heard.st, STATUS_AGAIN);
	scratch_redis_thaw(server);
	while (ask(loop, redis, "PING").st != STATUS_OK)
		assert_true(clock_mono_ms() < deadline);
}

struct states {
	int up, down;
};

static void
on_state(void *ctx, bool connected)
{
	struct states *states = ctx;

	assert_true(connected == redis_connected(redis));
	if (connected)
		states->up++;
	else
		states->down++;
}

/* holds: F6 */
static void
a_killed_server_is_waited_for(void **state)
{
	struct states states = {0};
	struct heard on_wire = {0}, away = {0};

	(void)state;
	redis_on_state(redis, on_state, &states);
	run_until(loop, &states.up);
	assert_string_equal(ask(loop, redis, "SET kept yes").text, "\"OK\"");
	say(redis, "BLPOP nothing 60", &on_wire);
	run_for(loop, 20);
	scratch_redis_kill9(server);
	run_until(loop, &on_wire.times);
	assert_int_equal(on_wire.st, STATUS_AGAIN);
	run_until(loop, &states.down);
	say(redis, "PING", &away);
	run_until(loop, &away.times);
	assert_int_equal(away.st, STATUS_AGAIN);
	states.up = 0;
	scratch_redis_resume(server);
	run_until(loop, &states.up);
	assert_string_equal(ask(loop, redis, "GET kept").text, "\"yes\"");
	assert_int_equal(states.up, 1);
	assert_int_equal(states.down, 1);
}

/* Within its limit a call waits for the server to come. */
static void
a_call_waits_for_the_connection(void **state)
{
	struct heard heard = {0};

	(void)state;
	say(redis, "PING", &heard);
	assert_false(redis_connected(redis));
	run_until(loop, &heard.times);
	assert_string_equal(heard.text, "\"PONG\"");
	assert_true(redis_connected(redis));
}

static void
a_call_can_be_cancelled_in_every_turn(void **state)
{
	(void)state;
	redis_call_cancel(NULL);
	for (int turns = 0; turns < 20; turns++) {
		struct redis *own = redis_open(
		    loop, &(struct redis_options){.url = scratch_redis_url(server)}, NULL);
		struct heard cancelled = {0};
		struct redis_call *call = say(own, "ECHO cancelled", &cancelled);

		for (int i = 0; i < turns && cancelled.times == 0; i++) {
			loop_stop(loop); /* one turn */
			loop_run(loop);
		}
		if (cancelled.times == 0)
			redis_call_cancel(call);
		assert_string_equal(ask(loop, own, "ECHO next").text, "\"next\"");
		assert_true(cancelled.times == 0 || strcmp(cancelled.text, "\"cancelled\"") == 0);
		redis_close(own);
	}
}

static void
on_closing(void *ctx, enum status st, const struct redis_reply *reply)
{
	(void)st;
	redis_close(redis);
	redis = NULL;
	if (reply != NULL)
		assert_true(slice_is(reply->text, "PONG")); /* still borrowed */
	*(int *)ctx = 1;
}

static void
a_reply_may_close(void **state)
{
	struct heard never = {0};
	int done = 0;

	(void)state;
	redis_call(redis, &SLICE("PING"), 1, on_closing, &done);
	say(redis, "PING", &never);
	run_until(loop, &done);
	run_for(loop, 20);
	assert_int_equal(never.times, 0);
}

/* The same for the answers of a lost connection. */
static void
a_lost_call_may_close(void **state)
{
	struct heard never = {0};
	struct slice argv[] = {SLICE("BLPOP"), SLICE("nothing"), SLICE("60")};
	int done = 0;

	(void)state;
	assert_string_equal(ask(loop, redis, "PING").text, "\"PONG\"");
	redis_call(redis, argv, 3, on_closing, &done);
	say(redis, "PING", &never);
	run_until(loop, &done);
	run_for(loop, 20);
	assert_int_equal(never.times, 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(every_kind_of_reply_comes_back),
	    TEST(an_error_is_a_reply),
	    TEST(arguments_may_hold_any_byte),
	    TEST(replies_come_in_the_order_of_the_calls),
	    TEST(large_values_go_both_ways),
	    TEST(a_reply_too_big_is_given_up),
	    TEST(a_call_over_its_limit_is_try_again),
	    TEST(a_frozen_server_is_given_up),
	    TEST(a_killed_server_is_waited_for),
	    TEST(a_call_waits_for_the_connection),
	    TEST(a_call_can_be_cancelled_in_every_turn),
	    TEST(a_reply_may_close),
	    TEST(a_lost_call_may_close),
	};

	return cmocka_run_group_tests(tests, set_up_server, tear_down_server);
}
