/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/titles/title.h"
#include "server/base/civil.h"
#include "tests/unit/calendars/support.h"

/*
 * A title counts only on events that are when it says: its days, the part of the day that its shift
 * is, and hours that may be in the morning or in the evening.
 */

#define DAY 86400
#define HOUR 3600

struct on {
	const char *title, *day; /* the event begins on that day */
	int from, hours;
	enum fault fault;
};

static const struct reading_person people[] = {
    {"j-jones", "Jan Jones", NULL}, {"s-ahmed", "Sana Ahmed", NULL}};

static const char *
fault_name(enum fault fault)
{
	switch (fault) {
	case FAULT_NONE:
		return "fits";
	case FAULT_OTHER_DAY:
		return "another day";
	case FAULT_OTHER_SHIFT:
		return "another shift";
	case FAULT_SHORTER_SHIFT:
		return "a shorter shift";
	default:
		return "other times";
	}
}

static void
try_all(const struct on *tries, size_t count)
{
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct titles titles;
	unsigned wrong = 0;

	options.people = people;
	options.npeople = sizeof people / sizeof *people;
	titles_init(&titles, arena, &options);
	for (size_t i = 0; i < count; i++) {
		const struct title *title = title_read(&titles, tries[i].title);
		enum fault fault;
		int64_t day;

		assert_true(civil_parse_day(slice_of(tries[i].day), &day));
		day = day * DAY + (int64_t)tries[i].from * HOUR;
		fault = title_when_fault(&title->when, day, day + (int64_t)tries[i].hours * HOUR);
		if (fault == tries[i].fault)
			continue;
		print_message("%s, from %d for %d hours: \"%s\" %s, not %s\n", tries[i].day,
		    tries[i].from, tries[i].hours, tries[i].title, fault_name(fault),
		    fault_name(tries[i].fault));
		wrong++;
	}
	assert_int_equal(wrong, 0);
	arena_free(arena);
}

#define TRY(tries) try_all((tries), sizeof(tries) / sizeof *(tries))
/* 26 December 2026 is a Saturday. */
#define ON(title, fault)                                                                           \
	{                                                                                          \
		title, "2026-12-26", 9, 12, fault                                                  \
	}
#define NO FAULT_OTHER_DAY
#define OK FAULT_NONE

/* "2025 rota" is the name of a sheet that was copied from, and no day of the shift. */
static void
a_year_in_the_title_is_the_events(void **state)
{
	static const struct on tries[] = {
	    ON("J Jones 2026 rota", OK),
	    ON("J Jones 2025 rota", NO),
	    ON("AMHP rota 2027: J Jones", NO),
	    ON("2025 rota: J Jones", NO),
	    /* of several it is of either */
	    ON("J Jones rota 2025 and rota 2026", OK),
	    ON("J Jones rota 2026 and rota 2025", OK),
	    ON("J Jones rota 2027 and rota 2028", NO),
	    /* no year that a rota is of yet */
	    ON("J Jones rota 2051", OK),
	    /* the year narrows a day, and does not take its place */
	    ON("J Jones 26 Dec - 2026 rota", OK),
	    ON("J Jones 25 Dec - 2026 rota", NO),
	    ON("J Jones 26 Dec - rota 2025", NO),
	    ON("J Jones Saturday, rota 2025", NO),
	    ON("J Jones wk 1 2027", OK), /* a week's number has its own year */
	    ON("J Jones bleep 2024", OK),
	    ON("J Jones bleep: 2024", OK),
	    {"J Jones night 2030", "2026-12-26", 20, 12, OK},
	    /* a night over New Year is of either year */
	    {"J Jones 2027 rota", "2026-12-31", 21, 12, OK},
	    {"J Jones 2026 rota", "2026-12-31", 21, 12, OK},
	    {"J Jones 2025 rota", "2026-12-31", 21, 12, NO},
	};

	(void)state;
	TRY(tries);
}

