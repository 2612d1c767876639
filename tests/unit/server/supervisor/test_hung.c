/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/supervisor/hung.h"

#define SECOND_NS UINT64_C(1000000000)

static const struct hung_limits limits = {
    .seconds = 10, .start_seconds = 60, .idle_seconds = 15, .work_seconds = 120};

/* ${seconds} more; the first second in which it is hung (from 1 on), or 0 with ${last} HUNG_NOT. */
struct process {
	struct hung_watch watch;
	struct hung_pulse pulse;
	enum hung last;
	uint64_t busy; /* nanoseconds of the processor in each second */
};

static unsigned
live(struct process *process, unsigned seconds, bool turns, bool steps)
{
	for (unsigned second = 1; second <= seconds; second++) {
		process->pulse.turns += turns;
		process->pulse.steps += steps;
		process->pulse.processor += process->busy;
		process->last = hung_second(&process->watch, process->pulse, limits);
		if (process->last != HUNG_NOT)
			return second;
	}
	return 0;
}

static struct process
running(void)
{
	struct process process = {0};

	assert_int_equal(live(&process, 1, true, false), 0);
	return process;
}

static void
who_turns_is_never_hung(void **state)
{
	struct process process = running();

	(void)state;
	assert_int_equal(live(&process, 100000, true, false), 0);
}

/* holds: F15 */
static void
a_loop_that_stands_is_hung_after_its_seconds(void **state)
{
	struct process process = running();

	(void)state;
	assert_int_equal(live(&process, 1000, false, false), limits.seconds);
	assert_int_equal(process.last, HUNG_LOOP);
}

static void
one_turn_in_time_begins_the_count_again(void **state)
{
	struct process process = running();

	(void)state;
	for (unsigned i = 0; i < 50; i++) {
		assert_int_equal(live(&process, limits.seconds - 1, false, false), 0);
		assert_int_equal(live(&process, 1, true, false), 0);
	}
}

static void
a_start_has_more_time_than_a_turn_and_not_for_ever(void **state)
{
	struct process process = {.busy = 1};

	(void)state;
	assert_int_equal(live(&process, 1000, false, false), limits.start_seconds);
	assert_int_equal(process.last, HUNG_START);
}

/* holds: F15 */
static void
a_start_that_spins_is_hung_when_it_has_used_as_much(void **state)
{
	struct process process = {.busy = SECOND_NS};

	(void)state;
	assert_int_equal(live(&process, 1000, false, false), limits.idle_seconds);
	assert_int_equal(process.last, HUNG_START);

	/* It reads the set-up of a country. */
	process = (struct process){.busy = SECOND_NS, .pulse.allowed_seconds = 40};
	assert_int_equal(live(&process, 1000, false, false), 40);

	/* Of a busy machine it gets a fifth. */
	process = (struct process){.busy = SECOND_NS / 5};
	assert_int_equal(live(&process, limits.start_seconds - 1, false, false), 0);
	assert_int_equal(live(&process, 1000, false, false), 1);
	assert_int_equal(process.last, HUNG_START);
}

/* holds: F15 */
static void
a_start_that_does_nothing_is_hung_sooner(void **state)
{
	struct process process = {0};

	(void)state;
	assert_int_equal(live(&process, 1000, false, false), limits.idle_seconds);
	assert_int_equal(process.last, HUNG_START);

	/* It waited for a disk. */
	process = (struct process){0};
	assert_int_equal(live(&process, limits.idle_seconds - 1, false, false), 0);
	process.busy = 1;
	assert_int_equal(live(&process, 1, false, false), 0);
	process.busy = 0;
	assert_int_equal(live(&process, 1000, false, false), limits.idle_seconds);

	/* A role that runs may have nothing to do. */
	process = running();
	assert_int_equal(live(&process, 1000, true, false), 0);
}

