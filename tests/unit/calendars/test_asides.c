/* SPDX-License-Identifier: MIT */
/* What stands beside the title of an event, and what its calendar is called, may take a shift away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/calendars/support.h"

#define SHIFT                                                                                      \
	"BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260701T080000Z\r\nDTEND:20260701T200000Z\r\n"          \
	"SUMMARY:J Jones\r\n"
#define TIMES "DTSTART:20260701T080000Z\r\nDTEND:20260701T200000Z\r\nSUMMARY:J Jones\r\n"
#define NAMED "0701T0800 named"
#define OPEN "0701T0800 tentative"

struct want {
	const char *lines, *classes, *finding;
};

static void
try_each(const struct want *wants, size_t count)
{
	struct reading_options options = support_options();

	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new(0);
		struct reading reading =
		    support_event(arena, &options, arena_printf(arena, TIMES "%s", wants[i].lines));
		const char *got = support_classes(arena, &reading);

		if (strcmp(got, wants[i].classes) != 0)
			fail_msg("%s gives %s, wants %s", wants[i].lines, got, wants[i].classes);
		if (wants[i].finding != NULL ? !support_finding(&reading, NULL, wants[i].finding)
					     : reading.nfindings != 0)
			fail_msg("%s: its findings", wants[i].lines);
		arena_free(arena);
	}
}
#define TRY(wants) try_each((wants), sizeof(wants) / sizeof *(wants))

static void
a_category_may_take_somebody_off_duty(void **state)
{
	static const struct want wants[] = {
	    {"CATEGORIES:Annual Leave\r\n", OPEN, "in CATEGORIES"},
	    {"CATEGORIES:AMHP,Cancelled\r\n", OPEN, "in CATEGORIES"},
	    {"CATEGORIES:Red Category\r\nCATEGORIES:Shadowing - not counted\r\n", OPEN,
		"in CATEGORIES"},
	    {"CATEGORIES:Training\r\n", OPEN, "in CATEGORIES"},
	    {"CATEGORIES:Provisional\r\n", OPEN, "in CATEGORIES"},
	    {"CATEGORIES:AMHP\\, Cancelled\r\n", OPEN, "in CATEGORIES"},
	    {"CATEGORIES:AMHP,Red Category,Zog\r\n", NAMED, NULL},
	    {"CATEGORIES:\r\n", NAMED, NULL},
	};

	(void)state;
	TRY(wants);
}

static void
a_place_may_be_another_one_than_the_shifts(void **state)
{
	static const struct want wants[] = {
	    {"LOCATION:AMHP training\\, Southmoor Conference Centre\r\n", OPEN, "in LOCATION"},
	    {"LOCATION:Conference - Leeds\r\n", OPEN, "in LOCATION"},
	    {"LOCATION:On annual leave\r\n", OPEN, "in LOCATION"},
	    {"LOCATION:Nobody\r\n", OPEN, "in LOCATION"},
	    {"LOCATION:Training\\; Room 2 - Alder Clinic\r\n", OPEN, "in LOCATION"},
	    {"LOCATION:Alder Clinic\\, Zog Street - training\r\n", NAMED, NULL},
	    {"LOCATION:Alder Clinic\r\n", NAMED, NULL},
	    {"LOCATION:Zog House\\, Training Street\r\n", NAMED, NULL},
	    {"LOCATION:01632 960111\r\n", NAMED, NULL},
	    {"LOCATION:Alderbrook\r\n", NAMED, NULL},
	};

	(void)state;
	TRY(wants);
}

static void
a_comment_and_a_status_of_its_own_are_read(void **state)
{
	static const struct want wants[] = {
	    {"COMMENT:J Jones is off sick\r\n", OPEN, "in COMMENT"},
	    {"COMMENT:Swap agreed: Kay Lee does this one instead\r\n", OPEN, "in COMMENT"},
	    {"COMMENT:Swapping with Kay Lee\r\n", OPEN, "in COMMENT"},
	    {"COMMENT:Covered by Kay Lee\r\n", OPEN, "in COMMENT"},
	    {"COMMENT:Kay Lee instead of J Jones\r\n", OPEN, "in COMMENT"},
	    {"COMMENT:Keys at the desk\r\n", NAMED, NULL},
	    {"X-ROTA-SHIFT-STATUS:Cancelled\r\n", OPEN, "in X-ROTA-SHIFT-STATUS"},
	    {"x-status:Unfilled\r\n", OPEN, "in x-status"},
	    {"X-ROTA-SHIFT-STATUS:Published\r\n", NAMED, NULL},
	    {"X-MICROSOFT-CDO-INTENDEDSTATUS:TENTATIVE\r\n", NAMED, NULL},
	    {"X-ROSTER-STATUS:UNPUBLISHED\r\n", OPEN, "in X-ROSTER-STATUS"},
	    {"CONTACT:J Jones rang - can't make it\r\n", OPEN, "in CONTACT"},
	    {"CONTACT:Kay Lee\\, 01632 960111\r\n", NAMED, NULL},
	};

	(void)state;
	TRY(wants);
}

/* A tick under "Cancelled", as programs of rotas write it. */
static void
a_flag_of_its_own_may_take_the_shift_away(void **state)
{
	static const struct want wants[] = {
	    {"X-CANCELLED:Cancelled\r\n", OPEN, "in X-CANCELLED"},
	    {"X-DELETED:TRUE\r\n", OPEN, "in X-DELETED"},
	    {"X-IS-CANCELLED:1\r\n", OPEN, "in X-IS-CANCELLED"},
	    {"X-ACME-SHIFT_VACANT:yes\r\n", OPEN, "in X-ACME-SHIFT_VACANT"},
	    {"X-TEAMUP-LEAVE:Y\r\n", OPEN, "in X-TEAMUP-LEAVE"},
	    {"X-DRAFT:true\r\n", OPEN, "in X-DRAFT"},
	    {"X-PROVISIONAL:TRUE\r\n", OPEN, "in X-PROVISIONAL"},
	    {"X-ANNUAL-LEAVE:TRUE\r\n", OPEN, "in X-ANNUAL-LEAVE"},
	    {"X-DELETED:FALSE\r\n", NAMED, NULL},
	    {"X-CANCELLED:0\r\n", NAMED, NULL},
	    {"X-CANCELLED:\r\n", NAMED, NULL},
	    {"X-PUBLISHED:TRUE\r\n", NAMED, NULL},
	    {"X-PUBLISHED:FALSE\r\n", OPEN, "in X-PUBLISHED"},
	    {"X-CONFIRMED:no\r\n", OPEN, "in X-CONFIRMED"},
	    {"X-CONFIRMED:yes\r\n", NAMED, NULL},
	    {"X-MICROSOFT-DISALLOW-COUNTER:TRUE\r\n", NAMED, NULL},
	    {"X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC\r\n", NAMED, NULL},
	    {"X-CANCEL-URL:https://rota.example/c/1\r\n", NAMED, NULL},
	    {"X-COLOUR:red\r\n", NAMED, NULL},
	};

	(void)state;
	TRY(wants);
}

