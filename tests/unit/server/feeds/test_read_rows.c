/* SPDX-License-Identifier: MIT */
/* A reading as rows, and what is believed of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "server/feeds/read_rows.h"

enum { FROM = 1000000, UNTIL = 2000000 };

static const struct reading_options options = {.from = FROM, .until = UNTIL};

static struct reading_occurrence
named(const char *key, int64_t start, int64_t end)
{
	return (struct reading_occurrence){.start = start,
	    .end = end,
	    .uid = key,
	    .key = key,
	    .summary = "J Jones",
	    .class = READING_NAMED,
	    .person = "jo-jones"};
}

static enum status
make(struct arena *arena, const struct reading_occurrence *occurrences, size_t count,
    const struct reading_finding *findings, size_t nfindings, struct read_rows *rows)
{
	struct reading reading = {.occurrences = occurrences,
	    .noccurrences = count,
	    .findings = findings,
	    .nfindings = nfindings};

	return read_rows_make(arena, &reading, &options, rows);
}

static int
arena_begin(void **state)
{
	*state = arena_new(0);
	return 0;
}

static int
arena_end(void **state)
{
	arena_free(*state);
	return 0;
}

static void
keeps_what_counts(void **state)
{
	struct reading_occurrence occurrences[] = {
	    named("a", FROM, FROM + 10),
	    named("noise", FROM, FROM + 10),
	    named("gone", FROM, FROM + 10),
	    {.start = FROM, .end = FROM + 5, .key = "hub", .class = READING_TEAM, .team = "Hub"},
	    {.start = FROM, .end = FROM + 5, .key = "busy", .class = READING_UNREADABLE},
	};
	struct read_rows rows;

	occurrences[1].class = READING_NOISE;
	occurrences[2].class = READING_CANCELLED;
	assert_int_equal(make(*state, occurrences, 5, NULL, 0, &rows), STATUS_OK);
	assert_int_equal(rows.count, 3);
	assert_string_equal(rows.items[0].key, "a");
	assert_string_equal(rows.items[0].class, "named");
	assert_string_equal(rows.items[0].person, "jo-jones");
	assert_string_equal(rows.items[0].title, "J Jones");
	assert_string_equal(rows.items[1].team, "Hub");
	assert_null(rows.items[1].title);
	assert_string_equal(rows.items[2].class, "unreadable");
}

static void
makes_blind_spots(void **state)
{
	static const struct reading_finding findings[] = {
	    {.level = FINDING_UNREADABLE,
		.line = 7,
		.start = INT64_MIN,
		.end = INT64_MIN,
		.blinds = true},
	    {.level = FINDING_UNREADABLE,
		.line = 7,
		.start = FROM + 10,
		.end = FROM + 20,
		.blinds = true},
	    {.level = FINDING_UNREADABLE,
		.line = 8,
		.start = FROM - 10,
		.end = FROM + 20,
		.blinds = true},
	    /* Long over. */
	    {.level = FINDING_UNREADABLE,
		.line = 9,
		.start = FROM - 20,
		.end = FROM,
		.blinds = true},
	    {.level = FINDING_WARNING, .line = 10, .start = INT64_MIN, .end = INT64_MIN},
	};
	struct read_rows rows;

	assert_int_equal(make(*state, NULL, 0, findings, 5, &rows), STATUS_OK);
	assert_int_equal(rows.count, 3);
	for (size_t i = 0; i < rows.count; i++)
		assert_string_equal(rows.items[i].class, "unreadable");
	assert_int_equal(rows.items[0].start, FROM);
	assert_int_equal(rows.items[0].end, UNTIL);
	assert_int_equal(rows.items[1].start, FROM + 10);
	assert_int_equal(rows.items[1].end, FROM + 20);
	assert_int_equal(rows.items[2].start, FROM);
	assert_int_equal(rows.items[2].end, FROM + 20);
	assert_memory_equal(rows.items[0].key, "finding/7", 9);
	assert_string_not_equal(rows.items[0].key, rows.items[1].key);
}

static void
believes_no_broken_promise(void **state)
{
	struct reading_occurrence twins[] = {
	    named("a", FROM, FROM + 10), named("b", FROM, FROM + 10), named("a", FROM, FROM + 20)};
	struct reading_occurrence wrong[] = {
	    named("x", FROM, FROM),
	    named("", FROM, FROM + 1),
	    named("x", FROM, INT64_MAX - 1),
	    named("x", INT64_MIN + 5, FROM + 1),
	    named("x", FROM, FROM + 1),
	    {.start = FROM, .end = FROM + 1, .key = "x", .class = READING_TEAM},
	    {.start = FROM, .end = FROM + 1, .key = "x", .class = READING_ABSENCE},
	};
	struct read_rows rows;

	wrong[4].person = NULL;
	assert_int_equal(make(*state, twins, 3, NULL, 0, &rows), STATUS_MALFORMED);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(make(*state, &wrong[i], 1, NULL, 0, &rows), STATUS_MALFORMED);
}

