/* SPDX-License-Identifier: MIT */
/* The report of a month: by hand; random calls against an answer that is found in another way; and that what is not
 * shown cannot be worked out of what is, by trying every table that would look the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "server/model/few.h"
#include "server/model/month.h"
#include "tests/support/rounds.h"
#include "tests/unit/server/model/dice.h"

static struct zonedb *zones;
static const struct zone *london;

static int
open_zones(void **state)
{
	(void)state;
	assert_int_equal(zonedb_open("/usr/share/zoneinfo", &zones), STATUS_OK);
	london = zonedb_find(zones, "Europe/London");
	assert_non_null(london);
	return 0;
}

static int
close_zones(void **state)
{
	(void)state;
	zonedb_free(zones);
	return 0;
}

static int64_t
utc(const char *text)
{
	int64_t at;

	assert_true(civil_parse_rfc3339(slice_of(text), &at));
	return at;
}

/* ------------------------------------------------------------------------------------------ months */

static void
a_month_is_one_of_the_clocks_of_london(void **state)
{
	struct span_time month;
	char text[MONTH_TEXT_MAX];

	(void)state;
	assert_true(month_read(slice_of("2026-10"), london, &month));
	assert_int_equal(month.start, utc("2026-09-30T23:00:00Z"));
	assert_int_equal(month.end, utc("2026-11-01T00:00:00Z"));
	assert_int_equal(month.end - month.start, (31 * 24 + 1) * 3600);
	assert_true(month_read(slice_of("2027-03"), london, &month));
	assert_int_equal(month.start, utc("2027-03-01T00:00:00Z"));
	assert_int_equal(month.end, utc("2027-03-31T23:00:00Z"));
	assert_int_equal(month.end - month.start, (31 * 24 - 1) * 3600);
	assert_true(month_read(slice_of("2026-12"), london, &month));
	assert_int_equal(month.end, utc("2027-01-01T00:00:00Z"));
	month_text(london, month.start, text);
	assert_string_equal(text, "2026-12");
	/* Half an hour into July by the wall is June for UTC. */
	month = month_before(london, utc("2026-06-30T23:30:00Z"));
	assert_int_equal(month.start, utc("2026-05-31T23:00:00Z"));
	month = month_before(london, utc("2027-01-05T00:00:00Z"));
	month_text(london, month.start, text);
	assert_string_equal(text, "2026-12");
}

static void
what_is_no_month_is_refused(void **state)
{
	static const char *const none[] = {"", "2026", "2026-13", "2026-00", "2026-1", "2026-10-01",
	    "26-10", "2026/10", "9999-12"};
	struct span_time month;

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_false(month_read(slice_of(none[i]), london, &month));
}

/* ----------------------------------------------------------------------------------------- by hand */

#define MINUTE 60
static const struct span_time november = {0, 30 * CIVIL_DAY_SECONDS};
static const uint32_t two_functions[] = {0, 0, 1};

/* Three services, of which two are of one function. */
static struct month
month_with(struct arena *arena, const struct month_call *calls, size_t count)
{
	return month_of(arena, &(struct month_facts){.counted = november,
				   .now = november.end + CIVIL_DAY_SECONDS,
				   .calls = calls,
				   .ncalls = count,
				   .nfunctions = 2,
				   .function_of = two_functions,
				   .nservices = 3});
}

static struct month_call
call(int64_t minute, uint32_t service, uint32_t person, enum report_outcome outcome)
{
	return (struct month_call){
	    minute * MINUTE, two_functions[service], service, person, outcome};
}

