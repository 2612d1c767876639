/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/calendars/support.h"

/*
 * How calendars spell a time zone, against the nights on which England's clocks change. A night
 * shift from 20:00 to 08:00 before each must begin and end at the right instants, or be unreadable
 * with a remedy: never an hour out.
 */
enum kind {
	LONDON,   /* 20:00 and 08:00 as London's clocks show them */
	UTC,      /* the same in UTC */
	BERLIN,   /* an hour before London, changing with it */
	DUBLIN,   /* as London */
	NEW_YORK, /* it changes on other nights */
	UNKNOWN,  /* unreadable */
};

#define RULES                                                                                      \
	"BEGIN:STANDARD\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\n"  \
	"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\n"            \
	"DTSTART:16010101T010000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\n"                    \
	"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\n"
#define ZONE(name) "BEGIN:VTIMEZONE\r\nTZID:" name "\r\n" RULES "END:VTIMEZONE\r\n"
#define FLAT(name)                                                                                 \
	"BEGIN:VTIMEZONE\r\nTZID:" name "\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\n"        \
	"TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"

static const struct {
	const char *head;      /* lines of the calendar before its event */
	const char *parameter; /* of DTSTART and DTEND */
	const char *suffix;    /* after their value */
	enum kind kind;
} spellings[] = {
    {"", ";TZID=Europe/London", "", LONDON},
    {"", ";TZID=\"Europe/London\"", "", LONDON},
    {"", ";TZID=europe/london", "", LONDON},
    {"", ";TZID= Europe/London ", "", LONDON},
    {"", ";TZID=/mozilla.org/20050126_1/Europe/London", "", LONDON},
    {"", ";TZID=/freeassociation.sourceforge.net/Europe/London", "", LONDON},
    {"", ";TZID=/citadel.org/20210210_1/Europe/London", "", LONDON},
    {"", ";TZID=GB", "", LONDON},
    {"", ";TZID=GB-Eire", "", LONDON},
    {"", ";TZID=Europe/Belfast", "", LONDON},
    {"", ";TZID=Europe/Jersey", "", LONDON},
    {"", ";TZID=GMT Standard Time", "", LONDON},
    {"", ";TZID=\"GMT Standard Time\"", "", LONDON},
    {"", ";TZID=Europe/Dublin", "", DUBLIN},
    {"", ";TZID=Eire", "", DUBLIN},
    {"", ";TZID=W. Europe Standard Time", "", BERLIN},
    {"", ";TZID=Romance Standard Time", "", BERLIN},
    {"", ";TZID=Europe/Paris", "", BERLIN},
    {"", ";TZID=Europe/Berlin", "", BERLIN},
    {"", ";TZID=Eastern Standard Time", "", NEW_YORK},
    {"", ";TZID=America/New_York", "", NEW_YORK},
    {"", ";TZID=US/Eastern", "", NEW_YORK},
    {"", ";TZID=UTC", "", UTC},
    {"", ";TZID=Etc/UTC", "", UTC},
    {"", ";TZID=Etc/GMT", "", UTC},
    {"", "", "Z", UTC},
    {"", ";TZID=Europe/London", "Z", UTC},
    {"", "", "", LONDON},
    {"X-WR-TIMEZONE:Europe/London\r\n", "", "", LONDON},
    {"X-WR-TIMEZONE:America/New_York\r\n", "", "", NEW_YORK},
    {"X-WR-TIMEZONE:Nowhere/Known\r\n", "", "", LONDON},
    {ZONE("Rota Time"), ";TZID=Rota Time", "", LONDON},
    {ZONE("Customized Time Zone"), ";TZID=Customized Time Zone", "", LONDON},
    {ZONE("tzone://Microsoft/Custom"), ";TZID=\"tzone://Microsoft/Custom\"", "", LONDON},
    {ZONE("(UTC+00:00) Dublin\\, Edinburgh\\, Lisbon\\, London"),
	";TZID=\"(UTC+00:00) Dublin, Edinburgh, Lisbon, London\"", "", LONDON},
    {FLAT("Europe/London"), ";TZID=Europe/London", "", LONDON}, /* lies: the world's rules win */
    {FLAT("Summer Never"), ";TZID=Summer Never", "", UTC},
    {"", ";TZID=Customized Time Zone", "", UNKNOWN},
    {"", ";TZID=\"tzone://Microsoft/Custom\"", "", UNKNOWN},
    {"", ";TZID=Western/Central Europe", "", UNKNOWN},
    {"", ";TZID=London", "", UNKNOWN},
    {"", ";TZID=BST Time", "", UNKNOWN},
    {"", ";TZID=../Europe/London", "", UNKNOWN},
    {"", ";TZID=1", "", UNKNOWN},
    {"BEGIN:VTIMEZONE\r\nTZID:Hollow\r\nEND:VTIMEZONE\r\n", ";TZID=Hollow", "", UNKNOWN},
};

