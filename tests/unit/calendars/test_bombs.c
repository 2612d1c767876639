/* SPDX-License-Identifier: MIT */
/*
 * Every known input that makes a reader of calendars work without end. Here each ends within the
 * processor time that a child is given, in bounded memory, with a finding that says what is wrong.
 * A child that exceeds these is ended by its limits (test_sandbox, test_reader).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <cmocka.h>

#include "server/base/sandbox.h"
#include "tests/unit/calendars/support.h"

/* The limits of a child. */
#define CPU_MS_MAX (SANDBOX_SANITIZED ? 6000 : 2000)
#define ARENA_MAX ((size_t)192 << 20) /* as the child's */

static int64_t
cpu_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads ${text} as a child would. */
static struct reading
set_off(
    const char *name, struct arena *arena, const struct reading_options *options, struct slice text)
{
	const struct reading_tools tools = {support_zones()};
	struct reading reading;
	int64_t began = cpu_ms();
	int64_t took;

	reading_make(&tools, options, text, arena, &reading);
	took = cpu_ms() - began;
	print_message("  %-24s %6.1f MB %5lld ms, %zu occurrences, %zu findings%s\n", name,
	    (double)text.len / 1e6, (long long)took, reading.noccurrences, reading.nfindings,
	    reading.refused ? ", refused" : "");
	if (took > CPU_MS_MAX)
		fail_msg("%s took %lld ms of processor time", name, (long long)took);
	return reading;
}

/* ${text} so many times; a # in it is the number of the time. */
static void
add_many(struct buf *buf, const char *text, unsigned times)
{
	const char *number = strchr(text, '#');

	for (unsigned i = 0; i < times; i++) {
		if (number == NULL)
			buf_add_text(buf, text);
		else
			buf_printf(buf, "%.*s%u%s", (int)(number - text), text, i, number + 1);
	}
}

#define HEAD "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
#define TAIL "END:VCALENDAR\r\n"
#define EVENT(rest)                                                                                \
	"BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260105T090000Z\r\nDTEND:20260105T100000Z\r\nSUMMARY:"  \
	"J "                                                                                       \
	"Jones\r\n" rest "END:VEVENT\r\n"
#define RULE(rule) EVENT("RRULE:" rule "\r\n")

/* ${times} of ${body} between head and tail; must be refused or named unreadable with ${why}. */
struct bomb {
	const char *name, *first, *body, *last;
	unsigned times;
	const char *why; /* NULL: it may be read, in time */
};

#define ZONE "BEGIN:VTIMEZONE\r\nTZID:Q\r\nEND:VTIMEZONE\r\n"
#define ZONES_10 ZONE ZONE ZONE ZONE ZONE ZONE ZONE ZONE ZONE ZONE
#define ZONES_100                                                                                  \
	ZONES_10 ZONES_10 ZONES_10 ZONES_10 ZONES_10 ZONES_10 ZONES_10 ZONES_10 ZONES_10 ZONES_10