static void
the_night_is_told_to_the_minute(void **state)
{
	struct arena *arena = arena_new(0);
	struct month_call calls[20];
	size_t count = 0;
	struct month month;

	(void)state;
	/* At 03:10 nobody answers, then a wrong person, who is reached at 03:22; on five nights. */
	for (int night = 0; night < 5; night++) {
		int64_t at = night * 1440 + 190;

		calls[count++] = call(at, 0, (uint32_t)night, REPORT_NO_ANSWER);
		calls[count++] = call(at + 5, 0, 7, REPORT_WRONG_PERSON);
		calls[count++] = call(at + 12 + night, 1, 8 + (uint32_t)night, REPORT_REACHED);
	}
	month = month_with(arena, calls, count);
	assert_int_equal(month.total.calls.value, 15);
	assert_int_equal(month.total.answered.value, 5);
	assert_int_equal(month_percent(month.total.answered, month.total.calls), 33);
	assert_int_equal(month_percent(month.total.wrong_person, month.total.calls), 33);
	assert_int_equal(month.functions[0].searches.value, 5);
	assert_int_equal(month.functions[0].found.value, 5);
	assert_false(month.functions[0].found.hidden);
	assert_int_equal(month.functions[0].median_seconds, 14 * MINUTE);
	/* The upper of five would be the time of one night. */
	assert_int_equal(month.functions[0].p90_seconds, MONTH_NONE);
	assert_false(month.functions[1].any);
	assert_int_equal(month.services[0].calls.value, 10);
	assert_int_equal(month_percent(month.services[0].answered, month.services[0].calls), 0);
	arena_free(arena);
}

/* Of nine it would be the time of one night still. */
static void
the_upper_rank_is_told_of_ten_searches(void **state)
{
	struct month_call calls[20];

	(void)state;
	for (int nights = 9; nights <= 10; nights++) {
		struct arena *arena = arena_new(0);
		struct month month;
		size_t count = 0;

		for (int night = 0; night < nights; night++) {
			int64_t at = night * 1440 + 190;

			calls[count++] = call(at, 0, (uint32_t)night % 5, REPORT_NO_ANSWER);
			calls[count++] =
			    call(at + 12 + night, 1, 8 + (uint32_t)night % 5, REPORT_REACHED);
		}
		month = month_with(arena, calls, count);
		assert_int_equal(month.functions[0].searches.value, nights);
		assert_int_equal(
		    month.functions[0].p90_seconds, nights == 9 ? MONTH_NONE : 20 * MINUTE);
		arena_free(arena);
	}
}

static void
a_search_ends_when_nobody_rings_for_two_hours(void **state)
{
	struct arena *arena = arena_new(0);
	const struct month_call calls[] = {
	    call(0, 0, 1, REPORT_NO_ANSWER),
	    call(119, 0, 1, REPORT_DECLINED),      /* going on */
	    call(119 + 120, 0, 2, REPORT_REACHED), /* another */
	    call(240, 2, 3, REPORT_REACHED),
	};
	struct month month = month_with(arena, calls, 4);

	(void)state;
	assert_int_equal(month.functions[0].searches.value, 2);
	assert_int_equal(month.functions[0].found.value, 1);
	assert_int_equal(month.functions[1].searches.value, 1);
	assert_int_equal(month.total.searches.value, 3);
	assert_true(month.functions[0].searches.hidden);
	assert_int_equal(month.functions[0].median_seconds, MONTH_NONE);
	arena_free(arena);
}

static void
a_search_belongs_to_the_month_in_which_it_begins(void **state)
{
	struct arena *arena = arena_new(0);
	int64_t end = november.end / MINUTE;
	const struct month_call calls[] = {
	    call(-10, 0, 1, REPORT_NO_ANSWER), call(5, 0, 2, REPORT_REACHED), /* October's */
	    call(6, 2, 2, REPORT_NO_ANSWER), call(end - 5, 0, 1, REPORT_NO_ANSWER),
	    call(end + 20, 0, 1, REPORT_REACHED), /* ours, found in December */
	    call(end + 21, 0, 1, REPORT_REACHED), /* December's */
	};
	struct month month = month_with(arena, calls, 6);

	(void)state;
	assert_int_equal(month.total.calls.value, 3);
	assert_int_equal(month.functions[0].searches.value, 1);
	assert_int_equal(month.functions[0].found.value, 1);
	assert_int_equal(month.functions[1].searches.value, 1);
	assert_int_equal(month.functions[1].found.value, 0);
	arena_free(arena);
}