static void
keeps_its_own_keys_apart_from_the_calendars(void **state)
{
	static const struct reading_finding finding = {.level = FINDING_UNREADABLE,
	    .line = 7,
	    .start = INT64_MIN,
	    .end = INT64_MIN,
	    .blinds = true};
	char longest[READ_ROWS_KEY_MAX - 39], longer[READ_ROWS_KEY_MAX - 38];
	struct reading_occurrence occurrences[5];
	struct read_rows rows;

	memset(longest, 'k', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	memset(longer, 'k', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	occurrences[0] = named("finding/7/0", FROM, FROM + 1);
	occurrences[1] = named("again/1000000/finding/7/0", FROM, FROM + 1);
	occurrences[2] = named(longest, FROM, FROM + 1);
	occurrences[3] = named(longer, FROM, FROM + 1);
	occurrences[4] = named("override:12", FROM, FROM + 1);
	assert_int_equal(make(*state, occurrences, 5, &finding, 1, &rows), STATUS_OK);
	assert_int_equal(rows.count, 6);
	for (size_t i = 0; i < rows.count; i++) {
		assert_true(strlen(rows.items[i].key) <= READ_ROWS_KEY_MAX);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(rows.items[i].key, rows.items[j].key);
	}
	assert_string_equal(rows.items[2].key, longest);
	assert_memory_equal(rows.items[4].key, "hash/", 5);
}

static void
parts_an_event_from_its_past(void **state)
{
	struct reading_occurrence occurrences[] = {
	    named("a", FROM + 5, FROM + 10), named("b", FROM, FROM + 10)};
	struct read_rows rows;
	const char *parted;

	assert_int_equal(make(*state, occurrences, 2, NULL, 0, &rows), STATUS_OK);
	read_rows_part_from_past(*state, &rows, "a");
	read_rows_part_from_past(*state, &rows, "c");
	parted = rows.items[0].key;
	assert_string_not_equal(parted, "a");
	assert_string_equal(rows.items[1].key, "b");
	/* Asked again, it is the same. */
	read_rows_part_from_past(*state, &rows, "a");
	assert_string_equal(rows.items[0].key, parted);
}

/* Whatever the map cannot keep as it is: which shift of which event it is stays to be seen. */
static void
tells_what_stands_in_the_calendar(void **state)
{
	static const struct reading_version versions[] = {
	    {.uid = "daily", .instance = INT64_MIN, .speaks_from = FROM},
	    {.uid = "daily", .instance = 0, .speaks_from = INT64_MIN},
	    {.uid = "left/it", .instance = INT64_MIN, .speaks_from = FROM},
	};
	static const struct reading_finding findings[] = {
	    {.level = FINDING_UNREADABLE, .uid = "daily", .start = INT64_MIN, .end = INT64_MIN},
	    {.level = FINDING_WARNING, .uid = "fine", .start = INT64_MIN, .end = INT64_MIN},
	    {.level = FINDING_UNREADABLE, .start = INT64_MIN, .end = INT64_MIN},
	};
	struct reading_occurrence occurrences[] = {
	    named("left/it#1970-01-01T00:00:00Z", FROM, FROM + 1),
	    named("left/it#1970-01-01T00:00:00Z/1", FROM, FROM + 1)};
	struct reading reading = {.occurrences = occurrences,
	    .noccurrences = 2,
	    .findings = findings,
	    .nfindings = 3,
	    .versions = versions,
	    .nversions = 3};
	const char *first, *second, *text;
	struct read_rows rows;

	occurrences[0].uid = occurrences[1].uid = "left/it";
	assert_int_equal(read_rows_make(*state, &reading, &options, &rows), STATUS_OK);
	assert_int_equal(rows.ntexts, 4);
	assert_string_equal(rows.texts[0].key, "daily");
	assert_int_equal(rows.texts[0].from, FROM);
	assert_string_equal(rows.texts[1].key, "daily");
	assert_int_equal(rows.texts[1].from, INT64_MAX);
	assert_string_equal(rows.texts[2].key, "daily#1970-01-01T00:00:00Z");
	text = rows.texts[3].key;
	first = rows.items[0].key;
	second = rows.items[1].key;
	assert_memory_equal(text, "hash/", 5);
	assert_memory_equal(first, text, strlen(text));
	assert_string_equal(first + strlen(text), "#1970-01-01T00:00:00Z");
	assert_memory_equal(second, first, strlen(first));
	assert_string_equal(second + strlen(first), "/1");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_begin, arena_end)
	const struct CMUnitTest tests[] = {
	    TEST(keeps_what_counts),
	    TEST(makes_blind_spots),
	    TEST(believes_no_broken_promise),
	    TEST(keeps_its_own_keys_apart_from_the_calendars),
	    TEST(parts_an_event_from_its_past),
	    TEST(tells_what_stands_in_the_calendar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
