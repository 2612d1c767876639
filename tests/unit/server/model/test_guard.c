/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/guard.h"
#include "tests/unit/server/model/dice.h"

#define HOUR 3600
#define DAY (24 * HOUR)
#define NOW ((int64_t)20000 * DAY)
#define ROWS_MAX 400

/* --- Bodies. --- */

static const char calendar[] = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\n"
			       "END:VEVENT\r\nEND:VCALENDAR\r\n";

struct body_case {
	const char *body, *type, *want; /* NULL: may be read */
	bool csv;
};

static const struct body_case body_cases[] = {
    {calendar, "text/calendar", NULL, false},
    {calendar, "text/html; charset=utf-8", NULL, false},
    {calendar, "", NULL, false},
    {"\xef\xbb\xbf\r\n begin:vcalendar\nend:vcalendar", "", NULL, false},
    {"BEGIN:VCALENDAR\rEND:VCALENDAR\rjunk", "", NULL, false},
    {"", "text/calendar", "empty", false},
    {" \r\n\t", "text/calendar", "empty", false},
    {"<!DOCTYPE html><html><body>Sign in</body></html>", "text/calendar", "web page", false},
    {"\n\n<html>BEGIN:VCALENDAR\nEND:VCALENDAR</html>", "", "web page", false},
    {"Please sign in", "Text/HTML", "web page", false},
    {"<?xml version=\"1.0\"?><error/>", "application/xml", "web page", false},
    {"BEGIN:VEVENT\nEND:VEVENT", "", "does not begin with BEGIN:VCALENDAR", false},
    {"Busy\nBEGIN:VCALENDAR\nEND:VCALENDAR", "", "does not begin", false},
    {"BEGIN:VCALENDAR\nDESCRIPTION:see END:VCALENDAR", "", "breaks off", false},
    {"BEGIN:VCALENDAR", "", "breaks off", false},
    {"PK\3\4rest", "", "an Excel workbook", false},
    {"%PDF-1.7", "text/calendar", "a PDF", false},
    {"\x1f\x8b\x08", "text/calendar", "compressed", false},
    {"\xff\xfe"
     "B",
	"text/calendar", "UTF-16", false},
    {"\xd0\xcf\x11\xe0,", "text/csv", NULL, true},
    {"\xfe\xff,B", "text/csv", NULL, true},
    {"Unit;Staff Name\nA;B\n", "text/csv", NULL, true},
    {"Unit|Staff Name\nA|B\n", "text/csv", NULL, true},
    {"{\"error\":\"gone\"}", "application/json", "JSON", false},
    {"Unit,Staff Name\nA,B\n", "text/csv", NULL, true},
    {"\xef\xbb\xbfUnit,Staff Name\n", "text/csv", NULL, true},
    {calendar, "text/csv", "This is a calendar", true},
    {"<html>", "text/csv", "web page, not a roster", true},
    {"%PDF-1.4,", "text/csv", "This is a PDF, not a roster. Export the rota as CSV", true},
    {"{\"rows\":[1,2]}", "text/csv", "This is JSON, not a roster", true},
    {"PK\3\4,", "text/csv", NULL, true},
    {"just a line", "text/csv", "no line has a comma", true},
    {"", "text/csv", "no roster", true},
};

static void
test_bodies(void **state)
{
	struct arena *arena = arena_new(0);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof body_cases / sizeof *body_cases; i++) {
		const struct body_case *c = &body_cases[i];
		const char *why = guard_body(arena, slice_of(c->body), slice_of(c->type), c->csv);

		if (!c->want && why)
			fail_msg("body %zu: %s", i, why);
		if (c->want && (!why || !strstr(why, c->want)))
			fail_msg("body %zu: %s instead of %s", i, why ? why : "(read)", c->want);
	}
	assert_non_null(guard_body(
	    arena, (struct slice){"a,b\0", 4}, (struct slice){"", 0}, true)); /* a NUL byte */
	arena_free(arena);
}

/* holds: H05.1 */
static void
test_every_truncated_calendar_is_refused(void **state)
{
	struct arena *arena = arena_new(0);
	size_t len, whole = strlen(calendar) - 2; /* the last line's end may be missing */

	(void)state;
	for (len = 0; len < whole; len++)
		assert_non_null(guard_body(
		    arena, (struct slice){calendar, len}, SLICE("text/calendar"), false));
	assert_null(
	    guard_body(arena, (struct slice){calendar, whole}, SLICE("text/calendar"), false));
	arena_free(arena);
}

/* --- Readings. --- */

