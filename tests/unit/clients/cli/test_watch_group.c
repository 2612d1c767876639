/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "clients/cli/watch_group.h"

/* A flag of gap ${gap} at ${minute}; whether it calls somebody, and of how many. */
static bool
call(struct watch_groups *groups, const char *kind, const char *gap, const char *group,
    const char *severity, int minute, size_t *members)
{
	json_t *flag = json_pack("{s:s, s:s, s:s, s:o}", "kind", kind, "gap", gap, "severity",
	    severity, "at", json_sprintf("2026-11-22T%02d:%02d:00Z", 3 + minute / 60, minute % 60));
	size_t count;
	bool calls;

	if (group != NULL)
		json_object_set_new(flag, "group", json_string(group));
	calls = watch_groups_call(groups, flag, members != NULL ? members : &count);
	json_decref(flag);
	return calls;
}

static void
what_stands_for_itself_always_calls(void **state)
{
	struct watch_groups *groups = watch_groups_new();
	json_t *feed = json_pack("{s:s}", "kind", "feed_stale");
	size_t members;

	(void)state;
	assert_true(call(groups, "opened", "a", NULL, "high", 0, &members));
	assert_int_equal(members, 0);
	assert_true(call(groups, "changed", "a", NULL, "high", 1, NULL));
	assert_true(call(groups, "closed", "a", NULL, "high", 2, NULL));
	assert_true(watch_groups_call(groups, feed, &members));
	json_decref(feed);
	watch_groups_free(groups);
}

static void
a_group_calls_when_it_begins_and_when_it_is_worse(void **state)
{
	struct watch_groups *groups = watch_groups_new();
	size_t members;

	(void)state;
	assert_true(call(groups, "opened", "a", "r.undecided", "normal", 0, &members));
	assert_int_equal(members, 1);
	assert_false(call(groups, "opened", "b", "r.undecided", "normal", 1, &members));
	assert_int_equal(members, 2);
	assert_true(call(groups, "opened", "c", "r.undecided", "high", 2, NULL));
	assert_false(call(groups, "changed", "a", "r.undecided", "high", 3, NULL));
	/* Another source is another matter. */
	assert_true(call(groups, "opened", "d", "q.undecided", "normal", 4, NULL));
	watch_groups_free(groups);
}

static void
its_growth_calls_once_in_half_an_hour(void **state)
{
	struct watch_groups *groups = watch_groups_new();
	char gap[] = "aa";
	size_t members = 0;
	int calls = 0, minute;

	(void)state;
	for (minute = 0; minute < 60; minute += 2, gap[1]++)
		calls += call(groups, "opened", gap, "r.undecided", "high", minute, &members);
	assert_int_equal(members, 30);
	assert_int_equal(calls, 2);
	/* The word of its growth comes when the half hour is over; nothing has come since. */
	assert_true(call(groups, "changed", "aa", "r.undecided", "high", 60, NULL));
	assert_false(call(groups, "changed", "aa", "r.undecided", "high", 120, NULL));
	watch_groups_free(groups);
}

static void
one_start_one_acknowledgement_every_reminder(void **state)
{
	struct watch_groups *groups = watch_groups_new();

	(void)state;
	call(groups, "opened", "a", "r.undecided", "high", 0, NULL);
	call(groups, "opened", "b", "r.undecided", "high", 0, NULL);
	assert_true(call(groups, "acknowledged", "a", "r.undecided", "high", 1, NULL));
	assert_false(call(groups, "acknowledged", "b", "r.undecided", "high", 1, NULL));
	assert_true(call(groups, "started", "b", "r.undecided", "high", 2, NULL));
	assert_false(call(groups, "started", "a", "r.undecided", "high", 3, NULL));
	assert_true(call(groups, "reminder", "a", "r.undecided", "high", 4, NULL));
	assert_true(call(groups, "reminder", "a", "r.undecided", "high", 5, NULL));
	watch_groups_free(groups);
}

static void
the_last_to_close_ends_it(void **state)
{
	struct watch_groups *groups = watch_groups_new();
	size_t members;

	(void)state;
	call(groups, "opened", "a", "r.never_read", "high", 0, NULL);
	call(groups, "opened", "b", "r.never_read", "high", 0, NULL);
	assert_false(call(groups, "closed", "a", "r.never_read", "high", 1, &members));
	assert_int_equal(members, 1);
	assert_true(call(groups, "closed", "b", "r.never_read", "high", 1, NULL));
	assert_true(call(groups, "opened", "a", "r.never_read", "high", 2, NULL));
	watch_groups_free(groups);
}

static void
a_gap_that_leaves_its_group_calls_for_itself(void **state)
{
	struct watch_groups *groups = watch_groups_new();

	(void)state;
	call(groups, "opened", "a", "r.undecided", "high", 0, NULL);
	call(groups, "opened", "b", "r.undecided", "high", 0, NULL);
	assert_true(call(groups, "changed", "b", NULL, "critical", 1, NULL));
	assert_true(call(groups, "closed", "b", NULL, "critical", 2, NULL));
	assert_true(call(groups, "closed", "a", "r.undecided", "high", 3, NULL));
	/* A group that was never heard of before: a subscriber that began in the middle calls. */
	assert_true(call(groups, "changed", "z", "r.undecided", "high", 4, NULL));
	watch_groups_forget(groups);
	assert_true(call(groups, "changed", "z", "r.undecided", "high", 5, NULL));
	watch_groups_free(groups);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_stands_for_itself_always_calls),
	    cmocka_unit_test(a_group_calls_when_it_begins_and_when_it_is_worse),
	    cmocka_unit_test(its_growth_calls_once_in_half_an_hour),
	    cmocka_unit_test(one_start_one_acknowledgement_every_reminder),
	    cmocka_unit_test(the_last_to_close_ends_it),
	    cmocka_unit_test(a_gap_that_leaves_its_group_calls_for_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
