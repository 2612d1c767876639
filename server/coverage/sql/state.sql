-- SPDX-License-Identifier: MIT

-- Demands as the map has them, in rows of three kinds (enum state_kind) and in one snapshot: the demand, its
-- spans in force, and its gaps, open or filled recently.
--
-- Spans in force do not overlap, so that the search begins with the last span that begins at or before `begin`. The span is searched for once for
-- each demand; offset 0 keeps the planner from another order.
--
-- takes
--   $1 requirements  text[]
--   $2 places        text[]       one for each requirement
--   $3 begin         timestamptz  spans that end after it
--   $4 filled        timestamptz  gaps that were filled after it
-- gives
--   kind                   integer      enum state_kind
--   n                      bigint       demand, from 1
--   version                bigint
--   gap                    text         id
--   starts_at              timestamptz  of a demand: the database's clock
--   ends_at                timestamptz
--   state                  text
--   cause                  text
--   present                integer
--   required               integer
--   shifts                 bigint[]
--   severity               text
--   started                boolean
--   told                   boolean
--   closed_at              timestamptz
--   held                   boolean      whether its closing is held back
--   quiet_until            timestamptz
--   acknowledged_severity  text         severity when it was acknowledged (null: it was not); critical while its risk is accepted
--   alerts_sent            integer
--   cause_group            text
-- time-out 15 s
prepare coverage_state as
with wanted as materialized (
  select u.*,
    (
      select coalesce(max(x.starts_at), '-infinity')
      from span x
      where x.requirement = u.requirement and x.place = u.place and x.known_to = 'infinity' and x.starts_at <= $3
    ) as from_at
  from unnest($1::text[], $2::text[])
  with ordinality u (requirement, place, n)
)
select 0 as kind, w.n, d.version, null::text as gap, clock_timestamp() as starts_at, null::timestamptz as ends_at,
  null::text as state, null::text as cause, 0 as present, 0 as required, null::bigint[] as shifts,
  null::text as severity, false as started, false as told, null::timestamptz as closed_at, false as held,
  null::timestamptz as quiet_until, null::text as acknowledged_severity, 0 as alerts_sent, null::text as cause_group
from wanted w
cross join lateral (
  select x.version
  from demand x
  where x.requirement = w.requirement and x.place = w.place and x.retired_at is null
  offset 0
) d
union all
select 1, w.n, 0, null, s.starts_at, s.ends_at, s.state, s.cause, s.present, s.required, s.shifts, null, false,
  false, null::timestamptz, false, null::timestamptz, null::text, 0, null::text
from wanted w
cross join lateral (
  select *
  from span x
  where x.requirement = w.requirement
    and x.place = w.place
    and x.starts_at >= w.from_at
    and x.known_to = 'infinity'
    and x.ends_at > $3
  offset 0
) s
union all
select 2, w.n, 0, g.id::text, g.starts_at, g.ends_at, g.state, g.cause, g.present, g.required, null, g.severity,
  g.started, g.told, g.closed_at, g.settle_at is not null, g.alarmed_before_at + interval '1 hour',
  case when g.accepted_until > clock_timestamp() then 'critical' else g.acknowledged_severity end, g.alerts_sent, g.cause_group
from wanted w
join lateral (
  select *
  from gap o
  where o.requirement = w.requirement and o.place = w.place and o.closed_at is null
  union all
  select *
  from gap o
  where o.requirement = w.requirement and o.place = w.place and not o.passed and o.closed_at > $4
) g on true
order by kind, n, starts_at;
