-- Taking a gap on is a promise, and a promise that nobody hears of again is forgotten: it holds for a week, can be taken back, and whatever
-- was said about it is kept.

set local search_path = crisiscover;

alter table gap
  -- Until when it is taken on, unless it becomes worse by a band before; null: it is not, or no longer. Who took it on, when and with what
  -- word stays, until somebody else does.
  add column acknowledged_until timestamptz;
create index gap_lapses on gap (acknowledged_until) where acknowledged_until is not null and closed_at is null;

-- How long an acknowledgement holds: GAP_ACKNOWLEDGED_SECONDS of model/gap.h.
create function gap_acknowledged_for() returns interval language sql immutable as $$ select interval '7 days' $$;
update gap set acknowledged_until = acknowledged_at + gap_acknowledged_for() where acknowledged_at is not null and closed_at is null;

-- Everything that people have said about a gap, oldest first. Only ever added to.
create table gap_note (
  id   bigint generated always as identity primary key,
  gap  uuid not null references gap,
  at   timestamptz not null default clock_timestamp(),
  who  text not null,
  step text not null check (step in ('acknowledged', 'noted', 'taken_back')),
  note text
);
create index gap_note_of on gap_note (gap, id);
insert into gap_note (gap, at, who, step, note)
  select id, acknowledged_at, acknowledged_by, 'acknowledged', note from gap where acknowledged_at is not null order by acknowledged_at;

alter table gap_event drop constraint gap_event_step_check;
alter table gap_event add constraint gap_event_step_check
  check (step in ('opened', 'changed', 'started', 'escalated', 'acknowledged', 'closed', 'reopened', 'lapsed', 'taken_back'));

