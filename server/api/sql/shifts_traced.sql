-- SPDX-License-Identifier: MIT

-- Shifts of rotas in a window, as API_SHIFTS has them and with its columns first, and for each what calendars need that others subscribe to.
--
-- With them what has gone in the last 14 days: a program that is not told that a shift is cancelled may keep it. At most a thousand of a call: a
-- source that gives all its entries new keys would have as many each time.
--
-- takes
--   $1 rotas   text[]
--   $2 begin   timestamptz  ends after it
--   $3 finish  timestamptz  starts before it
-- gives
--   rota          text
--   id            bigint
--   class         text
--   person        text
--   team          text
--   title         text
--   starts_at     timestamptz
--   ends_at       timestamptz
--   override      bigint
--   instead       text
--   made_at       timestamptz
--   made_by       text
--   note          text
--   dispute       text
--   third         text[]
--   late          boolean
--   as_last_read  boolean
--   entry         bigint       hash of the rota and of the entry's key: the same for every version of the entry
--   changed_at    timestamptz  when the row, or an override over it, last changed
--   gone          boolean      it is in force no longer: its entry has left the source, or names another person
-- time-out 30 s
prepare api_shifts_traced as
with over as materialized (
  select rota, starts_at, ends_at, greatest(known_from, case when isfinite(known_to) then known_to end) as at
  from shift
  where override is not null and rota = any($1) and ends_at > $2
),
-- From the few overrides to their shifts: asked of each shift, this took most of the time of a region that is read for the first time.
over_shift as (
  select s.id, max(x.at) as at
  from over x
  join shift s on s.rota = x.rota and s.starts_at < x.ends_at and s.ends_at > x.starts_at
  where s.rota = any($1) and s.known_to = 'infinity' and s.ends_at > $2 and s.starts_at < $3
  group by s.id
),
gone as (
  select distinct on (g.rota, g.key, g.person) g.rota, g.key, g.id, g.class, g.person, g.starts_at, g.ends_at, g.known_to
  from shift g
  left join shift c on c.rota = g.rota and c.key = g.key and c.known_to = 'infinity'
  where g.rota = any($1) and g.known_to > now() - interval '14 days' and g.known_to < 'infinity' and g.ends_at > $2 and g.starts_at < $3
    and g.class <> 'absence' and (c.id is null or c.person is distinct from g.person)
  order by g.rota, g.key, g.person, g.known_to desc
  limit 1000
)
select s.rota, s.id, s.class, s.person, s.team, s.title, s.starts_at, s.ends_at, s.override, o.instead, o.made_at,
  o.made_by, o.note,
  case when override_disputed(s.class, o.rests) then o.dispute when o.standing = 'followed' then 'times_changed' end as dispute,
  case when override_disputed(s.class, o.rests) then o.third end as third,
  o.late, s.last_read_at is not null as as_last_read, shift_entry(s.rota, s.key) as entry,
  greatest(s.known_from, h.at) as changed_at,
  false as gone
from shift s
left join (
  select v.id, v.instead, v.made_at, v.made_by, v.note, v.late, e.standing, e.dispute, e.third, e.rests
  from override v
  join lateral (select x.* from override_event x where x.override = v.id order by x.id desc limit 1) e on true
  where v.rota = any($1) and v.expires_at > $2::timestamptz - override_reach()
) o on o.id = s.override
left join over_shift h on h.id = s.id
where s.rota = any($1) and s.known_to = 'infinity' and s.ends_at > $2 and s.starts_at < $3
union all
select g.rota, g.id, g.class, g.person, null, null, g.starts_at, g.ends_at, null, null, null, null, null, null, null, null,
  false, shift_entry(g.rota, g.key), g.known_to, true
from gone g
order by rota, starts_at, ends_at, id;
