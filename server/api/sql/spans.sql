-- SPDX-License-Identifier: MIT

-- Spans in force of demands in a window. Spans in force do not overlap, so that the search begins with the
-- last span that begins at or before `begin`: no earlier one reaches the window.
--
-- takes
--   $1 places        text[]
--   $2 requirements  text[]       one for each place
--   $3 begin         timestamptz
--   $4 finish        timestamptz
-- gives
--   n          bigint       which pair, from 1
--   starts_at  timestamptz
--   ends_at    timestamptz
--   state      text
--   cause      text
--   present    integer
--   required   integer
--   shifts     bigint[]
-- time-out 30 s
prepare api_spans as
select r.n, s.starts_at, s.ends_at, s.state, s.cause, s.present, s.required, s.shifts
from unnest($1::text[], $2::text[])
with ordinality r (place, requirement, n)
cross join lateral (
  select coalesce(max(x.starts_at), '-infinity') as at
  from span x
  where x.requirement = r.requirement and x.place = r.place and x.known_to = 'infinity' and x.starts_at <= $3
) before
join span s on s.requirement = r.requirement and s.place = r.place and s.starts_at >= before.at
where s.known_to = 'infinity' and s.ends_at > $3 and s.starts_at < $4
order by r.n, s.starts_at;

-- As they were known at an instant.
--
-- takes
--   $1 places        text[]
--   $2 requirements  text[]       one for each place
--   $3 begin         timestamptz
--   $4 finish        timestamptz
--   $5 known_at      timestamptz
-- gives as API_SPANS
-- time-out 30 s
-- refuses P0001
prepare api_spans_then as
select r.n, s.starts_at, s.ends_at, s.state, s.cause, s.present, s.required, s.shifts
from unnest($1::text[], $2::text[])
with ordinality r (place, requirement, n)
join span s on s.requirement = r.requirement and s.place = r.place
where (select record_reaches('span', $5))
  and s.known_from <= $5
  and s.known_to > $5
  and s.ends_at > $3
  and s.starts_at < $4
order by r.n, s.starts_at;
