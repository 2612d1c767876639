/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "server/base/text.h"
#include "tests/unit/server/coverage/testbed.h"

/* Gaps as a matter of people: who is told, how far up, how often, and of how many at once. */

/* Ann on r1 always. */
static int
all_is_well(void **state)
{
	testbed_clean(state);
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(403, '00:00'))");
	testbed_settle();
	return 0;
}

/* A hole from d(2, '23:00') to d(3, '09:00'): within three days, not within one. */
static void
open_a_gap(void)
{
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(2, '23:00')), "
		    "shift_put('r1', 'b', 'named', 'ann', d(3, '09:00'), d(403, '00:00'))");
	testbed_settle();
}

static void
fill_the_gap(void)
{
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(403, '00:00'))");
	testbed_settle();
}

/* As if the time of the next alert had just come: the gap as it was before, and its demand due. */
static void
forget_an_alert(void)
{
	testbed_sql("update gap set alerts_sent = 1, alerted_to = 'owner'; "
		    "update demand set next_at = '-infinity', version = version + 1");
}

#define LAST_FLAG "(select payload::jsonb from flag order by epoch desc, seq desc limit 1)"
#define STEPS "select string_agg(step, ' ' order by id) from gap_event"
#define KINDS "select string_agg(kind, ' ' order by epoch, seq) from flag"

/* ------------------------------------------------------------------------------- the ladder */

/* holds: H06.3 */
static void
a_gap_that_nobody_takes_on_is_told_further_up(void **state)
{
	(void)state;
	open_a_gap();
	/* It opened within the second alert's time: in one flag. */
	testbed_expect("opened deputy",
	    "select concat_ws(' ', p->>'kind', p->>'to') from (select " LAST_FLAG " as p) x");
	forget_an_alert();
	testbed_settle();
	testbed_expect("opened changed", KINDS);
	testbed_expect("changed deputy",
	    "select concat_ws(' ', p->>'kind', p->>'to') from (select " LAST_FLAG " as p) x");
	testbed_expect("opened alerted", STEPS);
	testbed_expect("2 deputy",
	    "select concat_ws(' ', row_after->>'alerts_sent', "
	    "row_after->>'alerted_to') from gap_event where step = 'alerted'");
	/* Once, and next when the last alert's time comes: less than a day before. */
	testbed_settle();
	testbed_expect("opened changed", KINDS);
	testbed_expect("t",
	    "select next_at <= d(2, '23:00') - interval '24 hours' + interval '1 second' from demand");
	testbed_expect_sound();
}

/* holds: H15.3 */
static void
an_acknowledgement_ends_alerts_and_reminders(void **state)
{
	(void)state;
	open_a_gap();
	testbed_expect("t", "select remind_at is not null from gap");
	forget_an_alert();
	testbed_expect("t", "select gap_acknowledge((select id from gap), 'rita', 'bank shift')");
	testbed_settle();
	testbed_expect("opened acknowledged", KINDS);
	testbed_expect("1 t", "select concat_ws(' ', alerts_sent, remind_at is null) from gap");
	testbed_expect("f", "select gap_acknowledge((select id from gap), 'sam', 'me too')");
}

/* A week later it is nobody's again: one reminder, and the ladder goes on. */
/* holds: H15.3 */
static void
a_week_later_it_must_be_taken_on_again(void **state)
{
	(void)state;
	open_a_gap();
	forget_an_alert();
	testbed_sql("select gap_acknowledge((select id from gap), 'rita', 'bank shift')");
	testbed_settle();
	testbed_expect(
	    "t", "select acknowledged_until - acknowledged_at = interval '7 days' from gap");
	/* Coverage wakes for it by itself. */
	testbed_expect("t",
	    "select next <= (select acknowledged_until from gap) from coverage_due(clock_timestamp())");
	testbed_sql("update gap set acknowledged_until = clock_timestamp() - interval '1 second'");
	testbed_expect("t", "select gap_awaits(gap) from gap");
	testbed_settle();
	testbed_expect("opened acknowledged reminder changed", KINDS);
	testbed_expect("2 deputy rita t",
	    "select concat_ws(' ', alerts_sent, alerted_to, acknowledged_by, "
	    "remind_at is not null) from gap");
	testbed_expect("opened acknowledged lapsed alerted",
	    "select string_agg(step, ' ' order by id) from gap_event where step <> 'changed'");
	testbed_settle();
	testbed_expect("opened acknowledged reminder changed", KINDS);
	testbed_expect("t", "select gap_acknowledge((select id from gap), 'sam', 'agency')");
	testbed_expect("rita bank shift, sam agency",
	    "select string_agg(who || ' ' || note, ', ' order by id) from gap_note");
	testbed_expect_sound();
}