static void
a_day_in_the_title_is_the_events(void **state)
{
	static const struct on tries[] = {
	    ON("J Jones", OK),
	    ON("J Jones 24th", NO),
	    ON("J Jones 26th", OK),
	    ON("J Jones the 26th", OK),
	    ON("J Jones 5th/26th", OK),
	    ON("J Jones 24th-26th", OK),
	    ON("J Jones 24th to 27th", OK),
	    ON("J Jones 20th-24th", NO),
	    ON("J Jones 20th & 24th", NO),
	    ON("J Jones 1st", OK), /* a place in a row */
	    ON("2nd: J Jones", OK),
	    ON("2nd on call J Jones", OK),
	    ON("J Jones 1st Dec", NO),
	    ON("J Jones 1st-3rd Jan", NO),
	    ON("J Jones 24 Dec", NO),
	    ON("J Jones 26 Dec", OK),
	    ON("J Jones 26th of December", OK),
	    ON("J Jones 26 Dec 2026", OK),
	    ON("J Jones 26 Dec 2025", NO),
	    ON("J Jones 26 Nov", NO),
	    ON("J Jones 24/25 Dec", NO),
	    ON("J Jones 24/26 Dec", OK),
	    ON("J Jones 24-28 Dec", OK),
	    ON("J Jones 7-13 Dec", NO),
	    ON("J Jones 24 Dec - 2 Jan", OK),
	    ON("J Jones 28th-2nd Jan", NO),
	    ON("J Jones 26th-2nd Jan", OK),
	    ON("J Jones 28th-2nd Dec", NO),
	    ON("J Jones 27 Dec - 2 Jan", NO),
	    ON("J Jones 26 Nov - 2 Dec", NO),
	    ON("J Jones Fri 25 - Mon 28 Dec", OK),
	    ON("J Jones Fri 25th to Mon 28th December", OK),
	    ON("J Jones Fri 1st - Sun 3rd Jan", NO),
	    ON("J Jones Sun 27 - Mon 28 Dec", NO),
	    ON("J Jones Sat 26/Sun 27 Dec", OK),
	    ON("J Jones first week of Feb", NO),
	    ON("J Jones last week of Dec", OK),
	    ON("J Jones week of 21 Dec", OK),
	    ON("J Jones Fri 25/Sun 27 Dec", NO),
	    ON("J Jones 30th - 2nd Jan", NO),
	    ON("J Jones 24th Dec - 2nd Jan", OK),
	    ON("Sat 1st J Jones, 2nd S Ahmed", OK),
	    ON("Dec 26 J Jones", OK),
	    ON("Dec 24th J Jones", NO),
	    ON("December: J Jones", OK),
	    ON("November: J Jones", NO),
	    ON("Nov - Jan: J Jones", OK),
	    ON("Dec 2026 J Jones", OK),
	    ON("Dec 2025 J Jones", NO),
	    ON("26/12 J Jones", OK),
	    ON("24/12 J Jones", NO),
	    ON("26/12/2026 J Jones", OK),
	    ON("26.12.26 J Jones", OK),
	    ON("J Jones 2nd", NO),
	    ON("2nd: J Jones", OK),
	    ON("J Jones (2nd)", OK),
	    ON("J Jones on 2nd", NO),
	    ON("J Jones on the 3rd", NO),
	    ON("J Jones on the 26th", OK),
	    ON("J Jones 2nd on", OK),
	    ON("1st J Jones, 2nd S Ahmed", OK),
	    ON("26/12/25 J Jones", NO),
	    ON("2026-12-26 J Jones", OK),
	    ON("2026-12-24 J Jones", NO),
	    ON("24/12-28/12 J Jones", OK),
	    ON("24/12 - 25/12 J Jones", NO),
	    ON("30/12-2/1/27 J Jones", NO),
	    ON("20/12-2/1/2027 J Jones", OK),
	    ON("28/12-20/12 J Jones", NO),
	    ON("Boxing Day: J Jones", OK),
	    ON("Christmas Day: J Jones", NO),
	    ON("Xmas on call J Jones", OK),
	    ON("NYE J Jones", NO),
	    ON("New Year's: J Jones", NO),
	    ON("Festive rota: J Jones", OK),
	    {"Festive rota: J Jones", "2026-11-26", 9, 12, NO},
	    ON("New Year's Day J Jones", NO),
	    ON("Easter on call J Jones", NO),
	    ON("Bank Holiday - J Jones", OK),
	};
	(void)state;
	TRY(tries);
}

