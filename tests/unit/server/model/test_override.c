/* SPDX-License-Identifier: MIT */
/*
 * Overrides laid over shifts: the rules one by one, and random cases against an implementation that
 * paints one minute at a time. On failure the seed is printed; `test_override SEED` runs it alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/override.h"
#include "tests/unit/server/model/dice.h"

#define CASES 12000
#define MINUTES 60
#define SHIFTS_MAX 8
#define OVERRIDES_MAX 5
#define PEOPLE 4

static uint64_t only_seed;

enum { ANN, BOB, CYD };

static struct shift
named(int64_t id, uint32_t person, int64_t start, int64_t end)
{
	return (struct shift){
	    .start = start, .end = end, .id = id, .person = person, .class = SHIFT_NAMED};
}

static struct override
instead_of(int64_t id, uint32_t person, uint32_t instead, int64_t start, int64_t end)
{
	return (struct override){.id = id,
	    .start = start,
	    .end = end,
	    .shift = 100 + id,
	    .person = person,
	    .instead = instead};
}

static void
expect(const struct override_shifts *laid, size_t index, int64_t id, uint32_t person, int64_t start,
    int64_t end)
{
	assert_true(index < laid->count);
	assert_int_equal(laid->items[index].id, id);
	assert_int_equal(laid->items[index].person, person);
	assert_int_equal(laid->items[index].start, start);
	assert_int_equal(laid->items[index].end, end);
}

/* ---------------------------------------------------------------------------------- the rules */

static void
the_replaced_shift_is_cut_not_dropped(void **state)
{
	struct arena *arena = arena_new(0);
	struct shift shifts[] = {named(1, ANN, 0, 100), named(2, BOB, 0, 100)};
	struct override overrides[] = {instead_of(1, CYD, ANN, 30, 60)};
	struct override_shifts laid = override_lay(arena, shifts, 2, overrides, 1);

	(void)state;
	assert_int_equal(laid.count, 4);
	expect(&laid, 0, 1, ANN, 0, 30);
	expect(&laid, 1, 2, BOB, 0, 100);
	expect(&laid, 2, 101, CYD, 30, 60);
	expect(&laid, 3, 1, ANN, 60, 100);
	assert_true(laid.items[2].override);
	assert_false(laid.items[0].override || laid.items[1].override || laid.items[3].override);
	assert_int_equal(laid.items[2].class, SHIFT_NAMED);
	assert_true(overrides[0].took);
	arena_free(arena);
}

static void
without_somebody_to_replace_it_only_adds(void **state)
{
	struct arena *arena = arena_new(0);
	struct shift shifts[] = {named(1, ANN, 0, 100),
	    {.start = 0, .end = 100, .id = 2, .person = SWEEP_NOBODY, .class = SHIFT_NOBODY},
	    {.start = 0, .end = 100, .id = 3, .person = SWEEP_NOBODY, .class = SHIFT_UNDECIDED},
	    {.start = 0, .end = 100, .id = 4, .person = SWEEP_NOBODY, .class = SHIFT_TEAM}};
	struct override overrides[] = {instead_of(1, CYD, SWEEP_NOBODY, 30, 60)};
	struct override_shifts laid = override_lay(arena, shifts, 4, overrides, 1);

	(void)state;
	assert_int_equal(laid.count, 5);
	for (size_t i = 0; i < 4; i++)
		expect(&laid, i, (int64_t)i + 1, shifts[i].person, 0, 100);
	expect(&laid, 4, 101, CYD, 30, 60);
	assert_false(overrides[0].took);
	arena_free(arena);
}

/* "Ann TBC" is no second name beside the one who stands in for her. */
static void
a_tentative_shift_of_the_replaced_one_goes_too(void **state)
{
	struct arena *arena = arena_new(0);
	struct shift shifts[] = {
	    {.start = 0, .end = 100, .id = 1, .person = ANN, .class = SHIFT_UNDECIDED}};
	struct override overrides[] = {instead_of(1, CYD, ANN, 0, 100)};
	struct override_shifts laid = override_lay(arena, shifts, 1, overrides, 1);

	(void)state;
	assert_int_equal(laid.count, 1);
	expect(&laid, 0, 101, CYD, 0, 100);
	arena_free(arena);
}

