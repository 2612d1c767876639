/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/wire/wire_found.h"
#include "tests/unit/calendars/support.h"

/* What a refused grid has, across the border: all that a reading may have, and nothing else. */

static const char *const columns[] = {"Name", "05/01/2026"}, *const rows[] = {"J Jones"},
			 *const codes[] = {"LD", "N"};

static const struct reading_found good = {
    READING_NAMES_BY_DATES, columns, 2, rows, 1, codes, 2, "J Jones", true};

/* ${out} may be used until ${arena} is freed. */
static bool
crosses(
    struct arena *arena, enum reading_kind kind, const struct reading *reading, struct reading *out)
{
	struct reading_options options = support_options();
	struct buf buf = {0};
	struct unpack in;
	bool sound;

	options.kind = kind;
	wire_pack_found(&buf, reading);
	in = unpack_from(buf.at, buf.len);
	*out = (struct reading){.refused = reading->refused};
	wire_unpack_found(&in, &options, arena, out);
	sound = unpack_done(&in);
	buf_free(&buf);
	return sound;
}

static void
all_of_it_crosses(void **state)
{
	struct reading reading = {.refused = true, .found = &good}, out;
	struct reading_found column = good;
	struct arena *arena = arena_new(0);

	(void)state;
	assert_true(crosses(arena, READING_CSV, &reading, &out));
	assert_int_equal(out.found->layout, READING_NAMES_BY_DATES);
	assert_int_equal(out.found->ncolumns, 2);
	assert_string_equal(out.found->columns[1], "05/01/2026");
	assert_int_equal(out.found->nrows, 1);
	assert_string_equal(out.found->rows[0], "J Jones");
	assert_int_equal(out.found->ncodes, 2);
	assert_string_equal(out.found->codes[1], "N");
	assert_string_equal(out.found->own, "J Jones");
	assert_true(out.found->hours);
	/* The rota's own may also be one of the columns, or none. */
	column.own = "Name";
	reading.found = &column;
	assert_true(crosses(arena, READING_CSV, &reading, &out));
	assert_string_equal(out.found->own, "Name");
	column.own = NULL;
	assert_true(crosses(arena, READING_CSV, &reading, &out));
	assert_null(out.found->own);
	reading.found = NULL;
	assert_true(crosses(arena, READING_CSV, &reading, &out));
	assert_null(out.found);
	arena_free(arena);
}

static void
what_the_reader_does_not_promise_is_malformed(void **state)
{
	static const char *const
	    twice[] = {"LD", "LD"},
	    *const early[] = {"LD", "LD", "N"}, *const empty[] = {""}, *const none[] = {NULL},
	    *const wide[] = {
		"0123456789012345678901234567890123456789012345678901234567890123456789"
		"012345678901234567890123456789012345678901234567890"};
	static const char *many[READING_FOUND_MAX + 1];
	struct reading_found bad[] = {good, good, good, good, good, good, good, good, good, good};
	struct reading reading = {.refused = true}, out;
	struct arena *arena = arena_new(0);

	(void)state;
	for (size_t i = 0; i <= READING_FOUND_MAX; i++)
		many[i] = arena_printf(arena, "%zu", i);
	bad[0].layout = READING_NO_GRID;
	bad[1].layout = READING_LAYOUTS;
	/* Rows and codes of a list of days, and codes of duties. */
	bad[2].layout = READING_DATES_BY_ROLES;
	bad[3].layout = READING_ROLES_BY_DATES;
	bad[4].codes = twice;
	bad[5] =
	    (struct reading_found){READING_DATES_BY_ROLES, empty, 1, NULL, 0, NULL, 0, NULL, false};
	bad[6] =
	    (struct reading_found){READING_DATES_BY_ROLES, none, 1, NULL, 0, NULL, 0, NULL, false};
	bad[7] =
	    (struct reading_found){READING_DATES_BY_ROLES, wide, 1, NULL, 0, NULL, 0, NULL, false};
	bad[8].own = "Kay Lee";
	bad[9].codes = early;
	bad[9].ncodes = 3;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		reading.found = &bad[i];
		assert_false(crosses(arena, READING_CSV, &reading, &out));
	}
	bad[0] = (struct reading_found){
	    READING_DATES_BY_ROLES, many, READING_FOUND_MAX + 1, NULL, 0, NULL, 0, NULL, false};
	reading.found = &bad[0];
	assert_false(crosses(arena, READING_CSV, &reading, &out));
	bad[0].ncolumns--;
	assert_true(crosses(arena, READING_CSV, &reading, &out));
	/* Only a roster that was refused has it. */
	assert_false(crosses(arena, READING_ICALENDAR, &reading, &out));
	reading.refused = false;
	assert_false(crosses(arena, READING_CSV, &reading, &out));
	arena_free(arena);
}

static void
its_bytes_are_checked(void **state)
{
	struct reading_options options = support_options();
	struct reading reading = {.refused = true, .found = &good};
	struct arena *arena = arena_new(0);
	struct buf buf = {0};

	(void)state;
	options.kind = READING_CSV;
	wire_pack_found(&buf, &reading);
	/* Whether it is there, and whether hours must be set, are 0 or 1. */
	for (size_t at = 0; at <= 2; at += 2) {
		struct reading out = {.refused = true};
		struct unpack in = unpack_from(buf.at, buf.len);
		char was = buf.at[at];

		buf.at[at] = 2;
		wire_unpack_found(&in, &options, arena, &out);
		assert_false(unpack_done(&in));
		buf.at[at] = was;
	}
	/* Cut anywhere, it is malformed. */
	for (size_t len = 0; len < buf.len; len++) {
		struct reading out = {.refused = true};
		struct unpack in = unpack_from(buf.at, len);

		wire_unpack_found(&in, &options, arena, &out);
		assert_false(unpack_done(&in));
	}
	buf_free(&buf);
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_of_it_crosses),
	    cmocka_unit_test(what_the_reader_does_not_promise_is_malformed),
	    cmocka_unit_test(its_bytes_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
