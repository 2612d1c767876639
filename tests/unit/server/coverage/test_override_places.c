/* SPDX-License-Identifier: MIT */
/*
 * Where an override is on: 0002_sources.sql, rule by rule, and random stories of a calendar
 * that changes its mind against an implementation that paints hours on a strip. On failure the seed
 * is printed; `test_override_places SEED` runs it alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/server/coverage/testbed.h"
#include "tests/unit/server/model/dice.h"

#define STORIES 30

static uint64_t only_seed;

/* ------------------------------------------------------------------------------- rule by rule */

/* Ann is on four nights, from tomorrow's 20:00. */
static void
four_nights(void)
{
	testbed_sql("select shift_put('r1', 'n' || n, 'named', 'ann', d(n, '20:00'), d(n + 1, "
		    "'08:00')) from generate_series(1, 4) n");
	testbed_settle();
}

/* Over all four of them and the days between. */
static void
bob_for_ann(void)
{
	testbed_sql("select override_add('r1', 'bob', 'ann', d(1, '00:00'), d(6, '00:00'), d(6, "
		    "'00:00'), null, false, 'manager')");
}

static void
begin_change(const char *what)
{
	testbed_sql("begin; %s; select shifts_changed('{r1}'); commit", what);
}

static void
expect_on(int day, const char *at, const char *wanted)
{
	testbed_settle();
	testbed_expect(wanted,
	    "select s.state || coalesce(' ' || (select string_agg(x.person, "
	    "' ' order by x.person) from shift x where x.id = any (s.shifts)), "
	    "'') from span s where s.requirement = 'Q1' and s.known_to = 'infinity' and s.starts_at <= d(%d, "
	    "'%s') and s.ends_at > d(%d, '%s')",
	    day, at, day, at);
}

static void
expect_standing(long override, const char *wanted)
{
	testbed_expect(wanted,
	    "select concat_ws(' ', standing, dispute, third) from override_event where override = "
	    "%ld order by id desc limit 1",
	    override);
}

static void
expect_refused(const char *message, const char *sql)
{
	char *said;

	if (scratch_psql_try(testbed_postgres(), "crisiscover_api", sql, &said) == 0 ||
	    strstr(said, message) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", said, message);
	free(said);
}

static void
four_nights_are_four_nights(void **state)
{
	(void)state;
	four_nights();
	bob_for_ann();
	testbed_expect("4 48:00:00",
	    "select count(*) || ' ' || sum(ends_at - starts_at) from shift where override is not null and known_to = 'infinity'");
	expect_on(2, "03:00", "covered bob");
	expect_on(2, "12:00", "gap");
	expect_on(4, "23:00", "covered bob");
	testbed_expect_sound();
	testbed_expect_true_map();
}

static void
a_shift_that_moves_is_followed_again_and_again(void **state)
{
	(void)state;
	four_nights();
	bob_for_ann();
	begin_change("select shift_put('r1', 'n2', 'named', 'ann', d(2, '22:00'), d(3, '10:00'))");
	expect_standing(1, "followed");
	expect_on(2, "21:00", "gap");
	expect_on(3, "09:00", "covered bob");
	/* It does not touch where it was at first, but where it was last. */
	begin_change("select shift_put('r1', 'n2', 'named', 'ann', d(3, '08:30'), d(3, '19:00'))");
	expect_standing(1, "followed");
	expect_on(3, "18:00", "covered bob");
	expect_on(2, "23:00", "gap");
	begin_change("select shift_put('r1', 'n2', 'named', 'ann', d(2, '20:00'), d(3, '09:00'))");
	begin_change("select shift_put('r1', 'n2', 'named', 'ann', d(2, '20:00'), d(3, '08:00'))");
	expect_standing(1, "waiting");
	testbed_settle();
	testbed_expect_true_map();
}

/* Only what was the shift's own edge moves with it: the rest of the night is Ann's. */
static void
what_was_asked_for_by_the_hour_stays_there(void **state)
{
	(void)state;
	four_nights();
	testbed_sql("select override_add('r1', 'bob', 'ann', d(1, '20:00'), d(2, '01:00'), d(2, "
		    "'01:00'), null, false, 'manager')");
	begin_change("select shift_put('r1', 'n1', 'named', 'ann', d(1, '18:00'), d(2, '09:00'))");
	expect_on(1, "19:00", "covered bob");
	expect_on(2, "00:30", "covered bob");
	expect_on(2, "01:30", "covered ann");
	testbed_expect_true_map();
}

/* Two shifts that become one are not one that moved: the day after is still Ann's. */
static void
a_shift_that_swallows_others_is_not_followed(void **state)
{
	(void)state;
	four_nights();
	testbed_sql("select override_add('r1', 'bob', 'ann', d(1, '20:00'), d(2, '08:00'), d(2, "
		    "'08:00'), null, false, 'manager')");
	begin_change(
	    "select shift_end('r1', 'n' || n) from generate_series(2, 4) n; select shift_put('r1', 'n1', 'named', 'ann', d(1, "
	    "'20:00'), d(5, '08:00'))");
	expect_on(2, "07:00", "covered bob");
	expect_on(2, "09:00", "covered ann");
	testbed_expect_true_map();
}

static void
a_shift_that_goes_is_a_dispute_until_somebody_decides(void **state)
{
	static const char *const gone[] = {
	    "select shift_end('r1', 'n2')",
	    "select shift_put('r1', 'n2', 'nobody', null, d(2, '20:00'), d(3, '08:00'))",
	    "select shift_put('r1', 'n2', 'undecided', null, d(2, '20:00'), d(3, '08:00'))",
	    "select shift_put('r1', 'n2', 'named', 'ann', d(9, '20:00'), d(10, '08:00'))",
	    "select shift_put('r1', 'n2', 'absence', 'ann', d(2, '20:00'), d(3, '08:00'))",
	};

	(void)state;
	four_nights();
	bob_for_ann();
	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
		begin_change(gone[i]);
		expect_standing(1, "conflicting shift_gone");
		expect_on(2, "23:00", "unknown");
		testbed_expect("override_disputed",
		    "select cause from span where requirement = 'Q1' and known_to = 'infinity' and starts_at <= d(2, "
		    "'23:00') and ends_at > d(2, '23:00')");
		/* Of the other nights nothing has changed. */
		expect_on(1, "23:00", "covered bob");
		expect_on(4, "23:00", "covered bob");
		begin_change(
		    "select shift_put('r1', 'n2', 'named', 'ann', d(2, '20:00'), d(3, '08:00'))");
		expect_standing(1, "waiting");
		expect_on(2, "23:00", "covered bob");
	}
	testbed_expect_sound();
	begin_change(gone[0]);
	testbed_settle();
	testbed_expect_true_map();
}