-- The newest notes of a gap as JSON, oldest of them first; null: there are none.
create function gap_notes(a_gap uuid) returns text language sql stable set search_path = crisiscover, pg_temp as $$
  select json_agg(json_build_object('at', to_char(n.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'who', n.who, 'step', n.step,
                                    'note', n.note) order by n.id)::text
    from (select * from gap_note where gap = a_gap order by id desc limit 20) n
$$;

-- ------------------------------------------------------------------------------------------------------------------- rules

-- As in 0012; an acknowledgement that has run out is none, also before coverage has said so.
create or replace function gap_awaits(g gap) returns boolean language sql volatile as $$
  select g.acknowledged_until is null or g.acknowledged_until <= clock_timestamp()
         or severity_rank(g.severity) > severity_rank(g.acknowledged_severity)
$$;

create or replace function gap_remind_at(g gap, a_from timestamptz) returns timestamptz language sql volatile as $$
  select case when g.closed_at is null and g.told and g.lead and gap_awaits(g) then a_from + coverage_remind_after(g.severity) end
$$;

-- The map has changed at these gaps: readers follow, and whoever is sweeping their demands must read again; a_climbs: they must be swept,
-- since the ladder goes on. The caller holds map_head.
create function gap_touched(a_gaps uuid[], a_climbs boolean) returns void language plpgsql as $$
declare
  head map_head;
begin
  update map_head set version = version + 1, at = greatest(clock_timestamp(), at + interval '1 microsecond') returning * into head;
  insert into map_change (epoch, version, requirement, place)
    select distinct head.epoch, head.version, g.requirement, g.place from gap g where g.id = any (a_gaps);
  update demand d set version = d.version + 1, next_at = case when a_climbs then '-infinity' else d.next_at end
    where d.retired_at is null and exists (select from gap g where g.id = any (a_gaps) and g.requirement = d.requirement and g.place = d.place);
  notify coverage_changed;
  if a_climbs then
    notify shifts_changed;
  end if;
end $$;

-- Gaps that nobody has on any more: who leads their groups, and one reminder for each matter, now. The caller has touched them.
create function gap_remind_again(a_gaps uuid[]) returns integer language plpgsql as $$
declare
  one text;
  g gap;
  moment timestamptz := clock_timestamp();
  told integer := 0;
begin
  for one in select distinct x.cause_group from gap x where x.id = any (a_gaps) and x.cause_group is not null order by 1 loop
    perform gap_elect(one, moment);
  end loop;
  for g in select x.* from gap x
           where x.closed_at is null and x.told and x.lead and gap_awaits(x)
             and (x.id = any (a_gaps)
                  or x.cause_group in (select y.cause_group from gap y where y.id = any (a_gaps)))
           order by x.starts_at, x.id loop
    update gap set remind_at = gap_remind_at(g, moment) where id = g.id;
    perform flag_add_gap('reminder', g);
    told := told + 1;
  end loop;
  if told > 0 then
    notify flags_filled;
  end if;
  return told;
end $$;

-- Acknowledgements that have run out. The ladder goes on, and people are reminded. Says how many reminders. The caller holds map_head.
create function gap_lapse() returns integer language plpgsql as $$
declare
  due uuid[];
  g gap;
begin
  select array_agg(id) into due from gap where acknowledged_until <= clock_timestamp() and closed_at is null;
  if due is null then
    return 0;
  end if;
  for g in update gap set acknowledged_until = null, acknowledged_severity = null, changed_at = clock_timestamp() where id = any (due)
           returning * loop
    insert into gap_event (gap, step, row_after) values (g.id, 'lapsed', to_jsonb(g));
  end loop;
  perform gap_touched(due, true);
  return gap_remind_again(due);
end $$;

-- --------------------------------------------------------------------------------------------------- what falls due by itself

-- As in 0016; acknowledgements that have run out come first.
create or replace function coverage_remind(a_limit integer) returns integer language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  head map_head;
  due gap[];
  settled gap[];
  grown gap[];
  g gap;
  lapsed integer;
begin
  -- First of all, as every commit of the map does: versions move under it, and gaps are locked behind it.
  perform from map_head for update;
  lapsed := gap_lapse();
  select * into head from map_head;
  select array_agg(d order by d.starts_at, d.id) into due
  from (select * from gap where remind_at <= clock_timestamp() order by remind_at limit a_limit
        for update skip locked) d;
  update gap set remind_at = clock_timestamp() + coverage_remind_after(severity)
    where id = any (select id from unnest(due));

  -- A closing that is told cannot be taken back: whoever has swept its demand while it was held must look again, or the gap would open once
  -- more without a word.
  select array_agg(d order by d.starts_at, d.id) into settled
  from (select * from gap where settle_at <= clock_timestamp() order by settle_at limit a_limit
        for update skip locked) d;
  if settled is not null then
    update gap set settle_at = null where id = any (select id from unnest(settled));
    update demand d set version = d.version + 1
      where exists (select from unnest(settled) s where s.requirement = d.requirement and s.place = d.place);
    update map_head set version = head.version + 1, at = greatest(clock_timestamp(), head.at + interval '1 microsecond');
    insert into map_change (epoch, version, requirement, place)
      select distinct head.epoch, head.version + 1, s.requirement, s.place from unnest(settled) s;
    notify coverage_changed;
  end if;

  with ripe as (
    select id from gap_group where tell_at <= clock_timestamp() order by tell_at limit a_limit for update skip locked),
  noted as (
    update gap_group x set tell_at = null, told_at = clock_timestamp(),
                           told_members = (select count(*) from gap m where m.cause_group = x.id and m.closed_at is null and m.told)
      from ripe where x.id = ripe.id returning x.id)
  select array_agg(m order by m.starts_at, m.id) into grown
    from noted join gap m on m.cause_group = noted.id where m.closed_at is null and m.lead and m.told;

  foreach g in array coalesce(due, '{}') loop
    perform flag_add_gap('reminder', g);
  end loop;
  foreach g in array coalesce(settled, '{}') loop
    perform flag_add_gap('closed', g);
  end loop;
  foreach g in array coalesce(grown, '{}') loop
    perform flag_add_gap('changed', g);
  end loop;
  if cardinality(due || settled || grown) > 0 then
    notify flags_filled;
  end if;
  return lapsed + coalesce(cardinality(due), 0) + coalesce(cardinality(settled), 0) + coalesce(cardinality(grown), 0);
end $$;

-- As in 0012, with the acknowledgements that run out.
create or replace function coverage_due(a_moment timestamptz, out due bigint, out next timestamptz) language sql stable as $$
  select (select count(*) from gap where remind_at <= a_moment) + (select count(*) from gap where settle_at <= a_moment)
         + (select count(*) from gap_group where tell_at <= a_moment)
         + (select count(*) from gap where acknowledged_until <= a_moment and closed_at is null),
         least((select min(remind_at) from gap where remind_at is not null), (select min(settle_at) from gap where settle_at is not null),
               (select min(tell_at) from gap_group where tell_at is not null),
               (select min(acknowledged_until) from gap where acknowledged_until is not null and closed_at is null))
$$;

-- ----------------------------------------------------------------------------------------------------------- acknowledgement

-- As in 0012; it holds for a week, and whatever is said is kept, also by whoever was not first.
create or replace function gap_take_on(a_id uuid, a_who text, a_note text, out done boolean, out cause_group text) language plpgsql as $$
declare
  g gap;
  moment timestamptz := clock_timestamp();
begin
  perform from map_head for update;
  done := false;
  select * into g from gap where id = a_id for update;
  if not found then
    raise exception 'There is no gap %.', a_id using errcode = 'P0001';
  elsif g.closed_at is not null then
    raise exception 'This gap was closed at %: there is nothing left to acknowledge.',
      to_char(g.closed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') using errcode = 'P0001';
  elsif not gap_awaits(g) then
    if a_note is not null then
      insert into gap_note (gap, who, step, note) values (g.id, a_who, 'noted', a_note);
      insert into audit (actor, action, object, detail)
        values (a_who, 'gap_noted', 'gap/' || g.id, jsonb_build_object('requirement', g.requirement, 'place', g.place));
      perform gap_touched(array[g.id], false);
    end if;
    return;
  end if;
  update gap set acknowledged_at = moment, acknowledged_by = a_who, acknowledged_severity = severity, note = a_note,
                 acknowledged_until = moment + gap_acknowledged_for(), changed_at = moment, remind_at = null
    where id = a_id returning * into g;
  insert into gap_note (gap, at, who, step, note) values (g.id, moment, a_who, 'acknowledged', a_note);
  insert into gap_event (gap, step, row_after) values (g.id, 'acknowledged', to_jsonb(g));
  insert into audit (actor, action, object, detail)
    values (a_who, 'gap_acknowledged', 'gap/' || g.id, jsonb_build_object('requirement', g.requirement, 'place', g.place));
  -- A sweep that has read it as it was must read again, or it would tell somebody further up of a gap that is taken on.
  perform gap_touched(array[g.id], false);
  perform flag_add_gap('acknowledged', g);
  notify flags_filled;
  done := true;
  cause_group := g.cause_group;
end $$;

-- As in 0012; a note is kept for those, too, that somebody has on already.
create or replace function gap_acknowledge_all(a_ids uuid[], a_who text, a_note text) returns integer language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  one uuid;
  of text;
  taken record;
  groups text[] := '{}';
  number integer := 0;
begin
  perform from map_head for update;
  for one in select g.id from gap g where g.id = any (a_ids) and g.closed_at is null
             order by not g.lead, g.starts_at, g.id loop
    select * into taken from gap_take_on(one, a_who, a_note);
    groups := groups || taken.cause_group;
    number := number + taken.done::int;
  end loop;
  for of in select distinct x from unnest(groups) x where x is not null order by 1 loop
    perform gap_elect(of, clock_timestamp());
  end loop;
  return number;
end $$;

-- Takes the acknowledgement of several gaps back: nobody has them on any more. Says how many had one. People are reminded at once.
create function gap_take_back(a_ids uuid[], a_who text, a_note text) returns integer language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  g gap;
  freed uuid[] := '{}';
begin
  perform from map_head for update;
  for g in update gap set acknowledged_at = null, acknowledged_by = null, acknowledged_severity = null, acknowledged_until = null,
                          note = null, changed_at = clock_timestamp()
           where id = any (a_ids) and closed_at is null and acknowledged_at is not null returning * loop
    freed := freed || g.id;
    insert into gap_note (gap, who, step, note) values (g.id, a_who, 'taken_back', a_note);
    insert into gap_event (gap, step, row_after) values (g.id, 'taken_back', to_jsonb(g));
    insert into audit (actor, action, object, detail)
      values (a_who, 'gap_taken_back', 'gap/' || g.id, jsonb_build_object('requirement', g.requirement, 'place', g.place));
  end loop;
  if cardinality(freed) > 0 then
    perform gap_touched(freed, true);
    perform gap_remind_again(freed);
  end if;
  return cardinality(freed);
end $$;

revoke all on function gap_acknowledged_for, gap_notes, gap_touched, gap_remind_again, gap_lapse, gap_take_back from public;
grant select on gap_note to crisiscover_api;
grant execute on function gap_notes, gap_take_back to crisiscover_api;
