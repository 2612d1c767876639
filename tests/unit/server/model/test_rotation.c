/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "server/base/instant.h"
#include "server/model/rotation.h"
#include "tests/unit/server/model/dice.h"

/*
 * Rotations against a calendar that is written another way: a table of every minute of some fourteen months,
 * painted minute by minute with the clock of the C library.
 */

#define DAY 86400
#define MINUTES (425 * 1440)
#define NOBODY 0

static struct zonedb *zones;
static const struct zone *london;
static struct holidays holidays;
static int64_t holiday_days[8];

static int
open_zones(void **state)
{
	(void)state;
	setenv("TZ", "Europe/London", 1);
	tzset();
	if (zonedb_open("/usr/share/zoneinfo", &zones) != STATUS_OK)
		return -1;
	london = zonedb_find(zones, "Europe/London");
	holiday_days[0] = civil_days(2026, 12, 25);
	holiday_days[1] = civil_days(2026, 12, 28);
	holiday_days[2] = civil_days(2027, 1, 1);
	holiday_days[3] = civil_days(2027, 3, 26);
	holiday_days[4] = civil_days(2027, 3, 29);
	holiday_days[5] = civil_days(2027, 5, 3);
	holidays = (struct holidays){"england-and-wales", holiday_days, 6};
	return london == NULL ? -1 : 0;
}

static int
close_zones(void **state)
{
	(void)state;
	zonedb_free(zones);
	return 0;
}

/* ----------------------------------------------------------------------- the naive calendar */

/* Every minute from ${first} on: its local minute (days * 1440 + minute), and the first minute that has a
 * local one. */
struct naive {
	int64_t first; /* instant of minute 0 */
	int64_t local[MINUTES];
	int64_t *
	    minute_of; /* by local minute from ${base}; skipped ones are read with the offset before */
	int64_t base, count;
};

