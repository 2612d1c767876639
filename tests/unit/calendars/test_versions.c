/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/calendars/support.h"

/* Two events of one identifier: copies of one event are read once without a word; what differs in
 * anything that decides about a shift is told. */

#define DAILY "\r\nRRULE:FREQ=DAILY;COUNT=3"
#define LONDON ";TZID=Europe/London:"
#define DUBLIN ";TZID=Europe/Dublin:"
#define AT "DTSTART:20260701T080000Z\r\nDTEND:20260701T090000Z\r\nSUMMARY:J Jones"
#define WINTER "\r\nDURATION:PT1H\r\nSUMMARY:J Jones"
#define NIGHT "DTSTART" LONDON "20261024T210000\r\nSUMMARY:J Jones\r\nDTEND"
#define CHANGE(of, more)                                                                           \
	"RECURRENCE-ID" of "\r\nDTSTART:20260801T080000Z\r\nDTEND:20260801T090000Z\r\nSUMMARY:J "  \
	"Jones" more
#define DECLINED(who) "\r\nATTENDEE;PARTSTAT=DECLINED;CN=" who ":mailto:x@fenmere.example"

static struct reading
read_both(struct arena *arena, const char *first, const char *second)
{
	struct reading_options options = support_options();

	return support_event(arena, &options,
	    arena_printf(arena, "%s\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:a\r\n%s", first, second));
}

static const char *
told(const struct reading *reading)
{
	for (size_t i = 0; i < reading->nfindings; i++) {
		if (strstr(reading->findings[i].text, "have one UID") != NULL ||
		    strstr(reading->findings[i].text, "more than once") != NULL)
			return reading->findings[i].text;
	}
	return NULL;
}

static void
copies_are_read_once(void **state)
{
	static const char *const same[] = {
	    AT,
	    AT "\r\nSTATUS:TENTATIVE",
	    AT "\r\nX-MICROSOFT-CDO-BUSYSTATUS:OOF",
	    AT "\r\nSEQUENCE:3",
	    AT DAILY,
	    AT DAILY "\r\nEXDATE:20260702T080000Z",
	    AT "\r\nRDATE:20260705T080000Z,20260706T080000Z",
	    AT "\r\nRDATE;VALUE=PERIOD:20260705T080000Z/PT2H",
	    AT DECLINED("Kay Lee") DECLINED("Jan Jones"),
	    CHANGE(":20260701T080000Z", ""),
	    CHANGE(";RANGE=THISANDFUTURE:20260701T080000Z", ""),
	    "DTSTART;VALUE=DATE:20260701\r\nSUMMARY:J Jones",
	    "DTSTART" LONDON "20260110T080000" WINTER,
	};

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		struct reading_options options = support_options();
		struct arena *arena = arena_new(0);
		struct reading once = support_event(arena, &options, same[i]);
		struct reading twice = read_both(arena, same[i], same[i]);

		assert_string_equal(support_spans(arena, &once), support_spans(arena, &twice));
		if (told(&twice) != NULL)
			fail_msg("%s\nis told: %s", same[i], told(&twice));
		arena_free(arena);
	}
}

