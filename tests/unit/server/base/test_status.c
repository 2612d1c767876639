/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/base/status.h"

static void
test_names(void **state)
{
	(void)state;
	assert_string_equal(status_name(STATUS_OK), "ok");
	assert_string_equal(status_name(STATUS_AGAIN), "again");
	assert_string_equal(status_name(STATUS_REFUSED), "refused");
	assert_string_equal(status_name(STATUS_MALFORMED), "malformed");
	assert_string_equal(status_name(STATUS_LIMIT), "limit");
	assert_string_equal(status_name(STATUS_GONE), "gone");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
