/* SPDX-License-Identifier: MIT */
/*
 * What is kept of a calendar: nothing that nobody reads, and everything that is read. Other tests of readings ask that of
 * some of their calendars; with CRISISCOVER_ROUNDS in the environment of all of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/kept.h"
#include "calendars/titles/lexicon.h"
#include "tests/support/rounds.h"
#include "tests/unit/calendars/support.h"

#define EVENT(lines)                                                                               \
	"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260701T080000Z\r\n"  \
	"DURATION:PT1H\r\nSUMMARY:J Jones\r\n" lines "END:VEVENT\r\nEND:VCALENDAR\r\n"
#define KEPT(lines)                                                                                \
	"BEGIN:VCALENDAR\n\nBEGIN:VEVENT\nUID:a\nDTSTART:20260701T080000Z\nDURATION:PT1H\n"        \
	"SUMMARY:J Jones\n" lines "END:VEVENT\nEND:VCALENDAR\n"

#define LEAVE(lines)                                                                               \
	"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260701T080000Z\r\n"  \
	"DURATION:PT1H\r\n" lines "END:VEVENT\r\nEND:VCALENDAR\r\n"

#define NAMED(line) "BEGIN:VCALENDAR\r\n" line "\r\nEND:VCALENDAR\r\n"
#define KEPT_NAME(line) "BEGIN:VCALENDAR\n" line "\nEND:VCALENDAR\n"

static void
no_more_than_what_is_read_is_kept(void **state)
{
	static const struct {
		const char *file, *kept;
	} cases[] = {
	    {EVENT("DESCRIPTION:Mr Brown of 4 Mill Lane\\, overdose\r\n"), KEPT("DESCRIPTION:x\n")},
	    {EVENT("DESCRIPTION:Cancelled - Mr Brown has been\r\n  admitted\r\n"),
		KEPT("DESCRIPTION:Cancelled\n\n")},
	    {EVENT("DESCRIPTION:TBC with Sam sam.hill@example.org. Ring Mr Brown\r\n"),
		KEPT("DESCRIPTION:TBC with Sam x@x\n")},
	    {EVENT("DESCRIPTION:<b>Provisional</b> &amp\\; so on\r\n"),
		KEPT("DESCRIPTION:Provisional  & so on\n")},
	    {EVENT("DESCRIPTION:\r\n"), KEPT("DESCRIPTION:\n")},
	    {EVENT("X-ALT-DESC;FMTTYPE=text/html:<p>Mr Brown</p>\r\n"), KEPT("X-ALT-DESC:x\n")},
	    {EVENT("BEGIN:VALARM\r\nDESCRIPTION:Mr Brown\r\nTRIGGER:-PT1H\r\nEND:VALARM\r\n"),
		KEPT("BEGIN:VALARM\n\n\nEND:VALARM\n")},
	    {EVENT("ORGANIZER;CN=Sam:mailto:sam@example.org\r\nATTACH:https://example.org/a\r\n"),
		KEPT("\n\n")},
	    {EVENT("ATTENDEE;PARTSTAT=ACCEPTED;CN=Sam:mailto:sam@example.org\r\n"), KEPT("\n")},
	    {EVENT("ATTENDEE;PARTSTAT=DECLINED;CN=J Jones:mailto:jj@example.org\r\n"),
		KEPT("ATTENDEE;PARTSTAT=DECLINED;CN=\"J Jones\":\n")},
	    {EVENT("ATTENDEE;PARTSTAT=DECLINED:mailto:j.jones@example.org\r\n"),
		KEPT("ATTENDEE;PARTSTAT=DECLINED;CN=\"j jones\":\n")},
	    {EVENT("ATTENDEE;PARTSTAT=DECLINED:urn:a\r\n"), KEPT("ATTENDEE;PARTSTAT=DECLINED:\n")},
	    {EVENT("CONTACT:Sam\\, sam@example.org\r\n"), KEPT("CONTACT:Sam\\, x@x.org\n")},
	    {EVENT("X-CANCELLED:TRUE\r\nX-NOTES:a long text about Mr Brown\r\n"),
		KEPT("X-CANCELLED:TRUE\n\n")},
	    {EVENT("DESCRIPTION:Off sick (chemo)\r\nCATEGORIES:Duty,Sick leave\r\n"),
		KEPT("DESCRIPTION:reasonwithheld\nCATEGORIES:Duty,reasonwithheld\n")},
	    {EVENT("COMMENT:Bereavement leave\\, back soon\r\n"),
		KEPT("COMMENT:reasonwithheld\\, back soon\n")},
	    {EVENT("COMMENT:Bereavement leave\\nback soon\r\n"),
		KEPT("COMMENT:reasonwithheld back soon\n")},
	    {EVENT("CONTACT:{SAM1@EXAMPLE.ORG} [sam@example.org]\r\n"),
		KEPT("CONTACT:{x@x.org} [x@x.org]\n")},
	    {EVENT("CONTACT:a@b@c, see @ home\r\n"), KEPT("CONTACT:x@x.org@c\\, see @ home\n")},
	    {EVENT("ATTENDEE;PARTSTAT=DECLINED:mailto:j\"jones@example.org\r\n"),
		KEPT("ATTENDEE;PARTSTAT=DECLINED;CN=\"j jones\":\n")},
	    {EVENT("no content line\r\n"), KEPT("?\n")},
	    {NAMED("X-WR-CALNAME:sam@example.org"), KEPT_NAME("")},
	    {NAMED("NAME:sam@example.org"), KEPT_NAME("")},
	    {NAMED("X-WR-CALNAME:Rota of sam@example.org"),
		KEPT_NAME("X-WR-CALNAME:Rota of sam@example.org")},
	    {NAMED("METHOD:PUBLISH"), KEPT_NAME("METHOD:PUBLISH")},
	    /* Not UTF-8, which a finding says. */
	    {EVENT("DESCRIPTION:Mr Br\xf6wn\r\n"), KEPT("DESCRIPTION;X=\xe9:x\n")},
	    {EVENT("DESCRIPTION:TBC Jos\xe9\r\n"), KEPT("DESCRIPTION;X=\xe9:TBC Jos\xe9\n")},
	    {EVENT("X-CANCELLED:n\xe3o\r\nX-NOTES:a long text about Mr Br\xf6wn\r\n"),
		KEPT("X-CANCELLED:n\xe3o\nX-NOTES;X=\xe9:withheldwithheldwithheldwithheld\n")},
	    {NAMED("X-WR-CALNAME:jos\xe9@example.org"), KEPT_NAME("X-WR-CALNAME;X=\xe9:")},
	};
	struct reading_options options = support_options();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(0);
		struct buf kept = {0};

		support_read_twice(arena, &options, cases[i].file);
		assert_true(kept_make(&kept, &options, slice_of(cases[i].file)));
		assert_string_equal(kept.at, cases[i].kept);
		buf_free(&kept);
		arena_free(arena);
	}
}

