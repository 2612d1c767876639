/* SPDX-License-Identifier: MIT */
/*
 * The sweep against SQL that answers the same question: for each requirement, in how many seconds
 * of its own hours (wall clock of London, by kinds of days, with bank holidays) fewer people are on
 * than it asks for. Both sides make the hours as they go, and agree to the second.
 *
 * Ours is the product's own way from shifts in memory to spans: demand_sweep(), hours and all,
 * which also tells states, causes and whose shifts count, outside the hours too.
 *
 * SQL is given every advantage that the question allows:
 *   - requirements, their hours and their rotas stand in analyzed tables with primary keys, equal
 *     hours once;
 *   - of requirements with the same rotas it counts the heads once, where ours sweeps each; a
 * second row is of SQL that counts for each as well;
 *   - it counts shifts, not people, which is the same here: nobody of England has two at once;
 *   - it answers with a number of seconds, makes no spans and looks for no causes;
 *   - its statements are prepared, may use both cores, and have memory to sort in.
 */
#include "tests/benches/map_sweeps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/base/arena.h"
#include "server/base/fatal.h"
#include "server/model/demand.h"
#include "tests/benches/england.h"
#include "tests/benches/timing.h"

enum { SWEEPS = 15, SQL_SWEEPS = 5, ONES = 40, ONE_TIMES = 5 };

struct sweeps {
	PGconn *conn;
	struct setup *setup;
	struct span_time window;
	struct sweep_rota *rotas; /* of the region, as the role has them once it has loaded them */
	int64_t *lacking;         /* by demand */
};

/* --- In memory. --- */

static struct sweep_rota
rota_of(struct arena *arena, const struct region *region, int service, int rota, int64_t start)
{
	struct shift *shifts = arena_array(arena, ENGLAND_SHIFTS, sizeof *shifts);
	size_t count = 0;

	for (int n = 0; n < ENGLAND_SHIFTS; n++) {
		int64_t from = start + n * ENGLAND_SHIFT_HOURS * INT64_C(3600);
		char person[40];

		if (!ENGLAND_HELD(service, rota, n))
			continue;
		snprintf(person, sizeof person, "p%d-%d", service, rota * 16 + n % 16);
		shifts[count++] = (struct shift){.start = from,
		    .end = from + ENGLAND_SHIFT_HOURS * INT64_C(3600),
		    .id = n,
		    .person = table_get(&region->person_by_id, person),
		    .class = SHIFT_NAMED};
	}
	return (struct sweep_rota){shifts, count, .horizon = INT64_MAX, .trusted_until = INT64_MAX};
}

static void
take_rotas(struct sweeps *s)
{
	const struct region *region = s->setup->region;

	s->rotas = arena_array(s->setup->arena, region->nrotas, sizeof *s->rotas);
	for (int service = 0; service < ENGLAND_SERVICES; service++)
		for (int rota = 0; rota < ENGLAND_ROTAS; rota++) {
			char id[40];

			snprintf(id, sizeof id, "r%d-%d", service, rota);
			s->rotas[table_get(&region->rota_by_id, id)] =
			    rota_of(s->setup->arena, region, service, rota, s->window.start);
		}
}

static int64_t
sweep_one(struct arena *arena, const struct sweeps *s, uint32_t demand)
{
	const struct setup *setup = s->setup;
	const struct region_list *list = &setup->region->demands[demand].rotas;
	struct sweep_rota *rotas = arena_array(arena, list->count, sizeof *rotas);
	struct cover_spans spans;
	int64_t lacking = 0;

	for (uint32_t i = 0; i < list->count; i++)
		rotas[i] = s->rotas[list->items[i]];
	spans = demand_sweep(
	    arena, &(struct demand_asked){.context = {setup->region, setup->zone, &setup->holidays},
		       .demand = demand,
		       .window = s->window,
		       .rotas = rotas});
	for (size_t i = 0; i < spans.count; i++)
		if (spans.items[i].present < spans.items[i].required)
			lacking += spans.items[i].end - spans.items[i].start;
	return lacking;
}

static double
sweep_all(const struct sweeps *s)
{
	double began = now_ms();

	for (uint32_t demand = 0; demand < s->setup->region->ndemands; demand++) {
		struct arena *arena = arena_new(0);

		s->lacking[demand] = sweep_one(arena, s, demand);
		arena_free(arena);
	}
	return now_ms() - began;
}

