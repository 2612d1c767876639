/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/wire/wire_times.h"
#include "tests/unit/calendars/support.h"

/* The open questions about a rota's times, across the border: all that a reading may have, and
 * nothing else. */

static bool
crosses(const struct reading_options *options, const struct reading *reading, struct reading *out)
{
	struct buf buf = {0};
	struct arena *arena = arena_new(0);
	struct unpack in;
	bool good;

	wire_pack_questions(&buf, reading);
	in = unpack_from(buf.at, buf.len);
	*out = (struct reading){.refused = reading->refused, .events = reading->events};
	wire_unpack_questions(&in, options, arena, out);
	good = unpack_done(&in);
	buf_free(&buf);
	arena_free(arena);
	return good;
}

static void
unknown_zones_are_checked(void **state)
{
	static const struct reading_unknown_zone good[] = {{"B", 3}, {"A", 2}, {"C", 2}};
	static const struct reading_unknown_zone bad[][2] = {
	    {{"A", 2}, {"B", 3}},
	    {{"C", 2}, {"A", 2}},
	    {{"A", 2}, {"A", 2}},
	    {{"A", 0}, {"B", 0}},
	    {{"A", 6}, {"B", 1}},
	    {{NULL, 2}, {"B", 1}},
	};
	struct reading_options options = support_options();
	struct reading reading = {.events = 5, .unknown_zones = good, .nunknown_zones = 3};
	struct reading out;

	(void)state;
	assert_true(crosses(&options, &reading, &out));
	assert_int_equal(out.nunknown_zones, 3);
	reading.refused = true;
	assert_false(crosses(&options, &reading, &out));
	reading.refused = false;
	options.kind = READING_CSV;
	assert_false(crosses(&options, &reading, &out));
	options.kind = READING_ICALENDAR;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		reading.unknown_zones = bad[i];
		reading.nunknown_zones = 2;
		assert_false(crosses(&options, &reading, &out));
	}
}

static void
dates_are_worked_out_again(void **state)
{
	static const struct reading_date good[] = {{2, "07/12/2026", 1, 2}, {3, "1.2.2027", 3, 4}};
	static const struct reading_date bad[][2] = {
	    {{3, "07/12/2026", 0, 0}, {2, "01/02/2027", 0, 0}},
	    {{2, "07/13/2026", 0, 0}, {3, "01/02/2027", 0, 0}},
	    {{2, "07/07/2026", 0, 0}, {3, "01/02/2027", 0, 0}},
	    {{2, "2026-12-07", 0, 0}, {3, "01/02/2027", 0, 0}},
	    {{2, "Monday", 0, 0}, {3, "01/02/2027", 0, 0}},
	    {{2, NULL, 0, 0}, {3, "01/02/2027", 0, 0}},
	};
	struct reading_options options = support_options();
	struct reading reading = {.ambiguous_dates = true, .dates = good, .ndates = 2};
	struct reading out;

	(void)state;
	assert_false(crosses(&options, &reading, &out)); /* a calendar has none */
	options.kind = READING_CSV;
	assert_true(crosses(&options, &reading, &out));
	assert_int_equal(out.ndates, 2);
	assert_int_equal(out.dates == NULL, 0);
	reading.refused = true;
	assert_false(crosses(&options, &reading, &out));
	reading.refused = false;
	options.date_order = READING_DATES_DMY; /* nothing is left to ask */
	assert_false(crosses(&options, &reading, &out));
	options.date_order = READING_DATES_UNSET;
	reading.ndates = 0;
	assert_false(crosses(&options, &reading, &out));
	reading.ambiguous_dates = false;
	assert_true(crosses(&options, &reading, &out));
	reading.ndates = 2;
	assert_false(crosses(&options, &reading, &out));
	reading.ambiguous_dates = true;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		reading.dates = bad[i];
		assert_false(crosses(&options, &reading, &out));
	}
}

static bool
request_is_good(struct reading_options *options)
{
	struct buf buf = {0};
	struct arena *arena = arena_new(0);
	struct reading_options out = {0};
	struct unpack in;
	bool good;

	wire_pack_times(&buf, options);
	in = unpack_from(buf.at, buf.len);
	wire_unpack_times(&in, support_zones(), arena, &out);
	good = unpack_done(&in);
	if (good) {
		assert_int_equal(out.date_order, options->date_order);
		assert_int_equal(out.nzones, options->nzones);
		for (size_t i = 0; i < out.nzones; i++) {
			assert_string_equal(out.zones[i].name, options->zones[i].name);
			assert_string_equal(out.zones[i].zone, options->zones[i].zone);
		}
	}
	buf_free(&buf);
	arena_free(arena);
	return good;
}

static void
decided_zones_and_dates_are_checked(void **state)
{
	static const struct reading_zone zones[] = {{"Fenmere", "Europe/London"}, {"G", "UTC"},
	    {"Z", "Europe/Fenmere"}, {NULL, "UTC"}, {"Z", NULL}};
	struct reading_options options = support_options();

	(void)state;
	options.zones = zones;
	options.nzones = 2;
	options.date_order = READING_DATES_MDY;
	assert_true(request_is_good(&options));
	for (size_t i = 2; i < 5; i++) {
		options.zones = &zones[i];
		options.nzones = 1;
		assert_false(request_is_good(&options));
	}
	options.nzones = 0;
	options.date_order = (enum reading_date_order)(READING_DATES_MDY + 1);
	assert_false(request_is_good(&options));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(unknown_zones_are_checked),
	    cmocka_unit_test(dates_are_worked_out_again),
	    cmocka_unit_test(decided_zones_and_dates_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
