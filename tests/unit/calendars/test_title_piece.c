/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/civil.h"
#include "tests/unit/calendars/support.h"

/* Events of which the title says more than one thing: each part has its own stretch of the event. */

#define LONDON ";TZID=Europe/London:"

/* "Early: Sam, Jo / Late: Kim" is divided by the hours that the rota gives its codes; where they do
 * not fit it is for a person to decide. */
static void
shift_codes_divide_a_title(void **state)
{
	static const char *const jj[] = {"Jo", NULL};
	static const char *const sams[] = {"Sam", "LD", NULL};
	static const char *const kims[] = {"Kim", NULL};
	static const struct reading_person people[] = {{"jo-jones", "J Jones", jj},
	    {"s-khan", "Samira Khan", sams}, {"k-obi", "Kim Obi", kims},
	    {"e-smith", "E Smith", NULL}};
	static const char *const early[] = {"Early", NULL};
	static const char *const late[] = {"Late", "Late shift", NULL};
	static const struct reading_shift_code codes[] = {
	    {"E", early, READING_CODE_HOURS, 7 * 3600, 15 * 3600},
	    {"L", late, READING_CODE_HOURS, 14 * 3600, 22 * 3600},
	    {"N", NULL, READING_CODE_HOURS, 21 * 3600, 8 * 3600},
	    {"LD", NULL, READING_CODE_HOURS, 7 * 3600, 20 * 3600},
	    {"AL", NULL, READING_CODE_ABSENCE, 0, 0},
	};
	static const char whole[] = "DTSTART;VALUE=DATE:20260105\r\nSUMMARY:";
	static const struct {
		const char *when, *title, *want;
	} cases[] = {
	    {whole, "Early: Sam, Jo / Late: Kim",
		"05 07-15 named s-khan; 05 07-15 named jo-jones; 05 14-22 named k-obi"},
	    {whole, "EARLY: Sam / late shift: Kim", "05 07-15 named s-khan; 05 14-22 named k-obi"},
	    {whole, "AMHP E: Sam; L - Kim; N: Jo",
		"05 07-15 named s-khan; 05 14-22 named k-obi; 05 21-08 named jo-jones"},
	    {whole, "Early: Sam / Late: TBC", "05 07-15 named s-khan; 05 14-22 undecided"},
	    {whole, "Early: Sam / Late:", "05 07-15 named s-khan; 05 14-22 undecided"},
	    {whole, "Early: Sam / Late: no cover", "05 07-15 named s-khan; 05 14-22 nobody"},
	    /* One code: of a whole day it gives the hours, of an event with times it says nothing.
	     */
	    {whole, "Late: Kim", "05 14-22 named k-obi"},
	    {"DTSTART:20260105T130000\r\nDTEND:20260105T220000\r\nSUMMARY:", "Late: Kim",
		"05 13-22 named k-obi"},
	    {"DTSTART;VALUE=DATE:20260105\r\nDTEND;VALUE=DATE:20260107\r\nSUMMARY:", "N: Kim",
		"05 21-08 named k-obi; 06 21-08 named k-obi"},
	    /* Before a colon LD is the shift, though somebody has these initials. */
	    {whole, "LD: Jo", "05 07-20 named jo-jones"},
	    /* A shift that begins within the event ends with it, though most of it is after it. */
	    {"DTSTART:20260105T070000\r\nDTEND:20260105T230000\r\nSUMMARY:", "E: Sam / N: Kim",
		"05 07-15 named s-khan; 05 15-21 undecided; 05 21-23 named k-obi"},
	    {"DTSTART:20260105T070000\r\nDTEND:20260106T080000\r\nSUMMARY:",
		"E: Sam / L: Kim / N: Jo",
		"05 07-15 named s-khan; 05 14-22 named k-obi; 05 21-08 named jo-jones"},
	    /* The early shift is that of the day after. */
	    {"DTSTART:20260105T160000\r\nDTEND:20260106T150000\r\nSUMMARY:", "N: Kim / E: Sam",
		"05 16-21 undecided; 05 21-08 named k-obi; 06 07-15 named s-khan"},
	    /* Text that no code explains stays open. */
	    {"DTSTART:20260105T070000\r\nDTEND:20260106T000000\r\nSUMMARY:", "E: Sam / L: Kim",
		"05 07-15 named s-khan; 05 14-22 named k-obi; 05 22-00 undecided"},
	    /* Times that do not fit: from midnight to midnight two nights could be meant. */
	    {"DTSTART:20260105T090000\r\nDTEND:20260105T170000\r\nSUMMARY:", "E: Sam / L: Kim",
		"05 09-17 undecided"},
	    /* No division, so nobody counts: a doubt before it, an absence among the codes. */
	    {whole, "TBC: Early: Sam / Late: Kim",
		"05 00-00 tentative s-khan; 05 00-00 tentative k-obi"},
	    {whole, "Early: Sam / Nights: Kim",
		"05 00-00 tentative s-khan; 05 00-00 tentative k-obi"},
	    {whole, "Early: Sam nights / Late: Kim",
		"05 00-00 tentative s-khan; 05 00-00 tentative k-obi"},
	    {whole, "Early: Sam / Zog: Kim", "05 00-00 tentative s-khan; 05 00-00 tentative k-obi"},
	    {whole, "Jo / Early: Sam", "05 00-00 tentative jo-jones; 05 00-00 tentative s-khan"},
	    {whole, "Early: Sam / AL: Kim", "05 00-00 tentative s-khan; 05 00-00 tentative k-obi"},
	    {whole, "Early: Sam / Late Kim", "05 00-00 tentative s-khan; 05 00-00 tentative k-obi"},
	    {whole, "AMHP? Early: Sam / Late: Kim",
		"05 00-00 tentative s-khan; 05 00-00 tentative k-obi"},
	    /* Between two codes there is a mark or "then", which belongs to neither. */
	    {whole, "Early: Sam then Late: Kim", "05 07-15 named s-khan; 05 14-22 named k-obi"},
	    {whole, "Early: Sam, then Late: Kim", "05 07-15 named s-khan; 05 14-22 named k-obi"},
	    /* Nothing divides them: "Sam Late" could be a name. */
	    {whole, "Early: Sam Late: Kim", "05 00-00 tentative s-khan; 05 00-00 tentative k-obi"},
	};
	struct reading_options options = support_options();

	(void)state;
	options.people = people;
	options.npeople = sizeof people / sizeof *people;
	options.shift_codes = codes;
	options.nshift_codes = sizeof codes / sizeof *codes;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_event(
		    arena, &options, arena_printf(arena, "%s%s", cases[i].when, cases[i].title));
		const char *got = "";

		for (size_t j = 0; j < reading.noccurrences; j++) {
			const struct reading_occurrence *o = &reading.occurrences[j];
			struct civil from = civil_of(o->start);
			struct civil to = civil_of(o->end);

			got =
			    arena_printf(arena, "%s%s%02d %02d-%02d %s%s%s", got, j > 0 ? "; " : "",
				from.day, from.hour, to.hour, reading_class_name(o->class),
				o->person != NULL ? " " : "", o->person != NULL ? o->person : "");
		}
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s%s\ngives %s\nwants %s", cases[i].when, cases[i].title, got,
			    cases[i].want);
		arena_free(arena);
	}
}

