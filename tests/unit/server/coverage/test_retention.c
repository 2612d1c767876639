/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/server/coverage/testbed.h"

/* Retention: tables in months, and when they are dropped. The clock is an argument. */

static int
clean(void **state)
{
	testbed_clean(state);
	testbed_sql(
	    "delete from record_begins;"
	    "insert into rota values ('r9') on conflict do nothing;"
	    "insert into demand (requirement, place) values ('Q1', 'P1') on conflict do nothing;"
	    /* A row for each day of two years, each known for a day. */
	    "insert into shift (rota, key, class, starts_at, ends_at, known_from, known_to) select 'r9', 'k' || n, 'nobody', "
	    "'2024-01-01', '2024-01-02', '2024-01-01'::timestamptz + n * interval '1 day', "
	    "'2024-01-02'::timestamptz + n * interval '1 day' from generate_series(0, 729) n;insert into shift (rota, key, class, "
	    "starts_at, ends_at, known_from) values ('r9', 'old', 'nobody', '2020-01-01', '2020-01-02', "
	    "'2020-01-01');insert into span (requirement, place, starts_at, ends_at, state, cause, present, required, version, "
	    "known_from, known_to) select requirement, place, '2024-01-01'::timestamptz + n * interval '1 day', "
	    "'2024-01-02'::timestamptz + n * interval '1 day', 'gap', 'none', 0, 1, 1, '2024-01-01', "
	    "'2024-01-02'::timestamptz + n * interval '1 day' from generate_series(0, 729) n, (select * from demand limit 1) d;");
	return 0;
}

static void
expect_refused(const char *why, const char *sql)
{
	char *output;

	assert_int_equal(scratch_psql_try(testbed_postgres(), "postgres", sql, &output), 3);
	if (strstr(output, why) == NULL)
		fail_msg("\"%s\" is not in: %s", why, output);
	free(output);
}

/* -------------------------------------------------------------------------------------- months */

static void
a_superseded_row_moves_to_its_month(void **state)
{
	(void)state;
	testbed_sql(
	    "insert into shift (rota, key, class, starts_at, ends_at) values ('r9', 'x', 'nobody', "
	    "now(), now() + interval '1 hour')");
	testbed_expect("shift_current", "select tableoid::regclass from shift where key = 'x'");
	testbed_sql("update shift set known_to = clock_timestamp() where key = 'x'");
	testbed_expect("t",
	    "select tableoid::regclass::text = record_month_name('shift', now()) from shift where key = 'x'");
	expect_refused("delete on shift: the record", "delete from shift_current");
	expect_refused("truncate on shift: the record", "truncate shift_rest");
	testbed_expect("0", "select count(*) from shift_current where known_to <> 'infinity'");
}

static void
a_month_that_nobody_made_stops_no_write(void **state)
{
	(void)state;
	/* Half a year ahead, where no partition is; and this month's taken away. */
	testbed_sql("update shift set known_to = now() + interval '6 months' where key = 'old'");
	testbed_expect("shift_rest", "select tableoid::regclass from shift where key = 'old'");
	testbed_sql(
	    "do $$ begin execute 'alter table audit detach partition ' || "
	    "record_month_name('audit', now()); execute 'alter table flag detach partition ' || "
	    "record_month_name('flag', now()); execute 'alter table ' || "
	    "record_month_name('audit', "
	    "now()) || ' rename to audit_away'; execute 'alter table ' || "
	    "record_month_name('flag', "
	    "now()) || ' rename to flag_away'; end $$;"
	    "insert into audit (actor, action, object) values ('a', 'b', 'c');"
	    "select flag_add('opened', null, 'P1', 'amhp', 'Q1', 'gap', now(), now(), 'high', "
	    "'x')");
	testbed_expect("audit_rest flag_rest",
	    "select (select tableoid::regclass from audit where object = 'c') || ' ' || (select tableoid::regclass from flag order by seq desc limit 1)");
	/* The next round makes them and moves what waited; nothing is lost, nothing can be changed. */
	testbed_sql("select record_maintain_at(now(), 0, '{}', '{}')");
	testbed_expect("t",
	    "select (select tableoid::regclass::text from shift where key = 'old') = record_month_name('shift', "
	    "now() + interval '6 months') and (select tableoid::regclass::text from audit where object = 'c') = record_month_name('audit', now()) and (select "
	    "count(*) from flag_rest) = 0");
	expect_refused(
	    "update on shift: the record", "update shift set title = 'x' where key = 'old'");
	expect_refused("the record is only ever added to", "delete from shift_rest");
	testbed_sql("select record_maintain_at(now(), 0, '{}', '{}')");
}