static void
what_was_taken_on_can_be_taken_back(void **state)
{
	(void)state;
	open_a_gap();
	forget_an_alert();
	testbed_expect("0", "select gap_take_back(array(select id from gap), 'rita', null)");
	testbed_sql("select gap_acknowledge((select id from gap), 'rita', 'bank shift')");
	testbed_expect(
	    "f", "select gap_acknowledge((select id from gap), 'sam', 'I asked them too')");
	testbed_expect(
	    "1", "select gap_take_back(array(select id from gap), 'rita', 'nobody came')");
	testbed_expect("opened acknowledged reminder", KINDS);
	testbed_settle();
	testbed_expect("opened acknowledged reminder changed", KINDS);
	testbed_expect(
	    "2 t", "select concat_ws(' ', alerts_sent, acknowledged_by is null) from gap");
	testbed_expect(
	    "rita acknowledged bank shift, sam noted I asked them too, rita taken_back nobody came",
	    "select string_agg(concat_ws(' ', who, step, note), ', ' order by id) from gap_note");
	testbed_expect("3", "select json_array_length(gap_notes((select id from gap))::json)");
	testbed_expect_sound();
}

/* holds: H15.3 */
static void
worse_by_a_band_it_is_taken_up_again(void **state)
{
	(void)state;
	open_a_gap();
	testbed_sql("select gap_acknowledge((select id from gap), 'rita', 'bank shift')");
	/* As if that had been when it was far ahead. */
	testbed_sql("update gap set acknowledged_severity = 'normal', severity = 'normal'");
	forget_an_alert();
	testbed_settle();
	testbed_expect("opened acknowledged changed", KINDS);
	testbed_expect("high 2 deputy rita t",
	    "select concat_ws(' ', severity, alerts_sent, alerted_to, "
	    "acknowledged_by, remind_at is not null) from gap");
	testbed_expect("t", "select gap_acknowledge((select id from gap), 'sam', 'agency')");
	testbed_expect("sam agency t",
	    "select concat_ws(' ', acknowledged_by, note, remind_at is null) from gap");
	/* The first word is in the record. */
	testbed_expect("rita sam",
	    "select string_agg(row_after->>'acknowledged_by', ' ' order by id) from gap_event where step = 'acknowledged'");
	testbed_expect_sound();
}

static void
a_sweep_that_read_it_before_the_acknowledgement_is_refused(void **state)
{
	char *version;

	(void)state;
	open_a_gap();
	version = testbed_ask("select version from demand");
	testbed_sql("select gap_acknowledge((select id from gap), 'rita', '')");
	testbed_expect("t", "select version > %s from demand", version);
	free(version);
}

static void
severity_and_ladder_are_as_the_requirement_says(void **state)
{
	(void)state;
	testbed_apply_region(
	    ",{\"id\":\"OWN\",\"place\":\"P1\",\"function\":\"amhp\",\"count\":1,"
	    "\"severity\":{\"critical_hours\":100,\"high_hours\":200},"
	    "\"alerts\":[{\"to\":\"commissioner\",\"lead_hours\":90}],"
	    "\"hours\":[{\"days\":[\"all\"],\"from\":\"00:00\",\"to\":\"24:00\"}]}"
	    ",{\"id\":\"NONE\",\"place\":\"P1\",\"function\":\"amhp\",\"count\":1,\"alerts\":[],"
	    "\"hours\":[{\"days\":[\"all\"],\"from\":\"00:00\",\"to\":\"24:00\"}]}",
	    1, false);
	testbed_settle();
	open_a_gap();
	testbed_expect("NONE high 0 -, OWN critical 1 commissioner, Q1 high 2 deputy",
	    "select string_agg(concat_ws(' ', requirement, severity, alerts_sent, coalesce(alerted_to, "
	    "'-')), ', ' order by requirement) from gap");
}