/* A dispute is told as a gap is, and the flag says why. */
static void
the_manager_is_told(void **state)
{
	(void)state;
	four_nights();
	bob_for_ann();
	begin_change("select shift_end('r1', 'n2')");
	testbed_settle();
	testbed_expect("opened unknown override_disputed r1.override_disputed",
	    "select concat_ws(' ', kind, payload::jsonb->>'state', payload::jsonb->>'cause', "
	    "payload::jsonb->>'group') from flag where payload::jsonb->>'cause' = "
	    "'override_disputed' order by seq desc limit 1");
}

static void
expect_told(const char *wanted)
{
	testbed_expect(wanted,
	    "select coalesce(string_agg(concat_ws(' ', kind, payload::jsonb->>'override', payload::jsonb->>'cause', "
	    "payload::jsonb->>'start', payload::jsonb->>'severity'), ', ' order by seq), "
	    "'nothing') from flag where kind ~ '^override_'");
}

static char *
told_of(const char *kind, int day, const char *severity)
{
	return testbed_ask(
	    "select concat_ws(' ', '%s', 1, 'r1', iso(d(%d, '20:00')), '%s')", kind, day, severity);
}

/* Also where others cover, so that there is no gap: when it begins, when it spreads, when it ends,
 * and at no other time. */
static void
a_dispute_without_a_gap_is_told(void **state)
{
	char *first, *wider, *over, *both;

	(void)state;
	four_nights();
	testbed_sql("select shift_put('r2', 'x' || n, 'named', 'cyd', d(n, '20:00'), d(n + 1, "
		    "'08:00')) from generate_series(1, 4) n");
	bob_for_ann();
	testbed_settle();
	expect_told("nothing");
	first = told_of("override_disputed", 2, "high");
	begin_change("select shift_end('r1', 'n2')");
	expect_on(2, "23:00", "covered cyd");
	expect_told(first);
	begin_change("select 1");
	expect_told(first);
	begin_change("select shift_end('r1', 'n3')");
	wider = told_of("override_disputed", 2, "high");
	assert_true(asprintf(&both, "%s, %s", first, wider) > 0);
	expect_told(both);
	/* It narrows: they know of it. */
	begin_change("select shift_put('r1', 'n2', 'named', 'ann', d(2, '20:00'), d(3, '08:00'))");
	expect_told(both);
	free(wider);
	wider = both;
	over = told_of("override_settled", 3, "normal");
	begin_change("select shift_put('r1', 'n3', 'named', 'ann', d(3, '20:00'), d(4, '08:00'))");
	assert_true(asprintf(&both, "%s, %s", wider, over) > 0);
	expect_told(both);
	free(first);
	free(wider);
	free(over);
	free(both);
	testbed_expect("0", "select count(*) from override_told");
}

