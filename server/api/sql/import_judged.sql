-- SPDX-License-Identifier: MIT

-- The effect of confirming an import: the shifts that its rota would have, and a row for each override whose standing would change; and whether the
-- map that it is judged against includes the last change of the rota. If it changes nothing, one row without a shift. superseded is set in one row
-- only.
--
-- takes
--   $1 import   bigint
--   $2 epoch    bigint
--   $3 version  bigint       of the map
--   $4 region   bigint       version of the map's
--   $5 begin    timestamptz  ends after it
--   $6 finish   timestamptz  starts before it
-- gives as API_SHIFTS
--   part          text         which part the row is of: rota, override, or brings
--   was           text         of the part `override`: where it stood
--   becomes       text         of the part `override`: where it would stand
--   turn          text         of the part `override`: that, as import_decide() compares it
--   import_rota   text
--   state         text
--   read_us       bigint       when it was read, in microseconds
--   map_lacks     boolean      a change of the rota
--   horizon       timestamptz
--   last_good_at  timestamptz  null: it would be as if checked now
--   superseded    bigint[]
-- time-out 30 s
prepare api_import_judged as
select w.rota, w.id, w.class, w.person, w.team, w.title, w.starts_at, w.ends_at, w.override, w.instead, w.made_at,
  w.made_by, w.note, w.dispute, w.third, w.late, w.as_last_read, w.part, w.was, w.becomes, w.turn, i.rota as import_rota,
  i.state, import_read_us(i) as read_us, map_lacks(i.rota, $2, $3, $4) as map_lacks, r.horizon,
  null::timestamptz as last_good_at, case when w.n is null or w.n = 1 then i.superseded end as superseded
from import i
left join lateral import_reading(i) r on true
left join lateral import_outcome(i.id, false, $5, $6) with ordinality w (rota, id, class, person, team, title, starts_at,
  ends_at, override, instead, made_at, made_by, note, dispute, third, late, as_last_read, part, was, becomes, turn,
  would_horizon, would_good, n) on true
where i.id = $1
order by w.n;

-- The same of undoing it: the whole rota as it would be.
--
-- takes
--   $1 import   bigint
--   $2 epoch    bigint
--   $3 version  bigint       of the map
--   $4 region   bigint       version of the map's
--   $5 begin    timestamptz  ends after it
--   $6 finish   timestamptz  starts before it
-- gives as API_IMPORT_JUDGED
-- time-out 30 s
-- refuses P0001
prepare api_import_undo_judged as
select w.rota, w.id, w.class, w.person, w.team, w.title, w.starts_at, w.ends_at, w.override, w.instead, w.made_at,
  w.made_by, w.note, w.dispute, w.third, w.late, w.as_last_read, w.part, w.was, w.becomes, w.turn, i.rota as import_rota,
  i.state, import_read_us(i) as read_us, map_lacks(i.rota, $2, $3, $4) as map_lacks, w.would_horizon as horizon,
  w.would_good as last_good_at, null::bigint[] as superseded
from import i
cross join lateral import_outcome(i.id, true, $5, $6) with ordinality w (rota, id, class, person, team, title, starts_at,
  ends_at, override, instead, made_at, made_by, note, dispute, third, late, as_last_read, part, was, becomes, turn,
  would_horizon, would_good, n)
where i.id = $1
order by w.n;
