-- SPDX-License-Identifier: MIT

-- Facts about a calendar beside its shifts, which FEEDS_ROWS gives.
--
-- takes
--   $1 rota       text
--   $2 begin_day  integer  first day of those that the fullest readings are counted from
-- gives
--   versions         bytea
--   address_content  bytea
--   listed_over_at   timestamptz
--   dropped          integer
--   dropped_start    timestamptz
--   fullest_day      bigint
--   fullest_week     bigint
-- time-out 15 s
prepare feeds_versions as
select versions, address_content, listed_over_at, dropped, dropped_start,
  feeds_fullest($1::text, interval '24 hours', $2::integer) as fullest_day,
  feeds_fullest($1::text, interval '7 days', $2::integer) as fullest_week
from feed
where rota = $1::text;