static void
nothing_is_kept_of_what_is_no_calendar(void **state)
{
	static const char *const files[] = {"", "<html>", "Mr Brown",
	    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "BEGIN:VCALENDAR\r\nEND:VEVENT\r\n",
	    "BEGIN:VEVENT\r\nEND:VEVENT\r\n",
	    "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\n"};
	struct reading_options options = support_options();
	struct buf kept = {0};

	(void)state;
	buf_add_text(&kept, "before");
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		assert_false(kept_make(&kept, &options, slice_of(files[i])));
		assert_string_equal(kept.at, "before");
	}
	buf_free(&kept);
}

static void
a_file_that_is_refused_by_its_bytes_is_not_kept(void **state)
{
	static const char with_nul[] = "BEGIN:VCALENDAR\r\nX-NOTES:a\0b\r\nEND:VCALENDAR\r\n";
	static const char calendar[] = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n";
	char *long_file = malloc(KEPT_MAX_BYTES + 1);
	struct reading_options options = support_options();
	struct buf kept = {0};

	(void)state;
	assert_false(kept_make(&kept, &options, (struct slice){with_nul, sizeof with_nul - 1}));
	memset(long_file, ' ', KEPT_MAX_BYTES + 1);
	memcpy(long_file, calendar, sizeof calendar - 1);
	assert_true(kept_make(&kept, &options, (struct slice){long_file, KEPT_MAX_BYTES}));
	assert_false(kept_make(&kept, &options, (struct slice){long_file, KEPT_MAX_BYTES + 1}));
	free(long_file);
	buf_free(&kept);
}

