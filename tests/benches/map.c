/* SPDX-License-Identifier: MIT */
/*
 * The map: a sweep of England against SQL that does the same (map_sweeps.c), a first map against a
 * plain COPY of the shifts, one change at 1 %, 10 % and 100 % of England. Ratios are of one run;
 * the sides of each take turns.
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/base/log.h"
#include "server/coverage/cycle.h"
#include "server/loop/loop.h"
#include "server/pg/pg_migrate.h"
#include "tests/benches/england.h"
#include "tests/benches/map_sweeps.h"
#include "tests/benches/timing.h"
#include "tests/support/scratch.h"

enum { SIZES = 3, CHANGES = 60 };

/* One database of a size, and a coverage role on it, in this process. */
struct country {
	int services;
	struct scratch_postgres *postgres;
	PGconn *conn;
	struct loop *loop;
	struct pg *pg;
	struct cycle *cycle;
	double first_ms, first_cpu_ms, changes[CHANGES];
};

static struct setup_tools context;

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *values, size_t count)
{
	qsort(values, count, sizeof *values, ascending);
	return values[count / 2];
}

/* ------------------------------------------------------------------------------- the whole role */

static void
on_done(void *ctx, enum status st, int64_t wait_ms)
{
	struct country *country = ctx;

	(void)wait_ms;
	if (st == STATUS_OK)
		loop_stop(country->loop);
	else
		cycle_run(country->cycle, true);
}

static void
settle(struct country *country, bool sources)
{
	cycle_run(country->cycle, sources);
	loop_run(country->loop);
}

static double
cpu_ms(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (double)used.tv_sec * 1000 + (double)used.tv_nsec / 1e6;
}

static void
open_country(struct country *country, int services)
{
	const char *conninfo;
	double began, cpu;

	country->services = services;
	country->postgres = scratch_postgres_start(&(struct scratch_postgres_options){
	    .settings = "shared_buffers = '256MB'\nmax_wal_size = '4GB'\n"});
	conninfo = scratch_postgres_conninfo(country->postgres);
	if (pg_migrate_run(conninfo, SOURCE_ROOT "/migrations", false) != 0)
		fatal("the migrations failed");
	country->conn = PQconnectdb(conninfo);
	england_fill(country->conn, services);
	country->loop = loop_new();
	country->pg = pg_open(country->loop,
	    &(struct pg_options){
		.conninfo = scratch_postgres_conninfo_as(country->postgres, "crisiscover_coverage"),
		.application_name = "bench"});
	country->cycle = cycle_new(country->pg, &context, on_done, country);
	began = now_ms();
	cpu = cpu_ms();
	settle(country, true);
	country->first_ms = now_ms() - began;
	country->first_cpu_ms = cpu_ms() - cpu;
	england_sql(country->conn, "analyze");
}

static void
close_country(struct country *country)
{
	cycle_free(country->cycle);
	pg_close(country->pg);
	loop_free(country->loop);
	PQfinish(country->conn);
	scratch_postgres_stop(country->postgres);
}

/* Somebody else takes one shift; from the commit of that to the commit of the map. */
static double
change(struct country *country, int number)
{
	char sql[900];
	double began;

	snprintf(sql, sizeof sql,
	    "begin; with old as (update shift set known_to = clock_timestamp() where rota = 'r%d-1' and key = 'e%d@rota.example' and known_to = 'infinity' "
	    "returning *) insert into shift (rota, key, class, person, title, starts_at, ends_at) select rota, key, class, "
	    "'p%d-%d', title, starts_at, ends_at from old; select shifts_changed(array['r%d-1']); commit",
	    number * 7 % country->services, 60 + number, number * 7 % country->services,
	    number % 16, number * 7 % country->services);
	england_sql(country->conn, sql);
	began = now_ms();
	settle(country, false);
	return now_ms() - began;
}

