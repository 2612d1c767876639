/* SPDX-License-Identifier: MIT */
#include "tests/unit/server/pg/ask.h"

#include <stdlib.h>

#include "tests/unit/server/base/dies.h"

/* Every type of argument to the server and back. The server's own words (quote_nullable, ::text)
 * say what it understood. */

static struct loop *loop;
static struct pg *pg;

static int
set_up(void **state)
{
	(void)state;
	start_cluster(NULL);
	loop = loop_new();
	pg = pg_open(loop, &(struct pg_options){.conninfo = scratch_postgres_conninfo(cluster)});
	return 0;
}

static int
tear_down(void **state)
{
	pg_close(pg);
	loop_free(loop);
	return tear_down_cluster(state);
}

static void
the_server_understands_every_argument(void **state)
{
	static const struct pg_stmt stmt = {"ARGS",
	    "select concat_ws('|', coalesce($1::text, 'null'), $2::text, $3::int4::text, "
	    "$4::int8::text, $5::boolean::text, encode($6, 'hex'), coalesce(encode($7, 'hex'), "
	    "'null'), $8::text, $9::text, "
	    "$10::text, coalesce($11::uuid::text, 'null'))",
	    0, NULL};
	struct pg_args args = {0};
	struct answer answer;

	(void)state;
	pg_text(&args, NULL);
	pg_slice(&args, (struct slice){"naïve'x", 7});
	pg_int4(&args, INT32_MIN);
	pg_int8(&args, INT64_MIN);
	pg_bool(&args, true);
	pg_bytea(&args, "\0\xff", 2);
	pg_bytea(&args, NULL, 0);
	pg_time(&args, 1774746000);
	pg_time(&args, PG_INFINITY);
	pg_time(&args, PG_MINUS_INFINITY);
	pg_null(&args);
	answer = ask(loop, pg, &stmt, &args);
	assert_int_equal(answer.st, STATUS_OK);
	assert_string_equal(answer.text,
	    "null|naïve'|-2147483648|-9223372036854775808|true|00ff|null|"
	    "2026-03-29 01:00:00+00|infinity|-infinity|null");
	assert_null(args.items);
}

static void
words_go_into_any_type(void **state)
{
	static const struct pg_stmt stmt = {
	    "WORDS", "select $1::uuid::text || ($2::jsonb->>'a') || $3::mood::text", 0, NULL};
	struct pg_args args = {0};

	(void)state;
	free(scratch_psql(cluster, "create type mood as enum ('fine', 'tired')"));
	pg_text(&args, "00000000-0000-0000-0000-00000000000a");
	pg_text(&args, "{\"a\":\"-b-\"}");
	pg_text(&args, "tired");
	assert_string_equal(
	    ask(loop, pg, &stmt, &args).text, "00000000-0000-0000-0000-00000000000a-b-tired");
}

static void
the_server_understands_every_array(void **state)
{
	static const struct pg_stmt stmt = {"ARRAYS",
	    "select concat_ws('|', $1::text, $2::text, $3::text, $4::text, $5::text, "
	    "$6::text, $7::int4[]::text, $8::text)",
	    0, NULL};
	const char *const words[] = {"a b", NULL, "", "\"quoted\\\""};
	const int64_t numbers[] = {1, PG_NULL_INT8, -5, INT64_MAX};
	const int64_t times[] = {0, PG_INFINITY, PG_NULL_INT8};
	const struct slice bytes[] = {{"\1\2", 2}, {NULL, 0}, {"", 0}};
	struct pg_args args = {0};
	struct answer answer;

	(void)state;
	pg_text_array(&args, words, 4);
	pg_text_array(&args, NULL, 0);
	pg_int8_array(&args, numbers, 4);
	pg_int8_array(&args, NULL, 0);
	pg_time_array(&args, times, 3);
	pg_bytea_array(&args, bytes, 3);
	pg_int8_array(&args, numbers, 1);
	pg_bytea_array(&args, NULL, 0);
	answer = ask(loop, pg, &stmt, &args);
	assert_int_equal(answer.st, STATUS_OK);
	assert_string_equal(answer.text,
	    "{\"a b\",NULL,\"\",\"\\\"quoted\\\\\\\"\"}|{}|{1,NULL,-5,9223372036854775807}|{}|"
	    "{\"1970-01-01 00:00:00+00\",infinity,NULL}|{\"\\\\x0102\",NULL,\"\\\\x\"}|{1}|{}");
}

/* The fields that SQL reads of an array of shelf. */
static const char shelf[] =
    "create type shelf as (word text, n bigint, at timestamptz, list bigint[])";