struct rota {
	struct arena *arena;
	struct merge_row current[ROWS_MAX], reading[ROWS_MAX];
	size_t ncurrent, nreading;
	uint32_t events, fullest_day, fullest_week;
	const char *why;
};

/* A rota of day and night shifts of 12 hours from ${days_past} before now to ${days_ahead} after,
 * read again unchanged. */
static void
fill(struct rota *rota, int days_past, int days_ahead)
{
	static const char *const people[] = {"a", "b", "c", "d", "e"};
	int i;

	rota->ncurrent = 0;
	rota->fullest_day = rota->fullest_week = 0;
	for (i = -2 * days_past; i < 2 * days_ahead; i++) {
		int64_t start = NOW + (int64_t)i * 12 * HOUR;

		rota->current[rota->ncurrent] = (struct merge_row){
		    .id = (int64_t)rota->ncurrent + 1,
		    .key = arena_printf(rota->arena, "k%d", i),
		    .start = start,
		    .end = start + 12 * HOUR,
		    .class = "named",
		    .person = people[(unsigned)(i + 10000) % 5],
		};
		rota->reading[rota->ncurrent] = rota->current[rota->ncurrent];
		rota->reading[rota->ncurrent].id = 0;
		rota->ncurrent++;
	}
	rota->nreading = rota->ncurrent;
	rota->events = (uint32_t)rota->nreading;
}

static void
drop(struct rota *rota, size_t at)
{
	memmove(&rota->reading[at], &rota->reading[at + 1],
	    (rota->nreading - at - 1) * sizeof *rota->reading);
	rota->nreading--;
}

static enum guard_verdict
verdict(struct rota *rota)
{
	struct merge merge;
	struct guard_input input = {NOW, rota->current, rota->ncurrent, rota->reading,
	    rota->nreading, rota->events, &merge, rota->fullest_day, rota->fullest_week};

	rota->why = NULL;
	merge_make(rota->arena, (struct merge_rows){rota->current, rota->ncurrent},
	    (struct merge_rows){rota->reading, rota->nreading}, NOW - 365 * (int64_t)DAY, &merge);
	return guard_reading(rota->arena, &input, &rota->why);
}

static void
must_apply(struct rota *rota)
{
	if (verdict(rota) != GUARD_APPLY)
		fail_msg("held: %s", rota->why);
	assert_null(rota->why);
}

static void
must_hold(struct rota *rota, const char *why)
{
	assert_int_equal(verdict(rota), GUARD_HOLD);
	if (!strstr(rota->why, why))
		fail_msg("held for another reason: %s", rota->why);
}

static int
rota_setup(void **state)
{
	struct arena *arena = arena_new(0);
	struct rota *rota = arena_alloc(arena, sizeof *rota);

	rota->arena = arena;
	fill(rota, 10, 40);
	*state = rota;
	return 0;
}

static int
rota_teardown(void **state)
{
	arena_free(((struct rota *)*state)->arena);
	return 0;
}

static void
test_ordinary_changes_apply(void **state)
{
	struct rota *rota = *state;
	size_t i;

	must_apply(rota);
	/* Swaps, a shift that begins an hour later, one more, two fewer. */
	rota->reading[30].person = "e";
	rota->reading[31].person = "a";
	rota->reading[33].start += HOUR;
	rota->reading[rota->nreading++] = (struct merge_row){.key = "new",
	    .start = NOW + DAY,
	    .end = NOW + DAY + HOUR,
	    .class = "named",
	    .person = "a"};
	drop(rota, 40);
	drop(rota, 41);
	must_apply(rota);
	/* Everybody's shift is somebody else's: many changes, nothing lost. */
	fill(rota, 0, 40);
	for (i = 0; i < rota->nreading; i++)
		rota->reading[i].person = "z";
	must_apply(rota);
}

static void
test_the_first_reading_applies(void **state)
{
	struct rota *rota = *state;

	rota->ncurrent = 0;
	must_apply(rota);
	rota->nreading = 0;
	rota->events = 0;
	must_apply(rota); /* nothing lay ahead, so nothing is lost */
}

/* holds: H05.2 */
static void
test_an_empty_calendar_is_held(void **state)
{
	struct rota *rota = *state;

	rota->nreading = 0;
	rota->events = 0;
	must_hold(rota, "The calendar is empty now; 80 shifts");
	fill(rota, 3, 0);
	rota->nreading = 0;
	rota->events = 0;
	must_apply(rota); /* the rota had come to its end */
}

