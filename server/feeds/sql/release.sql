-- SPDX-License-Identifier: MIT

-- Gives back a claimed feed, unchanged.
--
-- takes
--   $1 rota     text
--   $2 claim    bigint
--   $3 seconds  integer  until it is due (null: not before somebody makes it due)
-- gives
--   outcome  text
prepare feeds_release as
select feeds_release($1::text, $2::bigint, $3::integer) as outcome;