static int64_t
local_minute(int64_t instant)
{
	time_t at = (time_t)instant;
	struct tm tm;

	localtime_r(&at, &tm);
	return civil_days(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * 1440 + tm.tm_hour * 60 +
	       tm.tm_min;
}

static struct naive *
naive_new(int64_t first)
{
	struct naive *naive = calloc(1, sizeof *naive);
	int64_t last = -1;

	naive->first = first;
	naive->base = local_minute(first);
	naive->count = MINUTES + 120;
	naive->minute_of = malloc((size_t)naive->count * sizeof *naive->minute_of);
	for (int64_t i = 0; i < naive->count; i++)
		naive->minute_of[i] = -1;
	for (int64_t i = 0; i < MINUTES; i++) {
		int64_t local = local_minute(first + i * 60) - naive->base;

		naive->local[i] = local + naive->base;
		/* The clock went forward: what it skips goes on counting. */
		for (int64_t skipped = last + 1; last >= 0 && skipped < local; skipped++)
			naive->minute_of[skipped] = i + (skipped - last - 1);
		if (naive->minute_of[local] < 0)
			naive->minute_of[local] = i;
		last = local;
	}
	return naive;
}

static void
naive_free(struct naive *naive)
{
	free(naive->minute_of);
	free(naive);
}

/* The minute of a wall clock; before or after the table its edges. */
static int64_t
minute_at(const struct naive *naive, int64_t local)
{
	if (local < naive->base)
		return 0;
	if (local - naive->base >= naive->count || naive->minute_of[local - naive->base] < 0)
		return MINUTES;
	return naive->minute_of[local - naive->base];
}

/* Who has the turn at each minute, walked from handover to handover. 0: before the first. */
static void
paint_turns(const struct naive *naive, const struct rotation_layer *layer, uint8_t turns[])
{
	int64_t day = layer->start, next;
	size_t who = 0;

	/* Back to the handover day one day at a time. */
	while (layer->handover_day >= 0 && civil_weekday(day) != layer->handover_day)
		day--;
	memset(turns, NOBODY, MINUTES);
	for (;; day = next, who++) {
		int64_t from = minute_at(naive, day * 1440 + layer->handover_at / 60);
		int64_t to;

		next = day + layer->turn_days;
		to = minute_at(naive, next * 1440 + layer->handover_at / 60);
		for (int64_t i = from; i < to && i < MINUTES; i++)
			turns[i] = (uint8_t)layer->groups[who % layer->ngroups].people[0][0];
		if (to >= MINUTES)
			return;
	}
}

static bool
is_on(const struct region_hours *line, int64_t day)
{
	for (uint32_t i = 0; i < holidays.count; i++)
		if (holiday_days[i] == day)
			return (line->days & (1 << REGION_BANK_HOLIDAY)) != 0;
	return (line->days & (1 << civil_weekday(day))) != 0;
}

struct bounds {
	int64_t from, to; /* minutes */
};

/* One layer over what is painted by those before it. */
static void
paint_layer(
    struct naive *naive, const struct rotation_layer *layer, struct bounds edition, uint8_t out[])
{
	static uint8_t turns[MINUTES];
	struct bounds life = {minute_at(naive, layer->start * 1440 + layer->handover_at / 60),
	    layer->end == INSTANT_END
		? MINUTES
		: minute_at(naive, layer->end * 1440 + layer->handover_at / 60)};
	int64_t from = life.from > edition.from ? life.from : edition.from;
	int64_t to = life.to < edition.to ? life.to : edition.to;

	paint_turns(naive, layer, turns);
	for (int64_t i = from; layer->hours.count == 0 && i < to; i++)
		out[i] = turns[i];
	for (uint32_t n = 0; n < layer->hours.count; n++)
		for (int64_t day = naive->base / 1440; day < naive->base / 1440 + 424; day++) {
			const struct region_hours *line = &layer->hours.items[n];
			int64_t end_day = line->to > line->from ? day : day + 1;
			int64_t start = minute_at(naive, day * 1440 + line->from / 60);
			int64_t end = minute_at(naive, end_day * 1440 + line->to / 60);

			if (!is_on(line, day) || start < from || start >= to)
				continue;
			for (int64_t i = start; i < end && i < MINUTES; i++)
				out[i] = turns[start];
		}
}

/* Edition by edition, each over the one before: a shift that began in the earlier one runs on under it, as
 * second[] has it. */
static void
paint(struct naive *naive, const struct rotation_asked *asked, uint8_t out[][MINUTES])
{
	for (size_t e = 0; e < asked->neditions; e++) {
		const struct rotation_edition *edition = &asked->editions[e];
		struct bounds bounds = {(edition->starts_at - naive->first) / 60,
		    e + 1 < asked->neditions
			? (asked->editions[e + 1].starts_at - naive->first) / 60
			: MINUTES};

		memset(out[e], NOBODY, MINUTES);
		for (uint32_t i = 0; i < edition->rotation.nlayers; i++)
			paint_layer(naive, &edition->rotation.layers[i], bounds, out[e]);
	}
}

/* ------------------------------------------------------------------------------- comparing */

static uint8_t painted[3][MINUTES];
static uint64_t on[MINUTES]; /* two bits for each letter: how often that person is on */

static uint64_t
bit_of(uint8_t who)
{
	return who == NOBODY ? 0 : UINT64_C(1) << (2 * (who - 'a'));
}

/* Every minute but those of the first and last days, where the table ends: the same people are on. */
static void
expect_same(struct arena *arena, struct naive *naive, const struct rotation_asked *asked)
{
	struct span_time window = {naive->first, naive->first + (int64_t)MINUTES * 60};
	struct rotation_shifts shifts = rotation_expand(arena, asked, window);

	paint(naive, asked, painted);
	memset(on, 0, sizeof on);
	for (size_t i = 0; i < shifts.count; i++) {
		const struct rotation_shift *shift = &shifts.items[i];

		assert_true(shift->start < shift->end);
		for (int64_t t = shift->start; t < shift->end; t += 60)
			if (t >= window.start && t < window.end)
				on[(t - naive->first) / 60] += bit_of((uint8_t)shift->person[0]);
	}
	for (int64_t i = 3 * 1440; i < MINUTES - 60 * 1440; i++) {
		uint64_t wanted = 0;

		for (size_t e = 0; e < asked->neditions; e++)
			wanted += bit_of(painted[e][i]);
		if (on[i] != wanted)
			fail_msg("minute %lld (local %lld %02d:%02d): %llx is on, not %llx",
			    (long long)i, (long long)(naive->local[i] / 1440),
			    (int)(naive->local[i] % 1440 / 60), (int)(naive->local[i] % 60),
			    (unsigned long long)on[i], (unsigned long long)wanted);
	}
}

static struct rotation
read(struct arena *arena, const char *text)
{
	char *json = strdup(text);
	struct region_faults faults;
	struct rotation rotation;
	json_t *value;

	for (char *at = json; *at != '\0'; at++)
		*at = *at == '\'' ? '"' : *at;
	value = json_loads(json, 0, NULL);
	assert_non_null(value);
	if (rotation_read(arena, value, &rotation, &faults) != STATUS_OK)
		fail_msg("%s: %s", faults.items[0].path, faults.items[0].detail);
	json_decref(value);
	free(json);
	return rotation;
}

/* 1 November 2026, 00:00 GMT: the table has both nights of 2027. */
#define FIRST INT64_C(1793491200)

static const struct {
	const char *what, *json;
} kinds[] = {
    {"daily",
	"{'layers': [{'participants': ['a', 'b', 'c'], 'start': '2026-11-03', 'turn': {'every': 1, 'unit': 'day'}}]}"},
    {"every fifth day at 20:00",
	"{'layers': [{'participants': ['a', 'b'], 'start': '2026-11-03', 'turn': {'every': 5, 'unit': 'day'}, 'handover': {'at': '20:00'}}]}"},
    {"weekly, Monday 09:00",
	"{'layers': [{'participants': ['a', 'b', 'c', 'd'], 'start': '2026-11-09'}]}"},
    {"weekly, Friday 17:00, from the middle of a week",
	"{'layers': [{'participants': ['a', 'b', 'c'], 'start': '2026-11-10', 'handover': {'day': 'fri', 'at': '17:00'}}]}"},
    {"four-weekly",
	"{'layers': [{'participants': ['a', 'b'], 'start': '2026-11-09', 'turn': {'every': 4, 'unit': 'week'}}]}"},
    {"a handover that the clocks skip and repeat",
	"{'layers': [{'participants': ['a', 'b', 'c'], 'start': '2026-11-08', 'turn': {'every': 1, 'unit': 'day'}, 'handover': {'at': '01:30'}}]}"},
    {"weekday days",
	"{'layers': [{'participants': ['a', 'b', 'c'], 'start': '2026-11-09', 'hours': [{'days': ['mon', 'tue', 'wed', 'thu', 'fri'], 'from': '09:00', 'to': '17:00'}]}]}"},
    {"nights, weekly",
	"{'layers': [{'participants': ['a', 'b'], 'start': '2026-11-09', 'hours': [{'days': ['all'], 'from': '20:00', 'to': '08:00'}]}]}"},
    {"nights by the day",
	"{'layers': [{'participants': ['a', 'b', 'c'], 'start': '2026-11-09', 'turn': {'every': 1, 'unit': 'day'}, 'hours': [{'days': ['all'], 'from': '21:00', 'to': '09:00'}]}]}"},
    {"weekends and bank holidays",
	"{'layers': [{'participants': ['a', 'b', 'c'], 'start': '2026-11-09', 'hours': [{'days': ['sat', 'sun', 'bank_holiday'], 'from': '09:00', 'to': '09:00'}]}]}"},
    {"times that the clocks skip and repeat",
	"{'layers': [{'participants': ['a', 'b'], 'start': '2026-11-08', 'turn': {'every': 1, 'unit': 'day'}, 'hours': [{'days': ['sun'], 'from': '01:15', 'to': '02:00'}, {'days': ['sat'], 'from': '22:00', 'to': '01:15'}]}]}"},
    {"with an end",
	"{'layers': [{'participants': ['a', 'b'], 'start': '2026-11-09', 'end': '2027-06-14'}]}"},
    {"weekends over a weekly one",
	"{'layers': [{'participants': ['a', 'b', 'c'], 'start': '2026-11-09'}, {'participants': ['x', 'y'], 'start': '2026-11-09', 'hours': [{'days': ['sat', 'sun'], 'from': '10:00', 'to': '18:00'}]}]}"},
    {"days, nights and a week's second layer",
	"{'layers': [{'participants': ['a', 'b'], 'start': '2026-11-09', 'hours': [{'days': ['all'], 'from': '08:00', 'to': '20:00'}]}, {'participants': ['m', 'n', 'o'], 'start': '2026-11-09', "
	"'hours': [{'days': ['all'], 'from': '19:30', 'to': '08:30'}]}, {'participants': ['z'], 'start': '2026-12-24', 'end': '2027-01-02'}]}"},
};

static void
a_year_of_each_kind_is_the_naive_calendars(void **state)
{
	struct naive *naive = naive_new(FIRST);

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct arena *arena = arena_new(0);
		struct rotation_edition edition = {FIRST, read(arena, kinds[i].json)};

		print_message("          %s\n", kinds[i].what);
		expect_same(arena, naive, &(struct rotation_asked){london, &holidays, &edition, 1});
		arena_free(arena);
	}
	naive_free(naive);
}