static void
add_shelf(struct pg_records *records, const char *word, int64_t n, int64_t at)
{
	pg_record_text(records, word);
	pg_record_int8(records, n);
	pg_record_time(records, at);
	pg_record_int8_array(records, (const int64_t[]){n, PG_NULL_INT8, 3}, 3);
}

static void
the_server_understands_every_record(void **state)
{
	static const struct pg_stmt stmt = {"RECORDS",
	    "select string_agg(concat_ws('|', coalesce(word, 'null'), coalesce(n::text, 'null'), coalesce(at::text, 'null'), list), E'\n' "
	    "order by o) || cardinality($1::shelf[]) from unnest($1::shelf[]) with ordinality x (word, n, at, list, o)",
	    0, NULL};
	struct pg_records *records = pg_records_new(4);
	struct pg_args args = {0};
	struct answer answer;

	(void)state;
	free(scratch_psql(cluster, shelf));
	add_shelf(records, "\"a\\ (b), '{c}'\nnaïve", INT64_MAX, 1774746000);
	add_shelf(records, NULL, PG_NULL_INT8, PG_NULL_INT8);
	add_shelf(records, "", INT64_MIN, PG_INFINITY);
	add_shelf(records, "NULL", -1, PG_MINUS_INFINITY);
	pg_record_text(records, "none");
	pg_record_int8(records, 0);
	pg_record_time(records, 0);
	pg_record_int8_array(records, NULL, 0);
	pg_records_put(&args, records);
	answer = ask(loop, pg, &stmt, &args);
	assert_int_equal(answer.st, STATUS_OK);
	assert_string_equal(answer.text,
	    "\"a\\ (b), '{c}'\nnaïve|9223372036854775807|2026-03-29 01:00:00+00|{9223372036854775807,NULL,3}\n"
	    "null|null|null|{NULL,NULL,3}\n|-9223372036854775808|infinity|{-9223372036854775808,NULL,3}\n"
	    "NULL|-1|-infinity|{-1,NULL,3}\nnone|0|1970-01-01 00:00:00+00|{}5");
}

static void
no_records_are_an_empty_array(void **state)
{
	static const struct pg_stmt stmt = {
	    "NO_RECORDS", "select ($1::shelf[] = '{}')::text || cardinality($1::shelf[])", 0, NULL};
	struct pg_args args = {0};

	(void)state;
	pg_records_put(&args, pg_records_new(4));
	assert_string_equal(ask(loop, pg, &stmt, &args).text, "true0");
}

/* Many rows, so that what holds them grows. */
static void
many_records_keep_their_order(void **state)
{
	static const struct pg_stmt stmt = {"MANY_RECORDS",
	    "select bool_and(n = o and word = 'row ' || o)::text || count(*) from unnest($1::shelf[]) with ordinality x (word, n, at, list, o)",
	    0, NULL};
	struct pg_records *records = pg_records_new(4);
	struct pg_args args = {0};

	(void)state;
	for (int64_t n = 1; n <= 5000; n++) {
		char word[32];

		snprintf(word, sizeof word, "row %lld", (long long)n);
		add_shelf(records, word, n, n);
	}
	pg_records_put(&args, records);
	assert_string_equal(ask(loop, pg, &stmt, &args).text, "true5000");
}

static void
put_half_a_row(void *ctx)
{
	struct pg_records *records = pg_records_new(2);
	struct pg_args args = {0};

	(void)ctx;
	pg_record_int8(records, 1);
	pg_records_put(&args, records);
}

static void
ask_with_other_columns(void *ctx)
{
	static const struct pg_stmt stmt = {"OTHER_RECORDS", "select $1::shelf[]::text", 0, NULL};
	struct pg_records *records = pg_records_new(4);
	struct pg_args args = {0};

	(void)ctx;
	pg_record_int8(records, 1); /* where the type has text */
	pg_record_int8(records, 1);
	pg_record_time(records, 1);
	pg_record_int8_array(records, NULL, 0);
	pg_records_put(&args, records);
	loop = loop_new();
	pg = pg_open(loop, &(struct pg_options){.conninfo = scratch_postgres_conninfo(cluster)});
	ask(loop, pg, &stmt, &args);
}

static void
a_record_of_another_type_is_fatal(void **state)
{
	(void)state;
	assert_int_equal(exit_code_of(put_half_a_row, NULL), 70);
	assert_int_equal(exit_code_of(ask_with_other_columns, NULL), 70);
}