/* What a calendar of absences says beside who is away, and when. */
/* holds: H14.3 */
static void
of_leave_only_who_is_away_is_kept(void **state)
{
	static const struct {
		const char *title, *kept;
	} cases[] = {
	    {"J Jones - off sick (chemo)", "J Jones reasonwithheld"},
	    {"Kay Lee annual leave", "Kay Lee reasonwithheld"},
	    {"J Jones: training day", "J Jones reasonwithheld"},
	    {"A/L J Jones / Kay Lee", "J Jones\\, Kay Lee reasonwithheld"},
	    {"J Jones - hip operation at St Oswin's", "J Jones reasonwithheld"},
	    /* Says no reason. In a rota it would put somebody on duty. */
	    {"J Jones", "J Jones"},
	    {"AMHP - J Jones", "AMHP - J Jones"},
	    /* Wait for a person. */
	    {"A N Other zog", "A N Other zog"},
	    {"J Jones until 12:00", "J Jones until 12:00"},
	    {"J Jones A/L 5pm", "J Jones A/L 5pm"},
	    {"J Jones A/L 2026", "J Jones A/L 2026"},
	    {"J Jones A/L Mon-Fri", "J Jones A/L Mon-Fri"},
	    {"J Jones A/L 7 Dec", "J Jones A/L 7 Dec"},
	    {"J Jones A/L early", "J Jones A/L early"},
	    {"J Jones A/L 12h", "J Jones A/L 12h"},
	    {"J Jones A/L 9-5", "J Jones A/L 9-5"},
	    {"J Jones A/L, Kay Lee", "J Jones A/L, Kay Lee"},
	    {"R Green A/L", "R Green A/L"},
	    {"Cancelled: J Jones A/L", "Cancelled: J Jones A/L"},
	    {"J Jones A/L am", "J Jones A/L am"},
	    {"J Jones A/L 8-8", "J Jones A/L 8-8"},
	    {"", ""},
	};
	struct reading_options options = support_options();

	(void)state;
	options.absences = true;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(0);
		const char *file = arena_printf(arena,
		    LEAVE("SUMMARY:%s\r\nDESCRIPTION:Ring Mr Brown\r\nCOMMENT:hip, 2 weeks\r\n"
			  "CATEGORIES:Maternity,Personal\r\nLOCATION:St Oswin's ward 3\r\n"),
		    cases[i].title);
		struct buf kept = {0};

		support_read_twice(arena, &options, file);
		assert_true(kept_make(&kept, &options, slice_of(file)));
		if (strstr(kept.at, arena_printf(arena, "SUMMARY:%s\n", cases[i].kept)) == NULL)
			fail_msg("%s is kept as\n%s", cases[i].title, kept.at);
		assert_null(strstr(kept.at, "Brown"));
		assert_null(strstr(kept.at, "hip"));
		assert_null(strstr(kept.at, "Personal"));
		assert_null(strstr(kept.at, "ward"));
		buf_free(&kept);
		arena_free(arena);
	}
}

/* A title that was decided as a whole has no names: those of the directory stand for it, if they mean the same people. */
static void
of_a_decided_title_the_directory_has_the_names(void **state)
{
	static const struct reading_rule rules[] = {
	    {"Blue", READING_ABSENCE, "kay-lee", NULL},
	    {"Red", READING_ABSENCE, "r-green-1", NULL}, /* there are two R Green */
	    {"Black", READING_ABSENCE, "jo-jones",
		NULL}, /* whose name is decided to be another's */
	    {"White", READING_ABSENCE, "gone", NULL},
	};
	static const struct reading_alias aliases[] = {{"J Jones", "s-ahmed"}};
	static const struct {
		const char *title, *kept;
	} cases[] = {{"Blue", "Kay Lee reasonwithheld"}, {"Red", "Red"}, {"Black", "Black"},
	    {"White", "White"}};
	struct reading_options options = support_options();

	(void)state;
	options.absences = true;
	options.rules = rules;
	options.nrules = sizeof rules / sizeof *rules;
	options.aliases = aliases;
	options.naliases = 1;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(0);
		struct buf kept = {0};

		assert_true(kept_make(&kept, &options,
		    slice_of(arena_printf(arena, LEAVE("SUMMARY:%s\r\n"), cases[i].title))));
		if (strstr(kept.at, arena_printf(arena, "SUMMARY:%s\n", cases[i].kept)) == NULL)
			fail_msg("%s is kept as\n%s", cases[i].title, kept.at);
		buf_free(&kept);
		arena_free(arena);
	}
}

