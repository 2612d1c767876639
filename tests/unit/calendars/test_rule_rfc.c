/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "tests/unit/calendars/support.h"

#define DAY ((int64_t)86400)

/*
 * The examples of RFC 5545 3.8.5.3, in its order, with the dates it gives ("199709:2,12-14"), read
 * as events of America/New_York: so the instants change with its clocks. A list that ends in "..."
 * is how the RFC shows a rule without an end.
 */
struct example {
	const char *start, *rule, *want;
};

#define ALL_OF_JANUARY "199801:1-31 199901:1-31 200001:1-31"
#define TEN_TUTH "199709:2,4,9,11,16,18,23,25,30 199710:2"

static const struct example examples[] = {
    {"19970902", "FREQ=DAILY;COUNT=10", "199709:2-11"},
    {"19970902", "FREQ=DAILY;UNTIL=19971224T000000Z",
	"199709:2-30 199710:1-31 199711:1-30 199712:1-23"},
    {"19970902", "FREQ=DAILY;INTERVAL=2",
	"199709:2,4,6,8,10,12,14,16,18,20,22,24,26,28,30 199710:2,4,6,8,10,12,14,16,18,20,22,24,26,28,30 199711:1,3,5,7,9,11,13,15,17,19,21,23,25,27,29 "
	"199712:1,3..."},
    {"19970902", "FREQ=DAILY;INTERVAL=10;COUNT=5", "199709:2,12,22 199710:2,12"},
    {"19980101", "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
	ALL_OF_JANUARY},
    {"19980101", "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", ALL_OF_JANUARY},
    {"19970902", "FREQ=WEEKLY;COUNT=10", "199709:2,9,16,23,30 199710:7,14,21,28 199711:4"},
    {"19970902", "FREQ=WEEKLY;UNTIL=19971224T000000Z",
	"199709:2,9,16,23,30 199710:7,14,21,28 199711:4,11,18,25 199712:2,9,16,23"},
    {"19970902", "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
	"199709:2,16,30 199710:14,28 199711:11,25 199712:9,23 199801:6,20 199802:3,17..."},
    {"19970902", "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", TEN_TUTH},
    {"19970902", "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", TEN_TUTH},
    {"19970901", "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
	"199709:1,3,5,15,17,19,29 199710:1,3,13,15,17,27,29,31 199711:10,12,14,24,26,28 199712:8,10,12,22"},
    {"19970902", "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
	"199709:2,4,16,18,30 199710:2,14,16"},
    {"19970905", "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
	"199709:5 199710:3 199711:7 199712:5 199801:2 199802:6 199803:6 199804:3 199805:1 199806:5"},
    {"19970905", "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR",
	"199709:5 199710:3 199711:7 199712:5"},
    {"19970907", "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
	"199709:7,28 199711:2,30 199801:4,25 199803:1,29 199805:3,31"},
    {"19970922", "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
	"199709:22 199710:20 199711:17 199712:22 199801:19 199802:16"},
    {"19970928", "FREQ=MONTHLY;BYMONTHDAY=-3",
	"199709:28 199710:29 199711:28 199712:29 199801:29 199802:26..."},
    {"19970902", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
	"199709:2,15 199710:2,15 199711:2,15 199712:2,15 199801:2,15"},
    {"19970930", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
	"199709:30 199710:1,31 199711:1,30 199712:1,31 199801:1,31 199802:1"},
    {"19970910", "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
	"199709:10-15 199903:10-13"},
    {"19970902", "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
	"199709:2,9,16,23,30 199711:4,11,18,25 199801:6,13,20,27 199803:3,10,17,24,31..."},
    {"19970610", "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
	"199706:10 199707:10 199806:10 199807:10 199906:10 199907:10 200006:10 200007:10 200106:10 200107:10"},
    {"19970310", "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
	"199703:10 199901:10 199902:10 199903:10 200101:10 200102:10 200103:10 200301:10 200302:10 200303:10"},
    {"19970101", "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
	"199701:1 199704:10 199707:19 200001:1 200004:9 200007:18 200301:1 200304:10 200307:19 200601:1"},
    {"19970519", "FREQ=YEARLY;BYDAY=20MO", "199705:19 199805:18 199905:17..."},
    {"19970512", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "199705:12 199805:11 199905:17..."},
    {"19970313", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
	"199703:13,20,27 199803:5,12,19,26 199903:4,11,18,25..."},
    {"19970605", "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
	"199706:5,12,19,26 199707:3,10,17,24,31 199708:7,14,21,28 199806:4,11,18,25 199807:2,9,16,23,30 199808:6,13,20,27 199906:3,10,17,24 "
	"199907:1,8,15,22,29 199908:5,12,19,26..."},
    {"19970902",
	"FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13\r\nEXDATE;TZID=America/New_York:19970902T090000",
	"199802:13 199803:13 199811:13 199908:13 200010:13..."},
    {"19970913", "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
	"199709:13 199710:11 199711:8 199712:13 199801:10 199802:7 199803:7 199804:11 199805:9 199806:13..."},
    {"19961105", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
	"199611:5 200011:7 200411:2..."},
    {"19970904", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "199709:4 199710:7 199711:6"},
    {"19970929", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
	"199709:29 199710:30 199711:27 199712:30 199801:29 199802:26 199803:30..."},
    {"19970805", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "199708:5,10,19,24"},
    {"19970805", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "199708:5,17,19,31"},
    {"20070115", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "200701:15,30 200702:15 200703:15,30"},
};

