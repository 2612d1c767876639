/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/rule.h"
#include "server/base/civil.h"

#define DAY 86400

static int64_t
local(int year, int month, int day, int hour)
{
	struct civil c = {year, month, day, hour, 0, 0};

	return civil_seconds(&c);
}

static int64_t
local_of(const char *text)
{
	struct civil c = {0};

	assert_int_equal(sscanf(text, "%4d%2d%2dT%2d%2d%2d", &c.year, &c.month, &c.day, &c.hour,
			     &c.minute, &c.second),
	    6);
	return civil_seconds(&c);
}

/* The first ${max} instances with the start, as text. */
static const char *
expand(struct arena *arena, const char *start, const char *text, size_t max)
{
	struct rule rule;
	struct rule_walk walk;
	struct buf buf = {0};
	const char *why = NULL;
	const char *list;
	int64_t at = local_of(start);
	int64_t last = local(2200, 1, 1, 0);

	if (rule_parse(arena, slice_of(text), &rule, &why) != FAULT_NONE)
		return arena_printf(arena, "refused: %s", why);
	if (rule.until_kind != RULE_FOREVER)
		last = rule.until;
	rule_walk_init(&walk, &rule, at, at, false);
	do {
		struct civil c = civil_of(at);

		buf_printf(&buf, "%s%04d%02d%02dT%02d", buf.len > 0 ? " " : "", c.year, c.month,
		    c.day, c.hour);
	} while (--max > 0 && rule_walk_next(&walk, last, &at));
	list = arena_strndup(arena, buf.at, buf.len);
	buf_free(&buf);
	return list;
}

struct example {
	const char *start, *rule, *want;
};

static void
try_examples(const struct example *examples, size_t count)
{
	struct arena *arena = arena_new(0);
	unsigned wrong = 0;

	for (size_t i = 0; i < count; i++) {
		size_t max = (strlen(examples[i].want) + 1) / 12;
		const char *got =
		    expand(arena, examples[i].start, examples[i].rule, max > 0 ? max : 1);

		if (strcmp(got, examples[i].want) != 0) {
			print_message("%s %s\n  gives %s\n  wants %s\n", examples[i].start,
			    examples[i].rule, got, examples[i].want);
			wrong++;
		}
	}
	arena_free(arena);
	assert_int_equal(wrong, 0);
}