static void
the_calendars_own_word_of_the_stand_in_is_not_a_second_one(void **state)
{
	struct arena *arena = arena_new(0);
	struct shift shifts[] = {named(1, CYD, 0, 50), named(2, ANN, 0, 100)};
	struct override overrides[] = {instead_of(1, CYD, ANN, 20, 80)};
	struct override_shifts laid = override_lay(arena, shifts, 2, overrides, 1);

	(void)state;
	assert_int_equal(laid.count, 4);
	expect(&laid, 0, 1, CYD, 0, 20);
	expect(&laid, 1, 2, ANN, 0, 20);
	expect(&laid, 2, 101, CYD, 20, 80);
	expect(&laid, 3, 2, ANN, 80, 100);
	arena_free(arena);
}

/* In whatever order they come. */
static void
a_later_override_wins_over_an_earlier_one(void **state)
{
	struct arena *arena = arena_new(0);
	struct shift shifts[] = {named(1, ANN, 0, 100)};
	struct override overrides[] = {
	    instead_of(2, CYD, BOB, 40, 60), instead_of(1, BOB, ANN, 0, 100)};
	struct override_shifts laid = override_lay(arena, shifts, 1, overrides, 2);

	(void)state;
	assert_int_equal(laid.count, 3);
	expect(&laid, 0, 101, BOB, 0, 40);
	expect(&laid, 1, 102, CYD, 40, 60);
	expect(&laid, 2, 101, BOB, 60, 100);
	/* The shift that the later one takes is an override's, not the calendar's. */
	assert_int_equal(overrides[1].id, 2);
	assert_false(overrides[1].took);
	arena_free(arena);
}

static void
who_has_taken_the_place_since_goes_with_the_place(void **state)
{
	struct arena *arena = arena_new(0);
	struct shift shifts[] = {named(1, CYD, 0, 100)};
	struct override given = instead_of(1, BOB, ANN, 40, 60), adding = given;
	struct override_shifts laid;

	(void)state;
	given.third[0] = adding.third[0] = CYD;
	given.nthird = adding.nthird = 1;
	adding.instead = SWEEP_NOBODY;
	laid = override_lay(arena, shifts, 1, &given, 1);
	assert_int_equal(laid.count, 3);
	expect(&laid, 0, 1, CYD, 0, 40);
	expect(&laid, 1, 101, BOB, 40, 60);
	expect(&laid, 2, 1, CYD, 60, 100);
	assert_false(given.took);
	/* Where nobody was replaced there is no place to take. */
	laid = override_lay(arena, shifts, 1, &adding, 1);
	assert_int_equal(laid.count, 2);
	expect(&laid, 0, 1, CYD, 0, 100);
	arena_free(arena);
}

static void
a_stand_in_who_has_left_the_region_is_undecided(void **state)
{
	struct arena *arena = arena_new(0);
	struct shift shifts[] = {named(1, ANN, 0, 100)};
	struct override overrides[] = {instead_of(1, SWEEP_NOBODY, ANN, 0, 100)};
	struct override_shifts laid = override_lay(arena, shifts, 1, overrides, 1);

	(void)state;
	assert_int_equal(laid.count, 1);
	expect(&laid, 0, 101, SWEEP_NOBODY, 0, 100);
	assert_int_equal(laid.items[0].class, SHIFT_UNDECIDED);
	arena_free(arena);
}

/* Both names are shown, and neither counts. */
/* holds: H01.4 */
static void
in_dispute_nobody_of_them_counts(void **state)
{
	struct arena *arena = arena_new(0);
	struct shift shifts[] = {named(1, CYD, 0, 100), named(2, BOB, 0, 40)};
	struct override overrides[] = {instead_of(1, BOB, ANN, 20, 80)};
	struct override_shifts laid;

	(void)state;
	overrides[0].kind = OVERRIDE_DISPUTED;
	overrides[0].third[0] = CYD;
	overrides[0].nthird = 1;
	laid = override_lay(arena, shifts, 2, overrides, 1);
	assert_int_equal(laid.count, 5);
	expect(&laid, 0, 1, CYD, 0, 20);
	expect(&laid, 1, 2, BOB, 0, 20);
	expect(&laid, 2, 1, CYD, 20, 80);
	expect(&laid, 3, 101, BOB, 20, 80);
	expect(&laid, 4, 1, CYD, 80, 100);
	assert_int_equal(laid.items[0].class, SHIFT_NAMED);
	assert_int_equal(laid.items[2].class, SHIFT_UNDECIDED);
	assert_int_equal(laid.items[3].class, SHIFT_UNDECIDED);
	assert_true(laid.items[3].disputed && laid.items[3].override);
	assert_false(overrides[0].took);
	arena_free(arena);
}