/* holds: H18.2 */
static void
test_last_years_file_is_held(void **state)
{
	struct rota *rota = *state;
	size_t i;

	for (i = 0; i < rota->nreading; i++) {
		rota->reading[i].start -= 365 * (int64_t)DAY;
		rota->reading[i].end -= 365 * (int64_t)DAY;
	}
	must_hold(rota, "last year's file");
	/* The same as the reader gives it: nothing of it is in the window. */
	rota->nreading = 0;
	must_hold(rota, "None of the 100 events");
	/* A year too far the other way: it is still ahead, but the next fortnight is gone. */
	fill(rota, 0, 40);
	for (i = 0; i < rota->nreading; i++) {
		rota->reading[i].start += 365 * (int64_t)DAY;
		rota->reading[i].end += 365 * (int64_t)DAY;
	}
	must_hold(rota, "28 of the 28 shifts of the next 14 days");
}

/* holds: H05.2 */
static void
test_a_shrunken_calendar_is_held(void **state)
{
	struct rota *rota = *state;
	size_t i;

	/* 28 shifts in the next fortnight: 7 may go, 8 may not. */
	for (i = 0; i < 7; i++)
		drop(rota, 24);
	must_apply(rota);
	drop(rota, 24);
	must_hold(rota, "8 of the 28 shifts of the next 14 days");
	/* Beyond the fortnight planning goes on, to a quarter of all that lies ahead. */
	fill(rota, 10, 40);
	for (i = 0; i < 20; i++)
		drop(rota, 60);
	must_apply(rota);
	drop(rota, 60);
	must_hold(rota, "21 of the 80 shifts that lie ahead");
}

/* holds: H05.2 H04.4 */
static void
test_shifts_that_only_say_busy_are_gone(void **state)
{
	struct rota *rota = *state;
	size_t i;

	for (i = 20; i < 40; i++) {
		rota->reading[i].class = "unreadable";
		rota->reading[i].person = NULL;
	}
	must_hold(rota, "20 of the 28 shifts of the next 14 days");
	for (i = 0; i < rota->nreading; i++)
		rota->reading[i].class = "unreadable";
	must_hold(rota, "times only");
}

static void
test_new_keys_are_no_loss(void **state)
{
	struct rota *rota = *state;
	size_t i;

	for (i = 0; i < rota->nreading; i++)
		rota->reading[i].key = arena_printf(rota->arena, "export-2-%zu", i);
	must_apply(rota);
}

/* A slot keeps its key when somebody else is put into it, and nothing is over yet. */
/* holds: H18.2 */
static void
test_another_teams_roster_is_held(void **state)
{
	static const char *const others[] = {"x", "y", "z"};
	struct rota *rota = *state;
	size_t i;

	fill(rota, 0, 40);
	for (i = 0; i < rota->nreading; i++)
		rota->reading[i].person = others[i % 3];
	must_hold(rota, "who were on the shifts that lie ahead is on any of them now");
	/* One who stays, or two who do it all. */
	rota->reading[7].person = rota->current[0].person;
	must_apply(rota);
	rota->reading[7].person = others[0];
	for (i = 0; i < rota->nreading; i++)
		rota->reading[i].person = others[i % 2];
	must_apply(rota);
	/* New people come after the last shift that was known, on shifts of their own. */
	fill(rota, 0, 40);
	for (i = 0; i < rota->nreading; i++) {
		rota->reading[i].key = arena_printf(rota->arena, "next-%zu", i);
		rota->reading[i].person = others[i % 3];
	}
	rota->ncurrent = 0;
	must_apply(rota);
	/* Three were on among shifts of a team, and three others come on shifts of their own: nobody's shift is another's. */
	fill(rota, 0, 40);
	for (i = 0; i < rota->nreading; i++) {
		if (i >= 3) {
			rota->current[i].class = rota->reading[i].class = "team";
			rota->current[i].person = rota->reading[i].person = NULL;
			continue;
		}
		rota->reading[i].key = arena_printf(rota->arena, "own-%zu", i);
		rota->reading[i].person = others[i];
	}
	must_apply(rota);
}

/* holds: H18.2 */
static void
test_another_rotas_calendar_is_held(void **state)
{
	struct rota *rota = *state;
	size_t i;

	for (i = 0; i < rota->nreading; i++) {
		rota->reading[i].key = arena_printf(rota->arena, "other-%zu", i);
		rota->reading[i].person = "x";
	}
	must_hold(rota, "28 of the 28 shifts of the next 14 days");
}

