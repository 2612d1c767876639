/* SPDX-License-Identifier: MIT */
/* What a server of CalDAV answers: the same shifts as from a file, or a refusal; never a part of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/collection.h"
#include "tests/unit/calendars/support.h"

#define XML "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
#define BEGIN XML "<d:multistatus xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:caldav\">"
#define END "</d:multistatus>"
#define PART(data, status)                                                                         \
	"<d:propstat><d:prop><d:getetag>\"1\"</d:getetag>" data "</d:prop><d:status>" status       \
	"</d:status></d:propstat>"
#define DATA(text) "<c:calendar-data>" text "</c:calendar-data>"
#define OK "HTTP/1.1 200 OK"
#define RESPONSE(inner) "<d:response><d:href>/rota/a.ics</d:href>" inner "</d:response>"
#define EVENT(uid, day)                                                                            \
	"BEGIN:VEVENT\nUID:" uid "\nDTSTART;TZID=London:202607" day                                \
	"T090000\nDTEND;TZID=London:202607" day "T170000\nSUMMARY:J Jones\nEND:VEVENT\n"
#define ZONE(offset)                                                                                  \
	"BEGIN:VTIMEZONE\nTZID:London\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:" offset \
	"\nTZOFFSETTO:" offset "\nEND:STANDARD\nEND:VTIMEZONE\n"
#define CALENDAR(offset, events)                                                                   \
	"BEGIN:VCALENDAR\nVERSION:2.0\n" ZONE(offset) events "END:VCALENDAR\n"
#define OBJECT(offset, events) RESPONSE(PART(DATA(CALENDAR(offset, events)), OK))

static struct reading
read_text(struct arena *arena, const char *text)
{
	struct reading_options options = support_options();

	return support_read(arena, &options, text);
}

static void
objects_read_as_one_calendar(void **state)
{
	struct arena *arena = arena_new(0);
	struct reading file =
	    read_text(arena, CALENDAR("+0100", EVENT("a", "01")) CALENDAR("+0000", EVENT("c", "03"))
				 CALENDAR("+0100", EVENT("b", "02")));
	struct reading reading;

	(void)state;
	/* Of one name two zones, each in its own objects: each counts where it stands. */
	reading = read_text(arena, BEGIN OBJECT("+0100", EVENT("a", "01")) OBJECT("+0000",
				       EVENT("c", "03")) OBJECT("+0100", EVENT("b", "02")) END);
	assert_false(reading.refused);
	assert_int_equal(reading.noccurrences, 3);
	assert_string_equal(support_list(arena, &reading), support_list(arena, &file));
	arena_free(arena);
}

/* As a server writes it that escapes, uses CDATA, has no prefixes, and names the collection itself. */
static void
xml_may_be_written_otherwise(void **state)
{
	static const char text[] =
	    "\xef\xbb\xbf" XML
	    "<multistatus xmlns='DAV:' xmlns:x='urn:ietf:params:xml:ns:caldav'><response><href>/rota/</href>"
	    "<propstat><prop><x:calendar-data/></prop><status>HTTP/1.1 200 OK</status></propstat>"
	    "</response><response><href>/rota/1</href><propstat><status>HTTP/1.1 200 OK</status><prop>"
	    "<x:calendar-data>BEGIN:VCALENDAR&#13;\nVERSION:2.0&#13;\n<![CDATA[BEGIN:VEVENT\r\nUID:a\r\n"
	    "DTSTART:20260701T080000Z\r\nDTEND:20260701T160000Z\r\n]]>SUMMARY:J &#74;ones&#13;\n"
	    "END:VEVENT&#13;\nEND:VCALENDAR</x:calendar-data></prop></propstat><propstat><prop><getetag/></prop>"
	    "<status>HTTP/1.1 404 Not Found</status></propstat></response></multistatus>\n";
	struct arena *arena = arena_new(0);
	struct reading reading = read_text(arena, text);

	(void)state;
	assert_string_equal(support_list(arena, &reading), "20260701T080000Z-20260701T160000Z a");
	arena_free(arena);
}

static void
an_empty_collection_is_an_empty_calendar(void **state)
{
	struct arena *arena = arena_new(0);
	struct reading reading = read_text(arena, BEGIN END);

	(void)state;
	assert_false(reading.refused);
	assert_int_equal(reading.events, 0);
	arena_free(arena);
}

/* A rota has an object for each shift, and each object the zone that it uses. */
static void
many_objects_with_one_zone_are_read(void **state)
{
	struct arena *arena = arena_new(0);
	struct buf text = {0};
	struct reading reading;

	(void)state;
	buf_add_text(&text, BEGIN);
	for (int i = 0; i < 1500; i++)
		buf_printf(&text,
		    RESPONSE(PART(
			DATA("BEGIN:VCALENDAR\nVERSION:2.0\n" ZONE(
			    "+0000") "BEGIN:VEVENT\nUID:u%d\nDTSTART:20260701T%02d%02d00Z\nDURATION:PT1M\n"
				     "SUMMARY:J Jones\nEND:VEVENT\nEND:VCALENDAR\n"),
			OK)),
		    i, i / 60 % 24, i % 60);
	buf_add_text(&text, END);
	reading = read_text(arena, text.at);
	assert_false(reading.refused);
	assert_int_equal(reading.events, 1500);
	buf_free(&text);
	arena_free(arena);
}

