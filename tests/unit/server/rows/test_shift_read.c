/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "server/base/arena.h"
#include "server/rows/shift_read.h"
#include "tests/support/run_until.h"
#include "tests/support/scratch.h"

/* Rows come from a server, with columns in an order that no statement of ours has. */

enum { THIRD, INSTEAD, OVERRIDE, ENDS_AT, STARTS_AT, TEAM, PERSON, CLASS, ID };
static const struct shift_columns columns = {
    .id = ID,
    .class = CLASS,
    .person = PERSON,
    .team = TEAM,
    .starts_at = STARTS_AT,
    .ends_at = ENDS_AT,
    .override = OVERRIDE,
    .instead = INSTEAD,
    .third = THIRD,
};

#define ROWS_MAX 16
enum { ANN, BEN, CAL };

static struct scratch_postgres *cluster;
static struct loop *loop;
static struct pg *pg;
static struct arena *arena;
static struct region region;

static int
set_up(void **state)
{
	(void)state;
	cluster = scratch_postgres_start(NULL);
	loop = loop_new();
	pg = pg_open(loop, &(struct pg_options){.conninfo = scratch_postgres_conninfo(cluster)});
	arena = arena_new(0);
	table_init(&region.person_by_id, arena, 4);
	table_put(&region.person_by_id, arena, "ann", ANN);
	table_put(&region.person_by_id, arena, "ben", BEN);
	table_put(&region.person_by_id, arena, "cal", CAL);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	pg_close(pg);
	loop_free(loop);
	scratch_postgres_stop(cluster);
	return 0;
}

struct result {
	int times;
	size_t count;
	struct {
		struct shift_read read;
		char class[16], team[16];
		bool is_shift;
		struct shift shift;
		struct override override;
	} rows[ROWS_MAX];
};

static void
on_rows(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct result *result = ctx;

	result->times++;
	assert_int_equal(st, STATUS_OK);
	result->count = pg_rows_count(rows);
	assert_true(result->count <= ROWS_MAX);
	for (size_t i = 0; i < result->count; i++) {
		struct shift_read *read = &result->rows[i].read;

		*read = shift_read_row(&region, rows, i, &columns);
		result->rows[i].is_shift = shift_read_shift(read, &result->rows[i].shift);
		result->rows[i].override = shift_read_override(read);
		strncpy(result->rows[i].class, read->class, sizeof result->rows[i].class - 1);
		if (read->team != NULL)
			strncpy(result->rows[i].team, read->team, sizeof result->rows[i].team - 1);
	}
}

/* The answer to VALUES in the order of the enum above. */
static struct result
read_rows(const struct pg_stmt *stmt)
{
	struct result result = {0};
	struct pg_args args = {0};

	pg_call(pg, stmt, &args, on_rows, &result);
	run_until(loop, &result.times);
	return result;
}

#define VALUES(rows)                                                                                \
	"select third::text[], instead::text, override::bigint, to_timestamp(finish), "             \
	"to_timestamp(start), team::text, person::text, class::text, id::bigint from (values " rows \
	") v (id, class, person, team, start, finish, override, instead, third) order by id"

static void
a_row_of_a_source(void **state)
{
	static const struct pg_stmt stmt = {"SOURCE",
	    VALUES("(1, 'named', 'ann', null, 100, 200, null, 'ben', '{cal}'), "
		   "(2, 'team', null, 'Crisis team', 100, 200, null, null, null)"),
	    0, NULL};
	struct result result = read_rows(&stmt);

	(void)state;
	assert_int_equal(result.count, 2);
	assert_int_equal(result.rows[0].read.id, 1);
	assert_int_equal(result.rows[0].read.start, 100);
	assert_int_equal(result.rows[0].read.end, 200);
	assert_int_equal(result.rows[0].read.person, ANN);
	assert_null(result.rows[0].read.team);
	/* The replaced person is a column of overrides alone. */
	assert_int_equal(result.rows[0].read.override, 0);
	assert_int_equal(result.rows[0].read.nthird, 0);
	assert_true(result.rows[0].is_shift);
	assert_int_equal(result.rows[0].shift.id, 1);
	assert_int_equal(result.rows[0].shift.start, 100);
	assert_int_equal(result.rows[0].shift.end, 200);
	assert_int_equal(result.rows[0].shift.person, ANN);
	assert_int_equal(result.rows[0].shift.class, SHIFT_NAMED);
	assert_false(result.rows[0].shift.override);
	assert_int_equal(result.rows[1].shift.class, SHIFT_TEAM);
	assert_int_equal(result.rows[1].shift.person, SWEEP_NOBODY);
	assert_string_equal(result.rows[1].team, "Crisis team");
}

