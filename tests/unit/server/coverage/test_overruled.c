/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "tests/unit/server/coverage/testbed.h"

/*
 * Overrides and absences, in the database and on the map: 0002_sources.sql, and how the map follows
 * it. Ann is on r1 by its calendar, each night from 20:00 to 08:00.
 */

/* Makes an override of tomorrow's night and answers its number. */
static long
override_make(const char *person, const char *instead, const char *from, const char *to)
{
	char *id = testbed_ask(
	    "select override_add('r1', '%s', %s, d(1, '%s'), d(2, '%s'), null, null, false, "
	    "'manager')",
	    person, instead, from, to);
	long number = strtol(id, NULL, 10);

	free(id);
	return number;
}

static void
have_nights(void)
{
	testbed_sql("select shift_put('r1', 'n' || n, 'named', 'ann', d(n, '20:00'), d(n + 1, "
		    "'08:00')) from generate_series(-3, 9) n");
	testbed_settle();
}

/* The calendar's rows change, in one transaction, as feeds would change them. */
static void
calendar_says(const char *person, const char *from, const char *to)
{
	testbed_sql(
	    "begin; update shift set known_to = clock_timestamp() where rota = 'r1' and key = "
	    "'n1' and known_to = 'infinity'; "
	    "insert into shift (rota, key, class, person, starts_at, ends_at) values ('r1', "
	    "'n1', 'named', '%s', d(1, '%s'), d(2, '%s')); "
	    "select shifts_changed('{r1}'); commit",
	    person, from, to);
}

static void
expect_on(const char *at, const char *wanted)
{
	testbed_settle();
	testbed_expect(wanted,
	    "select s.state || coalesce(' ' || (select string_agg(x.person, "
	    "' ' order by x.person) from shift x where x.id = any (s.shifts)), "
	    "'') from span s where s.requirement = 'Q1' and s.known_to = 'infinity' and s.starts_at <= d(1, "
	    "'%s') and s.ends_at > d(1, '%s')",
	    at, at);
}

static void
expect_standing(const char *wanted)
{
	testbed_expect(wanted,
	    "select concat_ws(' ', standing, dispute, third) from override_event order by id desc limit 1");
}

/* ------------------------------------------------------------------------------ while it counts */

static void
the_stand_in_is_on_and_the_replaced_one_is_not(void **state)
{
	(void)state;
	have_nights();
	override_make("bob", "'ann'", "21:00", "02:00");
	expect_on("20:30", "covered ann");
	expect_on("21:30", "covered bob");
	testbed_expect("covered ann",
	    "select s.state || ' ' || x.person from span s join shift x on x.id = s.shifts[1] "
	    "where s.requirement = 'Q1' and s.known_to = 'infinity' and s.starts_at = d(2, "
	    "'02:00')");
	testbed_expect_sound();
	testbed_expect_true_map();
}

static void
it_counts_when_the_source_is_unknown_or_past_its_horizon(void **state)
{
	(void)state;
	have_nights();
	testbed_sql("update feed set horizon = d(0, '12:00')");
	override_make("bob", "null", "10:00", "12:00");
	expect_on("11:00", "covered bob");
	expect_on("09:00", "unknown");
	testbed_sql(
	    "update feed set last_good_at = clock_timestamp() - interval '7 hours' where kind = "
	    "'ical_url'");
	expect_on("11:00", "covered bob");
	expect_on("09:00", "unknown");
	testbed_expect_true_map();
}

static void
it_fills_a_slot_that_nobody_or_who_knows_who_has(void **state)
{
	(void)state;
	have_nights();
	testbed_sql("select shift_put('r1', 'x', 'nobody', null, d(1, '08:00'), d(1, '20:00')), "
		    "shift_put('r1', 'y', 'undecided', null, d(1, '08:00'), d(1, '14:00'))");
	expect_on("09:00", "unknown");
	override_make("bob", "null", "08:00", "08:00");
	expect_on("09:00", "covered bob");
	expect_on("15:00", "covered bob");
	testbed_expect_true_map();
}

static void
a_stand_in_who_is_away_covers_nothing(void **state)
{
	(void)state;
	have_nights();
	override_make("bob", "'ann'", "20:00", "08:00");
	expect_on("21:00", "covered bob");
	testbed_sql("select absence_add('bob', d(1, '20:30'), d(1, '22:00'), 'manager')");
	expect_on("21:00", "gap");
	testbed_expect("not_free",
	    "select cause from gap where closed_at is null and starts_at = d(1, '20:30')");
	expect_on("22:30", "covered bob");
	testbed_expect_true_map();
}

