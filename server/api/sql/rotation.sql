-- SPDX-License-Identifier: MIT

-- The editions of a rota's rotation in force, in order. At least one row.
--
-- takes
--   $1 rota  text
-- gives
--   version     bigint       of the newest edition ever made, also one that is no longer in force; 0: none was
--   filled_to   timestamptz  how far its shifts are written (null: not)
--   reach       timestamptz  how far it says who is on
--   id          bigint       of the edition (null: there is none)
--   starts_at   timestamptz
--   definition  text         JSON, with people by their present codes
--   made_at     timestamptz
--   made_by     text
prepare api_rotation as
select coalesce((select max(r.id) from rotation r where r.rota = w.rota), 0) as version, s.filled_to, s.reach,
  e.id, e.starts_at, e.definition::text, e.made_at, e.made_by
from (select $1::text as rota) w
left join rotation_state s on s.rota = w.rota
left join rotation_editions(w.rota) e on true
order by e.starts_at;

-- Puts an edition in force, with the shifts that the rotation then makes.
--
-- takes
--   $1 rota        text
--   $2 seen        bigint       the version that the shifts were made with
--   $3 starts      timestamptz
--   $4 definition  jsonb        null: the rotation ends then
--   $5 people      text[]
--   $6 account     text
--   $7 now         timestamptz  the shifts end after it
--   $8 filled_to   timestamptz
--   $9 reach       timestamptz
--   $10 made_with  text
--   $11 persons    text[]       of the shifts
--   $12 begins     timestamptz[]
--   $13 finishes   timestamptz[]
-- gives
--   id  bigint
-- time-out 15 s
-- refuses P0001
prepare api_rotation_put as
select rotation_put($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) as id;
