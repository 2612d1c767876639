/* SPDX-License-Identifier: MIT */
/*
 * Eight writers at once. A flag holds two locks until its commit is on the disk, so that commits
 * wait for one another instead of sharing the disk's write: that of the counter, which makes
 * numbers without holes in the order of the commits, and PostgreSQL's own lock of those who notify.
 * Each is also measured without the other.
 */
#include "tests/benches/map_flags_many.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "server/base/fatal.h"

enum { WRITERS = 8, ROUNDS = 5, ROUND_US = 1000000, PATIENCE_SECONDS = 60 };

/* A row of the size of a flag's. */
#define ROW "insert into bench_row (kind, payload) values ('feed_stale', repeat('x', 150))"

static const struct {
	const char *what, *text;
	int rows;
} kinds[] = {
    {"  a row in a plain table", "begin; " ROW "; commit", 1},
    {"  a row, and the hint", "begin; " ROW "; " MANY_HINT "; commit", 1},
    {"  a flag, without the hint", "begin; " MANY_FLAG "; commit", 1},
    {"  a flag, as it is added", MANY_FLAG_AND_HINT, 1},
    {"  a hundred flags, as a sweep adds them",
	"begin; " MANY_FLAG " from generate_series(1, 100); " MANY_HINT "; commit", 100},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

struct writer {
	pthread_t thread;
	PGconn *conn;
	const char *text;
	unsigned count;
};

static atomic_bool over;

void
many_sql(PGconn *conn, const char *text)
{
	PGresult *result = PQexec(conn, text);

	if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
		fatal("the bench's own SQL failed: %s", PQerrorMessage(conn));
	PQclear(result);
}

PGconn *
many_connect(const char *conninfo)
{
	PGconn *conn = PQconnectdb(conninfo);

	many_sql(conn, "set search_path = crisiscover");
	return conn;
}

static void *
write_on(void *memory)
{
	struct writer *writer = memory;

	while (!atomic_load(&over)) {
		many_sql(writer->conn, writer->text);
		writer->count++;
	}
	return NULL;
}

static double
now_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Commits a second. */
static double
write_for_a_round(struct writer *writers, const char *text)
{
	unsigned count = 0;
	double began = now_seconds();

	atomic_store(&over, false);
	for (int i = 0; i < WRITERS; i++) {
		writers[i].text = text;
		writers[i].count = 0;
		INVARIANT(pthread_create(&writers[i].thread, NULL, write_on, &writers[i]) == 0);
	}
	usleep(ROUND_US);
	atomic_store(&over, true);
	for (int i = 0; i < WRITERS; i++) {
		INVARIANT(pthread_join(writers[i].thread, NULL) == 0);
		count += writers[i].count;
	}
	return count / (now_seconds() - began);
}

static bool
all_is_told(PGconn *conn)
{
	PGresult *result = PQexec(conn, "select from flag where published_at is null limit 1");
	bool told = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 0;

	PQclear(result);
	return told;
}

/* The work that the round before left to the role must not weigh on the next. */
static void
await_the_role(PGconn *conn)
{
	double began = now_seconds();

	many_sql(conn, MANY_HINT);
	while (!all_is_told(conn)) {
		if (now_seconds() - began > PATIENCE_SECONDS)
			fatal("the role has told nothing more for %d seconds", PATIENCE_SECONDS);
		usleep(1000);
	}
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void
many_measure(const char *conninfo)
{
	struct writer writers[WRITERS];
	double rates[KINDS][ROUNDS];

	for (int i = 0; i < WRITERS; i++)
		writers[i].conn = many_connect(conninfo);
	many_sql(writers[0].conn,
	    "create table bench_row (id bigint generated always as identity primary key, at timestamptz default clock_timestamp(), "
	    "kind text, payload text)");
	for (int round = 0; round < ROUNDS; round++) {
		for (int kind = 0; kind < KINDS; kind++) {
			rates[kind][round] = write_for_a_round(writers, kinds[kind].text);
			await_the_role(writers[0].conn);
		}
	}
	printf("\n%-54s %10s %10s %10s\n", "eight writers at once, of each kind in turn",
	    "commits/s", "to a row", "rows/s");
	for (int kind = 0; kind < KINDS; kind++) {
		double *rate = rates[kind];

		qsort(rate, ROUNDS, sizeof *rate, ascending);
		printf("%-54s %10.0f %10.2f %10.0f\n", kinds[kind].what, rate[ROUNDS / 2],
		    rate[ROUNDS / 2] / rates[0][ROUNDS / 2], rate[ROUNDS / 2] * kinds[kind].rows);
	}
	for (int i = 0; i < WRITERS; i++)
		PQfinish(writers[i].conn);
}