static void
what_is_left_out_refuses_the_whole(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
	    {BEGIN OBJECT("+0100", EVENT("a", "01"))
		    RESPONSE("<d:status>HTTP/1.1 507 Insufficient Storage</d:status>") END,
		"left out a part"},
	    {BEGIN OBJECT("+0100", EVENT("a", "01"))
		    RESPONSE("<d:status>HTTP/1.1 404 Not Found</d:status>") END,
		"left out a part"},
	    {BEGIN OBJECT("+0100", EVENT("a", "01"))
		    RESPONSE(PART(DATA(""), "HTTP/1.1 403 Forbidden")) END,
		"left out a part"},
	    {BEGIN RESPONSE(PART(DATA(CALENDAR("+0100", EVENT("a", "01"))), OK)
		     PART(DATA(""), "HTTP/1.1 500 Internal Server Error")) END,
		"left out a part"},
	    /* An object without its calendar, and one whose part has no status at all. */
	    {BEGIN RESPONSE(PART("", OK)) END, "left out a part"},
	    {BEGIN RESPONSE(PART(DATA(" \n"), OK)) END, "left out a part"},
	    {BEGIN RESPONSE("<d:propstat><d:prop>" DATA(
		 CALENDAR("+0100", EVENT("a", "01"))) "</d:prop></d:propstat>") END,
		"left out a part"},
	    /* An object that breaks off, before others that do not. */
	    {BEGIN RESPONSE(PART(
		 DATA(
		     "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:a\nDTSTART:20260701T080000Z\n"),
		 OK)) OBJECT("+0100", EVENT("b", "02")) END,
		""},
	    /* Not whole, not of CalDAV, with a document type, too deep. */
	    /* A status that is none: without its number, and of another protocol. */
	    {BEGIN RESPONSE(PART(DATA(CALENDAR("+0100", EVENT("a", "01"))), "HTTP/1.1")) END,
		"left out a part"},
	    {BEGIN RESPONSE(PART(DATA(CALENDAR("+0100", EVENT("a", "01"))), "ICY 200 OK")) END,
		"left out a part"},
	    /* Only the collection itself, whose address ends so, may be without a calendar. */
	    {BEGIN "<d:response>" PART("", OK) "</d:response>" END, "left out a part"},
	    {BEGIN "<d:response><d:href>/rota/</d:href>" PART(
		 DATA(""), "HTTP/1.1 403 Forbidden") "</d:response>" END,
		"left out a part"},
	    {BEGIN OBJECT("+0100", EVENT("a", "01")), "sent no whole answer"},
	    {BEGIN OBJECT("+0100", EVENT("a", "01")) END "<x/>", "sent no whole answer"},
	    {XML "<multistatus><response/></multistatus>", "sent no whole answer"},
	    {XML
		"<!DOCTYPE multistatus [<!ENTITY a \"b\">]><d:multistatus xmlns:d=\"DAV:\">&a;</d:multistatus>",
		"sent no whole answer"},
	    {BEGIN
		"<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>"
		"</a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a>"
		"</a></a></a></a></a></a></a>" END,
		"sent no whole answer"},
	    {BEGIN RESPONSE(PART(DATA("\xff\xfe"), OK)) END, "sent no whole answer"},
	};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct reading reading = read_text(arena, cases[i].text);

		if (!reading.refused || !support_finding(&reading, NULL, cases[i].why))
			fail_msg("case %zu: %s", i,
			    reading.nfindings > 0 ? reading.findings[0].text : "nothing found");
		assert_int_equal(reading.noccurrences, 0);
	}
	arena_free(arena);
}

/* As objects have an event between a head and an end, events of one head are put together; all others stay as
 * they are, and what is wrong with them is found when they are read. */
