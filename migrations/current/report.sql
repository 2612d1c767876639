-- SPDX-License-Identifier: MIT

-- Written by tests/schema from the migrations; not run by anything. Change a migration, then run it again.

create schema report;
set search_path = report;

create view calls as
 SELECT calls_shown.month,
    calls_shown.place,
    calls_shown.function,
    calls_shown.service,
    calls_shown.calls,
    calls_shown.answered,
    calls_shown.wrong_person,
    calls_shown.no_answer
   FROM calls_shown() calls_shown(month, place, function, service, calls, answered, wrong_person, no_answer);
comment on view calls is 'What came of ringing, by month that is over, place and service. A count that is not shown is null: from 1 to 4, about fewer than three people, or what would tell such a one.';
comment on column calls.month is 'First day of the month, by the clocks of London.';
comment on column calls.place is 'From where it was rung.';
comment on column calls.function is 'For which function. Null: the line is of all services.';
comment on column calls.service is 'The service that was rung. Null: the line is of all services.';
comment on column calls.calls is 'Calls that were reported.';
comment on column calls.answered is 'The right person answered: reached, or declined.';
comment on column calls.wrong_person is 'Somebody else answered.';
comment on column calls.no_answer is 'Nobody answered.';
grant select on calls to crisiscover_report;

create view function as
 SELECT i.key AS function,
    (i.item ->> 'name'::text) AS name
   FROM crisiscover.setup_item i
  WHERE ((i.kind = 'function'::text) AND (i.ended IS NULL));
comment on view function is 'Functions of the set-up in force.';
comment on column function.function is 'Code, such as amhp.';
comment on column function.name is 'Name.';
grant select on function to crisiscover_report;

create view gap as
 SELECT g.id AS gap,
    (date_trunc('month'::text, (g.starts_at AT TIME ZONE 'Europe/London'::text)))::date AS month,
    g.place,
    g.function,
    g.requirement,
    g.state,
    g.cause,
    g.required,
    g.present,
    g.severity,
    g.starts_at,
    g.ends_at,
    g.opened_at,
    g.closed_at,
    COALESCE(( SELECT ((e.row_after -> 'closed_at'::text) = 'null'::jsonb)
           FROM crisiscover.gap_event e
          WHERE ((e.gap = g.id) AND (e.at <= (g.starts_at - '72:00:00'::interval)))
          ORDER BY e.id DESC
         LIMIT 1), false) AS ahead,
    g.acknowledged_at
   FROM crisiscover.gap g
  WHERE (g.told AND (g.starts_at < now()) AND ((g.closed_at IS NULL) OR g.passed OR (g.closed_at > g.starts_at)));
comment on view gap is 'Gaps that have begun and were longer than their tolerance.';
comment on column gap.gap is 'Number of the gap, the same while it is one gap.';
comment on column gap.month is 'First day of the month in which it began, by the clocks of London.';
comment on column gap.place is 'Where.';
comment on column gap.function is 'Of which function.';
comment on column gap.requirement is 'Of which requirement.';
comment on column gap.state is 'gap, short or unknown, as it was last.';
comment on column gap.cause is 'Why, as a code, as it was last.';
comment on column gap.required is 'How many people were required.';
comment on column gap.present is 'How many were on.';
comment on column gap.severity is 'critical, high or normal, as it was last.';
comment on column gap.starts_at is 'When it began.';
comment on column gap.ends_at is 'When it ends, or ended.';
comment on column gap.opened_at is 'When it was first known.';
comment on column gap.closed_at is 'When it was over or filled. Null: it is open.';
comment on column gap.ahead is 'Whether it was known 72 hours before it began.';
comment on column gap.acknowledged_at is 'When somebody said that they deal with it. Null: nobody has.';
grant select on gap to crisiscover_report;

create view hours as
 SELECT report_month.month,
    s.place,
    r.function,
    s.requirement,
    s.state,
    round((sum(EXTRACT(epoch FROM (LEAST(s.ends_at, report_month.ends_at, now()) - GREATEST(s.starts_at, report_month.starts_at)))) / (3600)::numeric), 4) AS hours
   FROM ((crisiscover.span s
     JOIN requirement r USING (requirement))
     CROSS JOIN LATERAL ( SELECT (m.m)::date AS month,
            (m.m AT TIME ZONE 'Europe/London'::text) AS starts_at,
            ((m.m + '1 mon'::interval) AT TIME ZONE 'Europe/London'::text) AS ends_at
           FROM generate_series(date_trunc('month'::text, (s.starts_at AT TIME ZONE 'Europe/London'::text)), (LEAST(s.ends_at, now()) AT TIME ZONE 'Europe/London'::text), '1 mon'::interval) m(m)) report_month)
  WHERE ((s.known_to = 'infinity'::timestamp with time zone) AND (s.starts_at < now()) AND (report_month.starts_at < LEAST(s.ends_at, now())))
  GROUP BY report_month.month, s.place, r.function, s.requirement, s.state;