static void
a_weekday_in_the_title_is_the_events(void **state)
{
	static const struct on tries[] = {
	    ON("Sat J Jones", OK),
	    ON("J Jones (Saturday)", OK),
	    ON("Mon J Jones", NO),
	    ON("J Jones Sundays", NO),
	    ON("Sat/Sun J Jones", OK),
	    ON("Mon-Fri J Jones", NO),
	    ON("Mon to Thurs - J Jones", NO),
	    ON("Fri-Mon J Jones", OK),
	    ON("Mon, Wed, Sat J Jones", OK),
	    ON("Weekend: J Jones", OK),
	    ON("Weekend on call J Jones", OK),
	    ON("W/E J Jones", OK),
	    ON("Weekday J Jones", NO),
	    ON("weekdays J Jones", NO),
	    ON("Sat 26 Dec J Jones", OK),
	    ON("Sat, 26th December - J Jones", OK),
	    ON("Fri 26 Dec J Jones", NO), /* that was in 2025 */
	    ON("Sat 19 Dec J Jones", NO),
	    ON("Fri 25 Dec - Sun 27 Dec J Jones", OK),
	    ON("Fri 25 / Sat 26 Dec J Jones", OK),
	    ON("w/c 21/12 J Jones", OK),
	    ON("W/C Mon 21 Dec: J Jones", OK),
	    /* the week is the name of the sheet */
	    ON("wc 14/12 J Jones", OK),
	    ON("week commencing 28th Dec J Jones", OK),
	    ON("w/e 27/12 J Jones", OK),
	    ON("w/e 20/12 J Jones", OK),
	    ON("week ending Sun 27 Dec J Jones", OK),
	    ON("wk 52 J Jones", OK),
	    ON("J Jones (swap w/ S Ahmed 24/12)", OK),
	    ON("J Jones (swap w/ S Ahmed) 24/12", NO),
	};
	(void)state;
	TRY(tries);
}

static void
the_day_is_one_on_which_the_event_really_is(void **state)
{
	static const struct on tries[] = {
	    /* a night has two days */
	    {"Fri J Jones", "2026-12-25", 21, 12, OK},
	    {"Sat J Jones", "2026-12-25", 21, 12, OK},
	    {"Thu J Jones", "2026-12-25", 21, 12, NO},
	    {"Sun J Jones", "2026-12-25", 21, 12, NO},
	    {"Fri/Sat J Jones", "2026-12-25", 21, 12, OK},
	    /* a day's duty ends on the next one, but is not of it */
	    {"Fri J Jones", "2026-12-25", 9, 24, OK},
	    {"Fri J Jones", "2026-12-25", 9, 25, OK},
	    {"Sun J Jones", "2026-12-25", 9, 25, NO},
	    {"Sat J Jones", "2026-12-25", 9, 24, NO},
	    {"Sat J Jones", "2026-12-26", 0, 24, OK},
	    {"Sun J Jones", "2026-12-26", 0, 24, NO},
	    /* several days: one of them is not all */
	    {"Mon J Jones", "2026-12-21", 0, 120, NO},
	    {"Mon-Fri J Jones", "2026-12-21", 0, 120, OK},
	    {"Mon-Thu J Jones", "2026-12-21", 0, 120, NO},
	    {"w/c 21/12 J Jones", "2026-12-21", 9, 168, OK},
	    {"24th J Jones", "2026-12-21", 9, 168, NO},
	    {"Weekend J Jones", "2026-12-25", 17, 64, OK},
	    {"Dec J Jones", "2026-12-21", 9, 168, OK},
	    {"w/e 2/1 J Jones", "2026-12-28", 9, 12, OK},
	    {"w/c 28/12 J Jones", "2027-01-02", 9, 12, OK},
	    {"29 Feb J Jones", "2028-02-29", 9, 12, OK},
	    {"29 Feb J Jones", "2027-02-28", 9, 12, NO},
	    {"Feb J Jones", "2027-02-28", 9, 12, OK},
	    {"Feb-Mar J Jones", "2027-03-31", 9, 12, OK},
	    {"31st-2nd J Jones", "2027-01-01", 9, 12, OK},
	    {"30th - 5th J Jones", "2027-02-04", 9, 12, OK},
	    {"1/1 J Jones", "2027-01-01", 9, 12, OK},
	    {"4/1 J Jones", "2027-01-01", 9, 12, NO},
	};
	(void)state;
	TRY(tries);
}

