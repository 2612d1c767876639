-- SPDX-License-Identifier: MIT

-- Notes that a claimed feed was fetched and brought what is held already.
--
-- takes
--   $1 rota       text
--   $2 claim      bigint
--   $3 held_body  bytea    SHA-256
--   $4 whole      boolean
-- gives
--   outcome  text
prepare feeds_still_held as
select feeds_still_held($1::text, $2::bigint, $3, $4::boolean) as outcome;
