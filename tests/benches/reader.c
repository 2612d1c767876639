/* SPDX-License-Identifier: MIT */
/*
 * The reader against what it stands on: processor time for a calendar of 10,000 events, and for 100
 * weekly rules over a year. Ours is the whole way of a body: guard, sealed child, check of the
 * answer. Theirs parses with the library and walks its own iterator, unsealed and unchecked, in
 * a process of its own. In turn, so that both meet the same machine; the medians of the pairs are
 * printed.
 */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calendars/reading.h"
#include "server/base/civil.h"
#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/base/sandbox.h"
#include "server/model/guard.h"

enum { PAIRS = 11, EVENTS = 10000, RULES = 100 };
#define FROM 1767225600  /* 2026-01-01 */
#define UNTIL 1798761600 /* 2027-01-01 */

static const struct sandbox_limits limits = {
    .wall_ms = 10000,
    .request_max_bytes = (size_t)16 << 20,
    .answer_max_bytes = (size_t)64 << 20,
    .cpu_seconds = 5,
    .memory_bytes = (size_t)512 << 20,
};
static const struct reading_person people[] = {
    {"jo-jones", "J Jones", NULL},
    {"kay-lee", "Kay Lee", NULL},
    {"d-oneill", "D O'Neill", NULL},
    {"p-raman", "Priya Raman", NULL},
};