comment on view hours is 'Hours by state, of each requirement at each place where it applies, by month. Time that is over alone. Hours in which nobody was asked for are in no line, nor time before the record began.';
comment on column hours.month is 'First day of the month, by the clocks of London.';
comment on column hours.place is 'Where it applied.';
comment on column hours.function is 'The function that is required.';
comment on column hours.requirement is 'The requirement.';
comment on column hours.state is 'covered, short, gap or unknown.';
comment on column hours.hours is 'Hours of that state.';
grant select on hours to crisiscover_report;

create view place as
 SELECT i.key AS place,
    (i.item ->> 'name'::text) AS name,
    (i.item ->> 'kind'::text) AS kind,
    COALESCE((i.item -> 'parents'::text), '[]'::jsonb) AS parents
   FROM crisiscover.setup_item i
  WHERE ((i.kind = 'place'::text) AND (i.ended IS NULL));
comment on view place is 'Places of the set-up in force.';
comment on column place.place is 'Code, as in the set-up (ODS or GSS).';
comment on column place.name is 'Name.';
comment on column place.kind is 'Kind, such as emergency_department or council_area.';
comment on column place.parents is 'Codes of the places that it is in, with days, as in the set-up.';
grant select on place to crisiscover_report;

-- Of each requirement that ever was, as the newest set-up that had it.
create view requirement as
 SELECT DISTINCT ON (i.key) i.key AS requirement,
    (i.item ->> 'place'::text) AS place,
    (i.item ->> 'function'::text) AS function,
    ((i.item ->> 'count'::text))::integer AS required,
    (i.ended IS NULL) AS in_force
   FROM crisiscover.setup_item i
  WHERE (i.kind = 'requirement'::text)
  ORDER BY i.key, i.version DESC;
comment on view requirement is 'Requirements, also former ones, as they were last.';
comment on column requirement.requirement is 'Code.';
comment on column requirement.place is 'The place that has it. It may apply to places below.';
comment on column requirement.function is 'The function that is required.';
comment on column requirement.required is 'How many people.';
comment on column requirement.in_force is 'Whether the set-up in force has it.';
grant select on requirement to crisiscover_report;

create view service as
 SELECT i.key AS service,
    (i.item ->> 'name'::text) AS name,
    (i.item ->> 'function'::text) AS function,
    (i.item ->> 'organisation'::text) AS organisation
   FROM crisiscover.setup_item i
  WHERE ((i.kind = 'service'::text) AND (i.ended IS NULL));
comment on view service is 'Services of the set-up in force.';
comment on column service.service is 'Code.';
comment on column service.name is 'Name.';
comment on column service.function is 'The function that it provides.';
comment on column service.organisation is 'Code of the organisation that runs it.';
grant select on service to crisiscover_report;

-- The counts of calls of every month that is over, place and service, and of each place (service is null), with null for what is not shown. It reads what
-- the login may not, and gives only what is shown.
create function report.calls_shown()
 RETURNS TABLE(month date, place text, function text, service text, calls integer, answered integer, wrong_person integer, no_answer integer)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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
end $function$;
-- may be called by: crisiscover_report

-- few_hide() of model/few.h: which counts of a table are not shown. The arrays have an item for each line, in the order of their names, and last one for the
-- total. hides, part_hides: on entry what must not be shown for another reason, on return all that is not shown. from_on: the least count that is shown.
create function report.few_hide(wholes integer[], parts integer[], INOUT hides boolean[], INOUT part_hides boolean[], from_on integer)
 RETURNS record
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
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
end $function$;
-- may be called by: its owner

create function report.few_least()
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$select 5$function$;
-- may be called by: its owner

create function report.few_people()
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$select 3$function$;
-- may be called by: its owner

-- The month in London, by its first day.
create function report.month_of(timestamp with time zone)
 RETURNS date
 LANGUAGE sql
 STABLE
AS $function$
  select date_trunc('month', $1 at time zone 'Europe/London')::date
$function$;
-- may be called by: its owner

-- The history of some places for research, of months that are over: a line for each function, and one for the calls from the place (function is null).
-- A line of a function whose cover was that of fewer than three people has no numbers, since they would be those of one; a count of gaps that is few, none.
-- a_from, a_to: first days of the first month and the last.
create function report.research(a_places text[], a_from date, a_to date)
 RETURNS TABLE(month date, place text, function text, hours_covered numeric, hours_short numeric, hours_gap numeric, hours_unknown numeric, gaps integer, gaps_ahead integer, calls integer, answered integer, wrong_person integer, no_answer integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'crisiscover', 'pg_temp'
AS $function$
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
$function$;
-- may be called by: crisiscover_api