static void
what_differs_is_no_copy(void **state)
{
	static const struct {
		const char *one, *other;
	} pairs[] = {
	    {AT, AT "\r\nSTATUS:TENTATIVE"},
	    {AT, AT "\r\nX-MICROSOFT-CDO-BUSYSTATUS:OOF"},
	    {AT, AT " TBC"},
	    {AT "\r\nSEQUENCE:1", AT},
	    {AT, "DTSTART:20260701T080000Z\r\nDTEND:20260701T100000Z\r\nSUMMARY:J Jones"},
	    {"DTSTART:20260701T080000Z" WINTER,
		"DTSTART:20260701T080000Z\r\nDURATION:PT2H\r\nSUMMARY:J Jones"},
	    /* One instant on three clocks. */
	    {"DTSTART:20260110T080000Z" WINTER, "DTSTART" LONDON "20260110T080000" WINTER},
	    {"DTSTART" DUBLIN "20260110T080000" WINTER, "DTSTART" LONDON "20260110T080000" WINTER},
	    {"DTSTART:20260710T080000Z" WINTER, "DTSTART" LONDON "20260710T090000" WINTER},
	    {CHANGE(":20260701T080000Z", ""), CHANGE(LONDON "20260701T090000", "")},
	    {CHANGE(":20260110T080000Z", ""), CHANGE(LONDON "20260110T080000", "")},
	    {CHANGE(DUBLIN "20260110T080000", ""), CHANGE(LONDON "20260110T080000", "")},
	    {CHANGE(":20260701T080000Z", ""), CHANGE(";RANGE=THISANDFUTURE:20260701T080000Z", "")},
	    {AT, AT DECLINED("Kay Lee")},
	    {AT DECLINED("Kay Lee"), AT DECLINED("Jan Jones")},
	    {AT, AT DAILY},
	    {AT DAILY, AT "\r\nRRULE:FREQ=DAILY;COUNT=4"},
	    {AT DAILY, AT DAILY "\r\nRDATE:20260705T080000Z"},
	    {AT DAILY, AT DAILY "\r\nEXDATE:20260702T080000Z"},
	    {AT "\r\nEXDATE:20260701T080000Z" DAILY, AT "\r\nEXDATE:20260702T080000Z" DAILY},
	    {AT "\r\nRDATE:20260705T080000Z", AT "\r\nRDATE:20260706T080000Z"},
	    {AT "\r\nRDATE;VALUE=PERIOD:20260705T080000Z/PT2H",
		AT "\r\nRDATE;VALUE=PERIOD:20260705T080000Z/PT3H"},
	    {AT "\r\nRDATE;VALUE=PERIOD:20260705T080000Z/P1D",
		AT "\r\nRDATE;VALUE=PERIOD:20260705T080000Z/P2D"},
	    {AT "\r\nRDATE;VALUE=PERIOD:20260705T080000Z/PT1H", AT "\r\nRDATE:20260705T080000Z"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading = read_both(arena, pairs[i].one, pairs[i].other);
		struct reading turned = read_both(arena, pairs[i].other, pairs[i].one);

		if (told(&reading) == NULL || told(&turned) == NULL)
			fail_msg("%s\nand\n%s\nare taken for copies", pairs[i].one, pairs[i].other);
		arena_free(arena);
	}
}

/* The memory of an event: equal marks for equal content, and never for other content. */
static void
marks_tell_contents_apart(void **state)
{
	static const char *const all[] = {
	    AT,
	    AT " TBC",
	    AT "\r\nSTATUS:TENTATIVE",
	    AT "\r\nX-MICROSOFT-CDO-BUSYSTATUS:OOF",
	    AT DAILY,
	    AT DAILY "\r\nEXDATE:20260702T080000Z",
	    AT "\r\nRDATE:20260705T080000Z",
	    AT DECLINED("Kay Lee"),
	    "DTSTART:20260701T080000Z\r\nDTEND:20260701T100000Z\r\nSUMMARY:J Jones",
	    CHANGE(":20260701T080000Z", ""),
	    CHANGE(":20260702T080000Z", ""),
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		for (size_t j = 0; j < sizeof all / sizeof *all; j++) {
			struct reading_options options = support_options();
			struct arena *arena = arena_new(0);
			struct reading one = support_event(arena, &options, all[i]);
			struct reading other = support_event(arena, &options, all[j]);

			assert_int_equal(one.nversions, 1);
			assert_int_equal(one.versions[0].event == other.versions[0].event &&
					     one.versions[0].content == other.versions[0].content,
			    i == j);
			arena_free(arena);
		}
	}
}

/* Versions that are left beside each other stand in one order, whatever the order of the file. */
/* holds: H08.2 */
static void
marks_stand_in_one_order(void **state)
{
	static const char *const kinds[][2] = {
	    {AT, AT " TBC"},
	    {"DTSTART:20260110T080000Z" WINTER, "DTSTART" LONDON "20260110T080000" WINTER},
	    /* The same wall clock, in the hour that is there twice; a stamp of one of them. */
	    {NIGHT LONDON "20261025T013000", NIGHT ":20261025T013000Z"},
	    {NIGHT LONDON "20261025T013000\r\nDTSTAMP:20260101T000000Z", NIGHT ":20261025T013000Z"},
	    {AT "\r\nSEQUENCE:1",
		"DTSTART:20260702T080000Z\r\nDTEND:20260702T090000Z\r\nSUMMARY:J Jones"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct arena *arena = arena_new(0);
		struct reading one = read_both(arena, kinds[i][0], kinds[i][1]);
		struct reading turned = read_both(arena, kinds[i][1], kinds[i][0]);

		assert_int_equal(one.nversions, 2);
		assert_int_equal(turned.nversions, 2);
		for (size_t v = 0; v < 2; v++) {
			assert_true(one.versions[v].event == turned.versions[v].event);
			assert_true(one.versions[v].content == turned.versions[v].content);
			assert_true(one.versions[v].sequence == turned.versions[v].sequence);
			assert_true(one.versions[v].dtstamp == turned.versions[v].dtstamp);
		}
		arena_free(arena);
	}
}

static const struct reading_version *
version_of(const struct reading *reading, const char *uid, size_t nth)
{
	for (size_t i = 0; i < reading->nversions; i++)
		if (strcmp(reading->versions[i].uid, uid) == 0 && nth-- == 0)
			return &reading->versions[i];
	fail_msg("no version of %s", uid);
	return NULL;
}

/* The memory of an event: another DTSTAMP changes no content, another title or time does; the order
 * of the file never matters. */
/* holds: H08.2 */
static void
versions_tell_what_changed(void **state)
{
#define OF(uid, rest)                                                                              \
	"BEGIN:VEVENT\r\nUID:" uid "\r\nDTEND:20260701T160000Z\r\n" rest "END:VEVENT\r\n"
#define A                                                                                          \
	"DTSTART:20260701T080000Z\r\nSEQUENCE:3\r\nDTSTAMP:20260601T000000Z\r\nSUMMARY:J "         \
	"Jones\r\n"
	static const char *const files[] = {
	    OF("a", A) OF("b", "DTSTART:20260701T090000Z\r\nSUMMARY:Kay Lee\r\n"),
	    OF("b", "DTSTART:20260701T090000Z\r\nSUMMARY:Kay Lee\r\n") OF("a", A),
	    OF("a", "DTSTART:20260701T080000Z\r\n"
		    "SEQUENCE:2\r\n"
		    "DTSTAMP:20260501T000000Z\r\n"
		    "SUMMARY:J Jones\r\n"),
	    OF("a", "DTSTART:20260701T081500Z\r\nSEQUENCE:3\r\nSUMMARY:J Jones\r\n"),
	    OF("a", "DTSTART:20260701T080000Z\r\nSUMMARY:Kay Lee\r\n"),
	};
#undef A
#undef OF
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct reading readings[sizeof files / sizeof *files];
	const struct reading_version *first;

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		readings[i] = support_read(arena, &options,
		    arena_printf(arena, "BEGIN:VCALENDAR\r\n%sEND:VCALENDAR\r\n", files[i]));
	first = version_of(&readings[0], "a", 0);
	assert_int_equal(readings[0].nversions, 2);
	assert_int_equal(first->sequence, 3);
	assert_int_equal(first->dtstamp, support_instant("20260601T000000Z"));
	assert_true(version_of(&readings[0], "b", 0)->dtstamp == INT64_MIN);
	assert_true(version_of(&readings[1], "a", 0)->event == first->event);
	assert_true(version_of(&readings[1], "a", 0)->content == first->content);
	assert_true(readings[1].versions[0].event == readings[0].versions[0].event);
	assert_int_equal(version_of(&readings[2], "a", 0)->sequence, 2);
	assert_true(version_of(&readings[2], "a", 0)->content == first->content);
	assert_true(version_of(&readings[3], "a", 0)->content != first->content);
	assert_true(version_of(&readings[4], "a", 0)->content != first->content);
	assert_true(version_of(&readings[4], "a", 0)->event == first->event);
	assert_true(version_of(&readings[0], "b", 0)->event != first->event);
	arena_free(arena);
}

/* How the keys of an event's shifts begin, whether or not it has one in the window: the calendar
 * still lists it. */
static void
versions_tell_of_which_shifts_an_event_speaks(void **state)
{
#define MOVED "RECURRENCE-ID:20260701T080000Z\r\nDTSTART:19990101T080000Z\r\nDURATION:PT1H\r\n"
	static const char file[] =
	    "BEGIN:VCALENDAR\r\n"
	    "BEGIN:VEVENT\r\nUID:one\r\nDTSTART:19990101T080000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
	    "BEGIN:VEVENT\r\nUID:set\r\nDTSTART:20260601T080000Z\r\nDURATION:PT1H\r\n"
	    "RRULE:FREQ=DAILY;UNTIL=20260605T080000Z\r\nEND:VEVENT\r\n"
	    "BEGIN:VEVENT\r\nUID:set\r\n" MOVED "STATUS:CANCELLED\r\nEND:VEVENT\r\n"
	    "BEGIN:VEVENT\r\nUID:dates\r\nDTSTART:20260602T080000Z\r\nDURATION:PT1H\r\n"
	    "RDATE:20260603T080000Z\r\nEND:VEVENT\r\n"
	    "BEGIN:VEVENT\r\nUID:many\r\nDTSTART:20260601T080000Z\r\nDURATION:PT1H\r\nEND:"
	    "VEVENT\r\n"
	    "BEGIN:VEVENT\r\nUID:many\r\nDTSTART:20260602T080000Z\r\nDURATION:PT1H\r\nEND:"
	    "VEVENT\r\n"
	    "BEGIN:VEVENT\r\nUID:many\r\nDTSTART:20260603T080000Z\r\nDURATION:PT1H\r\n"
	    "RRULE:FREQ=DAILY;COUNT=2\r\nEND:VEVENT\r\n"
	    "END:VCALENDAR\r\n";
#undef MOVED
	static const struct {
		const char *uid, *instance, *speaks_from; /* "": INT64_MIN, "?": INT64_MAX */
	} wanted[] = {
	    {"one", "", ""},
	    {"set", "", "20260601T080000Z"},
	    {"set", "20260701T080000Z", ""},
	    {"dates", "", "20260602T080000Z"},
	    {"many", "20260601T080000Z", ""},
	    {"many", "20260602T080000Z", ""},
	    {"many", "", "?"},
	};
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct reading reading = support_read(arena, &options, file);

	(void)state;
	assert_int_equal(reading.nversions, sizeof wanted / sizeof *wanted);
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		int64_t instance =
		    *wanted[i].instance == '\0' ? INT64_MIN : support_instant(wanted[i].instance);
		int64_t from = *wanted[i].speaks_from == '\0' ? INT64_MIN
			       : *wanted[i].speaks_from == '?'
				   ? INT64_MAX
				   : support_instant(wanted[i].speaks_from);
		size_t found = 0;

		for (size_t j = 0; j < reading.nversions; j++) {
			const struct reading_version *version = &reading.versions[j];

			found += strcmp(version->uid, wanted[i].uid) == 0 &&
				 version->instance == instance && version->speaks_from == from;
		}
		if (found != 1)
			fail_msg("%s %s: %zu", wanted[i].uid, wanted[i].instance, found);
	}
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(copies_are_read_once),
	    cmocka_unit_test(what_differs_is_no_copy),
	    cmocka_unit_test(marks_tell_contents_apart),
	    cmocka_unit_test(marks_stand_in_one_order),
	    cmocka_unit_test(versions_tell_what_changed),
	    cmocka_unit_test(versions_tell_of_which_shifts_an_event_speaks),
	};

	reading_prepare();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