static const struct bomb bombs[] = {
    {"secondly", HEAD, RULE("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"), TAIL, 1, "finer than daily"},
    {"minutely", HEAD, RULE("FREQ=MINUTELY;BYYEARDAY=-1"), TAIL, 1, "finer than daily"},
    {"hourly", HEAD, RULE("FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30"), TAIL, 1, "finer than daily"},
    {"daily, never", HEAD, RULE("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31"), TAIL, 1, NULL},
    {"yearly, never", HEAD,
	"BEGIN:VEVENT\r\nUID:#\r\nDTSTART:20260105T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=YEARLY;"
	"BYMONTH=2;BYMONTHDAY=30\r\nEND:VEVENT\r\n",
	TAIL, 2000, NULL},
    {"daily since the year 1", HEAD,
	"BEGIN:VEVENT\r\nUID:#\r\nDTSTART:00010101T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY\r\n"
	"SUMMARY:J Jones\r\nEND:VEVENT\r\n",
	TAIL, 20000, "UTC"},
    {"30 February since year 1", HEAD,
	"BEGIN:VEVENT\r\nUID:#\r\nDTSTART:00010101T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;"
	"BYMONTHDAY=30;BYMONTH=2\r\nSUMMARY:J Jones\r\nEND:VEVENT\r\n",
	TAIL, 40000, "too much memory"},
    {"every second of a day", HEAD,
	RULE("FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11;BYMINUTE=0,1,2,3,4,5,6,7,8,9,10,11,12,13,"
	     "14,"
	     "15,16,17,18,19,20,21,22,23,24,25,26,27,28,29;BYSECOND=0,1,2,3,4,5,6,7,8,9"),
	TAIL, 1, "more than 24 times a day"},
    {"one line of 9 MB", HEAD "X-LONG:", "xxxxxxxxxx", "\r\n" TAIL, 900000, NULL},
    {"a summary of 9 MB", HEAD "BEGIN:VEVENT\r\nSUMMARY:", "xxxxxxxxxx", "\r\nEND:VEVENT\r\n" TAIL,
	900000, "longer than 64 KB"},
    {"a folded line of 9 MB", HEAD "BEGIN:VEVENT\r\nSUMMARY:", "xxxxxxx\r\n ",
	"\r\nEND:VEVENT\r\n" TAIL, 900000, "longer than 64 KB"},
    {"a line of 20 MB", HEAD "X-LONG:", "xxxxxxxxxx", "\r\n" TAIL, 2000000, "larger than"},
    {"200,000 exdates",
	HEAD "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260105T090000Z\r\nEXDATE:20260105T090000Z",
	",20260106T090000Z", "\r\nEND:VEVENT\r\n" TAIL, 200000, "on line"},
    {"100,000 events", HEAD, EVENT(""), TAIL, 100000, "more than"},
    {"50,000 events of one UID", HEAD, EVENT(""), TAIL, 50000, NULL},
    {"200,000 bad lines", HEAD, "nonsense\r\n", TAIL, 200000, "cannot be read as lines"},
    {"500,000 nested parts", HEAD, "BEGIN:VEVENT\r\n", TAIL, 500000, "deep"},
    {"150,000 parameters", HEAD "BEGIN:VEVENT\r\nSUMMARY", ";A=b", ":x\r\nEND:VEVENT\r\n" TAIL,
	150000, "on line"},
    {"50,000 rules", HEAD "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260105T090000Z\r\n",
	"RRULE:FREQ=DAILY\r\n", "END:VEVENT\r\n" TAIL, 50000, "rules for how it repeats"},
    {"50,000 zones", HEAD, "BEGIN:VTIMEZONE\r\nTZID:X\r\nEND:VTIMEZONE\r\n", EVENT("") TAIL, 50000,
	"time zones are defined"},
    {"events in no zone", HEAD ZONES_100,
	"BEGIN:VEVENT\r\nUID:#\r\nDTSTART;TZID=Nowhere:20260105T090000\r\nDURATION:PT1H\r\n"
	"END:VEVENT\r\n",
	TAIL, 45000, "more than"},
    {"50,000 calendars", "", HEAD EVENT("") TAIL, "", 40000, NULL},
    {"a zone by the second",
	HEAD "BEGIN:VTIMEZONE\r\nTZID:Mine\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\n"
	     "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\n"
	     "END:VTIMEZONE\r\n",
	"BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Mine:20260105T090000\r\nDURATION:PT1H\r\nEND:"
	"VEVENT\r\n",
	TAIL, 1, "cannot be used"},
    {"titles of marks", HEAD,
	"BEGIN:VEVENT\r\nDTSTART:20260105T090000Z\r\nDURATION:PT1H\r\nSUMMARY:/,;:+&|/,;:+&|/"
	",;:+&|/,;:"
	"+&|/,;:+&|/,;:+&|/,;:+&|/,;:+&|/,;:+&|/,;:+&|/,;:+&|/,;:+&|/,;:+&|\r\nEND:VEVENT\r\n",
	TAIL, 30000, NULL},
};

static void
every_bomb_ends_in_time(void **state)
{
	struct reading_options options = support_options();

	(void)state;
	for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++) {
		const struct bomb *bomb = &bombs[i];
		struct arena *arena = arena_new(ARENA_MAX);
		struct buf buf = {0};
		struct reading reading;

		buf_add_text(&buf, bomb->first);
		add_many(&buf, bomb->body, bomb->times);
		buf_add_text(&buf, bomb->last);
		reading = set_off(bomb->name, arena, &options, (struct slice){buf.at, buf.len});
		if (bomb->why != NULL && !support_finding(&reading, NULL, bomb->why))
			fail_msg("%s: no finding says \"%s\": %s", bomb->name, bomb->why,
			    reading.nfindings > 0 ? reading.findings[0].text : "(none at all)");
		/* A finding says what to do, too. */
		for (size_t j = 0; j < reading.nfindings; j++)
			assert_true(*reading.findings[j].remedy != '\0');
		buf_free(&buf);
		arena_free(arena);
	}
}

/* The largest honest calendar and roster there may be. */
static void
ten_megabytes_of_honest_shifts_are_read(void **state)
{
	struct reading_options options = support_options();
	struct arena *arena = arena_new(ARENA_MAX);
	struct buf buf = {0};
	struct reading reading;
	const unsigned events = 30000;

	(void)state;
	buf_add_text(&buf, HEAD);
	for (unsigned i = 0; i < events; i++)
		buf_printf(&buf,
		    "BEGIN:VEVENT\r\n"
		    "UID:shift-%u-040000008200E00074C5B7101A82E008@fenmere.example\r\n"
		    "DTSTAMP:20260101T000000Z\r\n"
		    "DTSTART;TZID=Europe/London:2026%02u%02uT080000\r\n"
		    "DTEND;TZID=Europe/London:2026%02u%02uT200000\r\n"
		    "SUMMARY:AMHP duty - J Jones\r\n"
		    "SEQUENCE:0\r\n"
		    "STATUS:CONFIRMED\r\n"
		    "TRANSP:OPAQUE\r\n"
		    "X-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\n"
		    "LOCATION:Fenmere Civic Centre\r\n"
		    "END:VEVENT\r\n",
		    i, 1 + i % 12, 1 + i % 28, 1 + i % 12, 1 + i % 28);
	buf_add_text(&buf, TAIL);
	assert_true(buf.len > 9000000 && buf.len < 10 << 20);
	reading = set_off("10 MB of shifts", arena, &options, (struct slice){buf.at, buf.len});
	assert_false(reading.refused);
	assert_int_equal(reading.counts[READING_NAMED], events);
	buf_free(&buf);
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_bomb_ends_in_time),
	    cmocka_unit_test(ten_megabytes_of_honest_shifts_are_read),
	};

	reading_prepare();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