/* -------------------------------------------------------------------------------- random ones */

static const char *const ids[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};

static struct rotation
random_rotation(struct arena *arena, struct dice *dice)
{
	uint32_t nlayers = (uint32_t)(1 + dice_below(dice, 3));
	struct rotation_layer *layers = arena_array(arena, nlayers, sizeof *layers);

	for (uint32_t i = 0; i < nlayers; i++) {
		struct rotation_layer *layer = &layers[i];
		struct rotation_group *groups = arena_array(arena, 5, sizeof *groups);
		struct region_hours *hours = arena_array(arena, 3, sizeof *hours);
		bool weeks = dice_below(dice, 2) == 0;

		layer->ngroups = (uint32_t)(1 + dice_below(dice, 5));
		for (uint32_t j = 0; j < layer->ngroups; j++)
			groups[j] = (struct rotation_group){&ids[dice_below(dice, 10)], 1};
		layer->groups = groups;
		layer->start = civil_days(2026, 11, 3) + (int64_t)dice_below(dice, 60);
		layer->end = dice_below(dice, 4) == 0
				 ? layer->start + 1 + (int64_t)dice_below(dice, 300)
				 : INSTANT_END;
		layer->turn_days =
		    (int32_t)(weeks ? 7 * (1 + dice_below(dice, 6)) : 1 + dice_below(dice, 20));
		layer->handover_day = weeks ? (int32_t)dice_below(dice, 7) : -1;
		layer->handover_at = (int32_t)dice_below(dice, 96) * 900;
		layer->hours.items = hours;
		layer->hours.count = (uint32_t)dice_below(dice, 4);
		/* One after the other on a day, so that no layer has somebody on twice. */
		for (uint32_t j = 0; j < layer->hours.count; j++)
			hours[j] = (struct region_hours){(uint8_t)(1 + dice_below(dice, 255)),
			    (int32_t)(j * 7 + dice_below(dice, 4)) * 3600 +
				(int32_t)dice_below(dice, 4) * 900,
			    (int32_t)(j * 7 + 4 + dice_below(dice, 3)) * 3600 +
				(int32_t)dice_below(dice, 4) * 900};
	}
	return (struct rotation){layers, nlayers};
}

