-- SPDX-License-Identifier: MIT

-- A rota whose rotation must be written further, or again. No row: there is none.
--
-- takes
--   $1 until      timestamptz  to which every rotation should be written
--   $2 made_with  text         what they would be made with now
--   $3 passed     text[]       rotas that this process cannot do
-- gives
--   rota  text
--   seen  bigint
prepare feeds_rotations_due as
select rota, seen
from rotations_due($1, $2, $3);

-- The editions of a rota's rotation, in order.
--
-- takes
--   $1 rota  text
-- gives
--   starts_at   timestamptz
--   definition  text         JSON
prepare feeds_rotation_editions as
select starts_at, definition::text
from rotation_editions($1);

-- Writes the shifts of a rotation further: done, again (it was changed meanwhile).
--
-- takes
--   $1 rota       text
--   $2 seen       bigint
--   $3 now        timestamptz
--   $4 filled_to  timestamptz
--   $5 reach      timestamptz
--   $6 made_with  text
--   $7 persons    text[]       of the shifts
--   $8 begins     timestamptz[]
--   $9 finishes   timestamptz[]
-- gives
--   outcome  text
-- time-out 15 s
prepare feeds_rotation_extend as
select rotation_extend($1, $2, $3, $4, $5, $6, $7, $8, $9) as outcome;
