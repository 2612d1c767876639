/* What a reading means as rows, and what is believed of it. */
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
	char longest[READ_ROWS_KEY_MAX + 1], longer[READ_ROWS_KEY_MAX + 2];
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