/* RFC 5545 3.8.5.3, in its order, with the dates it gives. */
static void
the_examples_of_the_rfc_come_out(void **state)
{
	static const struct example examples[] = {
	    {"19970902T090000", "FREQ=DAILY;COUNT=3", "19970902T09 19970903T09 19970904T09"},
	    {"19970902T090000", "FREQ=DAILY;INTERVAL=2",
		"19970902T09 19970904T09 19970906T09 19970908T09"},
	    {"19970902T090000", "FREQ=DAILY;INTERVAL=10;COUNT=5",
		"19970902T09 19970912T09 19970922T09 19971002T09 19971012T09"},
	    {"19980101T090000",
		"FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
		"19980101T09 19980102T09 19980103T09 19980104T09"},
	    {"19970902T090000", "FREQ=WEEKLY;COUNT=4",
		"19970902T09 19970909T09 19970916T09 19970923T09"},
	    {"19970902T090000", "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
		"19970902T09 19970916T09 19970930T09 19971014T09"},
	    {"19970902T090000", "FREQ=WEEKLY;COUNT=4;WKST=SU;BYDAY=TU,TH",
		"19970902T09 19970904T09 19970909T09 19970911T09"},
	    {"19970901T090000",
		"FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
		"19970901T09 19970903T09 19970905T09 19970915T09 19970917T09"},
	    {"19970902T090000", "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
		"19970902T09 19970904T09 19970916T09 19970918T09 19970930T09 19971002T09 19971014T09 19971016T09"},
	    {"19970905T090000", "FREQ=MONTHLY;COUNT=4;BYDAY=1FR",
		"19970905T09 19971003T09 19971107T09 19971205T09"},
	    {"19970907T090000", "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
		"19970907T09 19970928T09 19971102T09 19971130T09 19980104T09 19980125T09"},
	    {"19970922T090000", "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
		"19970922T09 19971020T09 19971117T09 19971222T09 19980119T09 19980216T09"},
	    {"19970928T090000", "FREQ=MONTHLY;BYMONTHDAY=-3",
		"19970928T09 19971029T09 19971128T09 19971229T09"},
	    {"19970902T090000", "FREQ=MONTHLY;COUNT=4;BYMONTHDAY=2,15",
		"19970902T09 19970915T09 19971002T09 19971015T09"},
	    {"19970930T090000", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
		"19970930T09 19971001T09 19971031T09 19971101T09 19971130T09"},
	    {"19970910T090000", "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
		"19970910T09 19970911T09 19970912T09 19970913T09 19970914T09 19970915T09 19990310T09"},
	    {"19970902T090000", "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
		"19970902T09 19970909T09 19970916T09 19970923T09 19970930T09 19971104T09"},
	    {"19970610T090000", "FREQ=YEARLY;COUNT=4;BYMONTH=6,7",
		"19970610T09 19970710T09 19980610T09 19980710T09"},
	    {"19970310T090000", "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
		"19970310T09 19990110T09 19990210T09 19990310T09"},
	    {"19970101T090000", "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
		"19970101T09 19970410T09 19970719T09 20000101T09 20000409T09 20000718T09"},
	    {"19970519T090000", "FREQ=YEARLY;BYDAY=20MO", "19970519T09 19980518T09 19990517T09"},
	    {"19970512T090000", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
		"19970512T09 19980511T09 19990517T09"},
	    {"19970313T090000", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
		"19970313T09 19970320T09 19970327T09 19980305T09"},
	    {"19970605T090000", "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
		"19970605T09 19970612T09 19970619T09"},
	    {"19980213T090000", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
		"19980213T09 19980313T09 19981113T09 19990813T09 20001013T09"},
	    {"19970913T090000", "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
		"19970913T09 19971011T09 19971108T09 19971213T09"},
	    {"19961105T090000",
		"FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
		"19961105T09 20001107T09 20041102T09"},
	    {"19970904T090000", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
		"19970904T09 19971007T09 19971106T09"},
	    {"19970929T090000", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
		"19970929T09 19971030T09 19971127T09 19971230T09"},
	    {"19970805T090000", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
		"19970805T09 19970810T09 19970819T09 19970824T09"},
	    {"19970805T090000", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
		"19970805T09 19970817T09 19970819T09 19970831T09"},
	    {"20070115T090000", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
		"20070115T09 20070130T09 20070215T09 20070315T09 20070330T09"},
	};

	(void)state;
	try_examples(examples, sizeof examples / sizeof *examples);
}

/* RFC 7529: what becomes of a day that a month has not. */
static void
skip_moves_days_that_do_not_exist(void **state)
{
	static const struct example examples[] = {
	    {"20140131T090000", "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=OMIT;COUNT=3",
		"20140131T09 20140331T09 20140531T09"},
	    {"20140131T090000", "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD;COUNT=4",
		"20140131T09 20140228T09 20140331T09 20140430T09"},
	    {"20140131T090000", "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD;COUNT=4",
		"20140131T09 20140301T09 20140331T09 20140501T09"},
	    {"20160229T090000", "RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD;COUNT=4",
		"20160229T09 20170301T09 20180301T09 20190301T09"},
	    {"20160229T090000", "RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=BACKWARD;COUNT=3",
		"20160229T09 20170228T09 20180228T09"},
	    /* A day that is moved to one that the rule has, too, is there once. */
	    {"20260130T090000", "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD;BYMONTHDAY=30,31",
		"20260130T09 20260131T09 20260228T09 20260330T09 20260331T09 20260430T09 20260530T09"},
	    /* Over the end of a year the months are put in order. */
	    {"20260131T090000",
		"RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD;BYMONTH=2,3;BYMONTHDAY=2,31",
		"20260131T09 20260202T09 20260301T09 20260302T09 20260331T09 20270202T09"},
	    /* A day that is moved onto no day of the rule is none. */
	    {"20251231T090000",
		"RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD;BYMONTHDAY=31;BYDAY=MO,TU,WE,TH,FR",
		"20251231T09 20260331T09 20260430T09 20260630T09"},
	    {"20260105T090000", "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD;BYDAY=1MO",
		"20260105T09 20260202T09 20260302T09"},
	};

	(void)state;
	try_examples(examples, sizeof examples / sizeof *examples);
}

