-- SPDX-License-Identifier: MIT

-- The schema "report": views for programs that make figures (Power BI, R), with a login of its own that reads them and nothing else. They stay: a column
-- is never taken away or changed, more may come last. Each view and column has a comment. docs/reports.md has the same words, and a test compares.
--
-- No column leads to a person: there are no names, no codes of people, no accounts, no notes. Counts of calls are of months that are over, by the rule of
-- small numbers that every report has: model/few.h has it in C, few_hide() here, and a test compares the two.

set local search_path = crisiscover;
set local check_function_bodies = off;

do $$
begin
  if not exists (select from pg_roles where rolname = 'crisiscover_report') then
    create role crisiscover_report login;
  end if;
  alter role crisiscover_report set search_path = report;
  alter role crisiscover_report set timezone = 'UTC';
  alter role crisiscover_report set default_transaction_read_only = on;
  alter role crisiscover_report set statement_timeout = '5min';
  alter role crisiscover_report set lock_timeout = '2s';
  alter role crisiscover_report set idle_in_transaction_session_timeout = '1min';
  alter role crisiscover_report connection limit 4;
end $$;

create schema report;
comment on schema report is 'Figures about cover and calls, for programs that make reports. Nothing in it leads to a person.';
grant usage on schema report to crisiscover_report;

-- ------------------------------------------------------------------------------------------------------------------------- small numbers

create function report.few_least() returns integer language sql immutable as 'select 5';
create function report.few_people() returns integer language sql immutable as 'select 3';

-- few_hide() of model/few.h: which counts of a table are not shown. The arrays have an item for each line, in the order of their names, and last one for the
-- total. hides, part_hides: on entry what must not be shown for another reason, on return all that is not shown. from_on: the least count that is shown.
create function report.few_hide(wholes integer[], parts integer[], inout hides boolean[], inout part_hides boolean[], from_on integer)
language plpgsql immutable as $$
declare
  total constant integer := cardinality(wholes);
  other integer;
begin
  select array_agg(hides[i] or wholes[i] between 1 and from_on - 1 order by i) into hides from generate_series(1, total) i;
  while not hides[total] and (select count(*) = 1 or sum(wholes[i]) = count(*) from generate_series(1, total - 1) i where hides[i] and wholes[i] > 0) loop
    select i into other from generate_series(1, total - 1) i where not hides[i] and wholes[i] > 0 order by wholes[i], i limit 1;
    hides[coalesce(other, total)] := true;
  end loop;
  select array_agg(part_hides[i] or hides[i] or parts[i] between 1 and from_on - 1 or wholes[i] - parts[i] between 1 and from_on - 1 order by i)
    into part_hides from generate_series(1, total) i;
  while not part_hides[total] and (select count(*) = 1 from generate_series(1, total - 1) i where part_hides[i] and wholes[i] > 0) loop
    select i into other from generate_series(1, total - 1) i where not part_hides[i] and wholes[i] > 0 order by wholes[i], i limit 1;
    part_hides[coalesce(other, total)] := true;
  end loop;
end $$;

-- The month in London, by its first day.
create function report.month_of(timestamptz) returns date language sql stable as $$
  select date_trunc('month', $1 at time zone 'Europe/London')::date
$$;

-- The counts of calls of every month that is over, place and service, and of each place (service is null), with null for what is not shown. It reads what
-- the login may not, and gives only what is shown.
create function report.calls_shown()
returns table (month date, place text, function text, service text, calls integer, answered integer, wrong_person integer, no_answer integer)
language plpgsql stable security definer set search_path = crisiscover, pg_temp as $$
declare
  g record;
  rest integer[];
  hides boolean[];
  answered_hides boolean[];
  rest_hides boolean[];
  wrong_hides boolean[];
begin
  for g in
    with c as materialized (
      select report.month_of(r.at) as m, code_now('place', r.place, r.at) as p, code_now('service', r.service, r.at) as s,
             code_now('function', r.function, r.at) as f, code_now('person', r.person, r.at) as who, r.outcome
      from contact_report r
      where r.withdrawn_at is null and report.month_of(r.at) < report.month_of(now())),
    line as (
      select c.m, c.p, c.s, min(c.f) as f, count(*)::integer as n, count(distinct c.who)::integer as people,
             (count(*) filter (where c.outcome in ('reached', 'declined')))::integer as a, (count(*) filter (where c.outcome = 'wrong_person'))::integer as w
      from c group by grouping sets ((c.m, c.p, c.s), (c.m, c.p)))
    select l.m, l.p, array_agg(l.s order by l.s collate "C") as s, array_agg(case when l.s is not null then l.f end order by l.s collate "C") as f, array_agg(l.n order by l.s collate "C") as n,
           array_agg(l.a order by l.s collate "C") as a, array_agg(l.w order by l.s collate "C") as w,
           array_agg(l.people between 1 and report.few_people() - 1 order by l.s collate "C") as of_few
    from line l group by l.m, l.p  -- the sum comes last: its service is null
  loop
    select h.hides, h.part_hides into hides, answered_hides
      from report.few_hide(g.n, g.a, g.of_few, array_fill(false, array[cardinality(g.n)]), report.few_least()) h;
    select array_agg(g.n[i] - g.a[i] order by i) into rest from generate_series(1, cardinality(g.n)) i;
    select h.hides, h.part_hides into rest_hides, wrong_hides
      from report.few_hide(rest, g.w, answered_hides, array_fill(false, array[cardinality(g.n)]), report.few_least()) h;
    return query
      select g.m, g.p, g.f[i], g.s[i], case when not hides[i] then g.n[i] end, case when not answered_hides[i] then g.a[i] end,
             case when not wrong_hides[i] then g.w[i] end, case when not wrong_hides[i] then rest[i] - g.w[i] end
      from generate_series(1, cardinality(g.n)) i;
  end loop;