static void
a_search_that_goes_on_says_nothing_yet(void **state)
{
	struct arena *arena = arena_new(0);
	const struct month_call calls[] = {call(0, 0, 1, REPORT_NO_ANSWER)};
	struct month_facts facts = {.counted = {0, 7199},
	    .now = 7199,
	    .calls = calls,
	    .ncalls = 1,
	    .nfunctions = 2,
	    .function_of = two_functions,
	    .nservices = 3};

	(void)state;
	assert_int_equal(month_of(arena, &facts).total.searches.value, 0);
	facts.now = facts.counted.end = 7200;
	assert_int_equal(month_of(arena, &facts).total.searches.value, 1);
	arena_free(arena);
}

static void
hours_and_gaps_are_of_what_was_counted(void **state)
{
	struct arena *arena = arena_new(0);
	const struct month_piece pieces[] = {{0, -3600, 7200, COVER_COVERED},
	    {0, 7200, 9000, COVER_GAP}, {0, 9000, november.end + 5, COVER_UNKNOWN},
	    {1, 0, 60, COVER_SHORT}};
	const struct month_gap gaps[] = {
	    {0, false, true}, {0, false, false}, {0, true, true}, {1, false, true}};
	struct month month = month_of(arena, &(struct month_facts){.counted = november,
						 .now = november.end,
						 .pieces = pieces,
						 .npieces = 4,
						 .gaps = gaps,
						 .ngaps = 4,
						 .nfunctions = 2});

	(void)state;
	assert_int_equal(month.functions[0].seconds[COVER_COVERED], 7200);
	assert_int_equal(month.functions[0].seconds[COVER_GAP], 1800);
	assert_int_equal(month.functions[0].seconds[COVER_UNKNOWN], november.end - 9000);
	assert_int_equal(month.total.seconds[COVER_SHORT], 60);
	assert_int_equal(month.functions[0].gaps, 2);
	assert_int_equal(month.functions[0].gaps_ahead, 1);
	assert_int_equal(month.functions[0].unknowns, 1);
	assert_int_equal(month.total.gaps, 3);
	assert_int_equal(month.total.gaps_ahead, 2);
	assert_int_equal(month.total.unknowns_ahead, 1);
	arena_free(arena);
}

static void
what_is_of_one_person_is_not_shown(void **state)
{
	struct arena *arena = arena_new(0);
	struct month_call calls[60];
	struct month month;

	(void)state;
	/* Service 0 has two people, service 1 five, service 2 is a line. */
	for (size_t i = 0; i < 60; i++)
		calls[i] = call((int64_t)i * 600, (uint32_t)i % 3,
		    i % 3 == 2   ? MONTH_NONE
		    : i % 3 == 0 ? (uint32_t)i % 2
				 : 10 + (uint32_t)i % 5,
		    i < 30 ? REPORT_REACHED : REPORT_NO_ANSWER);
	month = month_with(arena, calls, 60);
	assert_true(month.services[0].calls.hidden);
	assert_true(month.services[0].answered.hidden);
	assert_false(month.total.calls.hidden);
	/* Another of the two: else it were the total less them. */
	assert_true(month.services[1].calls.hidden != month.services[2].calls.hidden);
	/* Nor is it told by the searches of its function. */
	assert_true(month.functions[0].searches.hidden);
	arena_free(arena);
}

/* The AMHP was looked for, and the ladder led to the duty team: it is one search, for an AMHP. */
static void
a_search_is_for_the_function_that_was_wanted(void **state)
{
	struct arena *arena = arena_new(0);
	struct month_call calls[40];
	struct month month;

	(void)state;
	for (size_t i = 0; i < 40; i++) {
		calls[i] = call((int64_t)(i / 2) * 600 + (int64_t)(i % 2) * 12, i % 2 == 0 ? 0 : 2,
		    (uint32_t)(i % 2 * 100 + i / 2),
		    i % 2 == 0 ? REPORT_NO_ANSWER : REPORT_REACHED);
		calls[i].function = 0;
	}
	month = month_with(arena, calls, 40);
	assert_int_equal(month.functions[0].searches.value, 20);
	assert_int_equal(month.functions[0].found.value, 20);
	assert_int_equal(month.functions[0].median_seconds, 12 * MINUTE);
	assert_int_equal(month.functions[1].searches.value, 0);
	assert_false(month.functions[1].any);
	assert_int_equal(month.services[2].answered.value, 20);
	assert_false(month.functions[0].searches.hidden);
	/* What is not shown of the service that was rung is not told by the searches of the function that was wanted. */
	for (size_t i = 1; i < 40; i += 2)
		calls[i].person = 100;
	month = month_with(arena, calls, 40);
	assert_true(month.services[2].calls.hidden);
	assert_true(month.functions[0].searches.hidden);
	arena_free(arena);
}