static void
random_rotations_and_edits_are_the_naive_calendars(void **state)
{
	struct naive *naive = naive_new(FIRST);
	struct dice dice = dice_of(20261130);

	(void)state;
	for (int round = 0; round < 30; round++) {
		struct arena *arena = arena_new(0);
		struct rotation_edition editions[3];
		size_t count = 1 + dice_below(&dice, 3);
		int64_t at = FIRST;

		for (size_t i = 0; i < count; i++) {
			editions[i] = (struct rotation_edition){at, random_rotation(arena, &dice)};
			at += 20 * DAY + (int64_t)dice_below(&dice, 150 * 96) * 900;
		}
		expect_same(
		    arena, naive, &(struct rotation_asked){london, &holidays, editions, count});
		arena_free(arena);
	}
	naive_free(naive);
}

/* A shift is the same, whatever window it is asked of. */
static void
any_window_has_the_same_shifts(void **state)
{
	struct dice dice = dice_of(7);

	(void)state;
	for (int round = 0; round < 100; round++) {
		struct arena *arena = arena_new(0);
		struct rotation_edition edition = {FIRST, random_rotation(arena, &dice)};
		struct rotation_asked asked = {london, &holidays, &edition, 1};
		struct span_time window = {FIRST + (int64_t)dice_below(&dice, 300) * DAY, 0};
		struct rotation_shifts whole =
		    rotation_expand(arena, &asked, (struct span_time){FIRST, FIRST + 420 * DAY});
		struct rotation_shifts part;
		size_t found = 0;

		window.end = window.start + 1 + (int64_t)dice_below(&dice, 40 * DAY);
		part = rotation_expand(arena, &asked, window);
		for (size_t i = 1; i < part.count; i++) {
			const struct rotation_shift *one = &part.items[i - 1],
						    *next = &part.items[i];

			assert_true(
			    one->start < next->start ||
			    (one->start == next->start && strcmp(one->person, next->person) <= 0));
		}
		for (size_t i = 0; i < whole.count; i++) {
			const struct rotation_shift *shift = &whole.items[i];

			if (!span_overlap((struct span_time){shift->start, shift->end}, window))
				continue;
			assert_true(found < part.count);
			assert_int_equal(part.items[found].start, shift->start);
			assert_int_equal(part.items[found].end, shift->end);
			assert_string_equal(part.items[found].person, shift->person);
			found++;
		}
		assert_int_equal(found, part.count);
		arena_free(arena);
	}
}