/* Taking back is told to all who were told, and a preview tells nobody. */
static void
withdrawing_ends_a_dispute_for_those_who_were_told(void **state)
{
	char *first, *over, *both;

	(void)state;
	four_nights();
	bob_for_ann();
	begin_change("select shift_end('r1', 'n2')");
	first = told_of("override_disputed", 2, "high");
	expect_told(first);
	testbed_sql("select from override_withdraw_try(1, 'm', d(0, '00:00'), d(9, '00:00'))");
	expect_told(first);
	testbed_sql("select override_withdraw(1, true, 'm')");
	over = told_of("override_settled", 2, "normal");
	assert_true(asprintf(&both, "%s, %s", first, over) > 0);
	expect_told(both);
	free(first);
	free(over);
	free(both);
}

static void
a_third_person_in_the_place_is_a_dispute(void **state)
{
	(void)state;
	four_nights();
	testbed_sql(
	    "select shift_put('r1', 'second', 'named', 'cyd', d(1, '20:00'), d(2, '08:00'))");
	bob_for_ann();
	/* Cyd was there before, in another place. */
	begin_change("select shift_put('r1', 'n2', 'named', 'cyd', d(2, '20:00'), d(3, '08:00'))");
	expect_standing(1, "conflicting another_person {cyd}");
	expect_on(2, "23:00", "unknown");
	expect_on(1, "23:00", "covered bob cyd");
	/* Half of the shift is given away. */
	begin_change("select shift_put('r1', 'n2', 'named', 'ann', d(2, '20:00'), d(3, '01:00')), "
		     "shift_put('r1', 'half', 'named', 'cyd', d(3, '01:00'), d(3, '08:00'))");
	expect_on(2, "23:00", "covered bob");
	expect_on(3, "03:00", "unknown");
	begin_change("select shift_put('r1', 'n2', 'named', 'bob', d(2, '20:00'), d(3, '08:00')), "
		     "shift_end('r1', 'half')");
	expect_standing(1, "waiting");
	expect_on(3, "03:00", "covered bob");
	begin_change("select shift_put('r1', 'n' || n, 'named', 'bob', d(n, '20:00'), d(n + 1, "
		     "'08:00')) from generate_series(1, 4) n");
	expect_standing(1, "reconciled");
	testbed_expect("0", "select count(*) from shift where override is not null and known_to = "
			    "'infinity'");
	testbed_settle();
	testbed_expect_sound();
	testbed_expect_true_map();
}

/* Where enough others are on, a dispute takes nothing from them. */
static void
what_others_cover_stays_covered(void **state)
{
	(void)state;
	four_nights();
	testbed_sql("select shift_put('r2', 'x', 'named', 'cyd', d(1, '20:00'), d(2, '08:00'))");
	bob_for_ann();
	begin_change("select shift_end('r1', 'n1')");
	expect_on(1, "23:00", "covered cyd");
}

static void
nobody_can_be_put_on(void **state)
{
	(void)state;
	four_nights();
	testbed_sql("select shift_put('r1', 'team', 'team', null, d(1, '20:00'), d(2, '08:00')), "
		    "override_add('r1', null, null, d(1, '21:00'), d(2, '02:00'), d(2, '02:00'), "
		    "'The line is down', false, 'manager')");
	expect_on(1, "20:30", "covered ann");
	expect_on(1, "22:00", "gap");
	testbed_expect("nobody", "select cause from span where requirement = 'Q1' and known_to = "
				 "'infinity' and starts_at = d(1, '21:00')");
	/* An override: whether the calendar is trusted does not matter. */
	testbed_sql(
	    "update feed set last_good_at = clock_timestamp() - interval '7 hours' where kind = 'ical_url'");
	expect_on(1, "20:30", "unknown");
	expect_on(1, "22:00", "gap");
	testbed_expect_true_map();
	testbed_sql("update feed set last_good_at = clock_timestamp()");
	begin_change("select shift_put('r1', 'n1', 'named', 'cyd', d(1, '20:00'), d(2, '08:00'))");
	expect_standing(1, "conflicting another_person {cyd}");
	expect_on(1, "22:00", "unknown");
	expect_on(1, "20:30", "covered cyd");
	expect_refused("override 1 (nobody, made by manager on",
	    "select override_add('r1', 'bob', 'ann', d(1, '00:00'), d(3, '00:00'), d(3, '00:00'), "
	    "null, false, 'm')");
	testbed_expect_true_map();
}

