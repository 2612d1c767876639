-- A group is remembered as long as people believe that one of its gaps is open, also while a closing is held back; and what is told of a group is
-- told once.

set local search_path = crisiscover;

-- How many gaps of the group people believe to be open: those that were told and are open, and those whose closing nobody was told of yet.
create function gap_believed(a_group text) returns integer language plpgsql stable set plan_cache_mode = force_custom_plan as $$
begin
  return (select count(*) from gap where cause_group = a_group and closed_at is null and told)
       + (select count(*) from gap where cause_group = a_group and settle_at is not null);
end $$;
revoke all on function gap_believed from public;

-- As in 0021, counting what people believe. A gap that closes and opens without a word is no growth of its group, and a group of that one gap
-- is not a new group each time.
create or replace function gap_group_note(a_group text, a_led boolean, a_moment timestamptz) returns void language plpgsql as $$
declare
  n integer := gap_believed(a_group);
begin
  if n = 0 then
    delete from gap_group where id = a_group;
  elsif a_led then
    insert into gap_group (id, told_members, told_at) values (a_group, n, a_moment)
      on conflict (id) do update set told_members = n, told_at = a_moment, tell_at = null;
  else
    insert into gap_group (id, told_members, told_at, tell_at) values (a_group, 0, a_moment, a_moment)
      on conflict (id) do update set
        told_members = least(gap_group.told_members, n),
        tell_at = case when n > gap_group.told_members then coalesce(gap_group.tell_at, gap_group.told_at + gap_group_quiet()) end;
  end if;
end $$;

-- As in 0012; a demand that has changed in this version of the map is listed once.
create or replace function gap_elect(a_group text, a_moment timestamptz) returns void language plpgsql set plan_cache_mode = force_custom_plan as $$
declare
  leader gap;
  best gap;
begin
  select * into best from gap g where g.cause_group = a_group and g.closed_at is null and g.told
    order by gap_awaits(g) desc, severity_rank(g.severity) desc, g.lead desc, g.starts_at, g.id limit 1;
  if best.id is null or best.lead then
    return;
  end if;
  -- Readers of the map must take in both.
  insert into map_change (epoch, version, requirement, place)
    select distinct h.epoch, h.version, x.requirement, x.place from map_head h, gap x
    where x.cause_group = a_group and x.closed_at is null and (x.lead or x.id = best.id)
      and not exists (select from map_change c where c.epoch = h.epoch and c.version = h.version
                                                 and c.requirement = x.requirement and c.place = x.place);
  update gap set lead = false, remind_at = null where cause_group = a_group and closed_at is null and lead;
  best.lead := true;
  update gap set lead = true, remind_at = gap_remind_at(best, a_moment) where id = best.id;
end $$;

-- As in 0035; the groups of closings that are told are noted.
create or replace function coverage_remind(a_limit integer) returns integer language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  head map_head;
  due gap[];
  settled gap[];
  grown gap[];
  g gap;
  of text;
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
                           told_members = gap_believed(x.id)
      from ripe where x.id = ripe.id returning x.id)
  select array_agg(m order by m.starts_at, m.id) into grown
    from noted join gap m on m.cause_group = noted.id where m.closed_at is null and m.lead and m.told;

  foreach g in array coalesce(due, '{}') loop
    perform flag_add_gap('reminder', g);
  end loop;
  foreach g in array coalesce(settled, '{}') loop
    perform flag_add_gap('closed', g);
  end loop;
  for of in select distinct s.cause_group from unnest(settled) s where s.cause_group is not null order by 1 loop
    perform gap_group_note(of, false, clock_timestamp());
  end loop;
  foreach g in array coalesce(grown, '{}') loop
    perform flag_add_gap('changed', g);
  end loop;
  if cardinality(due || settled || grown) > 0 then
    notify flags_filled;
  end if;
  return lapsed + coalesce(cardinality(due), 0) + coalesce(cardinality(settled), 0) + coalesce(cardinality(grown), 0);
end $$;

-- As in 0016; the groups of the gaps that go with their requirement are noted.
create or replace function coverage_region(a_region bigint, a_requirements text[], a_places text[], a_functions text[],
                                out outcome text, out retired integer, out flags integer)
language plpgsql security definer set search_path = crisiscover, pg_temp as $$
declare
  head map_head;
  moment timestamptz;
  cut timestamptz;
  gone demand[];
  d demand;
  g gap;
  of text;
  closed gap[] := '{}';
  complete boolean;