/* ---------------------------------------------------------------- closing and opening again */

/* holds: H15.2 */
static void
a_gap_that_flaps_is_told_opened_twice_an_hour(void **state)
{
	(void)state;
	for (int flap = 0; flap < 10; flap++) {
		open_a_gap();
		testbed_expect("1", "select count(*) from gap where closed_at is null");
		fill_the_gap();
		testbed_expect("0", "select count(*) from gap where closed_at is null");
	}
	testbed_expect("1", "select count(*) from gap");
	testbed_expect("opened closed opened", KINDS);
	testbed_expect("opened closed reopened closed reopened",
	    "select string_agg(step, ' ' order by id) from (select * from gap_event order by id limit 5) x");
	testbed_expect("20", "select count(*) from gap_event");
	testbed_expect("t", "select settle_at = closed_at + interval '10 minutes' from gap");
	/* Ten minutes of peace: then it is told closed, once. */
	testbed_sql(
	    "create table version_before as select sum(version) as n, (select version from map_head) as map from demand");
	testbed_sql("update gap set settle_at = clock_timestamp() - interval '1 second'");
	testbed_settle();
	testbed_settle();
	testbed_expect("opened closed opened closed", KINDS);
	/* A process that read that it was held must read again. */
	testbed_expect("t", "select sum(version) > (select n from version_before) from demand");
	/* And a subscriber that keeps the list of gaps learns that it is no longer in it. */
	testbed_expect("Q1",
	    "select distinct requirement from map_change where version > (select map from version_before) and requirement is not null");
	testbed_sql("drop table version_before");
	testbed_expect_sound();
}

/* Another process is in the middle of a commit of the map. The closing takes the version after
 * that one's: if both took the same, a reader that has seen the first would miss the second. */
static void
an_announced_closing_takes_the_version_after_a_running_commit(void **state)
{
	PGconn *commit = PQconnectdb(scratch_postgres_conninfo(testbed_postgres()));
	PGconn *remind = PQconnectdb(scratch_postgres_conninfo(testbed_postgres()));
	char *before;

	(void)state;
	for (int flap = 0; flap < 3; flap++) {
		open_a_gap();
		fill_the_gap();
	}
	testbed_sql("update gap set settle_at = clock_timestamp() - interval '1 second'");
	before = testbed_ask("select version from map_head");
	PQclear(PQexec(commit, "begin; update crisiscover.map_head set version = version + 1"));
	assert_int_equal(PQsendQuery(remind, "select crisiscover.coverage_remind(100)"), 1);
	testbed_until("1", "select count(*) from pg_stat_activity where wait_event_type = 'Lock' "
			   "and query like '%%coverage_remind%%'");
	PQclear(PQexec(commit, "commit"));
	PQclear(PQgetResult(remind));
	PQfinish(commit);
	PQfinish(remind);
	testbed_expect("0", "select count(*) from gap where settle_at is not null");
	testbed_expect("2", "select version - %s from map_head", before);
	testbed_expect("2", "select max(version) - %s from map_change", before);
	free(before);
}

/* It leaves the list of gaps then, and could come back and open again without a word. */
static void
a_held_closing_is_told_when_its_requirement_goes(void **state)
{
	(void)state;
	testbed_apply_region(
	    ",{\"id\":\"OWN\",\"place\":\"P1\",\"function\":\"amhp\",\"count\":1,"
	    "\"hours\":[{\"days\":[\"all\"],\"from\":\"00:00\",\"to\":\"24:00\"}]}",
	    1, false);
	testbed_settle();
	for (int flap = 0; flap < 3; flap++) {
		open_a_gap();
		fill_the_gap();
	}
	testbed_expect("2", "select count(*) from gap where settle_at is not null");
	testbed_apply_region("", 1, false);
	testbed_settle();
	testbed_expect("opened closed opened closed",
	    "select string_agg(f.kind, ' ' order by f.epoch, f.seq) from flag f join gap g on g.id = f.gap where g.requirement = 'OWN'");
	testbed_expect(
	    "Q1", "select string_agg(requirement, ' ') from gap where settle_at is not null");
	testbed_expect_sound();
}

