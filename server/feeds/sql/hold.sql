-- SPDX-License-Identifier: MIT

-- Holds a reading of a claimed feed for a person to decide on.
--
-- takes
--   $1 rota         text
--   $2 claim        bigint
--   $3 base         bigint         the reading that it was compared with
--   $4 body         bytea          SHA-256
--   $5 bytes        bytea
--   $6 read_with    bytea
--   $7 reading      jsonb          JSON
--   $8 why          text
--   $9 diff         jsonb          JSON
--   $10 superseded  bigint[]
--   $11 keys        text[]
--   $12 classes     text[]
--   $13 persons     text[]
--   $14 teams       text[]
--   $15 titles      text[]
--   $16 starts      timestamptz[]
--   $17 ends        timestamptz[]
-- gives
--   outcome  text
-- time-out 15 s
-- refuses 23503 23505 23514
prepare feeds_hold as
select feeds_held($1::text, $2::bigint, $3::bigint, $4, $5, $6, $7::jsonb, $8::text, $9::jsonb, $10, $11, $12, $13, $14,
    $15, $16, $17) as outcome;
