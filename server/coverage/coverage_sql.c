#include "server/coverage/coverage_sql.h"

/*
 * One row: the clock of the database (one clock for every machine), the region in force (null:
 * none), how much is to be told by now (a reminder, a closing that was held, a group that has
 * grown), the next instant at which time alone may change something (a demand, one of these, or a
 * feed that becomes unknown), and the region the map is of. $1: freshness limit in seconds.
 */
const struct pg_stmt COVERAGE_LOOK = {
    .name = "COVERAGE_LOOK",
    .sql =
	"with clock as materialized (select clock_timestamp() as moment) "
	"select moment, (select max(version) from region_without_addresses), "
	"due.due, least((select min(next_at) from demand where retired_at is null), due.next, "
	"(select date_trunc('second', min(last_good_at)) from source "
	"where ages and last_good_at >= date_trunc('second', moment) - make_interval(secs => $1)) "
	"+ make_interval(secs => $1 + 1)), "
	"(select region_version from map_head) "
	"from clock, coverage_due(clock.moment) due",
};

/* The document of region version $1. */
const struct pg_stmt COVERAGE_READ_REGION = {
    .name = "COVERAGE_READ_REGION",
    .sql = "select document from region_without_addresses where version = $1",
    .timeout_ms = 15000,
};

/* Makes the demands those of region $1: requirements, places, functions. */
const struct pg_stmt COVERAGE_TAKE_REGION = {
    .name = "COVERAGE_TAKE_REGION",
    .sql = "select outcome, retired, flags from coverage_region($1, $2, $3, $4)",
    .timeout_ms = 30000,
};

/*
 * What must be looked at at the instant $1, in rows of five kinds.
 *
 * dirty: a rota whose shifts have changed, and the number of its mark.
 *
 * source: a rota whose source stands elsewhere than the map saw it. Only of those with sources: $4
 * is their freshness limit in seconds.
 *
 * elsewhere: another rota that holds cover of somebody whose absence, on the rota in the last
 * column, has changed.
 *
 * due: a demand whose time has come, at most $3.
 *
 * shared: another rota that holds cover of somebody whose confirmed shifts, on the rota in the last
 * column, have changed. Only of those that are shared: the last two arguments are the rotas of
 * functions that have a limited demand, and those of limited demands.
 *
 * Absences and shifts count as changed by when they came or went. A mark is made in the transaction
 * of the change it stands for, and none lasts a day. $2: the start of the window. Columns: kind,
 * rota or requirement, number of the mark, rota or place, and of dirty and source (null: the rota
 * has none): whether it ages, its last good check, its horizon.
 *
 * Four statements and not one with a switch and two lists: what a plan for unknown values must
 * allow for looks dearer than any plan for these very values, so each call would be planned anew,
 * for ten times as long as it runs. Rota by rota and person by person (offset 0) for the same
 * reason as in COVERAGE_SHIFTS.
 */
#define MARKED                                                                                     \
	"with marked as materialized (select rota, n, since from dirty order by since, rota "      \
	"limit 1000)"
#define CHANGED(name, rotas, class)                                                                \
	", " name " as materialized (select distinct m.rota, s.person from marked m "              \
	"cross join lateral (select x.person from shift x where x.rota = m.rota "                  \
	"and x.class = '" class "' and x.known_to > m.since - interval '1 day' "                   \
				"and (x.known_from > m.since - interval '1 day' or x.known_to < "  \
				"'infinity') "                                                     \
				"and x.ends_at > $2 offset 0) s" rotas ")"
#define HELD_BY(name, changed, rotas)                                                              \
	", " name " as (select distinct s.rota, a.rota as marked from " changed " a "              \
	"cross join lateral (select x.rota from shift x where x.person = a.person and "            \
	"x.class = 'named' and x.known_to = 'infinity' and x.ends_at > $2 offset 0) s" rotas ")"
#define SHARED(changed, held)                                                                      \
	CHANGED("named", " where m.rota = any(" changed ")", "named")                              \
	HELD_BY("shared", "named", " where s.rota = any(" held ") and s.rota <> a.rota")
#define MARKS                                                                                      \
	CHANGED("away", "", "absence")                                                             \
	HELD_BY("elsewhere", "away", "")                                                           \
	" select 0, m.rota, m.n, null::text, s.ages, s.last_good_at, s.horizon from marked m "     \
	"left join lateral (select * from source x where x.rota = m.rota offset 0) s on true "     \
	"union all select 2, rota, 0, marked, null, null, null from elsewhere "                    \
	"union all (select 3, requirement, 0, place, null, null, null from demand "                \
	"where retired_at is null and next_at <= $1 order by next_at limit $3)"
