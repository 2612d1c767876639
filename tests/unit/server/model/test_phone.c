/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/model/phone.h"

/* Numbers as people dial them. */

static void
expect_text(const char *text, const char *wanted)
{
	struct buf out = {0};

	buf_add_text(&out, "");
	phone_add_text(&out, text);
	assert_string_equal(out.at, wanted);
	buf_free(&out);
}

/* The table is the one that the pages are tested with. */
static void
numbers_are_written_as_in_the_table(void **state)
{
	FILE *table = fopen(PHONES, "r");
	char line[128], number[64], wanted[64];
	int rows = 0;

	(void)state;
	assert_non_null(table);
	while (fgets(line, sizeof line, table) != NULL) {
		if (line[0] == '#')
			continue;
		assert_int_equal(sscanf(line, "%63[^\t]\t%63[^\n]", number, wanted), 2);
		assert_int_equal(phone_len(number), strlen(number));
		expect_text(number, wanted);
		rows++;
	}
	fclose(table);
	assert_true(rows > 10);
}

static void
only_numbers_in_full_are_replaced(void **state)
{
	(void)state;
	expect_text("", "");
	expect_text("Jo Jones  tel +441632960456 ext 44, mobile +447700900123",
	    "Jo Jones  tel 01632 960456 ext 44, mobile 07700 900123");
	expect_text("+441632960456+447700900123", "01632 96045607700 900123");
	expect_text("A+E, 1+1, ++441632960456+", "A+E, 1+1, +01632 960456+");
	expect_text("+4416", "+4416");
	expect_text("+44163296045612345678", "+44163296045612345678");
	expect_text("00441632960456 or 01632960456", "00441632960456 or 01632960456");
	assert_int_equal(phone_len("441632960456"), 0);
	assert_int_equal(phone_len("+441632960456 ext 4"), 13);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_are_written_as_in_the_table),
	    cmocka_unit_test(only_numbers_in_full_are_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