static void
check_scalars(void *ctx, enum status st, const struct pg_rows *rows)
{
	assert_int_equal(st, STATUS_OK);
	assert_int_equal(pg_rows_count(rows), 2);
	assert_string_equal(pg_get_text(rows, 0, 0), "wörd");
	assert_int_equal(pg_get_bytes(rows, 0, 0).len, 5);
	assert_int_equal(pg_get_int(rows, 0, 1), -7);
	assert_int_equal(pg_get_int(rows, 0, 2), INT32_MIN);
	assert_true(pg_get_int(rows, 0, 3) == INT64_MAX);
	assert_true(pg_get_bool(rows, 0, 4));
	assert_memory_equal(pg_get_bytes(rows, 0, 5).at, "\0\xff", 2);
	assert_true(pg_get_time(rows, 0, 6) == -1); /* down, not towards 1970 */
	assert_true(pg_get_time_us(rows, 0, 6) == -500000);
	assert_true(pg_get_time(rows, 0, 7) == PG_INFINITY);
	assert_true(pg_get_time_us(rows, 0, 8) == PG_MINUS_INFINITY);
	assert_string_equal(pg_get_text(rows, 0, 9), "{\"a\": [1]}");
	assert_true(slice_is(pg_get_bytes(rows, 0, 9), "{\"a\": [1]}"));
	assert_string_equal(pg_get_text(rows, 0, 10), "tired");
	assert_string_equal(pg_get_text(rows, 0, 11), "{\"b\":  2}");
	for (unsigned column = 0; column < 12; column++)
		assert_true(pg_is_null(rows, 1, column));
	assert_null(pg_get_text(rows, 1, 0));
	assert_null(pg_get_text(rows, 1, 9));
	assert_null(pg_get_bytes(rows, 1, 5).at);
	assert_int_equal(pg_get_int(rows, 1, 3), 0);
	assert_false(pg_get_bool(rows, 1, 4));
	assert_int_equal(pg_get_time(rows, 1, 6), 0);
	*(int *)ctx = 1;
}

static void
every_cell_comes_back(void **state)
{
	static const struct pg_stmt stmt = {"CELLS",
	    "values ('wörd'::text, -7::int2, (-2147483648)::int4, 9223372036854775807::int8, true, "
	    "'\\x00ff'::bytea, '1969-12-31 23:59:59.5Z'::timestamptz, 'infinity'::timestamptz, "
	    "'-infinity'::timestamptz, "
	    "'{\"a\":[1]}'::jsonb, 'tired'::mood, '{\"b\":  2}'::json), "
	    "(null, null, null, null, null, null, null, null, null, null, null, null)",
	    0, NULL};
	int done = 0;

	(void)state;
	pg_call(pg, &stmt, NULL, check_scalars, &done);
	run_until(loop, &done);
}

static void
check_arrays(void *ctx, enum status st, const struct pg_rows *rows)
{
	assert_int_equal(st, STATUS_OK);
	assert_int_equal(pg_get_array_count(rows, 0, 0), 3);
	assert_true(pg_get_array_int(rows, 0, 0, 2) == 3);
	assert_true(pg_get_array_int(rows, 0, 0, 1) == PG_NULL_INT8); /* backwards, too */
	assert_true(pg_get_array_int(rows, 0, 0, 0) == -1);
	assert_true(pg_get_array_int(rows, 0, 1, 0) == 7);
	assert_int_equal(pg_get_array_count(rows, 0, 2), 3);
	assert_true(slice_is(pg_get_array_text(rows, 0, 2, 0), "one"));
	assert_null(pg_get_array_text(rows, 0, 2, 1).at);
	assert_non_null(pg_get_array_text(rows, 0, 2, 2).at);
	assert_int_equal(pg_get_array_text(rows, 0, 2, 2).len, 0);
	assert_true(slice_is(pg_get_array_text(rows, 1, 2, 0), "second row"));
	assert_int_equal(pg_get_array_count(rows, 0, 3), 0);
	assert_int_equal(pg_get_array_count(rows, 0, 4), 0);
	*(int *)ctx = 1;
}

static void
every_array_comes_back(void **state)
{
	static const struct pg_stmt stmt = {"READ_ARRAYS",
	    "values ('{-1,null,3}'::int8[], '{7}'::int4[], '{one,null,\"\"}'::text[], "
	    "'{}'::text[], null::int8[]), ('{1}', '{1}', '{second row}', '{}', null)",
	    0, NULL};
	int done = 0;

	(void)state;
	pg_call(pg, &stmt, NULL, check_arrays, &done);
	run_until(loop, &done);
}

