-- SPDX-License-Identifier: MIT

-- Puts a reading of a claimed feed in force, a whole calendar at a time. The SQLSTATEs that are listed as refused are those that the contents of a
-- body can cause although the guards have passed it: the body is then refused, and the process continues.
--
-- takes
--   $1 rota            text
--   $2 claim           bigint
--   $3 base            bigint         the reading that it was compared with
--   $4 body            bytea          SHA-256
--   $5 bytes           bytea
--   $6 read_with       bytea
--   $7 reading         jsonb          JSON
--   $8 fetched         boolean
--   $9 etag            text
--   $10 last_modified  text
--   $11 superseded     bigint[]
--   $12 keys           text[]
--   $13 classes        text[]
--   $14 persons        text[]
--   $15 teams          text[]
--   $16 titles         text[]
--   $17 starts         timestamptz[]
--   $18 ends           timestamptz[]
-- gives
--   outcome  text
-- time-out 15 s
-- refuses 23503 23505 23514
prepare feeds_apply as
select feeds_apply($1::text, $2::bigint, $3::bigint, $4, $5, $6, $7::jsonb, $8::boolean, $9::text, $10::text, $11, $12, $13,
    $14, $15, $16, $17, $18) as outcome;