/* What is looked at of a description may end within a character; then nothing of it is kept but that it may say anything. */
static void
a_note_that_is_cut_within_a_character_may_say_anything(void **state)
{
	struct arena *arena = arena_new(0);
	struct reading_options options = support_options();
	struct buf kept = {0};
	char note[600];

	(void)state;
	snprintf(note, sizeof note, "TBC%496s\xc3\xa9 Mr Brown", "");
	memset(note + 4, 'x', 495);
	assert_true(kept_make(
	    &kept, &options, slice_of(arena_printf(arena, EVENT("DESCRIPTION:%s\r\n"), note))));
	assert_string_equal(kept.at, KEPT("DESCRIPTION:?\n"));
	buf_free(&kept);
	arena_free(arena);
}

/* A calendar with an event for every sixteenth phrase of the lexicon from ${first} on, in ${form} after ${property}; with
 * CRISISCOVER_ROUNDS of more than 1 in the environment, for each. */
static void
add_events(struct buf *file, const char *property, const char *form, size_t first)
{
	size_t step = rounds(1) > 1 ? 1 : 16;

	buf_reset(file);
	buf_add_text(file, "BEGIN:VCALENDAR\r\n");
	for (size_t i = first % step; i < lexicon_nentries; i += step) {
		char text[200];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(text, sizeof text, form, lexicon_entries[i].phrase);
#pragma GCC diagnostic pop
		buf_printf(file,
		    "BEGIN:VEVENT\r\nUID:%zu\r\nDTSTART:20260701T080000Z\r\nDURATION:PT1H\r\n"
		    "%s:%s\r\nEND:VEVENT\r\n",
		    i, property, text);
	}
	buf_add_text(file, "END:VCALENDAR\r\n");
}

/* Every phrase of the lexicon in every place of a description in which a phrase may take a shift away. */
static void
every_phrase_in_a_description_reads_the_same_when_kept(void **state)
{
	static const char *const forms[] = {"%s", "J Jones %s", "%s J Jones", "This shift is %s",
	    "%s - Mr Brown", "Mr Brown\\, %s", "<s>J Jones</s> %s", "%s Mr Brown", "%s?"};
	struct reading_options options = support_options();
	struct buf file = {0};

	(void)state;
	/* A file for each form, with an event for each phrase. */
	for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
		struct arena *arena = arena_new(0);

		add_events(&file, "SUMMARY:J Jones\r\nDESCRIPTION", forms[f], f);
		assert_false(support_read_twice(arena, &options, file.at).refused);
		arena_free(arena);
	}
	buf_free(&file);
}

/* The same with titles, and with a title of the rota that a manager has decided. */
static void
every_phrase_in_a_title_reads_the_same_when_kept(void **state)
{
	static const char *const forms[] = {"%s", "J Jones %s", "%s: J Jones / Kay Lee",
	    "J Jones (%s)\\, Kay Lee", "~~J Jones~~ %s", "J Jones - %s - covered by Kay Lee"};
	struct reading_options options = support_options();
	struct buf file = {0};

	(void)state;
	for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
		add_events(&file, "SUMMARY", forms[f], f);
		for (int absences = 0; absences < 2; absences++) {
			struct arena *arena = arena_new(0);

			options.absences = absences != 0;
			assert_false(support_read_twice(arena, &options, file.at).refused);
			arena_free(arena);
		}
	}
	buf_free(&file);
}

static size_t
of_class(const struct reading *reading, enum reading_class class)
{
	size_t count = 0;

	for (size_t i = 0; i < reading->noccurrences; i++)
		count += reading->occurrences[i].class == class;
	return count;
}