/* The schema "report" has its lines in another order. */
static void
of_two_of_one_size_the_name_decides(void **state)
{
	struct few_line lines[] = {
	    {"b", 7, 7, false, false}, {"c", 3, 3, false, false}, {"a", 7, 7, false, false}};
	struct few_line total = {NULL, 17, 17, false, false};

	(void)state;
	few_hide(&(struct few_table){lines, 3, &total}, FEW_LEAST);
	assert_false(lines[0].hides_whole);
	assert_true(lines[1].hides_whole && lines[2].hides_whole);
}

static void
percents_are_rounded_once(void **state)
{
	(void)state;
	assert_int_equal(
	    month_percent((struct month_count){1, false}, (struct month_count){8, false}), 13);
	assert_int_equal(
	    month_percent((struct month_count){1, false}, (struct month_count){3, false}), 33);
	assert_int_equal(
	    month_percent((struct month_count){2, false}, (struct month_count){3, false}), 67);
	assert_int_equal(
	    month_percent((struct month_count){5, false}, (struct month_count){5, false}), 100);
	assert_int_equal(
	    month_percent((struct month_count){0, false}, (struct month_count){0, false}), -1);
	assert_int_equal(
	    month_percent((struct month_count){3, true}, (struct month_count){30, false}), -1);
}

/* ------------------------------------------------------------------------------------- random calls */

#define CALLS 40

/* Whether call ${i} begins a search: by looking back, one call at a time. */
static bool
begins(const struct month_call *calls, size_t i)
{
	for (size_t j = i; j-- > 0;)
		if (calls[j].function == calls[i].function)
			return calls[j].outcome == REPORT_REACHED ||
			       calls[i].at - calls[j].at >= MONTH_SEARCH_ENDS_SECONDS;
	return true;
}

/* How long the search that call ${i} begins took; -1: nobody was reached. */
static int64_t
took(const struct month_call *calls, size_t count, size_t i)
{
	for (size_t j = i; j < count; j++) {
		if (calls[j].function != calls[i].function)
			continue;
		if (j > i && begins(calls, j))
			return -1;
		if (calls[j].outcome == REPORT_REACHED)
			return calls[j].at - calls[i].at;
	}
	return -1;
}

static void
compare(const struct month *month, const struct month_call *calls, size_t count, uint32_t function)
{
	uint32_t searches = 0, found = 0, below = 0, at_most = 0;
	const struct month_row *row = &month->functions[function];

	for (size_t i = 0; i < count; i++) {
		int64_t lasted;

		if (calls[i].function != function || calls[i].at < 0 ||
		    calls[i].at >= november.end || !begins(calls, i))
			continue;
		searches++;
		lasted = took(calls, count, i);
		found += lasted >= 0;
		below += lasted >= 0 && lasted < row->median_seconds;
		at_most += lasted >= 0 && lasted <= row->median_seconds;
	}
	assert_int_equal(row->searches.value, searches);
	assert_int_equal(row->found.value, found);
	if (row->median_seconds == MONTH_NONE)
		return;
	assert_true(!row->found.hidden && found >= FEW_LEAST);
	assert_true(2 * at_most >= found && 2 * below < found);
}

static void
random_calls_as_looked_at_one_by_one(void **state)
{
	(void)state;
	for (unsigned seed = 0; seed < rounds(3000); seed++) {
		struct dice dice = dice_of(seed);
		struct arena *arena = arena_new(0);
		struct month_call calls[CALLS];
		int64_t at = -(int64_t)MONTH_BEFORE_SECONDS;
		struct month month;

		for (size_t i = 0; i < CALLS; i++) {
			uint32_t service = (uint32_t)dice_below(&dice, 3);

			at += dice_below(&dice, 4) == 0 ? dice_below(&dice, 4 * 86400)
							: dice_below(&dice, 9000);
			calls[i] = call(0, service, (uint32_t)dice_below(&dice, 9),
			    (enum report_outcome)dice_below(&dice, REPORT_OUTCOMES));
			calls[i].at = at;
		}
		month = month_with(arena, calls, CALLS);
		compare(&month, calls, CALLS, 0);
		compare(&month, calls, CALLS, 1);
		arena_free(arena);
	}
}

