/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "server/base/breath.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/text.h"
#include "server/loop/slices.h"

#define WORK_US 20000
#define PATIENCE_MS 60000

static struct loop *loop;
static struct slices *slices;
static uint64_t served;
static unsigned turns, left;
static struct buf told;

/* Work of twenty milliseconds, and the letter that it tells when it has ended. */
struct work {
	char letter;
	unsigned turns; /* of the loop while it lasted */
	bool deep;
};

static uint64_t
count_served(void *ctx)
{
	(void)ctx;
	return served;
}

/* Whatever stands on the stack is there after a pause. */
static uint64_t
deeply(unsigned depth)
{
	volatile char frame[256];
	uint64_t below;

	for (size_t i = 0; i < sizeof frame; i++)
		frame[i] = (char)depth;
	breath();
	below = depth == 0 ? 0 : deeply(depth - 1);
	breath();
	for (size_t i = 0; i < sizeof frame; i++)
		assert_int_equal(frame[i], (char)depth);
	return below + depth;
}

static void
do_work(void *ctx)
{
	struct work *work = ctx;
	unsigned before = turns;
	int64_t ends = clock_mono_us() + WORK_US;

	if (work->deep)
		assert_int_equal(deeply(1000), 500500);
	/* On a busy machine twenty milliseconds may be over before the loop has turned once. */
	while (clock_mono_us() < ends ||
	       (work->deep && (turns - before < 3 || slices_stats(slices).slices < 3)))
		breath();
	work->turns = turns - before;
	buf_add(&told, &work->letter, 1);
	if (--left == 0)
		loop_stop(loop);
}

static void
on_tick(void *ctx)
{
	(void)ctx;
	turns++;
	served++;
}

static void
give_up(void *ctx)
{
	(void)ctx;
	fail_msg("the work did not end");
}

static int
set_up(void **state)
{
	(void)state;
	loop = loop_new();
	slices = slices_new(loop, &(struct slices_options){.served = count_served});
	served = turns = left = 0;
	buf_add_text(&told, "");
	loop_every(loop, 1, on_tick, NULL);
	loop_after(loop, PATIENCE_MS, give_up, NULL);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	slices_finish(slices);
	loop_free(loop);
	slices_free(slices);
	buf_free(&told);
	return 0;
}

static void
add(uint64_t owner, struct work *work)
{
	left++;
	slices_add(slices, owner, do_work, work);
}

static void
test_the_loop_turns_meanwhile(void **state)
{
	struct work work = {.letter = 'a', .deep = true};

	(void)state;
	add(1, &work);
	assert_int_equal(told.len, 0); /* not from within the call */
	loop_run(loop);
	assert_string_equal(told.at, "a");
	/* 20 ms in slices of half a millisecond, with pauses of 3 ms since others are served. */
	assert_in_range(work.turns, 3, 1000000);
	assert_true(slices_stats(slices).slices >= 3);
	assert_int_equal(slices_stats(slices).waiting, 0);
	assert_null(breath_taker);
}

/* Owner 1 has asked much before owner 2 came. */
static void
test_owners_take_turns(void **state)
{
	struct work works[5] = {
	    {.letter = 'a'}, {.letter = 'b'}, {.letter = 'c'}, {.letter = 'd'}, {.letter = 'e'}};

	(void)state;
	add(1, &works[0]);
	add(1, &works[1]);
	add(1, &works[2]);
	add(2, &works[3]);
	add(3, &works[4]);
	assert_int_equal(slices_stats(slices).waiting, 5);
	loop_run(loop);
	assert_string_equal(told.at, "adbec");
}

static void
stop(void *ctx)
{
	loop_stop(ctx);
}

/* What is under way, and what waits, is brought to its end at once. */
static void
test_the_end_waits_for_the_work(void **state)
{
	struct work works[2] = {{.letter = 'a'}, {.letter = 'b'}};

	(void)state;
	add(1, &works[0]);
	add(1, &works[1]);
	loop_after(loop, 0, stop, loop);
	loop_run(loop);
	assert_true(told.len < 2);
	slices_finish(slices);
	assert_string_equal(told.at, "ab");
	assert_int_equal(works[1].turns, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_the_loop_turns_meanwhile, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_owners_take_turns, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_the_end_waits_for_the_work, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
