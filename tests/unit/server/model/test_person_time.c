/* SPDX-License-Identifier: MIT */
/* Times of people: of one person among others, at an instant, over a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/model/person_time.h"

/* Not in order: sorted in each test. Person 5 has two that overlap and an empty one. */
static void
make(struct person_time times[6], struct person_times *all)
{
	static const struct person_time given[6] = {
	    {7, 10, 20}, {5, 30, 40}, {2, 0, 5}, {5, 35, 60}, {5, 8, 8}, {9, 1, 2}};

	for (size_t i = 0; i < 6; i++)
		times[i] = given[i];
	person_times_sort(times, 6);
	*all = (struct person_times){times, 6};
}

static void
of_one_person(void **state)
{
	struct person_time times[6];
	struct person_times all, of;

	(void)state;
	make(times, &all);
	of = person_times_of(all, 5);
	assert_int_equal(of.count, 3);
	assert_int_equal(of.items[0].start, 8);
	assert_int_equal(of.items[1].start, 30);
	assert_int_equal(of.items[2].start, 35);
	assert_int_equal(person_times_of(all, 2).count, 1);
	assert_int_equal(person_times_of(all, 9).count, 1);
	assert_int_equal(person_times_of(all, 6).count, 0);
	assert_int_equal(person_times_of(all, 10).count, 0);
	assert_int_equal(person_times_of((struct person_times){0}, 5).count, 0);
}

static void
at_each_instant(void **state)
{
	struct person_time times[6];
	struct person_times all;

	(void)state;
	make(times, &all);
	for (int64_t t = 0; t < 70; t++) {
		assert_int_equal(person_times_has(all, 5, t), t >= 30 && t < 60);
		assert_int_equal(person_times_has(all, 7, t), t >= 10 && t < 20);
		assert_false(person_times_has(all, 6, t));
	}
}

static void
over_each_time(void **state)
{
	struct person_time times[6];
	struct person_times all;

	(void)state;
	make(times, &all);
	for (int64_t start = 0; start < 70; start++)
		for (int64_t end = start; end < 70; end++)
			assert_int_equal(
			    person_times_overlap(all, 5, (struct span_time){start, end}),
			    start < end && start < 60 && end > 30);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(of_one_person),
	    cmocka_unit_test(at_each_instant),
	    cmocka_unit_test(over_each_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