/* The first Sunday on or after a day of a month. */
static int64_t
sunday_from(int year, int month, int day)
{
	int64_t number = civil_days(year, month, day);

	while (civil_weekday(number) != 6)
		number++;
	return number;
}

/* New York's clocks, by the law of the time: hours behind UTC by day. */
static int
hours_behind(int64_t day)
{
	int year = civil_of(day * DAY).year;
	int64_t begins = year < 2007 ? sunday_from(year, 4, 1) : sunday_from(year, 3, 8);
	int64_t ends = year < 2007 ? sunday_from(year, 10, 25) : sunday_from(year, 11, 1);

	return day >= begins && day < ends ? 4 : 5;
}

/* "199709:2,12-14 …" as days. */
static size_t
days_of(const char *text, int64_t *days, size_t max)
{
	size_t count = 0;
	int year = 0;
	int month = 0;
	int used = 0;

	while (*text != '\0' && strcmp(text, "...") != 0) {
		int first, last, y, m;

		used = 0;
		if (sscanf(text, "%4d%2d:%n", &y, &m, &used) == 2 && used > 0) {
			year = y;
			month = m;
			text += used;
		}
		assert_int_equal(sscanf(text, "%d%n", &first, &used), 1);
		last = first;
		text += used;
		if (*text == '-') {
			assert_int_equal(sscanf(text, "-%d%n", &last, &used), 1);
			text += used;
		}
		for (; first <= last && count < max; first++)
			days[count++] = civil_days(year, month, first);
		text += *text == ',' || *text == ' ';
	}
	return count;
}

/* Times that EXDATE removes are given as cancelled. */
static void
leave_out_excluded(struct arena *arena, struct reading *reading)
{
	struct reading_occurrence *items =
	    arena_array(arena, reading->noccurrences + 1, sizeof *items);
	size_t kept = 0;

	for (size_t i = 0; i < reading->noccurrences; i++)
		if (reading->occurrences[i].class != READING_CANCELLED)
			items[kept++] = reading->occurrences[i];
	reading->occurrences = items;
	reading->noccurrences = kept;
}