/* People write instructions there, so only its first clause is about the shift. */
static void
a_description_may_begin_with_the_end_of_the_shift(void **state)
{
	static const struct want wants[] = {
	    {"DESCRIPTION:Cancelled - see new rota\\n\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:DRAFT\\, awaiting confirmation\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:\\n\\nJ Jones off sick. Kay Lee asked\r\n", OPEN, "in DESCRIPTION"},
	    {"X-ALT-DESC;FMTTYPE=text/html:<html><body><p><b>CANCELLED</b> - do not "
	     "call</p></body></html>\r\n",
		OPEN, "in X-ALT-DESC"},
	    {"DESCRIPTION:Tel 01632 960144. Leave is booked with the hub.\r\n", NAMED, NULL},
	    {"DESCRIPTION:Ring the hub if cancelled\r\n", NAMED, NULL},
	    {"X-ALT-DESC;FMTTYPE=text/html:<p>Shift <b>CANCELLED</b> by rota office</p>\r\n", OPEN,
		"in X-ALT-DESC"},
	    {"DESCRIPTION:This shift has been withdrawn 22/12\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:Handover at 09:00\r\n", NAMED, NULL},
	    {"DESCRIPTION:Ask for the keys at the desk\r\n", NAMED, NULL},
	    {"DESCRIPTION:TBC\r\n", OPEN, "in DESCRIPTION"},
	    {"X-ALT-DESC;FMTTYPE=text/html:<html><body><p><s>J Jones</s> Agency "
	     "worker</p></body></html>\r\n",
		OPEN, "in X-ALT-DESC"},
	    {"DESCRIPTION:~~J Jones~~ Kay Lee\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:Join the meeting\\n<s>old link</s>\r\n", NAMED, NULL},
	    {"DESCRIPTION:~~~~~~~~~~\\nTel 01632 960144\r\n", NAMED, NULL},
	    {"DESCRIPTION:Tel ~~\r\n", NAMED, NULL},
	    {"DESCRIPTION:Tel ~~01632 960144\r\n", NAMED, NULL},
	    {"DESCRIPTION:This is now the shift\r\n", NAMED, NULL},
	    {"DESCRIPTION:Nobody on\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:Annual leave\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:Sick\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:Off duty\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:On leave. Ring the hub\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:This shift is vacant\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:Needs cover\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:Shadowing\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:Help desk 01632 960144\r\n", NAMED, NULL},
	    {"DESCRIPTION:\r\n", NAMED, NULL},
	};

	(void)state;
	TRY(wants);
}

