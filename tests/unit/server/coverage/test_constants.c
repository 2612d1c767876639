/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/coverage/coverage_sql.h"
#include "server/coverage/kinds.h"
#include "server/model/forget.h"
#include "server/model/freshness.h"
#include "server/model/gap.h"
#include "tests/unit/server/coverage/testbed.h"

/* Facts that C and SQL both have, each in its own language, are the same. */

static void
how_long_things_hold(void **state)
{
	(void)state;
	testbed_expect("t", "select gap_settles_after() = make_interval(secs => %lld)",
	    (long long)GAP_REOPEN_SECONDS);
	testbed_expect("t", "select gap_acknowledged_for() = make_interval(secs => %lld)",
	    (long long)GAP_ACKNOWLEDGED_SECONDS);
	testbed_expect("t", "select gap_group_quiet() = make_interval(secs => %lld)",
	    (long long)GAP_GROUP_QUIET_SECONDS);
	testbed_expect("t", "select forget_slack() = make_interval(secs => %lld)",
	    (long long)FORGET_SLACK_SECONDS);
}

/* A feed last good ${age} seconds ago, as the functions of feeds take one. */
#define FEED                                                                                       \
	"(select jsonb_populate_record(null::feed, jsonb_build_object('fetched', '%s' <> 'file', " \
	"'last_good_at', clock_timestamp() - make_interval(secs => %lld))))"

static void
when_a_source_is_unknown(void **state)
{
	static const int64_t limits[] = {
	    FRESHNESS_FRESH_SECONDS, FRESHNESS_AGEING_SECONDS, FRESHNESS_STALE_SECONDS};

	(void)state;
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		for (int64_t age = limits[i] - 30; age <= limits[i] + 30; age += 60) {
			bool unknown = freshness_of(true, 0, age) == FRESHNESS_UNKNOWN;

			testbed_expect(unknown ? "t" : "f", "select feed_was_unknown(" FEED ")",
			    "ical_url", (long long)age);
			testbed_expect(
			    "f", "select feed_was_unknown(" FEED ")", "file", (long long)age);
		}
}

/* People are told that a source is stale when it is. */
static void
when_a_source_is_stale(void **state)
{
	static const int64_t limits[] = {
	    FRESHNESS_FRESH_SECONDS, FRESHNESS_AGEING_SECONDS, FRESHNESS_STALE_SECONDS};

	(void)state;
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		for (int64_t age = limits[i] - 30; age <= limits[i] + 30; age += 60) {
			bool stale = freshness_of(true, 0, age) >= FRESHNESS_STALE;

			testbed_sql("update feed set told_stale = false, last_good_at = "
				    "clock_timestamp() - make_interval(secs => %lld) where kind = "
				    "'ical_url'; select feeds_tell_stale()",
			    (long long)age);
			testbed_expect(stale ? "t" : "f",
			    "select bool_and(told_stale) from feed where kind = 'ical_url'");
		}
}