static void
bench_changes(struct country *countries)
{
	static const char *const names[SIZES] = {"1 %", "10 %", "100 %"};
	double base = 0;

	for (int n = 0; n < CHANGES; n++)
		for (int i = 0; i < SIZES; i++)
			countries[i].changes[n] = change(&countries[i], n);
	printf("\n%-54s %10s %10s %8s\n", "one shift changes: its commit to the map's", "median ms",
	    "", "to 1 %");
	for (int i = 0; i < SIZES; i++) {
		double middle = median(countries[i].changes, CHANGES);

		base = i == 0 ? middle : base;
		printf("  %-5s of England %36s %10.2f %10.2f %8.2f\n", names[i], "", middle,
		    best(countries[i].changes, CHANGES), middle / base);
	}
}

/* ----------------------------------------------------------------------------------- first load */

static double
timed(PGconn *conn, const char *sql)
{
	double began = now_ms();

	england_sql(conn, sql);
	return now_ms() - began;
}

static double
copy_out(PGconn *conn, const char *what)
{
	double began = now_ms();
	PGresult *result = PQexec(conn, what);
	char *row;

	if (PQresultStatus(result) != PGRES_COPY_OUT)
		fatal("COPY failed: %s", PQerrorMessage(conn));
	PQclear(result);
	while (PQgetCopyData(conn, &row, 0) > 0)
		PQfreemem(row);
	PQclear(PQgetResult(conn));
	return now_ms() - began;
}

/* Inserts the same rows into tables with more and more checks and indexes, to see what each costs. */
static void
bench_first_load(struct country *england)
{
	static const struct {
		const char *what, *more;
	} steps[] = {
	    {"  its rows alone, INSERT ... SELECT", NULL},
	    {"  + checks",
		"alter table bench_span add check (starts_at < ends_at), add check (known_from <= known_to), "
		"add check (state <> 'covered' or (present >= required and cardinality(shifts) >= 1))"},
	    {"  + span_in_force (unique): as it is",
		"create unique index on bench_span (requirement, place, starts_at) where known_to = 'infinity'"},
	    {"  + what it has not: a foreign key on demand",
		"alter table bench_span add constraint fk foreign key (requirement, place) references demand"},
	};
	PGconn *conn = england->conn;
	double copy = copy_out(conn, "copy (select * from shift) to stdout"), again;
	double spans = england_sql(conn, "select count(*) from span");

	again = copy_out(conn, "copy (select * from shift) to stdout");
	copy = again < copy ? again : copy;
	printf("\n%-54s %10s %10s %8s\n", "first map of England", "ms", "", "to COPY");
	printf("%-54s %10.0f\n", "  COPY of its shifts out", copy);
	printf("%-54s %10.0f %10s %8.1f   %.0f spans, own CPU %.0f ms\n",
	    "  shifts in the table to complete map", england->first_ms, "",
	    england->first_ms / copy, spans, england->first_cpu_ms);
	england_sql(conn, "create table bench_span (like span including defaults)");
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		double ms;

		england_sql(conn, "truncate bench_span");
		if (steps[i].more != NULL)
			england_sql(conn, steps[i].more);
		ms = timed(conn, "insert into bench_span select * from span");
		printf("%-54s %10.0f %10s %8.1f\n", steps[i].what, ms, "", ms / copy);
	}
	england_sql(conn, "drop table bench_span");
}

int
main(void)
{
	static const int services[SIZES] = {
	    ENGLAND_SERVICES / 100, ENGLAND_SERVICES / 10, ENGLAND_SERVICES};
	struct country countries[SIZES] = {0};
	struct zonedb *zones;
	char *holidays;
	size_t len;

	log_open("bench", LOG_ERROR);
	if (zonedb_open("/usr/share/zoneinfo", &zones) != STATUS_OK ||
	    file_read(SOURCE_ROOT "/server/model/bank_holidays.csv", 1 << 20, &holidays, &len) !=
		STATUS_OK)
		fatal("no time zones or bank holidays");
	context = (struct setup_tools){.zones = zones, .holidays = {holidays, len}};
	for (int i = 0; i < SIZES; i++)
		open_country(&countries[i], services[i]);
	bench_sweeps(countries[SIZES - 1].conn, &context);
	bench_changes(countries);
	bench_first_load(&countries[SIZES - 1]);
	for (int i = 0; i < SIZES; i++)
		close_country(&countries[i]);
	zonedb_free(zones);
	free(holidays);
	return 0;
}