static void
one_place_has_one_override(void **state)
{
	(void)state;
	four_nights();
	bob_for_ann();
	expect_refused("override 1 (bob instead of ann, made by manager on",
	    "select override_add('r1', 'cyd', 'ann', d(2, '20:00'), d(3, '08:00'), d(3, '08:00'), "
	    "null, false, 'm')");
	expect_refused("came first and already puts this person",
	    "select override_add('r1', 'bob', null, d(2, '20:00'), d(3, '08:00'), d(3, '08:00'), "
	    "null, false, 'm')");
	expect_refused("has that place",
	    "select override_add('r1', null, null, d(2, '20:00'), d(3, '08:00'), d(3, '08:00'), "
	    "'x', false, 'm')");
	expect_refused("has no shift on this rota",
	    "select override_add('r1', 'bob', 'ann', d(8, '20:00'), d(9, '08:00'), d(9, '08:00'), "
	    "null, false, 'm')");
	testbed_expect("1", "select count(*) from override");
	/* A part of a place that is free may be given away again. */
	testbed_sql("select override_withdraw(1, false, 'manager')");
	testbed_sql("select override_add('r1', 'cyd', 'ann', d(2, '20:00'), d(3, '08:00'), d(3, "
		    "'08:00'), null, false, 'm')");
	expect_on(2, "23:00", "covered cyd");
}

static void
what_rests_on_a_withdrawn_one_is_in_dispute(void **state)
{
	(void)state;
	four_nights();
	bob_for_ann();
	testbed_sql("select override_add('r1', 'cyd', 'bob', d(2, '20:00'), d(3, '08:00'), d(3, "
		    "'08:00'), null, false, 'manager')");
	expect_on(2, "23:00", "covered cyd");
	expect_on(1, "23:00", "covered bob");
	expect_refused("override 2 (cyd instead of bob, made by manager on",
	    "select override_withdraw(1, false, 'm')");
	/* As it would be, and nothing is written. */
	testbed_expect("2 undecided another_person {ann}",
	    "select concat_ws(' ', override, class, dispute, third) from override_withdraw_try(1, "
	    "'m', d(0, '00:00'), d(9, '00:00')) where override is not null");
	testbed_expect("0", "select count(*) from override where withdrawn_at is not null");
	testbed_sql("select override_withdraw(1, true, 'm')");
	expect_standing(2, "conflicting another_person {ann}");
	expect_on(2, "23:00", "unknown");
	expect_on(1, "23:00", "covered ann");
	/* When the calendar catches up with both, it is settled. */
	begin_change("select shift_put('r1', 'n2', 'named', 'cyd', d(2, '20:00'), d(3, '08:00'))");
	expect_standing(2, "reconciled");
	expect_on(2, "23:00", "covered cyd");
	testbed_expect_sound();
}

/* Bob for Ann, Cyd for Bob, and the calendar says Cyd: all three say the same. */
static void
the_calendar_may_name_the_last_of_a_chain(void **state)
{
	(void)state;
	four_nights();
	bob_for_ann();
	testbed_sql("select override_add('r1', 'cyd', 'bob', d(2, '20:00'), d(3, '08:00'), d(3, "
		    "'08:00'), null, false, 'manager')");
	begin_change("select shift_put('r1', 'n2', 'named', 'cyd', d(2, '20:00'), d(3, '08:00'))");
	expect_standing(2, "reconciled");
	expect_on(2, "23:00", "covered cyd");
	expect_on(1, "23:00", "covered bob");
	expect_standing(1, "waiting");
	/* Where Cyd stands in for nobody, she is a third person. */
	begin_change("select shift_put('r1', 'n3', 'named', 'cyd', d(3, '20:00'), d(4, '08:00'))");
	expect_on(3, "23:00", "unknown");
	expect_standing(1, "conflicting another_person {cyd}");
	begin_change("select shift_put('r1', 'n3', 'named', 'ann', d(3, '20:00'), d(4, '08:00'))");
	expect_on(3, "23:00", "covered bob");
	/* Once she no longer stands in for Bob, the calendar names another than Bob. */
	testbed_sql("select override_withdraw(2, true, 'm')");
	expect_on(2, "23:00", "unknown");
	expect_standing(1, "conflicting another_person {cyd}");
	testbed_expect_sound();
}