/* holds: H03.3 */
static void
test_an_hour_out_is_held(void **state)
{
	struct rota *rota = *state;
	size_t i;

	for (i = 20; i < rota->nreading; i++) {
		rota->reading[i].start += HOUR;
		rota->reading[i].end += HOUR;
	}
	must_hold(rota, "80 of the 80 shifts that lie ahead would be exactly an hour later");
	/* Whatever keys they go by now; and not quite all of them. */
	fill(rota, 0, 40);
	for (i = 0; i < rota->nreading; i++) {
		rota->reading[i].key = arena_printf(rota->arena, "o%zu", i);
		if (i % 5 == 0)
			continue;
		rota->reading[i].start -= HOUR;
		rota->reading[i].end -= HOUR;
	}
	must_hold(rota, "64 of the 80 shifts that lie ahead would be exactly an hour earlier");
	/* Half of them: somebody plans. */
	fill(rota, 0, 40);
	for (i = 0; i < rota->nreading; i += 2) {
		rota->reading[i].start += HOUR;
		rota->reading[i].end += HOUR;
	}
	must_apply(rota);
	/* A rota of two shifts is edited like this. */
	fill(rota, 0, 1);
	for (i = 0; i < 2; i++) {
		rota->reading[i].start += HOUR;
		rota->reading[i].end += HOUR;
	}
	must_apply(rota);
}

/* holds: H18.2 */
static void
test_a_rewritten_past_is_held(void **state)
{
	struct rota *rota = *state;
	size_t i;

	/* The people who came in the end: up to a quarter of what is over. */
	for (i = 0; i < 5; i++)
		rota->reading[i].person = "z";
	must_apply(rota);
	rota->reading[20].person = "z"; /* runs, and is not over */
	must_apply(rota);
	rota->reading[5].person = "z";
	must_hold(rota, "6 of 20 shifts that are over already");
	/* Calendars from which the past falls out are usual. */
	fill(rota, 10, 40);
	for (i = 0; i < 20; i++)
		drop(rota, 0);
	must_apply(rota);
	/* One correction in a short past. */
	fill(rota, 1, 40);
	rota->reading[0].person = "z";
	rota->reading[1].person = "z";
	must_apply(rota);
}

/* Whichever half or more of the next fortnight goes, it is held. */
/* holds: H05.2 */
static void
test_no_shrinking_is_accepted_in_silence(void **state)
{
	struct rota *rota = *state;
	uint64_t seed;

	for (seed = 1; seed <= 1000; seed++) {
		struct dice dice = dice_of(seed);
		int days = 1 + (int)dice_below(&dice, 40);
		size_t soon, gone;

		fill(rota, (int)dice_below(&dice, 5), days);
		soon = (size_t)(days > 14 ? 28 : 2 * days);
		for (gone = 0; 2 * gone < soon; gone++) {
			size_t first = 0;

			while (rota->reading[first].end <= NOW)
				first++;
			drop(rota, first + (size_t)dice_below(&dice, (uint32_t)(soon - gone)));
		}
		rota->events = (uint32_t)rota->nreading;
		if (verdict(rota) != GUARD_HOLD)
			fail_msg("seed %llu: %zu of %zu gone in silence", (unsigned long long)seed,
			    gone, soon);
	}
}

/* Half of a rota is cut off, far after the next fortnight. */
static void
test_half_a_rota_cut_off_is_held(void **state)
{
	struct rota *rota = *state;
	size_t i;

	for (i = 0; i < 20; i++)
		drop(rota, rota->nreading - 1);
	must_apply(rota); /* a quarter of the 80 that lie ahead */
	drop(rota, rota->nreading - 1);
	must_hold(rota, "21 of the 80 shifts that lie ahead");
}

static uint32_t
after_today(const struct merge_row *rows, size_t count)
{
	uint32_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += rows[i].start >= guard_first_day(NOW) * DAY;
	return n;
}

/* However small the steps, whatever is removed with each, and whichever is remembered: of what the
 * fullest reading had no more than a quarter is lost silently. */