end $$;

-- ---------------------------------------------------------------------------------------------------------------------------------- views

create view report.place as
  select i.key as place, i.item->>'name' as name, i.item->>'kind' as kind, coalesce(i.item->'parents', '[]') as parents
  from setup_item i where i.kind = 'place' and i.ended is null;

create view report.function as
  select i.key as function, i.item->>'name' as name from setup_item i where i.kind = 'function' and i.ended is null;

create view report.service as
  select i.key as service, i.item->>'name' as name, i.item->>'function' as function, i.item->>'organisation' as organisation
  from setup_item i where i.kind = 'service' and i.ended is null;

-- Of each requirement that ever was, as the newest set-up that had it.
create view report.requirement as
  select distinct on (i.key) i.key as requirement, i.item->>'place' as place, i.item->>'function' as function, (i.item->>'count')::integer as required,
         i.ended is null as in_force
  from setup_item i where i.kind = 'requirement' order by i.key, i.version desc;

create view report.hours as
  select report_month.month, s.place, r.function, s.requirement, s.state,
         round(sum(extract(epoch from least(s.ends_at, report_month.ends_at, now()) - greatest(s.starts_at, report_month.starts_at))) / 3600, 4) as hours
  from span s
  join report.requirement r using (requirement)
  cross join lateral (
    select m::date as month, m at time zone 'Europe/London' as starts_at, (m + interval '1 month') at time zone 'Europe/London' as ends_at
    from generate_series(date_trunc('month', s.starts_at at time zone 'Europe/London'), least(s.ends_at, now()) at time zone 'Europe/London',
                         interval '1 month') m) report_month
  where s.known_to = 'infinity' and s.starts_at < now() and report_month.starts_at < least(s.ends_at, now())
  group by report_month.month, s.place, r.function, s.requirement, s.state;

create view report.gap as
  select g.id as gap, date_trunc('month', g.starts_at at time zone 'Europe/London')::date as month, g.place, g.function, g.requirement, g.state, g.cause,
         g.required, g.present, g.severity, g.starts_at, g.ends_at, g.opened_at, g.closed_at,
         coalesce((select e.row_after->'closed_at' = 'null' from gap_event e
                   where e.gap = g.id and e.at <= g.starts_at - interval '72 hours' order by e.id desc limit 1), false) as ahead,
         g.acknowledged_at
  from gap g
  where g.told and g.starts_at < now() and (g.closed_at is null or g.passed or g.closed_at > g.starts_at);

create view report.calls as select * from report.calls_shown();