static void
a_preview_is_the_deed_and_leaves_nothing(void **state)
{
	char *preview, *deed;
	static const char shown[] =
	    "string_agg(concat_ws(' ', class, person, starts_at, ends_at), ', ' order by starts_at, class, person)";

	(void)state;
	four_nights();
	preview = testbed_ask("select %s from override_add_try('r1', 'bob', 'ann', d(1, '00:00'), "
			      "d(6, '00:00'), d(6, '00:00'), null, false, 'm', d(0, '00:00'), d(9, "
			      "'00:00'))",
	    shown);
	testbed_expect("0 0 0",
	    "select (select count(*) from override) || ' ' || (select count(*) from shift where override is not null) || ' ' || (select count(*) from audit where "
	    "action ~ '^override')");
	bob_for_ann();
	deed = testbed_ask("select %s from rota_shown('r1', d(0, '00:00'), d(9, '00:00'))", shown);
	assert_string_equal(preview, deed);
	free(preview);
	free(deed);
}

static void
what_is_over_can_be_corrected_and_taken_back(void **state)
{
	(void)state;
	testbed_sql(
	    "select shift_put('r1', 'old', 'named', 'ann', d(-20, '20:00'), d(-19, '08:00'))");
	testbed_sql(
	    "select override_add('r1', 'bob', 'ann', d(-20, '20:00'), d(-19, '08:00'), d(-19, "
	    "'08:00'), 'Bob came', true, 'm')");
	testbed_expect("bob true",
	    "select s.person || ' ' || o.late::text::bool from shift s join override o on o.id = s.override where s.known_to = 'infinity' and s.starts_at = d(-20, '20:00')");
	/* A second correction replaces the person who was put on. */
	expect_refused("withdraw it before you make another",
	    "select override_add('r1', 'cyd', 'ann', d(-20, '20:00'), d(-19, '08:00'), d(-19, "
	    "'08:00'), null, true, 'm')");
	testbed_sql("select override_withdraw(1, false, 'm')");
	testbed_expect("0", "select count(*) from shift where override is not null and known_to = "
			    "'infinity'");
	testbed_expect("1", "select count(*) from shift where override is not null");
}

/* One that is over can no longer be withdrawn. A correction about a person replaces that person, so
 * that one place never has two; only a correction that nobody was on is laid over. */
static void
a_late_correction_is_laid_over_nobody_alone(void **state)
{
	(void)state;
	testbed_sql("select shift_put('r1', 'o' || n, 'named', 'ann', d(-n, '20:00'), d(1 - n, "
		    "'08:00')) from generate_series(19, 20) n");
	testbed_sql(
	    "select override_add('r1', 'bob', 'ann', d(-20, '20:00'), d(-19, '08:00'), d(-19, "
	    "'08:00'), null, false, 'm'), override_add('r1', null, null, d(-19, '20:00'), d(-18, "
	    "'08:00'), d(-18, '08:00'), 'The line is down', false, 'm')");
	expect_refused("it is over; put somebody on instead of bob to correct it",
	    "select override_add('r1', 'cyd', 'ann', d(-20, '20:00'), d(-19, '08:00'), d(-19, "
	    "'08:00'), null, true, 'm')");
	testbed_sql(
	    "select override_add('r1', 'cyd', 'bob', d(-20, '20:00'), d(-19, '08:00'), d(-19, "
	    "'08:00'), null, true, 'm'), override_add('r1', 'cyd', 'ann', d(-19, '20:00'), d(-18, "
	    "'08:00'), d(-18, '08:00'), null, true, 'm')");
	testbed_expect("4", "select count(*) from override where withdrawn_at is null");
}

/* ------------------------------------------------------------------------------ random stories */

#define HOURS 60
#define SHIFTS_MAX 6
#define HELD_MAX 24
enum { ANN, BOB, CYD, DEE, PEOPLE };
static const char *const people[PEOPLE] = {"ann", "bob", "cyd", "dee"};

typedef uint64_t strip; /* a bit for each hour */

struct entry {
	uint32_t person;
	strip hours;
};

struct calendar {
	struct entry entries[SHIFTS_MAX];
	size_t n;
};

struct held {
	strip shift, piece;
};

struct said {
	uint32_t person, instead;
	strip window, first, on, disputed; /* first: what it was made for */
	struct held held[HELD_MAX];
	size_t nheld;
	struct entry saw[SHIFTS_MAX];
	size_t nsaw;
};

struct story {
	struct calendar calendar;
	struct said said[2]; /* the second rests on the first, if it can be made */
	size_t n;
};

static strip
hours_of(int64_t from, int64_t to)
{
	strip hours = 0;

	for (int64_t h = from; h < to && h < HOURS; h++)
		hours |= (strip)1 << h;
	return hours;
}

