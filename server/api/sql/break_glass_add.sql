-- SPDX-License-Identifier: MIT

-- Gives an account access to a place for a while.
--
-- takes
--   $1 account  text
--   $2 place    text
--   $3 reason   text
--   $4 note     text     null: none
--   $5 seconds  integer
-- gives
--   id     bigint
--   until  timestamptz
prepare api_break_glass_add as
select b.id, b.until from break_glass_add($1, $2, $3, $4, $5) b;