begin
  select * into head from map_head for update;
  outcome := 'stale'; retired := 0; flags := 0;
  if a_region is distinct from (select max(version) from region) then
    return;
  end if;
  outcome := 'done';
  moment := greatest(clock_timestamp(), head.at + interval '1 microsecond');

  insert into demand (requirement, place) select * from unnest(a_requirements, a_places)
    on conflict (requirement, place) do update set retired_at = null where demand.retired_at is not null;
  update demand set next_at = '-infinity', version = version + 1
    where retired_at is null and region_version < a_region and next_at <> '-infinity';

  -- A requirement may have changed its function and kept its name.
  update gap set function = u.function
    from unnest(a_requirements, a_places, a_functions) u (requirement, place, function)
    where gap.requirement = u.requirement and gap.place = u.place and gap.closed_at is null and gap.function <> u.function;

  -- What is no longer required ends now: the past of it stays in force, the rest is superseded by nothing.
  select array_agg(x) into gone from demand x
    where x.retired_at is null
      and not exists (select from unnest(a_requirements, a_places) u (requirement, place)
                      where u.requirement = x.requirement and u.place = x.place);
  cut := date_trunc('second', moment);
  foreach d in array coalesce(gone, '{}') loop
    retired := retired + 1;
    update demand set retired_at = moment, version = version + 1, next_at = 'infinity', region_version = a_region
      where requirement = d.requirement and place = d.place;
    with ended as (
      update span set known_to = moment
        where requirement = d.requirement and place = d.place and known_to = 'infinity' and ends_at > cut
        returning *)
    insert into span (requirement, place, starts_at, ends_at, state, cause, present, required, shifts, version, known_from)
      select requirement, place, starts_at, cut, state, cause, present, required, shifts, head.version + 1, moment
      from ended where starts_at < cut;
    for g in update gap set closed_at = moment, passed = false, changed_at = moment, remind_at = null
             where requirement = d.requirement and place = d.place and closed_at is null returning * loop
      insert into gap_event (gap, at, step, row_after) values (g.id, moment, 'closed', to_jsonb(g));
      if g.told then
        closed := closed || g;
      end if;
    end loop;
    -- Whoever asks for the gaps of this region will not find it any more, so it is told now that they are filled.
    for g in update gap set settle_at = null
             where requirement = d.requirement and place = d.place and settle_at is not null returning * loop
      closed := closed || g;
    end loop;
    insert into map_change (epoch, version, requirement, place) values (head.epoch, head.version + 1, d.requirement, d.place);
  end loop;

  complete := head.region_version < a_region and coverage_region_complete(a_region);
  if retired > 0 or complete then
    update map_head set version = head.version + 1, at = moment,
                        region_version = case when complete then a_region else head.region_version end;
    notify coverage_changed;
  end if;
  for g in select * from unnest(closed) order by starts_at, id loop
    perform flag_add('closed', g.id, g.place, g.function, g.requirement, g.state, g.starts_at, g.ends_at, g.severity, g.cause);
    flags := flags + 1;
  end loop;
  for of in select distinct x.cause_group from unnest(closed) x where x.cause_group is not null order by 1 loop
    perform gap_group_note(of, false, moment);
  end loop;
  if flags > 0 then
    notify flags_filled;
  end if;
end $$;

-- As in 0035; when it is taken on is said by the caller.
create function gap_take_on(a_id uuid, a_who text, a_note text, a_moment timestamptz, out done boolean, out cause_group text) language plpgsql as $$
declare
  g gap;
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
  update gap set acknowledged_at = a_moment, acknowledged_by = a_who, acknowledged_severity = severity, note = a_note,
                 acknowledged_until = a_moment + gap_acknowledged_for(), changed_at = a_moment, remind_at = null
    where id = a_id returning * into g;
  insert into gap_note (gap, at, who, step, note) values (g.id, a_moment, a_who, 'acknowledged', a_note);
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
revoke all on function gap_take_on(uuid, text, text, timestamptz) from public;

-- As in 0012.
create or replace function gap_acknowledge(a_id uuid, a_who text, a_note text) returns boolean language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  taken record;
begin
  select * into taken from gap_take_on(a_id, a_who, a_note, clock_timestamp());
  if taken.cause_group is not null then
    perform gap_elect(taken.cause_group, clock_timestamp());
  end if;
  return taken.done;
end $$;

-- As in 0035; all of them are taken on at one moment, so that they also run out at one, and people are reminded once of it.
create or replace function gap_acknowledge_all(a_ids uuid[], a_who text, a_note text) returns integer language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  one uuid;
  of text;
  taken record;
  groups text[] := '{}';
  number integer := 0;
  moment timestamptz;
begin
  perform from map_head for update;
  moment := clock_timestamp();
  for one in select g.id from gap g where g.id = any (a_ids) and g.closed_at is null
             order by not g.lead, g.starts_at, g.id loop
    select * into taken from gap_take_on(one, a_who, a_note, moment);
    groups := groups || taken.cause_group;
    number := number + taken.done::int;
  end loop;
  for of in select distinct x from unnest(groups) x where x is not null order by 1 loop
    perform gap_elect(of, clock_timestamp());
  end loop;
  return number;
end $$;
drop function gap_take_on(uuid, text, text);