static double
cpu_ms(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static void
add_event(struct buf *buf, int number, int64_t start, const char *rule)
{
	struct civil a = civil_of(start), b = civil_of(start + 12 * 3600);

	buf_printf(buf,
	    "BEGIN:VEVENT\r\nUID:%d@bench.example\r\nDTSTAMP:20251201T120000Z\r\n"
	    "DTSTART;TZID=Europe/London:%04d%02d%02dT%02d0000\r\n"
	    "DTEND;TZID=Europe/London:%04d%02d%02dT%02d0000\r\n%sSUMMARY:AMHP: %s\r\n"
	    "TRANSP:OPAQUE\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\n",
	    number, a.year, a.month, a.day, a.hour, b.year, b.month, b.day, b.hour, rule,
	    people[number % 4].name);
}

static void
make_calendar(struct buf *buf, bool rules)
{
	buf_add_text(
	    buf, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Crisis Cover//bench//EN\r\n");
	for (int i = 0; i < (rules ? RULES : EVENTS); i++)
		add_event(buf, i,
		    rules ? FROM + (i % 7) * 86400 + 8 * 3600 : FROM + i % 364 * 86400 + 8 * 3600,
		    rules ? "RRULE:FREQ=WEEKLY\r\n" : "");
	buf_add_text(buf, "END:VCALENDAR\r\n");
}

static double
read_ours(const struct reading_tools *tools, const struct reading_options *options,
    struct slice bytes, size_t *occurrences)
{
	double before = cpu_ms(RUSAGE_SELF) + cpu_ms(RUSAGE_CHILDREN);
	struct arena *arena = arena_new(0);
	struct buf request = {0}, answer = {0};
	struct reading reading;

	if (guard_body(arena, bytes, slice_of("text/calendar"), false) != NULL)
		fatal("the guard refused the bench's calendar");
	reading_pack_request(&request, options, bytes);
	if (sandbox_run(&limits, reading_answer, (void *)(uintptr_t)tools,
		(struct slice){request.at, request.len}, &answer) != STATUS_OK)
		fatal("the sealed reader gave no answer");
	if (reading_unpack((struct slice){answer.at, answer.len}, options, arena, &reading) !=
	    STATUS_OK)
		fatal("the answer was malformed");
	*occurrences = reading.counts[READING_NAMED];
	buf_free(&request);
	buf_free(&answer);
	arena_free(arena);
	return cpu_ms(RUSAGE_SELF) + cpu_ms(RUSAGE_CHILDREN) - before;
}

static size_t
walk_theirs(icalcomponent *event)
{
	icalproperty *rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
	struct icaltimetype start = icalcomponent_get_dtstart(event), next;
	icalrecur_iterator *iterator;
	size_t count = 0;

	if (rule == NULL)
		return !icaltime_is_null_time(icalcomponent_get_dtend(event));
	iterator = icalrecur_iterator_new(icalproperty_get_rrule(rule), start);
	while (next = icalrecur_iterator_next(iterator), next.year == 2026)
		count++;
	icalrecur_iterator_free(iterator);
	return count;
}

static double
parse_theirs(const char *text, size_t *occurrences)
{
	double before = cpu_ms(RUSAGE_SELF);
	icalcomponent *calendar = icalparser_parse_string(text);

	*occurrences = 0;
	for (icalcomponent *event =
		 icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
	     event != NULL;
	     event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
		*occurrences += walk_theirs(event);
	icalcomponent_free(calendar);
	return cpu_ms(RUSAGE_SELF) - before;
}

/* In a process of its own, which counts only its parsing: memory that the library keeps would make
 * our own forks slower. */
static double
read_theirs(const char *text, size_t *occurrences)
{
	struct {
		double ms;
		size_t count;
	} told = {0};
	int ends[2];
	pid_t child;

	if (pipe(ends) != 0 || (child = fork()) < 0)
		fatal("could not start a process");
	if (child == 0) {
		told.ms = parse_theirs(text, &told.count);
		_exit(write(ends[1], &told, sizeof told) == (ssize_t)sizeof told ? 0 : 1);
	}
	close(ends[1]);
	if (read(ends[0], &told, sizeof told) != (ssize_t)sizeof told)
		fatal("the library gave no answer");
	close(ends[0]);
	waitpid(child, NULL, 0);
	*occurrences = told.count;
	return told.ms;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *values)
{
	qsort(values, PAIRS, sizeof *values, by_size);
	return values[PAIRS / 2];
}

static void
compare(const struct reading_tools *tools, const struct reading_options *options, const char *what,
    const char *file, bool rules)
{
	double ours[PAIRS], theirs[PAIRS], ratios[PAIRS];
	size_t mine = 0, others = 0;
	struct buf text = {0};
	FILE *out = fopen(file, "we");

	make_calendar(&text, rules);
	if (out == NULL || fwrite(text.at, 1, text.len, out) != text.len || fclose(out) != 0)
		fatal("could not write %s", file);
	for (int i = -1; i < PAIRS; i++) { /* the first is to warm both */
		double a = read_ours(tools, options, (struct slice){text.at, text.len}, &mine);
		double b = read_theirs(text.at, &others);

		if (i >= 0)
			ratios[i] = (ours[i] = a) / (theirs[i] = b);
	}
	printf("%-34s %9zu %9.2f %9.2f %9.2f %7.2f\n", what, mine, median(ours), median(theirs),
	    median(ours) * 1e3 / (double)mine, median(ratios));
	buf_free(&text);
}

int
main(int argc, char **argv)
{
	struct zonedb *zones;
	struct reading_tools tools;
	struct reading_options options = {.kind = READING_ICALENDAR,
	    .from = FROM,
	    .until = UNTIL,
	    .people = people,
	    .npeople = 4,
	    .directory = true};

	if (argc != 3)
		fatal("usage: bench_reader EVENTS.ics RULES.ics (both are written)");
	if (zonedb_open("/usr/share/zoneinfo", &zones) != STATUS_OK)
		fatal("no zones on this machine");
	tools.zones = zones;
	options.zone = zonedb_find(zones, "Europe/London");
	reading_prepare();
	printf("%-34s %9s %9s %9s %9s %7s\n", "CPU, medians of pairs", "shifts", "ours ms",
	    "libical ms", "us/shift", "ratio");
	compare(&tools, &options, "10,000 events", argv[1], false);
	compare(&tools, &options, "100 weekly rules over a year", argv[2], true);
	zonedb_free(zones);
	return 0;
}
