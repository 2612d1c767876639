-- SPDX-License-Identifier: MIT

-- Notes that a claimed feed was fetched and brought what is in force already.
--
-- takes
--   $1 rota           text
--   $2 claim          bigint
--   $3 seen_body      bytea    SHA-256
--   $4 seen_with      bytea
--   $5 etag           text
--   $6 last_modified  text
--   $7 whole          boolean
-- gives
--   outcome  text
prepare feeds_good as
select feeds_good($1::text, $2::bigint, $3, $4, $5::text, $6::text, $7::boolean) as outcome;
