/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calendars/workbook/grid.h"

/* Where a cell is: "B12", and "B2:D9" for a range. What is none must not be taken for another cell. */

static void
cells(void **state)
{
	static const struct {
		const char *reference;
		uint32_t row, column; /* 0: it is none */
	} cases[] = {
	    {"A1", 1, 1},
	    {"$B$12", 12, 2},
	    {"Z9", 9, 26},
	    {"AA9", 9, 27},
	    {"XFD1048576", 1048576, 16384},
	    {"XFE1", 0, 0},
	    {"A1048577", 0, 0},
	    {"AAAAAAAAAAAAAAAAAAAAAAA1", 0, 0},
	    {"A0", 0, 0},
	    {"A", 0, 0},
	    {"1", 0, 0},
	    {"", 0, 0},
	    {"$", 0, 0},
	    {"a1", 0, 0},
	    {"[1", 0, 0},
	    {"A1:B2", 0, 0},
	    {"A1 ", 0, 0},
	    {"Rota!A1", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint32_t row = 0, column = 0;

		if (grid_cell_at(cases[i].reference, &row, &column) != (cases[i].row > 0) ||
		    row != cases[i].row || column != cases[i].column)
			fail_msg("%s is row %u, column %u", cases[i].reference, row, column);
	}
}

static void
ranges(void **state)
{
	static const struct {
		const char *reference;
		struct grid_range range; /* of row 0: it is none */
	} cases[] = {
	    {"B2:D9", {2, 2, 9, 4}},
	    {"$B$2:$D$9", {2, 2, 9, 4}},
	    {"C3", {3, 3, 3, 3}},
	    {"A1:XFD1048576", {1, 1, 1048576, 16384}},
	    {"x:B2", {0, 0, 0, 0}},
	    {"B2:", {0, 0, 0, 0}},
	    {"B2:x", {0, 0, 0, 0}},
	    {":B2", {0, 0, 0, 0}},
	    {"B9:D2", {0, 0, 0, 0}},
	    {"D2:B9", {0, 0, 0, 0}},
	    /* 23 characters before the colon are too long for any cell, and 24 for the place they are copied to. */
	    {"A0000000000000000000001:B2", {1, 1, 2, 2}},
	    {"A00000000000000000000001:B2", {0, 0, 0, 0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct grid_range range = {0, 0, 0, 0};
		bool is_one = grid_range_at(cases[i].reference, &range);

		if (is_one != (cases[i].range.row > 0) ||
		    (is_one && memcmp(&range, &cases[i].range, sizeof range) != 0))
			fail_msg("%s is %u,%u to %u,%u", cases[i].reference, range.row,
			    range.column, range.last_row, range.last_column);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cells),
	    cmocka_unit_test(ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