/* Of that, the hours. */
static double
hours_all(const struct sweeps *s)
{
	const struct setup *setup = s->setup;
	double began = now_ms();

	for (uint32_t demand = 0; demand < setup->region->ndemands; demand++) {
		struct arena *arena = arena_new(0);

		demand_hours(arena,
		    &(struct demand_context){setup->region, setup->zone, &setup->holidays}, demand,
		    s->window);
		arena_free(arena);
	}
	return now_ms() - began;
}

/* Somebody else takes a shift of one of its rotas, in place; the demand is swept again. */
static double
change_one(const struct sweeps *s, uint32_t demand, int time)
{
	const struct sweep_rota *rota = &s->rotas[s->setup->region->demands[demand].rotas.items[0]];
	struct shift *shift;
	struct arena *arena;
	double began;

	memcpy(&shift, &rota->shifts, sizeof shift); /* ours to change, the sweep's to read */
	began = now_ms();
	shift[60 + time].person = shift[time].person;
	arena = arena_new(0);
	s->lacking[demand] = sweep_one(arena, s, demand);
	arena_free(arena);
	return now_ms() - began;
}

/* --- In SQL. --- */

/* The demands under their numbers, the hours by what they say, the crews by their rotas. */
static const char SQL_TABLES[] =
    "create unlogged table bench_hours (pattern int, line int, days text[], from_ interval, to_ interval, "
    "primary key (pattern, line));create unlogged table bench_crew (crew int, rota text, primary key (crew, "
    "rota));create unlogged table bench_requirement (id int primary key, crew int not null, pattern int not null, "
    "required int not null);create unlogged table bench_holiday (day date primary key)";

/* Local days of a window, each with its kind; the hours of patterns as instants inside it. */
#define SQL_HOURS(patterns)                                                                        \
	"kind as (select d::date as day, case when h.day is null then to_char(d, 'dy') else "      \
	"'bank_holiday' end as kind from generate_series((to_timestamp($1) at time zone "          \
	"'Europe/London')::date - 1, (to_timestamp($2) at time zone 'Europe/London')::date, "      \
	"interval '1 day') d left join bench_holiday h on h.day = d::date), "                      \
	"hours as (select pattern, range_agg(tstzrange((day + from_) at time zone "                \
	"'Europe/London', (day + to_) at time zone 'Europe/London')) * "                           \
	"tstzmultirange(tstzrange(to_timestamp($1), to_timestamp($2))) as open from bench_hours "  \
	"join kind on kind = any "                                                                 \
	"(days) or 'all' = any (days) " patterns " group by pattern), "

/* Heads at every edge of a crew's shifts, from long ago on. */
#define SQL_CREW_EDGES(which)                                                                      \
	"edge as (select crew as who, e.t, sum(e.d) as d from bench_crew c join shift s on "       \
	"s.rota = c.rota and s.known_to = 'infinity' cross join lateral (values (s.starts_at, "    \
	"1), (s.ends_at, -1)) e (t, d) " which " group by crew, e.t "                              \
	"union all select distinct crew, timestamptz '-infinity', 0 from bench_requirement "       \
	"c " which "), "

/* The same of each requirement's, as ours counts them. */
#define SQL_REQUIREMENT_EDGES                                                                      \
	"edge as (select q.id as who, e.t, sum(e.d) as d from bench_requirement q join "           \
	"bench_crew c using (crew) join shift s on s.rota = c.rota and s.known_to = 'infinity' "   \
	"cross join lateral (values (s.starts_at, 1), (s.ends_at, -1)) e (t, d) group by q.id, "   \
	"e.t union all select id, timestamptz '-infinity', 0 from bench_requirement), "

/* The ranges with too few heads, and what of them lies in the hours. They are few: to take those
 * with enough away from the hours costs half as much again. */
#define SQL_FEW(who, which)                                                                        \
	"head as (select who, tstzrange(t, lead(t) over w) as during, sum(d) over w as heads "     \
	"from edge window w as (partition by who order by t)), "                                   \
	"few as (select q.id, range_agg(h.during) as at from bench_requirement q join head h on "  \
	"h.who = q." who " and h.heads < q.required " which " group by q.id) "                     \
	"select q.id, coalesce(sum(extract(epoch from upper(r) - lower(r))), 0)::bigint from "     \
	"bench_requirement q join hours o using (pattern) left join few f using (id) left join "   \
	"lateral unnest(o.open * f.at) r on true " which " group by q.id order by q.id"

static const char SQL_BY_CREW[] = "with " SQL_HOURS("") SQL_CREW_EDGES("") SQL_FEW("crew", "");
static const char SQL_EACH[] = "with " SQL_HOURS("") SQL_REQUIREMENT_EDGES SQL_FEW("id", "");
static const char SQL_ONE[] =
    "with " SQL_HOURS("where pattern = (select pattern from bench_requirement where id = $3)")
	SQL_CREW_EDGES("where c.crew = (select crew from bench_requirement where id = $3)")
	    SQL_FEW("crew", "where q.id = $3");