static void
each_table_by_its_own_setting(void **state)
{
	(void)state;
	testbed_sql("select record_maintain_at('2026-06-01', 0, '{shift,span,audit}', '{90,0,0}')");
	testbed_expect("0", "select count(*) from shift where known_to < '2026-02-01'");
	testbed_expect("730", "select count(*) from span where known_to < '2026-02-01'");
	/* Where the record then begins is noted: the end of the newest month that went. */
	testbed_expect("shift 2026-01-01 00:00:00+00",
	    "set timezone = 'UTC'; select string_agg(name || ' ' || at, ',') from record_begins");
	testbed_sql("select record_maintain_at('2026-06-01', 0, '{span}', '{600}')");
	testbed_expect(
	    "t", "select count(*) between 400 and 500 from span where known_to < '2026-02-01'");
}

/* Spans of the past are looked up by when they ceased to be known: each month has the index for
 * it, also one that is made later, and what is in force, where it would be written in vain, has
 * not. */
static void
every_month_of_spans_has_its_index(void **state)
{
	(void)state;
	testbed_sql("select record_maintain_at(now() + interval '1 year', 0, '{}', '{}')");
	testbed_expect("span_current",
	    "select string_agg(inhrelid::regclass::text, ',') from pg_inherits where inhparent = "
	    "'span'::regclass and not exists (select from pg_indexes where tablename = "
	    "inhrelid::regclass::text and indexdef like '%%(requirement, place, known_to)')");
	testbed_expect("t", "select count(*) > 10 from pg_inherits where inhparent = "
			    "'span'::regclass");
}

/* With whatever days and at whatever time: what is within them is there, what is in force is there,
 * and what is a month past them is not. */
static void
nothing_goes_early(void **state)
{
	char *before;

	(void)state;
	testbed_sql("select record_maintain_at(now(), 0, '{}', '{}')");
	before = testbed_ask("select count(*) from shift");
	testbed_sql("select record_maintain_at('2036-01-01', 0, '{}', '{}')");
	testbed_expect(before, "select count(*) from shift");
	free(before);
	for (int i = 0; i < 24; i++) {
		int day = 31 + i * 30;

		testbed_sql(
		    "select record_maintain_at('2024-01-01'::timestamptz + interval '%d days', 0, "
		    "'{shift,span,flag,audit,source}', array_fill(%d::bigint, array[5]))",
		    day, 31);
		for (int t = 0; t < 2; t++) {
			const char *table = t == 0 ? "shift" : "span";
			char wanted[16];

			/* Every day of the last 31 days, all of what is to come, none that is two
			 * months old. */
			snprintf(wanted, sizeof wanted, "%d", 730 - (day - 31));
			testbed_expect(wanted,
			    "select count(*) from %s where known_to > '2024-01-01'::timestamptz + "
			    "interval '%d days' and known_to < '2026-02-01'",
			    table, day - 31);
			testbed_expect("0",
			    "select count(*) from %s where known_to < '2024-01-01'::timestamptz + "
			    "interval '%d days'",
			    table, day - 31 - 62);
		}
		testbed_expect("1", "select count(*) from shift where key = 'old'");
	}
}

static void
the_audit_goes_by_months_and_says_where_it_begins(void **state)
{
	(void)state;
	testbed_sql(
	    "insert into audit (actor, action, object, added_at) select 'a', 'b', n::text, "
	    "'2024-01-15'::timestamptz + n * interval '10 days' from generate_series(0, 20) n");
	testbed_sql("select record_maintain_at('2024-04-20', 0, '{}', '{}')");
	testbed_sql("select record_maintain_at('2024-04-20', 0, '{shift,span,flag,audit,source}', "
		    "array_fill(40::bigint, array[5]))");
	testbed_expect("0", "select count(*) from audit where added_at < '2024-03-01'");
	testbed_expect("t",
	    "select (select min(seq) from audit) = b.seq + 1 and (select prev_hash from audit order by seq limit 1) = b.hash from audit_base b");
	/* A month with a flag that nobody has published stays, and all after it. */
	testbed_sql("select flag_add('opened', null, 'P1', 'amhp', 'Q1', 'gap', now(), now(), "
		    "'high', 'x')");
	testbed_sql("select record_maintain_at(now() + interval '5 years', 0, "
		    "'{shift,span,flag,audit,source}', array_fill(100::bigint, array[5]))");
	testbed_expect("1", "select count(*) from flag where published_at is null");
}

