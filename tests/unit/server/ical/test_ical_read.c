/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/base/vec.h"
#include "server/ical/ical_write.h"
#include "tests/unit/calendars/support.h"

/*
 * What is written is read back without a difference, by our own reader and by ical.js: random shifts around both
 * changes of the clock, with people, teams and events that say nobody or that it is not known.
 */

#define EVENTS 300
#define QUARTER 900
#define DAY 86400

static const char *const titles[] = {"J Jones", "J Jones (2nd on call)", "S Ahmed", "AMHP hub",
    "NO COVER", "TBC - not known who is on call"};
static const enum reading_class classes[] = {
    READING_NAMED, READING_NAMED, READING_NAMED, READING_TEAM, READING_NOBODY, READING_UNDECIDED};
static const char *const people[] = {"jo-jones", "jo-jones", "s-ahmed", NULL, NULL, NULL};
#define TITLES (sizeof titles / sizeof *titles)

static const struct reading_person directory[] = {
    {"jo-jones", "J Jones", NULL}, {"s-ahmed", "S Ahmed", NULL}};
static const char *const teams[] = {"AMHP hub", NULL};

struct shift {
	struct ical_event event;
	size_t title;
};

static uint64_t seed;

static uint64_t
pick(uint64_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (seed >> 33) % below;
}

/* A quarter of an hour or any second near ${change}, and at most 30 hours from it to its end. */
static struct shift
make(struct arena *arena, int64_t change, size_t n)
{
	struct shift shift = {.title = pick(TITLES)};
	int64_t step = pick(4) == 0 ? 1 : QUARTER;
	int64_t start = change + ((int64_t)pick(4 * DAY) - 2 * DAY) / step * step;

	/* Half of them begin or end in the hours that the change takes away or gives twice. */
	if (pick(2) == 0)
		start = change + ((int64_t)pick(4) - 2) * 3600 + (int64_t)pick(4) * QUARTER;
	shift.event = (struct ical_event){
	    .uid = arena_printf(arena, "%zu@example.org", n),
	    .start = start,
	    .end = start + step * (int64_t)(1 + pick((uint64_t)(30 * 3600 / step))),
	    .changed = change - DAY + (int64_t)n,
	    .status = shift.title == 5 ? ICAL_TENTATIVE : ICAL_CONFIRMED,
	    .summary = titles[shift.title],
	    .description = "Fenmere AMHP duty, 1st on call.\nTeam: +441632960456; ring it, please",
	    .category = "ON CALL",
	};
	if (pick(10) == 0)
		shift.event.status = ICAL_CANCELLED;
	return shift;
}

static struct ical_calendar
head(int64_t change)
{
	return (struct ical_calendar){
	    .uid = "rota-x@example.org",
	    .name = "fenmere-amhp-duty (as of Mon 30 Nov 2026 07:15 GMT)",
	    .description = "A copy in a calendar may be hours old.",
	    .zone = zonedb_find(support_zones(), "Europe/London"),
	    .from = change - 5 * DAY,
	    .until = change + 5 * DAY,
	    .refresh_minutes = 15,
	};
}

static void
write_all(struct buf *out, int64_t change, const struct shift *shifts, size_t count)
{
	struct ical_calendar calendar = head(change);

	ical_begin(out, &calendar);
	for (size_t i = 0; i < count; i++)
		ical_event(out, &calendar, &shifts[i].event);
	ical_end(out);
}

/* ------------------------------------------------------------------------------- our reader */

static const struct reading_occurrence *
occurrence_of(const struct reading *reading, const char *uid)
{
	for (size_t i = 0; i < reading->noccurrences; i++)
		if (strcmp(reading->occurrences[i].uid, uid) == 0)
			return &reading->occurrences[i];
	return NULL;
}

static void
expect_shift(const struct reading *reading, const struct shift *shift)
{
	const struct reading_occurrence *got = occurrence_of(reading, shift->event.uid);
	enum reading_class class =
	    shift->event.status == ICAL_CANCELLED ? READING_CANCELLED : classes[shift->title];
	const char *person = class == READING_NAMED ? people[shift->title] : NULL;

	if (got == NULL)
		fail_msg("%s is missing", shift->event.uid);
	if (got->start != shift->event.start || got->end != shift->event.end)
		fail_msg("%s: %lld to %lld, and is read as %lld to %lld", shift->event.uid,
		    (long long)shift->event.start, (long long)shift->event.end,
		    (long long)got->start, (long long)got->end);
	if (got->class != class)
		fail_msg(
		    "\"%s\" is read as %s", shift->event.summary, reading_class_name(got->class));
	if (class == READING_NAMED)
		assert_string_equal(got->person, person);
}