/* ---------------------------------------------------------------------------------- worked out of totals */

#define LINES 3
#define LEAST 3
#define MOST 6 /* what who reads takes for possible */

enum { ANSWERED, WRONG, NOBODY, KINDS };

/* A table of calls, with the sum as its last line. */
struct table {
	struct month_row rows[LINES + 1];
	bool of_one[LINES]; /* about too few people, however large it is */
};

static uint32_t
value(const struct month_row *row, int kind)
{
	return kind == ANSWERED ? row->answered.value
	       : kind == WRONG  ? row->wrong_person.value
				: row->no_answer.value;
}

static bool
hides(const struct month_row *row, int kind)
{
	return kind == ANSWERED ? row->answered.hidden
	       : kind == WRONG  ? row->wrong_person.hidden
				: row->no_answer.hidden;
}

/* Whether a line could be ${guess}, by what is shown of it. A count that is not shown is not 0. */
static bool
fits(const struct month_row *row, const uint32_t guess[KINDS])
{
	uint32_t sum = guess[0] + guess[1] + guess[2];

	if (row->calls.hidden ? sum == 0 : sum != row->calls.value)
		return false;
	for (int kind = 0; kind < KINDS; kind++)
		if (!hides(row, kind) && guess[kind] != value(row, kind))
			return false;
	return true;
}

/* What has been found possible, of each line: two values of a count, or one. */
struct possible {
	uint32_t first[LINES][KINDS + 1];
	bool seen, several[LINES][KINDS + 1];
	bool done; /* all that must be secret is */
};

/* Whether a count must be secret. KINDS: the sum of a line. */
static bool
must_be_secret(const struct table *table, int line, int kind)
{
	const struct month_row *row = &table->rows[line];
	uint32_t counted = kind < KINDS ? value(row, kind) : row->calls.value;

	return counted > 0 && (few_is(counted, LEAST) || table->of_one[line]);
}

static bool
is_secret(const struct table *table, const struct possible *possible)
{
	for (int line = 0; line < LINES; line++)
		for (int kind = 0; kind <= KINDS; kind++)
			if (must_be_secret(table, line, kind) && !possible->several[line][kind])
				return false;
	return true;
}

static void
note(const struct table *table, struct possible *possible, uint32_t guess[LINES][KINDS])
{
	for (int line = 0; line < LINES; line++)
		for (int kind = 0; kind <= KINDS; kind++) {
			uint32_t found = kind < KINDS
					     ? guess[line][kind]
					     : guess[line][0] + guess[line][1] + guess[line][2];

			if (!possible->seen)
				possible->first[line][kind] = found;
			else if (possible->first[line][kind] != found)
				possible->several[line][kind] = true;
		}
	possible->seen = true;
	possible->done = is_secret(table, possible);
}

static void
try_line(const struct table *table, int line, uint32_t guess[LINES][KINDS],
    const uint32_t sum[KINDS], struct possible *possible)
{
	if (line == LINES) {
		if (fits(&table->rows[LINES], sum))
			note(table, possible, guess);
		return;
	}
	for (int kind = 0; kind < KINDS; kind++)
		if (!hides(&table->rows[LINES], kind) &&
		    sum[kind] > value(&table->rows[LINES], kind))
			return;
	for (uint32_t i = 0; i < (MOST + 1) * (MOST + 1) * (MOST + 1) && !possible->done; i++) {
		uint32_t *own = guess[line];

		own[0] = i % (MOST + 1);
		own[1] = i / (MOST + 1) % (MOST + 1);
		own[2] = i / (MOST + 1) / (MOST + 1);
		if (fits(&table->rows[line], own))
			try_line(table, line + 1, guess,
			    (const uint32_t[KINDS]){
				sum[0] + own[0], sum[1] + own[1], sum[2] + own[2]},
			    possible);
	}
}

