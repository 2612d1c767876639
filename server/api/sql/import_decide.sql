-- SPDX-License-Identifier: MIT

-- Confirms or undoes an import as it was judged; refused if it would have another effect by now.
--
-- takes
--   $1 id       bigint
--   $2 undo     boolean
--   $3 account  text
--   $4 reason   text
--   $5 read_us  bigint  when it was read, in microseconds
--   $6 turns    text[]  what becomes of the overrides of its rota (`turn` of api_import_judged)
-- gives
--   import_decide  text
-- time-out 30 s
-- refuses P0001
prepare api_import_decide as
select import_decide($1, $2, $3, $4, $5, $6)::text;