/* ------------------------------------------------------------------------------------ by hand */

static void
expect_shift(
    const struct rotation_shift *shift, const char *person, const char *from, const char *to)
{
	char start[CIVIL_RFC3339_MAX], end[CIVIL_RFC3339_MAX];

	civil_rfc3339(shift->start, start);
	civil_rfc3339(shift->end, end);
	assert_string_equal(shift->person, person);
	assert_string_equal(start, from);
	assert_string_equal(end, to);
}

static int64_t
instant(const char *text)
{
	int64_t utc;

	assert_true(civil_parse_rfc3339(slice_of(text), &utc));
	return utc;
}

/* holds: H03.2 */
static void
nights_keep_their_wall_clock_over_both_changes(void **state)
{
	struct arena *arena = arena_new(0);
	struct rotation_edition edition = {FIRST,
	    read(arena,
		"{'layers': [{'participants': ['a', 'b'], 'start': '2026-11-09', 'turn': {'every': 1, 'unit': 'day'}, "
		"'hours': [{'days': ['all'], 'from': '20:00', 'to': '08:00'}]}]}")};
	struct rotation_asked asked = {london, &holidays, &edition, 1};
	struct rotation_shifts shifts;

	(void)state;
	shifts = rotation_expand(arena, &asked,
	    (struct span_time){instant("2027-03-27T22:00:00Z"), instant("2027-03-27T23:00:00Z")});
	assert_int_equal(shifts.count, 1);
	expect_shift(&shifts.items[0], "a", "2027-03-27T20:00:00Z", "2027-03-28T07:00:00Z");
	shifts = rotation_expand(arena, &asked,
	    (struct span_time){instant("2027-10-30T22:00:00Z"), instant("2027-10-30T23:00:00Z")});
	assert_int_equal(shifts.count, 1);
	expect_shift(&shifts.items[0], "b", "2027-10-30T19:00:00Z", "2027-10-31T08:00:00Z");
	arena_free(arena);
}

static void
people_who_are_on_together_each_have_the_shift(void **state)
{
	struct arena *arena = arena_new(0);
	struct rotation_edition edition = {
	    FIRST, read(arena,
		       "{'layers': [{'participants': [['b', 'a'], 'c'], 'start': '2026-11-09'}]}")};
	struct rotation_asked asked = {london, &holidays, &edition, 1};
	struct rotation_shifts shifts = rotation_expand(arena, &asked,
	    (struct span_time){instant("2026-11-16T08:00:00Z"), instant("2026-11-16T10:00:00Z")});

	(void)state;
	assert_int_equal(shifts.count, 3);
	expect_shift(&shifts.items[0], "a", "2026-11-09T09:00:00Z", "2026-11-16T09:00:00Z");
	expect_shift(&shifts.items[1], "b", "2026-11-09T09:00:00Z", "2026-11-16T09:00:00Z");
	expect_shift(&shifts.items[2], "c", "2026-11-16T09:00:00Z", "2026-11-23T09:00:00Z");
	arena_free(arena);
}