static void
try_example(const struct example *example)
{
	struct arena *arena = arena_new(0);
	struct reading_options options = support_options();
	bool endless = strstr(example->want, "...") != NULL;
	int64_t days[400];
	size_t count = days_of(example->want, days, 400);
	struct reading reading;

	options.from = support_instant("19960101T000000Z");
	options.until = endless ? (days[count - 1] + 1) * DAY : support_instant("20100101T000000Z");
	reading = support_event(arena, &options,
	    arena_printf(arena,
		"DTSTART;TZID=America/New_York:%sT090000\r\nDTEND;TZID=America/"
		"New_York:%sT100000\r\n"
		"RRULE:%s\r\nSUMMARY:J Jones",
		example->start, example->start, example->rule));
	leave_out_excluded(arena, &reading);
	if (reading.refused || reading.noccurrences != count)
		fail_msg("%s: %zu instances, not %zu (%s)", example->rule, reading.noccurrences,
		    count, reading.nfindings > 0 ? reading.findings[0].text : "no finding");
	for (size_t i = 0; i < count; i++) {
		int64_t start = days[i] * DAY + (9 + hours_behind(days[i])) * 3600;

		if (reading.occurrences[i].start != start ||
		    reading.occurrences[i].end != start + 3600)
			fail_msg("%s: instance %zu", example->rule, i);
	}
	arena_free(arena);
}

/* holds: H08.1 */
static void
every_example_comes_out_at_its_instants(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
		try_example(&examples[i]);
}

/* Several times a day: 3.8.5.3's "every 20 minutes from 9:00 AM to 4:40 PM every day", in the form
 * of a daily rule, and the example of 3.3.10. */
static void
several_times_a_day(void **state)
{
	struct arena *arena = arena_new(0);
	struct reading_options options = support_options();
	struct reading reading;

	(void)state;
	options.from = support_instant("19970101T000000Z");
	options.until = support_instant("19970904T040000Z");
	reading = support_event(arena, &options,
	    "DTSTART;TZID=America/New_York:19970902T090000\r\nDURATION:PT20M\r\n"
	    "RRULE:FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40\r\nSUMMARY:J Jones");
	assert_int_equal(reading.noccurrences, 48);
	for (size_t i = 0; i < 48; i++)
		assert_int_equal(reading.occurrences[i].start, support_instant("19970902T130000Z") +
								   (int64_t)(i / 24) * DAY +
								   (int64_t)(i % 24) * 1200);
	options.until = support_instant("20000101T000000Z");
	reading = support_event(arena, &options,
	    "DTSTART;TZID=America/New_York:19970105T083000\r\nDURATION:PT20M\r\n"
	    "RRULE:FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYDAY=SU;BYHOUR=8,9;BYMINUTE=30\r\n"
	    "SUMMARY:J Jones");
	assert_int_equal(reading.noccurrences, 18); /* four Sundays of 1997, five of 1999 */
	assert_int_equal(reading.occurrences[1].start, support_instant("19970105T143000Z"));
	assert_int_equal(reading.occurrences[8].start, support_instant("19990103T133000Z"));
	assert_int_equal(reading.occurrences[17].start, support_instant("19990131T143000Z"));
	arena_free(arena);
}

/* The RFC's examples of what is finer than a day are no rota: unreadable, with a remedy. */
/* holds: H08.4 */
static void
examples_finer_than_a_day_are_unreadable(void **state)
{
	static const char *const rules[] = {
	    "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z",
	    "FREQ=MINUTELY;INTERVAL=15;COUNT=6",
	    "FREQ=MINUTELY;INTERVAL=90;COUNT=4",
	    "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16",
	};

	(void)state;
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		struct arena *arena = arena_new(0);
		struct reading_options options = support_options();
		struct reading reading;

		reading = support_event(arena, &options,
		    arena_printf(arena,
			"DTSTART:20260302T090000\r\nDTEND:20260302T100000\r\nRRULE:%s\r\n"
			"SUMMARY:J Jones",
			rules[i]));
		assert_int_equal(reading.noccurrences, 0);
		assert_true(reading.nfindings > 0);
		assert_int_equal(reading.findings[0].level, FINDING_UNREADABLE);
		assert_true(strlen(reading.findings[0].remedy) > 10);
		arena_free(arena);
	}
}

/* RFC 5545 withdrew RANGE=THISANDPRIOR: a change that claims to reach back is never taken for a
 * change of one shift, and it is not known what holds of those before it. */
