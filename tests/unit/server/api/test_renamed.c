/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/scratch.h"

/* Every column of the schema that keeps a code is named in renamed.sql with what becomes of it; one
 * thing of each kind is renamed, and no old code is left where a live read would miss it. */
static void
no_old_code_is_left_behind(void **state)
{
	struct scratch_postgres *postgres = scratch_postgres_start(NULL);

	(void)state;
	scratch_migrate(postgres, SOURCE_ROOT "/migrations");
	scratch_psql_file(postgres, SOURCE_ROOT "/tests/unit/server/api/renamed.sql");
	scratch_postgres_stop(postgres);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_old_code_is_left_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