static void
it_expires_before_its_end(void **state)
{
	(void)state;
	have_nights();
	testbed_sql("select override_add('r1', 'bob', 'ann', d(1, '20:00'), d(2, '08:00'), d(1, "
		    "'23:00'), 'Swapped', false, 'manager')");
	expect_on("22:30", "covered bob");
	expect_on("23:00", "covered ann");
}

static void
withdrawing_takes_it_back_from_now_on(void **state)
{
	long ahead, running;

	(void)state;
	have_nights();
	ahead = override_make("bob", "'ann'", "20:00", "08:00");
	testbed_sql("select override_withdraw(%ld, false, 'manager')", ahead);
	expect_on("21:00", "covered ann");
	/* One that has begun: what it covered, it covered. */
	testbed_sql(
	    "select shift_put('r1', 'now', 'named', 'ann', clock_timestamp() - interval '3 hours', "
	    "clock_timestamp() + interval '3 hours')");
	{
		char *id = testbed_ask(
		    "select override_add('r1', 'cyd', 'ann', clock_timestamp() - "
		    "interval '2 hours', "
		    "clock_timestamp() + interval '2 hours', null, null, false, 'manager')");

		running = strtol(id, NULL, 10);
		free(id);
	}
	testbed_sql("select override_withdraw(%ld, false, 'boss')", running);
	testbed_expect("t",
	    "select s.ends_at = date_trunc('second', o.withdrawn_at) from shift s join override o on o.id = s.override where s.known_to = 'infinity' and o.id = %ld",
	    running);
	testbed_expect("2 boss",
	    "select count(*) filter (where withdrawn_at is not null) || ' ' || max(withdrawn_by) filter (where id = %ld) from override",
	    running);
	testbed_settle();
	testbed_expect_true_map();
}

/* ------------------------------------------------------------------------ against the calendar */

static void
reconciled_when_the_calendar_says_so(void **state)
{
	(void)state;
	have_nights();
	override_make("bob", "'ann'", "20:00", "08:00");
	expect_standing("waiting");
	calendar_says("bob", "20:00", "08:00");
	expect_standing("reconciled");
	testbed_expect("0", "select count(*) from shift where override is not null and known_to = "
			    "'infinity'");
	expect_on("21:00", "covered bob");
	/* At no moment of the record were both on, or neither. */
	testbed_expect("0",
	    "select count(*) from shift o where o.override is not null and not exists (select from shift f where f.key = 'n1' and f.person = 'bob' and "
	    "f.known_from <= o.known_to)");
	testbed_expect_true_map();
	/* And back: the override counts again. */
	calendar_says("ann", "20:00", "08:00");
	expect_standing("waiting");
	expect_on("21:00", "covered bob");
}

static void
not_reconciled_by_half_of_it(void **state)
{
	(void)state;
	have_nights();
	override_make("bob", "'ann'", "20:00", "08:00");
	testbed_sql(
	    "begin; select shift_put('r1', 'b', 'named', 'bob', d(1, '20:00'), d(1, '23:00')); "
	    "select shifts_changed('{r1}'); commit");
	expect_standing("waiting");
	/* All of him, and still her. */
	testbed_sql(
	    "begin; select shift_put('r1', 'b', 'named', 'bob', d(1, '20:00'), d(2, '08:00')); "
	    "select shifts_changed('{r1}'); commit");
	expect_standing("waiting");
	expect_on("21:00", "covered bob");
	testbed_sql("begin; select shift_end('r1', 'n1'); commit");
	expect_standing("reconciled");
	expect_on("21:00", "covered bob");
}

static void
a_third_person_is_a_dispute_and_nobody_counts(void **state)
{
	(void)state;
	have_nights();
	override_make("bob", "'ann'", "20:00", "08:00");
	calendar_says("cyd", "20:00", "08:00");
	expect_standing("conflicting another_person {cyd}");
	/* There is one place, and two words for who has it. */
	expect_on("21:00", "unknown");
	testbed_expect("override_disputed r1.override_disputed",
	    "select cause || ' ' || cause_group from gap where closed_at is null and starts_at <= "
	    "d(1, '21:00') and ends_at > d(1, '21:00')");
	testbed_expect_true_map();
	calendar_says("bob", "20:00", "08:00");
	expect_standing("reconciled");
	/* The same again after it was settled. */
	calendar_says("cyd", "20:00", "08:00");
	expect_standing("conflicting another_person {cyd}");
	testbed_expect("waiting conflicting reconciled conflicting",
	    "select string_agg(standing, ' ' order by id) from override_event");
}

