-- SPDX-License-Identifier: MIT

-- Notes that an upload could not be read.
--
-- takes
--   $1 import     bigint
--   $2 claim      bigint
--   $3 why        text
--   $4 read_with  bytea
--   $5 reading    jsonb   JSON
-- gives
--   outcome  text
prepare feeds_refuse_import as
select import_refused($1::bigint, $2::bigint, $3::text, $4, $5::jsonb) as outcome;