#define MARKS_OF_SOURCES                                                                           \
	" union all select 1, s.rota, 0, null, s.ages, s.last_good_at, s.horizon "                 \
	"from coverage_sources_changed($1, $4) c (rota) join source s using (rota)"
#define MARKS_OF_SHARED " union all select 4, rota, 0, marked, null, null, null from shared"

const struct pg_stmt COVERAGE_MARKS[2][2] = {
    {{.name = "COVERAGE_MARKS", .sql = MARKED MARKS},
	{.name = "COVERAGE_MARKS_SHARED", .sql = MARKED SHARED("$4", "$5") MARKS MARKS_OF_SHARED}},
    {{.name = "COVERAGE_MARKS_SOURCES", .sql = MARKED MARKS MARKS_OF_SOURCES},
	{.name = "COVERAGE_MARKS_SOURCES_SHARED",
	    .sql = MARKED SHARED("$5", "$6") MARKS MARKS_OF_SOURCES MARKS_OF_SHARED}},
};

/*
 * The demands ($1 requirements, $2 places) as the map has them, in one snapshot: versions, spans in
 * force that end after $3, open gaps and those filled after $4. Columns: kind, demand from 1,
 * version, gap id, start (of a demand: the database's clock), end, state, cause, present, required,
 * shifts, severity, started, told, and of gaps: closed at, whether its closing is held, until when
 * it is kept quiet, severity when it was acknowledged (null: it was not), rung, group.
 *
 * Spans in force do not overlap: none before the last that begins by $3 can reach it. That one is
 * found once for each demand, and demand by demand (offset 0), whatever the planner thinks of it.
 */
#define NO_GAP_COLUMNS "null::timestamptz, false, null::timestamptz, null::text, 0, null::text "
const struct pg_stmt COVERAGE_STATE = {
    .name = "COVERAGE_STATE",
    .sql = "with wanted as materialized (select u.*, (select coalesce(max(x.starts_at), "
	   "'-infinity') from span x where x.requirement = u.requirement and x.place = u.place and "
	   "x.known_to = 'infinity' and x.starts_at <= $3) as from_at "
	   "from unnest($1, $2) with ordinality u (requirement, place, n)) "
	   "select 0 as kind, w.n, d.version, null::text, clock_timestamp() as starts_at, "
	   "null::timestamptz, "
	   "null::text, null::text, 0, 0, null::bigint[], null::text, false, false, " NO_GAP_COLUMNS
	   "from wanted w cross join lateral (select x.version from demand x where x.requirement = "
	   "w.requirement and x.place = w.place and x.retired_at is null offset 0) d "
	   "union all select 1, w.n, 0, null, s.starts_at, s.ends_at, s.state, s.cause, s.present, "
	   "s.required, s.shifts, "
	   "null, false, false, " NO_GAP_COLUMNS
	   "from wanted w cross join lateral (select * from span x where x.requirement = "
	   "w.requirement and x.place = w.place and x.starts_at >= w.from_at and x.known_to = "
	   "'infinity' and x.ends_at > $3 offset 0) s "
	   "union all select 2, w.n, 0, g.id::text, g.starts_at, g.ends_at, g.state, g.cause, "
	   "g.present, g.required, "
	   "null, g.severity, g.started, g.told, g.closed_at, g.settle_at is not null, "
	   "g.alarmed_before_at + interval '1 hour', g.acknowledged_severity, g.rung, "
	   "g.cause_group from wanted w join lateral (select * from gap o where o.requirement = "
	   "w.requirement and o.place = w.place and o.closed_at is null "
	   "union all select * from gap o where o.requirement = w.requirement "
	   "and o.place = w.place and not o.passed and o.closed_at > $4) g on true "
	   "order by kind, n, starts_at",
    .timeout_ms = 15000,
};