static void
other_times_are_followed(void **state)
{
	(void)state;
	have_nights();
	override_make("bob", "'ann'", "20:00", "08:00");
	calendar_says("ann", "21:00", "09:00");
	expect_standing("followed");
	expect_on("20:30", "gap");
	expect_on("21:30", "covered bob");
	testbed_expect("covered bob",
	    "select s.state || ' ' || x.person from span s join shift x on x.id = s.shifts[1] "
	    "where s.requirement = 'Q1' and s.known_to = 'infinity' and s.starts_at <= d(2, "
	    "'08:30') and s.ends_at > d(2, '08:30')");
	testbed_expect_true_map();
	calendar_says("ann", "20:00", "08:00");
	expect_standing("waiting");
}

/* Somebody in another slot, and another key for the same shift, are nobody's third thing. */
static void
what_does_not_touch_the_slot_is_no_conflict(void **state)
{
	(void)state;
	have_nights();
	testbed_sql(
	    "select shift_put('r1', 'second', 'named', 'cyd', d(1, '20:00'), d(2, '08:00'))");
	override_make("bob", "'ann'", "20:00", "08:00");
	testbed_sql(
	    "begin; select shift_end('r1', 'n1'), shift_put('r1', 'new key', 'named', 'ann', "
	    "d(1, '20:00'), d(2, '08:00')); select shifts_changed('{r1}'); commit");
	expect_standing("waiting");
	testbed_sql("begin; select shift_end('r1', 'second'); commit");
	expect_standing("waiting");
	testbed_sql("begin; select shift_end('r1', 'new key'); commit");
	expect_standing("conflicting shift_gone");
}

static void
an_empty_slot_that_the_calendar_fills_otherwise_is_a_conflict(void **state)
{
	(void)state;
	have_nights();
	override_make("bob", "null", "08:00", "08:00");
	testbed_sql("begin; select shift_put('r1', 'day', 'named', 'cyd', d(1, '08:00'), d(1, "
		    "'20:00')); select shifts_changed('{r1}'); commit");
	expect_standing("conflicting another_person {cyd}");
	/* Nobody was replaced, so both may be true. */
	expect_on("09:00", "covered bob cyd");
}

/* A dead calendar still says the same: the override counts nevertheless. */
static void
a_word_for_what_a_dead_calendar_says_already(void **state)
{
	(void)state;
	have_nights();
	testbed_sql(
	    "update feed set last_good_at = clock_timestamp() - interval '7 hours' where kind = "
	    "'ical_url'");
	expect_on("21:00", "unknown");
	override_make("ann", "null", "20:00", "08:00");
	expect_on("21:00", "covered ann");
	/* Another word on the same rota changes nothing about it. */
	testbed_sql("select override_add('r1', 'cyd', null, d(1, '10:00'), d(1, '12:00'), null, "
		    "null, false, "
		    "'manager')");
	testbed_expect("waiting waiting", "select string_agg(standing, ' ') from override_event");
	expect_on("21:00", "covered ann");
}

/* ------------------------------------------------------------------------------ what is refused */

static void
refused(const char *message, const char *sql)
{
	char *said;

	if (scratch_psql_try(testbed_postgres(), "crisiscover_api", sql, &said) == 0 ||
	    strstr(said, message) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", said, message);
	free(said);
}

static void
refused_in_words(void **state)
{
	long id;
	char sql[200];

	(void)state;
	have_nights();
	id = override_make("bob", "'ann'", "20:00", "08:00");
	refused("already puts this person", "select override_add('r1', 'bob', null, now(), now() + "
					    "interval '5 days', null, null, false, 'm')");
	refused("no longer in the region",
	    "select override_add('gone', 'bob', null, now(), now() + interval '1 day', null, null, false, 'm')");
	refused("there is no override 99", "select override_withdraw(99, false, 'm')");
	snprintf(sql, sizeof sql, "select override_withdraw(%ld, false, 'm')", id);
	testbed_sql("%s", sql);
	refused("withdrawn before", sql);
	refused("there is no absence 99", "select absence_withdraw(99, 'm')");
	refused("permission denied",
	    "insert into absence (person, starts_at, ends_at, made_by) values ('bob', now(), now() + interval '1 day', 'm')");
	refused("permission denied", "update override set note = 'x'");
}

static void
what_was_said_is_kept(void **state)
{
	char *said;
	static const char *const tries[] = {"delete from override",
	    "update override set note = 'x'", "update absence set person = 'ann'",
	    "delete from override_event", "truncate absence cascade",
	    "update override set withdrawn_at = null, withdrawn_by = null where withdrawn_at is not null"};

	(void)state;
	have_nights();
	testbed_sql("select override_withdraw(%ld, false, 'm')",
	    override_make("bob", "'ann'", "20:00", "08:00"));
	testbed_sql("select absence_add('bob', now(), now() + interval '1 day', 'm')");
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		char sql[300];

		snprintf(sql, sizeof sql, "set search_path = crisiscover; %s", tries[i]);
		if (scratch_psql_try(testbed_postgres(), "postgres", sql, &said) == 0 ||
		    strstr(said, "only ever added to") == NULL)
			fail_msg("%s: %s", tries[i], said);
		free(said);
	}
	testbed_expect("override_made override_withdrawn absence_made",
	    "select string_agg(action, ' ' order by id) from audit");
}