/* One entry to be decided that comes and goes: a group of one gap that flaps. */
static void
doubt_a_night(void)
{
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(2, '23:00')), "
		    "shift_put('r1', 'x', 'undecided', null, d(2, '23:00'), d(3, '09:00')), "
		    "shift_put('r1', 'b', 'named', 'ann', d(3, '09:00'), d(403, '00:00'))");
	testbed_settle();
}

static void
decide_the_night(void)
{
	testbed_sql("select shift_end('r1', 'x')");
	fill_the_gap();
}

static void
a_group_of_one_that_flaps_is_told_as_any_gap_that_flaps(void **state)
{
	(void)state;
	for (int flap = 0; flap < 5; flap++) {
		doubt_a_night();
		testbed_expect("r1.undecided t",
		    "select concat_ws(' ', cause_group, lead) from gap where closed_at is null");
		/* Whatever is due by now is told: nothing is. */
		testbed_settle();
		decide_the_night();
		testbed_settle();
	}
	testbed_expect("opened closed opened", KINDS);
	/* Subscribers that were told believe it open, and the group exists as long. */
	testbed_expect(
	    "1 t", "select concat_ws(' ', told_members, tell_at is null) from gap_group");
	testbed_sql("update gap set settle_at = clock_timestamp() - interval '1 second'");
	testbed_settle();
	testbed_expect("opened closed opened closed", KINDS);
	testbed_expect("0", "select count(*) from gap_group");
	testbed_expect_sound();
}

/* The group goes with the requirement of its last gap, also while that gap's closing is held. */
static void
a_group_goes_with_its_requirement(void **state)
{
	static const char more[] =
	    ",{\"id\":\"OWN\",\"place\":\"P1\",\"function\":\"amhp\",\"count\":1,"
	    "\"hours\":[{\"days\":[\"all\"],\"from\":\"00:00\",\"to\":\"24:00\"}]}";

	(void)state;
	testbed_apply_region(more, 1, false);
	testbed_settle();
	for (int flap = 0; flap < 3; flap++) {
		doubt_a_night();
		decide_the_night();
	}
	testbed_expect("2 2",
	    "select concat_ws(' ', told_members, (select count(*) from gap where settle_at is not null)) from gap_group");
	testbed_apply_region("", 1, false);
	testbed_settle();
	testbed_expect("1", "select told_members from gap_group");
	testbed_sql("update gap set settle_at = clock_timestamp() where settle_at is not null");
	testbed_settle();
	testbed_expect("0", "select count(*) from gap_group");
	testbed_expect_sound();
}

static void
a_gap_that_flaps_and_stays_open_is_believed_open(void **state)
{
	(void)state;
	for (int flap = 0; flap < 4; flap++) {
		open_a_gap();
		fill_the_gap();
	}
	open_a_gap();
	testbed_settle();
	testbed_expect("opened closed opened", KINDS);
	testbed_expect(
	    "t t", "select concat_ws(' ', closed_at is null, settle_at is null) from gap");
	/* An hour later it closes as any other. */
	testbed_sql("update gap set alarmed_before_at = alarmed_before_at - interval '2 hours', "
		    "alarmed_at = alarmed_at - interval '2 hours'; update demand set version = "
		    "version + 1");
	fill_the_gap();
	testbed_expect("opened closed opened closed", KINDS);
}

static void
after_ten_minutes_it_is_another_gap(void **state)
{
	(void)state;
	open_a_gap();
	fill_the_gap();
	testbed_sql("update gap set closed_at = closed_at - interval '10 minutes'");
	open_a_gap();
	testbed_expect("2", "select count(*) from gap");
	testbed_expect("opened closed opened", KINDS);
}

/* -------------------------------------------------------------------------- one source, many */

/* The flags on which a subscriber to everything acts: of the leader of a group, and of gaps without
 * one. */
