/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clients/cli/watch_follow.h"

static struct watch_place
at(int64_t epoch, int64_t seq)
{
	return (struct watch_place){true, epoch, seq};
}

/* Subscribed, caught up, live at ${place}. */
static struct watch_follow
live_at(int64_t epoch, int64_t seq)
{
	struct watch_follow follow = {.place = at(epoch, seq)};

	assert_int_equal(follow_start(&follow), FOLLOW_PAGE);
	assert_int_equal(follow_page_end(&follow, false), FOLLOW_REST);
	assert_true(follow.live);
	return follow;
}

static bool
hears(struct watch_follow *follow, int64_t epoch, int64_t seq, enum follow_ask next)
{
	struct watch_place flag = at(epoch, seq);
	bool act;

	assert_int_equal(follow_flag(follow, &flag, &act), next);
	if (act)
		follow_took(follow, &flag);
	return act;
}

/* Of an answer. */
static bool
is_given(struct watch_follow *follow, int64_t epoch, int64_t seq)
{
	struct watch_place flag = at(epoch, seq);
	bool more;

	if (!follow_entry(follow, &flag, &more))
		return more;
	follow_took(follow, &flag);
	return true;
}

static void
the_first_time_it_begins_at_the_newest(void **state)
{
	struct watch_follow follow = {0};
	struct watch_place top = at(1, 7);

	(void)state;
	assert_int_equal(follow_start(&follow), FOLLOW_TOP);
	assert_int_equal(follow_top(&follow, &top), FOLLOW_PAGE);
	assert_int_equal(follow.place.seq, 7);
	follow = (struct watch_follow){0};
	follow_start(&follow);
	assert_int_equal(follow_top(&follow, NULL), FOLLOW_PAGE);
	assert_int_equal(follow.place.epoch, 1);
	assert_int_equal(follow.place.seq, 0);
}

/* holds: H06.2 */
static void
live_it_acts_on_the_next_and_asks_for_what_is_missing(void **state)
{
	struct watch_follow follow = live_at(1, 10);

	(void)state;
	assert_true(hears(&follow, 1, 11, FOLLOW_REST));
	assert_false(hears(&follow, 1, 11, FOLLOW_REST));
	assert_false(hears(&follow, 1, 14, FOLLOW_PAGE));
	assert_false(follow.live);
	assert_true(
	    is_given(&follow, 1, 12) && is_given(&follow, 1, 13) && is_given(&follow, 1, 14));
	assert_int_equal(follow_page_end(&follow, false), FOLLOW_REST);
	assert_true(hears(&follow, 1, 15, FOLLOW_REST));
}

/* The page was read before the flag was there, and answered after it was heard. */
static void
what_is_heard_while_it_catches_up_is_not_forgotten(void **state)
{
	struct watch_follow follow = {.place = at(1, 10)};

	(void)state;
	follow_start(&follow);
	assert_false(hears(&follow, 1, 12, FOLLOW_REST));
	assert_true(is_given(&follow, 1, 11));
	assert_int_equal(follow_page_end(&follow, false), FOLLOW_PAGE);
	assert_true(is_given(&follow, 1, 12));
	assert_int_equal(follow_page_end(&follow, false), FOLLOW_REST);
	assert_true(follow.live);
}

/* holds: H06.2 */
static void
what_the_stream_no_longer_holds_the_server_replays(void **state)
{
	struct watch_follow follow = live_at(1, 10);
	struct watch_place head = at(1, 40);

	(void)state;
	assert_int_equal(follow_head(&follow, &head), FOLLOW_PAGE);
	assert_false(is_given(&follow, 1, 30)); /* a hole before it */
	assert_int_equal(follow_page_end(&follow, false), FOLLOW_REPLAY);
	assert_true(is_given(&follow, 1, 11));
	assert_int_equal(follow_replay_end(&follow, true), FOLLOW_REPLAY);
	assert_true(is_given(&follow, 1, 12));
	assert_int_equal(follow_replay_end(&follow, false), FOLLOW_PAGE);
	/* An empty stream, though more was heard of: the server again; and if it has nothing,
	 * later. */
	assert_int_equal(follow_page_end(&follow, false), FOLLOW_REPLAY);
	assert_int_equal(follow_replay_end(&follow, false), FOLLOW_LATER);
	assert_int_equal(follow_start(&follow), FOLLOW_PAGE);
}

/* holds: H06.2 F17 */
static void
a_new_epoch_wherever_it_shows_asks_for_the_whole(void **state)
{
	struct watch_place head = at(2, 0), as_of = at(2, 3);
	struct watch_follow follow = live_at(1, 10);
	bool taken;

	(void)state;
	assert_int_equal(follow_head(&follow, &head), FOLLOW_WHOLE);
	follow = live_at(1, 10);
	assert_false(hears(&follow, 2, 1, FOLLOW_WHOLE));
	follow = live_at(1, 10);
	assert_false(hears(&follow, 1, 12, FOLLOW_PAGE));
	assert_false(is_given(&follow, 2, 1));
	assert_int_equal(follow_page_end(&follow, false), FOLLOW_WHOLE);
	assert_int_equal(follow_whole(&follow, &as_of, &taken), FOLLOW_PAGE);
	assert_true(taken);
	assert_true(is_given(&follow, 2, 1) && is_given(&follow, 2, 3) && is_given(&follow, 2, 4));
	assert_int_equal(follow.place.seq, 4);
}

/* A server that has not seen the new epoch answers with a place of before: going there would act on
 * flags twice. */
static void
a_state_of_before_the_new_epoch_is_not_taken(void **state)
{
	struct watch_place head = at(2, 0), as_of = at(1, 8);
	struct watch_follow follow = live_at(1, 10);
	bool taken;

	(void)state;
	assert_int_equal(follow_head(&follow, &head), FOLLOW_WHOLE);
	assert_int_equal(follow_whole(&follow, &as_of, &taken), FOLLOW_LATER);
	assert_false(taken);
	assert_int_equal(follow.place.seq, 10);
	assert_false(follow.live);
}

/* An answer on its way when it subscribed again may have been read before that. */
static void
subscribed_again_it_reads_again(void **state)
{
	struct watch_follow follow = {.place = at(1, 10)};

	(void)state;
	assert_int_equal(follow_start(&follow), FOLLOW_PAGE);
	assert_int_equal(follow_start(&follow), FOLLOW_REST);
	assert_int_equal(follow_page_end(&follow, false), FOLLOW_PAGE);
	assert_int_equal(follow_page_end(&follow, false), FOLLOW_REST);
	assert_true(follow.live);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_first_time_it_begins_at_the_newest),
	    cmocka_unit_test(live_it_acts_on_the_next_and_asks_for_what_is_missing),
	    cmocka_unit_test(what_is_heard_while_it_catches_up_is_not_forgotten),
	    cmocka_unit_test(what_the_stream_no_longer_holds_the_server_replays),
	    cmocka_unit_test(a_new_epoch_wherever_it_shows_asks_for_the_whole),
	    cmocka_unit_test(a_state_of_before_the_new_epoch_is_not_taken),
	    cmocka_unit_test(subscribed_again_it_reads_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
