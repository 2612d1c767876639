/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "server/coverage/diff.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define SPANS(array) ((struct cover_spans){(array), COUNT(array)})

static const int64_t seven[] = {7}, eight[] = {8};

#define COVERED(start, end, who)                                                                   \
	{                                                                                          \
		(start), (end), COVER_COVERED, CAUSE_NONE, 1, 1, (who), 1                          \
	}
#define HOLE(start, end)                                                                           \
	{                                                                                          \
		(start), (end), COVER_GAP, CAUSE_SILENT, 0, 1, NULL, 0                             \
	}
#define OUTSIDE(start, end)                                                                        \
	{                                                                                          \
		(start), (end), COVER_NOT_COMMISSIONED, CAUSE_NONE, 0, 0, NULL, 0                  \
	}

static int
set_up(void **state)
{
	*state = arena_new(0);
	return 0;
}

static int
tear_down(void **state)
{
	arena_free(*state);
	return 0;
}

static void
expect_begun(const struct diff *diff, size_t i, int64_t start, int64_t end, enum cover_state state)
{
	assert_true(i < diff->nbegun);
	assert_int_equal(diff->begun[i].start, start);
	assert_int_equal(diff->begun[i].end, end);
	assert_int_equal(diff->begun[i].state, state);
}

static void
writes_nothing_where_nothing_differs(void **state)
{
	struct cover_span held[] = {COVERED(100, 200, seven), HOLE(300, 400)};
	struct cover_span swept[] = {COVERED(100, 200, seven), OUTSIDE(200, 300), HOLE(300, 400)};
	struct diff diff = diff_spans(*state, SPANS(held), SPANS(swept), 100);

	assert_int_equal(diff.nended, 0);
	assert_int_equal(diff.nbegun, 0);
}

static void
writes_all_of_a_first_sweep_but_what_is_not_commissioned(void **state)
{
	struct cover_span swept[] = {
	    OUTSIDE(0, 100), COVERED(100, 200, seven), OUTSIDE(200, 300), HOLE(300, 400)};
	struct diff diff = diff_spans(*state, (struct cover_spans){0}, SPANS(swept), 0);

	assert_int_equal(diff.nended, 0);
	assert_int_equal(diff.nbegun, 2);
	expect_begun(&diff, 0, 100, 200, COVER_COVERED);
	expect_begun(&diff, 1, 300, 400, COVER_GAP);
}

static void
replaces_only_what_changed(void **state)
{
	struct cover_span held[] = {
	    COVERED(100, 200, seven), COVERED(200, 300, eight), HOLE(300, 400)};
	struct cover_span swept[] = {
	    COVERED(100, 200, seven), HOLE(200, 250), COVERED(250, 300, eight), HOLE(300, 400)};
	struct diff diff = diff_spans(*state, SPANS(held), SPANS(swept), 100);

	assert_int_equal(diff.nended, 1);
	assert_int_equal(diff.ended[0], 200);
	assert_int_equal(diff.nbegun, 2);
	expect_begun(&diff, 0, 200, 250, COVER_GAP);
	expect_begun(&diff, 1, 250, 300, COVER_COVERED);
}

static void
sees_another_person_with_the_same_count(void **state)
{
	struct cover_span held[] = {COVERED(100, 200, seven)}, swept[] = {COVERED(100, 200, eight)};
	struct diff diff = diff_spans(*state, SPANS(held), SPANS(swept), 100);

	assert_int_equal(diff.nended, 1);
	assert_int_equal(diff.nbegun, 1);
	assert_int_equal(diff.begun[0].shifts[0], 8);
}

static void
a_span_runs_on_across_the_edge_of_the_window(void **state)
{
	struct cover_span held[] = {COVERED(50, 200, seven)}, swept[] = {COVERED(100, 200, seven)};
	struct diff diff = diff_spans(*state, SPANS(held), SPANS(swept), 100);

	assert_int_equal(diff.nended, 0);
	assert_int_equal(diff.nbegun, 0);
}

static void
a_span_across_the_edge_keeps_its_start_when_its_end_moves(void **state)
{
	struct cover_span held[] = {COVERED(50, 200, seven)}, swept[] = {COVERED(100, 250, seven)};
	struct diff diff = diff_spans(*state, SPANS(held), SPANS(swept), 100);

	assert_int_equal(diff.nended, 1);
	assert_int_equal(diff.ended[0], 50);
	assert_int_equal(diff.nbegun, 1);
	expect_begun(&diff, 0, 50, 250, COVER_COVERED);
}

static void
the_past_before_the_window_is_kept_when_the_rest_changes(void **state)
{
	struct cover_span held[] = {COVERED(50, 200, seven)}, swept[] = {HOLE(100, 200)};
	struct diff diff = diff_spans(*state, SPANS(held), SPANS(swept), 100);

	assert_int_equal(diff.nended, 1);
	assert_int_equal(diff.nbegun, 2);
	expect_begun(&diff, 0, 50, 100, COVER_COVERED);
	assert_int_equal(diff.begun[0].shifts[0], 7);
	expect_begun(&diff, 1, 100, 200, COVER_GAP);
}

static void
the_past_is_kept_when_the_window_begins_outside_the_hours(void **state)
{
	struct cover_span held[] = {COVERED(50, 200, seven)}, swept[] = {OUTSIDE(100, 300)};
	struct diff diff = diff_spans(*state, SPANS(held), SPANS(swept), 100);

	assert_int_equal(diff.nended, 1);
	assert_int_equal(diff.nbegun, 1);
	expect_begun(&diff, 0, 50, 100, COVER_COVERED);
}

static void
ends_rows_that_overlap_where_none_should(void **state)
{
	struct cover_span held[] = {COVERED(100, 400, seven), HOLE(150, 180), HOLE(200, 300)};
	struct cover_span swept[] = {COVERED(100, 400, seven)};
	struct diff diff = diff_spans(*state, SPANS(held), SPANS(swept), 100);

	assert_int_equal(diff.nended, 2);
	assert_int_equal(diff.ended[0], 150);
	assert_int_equal(diff.ended[1], 200);
	assert_int_equal(diff.nbegun, 0);
}

static void
ends_everything_when_nothing_is_commissioned_any_more(void **state)
{
	struct cover_span held[] = {COVERED(100, 200, seven), HOLE(300, 400)},
			  swept[] = {OUTSIDE(100, 500)};
	struct diff diff = diff_spans(*state, SPANS(held), SPANS(swept), 100);

	assert_int_equal(diff.nended, 2);
	assert_int_equal(diff.nbegun, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(writes_nothing_where_nothing_differs),
	    TEST(writes_all_of_a_first_sweep_but_what_is_not_commissioned),
	    TEST(replaces_only_what_changed),
	    TEST(sees_another_person_with_the_same_count),
	    TEST(a_span_runs_on_across_the_edge_of_the_window),
	    TEST(a_span_across_the_edge_keeps_its_start_when_its_end_moves),
	    TEST(the_past_before_the_window_is_kept_when_the_rest_changes),
	    TEST(the_past_is_kept_when_the_window_begins_outside_the_hours),
	    TEST(ends_rows_that_overlap_where_none_should),
	    TEST(ends_everything_when_nothing_is_commissioned_any_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