/* Words that can only be about whether somebody comes have their force whatever follows them. */
/* holds: H04.2 */
static void
a_description_may_say_that_it_is_uncertain(void **state)
{
	static const struct want wants[] = {
	    {"DESCRIPTION:TBC with agency\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:To be confirmed by Friday\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:Provisional until Kay Lee has agreed\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:This shift is not yet confirmed with the bank\r\n", OPEN,
		"in DESCRIPTION"},
	    {"DESCRIPTION:If needed only\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:Jo Jones TBC by noon\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:Kay Lee possibly\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:Kay Lee?\r\n", OPEN, "in DESCRIPTION"},
	    {"DESCRIPTION:?\r\n", OPEN, "in DESCRIPTION"},
	    {"COMMENT:Kay Lee?\r\n", OPEN, "in COMMENT"},
	    {"DESCRIPTION:Lost? Ring 01632 960144\r\n", NAMED, NULL},
	    {"DESCRIPTION:https://rota.example/?id=4\r\n", NAMED, NULL},
	    {"DESCRIPTION:Room TBC\r\n", NAMED, NULL},
	    {"DESCRIPTION:Dial in details to be confirmed\r\n", NAMED, NULL},
	    {"DESCRIPTION:Ring the ward if needed\r\n", NAMED, NULL},
	    {"DESCRIPTION:Ring Kay Lee if needed\r\n", NAMED, NULL},
	    {"DESCRIPTION:Keys at the desk. Lunch TBC\r\n", NAMED, NULL},
	};

	(void)state;
	TRY(wants);
}

/* holds: H04.2 */
static void
who_has_not_quite_accepted_does_not_count(void **state)
{
	static const struct want wants[] = {
	    {"ATTENDEE;PARTSTAT=TENTATIVE;CN=J Jones:mailto:j@example.org\r\n", OPEN, "only maybe"},
	    {"ATTENDEE;PARTSTAT=TENTATIVE;CN=Kay Lee:mailto:k@example.org\r\n", NAMED, NULL},
	    {"ATTENDEE;PARTSTAT=NEEDS-ACTION;CN=J Jones:mailto:j@example.org\r\n", NAMED, NULL},
	};

	(void)state;
	TRY(wants);
}

/* ${count} times ${text}. */
static const char *
repeated(struct arena *arena, const char *text, size_t count)
{
	struct buf buf = {0};
	const char *out;

	for (size_t i = 0; i < count; i++)
		buf_add_text(&buf, text);
	out = arena_strndup(arena, buf.at, buf.len);
	buf_free(&buf);
	return out;
}

