/*
 * The map: a sweep of England against SQL that counts heads, a first map against a plain COPY of
 * the shifts, one change at 1 %, 10 % and 100 % of England. Ratios are of one run; the sides of
 * each take turns.
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server/base/arena.h"
#include "server/base/clock.h"
#include "server/base/fatal.h"
#include "server/base/file.h"
#include "server/base/log.h"
#include "server/coverage/cycle.h"
#include "server/loop/loop.h"
#include "server/model/sweep.h"
#include "server/pg/pg_migrate.h"
#include "tests/benches/england.h"
#include "tests/support/scratch.h"

enum { SIZES = 3, CHANGES = 60, SWEEPS = 15, ONE_SWEEPS = 200, SQL_SWEEPS = 3 };

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

static struct setup_ground ground;

static double
now_ms(void)
{
	return (double)clock_wall_us() / 1000.0;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Neighbours only ever add. */
static double
best(const double *values, size_t count)
{
	double least = values[0];

	for (size_t i = 1; i < count; i++)
		least = values[i] < least ? values[i] : least;
	return least;
}

static double
median(double *values, size_t count)
{
	qsort(values, count, sizeof *values, ascending);
	return values[count / 2];
}

/* ------------------------------------------------------------------------------ sweeps in memory
 */

/* The rotas of one service as the role has them after it has loaded them. */
static struct sweep_rota *
rotas_of(struct arena *arena, int service, int64_t start)
{
	struct sweep_rota *rotas = arena_array(arena, ENGLAND_ROTAS, sizeof *rotas);

	for (int rota = 0; rota < ENGLAND_ROTAS; rota++) {
		struct shift *shifts = arena_array(arena, ENGLAND_SHIFTS, sizeof *shifts);
		size_t count = 0;

		for (int n = 0; n < ENGLAND_SHIFTS; n++) {
			int64_t from = start + n * ENGLAND_SHIFT_HOURS * INT64_C(3600);

			if (!ENGLAND_HELD(service, rota, n))
				continue;
			shifts[count++] = (struct shift){.start = from,
			    .end = from + ENGLAND_SHIFT_HOURS * INT64_C(3600),
			    .id = n,
			    .person = (uint32_t)(service * ENGLAND_PEOPLE + rota * 16 + n % 16),
			    .class = SHIFT_NAMED};
		}
		rotas[rota] = (struct sweep_rota){
		    shifts, count, .horizon = INT64_MAX, .trusted_until = INT64_MAX};
	}
	return rotas;
}

/* Seconds with fewer than ${required}. */
static int64_t
sweep_one(
    struct arena *arena, const struct sweep_rota *rotas, struct span_time window, int32_t required)
{
	struct span_times hours = {&window, 1};
	struct sweep_input input = {.window = window,
	    .hours = hours,
	    .required = required,
	    .rotas = rotas,
	    .nrotas = ENGLAND_ROTAS};
	struct cover_spans spans = sweep(arena, &input);
	int64_t lacking = 0;

	for (size_t i = 0; i < spans.count; i++)
		if (spans.items[i].present < required)
			lacking += spans.items[i].end - spans.items[i].start;
	return lacking;
}

static int32_t
required_of(int service, int kind)
{
	return 1 + (service + kind) % 3;
}

static int
kinds_of(int service)
{
	return service * 9 < ENGLAND_SERVICES * 5 ? 4 : 3;
}

static double
sweep_all(struct sweep_rota *const *rotas, struct span_time window, int64_t *lacking)
{
	double began = now_ms();

	*lacking = 0;
	for (int service = 0; service < ENGLAND_SERVICES; service++) {
		struct arena *arena = arena_new(0);

		for (int kind = 0; kind < kinds_of(service); kind++)
			*lacking +=
			    sweep_one(arena, rotas[service], window, required_of(service, kind));
		arena_free(arena);
	}
	return now_ms() - began;
}

/* The rule in SQL: heads at every edge, the ranges with too few. */
#define SQL_SWEEP                                                                                  \
	"with edge as (select q.id, q.required, e.t, sum(e.d) as d from bench_requirement q "      \
	"join shift s on s.rota = any (q.rotas) and s.known_to = 'infinity' "                      \
	"cross join lateral (values (s.starts_at, 1), (s.ends_at, -1)) e (t, d) %s "               \
	"group by q.id, q.required, e.t "                                                          \
	"union all select id, required, from_, 0 from bench_requirement q %s), "                   \
	"head as (select id, required, t, sum(d) over w as heads, lead(t, 1, to_) over w as next " \
	"from edge join (select id as i, to_ from bench_requirement) z on z.i = id "               \
	"window w as (partition by id order by t rows between unbounded preceding and current "    \
	"row)), "                                                                                  \
	"gap as (select id, range_agg(tstzrange(t, next)) as at from head where heads < required " \
	"and t < next group by id) "                                                               \
	"select sum(extract(epoch from upper(r) - lower(r))) from gap, unnest(at) r"

static void
make_requirements(PGconn *conn, struct span_time window)
{
	char sql[700];

	snprintf(sql, sizeof sql,
	    "create unlogged table bench_requirement as select s * 4 + k as id, 1 + (s + k) %% 3 "
	    "as required, array['r' || s || '-0', 'r' || s || '-1', 'r' || s || '-2'] as rotas, "
	    "to_timestamp(%lld) as from_, to_timestamp(%lld) as to_ from generate_series(0, %d) s, "
	    "generate_series(0, 3) k where k < 3 or s * 9 < %d * 5",
	    (long long)window.start, (long long)window.end, ENGLAND_SERVICES - 1, ENGLAND_SERVICES);
	england_sql(conn, sql);
	england_sql(conn, "alter table bench_requirement add primary key (id); analyze "
			  "bench_requirement");
}