#define CALLS                                                                                      \
	"select count(*) from flag where kind in ('opened', 'changed', 'started', 'reminder') "    \
	"and coalesce((payload::jsonb->>'lead')::boolean, true)"

static void
thirty_shifts_to_decide_in_an_hour_call_three_times_at_most(void **state)
{
	(void)state;
	/* Twelve-hour shifts from tomorrow on, one after another struck out: the far ones first. */
	for (int i = 30; i > 0; i--) {
		testbed_sql(
		    "select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(%d, "
		    "'00:00')), shift_put('r1', 's%d', 'undecided', null, d(%d, '00:00'), "
		    "d(%d, '12:00')), shift_put('r1', 't%d', 'named', 'ann', d(%d, '12:00'), "
		    "d(%d, '00:00'))",
		    i, i, i, i, i, i, i == 30 ? 403 : i + 1);
		testbed_settle();
	}
	testbed_expect("30", "select count(*) from gap where closed_at is null and cause_group = "
			     "'r1.undecided'");
	/* Every one has its own flag. */
	testbed_expect("30", "select count(distinct gap) from flag where kind = 'opened'");
	testbed_expect("t", "select (" CALLS ") between 1 and 3");
	/* The leader is one of the most urgent. */
	testbed_expect("high", "select severity from gap where lead and closed_at is null");
	/* Half an hour after the last word the growth is told, in one flag. */
	testbed_expect("t", "select tell_at = told_at + interval '30 minutes' from gap_group");
	testbed_sql("update gap_group set tell_at = clock_timestamp()");
	testbed_settle();
	testbed_expect("changed r1.undecided true 30",
	    "select concat_ws(' ', p->>'kind', p->>'group', p->>'lead', p->>'members') from (select " LAST_FLAG
	    " as p) x");
	testbed_expect("t", "select tell_at is null and told_members = 30 from gap_group");
	testbed_expect("t", "select (" CALLS ") <= 4");
	testbed_expect_sound();
}

static void
with_forty_requirements(void)
{
	struct buf more = {0};

	for (int i = 0; i < 40; i++)
		buf_printf(&more,
		    ",{\"id\":\"M%02d\",\"place\":\"P1\",\"function\":\"amhp\",\"count\":1,"
		    "\"hours\":[{\"days\":[\"all\"],\"from\":\"00:00\",\"to\":\"24:00\"}]}",
		    i);
	testbed_apply_region(more.at, 1, false);
	buf_free(&more);
	testbed_settle();
}

/* holds: H15.1 */
static void
one_dead_feed_calls_once(void **state)
{
	(void)state;
	with_forty_requirements();
	testbed_sql(
	    "update feed set last_good_at = clock_timestamp() - interval '7 hours' where rota = 'r1'");
	testbed_settle();
	testbed_expect(
	    "41", "select count(*) from gap where closed_at is null and state = 'unknown'");
	testbed_expect("41", "select count(*) from flag where kind = 'opened'");
	testbed_expect("1", CALLS);
	testbed_expect("r1.source_unknown 41",
	    "select concat_ws(' ', payload::jsonb->>'group', payload::jsonb->>'members') from flag where "
	    "(payload::jsonb->>'lead')::boolean");
	/* Reminders are the leader's. */
	testbed_expect("1", "select count(*) from gap where remind_at is not null");
	testbed_sql("update gap set remind_at = clock_timestamp() where remind_at is not null");
	testbed_settle();
	testbed_expect("2", CALLS);
	testbed_expect_sound();

	/* The leading gap is acknowledged: the next one leads, and nobody is called for that. */
	testbed_sql("select gap_acknowledge((select id from gap where lead), 'rita', '')");
	testbed_expect("1", "select count(*) from gap where lead");
	testbed_expect("t", "select bool_and(acknowledged_at is null) from gap where lead");
	testbed_expect("2", CALLS);
	/* All at once. */
	testbed_expect("40",
	    "select gap_acknowledge_all(array(select id from gap), 'rita', 'the council knows')");
	testbed_expect("0", "select count(*) from gap where remind_at is not null");
	testbed_expect("2 of 41",
	    "select count(*) filter (where (payload::jsonb->>'lead')::boolean) || ' of ' || count(*) from flag where kind = "
	    "'acknowledged'");
	testbed_expect("0", "select gap_acknowledge_all(array(select id from gap), 'rita', '')");
	/* Gaps that are acknowledged at once run out at once: there is one reminder for the
	 * group. */
	testbed_expect("2", "select count(distinct acknowledged_until) from gap");
	/* A demand is listed once among the changes of a version, who leads or not. */
	testbed_expect("0",
	    "select count(*) from (select from map_change where requirement is not null group by epoch, version, requirement, "
	    "place having count(*) > 1) x");

	/* And back: each is told closed, and then there is no group. */
	testbed_sql("update feed set last_good_at = clock_timestamp() where rota = 'r1'");
	testbed_settle();
	testbed_expect("41", "select count(*) from flag where kind = 'closed'");
	testbed_expect("0", "select count(*) from gap_group");
	testbed_expect_sound();
}