/* holds: H05.2 */
static void
test_shrinking_by_steps_is_held(void **state)
{
	struct rota *rota = *state;
	uint64_t seed;

	for (seed = 1; seed <= 1000; seed++) {
		struct dice dice = dice_of(seed);
		uint32_t full, left;
		bool day = dice_below(&dice, 2) == 0;

		fill(rota, 0, 5 + (int)dice_below(&dice, 60));
		full = after_today(rota->current, rota->ncurrent);
		rota->fullest_day = day ? full : 0;
		rota->fullest_week = full;
		for (;;) {
			size_t step = 1 + (size_t)dice_below(&dice, (uint32_t)(rota->nreading / 5));

			while (step-- > 0)
				drop(rota, (size_t)dice_below(&dice, (uint32_t)rota->nreading));
			left = after_today(rota->reading, rota->nreading);
			if (verdict(rota) == GUARD_HOLD)
				break;
			if ((full - left) * 4 > full)
				fail_msg("seed %llu: %u of %u left in silence",
				    (unsigned long long)seed, left, full);
			memcpy(rota->current, rota->reading, sizeof rota->reading);
			rota->ncurrent = rota->nreading;
		}
	}
	/* A fifth three times, as the guard sees the third of them. */
	fill(rota, 0, 40);
	rota->fullest_week = after_today(rota->current, rota->ncurrent);
	while (rota->ncurrent > 51)
		rota->ncurrent--;
	rota->nreading = rota->ncurrent;
	for (size_t i = 0; i < 10; i++)
		drop(rota, rota->nreading - 1);
	must_hold(rota, "the fullest reading of the last week");
}

/* Rows that only say that something could not be read: neither lost nor rewritten, and no shifts of a
 * fuller reading. */
static void
test_what_could_not_be_read_is_no_shift(void **state)
{
	struct rota *rota = *state;
	size_t i;

	for (i = 30; i < 70; i++)
		rota->current[i].class = "unreadable";
	for (i = 30; i < 70; i++)
		drop(rota, 30);
	must_apply(rota);
	/* Shifts that are over, and could not be read before. */
	fill(rota, 10, 40);
	for (i = 0; i < 10; i++)
		rota->current[i].class = "unreadable";
	must_apply(rota);
	/* In both: the fullest reading had them. */
	fill(rota, 10, 40);
	for (i = 40; i < 80; i++)
		rota->current[i].class = rota->reading[i].class = "unreadable";
	must_apply(rota);
	rota->fullest_day = 78;
	must_hold(rota, "the fullest reading of the last 24 hours");
}

/* Keys that go round among shifts that are over rewrite nothing. */
static void
test_other_keys_do_not_rewrite_the_past(void **state)
{
	struct rota *rota = *state;

	for (size_t i = 0; i < 10; i++)
		rota->reading[i].key = rota->current[(i + 1) % 10].key;
	must_apply(rota);
	for (size_t i = 0; i < 10; i++)
		rota->reading[i].person = "z";
	must_hold(rota, "10 of 20 shifts that are over already would read otherwise");
}

/* A person beside nobody, and a team beside none, at one time. */
static void
test_who_is_left_out_is_another(void **state)
{
	struct rota *rota = *state;

	fill(rota, 0, 40);
	for (size_t i = 0; i < 80; i += 2) {
		rota->current[i].start = rota->reading[i].start = rota->current[i + 1].start;
		rota->current[i].end = rota->reading[i].end = rota->current[i + 1].end;
		rota->current[i].class = rota->current[i + 1].class = "team";
		rota->reading[i].class = rota->reading[i + 1].class = "team";
		rota->current[i].person = rota->reading[i].person = NULL;
		rota->current[i + 1].person = rota->reading[i + 1].person = NULL;
		rota->current[i].team = rota->reading[i].team = i % 4 ? "Hub" : NULL;
		rota->current[i + 1].team = rota->reading[i + 1].team = i % 4 ? NULL : "Hub";
	}
	must_apply(rota);
	for (size_t i = 0; i < 80; i++)
		rota->reading[i].team = rota->reading[i].team ? NULL : "Hub";
	must_apply(rota); /* the same two of each time, by other keys */
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rota_setup, rota_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_what_could_not_be_read_is_no_shift),
	    TEST(test_other_keys_do_not_rewrite_the_past),
	    TEST(test_who_is_left_out_is_another),
	    cmocka_unit_test(test_bodies),
	    cmocka_unit_test(test_every_truncated_calendar_is_refused),
	    TEST(test_ordinary_changes_apply),
	    TEST(test_the_first_reading_applies),
	    TEST(test_an_empty_calendar_is_held),
	    TEST(test_last_years_file_is_held),
	    TEST(test_a_shrunken_calendar_is_held),
	    TEST(test_shifts_that_only_say_busy_are_gone),
	    TEST(test_new_keys_are_no_loss),
	    TEST(test_another_rotas_calendar_is_held),
	    TEST(test_another_teams_roster_is_held),
	    TEST(test_an_hour_out_is_held),
	    TEST(test_a_rewritten_past_is_held),
	    TEST(test_no_shrinking_is_accepted_in_silence),
	    TEST(test_half_a_rota_cut_off_is_held),
	    TEST(test_shrinking_by_steps_is_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