/* The edition before it is as it was; a turn is cut, and a night that has begun runs to its end. */
static void
an_edit_leaves_what_was_before_it(void **state)
{
	struct arena *arena = arena_new(0);
	struct rotation_edition editions[] = {
	    {FIRST,
		read(arena,
		    "{'layers': [{'participants': ['a'], 'start': '2026-11-09'}, {'participants': ['n'], 'start': '2026-11-09', "
		    "'hours': [{'days': ['all'], 'from': '20:00', 'to': '08:00'}]}]}")},
	    {instant("2026-12-02T00:00:00Z"),
		read(arena, "{'layers': [{'participants': ['z'], 'start': '2026-11-30'}]}")}};
	struct rotation_asked asked = {london, &holidays, editions, 2};
	struct rotation_shifts shifts = rotation_expand(arena, &asked,
	    (struct span_time){instant("2026-12-01T19:00:00Z"), instant("2026-12-02T09:00:00Z")});

	(void)state;
	assert_int_equal(shifts.count, 3);
	expect_shift(&shifts.items[0], "a", "2026-12-01T08:00:00Z", "2026-12-01T20:00:00Z");
	expect_shift(&shifts.items[1], "n", "2026-12-01T20:00:00Z", "2026-12-02T08:00:00Z");
	expect_shift(&shifts.items[2], "z", "2026-12-02T00:00:00Z", "2026-12-07T09:00:00Z");
	arena_free(arena);
}

static void
it_reaches_as_far_as_it_says(void **state)
{
	struct arena *arena = arena_new(0);
	struct rotation_edition editions[] = {
	    {FIRST, read(arena, "{'layers': [{'participants': ['a'], 'start': '2026-11-09'}]}")},
	    {FIRST + DAY,
		read(arena,
		    "{'layers': [{'participants': ['a'], 'start': '2026-11-09', 'end': '2027-04-05'}]}")},
	    {FIRST + 2 * DAY, read(arena, "{'layers': []}")},
	    /* One layer has ended before its edition begins, another before the one beside it. */
	    {instant("2027-01-01T00:00:00Z"),
		read(arena,
		    "{'layers': [{'participants': ['a'], 'start': '2026-11-09', 'end': '2026-12-07'},"
		    "{'participants': ['b'], 'start': '2026-11-09', 'end': '2027-03-01'},"
		    "{'participants': ['c'], 'start': '2026-11-09', 'end': '2027-02-01'}]}")}};
	const int64_t reach[] = {instant("2028-01-01T00:00:00Z"), instant("2027-04-05T08:00:00Z"),
	    FIRST + 2 * DAY, instant("2027-03-01T09:00:00Z")};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct rotation_asked asked = {london, &holidays, editions, i + 1};

		assert_int_equal(rotation_reach(&asked, reach[0]), reach[i]);
	}
	arena_free(arena);
}