static void
what_is_no_rule_of_a_rota_is_refused(void **state)
{
	static const struct {
		const char *rule;
		enum fault want;
	} bad[] = {{"FREQ=HOURLY", FAULT_RULE_FINE}, {"FREQ=MINUTELY", FAULT_RULE_FINE},
	    {"FREQ=SECONDLY;BYMONTH=2", FAULT_RULE_FINE},
	    {"FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=0,10,20,30,40,50", FAULT_RULE_FINE},
	    {"", FAULT_RULE_BAD}, {"COUNT=3", FAULT_RULE_BAD}, {"FREQ=FORTNIGHTLY", FAULT_RULE_BAD},
	    {"FREQ=DAILY;COUNT=0", FAULT_RULE_BAD}, {"FREQ=DAILY;INTERVAL=0", FAULT_RULE_BAD},
	    {"FREQ=DAILY;COUNT=x", FAULT_RULE_BAD}, {"FREQ=DAILY;FREQ=WEEKLY", FAULT_RULE_BAD},
	    {"FREQ=WEEKLY;BYDAY=XX", FAULT_RULE_BAD}, {"FREQ=WEEKLY;BYDAY=1MO", FAULT_RULE_BAD},
	    {"FREQ=WEEKLY;BYMONTHDAY=1", FAULT_RULE_BAD},
	    {"FREQ=DAILY;BYYEARDAY=1", FAULT_RULE_BAD}, {"FREQ=MONTHLY;BYWEEKNO=1", FAULT_RULE_BAD},
	    {"FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO", FAULT_RULE_BAD},
	    {"FREQ=MONTHLY;BYMONTHDAY=0", FAULT_RULE_BAD},
	    {"FREQ=MONTHLY;BYMONTHDAY=32", FAULT_RULE_BAD},
	    {"FREQ=YEARLY;BYMONTH=13", FAULT_RULE_BAD},
	    {"FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", FAULT_RULE_BAD},
	    {"FREQ=DAILY;UNTIL=20260230", FAULT_RULE_BAD},
	    {"FREQ=DAILY;UNTIL=soon", FAULT_RULE_BAD}, {"FREQ=DAILY;BYEASTER=1", FAULT_RULE_BAD},
	    {"FREQ=DAILY;SKIP=OMIT", FAULT_RULE_BAD},
	    {"RSCALE=CHINESE;FREQ=YEARLY", FAULT_RULE_BAD}, {"FREQ=DAILY;COUNT", FAULT_RULE_BAD},
	    {"FREQ=DAILY;BYHOUR=24", FAULT_RULE_BAD}, {"FREQ=DAILY;BYMONTH=", FAULT_RULE_BAD},
	    /* The first reason is told. */
	    {"COUNT=0;FREQ=HOURLY", FAULT_RULE_BAD},
	    {"FREQ=DAILY;COUNT=0;BYHOUR=1,2,3,4,5;BYMINUTE=0,10,20,30,40,50", FAULT_RULE_BAD},
	    {"FREQ=DAILY;UNTIL=00000000", FAULT_RULE_BAD},
	    {"FREQ=DAILY;UNTIL=20260101T000000Z/PT1H", FAULT_RULE_BAD},
	    {"FREQ=DAILY;BYEASTER=0000000000000000000000000000000000000000000000000000000000001",
		FAULT_RULE_BAD}};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct rule rule;
		const char *why = NULL;

		if (rule_parse(arena, slice_of(bad[i].rule), &rule, &why) != bad[i].want)
			fail_msg("%s", bad[i].rule);
		assert_non_null(why);
	}
	arena_free(arena);
}

