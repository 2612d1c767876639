-- SPDX-License-Identifier: MIT

-- Overrides made after their time, where the record of the map does not have them, by the time that they are
-- about.
--
-- The map is swept from yesterday's midnight on (server/coverage/setup.c). So an override about an earlier
-- time is never part of its spans and gaps; and if one that was swept in time is withdrawn later, its effect
-- stays in them. A minute is allowed for the sweep after a midnight, so that one correction too many may be
-- listed, but none too few.
--
-- takes
--   $1 rotas   text[]       under the codes of known_at
--   $2 begin   timestamptz
--   $3 finish  timestamptz
--   $4 known   timestamptz  as it was known then (infinity: now)
-- gives
--   id            bigint       the override
--   rota          text
--   starts_at     timestamptz  from when it is missing
--   ends_at       timestamptz
--   made_at       timestamptz
--   withdrawn_at  timestamptz
-- time-out 15 s
prepare api_late_corrections as
with late as (
  select o.id, code_then('rota', o.rota, $4) as rota, o.starts_at, o.expires_at, o.made_at, w.withdrawn_at,
    swept.since_made, swept.since_withdrawn
  from override o
  cross join lateral (select case when o.withdrawn_at <= $4 then o.withdrawn_at end as withdrawn_at) w
  cross join lateral (
    select
      (date_trunc('day', (o.made_at + interval '1 minute') at time zone 'Europe/London') - interval '1 day')
        at time zone 'Europe/London' as since_made,
      (date_trunc('day', (w.withdrawn_at + interval '1 minute') at time zone 'Europe/London') - interval '1 day')
        at time zone 'Europe/London' as since_withdrawn
  ) swept
  where o.late and o.made_at <= $4 and o.expires_at > $2 and o.starts_at < $3
),
missing as (
  select id, rota, made_at, withdrawn_at,
    greatest(starts_at, $2, case when withdrawn_at is not null then since_made end) as begins,
    least(expires_at, $3, coalesce(since_withdrawn, since_made)) as ends
  from late
  where rota = any($1)
)
select id, rota, begins as starts_at, ends as ends_at, made_at, withdrawn_at
from missing
where begins < ends
order by begins, id
limit 10000;