/* A rota may have the same bytes as a calendar of absences: of what is kept nobody is on who was not. */
static void
what_is_kept_of_leave_puts_nobody_on(void **state)
{
	static const char *const forms[] = {"J Jones %s", "%s: J Jones / Kay Lee", "J Jones (%s)"};
	struct reading_options options = support_options(), leave = options;
	const struct reading_tools tools = {support_zones()};
	struct buf file = {0}, kept = {0};

	(void)state;
	leave.absences = true;
	for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
		struct arena *arena = arena_new(0);
		struct reading was, is;

		add_events(&file, "SUMMARY", forms[f], f);
		buf_reset(&kept);
		assert_true(kept_make(&kept, &leave, slice_of(file.at)));
		reading_make(&tools, &options, slice_of(file.at), arena, &was);
		reading_make(&tools, &options, (struct slice){kept.at, kept.len}, arena, &is);
		assert_int_equal(of_class(&was, READING_NAMED), of_class(&is, READING_NAMED));
		assert_int_equal(of_class(&was, READING_TEAM), of_class(&is, READING_TEAM));
		arena_free(arena);
	}
	buf_free(&file);
	buf_free(&kept);
}

/* Calendars of random rows, of which many are beside what anybody would write. */
static void
random_calendars_read_the_same_when_kept(void **state)
{
	static const char *const rows[] = {"DESCRIPTION:TBC\r\n", "DESCRIPTION:Off sick. Ring\r\n",
	    "DESCRIPTION;X=\"a:b\":Mr \xc3\xb6\r\n", "COMMENT:ask a@b.org if needed\r\n",
	    "DESCRIPTION:\xe9t\xe9 cancelled\r\n", "ATTENDEE;PARTSTAT=DECLINED;CN=Kay Lee:x\r\n",
	    "ATTENDEE;PARTSTAT=TENTATIVE;CN=\"J \xe9\":mailto:a@b\r\n", "LOCATION:Leeds a@b\r\n",
	    "X-SHIFT-STATUS:Vacant\r\n", "X-WR-CALNAME:a@b\r\n", "\r\n\r\n", " folded\r\n",
	    "\tfolded, off sick\r\n", "junk\r\n", "BEGIN:VALARM\r\n", "END:VALARM\r\n",
	    "BEGIN:VEVENT\r\n", "END:VEVENT\r\n", "STATUS:TENTATIVE\r\n", "END:VCALENDAR\r\n",
	    "BEGIN:VCALENDAR\n", "SUMMARY:J Jones\r", "UID:b\r\n", "CATEGORIES:Leave,a@b\r\n",
	    "DTSTART:20260702T080000Z\r\n", "DURATION:PT2H\r\r\n", "RRULE:FREQ=DAILY;COUNT=3\r\n",
	    "DESCRIPTION:?\r\n", "DESCRIPTION:&lt;s&gt;J Jones&lt;/s&gt;\r\n", "GEO:1;2\r\n"};
	struct reading_options options = support_options();
	unsigned seed = 20261130, read = 0, cases = rounds(200);
	struct buf file = {0};

	(void)state;
	for (unsigned i = 0; i < cases; i++) {
		struct arena *arena = arena_new(0);

		buf_reset(&file);
		buf_add_text(&file,
		    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260701T080000Z\r\n"
		    "SUMMARY:J Jones\r\n");
		for (unsigned n = (unsigned)rand_r(&seed) % 8; n > 0; n--)
			buf_add_text(
			    &file, rows[(size_t)rand_r(&seed) % (sizeof rows / sizeof *rows)]);
		buf_add_text(&file, "END:VEVENT\r\nEND:VCALENDAR\r\n");
		options.absences = i % 4 == 0;
		read += !support_read_twice(arena, &options, file.at).refused;
		arena_free(arena);
	}
	assert_true(read > cases / 4);
	buf_free(&file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_more_than_what_is_read_is_kept),
	    cmocka_unit_test(nothing_is_kept_of_what_is_no_calendar),
	    cmocka_unit_test(a_file_that_is_refused_by_its_bytes_is_not_kept),
	    cmocka_unit_test(of_leave_only_who_is_away_is_kept),
	    cmocka_unit_test(of_a_decided_title_the_directory_has_the_names),
	    cmocka_unit_test(a_note_that_is_cut_within_a_character_may_say_anything),
	    cmocka_unit_test(every_phrase_in_a_description_reads_the_same_when_kept),
	    cmocka_unit_test(every_phrase_in_a_title_reads_the_same_when_kept),
	    cmocka_unit_test(what_is_kept_of_leave_puts_nobody_on),
	    cmocka_unit_test(random_calendars_read_the_same_when_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