static double
sql_sweep(PGconn *conn, const char *only, double *lacking)
{
	char sql[2000];
	double began;

	snprintf(sql, sizeof sql, SQL_SWEEP, only, only);
	began = now_ms();
	*lacking = england_sql(conn, sql);
	return now_ms() - began;
}

static void
bench_sweeps(PGconn *conn)
{
	struct arena *arena = arena_new(0);
	int64_t start =
	    (int64_t)england_sql(conn, "select extract(epoch from min(starts_at)) from shift");
	struct span_time window = {
	    start, start + ENGLAND_SHIFTS * ENGLAND_SHIFT_HOURS * INT64_C(3600)};
	struct sweep_rota *rotas[ENGLAND_SERVICES];
	double c_all[SWEEPS], c_one[ONE_SWEEPS], q_all[SQL_SWEEPS], q_one[ONE_SWEEPS / 10], lacking;
	int64_t mine = 0;

	for (int service = 0; service < ENGLAND_SERVICES; service++)
		rotas[service] = rotas_of(arena, service, start);
	make_requirements(conn, window);
	for (int i = 0; i < SWEEPS; i++)
		c_all[i] = sweep_all(rotas, window, &mine);
	for (int i = 0; i < SQL_SWEEPS; i++)
		q_all[i] = sql_sweep(conn, "", &lacking);
	if ((int64_t)lacking != mine)
		fatal("C says %lld seconds are lacking, SQL %.0f", (long long)mine, lacking);
	for (int i = 0; i < ONE_SWEEPS; i++) {
		double began = now_ms();
		struct arena *scratch = arena_new(0);

		sweep_one(scratch, rotas[i], window, required_of(i, 0));
		arena_free(scratch);
		c_one[i] = now_ms() - began;
	}
	for (int i = 0; i < ONE_SWEEPS / 10; i++) {
		char only[60];

		snprintf(only, sizeof only, "where q.id = %d", i * 4);
		q_one[i] = sql_sweep(conn, only, &lacking);
	}
	printf("%-54s %10s %10s %8s\n", "sweeps, 1,920 requirements, 89 days; best of each",
	    "ours ms", "SQL ms", "SQL:ours");
	printf("%-54s %10.2f %10.1f %8.0f\n", "  all of England, 421,000 shifts in memory",
	    best(c_all, SWEEPS), best(q_all, SQL_SWEEPS),
	    best(q_all, SQL_SWEEPS) / best(c_all, SWEEPS));
	printf("%-54s %10.4f %10.2f %8.0f\n", "  one requirement, after one shift has changed",
	    best(c_one, ONE_SWEEPS), best(q_one, ONE_SWEEPS / 10),
	    best(q_one, ONE_SWEEPS / 10) / best(c_one, ONE_SWEEPS));
	england_sql(conn, "drop table bench_requirement");
	arena_free(arena);
}

/* --------------------------------------------------------------------------------- the whole role
 */

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
	country->cycle = cycle_new(country->pg, &ground, on_done, country);
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
	    "begin; with old as (update shift set known_to = clock_timestamp() where rota = "
	    "'r%d-1' and key = 'e%d@rota.example' and known_to = 'infinity' returning *) insert "
	    "into shift (rota, key, class, person, title, starts_at, ends_at) select rota, key, "
	    "class, 'p%d-%d', title, starts_at, ends_at from old; select "
	    "shifts_changed(array['r%d-1']); commit",
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

/* ------------------------------------------------------------------------------------- first load
 */

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

/* The same rows again, into tables with more and more upon them: what each costs. */
static void
bench_first_load(struct country *england)
{
	static const struct {
		const char *what, *more;
	} steps[] = {
	    {"  its rows alone, INSERT ... SELECT", NULL},
	    {"  + checks", "alter table bench_span add check (starts_at < ends_at), add check "
			   "(known_from <= known_to), add check (state <> 'covered' or (present >= "
			   "required and cardinality(shifts) >= 1))"},
	    {"  + foreign key on demand",
		"alter table bench_span add constraint fk foreign key (requirement, place) "
		"references demand"},
	    {"  - foreign key + span_in_force (unique)",
		"alter table bench_span drop constraint fk; "
		"create unique index on bench_span (requirement, place, starts_at) where known_to "
		"= 'infinity'"},
	    {"  + span_by_time",
		"create index on bench_span (requirement, place, ends_at) where known_to = "
		"'infinity'"},
	    {"  + span_known of the past alone",
		"create index past on bench_span (requirement, place, known_to) where known_to < "
		"'infinity'"},
	    {"  + span_known of all, as it is",
		"drop index past; create index on bench_span (requirement, place, known_to)"},
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
	ground = (struct setup_ground){.zones = zones, .holidays = {holidays, len}};
	for (int i = 0; i < SIZES; i++)
		open_country(&countries[i], services[i]);
	bench_sweeps(countries[SIZES - 1].conn);
	bench_changes(countries);
	bench_first_load(&countries[SIZES - 1]);
	for (int i = 0; i < SIZES; i++)
		close_country(&countries[i]);
	zonedb_free(zones);
	free(holidays);
	return 0;
}