/* ----------------------------------------------------------------------------------- the rest */

static void
bytes_go_and_hashes_stay(void **state)
{
	(void)state;
	testbed_sql(
	    "insert into body (sha256, bytes) select sha256(x::text::bytea), x::text::bytea from generate_series(1, "
	    "6) x;insert into reading (rota, body, read_with, window_from, window_to, events, counts, findings) select 'r1', "
	    "sha256(x::text::bytea), '', now(), now(), 0, '{}', '[]' from generate_series(1, "
	    "6) x;update feed set body = sha256('1'), state = 'held', held_body = sha256('2'), "
	    "seen_body = sha256('3') where rota = 'r1';insert into import (rota, by_account, format, mode, body) values ('r1', "
	    "'x', 'text/calendar', 'ask', sha256('4'))");
	testbed_sql("select record_maintain_at(now() + interval '89 days', 90, '{}', '{}')");
	testbed_expect("6", "select count(*) from body where bytes is not null");
	testbed_sql("select record_maintain_at(now() + interval '91 days', 90, '{}', '{}')");
	testbed_expect("1,2,3,4",
	    "select string_agg(convert_from(bytes, 'UTF8'), ',' order by bytes) from body where bytes is not null");
	testbed_expect("6 6",
	    "select count(distinct b.sha256) || ' ' || count(r.id) from body b join reading r on r.body = b.sha256");
	/* One that ceases to be in force begins its days again; one that comes again has its bytes
	 * again. */
	testbed_sql(
	    "update feed set body = sha256('4') where rota = 'r1';"
	    "insert into body (sha256, bytes) values (sha256('5'), '5') on conflict do nothing");
	testbed_sql("select record_maintain_at(now() + interval '89 days', 90, '{}', '{}')");
	testbed_expect("1,2,3,4,5",
	    "select string_agg(convert_from(bytes, 'UTF8'), ',' order by bytes) from body where bytes is not null");
	/* Rows that were dropped cannot come into force by themselves. */
	expect_refused("is no longer kept", "update feed set body = sha256('6') where rota = 'r1'");
}

/* A state of years ago that still holds is always told. */
static void
the_last_row_about_a_source_stays(void **state)
{
	(void)state;
	testbed_sql(
	    "insert into source_change (rota, at, state) values ('r1', '2020-01-01', 'good'), "
	    "('r1', "
	    "'2020-06-01', 'failing'), ('r1', '2020-06-02', 'good');"
	    "insert into feed_event (rota, at, state) values ('r1', '2020-01-01', 'good'), ('r1', "
	    "'2020-06-01', 'failing');"
	    "insert into source_check values ('r1', '2020-06-01', '{1}'), ('r1', '2020-06-02', "
	    "'{2}')");
	testbed_sql("select record_maintain_at('2021-01-01', 0, '{shift,span,flag,audit,source}', "
		    "array_fill(30::bigint, array[5]))");
	testbed_expect("good 2020-06-02 00:00:02+00",
	    "set timezone = 'UTC'; select state || ' ' || "
	    "last_good_at from sources_known(array['r1'], "
	    "'2020-12-15')");
	testbed_expect(
	    "1", "select count(*) from source_change where at < '2021-01-01' and rota = 'r1'");
	testbed_expect(
	    "failing", "select state from feed_event where rota = 'r1' and at < '2021-01-01'");
	expect_refused("the record is only ever added to", "delete from source_change");
	expect_refused("the record is only ever added to", "delete from source_check");
	expect_refused(
	    "the record is only ever added to", "update source_check set seconds = '{}'");
	/* The next round finds nothing to do: what was carried over is no month to be made. */
	testbed_expect("0 0",
	    "select made || ' ' || dropped from record_maintain_at('2021-01-01', 0, "
	    "'{shift,span,flag,audit,source}', array_fill(30::bigint, array[5]))");
	/* An earlier clock takes nothing back. */
	testbed_sql("select record_maintain_at('2021-03-05', 0, '{shift,span,flag,audit,source}', "
		    "array_fill(31::bigint, array[5]))");
	testbed_sql("select record_maintain_at('2021-01-01', 0, '{shift,span,flag,audit,source}', "
		    "array_fill(31::bigint, array[5]))");
	testbed_expect("2021-02-01 00:00:00+00",
	    "set timezone = 'UTC'; select at from record_begins where name = 'source'");
}