static void
a_shift_is_in_its_part_of_the_day(void **state)
{
	static const struct on tries[] = {
	    {"Night: J Jones", "2026-12-26", 21, 12, OK},
	    {"Night: J Jones", "2026-12-26", 17, 16, OK},
	    {"Night: J Jones", "2026-12-26", 0, 8, OK},
	    {"Night: J Jones", "2026-12-26", 9, 12, FAULT_OTHER_SHIFT},
	    {"J Jones nights", "2026-12-26", 9, 8, FAULT_OTHER_SHIFT},
	    {"Overnight J Jones", "2026-12-26", 7, 12, FAULT_OTHER_SHIFT},
	    {"Night: J Jones", "2026-12-26", 9, 24, FAULT_SHORTER_SHIFT},
	    {"Day: J Jones", "2026-12-26", 8, 12, OK},
	    {"N: J Jones", "2026-12-26", 21, 12, OK},
	    {"N: J Jones", "2026-12-26", 9, 12, FAULT_OTHER_SHIFT},
	    {"N2 J Jones", "2026-12-26", 9, 12, FAULT_OTHER_SHIFT},
	    {"E - J Jones", "2026-12-26", 9, 12, FAULT_OTHER_SHIFT},
	    {"E1: J Jones", "2026-12-26", 7, 8, OK},
	    {"D: J Jones", "2026-12-26", 9, 12, OK},
	    {"D: J Jones", "2026-12-26", 21, 12, FAULT_OTHER_SHIFT},
	    {"D1/N1 J Jones", "2026-12-26", 9, 12, OK},
	    {"L1: J Jones", "2026-12-26", 9, 12, OK}, /* a level */
	    {"ND: J Jones", "2026-12-26", 9, 12, FAULT_OTHER_SHIFT},
	    {"J Jones doing nights", "2026-12-26", 9, 12, FAULT_OTHER_SHIFT},
	    {"J Jones doing days", "2026-12-26", 21, 12, FAULT_OTHER_SHIFT},
	    {"Night rota: J Jones", "2026-12-26", 9, 12, FAULT_OTHER_SHIFT},
	    {"Night manager: J Jones", "2026-12-26", 9, 12, FAULT_OTHER_SHIFT},
	    {"Hospital at night: J Jones", "2026-12-26", 9, 12, FAULT_OTHER_SHIFT},
	    {"On call tonight: J Jones", "2026-12-26", 17, 16, OK},
	    {"On call tonight: J Jones", "2026-12-26", 9, 12, FAULT_OTHER_SHIFT},
	    {"Back shift: J Jones", "2026-12-26", 7, 8, FAULT_OTHER_SHIFT},
	    {"All day J Jones", "2026-12-26", 0, 24, OK},
	    {"J Jones 9am", "2026-12-26", 9, 12, OK},
	    {"J Jones (21:00)", "2026-12-26", 9, 12, OK},
	    {"J Jones 24:00", "2026-12-26", 12, 12, OK},
	    {"J Jones 5pm", "2026-12-26", 9, 12, FAULT_TITLE_TIMES},
	    {"AMHP 10:30 J Jones", "2026-12-26", 9, 12, FAULT_TITLE_TIMES},
	    {"J Jones 9am, 9am", "2026-12-26", 9, 12, OK},
	    {"J Jones 9am, 9pm", "2026-12-26", 9, 12, OK},
	    {"J Jones 9am, 5pm", "2026-12-26", 9, 12, FAULT_TITLE_TIMES},
	    {"J Jones 9pm, 9am", "2026-12-26", 9, 12, FAULT_TITLE_TIMES},
	    {"J Jones 9am, 1pm, 9pm", "2026-12-26", 9, 12, FAULT_TITLE_TIMES},
	    {"J Jones 24h", "2026-12-26", 9, 12, OK},
	    {"Short day J Jones", "2026-12-26", 9, 8, OK},
	    {"J Jones short shift", "2026-12-26", 9, 12, FAULT_SHORTER_SHIFT},
	    {"J Jones 12h (8h)", "2026-12-26", 9, 12, FAULT_SHORTER_SHIFT},
	    {"J Jones 8h (12h)", "2026-12-26", 9, 12, FAULT_SHORTER_SHIFT},
	    {"J Jones 12h", "2026-12-26", 9, 12, OK},
	    {"Day J Jones 8h", "2026-12-26", 9, 12, FAULT_SHORTER_SHIFT},
	    {"AM J Jones 12h", "2026-12-26", 5, 9, FAULT_SHORTER_SHIFT},
	    {"Long day J Jones", "2026-12-26", 21, 12, FAULT_OTHER_SHIFT},
	    {"LD J Jones", "2026-12-26", 20, 12, FAULT_OTHER_SHIFT},
	    {"Early: J Jones", "2026-12-26", 7, 8, OK},
	    {"Early: J Jones", "2026-12-26", 14, 8, FAULT_OTHER_SHIFT},
	    {"Late: J Jones", "2026-12-26", 14, 8, OK},
	    {"Late: J Jones", "2026-12-26", 7, 8, FAULT_OTHER_SHIFT},
	    {"Late: J Jones", "2026-12-26", 9, 12, FAULT_OTHER_SHIFT},
	    {"Late: J Jones", "2026-12-26", 11, 8, OK},
	    {"Early: J Jones", "2026-12-26", 9, 12, FAULT_OTHER_SHIFT},
	    {"AM: J Jones", "2026-12-26", 9, 4, OK},
	    {"AM: J Jones", "2026-12-26", 13, 4, FAULT_OTHER_SHIFT},
	    {"J Jones (a.m.)", "2026-12-26", 9, 4, OK},
	    {"J Jones (a.m.)", "2026-12-26", 9, 12, FAULT_SHORTER_SHIFT},
	    {"p.m. - J Jones", "2026-12-26", 9, 4, FAULT_OTHER_SHIFT},
	    {"J Jones L.D.", "2026-12-26", 20, 12, FAULT_OTHER_SHIFT},
	    {"PM: J Jones", "2026-12-26", 13, 4, OK},
	    {"PM: J Jones", "2026-12-26", 9, 4, FAULT_OTHER_SHIFT},
	    {"PM: J Jones", "2026-12-26", 9, 12, FAULT_SHORTER_SHIFT},
	    {"Twilight: J Jones", "2026-12-26", 16, 8, OK},
	    {"Twilight: J Jones", "2026-12-26", 9, 12, FAULT_OTHER_SHIFT},
	    {"Day/Night: J Jones", "2026-12-26", 9, 24, OK},
	    {"Full shift J Jones", "2026-12-26", 9, 12, OK},
	};
	(void)state;
	TRY(tries);
}

