/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/text.h"
#include "server/loop/loop.h"

/* The events, in order, as letters. */
struct story {
	struct loop *loop;
	struct buf told;
	struct loop_timer *timer;
	struct loop_watch *watch;
	int fds[2];
	int times;
};

static int
set_up(void **state)
{
	struct story *story = xcalloc(1, sizeof *story);

	story->loop = loop_new();
	buf_add_text(&story->told, "");
	*state = story;
	return pipe(story->fds);
}

static int
tear_down(void **state)
{
	struct story *story = *state;

	loop_free(story->loop);
	close(story->fds[0]);
	close(story->fds[1]);
	buf_free(&story->told);
	free(story);
	return 0;
}

static void
tell_a(void *ctx)
{
	buf_add_text(&((struct story *)ctx)->told, "a");
}

static void
tell_b(void *ctx)
{
	buf_add_text(&((struct story *)ctx)->told, "b");
}

static void
stop(void *ctx)
{
	loop_stop(((struct story *)ctx)->loop);
}

static void
give_up(void *ctx)
{
	(void)ctx;
	fail_msg("the fact did not come about in time");
}

static void
test_timers_fire_once_in_order(void **state)
{
	struct story *story = *state;
	int64_t before = clock_mono_ms();

	loop_after(story->loop, 40, tell_b, story);
	loop_after(story->loop, 20, tell_a, story);
	loop_after(story->loop, 80, stop, story);
	loop_run(story->loop);
	assert_string_equal(story->told.at, "ab");
	assert_in_range(clock_mono_ms() - before, 70, 20000);
}

static void
test_a_cancelled_timer_never_fires(void **state)
{
	struct story *story = *state;
	struct loop_timer *timer = loop_after(story->loop, 0, tell_a, story);

	loop_after(story->loop, 30, stop, story);
	loop_timer_cancel(timer);
	loop_timer_cancel(NULL);
	loop_watch_cancel(NULL);
	loop_run(story->loop);
	assert_string_equal(story->told.at, "");
}

static void
count_to_three(void *ctx)
{
	struct story *story = ctx;

	tell_a(story);
	if (++story->times < 3)
		return;
	loop_timer_cancel(story->timer); /* inside its own callback */
	story->timer = NULL;
	loop_after(story->loop, 30, stop, story);
}

static void
test_every_goes_on_until_cancelled(void **state)
{
	struct story *story = *state;

	story->timer = loop_every(story->loop, 5, count_to_three, story);
	loop_run(story->loop);
	assert_string_equal(story->told.at, "aaa");
}

static void
free_tells(void *memory)
{
	struct story **story = memory;

	buf_add_text(&(*story)->told, "f");
	free(story);
}

static void
soon_from_soon(void *ctx)
{
	struct story *story = ctx;

	tell_b(story);
	loop_soon(story->loop, tell_a, story);
}

static void
ask_for_the_end_of_the_turn(void *ctx)
{
	struct story *story = ctx;
	struct story **memory = xmalloc(sizeof *memory);

	*memory = story;
	loop_free_later(story->loop, memory, free_tells);
	loop_soon(story->loop, soon_from_soon, story);
	buf_add_text(&story->told, "(");
	loop_after(story->loop, 0, stop, story);
	buf_add_text(&story->told, ")");
}

static void
test_a_turn_ends_with_soon_and_then_the_frees(void **state)
{
	struct story *story = *state;

	loop_after(story->loop, 0, ask_for_the_end_of_the_turn, story);
	loop_run(story->loop);
	assert_string_equal(story->told.at, "()baf");
}

static void
test_soon_before_the_run_is_not_lost(void **state)
{
	struct story *story = *state;
	struct story **memory = xmalloc(sizeof *memory);

	*memory = story;
	loop_soon(story->loop, tell_a, story);
	loop_soon(story->loop, stop, story);
	loop_run(story->loop);
	assert_string_equal(story->told.at, "a");
	loop_free_later(
	    story->loop, memory, free_tells); /* loop_free runs it: see the leak check */
}

static void
on_readable(void *ctx, int what)
{
	struct story *story = ctx;
	char byte;

	assert_int_equal(what, LOOP_READ);
	assert_int_equal(read(story->fds[0], &byte, 1), 1);
	buf_add(&story->told, &byte, 1);
	if (byte == 'x')
		loop_watch_set(story->watch, 0);
	if (byte == 'z') {
		loop_watch_cancel(story->watch); /* inside its own callback */
		loop_stop(story->loop);
	}
}

static void
wake(void *ctx)
{
	struct story *story = ctx;

	assert_string_equal(story->told.at, "wx");
	loop_watch_set(story->watch, LOOP_READ);
}

static void
test_a_watch_sleeps_and_wakes(void **state)
{
	struct story *story = *state;

	story->watch = loop_watch(story->loop, story->fds[0], LOOP_READ, on_readable, story);
	assert_int_equal(write(story->fds[1], "wxyz", 4), 4);
	loop_after(story->loop, 40, wake, story);
	loop_after(story->loop, 20000, give_up, story);
	loop_run(story->loop);
	assert_string_equal(story->told.at, "wxyz");
}

static void
on_writable(void *ctx, int what)
{
	struct story *story = ctx;

	assert_int_equal(what, LOOP_WRITE);
	loop_stop(story->loop);
}

static void
test_a_descriptor_is_writable(void **state)
{
	struct story *story = *state;

	story->watch = loop_watch(story->loop, story->fds[1], 0, on_writable, story);
	loop_watch_set(story->watch, LOOP_WRITE);
	loop_after(story->loop, 20000, give_up, story);
	loop_run(story->loop);
	loop_watch_cancel(story->watch);
}

static void
raise_it(void *ctx)
{
	(void)ctx;
	raise(SIGUSR1);
}

static void
test_a_signal_is_an_event(void **state)
{
	struct story *story = *state;

	loop_on_signal(story->loop, SIGUSR1, tell_a, story);
	loop_on_signal(story->loop, SIGUSR1, stop, story);
	loop_after(story->loop, 0, raise_it, story);
	loop_after(story->loop, 20000, give_up, story);
	loop_run(story->loop);
	assert_string_equal(story->told.at, "a");
}

static void
hold_up(void *ctx)
{
	int64_t until = clock_mono_ms() + 300;

	(void)ctx;
	while (clock_mono_ms() < until)
		;
}

static void
stop_when_lag_is_seen(void *ctx)
{
	struct story *story = ctx;

	if (loop_lag_ms(story->loop) >= 150)
		loop_stop(story->loop);
}

static void
test_lag_is_measured(void **state)
{
	struct story *story = *state;

	loop_after(story->loop, 0, hold_up, story);
	loop_every(story->loop, 5, stop_when_lag_is_seen, story);
	loop_after(story->loop, 20000, give_up, story);
	loop_run(story->loop);
	assert_in_range(loop_lag_ms(story->loop), 150, 20000);
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    STORY(test_timers_fire_once_in_order),
	    STORY(test_a_cancelled_timer_never_fires),
	    STORY(test_every_goes_on_until_cancelled),
	    STORY(test_a_turn_ends_with_soon_and_then_the_frees),
	    STORY(test_soon_before_the_run_is_not_lost),
	    STORY(test_a_watch_sleeps_and_wakes),
	    STORY(test_a_descriptor_is_writable),
	    STORY(test_a_signal_is_an_event),
	    STORY(test_lag_is_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