/* "start-end class person" of each. */
static const char *
classes(struct arena *arena, const struct reading *reading)
{
	struct buf buf = {0};
	const char *list;

	for (size_t i = 0; i < reading->noccurrences; i++) {
		const struct reading_occurrence *o = &reading->occurrences[i];
		const struct zone *london = zonedb_find(support_zones(), "Europe/London");
		int64_t start = zone_local(london, o->start);
		int64_t end = zone_local(london, o->end);

		buf_printf(&buf, "%s%02d-%02d %s%s%s", i > 0 ? "; " : "", (int)(start / 3600 % 24),
		    (int)(end / 3600 % 24), reading_class_name(o->class),
		    o->person != NULL ? " " : "", o->person != NULL ? o->person : "");
	}
	list = arena_strndup(arena, buf.at != NULL ? buf.at : "", buf.len);
	buf_free(&buf);
	return list;
}

static void
times_in_titles_divide_the_event(void **state)
{
	static const struct {
		const char *times, *summary, *want;
	} cases[] = {
	    {"DTSTART" LONDON "20260701T170000\r\nDTEND" LONDON "20260702T090000",
		"Dr Smith 17–21\\, Dr Patel 21–09", "17-21 named a-smith; 21-09 named p-patel"},
	    {"DTSTART" LONDON "20260701T170000\r\nDTEND" LONDON "20260702T090000",
		"Dr Smith until 22.00 then NO COVER", "17-22 named a-smith; 22-09 nobody"},
	    {"DTSTART" LONDON "20260701T200000\r\nDTEND" LONDON "20260702T080000",
		"No AMHP cover 00:00–08:00 – use EDT", "20-00 undecided; 00-08 nobody"},
	    {"DTSTART;VALUE=DATE:20260701", "J Jones 09:00-17:00", "09-17 named jo-jones"},
	    {"DTSTART" LONDON "20260701T090000\r\nDTEND" LONDON "20260701T170000",
		"J Jones 09:00-17:00", "09-17 named jo-jones"},
	    {"DTSTART" LONDON "20260701T090000\r\nDTEND" LONDON "20260701T170000",
		"J Jones 08:00-20:00", "09-17 named jo-jones"},
	    {"DTSTART" LONDON "20260701T090000\r\nDTEND" LONDON "20260701T170000",
		"J Jones from 12:00", "09-12 undecided; 12-17 named jo-jones"},
	    /* The title and the event contradict each other. */
	    {"DTSTART" LONDON "20260701T090000\r\nDTEND" LONDON "20260701T170000",
		"J Jones 18:00-20:00", "09-17 undecided"},
	    {"DTSTART" LONDON "20260701T090000\r\nDTEND" LONDON "20260701T210000",
		"J Jones 20:00-08:00", "09-21 undecided"},
	    {"DTSTART" LONDON "20260701T090000\r\nDTEND" LONDON "20260701T210000",
		"J Jones 07:00-13:00", "09-21 undecided"},
	    {"DTSTART;VALUE=DATE:20260701", "J Jones 20:00-08:00", "00-00 undecided"},
	    {"DTSTART" LONDON "20260701T090000\r\nDTEND" LONDON "20260701T210000",
		"J Jones 08:30-13:00", "09-13 named jo-jones; 13-21 undecided"},
	    {"DTSTART" LONDON "20260701T090000\r\nDTEND" LONDON "20260708T090000",
		"J Jones 18:00-20:00", "09-09 undecided"},
	    /* Over the clock change by the wall clock. */
	    {"DTSTART" LONDON "20261024T200000\r\nDTEND" LONDON "20261025T080000",
		"J Jones 20-02\\, K Lee 02-08", "20-02 named jo-jones; 02-08 named kay-lee"},
	};
	struct reading_options options = support_options();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_event(arena, &options,
		    arena_printf(arena, "%s\r\nSUMMARY:%s", cases[i].times, cases[i].summary));

		if (strcmp(classes(arena, &reading), cases[i].want) != 0)
			fail_msg("%s: %s", cases[i].summary, classes(arena, &reading));
		arena_free(arena);
	}
}

