-- SPDX-License-Identifier: MIT

-- The work that is to be done, in rows of five kinds (enum marks_kind).
--
-- dirty: a rota whose shifts have changed, and the number of its mark. source: a rota whose source is not in
-- the state in which the map last saw it; only in the statements with sources. elsewhere: a rota with shifts
-- of a person whose absence on the rota `other` has changed. due: a demand whose next instant has come.
-- shared: a rota with shifts of a person whose confirmed shifts on the rota `other` have changed; only in the
-- statements with shared.
--
-- An absence or a shift counts as changed if it was added or superseded since the mark was made. A mark is
-- made in the transaction of its change, and none is left for as long as a day.
--
-- These are four statements instead of one with a switch and two lists. A single one would have a generic plan
-- that PostgreSQL estimates as dearer than each custom plan, so that it would plan each call again, which
-- takes ten times as long as running it. The parts that all four have in common are functions of the database
-- that the planner inlines; they search rota by rota and person by person (offset 0), for the reason given in
-- shifts.sql.
--
-- takes
--   $1 now    timestamptz
--   $2 begin  timestamptz  of the window
--   $3 most   bigint       demands that are due
-- gives
--   kind          integer      enum marks_kind
--   rota          text         or requirement
--   mark          bigint       its number
--   other         text         rota, or place
--   ages          boolean      whether the source does (null: the rota has none)
--   last_good_at  timestamptz  last good check
--   horizon       timestamptz
prepare coverage_marks as
with marked as materialized (select rota, n, since from dirty order by since, rota limit 1000),
  away as materialized (
    select distinct m.rota, s.person
    from marked m
    cross join lateral coverage_marked_people(m.rota, m.since, 'absence', $2) s (person)
  ),
  elsewhere as (
    select distinct s.rota, a.rota as marked
    from away a
    cross join lateral coverage_rotas_of(a.person, $2) s (rota)
  )
select 0 as kind, m.rota, m.n as mark, null::text as other, s.ages, s.last_good_at, s.horizon
from marked m
left join lateral (select * from source x where x.rota = m.rota offset 0) s on true
union all
select 2, rota, 0, marked, null, null, null
from elsewhere
union all (
  select 3, requirement, 0, place, null, null, null
  from demand
  where retired_at is null and next_at <= $1
  order by next_at
  limit $3
);

-- With shared.
--
-- takes
--   $1 now      timestamptz
--   $2 begin    timestamptz  of the window
--   $3 most     bigint       demands that are due
--   $4 limited  text[]       rotas of functions that have a limited demand
--   $5 held     text[]       rotas of limited demands
-- gives as COVERAGE_MARKS
prepare coverage_marks_shared as
with marked as materialized (select rota, n, since from dirty order by since, rota limit 1000),
  named as materialized (
    select distinct m.rota, s.person
    from marked m
    cross join lateral coverage_marked_people(m.rota, m.since, 'named', $2) s (person)
    where m.rota = any($4)
  ),
  shared as (
    select distinct s.rota, a.rota as marked
    from named a
    cross join lateral coverage_rotas_of(a.person, $2) s (rota)
    where s.rota = any($5) and s.rota <> a.rota
  ),
  away as materialized (
    select distinct m.rota, s.person
    from marked m
    cross join lateral coverage_marked_people(m.rota, m.since, 'absence', $2) s (person)
  ),
  elsewhere as (
    select distinct s.rota, a.rota as marked
    from away a
    cross join lateral coverage_rotas_of(a.person, $2) s (rota)
  )
select 0 as kind, m.rota, m.n as mark, null::text as other, s.ages, s.last_good_at, s.horizon
from marked m
left join lateral (select * from source x where x.rota = m.rota offset 0) s on true
union all
select 2, rota, 0, marked, null, null, null
from elsewhere
union all (
  select 3, requirement, 0, place, null, null, null
  from demand
  where retired_at is null and next_at <= $1
  order by next_at
  limit $3
)
union all
select 4, rota, 0, marked, null, null, null
from shared;

-- With sources.
--
-- takes
--   $1 now        timestamptz
--   $2 begin      timestamptz  of the window
--   $3 most       bigint       demands that are due
--   $4 freshness  bigint       limit in seconds
-- gives as COVERAGE_MARKS
prepare coverage_marks_sources as
with marked as materialized (select rota, n, since from dirty order by since, rota limit 1000),
  away as materialized (
    select distinct m.rota, s.person
    from marked m
    cross join lateral coverage_marked_people(m.rota, m.since, 'absence', $2) s (person)
  ),
  elsewhere as (
    select distinct s.rota, a.rota as marked
    from away a
    cross join lateral coverage_rotas_of(a.person, $2) s (rota)
  )
select 0 as kind, m.rota, m.n as mark, null::text as other, s.ages, s.last_good_at, s.horizon
from marked m
left join lateral (select * from source x where x.rota = m.rota offset 0) s on true
union all
select 2, rota, 0, marked, null, null, null
from elsewhere
union all (
  select 3, requirement, 0, place, null, null, null
  from demand
  where retired_at is null and next_at <= $1
  order by next_at
  limit $3
)
union all
select 1, s.rota, 0, null, s.ages, s.last_good_at, s.horizon
from coverage_sources_changed($1, $4) c (rota)
join source s using (rota);

-- With both.
--
-- takes
--   $1 now        timestamptz
--   $2 begin      timestamptz  of the window
--   $3 most       bigint       demands that are due
--   $4 freshness  bigint       limit in seconds
--   $5 limited    text[]       rotas of functions that have a limited demand
--   $6 held       text[]       rotas of limited demands
-- gives as COVERAGE_MARKS
prepare coverage_marks_sources_shared as
with marked as materialized (select rota, n, since from dirty order by since, rota limit 1000),
  named as materialized (
    select distinct m.rota, s.person
    from marked m
    cross join lateral coverage_marked_people(m.rota, m.since, 'named', $2) s (person)
    where m.rota = any($5)
  ),
  shared as (
    select distinct s.rota, a.rota as marked
    from named a
    cross join lateral coverage_rotas_of(a.person, $2) s (rota)
    where s.rota = any($6) and s.rota <> a.rota
  ),
  away as materialized (
    select distinct m.rota, s.person
    from marked m
    cross join lateral coverage_marked_people(m.rota, m.since, 'absence', $2) s (person)
  ),
  elsewhere as (
    select distinct s.rota, a.rota as marked
    from away a
    cross join lateral coverage_rotas_of(a.person, $2) s (rota)
  )
select 0 as kind, m.rota, m.n as mark, null::text as other, s.ages, s.last_good_at, s.horizon
from marked m
left join lateral (select * from source x where x.rota = m.rota offset 0) s on true
union all
select 2, rota, 0, marked, null, null, null
from elsewhere
union all (
  select 3, requirement, 0, place, null, null, null
  from demand
  where retired_at is null and next_at <= $1
  order by next_at
  limit $3
)
union all
select 1, s.rota, 0, null, s.ages, s.last_good_at, s.horizon
from coverage_sources_changed($1, $4) c (rota)
join source s using (rota)
union all
select 4, rota, 0, marked, null, null, null
from shared;
