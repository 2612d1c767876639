/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calendars/titles/html.h"

static void
expect(struct arena *arena, const char *text, const char *wanted)
{
	assert_string_equal(html_text(arena, text), wanted);
}

/* A person with one of these letters in the name is found by it. */
static void
entities_are_the_letters_they_name(void **state)
{
	static const char *const letters[][2] = {{"amp", "&"}, {"lt", "<"}, {"gt", ">"},
	    {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}, {"ndash", "-"}, {"mdash", "-"},
	    {"hyphen", "-"}, {"lsquo", "'"}, {"rsquo", "'"}, {"ldquo", "\""}, {"rdquo", "\""},
	    {"hellip", "..."}, {"bull", "|"}, {"middot", "|"}, {"rarr", "->"}, {"shy", ""},
	    {"aacute", "á"}, {"agrave", "à"}, {"ccedil", "ç"}, {"eacute", "é"}, {"egrave", "è"},
	    {"euml", "ë"}, {"iacute", "í"}, {"iuml", "ï"}, {"ntilde", "ñ"}, {"oacute", "ó"},
	    {"ouml", "ö"}, {"uacute", "ú"}, {"uuml", "ü"}};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
		expect(arena, arena_printf(arena, "J&%s;Jones", letters[i][0]),
		    arena_printf(arena, "J%sJones", letters[i][1]));
	expect(arena, "J &#39;&#x27;&#X27; Jones", "J ''' Jones");
	expect(arena, "Na&#239;f &#x1F334;", "Naïf \xf0\x9f\x8c\xb4");
	arena_free(arena);
}

static void
what_is_no_entity_stays(void **state)
{
	static const char *const texts[] = {"J Jones & S Ahmed", "J Jones &zog; S Ahmed", "&;",
	    "&#;", "&#x;", "&#0;", "&#xd800;", "&#xdfff;", "&#x110000;", "&#39x;", "&amp",
	    "&amper;"};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		expect(arena, texts[i], texts[i]);
	expect(arena, "&#xd7ff;&#xe000;&#x10ffff;", "\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf");
	arena_free(arena);
}

static void
what_begins_like_no_tag_stays(void **state)
{
	static const char *const texts[] = {"J Jones < S Ahmed", "J Jones <> S Ahmed",
	    "J Jones <:x> S Ahmed", "J Jones <*x> S Ahmed", "J Jones <-> S Ahmed"};
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		expect(arena, texts[i], texts[i]);
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(entities_are_the_letters_they_name),
	    cmocka_unit_test(what_is_no_entity_stays),
	    cmocka_unit_test(what_begins_like_no_tag_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
