-- SPDX-License-Identifier: MIT

-- The last 20 times that a stored calendar of a rota was read again with another result, the newest first,
-- each with the first 500 shifts that differ. A shift that retention has deleted is null on both sides.
--
-- takes
--   $1 rota  text
-- gives
--   id          bigint
--   at          timestamptz
--   why         text
--   lost        integer
--   gained      integer
--   other       integer
--   turned      integer      how many
--   title       text
--   starts_at   timestamptz
--   ends_at     timestamptz
--   was_class   text
--   was_person  text
--   was_team    text
--   now_class   text
--   now_person  text
--   now_team    text
-- time-out 30 s
prepare api_turned as
select r.id, r.at, r.why, r.lost, r.gained, r.other, cardinality(r.was) as turned,
  coalesce(n.title, o.title) as title, coalesce(n.starts_at, o.starts_at) as starts_at,
  coalesce(n.ends_at, o.ends_at) as ends_at, o.class as was_class, o.person as was_person, o.team as was_team,
  n.class as now_class, n.person as now_person, n.team as now_team
from (select * from reread where rota = $1::text order by id desc limit 20) r
cross join lateral unnest(r.was, r.now)
with ordinality as t (was, now, nth)
left join shift o on o.id = t.was
left join shift n on n.id = t.now
where t.nth <= 500
order by r.id desc, t.nth;