static int
first_hour(strip hours)
{
	return __builtin_ctzll(hours);
}

static int
after_hour(strip hours)
{
	return 64 - __builtin_clzll(hours);
}

static struct calendar
dice_calendar(struct dice *dice)
{
	struct calendar calendar = {.n = (size_t)dice_below(dice, SHIFTS_MAX + 1)};

	for (size_t i = 0; i < calendar.n; i++) {
		int64_t from = dice_below(dice, 50);

		calendar.entries[i] = (struct entry){(uint32_t)dice_below(dice, PEOPLE),
		    hours_of(from, from + 2 + dice_below(dice, 12))};
	}
	return calendar;
}

/* One entry moves, is given to somebody, goes or comes. */
static void
dice_change(struct dice *dice, struct calendar *calendar)
{
	size_t i = calendar->n > 0 ? (size_t)dice_below(dice, (uint32_t)calendar->n) : 0;
	int64_t by = dice_below(dice, 9) - 4, from, to;

	switch (calendar->n == 0 ? 3 : dice_below(dice, 5)) {
	case 0:
		calendar->entries[i].person = (uint32_t)dice_below(dice, PEOPLE);
		break;
	case 1:
		calendar->entries[i] = calendar->entries[--calendar->n];
		break;
	case 2:
	case 4:
		from = first_hour(calendar->entries[i].hours) + by;
		to = after_hour(calendar->entries[i].hours) + by + dice_below(dice, 5) - 2;
		if (from >= 0 && to > from)
			calendar->entries[i].hours = hours_of(from, to);
		break;
	default:
		if (calendar->n < SHIFTS_MAX)
			calendar->entries[calendar->n++] =
			    dice_calendar(dice).n > 0
				? (struct entry){(uint32_t)dice_below(dice, PEOPLE),
				      hours_of(5, 5 + 3 + dice_below(dice, 12))}
				: (struct entry){ANN, hours_of(30, 41)};
	}
}

static bool
holds(const strip *shifts, size_t n, strip wanted)
{
	for (size_t i = 0; i < n; i++)
		if (shifts[i] == wanted)
			return true;
	return false;
}

static void
add_once(strip *shifts, size_t *n, strip shift)
{
	if (shift != 0 && !holds(shifts, *n, shift))
		shifts[(*n)++] = shift;
}

/* The whole shifts of ${person}: the calendar's, and every run of an earlier override's. */
static size_t
shifts_of(const struct story *story, size_t before, uint32_t person, strip *shifts)
{
	size_t n = 0;

	for (size_t i = 0; i < story->calendar.n; i++)
		if (story->calendar.entries[i].person == person)
			add_once(shifts, &n, story->calendar.entries[i].hours);
	for (size_t i = 0; i < before; i++) {
		strip left = story->said[i].person == person ? story->said[i].on : 0;

		while (left != 0) {
			int from = first_hour(left), to = from;

			while (to < HOURS && (left >> to & 1))
				to++;
			add_once(shifts, &n, hours_of(from, to));
			left &= ~hours_of(from, to);
		}
	}
	return n;
}

static strip
followed(const struct said *said, const struct held *held, strip now)
{
	int was = __builtin_popcountll(held->shift), is = __builtin_popcountll(now),
	    common = __builtin_popcountll(held->shift & now), from = first_hour(now),
	    to = after_hour(now);
	bool moved = common > 0 && 2 * is <= 3 * was && 2 * common >= (was < is ? was : is);

	if (!(moved && first_hour(held->piece) == first_hour(held->shift)) &&
	    from < first_hour(said->window))
		from = first_hour(said->window);
	if (!(moved && after_hour(held->piece) == after_hour(held->shift)) &&
	    to > after_hour(said->window))
		to = after_hour(said->window);
	return from < to ? hours_of(from, to) : 0;
}

static void
hold(struct said *said, strip shift, strip piece)
{
	assert_true(said->nheld < HELD_MAX);
	said->held[said->nheld++] = (struct held){shift, piece};
}

static bool
is_held(const struct said *said, strip shift)
{
	for (size_t i = 0; i < said->nheld; i++)
		if (said->held[i].shift == shift)
			return true;
	return false;
}

/* When the person of the second override stands in for that of the first. */
static strip
heir(const struct story *story, const struct said *said, uint32_t person)
{
	return said == &story->said[0] && story->n == 2 && person == story->said[1].person
		   ? said->window & story->said[1].window
		   : 0;
}

