/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/api/unit.h"

#include "server/map/changes.h"
#include "server/map/swaps.h"
#include "tests/unit/server/api/atlas.h"

/* The swaps that a process knows: what a reading of those that have changed makes of them, and what is news. */

#define DAY 86400

static struct kept_swap
swap(int64_t id, int64_t version, const char *state)
{
	struct kept_swap made = {
	    .id = id, .version = version, .expires = 1000, .end = 5000, .people = {0, 1}};

	snprintf(made.state, sizeof made.state, "%s", state);
	return made;
}

/* "1:offered 3:accepted" */
static const char *
text_of(const struct swaps *swaps, int64_t at)
{
	static char text[200];
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < swaps->count; i++)
		len +=
		    (size_t)snprintf(text + len, sizeof text - len, "%s%lld:%s", i > 0 ? " " : "",
			(long long)swaps->items[i].id, kept_swap_state(&swaps->items[i], at));
	return text;
}

static void
what_has_changed_takes_the_place_of_what_was(void **state)
{
	struct kept_swap first[] = {swap(1, 1, "offered"), swap(3, 2, "offered")},
			 then[] = {
			     swap(2, 3, "offered"), swap(3, 4, "accepted"), swap(9, 5, "refused")};
	struct swaps *none = swaps_none(), *one, *two, *late;

	(void)state;
	assert_int_equal(none->version, -1);
	one = swaps_changed(none, &(struct swaps_change){2, 0, first, 2});
	assert_string_equal(text_of(one, 0), "1:offered 3:offered");
	two = swaps_changed(one, &(struct swaps_change){5, 0, then, 3});
	assert_string_equal(text_of(two, 0), "1:offered 2:offered 3:accepted 9:refused");
	assert_int_equal(two->version, 5);
	/* An offer runs out at its instant; what was answered does not. */
	assert_string_equal(text_of(two, 999), "1:offered 2:offered 3:accepted 9:refused");
	assert_string_equal(text_of(two, 1000), "1:expired 2:expired 3:accepted 9:refused");
	/* A day after their end they are forgotten. */
	late = swaps_changed(two, &(struct swaps_change){5, 5000 + DAY - 1, NULL, 0});
	assert_int_equal(late->count, 4);
	swaps_unref(late);
	late = swaps_changed(two, &(struct swaps_change){5, 5000 + DAY, NULL, 0});
	assert_int_equal(late->count, 0);
	swaps_unref(late);
	swaps_unref(NULL);
	swaps_unref(two);
	swaps_unref(one);
	swaps_unref(none);
}

/* ------------------------------------------------------------------------------------ what is news */

static struct atlas atlas;

static int
set_up(void **state)
{
	(void)state;
	atlas_open(&atlas);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	atlas_close(&atlas);
	return 0;
}

/* "1:offered" of what differs from ${before} at 0 to ${after} at ${at}. */
static const char *
news(struct snapshot *before, struct snapshot *after, int64_t at)
{
	static char text[200];
	struct arena *arena = arena_new(0);
	struct map_look was = {before, 0}, is = {after, at};
	struct changes changes;
	size_t len = 0;

	text[0] = '\0';
	assert_true(changes_find(arena, &was, &is, &changes));
	for (size_t i = 0; i < changes.count; i++)
		if (changes.items[i].kind == CHANGE_SWAP || changes.items[i].kind == CHANGE_LEAVE)
			len += (size_t)snprintf(text + len, sizeof text - len, "%s%s%lld:%s",
			    len > 0 ? " " : "",
			    changes.items[i].kind == CHANGE_LEAVE ? "leave " : "",
			    (long long)changes.items[i].swap->id, changes.items[i].state);
	arena_free(arena);
	return text;
}

static struct snapshot *
with(const struct snapshot *from, int64_t version, const struct kept_swap *items, size_t count)
{
	struct snapshot *made = snapshot_copy(from);

	snapshot_set_swaps(
	    made, swaps_changed(made->swaps, &(struct swaps_change){version, 0, items, count}));
	return made;
}

static void
news_are_new_swaps_and_other_states(void **state)
{
	struct kept_swap first[] = {swap(1, 1, "offered"), swap(3, 2, "accepted")},
			 then[] = {swap(2, 3, "offered"), swap(3, 4, "disputed")},
			 last = swap(9, 5, "offered");
	struct snapshot *three;
	struct snapshot *none = snapshot_copy(atlas.map), *one, *two;

	(void)state;
	one = with(none, 2, first, 2);
	two = with(one, 4, then, 2);
	/* What a process reads first is no news. */
	assert_string_equal(news(none, one, 0), "");
	assert_string_equal(news(one, one, 0), "");
	assert_string_equal(news(one, two, 0), "2:offered 3:disputed");
	/* An offer that nobody answers runs out though nothing was written. */
	assert_string_equal(news(one, one, 1000), "1:expired");
	/* After all that was known. */
	three = with(two, 5, &last, 1);
	assert_string_equal(news(two, three, 0), "9:offered");
	snapshot_unref(three);
	snapshot_unref(two);
	snapshot_unref(one);
	snapshot_unref(none);
}

/* Leave has numbers of its own, among which are those of swaps. */
static void
leave_is_news_beside_a_swap_of_the_same_number(void **state)
{
	struct kept_swap first[] = {swap(1, 1, "offered"), swap(1, 2, "requested")},
			 then[] = {swap(2, 3, "offered"), swap(1, 4, "approved"),
			     swap(2, 5, "requested")};
	struct snapshot *none = snapshot_copy(atlas.map), *one, *two, *three;

	(void)state;
	first[1].leave = then[1].leave = then[2].leave = true;
	one = with(none, 2, first, 2);
	two = with(one, 5, then, 3);
	assert_int_equal(one->swaps->count, 2);
	assert_int_equal(two->swaps->count, 4);
	assert_string_equal(news(one, two, 0), "2:offered leave 1:approved leave 2:requested");
	/* Nobody's word on leave runs out. */
	assert_string_equal(news(two, two, 2000), "1:expired 2:expired");
	/* The swap alone, beside leave that stays. */
	three = with(
	    two, 6, &(struct kept_swap){.id = 1, .version = 6, .end = 5000, .state = "refused"}, 1);
	assert_string_equal(news(two, three, 0), "1:refused");
	snapshot_unref(three);
	snapshot_unref(two);
	snapshot_unref(one);
	snapshot_unref(none);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_has_changed_takes_the_place_of_what_was),
	    cmocka_unit_test_setup_teardown(
		leave_is_news_beside_a_swap_of_the_same_number, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(news_are_new_swaps_and_other_states, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("swaps", tests, NULL, NULL);
}