static void
print_table(const struct table *table)
{
	for (int line = 0; line <= LINES; line++) {
		const struct month_row *row = &table->rows[line];

		print_message("calls %u%s answered %u%s wrong %u%s nobody %u%s\n", row->calls.value,
		    row->calls.hidden ? "*" : "", row->answered.value,
		    row->answered.hidden ? "*" : "", row->wrong_person.value,
		    row->wrong_person.hidden ? "*" : "", row->no_answer.value,
		    row->no_answer.hidden ? "*" : "");
	}
}

static void
expect_secret(const struct table *table, unsigned seed)
{
	uint32_t guess[LINES][KINDS];
	struct possible possible = {0};

	try_line(table, 0, guess, (const uint32_t[KINDS]){0}, &possible);
	if (!possible.seen || !possible.done)
		print_table(table);
	if (!possible.seen || !possible.done)
		fail_msg("seed %u: what is few can be worked out", seed);
	for (int line = 0; line <= LINES; line++)
		for (int kind = 0; kind < KINDS; kind++)
			if (!hides(&table->rows[line], kind))
				assert_false(few_is(value(&table->rows[line], kind), LEAST));
}

static void
fill(struct dice *dice, struct table *table)
{
	struct month_row *total = &table->rows[LINES];

	memset(table, 0, sizeof *table);
	for (int line = 0; line < LINES; line++) {
		struct month_row *row = &table->rows[line];

		row->answered.value = (uint32_t)dice_below(dice, 6);
		row->wrong_person.value = (uint32_t)dice_below(dice, 4);
		row->no_answer.value = dice_below(dice, 2) ? 0 : (uint32_t)dice_below(dice, 5);
		row->calls.value =
		    row->answered.value + row->wrong_person.value + row->no_answer.value;
		table->of_one[line] = row->calls.value > 0 && dice_below(dice, 8) == 0;
		row->calls.hidden = table->of_one[line];
		total->answered.value += row->answered.value;
		total->wrong_person.value += row->wrong_person.value;
		total->no_answer.value += row->no_answer.value;
		total->calls.value += row->calls.value;
	}
}

static void
nothing_hidden_can_be_worked_out_of_totals(void **state)
{
	unsigned shown = 0;

	(void)state;
	for (unsigned seed = 0; seed < rounds(150); seed++) {
		struct dice dice = dice_of(seed);
		struct arena *arena = arena_new(0);
		struct table table;

		fill(&dice, &table);
		month_hide_calls(arena,
		    &(struct month_table){table.rows, LINES, &table.rows[LINES], NULL}, LEAST);
		expect_secret(&table, seed);
		for (int line = 0; line < LINES; line++)
			shown +=
			    !table.rows[line].answered.hidden && table.rows[line].calls.value > 0;
		arena_free(arena);
	}
	/* A rule that hides everything is none. */
	assert_true(shown > rounds(150) / 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_month_is_one_of_the_clocks_of_london),
	    cmocka_unit_test(what_is_no_month_is_refused),
	    cmocka_unit_test(the_night_is_told_to_the_minute),
	    cmocka_unit_test(the_upper_rank_is_told_of_ten_searches),
	    cmocka_unit_test(a_search_ends_when_nobody_rings_for_two_hours),
	    cmocka_unit_test(a_search_belongs_to_the_month_in_which_it_begins),
	    cmocka_unit_test(a_search_that_goes_on_says_nothing_yet),
	    cmocka_unit_test(hours_and_gaps_are_of_what_was_counted),
	    cmocka_unit_test(what_is_of_one_person_is_not_shown),
	    cmocka_unit_test(a_search_is_for_the_function_that_was_wanted),
	    cmocka_unit_test(of_two_of_one_size_the_name_decides),
	    cmocka_unit_test(percents_are_rounded_once),
	    cmocka_unit_test(random_calls_as_looked_at_one_by_one),
	    cmocka_unit_test(nothing_hidden_can_be_worked_out_of_totals),
	};

	return cmocka_run_group_tests(tests, open_zones, close_zones);
}