static void
nobody_takes_everything_of_the_rota(void **state)
{
	struct arena *arena = arena_new(0);
	struct shift shifts[] = {named(1, ANN, 0, 100),
	    {.start = 0, .end = 60, .id = 2, .person = SWEEP_NOBODY, .class = SHIFT_TEAM},
	    {.start = 20, .end = 60, .id = 3, .person = SWEEP_NOBODY, .class = SHIFT_UNDECIDED}};
	struct override overrides[] = {instead_of(1, SWEEP_NOBODY, SWEEP_NOBODY, 20, 80)};
	struct override_shifts laid;

	(void)state;
	overrides[0].kind = OVERRIDE_NOBODY;
	laid = override_lay(arena, shifts, 3, overrides, 1);
	assert_int_equal(laid.count, 4);
	expect(&laid, 0, 1, ANN, 0, 20);
	expect(&laid, 1, 2, SWEEP_NOBODY, 0, 20);
	expect(&laid, 2, 101, SWEEP_NOBODY, 20, 80);
	expect(&laid, 3, 1, ANN, 80, 100);
	assert_int_equal(laid.items[2].class, SHIFT_NOBODY);
	assert_false(laid.items[2].disputed);
	arena_free(arena);
}

/* --------------------------------------------------------------------------- minute by minute */

struct random_case {
	struct shift shifts[SHIFTS_MAX];
	struct override overrides[OVERRIDES_MAX];
	size_t nshifts, noverrides;
};

static void
dice_case(struct dice *dice, struct random_case *c)
{
	static const enum shift_class classes[] = {
	    SHIFT_NAMED, SHIFT_NAMED, SHIFT_NAMED, SHIFT_UNDECIDED, SHIFT_TEAM, SHIFT_NOBODY};

	memset(c, 0, sizeof *c);
	c->nshifts = (size_t)dice_below(dice, SHIFTS_MAX + 1);
	c->noverrides = 1 + (size_t)dice_below(dice, OVERRIDES_MAX);
	for (size_t i = 0; i < c->nshifts; i++) {
		struct shift *shift = &c->shifts[i];

		shift->start = dice_below(dice, MINUTES);
		shift->end = shift->start + 1 + dice_below(dice, 30);
		shift->id = (int64_t)i + 1;
		shift->class = classes[dice_below(dice, 6)];
		shift->person = shift->class == SHIFT_NAMED || dice_below(dice, 2) == 0
				    ? (uint32_t)dice_below(dice, PEOPLE)
				    : SWEEP_NOBODY;
		if (shift->class == SHIFT_TEAM || shift->class == SHIFT_NOBODY)
			shift->person = SWEEP_NOBODY;
	}
	for (size_t i = 0; i < c->noverrides; i++) {
		struct override *override = &c->overrides[i];

		/* Made in an order of their own. */
		override->id =
		    1 + (int64_t)((i + (size_t)dice_below(dice, 3)) % 7) * 10 + (int64_t)i;
		override->shift = 100 + (int64_t)i;
		override->start = dice_below(dice, MINUTES);
		override->end = override->start + 1 + dice_below(dice, 30);
		override->person =
		    dice_below(dice, 9) == 0 ? SWEEP_NOBODY : (uint32_t)dice_below(dice, PEOPLE);
		override->instead =
		    dice_below(dice, 3) == 0 ? SWEEP_NOBODY : (uint32_t)dice_below(dice, PEOPLE);
		override->kind = (enum override_kind)(dice_below(dice, 6) % 4 % 3);
		if (override->kind == OVERRIDE_NOBODY)
			override->person = override->instead = SWEEP_NOBODY;
		override->nthird = (uint32_t)dice_below(dice, 3);
		for (uint32_t j = 0; j < override->nthird; j++)
			override->third[j] = (uint32_t)dice_below(dice, PEOPLE);
	}
}