static void
read_ours(int64_t change, const struct shift *shifts, struct slice bytes)
{
	struct arena *arena = arena_new(0);
	struct reading_options options = support_options();
	const struct reading_tools tools = {support_zones()};
	struct reading reading;

	options.from = change - 10 * DAY;
	options.until = change + 10 * DAY;
	options.people = directory;
	options.npeople = sizeof directory / sizeof *directory;
	options.team_names = teams;
	reading_make(&tools, &options, bytes, arena, &reading);
	if (reading.refused || reading.noccurrences != EVENTS)
		fail_msg("%zu of %d events: %s", reading.noccurrences, EVENTS,
		    reading.nfindings > 0 ? reading.findings[0].text : "no finding");
	for (size_t i = 0; i < EVENTS; i++)
		expect_shift(&reading, &shifts[i]);
	/* Nothing of it is a guess: no finding, but what is undecided says so. */
	for (size_t i = 0; i < reading.nfindings; i++)
		if (reading.findings[i].level != FINDING_WARNING)
			fail_msg("%s", reading.findings[i].text);
	arena_free(arena);
}

/* ---------------------------------------------------------------------------------- ical.js */

#define ICAL_JS SOURCE_ROOT "/build/web/node_modules/ical.js/dist/ical.js"

static void
expect_line(const struct shift *shift, const char *line)
{
	static const char *const statuses[] = {"CONFIRMED", "TENTATIVE", "CANCELLED"};
	char wanted[512];

	snprintf(wanted, sizeof wanted, "%s\t%lld\t%lld\t%s\t%lld\t%lld\tTRANSPARENT\t%s\n",
	    shift->event.uid, (long long)shift->event.start, (long long)shift->event.end,
	    statuses[shift->event.status], (long long)ical_sequence(shift->event.changed),
	    (long long)shift->event.changed, shift->event.summary);
	assert_string_equal(line, wanted);
}

/* Fetched by tests/run with what the pages are tested with; where it was not, our reader has judged alone. */
static void
read_theirs(const struct shift *shifts, struct slice bytes)
{
	char path[] = "/tmp/crisiscover-ical-XXXXXX", command[512], line[512];
	int fd;
	FILE *out;

	if (access(ICAL_JS, R_OK) != 0) {
		print_message("ical.js is not there (tests/run fetches it): not asked\n");
		return;
	}
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes.at, bytes.len, 0), (ssize_t)bytes.len);
	close(fd);
	snprintf(command, sizeof command, "node %s/tests/unit/server/ical/read.mjs %s %s",
	    SOURCE_ROOT, ICAL_JS, path);
	out = popen(command, "r");
	assert_non_null(out);
	assert_non_null(fgets(line, sizeof line, out));
	assert_string_equal(line,
	    "calendar\tfenmere-amhp-duty (as of Mon 30 Nov 2026 07:15 GMT)\tfenmere-amhp-duty (as of Mon 30 Nov 2026 "
	    "07:15 GMT)\tPT15M\n");
	for (size_t i = 0; i < EVENTS; i++) {
		assert_non_null(fgets(line, sizeof line, out));
		expect_line(&shifts[i], line);
	}
	assert_null(fgets(line, sizeof line, out));
	assert_int_equal(pclose(out), 0);
	unlink(path);
}

/* ------------------------------------------------------------------------------------ tests */

static void
around(int64_t change, uint64_t start)
{
	struct arena *arena = arena_new(0);
	struct shift *shifts = arena_array(arena, EVENTS, sizeof *shifts);
	struct buf out = {0};

	seed = start;
	for (size_t i = 0; i < EVENTS; i++)
		shifts[i] = make(arena, change, i);
	write_all(&out, change, shifts, EVENTS);
	read_ours(change, shifts, (struct slice){out.at, out.len});
	read_theirs(shifts, (struct slice){out.at, out.len});
	buf_free(&out);
	arena_free(arena);
}

