-- SPDX-License-Identifier: MIT

-- The gaps that began in a month, of some demands: those that were longer than their requirement's tolerance, and were
-- not filled before they began. ahead: it was open already so long before it began.
--
-- takes
--   $1 places        text[]
--   $2 requirements  text[]       one for each place
--   $3 begin         timestamptz
--   $4 finish        timestamptz
--   $5 ahead         integer      seconds
-- gives
--   n        bigint   which pair, from 1
--   unknown  boolean
--   ahead    boolean
-- time-out 30 s
prepare api_month_gaps as
select r.n, g.state = 'unknown' as unknown,
  coalesce((
    select e.row_after->'closed_at' = 'null'
    from gap_event e
    where e.gap = g.id and e.at <= g.starts_at - make_interval(secs => $5::integer)
    order by e.id desc
    limit 1
  ), false) as ahead
from unnest($1::text[], $2::text[])
with ordinality r (place, requirement, n)
join gap g on g.place = r.place and g.requirement = r.requirement
where g.starts_at >= $3 and g.starts_at < $4 and g.told and (g.closed_at is null or g.passed or g.closed_at > g.starts_at)
order by r.n, g.starts_at, g.id;

-- What was reported of ringing from some places, and not taken back. People are numbers that mean nothing outside of
-- this answer.
--
-- takes
--   $1 places  text[]
--   $2 begin   timestamptz
--   $3 finish  timestamptz
-- gives
--   n         bigint       which place, from 1
--   at        timestamptz
--   function  text         the one that was looked for
--   serves    text         the function of the service
--   service   text
--   person    bigint       null: a line
--   outcome   text
-- time-out 30 s
prepare api_month_calls as
select r.n, c.at, code_now('function', coalesce(c.wanted, c.function), c.at) as function,
  code_now('function', c.function, c.at) as serves, code_now('service', c.service, c.at) as service,
  case when c.person is not null then dense_rank() over (order by code_now('person', c.person, c.at)) end as person, c.outcome
from unnest($1::text[])
with ordinality r (place, n)
cross join lateral codes_ever('place', r.place) p (code)
join contact_report c on c.place = p.code
where c.at >= $2 and c.at < $3 and c.withdrawn_at is null and code_now('place', c.place, c.at) = r.place
order by r.n, c.at, c.id;
