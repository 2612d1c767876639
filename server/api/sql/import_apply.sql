-- SPDX-License-Identifier: MIT

-- Puts an import in force.
--
-- takes
--   $1 id       bigint
--   $2 account  text
--   $3 reason   text
-- gives
--   import_apply  text
-- time-out 30 s
-- refuses P0001
prepare api_import_apply as
select import_apply($1, $2, $3)::text;