static void
hours_without_am_and_pm_are_the_events(void **state)
{
	static const struct on tries[] = {
	    {"J Jones 9-9", "2026-12-26", 9, 12, OK},
	    {"J Jones 9-9", "2026-12-26", 21, 12, OK},
	    {"J Jones 9-9", "2026-12-26", 9, 24, FAULT_TITLE_TIMES},
	    {"J Jones 9-9", "2026-12-26", 8, 12, FAULT_TITLE_TIMES},
	    {"J Jones 8-4", "2026-12-26", 8, 8, OK},
	    {"J Jones 8-4", "2026-12-26", 8, 12, FAULT_TITLE_TIMES},
	    {"J Jones 5-9", "2026-12-26", 17, 16, FAULT_TITLE_TIMES},
	    {"9-21 J Jones", "2026-12-26", 9, 12, OK},
	    {"J Jones 9-9 / S Ahmed 9-9", "2026-12-26", 9, 12, OK},
	    /* of one or of both: no difference on an event of these hours */
	    {"J Jones, S Ahmed 09:00-21:00", "2026-12-26", 9, 12, OK},
	    {"J Jones, S Ahmed 09:00-21:00", "2026-12-26", 9, 24, FAULT_TITLE_TIMES},
	    {"J Jones, S Ahmed 09:00-21:00", "2026-12-26", 21, 12, FAULT_TITLE_TIMES},
	    {"J Jones, S Ahmed 21:00-09:00", "2026-12-26", 21, 12, OK},
	    {"24/7 J Jones", "2026-12-26", 9, 12, OK},
	};
	(void)state;
	TRY(tries);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_year_in_the_title_is_the_events),
	    cmocka_unit_test(a_day_in_the_title_is_the_events),
	    cmocka_unit_test(a_weekday_in_the_title_is_the_events),
	    cmocka_unit_test(the_day_is_one_on_which_the_event_really_is),
	    cmocka_unit_test(a_shift_is_in_its_part_of_the_day),
	    cmocka_unit_test(hours_without_am_and_pm_are_the_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
