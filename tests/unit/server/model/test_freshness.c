/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/model/freshness.h"

#define NOW 1800000000

/* holds: H02.1 */
static void
test_the_bands(void **state)
{
	static const struct {
		int64_t age;
		enum freshness want;
	} cases[] = {{-5, FRESHNESS_FRESH}, {0, FRESHNESS_FRESH}, {15 * 60, FRESHNESS_FRESH},
	    {15 * 60 + 1, FRESHNESS_AGEING}, {60 * 60, FRESHNESS_AGEING},
	    {60 * 60 + 1, FRESHNESS_STALE}, {6 * 3600, FRESHNESS_STALE},
	    {6 * 3600 + 1, FRESHNESS_UNKNOWN}, {1 << 30, FRESHNESS_UNKNOWN}};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(freshness_of(true, NOW - cases[i].age, NOW), cases[i].want);
	assert_string_equal(freshness_name(FRESHNESS_FRESH), "fresh");
	assert_string_equal(freshness_name(FRESHNESS_AGEING), "ageing");
	assert_string_equal(freshness_name(FRESHNESS_STALE), "stale");
	assert_string_equal(freshness_name(FRESHNESS_UNKNOWN), "unknown");
}

static void
test_uploads_and_typed_rotas_do_not_age(void **state)
{
	(void)state;
	assert_int_equal(freshness_of(false, INT64_MIN, NOW), FRESHNESS_FRESH);
	assert_int_equal(freshness_of(false, NOW - (1 << 30), NOW), FRESHNESS_FRESH);
	assert_int_equal(freshness_trusted_until(false, INT64_MIN, NOW), INT64_MAX);
	assert_int_equal(freshness_next(false, NOW, NOW), INT64_MAX);
}

/* holds: H02.1 */
static void
test_never_checked_is_unknown(void **state)
{
	(void)state;
	assert_int_equal(freshness_of(true, INT64_MIN, NOW), FRESHNESS_UNKNOWN);
	assert_int_equal(freshness_trusted_until(true, INT64_MIN, NOW), INT64_MIN);
	assert_int_equal(freshness_next(true, INT64_MIN, NOW), INT64_MAX);
}

/* holds: H02.1 */
static void
test_trust_ends_six_hours_after_the_last_good_check(void **state)
{
	int64_t age;

	(void)state;
	for (age = 0; age <= 6 * 3600; age += 60)
		assert_int_equal(freshness_trusted_until(true, NOW - age, NOW), INT64_MAX);
	for (; age <= 9 * 3600; age += 60)
		assert_int_equal(
		    freshness_trusted_until(true, NOW - age, NOW), NOW - age + 6 * 3600);
}

/* Nothing changes before freshness_next, and at it something does. */
static void
test_next_is_the_next_change(void **state)
{
	int64_t age, next;

	(void)state;
	for (age = 0; age <= 6 * 3600; age += 37) {
		next = freshness_next(true, NOW - age, NOW);
		assert_true(next > NOW);
		assert_int_equal(
		    freshness_of(true, NOW - age, next - 1), freshness_of(true, NOW - age, NOW));
		assert_int_equal(
		    freshness_of(true, NOW - age, next), freshness_of(true, NOW - age, NOW) + 1);
	}
	assert_int_equal(freshness_next(true, NOW - 7 * 3600, NOW), INT64_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_the_bands),
	    cmocka_unit_test(test_uploads_and_typed_rotas_do_not_age),
	    cmocka_unit_test(test_never_checked_is_unknown),
	    cmocka_unit_test(test_trust_ends_six_hours_after_the_last_good_check),
	    cmocka_unit_test(test_next_is_the_next_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
