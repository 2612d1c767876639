-- SPDX-License-Identifier: MIT

-- Shifts of rotas in a window, with the override that a shift is of.
--
-- One statement: a shift that an override replaces and the override belong together, or both would be shown, or neither. Overrides are few, so they
-- are computed once and not for each shift: those that were not over long before the window. One that has followed a shift may end later than was
-- asked.
--
-- dispute and third: what contradicts this very row (override_disputed).
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
--   override      bigint       null: of its source
--   instead       text
--   made_at       timestamptz
--   made_by       text
--   note          text
--   dispute       text
--   third         text[]       whom else the source names
--   late          boolean
--   as_last_read  boolean      whether it stands only as it was last read
-- time-out 30 s
prepare api_shifts as
select s.rota, s.id, s.class, s.person, s.team, s.title, s.starts_at, s.ends_at, s.override, o.instead, o.made_at,
  o.made_by, o.note,
  case when override_disputed(s.class, o.rests) then o.dispute when o.standing = 'followed' then 'times_changed' end as dispute,
  case when override_disputed(s.class, o.rests) then o.third end as third,
  o.late, s.last_read_at is not null as as_last_read
from shift s
left join (
  select v.id, v.instead, v.made_at, v.made_by, v.note, v.late, e.standing, e.dispute, e.third, e.rests
  from override v
  join lateral (select x.* from override_event x where x.override = v.id order by x.id desc limit 1) e on true
  where v.rota = any($1) and v.expires_at > $2::timestamptz - override_reach()
) o on o.id = s.override
where s.rota = any($1) and s.known_to = 'infinity' and s.ends_at > $2 and s.starts_at < $3
order by s.rota, s.starts_at, s.ends_at, s.id;

-- The same as it was known at an instant, the absences of everybody, and the confirmed shifts of further
-- rotas.
--
-- Here as in every statement of what was known then: between two of them a month of the record may go. So each
-- that reads what may go asks for itself whether the record still reaches back to then (record_reaches); the
-- refusal is a sentence.
--
-- takes
--   $1 rotas        text[]
--   $2 begin        timestamptz  ends after it
--   $3 finish       timestamptz  starts before it
--   $4 known_at     timestamptz
--   $5 named_rotas  text[]       whose confirmed shifts are wanted too
-- gives as API_SHIFTS
-- time-out 30 s
-- refuses P0001
prepare api_shifts_then as
select s.rota, s.id, s.class, s.person, s.team, s.title, s.starts_at, s.ends_at, s.override, o.instead, o.made_at,
  o.made_by, o.note,
  case when override_disputed(s.class, o.rests) then o.dispute when o.standing = 'followed' then 'times_changed' end as dispute,
  case when override_disputed(s.class, o.rests) then o.third end as third,
  o.late, s.last_read_at is not null as as_last_read
from shift s
left join (
  select v.id, person_then('replaced', v.id, v.instead, $4) as instead, v.made_at, v.made_by, v.note, v.late, e.standing, e.dispute, e.third, e.rests
  from override v
  join lateral (
    select x.*
    from override_event x
    where x.override = v.id and x.at <= $4
    order by x.id desc
    limit 1
  ) e on true
  where v.rota = any($1) and v.expires_at > $2::timestamptz - override_reach()
) o on o.id = s.override
where (s.rota = any($1) or s.class = 'absence' or (s.rota = any($5) and s.class = 'named'))
  and s.ends_at > $2
  and s.starts_at < $3
  and s.known_from <= $4
  and s.known_to > $4
  and (select record_reaches('shift', $4))
order by s.rota;
