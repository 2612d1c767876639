/* SPDX-License-Identifier: MIT */
/* What of a rotation is written as shifts, and when it must be written again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/instant.h"
#include "server/model/rotation_fill.h"

#define DAY 86400
#define NOW (INT64_C(20000) * DAY)

static const char *
made_with(struct arena *arena, const int64_t *days, uint32_t count, uint64_t zones)
{
	struct holidays holidays = {"england-and-wales", days, count};

	return rotation_made_with(arena, &holidays, zones);
}

/* Other bank holidays and other rules of zones make other shifts; nothing else of either does. */
static void
what_shifts_are_made_with(void **state)
{
	static const int64_t days[] = {20100, 20200}, other[] = {20100, 20201};
	struct arena *arena = arena_new(0);
	const char *usual = made_with(arena, days, 2, 7);

	(void)state;
	assert_string_equal(made_with(arena, days, 2, 7), usual);
	assert_string_not_equal(made_with(arena, days, 1, 7), usual);
	assert_string_not_equal(made_with(arena, other, 2, 7), usual);
	assert_string_not_equal(made_with(arena, days, 2, 8), usual);
	assert_string_not_equal(made_with(arena, days, 0, 7), made_with(arena, days, 0, 8));
	arena_free(arena);
}

/* From now on, as far ahead as shifts are made, and how far the rota speaks is what its rotation says. */
static void
shifts_are_made_ahead(void **state)
{
	static const char *people[] = {"jo"};
	static const int64_t days[] = {20100};
	const struct rotation_group group = {people, 1};
	struct rotation_layer layer = {.groups = &group,
	    .ngroups = 1,
	    .start = 19990,
	    .end = INSTANT_END,
	    .turn_days = 7,
	    .handover_day = -1};
	const struct holidays holidays = {"england-and-wales", days, 1};
	const struct rotation_edition edition = {NOW - 10 * DAY, {&layer, 1}};
	const struct rotation_asked asked = {zone_utc(), &holidays, &edition, 1};
	struct arena *arena = arena_new(0);
	struct rotation_fill fill = rotation_fill(arena, &asked, 7, NOW);

	(void)state;
	assert_int_equal(fill.filled_to, NOW + ROTATION_AHEAD_SECONDS);
	assert_int_equal(fill.reach, fill.filled_to);
	assert_string_equal(fill.made_with, made_with(arena, days, 1, 7));
	/* The turn in hand is the first, and the one that reaches over the end the last. */
	assert_true(fill.shifts.count > 50);
	assert_int_equal(fill.shifts.items[0].start, NOW - 3 * DAY);
	assert_int_equal(fill.shifts.items[0].end, NOW + 4 * DAY);
	assert_true(fill.shifts.items[fill.shifts.count - 1].start < fill.filled_to);
	assert_true(fill.shifts.items[fill.shifts.count - 1].end >= fill.filled_to);
	layer.end = 20030;
	fill = rotation_fill(arena, &asked, 7, NOW);
	assert_int_equal(fill.filled_to, NOW + ROTATION_AHEAD_SECONDS);
	assert_int_equal(fill.reach, NOW + 30 * DAY);
	assert_int_equal(fill.shifts.items[fill.shifts.count - 1].end, NOW + 30 * DAY);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_shifts_are_made_with),
	    cmocka_unit_test(shifts_are_made_ahead),
	};

	return cmocka_run_group_tests_name("rotation_fill", tests, NULL, NULL);
}