/* Of those who have come since: where. */
static strip
strangers(const struct story *story, const struct said *said)
{
	strip found = 0;

	for (size_t i = 0; i < story->calendar.n; i++) {
		const struct entry *entry = &story->calendar.entries[i];
		bool seen = entry->person == said->person || entry->person == said->instead;

		for (size_t j = 0; j < said->nsaw; j++)
			seen |= said->saw[j].person == entry->person &&
				(said->saw[j].hours & entry->hours) != 0;
		if (!seen)
			found |= entry->hours & ~heir(story, said, entry->person);
	}
	return found;
}

static void
look(struct story *story, size_t which)
{
	struct said *said = &story->said[which], before = *said;
	strip shifts[SHIFTS_MAX + 2 * HOURS], own = 0, gone = 0;
	size_t n = shifts_of(story, which, said->instead, shifts);

	said->nheld = 0;
	said->on = 0;
	for (size_t i = 0; i < story->calendar.n; i++)
		if (story->calendar.entries[i].person == said->person)
			own |= story->calendar.entries[i].hours;
		else
			own |= story->calendar.entries[i].hours &
			       heir(story, said, story->calendar.entries[i].person);
	for (size_t i = 0; i < before.nheld; i++) {
		const struct held *held = &before.held[i];
		bool moved = false;

		if (holds(shifts, n, held->shift)) {
			hold(said, held->shift, held->piece);
			continue;
		}
		for (size_t j = 0; j < n; j++) {
			strip piece = followed(said, held, shifts[j]);

			if ((shifts[j] & held->piece) == 0)
				continue;
			moved = true;
			if (piece != 0 && !is_held(said, shifts[j]) && !is_held(&before, shifts[j]))
				hold(said, shifts[j], piece);
		}
		if (moved)
			continue;
		hold(said, held->shift, held->piece);
		gone |= held->piece;
	}
	for (size_t j = 0; j < n; j++)
		if ((shifts[j] & said->window) != 0 && !is_held(said, shifts[j]))
			hold(said, shifts[j], shifts[j] & said->window);
	for (size_t i = 0; i < said->nheld; i++)
		if (holds(shifts, n, said->held[i].shift))
			said->on |= said->held[i].piece;
	said->disputed = (gone | (said->first & strangers(story, said))) & ~own & ~said->on;
}

/* The shifts that were there when it was made, less those whom the first one has taken off. */
static void
see(struct story *story, size_t which)
{
	struct said *said = &story->said[which];

	for (size_t i = 0; i < story->calendar.n; i++) {
		const struct entry *entry = &story->calendar.entries[i];
		const struct said *first = &story->said[0];

		if ((entry->hours & said->window) == 0 ||
		    (which == 1 && first->instead == entry->person &&
			(first->on & entry->hours) != 0))
			continue;
		said->saw[said->nsaw++] = *entry;
	}
}

/* All in one transaction: what was goes, what is comes under new keys, as many programs do it. */
static void
say_calendar(const struct calendar *calendar, int64_t base)
{
	char sql[4000];
	int len = snprintf(sql, sizeof sql,
	    "begin; update shift set known_to = clock_timestamp() where rota = 'r1' and override is null and known_to = 'infinity'; ");

	for (size_t i = 0; i < calendar->n; i++)
		len += snprintf(sql + len, sizeof sql - (size_t)len,
		    "insert into shift (rota, key, class, person, starts_at, ends_at) values ('r1', '%zu', 'named', '%s', "
		    "to_timestamp(%lld), to_timestamp(%lld)); ",
		    i, people[calendar->entries[i].person],
		    (long long)(base + 3600 * first_hour(calendar->entries[i].hours)),
		    (long long)(base + 3600 * after_hour(calendar->entries[i].hours)));
	snprintf(sql + len, sizeof sql - (size_t)len, "select shifts_changed('{r1}'); commit");
	testbed_sql("%s", sql);
}

static void
expect_strips(const struct story *story, int64_t base, uint64_t seed, int step)
{
	char wanted[2 * HOURS + 2] = "", *said;
	size_t n = 0;

	for (size_t i = 0; i < story->n; i++)
		for (int h = 0; h < HOURS; h++)
			wanted[n++] = story->said[i].on >> h & 1         ? 'B'
				      : story->said[i].disputed >> h & 1 ? '?'
									 : '.';
	wanted[n] = '\0';
	said = testbed_ask(
	    "select coalesce(string_agg(coalesce((select string_agg(case s.class when 'named' then 'B' else '?' end, "
	    "'') from shift s where s.override = o.id and s.known_to = 'infinity' and s.starts_at <= t and s.ends_at > t), '.'), "
	    "'' order by o.id, t), '') from override o, generate_series(to_timestamp(%lld), to_timestamp(%lld), "
	    "'1 hour') t where o.withdrawn_at is null",
	    (long long)base, (long long)(base + 3600 * (HOURS - 1)));
	if (strcmp(said, wanted) != 0)
		fail_msg("seed %llu, step %d:\n%s is said, not\n%s", (unsigned long long)seed, step,
		    said, wanted);
	free(said);
}

