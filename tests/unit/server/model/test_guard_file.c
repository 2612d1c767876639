/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/base/arena.h"
#include "server/model/guard.h"

/* What a body is taken for by its bytes: a calendar, a roster, a workbook, the answer of a collection. */

#define CALENDAR "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
#define MULTISTATUS "<?xml version=\"1.0\"?>\n<D:multistatus xmlns:D=\"DAV:\">"
#define BOM "\xef\xbb\xbf"

static const struct file_case {
	const char *body;
	bool roster;
} files[] = {
    {"Date,Name,Start,End\n", true},
    {BOM "\r\n Date;Name;Start;End\n", true},
    {"Date\tName\n", true},
    {"Date|Name\n", true},
    {"PK\3\4 a workbook", true},
    {"\xd0\xcf\x11\xe0 an old one: its reader refuses it in words", true},
    {"\xff\xfe"
     "D",
	true},
    {"\xfe\xff"
     "D",
	true},
    {CALENDAR, false},
    {BOM "\n" CALENDAR, false},
    {"begin:vcalendar, in small letters", false},
    {"<html>Sign in, please</html>", false},
    {"{\"error\": 1, \"more\": 2}", false},
    {"%PDF-1.7, a sheet", false},
    {"\x1f\x8b, compressed", false},
    {"There is nothing here.", false},
    {" \r\n\t", false},
    {"", false},
};

static void
a_roster_is_known_by_its_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (guard_is_roster(slice_of(files[i].body)) != files[i].roster)
			fail_msg(
			    "file %zu is%s taken for a roster", i, files[i].roster ? " not" : "");
}

static void
the_media_type_is_that_of_the_bytes(void **state)
{
	static const char workbook[] =
	    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

	(void)state;
	assert_string_equal(guard_format(SLICE(CALENDAR), false), "text/calendar");
	assert_string_equal(guard_format(SLICE("a,b\n"), true), "text/csv");
	assert_string_equal(guard_format(SLICE("PK\3\4"), true), workbook);
	/* Its reader says what an old workbook is. */
	assert_string_equal(guard_format(SLICE("\xd0\xcf\x11\xe0"), true), workbook);
}

static const struct collection_case {
	const char *body, *want; /* NULL: it may be read */
} collections[] = {
    {MULTISTATUS "</D:multistatus>\n", NULL},
    {BOM "\n<!-- a comment --><multistatus></multistatus> \t\r\n", NULL},
    {MULTISTATUS "<D:response>", "breaks off"},
    {MULTISTATUS "</D:multistatus", "breaks off"},
    {"<multistatus", "breaks off"},
    {"<multistatus \t\n", "breaks off"},
    {"<html>Sign in</html>", "a web page"},
    {"<html>multistatu</html>", "a web page"},
    {CALENDAR, "take the kind ical_url"},
    {"BEGIN:VCALENDAR\r\n", "breaks off"},
    {"Date,Name\n", "is not a calendar"},
    {"", "is empty"},
    {" \n", "is empty"},
};

static void
the_answer_of_a_collection_is_whole_or_said_what_it_is(void **state)
{
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof collections / sizeof *collections; i++) {
		const struct collection_case *c = &collections[i];
		const char *why = guard_collection(arena, slice_of(c->body), SLICE("text/xml"));

		if (c->want == NULL ? why != NULL : why == NULL || strstr(why, c->want) == NULL)
			fail_msg("collection %zu: %s instead of %s", i, why ? why : "(read)",
			    c->want ? c->want : "(read)");
	}
	arena_free(arena);
}

/* The word is looked for at the begin alone: a page of many kilobytes is no collection for it. */
static void
a_page_that_speaks_of_one_late_is_a_page(void **state)
{
	static char page[4096];
	struct arena *arena = arena_new(0);

	(void)state;
	memset(page, ' ', sizeof page);
	memcpy(page, "<html>", 6);
	memcpy(page + sizeof page - 13, "multistatus>", 12);
	assert_non_null(strstr(
	    guard_collection(arena, (struct slice){page, sizeof page - 1}, SLICE("text/html")),
	    "web page"));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_roster_is_known_by_its_bytes),
	    cmocka_unit_test(the_media_type_is_that_of_the_bytes),
	    cmocka_unit_test(the_answer_of_a_collection_is_whole_or_said_what_it_is),
	    cmocka_unit_test(a_page_that_speaks_of_one_late_is_a_page),
	};

	return cmocka_run_group_tests_name("guard_file", tests, NULL, NULL);
}