/* More may stand beside a title than is looked at. What is not looked at may take the shift away. */
static void
what_is_too_long_to_be_looked_at_leaves_a_shift_open(void **state)
{
	struct arena *arena = arena_new(0);
	const char *filler = repeated(arena, "Zog Z. ", 70); /* 490 bytes */
	const struct want wants[] = {
	    {arena_printf(arena, "CATEGORIES:%sCancelled\r\n", repeated(arena, "AMHP,", 40)), OPEN,
		"in CATEGORIES"},
	    {arena_printf(arena, "CATEGORIES:%sAMHP\r\n", repeated(arena, "AMHP,", 39)), NAMED,
		NULL},
	    {arena_printf(arena, "%sCOMMENT:Off sick\r\n",
		 repeated(arena, "COMMENT:Keys at the desk\r\n", 40)),
		OPEN, "in COMMENT"},
	    {arena_printf(arena, "COMMENT:%sKeys, %sshift cancelled\r\n", filler, filler), OPEN,
		"in COMMENT"},
	    {arena_printf(arena, "COMMENT:%sKeys\r\n", filler), NAMED, NULL},
	    {arena_printf(arena, "LOCATION:%sKeys, %s off sick\r\n", filler, filler), OPEN,
		"in LOCATION"},
	    {arena_printf(arena, "CATEGORIES:%s%s,Cancelled\r\n", filler, filler), OPEN,
		"in CATEGORIES"},
	    /* Only the beginning of a description is about the shift. */
	    {arena_printf(arena, "DESCRIPTION:%sKeys, %s off sick\r\n", filler, filler), NAMED,
		NULL},
	    {arena_printf(arena, "DESCRIPTION:%497sTB\\C\r\n", ""), NAMED, NULL},
	    /* A backslash without a letter after it is itself. */
	    {"LOCATION:Desk\\\r\n", NAMED, NULL},
	    {"CATEGORIES:Cancelled\\\r\n", OPEN, "in CATEGORIES"},
	};

	(void)state;
	TRY(wants);
	arena_free(arena);
}

/* What a whole title was decided to mean, it means as a place, too. */
static void
a_decision_on_a_title_holds_for_a_place(void **state)
{
	static const struct reading_rule rule = {"Day shift", READING_NOBODY, NULL, NULL};
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	const char *lines = TIMES "LOCATION:Day shift\r\n";
	struct reading reading = support_event(arena, &options, lines);

	(void)state;
	assert_string_equal(support_classes(arena, &reading), NAMED);
	options.rules = &rule;
	options.nrules = 1;
	reading = support_event(arena, &options, lines);
	assert_string_equal(support_classes(arena, &reading), OPEN);
	arena_free(arena);
}

/* A decision on a whole title may name a team; a leave calendar is called leave. */
static void
a_team_is_left_open_like_a_person(void **state)
{
	static const struct reading_rule rule = {"Alder", READING_TEAM, NULL, "EDT"};
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	const struct {
		const char *head, *more, *classes;
		bool absences;
	} wants[] = {
	    {"", "", "0701T0800 team", false},
	    {"", "CATEGORIES:Cancelled\r\n", "0701T0800 undecided", false},
	    {"X-WR-CALNAME:Annual leave\r\n", "", "0701T0800 undecided", false},
	    {"X-WR-CALNAME:Annual leave\r\n", "", "0701T0800 team", true},
	};

	(void)state;
	options.rules = &rule;
	options.nrules = 1;
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
		struct reading reading;

		options.absences = wants[i].absences;
		reading = support_read(arena, &options,
		    arena_printf(arena,
			"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n%sBEGIN:VEVENT\r\nUID:a\r\n"
			"DTSTART:20260701T080000Z\r\nDTEND:20260701T200000Z\r\nSUMMARY:Alder\r\n"
			"%sEND:VEVENT\r\nEND:VCALENDAR\r\n",
			wants[i].head, wants[i].more));
		assert_string_equal(support_classes(arena, &reading), wants[i].classes);
	}
	arena_free(arena);
}

static const char *
classes_in(struct arena *arena, const char *head)
{
	struct reading_options options = support_options();
	struct reading reading = support_read(arena, &options,
	    arena_printf(arena,
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n%s" SHIFT "END:VEVENT\r\nEND:VCALENDAR\r\n",
		head));

	return support_classes(arena, &reading);
}