/* Where only events were kept, a source was good at the latest when the next event says so, and never
 * later than the instant that is asked about. */
static void
an_older_record_says_no_more_of_a_source_than_it_knew(void **state)
{
	static const struct {
		const char *known, *good;
	} cases[] = {{"2020-03-01 00:00:00+00", "2020-03-01 00:00:00+00"},
	    {"2020-05-31 00:00:00+00", "2020-05-30 12:00:00+00"},
	    {"2020-06-02 00:00:00+00", "2020-05-30 12:00:00+00"}};

	(void)state;
	testbed_sql("insert into feed_event (rota, at, state, last_good_at) values "
		    "('r1', '2020-01-01', 'good', '2020-01-01'), "
		    "('r1', '2020-06-01', 'failing', '2020-05-30 12:00+00')");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		testbed_expect(cases[i].good,
		    "set timezone = 'UTC'; select last_good_at from sources_known(array['r1'], '%s')",
		    cases[i].known);
}

#define SOURCE_TABLES                                                                              \
	"unnest('{feed_event,source_change,source_check,map_past}'::text[]) as t (name)"

/* Whatever was written when: from where the record begins, every instant is told as it was before
 * the older months went; and months went, not rows. */
static void
what_is_told_of_sources_is_told_without_the_months_before(void **state)
{
	static const char *const told =
	    "select md5(string_agg(k::text || s::text || m::text, '|' order by k, "
	    "s.rota)) from generate_series('2024-08-01'::timestamptz, '2025-01-10', interval '31 hours 13 minutes') k, "
	    "lateral sources_known('{r1,r2,r3,r9}', k) s, lateral (select epoch, "
	    "version from map_past where at <= k order by at desc, version desc limit 1) m";
	char *before, *after;

	(void)state;
	testbed_sql(
	    "insert into rota values ('r2'), ('r3') on conflict do nothing;"
	    "select setseed(0.42);"
	    "create temporary table drawn as select (array['r1', 'r2', 'r3', 'r9'])[1 + "
	    "floor(random() * 4)::integer] as rota, '2024-01-01'::timestamptz + random() * "
	    "interval '370 days' as at, n from generate_series(1, 400) n;"
	    /* r3 has said nothing since spring: its last word is carried from month to month. */
	    "delete from drawn where rota = 'r3' and at > '2024-04-01';insert into feed_event (rota, at, state) select rota, at, "
	    "(array['good', 'failing', 'held'])[1 + n %% 3] from drawn where n %% 2 = 0 order by n;insert into source_change (rota, at, state, horizon) select "
	    "rota, at, (array['good', 'failing', 'removed'])[1 + n %% 3], "
	    "at + interval '1 month' from drawn where n %% 3 > 0 order by n;insert into source_check select rota, "
	    "date_trunc('hour', at), array_agg(distinct n) from drawn group by 1, 2;insert into map_past (epoch, version, "
	    "at) select 1 + (n > 200)::integer, n, '2024-01-01'::timestamptz + n * interval '1 day' from generate_series(1, 370) n");
	testbed_sql("select record_maintain_at('2025-01-12', 0, '{}', '{}')");
	testbed_expect("13",
	    "select count(*) from pg_class where relname like 'source_check_202%%' and relkind = 'r' and relname < "
	    "'source_check_2025_02'");
	before = testbed_ask("%s", told);
	for (int month = 2; month <= 8; month++) {
		/* Some months have nobody's round, so that several go at once. */
		if (month == 4 || month == 5)
			continue;
		testbed_sql("select record_maintain_at('2024-%02d-01'::timestamptz, 0, '{source}', "
			    "'{1}')",
		    month);
	}
	testbed_sql("select record_maintain_at('2024-08-02'::timestamptz, 0, '{source}', '{1}')");
	testbed_expect("2024-08-01",
	    "select at::date from record_begins where name = 'source' and at = '2024-08-01'");
	after = testbed_ask("%s", told);
	assert_string_equal(before, after);
	free(before);
	free(after);
	testbed_expect("0",
	    "select count(*) from " SOURCE_TABLES
	    ", pg_class c where c.relname like t.name || '_2024_0%%' and c.relkind = "
	    "'r' and c.relname < t.name || '_2024_08'");
	/* One row a rota is left of what went, and one an epoch of the map. */
	testbed_expect("4 2",
	    "select (select count(*) from source_check_rest) || ' ' || (select count(*) from map_past_rest)");
}

