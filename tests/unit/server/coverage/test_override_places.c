/* SPDX-License-Identifier: MIT */
/*
 * Where an override is on: 0002_sources.sql, rule by rule, and by random stories (override_story.h). On failure the
 * seed is printed; `test_override_places SEED` runs it alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/server/coverage/override_story.h"
#include "tests/unit/server/coverage/testbed.h"

#define STORIES 30

static uint64_t only_seed;

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

static void
as_painted_hour_by_hour(void **state)
{
	(void)state;
	testbed_sql("insert into person (id) values ('dee') on conflict do nothing");
	if (only_seed)
		override_story_tell(only_seed);
	for (uint64_t seed = 1; !only_seed && seed <= STORIES; seed++)
		override_story_tell(seed);
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
