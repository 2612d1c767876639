/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/redis/talk.h"

static struct scratch_redis *server;
static struct loop *loop;
static struct redis *publisher, *subscriber;

struct story {
	int messages, subscribed;
	char text[512];
};

static int
set_up(void **state)
{
	struct redis_options options;

	(void)state;
	server = scratch_redis_start(NULL);
	loop = loop_new();
	options = (struct redis_options){.url = scratch_redis_url(server), .command_ms = 300};
	publisher = redis_open(loop, &options, NULL);
	subscriber = redis_open(loop, &options, NULL);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	redis_close(publisher);
	redis_close(subscriber);
	loop_free(loop);
	scratch_redis_stop(server);
	return 0;
}

static void
on_message(void *ctx, struct slice channel, struct slice payload)
{
	struct story *story = ctx;
	size_t len = strlen(story->text);

	story->messages++;
	snprintf(story->text + len, sizeof story->text - len, "%.*s=%.*s ", (int)channel.len,
	    channel.at, (int)payload.len, payload.at);
}

static void
on_subscribed(void *ctx)
{
	((struct story *)ctx)->subscribed++;
}

static void
messages_come_in_order(void **state)
{
	struct story story = {0};

	(void)state;
	redis_subscribe(subscriber, "a", on_message, on_subscribed, &story);
	redis_subscribe(subscriber, "b", on_message, NULL, &story);
	run_until(loop, &story.subscribed);
	assert_string_equal(ask(loop, publisher, "PUBLISH a 1").text, "1");
	while (strcmp(ask(loop, publisher, "PUBLISH b 2").text, "1") != 0)
		run_for(loop, 1);
	assert_string_equal(ask(loop, publisher, "PUBLISH c 3").text, "0");
	assert_string_equal(ask(loop, publisher, "PUBLISH a 4").text, "1");
	while (story.messages < 3)
		run_for(loop, 1);
	assert_string_equal(story.text, "a=1 b=2 a=4 ");
	assert_int_equal(story.subscribed, 1);
}

static void
a_quiet_subscriber_stays(void **state)
{
	struct story story = {0};

	(void)state;
	redis_subscribe(subscriber, "a", on_message, on_subscribed, &story);
	run_until(loop, &story.subscribed);
	run_for(loop, 1500); /* several pulses long */
	assert_int_equal(story.subscribed, 1);
	assert_string_equal(ask(loop, publisher, "PUBLISH a 1").text, "1");
	run_until(loop, &story.messages);
}

static void
a_subscription_is_renewed(void **state)
{
	struct story story = {0};

	(void)state;
	redis_subscribe(subscriber, "a", on_message, on_subscribed, &story);
	run_until(loop, &story.subscribed);
	story.subscribed = 0;
	scratch_redis_kill9(server);
	scratch_redis_resume(server);
	run_until(loop, &story.subscribed);
	while (ask(loop, publisher, "PUBLISH a back").st != STATUS_OK)
		;
	run_until(loop, &story.messages);
	assert_string_equal(story.text, "a=back ");
}

/* It hears nothing and is not hung up on: only its own pings tell. */
static void
a_frozen_server_is_noticed(void **state)
{
	struct story story = {0};
	int64_t deadline = clock_mono_ms() + PATIENCE_MS;

	(void)state;
	redis_subscribe(subscriber, "a", on_message, on_subscribed, &story);
	run_until(loop, &story.subscribed);
	scratch_redis_freeze(server);
	while (redis_connected(subscriber)) {
		run_for(loop, 10);
		assert_true(clock_mono_ms() < deadline);
	}
	story.subscribed = 0;
	scratch_redis_thaw(server);
	run_until(loop, &story.subscribed);
}

static void
on_message_close(void *ctx, struct slice channel, struct slice payload)
{
	(void)channel;
	redis_close(subscriber);
	subscriber = NULL;
	assert_true(slice_is(payload, "x"));
	*(int *)ctx = 1;
}

static void
a_message_may_close(void **state)
{
	int closed = 0;

	(void)state;
	redis_subscribe(subscriber, "a", on_message_close, NULL, &closed);
	while (!closed) {
		ask(loop, publisher, "PUBLISH a x");
		ask(loop, publisher, "PUBLISH a x");
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(messages_come_in_order),
	    TEST(a_quiet_subscriber_stays),
	    TEST(a_subscription_is_renewed),
	    TEST(a_frozen_server_is_noticed),
	    TEST(a_message_may_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