static void
what_is_wrong_is_said_with_its_path(void **state)
{
	static const struct {
		const char *json, *path;
	} wrong[] = {
	    {"{}", "$.layers"},
	    {"{'layers': [{'participants': [], 'start': '2026-11-09'}]}",
		"$.layers[0].participants"},
	    {"{'layers': [{'participants': ['a']}]}", "$.layers[0].start"},
	    {"{'layers': [{'participants': ['a', ['b', 'b']], 'start': '2026-11-09'}]}",
		"$.layers[0].participants[1][1]"},
	    {"{'layers': [{'participants': ['a b'], 'start': '2026-11-09'}]}",
		"$.layers[0].participants[0]"},
	    {"{'layers': [{'participants': ['a'], 'start': '2026-11-09', 'end': '2026-11-09'}]}",
		"$.layers[0].end"},
	    {"{'layers': [{'participants': ['a'], 'start': '2026-11-09', 'turn': {'every': 0, 'unit': 'day'}}]}",
		"$.layers[0].turn.every"},
	    {"{'layers': [{'participants': ['a'], 'start': '2026-11-09', 'turn': {'every': 2, 'unit': 'month'}}]}",
		"$.layers[0].turn.unit"},
	    {"{'layers': [{'participants': ['a'], 'start': '2026-11-09', 'turn': {'every': 1, 'unit': 'day'}, 'handover': {'day': 'mon'}}]}",
		"$.layers[0].handover.day"},
	    {"{'layers': [{'participants': ['a'], 'start': '2026-11-09', 'handover': {'at': '24:00'}}]}",
		"$.layers[0].handover.at"},
	    {"{'layers': [{'participants': ['a'], 'start': '2026-11-09', 'hours': []}]}",
		"$.layers[0].hours"},
	    {"{'layers': [{'participants': ['a'], 'start': '2026-11-09', 'until': '2027-01-01'}]}",
		"$.layers[0].until"},
	    {"{'layers': [{'participants': [['a', 'b', 'c', 'd', 'e', 'f']], 'start': '2026-11-09'}]}",
		"$.layers[0].participants[0]"},
	    {"{'layers': [{'participants': ['a', []], 'start': '2026-11-09'}]}",
		"$.layers[0].participants[1]"},
	    {"{'layers': [{'participants': [7], 'start': '2026-11-09'}]}",
		"$.layers[0].participants[0]"},
	    /* Who is no person is the same as nobody, and is not compared with them. */
	    {"{'layers': [{'participants': [[7, 'a']], 'start': '2026-11-09'}]}",
		"$.layers[0].participants[0][0]"},
	    {"{'layers': [{'participants': [['a', 7]], 'start': '2026-11-09'}]}",
		"$.layers[0].participants[0][1]"},
	    {"{'layers': [{'start': '2026-11-09'}]}", "$.layers[0].participants"},
	    {"{'layers': [{'participants': 'a', 'start': '2026-11-09'}]}",
		"$.layers[0].participants"},
	    {"{'layers': [7]}", "$.layers[0]"},
	    {"{'layers': [{'participants': ['a'], 'start': '2026-11-09', 'turn': 7}]}",
		"$.layers[0].turn"},
	    {"{'layers': [{'participants': ['a'], 'start': '2026-11-09', 'handover': 7}]}",
		"$.layers[0].handover"},
	    {"{'layers': [{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}]}", "$.layers"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct arena *arena = arena_new(0);
		char *json = strdup(wrong[i].json);
		struct region_faults faults;
		struct rotation rotation;
		json_t *value;

		for (char *at = json; *at != '\0'; at++)
			*at = *at == '\'' ? '"' : *at;
		value = json_loads(json, 0, NULL);
		assert_int_equal(rotation_read(arena, value, &rotation, &faults), STATUS_MALFORMED);
		assert_string_equal(faults.items[0].path, wrong[i].path);
		json_decref(value);
		free(json);
		arena_free(arena);
	}
}

/* Lines of one layer may overlap, and may be written in any order: shifts are by their start. */
static void
shifts_stand_by_their_start(void **state)
{
	struct arena *arena = arena_new(0);
	struct rotation_edition edition = {FIRST,
	    read(arena,
		"{'layers': [{'participants': ['a'], 'start': '2026-11-09', 'hours': [{'days': ['all'], 'from': '19:30', 'to': '08:30'}, "
		"{'days': ['all'], 'from': '08:00', 'to': '20:00'}]}]}")};
	struct rotation_asked asked = {london, &holidays, &edition, 1};
	struct rotation_shifts shifts =
	    rotation_expand(arena, &asked, (struct span_time){FIRST + 20 * DAY, FIRST + 23 * DAY});

	(void)state;
	assert_true(shifts.count >= 6);
	for (size_t i = 1; i < shifts.count; i++)
		assert_true(shifts.items[i - 1].start < shifts.items[i].start);
	arena_free(arena);
}

/* A layer with ${groups} participants and ${lines} lines of hours; NULL, or the path of what is wrong with it. */
static const char *
wrong_with(struct arena *arena, int groups, int lines)
{
	json_t *people = json_array(), *hours = json_array(), *value;
	struct region_faults faults;
	struct rotation rotation;
	enum status st;

	while (groups-- > 0)
		json_array_append_new(people, json_string("a"));
	while (lines-- > 0)
		json_array_append_new(hours,
		    json_pack("{s:[s], s:s, s:s}", "days", "mon", "from", "09:00", "to", "17:00"));
	value = json_pack("{s:[{s:o, s:s, s:o}]}", "layers", "participants", people, "start",
	    "2026-11-09", "hours", hours);
	st = rotation_read(arena, value, &rotation, &faults);
	json_decref(value);
	return st == STATUS_OK ? NULL : faults.items[0].path;
}

static void
lists_are_bounded(void **state)
{
	struct arena *arena = arena_new(0);

	(void)state;
	assert_null(wrong_with(arena, 200, 50));
	assert_string_equal(wrong_with(arena, 201, 50), "$.layers[0].participants");
	assert_string_equal(wrong_with(arena, 200, 51), "$.layers[0].hours");
	arena_free(arena);
}

/* In St John's the clocks went back at 00:01, to 23:01 of the day before: a turn that is handed over at midnight had
 * begun by then, and does not end again. */
/* holds: H03.2 H17.1 */
static void
a_midnight_that_comes_twice_is_one_handover(void **state)
{
	struct arena *arena = arena_new(0);
	const struct zone *zone = zonedb_find(zones, "America/St_Johns");
	/* 23:30 for the second time, three hours and a half behind UTC. */
	int64_t again = instant("2010-11-07T03:00:00Z");
	struct rotation_edition edition = {again,
	    read(arena,
		"{'layers': [{'participants': ['a', 'b', 'c'], 'start': '2010-11-05', 'turn': {'every': 1, 'unit': 'day'}, 'handover': {'at': '00:00'}}]}")};
	struct rotation_asked asked = {zone, &holidays, &edition, 1};
	struct rotation_shifts shifts =
	    rotation_expand(arena, &asked, (struct span_time){again, again + 2 * DAY});

	(void)state;
	assert_int_equal(shifts.count, 2);
	assert_string_equal(shifts.items[0].person, "c");
	assert_int_equal(shifts.items[0].start, again);
	assert_int_equal(shifts.items[0].end, instant("2010-11-08T03:30:00Z"));
	assert_string_equal(shifts.items[1].person, "a");
	arena_free(arena);
}

/* An edition that begins on a day begins at the handover of its first layer. */
static void
an_edition_begins_at_a_handover(void **state)
{
	struct arena *arena = arena_new(0);
	struct rotation friday = read(arena,
	    "{'layers': [{'participants': ['a'], 'start': '2026-11-13', 'handover': {'day': 'fri', 'at': '17:00'}}]}");
	struct rotation nobody = read(arena, "{'layers': []}");
	int64_t day = civil_days(2026, 11, 13);

	(void)state;
	assert_int_equal(rotation_handover(&friday, london, day), day * DAY + 17 * 3600);
	assert_int_equal(rotation_handover(&nobody, london, day), day * DAY);
	/* The day of summer time is an hour early in UTC. */
	assert_int_equal(rotation_handover(&friday, london, civil_days(2027, 7, 2)),
	    civil_days(2027, 7, 2) * DAY + 16 * 3600);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_year_of_each_kind_is_the_naive_calendars),
	    cmocka_unit_test(random_rotations_and_edits_are_the_naive_calendars),
	    cmocka_unit_test(any_window_has_the_same_shifts),
	    cmocka_unit_test(nights_keep_their_wall_clock_over_both_changes),
	    cmocka_unit_test(people_who_are_on_together_each_have_the_shift),
	    cmocka_unit_test(an_edit_leaves_what_was_before_it),
	    cmocka_unit_test(it_reaches_as_far_as_it_says),
	    cmocka_unit_test(what_is_wrong_is_said_with_its_path),
	    cmocka_unit_test(shifts_stand_by_their_start),
	    cmocka_unit_test(lists_are_bounded),
	    cmocka_unit_test(a_midnight_that_comes_twice_is_one_handover),
	    cmocka_unit_test(an_edition_begins_at_a_handover),
	};

	return cmocka_run_group_tests_name("rotation", tests, open_zones, close_zones);
}
