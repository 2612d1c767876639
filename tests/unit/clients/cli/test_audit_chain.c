/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "clients/cli/audit_chain.h"

/* A chain made here, and everything that can be done to it. */

#define ROWS 6

static json_t *rows[ROWS + 1]; /* from 1 */
static const char zero[] = "0000000000000000000000000000000000000000000000000000000000000000";

static void
hex_of(const char *prev, const char *text, char out[65])
{
	crypto_hash_sha256_state state;
	uint8_t bytes[32];

	assert_int_equal(sodium_hex2bin(bytes, sizeof bytes, prev, 64, NULL, NULL, NULL), 0);
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, bytes, sizeof bytes);
	crypto_hash_sha256_update(&state, (const uint8_t *)text, strlen(text));
	crypto_hash_sha256_final(&state, bytes);
	sodium_bin2hex(out, 65, bytes, sizeof bytes);
}

/* Row ${seq} of ${actor} after ${prev}, hashed as it should be. */
static json_t *
row_of(int seq, const char *actor, const char *prev)
{
	char text[200], hash[65];

	snprintf(text, sizeof text,
	    "[%d, \"2026-11-22T03:10:00.000001Z\", \"2026-11-22T03:10:00.000002Z\", \"%s\", "
	    "\"read\", "
	    "\"place/ZED01\", {\"count\": 2}]",
	    seq, actor);
	hex_of(prev, text, hash);
	return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:{s:i}, s:s, s:s, s:s}", "seq", seq, "at",
	    "2026-11-22T03:10:00.000001Z", "added_at", "2026-11-22T03:10:00.000002Z", "actor",
	    actor, "action", "read", "object", "place/ZED01", "detail", "count", 2, "prev", prev,
	    "hash", hash, "row", text);
}

static const char *
hash_of(const json_t *row)
{
	return json_string_value(json_object_get(row, "hash"));
}

static int
set_up(void **state)
{
	(void)state;
	assert_true(sodium_init() >= 0);
	for (int i = 1; i <= ROWS; i++)
		rows[i] = row_of(i, "ed", i == 1 ? zero : hash_of(rows[i - 1]));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	for (int i = 1; i <= ROWS; i++)
		json_decref(rows[i]);
	return 0;
}

/* Takes the rows whose numbers are in ${order} (0 ends); what is wrong, or "". */
static const char *
take(const int *order)
{
	static struct chain chain;
	json_t *from = json_pack("{s:i, s:s}", "seq", 0, "hash", zero);

	assert_true(chain_begin(&chain, from));
	json_decref(from);
	for (; *order != 0; order++)
		if (!chain_take(&chain, rows[*order]))
			break;
	return chain.fault;
}

#define TAKE(...) take((const int[]){__VA_ARGS__, 0})

static void
a_chain_holds(void **state)
{
	(void)state;
	assert_string_equal(TAKE(1, 2, 3, 4, 5, 6), "");
}

/* holds: H13.3 */
static void
what_is_missing_or_slipped_in_is_named(void **state)
{
	(void)state;
	assert_string_equal(TAKE(1, 2, 4), "Row 3 is missing.");
	assert_string_equal(TAKE(1, 2, 6), "Rows 3 to 5 are missing.");
	assert_string_equal(TAKE(2, 3), "Row 1 is missing.");
	assert_string_equal(
	    TAKE(1, 2, 2, 3), "Row 2 is there more than once: one of them was slipped in.");
}

/* holds: H13.3 */
static void
a_row_that_says_something_else_is_named(void **state)
{
	(void)state;
	/* The text shown, the text hashed, and the hash itself. */
	json_object_set_new(rows[3], "actor", json_string("rita"));
	assert_string_equal(
	    TAKE(1, 2, 3, 4), "Row 3 is not the one that was written: its hash says otherwise.");
	json_object_set_new(rows[3], "actor", json_string("ed"));
	json_object_set_new(rows[4], "row", json_string("[4]"));
	assert_string_equal(
	    TAKE(1, 2, 3, 4), "Row 4 is not the one that was written: its hash says otherwise.");
	json_object_set_new(rows[5], "hash", json_string("no"));
	json_decref(rows[4]);
	rows[4] = row_of(4, "ed", hash_of(rows[3]));
	assert_string_equal(TAKE(1, 2, 3, 4, 5), "Row 5 has no hash.");
}

/* A row that is written again with a fitting hash: the next row shows it. */
static void
a_row_that_was_hashed_again_is_given_away_by_the_next(void **state)
{
	(void)state;
	json_decref(rows[3]);
	rows[3] = row_of(3, "rita", hash_of(rows[2]));
	assert_string_equal(TAKE(1, 2, 3, 4),
	    "Row 4 does not follow row 3: row 3 is not the one that was written.");
}

/* holds: H13.3 */
static void
an_end_that_was_written_again_disagrees_with_what_was_kept(void **state)
{
	json_t *from = json_pack("{s:i, s:s}", "seq", 0, "hash", zero);
	json_t *kept = json_pack("{s:i, s:s}", "seq", 6, "hash", hash_of(rows[6]));
	struct chain chain;

	(void)state;
	for (int i = 4; i <= ROWS; i++) {
		json_decref(rows[i]);
		rows[i] = row_of(i, "rita", hash_of(rows[i - 1]));
	}
	assert_true(chain_begin(&chain, from));
	for (int i = 1; i <= ROWS; i++) {
		assert_true(chain_take(&chain, rows[i]));
		assert_int_equal(chain_agrees(&chain, kept, "the copy"), i < ROWS);
	}
	assert_non_null(strstr(chain.fault, "Row 6 is not the one of the copy"));
	json_decref(from);
	json_decref(kept);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_chain_holds),
	    CASE(what_is_missing_or_slipped_in_is_named),
	    CASE(a_row_that_says_something_else_is_named),
	    CASE(a_row_that_was_hashed_again_is_given_away_by_the_next),
	    CASE(an_end_that_was_written_again_disagrees_with_what_was_kept),
	};

	return cmocka_run_group_tests_name("audit chain", tests, NULL, NULL);
}
