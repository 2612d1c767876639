/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/feeds/notes.h"

#define NOW INT64_C(1790000000)

/* The memory of ${list}: the versions as the next reading is compared with them. */
static struct slice
kept(struct arena *arena, const struct reading_version *list, size_t count)
{
	struct reading reading = {.versions = list, .nversions = count};
	struct notes_about about = {.now = NOW};
	json_t *document = json_object();
	const char *hex;
	char *bytes;
	size_t len;

	notes_add(arena, document, &reading, &about);
	hex = json_string_value(json_object_get(document, "versions"));
	len = strlen(hex) / 2;
	bytes = arena_alloc(arena, len + 1);
	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)(text_hex_value(hex[2 * i]) << 4 | text_hex_value(hex[2 * i + 1]));
	json_decref(document);
	return (struct slice){bytes, len};
}

/* "kind text; …" of what is told of ${list} after ${before}. */
static const char *
told(struct arena *arena, struct slice before, const struct reading_version *list, size_t count)
{
	struct reading reading = {.versions = list, .nversions = count};
	struct notes_about about = {.before = before, .now = NOW, .zones = 7, .moved = 3};
	json_t *document = json_object(), *warning;
	const char *all = "";
	size_t i;

	notes_add(arena, document, &reading, &about);
	assert_string_equal(
	    json_string_value(json_object_get(document, "zones")), "0000000000000007");
	assert_int_equal(json_integer_value(json_object_get(document, "moved")), 3);
	json_array_foreach(json_object_get(document, "warnings"), i, warning)
	{
		assert_non_null(json_object_get(warning, "remedy"));
		all = arena_printf(arena, "%s%s%s %s", all, i > 0 ? "; " : "",
		    json_string_value(json_object_get(warning, "kind")),
		    json_string_value(json_object_get(warning, "text")));
	}
	json_decref(document);
	return all;
}