/* The rota's statement in one minute. */
struct minute {
	struct {
		int64_t id;
		uint32_t person;
		enum shift_class class;
	} on[SHIFTS_MAX + OVERRIDES_MAX];
	size_t n;
};

static void
say(struct minute *minute, int64_t id, uint32_t person, enum shift_class class)
{
	minute->on[minute->n].id = id;
	minute->on[minute->n].person = person;
	minute->on[minute->n++].class = class;
}

static bool
is_one_of(const uint32_t *people, uint32_t count, uint32_t person)
{
	for (uint32_t i = 0; i < count; i++)
		if (people[i] == person)
			return true;
	return false;
}

/* One override has its word of what was said before it. */
static void
speak(const struct override *o, struct minute *minute)
{
	struct minute before = *minute;
	bool disputed = o->kind == OVERRIDE_DISPUTED;

	minute->n = 0;
	for (size_t i = 0; i < before.n && o->kind != OVERRIDE_NOBODY; i++) {
		uint32_t person = before.on[i].person;
		bool third = is_one_of(o->third, o->nthird, person);

		if (person == SWEEP_NOBODY)
			say(minute, before.on[i].id, person, before.on[i].class);
		else if (third && disputed)
			say(minute, before.on[i].id, person, SHIFT_UNDECIDED);
		else if (person != o->person && person != o->instead &&
			 !(third && o->instead != SWEEP_NOBODY))
			say(minute, before.on[i].id, person, before.on[i].class);
	}
	say(minute, o->shift, o->person,
	    o->kind == OVERRIDE_NOBODY              ? SHIFT_NOBODY
	    : disputed || o->person == SWEEP_NOBODY ? SHIFT_UNDECIDED
						    : SHIFT_NAMED);
}

static const struct override *
next_made(const struct random_case *c, int64_t after)
{
	const struct override *next = NULL;

	for (size_t i = 0; i < c->noverrides; i++)
		if (c->overrides[i].id > after && (next == NULL || c->overrides[i].id < next->id))
			next = &c->overrides[i];
	return next;
}

static struct minute
minute_of(const struct random_case *c, int64_t t)
{
	struct minute minute = {.n = 0};
	const struct override *o;

	for (size_t i = 0; i < c->nshifts; i++)
		if (c->shifts[i].start <= t && t < c->shifts[i].end)
			say(&minute, c->shifts[i].id, c->shifts[i].person, c->shifts[i].class);
	for (o = next_made(c, 0); o != NULL; o = next_made(c, o->id))
		if (o->start <= t && t < o->end)
			speak(o, &minute);
	return minute;
}

static bool
is_said(const struct minute *minute, const struct shift *shift)
{
	for (size_t i = 0; i < minute->n; i++)
		if (minute->on[i].id == shift->id && minute->on[i].person == shift->person &&
		    minute->on[i].class == shift->class)
			return true;
	return false;
}

static void
check(uint64_t seed)
{
	struct dice dice = dice_of(seed);
	struct arena *arena = arena_new(0);
	struct random_case c;
	struct override sorted[OVERRIDES_MAX];
	struct override_shifts laid;

	dice_case(&dice, &c);
	memcpy(sorted, c.overrides, sizeof sorted);
	laid = override_lay(arena, c.shifts, c.nshifts, sorted, c.noverrides);
	for (int64_t t = 0; t < MINUTES + 40; t++) {
		struct minute minute = minute_of(&c, t);
		size_t on = 0;

		for (size_t i = 0; i < laid.count; i++) {
			if (t < laid.items[i].start || t >= laid.items[i].end)
				continue;
			on++;
			if (!is_said(&minute, &laid.items[i]))
				fail_msg("seed %llu, minute %lld, piece of %lld",
				    (unsigned long long)seed, (long long)t,
				    (long long)laid.items[i].id);
		}
		if (on != minute.n)
			fail_msg("seed %llu, minute %lld: %zu are on, not %zu",
			    (unsigned long long)seed, (long long)t, on, minute.n);
	}
	for (size_t i = 1; i < laid.count; i++)
		if (laid.items[i - 1].start > laid.items[i].start)
			fail_msg("seed %llu: not in order", (unsigned long long)seed);
	arena_free(arena);
}

