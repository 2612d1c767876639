-- SPDX-License-Identifier: MIT

-- Notes that a claimed feed could not be fetched or read.
--
-- takes
--   $1 rota       text
--   $2 claim      bigint
--   $3 fault      text
--   $4 read_with  bytea
--   $5 refused    boolean  by the address's server, for want of the right secret
--   $6 unread_with  bytea  with what the body that came could not be read
-- gives
--   outcome  text
prepare feeds_failed as
select feeds_failed($1::text, $2::bigint, $3::text, $4, $5::boolean, $6) as outcome;
