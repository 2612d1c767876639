-- SPDX-License-Identifier: MIT

-- A month of invented calls, once, so that the demo's report of last month has figures. Each is as if somebody who rang had reported it, and everything is
-- settled: nobody is asked to see to it. Who is rung is one of those of the organisation of
-- a service who hold its function.

set search_path = crisiscover;

do $$
declare
  first constant timestamp := date_trunc('month', now() at time zone 'Europe/London') - interval '1 month';
  number bigint;
begin
  if exists (select from contact_report) then
    return;
  end if;
  number := remark_version();
  create temporary table rung on commit drop as
    select p.place, s.function, s.service, x.rota, x.person, row_number() over (partition by p.place, s.service order by md5(x.person)) - 1 as n,
           count(*) over (partition by p.place, s.service) as people
    from (values ('ZED01', 'amhp'), ('ZED01', 'liaison'), ('ZED01', 's12_doctor'), ('ZED02', 'amhp'), ('ZED02', 'liaison')) p (place, function)
    cross join lateral (
      select i.key as service, i.item->>'function' as function, i.item->>'organisation' as organisation
      from setup_item i
      where i.kind = 'service' and i.ended is null and i.item->>'function' = p.function
        and i.item->'places' @? format('$[*] ? (@ == "%s" || @.place == "%s")', p.place, p.place)::jsonpath) s
    cross join lateral (
      select (select min(r.key) from setup_item r where r.kind = 'rota' and r.ended is null and r.item->>'service' = s.service) as rota, h.key as person
      from setup_item h
      where h.kind = 'person' and h.ended is null and h.item->>'organisation' = s.organisation
        and h.item->'roles' @? format('$[*] ? (@ == "%s" || @.function == "%s" || @.role == "%s")', s.function, s.function, s.function)::jsonpath
      order by md5(h.key) limit 7) x
    where x.rota is not null;
  -- Each night somebody is looked for; how it goes is one of eight ways: minutes after the first call, and what came of each.
  insert into contact_report (version, at, until, account, place, function, service, rota, person, outcome, settled_at, settled_by, settle_note)
  select number, c.at, c.at + interval '2 hours', 'demo', c.place, c.function, c.service, r.rota, r.person, c.outcome,
         case when c.outcome <> 'reached' then c.at + interval '1 day' end, case when c.outcome <> 'reached' then 'demo' end,
         case when c.outcome <> 'reached' then 'An invented call of the demo.' end
  from (
    select s.*, w.minute, w.outcome,
           (first + make_interval(days => night, hours => 22, mins => (s.salt + 37 * night) % 300 + w.minute)) at time zone 'Europe/London' as at,
           (s.salt + night + w.step) % s.people as n
    from (select place, function, service, max(people) as people, ascii(md5(service || place)) as salt from rung group by place, function, service) s
    cross join generate_series(0, 26) night
    join (values (0, 0, 0, 'reached'), (1, 0, 0, 'reached'), (2, 0, 0, 'reached'), (3, 0, 0, 'no_answer'), (3, 1, 7, 'reached'), (4, 0, 0, 'no_answer'),
                 (4, 1, 4, 'wrong_person'), (4, 2, 12, 'reached'), (5, 0, 0, 'declined'), (5, 1, 9, 'reached'), (6, 0, 0, 'no_answer'), (6, 1, 6, 'no_answer'),
                 (6, 2, 21, 'reached'), (7, 0, 0, 'wrong_person'), (7, 1, 5, 'no_answer')) w (way, step, minute, outcome)
      on w.way = (s.salt + 5 * night) % 8) c
  join rung r on r.place = c.place and r.service = c.service and r.n = c.n;
end $$;