static void
laid_over_as_minute_by_minute(void **state)
{
	(void)state;
	if (only_seed)
		check(only_seed);
	for (uint64_t seed = 1; !only_seed && seed <= CASES; seed++)
		check(seed);
}

/* Of each person at most one override speaks at once: never two names as if both were true. */
/* holds: H01.4 */
static void
whom_an_override_replaces_is_never_on_beside_it(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= CASES / 4; seed++) {
		struct dice dice = dice_of(seed);
		struct arena *arena = arena_new(0);
		struct random_case c;
		struct override_shifts laid;

		dice_case(&dice, &c);
		c.noverrides = 1;
		if (c.overrides[0].person == c.overrides[0].instead)
			c.overrides[0].instead = SWEEP_NOBODY;
		laid = override_lay(arena, c.shifts, c.nshifts, c.overrides, 1);
		for (size_t i = 0; i < laid.count; i++)
			if (laid.items[i].person == c.overrides[0].instead &&
			    laid.items[i].person != SWEEP_NOBODY &&
			    laid.items[i].class == SHIFT_NAMED &&
			    laid.items[i].start < c.overrides[0].end &&
			    laid.items[i].end > c.overrides[0].start)
				fail_msg("seed %llu", (unsigned long long)seed);
		arena_free(arena);
	}
}

static void
what_an_override_does_is_said_by_its_class(void **state)
{
	(void)state;
	assert_int_equal(override_kind_of("nobody"), OVERRIDE_NOBODY);
	assert_int_equal(override_kind_of("undecided"), OVERRIDE_DISPUTED);
	assert_int_equal(override_kind_of("named"), OVERRIDE_PUTS_ON);
}

static void
without_overrides_the_shifts_stay(void **state)
{
	struct arena *arena = arena_new(0);
	struct shift shifts[] = {named(1, ANN, 0, 100)};
	struct override_shifts laid = override_lay(arena, shifts, 1, NULL, 0);

	(void)state;
	assert_ptr_equal(laid.items, shifts);
	assert_int_equal(laid.count, 1);
	arena_free(arena);
}

/* The pieces of one override have its id. */
static void
the_pieces_of_an_override_may_come_in_any_order(void **state)
{
	struct arena *arena = arena_new(0);
	struct shift shifts[] = {named(1, ANN, 0, 100)};
	struct override overrides[] = {
	    instead_of(1, CYD, ANN, 60, 80), instead_of(1, CYD, ANN, 10, 30)};
	struct override_shifts laid = override_lay(arena, shifts, 1, overrides, 2);

	(void)state;
	assert_int_equal(overrides[0].start, 10);
	assert_int_equal(laid.count, 5);
	expect(&laid, 0, 1, ANN, 0, 10);
	expect(&laid, 1, 101, CYD, 10, 30);
	expect(&laid, 2, 1, ANN, 30, 60);
	expect(&laid, 3, 101, CYD, 60, 80);
	expect(&laid, 4, 1, ANN, 80, 100);
	arena_free(arena);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_an_override_does_is_said_by_its_class),
	    cmocka_unit_test(without_overrides_the_shifts_stay),
	    cmocka_unit_test(the_pieces_of_an_override_may_come_in_any_order),
	    cmocka_unit_test(the_replaced_shift_is_cut_not_dropped),
	    cmocka_unit_test(without_somebody_to_replace_it_only_adds),
	    cmocka_unit_test(a_tentative_shift_of_the_replaced_one_goes_too),
	    cmocka_unit_test(the_calendars_own_word_of_the_stand_in_is_not_a_second_one),
	    cmocka_unit_test(a_later_override_wins_over_an_earlier_one),
	    cmocka_unit_test(who_has_taken_the_place_since_goes_with_the_place),
	    cmocka_unit_test(a_stand_in_who_has_left_the_region_is_undecided),
	    cmocka_unit_test(in_dispute_nobody_of_them_counts),
	    cmocka_unit_test(nobody_takes_everything_of_the_rota),
	    cmocka_unit_test(laid_over_as_minute_by_minute),
	    cmocka_unit_test(whom_an_override_replaces_is_never_on_beside_it),
	};

	only_seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
