-- SPDX-License-Identifier: MIT

-- Puts in force again what was there before an import.
--
-- takes
--   $1 id       bigint
--   $2 account  text
--   $3 reason   text
-- gives
--   import_undo  text
-- time-out 30 s
-- refuses P0001
prepare api_import_undo as
select import_undo($1, $2, $3)::text;