/* Reports and notes are kept for so many days from their end on. A row that ended later than where the record of them begins
 * cannot be deleted by anybody. */
static void
reports_and_notes_end(void **state)
{
	static const char *const left =
	    "select (select string_agg(outcome || coalesce(' ' || settled_by, ''), ',' order by id) from contact_report) || '; ' || "
	    "coalesce((select string_agg(text, ',' order by id) from note), '')";

	(void)state;
	testbed_sql(
	    "alter table contact_report disable trigger user; delete from contact_report; alter table contact_report enable trigger user;"
	    "alter table note disable trigger user; delete from note; alter table note enable trigger user;"
	    "insert into contact_report (version, at, until, account, place, function, service, outcome) "
	    "select remark_version(), d::timestamptz, d::timestamptz + interval '2 hours', 'a', 'P1', 'amhp', 's', o "
	    "from unnest('{2020-01-01,2020-01-02,2024-01-01}'::date[], '{reached,wrong_person,no_answer}'::text[]) x (d, o);"
	    "insert into note (version, at, until, account, role, on_what, service, text) "
	    "select remark_version(), '2020-01-01', u::timestamptz, 'a', 'viewer', 'service', 's', u from unnest('{2020-02-01,2024-02-01}'::text[]) u");
	testbed_sql("select record_maintain_at('2026-01-01', 0, '{remark}', '{0}')");
	testbed_expect("reached,wrong_person,no_answer; 2020-02-01,2024-02-01", "%s", left);
	expect_refused("delete on contact_report: the record", "delete from contact_report");
	testbed_expect(
	    "1", "select remarks from record_maintain_at('2026-01-31', 0, '{remark}', '{2192}')");
	/* Somebody may still have it in memory as one that waits: it is settled, and goes a day later. */
	testbed_expect("wrong_person crisiscoverd,no_answer; 2020-02-01,2024-02-01", "%s", left);
	testbed_expect(
	    "t", "select max(version) = (select version from remark_head) from contact_report");
	testbed_expect(
	    "0", "select remarks from record_maintain_at('2026-01-31', 0, '{remark}', '{2192}')");
	testbed_expect(
	    "2", "select remarks from record_maintain_at('2026-02-03', 0, '{remark}', '{2192}')");
	testbed_expect("no_answer; 2024-02-01", "%s", left);
	testbed_expect("2020-02-03", "select at::date from record_begins where name = 'remark'");
	expect_refused("delete on note: the record", "delete from note");
	expect_refused("update on note: the record", "update note set text = 'x'");
}

static void
rows_in_months_keep_the_rules_of_their_table(void **state)
{
	(void)state;
	expect_refused("shift_in_force",
	    "insert into shift (rota, key, class, starts_at, ends_at) values ('r9', 'old', 'nobody', now(), "
	    "now() + interval '1 hour')");
	expect_refused("span_in_force",
	    "insert into span (requirement, place, starts_at, ends_at, state, cause, present, required, version, "
	    "known_from) select requirement, place, '2030-01-01', '2030-01-02', 'gap', 'none', 0, 1, 1, "
	    "now() from (select * from demand limit 1) d, generate_series(1, 2)");
	expect_refused("violates foreign key", "insert into shift (rota, key, class, starts_at, "
					       "ends_at) values ('no', 'new', 'nobody', "
					       "now(), now() + interval '1 hour')");
	expect_refused("delete on feed_event: the record", "delete from feed_event");
	expect_refused("update on map_past: the record",
	    "insert into map_past values (1, 1, now()); update map_past set version = 0");
}

#define TEST(name) cmocka_unit_test_setup(name, clean)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(rows_in_months_keep_the_rules_of_their_table),
	    TEST(a_superseded_row_moves_to_its_month),
	    TEST(a_month_that_nobody_made_stops_no_write),
	    TEST(every_month_of_spans_has_its_index),
	    TEST(each_table_by_its_own_setting),
	    TEST(nothing_goes_early),
	    TEST(the_audit_goes_by_months_and_says_where_it_begins),
	    TEST(bytes_go_and_hashes_stay),
	    TEST(the_last_row_about_a_source_stays),
	    TEST(an_older_record_says_no_more_of_a_source_than_it_knew),
	    TEST(what_is_told_of_sources_is_told_without_the_months_before),
	    TEST(reports_and_notes_end),
	};

	return cmocka_run_group_tests_name("retention", tests, testbed_open, testbed_close);
}