static void
shifts_of_the_autumn_are_read_as_written(void **state)
{
	(void)state;
	around(support_instant("20261025T010000Z"), 1);
}

static void
shifts_of_the_spring_are_read_as_written(void **state)
{
	(void)state;
	around(support_instant("20270328T010000Z"), 2);
}

/* Either time of it: programs differ in which is meant. What begins before it and ends after it is in wall clock. */
static void
the_hour_that_comes_twice_is_in_utc(void **state)
{
	int64_t change = support_instant("20261025T010000Z");
	struct ical_calendar calendar = head(change);
	struct ical_event event = {
	    .uid = "a", .start = change - 7200, .end = change + 7200, .summary = "x"};
	struct buf out = {0};

	(void)state;
	ical_event(&out, &calendar, &event);
	assert_non_null(strstr(out.at, "DTSTART;TZID=Europe/London:20261025T000000\r\n"));
	assert_non_null(strstr(out.at, "DTEND;TZID=Europe/London:20261025T030000\r\n"));
	for (int64_t start = change - 3600; start < change + 3600; start += QUARTER) {
		event.start = start;
		buf_reset(&out);
		ical_event(&out, &calendar, &event);
		assert_null(strstr(out.at, "TZID"));
		assert_non_null(strstr(out.at, "DTEND:20261025T030000Z\r\n"));
	}
	buf_free(&out);
}

/* The offset at the beginning, each change in the window, and none outside. */
static void
a_zone_has_the_changes_of_its_window(void **state)
{
	struct ical_calendar calendar = head(support_instant("20261125T000000Z"));
	struct buf out = {0};

	(void)state;
	ical_begin(&out, &calendar);
	assert_non_null(
	    strstr(out.at, "BEGIN:STANDARD\r\nDTSTART:20261025T020000\r\nTZOFFSETFROM:+0100\r\n"
			   "TZOFFSETTO:+0000\r\nTZNAME:GMT\r\nEND:STANDARD\r\nEND:VTIMEZONE"));
	buf_reset(&out);
	calendar.until = support_instant("20271225T000000Z");
	ical_begin(&out, &calendar);
	assert_non_null(
	    strstr(out.at, "BEGIN:DAYLIGHT\r\nDTSTART:20270328T010000\r\nTZOFFSETFROM:+0000\r\n"
			   "TZOFFSETTO:+0100\r\nTZNAME:BST\r\nEND:DAYLIGHT\r\n"));
	assert_non_null(strstr(out.at, "DTSTART:20271031T020000\r\n"));
	assert_null(strstr(out.at, "DTSTART:2028"));
	buf_free(&out);
}

static void
a_zone_without_changes_has_one_part(void **state)
{
	struct ical_calendar calendar = head(support_instant("20261125T000000Z"));
	struct buf out = {0};
	const char *part;

	(void)state;
	calendar.zone = zone_utc();
	ical_begin(&out, &calendar);
	part = strstr(out.at, "BEGIN:STANDARD\r\n");
	assert_non_null(part);
	assert_null(strstr(part + 1, "BEGIN:STANDARD"));
	assert_non_null(strstr(part, "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\n"));
	buf_free(&out);
}

static void
a_sequence_grows_and_fits(void **state)
{
	(void)state;
	assert_int_equal(ical_sequence(0), 0);
	assert_int_equal(ical_sequence(INT64_MIN), 0);
	assert_int_equal(ical_sequence(1577836801), 1);
	assert_true(ical_sequence(support_instant("20261125T000001Z")) >
		    ical_sequence(support_instant("20261125T000000Z")));
	assert_int_equal(ical_sequence(INT64_MAX / 2), 0x7fffffff);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shifts_of_the_autumn_are_read_as_written),
	    cmocka_unit_test(shifts_of_the_spring_are_read_as_written),
	    cmocka_unit_test(the_hour_that_comes_twice_is_in_utc),
	    cmocka_unit_test(a_zone_has_the_changes_of_its_window),
	    cmocka_unit_test(a_zone_without_changes_has_one_part),
	    cmocka_unit_test(a_sequence_grows_and_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
