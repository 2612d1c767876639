/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sodium.h>
#include <stdio.h>

#include "server/api/ask/rates.h"

/* What somebody may ask in a minute. The clock is the test's. */

#define A_MINUTE 120
#define NOW INT64_C(5000000)

static const int64_t a_minute[RATES] = {
    [RATE_ACCOUNT] = A_MINUTE, [RATE_TOKEN] = A_MINUTE, [RATE_ADDRESS] = A_MINUTE};

static struct rates *rates;

static int
set_up(void **state)
{
	(void)state;
	rates = rates_new(a_minute);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	rates_free(rates);
	return 0;
}

static int64_t
ask(enum rate rate, const char *name, unsigned cost, int64_t now_ms)
{
	return rates_take(rates, rate, slice_of(name), cost, now_ms);
}

/* How many requests are taken at ${now_ms} until one is not. */
static unsigned
taken(enum rate rate, const char *name, unsigned cost, int64_t now_ms)
{
	unsigned count = 0;

	while (ask(rate, name, cost, now_ms) == 0)
		count++;
	return count;
}

static void
test_a_minutes_worth_at_once(void **state)
{
	(void)state;
	assert_int_equal(taken(RATE_TOKEN, "a", RATES_OF_REQUEST, NOW), A_MINUTE);
	assert_int_equal(rates_refused(rates, RATE_TOKEN), 1);
	assert_int_equal(rates_refused(rates, RATE_ACCOUNT), 0);
}

/* One comes back each half second; what was refused was not counted. */
static void
test_it_comes_back_steadily(void **state)
{
	(void)state;
	taken(RATE_TOKEN, "a", RATES_OF_REQUEST, NOW);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(ask(RATE_TOKEN, "a", RATES_OF_REQUEST, NOW), 500);
	assert_int_equal(ask(RATE_TOKEN, "a", RATES_OF_REQUEST, NOW + 499), 1);
	assert_int_equal(taken(RATE_TOKEN, "a", RATES_OF_REQUEST, NOW + 500), 1);
	assert_int_equal(taken(RATE_TOKEN, "a", RATES_OF_REQUEST, NOW + 10500), 20);
	assert_int_equal(taken(RATE_TOKEN, "a", RATES_OF_REQUEST, NOW + 1000000), A_MINUTE);
}

static void
test_lookups_are_refused_last(void **state)
{
	(void)state;
	assert_int_equal(taken(RATE_TOKEN, "a", RATES_OF_LOOKUP, NOW), 10 * A_MINUTE);
	taken(RATE_TOKEN, "b", RATES_OF_REQUEST, NOW);
	/* Where another request waits for half a second, a lookup waits for 50 ms. */
	assert_int_equal(ask(RATE_TOKEN, "b", RATES_OF_LOOKUP, NOW), 50);
	assert_int_equal(ask(RATE_TOKEN, "b", RATES_OF_LOOKUP, NOW + 50), 0);
	assert_int_equal(ask(RATE_TOKEN, "b", RATES_OF_REQUEST, NOW + 50), 500);
}

static void
test_each_name_of_each_kind_by_itself(void **state)
{
	(void)state;
	taken(RATE_TOKEN, "a", RATES_OF_REQUEST, NOW);
	assert_int_equal(taken(RATE_TOKEN, "b", RATES_OF_REQUEST, NOW), A_MINUTE);
	assert_int_equal(taken(RATE_ACCOUNT, "a", RATES_OF_REQUEST, NOW), A_MINUTE);
	assert_int_equal(taken(RATE_ADDRESS, "a", RATES_OF_REQUEST, NOW), A_MINUTE);
}

/* One who asks much stays counted, however many names others come up with. */
static void
test_many_names_do_not_push_out_one_who_asks_much(void **state)
{
	char name[16];

	(void)state;
	taken(RATE_ADDRESS, "a", RATES_OF_REQUEST, NOW);
	for (int i = 0; i < 100000; i++) {
		snprintf(name, sizeof name, "%d", i);
		assert_int_equal(ask(RATE_ADDRESS, name, RATES_OF_REQUEST, NOW), 0);
	}
	assert_true(ask(RATE_ADDRESS, "a", RATES_OF_REQUEST, NOW) > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_a_minutes_worth_at_once, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_it_comes_back_steadily, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_lookups_are_refused_last, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_each_name_of_each_kind_by_itself, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		test_many_names_do_not_push_out_one_who_asks_much, set_up, tear_down),
	};

	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
