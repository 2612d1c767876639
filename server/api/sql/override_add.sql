-- SPDX-License-Identifier: MIT

-- Makes an override and gives its id.
--
-- takes
--   $1 rota     text
--   $2 person   text         null: this rota has nobody
--   $3 instead  text         null: nobody is replaced
--   $4 start    timestamptz
--   $5 finish   timestamptz
--   $6 expires  timestamptz
--   $7 note     text         null: none
--   $8 late     boolean
--   $9 account  text
-- gives
--   id  bigint
-- refuses P0001
prepare api_override_add as
select override_add($1, $2, $3, $4, $5, $6, $7, $8, $9) as id;

-- The rota's shifts if it were made. The type shift_shown has no column for the reading that a shift was taken from.
--
-- takes
--   $1 rota     text
--   $2 person   text         null: this rota has nobody
--   $3 instead  text         null: nobody is replaced
--   $4 start    timestamptz
--   $5 finish   timestamptz
--   $6 expires  timestamptz
--   $7 note     text         null: none
--   $8 late     boolean
--   $9 account  text
--   $10 begin   timestamptz  shifts that end after it
--   $11 before  timestamptz  shifts that start before it
-- gives as API_SHIFTS
-- refuses P0001
prepare api_override_try as
select rota, id, class, person, team, title, starts_at, ends_at, override, instead, made_at, made_by, note,
  dispute, third, late, false as as_last_read
from override_add_try($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);