static void
each_number_has_its_limits(void **state)
{
	static const struct {
		const char *rule; /* with %d for the number */
		int least, most;
		bool zero;
	} parts[] = {
	    {"FREQ=YEARLY;BYMONTH=%d", 1, 12, false},
	    {"FREQ=YEARLY;BYMONTHDAY=%d", -31, 31, false},
	    {"FREQ=YEARLY;BYYEARDAY=%d", -366, 366, false},
	    {"FREQ=YEARLY;BYWEEKNO=%d", -53, 53, false},
	    {"FREQ=YEARLY;BYDAY=%dMO", -53, 53, false},
	    {"FREQ=YEARLY;BYDAY=MO;BYSETPOS=%d", -366, 366, false},
	    {"FREQ=YEARLY;BYHOUR=%d", 0, 23, true},
	    {"FREQ=YEARLY;BYMINUTE=%d", 0, 59, true},
	    {"FREQ=YEARLY;BYSECOND=%d", 0, 59, true},
	};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const char *at = strchr(parts[i].rule, '%');

		for (int number = -400; number <= 400; number++) {
			bool within = number >= parts[i].least && number <= parts[i].most &&
				      (number != 0 || parts[i].zero);
			const char *text = arena_printf(arena, "%.*s%d%s",
			    (int)(at - parts[i].rule), parts[i].rule, number, at + 2);
			const char *why;
			struct rule rule;

			if (rule_parse(arena, slice_of(text), &rule, &why) !=
			    (within ? FAULT_NONE : FAULT_RULE_BAD))
				fail_msg("%s", text);
		}
	}
	arena_free(arena);
}

static void
harmless_sloppiness_is_read(void **state)
{
	static const struct example examples[] = {
	    {"20260105T090000", "freq=daily;count=2", "20260105T09 20260106T09"},
	    {"20260105T090000", "FREQ=DAILY; COUNT=2;", "20260105T09 20260106T09"},
	    {"20260105T090000", "FREQ=WEEKLY;BYDAY=MO, TU;COUNT=2", "20260105T09 20260106T09"},
	    {"20260105T090000", "FREQ=DAILY;COUNT=2;X-FOO=1", "20260105T09 20260106T09"},
	    {"20260105T090000", "COUNT=2;FREQ=MONTHLY;BYDAY=+1MO", "20260105T09 20260202T09"},
	};

	(void)state;
	try_examples(examples, sizeof examples / sizeof *examples);
}

static void
a_rule_that_never_fits_ends(void **state)
{
	static const char *const rules[] = {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
	    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", "FREQ=MONTHLY;BYDAY=1TH;BYSETPOS=2",
	    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=5", "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6"};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		struct rule rule;
		struct rule_walk walk;
		const char *why;
		int64_t at;

		assert_int_equal(rule_parse(arena, slice_of(rules[i]), &rule, &why), FAULT_NONE);
		rule_walk_init(&walk, &rule, local(2026, 1, 8, 9), local(2026, 1, 8, 9), false);
		assert_false(rule_walk_next(&walk, local(2100, 1, 1, 0), &at));
		assert_false(rule_walk_next(&walk, local(2100, 1, 1, 0), &at));
		assert_true(walk.work < 100000);
	}
	arena_free(arena);
}

/* The years end, however far the walk is let go. */
static void
a_rule_that_never_fits_ends_with_the_years(void **state)
{
	static const char *const rules[] = {
	    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30"};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		struct rule rule;
		struct rule_walk walk;
		const char *why;
		int64_t at;

		assert_int_equal(rule_parse(arena, slice_of(rules[i]), &rule, &why), FAULT_NONE);
		rule_walk_init(&walk, &rule, local(2026, 1, 8, 9), local(2026, 1, 8, 9), false);
		assert_false(rule_walk_next(&walk, INT64_MAX / 2, &at));
	}
	arena_free(arena);
}

