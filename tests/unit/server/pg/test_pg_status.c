/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/pg/pg_status.h"

static void
the_servers_trouble_is_try_again(void **state)
{
	(void)state;
	assert_int_equal(pg_verdict_of("40001", NULL), PG_VERDICT_AGAIN);
	assert_int_equal(pg_verdict_of("40P01", NULL), PG_VERDICT_AGAIN);
	assert_int_equal(pg_verdict_of("53100", NULL), PG_VERDICT_AGAIN);
	assert_int_equal(pg_verdict_of("55006", NULL), PG_VERDICT_AGAIN);
	assert_int_equal(pg_verdict_of("55P03", NULL), PG_VERDICT_AGAIN);
	assert_int_equal(pg_verdict_of("57014", NULL), PG_VERDICT_AGAIN);
	assert_int_equal(pg_verdict_of("58030", NULL), PG_VERDICT_AGAIN);
	assert_int_equal(pg_verdict_of("XX000", NULL), PG_VERDICT_AGAIN);
}

static void
a_session_of_no_use_is_renewed(void **state)
{
	(void)state;
	assert_int_equal(pg_verdict_of("08006", NULL), PG_VERDICT_RENEW);
	assert_int_equal(pg_verdict_of("57P01", NULL), PG_VERDICT_RENEW);
	assert_int_equal(pg_verdict_of("57P03", NULL), PG_VERDICT_RENEW);
	assert_int_equal(pg_verdict_of("25006", NULL), PG_VERDICT_RENEW);
	assert_int_equal(pg_verdict_of("25P03", NULL), PG_VERDICT_RENEW);
	assert_int_equal(pg_verdict_of("0A000", NULL), PG_VERDICT_RENEW);
	assert_int_equal(pg_verdict_of("26000", NULL), PG_VERDICT_RENEW);
}

static void
what_is_expected_is_an_answer(void **state)
{
	(void)state;
	assert_int_equal(pg_verdict_of("P0001", "23505 P0001"), PG_VERDICT_REFUSED);
	assert_int_equal(pg_verdict_of("23505", "23505 P0001"), PG_VERDICT_REFUSED);
	assert_int_equal(pg_verdict_of("55P03", "55P03"), PG_VERDICT_REFUSED);
	assert_int_equal(pg_verdict_of("23503", "23505 P0001"), PG_VERDICT_BUG);
	assert_int_equal(pg_verdict_of("P0001", "P00011"), PG_VERDICT_BUG);
	assert_int_equal(pg_verdict_of("P0001", ""), PG_VERDICT_BUG);
}

static void
everything_else_is_our_bug(void **state)
{
	(void)state;
	assert_int_equal(pg_verdict_of("22021", NULL), PG_VERDICT_BUG);
	assert_int_equal(pg_verdict_of("23505", NULL), PG_VERDICT_BUG);
	assert_int_equal(pg_verdict_of("42P01", NULL), PG_VERDICT_BUG);
	assert_int_equal(pg_verdict_of("P0001", NULL), PG_VERDICT_BUG);
	assert_int_equal(pg_verdict_of("0A001", NULL), PG_VERDICT_BUG);
	assert_int_equal(pg_verdict_of("54000", NULL), PG_VERDICT_LIMIT);
}

static void
what_the_schema_has_not_is_told_from_other_bugs(void **state)
{
	(void)state;
	assert_true(pg_is_other_schema("42P01"));
	assert_true(pg_is_other_schema("42883"));
	assert_false(pg_is_other_schema("42601")); /* syntax */
	assert_false(pg_is_other_schema("42501")); /* rights */
	assert_false(pg_is_other_schema("23505"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_servers_trouble_is_try_again),
	    cmocka_unit_test(a_session_of_no_use_is_renewed),
	    cmocka_unit_test(what_is_expected_is_an_answer),
	    cmocka_unit_test(everything_else_is_our_bug),
	    cmocka_unit_test(what_the_schema_has_not_is_told_from_other_bugs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
