-- SPDX-License-Identifier: MIT

-- The accounts that have asked about a place.
--
-- takes
--   $1 place     text
--   $2 function  text         null: every
--   $3 begin     timestamptz
--   $4 finish    timestamptz
-- gives
--   at       timestamptz
--   account  text
--   detail   text         JSON
-- time-out 30 s
prepare api_looked as
select at, actor as account, detail::text
from audit
where object in (select 'place/' || codes_ever('place', $1))
  and action = 'read'
  and at >= $3
  and at <= $4
  and ($2::text is null or coalesce(detail->>'function', $2) = $2)
order by at, seq
limit 1000;