static void
make(struct story *story, struct dice *dice, uint32_t person, uint32_t instead, int64_t base)
{
	struct said *said = &story->said[story->n];
	int64_t from = dice_below(dice, 30), to = from + 4 + dice_below(dice, 30);

	*said = (struct said){.person = person, .instead = instead, .window = hours_of(from, to)};
	see(story, story->n);
	look(story, story->n);
	said->first = said->on;
	if (said->on == 0)
		return; /* refused: there is nothing to replace */
	story->n++;
	testbed_sql("select override_add('r1', '%s', '%s', to_timestamp(%lld), to_timestamp(%lld), "
		    "to_timestamp(%lld), null, false, 'm')",
	    people[person], people[instead], (long long)(base + 3600 * from),
	    (long long)(base + 3600 * after_hour(said->window)),
	    (long long)(base + 3600 * after_hour(said->window)));
}

static void
tell(uint64_t seed)
{
	struct dice dice = dice_of(seed);
	struct story story = {.calendar = dice_calendar(&dice)};
	char *text =
	    testbed_ask("select extract(epoch from date_trunc('hour', now()))::bigint + 86400");
	int64_t base = strtoll(text, NULL, 10);

	free(text);
	testbed_sql(
	    "update override set withdrawn_at = clock_timestamp(), withdrawn_by = 'm' where withdrawn_at is null; "
	    "update shift set known_to = clock_timestamp() where known_to = 'infinity'");
	say_calendar(&story.calendar, base);
	make(&story, &dice, BOB, ANN, base);
	if (story.n == 1)
		make(&story, &dice, CYD, BOB, base);
	for (int step = 0; step < 6 && story.n > 0; step++) {
		expect_strips(&story, base, seed, step);
		for (int64_t i = dice_below(&dice, 2); i >= 0; i--)
			dice_change(&dice, &story.calendar);
		say_calendar(&story.calendar, base);
		for (size_t i = 0; i < story.n; i++)
			look(&story, i);
	}
}

static void
as_painted_hour_by_hour(void **state)
{
	(void)state;
	testbed_sql("insert into person (id) values ('dee') on conflict do nothing");
	if (only_seed)
		tell(only_seed);
	for (uint64_t seed = 1; !only_seed && seed <= STORIES; seed++)
		tell(seed);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(four_nights_are_four_nights, testbed_clean),
	    cmocka_unit_test_setup(a_shift_that_moves_is_followed_again_and_again, testbed_clean),
	    cmocka_unit_test_setup(what_was_asked_for_by_the_hour_stays_there, testbed_clean),
	    cmocka_unit_test_setup(a_shift_that_swallows_others_is_not_followed, testbed_clean),
	    cmocka_unit_test_setup(
		a_shift_that_goes_is_a_dispute_until_somebody_decides, testbed_clean),
	    cmocka_unit_test_setup(the_manager_is_told, testbed_clean),
	    cmocka_unit_test_setup(a_dispute_without_a_gap_is_told, testbed_clean),
	    cmocka_unit_test_setup(
		withdrawing_ends_a_dispute_for_those_who_were_told, testbed_clean),
	    cmocka_unit_test_setup(a_third_person_in_the_place_is_a_dispute, testbed_clean),
	    cmocka_unit_test_setup(what_others_cover_stays_covered, testbed_clean),
	    cmocka_unit_test_setup(nobody_can_be_put_on, testbed_clean),
	    cmocka_unit_test_setup(one_place_has_one_override, testbed_clean),
	    cmocka_unit_test_setup(what_rests_on_a_withdrawn_one_is_in_dispute, testbed_clean),
	    cmocka_unit_test_setup(the_calendar_may_name_the_last_of_a_chain, testbed_clean),
	    cmocka_unit_test_setup(a_preview_is_the_deed_and_leaves_nothing, testbed_clean),
	    cmocka_unit_test_setup(what_is_over_can_be_corrected_and_taken_back, testbed_clean),
	    cmocka_unit_test_setup(a_late_correction_is_laid_over_nobody_alone, testbed_clean),
	    cmocka_unit_test_setup(as_painted_hour_by_hour, testbed_clean),
	};

	only_seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
