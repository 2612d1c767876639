/* SPDX-License-Identifier: MIT */
/* Stand-ins: the rules one by one, and random cases against a minute-by-minute answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/stand_in.h"
#include "tests/unit/server/model/dice.h"

#define HOUR 3600
#define DAY (24 * HOUR)
#define CASES 3000
#define PEOPLE 5

static const struct stand_in_person everybody[PEOPLE] = {{0, "Ann", true, false},
    {1, "Bob", true, false}, {2, "Cyd", true, false},
    {3, "Dee", false, true}, /* whose leave is private */
    {4, "Ann", true, false}};

/* The people found for the twelve hours from 20:00 on day 10, as a word of digits. */
static const char *
find(struct arena *arena, struct person_time *shifts, size_t nshifts,
    const struct person_time *absences, size_t nabsences)
{
	struct stand_in_asked asked = {
	    .time = {10 * DAY + 20 * HOUR, 11 * DAY + 8 * HOUR},
	    .people = everybody,
	    .npeople = PEOPLE,
	    .shifts = {shifts, nshifts},
	    .absences = {absences, nabsences},
	};
	char *word = arena_alloc(arena, PEOPLE + 1);
	struct stand_ins found;

	person_times_sort(shifts, nshifts);
	found = stand_in_find(arena, &asked);
	for (size_t i = 0; i < found.count; i++)
		word[i] = (char)('0' + found.items[i].person);
	return word;
}

static void
own_organisation_first_then_hours_then_name(void **state)
{
	struct arena *arena = arena_new(0);
	struct person_time shifts[] = {{1, 4 * DAY, 4 * DAY + 10 * HOUR}};

	(void)state;
	assert_string_equal(find(arena, shifts, 0, NULL, 0), "04123");
	/* Bob has been on for ten hours of the week before; Dee, of elsewhere, for none. */
	assert_string_equal(find(arena, shifts, 1, NULL, 0), "04213");
	arena_free(arena);
}

static void
nobody_who_is_on_or_would_not_rest(void **state)
{
	struct arena *arena = arena_new(0);
	struct person_time shifts[] = {
	    {0, 10 * DAY + 22 * HOUR, 10 * DAY + 23 * HOUR},     /* in the middle of it */
	    {1, 10 * DAY, 10 * DAY + 9 * HOUR + 1},              /* rests a second less than 11 h */
	    {2, 11 * DAY + 19 * HOUR - 1, 11 * DAY + 20 * HOUR}, /* the same after it */
	    {3, 10 * DAY, 10 * DAY + 9 * HOUR},                  /* exactly 11 h */
	    {4, 11 * DAY + 19 * HOUR, 11 * DAY + 20 * HOUR},
	};

	(void)state;
	assert_string_equal(find(arena, shifts, 5, NULL, 0), "43");
	arena_free(arena);
}

static void
nobody_who_is_away_for_any_part(void **state)
{
	struct arena *arena = arena_new(0);
	struct person_time absences[] = {{0, 0, 10 * DAY + 20 * HOUR + 1},
	    {1, 11 * DAY + 8 * HOUR, 30 * DAY}, {2, 11 * DAY, 11 * DAY + HOUR},
	    {3, 11 * DAY, 11 * DAY + HOUR}};

	(void)state;
	assert_string_equal(find(arena, NULL, 0, absences, 4), "413");
	arena_free(arena);
}

/* Each thing that is against somebody is told apart, and all of them are told. */
static void
what_speaks_against_somebody_is_told_apart(void **state)
{
	struct person_time shifts[] = {
	    {0, 10 * DAY + 22 * HOUR, 10 * DAY + 23 * HOUR},
	    {0, 11 * DAY + 18 * HOUR, 11 * DAY + 20 * HOUR},
	    {1, 11 * DAY + 19 * HOUR - 1, 11 * DAY + 20 * HOUR},
	    {2, 11 * DAY + 19 * HOUR, 11 * DAY + 20 * HOUR},
	};
	struct person_time absences[] = {{0, 0, 20 * DAY}, {3, 0, 20 * DAY}};
	struct stand_in_asked asked = {.time = {10 * DAY + 20 * HOUR, 11 * DAY + 8 * HOUR},
	    .shifts = {shifts, 4},
	    .absences = {absences, 2}};

	(void)state;
	assert_int_equal(stand_in_against(&asked, &everybody[0]),
	    STAND_IN_AWAY | STAND_IN_ON | STAND_IN_UNRESTED);
	assert_int_equal(stand_in_against(&asked, &everybody[1]), STAND_IN_UNRESTED);
	assert_int_equal(stand_in_against(&asked, &everybody[2]), 0);
	/* Her leave is private. */
	assert_int_equal(stand_in_against(&asked, &everybody[3]), 0);
}

