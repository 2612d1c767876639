-- SPDX-License-Identifier: MIT

-- The reading in force, and the shifts that are in force with it. One statement, so that both are as of one
-- instant.
--
-- Shifts before the window belong to the past and are not compared. Of those only the keys are given that the new reading uses again. Rows that a
-- person has typed in are not superseded by the feed and are left out.
--
-- takes
--   $1 rota   text
--   $2 begin  timestamptz  of the window
--   $3 keys   text[]       that the new reading uses
-- gives
--   reading       bigint
--   id            bigint       null: there is no shift
--   key           text
--   starts_at     timestamptz
--   ends_at       timestamptz
--   class         text
--   person        text
--   title         text
--   team          text
--   body          bytea        SHA-256 in force
--   uploaded_at   timestamptz  when the upload that stands instead of the address was confirmed (null: none)
--   as_last_read  boolean
-- time-out 15 s
prepare feeds_rows as
select f.reading, s.id, s.key, s.starts_at, s.ends_at, s.class, s.person, s.title, s.team, f.body,
  u.decided_at as uploaded_at, coalesce(s.last_read_at is not null, false) as as_last_read
from feed f
left join import u on u.id = f.upload
left join shift s on s.rota = f.rota
  and s.known_to = 'infinity'
  and s.reading is not null
  and (s.ends_at > $2 or s.key = any ($3))
where f.rota = $1::text;
