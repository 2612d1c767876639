/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "server/coverage/kinds.h"
#include "server/model/freshness.h"
#include "server/model/gap.h"
#include "tests/unit/server/coverage/testbed.h"

/* What C and SQL both have to know, each in its own language: that it is the same. */

static void
how_long_things_hold(void **state)
{
	(void)state;
	testbed_expect("t", "select gap_settles_after() = make_interval(secs => %lld)",
	    (long long)GAP_REOPEN_SECONDS);
	testbed_expect("t", "select gap_acknowledged_for() = make_interval(secs => %lld)",
	    (long long)GAP_ACKNOWLEDGED_SECONDS);
}

/* A feed last good ${age} seconds ago, as the functions of feeds take one. */
#define FEED                                                                                       \
	"(select jsonb_populate_record(null::feed, jsonb_build_object('kind', '%s', "              \
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
		    "'coverage_commit' and proargnames @> '{a_gap_group}'",
		    known[i].before, (int)known[i].mark, known[i].after);
	/* And no other bit. */
	testbed_expect("{1,2,4,8,16,32,64}",
	    "select array_agg(distinct bit[1]::int order by bit[1]::int) from pg_proc, "
	    "regexp_matches(prosrc, 'step\\.marks & (\\d+)', 'g') bit where proname = "
	    "'coverage_commit' and proargnames @> '{a_gap_group}'");
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
	    cmocka_unit_test_setup(words_of_the_map, testbed_clean),
	};

	return cmocka_run_group_tests(tests, testbed_open, testbed_close);
}
