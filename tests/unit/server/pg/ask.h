/* SPDX-License-Identifier: MIT */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/pg/pg.h"
#include "tests/support/run_until.h"
#include "tests/support/scratch.h"

/* Shared by the tests of server/pg: a server, and an answer that is kept. */

/* One cluster for all tests of a program. ${sql} (or NULL) makes what they need in it. */
static struct scratch_postgres *cluster;

static inline int
start_cluster(const char *sql)
{
	cluster = scratch_postgres_start(NULL);
	if (sql != NULL)
		free(scratch_psql(cluster, sql));
	return 0;
}

static inline int
tear_down_cluster(void **state)
{
	(void)state;
	scratch_postgres_stop(cluster);
	return 0;
}

/* An answer: how often it came, its status, the first cell if that is text, the server's refusal. */
struct answer {
	int times;
	enum status st;
	size_t rows;
	char text[256], refusal[256], sqlstate[8];
	int order;  /* which one of those that share a counter */
	int *count; /* the counter, or NULL */
};

static inline void
on_answer(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct answer *answer = ctx;

	answer->times++;
	answer->st = st;
	if (answer->count != NULL)
		answer->order = ++*answer->count;
	if (st == STATUS_OK) {
		answer->rows = pg_rows_count(rows);
		if (answer->rows > 0 && pg_get_text(rows, 0, 0) != NULL)
			snprintf(answer->text, sizeof answer->text, "%s", pg_get_text(rows, 0, 0));
	} else if (st == STATUS_REFUSED) {
		snprintf(answer->refusal, sizeof answer->refusal, "%s", pg_rows_refusal(rows));
		snprintf(answer->sqlstate, sizeof answer->sqlstate, "%s", pg_rows_sqlstate(rows));
	} else {
		assert_null(rows);
	}
}

/* Asks and waits. */
static inline struct answer
ask(struct loop *loop, struct pg *pg, const struct pg_stmt *stmt, struct pg_args *args)
{
	struct answer answer = {0};

	pg_call(pg, stmt, args, on_answer, &answer);
	assert_int_equal(answer.times, 0);
	run_until(loop, &answer.times);
	return answer;
}
