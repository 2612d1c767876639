/* SPDX-License-Identifier: MIT */
/*
 * 10,000 unchanged events imported again: our way (the rows in force, a diff in C, nothing written)
 * against staging + MERGE in SQL, on one server, in turn, each round both. Parsing is in neither.
 * The table holds 200,000 rows in force of twenty rotas.
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/arena.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/log.h"
#include "server/base/text.h"
#include "server/base/vec.h"
#include "server/feeds/feeds_sql.h"
#include "server/model/merge.h"
#include "server/pg/pg.h"
#include "server/pg/pg_migrate.h"
#include "tests/support/scratch.h"

enum { EVENTS = 10000, ROUNDS = 15 };

static const int64_t first_start = 1800000000;

static const char fill[] =
    "insert into crisiscover.rota (id) select 'rota-' || n from generate_series(1, "
    "20) n;insert into crisiscover.person (id) select 'person-' || n from generate_series(0, "
    "39) n;insert into crisiscover.body (sha256, bytes) values (sha256('x'), 'x');insert into crisiscover.reading (rota, "
    "body, read_with, window_from, window_to, events, counts, findings)  select id, sha256('x'), 'x', now(), now(), 10000, "
    "'{}', '[]' from crisiscover.rota;insert into crisiscover.feed (rota, kind, state) select id, 'file', "
    "'good' from crisiscover.rota;update crisiscover.feed f set reading = r.id from crisiscover.reading r where r.rota = f.rota;insert into "
    "crisiscover.shift (rota, key, class, person, title, starts_at, ends_at, reading)  select r.rota, "
    "'event-' || n || '@rota.example', 'named', 'person-' || n % 40, 'AMHP: person ' || n % 40, "
    "        to_timestamp(1800000000 + n * 1800), to_timestamp(1800000000 + n * 1800 + 28800), "
    "r.id  from crisiscover.reading r, generate_series(0, 9999) n;analyze; checkpoint;";

static double
now_ms(void)
{
	return (double)clock_wall_us() / 1000.0;
}

/* The reader's output for them: the same 10,000 events. */
static struct merge_row *
reading(struct arena *arena)
{
	struct merge_row *rows = arena_array(arena, EVENTS, sizeof *rows);

	for (int n = 0; n < EVENTS; n++)
		rows[n] = (struct merge_row){
		    .key = arena_printf(arena, "event-%d@rota.example", n),
		    .start = first_start + n * INT64_C(1800),
		    .end = first_start + n * INT64_C(1800) + 28800,
		    .class = "named",
		    .person = arena_printf(arena, "person-%d", n % 40),
		    .title = arena_printf(arena, "AMHP: person %d", n % 40),
		};
	return rows;
}

struct ours {
	struct loop *loop;
	const struct merge_row *reading;
};

static void
on_rows(void *ctx, enum status st, const struct pg_rows *rows)
{
	struct ours *ours = ctx;
	struct arena *arena = arena_new(0);
	size_t count = rows != NULL ? pg_rows_count(rows) : 0;
	struct merge_row *current = arena_array(arena, count + 1, sizeof *current);
	struct merge merge;

	INVARIANT(st == STATUS_OK && count == EVENTS);
	for (size_t i = 0; i < count; i++)
		current[i] = (struct merge_row){
		    .id = pg_get_int(rows, i, 1),
		    .key = pg_get_text(rows, i, 2),
		    .start = pg_get_time(rows, i, 3),
		    .end = pg_get_time(rows, i, 4),
		    .class = pg_get_text(rows, i, 5),
		    .person = pg_get_text(rows, i, 6),
		    .title = pg_get_text(rows, i, 7),
		    .team = pg_get_text(rows, i, 8),
		};
	merge_make(arena, (struct merge_rows){current, count},
	    (struct merge_rows){ours->reading, EVENTS}, first_start, &merge);
	INVARIANT(merge.nadded == 0 && merge.nsuperseded == 0);
	arena_free(arena);
	loop_stop(ours->loop);
}

static double
import_ours(struct ours *ours, struct pg *pg)
{
	struct pg_args args = {0};
	double start = now_ms();

	pg_text(&args, "rota-7");
	pg_time(&args, first_start);
	pg_text_array(&args, NULL, 0);
	pg_call(pg, &FEEDS_ROWS, &args, on_rows, ours);
	loop_run(ours->loop);
	return now_ms() - start;
}

static void
must(PGconn *conn, PGresult *result, ExecStatusType wanted)
{
	if (PQresultStatus(result) != wanted)
		fatal("the bench's own SQL failed: %s", PQerrorMessage(conn));
	PQclear(result);
}