/* ------------------------------------------------------------------------------------- absences */

static void
a_typed_absence_takes_cover_away_on_every_rota(void **state)
{
	char *id;

	(void)state;
	have_nights();
	testbed_sql("select shift_put('r2', 'd', 'named', 'bob', d(1, '08:00'), d(1, '20:00'))");
	expect_on("09:00", "covered bob");
	id = testbed_ask("select absence_add('bob', d(1, '08:00'), d(1, '12:00'), 'manager')");
	expect_on("09:00", "gap");
	expect_on("12:30", "covered bob");
	testbed_expect_true_map();
	/* Rotas come and go; what was typed stays. */
	testbed_sql("select absence_add('ann', d(1, '20:00'), d(1, '21:00'), 'manager')");
	testbed_apply_region("", 1, true);
	expect_on("20:30", "gap");
	testbed_sql("select absence_withdraw(%s, 'manager')", id);
	expect_on("09:00", "covered bob");
	testbed_expect_true_map();
	testbed_expect_quiet();
	free(id);
}

/* One of two who withdraw at once waits, and is told that it was withdrawn. */
static void
an_absence_is_withdrawn_once(void **state)
{
	PGconn *one = PQconnectdb(scratch_postgres_conninfo(testbed_postgres()));
	PGconn *other = PQconnectdb(scratch_postgres_conninfo(testbed_postgres()));
	PGresult *answer;

	(void)state;
	have_nights();
	testbed_sql("select absence_add('bob', d(1, '08:00'), d(1, '12:00'), 'manager')");
	answer = PQexec(one,
	    "begin; select crisiscover.absence_withdraw(max(id), 'ann') from crisiscover.absence");
	assert_int_equal(PQresultStatus(answer), PGRES_TUPLES_OK);
	PQclear(answer);
	assert_int_equal(
	    PQsendQuery(other,
		"select crisiscover.absence_withdraw(max(id), 'bob') from crisiscover.absence"),
	    1);
	testbed_until("1",
	    "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like "
	    "'%%absence_withdraw%%'");
	PQclear(PQexec(one, "commit"));
	answer = PQgetResult(other);
	assert_int_equal(PQresultStatus(answer), PGRES_FATAL_ERROR);
	assert_non_null(strstr(PQresultErrorMessage(answer), "was withdrawn before"));
	PQclear(answer);
	PQfinish(one);
	PQfinish(other);
	testbed_expect("ann", "select string_agg(withdrawn_by, ' ') from absence");
	testbed_expect("1", "select count(*) from audit where action = 'absence_withdrawn'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(the_stand_in_is_on_and_the_replaced_one_is_not, testbed_clean),
	    cmocka_unit_test_setup(
		it_counts_when_the_source_is_unknown_or_past_its_horizon, testbed_clean),
	    cmocka_unit_test_setup(it_fills_a_slot_that_nobody_or_who_knows_who_has, testbed_clean),
	    cmocka_unit_test_setup(a_stand_in_who_is_away_covers_nothing, testbed_clean),
	    cmocka_unit_test_setup(it_expires_before_its_end, testbed_clean),
	    cmocka_unit_test_setup(withdrawing_takes_it_back_from_now_on, testbed_clean),
	    cmocka_unit_test_setup(reconciled_when_the_calendar_says_so, testbed_clean),
	    cmocka_unit_test_setup(not_reconciled_by_half_of_it, testbed_clean),
	    cmocka_unit_test_setup(a_third_person_is_a_dispute_and_nobody_counts, testbed_clean),
	    cmocka_unit_test_setup(other_times_are_followed, testbed_clean),
	    cmocka_unit_test_setup(what_does_not_touch_the_slot_is_no_conflict, testbed_clean),
	    cmocka_unit_test_setup(
		an_empty_slot_that_the_calendar_fills_otherwise_is_a_conflict, testbed_clean),
	    cmocka_unit_test_setup(a_word_for_what_a_dead_calendar_says_already, testbed_clean),
	    cmocka_unit_test_setup(refused_in_words, testbed_clean),
	    cmocka_unit_test_setup(what_was_said_is_kept, testbed_clean),
	    cmocka_unit_test_setup(an_absence_is_withdrawn_once, testbed_clean),
	    cmocka_unit_test_setup(a_typed_absence_takes_cover_away_on_every_rota, testbed_clean),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