comment on view report.place is 'Places of the set-up in force.';
comment on column report.place.place is 'Code, as in the set-up (ODS or GSS).';
comment on column report.place.name is 'Name.';
comment on column report.place.kind is 'Kind, such as emergency_department or council_area.';
comment on column report.place.parents is 'Codes of the places that it is in, with days, as in the set-up.';
comment on view report.function is 'Functions of the set-up in force.';
comment on column report.function.function is 'Code, such as amhp.';
comment on column report.function.name is 'Name.';
comment on view report.service is 'Services of the set-up in force.';
comment on column report.service.service is 'Code.';
comment on column report.service.name is 'Name.';
comment on column report.service.function is 'The function that it provides.';
comment on column report.service.organisation is 'Code of the organisation that runs it.';
comment on view report.requirement is 'Requirements, also former ones, as they were last.';
comment on column report.requirement.requirement is 'Code.';
comment on column report.requirement.place is 'The place that has it. It may apply to places below.';
comment on column report.requirement.function is 'The function that is required.';
comment on column report.requirement.required is 'How many people.';
comment on column report.requirement.in_force is 'Whether the set-up in force has it.';
comment on view report.hours is 'Hours by state, of each requirement at each place where it applies, by month. Time that is over alone. Hours in which nobody was asked for are in no line, nor time before the record began.';
comment on column report.hours.month is 'First day of the month, by the clocks of London.';
comment on column report.hours.place is 'Where it applied.';
comment on column report.hours.function is 'The function that is required.';
comment on column report.hours.requirement is 'The requirement.';
comment on column report.hours.state is 'covered, short, gap or unknown.';
comment on column report.hours.hours is 'Hours of that state.';
comment on view report.gap is 'Gaps that have begun and were longer than their tolerance.';
comment on column report.gap.gap is 'Number of the gap, the same while it is one gap.';
comment on column report.gap.month is 'First day of the month in which it began, by the clocks of London.';
comment on column report.gap.place is 'Where.';
comment on column report.gap.function is 'Of which function.';
comment on column report.gap.requirement is 'Of which requirement.';
comment on column report.gap.state is 'gap, short or unknown, as it was last.';
comment on column report.gap.cause is 'Why, as a code, as it was last.';
comment on column report.gap.required is 'How many people were required.';
comment on column report.gap.present is 'How many were on.';
comment on column report.gap.severity is 'critical, high or normal, as it was last.';
comment on column report.gap.starts_at is 'When it began.';
comment on column report.gap.ends_at is 'When it ends, or ended.';
comment on column report.gap.opened_at is 'When it was first known.';
comment on column report.gap.closed_at is 'When it was over or filled. Null: it is open.';
comment on column report.gap.ahead is 'Whether it was known 72 hours before it began.';
comment on column report.gap.acknowledged_at is 'When somebody said that they deal with it. Null: nobody has.';
comment on view report.calls is 'What came of ringing, by month that is over, place and service. A count that is not shown is null: from 1 to 4, about fewer than three people, or what would tell such a one.';
comment on column report.calls.month is 'First day of the month, by the clocks of London.';
comment on column report.calls.place is 'From where it was rung.';
comment on column report.calls.function is 'For which function. Null: the line is of all services.';
comment on column report.calls.service is 'The service that was rung. Null: the line is of all services.';
comment on column report.calls.calls is 'Calls that were reported.';
comment on column report.calls.answered is 'The right person answered: reached, or declined.';
comment on column report.calls.wrong_person is 'Somebody else answered.';
comment on column report.calls.no_answer is 'Nobody answered.';

-- The history of some places for research, of months that are over: a line for each function, and one for the calls from the place (function is null).
-- A line of a function whose cover was that of fewer than three people has no numbers, since they would be those of one; a count of gaps that is few, none.
-- a_from, a_to: first days of the first month and the last.
create function report.research(a_places text[], a_from date, a_to date)
returns table (month date, place text, function text, hours_covered numeric, hours_short numeric, hours_gap numeric, hours_unknown numeric, gaps integer,
               gaps_ahead integer, calls integer, answered integer, wrong_person integer, no_answer integer)
language sql stable security definer set search_path = crisiscover, pg_temp as $$
  with over as (select least(a_to, (report.month_of(now()) - interval '1 month')::date) as last),
  hours as (
    select h.month, h.place, h.function, sum(h.hours) filter (where h.state = 'covered') as covered, sum(h.hours) filter (where h.state = 'short') as short,
           sum(h.hours) filter (where h.state = 'gap') as gap, sum(h.hours) filter (where h.state = 'unknown') as unknown
    from report.hours h, over where h.place = any (a_places) and h.month between a_from and over.last group by h.month, h.place, h.function),
  line as (
    select h.*, p.people, g.gaps, g.ahead, f.hides[1] as hides_gaps, f.part_hides[1] as hides_ahead
    from hours h
    cross join lateral (
      select count(distinct x.person) as people
      from span s join report.requirement r using (requirement) cross join unnest(s.shifts) u (id) join shift x on x.id = u.id
      where s.place = h.place and r.function = h.function and s.known_to = 'infinity' and s.starts_at < (h.month + interval '1 month') at time zone 'Europe/London'
        and s.ends_at > h.month::timestamp at time zone 'Europe/London') p
    cross join lateral (
      select count(*)::integer as gaps, (count(*) filter (where x.ahead))::integer as ahead
      from report.gap x where x.place = h.place and x.function = h.function and x.month = h.month and x.state <> 'unknown') g
    cross join lateral report.few_hide(array[g.gaps, 0], array[g.ahead, 0], array[false, true], array[false, true], report.few_least()) f)
  select l.month, l.place, l.function, case when t.told then coalesce(l.covered, 0) end, case when t.told then coalesce(l.short, 0) end,
         case when t.told then coalesce(l.gap, 0) end, case when t.told then coalesce(l.unknown, 0) end,
         case when t.told and not l.hides_gaps then l.gaps end, case when t.told and not l.hides_ahead then l.ahead end,
         null::integer, null::integer, null::integer, null::integer
  from line l cross join lateral (select l.people not between 1 and report.few_people() - 1 as told) t
  union all
  select c.month, c.place, null, null, null, null, null, null, null, c.calls, c.answered, c.wrong_person, c.no_answer
  from report.calls_shown() c, over where c.place = any (a_places) and c.service is null and c.month between a_from and over.last
  order by 1, 2, 3
$$;

-- --------------------------------------------------------------------------------------------------------------------------------- rights

-- PostgreSQL lets everybody execute a new function.
revoke all on all functions in schema report from public;
grant select on all tables in schema report to crisiscover_report;
grant execute on function report.calls_shown() to crisiscover_report;

grant usage on schema report to crisiscover_api;
grant execute on function report.research to crisiscover_api;