static void
versions_that_go_back_are_told(void **state)
{
	static const struct reading_version before[] = {
	    {10, 1, 3, NOW - 100, "a", 2, INT64_MIN, INT64_MIN},
	    {20, 1, 0, NOW - 100, "b", 9, INT64_MIN, INT64_MIN},
	    {30, 1, 5, INT64_MIN, "c", 17, INT64_MIN, INT64_MIN}};
	static const struct {
		struct reading_version list[3];
		const char *want;
	} cases[] = {
	    /* The same, or newer. */
	    {{{10, 1, 3, NOW - 100, "a", 2, INT64_MIN, INT64_MIN},
		 {20, 2, 0, NOW - 50, "b", 9, INT64_MIN, INT64_MIN},
		 {30, 2, 6, INT64_MIN, "c", 17, INT64_MIN, INT64_MIN}},
		""},
	    /* Back, but it says what it said. */
	    {{{10, 1, 2, NOW - 200, "a", 2, INT64_MIN, INT64_MIN},
		 {20, 1, 0, NOW - 300, "b", 9, INT64_MIN, INT64_MIN},
		 {30, 1, 0, 1, "c", 17, INT64_MIN, INT64_MIN}},
		""},
	    /* SEQUENCE falls. */
	    {{{10, 2, 2, NOW - 100, "a", 2, INT64_MIN, INT64_MIN},
		 {20, 1, 0, NOW - 100, "b", 9, INT64_MIN, INT64_MIN},
		 {30, 1, 5, INT64_MIN, "c", 17, INT64_MIN, INT64_MIN}},
		"versions 1 event changed while its version went back (SEQUENCE or DTSTAMP), for example the one on line 2. "
		"The newest copy was read."},
	    /* DTSTAMP goes back, and a SEQUENCE that is not written any more falls. */
	    {{{10, 1, 3, NOW - 100, "a", 2, INT64_MIN, INT64_MIN},
		 {20, 2, 0, NOW - 101, "b", 9, INT64_MIN, INT64_MIN},
		 {30, 2, 0, INT64_MIN, "c", 4, INT64_MIN, INT64_MIN}},
		"versions 2 events changed while their versions went back (SEQUENCE or DTSTAMP), for example the one on line 4. "
		"The newest copy was read."},
	    /* Two of one event: which of them went back is not known. */
	    {{{10, 2, 2, NOW - 500, "a", 2, INT64_MIN, INT64_MIN},
		 {10, 3, 2, NOW - 500, "a", 7, INT64_MIN, INT64_MIN},
		 {30, 1, 5, INT64_MIN, "c", 17, INT64_MIN, INT64_MIN}},
		""},
	    /* A new event, however old its stamp. */
	    {{{15, 2, 0, 1, "n", 2, INT64_MIN, INT64_MIN},
		 {20, 1, 0, NOW - 100, "b", 9, INT64_MIN, INT64_MIN},
		 {30, 1, 5, INT64_MIN, "c", 17, INT64_MIN, INT64_MIN}},
		""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_new(0);

		assert_string_equal(
		    told(arena, kept(arena, before, 3), cases[i].list, 3), cases[i].want);
		/* Nothing is told of a body that is the first. */
		assert_string_equal(told(arena, (struct slice){0}, cases[i].list, 3), "");
		arena_free(arena);
	}
}

static void
stamps_of_the_future_are_told(void **state)
{
	static const struct reading_version fine[] = {
	    {1, 1, 0, NOW + 300, "a", 2, INT64_MIN, INT64_MIN},
	    {2, 1, 0, INT64_MIN, "b", 9, INT64_MIN, INT64_MIN}};
	static const struct reading_version future[] = {
	    {1, 1, 0, NOW + 301, "a", 12, INT64_MIN, INT64_MIN},
	    {2, 1, 0, NOW + 9999, "b", 9, INT64_MIN, INT64_MIN},
	    {3, 1, 0, NOW, "c", 1, INT64_MIN, INT64_MIN}};
	struct arena *arena = arena_new(0);

	(void)state;
	assert_string_equal(told(arena, (struct slice){0}, fine, 2), "");
	assert_string_equal(told(arena, (struct slice){0}, future, 3),
	    "stamps 2 events are stamped in the future (DTSTAMP), for example the one on line 9.");
	arena_free(arena);
}

/* Against a table: binary search over many events finds each. */
static void
every_event_is_found_again(void **state)
{
	enum { EVENTS = 1000 };
	struct arena *arena = arena_new(0);
	struct reading_version *list = arena_array(arena, EVENTS, sizeof *list);
	struct slice before;

	(void)state;
	for (uint32_t i = 0; i < EVENTS; i++)
		list[i] = (struct reading_version){
		    (uint64_t)i * 0x0020000000000000U, 1, 2, NOW, "x", i + 1, INT64_MIN, INT64_MIN};
	before = kept(arena, list, EVENTS);
	for (size_t i = 0; i < EVENTS; i += 7) {
		list[i].content = 2;
		list[i].sequence = 1;
		assert_non_null(
		    strstr(told(arena, before, list, EVENTS), "versions 1 event changed"));
		list[i].content = 1;
		list[i].sequence = 2;
	}
	arena_free(arena);
}

static void
clocks_are_compared(void **state)
{
	static const char *const no_dates[] = {"", "now", "Sun, 06 Nov 1994 08:49:37", "1790000000",
	    "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
	    "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
	    "Sun, 06 Nov 1994 08-49-37 GMT", "Sun, 06 Nov 1994 08:49:37 BST"};
	struct slice date = SLICE("Sun, 06 Nov 1994 08:49:37 GMT");
	const int64_t historical = 784111777;

	(void)state;
	assert_int_equal(notes_http_date(date), historical);
	for (size_t i = 0; i < sizeof no_dates / sizeof *no_dates; i++) {
		assert_true(notes_http_date(slice_of(no_dates[i])) == INT64_MIN);
		assert_int_equal(notes_clock_off(slice_of(no_dates[i]), SLICE(""), NOW), 0);
	}
	assert_int_equal(notes_clock_off(date, SLICE(""), historical + 300), 0);
	assert_int_equal(notes_clock_off(date, SLICE(""), historical - 300), 0);
	assert_int_equal(notes_clock_off(date, SLICE(""), historical + 301), -301);
	assert_int_equal(notes_clock_off(date, SLICE(""), historical - 301), 301);
	/* A cache's answer is as old as it says; what it says must be a number. */
	assert_int_equal(notes_clock_off(date, SLICE("3600"), historical + 3600), 0);
	assert_int_equal(notes_clock_off(date, SLICE("0"), historical + 3600), -3600);
	assert_int_equal(notes_clock_off(date, SLICE("old"), historical + 3600), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(versions_that_go_back_are_told),
	    cmocka_unit_test(stamps_of_the_future_are_told),
	    cmocka_unit_test(every_event_is_found_again),
	    cmocka_unit_test(clocks_are_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
