-- A closing that is held back is part of the map that people read: whoever begins with the list of gaps must find the gap there, since it may
-- open again without a word. So its being told is a step of the map, and the readers' memory follows.

set local search_path = crisiscover;

-- As in 0012; when held closings are told, the map has a new version and says which demands it touches.
create or replace function coverage_remind(a_limit integer) returns integer language plpgsql
security definer set search_path = crisiscover, pg_temp as $$
declare
  head map_head;
  due gap[];
  settled gap[];
  grown gap[];
  g gap;
begin
  -- First of all, as every commit of the map does: versions move under it, and gaps are locked behind it.
  select * into head from map_head for update;
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
  return coalesce(cardinality(due), 0) + coalesce(cardinality(settled), 0) + coalesce(cardinality(grown), 0);
end $$;

-- As in 0003; closings that are held back are told when their demand is retired, which is when they leave the list.
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
  if flags > 0 then
    notify flags_filled;
  end if;
end $$;
