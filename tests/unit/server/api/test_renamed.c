/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/scratch.h"

static void
run(const char *file)
{
	struct scratch_postgres *postgres = scratch_postgres_start(NULL);

	scratch_migrate(postgres, SOURCE_ROOT "/migrations");
	scratch_psql_file(postgres, file);
	scratch_postgres_stop(postgres);
}

/* Every column of the schema that keeps a code is named in renamed.sql with what becomes of it; one
 * thing of each kind is renamed, and no old code is left where a live read would miss it. */
static void
no_old_code_is_left_behind(void **state)
{
	(void)state;
	run(SOURCE_ROOT "/tests/unit/server/api/renamed.sql");
}

/* Each version of the set-up is given back as it was applied, and only what differs is written. */
static void
the_set_up_is_rows(void **state)
{
	(void)state;
	run(SOURCE_ROOT "/tests/unit/server/api/setup_rows.sql");
}

/* Two people made one and two again: as if they had never been one; what came in between counts for
 * nobody until it is known whose it is. */
static void
people_are_merged_and_split(void **state)
{
	(void)state;
	run(SOURCE_ROOT "/tests/unit/server/api/people.sql");
}

/* What is held about one person is given out whole, and erased without a trace of who it was; the chain of the audit
 * holds. */
static void
one_person_is_exported_and_erased(void **state)
{
	(void)state;
	run(SOURCE_ROOT "/tests/unit/server/api/subjects.sql");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_old_code_is_left_behind),
	    cmocka_unit_test(the_set_up_is_rows),
	    cmocka_unit_test(people_are_merged_and_split),
	    cmocka_unit_test(one_person_is_exported_and_erased),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