static const char *const DAYS[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", "bank_holiday"};

enum { VALUES_MAX = 5 };

/* Runs ${sql} with ${count} parameters. */
static void
put(struct sweeps *s, const char *sql, int count, const char *const values[])
{
	PGresult *result = PQexecParams(s->conn, sql, count, NULL, values, NULL, NULL, 0);

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fatal("the bench's own SQL failed: %s", PQerrorMessage(s->conn));
	PQclear(result);
}

/* The same, of whole numbers. */
static void
put_numbers(struct sweeps *s, const char *sql, int count, const int64_t numbers[])
{
	char texts[VALUES_MAX][24];
	const char *values[VALUES_MAX];

	INVARIANT(count <= VALUES_MAX);
	for (int i = 0; i < count; i++) {
		snprintf(texts[i], sizeof texts[i], "%lld", (long long)numbers[i]);
		values[i] = texts[i];
	}
	put(s, sql, count, values);
}

static void
add_pattern(struct sweeps *s, uint32_t pattern, const struct region_requirement *requirement)
{
	for (uint32_t line = 0; line < requirement->nhours; line++) {
		const struct region_hours *hours = &requirement->hours[line];
		char number[20], line_number[20], days[120] = "{", from[40], to[40];
		const char *values[] = {number, line_number, days, from, to};
		size_t len = 1;

		for (int day = 0; day <= REGION_BANK_HOLIDAY; day++)
			if (hours->days & 1 << day)
				len += (size_t)snprintf(days + len, sizeof days - len, "%s%s",
				    len > 1 ? "," : "", DAYS[day]);
		snprintf(days + len, sizeof days - len, "}");
		snprintf(number, sizeof number, "%u", pattern);
		snprintf(line_number, sizeof line_number, "%u", line);
		snprintf(from, sizeof from, "%d seconds", (int)hours->from);
		snprintf(to, sizeof to, "%d seconds",
		    (int)(hours->to > hours->from ? hours->to : hours->to + 86400));
		put(s, "insert into bench_hours values ($1, $2, $3, $4, $5)", 5, values);
	}
}

/* The requirement that first said the same hours stands for all that do. */
static uint32_t
pattern_of(struct sweeps *s, uint32_t demand)
{
	const struct region *region = s->setup->region;
	const struct region_requirement *mine =
	    &region->requirements[region->demands[demand].requirement];

	for (uint32_t other = 0; other < demand; other++) {
		const struct region_requirement *theirs =
		    &region->requirements[region->demands[other].requirement];

		if (theirs->nhours == mine->nhours &&
		    memcmp(theirs->hours, mine->hours, mine->nhours * sizeof *mine->hours) == 0)
			return other;
	}
	add_pattern(s, demand, mine);
	return demand;
}

static void
add_requirement(struct sweeps *s, uint32_t demand)
{
	const struct region *region = s->setup->region;
	const struct region_demand *wanted = &region->demands[demand];
	char crew[20];
	int64_t row[] = {demand, wanted->services.items[0], pattern_of(s, demand),
	    region->requirements[wanted->requirement].count};

	snprintf(crew, sizeof crew, "%u", wanted->services.items[0]);
	for (uint32_t i = 0; i < wanted->rotas.count; i++) {
		const char *values[] = {crew, region->rotas[wanted->rotas.items[i]].id};

		put(s, "insert into bench_crew values ($1, $2) on conflict do nothing", 2, values);
	}
	put_numbers(s, "insert into bench_requirement values ($1, $2, $3, $4)", 4, row);
}

static void
make_tables(struct sweeps *s)
{
	england_sql(s->conn, SQL_TABLES);
	england_sql(s->conn, "begin");
	for (uint32_t demand = 0; demand < s->setup->region->ndemands; demand++)
		add_requirement(s, demand);
	for (uint32_t i = 0; i < s->setup->holidays.count; i++) {
		int64_t day = s->setup->holidays.days[i];

		put_numbers(s, "insert into bench_holiday values (date '1970-01-01' + $1::integer)",
		    1, &day);
	}
	england_sql(s->conn, "commit");
	england_sql(s->conn, "analyze bench_hours, bench_crew, bench_requirement, bench_holiday");
	england_sql(s->conn, "set work_mem = '256MB'");
}

static void
prepare(struct sweeps *s, const char *name, const char *sql)
{
	PGresult *result = PQprepare(s->conn, name, sql, 0, NULL);

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fatal("the bench's own SQL failed: %s", PQerrorMessage(s->conn));
	PQclear(result);
}

/* Runs a prepared sweep and holds its answer against ours. */
static double
sql_sweep(const struct sweeps *s, const char *name, uint32_t only)
{
	char start[40], end[40], id[20];
	const char *values[] = {start, end, id};
	bool one = only != UINT32_MAX;
	PGresult *result;
	double ms, began;

	snprintf(start, sizeof start, "%lld", (long long)s->window.start);
	snprintf(end, sizeof end, "%lld", (long long)s->window.end);
	snprintf(id, sizeof id, "%u", only);
	began = now_ms();
	result = PQexecPrepared(s->conn, name, one ? 3 : 2, values, NULL, NULL, 0);
	ms = now_ms() - began;
	if (PQntuples(result) != (one ? 1 : (int)s->setup->region->ndemands))
		fatal("the sweep in SQL failed: %s", PQerrorMessage(s->conn));
	for (int row = 0; row < PQntuples(result); row++) {
		int demand = atoi(PQgetvalue(result, row, 0));
		long long theirs = atoll(PQgetvalue(result, row, 1));

		if (theirs != s->lacking[demand])
			fatal("demand %d: we say %lld seconds are lacking, SQL %lld", demand,
			    (long long)s->lacking[demand], theirs);
	}
	PQclear(result);
	return ms;
}

/* --- Measured. --- */

static void
print_row(const char *what, double ours, double sql)
{
	printf("%-54s %10.4f %10.2f %8.0f\n", what, ours, sql, sql / ours);
}

static void
bench_all(const struct sweeps *s)
{
	double ours[SWEEPS], hours[SWEEPS], by_crew[SQL_SWEEPS], each[SQL_SWEEPS];

	for (int i = 0; i < SWEEPS; i++) {
		ours[i] = sweep_all(s);
		hours[i] = hours_all(s);
		if (i >= SQL_SWEEPS)
			continue;
		by_crew[i] = sql_sweep(s, "by_crew", UINT32_MAX);
		each[i] = sql_sweep(s, "each", UINT32_MAX);
	}
	print_row("  all of England, 421,000 shifts in memory", best(ours, SWEEPS),
	    best(by_crew, SQL_SWEEPS));
	print_row("  ... SQL too counting heads for each requirement", best(ours, SWEEPS),
	    best(each, SQL_SWEEPS));
	printf("%-54s %10.4f\n", "  ... of that, the hours", best(hours, SWEEPS));
}

/* The mean of some requirements of every kind, each at its best. */
static void
bench_one(const struct sweeps *s)
{
	double ours = 0, sql = 0;

	for (uint32_t i = 0; i < ONES; i++) {
		uint32_t demand = i * (s->setup->region->ndemands / ONES);
		double our_times[ONE_TIMES], sql_times[ONE_TIMES];

		for (int time = 0; time < ONE_TIMES; time++) {
			our_times[time] = change_one(s, demand, time);
			sql_times[time] = sql_sweep(s, "one", demand);
		}
		ours += best(our_times, ONE_TIMES) / ONES;
		sql += best(sql_times, ONE_TIMES) / ONES;
	}
	print_row("  one requirement, after one shift has changed", ours, sql);
}

void
bench_sweeps(PGconn *conn, const struct setup_tools *context)
{
	struct sweeps s = {.conn = conn};
	struct buf document = {0};

	england_document(&document, ENGLAND_SERVICES);
	s.setup = setup_read(context, 1, (struct slice){document.at, document.len});
	buf_free(&document);
	s.window.start =
	    (int64_t)england_sql(conn, "select extract(epoch from min(starts_at)) from shift");
	s.window.end = s.window.start + ENGLAND_SHIFTS * ENGLAND_SHIFT_HOURS * INT64_C(3600);
	s.lacking = arena_array(s.setup->arena, s.setup->region->ndemands, sizeof *s.lacking);
	take_rotas(&s);
	make_tables(&s);
	prepare(&s, "by_crew", SQL_BY_CREW);
	prepare(&s, "each", SQL_EACH);
	prepare(&s, "one", SQL_ONE);
	printf("%-54s %10s %10s %8s\n", "sweeps, 1,920 requirements, 89 days; best of each",
	    "ours ms", "SQL ms", "SQL:ours");
	bench_all(&s);
	bench_one(&s);
	england_sql(conn, "drop table bench_hours, bench_crew, bench_requirement, bench_holiday; "
			  "reset work_mem");
	setup_free(s.setup);
}
