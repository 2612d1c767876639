-- SPDX-License-Identifier: MIT

-- Notes which accounts have seen names, and gives how many rows were new.
--
-- takes
--   $1 writer     text
--   $2 numbers    bigint[]
--   $3 first_at   timestamptz[]
--   $4 accounts   text[]
--   $5 routes     text[]
--   $6 objects    text[]
--   $7 functions  text[]
--   $8 asked_at   timestamptz[]
--   $9 known_at   timestamptz[]
--   $10 counts    bigint[]
-- gives
--   added  bigint
-- time-out 20 s
prepare api_audit_reads as
select audit_reads($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as added;