static void
the_name_and_the_method_of_a_calendar_hold_for_its_events(void **state)
{
	static const struct want wants[] = {
	    {"X-WR-CALNAME:DRAFT Fenmere January - do not use\r\n", OPEN, NULL},
	    {"NAME:Provisional rota\r\n", OPEN, NULL},
	    {"X-WR-CALNAME:Fenmere AMHP - annual leave\r\n", OPEN, NULL},
	    {"X-WR-CALNAME:Fenmere cancelled shifts\r\n", OPEN, NULL},
	    {"X-WR-CALNAME:Fenmere AMHP sickness\r\n", OPEN, NULL},
	    {"X-WR-CALNAME:Fenmere duty and leave\r\n", NAMED, NULL},
	    {"X-WR-CALNAME:Fenmere rota and leave\r\n", NAMED, NULL},
	    {"X-WR-CALNAME:Fenmere AMHP\r\n", NAMED, NULL},
	    {"X-WR-CALDESC:Withdrawn 2 January\\, see version 3\r\n", OPEN, NULL},
	    {"X-WR-CALDESC:Who is on duty when\r\n", NAMED, NULL},
	    {"METHOD:COUNTER\r\n", OPEN, NULL},
	    {"METHOD:REPLY\r\n", OPEN, NULL},
	    {"METHOD:REFRESH\r\n", OPEN, NULL},
	    {"METHOD:DECLINECOUNTER\r\n", OPEN, NULL},
	    {"METHOD:REQUEST\r\n", NAMED, NULL},
	    {"METHOD:PUBLISH\r\n", NAMED, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
		struct arena *arena = arena_new(0);
		const char *got = classes_in(arena, wants[i].lines);

		if (strcmp(got, wants[i].classes) != 0)
			fail_msg("%s gives %s", wants[i].lines, got);
		arena_free(arena);
	}
}

/* Two files put together: the second one ends the shift of the first. */
static void
a_second_calendar_is_found_behind_a_byte_order_mark(void **state)
{
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct reading reading = support_read(arena, &options,
	    "\xef\xbb\xbf"
	    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" SHIFT "END:VEVENT\r\nEND:VCALENDAR\r\n"
	    "\xef\xbb\xbf"
	    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:CANCEL\r\n" SHIFT
	    "SEQUENCE:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");

	(void)state;
	assert_string_equal(support_classes(arena, &reading), "0701T0800 cancelled");
	reading = support_read(arena, &options,
	    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" SHIFT "END:VEVENT\r\nEND:VCALENDAR\r\n" SHIFT
	    "SEQUENCE:1\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\n");
	assert_true(reading.refused);
	arena_free(arena);
}

/* What is made of descriptions is let go at once: thousands of them refuse no calendar. */
static void
many_long_descriptions_refuse_nothing(void **state)
{
	struct reading_options options = support_options();
	struct arena *arena = arena_new(0);
	struct arena *limited = arena_new((size_t)48 << 20);
	struct buf text = {0};
	struct reading reading;

	(void)state;
	buf_add_text(&text, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
	for (int i = 0; i < 3000; i++) {
		buf_printf(&text,
		    "BEGIN:VEVENT\r\nUID:%d\r\n" TIMES "LOCATION:Desk %d\r\nDESCRIPTION:", i, i);
		for (int word = 0; word < 40; word++)
			buf_printf(&text, "word%d ", i + word);
		buf_add_text(&text, "\r\nEND:VEVENT\r\n");
	}
	buf_add_text(&text, "END:VCALENDAR\r\n");
	reading = support_read(limited, &options, arena_strndup(arena, text.at, text.len));
	buf_free(&text);
	assert_false(reading.refused);
	assert_int_equal(reading.noccurrences, 3000);
	arena_free(limited);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_category_may_take_somebody_off_duty),
	    cmocka_unit_test(a_place_may_be_another_one_than_the_shifts),
	    cmocka_unit_test(a_comment_and_a_status_of_its_own_are_read),
	    cmocka_unit_test(a_flag_of_its_own_may_take_the_shift_away),
	    cmocka_unit_test(a_description_may_begin_with_the_end_of_the_shift),
	    cmocka_unit_test(a_description_may_say_that_it_is_uncertain),
	    cmocka_unit_test(what_is_too_long_to_be_looked_at_leaves_a_shift_open),
	    cmocka_unit_test(a_decision_on_a_title_holds_for_a_place),
	    cmocka_unit_test(a_team_is_left_open_like_a_person),
	    cmocka_unit_test(who_has_not_quite_accepted_does_not_count),
	    cmocka_unit_test(many_long_descriptions_refuse_nothing),
	    cmocka_unit_test(a_second_calendar_is_found_behind_a_byte_order_mark),
	    cmocka_unit_test(the_name_and_the_method_of_a_calendar_hold_for_its_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