/* A set-up of a country is read: the callback has said that it may take a minute. */
static void
long_work_is_not_hung_for_as_long_as_it_asked_for(void **state)
{
	struct process process = running();

	(void)state;
	process.pulse.allowed_seconds = 60;
	assert_int_equal(live(&process, 1000, false, false), 60);
	assert_int_equal(process.last, HUNG_LOOP);

	process = running();
	process.pulse.allowed_seconds = 60;
	assert_int_equal(live(&process, 59, false, false), 0);
	process.pulse.allowed_seconds = 0; /* the turn after it */
	assert_int_equal(live(&process, 1, true, false), 0);
	assert_int_equal(live(&process, 1000, false, false), limits.seconds);
}

static void
nobody_can_ask_for_less_time(void **state)
{
	struct process process = running();

	(void)state;
	process.pulse.allowed_seconds = 1;
	assert_int_equal(live(&process, 1000, false, false), limits.seconds);
}

/* holds: F15 */
static void
work_without_steps_is_hung_while_the_loop_turns(void **state)
{
	struct process process = running();

	(void)state;
	process.pulse.working = true;
	process.pulse.steps++;
	assert_int_equal(live(&process, 1, true, false), 0);
	assert_int_equal(live(&process, 1000, true, false), limits.work_seconds);
	assert_int_equal(process.last, HUNG_WORK);
}

static void
work_that_steps_or_is_over_is_not_hung(void **state)
{
	struct process process = running();

	(void)state;
	process.pulse.working = true;
	assert_int_equal(live(&process, 10000, true, true), 0);
	for (unsigned i = 0; i < 10; i++) {
		assert_int_equal(live(&process, limits.work_seconds - 1, true, false), 0);
		assert_int_equal(live(&process, 1, true, true), 0);
	}
	process.pulse.working = false;
	assert_int_equal(live(&process, 10000, true, false), 0);
}

/* It is the loop that stands: steps cannot come, and their count goes on when it turns again. */
static void
what_the_loop_owes_is_not_said_of_the_work(void **state)
{
	struct process process = running();

	(void)state;
	process.pulse.working = true;
	process.pulse.steps++;
	for (unsigned i = 0; i < limits.work_seconds; i++) {
		assert_int_equal(live(&process, limits.seconds - 1, false, false), 0);
		if (live(&process, 1, true, false) != 0)
			break;
		assert_int_equal(process.watch.stuck, i + 1);
	}
}

/* The machine was suspended, or somebody stopped the supervisor: one second, however long it was. */
static void
time_in_which_the_supervisor_slept_is_one_second(void **state)
{
	int64_t last = 1000;

	(void)state;
	assert_false(hung_is_second(&last, 1999));
	assert_true(hung_is_second(&last, 2000));
	assert_false(hung_is_second(&last, 2999));
	assert_true(hung_is_second(&last, 3600000));
	assert_false(hung_is_second(&last, 3600999));
	assert_true(hung_is_second(&last, 3601000));
}

static void
the_words_differ(void **state)
{
	(void)state;
	assert_string_not_equal(hung_words(HUNG_LOOP), hung_words(HUNG_WORK));
	assert_string_not_equal(hung_words(HUNG_LOOP), hung_words(HUNG_START));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_turns_is_never_hung),
	    cmocka_unit_test(a_loop_that_stands_is_hung_after_its_seconds),
	    cmocka_unit_test(one_turn_in_time_begins_the_count_again),
	    cmocka_unit_test(a_start_has_more_time_than_a_turn_and_not_for_ever),
	    cmocka_unit_test(a_start_that_spins_is_hung_when_it_has_used_as_much),
	    cmocka_unit_test(a_start_that_does_nothing_is_hung_sooner),
	    cmocka_unit_test(long_work_is_not_hung_for_as_long_as_it_asked_for),
	    cmocka_unit_test(nobody_can_ask_for_less_time),
	    cmocka_unit_test(work_without_steps_is_hung_while_the_loop_turns),
	    cmocka_unit_test(work_that_steps_or_is_over_is_not_hung),
	    cmocka_unit_test(what_the_loop_owes_is_not_said_of_the_work),
	    cmocka_unit_test(time_in_which_the_supervisor_slept_is_one_second),
	    cmocka_unit_test(the_words_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
