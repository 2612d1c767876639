/* SPDX-License-Identifier: MIT */
/* A value that is stored under a hash must always be found under it: the numbers are those of FNV's
 * authors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/base/hash.h"

static void
as_its_authors_say(void **state)
{
	(void)state;
	assert_true(hash_text(HASH_START, "") == UINT64_C(0xcbf29ce484222325));
	assert_true(hash_text(HASH_START, "a") == UINT64_C(0xaf63dc4c8601ec8c));
	assert_true(hash_text(HASH_START, "foobar") == UINT64_C(0x85944171f73967e8));
	assert_true(hash_bytes(HASH_START, "foobar", 6) == UINT64_C(0x85944171f73967e8));
	assert_true(hash_bytes(HASH_START, "\0", 1) == UINT64_C(0xaf63bd4c8601b7df));
}

static void
a_string_ends_where_it_ends(void **state)
{
	uint64_t ab_c = hash_string(hash_string(HASH_START, "ab"), "c");
	uint64_t a_bc = hash_string(hash_string(HASH_START, "a"), "bc");

	(void)state;
	assert_true(ab_c != a_bc);
	assert_true(ab_c == hash_bytes(HASH_START, "ab\0c", 5));
	assert_true(hash_text(hash_text(HASH_START, "ab"), "c") == hash_text(HASH_START, "abc"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(as_its_authors_say),
	    cmocka_unit_test(a_string_ends_where_it_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