static void
at_once_on_two_rotas_counts_once(void **state)
{
	struct arena *arena = arena_new(0);
	struct person_time shifts[] = {{0, 5 * DAY, 5 * DAY + 8 * HOUR},
	    {0, 5 * DAY, 5 * DAY + 8 * HOUR},
	    {0, DAY, 5 * DAY + HOUR}, /* most of it lies before the week */
	    {1, 40 * DAY, 50 * DAY}};
	struct stand_in_asked asked = {.time = {10 * DAY, 10 * DAY + HOUR},
	    .people = everybody,
	    .npeople = 2,
	    .shifts = {shifts, 4}};
	struct stand_ins found;

	(void)state;
	person_times_sort(shifts, 4);
	found = stand_in_find(arena, &asked);
	assert_int_equal(found.count, 2);
	assert_int_equal(found.items[0].person, 1);
	assert_int_equal(found.items[0].seconds, 0);
	assert_int_equal(found.items[1].seconds, 2 * DAY + 8 * HOUR);
	arena_free(arena);
}

/* One hour at a time: whether the person is on at any of it, and how many hours. */
static bool
naive(const struct stand_in_asked *asked, uint32_t person, int64_t *hours)
{
	bool free = true;

	*hours = 0;
	for (int64_t t = asked->time.start / HOUR - 7 * 24; t < asked->time.end / HOUR + 7 * 24;
	     t++) {
		bool on = false,
		     near = t >= asked->time.start / HOUR - 11 && t < asked->time.end / HOUR + 11;

		for (size_t i = 0; i < asked->shifts.count; i++)
			on |= asked->shifts.items[i].person == person &&
			      asked->shifts.items[i].start <= t * HOUR &&
			      t * HOUR < asked->shifts.items[i].end;
		*hours += on;
		free &= !(on && near);
		for (size_t i = 0; i < asked->absences.count; i++)
			free &= !(!everybody[person].private_leave &&
				  asked->absences.items[i].person == person &&
				  asked->time.start <= t * HOUR && t * HOUR < asked->time.end &&
				  asked->absences.items[i].start <= t * HOUR &&
				  t * HOUR < asked->absences.items[i].end);
	}
	return free;
}

static void
as_found_hour_by_hour(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= CASES; seed++) {
		struct dice dice = dice_of(seed);
		struct arena *arena = arena_new(0);
		struct person_time shifts[12];
		struct person_time absences[4];
		int64_t start = 240 + dice_below(&dice, 24);
		struct stand_in_asked asked = {
		    .time = {start * HOUR, (start + 1 + dice_below(&dice, 24)) * HOUR},
		    .people = everybody,
		    .npeople = PEOPLE,
		    .shifts = {shifts, (size_t)dice_below(&dice, 13)},
		    .absences = {absences, (size_t)dice_below(&dice, 5)},
		};
		struct stand_ins found;
		size_t expected = 0;

		for (size_t i = 0; i < asked.shifts.count; i++) {
			shifts[i].person = (uint32_t)dice_below(&dice, PEOPLE);
			shifts[i].start = (40 + dice_below(&dice, 440)) * HOUR;
			shifts[i].end = shifts[i].start + (1 + dice_below(&dice, 20)) * HOUR;
		}
		for (size_t i = 0; i < asked.absences.count; i++) /* by person, as the rule wants */
			absences[i] =
			    (struct person_time){(uint32_t)i, (200 + dice_below(&dice, 90)) * HOUR,
				(200 + 30 + dice_below(&dice, 90)) * HOUR};
		person_times_sort(shifts, asked.shifts.count);
		found = stand_in_find(arena, &asked);
		for (uint32_t person = 0; person < PEOPLE; person++) {
			int64_t hours;
			bool there = false;

			if (!naive(&asked, person, &hours))
				continue;
			expected++;
			for (size_t i = 0; i < found.count; i++)
				there |= found.items[i].person == person &&
					 found.items[i].seconds == hours * HOUR;
			if (!there)
				fail_msg("seed %llu, person %u", (unsigned long long)seed, person);
		}
		if (found.count != expected)
			fail_msg("seed %llu: %zu, not %zu", (unsigned long long)seed, found.count,
			    expected);
		arena_free(arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(own_organisation_first_then_hours_then_name),
	    cmocka_unit_test(nobody_who_is_on_or_would_not_rest),
	    cmocka_unit_test(nobody_who_is_away_for_any_part),
	    cmocka_unit_test(what_speaks_against_somebody_is_told_apart),
	    cmocka_unit_test(at_once_on_two_rotas_counts_once),
	    cmocka_unit_test(as_found_hour_by_hour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