/* Only a person of the set-up is cover; what we do not know is never emptiness. */
static void
a_class_is_read_by_one_rule(void **state)
{
	static const struct pg_stmt stmt = {"CLASSES",
	    VALUES("(1, 'named', 'ann', null, 1, 2, null, null, null), "
		   "(2, 'named', 'zoe', null, 1, 2, null, null, null), "
		   "(3, 'tentative', 'ann', null, 1, 2, null, null, null), "
		   "(4, 'team', null, 'T', 1, 2, null, null, null), "
		   "(5, 'nobody', null, null, 1, 2, null, null, null), "
		   "(6, 'undecided', null, null, 1, 2, null, null, null), "
		   "(7, 'unreadable', null, null, 1, 2, null, null, null), "
		   "(8, 'of tomorrow', 'ann', null, 1, 2, null, null, null), "
		   "(9, 'absence', 'ann', 'leave', 1, 2, null, null, null)"),
	    0, NULL};
	static const enum shift_class expected[] = {SHIFT_NAMED, SHIFT_UNDECIDED, SHIFT_UNDECIDED,
	    SHIFT_TEAM, SHIFT_NOBODY, SHIFT_UNDECIDED, SHIFT_UNDECIDED, SHIFT_UNDECIDED};
	struct result result = read_rows(&stmt);

	(void)state;
	assert_int_equal(result.count, 9);
	for (size_t i = 0; i < 8; i++) {
		assert_true(result.rows[i].is_shift);
		assert_int_equal(result.rows[i].shift.class, expected[i]);
	}
	assert_int_equal(result.rows[1].read.person, TABLE_NONE);
	assert_false(result.rows[8].is_shift);
	assert_int_equal(result.rows[8].read.person, ANN);
}

static void
a_row_of_an_override(void **state)
{
	static const struct pg_stmt stmt = {"OVERRIDES",
	    VALUES("(1, 'named', 'ann', null, 100, 200, 31, 'ben', '{cal,zoe}'), "
		   "(2, 'undecided', 'ann', null, 100, 200, 32, 'zoe', null), "
		   "(3, 'nobody', null, null, 100, 200, 33, null, '{}')"),
	    0, NULL};
	struct result result = read_rows(&stmt);
	const struct override *first = &result.rows[0].override;

	(void)state;
	assert_int_equal(result.count, 3);
	assert_int_equal(first->id, 31);
	assert_int_equal(first->shift, 1);
	assert_int_equal(first->kind, OVERRIDE_PUTS_ON);
	assert_int_equal(first->start, 100);
	assert_int_equal(first->end, 200);
	assert_int_equal(first->person, ANN);
	assert_int_equal(first->instead, BEN);
	assert_int_equal(first->nthird, 2);
	assert_int_equal(first->third[0], CAL);
	assert_int_equal(first->third[1], TABLE_NONE);
	assert_false(first->took);
	assert_int_equal(result.rows[1].override.kind, OVERRIDE_DISPUTED);
	assert_int_equal(result.rows[1].override.instead, SWEEP_NOBODY);
	assert_int_equal(result.rows[1].override.nthird, 0);
	assert_int_equal(result.rows[2].override.kind, OVERRIDE_NOBODY);
	assert_int_equal(result.rows[2].override.person, SWEEP_NOBODY);
	assert_int_equal(result.rows[2].override.instead, SWEEP_NOBODY);
	assert_int_equal(result.rows[2].override.nthird, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_row_of_a_source),
	    cmocka_unit_test(a_class_is_read_by_one_rule),
	    cmocka_unit_test(a_row_of_an_override),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