/* The bits of a step, where the function that writes a map reads them. */
static void
what_a_step_marks(void **state)
{
	static const struct {
		const char *before;
		enum gap_mark mark;
		const char *after;
	} known[] = {
	    {"started = step.marks & ", MARK_STARTED, " <> 0,"},
	    {"told = step.marks & ", MARK_TOLD, " <> 0,"},
	    {"closed_at = case when step.marks & ", MARK_CLOSES, " <> 0 then moment end"},
	    {"then step.marks & ", MARK_PASSED, " <> 0 end"},
	    {"opened := opened + (step.marks & ", MARK_REOPENS, " <> 0)::int"},
	    {"settle_at = case when step.marks & ", MARK_HELD,
		" <> 0 then moment + gap_settles_after()"},
	    {"if step.marks & ", MARK_FOLLOWS, " <> 0 then"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		testbed_expect("t",
		    "select position('%s%d%s' in prosrc) > 0 from pg_proc where proname = "
		    "'coverage_commit'",
		    known[i].before, (int)known[i].mark, known[i].after);
	/* And no other bit. */
	testbed_expect("{1,2,4,8,16,32,64}",
	    "select array_agg(distinct bit[1]::int order by bit[1]::int) from pg_proc, "
	    "regexp_matches(prosrc, 'step\\.marks & (\\d+)', 'g') bit where proname = "
	    "'coverage_commit'");
}

/* A SELECT of a statement whose rows are of more than one kind, as it begins. */
struct kind {
	int number;
	const char *begins;
};

/* Every row that ${stmt} gives is of one of the ${count} ${kinds}: whichever SELECT begins with
 * another number is none of them. */
static void
expect_kinds(const struct pg_stmt *stmt, const struct kind *kinds, size_t count)
{
	size_t found = 0, known = 0;
	char wanted[160];

	for (const char *at = stmt->sql; (at = strstr(at, "\nselect ")) != NULL; at++)
		found += at[8] >= '0' && at[8] <= '9';
	for (const char *at = stmt->sql; (at = strstr(at, "\n  select ")) != NULL; at++)
		found += at[10] >= '0' && at[10] <= '9';
	for (size_t i = 0; i < count; i++) {
		snprintf(wanted, sizeof wanted, "select %d%s", kinds[i].number, kinds[i].begins);
		if (strstr(stmt->sql, wanted) != NULL)
			known++;
		else
			fail_msg("%s has no \"%s\"", stmt->name, wanted);
	}
	if (found != known)
		fail_msg(
		    "%s gives rows of %zu kinds, of which %zu are known", stmt->name, found, known);
}

static void
kinds_of_rows(void **state)
{
	static const struct kind marks[] = {
	    {MARKS_DIRTY, " as kind, m.rota, m.n as mark,"},
	    {MARKS_ELSEWHERE, ", rota, 0, marked, null, null, null\nfrom elsewhere"},
	    {MARKS_DUE, ", requirement, 0, place, null, null, null\n  from demand"},
	    {MARKS_SOURCE,
		", s.rota, 0, null, s.ages, s.last_good_at, s.horizon\nfrom coverage_sources_changed("},
	    {MARKS_SHARED, ", rota, 0, marked, null, null, null\nfrom shared"},
	};
	const struct kind marks_shared[] = {marks[0], marks[1], marks[2], marks[4]};
	static const struct kind states[] = {
	    {STATE_DEMAND, " as kind, w.n, d.version,"},
	    {STATE_SPAN, ", w.n, 0, null, s.starts_at,"},
	    {STATE_GAP, ", w.n, 0, g.id::text, g.starts_at,"},
	};
	static const struct kind shifts[] = {
	    {SHIFTS_SOURCE, " as kind, w.n, 0::bigint as id,"},
	    {SHIFTS_SHIFT, ", n, id, class, person, team,"},
	    {SHIFTS_ABSENCE, ", 0, a.id, a.class, a.person, a.rota,"},
	    {SHIFTS_ELSEWHERE, ", 0, s.id, s.class, s.person, s.rota,"},
	    {SHIFTS_GROUP, ", w.n, 0, null, null, g.cause_group,"},
	};

	(void)state;
	expect_kinds(&COVERAGE_MARKS, marks, 3);
	expect_kinds(&COVERAGE_MARKS_SOURCES, marks, 4);
	expect_kinds(&COVERAGE_MARKS_SHARED, marks_shared, 4);
	expect_kinds(&COVERAGE_MARKS_SOURCES_SHARED, marks, 5);
	expect_kinds(&COVERAGE_STATE, states, 3);
	expect_kinds(&COVERAGE_SHIFTS, shifts, 5);
}

/* Every word that C writes is one that the table takes, and every word that the table takes is one
 * that C reads. */
static void
words_of_the_map(void **state)
{
	(void)state;
	for (int i = 0; i < COVER_STATES; i++)
		if (i != COVER_NOT_COMMISSIONED)
			testbed_expect("t",
			    "select position('''%s''' in pg_get_constraintdef(oid)) > 0 from pg_constraint where conname = 'span_state_check' and conrelid = "
			    "'span'::regclass",
			    cover_state_name((enum cover_state)i));
	testbed_expect("4",
	    "select count(*) from pg_constraint, regexp_matches(pg_get_constraintdef(oid), "
	    "'''\\w+''', 'g') where conname = 'span_state_check' and conrelid = 'span'::regclass");
	for (int i = GAP_NORMAL; i <= GAP_CRITICAL; i++)
		testbed_expect("t",
		    "select position('''%s''' in pg_get_constraintdef(oid)) > 0 from pg_constraint where conname = 'gap_severity_check'",
		    gap_severity_name((enum gap_severity)i));
	testbed_expect("3",
	    "select count(*) from pg_constraint, regexp_matches(pg_get_constraintdef(oid), '''\\w+''', "
	    "'g') where conname = 'gap_severity_check'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(how_long_things_hold, testbed_clean),
	    cmocka_unit_test_setup(when_a_source_is_unknown, testbed_clean),
	    cmocka_unit_test_setup(when_a_source_is_stale, testbed_clean),
	    cmocka_unit_test_setup(what_a_step_marks, testbed_clean),
	    cmocka_unit_test(kinds_of_rows),
	    cmocka_unit_test_setup(words_of_the_map, testbed_clean),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