/* Of more places than BYSETPOS can name, those at both ends. */
static void
places_are_counted_from_both_ends(void **state)
{
	static const struct example examples[] = {
	    {"20260101T080000",
		"FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=8,20;BYSETPOS=1,366,-366,-1",
		"20260101T08 20260702T08 20260702T20 20261231T20 20270101T08"},
	    {"20260101T080000", "FREQ=DAILY;BYSECOND=0,30;COUNT=4",
		"20260101T08 20260101T08 20260102T08 20260102T08"},
	};

	(void)state;
	try_examples(examples, sizeof examples / sizeof *examples);
}

/* Days that spill over the end of a period belong to a walk that begins after that end: week 53,
 * which ends in January, and days that are moved to the first of the next month. */
static void
a_late_walk_has_what_spills_into_it(void **state)
{
	static const struct {
		const char *rule;
		int64_t from[3], first[3];
	} cases[] = {
	    {"FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR,SA,SU", {2027, 1, 1}, {2027, 1, 1}},
	    {"FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR,SA,SU", {2027, 1, 3}, {2027, 1, 3}},
	    {"FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SU", {2027, 1, 2}, {2027, 1, 3}},
	    /* 2024 has 52 weeks: its last two days are in week 1 of 2025. 2026 has 53. */
	    {"FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO", {2024, 12, 1}, {2024, 12, 23}},
	    {"FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO", {2026, 12, 1}, {2026, 12, 28}},
	    {"FREQ=YEARLY;BYWEEKNO=-53;BYDAY=MO", {2024, 12, 1}, {2025, 12, 29}},
	    {"FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", {2024, 12, 30}, {2024, 12, 30}},
	    {"FREQ=MONTHLY;BYMONTHDAY=31;RSCALE=GREGORIAN;SKIP=FORWARD", {2026, 5, 1},
		{2026, 5, 1}},
	    {"FREQ=MONTHLY;BYMONTHDAY=30;RSCALE=GREGORIAN;SKIP=FORWARD", {2026, 3, 1},
		{2026, 3, 1}},
	    {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;RSCALE=GREGORIAN;SKIP=FORWARD", {2026, 3, 1},
		{2026, 3, 1}},
	    {"FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=31;RSCALE=GREGORIAN;SKIP=FORWARD", {2026, 7, 1},
		{2026, 7, 1}},
	};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const int64_t *from = cases[i].from, *first = cases[i].first;
		struct rule rule;
		struct rule_walk walk;
		const char *why;
		int64_t at = 0;
		int64_t begin = local((int)from[0], (int)from[1], (int)from[2], 0);

		assert_int_equal(
		    rule_parse(arena, slice_of(cases[i].rule), &rule, &why), FAULT_NONE);
		rule_walk_init(&walk, &rule, local(2020, 12, 1, 9), begin, false);
		if (!rule_walk_next(&walk, begin + 400 * (int64_t)86400, &at) ||
		    at != local((int)first[0], (int)first[1], (int)first[2], 9))
			fail_msg("%s: %lld", cases[i].rule, (long long)at);
	}
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_examples_of_the_rfc_come_out),
	    cmocka_unit_test(skip_moves_days_that_do_not_exist),
	    cmocka_unit_test(what_is_no_rule_of_a_rota_is_refused),
	    cmocka_unit_test(each_number_has_its_limits),
	    cmocka_unit_test(harmless_sloppiness_is_read),
	    cmocka_unit_test(a_rule_that_never_fits_ends),
	    cmocka_unit_test(a_rule_that_never_fits_ends_with_the_years),
	    cmocka_unit_test(places_are_counted_from_both_ends),
	    cmocka_unit_test(a_late_walk_has_what_spills_into_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
