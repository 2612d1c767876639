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