/* holds: H08.4 */
static void
a_change_that_reaches_back_is_unreadable(void **state)
{
	struct arena *arena = arena_new(0);
	struct reading_options options = support_options();
	struct reading reading;

	(void)state;
	reading = support_event(arena, &options,
	    "DTSTART:20260302T080000Z\r\nDTEND:20260302T200000Z\r\nRRULE:FREQ=DAILY;COUNT=3\r\n"
	    "SUMMARY:J Jones\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:a\r\n"
	    "RECURRENCE-ID;RANGE=THISANDPRIOR:20260303T080000Z\r\nDTSTART:20260303T090000Z\r\n"
	    "DTEND:20260303T200000Z\r\nSUMMARY:Kay Lee");
	assert_string_equal(support_list(arena, &reading), "");
	assert_true(support_finding(&reading, "a", "THISANDPRIOR"));
	assert_int_equal(reading.findings[0].level, FINDING_UNREADABLE);
	arena_free(arena);
}

/* Taken out or changed by a time at which the series has no shift: the shift of that day may be
 * meant, and those of other days are not. */
static void
a_change_that_misses_leaves_the_shift_of_its_day_undecided(void **state)
{
#define CHANGE(rest) "SUMMARY:J Jones\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID:" rest
#define LATER "DTSTART:20260309T070000Z\r\nDTEND:20260309T080000Z\r\nSUMMARY:Kay Lee"
	static const struct {
		const char *lines;
		enum reading_class second;
	} cases[] = {
	    {"EXDATE:20260304T080000Z\r\nSUMMARY:J Jones", READING_NAMED},
	    {"EXDATE:20260305T090000Z\r\nSUMMARY:J Jones", READING_NAMED},
	    {"EXDATE:20260303T070000Z\r\nSUMMARY:J Jones", READING_TENTATIVE},
	    {CHANGE("20260303T070000Z\r\nSTATUS:CANCELLED\r\n" LATER), READING_TENTATIVE},
	    {CHANGE("20260303T070000Z\r\n" LATER), READING_TENTATIVE},
	    {CHANGE("20260304T080000Z\r\n" LATER), READING_NAMED},
	};
#undef LATER
#undef CHANGE
	struct reading_options options = support_options();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_event(arena, &options,
		    arena_printf(arena,
			"DTSTART:20260302T080000Z\r\nDTEND:20260302T200000Z\r\nRRULE:FREQ=DAILY;"
			"COUNT=3\r\n%s",
			cases[i].lines));

		assert_true(reading.noccurrences >= 2);
		assert_int_equal(reading.occurrences[0].class, READING_NAMED);
		assert_int_equal(reading.occurrences[1].class, cases[i].second);
		assert_true(support_finding(&reading, "a", "at which it has none") ==
			    (cases[i].second == READING_TENTATIVE));
		arena_free(arena);
	}
}

/* A STATUS that no event may have is not simply confirmed. */
static void
an_unknown_status_is_tentative(void **state)
{
	static const char *const words[] = {
	    "POSTPONED", "DECLINED", "CANCELED", "NEEDS-ACTION", "x"};
	struct reading_options options = support_options();

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_event(arena, &options,
		    arena_printf(arena,
			"DTSTART:20260302T080000Z\r\nDTEND:20260302T200000Z\r\nSTATUS:%s\r\n"
			"SUMMARY:J Jones",
			words[i]));

		assert_int_equal(reading.noccurrences, 1);
		assert_int_not_equal(reading.occurrences[0].class, READING_NAMED);
		arena_free(arena);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_example_comes_out_at_its_instants),
	    cmocka_unit_test(several_times_a_day),
	    cmocka_unit_test(a_change_that_reaches_back_is_unreadable),
	    cmocka_unit_test(a_change_that_misses_leaves_the_shift_of_its_day_undecided),
	    cmocka_unit_test(an_unknown_status_is_tentative),
	    cmocka_unit_test(examples_finer_than_a_day_are_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