static void
a_leader_that_is_no_longer_asked_for_is_followed_by_another(void **state)
{
	(void)state;
	with_forty_requirements();
	testbed_sql(
	    "update feed set last_good_at = clock_timestamp() - interval '7 hours' where rota = 'r1'");
	testbed_settle();
	/* Make one of those that go the leader. */
	testbed_sql(
	    "update gap set lead = requirement = 'M07', remind_at = case when requirement = "
	    "'M07' then d(9, '00:00') end");
	testbed_apply_region("", 1, false);
	testbed_settle();
	testbed_expect("Q1 t t",
	    "select concat_ws(' ', requirement, lead, remind_at is not null) from gap where closed_at is null");
	testbed_expect_sound();
}

/* A gap that was doubtful and is known to be empty is of another group, and the group before has
 * ended. */
static void
what_is_known_after_all_is_another_matter(void **state)
{
	(void)state;
	with_forty_requirements();
	testbed_sql("select shift_put('r1', 'a', 'named', 'ann', d(-3, '00:00'), d(2, '00:00')), "
		    "shift_put('r1', 'x', 'undecided', null, d(2, '00:00'), d(2, '12:00')), "
		    "shift_put('r1', 'b', 'named', 'ann', d(2, '12:00'), d(403, '00:00'))");
	testbed_settle();
	testbed_expect("1", CALLS);
	testbed_sql("select shift_put('r1', 'x', 'nobody', null, d(2, '00:00'), d(2, '12:00'))");
	testbed_settle();
	testbed_expect("41 1 1",
	    "select concat_ws(' ', count(cause_group), count(*) filter (where lead), "
	    "count(remind_at)) from gap where closed_at is null");
	testbed_expect("t", "select id like 'r1.empty-%%' and told_members = 41 from gap_group");
	testbed_expect("2", CALLS);
	testbed_expect_sound();
}

#define TEST(name) cmocka_unit_test_setup(name, all_is_well)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_gap_that_nobody_takes_on_is_told_further_up),
	    TEST(an_acknowledgement_ends_alerts_and_reminders),
	    TEST(a_week_later_it_must_be_taken_on_again),
	    TEST(what_was_taken_on_can_be_taken_back),
	    TEST(worse_by_a_band_it_is_taken_up_again),
	    TEST(a_sweep_that_read_it_before_the_acknowledgement_is_refused),
	    TEST(severity_and_ladder_are_as_the_requirement_says),
	    TEST(a_gap_that_flaps_is_told_opened_twice_an_hour),
	    TEST(an_announced_closing_takes_the_version_after_a_running_commit),
	    TEST(a_held_closing_is_told_when_its_requirement_goes),
	    TEST(a_group_of_one_that_flaps_is_told_as_any_gap_that_flaps),
	    TEST(a_group_goes_with_its_requirement),
	    TEST(a_gap_that_flaps_and_stays_open_is_believed_open),
	    TEST(after_ten_minutes_it_is_another_gap),
	    TEST(thirty_shifts_to_decide_in_an_hour_call_three_times_at_most),
	    TEST(one_dead_feed_calls_once),
	    TEST(a_leader_that_is_no_longer_asked_for_is_followed_by_another),
	    TEST(what_is_known_after_all_is_another_matter),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
