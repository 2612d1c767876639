/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/flags/flag_id.h"

static void
an_id_is_printed_and_parsed(void **state)
{
	char text[FLAG_ID_MAX];
	struct flag_id id;

	(void)state;
	flag_id_print((struct flag_id){INT32_MAX, INT64_MAX}, text);
	assert_string_equal(text, "2147483647-9223372036854775807");
	assert_true(flag_id_parse(slice_of(text), &id));
	assert_true(flag_id_is(id, (struct flag_id){INT32_MAX, INT64_MAX}));
	assert_false(flag_id_is(id, (struct flag_id){INT32_MAX, 1}));
	assert_false(flag_id_is(id, (struct flag_id){1, INT64_MAX}));
}

static void
what_is_no_id_is_refused(void **state)
{
	static const char *const bad[] = {
	    "", "-", "1", "1-", "-1", "1-2-3", "1--2", "a-1", "2147483648-1", " 1-1", "1-1 "};
	struct flag_id id = {7, 7};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(flag_id_parse(slice_of(bad[i]), &id));
	assert_true(flag_id_is(id, (struct flag_id){7, 7}));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_id_is_printed_and_parsed),
	    cmocka_unit_test(what_is_no_id_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