/* The evening before the clocks change, the morning after, and the instants by kind. */
static const struct {
	const char *evening, *morning;
	const char *instants[UNKNOWN];
} nights[] = {
    {"20260328", "20260329",
	{"20260328T200000Z-20260329T070000Z a", "20260328T200000Z-20260329T080000Z a",
	    "20260328T190000Z-20260329T060000Z a", "20260328T200000Z-20260329T070000Z a",
	    "20260329T000000Z-20260329T120000Z a"}},
    {"20261024", "20261025",
	{"20261024T190000Z-20261025T080000Z a", "20261024T200000Z-20261025T080000Z a",
	    "20261024T180000Z-20261025T070000Z a", "20261024T190000Z-20261025T080000Z a",
	    "20261025T000000Z-20261025T120000Z a"}},
    {"20270327", "20270328",
	{"20270327T200000Z-20270328T070000Z a", "20270327T200000Z-20270328T080000Z a",
	    "20270327T190000Z-20270328T060000Z a", "20270327T200000Z-20270328T070000Z a",
	    "20270328T000000Z-20270328T120000Z a"}},
    {"20271030", "20271031",
	{"20271030T190000Z-20271031T080000Z a", "20271030T200000Z-20271031T080000Z a",
	    "20271030T180000Z-20271031T070000Z a", "20271030T190000Z-20271031T080000Z a",
	    "20271031T000000Z-20271031T120000Z a"}},
};

static void
try_night(size_t s, size_t n, const char *repeats)
{
	struct arena *arena = arena_new(0);
	struct reading_options options = support_options();
	struct reading reading;
	const char *list;

	/* New York is four hours behind in summer and five in winter; the list holds summer's. */
	options.from = support_instant("20260301T000000Z");
	options.until = support_instant("20280101T000000Z");
	reading = support_read(arena, &options,
	    arena_printf(arena,
		"BEGIN:VCALENDAR\r\n"
		"VERSION:2.0\r\n"
		"%sBEGIN:VEVENT\r\n"
		"UID:a\r\n"
		"DTSTART%s:%sT200000%s\r\n"
		"DTEND%s:%sT080000%s\r\n"
		"%sSUMMARY:J Jones\r\n"
		"END:VEVENT\r\n"
		"END:VCALENDAR\r\n",
		spellings[s].head, spellings[s].parameter, nights[n].evening, spellings[s].suffix,
		spellings[s].parameter, nights[n].morning, spellings[s].suffix, repeats));
	list = support_list(arena, &reading);
	if (spellings[s].kind == UNKNOWN) {
		if (*list != '\0' || reading.nfindings == 0 ||
		    reading.findings[0].level != FINDING_UNREADABLE ||
		    strlen(reading.findings[0].remedy) < 10)
			fail_msg("%s on %s: %s", spellings[s].parameter, nights[n].evening, list);
	} else if (strcmp(list, nights[n].instants[spellings[s].kind]) != 0) {
		fail_msg("%s%s on %s: %s", spellings[s].head, spellings[s].parameter,
		    nights[n].evening, list);
	}
	arena_free(arena);
}

/* holds: H03.1 H03.2 */
static void
every_spelling_on_every_night(void **state)
{
	(void)state;
	for (size_t s = 0; s < sizeof spellings / sizeof *spellings; s++) {
		for (size_t n = 0; n < sizeof nights / sizeof *nights; n++)
			try_night(s, n, "");
	}
}

/* The same night as the only instance of a rule that is left. */
/* holds: H03.1 H03.2 */
static void
every_spelling_by_a_rule(void **state)
{
	(void)state;
	for (size_t s = 0; s < sizeof spellings / sizeof *spellings; s++) {
		for (size_t n = 0; n < sizeof nights / sizeof *nights; n++)
			try_night(s, n, "RRULE:FREQ=DAILY;COUNT=1\r\n");
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_spelling_on_every_night),
	    cmocka_unit_test(every_spelling_by_a_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