/* The same statement first with nulls (whose type is anybody's guess), then with values of a type. */
static void
nulls_do_not_fix_the_type(void **state)
{
	static const struct pg_stmt stmt = {"EITHER", "select coalesce($1::text, 'none')", 0, NULL};
	struct pg_args args = {0};

	(void)state;
	pg_null(&args);
	assert_string_equal(ask(loop, pg, &stmt, &args).text, "none");
	pg_time(&args, 0);
	assert_string_equal(ask(loop, pg, &stmt, &args).text, "1970-01-01 00:00:00+00");
	pg_text(&args, "word");
	assert_string_equal(ask(loop, pg, &stmt, &args).text, "word");
	pg_int8_array(&args, (const int64_t[]){4}, 1);
	assert_string_equal(ask(loop, pg, &stmt, &args).text, "{4}");
}

static void
text_that_is_none_is_not_sent(void **state)
{
	static const struct pg_stmt stmt = {"TEXT", "select $1::text", 0, NULL};
	static const struct pg_stmt array = {"TEXTS", "select $1::text[]::text", 0, NULL};
	struct pg_records *records;
	struct pg_args args = {0};

	(void)state;
	pg_slice(&args, (struct slice){"a\0b", 3});
	assert_int_equal(ask(loop, pg, &stmt, &args).st, STATUS_MALFORMED);
	pg_text(&args, "\xc3(");
	assert_int_equal(ask(loop, pg, &stmt, &args).st, STATUS_MALFORMED);
	pg_text_array(&args, (const char *const[]){"fine", "\xff"}, 2);
	assert_int_equal(ask(loop, pg, &array, &args).st, STATUS_MALFORMED);
	records = pg_records_new(1);
	pg_record_text(records, "\xff");
	pg_records_put(&args, records);
	assert_int_equal(ask(loop, pg, &array, &args).st, STATUS_MALFORMED);
	pg_text(&args, "fine");
	assert_string_equal(ask(loop, pg, &stmt, &args).text, "fine");
}

static void
check_large(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct slice cell;

	assert_int_equal(st, STATUS_OK);
	cell = pg_get_bytes(rows, 0, 0);
	assert_int_equal(cell.len, 20000000);
	assert_int_equal(cell.at[0], 'x');
	assert_int_equal(cell.at[cell.len - 1], 'x');
	*(int *)ctx = 1;
}

/* Far beyond what the socket takes at once: the write has to wait for the loop, and the answer
 * comes in pieces. */
static void
large_values_go_both_ways(void **state)
{
	static const struct pg_stmt stmt = {"ECHO", "select $1::bytea || ''::bytea", 240000, NULL};
	char *large = malloc(20000000);
	struct pg_args args = {0};
	int done = 0;

	(void)state;
	memset(large, 'x', 20000000);
	pg_bytea(&args, large, 20000000);
	free(large);
	pg_call(pg, &stmt, &args, check_large, &done);
	run_until(loop, &done);
}

static void
read_as_number(void *ctx, enum status st, const struct pg_rows *rows)
{
	(void)ctx;
	(void)st;
	pg_get_int(rows, 0, 0);
}

static void
read_mistyped(void *ctx)
{
	static const struct pg_stmt stmt = {"MISTYPED", "select 'seven'::text", 0, NULL};
	struct loop *own = loop_new();
	int never = 0;

	(void)ctx;
	pg_call(pg_open(own, &(struct pg_options){.conninfo = scratch_postgres_conninfo(cluster)}),
	    &stmt, NULL, read_as_number, NULL);
	run_until(own, &never);
}

static void
a_wrong_type_is_our_bug(void **state)
{
	(void)state;
	assert_int_equal(exit_code_of(read_mistyped, NULL), 70);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_server_understands_every_argument),
	    cmocka_unit_test(words_go_into_any_type),
	    cmocka_unit_test(the_server_understands_every_array),
	    cmocka_unit_test(the_server_understands_every_record),
	    cmocka_unit_test(no_records_are_an_empty_array),
	    cmocka_unit_test(many_records_keep_their_order),
	    cmocka_unit_test(a_record_of_another_type_is_fatal),
	    cmocka_unit_test(every_cell_comes_back),
	    cmocka_unit_test(every_array_comes_back),
	    cmocka_unit_test(nulls_do_not_fix_the_type),
	    cmocka_unit_test(text_that_is_none_is_not_sent),
	    cmocka_unit_test(large_values_go_both_ways),
	    cmocka_unit_test(a_wrong_type_is_our_bug),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
