-- SPDX-License-Identifier: MIT

-- Rows of the audit after a number. Rows with the same number are always in the same answer.
--
-- takes
--   $1 after  bigint
--   $2 most   bigint
-- gives
--   seq        bigint
--   at         text
--   added_at   text
--   actor      text
--   action     text
--   object     text
--   detail     text    JSON
--   prev_hash  text    hexadecimal
--   hash       text    hexadecimal
--   salt       text    hexadecimal; null: what the row said of a person was erased
--   digest     text    hexadecimal, of the salt and the text
--   erased_at  timestamptz  infinity: it was not
--   hashed     text    the text that is hashed
-- time-out 30 s
prepare api_audit as
select a.seq, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
  to_char(a.added_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as added_at, a.actor, a.action,
  a.object, a.detail::text, encode(a.prev_hash, 'hex') as prev_hash, encode(a.hash, 'hex') as hash,
  encode(a.salt, 'hex') as salt, encode(a.digest, 'hex') as digest, coalesce(a.erased_at, 'infinity') as erased_at,
  audit_text(a.seq, a.at, a.added_at, a.actor, a.action, a.object, a.detail) as hashed
from audit a
where a.seq > $1
order by a.seq fetch first ($2) rows
with ties;
