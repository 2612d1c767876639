/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <time.h>

#include "server/base/backoff.h"
#include "server/base/clock.h"

static void
test_the_clocks_agree(void **state)
{
	int64_t before = time(NULL), us = clock_wall_us(), wall = clock_wall();
	int64_t mono = clock_mono_ms();

	(void)state;
	assert_in_range(us / 1000000, before - 1, before + 10);
	assert_in_range(wall, us / 1000000, us / 1000000 + 10);
	assert_true(clock_mono_ms() >= mono);
}

static void
test_waits_double_with_jitter(void **state)
{
	int64_t lowest = INT64_MAX, highest = 0;

	(void)state;
	for (int round = 0; round < 200; round++) {
		struct backoff backoff;
		int64_t wait;

		backoff_init(&backoff, 100, 1000);
		for (int step = 0; step < 8; step++) {
			int64_t whole = step < 4 ? 100 << step : 1000;

			assert_in_range(backoff_next_ms(&backoff), whole / 2, whole);
		}
		backoff_reset(&backoff);
		wait = backoff_next_ms(&backoff);
		assert_in_range(wait, 50, 100);
		lowest = wait < lowest ? wait : lowest;
		highest = wait > highest ? wait : highest;
	}
	/* 200 draws from 51 values: standing still has a chance of 51 ^ -199. */
	assert_true(lowest < highest);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_the_clocks_agree),
	    cmocka_unit_test(test_waits_double_with_jitter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