static void
objects_of_other_shapes(void **state)
{
#define JOURNAL "BEGIN:VJOURNAL\nUID:t\nEND:VJOURNAL\n"
#define LONE(text) BEGIN RESPONSE(PART(DATA(text), OK)) END
	static const struct {
		const char *text;
		int events; /* -1: refused */
	} cases[] = {
	    {LONE(CALENDAR("+0100", JOURNAL)), 0},
	    {LONE(CALENDAR("+0100", EVENT("a", "01") JOURNAL)), 1},
	    {LONE(CALENDAR("+0100", JOURNAL EVENT("a", "01"))), 1},
	    {LONE(CALENDAR("+0100", "BEGIN:VEVENTS\nEND:VEVENTS\n" EVENT("a", "01"))), 1},
	    {LONE(CALENDAR("+0100", "BEGIN:VEVENT\nUID:a\n")), -1},
	    {LONE(CALENDAR("+0100", "UID:a\nEND:VEVENT\n")), -1},
	    {LONE(CALENDAR("+0100", "END:VEVENT\nUID:a\nBEGIN:VEVENT\n")), -1},
	    /* The address of a folder that has a calendar is that of an object. */
	    {BEGIN "<d:response><d:href>/rota/</d:href>" PART(
		 DATA(CALENDAR("+0100", EVENT("a", "01"))), OK) "</d:response>" END,
		1},
	};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct reading reading = read_text(arena, cases[i].text);

		if (reading.refused != (cases[i].events < 0) ||
		    (!reading.refused && (int)reading.events != cases[i].events))
			fail_msg("case %zu: %zu events, %s", i, (size_t)reading.events,
			    reading.nfindings > 0 ? reading.findings[0].text : "no finding");
	}
	arena_free(arena);
}

static const char *
unwrapped(struct arena *arena, struct slice bytes)
{
	struct faults faults = {.arena = arena};
	struct buf out = {0};
	const char *text = NULL;

	if (collection_unwrap(&out, &faults, bytes))
		text = arena_strndup(arena, out.at, out.len);
	else
		text = arena_printf(
		    arena, "refused: %s", faults.findings.items[faults.findings.count - 1].text);
	buf_free(&out);
	return text;
}

/* Calendars of more heads than are kept apart are written one by one, and none is lost. */
static void
objects_of_many_heads(void **state)
{
	struct arena *arena = arena_new(0);
	struct buf text = {0};
	struct reading reading;

	(void)state;
	buf_add_text(&text, BEGIN);
	for (int i = 0; i < 40; i++)
		buf_printf(&text,
		    RESPONSE(PART(
			DATA("BEGIN:VCALENDAR\nVERSION:2.0\nX-OBJECT:%d\nBEGIN:VEVENT\nUID:u%d\n"
			     "DTSTART:20260701T%02d%02d00Z\nDURATION:PT1M\nSUMMARY:J Jones\n"
			     "END:VEVENT\nEND:VCALENDAR\n"),
			OK)),
		    i, i, i / 60, i % 60);
	buf_add_text(&text, END);
	reading = read_text(arena, text.at);
	assert_false(reading.refused);
	assert_int_equal(reading.events, 40);
	buf_free(&text);
	arena_free(arena);
}

static void
more_than_a_collection_may_have(void **state)
{
	static const char object[] =
	    "<response><propstat><prop><x:calendar-data>x</x:calendar-data>"
	    "</prop><status>HTTP/1.1 200 OK</status></propstat></response>";
	const size_t most = (size_t)10 << 20;
	struct arena *arena = arena_new(0);
	struct buf text = {0};

	(void)state;
	buf_add_text(&text, "<multistatus xmlns='DAV:' xmlns:x='urn:ietf:params:xml:ns:caldav'>");
	for (int i = 0; i < 50001; i++)
		buf_add_text(&text, object);
	buf_add_text(&text, "</multistatus>");
	assert_non_null(strstr(unwrapped(arena, (struct slice){text.at, text.len}), "50,000"));
	/* Blanks may follow the root. */
	buf_reset(&text);
	buf_add_text(&text, BEGIN END);
	while (text.len <= most)
		buf_add(&text, "                ", text.len + 16 <= most ? 16 : 1);
	assert_string_equal(unwrapped(arena, (struct slice){text.at, most}),
	    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n");
	assert_non_null(strstr(unwrapped(arena, (struct slice){text.at, most + 1}), "10 MB"));
	/* A root that is none is refused once, at its start. */
	assert_non_null(strstr(unwrapped(arena, SLICE("<x/>")), "sent no whole answer"));
	buf_free(&text);
	arena_free(arena);
}

/* Each prefix of an answer is refused: it lacks the end of its root. */
static void
no_part_of_an_answer_counts(void **state)
{
	static const char text[] =
	    BEGIN OBJECT("+0100", EVENT("a", "01")) OBJECT("+0100", EVENT("b", "02")) END;
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t len = 1; len < sizeof text - 1; len++) {
		struct reading reading = read_text(arena, arena_strndup(arena, text, len));

		if (!reading.refused)
			fail_msg("%zu of %zu bytes were read", len, sizeof text - 1);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(objects_read_as_one_calendar),
	    cmocka_unit_test(xml_may_be_written_otherwise),
	    cmocka_unit_test(an_empty_collection_is_an_empty_calendar),
	    cmocka_unit_test(many_objects_with_one_zone_are_read),
	    cmocka_unit_test(what_is_left_out_refuses_the_whole),
	    cmocka_unit_test(objects_of_other_shapes),
	    cmocka_unit_test(objects_of_many_heads),
	    cmocka_unit_test(more_than_a_collection_may_have),
	    cmocka_unit_test(no_part_of_an_answer_counts),
	};

	return cmocka_run_group_tests_name("collections", tests, NULL, NULL);
}