static void
an_event_with_two_titles_counts_for_nobody(void **state)
{
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct reading reading;

	(void)state;
	reading = support_event(arena, &options,
	    "DTSTART:20260701T080000Z\r\nDTEND:20260701T200000Z\r\nSUMMARY:J Jones\r\n"
	    "SUMMARY:S Ahmed");
	assert_int_equal(reading.noccurrences, 1);
	assert_int_equal(reading.counts[READING_NAMED], 0);
	assert_true(support_finding(&reading, "a", "two titles"));
	reading = support_event(arena, &options,
	    "DTSTART:20260701T080000Z\r\nDTEND:20260701T200000Z\r\nSUMMARY:J Jones\r\n"
	    "SUMMARY:J Jones");
	assert_int_equal(reading.counts[READING_NAMED], 1);
	assert_false(support_finding(&reading, "a", "two titles"));
	arena_free(arena);
}

/* Until when the shift is confirmed is not known; who is away is away until the end that programs read. */
static void
an_event_with_two_ends_counts_for_nobody(void **state)
{
	static const struct {
		const char *lines;
		enum reading_class class;
		bool found;
	} cases[] = {
	    {"DURATION:PT4H\r\nSUMMARY:J Jones", READING_TENTATIVE, true},
	    {"DURATION:PT12H\r\nSUMMARY:J Jones", READING_NAMED, false},
	    {"DURATION:PT4H\r\nSUMMARY:J Jones A/L", READING_ABSENCE, true},
	};
	struct reading_options options = support_options();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = support_event(arena, &options,
		    arena_printf(arena, "DTSTART:20260701T080000Z\r\nDTEND:20260701T200000Z\r\n%s",
			cases[i].lines));

		assert_int_equal(reading.noccurrences, 1);
		assert_int_equal(reading.counts[cases[i].class], 1);
		assert_int_equal(
		    support_finding(&reading, "a", "an end and a duration"), cases[i].found);
		arena_free(arena);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_event_with_two_ends_counts_for_nobody),
	    cmocka_unit_test(shift_codes_divide_a_title),
	    cmocka_unit_test(times_in_titles_divide_the_event),
	    cmocka_unit_test(an_event_with_two_titles_counts_for_nobody),
	};

	reading_prepare();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