static void
sql(PGconn *conn, const char *text)
{
	PGresult *result = PQexec(conn, text);

	must(conn, result,
	    PQresultStatus(result) == PGRES_TUPLES_OK ? PGRES_TUPLES_OK : PGRES_COMMAND_OK);
}

/* The reading as COPY wants it, made beforehand: its making is not the import's cost. */
static struct buf
copy_text(const struct merge_row *rows)
{
	struct buf text = {0};

	for (int n = 0; n < EVENTS; n++)
		buf_printf(&text, "%s\t%s\t%s\t%s\t%lld\t%lld\n", rows[n].key, rows[n].class,
		    rows[n].person, rows[n].title, (long long)rows[n].start,
		    (long long)rows[n].end);
	return text;
}

static double
import_merge(PGconn *conn, const struct buf *text)
{
	double start = now_ms();

	sql(conn,
	    "begin; create temp table staged (key text, class text, person text, title text, s bigint, e bigint) on commit drop");
	must(conn, PQexec(conn, "copy staged from stdin"), PGRES_COPY_IN);
	if (PQputCopyData(conn, text->at, (int)text->len) != 1 || PQputCopyEnd(conn, NULL) != 1)
		fatal("copy failed: %s", PQerrorMessage(conn));
	must(conn, PQgetResult(conn), PGRES_COMMAND_OK);
	INVARIANT(PQgetResult(conn) == NULL);
	sql(conn,
	    "merge into crisiscover.shift t using staged n on t.rota = 'rota-7' and t.key = n.key and t.known_to = 'infinity' when matched and (t.class, t.person, "
	    "t.title, t.starts_at, t.ends_at) is distinct from (n.class, n.person, n.title, to_timestamp(n.s), "
	    "to_timestamp(n.e)) then update set known_to = now() when not matched then insert (rota, key, class, person, title, "
	    "starts_at, ends_at) values ('rota-7', n.key, n.class, n.person, n.title, to_timestamp(n.s), to_timestamp(n.e))");
	sql(conn,
	    "update crisiscover.shift t set known_to = now() where rota = 'rota-7' and known_to = 'infinity' and not exists (select from staged n where n.key = t.key)");
	sql(conn, "commit");
	return now_ms() - start;
}

static long long
wal_position(struct scratch_postgres *postgres)
{
	char *text = scratch_psql(
	    postgres, "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");
	long long position = atoll(text);

	free(text);
	return position;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *values)
{
	qsort(values, ROUNDS, sizeof *values, ascending);
	return values[ROUNDS / 2];
}

int
main(void)
{
	struct scratch_postgres *postgres =
	    scratch_postgres_start(&(struct scratch_postgres_options){.fsync = true});
	const char *conninfo = scratch_postgres_conninfo(postgres);
	struct arena *arena = arena_new(0);
	struct ours ours = {.loop = loop_new(), .reading = reading(arena)};
	double mine[ROUNDS], theirs[ROUNDS], ratios[ROUNDS];
	long long my_wal = 0, their_wal = 0, mark;
	struct buf text = copy_text(ours.reading);
	PGconn *conn;
	struct pg *pg;

	log_open("bench", LOG_ERROR);
	if (pg_migrate_run(conninfo, SOURCE_ROOT "/migrations", false) != 0)
		return 1;
	free(scratch_psql(postgres, fill));
	conn = PQconnectdb(conninfo);
	pg = pg_open(ours.loop, &(struct pg_options){.conninfo = scratch_postgres_conninfo_as(
							 postgres, "crisiscover_feeds"),
				    .application_name = "bench"});
	import_ours(&ours, pg); /* both warm */
	import_merge(conn, &text);
	for (int round = 0; round < ROUNDS; round++) {
		mark = wal_position(postgres);
		mine[round] = import_ours(&ours, pg);
		my_wal += wal_position(postgres) - mark;
		mark = wal_position(postgres);
		theirs[round] = import_merge(conn, &text);
		their_wal += wal_position(postgres) - mark;
		ratios[round] = mine[round] / theirs[round];
	}
	printf("\n10,000 unchanged events imported again into 200,000 rows, parsing left out, "
	       "medians of %d pairs\n",
	    ROUNDS);
	printf("%-44s %10s %14s  ratio\n", "", "ours", "staging+MERGE");
	printf("%-44s %10.2f %14.2f  %.3f\n", "time (ms)", median(mine), median(theirs),
	    median(ratios));
	printf("%-44s %10lld %14lld\n", "write-ahead log an import (bytes)", my_wal / ROUNDS,
	    their_wal / ROUNDS);
	PQfinish(conn);
	pg_close(pg);
	loop_free(ours.loop);
	buf_free(&text);
	arena_free(arena);
	scratch_postgres_stop(postgres);
	return 0;
}
