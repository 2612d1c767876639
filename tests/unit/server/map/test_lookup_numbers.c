/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/map/lookup.h"

/* The words of the API, which programs compare. */
static void
every_kind_of_number_has_its_name(void **state)
{
	(void)state;
	assert_string_equal(lookup_number_kind_name(LOOKUP_SWITCHBOARD), "switchboard");
	assert_string_equal(lookup_number_kind_name(LOOKUP_FALLBACK), "fallback");
	assert_string_equal(lookup_number_kind_name(LOOKUP_LINE), "line");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_kind_of_number_has_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