/*
 * What the rotas ($1) say of $2 to $3, in one snapshot: a source and its shifts belong together, or
 * a calendar that has grown shorter would look like a hole. Absences of everybody who has a shift
 * there, from whatever rota; of the people on the rotas $4, their confirmed shifts on others, and
 * whatever overrides there are on those. Columns: kind, rota from 1, id, class, person, team (of an
 * absence or a shift elsewhere: its rota), start, end (of a source: the horizon and the end of
 * trust that the map last saw of it; null: never), whether the source ages, its last good check,
 * its horizon, override (null: the shift is the source's), whom it replaces, whom the source has
 * put there since.
 *
 * Rota by rota (offset 0 keeps it so): for a hundred demands the planner would rather read every
 * shift of the country once, and the next hundred would do so again.
 */
/* Whom else the calendar names, of a row of an override in dispute. Before an override had rows of
 * its own for that, its only row was in dispute as a whole. */
#define OVERRIDE_THIRD                                                                             \
	"(select case when s.class = 'undecided' or e.rests is null then e.third end from "        \
	"override_event e where e.override = s.override order by e.id desc limit 1)"

const struct pg_stmt COVERAGE_SHIFTS = {
    .name = "COVERAGE_SHIFTS",
    .sql =
	"with wanted as materialized (select rota, n, rota = any($4) as spreads from unnest($1) "
	"with ordinality u (rota, n)), "
	"held as materialized (select w.n, w.spreads, s.id, s.class, s.person, s.team, "
	"s.starts_at, "
	"s.ends_at, "
	"s.override, o.instead, case when s.override is not null then " OVERRIDE_THIRD
	" end as third "
	"from wanted w cross join lateral (select * from shift x where x.rota = w.rota and "
	"x.known_to = 'infinity' and x.ends_at > $2 and x.starts_at < $3 and x.class <> 'absence' "
	"offset 0) s left join override o on o.id = s.override), "
	"spread as materialized (select distinct person from held "
	"where class = 'named' and spreads) "
	"select 0 as kind, w.n, 0::bigint as id, null::text, null::text, null::text, "
	"seen.horizon as starts_at, seen.trusted_until as ends_at, s.ages, s.last_good_at, "
	"s.horizon, null::bigint, null::text, null::text[] "
	"from wanted w join source s on s.rota = w.rota left join source_seen seen on seen.rota = "
	"w.rota "
	"union all select 1, n, id, class, person, team, starts_at, ends_at, false, null, null, "
	"override, instead, third from held "
	"union all select 2, 0, a.id, a.class, a.person, a.rota, a.starts_at, a.ends_at, false, "
	"null, null, null, null, null "
	"from (select distinct person from held where class = 'named') h join shift a on a.person "
	"= h.person "
	"where a.known_to = 'infinity' and a.class = 'absence' and a.ends_at > $2 and a.starts_at "
	"< $3 "
	"union all select 3, 0, s.id, s.class, s.person, s.rota, s.starts_at, s.ends_at, false, "
	"null, null, s.override, o.instead, case when s.override is not null then " OVERRIDE_THIRD
	" end "
	"from (select distinct x.rota from spread p join shift x on x.person = p.person "
	"where x.known_to = 'infinity' and x.class = 'named' and x.ends_at > $2 and x.starts_at "
	"< $3 and x.rota <> all($1)) r join shift s on s.rota = r.rota "
	"left join override o on o.id = s.override "
	"where s.known_to = 'infinity' and s.ends_at > $2 and s.starts_at < $3 and (s.override is "
	"not null or (s.class = 'named' and s.person in (select person from spread))) "
	"order by kind, n, starts_at, ends_at, id",
    .timeout_ms = 15000,
};

const struct pg_stmt COVERAGE_COMMIT = {
    .name = "COVERAGE_COMMIT",
    .sql = "select outcome, version, ended, written, opened, closed, flags from coverage_commit("
	   "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, "
	   "$20, $21, $22, $23, "
	   "$24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40)",
    .timeout_ms = 30000,
};

const struct pg_stmt COVERAGE_REMIND = {
    .name = "COVERAGE_REMIND",
    .sql = "select coverage_remind(100)",
};

/* $1 days that bodies are kept, $2 tables of the record, $3 days that each is kept: partitions
 * made, dropped, bodies let go */
const struct pg_stmt COVERAGE_MAINTAIN = {
    .name = "COVERAGE_MAINTAIN",
    .sql = "select made, dropped, bodies from record_maintain($1, $2, $3)",
    .timeout_ms = 60000,
};

const struct pg_stmt COVERAGE_TIDY = {
    .name = "COVERAGE_TIDY",
    .sql = "select coverage_tidy()",
};
