-- SPDX-License-Identifier: MIT

-- Notes that the body in force could not be read again.
--
-- takes
--   $1 rota       text
--   $2 claim      bigint
--   $3 read_with  bytea
-- gives
--   outcome  text
prepare feeds_reread_failed as
select feeds_reread_failed($1::text, $2::bigint, $3) as outcome;
