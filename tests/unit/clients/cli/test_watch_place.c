/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clients/cli/watch_place.h"

static struct watch_place
at(int64_t epoch, int64_t seq)
{
	return (struct watch_place){true, epoch, seq};
}

static void
a_place_is_read_and_printed(void **state)
{
	struct watch_place place;
	char text[WATCH_PLACE_MAX];

	(void)state;
	assert_true(watch_place_parse(slice_of("1-8124"), &place));
	watch_place_print(&place, text);
	assert_string_equal(text, "1-8124");
}

static void
what_is_no_place_is_refused(void **state)
{
	static const char *const wrong[] = {"", "-", "1", "1-", "-1", "0-1", "1--1", "1-1-1", "a-1",
	    "1-9223372036854775808", "4294967296-1", " 1-1", "1-1 "};
	struct watch_place place;

	(void)state;
	for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(watch_place_parse(slice_of(wrong[i]), &place));
	assert_false(watch_place_parse((struct slice){NULL, 0}, &place));
}

static void
each_flag_is_weighed_by_its_number(void **state)
{
	static const struct {
		int64_t epoch, seq;
		enum watch_verdict verdict;
	} cases[] = {{2, 11, WATCH_APPLY}, {2, 10, WATCH_DROP}, {2, 9, WATCH_DROP},
	    {2, 12, WATCH_HOLE}, {1, 11, WATCH_DROP}, {3, 1, WATCH_NEW_EPOCH},
	    {3, 11, WATCH_NEW_EPOCH}};
	struct watch_place place = at(2, 10);

	(void)state;
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct watch_place flag = at(cases[i].epoch, cases[i].seq);

		assert_int_equal(watch_place_weigh(&place, &flag), cases[i].verdict);
	}
}

/* A channel that loses, repeats and reorders, with the catch-up rule beside it: each flag is
 * applied once, in order. */
static void
each_flag_is_applied_once_whatever_the_channel_does(void **state)
{
	enum { FLAGS = 200, ROUNDS = 500 };

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct watch_place place = at(1, 0);
		unsigned applied[FLAGS + 1] = {0};
		int64_t newest = 0;

		srand(round);
		while (place.seq < FLAGS) {
			struct watch_place heard;

			newest = newest < FLAGS ? newest + rand() % 3 : FLAGS;
			if (newest > FLAGS)
				newest = FLAGS;
			if (newest == 0)
				continue;
			heard = at(1, 1 + rand() % newest);
			switch (watch_place_weigh(&place, &heard)) {
			case WATCH_APPLY:
				applied[heard.seq]++;
				watch_place_move(&place, &heard);
				break;
			case WATCH_HOLE: /* the stream has them all */
				while (place.seq < newest) {
					struct watch_place next = at(1, place.seq + 1);

					assert_int_equal(
					    watch_place_weigh(&place, &next), WATCH_APPLY);
					applied[next.seq]++;
					watch_place_move(&place, &next);
				}
				break;
			case WATCH_DROP:
				break;
			case WATCH_NEW_EPOCH:
				fail();
			}
		}
		for (unsigned seq = 1; seq <= FLAGS; seq++)
			assert_int_equal(applied[seq], 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_place_is_read_and_printed),
	    cmocka_unit_test(what_is_no_place_is_refused),
	    cmocka_unit_test(each_flag_is_weighed_by_its_number),
	    cmocka_unit_test(each_flag_is_applied_once_whatever_the_channel_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
