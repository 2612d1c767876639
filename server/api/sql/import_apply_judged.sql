-- SPDX-License-Identifier: MIT

-- Puts in force an import that was judged.
--
-- takes
--   $1 id       bigint
--   $2 account  text
--   $3 read_us  bigint  when it was read, in microseconds
-- gives
--   import_apply_judged  text
-- time-out 30 s
-- refuses P0001
prepare api_import_apply_judged as
select import_apply_judged($1, $2, $3)::text;
