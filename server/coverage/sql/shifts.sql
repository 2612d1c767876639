-- SPDX-License-Identifier: MIT

-- The sources and shifts of rotas in a window, in rows of five kinds (enum shifts_kind) and in one snapshot: if the shifts were read after the
-- source, a calendar that has become shorter in between would look like a gap. With them come the absences of all people who have a shift there, from
-- all rotas; for the rotas in $4, the confirmed shifts of their people on other rotas, and all overrides on those; and, for rotas that leave open
-- gaps empty, the groups of these gaps.
--
-- The search is made rota by rota; offset 0 keeps the planner from merging it into one. For a hundred demands
-- the planner would prefer to read all shifts of the country, and again for the next hundred.
--
-- third: in the row of an override in dispute, the other people whom the calendar names. An override that was
-- made before overrides had several rows has a single row, which is in dispute as a whole.
--
-- takes
--   $1 rotas   text[]
--   $2 begin   timestamptz
--   $3 finish  timestamptz
--   $4 spread  text[]       rotas whose people are looked for on others
-- gives
--   kind          integer      enum shifts_kind
--   n             bigint       rota, from 1
--   id            bigint
--   class         text
--   person        text
--   team          text         of an absence or a shift elsewhere: its rota; of open gaps: their group
--   starts_at     timestamptz  of a source: the horizon that the map last saw
--   ends_at       timestamptz  of a source: the end of trust that the map last saw (null: never)
--   ages          boolean
--   last_good_at  timestamptz
--   horizon       timestamptz
--   override      bigint       null: the shift is the source's
--   instead       text         whom it replaces
--   third         text[]       whom the source has put there since
-- time-out 15 s
prepare coverage_shifts as
with wanted as materialized (
    select rota, n, rota = any($4) as spreads
    from unnest($1::text[])
    with ordinality u (rota, n)
  ),
  held as materialized (
    select w.n, w.spreads, s.id, s.class, s.person, s.team, s.starts_at, s.ends_at, s.override, o.instead,
      case when s.override is not null then (
        select case when s.class = 'undecided' or e.rests is null then e.third end
        from override_event e
        where e.override = s.override
        order by e.id desc
        limit 1
      ) end as third
    from wanted w
    cross join lateral (
      select *
      from shift x
      where x.rota = w.rota
        and x.known_to = 'infinity'
        and x.ends_at > $2
        and x.starts_at < $3
        and x.class <> 'absence'
      offset 0
    ) s
    left join override o on o.id = s.override
  ),
  spread as materialized (select distinct person from held where class = 'named' and spreads)
select 0 as kind, w.n, 0::bigint as id, null::text as class, null::text as person, null::text as team,
  seen.horizon as starts_at, seen.trusted_until as ends_at, s.ages, s.last_good_at, s.horizon,
  null::bigint as override, null::text as instead, null::text[] as third
from wanted w
join source s on s.rota = w.rota
left join source_seen seen on seen.rota = w.rota
union all
select 1, n, id, class, person, team, starts_at, ends_at, false, null, null, override, instead, third
from held
union all
select 2, 0, a.id, a.class, a.person, a.rota, a.starts_at, a.ends_at, false, null, null, null, null, null
from (select distinct person from held where class = 'named') h
join shift a on a.person = h.person
where a.known_to = 'infinity' and a.class = 'absence' and a.ends_at > $2 and a.starts_at < $3
union all
select 3, 0, s.id, s.class, s.person, s.rota, s.starts_at, s.ends_at, false, null, null, s.override, o.instead,
  case when s.override is not null then (
    select case when s.class = 'undecided' or e.rests is null then e.third end
    from override_event e
    where e.override = s.override
    order by e.id desc
    limit 1
  ) end
from (
  select distinct x.rota
  from spread p
  join shift x on x.person = p.person
  where x.known_to = 'infinity' and x.class = 'named' and x.ends_at > $2 and x.starts_at < $3 and x.rota <> all($1)
) r
join shift s on s.rota = r.rota
left join override o on o.id = s.override
where s.known_to = 'infinity'
  and s.ends_at > $2
  and s.starts_at < $3
  and (s.override is not null or (s.class = 'named' and s.person in (select person from spread)))
union all
select 4, w.n, 0, null, null, g.cause_group, lower(g.during), upper(g.during), false, null, null, null, null, null
from wanted w
cross join lateral (
  select x.cause_group, unnest(range_agg(tstzrange(x.starts_at, x.ends_at))) as during
  from gap x
  where gap_left_empty_by(x.cause_group) = w.rota and x.cause_group is not null and x.closed_at is null and x.starts_at < $3
  group by x.cause_group
) g
order by kind, n, starts_at, ends_at, id;
