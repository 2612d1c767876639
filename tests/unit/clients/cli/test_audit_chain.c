/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
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
static struct chain chain;
static const char zero[] = "0000000000000000000000000000000000000000000000000000000000000000";

static const char salt[] = "000102030405060708090a0b0c0d0e0f";

/* The SHA-256 of the bytes that ${hex} stands for and of ${text} or, where ${text} is hexadecimal too, of its bytes. */
static void
digest_of(const char *hex, const char *text, bool is_hex, char out[65])
{
	crypto_hash_sha256_state state;
	uint8_t bytes[32];
	size_t len;

	assert_int_equal(
	    sodium_hex2bin(bytes, sizeof bytes, hex, strlen(hex), NULL, &len, NULL), 0);
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, bytes, len);
	if (is_hex)
		assert_int_equal(
		    sodium_hex2bin(bytes, sizeof bytes, text, strlen(text), NULL, &len, NULL), 0);
	crypto_hash_sha256_update(
	    &state, is_hex ? bytes : (const uint8_t *)text, is_hex ? len : strlen(text));
	crypto_hash_sha256_final(&state, bytes);
	sodium_bin2hex(out, 65, bytes, sizeof bytes);
}

/* Row ${seq} after ${prev} that says the rest, hashed as it should be. */
static json_t *
row_that_says(int seq, const char *actor, const char *action, const char *detail, const char *prev)
{
	static const char *const keys[] = {
	    "seq", "at", "added_at", "actor", "action", "object", "detail"};
	char text[240], digest[65], hash[65];
	json_t *row = json_object(), *fields;

	snprintf(text, sizeof text,
	    "[%d, \"2026-11-22T03:10:00.000001Z\", \"2026-11-22T03:10:00.000002Z\", \"%s\", "
	    "\"%s\", \"place/ZED01\", %s]",
	    seq, actor, action, detail);
	fields = json_loads(text, 0, NULL);
	assert_non_null(fields);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		json_object_set(row, keys[i], json_array_get(fields, i));
	json_decref(fields);
	digest_of(salt, text, false, digest);
	digest_of(prev, digest, true, hash);
	json_object_set_new(row, "prev", json_string(prev));
	json_object_set_new(row, "hash", json_string(hash));
	json_object_set_new(row, "digest", json_string(digest));
	json_object_set_new(row, "salt", json_string(salt));
	json_object_set_new(row, "row", json_string(text));
	return row;
}

static json_t *
row_of(int seq, const char *actor, const char *prev)
{
	return row_that_says(seq, actor, "read", "{\"count\": 2}", prev);
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
	chain_free(&chain);
	return 0;
}

/* Takes the rows whose numbers are in ${order} (0 ends); what is wrong, or "". */
static const char *
take(const int *order)
{
	json_t *from = json_pack("{s:i, s:s}", "seq", 0, "hash", zero);

	assert_true(chain_begin(&chain, from));
	json_decref(from);
	for (; *order != 0; order++)
		if (!chain_take(&chain, rows[*order]))
			return chain.fault;
	chain_ends(&chain);
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

/* What a person was is put out of row ${seq}, as 0015_subjects.sql does it. */
static void
erase(int seq)
{
	json_object_set_new(rows[seq], "actor", json_string("erased-0123456789ab"));
	json_object_set_new(rows[seq], "erased_at", json_string("2032-04-01T03:00:00Z"));
	json_object_del(rows[seq], "salt");
	json_object_del(rows[seq], "row");
}

/* From row ${seq} on the chain is another one: ${seq} is an erasure of the rows from ${first} to ${last}. */
static void
make_erasure(int seq, int first, int last)
{
	char detail[48];

	snprintf(detail, sizeof detail, "{\"rows\": [[%d, %d]]}", first, last);
	for (int i = seq; i <= ROWS; i++) {
		json_decref(rows[i]);
		rows[i] = i == seq ? row_that_says(
					 i, "chief", "subject_erased", detail, hash_of(rows[i - 1]))
				   : row_of(i, "ed", hash_of(rows[i - 1]));
	}
}

/* holds: H13.3 */
static void
an_erased_row_must_be_named_by_an_erasure(void **state)
{
	(void)state;
	erase(2);
	erase(3);
	assert_string_equal(
	    TAKE(1, 2, 3, 4), "Row 2 does not say what was written, and no erasure names it.");
	assert_int_equal(chain.erased, 2);
	make_erasure(4, 2, 2);
	assert_string_equal(
	    TAKE(1, 2, 3, 4, 5), "Row 3 does not say what was written, and no erasure names it.");
	make_erasure(4, 2, 3);
	assert_string_equal(TAKE(1, 2, 3, 4, 5), "");
	/* Of an erasure somebody may be erased as well, and none vouches for itself. */
	make_erasure(4, 2, 4);
	erase(4);
	assert_string_equal(
	    TAKE(1, 2, 3, 4, 5), "Row 4 does not say what was written, and no erasure names it.");
	make_erasure(5, 4, 4);
	assert_string_equal(TAKE(1, 2, 3, 4, 5, 6), "");
}

static void
an_erased_row_keeps_its_place(void **state)
{
	static const char wrong[] =
	    "Row 3 is not the one that was written: its hash says otherwise.";

	(void)state;
	make_erasure(5, 3, 3);
	erase(3);
	assert_string_equal(TAKE(1, 2, 3, 4, 5, 6), "");
	/* Without its salt, and not said to be erased, it is a row like all others. */
	json_object_del(rows[3], "erased_at");
	assert_string_equal(TAKE(1, 2, 3), wrong);
	erase(3);
	json_object_set_new(rows[3], "digest", json_string(zero));
	assert_string_equal(TAKE(1, 2, 3), wrong);
}

static void
the_chain_holds_across_what_is_withheld(void **state)
{
	(void)state;
	json_object_set_new(rows[3], "withheld", json_true());
	for (size_t i = 0; i < 6; i++)
		json_object_del(rows[3], ((const char *const[]){"actor", "action", "object",
					     "detail", "salt", "row"})[i]);
	assert_string_equal(TAKE(1, 2, 3, 4, 5, 6), "");
	assert_int_equal(chain.withheld, 1);
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
	    CASE(an_erased_row_must_be_named_by_an_erasure),
	    CASE(an_erased_row_keeps_its_place),
	    CASE(the_chain_holds_across_what_is_withheld),
	};

	return cmocka_run_group_tests_name("audit chain", tests, NULL, NULL);
}
